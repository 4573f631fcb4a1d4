"""Who cares for a patient, what the patient agreed to, and what they ask of their own record."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from pcc_desk.desk.errors import NoSuchRecord
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.rights import Right, require
from pcc_desk.domain.entries import Act
from pcc_desk.domain.identity import Caregiver, CareLink, Consent
from pcc_desk.domain.intake import ConsentText
from pcc_desk.domain.people import OF_AGE, Card, Holder, Patient, age_on, card_key, name_key
from pcc_desk.domain.people_entries import (
    CaregiverLinked,
    ConsentNoted,
    ConsentWithdrawn,
    RequestNoted,
    RequestSettled,
)
from pcc_desk.domain.requests import Request, RequestKind, RequestOutcome
from pcc_desk.domain.typed_people import typed_birth, typed_card_number, typed_date, typed_name, typed_phone
from pcc_desk.domain.what_if import NotUnderstood

FAMILY, GIVEN, BORN, PHONE = "family_name", "given_name", "born", "phone"
CARD, CARD_UNTIL, STARTS, ENDS = "card_number", "card_expires", "starts", "ends"
GUARDIAN, OWN_CARD = "is_guardian", "own_card"


@dataclass(frozen=True, slots=True)
class Wrong:
    """What was typed cannot be used. A sentence for each field, by its key."""

    wrong: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Linked:
    """The caregiver may buy for the patient from a day to a day."""

    caregiver: Caregiver
    link: CareLink


@dataclass(frozen=True, slots=True)
class Agreed:
    """A consent as it stands."""

    consent: Consent


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it stands."""

    request: Request


@dataclass(frozen=True, slots=True)
class RequestWaiting:
    """What a patient asked about their own record and nobody answered, with the patient's name."""

    request: Request
    name: str


def link_caregiver(
    ledger: Ledger, patient_id: UUID, typed: Mapping[str, str], day: date, *, act: Act
) -> Linked | Wrong:
    """Put a caregiver on record, or find them by their card, and let them buy for a patient.

    The caregiver is a person of their own, and may care for others. Typed again, a link is changed under every record
    of the patient that has it; its last day ends it. Raises `NoSuchRecord` for an unknown patient.
    """
    require(ledger, act, Right.CHANGE_PEOPLE, patient_id)
    patient = ledger.patient(patient_id)
    if patient is None:
        raise NoSuchRecord(f"There is no patient {patient_id}.")
    told = _told(ledger, patient, typed, day, act.id)
    if isinstance(told, Wrong):
        return told
    who, link = told
    card = Card(who.card_number, patient.id, Holder.CAREGIVER, who.full_name, who.card_expires)
    theirs = {each.patient_id for each, other in ledger.caregivers(patient.id) if other.id == who.id}
    also = tuple(sorted(theirs - {patient.id}, key=lambda each: each.hex))
    ledger.record(CaregiverLinked(patient.id, who, link, card, also=also), act)
    return Linked(who, link)


def _told(
    ledger: Ledger, patient: Patient, typed: Mapping[str, str], day: date, new_id: UUID
) -> tuple[Caregiver, CareLink] | Wrong:
    wrong: dict[str, str] = {}

    def taken(key: str, value: str | date | NotUnderstood) -> str | date | None:
        if isinstance(value, NotUnderstood):
            wrong[key] = value.why
            return None
        return value

    def words(key: str) -> str:
        return " ".join(typed.get(key, "").split())

    def maybe_day(key: str) -> date | None:
        value = taken(key, typed_date(words(key))) if words(key) else None
        return value if isinstance(value, date) else None

    family = taken(FAMILY, typed_name(words(FAMILY), "family name"))
    given = taken(GIVEN, typed_name(words(GIVEN), "given name"))
    born = taken(BORN, typed_birth(words(BORN), day)) if words(BORN) else None
    phone = taken(PHONE, typed_phone(words(PHONE)))
    number = taken(CARD, typed_card_number(words(CARD)))
    expires = taken(CARD_UNTIL, typed_date(words(CARD_UNTIL)))
    starts, ends = maybe_day(STARTS) or day, maybe_day(ENDS)
    own = next(iter(ledger.cards_numbered(card_key(words(OWN_CARD)))), None) if words(OWN_CARD) else None
    if words(OWN_CARD) and own is None:
        wrong[OWN_CARD] = "No patient has this card. Take it out, or type the card that they have as a patient."
    if ends is not None and ends < starts:
        wrong[ENDS] = f"The last day ({ends}) is before the first ({starts}). Change one of them."
    if isinstance(born, date) and age_on(born, day) < OF_AGE:
        wrong[BORN] = f"Born {born}, they are under {OF_AGE} themselves. Look at the birth date."
    if _is_themselves(ledger, patient, own, str(number or "")) or _called(patient, str(family), str(given), born):
        wrong[CARD] = f"That is {patient.name}: nobody is caregiver for themselves. Type the caregiver’s own card."
    if wrong or not isinstance(expires, date):
        return Wrong(wrong)
    found = next(iter(ledger.caregivers_on(str(number))), None)
    who = Caregiver(
        id=found.id if found else new_id,
        family_name=str(family),
        given_name=str(given),
        born=born if isinstance(born, date) else (found.born if found else None),
        phone=str(phone or (found.phone if found else "")),
        card_number=str(number),
        card_expires=expires,
        patient_id=own.patient_id if own else (found.patient_id if found else None),
    )
    return who, CareLink(patient.id, who.id, starts, ends, words(GUARDIAN) == "yes")


def _is_themselves(ledger: Ledger, patient: Patient, own: Card | None, number: str) -> bool:
    """Whether the caregiver that was typed has the patient's own card."""
    theirs = {each.key for each in ledger.cards(patient.id) if each.holder is Holder.PATIENT}
    return card_key(number) in theirs or (own is not None and ledger.kept_as(own.patient_id) == patient.id)


def _called(patient: Patient, family: str, given: str, born: object) -> bool:
    """Whether somebody has the patient's names and birth date."""
    called = name_key(family), name_key(given), born
    return called == (name_key(patient.family_name), name_key(patient.given_name), patient.born)


def note_consent(
    ledger: Ledger, patient_id: UUID, text: ConsentText, day: date, *, is_given: bool, by_whom: str, act: Act
) -> Agreed:
    """Put on record that a patient agreed to the words of a consent, or did not. Raises `NoSuchRecord`."""
    require(ledger, act, Right.CHANGE_PEOPLE, patient_id)
    patient = _patient(ledger, patient_id)
    consent = Consent(act.id, patient.id, text.purpose, text.version, is_given, day, by_whom.strip())
    ledger.record(ConsentNoted(patient.id, consent), act)
    return Agreed(consent)


def withdraw_consent(ledger: Ledger, patient_id: UUID, consent_id: UUID, why: str, day: date, *, act: Act) -> Agreed:
    """Put on record that a patient took a consent back. Raises `NoSuchRecord` where none of that id holds."""
    require(ledger, act, Right.CHANGE_PEOPLE, patient_id)
    consent = next((each for each in ledger.consents(patient_id) if each.id == consent_id and each.holds), None)
    if consent is None:
        raise NoSuchRecord(f"No consent {consent_id} holds.")
    ledger.record(ConsentWithdrawn(consent.patient_id, consent.id, day, why.strip()), act)
    return Agreed(replace(consent, withdrawn_on=day, withdrawn_why=why.strip()))


def note_request(ledger: Ledger, patient_id: UUID, kind: RequestKind, words: str, day: date, *, act: Act) -> Asked:
    """Put on record that a patient asks for their record, or that it be amended; its clock runs from then on."""
    require(ledger, act, Right.CHANGE_PEOPLE, patient_id)
    patient = _patient(ledger, patient_id)
    request = Request(act.id, patient.id, kind, day, " ".join(words.split()))
    ledger.record(RequestNoted(patient.id, request), act)
    return Asked(request)


def settle_request(
    ledger: Ledger, patient_id: UUID, request_id: UUID, outcome: RequestOutcome, words: str, *, act: Act
) -> Asked | Wrong:
    """Put on record what became of a request. An extension is given once, and it, as a denial, needs its reason.

    Raises `NoSuchRecord` where none of that id is open.
    """
    require(ledger, act, Right.ANSWER_REQUESTS, patient_id)
    request = next((each for each in ledger.requests(patient_id) if each.id == request_id), None)
    if request is None or request.outcome is not None:
        raise NoSuchRecord(f"No request {request_id} is open.")
    if outcome is RequestOutcome.EXTENDED and request.is_extended:
        return Wrong({"outcome": "It was extended once already, which is all that the law allows. Answer it."})
    if outcome in {RequestOutcome.EXTENDED, RequestOutcome.DENIED} and not words.strip():
        return Wrong({"words": "Type the reason, as it is told to the patient in writing."})
    if outcome is RequestOutcome.AMENDED and request.kind is RequestKind.ACCESS:
        return Wrong({"outcome": "This is a request to see the record. It is given, denied or extended."})
    if outcome is RequestOutcome.GIVEN and request.kind is RequestKind.AMENDMENT:
        return Wrong({"outcome": "This is a request to amend the record. It is amended, denied or extended."})
    ledger.record(RequestSettled(request.patient_id, request.id, outcome, words.strip()), act)
    is_longer = outcome is RequestOutcome.EXTENDED
    return Asked(
        replace(
            request,
            is_extended=request.is_extended or is_longer,
            outcome=None if is_longer else outcome,
            settled_words=words.strip(),
        )
    )


def open_requests(ledger: Ledger, *, act: Act) -> tuple[RequestWaiting, ...]:
    """Return every request that is not settled, the one whose last day comes first before the others."""
    require(ledger, act, Right.SEE_REQUESTS)
    waiting = sorted(ledger.open_requests(), key=lambda each: (each.due, each.id.hex))
    return tuple(RequestWaiting(each, _patient(ledger, each.patient_id).name) for each in waiting)


def _patient(ledger: Ledger, patient_id: UUID) -> Patient:
    patient = ledger.patient(patient_id)
    if patient is None:
        raise NoSuchRecord(f"There is no patient {patient_id}.")
    return patient
