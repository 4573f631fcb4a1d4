"""Putting patients on record: what is typed of them, who is like them already, and that they are there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.rights import Right, require
from pcc_desk.desk.sight import sight_of
from pcc_desk.domain.entries import Act, PatientRegistered
from pcc_desk.domain.look_alikes import LookAlike, look_alikes, nearest_first
from pcc_desk.domain.people import Card, Holder, Patient
from pcc_desk.domain.typed_people import typed_birth, typed_card_number, typed_date, typed_name, typed_phone
from pcc_desk.domain.what_if import NotUnderstood

FAMILY, GIVEN, BORN, CARD, CARD_UNTIL = "family_name", "given_name", "born", "card_number", "card_expires"
PHONE, CERTIFIED_BY, CERTIFIED_UNTIL, REMARKS = "phone", "certified_by", "certification_expires", "remarks"

LONGEST_WORDS = 200


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A patient to be put on record, with their own card where they have one."""

    patient: Patient
    card: Card | None


@dataclass(frozen=True, slots=True)
class NotRegistered:
    """What was typed is not whole. `wrong` has a sentence for each field that something is wrong with."""

    wrong: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Registered:
    """The patient is on record."""

    patient: Patient
    card: Card | None


@dataclass(frozen=True, slots=True)
class AlikeOnRecord:
    """Somebody who is like them is on record, and nobody has said yet that it is somebody else."""

    alike: tuple[LookAlike, ...]


@dataclass(frozen=True, slots=True)
class CardOfAnother:
    """The card is another patient's, or of a caregiver who buys for that patient. A card is one person's."""

    card: Card
    patient: Patient


def newcomer_of(typed: Mapping[str, str], patient_id: UUID, today: date) -> Newcomer | NotRegistered:
    """Return who is meant by what was typed in the fields, or a sentence for each that is wrong.

    A patient may have no card yet: one who waits for it. A card without the day it lapses cannot be checked.
    """
    wrong: dict[str, str] = {}

    def good(key: str, value: str | date | NotUnderstood) -> str | date:
        if isinstance(value, NotUnderstood):
            wrong[key] = value.why
            return ""
        return value

    def words(key: str) -> str:
        return " ".join(typed.get(key, "").split())

    family = good(FAMILY, typed_name(words(FAMILY), "family name"))
    given = good(GIVEN, typed_name(words(GIVEN), "given name"))
    born = good(BORN, typed_birth(words(BORN), today))
    phone = good(PHONE, typed_phone(words(PHONE)))
    number = good(CARD, typed_card_number(words(CARD))) if words(CARD) else ""
    card_until = good(CARD_UNTIL, typed_date(words(CARD_UNTIL))) if words(CARD_UNTIL) else None
    certified_until = good(CERTIFIED_UNTIL, typed_date(words(CERTIFIED_UNTIL))) if words(CERTIFIED_UNTIL) else None
    if words(CARD) and not words(CARD_UNTIL):
        wrong[CARD_UNTIL] = "Type the day on which this card lapses, as it is printed on the card."
    if words(CARD_UNTIL) and not words(CARD):
        wrong[CARD] = "Type the number of the card that lapses then, or take the day out."
    if wrong or not isinstance(born, date):
        return NotRegistered(wrong)
    patient = Patient(
        id=patient_id,
        family_name=str(family),
        given_name=str(given),
        born=born,
        phone=str(phone),
        certification_expires=certified_until if isinstance(certified_until, date) else None,
        certified_by=words(CERTIFIED_BY),
        remarks=words(REMARKS),
    )
    if not isinstance(card_until, date):
        return Newcomer(patient, None)
    return Newcomer(patient, Card(str(number), patient_id, Holder.PATIENT, _full_name(patient), card_until))


def _full_name(patient: Patient) -> str:
    return f"{patient.given_name} {patient.family_name}"


def alike_on_record(ledger: Ledger, who: Newcomer, *, act: Act) -> tuple[LookAlike, ...]:
    """Return who on record is like somebody, the nearest first, as far as whoever asks is given it."""
    require(ledger, act, Right.FIND_PATIENT)
    seen = sight_of(ledger, act)
    return tuple(LookAlike(seen(each.patient), each.alikeness, each.why) for each in _alike(ledger, who))


def _alike(ledger: Ledger, who: Newcomer) -> tuple[LookAlike, ...]:
    """Return who is like somebody as they are called now, or as they were called before, the nearest first."""
    cards = (who.card,) if who.card else ()
    others = ledger.patients_like(who.patient, cards)
    theirs = ledger.cards_numbered(who.card.key) if who.card else ()
    found = {each.patient.id: each for each in look_alikes(who.patient, cards, others, theirs)}
    for other in others:
        for each in look_alikes(who.patient, (), formerly(ledger, other), ()):
            if other.id not in found or each.alikeness < found[other.id].alikeness:
                found[other.id] = LookAlike(other, each.alikeness, f"{each.why}, by a former name")
    return nearest_first(found.values())


def formerly(ledger: Ledger, patient: Patient) -> Iterator[Patient]:
    """Yield a patient as they were on record before a name or the birth date was changed."""
    for each in ledger.former_names(patient.id):
        yield replace(patient, family_name=each.family_name, given_name=each.given_name, born=each.born)


def register_patient(
    ledger: Ledger, who: Newcomer, told_apart: frozenset[UUID] = frozenset(), *, act: Act
) -> Registered | AlikeOnRecord | CardOfAnother:
    """Put a patient on record, unless somebody like them is there of whom nobody said that it is somebody else.

    `told_apart` are the patients of whom a person said so.
    """
    require(ledger, act, Right.REGISTER)
    if who.card is not None:
        for each in ledger.cards_numbered(who.card.key):
            other = ledger.patient(each.patient_id)
            if other is not None:
                return CardOfAnother(each, other)
    seen = sight_of(ledger, act)
    alike = tuple(each for each in _alike(ledger, who) if each.patient.id not in told_apart)
    if alike:
        return AlikeOnRecord(tuple(LookAlike(seen(each.patient), each.alikeness, each.why) for each in alike))
    ledger.record(PatientRegistered(who.patient, (who.card,) if who.card else ()), act)
    return Registered(who.patient, who.card)
