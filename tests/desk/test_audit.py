"""Who looked, searched and came in is on record once, and without a value; what is unusual is found and signed."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest

from pcc_desk.desk.anomalies import Kind, ReviewRules
from pcc_desk.desk.asking import Asked, understand_asked
from pcc_desk.desk.audit import (
    FailedTry,
    SignIn,
    came_in,
    kind_of,
    note_list,
    note_lock,
    note_look,
    note_search,
    notice_of,
    on_record,
    pay,
    sign_in,
)
from pcc_desk.desk.chart import open_chart
from pcc_desk.desk.disclosures import Given, NotYet, Wanting, accounting, accounting_lines, disclose, give_accounting
from pcc_desk.desk.errors import ReadOnly
from pcc_desk.desk.notes import keep_draft
from pcc_desk.desk.printing import note_printing
from pcc_desk.desk.queue import move_visit
from pcc_desk.desk.records import Review
from pcc_desk.desk.reviewing import AlreadyReviewed, NothingNew, OwnBreakGlass, look_over, note_trail, sign_review
from pcc_desk.desk.rights import NotPermitted
from pcc_desk.desk.stock import read_stock
from pcc_desk.desk.verifying import ask_standing
from pcc_desk.domain.audit_entries import NOBODY, AnchorState, Disclosed, Sight, Typed
from pcc_desk.domain.entries import PatientRegistered, StaffAdded
from pcc_desk.domain.people import Patient, Person, Role
from pcc_desk.domain.staff_entries import GlassBroken
from pcc_desk.domain.visits import VisitState
from pcc_desk.domain.what_if import NotUnderstood
from tests.desk.counter import ANA, BEN, CHIDI, MARA, MARAS_CARD, OPENING, SHOP, TODAY, Counter, expected, grams

IDA = Person(UUID(int=0xDA), "Ida Nkemelu", Role.MANAGER)
SHEET = Person(UUID(int=0x5E), "Recovery sheet", Role.RECOVERY)


@pytest.fixture
def counter() -> Counter:
    counter = Counter()
    counter.put(StaffAdded(IDA))
    return counter


# One act, one event


ACTS: dict[str, tuple[str, Callable[[Counter], Awaitable[object]]]] = {}


def golden(act: str) -> Callable[[Callable[[Counter], Awaitable[object]]], Callable[[Counter], Awaitable[object]]]:
    def keep(play: Callable[[Counter], Awaitable[object]]) -> Callable[[Counter], Awaitable[object]]:
        ACTS[play.__name__] = act, play
        return play

    return keep


@golden("chart.opened")
async def opening_a_chart(counter: Counter) -> None:
    await open_chart(counter.desk, MARA.id)


@golden("record.looked_at")
async def looking_at_an_allotment(counter: Counter) -> None:
    await on_record(counter.desk, note_look, MARA.id, Sight.ALLOTMENT, act=counter.act())


@golden("patients.searched")
async def searching(counter: Counter) -> None:
    await on_record(counter.desk, note_search, "lindqvist", 1, act=counter.act())


@golden("patients.listed")
async def listing_who_is_low(counter: Counter) -> None:
    await on_record(counter.desk, note_list, "who is low", 3, act=counter.act())


@golden("sheet.printed")
async def printing(counter: Counter) -> None:
    await counter.desk.store.write(note_printing, MARA.id, "standing", act=counter.act())


@golden("desk.locked")
async def locking(counter: Counter) -> None:
    await counter.desk.store.write(note_lock, "idle", act=counter.act())


@golden("person.signed_in")
async def signing_in(counter: Counter) -> None:
    await came_in(counter.desk, (), None)


@golden("standing.asked")
async def asking_the_registry(counter: Counter) -> None:
    await ask_standing(counter.desk, MARA.id, MARAS_CARD.number)


@golden("visit.moved")
async def moving_a_visit(counter: Counter) -> None:
    await counter.desk.store.write(move_visit, counter.visit.id, VisitState.ARRIVED, act=counter.act())  # type: ignore[attr-defined]


@golden("draft.kept")
async def keeping_a_draft(counter: Counter) -> None:
    visit = counter.visit.id  # type: ignore[attr-defined]
    await counter.desk.store.write(keep_draft, visit, "sleeps badly", act=counter.act())


@golden("stock.read")
async def reading_the_stock(counter: Counter) -> None:
    await read_stock(counter.desk)


@golden("disclosure.made")
async def disclosing(counter: Counter) -> None:
    given = Given(TODAY, "State police", "Lansing", "purchases", "court order 26-17")
    await counter.desk.store.write(disclose, MARA.id, given, TODAY, act=counter.act())


@golden("disclosures.told")
async def telling_the_disclosures(counter: Counter) -> None:
    await counter.desk.store.write(give_accounting, MARA.id, "printed", TODAY, act=counter.act(IDA))


@golden("trail.looked_at")
async def looking_at_the_trail(counter: Counter) -> None:
    await counter.desk.store.write(note_trail, MARA.id, act=counter.act(IDA))


@golden("review.signed")
async def signing_a_review(counter: Counter) -> None:
    seen = await look_over(counter.desk)
    await counter.desk.store.write(sign_review, seen, act=counter.act(IDA))


OF_MARA = ("Lindqvist", "Mara", "1990-07-02", "MI-P-0032-1187", "sleeps badly", "State police", "Lansing", "court")


@pytest.mark.parametrize("name", ACTS)
async def test_each_act_is_one_event_that_says_who_and_when_and_holds_no_value(counter: Counter, name: str) -> None:
    act, play = ACTS[name]
    counter.visit = counter.book(expected(MARA, 1))  # type: ignore[attr-defined]
    before = counter.ledger.last_seq()
    await play(counter)
    (event,) = counter.ledger.events_after(before, 10**6, 9)
    assert event.act == act
    assert event.at == OPENING
    assert event.by in {ANA.id, IDA.id}
    for value in OF_MARA:
        assert value not in f"{event.act} {event.outcome} {event.changed}"


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("okafor", Typed.NAME),
        ("Núñez mar", Typed.NAME),
        ("MI-P-0032", Typed.CARD),
        ("0032", Typed.CARD),
        ("1958-03-11", Typed.BIRTH_DATE),
        ("3/11/1958", Typed.BIRTH_DATE),
        ("03111958", Typed.BIRTH_DATE),
        ("٣/11/1958", Typed.CARD),
    ],
)
def test_of_a_search_only_the_kind_of_what_was_typed_is_kept(typed: str, kind: Typed) -> None:
    assert kind_of(typed) is kind


# Coming in


async def test_who_comes_in_is_told_when_they_were_here_and_what_failed_since(counter: Counter) -> None:
    desk = counter.desk
    await came_in(desk, (), None)
    assert (desk.notice, desk.is_alarming) == ("First sign-in.", False)
    counter.clock.advance(timedelta(hours=2))
    failed = tuple(FailedTry(OPENING + timedelta(minutes=each), ANA.id) for each in (10, 20, 30))
    await came_in(desk, failed, None)
    assert desk.is_alarming
    assert desk.notice == (
        "Last sign-in Thu 12 Mar 10:00. 3 tries failed since, the last Thu 12 Mar 10:30. "
        "If that was not you, tell a manager."
    )
    found = [each for each in counter.ledger.events_after(0, 99, 99) if each.act == "sign_in.failed"]
    assert [(each.by, each.at) for each in found] == [(ANA.id, each.at) for each in failed]


def test_a_try_of_somebody_unknown_is_nobodys(counter: Counter) -> None:
    told = sign_in(counter.ledger, (FailedTry(OPENING),), act=counter.act(), new_id=counter.desk.new_id)
    assert told == SignIn(None, 1, OPENING)
    assert counter.ledger.events_after(0, 99, 99)[-2].by == NOBODY


def test_an_anchor_that_is_wanting_goes_on_record_and_is_said(counter: Counter) -> None:
    new_id = counter.desk.new_id
    told = sign_in(counter.ledger, (), act=counter.act(), new_id=new_id, wanting=AnchorState.MISSING)
    assert counter.recorded("anchor.wanting") == 1
    assert notice_of(told, SHOP).endswith("The anchor of the record is gone: tell a manager. It is on record.")


async def test_what_happens_while_nothing_is_written_is_owed_and_paid_with_its_own_time(counter: Counter) -> None:
    desk, store = counter.desk, counter.desk.store

    class Shut:
        read_only = "Nothing is written."
        read = store.read

        async def write(self, *args: object, **kwargs: object) -> object:
            raise ReadOnly(self.read_only)

    desk.store = Shut()  # type: ignore[assignment]
    await came_in(desk, (), None)
    assert (desk.notice, desk.is_alarming) == ("Nothing is written.", True)
    await open_chart(desk, MARA.id)
    before = counter.ledger.last_seq()
    await pay(desk)
    assert len(desk.owed) == 2
    desk.store = store
    counter.clock.advance(timedelta(hours=1))
    await pay(desk)
    assert desk.owed == []
    events = counter.ledger.events_after(before, 99, 9)
    assert [(each.act, each.at) for each in events] == [("person.signed_in", OPENING), ("chart.opened", OPENING)]


# Out of the ordinary


async def kinds(counter: Counter) -> list[tuple[Kind, UUID, int]]:
    seen = await look_over(counter.desk)
    return [(each.kind, each.by, each.count) for each in seen.anomalies]


def look(counter: Counter, patient: Patient, person: Person = ANA, at: datetime = OPENING) -> None:
    note_look(counter.ledger, patient.id, Sight.ALLOTMENT, act=replace(counter.act(person), at=at))


async def test_an_ordinary_morning_has_nothing_out_of_the_ordinary(counter: Counter) -> None:
    counter.book(expected(MARA, 1))
    await open_chart(counter.desk, MARA.id)
    await counter.give(grams("3.5"))
    assert await kinds(counter) == []


async def test_every_seeded_anomaly_is_on_the_list(counter: Counter) -> None:
    own = Patient(UUID(int=0x900), "Ruiz", "Ana", date(1990, 1, 1))
    kin = Patient(UUID(int=0x901), "Osei", "Kofi", date(1990, 1, 1))
    counter.put(PatientRegistered(own, ()), PatientRegistered(kin, ()), StaffAdded(SHEET))
    counter.desk.review_rules = ReviewRules(many=2)
    for number, patient in enumerate((MARA, own, kin)):
        counter.book(expected(patient, number))
        counter.book(replace(expected(patient, 10 + number), day=TODAY + timedelta(days=1)))
    look(counter, CHIDI)
    look(counter, CHIDI)
    look(counter, own)
    look(counter, kin, BEN)
    look(counter, MARA, ANA)
    look(counter, MARA, SHEET)
    look(counter, MARA, BEN, datetime(2026, 3, 13, 3, 0, tzinfo=UTC))
    note_printing(counter.ledger, MARA.id, "standing", act=counter.act())
    sign_in(counter.ledger, (FailedTry(OPENING, BEN.id),), act=counter.act(), new_id=counter.desk.new_id)
    with pytest.raises(NotPermitted) as denied:
        note_trail(counter.ledger, None, act=counter.act(BEN))
    assert denied.value.on_record is not None
    counter.ledger.record(*denied.value.on_record)
    assert sorted(await kinds(counter)) == sorted(
        [
            (Kind.NO_VISIT, ANA.id, 1),
            (Kind.MANY, ANA.id, 3),
            (Kind.OWN_RECORD, ANA.id, 1),
            (Kind.RELATIVE, BEN.id, 1),
            (Kind.BREAK_GLASS, SHEET.id, 1),
            (Kind.AFTER_HOURS, BEN.id, 1),
            (Kind.EXPORT, ANA.id, 1),
            (Kind.FAILED, BEN.id, 1),
            (Kind.DENIED, BEN.id, 1),
        ]
    )


@pytest.mark.parametrize(
    ("opens", "closes", "at", "is_open"),
    [
        (6, 22, 6, True),
        (6, 22, 22, False),
        (6, 22, 5, False),
        (20, 4, 23, True),
        (20, 4, 3, True),
        (20, 4, 4, False),
        (20, 4, 12, False),
    ],
)
def test_a_shop_is_open_from_its_first_minute_until_its_last(opens: int, closes: int, at: int, is_open: bool) -> None:
    assert ReviewRules(time(opens), time(closes)).is_open(time(at)) is is_open


# The signature


async def test_a_review_is_signed_once_and_the_next_begins_after_it(counter: Counter) -> None:
    look(counter, CHIDI)
    seen = await look_over(counter.desk)
    signed = counter.ledger.last_seq()
    review = sign_review(counter.ledger, seen, act=counter.act(IDA))
    assert isinstance(review, Review)
    assert (review.first, review.last, review.anomalies, review.by_name) == (1, signed, 1, "Ida Nkemelu")
    assert isinstance(sign_review(counter.ledger, seen, act=counter.act(IDA)), AlreadyReviewed)
    following = await look_over(counter.desk)
    assert (following.first, following.count, following.anomalies) == (signed + 1, 1, ())


async def test_nothing_is_signed_where_nothing_happened() -> None:
    seen = await look_over(Counter().desk)
    empty = replace(seen, first=seen.last + 1, since=None, until=None)
    counter = Counter()
    counter.put(StaffAdded(IDA))
    assert sign_review(counter.ledger, empty, act=counter.act(IDA)) == NothingNew()


async def test_nobody_reviews_the_emergency_they_opened_the_store_in(counter: Counter) -> None:
    counter.put(StaffAdded(SHEET))
    look(counter, MARA, SHEET)
    seen = await look_over(counter.desk)
    assert sign_review(counter.ledger, seen, act=counter.act(SHEET)) == OwnBreakGlass()
    assert isinstance(sign_review(counter.ledger, seen, act=counter.act(IDA)), Review)


async def test_nor_under_the_name_that_they_gave_with_the_recovery_sheet(counter: Counter) -> None:
    counter.put(StaffAdded(SHEET))
    broken = GlassBroken("ida  NKEMELU", "fire", OPENING + timedelta(hours=4))
    counter.ledger.record(broken, counter.act(SHEET))
    seen = await look_over(counter.desk)
    assert [(each.kind, each.count) for each in seen.anomalies] == [(Kind.BREAK_GLASS, 1)]
    assert sign_review(counter.ledger, seen, act=counter.act(IDA)) == OwnBreakGlass()


async def test_a_coordinator_reviews_nothing(counter: Counter) -> None:
    with pytest.raises(NotPermitted):
        sign_review(counter.ledger, await look_over(counter.desk), act=counter.act(ANA))
    assert counter.recorded("review.signed") == 0


# Asking


@pytest.mark.parametrize(
    ("typed", "by", "of", "act"),
    [
        ("", "", "", ""),
        ("by ana", "Ana Ruiz", "", ""),
        ("of lindq, by ben o", "Ben Osei", "Lindqvist, Mara", ""),
        ("did chart of MI-P-0041-7723", "", "Okafor, Chidi", "chart.opened"),
    ],
)
async def test_what_is_asked_is_understood(counter: Counter, typed: str, by: str, of: str, act: str) -> None:
    await open_chart(counter.desk, MARA.id)
    asked = understand_asked(counter.ledger, typed, SHOP)
    assert isinstance(asked, Asked)
    assert (asked.by, asked.of, asked.events.act) == (by, of, act)
    assert asked.is_all is (typed == "")


def test_days_are_the_shops_own(counter: Counter) -> None:
    asked = understand_asked(counter.ledger, "on 2026-03-12", SHOP)
    assert isinstance(asked, Asked)
    assert asked.events.since == datetime(2026, 3, 12, 4, 0, tzinfo=UTC)
    assert asked.events.until == datetime(2026, 3, 13, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("ana", "begins with none of by, of, did, on, from, to"),
        ("by", "Nothing stands behind “by”"),
        ("by zoe", "Nobody called “zoe” ever worked here."),
        ("of nobody", "No patient is found by “nobody”"),
        ("did fly", "no act on record"),
        ("did patient", "more than one act"),
        ("on tomorrowish", "tomorrowish"),
    ],
)
def test_what_is_not_understood_is_said(counter: Counter, typed: str, why: str) -> None:
    note_search(counter.ledger, "x", 0, act=counter.act())
    outcome = understand_asked(counter.ledger, typed, SHOP)
    assert isinstance(outcome, NotUnderstood)
    assert why in outcome.why


# Disclosures

POLICE = Given(TODAY, " State  police", "Lansing", "purchases of 2026", "court order 26-17")


def test_a_correction_is_a_disclosure_of_its_own_and_the_first_is_kept(counter: Counter) -> None:
    first = disclose(counter.ledger, MARA.id, POLICE, TODAY, act=counter.act())
    assert isinstance(first, Disclosed)
    assert first.recipient == "State police"
    better = replace(POLICE, address="Flint", corrects=first.disclosure_id)
    disclose(counter.ledger, MARA.id, better, TODAY, act=counter.act())
    told = accounting(counter.ledger, MARA.id, TODAY, act=counter.act())
    assert [each.address for each in told.disclosures] == ["Lansing", "Flint"]
    assert told.correction_of(told.disclosures[0]) == told.disclosures[1]
    lines = list(accounting_lines(told, SHOP, TODAY))
    assert lines[:5] == [
        "Birchwood Relief · licence PC-000911",
        "Accounting of disclosures of protected health information (45 CFR 164.528)",
        "Mara Lindqvist, born 1990-07-02",
        "2020-03-12 to 2026-03-12",
        "",
    ]
    assert lines[5:11] == [
        "2026-03-12  State police",
        "            Lansing",
        "            What:    purchases of 2026",
        "            Purpose: court order 26-17",
        "            Corrected by the entry of 2026-03-12 10:00.",
        "            Recorded 2026-03-12 10:00 by Ana Ruiz",
    ]


@pytest.mark.parametrize("name", ["recipient", "address", "what", "purpose"])
def test_what_the_law_wants_kept_is_not_left_out(counter: Counter, name: str) -> None:
    left_out: Any = {name: " "}
    given = replace(POLICE, **left_out)
    assert disclose(counter.ledger, MARA.id, given, TODAY, act=counter.act()) == Wanting(name)
    late = replace(POLICE, made_on=TODAY + timedelta(days=1))
    assert disclose(counter.ledger, MARA.id, late, TODAY, act=counter.act()) == NotYet()
    assert counter.recorded("disclosure.made") == 0


def test_six_years_are_told_to_the_day(counter: Counter) -> None:
    for day in (date(2020, 3, 11), date(2020, 3, 12)):
        disclose(counter.ledger, MARA.id, replace(POLICE, made_on=day), TODAY, act=counter.act())
    told = accounting(counter.ledger, MARA.id, TODAY, act=counter.act())
    assert [each.made_on for each in told.disclosures] == [date(2020, 3, 12)]
    assert accounting(counter.ledger, MARA.id, date(2026, 3, 1), act=counter.act()).since == date(2020, 3, 1)
    assert accounting(counter.ledger, MARA.id, date(2028, 2, 29), act=counter.act()).since == date(2022, 3, 1)
    assert "Nothing was disclosed" in "\n".join(
        accounting_lines(accounting(counter.ledger, CHIDI.id, TODAY, act=counter.act()), SHOP, TODAY)
    )
