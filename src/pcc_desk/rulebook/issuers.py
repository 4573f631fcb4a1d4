"""Who issues driver licences, as `data/identity` says."""

import tomllib
from collections.abc import Mapping

from pcc_desk.shipped import data_folder


def licence_issuers() -> Mapping[str, str]:
    """Return the code of each state or province by the six digits in the bar code of its licences."""
    text = (data_folder() / "identity" / "issuers.toml").read_text(encoding="utf-8")
    return {number: str(code) for number, code in tomllib.loads(text)["issuer"].items()}
