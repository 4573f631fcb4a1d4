"""What every test may count on: no folder of this computer but its own, and examples that are the same every time."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2.low_level import hash_secret_raw
from hypothesis import HealthCheck, settings

from pcc_desk.home import HOME_VARIABLE
from pcc_desk.store.vault import ciphers

os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
"""No test and no program of one touches the keyring of whoever runs them. Those about keyrings bring their own."""

settings.register_profile(
    "checks", derandomize=True, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("search", deadline=None, max_examples=2000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "checks"))


@pytest.fixture(autouse=True)
def _folders_of_its_own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Point every place a program keeps files at into a folder of the test run."""
    folder = tmp_path_factory.getbasetemp() / "nobody"
    monkeypatch.delenv(HOME_VARIABLE, raising=False)
    for name in list(os.environ):
        if name.startswith("TEXTUAL"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(folder))
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(folder / name))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return where a data folder may be made. It is not there yet."""
    return tmp_path / "desk"


@pytest.fixture(scope="module")
def quick_secrets() -> Iterator[None]:
    """Try secrets without the work that makes guessing dear. Not for a module in which another process tries them."""

    def stretched_little(words: bytes, salt: bytes, passes: int, memory: int, lanes: int, *rest: Any) -> bytes:
        return hash_secret_raw(words, salt, 1, 8 * lanes, lanes, *rest)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ciphers, "hash_secret_raw", stretched_little)
        yield
