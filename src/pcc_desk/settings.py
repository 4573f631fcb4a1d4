"""The settings file: what a shop decides once. It holds no secret and nothing about patients."""

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import tomli_w
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from pcc_desk.desk.errors import DeskError
from pcc_desk.home import SETTINGS_FILE, write_private

if TYPE_CHECKING:
    from pcc_desk.desk.anomalies import ReviewRules
    from pcc_desk.domain.hours import Hours
    from pcc_desk.domain.reconciling.terms import LegalHours

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
"""Hosts to which an unencrypted connection does not leave the computer."""


class SettingsMissing(DeskError):
    """There is no settings file: no shop is set up in this folder."""


class SettingsWrong(DeskError):
    """The settings file cannot be used. The message names the line and the field."""


def known_zone(name: str) -> str:
    """Return an IANA zone name that this computer knows. Raises `ValueError` with a sentence otherwise."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"“{name}” is no time zone; write one such as America/Detroit") from error
    return name


def safe_address(address: str) -> str:
    """Return a web address without a slash at its end. Raises `ValueError` unless it is encrypted or loopback."""
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError(f"“{address}” is no web address; write one such as https://api.example.org") from error
    if parts.scheme not in {"https", "http"} or not host:
        raise ValueError(f"“{address}” is no web address; write one such as https://api.example.org")
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError("the address holds more than a host and a path; keys do not belong in it")
    if parts.scheme == "http" and host not in LOOPBACK:
        raise ValueError("an address outside this computer must begin with https://")
    return address.rstrip("/")


def whole_path(folder: str) -> str:
    """Return a folder's path from the root. Raises `ValueError` with a sentence otherwise."""
    if not Path(folder).is_absolute():
        raise ValueError(f"“{folder}” is no whole path; write one such as /media/backup/pcc-desk")
    return folder


CLOCK_TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"

Words = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")
]
"""A short text of one line."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class ShopSettings(_Part):
    """The licensed shop, as it stands on its licence."""

    name: Words
    licence: Words
    jurisdiction: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,3}$")]
    """The code of its rule file: MI."""
    zone: Annotated[str, AfterValidator(known_zone)]
    counter: Words = "counter-1"


class StateSystemSettings(_Part):
    """The state's seed-to-sale system. Its keys are in the encrypted store, never here.

    With `adapter = "manual"` people read it: it has a name and no address.
    """

    adapter: Words
    name: Words
    base_url: Annotated[str, AfterValidator(safe_address)] | None = None
    categories: dict[Words, Words] = {}
    """Our category for each name that the system gives a category of product."""
    options: dict[Words, Words] = {}
    """What else the adapter takes: the version that it speaks, and so on."""

    def connection(self) -> dict[str, str]:
        """Return what the adapter needs to know beside the shop's own settings. `categories` is JSON text."""
        import json

        categories = {"categories": json.dumps(self.categories)} if self.categories else {}
        address = {"base_url": self.base_url} if self.base_url is not None else {}
        return {**self.options, "name": self.name, **address, **categories}


class PosSettings(_Part):
    """The point of sale: known by the reports that it writes into a folder, or asked through its interface.

    Its keys are in the encrypted store, never here.
    """

    adapter: Words
    name: Words
    folder: Words | None = None
    base_url: Annotated[str, AfterValidator(safe_address)] | None = None
    options: dict[Words, Words] = {}
    """What else the adapter takes: its location, the name of its files, and so on."""

    def connection(self) -> dict[str, str]:
        """Return what the adapter needs to know beside the shop's own settings."""
        named = {"folder": self.folder, "base_url": self.base_url}
        return {**self.options, "name": self.name, **{key: each for key, each in named.items() if each is not None}}


class ReviewSettings(_Part):
    """What counts as out of the ordinary, for whoever reviews what happened."""

    opens: Annotated[str, StringConstraints(pattern=CLOCK_TIME)] = "06:00"
    """On the shop's clock. What is done before it opens, or from `closes` on, is after hours."""
    closes: Annotated[str, StringConstraints(pattern=CLOCK_TIME)] = "22:00"
    many_patients: Annotated[int, Field(ge=1, le=10000)] = 60
    """More patients than this, looked up by one person in a day, are many."""

    def rules(self) -> "ReviewRules":
        """Return them as the review takes them."""
        from datetime import time

        from pcc_desk.desk.anomalies import ReviewRules

        return ReviewRules(time.fromisoformat(self.opens), time.fromisoformat(self.closes), self.many_patients)


OPENING = r"^(closed|([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9])$"


def opening_hours(hours: str) -> str:
    """Return opening hours such as 09:00-20:00. Raises `ValueError` with a sentence when they end before they begin."""
    if hours != "closed" and hours[:5] >= hours[6:]:
        raise ValueError(f"“{hours}” ends before it begins; write hours such as 09:00-20:00")
    return hours


Opening = Annotated[str, StringConstraints(pattern=OPENING), AfterValidator(opening_hours)]
"""When the shop is open on a day of the week: "09:00-20:00", or "closed"."""


class OpeningSettings(_Part):
    """When the shop is open, on its own clock; and how appointments are given. A day that is not named is closed."""

    monday: Opening = "closed"
    tuesday: Opening = "closed"
    wednesday: Opening = "closed"
    thursday: Opening = "closed"
    friday: Opening = "closed"
    saturday: Opening = "closed"
    sunday: Opening = "closed"
    appointment_minutes: Annotated[int, Field(ge=5, le=240)] = 30
    at_once: Annotated[int, Field(ge=1, le=20)] = 1
    """How many appointments may run at the same time."""

    def hours(self) -> "Hours":
        """Return them as the desk takes them."""
        from datetime import time

        from pcc_desk.domain.hours import NAMES, Hours

        named = [str(getattr(self, name.lower())) for name in NAMES]
        days = tuple(
            None if each == "closed" else (time.fromisoformat(each[:5]), time.fromisoformat(each[6:])) for each in named
        )
        return Hours(days if any(days) else (), self.appointment_minutes, self.at_once)


LEGAL = r"^(closed|([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00))$"


def legal_hours(hours: str) -> str:
    """Return legal hours such as 09:00-21:00. Raises `ValueError` with a sentence when they end as they begin."""
    if hours != "closed" and hours[:5] == hours[6:]:
        raise ValueError(f"“{hours}” ends as it begins; write 00:00-24:00 for the whole day, or closed")
    return hours


Legal = Annotated[str, StringConstraints(pattern=LEGAL), AfterValidator(legal_hours)]
"""When the law lets the shop sell on a day of the week: "09:00-21:00", or "closed".

Hours that end before they begin go on past midnight: "10:00-02:00". 24:00 is the end of the day.
"""


class LegalHoursSettings(_Part):
    """When the law lets the shop sell, on its own clock. No rule file holds it; every day of the week is named."""

    monday: Legal
    tuesday: Legal
    wednesday: Legal
    thursday: Legal
    friday: Legal
    saturday: Legal
    sunday: Legal

    def hours(self) -> "LegalHours":
        """Return them as the comparison of a day takes them."""
        from datetime import time

        from pcc_desk.domain.hours import NAMES
        from pcc_desk.domain.reconciling.terms import Hours

        def at(text: str) -> time:
            return time.max if text == "24:00" else time.fromisoformat(text)

        named = [str(getattr(self, name.lower())) for name in NAMES]
        return tuple(None if each == "closed" else Hours(at(each[:5]), at(each[6:])) for each in named)


class ScannerSettings(_Part):
    """The scanner at the counter, which types what it reads."""

    prefix: Literal["", "STX", "F13", "F14", "F15", "F16", "F17", "F18", "F19", "F20"] = ""
    """What it was set to send first. Without it a scan is known by how closely its keys follow one another."""

    @property
    def key(self) -> str:
        """The key by the terminal's name."""
        return "ctrl+b" if self.prefix == "STX" else self.prefix.lower()


class Settings(_Part):
    """The whole file. An absent `state_system` or `pos` means that the shop has none yet."""

    shop: ShopSettings
    state_system: StateSystemSettings | None = None
    pos: PosSettings | None = None
    review: ReviewSettings = ReviewSettings()
    opening: OpeningSettings = OpeningSettings()
    legal_hours: LegalHoursSettings | None = None
    """None: nobody said. Then no sale is looked at for its hour, and that is told."""
    scanner: ScannerSettings = ScannerSettings()
    theme: Literal["pcc-dark", "pcc-light"] = "pcc-dark"
    practice: bool = False
    """Whether this is the practice shop, where nobody and nothing is real."""
    verification_minutes: Annotated[int, Field(ge=1, le=1440)] = 30
    """For how long an answer of the registry carries an act: the house's rule."""
    look_every_seconds: Annotated[int, Field(ge=1, le=3600)] = 15
    """How often posts that wait, and systems that are down, are looked at."""
    lock_after_minutes: Annotated[int, Field(ge=1, le=15)] = 2
    """After how long without a touch the desk locks by itself."""
    session_hours: Annotated[int, Field(ge=1, le=12)] = 12
    """After how long it locks whatever is done at it."""
    backup_folder: Annotated[Words, AfterValidator(whole_path)] | None = None
    """A folder on another medium that gets every copy of the record as well. It is never made by the desk."""
    print_command: list[Words] | None = None
    """The command that prints what it reads on its standard input, word by word: ["lp", "-d", "counter"]."""


def load_settings(home: Path) -> Settings:
    """Read the settings of a data folder. Raises `SettingsMissing` or `SettingsWrong`."""
    path = home / SETTINGS_FILE
    try:
        text = path.read_text(encoding="utf-8")
        return Settings.model_validate(tomllib.loads(text))
    except FileNotFoundError as error:
        raise SettingsMissing(f"No shop is set up in {home}. Run pcc-desk setup.") from error
    except OSError as error:
        raise SettingsWrong(f"{path} cannot be read: {error.strerror}. Run pcc-desk doctor.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsWrong(f"{path} is not written as a settings file is: {error}. Mend that place.") from error
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)
        more = f" {len(wrong) - 1} more after it." if len(wrong) > 1 else ""
        raise SettingsWrong(f"{path}, {_place(text, wrong[0])}: {_complaint(wrong[0])}.{more}") from error


def is_practice(home: Path) -> bool:
    """Return whether a data folder says of itself that nobody and nothing in it is real."""
    try:
        return load_settings(home).practice
    except (SettingsMissing, SettingsWrong):
        return False


def save_settings(home: Path, settings: Settings) -> None:
    """Write the settings of a data folder, whole or not at all, mode 0600. Raises `OSError`."""
    content = settings.model_dump(mode="json", exclude_none=True)
    write_private(home / SETTINGS_FILE, tomli_w.dumps(content).encode())


def _complaint(error: ErrorDetails) -> str:
    """Return what is wrong with a field, as a clause."""
    match error["type"]:
        case "missing":
            return "is missing; write it"
        case "extra_forbidden":
            return "is not a setting of this version; remove it or correct its name"
        case "value_error":
            return str(error["ctx"]["error"])
        case _:
            words = error["msg"]
            return words[:1].lower() + words[1:]


def _place(text: str, error: ErrorDetails) -> str:
    """Return the line and the name of a field, `line 3, shop.zone`; without a line when it is not in the text."""
    parts = [str(part) for part in error["loc"]]
    line = _line_of(text, parts)
    return (f"line {line}, " if line else "") + ".".join(parts)


def _line_of(text: str, parts: list[str]) -> int | None:
    """Return the line on which a key stands: in its table, or where its table begins when the key is absent."""
    table, table_line = "", None
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if line.startswith("["):
            table = line.split("]", 1)[0].strip("[ ")
            if table == ".".join(parts):
                return number
            table_line = number if table == ".".join(parts[:-1]) else table_line
        elif "=" in line and not line.startswith("#"):
            key = line.split("=", 1)[0].strip().strip("\"'")
            if ".".join(part for part in (table, key) if part) == ".".join(parts):
                return number
    return table_line
