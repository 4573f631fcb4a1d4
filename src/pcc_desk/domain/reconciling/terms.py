"""By what a day is compared, and what else is known: tolerances, windows, hours, packages, cards, outages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

COMPARISON = 3
"""Which comparison this is. It goes up when the outcome of any day may be another, so that nobody calls the packet of
an earlier one changed because its inputs come out otherwise today."""


@dataclass(frozen=True, slots=True)
class Hours:
    """The legal hours of a weekday: from `opens` on, up to and with `closes`, by the shop's clock.

    Hours that end before they begin go on past midnight, into the next day.
    """

    opens: time
    closes: time

    @property
    def is_past_midnight(self) -> bool:
        """Whether they end on the next day."""
        return self.closes < self.opens

    @property
    def words(self) -> str:
        """From when to when they are: 08:00 to 21:00, and 24:00 for the end of the day."""
        return f"{self.opens:%H:%M} to {'24:00' if self.closes == time.max else f'{self.closes:%H:%M}'}"


LegalHours = tuple[Hours | None, ...]
"""Those of Monday to Sunday; None: nothing may be sold that day. Empty: nobody said."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Tolerances and windows. They are shown with every comparison."""

    price_cents: int = 1
    """For each line (POS reference, 8.2)."""
    quantity_milli: int = 0
    """For each tag. 0.09 g a line is how shrink hides."""
    near: timedelta = timedelta(minutes=15)
    """Within it the two records of one sale lie as a rule (8.2, 2)."""
    far: timedelta = timedelta(hours=24)
    """Within it they may lie where posting goes in batches or at night (8.2, 3)."""
    visible_after: timedelta = timedelta(minutes=5)
    """How long lists and batches trail (2.8): a younger sale without a receipt is waited for."""
    posting_window: timedelta | None = None
    """How long after the sale it may be recorded. None: nothing is said of lateness."""
    hours: LegalHours = ()
    """Without any, nothing is said of hours."""
    day_begins: time = time()
    """When a business day begins, by the shop's clock: midnight, unless the state says otherwise."""
    least_cents: int = 1
    """A tagged line below this price is given away."""


@dataclass(frozen=True, slots=True)
class KnownPackage:
    """What the state says of a package."""

    label: str
    finished_at: datetime | None = None
    finished_on: date | None = None
    """The day on which it was finished, where the state tells no more than that."""
    held_from: datetime | None = None
    held_until: datetime | None = None
    held_why: str = ""
    """Such as: on hold, in testing, recalled."""
    balance_milli: int | None = None
    """What is left of it there, below zero when more was sold than it held. None: not known."""


@dataclass(frozen=True, slots=True)
class KnownCard:
    """What is known of a patient's card or certification."""

    expires: date
    ends_with_the_day: bool = True
    """Whether it is good on its last day. Some settings let it end as that day begins (2.8)."""


@dataclass(frozen=True, slots=True)
class OutageSpan:
    """A time in which a system was out of reach."""

    name: str
    began: datetime
    ended: datetime | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What is known beside the lists. Of what is not given nothing is said."""

    now: datetime | None = None
    """When the lists were read, for what cannot be visible yet. None: nothing waits."""
    packages: Mapping[str, KnownPackage] | None = None
    """What the state says of packages of this shop, active or not, by tag. None: not known."""
    knows_all_packages: bool = True
    """Whether these are all: then the state does not know any other tag."""
    cards: Mapping[str, KnownCard] = field(default_factory=dict)
    """By the patient's comparison key."""
    same_person: tuple[frozenset[str], ...] = ()
    """Comparison keys that are one person: renewed cards, merged profiles."""
    over_limit: Mapping[str, str] = field(default_factory=dict)
    """By the number of a sale or of a dispensing: by how much it was over the limit, a clause."""
    outages: tuple[OutageSpan, ...] = ()
