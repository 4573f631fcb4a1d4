"""Purchase limits as data: a limit is a bound on a weighted sum over a window.

    used = Σ over counted purchases in the window of quantity / per,     allowed when used + sale ≤ amount

The shapes are those of `data/jurisdictions`; exact fractions throughout. See `pcc_desk.rulebook` for reading the files.
"""

from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from fractions import Fraction

from pcc_desk.domain.cohorts import Cohort
from pcc_desk.domain.people import OF_AGE
from pcc_desk.domain.products import Basis
from pcc_desk.domain.windows import Window


class Confidence(StrEnum):
    """How far a rule may be trusted without the registry."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    """The registry or a person decides, until the shop's compliance officer has confirmed the file."""


class Source(StrEnum):
    """Who sets the amount of a limit."""

    FIXED = "fixed"
    PRACTITIONER = "practitioner"
    REGISTRY = "registry"


@dataclass(frozen=True, slots=True)
class Potency:
    """A tier by THC content in percent of the weight: above `above`, and at most `at_most`. None: no such end."""

    above: Fraction | None
    at_most: Fraction | None

    def holds(self, thc_percent: Fraction) -> bool:
        """Whether a product of that THC content lies in the tier."""
        return (self.above is None or thc_percent > self.above) and (
            self.at_most is None or thc_percent <= self.at_most
        )


@dataclass(frozen=True, slots=True)
class Term:
    """One unit of the limit is used up by `per` of `basis` (in its smallest unit: mg, µL, µg, thousandths)."""

    categories: tuple[str, ...]
    basis: Basis
    per: Fraction
    where: Potency | None = None
    rounds_up: bool = False
    """Whether what is used up is rounded up to whole units, for each product of each sale."""


@dataclass(frozen=True, slots=True)
class RegistryFigure:
    """Where the registry's own figure for a limit stands in its answer.

    METRC answers in ounces, in rows of so many days and columns of kinds of product; a column is read through the
    limit's term for that kind. Others give one number in grams, read through the term for flower.
    """

    days: int | None = None
    column: str | None = None
    """None: the one number in grams."""
    decimals: int | None = None
    """To how many decimals the registry is known to round; half a step is then taken off. None: as written."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A bound on a weighted sum over a window."""

    id: str
    amount: Fraction | None
    """None: it comes from the registry or from the practitioner's order."""
    unit: str
    window: Window
    terms: tuple[Term, ...]
    unknown: frozenset[str]
    """Categories that do count, but by a conversion that nobody published."""
    excluded: frozenset[str]
    registry: RegistryFigure | None = None
    first_amount: Fraction | None = None
    """What the first of a row of fixed periods allows, where that differs."""
    source: Source = Source.FIXED
    is_ceiling: bool = False
    """Whether a practitioner's amount counts only below `amount`."""
    cohort: tuple[Cohort, ...] = ()
    """Whom it binds: those who are in all of them. Empty: every patient."""
    replaces: str = ""
    """The limit that does not bind those whom this one binds."""
    is_per_dispensary: bool = False
    """Whether only purchases at the same dispensary count."""
    is_per_item: bool = False
    """Whether it bounds each item of a sale instead of their sum."""
    confidence: Confidence = Confidence.HIGH

    def terms_for(self, category: str) -> tuple[Term, ...]:
        """Return the terms a category is weighed by; none when it is excluded, unknown, or not spoken of."""
        return tuple(term for term in self.terms if category in term.categories)

    def term(self, category: str) -> Term | None:
        """Return the first term a category is weighed by."""
        return next((term for term in self.terms if category in term.categories), None)


class OutagePolicy(StrEnum):
    """What the law says about selling when the state's system is down. The values are those of the rule files."""

    PROHIBITED = "prohibited"
    PROHIBITED_IMPLIED = "prohibited_implied"
    """A look-up or an entry is ordered before the sale, and no exception was found."""
    ALLOWED = "allowed"
    ALLOWED_CAPPED = "allowed_capped"
    AGENCY_EXCEPTION_ONLY = "agency_exception_only"
    NOT_REGISTRY_BOUND = "not_registry_bound"
    UNKNOWN = "unknown"
    """Nothing was found: as prohibited."""


@dataclass(frozen=True, slots=True)
class OutageRule:
    """What the law lets a shop do while the registry is out of reach.

    `limits` bind beside the ordinary ones meanwhile: a smaller amount that is allowed. Where there are any, a category
    that none of them speaks of may not be sold.
    """

    sales_allowed: bool
    why: str
    entry_deadline_hours: int | None = None
    policy: OutagePolicy = OutagePolicy.UNKNOWN
    oversale_report_hours: int | None = None
    notice_first: bool = False
    limits: tuple[Limit, ...] = ()
    override_forbidden: bool = False
    """Whether the law forbids letting a sale over a limit out by hand."""


class CardEnds(StrEnum):
    """Until when a card is good on its last day."""

    END_OF_DAY = "end_of_day"
    START_OF_DAY = "start_of_day"
    """It is no longer good on the day printed on it: it dies one minute past midnight."""

    def has_lapsed(self, expires_on: date, day: date) -> bool:
        """Whether a card that bears a day is no longer good on another."""
        return day > expires_on or (self is CardEnds.START_OF_DAY and day == expires_on)


@dataclass(frozen=True, slots=True)
class CardShape:
    """How the registry prints card numbers, where that is known."""

    pattern: str
    """A regular expression for the number in capitals, without blanks and strokes."""
    words: str
    """The same for people, to go on with "card numbers here are"."""


@dataclass(frozen=True, slots=True)
class AgeBar:
    """What nobody may have before the birthday on which they are so many years old, whoever buys it for them."""

    age: int
    categories: tuple[str, ...]
    says: str
    """In the words of the rules: "no smokable form"."""

    def __str__(self) -> str:
        """Return it as a clause."""
        return f"not for anybody below {self.age}: {self.says}"


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one jurisdiction in force on one day."""

    jurisdiction: str
    """The short code: MI."""
    name: str
    ruleset: str
    as_of: date
    """The age of the evidence, not of the rule."""
    citation: tuple[str, ...]
    limits: tuple[Limit, ...]
    outage: OutageRule
    ounce_mg: Fraction = Fraction("28349.523125")
    """The jurisdiction's own ounce."""
    confidence: Confidence = Confidence.HIGH
    program: str = ""
    source: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    people: tuple[tuple[str, str], ...] = ()
    """What the file says, in words, of caregivers, minors, visiting patients and overrides."""
    effective_from: date | None = None
    effective_to: date | None = None
    ignores_before: date | None = None
    """Purchases before this day do not count."""
    orders_before: date | None = None
    """Orders that began before this day stay under the rule set that was in force before this one."""
    gives_back: frozenset[str] = frozenset()
    """What gives allowance back: "return", "void". Empty: neither does."""
    card_ends: CardEnds = CardEnds.END_OF_DAY
    is_card_end_read: bool = False
    """Whether the file says when a card ends, instead of this version taking it to."""
    card_shape: CardShape | None = None
    """How card numbers look, to warn of others; it blocks nothing. None: not known."""
    day_begins: time = time()
    """When a business day begins on the shop's clock."""
    retention_years: int | None = None
    of_age: int = OF_AGE
    """Below how many years a patient is served through a caregiver or guardian only."""
    not_below: tuple[AgeBar, ...] = ()
    """Forms of product for which one must be older. What a file says of that in words only is in `people`."""
    is_shops_own: bool = False
    """Whether the file lies in the shop's data folder instead of coming with the desk."""
    fingerprint: str = ""
    """A hash of what the file says of this rule set and its jurisdiction: another one means that the rules changed."""
    worked_out: dict[str, object] = field(default_factory=dict, init=False, compare=False, repr=False)
    """What was worked out of these rules once, by those who need it again and again."""

    def barred(self, category: str, years: int | None) -> AgeBar | None:
        """Return what keeps a category from somebody of an age; None: nothing does, or the age is not known."""
        if years is None:
            return None
        return next((each for each in self.not_below if years < each.age and category in each.categories), None)

    @property
    def categories(self) -> tuple[str, ...]:
        """Every category that a limit speaks of, in the order of the file."""
        named: dict[str, None] = {}
        for limit in self.limits:
            for term in limit.terms:
                named.update(dict.fromkeys(term.categories))
            named.update(dict.fromkeys(sorted(limit.unknown)))
        return tuple(named)

    @property
    def listed(self) -> frozenset[str]:
        """Every category that a limit names, be it as not counting."""
        excluded = (limit.excluded for limit in self.limits)
        return frozenset(self.categories).union(*excluded)

    @property
    def excluded(self) -> frozenset[str]:
        """The categories that a limit names as not counting and none speaks of."""
        named = frozenset().union(*(limit.excluded for limit in self.limits)) if self.limits else frozenset()
        return named - frozenset(self.categories)
