"""The forms about who cares for a patient, what the patient agreed to, and what they ask of their own record."""

from collections.abc import Mapping
from typing import assert_never

from pcc_desk.desk.bringing import NotHandedOut, cannot_write, hand_out_record
from pcc_desk.desk.care import (
    Agreed,
    Asked,
    Linked,
    link_caregiver,
    note_consent,
    note_request,
    settle_request,
    withdraw_consent,
)
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.identity import Known
from pcc_desk.desk.physicians import (
    FAX,
    LICENCE,
    NAME,
    NPI,
    PRACTICE,
    SECURE,
    Certified,
    NotNoted,
    OtherName,
    note_physician,
)
from pcc_desk.desk.rights import Right
from pcc_desk.domain.identity import Physician
from pcc_desk.domain.requests import Request, RequestKind, RequestOutcome
from pcc_desk.domain.withheld import as_far_as_given
from pcc_desk.screens.dialogs import Confirm
from pcc_desk.screens.door.re_enter import NOT_PROVED, proved_act
from pcc_desk.screens.people.ask import WHOLE_FORM, Answer, Ask, saved_words
from pcc_desk.widgets.form import YES_NO, Question


async def caregiver_form(desk: Desk, known: Known) -> Ask:
    """Return the form for a caregiver: a person of their own, and for how long they may buy."""
    asked = (
        Question("card_number", "caregiver's card number", "as printed"),
        Question("card_expires", "it lapses on", "2027-02-28"),
        Question("family_name", "family name"),
        Question("given_name", "given names"),
        Question("born", "born", "may stay empty"),
        Question("phone", "telephone", "may stay empty"),
        Question("is_guardian", "parent or legal guardian", choices=YES_NO),
        Question("starts", "may buy from", f"{desk.today}; empty: today"),
        Question("ends", "to", "the last day; empty: no end is set"),
        Question("own_card", "their card as a patient", "empty: they are none here"),
    )

    async def save(typed: Mapping[str, str]) -> Answer:
        act = desk.act()
        outcome = await desk.store.write(link_caregiver, known.patient.id, typed, desk.today, act=act)
        if isinstance(outcome, Linked):
            until = f" to {outcome.link.ends}" if outcome.link.ends else ""
            return saved_words(desk, act, f"{outcome.caregiver.name} may buy from {outcome.link.starts}{until}.")
        return outcome.wrong

    lead = "Typed again with the same card, the dates are changed; a last day ends it."
    return Ask(desk, known.patient, "Caregiver", lead, asked, save=save)


async def physician_form(desk: Desk, known: Known) -> Ask:
    """Return the form for the physician who certifies the patient."""
    asked = (
        Question(NAME, "physician's name", "Mensah, Ike"),
        Question(LICENCE, "licence", "may stay empty"),
        Question(NPI, "NPI", "ten digits; may stay empty"),
        Question(PRACTICE, "practice", "name and town"),
        Question(FAX, "fax", "may stay empty"),
        Question(SECURE, "secure address", "Direct mail or portal; may stay empty"),
    )
    who = known.physician
    stands = {each.key: str(getattr(who, each.key)) for each in asked} if who else {NAME: known.patient.certified_by}

    async def save(typed: Mapping[str, str]) -> Answer:
        act = desk.act()
        outcome = await desk.store.write(note_physician, known.patient.id, typed, act=act)
        if isinstance(outcome, OtherName):
            theirs = f"This NPI is {outcome.physician.name}’s"
            question = f"{theirs}. Are they called {typed[NAME]} now?"
            if not await form.app.push_screen_wait(Confirm(question, "Then they are for all their patients.")):
                return {NPI: f"{theirs}, on record. For another physician take it out, or type the other’s."}
            act = desk.act()
            outcome = await desk.store.write(note_physician, known.patient.id, typed, act=act, is_renamed=True)
        match outcome:
            case NotNoted(wrong=wrong):
                return wrong
            case OtherName():
                return {NPI: "A colleague changed this physician meanwhile. Go back to read it."}
            case Certified():
                labels = {each.key: each.label for each in asked}
                return saved_words(desk, act, _certified_words(outcome, who, labels))
            case _:
                assert_never(outcome)

    lead = (
        "What you change of a physician is true for all their patients. "
        "For another one type their name and NPI, or no NPI: what is the first’s is not taken over."
    )
    form = Ask(desk, known.patient, "Physician", lead, asked, save=save, values=stands)
    return form


def _certified_words(told: Certified, before: Physician | None, labels: Mapping[str, str]) -> str:
    """Return who certifies a patient now, and whom else that is about: what a short line may cut comes last."""
    who, whom = told.physician.name, told.patient.name
    left = ", ".join(labels[key] for key in told.left_out)
    without = f" Not taken over from {before.name}: {left}." if before is not None and left else ""
    is_renamed = before is not None and before.id == told.physician.id and before.name != who
    elsewhere = " For the others the Queue shows the former name still." if is_renamed else ""
    if told.is_changed:
        return f"changed for all patients of {who}, who certifies {whom}.{elsewhere}{without}"
    is_new_here = told.is_known and (before is None or before.id != told.physician.id)
    return f"{who} certifies {whom}{', who was on record already' if is_new_here else ''}.{without}"


async def consent_form(desk: Desk, known: Known) -> Ask:
    """Return the form by which a consent is given, refused or taken back."""
    texts = {each.purpose.replace("_", " "): each for each in desk.intake_rules().consents}
    asked = (
        Question("purpose", "for", choices=tuple(texts)),
        Question("what", "it is", choices=("given", "refused", "withdrawn")),
        Question("by_whom", "by", "empty: the patient; or the guardian's name"),
        Question("why", "why it is withdrawn", "may stay empty"),
    )

    async def save(typed: Mapping[str, str]) -> Answer:
        text = texts.get(typed["purpose"])
        if text is None:
            return {"purpose": f"Type one of: {', '.join(texts)}."}
        act = desk.act()
        outcome: Agreed
        if typed["what"] == "withdrawn":
            holding = [each for each in as_far_as_given(known.consents) if each.purpose == text.purpose and each.holds]
            if not holding:
                return {"what": "No consent for this holds: there is nothing to take back."}
            outcome = await desk.store.write(
                withdraw_consent, known.patient.id, holding[-1].id, typed["why"], desk.today, act=act
            )
            return saved_words(desk, act, f"{text.label}: withdrawn {outcome.consent.withdrawn_on}.")
        if typed["what"] not in {"given", "refused"}:
            return {"what": "Type given, refused or withdrawn."}
        outcome = await desk.store.write(
            note_consent,
            known.patient.id,
            text,
            desk.today,
            is_given=typed["what"] == "given",
            by_whom=typed["by_whom"],
            act=act,
        )
        return saved_words(desk, act, f"{text.label}: {typed['what']}, by the words of {outcome.consent.version}.")

    lead = " · ".join(f"{name}: “{each.text}”" for name, each in list(texts.items())[:1])
    return Ask(desk, known.patient, "Consent", lead, asked, save=save)


async def request_form(desk: Desk, known: Known) -> Ask:
    """Return the form for a patient's request to see their record, or to have it amended."""
    kinds = {"to see the record": RequestKind.ACCESS, "amend it": RequestKind.AMENDMENT}
    asked = (
        Question("kind", "the patient asks", choices=tuple(kinds)),
        Question("words", "in their words", longest=2000),
    )

    async def save(typed: Mapping[str, str]) -> Answer:
        kind = kinds.get(typed["kind"])
        wrong = {} if kind else {"kind": "Type the beginning of one: to see the record; amend it."}
        if not typed["words"]:
            wrong["words"] = "Type what is asked for, in the patient's words."
        if wrong or kind is None:
            return wrong
        act = desk.act()
        outcome: Asked = await desk.store.write(
            note_request, known.patient.id, kind, typed["words"], desk.today, act=act
        )
        return saved_words(desk, act, f"the request is to be answered by {outcome.request.due}.")

    lead = "Seeing the record: within 30 days (45 CFR 164.524). Amending it: within 60 (45 CFR 164.526)."
    return Ask(desk, known.patient, "Request", lead, asked, save=save)


async def answer_form(desk: Desk, known: Known) -> Ask:
    """Return the form for what became of a request."""
    open_ones = _named(tuple(each for each in as_far_as_given(known.requests) if each.outcome is None))
    asked = (
        Question("which", "which request", choices=tuple(open_ones)),
        Question("outcome", "it is", choices=tuple(each.value for each in RequestOutcome)),
        Question("words", "told the patient", "the reason, where it is denied or takes longer"),
    )

    async def save(typed: Mapping[str, str]) -> Answer:
        request = open_ones.get(typed["which"])
        wrong: dict[str, str] = {}
        if request is None:
            wrong["which"] = f"Type the beginning of one of: {'; '.join(open_ones)}."
        if typed["outcome"] not in {each.value for each in RequestOutcome}:
            wrong["outcome"] = f"Type one of: {', '.join(each.value for each in RequestOutcome)}."
        if wrong or request is None:
            return wrong
        act, outcome = desk.act(), RequestOutcome(typed["outcome"])
        settled = await desk.store.write(settle_request, known.patient.id, request.id, outcome, typed["words"], act=act)
        if isinstance(settled, Asked):
            return saved_words(desk, act, f"the {typed['which']} is {outcome}.")
        return settled.wrong

    stands = {"which": next(iter(open_ones))} if len(open_ones) == 1 else {}
    words = "; ".join(f"{name}: {each.words or 'no words of it'}" for name, each in open_ones.items())
    lead = f"In writing, with the reason. {words}"
    return Ask(desk, known.patient, "Answer to a request", lead, asked, save=save, values=stands)


def _named(requests: tuple[Request, ...]) -> dict[str, Request]:
    """Return requests by what they are called; of one kind and day several bear a number in front."""
    names = [f"{each.kind} of {each.made_on}" for each in requests]
    if len(set(names)) < len(names):
        names = [f"{place} {name}" for place, name in enumerate(names, 1)]
    return dict(zip(names, requests, strict=True))


async def record_form(desk: Desk, known: Known) -> Ask:
    """Return the form that writes the patient's whole record into a folder, for them to have."""
    asked = (Question("folder", "into the folder", "such as a memory stick’s: /media/stick"),)

    async def save(typed: Mapping[str, str]) -> Answer:
        why = cannot_write(desk, typed["folder"])
        if why:
            return {"folder": why}
        act = await proved_act(form.app, desk, Right.EXPORT)
        if act is None:
            return {WHOLE_FORM: NOT_PROVED}
        outcome = await hand_out_record(desk, known.patient.id, typed["folder"], act)
        if isinstance(outcome, NotHandedOut):
            return {"folder": outcome.why}
        return saved_words(
            desk, act, f"{outcome.where}.txt and .json, {outcome.entries} entries. Hand them over, then delete them."
        )

    lead = "Two files, to be read and for programs (45 CFR 164.524). They are not encrypted: hand them over yourself."
    form = Ask(desk, known.patient, "The whole record", lead, asked, save=save)
    return form
