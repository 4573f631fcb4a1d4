"""What is particular to one patient: put on record from papers, each by whom and which document."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from pcc_desk.desk.errors import NoSuchRecord
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.rights import Right, require
from pcc_desk.domain.entitlement import Entitlement
from pcc_desk.domain.entitling import binds_visitors, entitlement_of, groups_of, is_from_elsewhere, limits_of
from pcc_desk.domain.entries import Act, AmountSet, EntitlementNoted
from pcc_desk.domain.papers import PaperAmount, Papers
from pcc_desk.domain.people import Patient
from pcc_desk.domain.rules import Limit, Rules, Source


@dataclass(frozen=True, slots=True)
class OnRecord:
    """It is in the record; what the record says now."""

    papers: Papers


@dataclass(frozen=True, slots=True)
class UnknownGroup:
    """The rules know no such group."""

    group: str
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnknownLimit:
    """The rules know no such limit."""

    limit_id: str


@dataclass(frozen=True, slots=True)
class NoSuchAmount:
    """It is no amount that a limit can have. `why` is a sentence."""

    why: str


@dataclass(frozen=True, slots=True)
class NoPaper:
    """Nobody is named who set it, nor a document."""


@dataclass(frozen=True, slots=True)
class EndsBeforeStarts:
    """The last day lies before the first."""

    starts: date
    ends: date


@dataclass(frozen=True, slots=True)
class FixedByLaw:
    """No practitioner sets this limit; only the agency may waive it."""

    limit: Limit


@dataclass(frozen=True, slots=True)
class AboveCeiling:
    """A practitioner may set less than the ceiling, never more."""

    limit: Limit
    ceiling: Fraction


AmountRefusal = UnknownLimit | NoSuchAmount | NoPaper | EndsBeforeStarts | FixedByLaw | AboveCeiling


def papers_of(ledger: Ledger, patient_id: UUID) -> Papers:
    """Return what is on record of a patient beside what was bought."""
    return ledger.entitlement(patient_id)


def entitlement_on(ledger: Ledger, patient: Patient, papers: Papers, rules: Rules, day: date) -> Entitlement:
    """Return what papers, age and home come to for the limits. The home is read only where a limit asks for it."""
    home = ledger.details(patient.id).home_jurisdiction if binds_visitors(rules) else ""
    return entitlement_of(papers, patient.born, day, is_visitor=is_from_elsewhere(home, rules))


def note_entitlement(
    ledger: Ledger,
    patient_id: UUID,
    groups: tuple[str, ...],
    anchor: date | None,
    order_began: date | None,
    *,
    rules: Rules,
    act: Act,
) -> OnRecord | UnknownGroup:
    """Note the groups a patient belongs to and the first days of their papers: all of it, as it is from now on.

    What is on record already is not recorded again. Raises `NoSuchRecord` for an unknown patient.
    """
    require(ledger, act, Right.NOTE_PAPERS, patient_id)
    patient_id = _kept(ledger, patient_id)
    known = groups_of(rules)
    unknown = next((each for each in groups if each not in known), None)
    if unknown is not None:
        return UnknownGroup(unknown, known)
    named = tuple(sorted(set(groups)))
    before = ledger.entitlement(patient_id)
    if (before.groups, before.anchor, before.order_began) != (named, anchor, order_began):
        ledger.record(EntitlementNoted(patient_id, named, anchor, order_began), act)
    return OnRecord(ledger.entitlement(patient_id))


def set_amount(
    ledger: Ledger,
    patient_id: UUID,
    limit_id: str,
    amount: Decimal | None,
    *,
    is_waiver: bool,
    paper: str,
    rules: Rules,
    act: Act,
    starts: date = date.min,
    ends: date = date.max,
) -> OnRecord | AmountRefusal:
    """Set an amount for one patient and one limit, in the limit's unit, from a day to a day, both included.

    It takes the place of one of the same kind with the same first day; that is how an amount is mended, or ended early.
    Raises `NoSuchRecord` for an unknown patient.
    """
    require(ledger, act, Right.WAIVE if is_waiver else Right.NOTE_PAPERS, patient_id)
    patient_id = _kept(ledger, patient_id)
    given = PaperAmount(limit_id, amount, is_waiver, starts, ends, paper.strip())
    refusal = _refusal(given, rules)
    if refusal is not None:
        return refusal
    if given not in ledger.entitlement(patient_id).amounts:
        ledger.record(AmountSet(patient_id, given), act)
    return OnRecord(ledger.entitlement(patient_id))


def _refusal(given: PaperAmount, rules: Rules) -> AmountRefusal | None:
    limit = next((each for each in limits_of(rules) if each.id == given.limit_id), None)
    if limit is None:
        return UnknownLimit(given.limit_id)
    if not given.paper:
        return NoPaper()
    if given.ends < given.starts:
        return EndsBeforeStarts(given.starts, given.ends)
    return _wrong_amount(given.amount, limit, is_waiver=given.is_waiver)


def _wrong_amount(amount: Decimal | None, limit: Limit, *, is_waiver: bool) -> AmountRefusal | None:
    if not is_waiver and limit.source is Source.FIXED:
        return FixedByLaw(limit)
    if amount is None:
        wanted = "A practitioner's amount is a number. Only a waiver can say that a limit does not bind."
        return None if is_waiver else NoSuchAmount(wanted)
    if not amount.is_finite() or amount < 0:
        return NoSuchAmount("An amount is a number that is not below zero.")
    if not is_waiver and limit.is_ceiling and limit.amount is not None and Fraction(amount) > limit.amount:
        return AboveCeiling(limit, limit.amount)
    return None


def _kept(ledger: Ledger, patient_id: UUID) -> UUID:
    """Return under which record the patient is kept: the papers of that one hold."""
    patient = ledger.patient(patient_id)
    if patient is None:
        raise NoSuchRecord(f"There is no patient {patient_id}.")
    return patient.id
