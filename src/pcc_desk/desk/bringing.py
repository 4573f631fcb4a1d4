"""Bringing patients along from another system, and handing out one patient's whole record."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from pcc_desk.desk.errors import NoSuchRecord
from pcc_desk.desk.identity import Known, all_known_of
from pcc_desk.desk.people import Newcomer, formerly
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.ports_people import RecordLine
from pcc_desk.desk.rights import Right, require
from pcc_desk.domain.crowd import Crowd
from pcc_desk.domain.entries import Act, PatientRegistered
from pcc_desk.domain.intake import NO_INTAKE, Intake, IntakeForm
from pcc_desk.domain.look_alikes import Alikeness
from pcc_desk.domain.people import Holder, Patient, name_key
from pcc_desk.domain.people_entries import PatientColumnsSaid, RecordGiven
from pcc_desk.domain.shop import Shop
from pcc_desk.domain.told import told_of

if TYPE_CHECKING:
    from pcc_desk.desk.desk import Desk

AT_ONCE = 1000
"""Patients read in one go."""


@dataclass(frozen=True, slots=True)
class Brought:
    """The patient is on record now."""

    patient: Patient
    alike: Alikeness | None = None
    """How like them somebody is who was on record before; None: nobody is."""


@dataclass(frozen=True, slots=True)
class ThereAlready:
    """The patient is on record: the same file, or another that tells of them, was brought before."""

    patient: Patient


@dataclass(frozen=True, slots=True)
class CardOfSomebody:
    """The card is that of somebody on record with another name or birth date."""

    number: str


@dataclass(frozen=True, slots=True)
class LikeSomebody:
    """Somebody on record is the same person, or probably: a person decides that, and nothing was put on record."""

    alike: Alikeness


HELD_BACK = frozenset({Alikeness.SAME, Alikeness.LIKELY})
"""What is not brought along unless somebody says so: two records of one person may be sold twice the amount."""


def crowd_on_record(ledger: Ledger, *, act: Act) -> Crowd:
    """Return everybody on record in brief, to compare the rows of a file with.

    A person of several records is among them by each, and by each former name: a file may call them what a record that
    was merged calls them, or what they were called before.
    """
    require(ledger, act, Right.BRING_ALONG)
    crowd, last = Crowd(), None
    while some := ledger.patients_after(last, AT_ONCE):
        for each in some:
            for known in (*_records_of(ledger, each), *formerly(ledger, each)):
                crowd.add(known)
        last = some[-1].id
    return crowd


def _records_of(ledger: Ledger, patient: Patient) -> Iterator[Patient]:
    """Yield a patient, and those of the records that were merged into theirs, or into one of these."""
    yield patient
    for merge in ledger.merges(patient.id):
        other = ledger.unmerged(merge.merged_id)
        if other is not None:
            yield from _records_of(ledger, other)


_Called = tuple[str, str, date]
"""Names as they are compared, and birth date."""


class Tried:
    """Whom the rows of a file would bring along, while nothing is put on record: for the rows after, they are there."""

    def __init__(self) -> None:
        self._by_card: dict[str, Newcomer] = {}
        self._called: dict[_Called, list[Newcomer]] = {}

    def add(self, who: Newcomer) -> None:
        """Take somebody in."""
        self._called.setdefault(_called(who.patient), []).append(who)
        if who.card is not None:
            self._by_card[who.card.key] = who

    def found(self, who: Newcomer) -> ThereAlready | CardOfSomebody | None:
        """Return what becomes of somebody who is not on record, by those of earlier rows; None: nobody is they."""
        called = _called(who.patient)
        holder = self._by_card.get(who.card.key) if who.card is not None else None
        if who.card is not None and holder is not None:
            is_them = _called(holder.patient) == called
            return ThereAlready(holder.patient) if is_them else CardOfSomebody(who.card.number)
        for other in self._called.get(called, ()):
            if who.card is None or other.card is None:
                return ThereAlready(other.patient)
        return None


def bring_along(
    ledger: Ledger, who: Newcomer, crowd: Crowd, *, act: Act, anyway: bool = False, tried: Tried | None = None
) -> Brought | ThereAlready | CardOfSomebody | LikeSomebody:
    """Put a patient of a file on record, unless they are: by their card, or by names and birth date without one.

    Who is like somebody of the crowd as one person is, is held back, unless it is to be `anyway`; a twin, a namesake or
    somebody with the same telephone is brought along, and it is said. With `tried` nothing is put on record, and whom
    this would bring along joins them.
    """
    require(ledger, act, Right.BRING_ALONG)
    there = _on_record(ledger, who) or (tried.found(who) if tried is not None else None)
    if there is not None:
        return there
    alike = crowd.nearest(who.patient)
    if alike in HELD_BACK and not anyway:
        return LikeSomebody(alike)
    if tried is not None:
        tried.add(who)
    else:
        ledger.record(PatientRegistered(who.patient, (who.card,) if who.card else ()), act)
    return Brought(who.patient, alike)


def _on_record(ledger: Ledger, who: Newcomer) -> ThereAlready | CardOfSomebody | None:
    if who.card is not None:
        for each in ledger.cards_numbered(who.card.key):
            other, own = ledger.patient(each.patient_id), ledger.unmerged(each.patient_id)
            if each.holder is Holder.PATIENT and other is not None:
                known = (other, *((own,) if own is not None else ()), *formerly(ledger, other))
                is_them = _called(who.patient) in map(_called, known)
                return ThereAlready(other) if is_them else CardOfSomebody(each.number)
    for other in ledger.namesakes(who.patient):
        if who.card is None or not any(each.holder is Holder.PATIENT for each in ledger.cards(other.id)):
            return ThereAlready(other)
    return None


def _called(patient: Patient) -> _Called:
    return name_key(patient.family_name), name_key(patient.given_name), patient.born


def say_columns(ledger: Ledger, header: str, columns: dict[str, str], *, act: Act) -> None:
    """Remember what the columns of a file of patients mean, by the hash of its titles."""
    require(ledger, act, Right.BRING_ALONG)
    if dict(ledger.patient_columns(header)) != columns:
        ledger.record(PatientColumnsSaid(header, tuple(sorted(columns.items()))), act)


@dataclass(frozen=True, slots=True)
class WholeRecord:
    """All that is on record of a patient: what is known now, and every entry that made it so, by time."""

    known: Known
    intake: Intake | None
    lines: tuple[RecordLine, ...]
    asked: Mapping[str, str]
    """What was asked in the intake, by the keys of the answers, in the order of the questions."""


class RecordsOut(Protocol):
    """Where whole records are written to be handed over."""

    def why_not(self, folder: str) -> str:
        """Return why nothing can be written into a folder, as a sentence; empty when it can, as far as is seen."""
        ...

    async def write(self, whole: WholeRecord, shop: Shop, act: Act, folder: str) -> str:
        """Write a record into a folder; return where. Raises `OSError`."""
        ...


def whole_record(
    ledger: Ledger, patient_id: UUID, how: str, *, act: Act, form: IntakeForm = NO_INTAKE.form
) -> WholeRecord:
    """Return a patient's whole record to hand it out, and put on record that it was (45 CFR 164.524).

    It is the patient's to see, so nothing in it is withheld from whoever hands it out. `form` words the intake.
    Who looked is not among it: that is told by an accounting of its own. Raises `NoSuchRecord` for an unknown id.
    """
    require(ledger, act, Right.EXPORT, patient_id)
    patient = ledger.patient(patient_id)
    if patient is None:
        raise NoSuchRecord(f"There is no patient {patient_id}.")
    lines = tuple(each for each in ledger.record_of(patient.id) if told_of(each.entry).changed)
    asked = {each.key: each.label for each in form.fields}
    whole = WholeRecord(all_known_of(ledger, patient.id), ledger.intake(patient.id), lines, asked)
    ledger.record(RecordGiven(patient.id, how), act)
    return whole


@dataclass(frozen=True, slots=True)
class HandedOut:
    """The record lies where it was to be written, as .txt and .json."""

    where: str
    entries: int


@dataclass(frozen=True, slots=True)
class NotHandedOut:
    """No record was written: a sentence that says why, and what is on record of it."""

    why: str


def cannot_write(desk: "Desk", folder: str) -> str:
    """Return why no record can be written into a folder, as a sentence; empty when one can, as far as is seen."""
    return desk.records_out().why_not(folder) if desk.records_out is not None else "Here no record can be written out."


async def hand_out_record(desk: "Desk", patient_id: UUID, folder: str, act: Act) -> HandedOut | NotHandedOut:
    """Write a patient's whole record into a folder for them. What is to be handed out is on record before it is."""
    out, why = desk.records_out, cannot_write(desk, folder)
    if out is None or why:
        return NotHandedOut(why)
    whole = await desk.store.write(whole_record, patient_id, "files", act=act, form=desk.intake_rules().form)
    try:
        return HandedOut(await out().write(whole, desk.shop, act, folder), len(whole.lines))
    except OSError as error:
        reason = error.strerror or "the system gives no reason"
        return NotHandedOut(f"It could not be written: {reason}. That it was to be handed out is on record.")
