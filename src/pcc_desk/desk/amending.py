"""Putting right what was handed over: corrected to what really was, or struck; the state is told of each."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.dispensing import BasketLine, EmptyBasket, NotForSale, judge_now
from pcc_desk.desk.errors import NoSuchRecord
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.rights import Right, require
from pcc_desk.domain.amendments import Amendment, as_it_stands
from pcc_desk.domain.answers import CannotTell
from pcc_desk.domain.basket import Fits, OverLimit
from pcc_desk.domain.dispensing import Dispensation, DispensedLine, PostKind
from pcc_desk.domain.entries import Act, DispensationCorrected, DispensationVoided
from pcc_desk.domain.quantity import Quantity


@dataclass(frozen=True, slots=True)
class PutRight:
    """It is in the record; the state will be told."""

    amendment: Amendment


@dataclass(frozen=True, slots=True)
class NoReasonGiven:
    """Nothing is put right without a reason on record."""


@dataclass(frozen=True, slots=True)
class AlreadyVoided:
    """The dispensation was struck before."""

    void: Amendment


@dataclass(frozen=True, slots=True)
class NothingHandedOver:
    """The correction leaves nothing: that is a void, and has its own reason."""


@dataclass(frozen=True, slots=True)
class NothingChanges:
    """The record says so already."""


@dataclass(frozen=True, slots=True)
class NotToBeCounted:
    """A line is of a package nobody knows, or counts it in another unit. `why` says which."""

    label: str
    why: str


CorrectionRefusal = NoReasonGiven | AlreadyVoided | NothingHandedOver | NothingChanges | NotToBeCounted
VoidRefusal = NoReasonGiven | AlreadyVoided
ToBeAmended = tuple[Dispensation, str, tuple[Amendment, ...]]
"""What was handed over, why it is put right, and how it was put right before."""
Verdict = Fits | EmptyBasket | NotForSale | OverLimit | CannotTell


def what_stands(ledger: Ledger, dispensation_id: UUID, *, act: Act) -> Dispensation | AlreadyVoided:
    """Return what a dispensation says after its corrections.

    Raises `NoSuchRecord` when nothing of that id was dispensed.
    """
    require(ledger, act, Right.OPEN_CHART, _whose(ledger, dispensation_id))
    found = _not_voided(ledger, dispensation_id)
    return found if isinstance(found, AlreadyVoided) else as_it_stands(*found)


def correct_dispensation(
    ledger: Ledger, dispensation_id: UUID, lines: tuple[BasketLine, ...], why: str, *, act: Act
) -> PutRight | CorrectionRefusal:
    """Record what was really handed over, all of it, in the place of what a dispensation says.

    It records what has happened, and is never refused for a limit: more than was allowed counts all the more. Raises
    `NoSuchRecord` when nothing of that id was dispensed.
    """
    require(ledger, act, Right.CORRECT, _whose(ledger, dispensation_id))
    found = _to_be_amended(ledger, dispensation_id, why)
    if not isinstance(found, tuple):
        return found
    given, _, amendments = found
    stands = as_it_stands(given, amendments)
    known = {each.label: each for amended in amendments for each in amended.lines} | {
        each.label: each for each in given.lines
    }
    really = []
    for line in lines:
        if line.quantity.milli <= 0:
            continue
        counted = _line(ledger, line, known.get(line.label))
        if isinstance(counted, NotToBeCounted):
            return counted
        really.append(counted)
    if not really:
        return NothingHandedOver()
    if _told(really) == _told(stands.lines):
        return NothingChanges()
    amendment = _amendment(found, PostKind.CORRECTION, tuple(really), act)
    ledger.record(DispensationCorrected(amendment), act)
    return PutRight(amendment)


def void_dispensation(ledger: Ledger, dispensation_id: UUID, why: str, *, act: Act) -> PutRight | VoidRefusal:
    """Strike a dispensation. Whether it counts on is the law's: see `Rules.gives_back`.

    Raises `NoSuchRecord` when nothing of that id was dispensed.
    """
    require(ledger, act, Right.VOID, _whose(ledger, dispensation_id))
    found = _to_be_amended(ledger, dispensation_id, why)
    if not isinstance(found, tuple):
        return found
    amendment = _amendment(found, PostKind.VOID, (), act)
    ledger.record(DispensationVoided(amendment), act)
    return PutRight(amendment)


def _whose(ledger: Ledger, dispensation_id: UUID) -> UUID | None:
    given = ledger.dispensation(dispensation_id)
    return given.patient_id if given else None


def _to_be_amended(ledger: Ledger, dispensation_id: UUID, why: str) -> ToBeAmended | VoidRefusal:
    found = _not_voided(ledger, dispensation_id)
    if isinstance(found, AlreadyVoided):
        return found
    given, amendments = found
    reason = " ".join(why.split())
    return (given, reason, amendments) if reason else NoReasonGiven()


def _not_voided(ledger: Ledger, dispensation_id: UUID) -> tuple[Dispensation, tuple[Amendment, ...]] | AlreadyVoided:
    given = ledger.dispensation(dispensation_id)
    if given is None:
        raise NoSuchRecord(f"Nothing was dispensed under {dispensation_id}.")
    amendments = ledger.amendments(dispensation_id)
    void = next((each for each in amendments if each.kind is PostKind.VOID), None)
    return (given, amendments) if void is None else AlreadyVoided(void)


def _amendment(found: ToBeAmended, kind: PostKind, lines: tuple[DispensedLine, ...], act: Act) -> Amendment:
    """Return an amendment under the act's id; later than those before it, whatever the clock was set to."""
    given, why, before = found
    at = max(act.at, given.at, *(each.at + timedelta.resolution for each in before))
    return Amendment(act.id, given.id, given.patient_id, kind, at, act.by, why, lines)


def _line(ledger: Ledger, line: BasketLine, known: DispensedLine | None) -> DispensedLine | NotToBeCounted:
    """Return what a quantity amounts to: by the package in stock, else by what was handed over of it, rounded up."""
    package = ledger.package(line.label)
    of = package.remaining.unit if package else known.quantity.unit if known else None
    if of is None:
        return NotToBeCounted(line.label, "not in stock, and not in what was handed over")
    if line.quantity.unit is not of:
        return NotToBeCounted(line.label, f"counted in {of.value.lower()}")
    if known is not None:
        product, category = known.product, known.category
    if package is not None:
        measures = package.measures(line.quantity)
        if known is None:
            product, category = package.product, package.category
    elif known is not None:
        measures = known.measures.times(line.quantity.milli, known.quantity.milli)
    return DispensedLine(line.label, product, category, line.quantity, measures, line.price_cents)


def _told(lines: list[DispensedLine] | tuple[DispensedLine, ...]) -> Counter[tuple[str, Quantity, int]]:
    return Counter((each.label, each.quantity, each.price_cents) for each in lines)


async def judge_added(desk: Desk, stands: Dispensation, lines: tuple[BasketLine, ...]) -> Verdict | None:
    """Return how what a correction adds fits into what may be dispensed now; None when it adds nothing.

    `stands` is what the record says. It is a word of warning, and refuses nothing; for who may not see what a patient
    may be dispensed there is none.
    """
    if not desk.may(Right.SEE_ALLOTMENT):
        return None
    had: Counter[str] = Counter()
    has: Counter[str] = Counter()
    for each in stands.lines:
        had[each.label] += each.quantity.milli
    for line in lines:
        has[line.label] += line.quantity.milli
    units = {line.label: line.quantity.unit for line in lines}
    more = has - had
    if not more:
        return None
    extra = tuple(BasketLine(label, Quantity(milli, units[label]), 0) for label, milli in more.items())
    return await judge_now(desk, stands.patient_id, extra)


async def correct(
    desk: Desk, dispensation_id: UUID, lines: tuple[BasketLine, ...], why: str, act: Act
) -> PutRight | CorrectionRefusal:
    """Correct a dispensation, and ring for the posting."""
    outcome = await desk.store.write(correct_dispensation, dispensation_id, lines, why, act=act)
    if isinstance(outcome, PutRight):
        desk.bell.set()
    return outcome


async def void(desk: Desk, dispensation_id: UUID, why: str, act: Act) -> PutRight | VoidRefusal:
    """Strike a dispensation, and ring for the posting."""
    outcome = await desk.store.write(void_dispensation, dispensation_id, why, act=act)
    if isinstance(outcome, PutRight):
        desk.bell.set()
    return outcome
