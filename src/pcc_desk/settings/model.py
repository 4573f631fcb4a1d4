"""What a shop decides once, as one model."""

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from pcc_desk.settings.hours import LegalHoursSettings, OpeningSettings
from pcc_desk.settings.values import CLOCK_TIME, Part, Words, known_zone, safe_address, whole_path

if TYPE_CHECKING:
    from pcc_desk.desk.anomalies import ReviewRules


class ShopSettings(Part):
    """The licensed shop, as it stands on its licence."""

    name: Words
    licence: Words
    jurisdiction: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,3}$")]
    """The code of its rule file: MI."""
    zone: Annotated[str, AfterValidator(known_zone)]
    counter: Words = "counter-1"


class StateSystemSettings(Part):
    """The state's seed-to-sale system. Its keys are in the encrypted store, never here.

    With `adapter = "manual"` people read it: it has a name and no address.
    """

    adapter: Words
    name: Words
    base_url: Annotated[str, AfterValidator(safe_address)] | None = None
    categories: dict[Words, Words] = Field(default_factory=dict)
    """Our category for each name that the system gives a category of product."""
    options: dict[Words, Words] = Field(default_factory=dict)
    """What else the adapter takes: the version that it speaks, and so on."""

    def connection(self) -> dict[str, str]:
        """Return what the adapter needs to know beside the shop's own settings. `categories` is JSON text."""
        import json

        categories = {"categories": json.dumps(self.categories)} if self.categories else {}
        address = {"base_url": self.base_url} if self.base_url is not None else {}
        return {**self.options, "name": self.name, **address, **categories}


class PosSettings(Part):
    """The point of sale: known by the reports that it writes into a folder, or asked through its interface.

    Its keys are in the encrypted store, never here.
    """

    adapter: Words
    name: Words
    folder: Words | None = None
    base_url: Annotated[str, AfterValidator(safe_address)] | None = None
    options: dict[Words, Words] = Field(default_factory=dict)
    """What else the adapter takes: its location, the name of its files, and so on."""

    def connection(self) -> dict[str, str]:
        """Return what the adapter needs to know beside the shop's own settings."""
        named = {"folder": self.folder, "base_url": self.base_url}
        return {**self.options, "name": self.name, **{key: each for key, each in named.items() if each is not None}}


class ReviewSettings(Part):
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


class ScannerSettings(Part):
    """The scanner at the counter, which types what it reads."""

    prefix: Literal["", "STX", "F13", "F14", "F15", "F16", "F17", "F18", "F19", "F20"] = ""
    """What it was set to send first. Without it a scan is known by how closely its keys follow one another."""

    @property
    def key(self) -> str:
        """The key by the terminal's name."""
        return "ctrl+b" if self.prefix == "STX" else self.prefix.lower()


class Settings(Part):
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
