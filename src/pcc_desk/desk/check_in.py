"""A patient, or a caregiver for one, arrives at the counter."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from pcc_desk.desk.caregivers import care_ended
from pcc_desk.desk.errors import NoSuchRecord
from pcc_desk.desk.matching import taken_for
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.rights import Right, require
from pcc_desk.desk.sight import sight_of
from pcc_desk.domain.entries import Act, PatientCheckedIn, VisitBooked, VisitMoved
from pcc_desk.domain.identity import Standing
from pcc_desk.domain.people import OF_AGE, Card, Holder, Patient, age_on, card_key
from pcc_desk.domain.registry import RegistryStanding
from pcc_desk.domain.rules import CardEnds
from pcc_desk.domain.visits import Reason, Visit, VisitState

NOT_CHECKED_IN = frozenset({VisitState.EXPECTED, VisitState.ARRIVED})

ANSWER_COUNTS_FOR = timedelta(minutes=30)
"""How old an answer of the registry may be with which somebody counts as verified: the house's rule."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is shown before somebody is checked in. `card` is the one to ask the registry by."""

    patient: Patient
    cards: tuple[Card, ...]
    card: Card | None
    """None: no card is on record."""
    visit: Visit | None
    """Today's visit when it was expected, or is under way."""
    alike: tuple[Patient, ...] = ()
    """Who is easily taken for them."""
    is_known: bool = True
    """Whether something was handed out to the patient before."""
    home: str = ""
    """Of a visitor: where their card is from. Empty: at home here."""


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """The patient is in the queue."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class Arrived:
    """The patient is in the queue, and not checked in: nobody looked at a card that is good."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class AlreadyWaiting:
    """The patient is in the queue already."""

    visit: Visit


@dataclass(frozen=True, slots=True)
class CardRenewed:
    """The card was replaced by another; that one counts."""

    card: Card


@dataclass(frozen=True, slots=True)
class CardExpired:
    """The card lapsed: on its last day already, where the rules say that it ends when that day begins."""

    card: Card


@dataclass(frozen=True, slots=True)
class UnknownCard:
    """The patient has no such card on record."""

    number: str


@dataclass(frozen=True, slots=True)
class NotServed:
    """The shop serves the patient no more: banned, or noted as deceased."""

    standing: Standing


@dataclass(frozen=True, slots=True)
class MinorAlone:
    """The patient is under age, and is served by the card of a caregiver or guardian only."""

    years: int


@dataclass(frozen=True, slots=True)
class CareEnded:
    """The caregiver may not buy for the patient on this day: not yet, or not any more."""

    card: Card


def arrival(ledger: Ledger, patient_id: UUID, day: date, card_number: str = "", *, act: Act) -> Arrival:
    """Return what is known of somebody who stands at the counter; with the card that was shown, or else the best one.

    Raises `NoSuchRecord` for an unknown id.
    """
    require(ledger, act, Right.CHECK_IN, patient_id)
    patient = ledger.patient(patient_id)
    if patient is None:
        raise NoSuchRecord(f"There is no patient {patient_id}.")
    cards = ledger.cards(patient_id)
    shown = card_key(card_number)
    card = next((each for each in cards if shown and each.key == shown), None)
    if card is not None:
        card = _renewed(card, cards)
    if card is None:
        card = next((each for each in cards if not each.renewed_as), None)
    seen = sight_of(ledger, act)
    alike = taken_for(ledger, patient, seen)
    visit = ledger.open_visit(patient_id, day)
    home = ledger.details(patient_id).home_jurisdiction
    return Arrival(seen(patient), cards, card, visit, alike, ledger.has_bought(patient_id), home)


def _renewed(card: Card, cards: tuple[Card, ...]) -> Card:
    """Return the card that counts in the place of one: the last of those that renewed one another."""
    by_key = {each.key: each for each in cards}
    seen = {card.key}
    while (newer := by_key.get(card_key(card.renewed_as))) is not None and newer.key not in seen:
        seen.add(newer.key)
        card = newer
    return card


def check_in(
    ledger: Ledger,
    patient_id: UUID,
    card_number: str,
    reason: Reason,
    day: date,
    *,
    act: Act,
    ends: CardEnds = CardEnds.END_OF_DAY,
    of_age: int = OF_AGE,
) -> CheckedIn | AlreadyWaiting | CardRenewed | CardExpired | UnknownCard | NotServed | CareEnded | MinorAlone:
    """Put a patient in today's queue, after a person has looked at the photo and at the card.

    An expected visit of today becomes the one; otherwise a new visit is made under the act's id. Who is younger than
    `of_age` years is checked in by a caregiver's card only.
    """
    require(ledger, act, Right.CHECK_IN, patient_id)
    patient_id = ledger.kept_as(patient_id)
    standing = ledger.patient_status(patient_id)
    if not standing.status.is_served:
        return NotServed(standing)
    card = _good_card(ledger, patient_id, card_number, day, ends)
    if not isinstance(card, Card):
        return card
    patient = ledger.patient(patient_id)
    years = age_on(patient.born, day) if patient is not None else 0
    if years < of_age and card.holder is Holder.PATIENT:
        return MinorAlone(years)
    expected = ledger.open_visit(patient_id, day)
    if expected is not None and expected.state not in NOT_CHECKED_IN:
        return AlreadyWaiting(expected)
    visit = Visit(
        id=expected.id if expected else act.id,
        patient_id=patient_id,
        day=day,
        state=VisitState.VERIFIED if _has_answer(ledger, patient_id, card, act) else VisitState.WAITING,
        reason=reason,
        appointment_at=expected.appointment_at if expected else None,
        arrived_at=(expected.arrived_at if expected else None) or act.at,
        through=card.holder_name if card.holder is Holder.CAREGIVER else "",
        minutes=expected.minutes if expected else 0,
        link=expected.link if expected else "",
        origin=expected.origin if expected else "",
    )
    ledger.record(PatientCheckedIn(visit, card.number, card.expires_on), act)
    return CheckedIn(visit)


def arrive(
    ledger: Ledger, patient_id: UUID, reason: Reason, day: date, *, act: Act
) -> Arrived | AlreadyWaiting | NotServed:
    """Put a patient in today's queue whom no card lets be checked in: to be advised, or for the intake.

    An expected visit of today becomes the one; otherwise a new visit is made under the act's id. Nothing is dispensed
    in it before they are checked in.
    """
    require(ledger, act, Right.CHECK_IN, patient_id)
    patient_id = ledger.kept_as(patient_id)
    standing = ledger.patient_status(patient_id)
    if not standing.status.is_served:
        return NotServed(standing)
    expected = ledger.open_visit(patient_id, day)
    if expected is not None and expected.state is not VisitState.EXPECTED:
        return AlreadyWaiting(expected)
    if expected is not None:
        ledger.record(VisitMoved(expected.id, patient_id, VisitState.ARRIVED, None), act)
        return Arrived(replace(expected, state=VisitState.ARRIVED, arrived_at=act.at))
    visit = Visit(act.id, patient_id, day, VisitState.ARRIVED, reason, arrived_at=act.at)
    ledger.record(VisitBooked(visit), act)
    return Arrived(visit)


def _has_answer(ledger: Ledger, patient_id: UUID, card: Card, act: Act) -> bool:
    """Whether the registry said just now that this card is active; dispensing asks for itself all the same."""
    asked = ledger.last_verification(patient_id)
    if asked is None or not isinstance(asked.answer, RegistryStanding):
        return False
    if not timedelta(0) <= act.at - asked.asked_at <= ANSWER_COUNTS_FOR:
        return False
    return asked.answer.active and card_key(asked.card_number) == card.key


def _good_card(
    ledger: Ledger, patient_id: UUID, number: str, day: date, ends: CardEnds
) -> Card | CardRenewed | CardExpired | UnknownCard | CareEnded:
    """Return the patient's card of a number if somebody may be checked in by it on a day, or why not."""
    card = next((each for each in ledger.cards(patient_id) if each.key == card_key(number)), None)
    if card is None:
        return UnknownCard(number)
    if card.renewed_as:
        return CardRenewed(card)
    if ends.has_lapsed(card.expires_on, day):
        return CardExpired(card)
    return CareEnded(card) if care_ended(ledger, patient_id, card, day) else card
