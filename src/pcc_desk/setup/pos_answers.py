"""What setting up asks of a point of sale, and what its settings and keys are then."""

from collections.abc import Mapping

from pcc_desk.settings import PosSettings

REPORTS = "csv"
DUTCHIE, FLOWHUB, COVA = "dutchie", "flowhub", "cova"
NO_POS = "none"

POINTS_OF_SALE = {REPORTS: "POS export", DUTCHIE: "Dutchie POS", FLOWHUB: "Flowhub", COVA: "Cova"}
"""The adapters that come with the desk, and what people call what they meet."""

KEYS: Mapping[str, Mapping[str, str]] = {
    DUTCHIE: {"pos_location_key": "location_key"},
    FLOWHUB: {"pos_client_id": "client_id", "pos_key": "key"},
    COVA: {
        "pos_client_id": "client_id",
        "pos_client_secret": "client_secret",
        "pos_username": "username",
        "pos_password": "password",
    },
}
"""By adapter the question for each key, and the key's name in the store."""

OPTIONS: Mapping[str, Mapping[str, str]] = {
    FLOWHUB: {"pos_location": "location"},
    COVA: {"pos_company": "company", "pos_location": "location", "pos_tag_field": "tag_field"},
}
"""By adapter the question for each setting of its own, and the setting's name."""

Answers = Mapping[str, str]


def adapters_of(question: str) -> tuple[str, ...]:
    """Return the adapters of which something is asked."""
    return tuple(each for each in POINTS_OF_SALE if question in {**KEYS.get(each, {}), **OPTIONS.get(each, {})})


def pos_settings(answers: Answers) -> PosSettings | None:
    """Return the settings of the point of sale; None where there is none yet."""
    adapter = answers["pos"]
    if adapter == NO_POS or (adapter == REPORTS and not answers["pos_folder"]):
        return None
    options = {name: answers[question] for question, name in OPTIONS.get(adapter, {}).items() if answers[question]}
    folder = answers["pos_folder"] if adapter == REPORTS else None
    return PosSettings(adapter=adapter, name=POINTS_OF_SALE[adapter], folder=folder, options=options)


def pos_keys(answers: Answers) -> dict[str, str]:
    """Return the keys of the point of sale by their names in the store."""
    return {name: answers[question] for question, name in KEYS.get(answers["pos"], {}).items()}
