"""Every place in its main states, as text, wide and narrow. A change of a picture is looked at before it is kept."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from syrupy.assertion import SnapshotAssertion

from pcc_desk.adapters.state.manual import Manual
from pcc_desk.desk.amending import void_dispensation
from pcc_desk.desk.audit import FailedTry, note_look, sign_in
from pcc_desk.desk.care import note_request
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.disclosures import Given, disclose
from pcc_desk.desk.dispensing import hand_over
from pcc_desk.desk.links import Links
from pcc_desk.desk.monitor import probe, watch
from pcc_desk.desk.outbox import post_due
from pcc_desk.desk.postman import make_round
from pcc_desk.domain.audit_entries import Disclosed, Sight
from pcc_desk.domain.cohorts import NamedGroup
from pcc_desk.domain.entries import AmountSet, EntitlementNoted, NoteSigned, StaffAdded
from pcc_desk.domain.papers import PaperAmount
from pcc_desk.domain.people import Person, Role
from pcc_desk.domain.requests import RequestKind
from pcc_desk.domain.rules import Source
from pcc_desk.domain.windows import Refill
from pcc_desk.rulebook import rules_for
from tests.desk.counter import (
    CHIDI,
    CHIDIS_CARD,
    EVA,
    MARA,
    MARAS_CARD,
    OLGA,
    TODAY,
    TOMAS_CARD,
    Counter,
    expected,
    grams,
    pieces,
    says,
)
from tests.fakes_outside import Fault
from tests.screens.scenes import BOTH_SIZES, Scenes, looks_as_agreed
from tests.screens.seat import NARROW, Seat, at_the_queue, seated

IDA = Person(UUID(int=0xDA), "Ida Nkemelu", Role.MANAGER)

scene = Scenes()


@scene
async def queue(counter: Counter, seat: Seat) -> None:
    await seat.rest()


@scene
async def queue_searched(counter: Counter, seat: Seat) -> None:
    await seat.type("/o")


@scene
async def queue_found_nobody(counter: Counter, seat: Seat) -> None:
    await seat.type("/nobody")


@scene
async def queue_in_an_outage(counter: Counter, seat: Seat) -> None:
    counter.state.is_down = True
    await seat.press("a")
    await seat.press("r")
    await seat.press("ctrl+g", "q")
    await seat.see("down since")


@scene
async def check_in_answered(counter: Counter, seat: Seat) -> None:
    await seat.press("down", "enter")
    await seat.see("METRC answered")
    await seat.press("p")


@scene
async def check_in_could_not_tell(counter: Counter, seat: Seat) -> None:
    counter.state.is_down = True
    await seat.press("down", "enter")
    await seat.see("could not tell")


@scene
async def check_in_of_a_minor(counter: Counter, seat: Seat) -> None:
    await seat.type("/reyes\r")
    await seat.see("A minor")


@scene
async def audit(counter: Counter, seat: Seat) -> None:
    await seat.press("ctrl+g", "u")
    await seat.see("events on record")


@scene
async def audit_filtered(counter: Counter, seat: Seat) -> None:
    await seat.press("ctrl+g", "u")
    await seat.see("events on record")
    await seat.type("/by ana did registered\r")
    await seat.see("by Ana Ruiz")


@scene
async def audit_not_understood(counter: Counter, seat: Seat) -> None:
    await seat.press("ctrl+g", "u")
    await seat.see("events on record")
    await seat.type("/who did it\r")
    await seat.see("begins with none")


@scene
async def audit_unusual(counter: Counter, seat: Seat) -> None:
    note_look(counter.ledger, OLGA.id, Sight.ALLOTMENT, act=counter.act())
    sign_in(counter.ledger, (FailedTry(counter.clock.at),), act=counter.act(), new_id=counter.desk.new_id)
    await seat.press("ctrl+g", "u")
    await seat.press("a")
    await seat.see("out of the ordinary in")


@scene
async def audit_requests(counter: Counter, seat: Seat) -> None:
    for patient, kind, days in ((MARA, RequestKind.ACCESS, 25), (OLGA, RequestKind.AMENDMENT, 70)):
        asked = TODAY - timedelta(days=days)
        note_request(counter.ledger, patient.id, kind, "everything since 2024", asked, act=counter.act())
    await seat.press("ctrl+g", "u")
    await seat.press("q")
    await seat.see("2 requests wait for an answer")


@scene
async def audit_signed(counter: Counter, seat: Seat) -> None:
    await seat.press("ctrl+g", "u")
    await seat.press("a")
    await seat.see("out of the ordinary in")
    await seat.press("f2")
    await seat.press("y")
    await seat.see("reviewed by")


@scene
async def disclosures(counter: Counter, seat: Seat) -> None:
    given = Given(TODAY, "State police, post 12", "Lansing", "purchases of 2026", "court order 26-17")
    first = disclose(counter.ledger, MARA.id, given, TODAY, act=counter.act())
    assert isinstance(first, Disclosed)
    better = replace(given, address="Flint", corrects=first.disclosure_id)
    disclose(counter.ledger, MARA.id, better, TODAY, act=counter.act())
    await seat.press("enter")
    await seat.see("Lindqvist, Mara   born")
    await seat.press("l")
    await seat.see("State police")


@scene
async def disclosures_being_typed(counter: Counter, seat: Seat) -> None:
    await seat.press("enter")
    await seat.see("Lindqvist, Mara   born")
    await seat.press("l")
    await seat.see("Nothing was disclosed")
    await seat.press("n")
    await seat.type("\rState police\r")


@scene
async def allotment_without_a_patient(counter: Counter, seat: Seat) -> None:
    await seat.press("ctrl+g", "a")


@scene
async def allotment_not_asked(counter: Counter, seat: Seat) -> None:
    await seat.press("a")
    await seat.see("MAY BE DISPENSED NOW")


@scene
async def allotment_asked(counter: Counter, seat: Seat) -> None:
    await counter.give(grams("7"), pieces(2))
    await seat.press("a")
    await seat.press("r")
    await seat.see("METRC answered")


@scene
async def allotment_purchases(counter: Counter, seat: Seat) -> None:
    await counter.give(grams("7"), pieces(2))
    await seat.press("a")
    await seat.press("enter")
    await seat.see("limit 1 of 2")


@scene
async def allotment_what_if(counter: Counter, seat: Seat) -> None:
    await seat.press("a")
    await seat.press("r")
    await seat.see("METRC answered")
    await seat.press("w")
    await seat.type("70 g flower + 2 gummies")


@scene
async def allotment_who_is_low(counter: Counter, seat: Seat) -> None:
    await counter.give(grams("60"))
    await seat.press("a")
    await seat.press("m")
    await seat.see("less than a fifth")


@scene
async def allotment_sheet_for_the_patient(counter: Counter, seat: Seat) -> None:
    await counter.give(grams("7"))
    await seat.press("a")
    await seat.press("s")
    await seat.see("What you may buy today")


@scene
async def allotment_rules(counter: Counter, seat: Seat) -> None:
    await seat.press("a")
    await seat.press("l")
    await seat.see("Limits")


@scene
async def papers(counter: Counter, seat: Seat) -> None:
    day, month = counter.desk.rules.limits
    ordered = replace(month, source=Source.PRACTITIONER, is_ceiling=True)
    visitors = replace(day, id="visitors", window=Refill(30, early_days=5), cohort=(NamedGroup("visiting"),))
    rules = replace(counter.desk.rules, fingerprint="", limits=(day, ordered, visitors))
    counter.desk.rules_on = lambda on, order_began=None: rules
    order = PaperAmount(month.id, Decimal(8), False, date(2026, 1, 1), date.max, "Dr. Mensah, letter of 2 Jan")
    counter.put(EntitlementNoted(MARA.id, ("visiting",), date(2026, 3, 2), None), AmountSet(MARA.id, order))
    await seat.press("a")
    await seat.press("e")
    await seat.press("down", "down", "down", "enter")
    await seat.type("8 2026-01-01..2026-02-31 Dr. Mensah\r")
    await seat.see("is no day")


@scene
async def papers_that_the_rules_do_not_ask_for(counter: Counter, seat: Seat) -> None:
    await seat.press("a")
    await seat.press("e")
    await seat.see("Papers of")


@scene
async def chart_without_a_patient(counter: Counter, seat: Seat) -> None:
    await seat.press("ctrl+g", "c")


@scene
async def chart(counter: Counter, seat: Seat) -> None:
    await counter.give(grams("3.5"), pieces(1))
    await post_due(counter.desk)
    counter.clock.advance(timedelta(minutes=2))
    await counter.give(grams("1"))
    await seat.press("enter")
    await seat.see("receipt")


@scene
async def note(counter: Counter, seat: Seat) -> None:
    await seat.press("enter", "n")
    await seat.see("Consultation note")
    await seat.type("Sleeps better since the tincture.")
    await seat.see("the tincture.")


@scene
async def dispense(counter: Counter, seat: Seat) -> None:
    await counter.ask(MARAS_CARD)
    await seat.press("enter", "d")
    await seat.see("Blue Dream")
    await seat.type("blue\r3.5\rgum\r2\r")


@scene
async def dispense_too_much(counter: Counter, seat: Seat) -> None:
    await counter.ask(MARAS_CARD)
    await seat.press("enter", "d")
    await seat.see("Blue Dream")
    await seat.type("gum\r2\rblue\r90\r")
    await seat.press("f2")
    await seat.see("Not recorded.")


@scene
async def dispense_in_an_outage(counter: Counter, seat: Seat) -> None:
    counter.state.is_down = True
    await seat.press("enter")
    await seat.press("r")
    counter.note_notice()
    await seat.press("d")
    await seat.see("Blue Dream")
    await seat.type("blue\r3.5\r")
    await seat.press("f2")
    await seat.see("Record this as an outage sale?")


def read_by_people(counter: Counter) -> None:
    """Put people in the place of the state system."""
    counter.desk.state = Manual("OARRS")
    counter.desk.links = Links()
    counter.desk.bell.set()


@scene
async def by_hand_form(counter: Counter, seat: Seat) -> None:
    read_by_people(counter)
    await seat.press("a")
    await seat.press("r")
    await seat.type("y\r\r25\r")
    await seat.see("Look again")


@scene
async def by_hand_not_understood(counter: Counter, seat: Seat) -> None:
    read_by_people(counter)
    await seat.press("a")
    await seat.press("r")
    await seat.type("y\r6/30/2027\r")
    await seat.see("Not taken.")


@scene
async def by_hand_check_in(counter: Counter, seat: Seat) -> None:
    read_by_people(counter)
    await seat.press("down", "enter")
    await seat.see("press r and type")


@scene
async def by_hand_allotment(counter: Counter, seat: Seat) -> None:
    read_by_people(counter)
    await seat.press("a")
    await seat.press("r")
    await seat.type("y\r\r1.5\r\r")
    await seat.see("read by hand by")


@scene
async def by_hand_chart(counter: Counter, seat: Seat) -> None:
    read_by_people(counter)
    await seat.press("enter")
    await seat.press("r")
    await seat.type("y\r\r1\r4\r")
    await seat.see("Saved")
    await hand_over(counter.desk, MARA.id, (grams("3.5"),), counter.desk.act())
    await make_round(counter.desk)
    await seat.press("ctrl+g", "q")
    await seat.press("enter")
    await seat.see("waits for you")


@scene
async def by_hand_number(counter: Counter, seat: Seat) -> None:
    await by_hand_chart(counter, seat)
    await seat.press("t")
    await seat.type("\r")
    await seat.see("Type the number")


@scene
async def reconcile_not_compared_yet(counter: Counter, seat: Seat) -> None:
    await seat.press("ctrl+g", "r")


@scene
async def reconcile(counter: Counter, seat: Seat) -> None:
    given = [await counter.give(grams("3.5")), await counter.give(grams("7"), pieces(1))]
    await post_due(counter.desk)
    counter.clock.advance(timedelta(minutes=2))
    late = await counter.give(pieces(2))
    counter.pos.ring_up([given[1], late])
    await seat.press("ctrl+g", "r")
    await seat.press("f5")
    await seat.see("to fix")


@scene
async def reconcile_one_side_silent(counter: Counter, seat: Seat) -> None:
    counter.state.is_down = True
    await seat.press("ctrl+g", "r")
    await seat.press("f5")
    await seat.see("NOT COMPARED")


async def with_posts_that_wait(counter: Counter) -> None:
    """Let posts wait in every way: parked without a look-up, after that one, parked as refused, in doubt."""
    await counter.give(grams("3.5"))
    counter.clock.advance(timedelta(seconds=40))
    await counter.give(grams("1"), pieces(1))
    given = await counter.give(grams("2"), card=CHIDIS_CARD)
    counter.state.will(Fault.ANSWER_LOST)
    await post_due(counter.desk)
    counter.state.lookup_offered = False
    counter.clock.advance(timedelta(minutes=2))
    await post_due(counter.desk)
    void_dispensation(counter.ledger, given.id, "rung up for somebody else", act=counter.act())
    counter.state.will(Fault.REFUSED)
    await post_due(counter.desk)
    await counter.give(grams("1"), card=TOMAS_CARD)
    counter.state.will(Fault.RESET)
    await post_due(counter.desk)


@scene
async def chart_void(counter: Counter, seat: Seat) -> None:
    await counter.give(grams("3.5"))
    await seat.press("enter")
    await seat.see("dispensed")
    await seat.press("v")
    await seat.see("Void what was dispensed")


@scene
async def outbox_empty(counter: Counter, seat: Seat) -> None:
    await seat.press("ctrl+g", "o")
    await seat.see("Everything is in the state's record.")


@scene
async def outbox_posts(counter: Counter, seat: Seat) -> None:
    await with_posts_that_wait(counter)
    await seat.press("ctrl+g", "o")
    await seat.see("for you to decide")


@scene
async def outbox_after_another(counter: Counter, seat: Seat) -> None:
    await with_posts_that_wait(counter)
    await seat.press("ctrl+g", "o")
    await seat.see("for you to decide")
    await seat.press("down")
    await seat.see("▸ 10:02:40")


@scene
async def outbox_number_that_is_taken(counter: Counter, seat: Seat) -> None:
    await with_posts_that_wait(counter)
    await seat.press("ctrl+g", "o")
    await seat.see("for you to decide")
    await seat.press("e")
    await seat.type("90001\r")
    await seat.see("Not saved.")


@scene
async def outbox_give_up(counter: Counter, seat: Seat) -> None:
    await with_posts_that_wait(counter)
    await seat.press("ctrl+g", "o")
    await seat.see("for you to decide")
    await seat.press("g")
    await seat.type("entered twice by mistake\r")
    await seat.see("Give up the sale")


@scene
async def outbox_correct(counter: Counter, seat: Seat) -> None:
    await counter.give(grams("3.5"), pieces(2))
    counter.state.will(Fault.REFUSED)
    await post_due(counter.desk)
    await seat.press("ctrl+g", "o")
    await seat.see("1 not in METRC's record yet")
    await seat.press("c")
    await seat.see("Correct what was dispensed")
    await seat.type("90\r46.5\r2\r\r")
    await seat.see("What is added is more than may be dispensed now")


@scene
async def outbox_correct_not_understood(counter: Counter, seat: Seat) -> None:
    await counter.give(grams("3.5"), pieces(2))
    counter.state.will(Fault.REFUSED)
    await post_due(counter.desk)
    await seat.press("ctrl+g", "o")
    await seat.see("1 not in METRC's record yet")
    await seat.press("c")
    await seat.see("Correct what was dispensed")
    await seat.press("down", "down")
    await seat.type("1.5\r")
    await seat.see("Not taken.")


@scene
async def outbox_chart_being_looked_up(counter: Counter, seat: Seat) -> None:
    counter.state.lag = timedelta(seconds=60)
    await counter.give(grams("3.5"))
    counter.state.will(Fault.ANSWER_LOST)
    await post_due(counter.desk)
    await seat.press("enter")
    await seat.see("being looked up until")


@scene
async def outage_none(counter: Counter, seat: Seat) -> None:
    await seat.press("f6")
    await seat.see("no outage on record")


@scene
async def outage_under_way(counter: Counter, seat: Seat) -> None:
    counter.state.is_down = True
    await seat.press("a")
    await seat.press("r")
    counter.note_notice()
    counter.clock.advance(timedelta(minutes=4))
    await counter.give(grams("3.5"))
    await seat.press("f6", "d")
    await seat.type("copied the card and the licence of everybody new")
    await seat.see("of everybody new")


@scene
async def outage_over(counter: Counter, seat: Seat) -> None:
    await a_sale_in_an_outage(counter)
    await seat.press("f6")
    await seat.see("was out of reach")


@scene
async def outage_judged_again(counter: Counter, seat: Seat) -> None:
    await a_sale_in_an_outage(counter)
    await post_due(counter.desk, is_back=True)
    counter.clock.advance(timedelta(minutes=2))
    counter.state.standings[MARAS_CARD.number] = says(MARAS_CARD, "-0.25", "7")
    await seat.press("f6", "v")
    await seat.see("1 to report")


@scene
async def outage_sheet(counter: Counter, seat: Seat) -> None:
    await a_sale_in_an_outage(counter)
    await seat.press("f6", "s")
    await seat.see("1 sold")


@scene
async def outage_exception(counter: Counter, seat: Seat) -> None:
    rules = rules_for("MD", TODAY)
    counter.desk.rules_on = lambda on, order_began=None: rules
    counter.desk.person = Person(UUID(int=0xDA), "Ida Nkemelu", Role.MANAGER)
    counter.put(StaffAdded(counter.desk.person))
    counter.state.is_down = True
    await seat.press("a")
    await seat.press("r")
    await seat.press("f6", "x")
    await seat.type("now..2026-03-13 22:00 12 g flower + 2500 mg THC; Bulletin 26-04\r")
    await seat.prove()
    await seat.see("Saved 10:00:00")


async def a_chart_seen_by(counter: Counter, seat: Seat, role: Role) -> None:
    """Sell to Mara and write of her, then open her chart as somebody of a role."""
    await counter.give(grams("3.5"))
    counter.put(NoteSigned(UUID(int=0x7734), MARA.id, UUID(int=1), UUID(int=2), "Sleeps better on 2.5 mg at night."))
    counter.desk.person = Person(UUID(int=0xDA), "Ida Nkemelu", role)
    counter.put(StaffAdded(counter.desk.person))
    await seat.press("enter")
    await seat.see("withheld: for a coor")
    assert "Sleeps better" not in seat.text


@scene
async def chart_by_inventory_manager(counter: Counter, seat: Seat) -> None:
    await a_chart_seen_by(counter, seat, Role.INVENTORY)


@scene
async def chart_by_compliance_officer(counter: Counter, seat: Seat) -> None:
    await a_chart_seen_by(counter, seat, Role.COMPLIANCE)


async def a_sale_in_an_outage(counter: Counter) -> None:
    """Lose the registry, sell, and find it again an hour later."""
    await counter.lose_the_registry()
    await counter.give(grams("3.5"), pieces(1))
    counter.clock.advance(timedelta(hours=1))
    counter.state.heal()
    await watch_again(counter.desk)


async def watch_again(desk: Desk) -> None:
    """Probe the registry, and bring the record of outages to what is found."""
    await probe(desk)
    await watch(desk)


@scene
async def places(counter: Counter, seat: Seat) -> None:
    await seat.press("ctrl+g")


@scene
async def help_of_the_chart(counter: Counter, seat: Seat) -> None:
    await seat.press("enter")
    await seat.press("f1")


@BOTH_SIZES
@pytest.mark.parametrize("name", scene)
async def test_a_place_looks_as_it_was_agreed(
    counter: Counter, snapshot: SnapshotAssertion, name: str, size: tuple[int, int]
) -> None:
    counter.state.packages = counter.ledger.packages()
    if name.startswith("audit"):
        counter.put(StaffAdded(IDA))
        counter.desk = counter.desk_of(IDA)
    async with at_the_queue(counter, size) as seat:
        await looks_as_agreed(scene[name], counter, seat, snapshot)


@BOTH_SIZES
async def test_the_shut_door_looks_as_it_was_agreed(
    counter: Counter, snapshot: SnapshotAssertion, size: tuple[int, int]
) -> None:
    async with seated(counter, size) as seat:
        assert seat.text == snapshot


async def test_a_full_queue_scrolls_and_keeps_the_cursor_in_sight(counter: Counter) -> None:
    for number in range(40):
        counter.book(expected(CHIDI if number % 2 else EVA, 100 + number))
    async with at_the_queue(counter, NARROW) as seat:
        await seat.press(*["down"] * 35)
        assert sum(line.startswith("▸") for line in seat.lines) == 1
        assert seat.lines[-1].strip().startswith("enter open")
