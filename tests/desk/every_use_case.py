"""Every use case of the desk with the right it needs, and a world in which each can be tried."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pcc_desk.desk
from pcc_desk.desk import (
    alarms,
    amending,
    announced_exceptions,
    appointments,
    audit,
    bringing,
    by_hand,
    calendars,
    care,
    chart,
    check_in,
    closing,
    columns,
    disclosures,
    dispensing,
    entitlements,
    evidence,
    fixing,
    holds,
    identity,
    intake,
    judging_again,
    matching,
    merging,
    monitor,
    morning,
    notes,
    outages,
    outbox_acts,
    outbox_work,
    people,
    physicians,
    printing,
    pulse,
    queue,
    reconcile,
    reviewing,
    rules,
    shelves,
    staff,
    standing,
    stock,
    today,
    verifying,
)
from pcc_desk.desk.records import EventsAsked, RollBack
from pcc_desk.desk.rights import Right
from pcc_desk.domain.audit_entries import Sight, Typed
from pcc_desk.domain.calendars import CalendarEvent
from pcc_desk.domain.closing import Decision
from pcc_desk.domain.closing_entries import PacketWritten, ShelvesCompared
from pcc_desk.domain.columns import ColumnMap, SaleField
from pcc_desk.domain.crowd import Crowd
from pcc_desk.domain.dispensing import Dispensation, PostingState
from pcc_desk.domain.entries import (
    Act,
    AmountSet,
    NoteSigned,
    PatientRegistered,
    PostingMoved,
    RulesTakenUp,
    StaffAdded,
)
from pcc_desk.domain.hours import Hours
from pcc_desk.domain.identity import Details, PatientStatus
from pcc_desk.domain.licences import Licence
from pcc_desk.domain.outages import CapKind, NoteKind, Outage
from pcc_desk.domain.papers import PaperAmount
from pcc_desk.domain.people import Card, Holder, Patient, Person, Role, SecretKind
from pcc_desk.domain.reconciling.classes import FindingClass
from pcc_desk.domain.reconciling.findings import DayComparison, Finding
from pcc_desk.domain.registry import RegistryStanding, Verification
from pcc_desk.domain.requests import RequestKind, RequestOutcome
from pcc_desk.domain.sales import Sale
from pcc_desk.domain.shelf import Guest
from pcc_desk.domain.staff_entries import VaultTrouble
from pcc_desk.domain.typed_exceptions import TypedException
from pcc_desk.domain.typed_readings import CardSays
from pcc_desk.domain.visits import Reason, Visit, VisitState
from pcc_desk.rulebook import rules_for
from pcc_desk.rulebook.intake import intake_for
from tests.desk.counter import (
    ANA,
    CHIDI,
    DREAM,
    FRESH_FOR,
    MARA,
    OPENING,
    SHOP,
    STOCK,
    TODAY,
    Counter,
    expected,
    grams,
    says,
)

NORA = Patient(
    UUID(int=0x77), "Vance", "Nora", date(1961, 5, 5), "PHONE-7731", date(2026, 9, 17), "DOCTOR-7733", "REMARKS-7732"
)
NORAS_CARD = Card("MI-P-0077-1001", NORA.id, Holder.PATIENT, "Nora Vance", date(2027, 6, 30))
NEWCOMER = people.Newcomer(Patient(UUID(int=0x78), "Ito", "Rei", date(1988, 2, 2)), None)
LICENCE = Licence("VANCE", "NORA", "", date(1961, 5, 5), None, "", "")
CAREGIVER = {
    "family_name": "Vance",
    "given_name": "Olu",
    "card_number": "MI-C-77",
    "card_expires": "2027-01-01",
}
NOTE = "NOTE-7734"
PAPER = "PAPER-7735"
MICHIGAN = rules_for("MI", TODAY)
MARYLAND = rules_for("MD", TODAY)


@dataclass
class World:
    """A counter on a morning on which everything is there to be done."""

    counter: Counter
    visit: Visit
    coming: Visit
    given: Dispensation
    outage: Outage

    def with_desk(self) -> dict[str, Any]:
        """Return what use cases are given of a desk."""
        desk = self.counter.desk
        return {"rules_on": desk.rules_on, "shop": SHOP, "fresh_for": FRESH_FOR, "is_out": False}

    def somebody(self, role: Role) -> Person:
        """Return a member of staff of a role."""
        return Person(UUID(int=0xF0 + list(Role).index(role)), f"Somebody, {role}", role)


async def a_world() -> World:
    """Return the world: Nora waits, was sold to and written of; her post is parked; an outage lasts."""
    counter = Counter()
    world_people = [Person(UUID(int=0xF0 + number), f"Somebody, {role}", role) for number, role in enumerate(Role)]
    counter.put(*(StaffAdded(each) for each in world_people), PatientRegistered(NORA, (NORAS_CARD,)))
    counter.state.standings[NORAS_CARD.number] = says(NORAS_CARD)
    coming = counter.book(expected(NORA, 8))
    visit = counter.book(replace(expected(NORA, 7), state=VisitState.WAITING, arrived_at=OPENING))
    given = await counter.give(grams("3.5"), card=NORAS_CARD)
    verification = counter.ledger.last_verification(NORA.id)
    assert verification is not None
    counter.put(NoteSigned(UUID(int=0x7734), NORA.id, visit.id, verification.id, NOTE))
    counter.put(AmountSet(NORA.id, PaperAmount("mi-day", Decimal(2), False, date.min, date.max, PAPER)))
    counter.put(RulesTakenUp("MI", MICHIGAN.ruleset, MICHIGAN.fingerprint, "text"))
    counter.put(PostingMoved(given.id, NORA.id, PostingState.PARKED, 1, 0, OPENING, "", "asked about", entered_by=None))
    outage = monitor.begin_outage(counter.ledger, "METRC", (), act=counter.desk.act_by_itself())
    return World(counter, visit, coming, given, outage)


Try = Callable[[World, Act], object]


def _on(use_case: Callable[..., object], *arguments: object, **named: object) -> Try:
    return lambda world, act: use_case(world.counter.ledger, *arguments, act=act, **named)


def _of(
    use_case: Callable[..., object], pick: Callable[[World], tuple[object, ...]], **named: object
) -> Callable[[World, Act], object]:
    return lambda world, act: use_case(world.counter.ledger, *pick(world), act=act, **named)


def _with_desk(use_case: Callable[..., object], pick: Callable[[World], tuple[object, ...]]) -> Try:
    return lambda world, act: use_case(world.counter.ledger, *pick(world), act=act, **world.with_desk())


def _sale(world: World) -> tuple[object, ...]:
    return (world.given.id,)


def _visit(world: World) -> tuple[object, ...]:
    return (world.visit.id,)


def _outage(world: World) -> tuple[object, ...]:
    return (world.outage.id,)


def _read(world: World, act: Act) -> object:
    seen = by_hand.Seen("the state's page", CardSays.ACTIVE)
    return by_hand.keep_reading(
        world.counter.ledger, NORA.id, NORAS_CARD.number, seen, system="METRC", since=OPENING, act=act
    )


def _asked(world: World, act: Act) -> object:
    answer = RegistryStanding(NORAS_CARD.number, True, ())
    asked = Verification(act.id, NORA.id, NORAS_CARD.number, act.at, "METRC", answer)
    return verifying.keep_verification(world.counter.ledger, asked, act=act)


def _moved(world: World, act: Act) -> object:
    posting = world.counter.posting(world.given)
    after = replace(posting, state=PostingState.WAITING)
    return outbox_work.move_if_unchanged(world.counter.ledger, posting, after, act=act)


def _begun_to_send(world: World, act: Act) -> object:
    posting = world.counter.posting(world.given)
    after = replace(posting, state=PostingState.WAITING)
    return outbox_work.begin_to_send(world.counter.ledger, posting, after, act=act)


def _seen(world: World, act: Act) -> object:
    named = {key: value for key, value in world.with_desk().items() if key != "shop"}
    return standing.standing_seen(world.counter.ledger, NORA.id, day=TODAY, act=act, **named)


def _signed(world: World, act: Act) -> object:
    return notes.sign_note(
        world.counter.ledger,
        world.visit.id,
        "words",
        outage=MICHIGAN.outage,
        fresh_for=FRESH_FOR,
        act=act,
        is_out=False,
    )


def _exception() -> TypedException:
    return TypedException(OPENING, OPENING + timedelta(days=1), CapKind.FILE, (), "Bulletin 26-04")


COMPARED = DayComparison(
    day=TODAY,
    zone=SHOP.zone,
    compared_at=OPENING,
    sales=0,
    receipts=0,
    matched=0,
    findings=(),
    not_compared=(),
)

EVENT = CalendarEvent("ics:1", OPENING + timedelta(days=2), 30, "Nora Vance")
GUEST = Guest("Vance, Nora", OPENING)
LATER = appointments.When(OPENING + timedelta(days=3), 30)
FIXED = closing.Intent(Decision.FIXED, "posted by hand")
COLUMNS = ColumnMap(((SaleField.NUMBER, "order id"),))
PACKET = PacketWritten(TODAY, "2026-03-12.zip", "ab" * 32, "digest")


def _missing(world: World) -> tuple[object, ...]:
    sale = Sale("4471", OPENING, (), world.given.external_number)
    return (Finding(FindingClass.MISSING_IN_STATE, sale, None, "3.5 g", "post it"),)


ROLLED_BACK = RollBack(9, "ab", 5, "cd", "older")
DISCLOSED = disclosures.Given(TODAY, "The court", "1 Main Street", "the chart", "an order")
EVERYTHING = EventsAsked(OPENING - timedelta(days=9), OPENING + timedelta(days=9))
NOTHING_SEEN = reviewing.Overview(1, 0, None, None, ())

WRITES: dict[str, tuple[Right, Try]] = {
    "alarms.acknowledge": (
        Right.ACT_AT_ONCE,
        _on(alarms.acknowledge, NORA.id, (UUID(int=0x404),), "Her sister is with her."),
    ),
    "amending.correct_dispensation": (
        Right.CORRECT,
        _of(amending.correct_dispensation, lambda world: (world.given.id, (grams("3"),), "weighed again")),
    ),
    "amending.void_dispensation": (
        Right.VOID,
        _of(amending.void_dispensation, lambda world: (world.given.id, "rung up twice")),
    ),
    "appointments.book": (
        Right.BOOK,
        _on(appointments.book, NORA.id, Reason.FOLLOW_UP, LATER, shop=SHOP, hours=Hours()),
    ),
    "appointments.move_appointment": (
        Right.BOOK,
        _of(appointments.move_appointment, lambda world: (world.coming.id, LATER), shop=SHOP, hours=Hours()),
    ),
    "appointments.cancel_appointment": (
        Right.BOOK,
        _of(appointments.cancel_appointment, lambda world: (world.coming.id,)),
    ),
    "calendars.take_event": (
        Right.BOOK,
        _on(calendars.take_event, EVENT, shop=SHOP, hours=Hours()),
    ),
    "calendars.take_guest": (Right.BOOK, _on(calendars.take_guest, GUEST, shop=SHOP)),
    "audit.note_look": (Right.OPEN_CHART, _on(audit.note_look, NORA.id, Sight.DISCLOSURES)),
    "audit.explain_roll_back": (Right.RESTORE, _on(audit.explain_roll_back, ROLLED_BACK, "an old copy was put back")),
    "bringing.bring_along": (Right.BRING_ALONG, _on(bringing.bring_along, NEWCOMER, Crowd())),
    "bringing.say_columns": (Right.BRING_ALONG, _on(bringing.say_columns, "ab12", {"born": "dob"})),
    "bringing.whole_record": (Right.EXPORT, _on(bringing.whole_record, NORA.id, "files")),
    "by_hand.keep_reading": (Right.ASK_REGISTRY, _read),
    "by_hand.leave_to_people": (Right.POST, _of(by_hand.leave_to_people, lambda world: (world.given.id, "METRC"))),
    "chart.note_opening": (Right.OPEN_CHART, _on(chart.note_opening, NORA.id)),
    "check_in.check_in": (
        Right.CHECK_IN,
        _on(check_in.check_in, NORA.id, NORAS_CARD.number, Reason.REFILL, TODAY),
    ),
    "check_in.arrive": (Right.CHECK_IN, _on(check_in.arrive, NORA.id, Reason.REFILL, TODAY)),
    "disclosures.disclose": (Right.OPEN_CHART, _on(disclosures.disclose, NORA.id, DISCLOSED, TODAY)),
    "disclosures.give_accounting": (Right.EXPORT, _on(disclosures.give_accounting, NORA.id, "printed", TODAY)),
    "dispensing.dispense": (
        Right.DISPENSE,
        _with_desk(dispensing.dispense, lambda world: (NORA.id, (grams("1"),))),
    ),
    "entitlements.note_entitlement": (
        Right.NOTE_PAPERS,
        _on(entitlements.note_entitlement, NORA.id, (), TODAY, None, rules=MICHIGAN),
    ),
    "entitlements.set_amount": (
        Right.WAIVE,
        _on(entitlements.set_amount, NORA.id, "mi-day", None, is_waiver=True, paper="Letter 17", rules=MICHIGAN),
    ),
    "entitlements.set_amount, a practitioner's": (
        Right.NOTE_PAPERS,
        _on(entitlements.set_amount, NORA.id, "mi-day", Decimal(1), is_waiver=False, paper="Order 3", rules=MICHIGAN),
    ),
    "holds.reserve": (Right.SET_ASIDE, _with_desk(holds.reserve, lambda world: (NORA.id, world.visit.id))),
    "holds.close": (Right.SET_ASIDE, _of(holds.close, _visit)),
    "identity.change_patient": (
        Right.CHANGE_PEOPLE,
        _on(identity.change_patient, replace(NORA, family_name="Vance-Ito"), "married"),
    ),
    "identity.note_details": (Right.CHANGE_PEOPLE, _on(identity.note_details, NORA.id, Details(language="Spanish"))),
    "identity.note_card": (Right.CHANGE_PEOPLE, _on(identity.note_card, NORA.id, "MI-P-0077-2", TODAY)),
    "identity.set_status": (
        Right.CHANGE_PEOPLE,
        _on(identity.set_status, NORA.id, PatientStatus.ARCHIVED, "moved away"),
    ),
    "merging.beside": (Right.MERGE, _on(merging.beside, MARA.id, CHIDI.id)),
    "merging.merge": (Right.MERGE, _on(merging.merge, MARA.id, CHIDI.id, "one person", TODAY)),
    "merging.part": (Right.MERGE, _on(merging.part, NORA.id, UUID(int=0x404), "two persons", TODAY)),
    "intake.open_intake": (Right.INTAKE, _on(intake.open_intake, NORA.id, intake_for("MI"), TODAY)),
    "intake.answer": (Right.INTAKE, _on(intake.answer, NORA.id, "language", "Spanish", intake_for("MI"))),
    "intake.verify_intake": (Right.INTAKE, _on(intake.verify_intake, NORA.id, intake_for("MI"), TODAY)),
    "care.link_caregiver": (Right.CHANGE_PEOPLE, _on(care.link_caregiver, NORA.id, CAREGIVER, TODAY)),
    "physicians.note_physician": (
        Right.CHANGE_PEOPLE,
        _on(physicians.note_physician, NORA.id, {"name": "Moreau, Lise", "fax": "313-555-0144"}),
    ),
    "care.note_consent": (
        Right.CHANGE_PEOPLE,
        _on(care.note_consent, NORA.id, intake_for("MI").consents[0], TODAY, is_given=True, by_whom=""),
    ),
    "care.withdraw_consent": (
        Right.CHANGE_PEOPLE,
        _on(care.withdraw_consent, NORA.id, UUID(int=0x404), "", TODAY),
    ),
    "care.note_request": (
        Right.CHANGE_PEOPLE,
        _on(care.note_request, NORA.id, RequestKind.ACCESS, "everything", TODAY),
    ),
    "care.settle_request": (
        Right.ANSWER_REQUESTS,
        _on(care.settle_request, NORA.id, UUID(int=0x404), RequestOutcome.GIVEN, ""),
    ),
    "monitor.begin_outage": (Right.KEEP_OUTAGES, _on(monitor.begin_outage, "BIOTRACK", ())),
    "matching.note_scan": (Right.FIND_PATIENT, _on(matching.note_scan, Typed.LICENCE, 1)),
    "monitor.end_outage": (Right.KEEP_OUTAGES, _on(monitor.end_outage, "METRC", OPENING)),
    "notes.sign_note": (Right.SIGN_NOTES, _signed),
    "notes.keep_draft": (Right.SIGN_NOTES, _of(notes.keep_draft, lambda world: (world.visit.id, "words"))),
    "outages.note_outage": (
        Right.NOTE_OUTAGES,
        _of(outages.note_outage, lambda world: (world.outage.id, NoteKind.NOTICE, "Bulletin 26-04")),
    ),
    "announced_exceptions.announce_exception": (
        Right.ANNOUNCE_EXCEPTIONS,
        _on(announced_exceptions.announce_exception, _exception(), rules=MARYLAND),
    ),
    "announced_exceptions.withdraw_exception": (
        Right.ANNOUNCE_EXCEPTIONS,
        _on(announced_exceptions.withdraw_exception, UUID(int=0xEE), "typed wrongly"),
    ),
    "outages.give_sheet": (
        Right.HAND_OUT_OUTAGES,
        _of(outages.give_sheet, lambda world: (world.outage.id, "printed", SHOP)),
    ),
    "judging_again.keep_review": (
        Right.JUDGE_OUTAGES,
        lambda world, act: judging_again.keep_review(
            world.counter.ledger, world.outage.id, {}, rules_on=world.counter.desk.rules_on, shop=SHOP, act=act
        ),
    ),
    "outbox_acts.send_again": (Right.DECIDE_POSTS, _of(outbox_acts.send_again, _sale)),
    "outbox_acts.try_now": (Right.DECIDE_POSTS, _of(outbox_acts.try_now, _sale)),
    "outbox_acts.look_up_now": (Right.DECIDE_POSTS, _of(outbox_acts.look_up_now, _sale)),
    "outbox_acts.enter_by_hand": (
        Right.DECIDE_POSTS,
        _of(outbox_acts.enter_by_hand, lambda world: (world.given.id, "90001")),
    ),
    "outbox_acts.give_up": (Right.GIVE_UP_POSTS, _of(outbox_acts.give_up, lambda world: (world.given.id, "never"))),
    "outbox_work.begin_to_send": (Right.POST, _begun_to_send),
    "outbox_work.move_if_unchanged": (Right.POST, _moved),
    "people.register_patient": (Right.REGISTER, _on(people.register_patient, NEWCOMER)),
    "printing.note_printing": (Right.PRINT, _on(printing.note_printing, NORA.id, "standing")),
    "queue.move_visit": (Right.CHECK_IN, _of(queue.move_visit, lambda world: (world.visit.id, VisitState.PARKED))),
    "reconcile.keep_comparison": (Right.RECONCILE, _on(reconcile.keep_comparison, COMPARED)),
    "closing.decide": (Right.RECONCILE, _on(closing.decide, TODAY, "MISSING_IN_STATE|4471|", FIXED)),
    "columns.say_columns": (Right.RECONCILE, _on(columns.say_columns, "ab", COLUMNS)),
    "closing.sign_day": (Right.SIGN_DAY, _on(closing.sign_day, TODAY, "")),
    "shelves.keep_shelves": (Right.RECONCILE, _on(shelves.keep_shelves, ShelvesCompared(1, 1, 0, 0, True))),
    "evidence.note_sheet": (Right.RECONCILE, _on(evidence.note_sheet, TODAY)),
    "evidence.note_packet": (Right.RECONCILE, _on(evidence.note_packet, PACKET)),
    "reviewing.note_trail": (Right.AUDIT, _on(reviewing.note_trail, NORA.id)),
    "reviewing.sign_review": (Right.AUDIT, _on(reviewing.sign_review, NOTHING_SEEN)),
    "rules.take_up_rules": (Right.TAKE_UP_RULES, _on(rules.take_up_rules, MARYLAND, "text")),
    "rules.acknowledge_rules": (Right.KNOW_RULES, _on(rules.acknowledge_rules, MICHIGAN.fingerprint)),
    "rules.confirm_rules": (Right.CONFIRM_RULES, _on(rules.confirm_rules, MICHIGAN.fingerprint, "")),
    "staff.add_person": (Right.STAFF, _on(staff.add_person, "Noor Haddad", Role.COORDINATOR)),
    "staff.let_go": (Right.STAFF, _on(staff.let_go, ANA.id)),
    "staff.give_role": (Right.STAFF, _on(staff.give_role, ANA.id, Role.PHARMACIST)),
    "staff.note_secret": (Right.STAFF, _on(staff.note_secret, ANA.id, SecretKind.PIN)),
    "staff.note_secret, one's own": (
        Right.OWN_SECRET,
        lambda world, act: staff.note_secret(world.counter.ledger, act.by, SecretKind.PIN, act=act),
    ),
    "staff.note_pin_taken, one's own": (
        Right.OWN_SECRET,
        lambda world, act: staff.note_pin_taken(world.counter.ledger, act.by, act=act),
    ),
    "staff.note_pin_taken": (Right.STAFF, _on(staff.note_pin_taken, ANA.id)),
    "staff.allow_tries": (Right.STAFF, _on(staff.allow_tries, ANA.id)),
    "staff.may_change": (Right.STAFF, _on(staff.may_change)),
    "staff.seal_slots": (Right.STAFF, _on(staff.seal_slots, "a test of ours", (VaultTrouble.SLOTS_CHANGED,))),
    "today.note_check": (Right.CHECK_MORNING, _on(today.note_check, TODAY, ())),
    "today.explain_mornings": (
        Right.CHECK_MORNING,
        _on(today.explain_mornings, (TODAY - timedelta(days=1),), "no power", TODAY),
    ),
    "today.note_brief": (Right.CHECK_MORNING, _on(today.note_brief, TODAY)),
    "verifying.keep_verification": (Right.ASK_REGISTRY, _asked),
    "stock.keep_stock": (Right.READ_STOCK, _on(stock.keep_stock, STOCK, "METRC")),
    "stock.keep_package": (Right.READ_STOCK, _on(stock.keep_package, DREAM)),
}
"""What is put on record, with an example that goes through for who may."""

READS: dict[str, tuple[Right, Try]] = {
    "bringing.crowd_on_record": (Right.BRING_ALONG, _on(bringing.crowd_on_record)),
    "alarms.alarms_of": (Right.OPEN_CHART, _on(alarms.alarms_of, NORA.id)),
    "amending.what_stands": (Right.OPEN_CHART, _of(amending.what_stands, _sale)),
    "appointments.appointments_of": (Right.SEE_QUEUE, _on(appointments.appointments_of, TODAY, TODAY)),
    "by_hand.to_enter": (Right.SEE_POSTS, _on(by_hand.to_enter, NORA.id)),
    "chart.look_into": (Right.OPEN_CHART, _on(chart.look_into, NORA.id, TODAY)),
    "check_in.arrival": (Right.CHECK_IN, _on(check_in.arrival, NORA.id, TODAY)),
    "care.open_requests": (Right.SEE_REQUESTS, _on(care.open_requests)),
    "identity.known_of": (Right.OPEN_CHART, _on(identity.known_of, NORA.id)),
    "reviewing.count_of_trail": (Right.AUDIT, _on(reviewing.count_of_trail, EVERYTHING)),
    "reviewing.trail_of": (Right.AUDIT, _on(reviewing.trail_of, EVERYTHING, 10, 0)),
    "reviewing.last_review": (Right.AUDIT, _on(reviewing.last_review)),
    "disclosures.accounting": (Right.OPEN_CHART, _on(disclosures.accounting, NORA.id, TODAY)),
    "matching.match_card": (Right.FIND_PATIENT, _on(matching.match_card, "MI-P-0041-7723")),
    "matching.match_licence": (Right.FIND_PATIENT, _on(matching.match_licence, LICENCE)),
    "morning.low_among": (
        Right.SEE_ALLOTMENT,
        lambda world, act: morning.low_among(
            world.counter.ledger, None, rules_on=world.counter.desk.rules_on, day=TODAY, act=act
        ),
    ),
    "notes.draft_of": (Right.SIGN_NOTES, _of(notes.draft_of, _visit)),
    "outages.outage_view": (Right.SEE_OUTAGES, _on(outages.outage_view, MICHIGAN)),
    "outbox_acts.outbox": (Right.SEE_POSTS, _on(outbox_acts.outbox)),
    "outbox_acts.parked_of": (Right.SEE_POSTS, _on(outbox_acts.parked_of, NORA.id)),
    "people.alike_on_record": (Right.FIND_PATIENT, _on(people.alike_on_record, NEWCOMER)),
    "pulse.take_opening": (Right.SEE_QUEUE, _on(pulse.take_opening, TODAY)),
    "queue.queue_of": (Right.SEE_QUEUE, _on(queue.queue_of, TODAY)),
    "queue.find_patients": (Right.FIND_PATIENT, _on(queue.find_patients, "vance")),
    "queue.visit_of": (Right.OPEN_CHART, _on(queue.visit_of, NORA.id, TODAY)),
    "closing.day_on_record": (Right.RECONCILE, _on(closing.day_on_record, TODAY)),
    "closing.days_on_record": (Right.RECONCILE, _on(closing.days_on_record, TODAY)),
    "fixing.behind": (Right.RECONCILE, _of(fixing.behind, _missing)),
    "reconcile.last_comparison": (Right.RECONCILE, _on(reconcile.last_comparison, TODAY)),
    "standing.standing_seen": (Right.SEE_ALLOTMENT, _seen),
    "today.take_morning": (Right.CHECK_MORNING, _on(today.take_morning, TODAY)),
    "today.glance_at_stock": (Right.CHECK_MORNING, _on(today.glance_at_stock, TODAY)),
    "today.glance_back": (Right.CHECK_MORNING, _on(today.glance_back, TODAY)),
    "today.lapsing": (Right.CHECK_MORNING, _on(today.lapsing, TODAY)),
    "today.prepare_visit": (
        Right.CHECK_MORNING,
        lambda world, act: today.prepare_visit(
            world.counter.ledger,
            world.counter.ledger.queue(TODAY)[0],
            rules_on=world.counter.desk.rules_on,
            day=TODAY,
            act=act,
        ),
    ),
    "standing.last_asked": (Right.SEE_ALLOTMENT, _on(standing.last_asked, NORA.id)),
}
"""What hands out something of a patient, or of the shop's record, to who asks for it."""

NEED_NO_RIGHT = {
    "audit.sign_in": "coming in is kept of everybody",
    "audit.note_wanting": "what was found is kept of everybody",
    "audit.note_list": "part of what lists, which asks",
    "audit.note_lock": "going is kept of everybody",
    "audit.note_search": "part of finding patients, which asks",
    "staff.break_glass": "the sheet itself is what is asked for",
    "drafts.keep_form": "what one typed oneself, kept when the desk locks",
    "outbox_work.move_posting": "part of others, which ask: move_if_unchanged, and what a person decides",
    "proving.note_failed_proof": "that a proof failed is kept of everybody",
    "rights.require": "it is what asks",
    "sight.sight_of": "it is what withholds",
}

ASK_NOBODY = {
    "asking.understand_asked": "part of Audit, which asks",
    "believing.newest": "part of standings and notes, which ask",
    "believing.believed": "part of standings, which ask",
    "believing.is_believed": "part of standings and notes, which ask",
    "reviewing.reviewable": "part of Audit, which asks",
    "backups.on_record": "nothing of a patient",
    "by_hand.last_page": "the name of a page",
    "caregivers.to_ask": "the card numbers to ask the registry by",
    "caregivers.care_ended": "part of checking in and of dispensing",
    "identity.all_known_of": "part of People and of a whole record, which ask",
    "matching.taken_for": "part of checking in, which asks",
    "dispensing.judge_basket": "part of dispensing",
    "who_buys.verified_by": "part of dispensing",
    "people.formerly": "part of putting somebody on record, which asks",
    "closing.open_findings": "counts",
    "evidence_people.people_of": "part of the evidence of a day, which asks",
    "shelves.on_the_way": "nothing of a patient",
    "reconcile_context.on_record": "part of reconciling, which asks",
    "over_limit.buyers_of": "part of reconciling, which asks",
    "checklist.checks_of": "part of the day, which asks",
    "columns.known_columns": "nothing of a patient",
    "drafts.kept_form": "what one typed oneself",
    "drafts.last_dispensed": "which is the newest, not what",
    "entitlements.entitlement_on": "a part of what a standing and a list are judged by",
    "entitlements.papers_of": "part of dispensing",
    "morning.low_of": "part of what lists, which asks",
    "outages.sales_of": "part of what is seen and handed out of outages",
    "outbox_work.posting_of": "part of posting",
    "outbox_work.work_of": "part of posting",
    "outbox_work.due_work": "the post's own",
    "outbox_work.told_with_the_sale": "the post's own",
    "physicians.on_record": "part of an intake and of noting who certifies, which ask",
    "pulse.take_pulse": "counts",
    "pulse.glances": "counts",
    "today.missed_mornings": "days",
    "pulse.is_struck_unknown": "yes or no",
    "reconcile.own_of_day": "part of reconciling",
    "reconcile.own_between": "part of reconciling",
    "rights.may": "yes or no",
    "rules.rules_changed": "nothing of a patient",
    "rules.needs_taking_up": "yes or no",
    "rules.on_record": "nothing of a patient",
    "staff.staff": "who works here",
    "staff.staff_seen": "who works here, and since when they were not",
    "staff.named": "who works here",
    "staffing.recovery_person": "who works here",
    "standing.counted_answer": "part of judging an outage again, which asks",
    "standing.standing_of": "part of dispensing and of what is seen",
    "stock.packages": "nothing of a patient",
}
"""Use cases, and parts of some, that hand nothing of a patient to anybody, or are parts of others that ask."""


def all_use_cases() -> tuple[set[str], set[str]]:
    """Return every public function of the desk over a ledger: those that are told who acts, and those that are not."""
    told: set[str] = set()
    untold: set[str] = set()
    for each in pkgutil.iter_modules(pcc_desk.desk.__path__):
        module = importlib.import_module(f"pcc_desk.desk.{each.name}")
        for name, found in vars(module).items():
            if not inspect.isfunction(found) or found.__module__ != module.__name__ or name.startswith("_"):
                continue
            parameters = list(inspect.signature(found).parameters)
            if parameters[:1] == ["ledger"]:
                (told if "act" in parameters else untold).add(f"{each.name}.{name}")
    return told, untold
