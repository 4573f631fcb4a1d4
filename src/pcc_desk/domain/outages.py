"""Outages: one record each, what the law lets the shop do meanwhile, and what is owed to the state afterwards."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from pcc_desk.domain.answers import Silence
from pcc_desk.domain.products import Basis
from pcc_desk.domain.rules import Limit, OutagePolicy, OutageRule, Rules, Term
from pcc_desk.domain.verification import NotVerified, Proof, UnderOutage
from pcc_desk.domain.windows import Transaction


@dataclass(frozen=True, slots=True)
class Evidence:
    """A call that was not answered: when (UTC), in which way, and why."""

    at: datetime
    kind: Silence
    reason: str


@dataclass(frozen=True, slots=True)
class Outage:
    """A state system was out of reach from the first call that failed until the first good answer. Instants are UTC."""

    id: UUID
    system: str
    since: datetime
    evidence: tuple[Evidence, ...]
    """The first calls that failed, oldest first."""
    ended_at: datetime | None = None


class NoteKind(StrEnum):
    """What a state wants kept of an outage."""

    NOTICE = "notice of the agency"
    OWN_REPORT = "own report"
    DONE = "what was done"

    @property
    def lets_sales_begin(self) -> bool:
        """Whether it is the notice that must come before the first sale, where one must."""
        return self is not NoteKind.DONE


@dataclass(frozen=True, slots=True)
class OutageNote:
    """Something that a person wrote down of an outage."""

    id: UUID
    outage_id: UUID
    at: datetime
    by: UUID
    kind: NoteKind
    text: str


# The announced exception


class CapKind(StrEnum):
    """How much may be sold under an announced exception."""

    FILE = "as the rule file says"
    UNCHANGED = "the ordinary limits alone"
    TYPED = "as announced"


@dataclass(frozen=True, slots=True)
class CapTerm:
    """All that one sale may hold of some categories, in the smallest unit of the basis; other terms lessen it."""

    categories: tuple[str, ...]
    basis: Basis
    at_most: Fraction


@dataclass(frozen=True, slots=True)
class AnnouncedException:
    """The agency lets sales go on for a time: from `starts` to `ends` (UTC), that instant not included.

    It expires by itself. A manager enters it, from a document.
    """

    id: UUID
    jurisdiction: str
    document: str
    starts: datetime
    ends: datetime
    cap_kind: CapKind
    cap: tuple[CapTerm, ...]
    """Of a typed cap: shares of one sale that together come to at most one."""
    announced_at: datetime
    by: UUID
    withdrawn_at: datetime | None = None

    def is_in_force(self, at: datetime) -> bool:
        """Whether sales may rest on it at an instant."""
        return self.starts <= at < self.ends and self.withdrawn_at is None

    def limits(self, rule: OutageRule) -> tuple[Limit, ...]:
        """Return the limits that bind beside the ordinary ones while it is in force."""
        match self.cap_kind:
            case CapKind.FILE:
                return rule.limits
            case CapKind.UNCHANGED:
                return ()
            case CapKind.TYPED:
                terms = tuple(Term(each.categories, each.basis, each.at_most) for each in self.cap)
                unit = "sale under the exception (share)"
                return (Limit("exception", Fraction(1), unit, Transaction(), terms, frozenset(), frozenset()),)


def exception_in_force(
    exceptions: Iterable[AnnouncedException], rules: Rules, at: datetime
) -> AnnouncedException | None:
    """Return the exception that sales may rest on: of several the one that was entered last.

    None where the law knows no such exception, whatever is on record.
    """
    if rules.outage.policy is not OutagePolicy.AGENCY_EXCEPTION_ONLY:
        return None
    known = (each for each in exceptions if each.jurisdiction == rules.jurisdiction and each.is_in_force(at))
    return max(known, key=lambda each: (each.announced_at, each.id.hex), default=None)


def under_exception(rules: Rules, exception: AnnouncedException | None) -> Rules:
    """Return the rules as they are while an exception is in force: sales may go on, under its limits."""
    if exception is None:
        return rules
    why = f"exception announced in {exception.document}"
    outage = replace(rules.outage, sales_allowed=True, why=why, limits=exception.limits(rules.outage))
    return replace(rules, outage=outage)


# What an outage carries


def carried(worth: Proof, rule: OutageRule, outage: Outage | None, notes: Iterable[OutageNote]) -> Proof:
    """Return what a proof is worth beside what is on record of the outage: without a record it carries nothing.

    Where the law wants a notice first, nothing is sold before the agency's notice, or the shop's own report, is noted.
    """
    if not isinstance(worth, UnderOutage):
        return worth
    if outage is None:
        return NotVerified("The registry did not answer, and no outage is on record. Press r to ask again.")
    if rule.notice_first and not any(each.kind.lets_sales_begin for each in notes):
        return NotVerified(
            "The registry is out of reach. Sales may go on once the agency's notice, or your own report, is noted: "
            "press f6, then n."
        )
    return worth


# What is owed afterwards


@dataclass(frozen=True, slots=True)
class Duties:
    """Until when (UTC) the sales of an outage are to be entered, and sales over a limit reported. None: no hours set.

    The hours count from the first good answer.
    """

    enter_by: datetime | None
    report_by: datetime | None


def duties(outage: Outage, rule: OutageRule) -> Duties:
    """Return the deadlines of an outage; none while it lasts."""
    return Duties(
        _after(outage.ended_at, rule.entry_deadline_hours), _after(outage.ended_at, rule.oversale_report_hours)
    )


def _after(ended_at: datetime | None, hours: int | None) -> datetime | None:
    return None if ended_at is None or hours is None else ended_at + timedelta(hours=hours)


class Verdict(StrEnum):
    """How a sale of an outage stands, judged again with what the registry says afterwards."""

    WITHIN = "within the limits"
    OVER = "over a limit"
    NOTHING_LEFT = "at the limit or over it"
    """The registry says that nothing is left, and does not say by how much."""
    INACTIVE = "card not active"
    UNKNOWN = "cannot tell"


@dataclass(frozen=True, slots=True)
class ReviewedSale:
    """A sale of an outage, judged again. `words` says by what and by how much."""

    dispensation_id: UUID
    external_number: str
    verdict: Verdict
    words: str

    @property
    def is_to_be_reported(self) -> bool:
        """Whether the state, or a person first, must hear of it."""
        return self.verdict in {Verdict.OVER, Verdict.NOTHING_LEFT, Verdict.INACTIVE}


@dataclass(frozen=True, slots=True)
class OutageReview:
    """Every sale of an outage, judged again at one time (UTC), in the order of the sales."""

    outage_id: UUID
    at: datetime
    sales: tuple[ReviewedSale, ...]

    @property
    def is_whole(self) -> bool:
        """Whether every sale could be judged."""
        return all(each.verdict is not Verdict.UNKNOWN for each in self.sales)


def unreported(review: OutageReview | None, notes: Iterable[OutageNote]) -> int:
    """Return how many sales the state must hear of still: none once a report, or what was done, is noted after them."""
    if review is None:
        return 0
    is_noted = any(each.kind is not NoteKind.NOTICE and each.at >= review.at for each in notes)
    return 0 if is_noted else sum(each.is_to_be_reported for each in review.sales)
