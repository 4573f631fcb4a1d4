"""What a comparison finds, and what it comes to."""

from dataclasses import dataclass
from datetime import date, datetime

from pcc_desk.domain.reconciling.classes import ABOUT, FindingClass, Severity
from pcc_desk.domain.sales import Dispensed, Receipt, Sale


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference, with every side of it."""

    kind: FindingClass
    sale: Sale | None
    receipt: Receipt | None
    what: str
    """The difference, in words."""
    fix: str
    """What is to be done."""
    why: str = ""
    """How it came about, as far as it can be told."""
    never: str = ""
    """What is not to be done."""
    desk: Dispensed | None = None
    group: str = ""
    """What it has in common with others of the same cause; empty: it stands alone."""
    tag: str = ""
    """The package that it is about, where it is about one line of several."""

    @property
    def severity(self) -> Severity:
        """How much it weighs."""
        return self.kind.severity

    @property
    def key(self) -> str:
        """What it is about, the same in every comparison: its class, the numbers of its sides, and the tag."""
        return "|".join((self.kind.value, *_numbers(self), self.tag))


def _numbers(found: "Finding") -> tuple[str, str, str]:
    return (
        found.sale.number if found.sale else "",
        found.receipt.number if found.receipt else "",
        found.desk.number if found.desk and not found.sale and not found.receipt else "",
    )


def finding(
    kind: FindingClass,
    what: str,
    *,
    sale: Sale | None = None,
    receipt: Receipt | None = None,
    desk: Dispensed | None = None,
    why: str = "",
    fix: str = "",
    group: str = "",
    tag: str = "",
) -> Finding:
    """Return a finding with the usual cause and fix of its class where nothing better is known."""
    about = ABOUT[kind]
    return Finding(kind, sale, receipt, what, fix or about.fix, why or about.cause, about.never, desk, group, tag)


@dataclass(frozen=True, slots=True)
class NotCompared:
    """Why a side could not be read. This is never a difference."""

    side: str
    why: str


@dataclass(frozen=True, slots=True)
class Unlike:
    """A control total that two sides do not agree on."""

    what: str
    one: str
    """Who says `one_says`."""
    one_says: int
    other: str
    other_says: int


@dataclass(frozen=True, slots=True)
class DayTotals:
    """What the records of the day come to, side by side."""

    sales: int = 0
    """Sales of the day that count, voids and returns left out."""
    receipts: int = 0
    dispensed: int = 0
    sales_cents: int = 0
    receipts_cents: int = 0
    voids: int = 0
    returns: int = 0
    ignored: int = 0
    """Records that have no receipt by their nature: transfers, and sales without a tag."""
    split: int = 0
    """Sales that two or more receipts make up together, to the thousandth."""
    merged: int = 0
    """Receipts that two or more sales make up together."""
    untold: int = 0
    """Sales of which the point of sale does not tell the packages, so that these were not compared."""
    unlike: tuple[Unlike, ...] = ()
    is_controlled: bool = False
    """Whether there was a closing report to hold the sales against."""


@dataclass(frozen=True, slots=True)
class LookedAt:
    """How many sales of a day were looked at for what no list tells by itself. Of the others nothing is said."""

    kind: FindingClass
    looked: int
    of: int
    """How many there are to be looked at."""
    why: str = ""
    """Why the others were not, a clause; empty: all were."""


@dataclass(frozen=True, slots=True)
class Compared:
    """The outcome of the engine. With anything in `not_compared` there are no findings and no matches."""

    matched: int
    findings: tuple[Finding, ...]
    not_compared: tuple[NotCompared, ...]
    totals: DayTotals


@dataclass(frozen=True, slots=True)
class DayComparison:
    """The outcome for one business day, as it is kept. With anything in `not_compared` there are no findings."""

    day: date
    zone: str
    compared_at: datetime
    sales: int
    receipts: int
    matched: int
    findings: tuple[Finding, ...]
    not_compared: tuple[NotCompared, ...]
    source: str = ""
    dispensed: int = 0
    totals: DayTotals = DayTotals()
    looked_at: tuple[LookedAt, ...] = ()
    """What was looked for beside the lists, and how far. What is not in it was not looked for."""


def worst_first(found: Finding) -> tuple[int, float, str, str, str, str]:
    """Return the place of a finding: the worst class first, then what was sold first, then by number."""
    side = found.sale or found.receipt or found.desk
    at = side.sold_at.timestamp() if side else 0.0
    return found.kind.rank, at, *_numbers(found), found.what
