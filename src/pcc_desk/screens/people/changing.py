"""The forms by which what is known of a patient is changed: what each asks, and what it puts on record."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import date

from pcc_desk.desk.audit import note_search, on_record
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.identity import (
    CardTaken,
    Changed,
    Known,
    NoReason,
    change_patient,
    note_card,
    note_details,
    set_status,
)
from pcc_desk.desk.people import NotRegistered, newcomer_of
from pcc_desk.domain.identity import PatientStatus
from pcc_desk.domain.people import Holder
from pcc_desk.domain.typed_people import typed_card_number, typed_date, typed_email, typed_phone
from pcc_desk.domain.what_if import NotUnderstood
from pcc_desk.domain.withheld import Withheld
from pcc_desk.screens.people.ask import NEEDS_WHY, WHY, Answer, Ask, saved_words
from pcc_desk.screens.people.caring import (
    answer_form,
    caregiver_form,
    consent_form,
    physician_form,
    record_form,
    request_form,
)
from pcc_desk.screens.people.joining import merge_form, part_form
from pcc_desk.screens.people.register import QUESTIONS
from pcc_desk.screens.words import lapsed_words
from pcc_desk.widgets.form import Question

CARD_KEYS = {"card_number", "card_expires"}

CONTACT_BY = ("telephone", "text", "e-mail", "letter", "not at all")

DETAILS = (
    Question("preferred_name", "likes to be called"),
    Question("pronouns", "pronouns", "she, he, they"),
    Question("language", "language"),
    Question("accessibility", "needs", "large print, interpreter, wheelchair, homebound"),
    Question("address", "address"),
    Question("email", "e-mail"),
    Question("contact_by", "wants to be reached by", choices=CONTACT_BY),
    Question("shared_contact", "telephone, e-mail shared", "with whom; or no"),
    Question("emergency_name", "in an emergency call"),
    Question("emergency_relation", "who is their", "daughter, neighbour"),
    Question("emergency_phone", "at telephone"),
    Question("home_jurisdiction", "visitor: card is from", "AR, DE; empty: at home here"),
)


async def name_form(desk: Desk, known: Known) -> Ask:
    """Return the form for names, birth date, telephone, certification and remarks."""
    patient = known.patient
    lapses = patient.certification_expires
    stands = {
        "family_name": patient.family_name,
        "given_name": patient.given_name,
        "born": str(patient.born),
        "phone": patient.phone,
        "certified_by": patient.certified_by,
        "certification_expires": str(lapses) if isinstance(lapses, date) else "",
        "remarks": patient.remarks,
    }

    async def save(typed: Mapping[str, str]) -> Answer:
        told = newcomer_of(typed, patient.id, desk.today)
        if isinstance(told, NotRegistered):
            return told.wrong
        act = desk.act()
        outcome = await desk.store.write(change_patient, told.patient, typed["why"], act=act)
        if isinstance(outcome, NoReason):
            return {"why": "Say why the name or the birth date is another: married, mistyped, a court order."}
        lapsed = lapsed_words(typed["certification_expires"], "certification", desk.today)
        return saved_words(desk, act, f"{outcome.patient.name}. The former name finds them still. {lapsed}".strip())

    asked = tuple(each for each in QUESTIONS if each.key not in CARD_KEYS)
    lead = "A former name stays on record and finds the patient still."
    return Ask(desk, patient, "Name and certification", lead, (*asked, WHY), save=save, values=stands)


def wrong_details(typed: Mapping[str, str]) -> dict[str, str]:
    """Return what cannot be used of how somebody is reached, each with why."""
    read = {
        "email": typed_email(typed.get("email", "")),
        "emergency_phone": typed_phone(typed.get("emergency_phone", "")),
    }
    wrong = {key: each.why for key, each in read.items() if isinstance(each, NotUnderstood)}
    if typed.get("contact_by", "") not in {"", *CONTACT_BY}:
        wrong["contact_by"] = f"Type one of: {', '.join(CONTACT_BY)}."
    return wrong


async def details_form(desk: Desk, known: Known) -> Ask:
    """Return the form for language, needs, contact and whom to call."""
    before = known.details
    stands = {each.key: str(getattr(before, each.key)) for each in DETAILS}

    async def save(typed: Mapping[str, str]) -> Answer:
        told = {key: words for key, words in typed.items() if not isinstance(getattr(before, key), Withheld)}
        wrong = wrong_details(told)
        if wrong:
            return wrong
        act = desk.act()
        await desk.store.write(note_details, known.patient.id, replace(before, **told), act=act)  # type: ignore[arg-type]
        return saved_words(desk, act, "details.")

    lead = "What is told here is shown to who serves the patient."
    return Ask(desk, known.patient, "Details", lead, DETAILS, save=save, values=stands)


async def card_form(desk: Desk, known: Known) -> Ask:
    """Return the form for a card: a first one, or one in the place of another."""
    own = [each for each in known.cards if each.holder is Holder.PATIENT and not each.renewed_as]
    asked = (
        Question("card_number", "new card number", "as printed"),
        Question("card_expires", "it lapses on", "2027-02-28"),
        Question("replaces", "in the place of", "the number that it renews; empty: none"),
    )

    async def save(typed: Mapping[str, str]) -> Answer:
        number, expires = typed_card_number(typed["card_number"]), typed_date(typed["card_expires"])
        wrong = {
            key: each.why
            for key, each in (("card_number", number), ("card_expires", expires))
            if isinstance(each, NotUnderstood)
        }
        if typed["replaces"] and not any(each.number == typed["replaces"] for each in known.cards):
            wrong["replaces"] = "The patient has no card of this number. Type it as it stands above, or leave it empty."
        if isinstance(number, NotUnderstood) or isinstance(expires, NotUnderstood) or wrong:
            return wrong
        act = desk.act()
        outcome = await desk.store.write(note_card, known.patient.id, number, expires, typed["replaces"], act=act)
        match outcome:
            case CardTaken(card=card, patient=patient) if card.holder is Holder.CAREGIVER:
                whose = f"{card.number} is the card of {card.holder_name}, caregiver of {patient.name}."
                return {"card_number": f"{whose} Type the patient’s own card, or change the caregiver’s with g."}
            case CardTaken(card=card, patient=patient):
                await on_record(desk, note_search, number, 1, act=desk.act())
                whose = f"{card.number} is the card of {patient.name}, born {patient.born}."
                return {"card_number": f"{whose} A card is one person's: look at the card again."}
            case Changed():
                return saved_words(desk, act, f"card {number}.")

    lead = "The number of a card that was renewed finds the patient still."
    stands = {"replaces": own[0].number} if own else {}
    return Ask(desk, known.patient, "Card", lead, asked, save=save, values=stands)


async def status_form(desk: Desk, known: Known) -> Ask:
    """Return the form for how a patient stands with the shop."""
    asked = (Question("status", "status", choices=tuple(each.value for each in PatientStatus)), WHY)

    async def save(typed: Mapping[str, str]) -> Answer:
        if typed["status"] not in {each.value for each in PatientStatus}:
            return {"status": f"Type one of: {', '.join(each.value for each in PatientStatus)}."}
        act = desk.act()
        status = PatientStatus(typed["status"])
        outcome = await desk.store.write(set_status, known.patient.id, status, typed["why"], act=act)
        return (
            NEEDS_WHY if isinstance(outcome, NoReason) else saved_words(desk, act, f"{known.patient.name} is {status}.")
        )

    lead = "Who is deceased or banned is neither checked in nor handed anything."
    return Ask(desk, known.patient, "Status", lead, asked, save=save, values={"status": known.standing.status.value})


FORMS: dict[str, Callable[[Desk, Known], Awaitable[Ask]]] = {
    "name": name_form,
    "details": details_form,
    "card": card_form,
    "caregiver": caregiver_form,
    "physician": physician_form,
    "status": status_form,
    "consent": consent_form,
    "merge": merge_form,
    "part": part_form,
    "request": request_form,
    "answer": answer_form,
    "record": record_form,
}
"""What each key of the screen asks."""
