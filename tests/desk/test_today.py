"""The check before the shop opens: who comes, what each needs, what was left, and who answers for it."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from pcc_desk.desk.pulse import take_pulse
from pcc_desk.desk.today import (
    NOT_READ,
    DayGlance,
    Explained,
    NotExplained,
    NotRead,
    Rest,
    ask_outside,
    explain_mornings,
    glance_at_stock,
    glance_back,
    lapsing,
    note_check,
    prepare_visit,
    print_brief,
    read_rest,
    take_morning,
)
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.entries import DayCompared, DraftKept
from pcc_desk.domain.lapses import ClockKind
from pcc_desk.domain.preparing import NeedKind
from pcc_desk.domain.reconciling.findings import DayComparison
from pcc_desk.domain.visit_entries import Seen
from pcc_desk.domain.visits import QueueRow, VisitState
from tests.desk.counter import (
    ANA,
    CHIDI,
    EVA,
    GUMMIES,
    HELD,
    MARA,
    MARAS_CARD,
    OPENING,
    SHOP,
    STOCK,
    TODAY,
    Counter,
    expected,
    grams,
)
from tests.fakes_visits import FakePrinter

DAY = timedelta(days=1)


def row_of(counter: Counter, family: str) -> QueueRow:
    return next(row for row in counter.ledger.queue(TODAY) if row.patient.family_name == family)


def prepared(counter: Counter, family: str) -> list[NeedKind]:
    one = prepare_visit(
        counter.ledger, row_of(counter, family), rules_on=counter.desk.rules_on, day=TODAY, act=counter.act()
    )
    return [each.kind for each in one.needs]


def test_the_day_is_who_has_an_appointment_by_its_time_and_no_walk_in(counter: Counter) -> None:
    late = counter.book(replace(expected(CHIDI, 1), appointment_at=OPENING + timedelta(hours=4)))
    early = counter.book(expected(EVA, 2))
    counter.book(replace(expected(MARA, 3), state=VisitState.WAITING, appointment_at=None, arrived_at=OPENING))
    counter.book(replace(expected(MARA, 4), state=VisitState.CANCELLED))
    counter.book(replace(expected(MARA, 5), day=TODAY + DAY))
    opening = take_morning(counter.ledger, TODAY, act=counter.act())
    assert [row.visit for row in opening.rows] == [early, late]
    assert opening.pulse == take_pulse(counter.ledger, TODAY)
    assert opening.check is None


def test_a_check_is_done_when_somebody_says_so_and_only_for_that_day(counter: Counter) -> None:
    assert not take_pulse(counter.ledger, TODAY).is_checked
    seen = (Seen("METRC", "up", is_good=True), Seen("Packages", "none on record", is_good=False))
    done = note_check(counter.ledger, TODAY, seen, act=counter.act())
    assert (done.day, done.by_name, done.at) == (TODAY, ANA.name, OPENING)
    assert take_pulse(counter.ledger, TODAY).is_checked
    assert not take_pulse(counter.ledger, TODAY + DAY).is_checked
    later = take_morning(counter.ledger, TODAY + DAY, act=counter.act())
    assert later.check == done, "a day on which nobody checked is told by the last one that was"


def test_a_morning_without_a_check_stands_until_somebody_says_why_and_is_never_done_afterwards(
    counter: Counter,
) -> None:
    ago = [TODAY - days * DAY for days in range(40)]
    for number, days in enumerate((0, 1, 3, 30, 31)):
        counter.book(replace(expected(MARA, number), day=ago[days], state=VisitState.DONE, arrived_at=OPENING))

    def missed() -> tuple[date, ...]:
        return take_morning(counter.ledger, TODAY, act=counter.act()).missed

    def said(why: str, *days: date) -> Explained | NotExplained:
        return explain_mornings(counter.ledger, days, why, TODAY, act=counter.act())

    assert missed() == (ago[1], ago[3], ago[30]), "today is not over, and a month is looked back"
    assert isinstance(said(" ", ago[1]), NotExplained)
    assert isinstance(said("x" * 201, ago[1]), NotExplained)
    assert said("no power\nuntil 11", ago[1], ago[2]) == Explained((ago[1],))
    assert isinstance(said("again", ago[1]), NotExplained)
    assert missed() == (ago[3], ago[30])
    (told,) = take_morning(counter.ledger, TODAY, act=counter.act()).explained
    assert (told.day, told.why, told.by_name) == (ago[1], "no power until 11", "Ana Ruiz")
    assert counter.recorded("mornings.explained") == 1


def test_the_stock_is_as_old_as_it_is_and_what_is_kept_from_sale_is_named(counter: Counter) -> None:
    glance = glance_at_stock(counter.ledger, TODAY, act=counter.act())
    assert (glance.read_at, glance.packages) == (OPENING, len(STOCK))
    assert glance.blocked == (f"{HELD.product}: on hold",)


def test_the_day_before_is_the_last_that_was_compared(counter: Counter) -> None:
    assert glance_back(counter.ledger, TODAY, act=counter.act()) == DayGlance(None)
    at = OPENING - DAY
    for days in (2, 3):
        day = TODAY - days * DAY
        counter.put(DayCompared(DayComparison(day, SHOP.zone, at, 9, 9, 9, (), ())))
    counter.put(DayCompared(DayComparison(TODAY, SHOP.zone, OPENING, 1, 1, 1, (), ())))
    assert glance_back(counter.ledger, TODAY, act=counter.act()) == DayGlance(TODAY - 2 * DAY, at)
    assert glance_back(counter.ledger, TODAY + 13 * DAY, act=counter.act()).day == TODAY
    assert glance_back(counter.ledger, TODAY + 15 * DAY, act=counter.act()).day is None


async def test_what_a_visit_needs_comes_from_the_record(counter: Counter) -> None:
    counter.book(expected(EVA, 2))
    assert prepared(counter, "Reyes") == [
        NeedKind.NEW,
        NeedKind.MINOR,
        NeedKind.CAREGIVER,
        NeedKind.NO_CERTIFICATION,
    ]
    old = counter.book(replace(expected(MARA, 3), day=TODAY - DAY, state=VisitState.DONE))
    counter.book(expected(MARA, 4))
    await counter.give(grams("3.5"))
    counter.put(DraftKept(old.id, MARA.id, ANA.id, "Sleeps"))
    assert prepared(counter, "Lindqvist") == [NeedKind.FOLLOW_UP, NeedKind.NO_CERTIFICATION, NeedKind.UNSIGNED]


async def test_who_has_little_left_is_told_by_our_own_record(counter: Counter) -> None:
    counter.book(expected(MARA, 4))
    row = row_of(counter, "Lindqvist")
    ask = {"rules_on": counter.desk.rules_on, "day": TODAY}
    assert prepare_visit(counter.ledger, row, act=counter.act(), **ask).low is None  # type: ignore[arg-type]
    await counter.give(grams("70"))
    low = prepare_visit(counter.ledger, row, act=counter.act(), **ask).low  # type: ignore[arg-type]
    assert low is not None
    assert low.patient.id == MARA.id


def test_what_ends_soon_is_counted_and_named_by_two_clocks(counter: Counter) -> None:
    found = lapsing(counter.ledger, TODAY, act=counter.act())
    assert [each.kind for each in found.soonest] == []
    later = lapsing(counter.ledger, MARAS_CARD.expires_on - 30 * DAY, act=counter.act())
    counts = {(each.kind, each.within_days): each.count for each in later.counts}
    assert (counts[ClockKind.CARD, 7], counts[ClockKind.CARD, 30]) == (0, 1)
    assert counts[ClockKind.CERTIFICATION, 90] == 0


# After the first frame


async def test_the_rest_is_read_piece_by_piece_and_nothing_unread_is_ever_zero(counter: Counter) -> None:
    counter.book(expected(EVA, 2))
    counter.book(expected(CHIDI, 3))
    opening = take_morning(counter.ledger, TODAY, act=counter.act())
    heard: list[tuple[Rest, str]] = []
    rest = await read_rest(counter.desk, opening.rows, lambda known, doing: heard.append((known, doing)), Rest())
    assert [doing for _, doing in heard] == [
        "packages",
        "yesterday",
        "what the visits need, 1 of 2",
        "what the visits need, 2 of 2",
        "what ends soon",
        "requests",
        "",
    ]
    assert heard[0][0] == Rest(NOT_READ, NOT_READ, NOT_READ)
    assert isinstance(heard[3][0].lapsing, NotRead)
    assert [each.visit for each in rest.prepared] == [row.visit for row in opening.rows]
    assert rest.is_prepared
    assert not isinstance(rest.lapsing, NotRead)
    assert counter.recorded("patients.listed") == 1


async def test_what_was_known_stands_until_it_is_read_again_and_who_is_gone_goes(counter: Counter) -> None:
    counter.book(expected(EVA, 2))
    first = take_morning(counter.ledger, TODAY, act=counter.act())
    before = await read_rest(counter.desk, first.rows, lambda known, doing: None, Rest())
    heard: list[Rest] = []
    after = await read_rest(counter.desk, (), lambda known, doing: heard.append(known), before)
    assert heard[0].stock == before.stock
    assert heard[0].prepared == before.prepared
    assert after.prepared == ()


async def test_one_key_asks_every_system_and_says_what_could_not_be_had(counter: Counter) -> None:
    told: list[str] = []
    counter.state.packages = STOCK
    assert await ask_outside(counter.desk, told.append) == ()
    assert told[:2] == ["asking METRC", "asking POS export"]
    links = counter.desk.links
    assert links.of("METRC").last_good == OPENING
    assert links.of("POS export").last_good == OPENING
    assert counter.desk.bell.is_set()


async def test_a_registry_that_is_away_leaves_what_was_known_of_the_stock(counter: Counter) -> None:
    counter.state.is_down = True
    missing = await ask_outside(counter.desk, lambda doing: None)
    assert any("Packages were not read" in each for each in missing)
    assert {each.label for each in counter.ledger.packages()} == {each.label for each in STOCK}
    assert GUMMIES.label in {each.label for each in counter.ledger.packages()}


async def test_asking_can_be_stopped_and_what_was_heard_until_then_stands(counter: Counter) -> None:
    never = asyncio.Event()

    async def waits() -> Unanswered:
        await never.wait()
        return Unanswered(Silence.DOWN, "never")

    counter.pos.ping = waits  # type: ignore[method-assign]
    asking = asyncio.create_task(ask_outside(counter.desk, lambda doing: None))
    for _ in range(20):
        await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert counter.desk.links.of("METRC").last_good == OPENING
    assert counter.desk.links.of("POS export").last_good is None


# On paper


async def test_the_brief_is_on_record_before_it_is_on_paper(counter: Counter) -> None:
    printer = FakePrinter()
    counter.desk.printer = printer
    assert await print_brief(counter.desk, "Two first visits", counter.desk.act()) is None
    assert printer.printed == ["Two first visits"]
    assert counter.recorded("brief.printed") == 1


async def test_without_a_printer_nothing_is_on_record_and_it_is_said(counter: Counter) -> None:
    outcome = await print_brief(counter.desk, "Two first visits", counter.desk.act())
    assert isinstance(outcome, Unanswered)
    assert "no printer is set up" in outcome.reason
    assert counter.recorded("brief.printed") == 0
