"""Sales over what a patient may have, found at the end of the day from what is on record here."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from pcc_desk.desk import over_limit
from pcc_desk.desk.amending import void_dispensation
from pcc_desk.desk.closing import day_on_record
from pcc_desk.desk.outbox import post_due
from pcc_desk.desk.over_limit import (
    MAY_BE_TAKEN_BACK,
    NOBODY,
    NOT_WEIGHED,
    NUMBER_TWICE,
    ON_ANOTHER_DAY,
    TAKEN_BACK,
    TWICE,
)
from pcc_desk.desk.reconcile import compare_day
from pcc_desk.desk.sides import Sides
from pcc_desk.domain.allotment import evaluate
from pcc_desk.domain.closing import Check, CheckState
from pcc_desk.domain.dispensing import Dispensation
from pcc_desk.domain.entries import PatientRegistered, StockRead
from pcc_desk.domain.people import Card, Holder, Patient, card_key
from pcc_desk.domain.products import Package
from pcc_desk.domain.quantity import Quantity, Unit
from pcc_desk.domain.reconciling.classes import FindingClass
from pcc_desk.domain.reconciling.findings import DayComparison, LookedAt
from pcc_desk.domain.sales import NOT_TOLD, Kind, Sale, SoldLine
from pcc_desk.domain.standing import Standing
from tests.desk.counter import CHIDIS_CARD, DREAM, EVAS_CARD, MARAS_CARD, TODAY, Counter, grams, says
from tests.fakes import FakeLedger
from tests.fakes_outside import ZONE


def rung(counter: Counter, number: str, milli: int, **other: object) -> Sale:
    """Sell flower at the till alone, to Mara unless another is named."""
    line = SoldLine(DREAM.label, milli, 5200, "Blue Dream")
    at = counter.clock.now().astimezone(ZONE)
    sale = replace(Sale(number, at, (line,), patient_key=MARAS_CARD.key), **other)  # type: ignore[arg-type]
    counter.pos.rung_up.append(sale)
    counter.clock.advance(timedelta(minutes=1))
    return sale


def over(comparison: DayComparison) -> dict[str, str]:
    return {
        each.sale.number: each.what
        for each in comparison.findings
        if each.kind is FindingClass.OVER_LIMIT and each.sale
    }


def looked(comparison: DayComparison) -> LookedAt:
    return next(each for each in comparison.looked_at if each.kind is FindingClass.OVER_LIMIT)


async def test_what_the_till_sold_beyond_the_day_s_limit_is_found_and_the_last_gram_within_is_not(
    counter: Counter,
) -> None:
    rung(counter, "1", 70_870)
    comparison = await compare_day(counter.desk, TODAY)
    assert over(comparison) == {}
    assert looked(comparison) == LookedAt(FindingClass.OVER_LIMIT, 1, 1)
    rung(counter, "2", 10)
    found = over(await compare_day(counter.desk, TODAY))
    assert list(found) == ["2"]
    assert found["2"].endswith(
        "0.01 oz usable-marihuana equivalent over the limit of 2.5 (a day), by this desk's own record"
    )


async def test_what_this_desk_handed_out_counts_once_with_what_the_till_rang_up_of_it(counter: Counter) -> None:
    given = await counter.give(grams("60"))
    counter.pos.ring_up([given])
    await post_due(counter.desk)
    counter.clock.advance(timedelta(hours=1))
    rung(counter, "9", 10_000)
    comparison = await compare_day(counter.desk, TODAY)
    assert (over(comparison), looked(comparison).looked) == ({}, 2)
    rung(counter, "10", 1_000)
    assert list(over(await compare_day(counter.desk, TODAY))) == ["10"]


async def test_what_the_registry_said_just_before_counts_and_an_answer_gone_stale_does_not(counter: Counter) -> None:
    counter.state.standings[MARAS_CARD.number] = says(MARAS_CARD, "0.5")
    await counter.ask()
    rung(counter, "1", 20_000)
    (what,) = over(await compare_day(counter.desk, TODAY)).values()
    assert what.endswith("0.21 oz usable-marihuana equivalent more than METRC said just before was left (a day)")
    counter.pos.rung_up.clear()
    counter.clock.advance(timedelta(minutes=30))
    rung(counter, "2", 20_000)
    assert over(await compare_day(counter.desk, TODAY)) == {}


@pytest.mark.parametrize("days", [("0.1", "2.5"), ("2.5", "0.1")])
async def test_of_what_the_registry_said_by_two_cards_of_a_person_the_lower_counts(
    counter: Counter, days: tuple[str, str]
) -> None:
    nora = Patient(UUID(int=0x71), "Haddad", "Nora", date(1984, 5, 5))
    numbers = ("MI-P-0071-0001", "MI-P-0071-0002")
    first, second = (Card(each, nora.id, Holder.PATIENT, nora.name, date(2027, 6, 30)) for each in numbers)
    counter.put(PatientRegistered(nora, (first, second)))
    for card, day in zip((first, second), days, strict=True):
        counter.state.standings[card.number] = says(card, day)
    await counter.ask(first)
    assert {each.removeprefix("standing ") for each in counter.state.asked} == set(numbers)
    rung(counter, "1", 20_000, patient_key=first.key)
    (what,) = over(await compare_day(counter.desk, TODAY)).values()
    assert what.endswith("0.61 oz usable-marihuana equivalent more than METRC said just before was left (a day)")


async def test_of_what_the_registry_said_by_one_card_the_last_word_counts(counter: Counter) -> None:
    for day in ("0.1", "2.5"):
        counter.state.standings[MARAS_CARD.number] = says(MARAS_CARD, day)
        await counter.ask()
        counter.clock.advance(timedelta(minutes=1))
    rung(counter, "1", 20_000)
    assert over(await compare_day(counter.desk, TODAY)) == {}


async def test_a_sale_to_nobody_known_here_is_not_looked_at_and_never_fine(counter: Counter) -> None:
    rung(counter, "1", 700_000, patient_key="MIP99999999")
    rung(counter, "2", 700_000, patient_key="")
    rung(counter, "3", 1_000)
    comparison = await compare_day(counter.desk, TODAY)
    assert (over(comparison), looked(comparison)) == (
        {},
        LookedAt(FindingClass.OVER_LIMIT, 1, 3, f"2 {NOBODY}"),
    )


async def test_where_the_till_tells_nobody_the_state_s_receipt_tells_whose_sale_it_is(counter: Counter) -> None:
    first = await counter.give(grams("60"))
    second = await counter.give(grams("10"))
    counter.pos.ring_up([first, second])
    await post_due(counter.desk)
    counter.pos.rung_up[:] = [replace(each, external_number="") for each in counter.pos.rung_up]
    comparison = await compare_day(counter.desk, TODAY)
    assert all(not each.patient_key for each in counter.pos.rung_up)
    assert looked(comparison) == LookedAt(FindingClass.OVER_LIMIT, 2, 2)


async def test_a_till_without_tags_is_judged_by_the_packages_of_its_receipts(counter: Counter) -> None:
    given = await counter.give(grams("3.5"))
    counter.pos.ring_up([given])
    await post_due(counter.desk)
    untold = (replace(counter.pos.rung_up[0].lines[0], label=NOT_TOLD),)
    counter.pos.rung_up[0] = replace(counter.pos.rung_up[0], lines=untold, external_number="")
    comparison = await compare_day(counter.desk, TODAY)
    assert looked(comparison) == LookedAt(FindingClass.OVER_LIMIT, 1, 1)


async def test_a_package_that_is_not_known_here_leaves_its_sale_and_what_follows_untold(counter: Counter) -> None:
    unknown = SoldLine("1A4050100000111000000999", 1000, 100)
    rung(counter, "1", 0, lines=(unknown,))
    rung(counter, "2", 1_000)
    rung(counter, "3", 71_000)
    comparison = await compare_day(counter.desk, TODAY)
    assert list(over(comparison)) == ["3"]
    assert looked(comparison).looked == 1
    assert NOT_WEIGHED in looked(comparison).why


@pytest.mark.parametrize(
    ("person", "of", "why"),
    [
        (MARAS_CARD.key, "1", TAKEN_BACK),
        ("", "1", TAKEN_BACK),
        (MARAS_CARD.key, "0000", TAKEN_BACK),
        ("", "", MAY_BE_TAKEN_BACK),
    ],
)
async def test_with_something_taken_back_at_the_till_its_sums_say_nothing(
    counter: Counter, person: str, of: str, why: str
) -> None:
    rung(counter, "1", 70_000)
    rung(counter, "2", -70_000, kind=Kind.RETURN, refers_to=of, patient_key=person)
    rung(counter, "3", 70_000)
    comparison = await compare_day(counter.desk, TODAY)
    assert (over(comparison), looked(comparison).why) == ({}, f"2 {why}")


@pytest.mark.parametrize("kind", [Kind.RETURN, Kind.ADJUSTMENT])
async def test_what_came_back_of_a_sale_that_was_not_read_may_be_anybodys_who_bought_before(
    counter: Counter, kind: Kind
) -> None:
    await on_three_days(counter)
    counter.clock.advance(timedelta(hours=12))
    rung(counter, "1", -70_000, kind=kind, refers_to=counter.pos.rung_up[0].number, patient_key="")
    rung(counter, "2", 71_000)
    rung(counter, "3", 71_000, patient_key=CHIDIS_CARD.key)
    comparison = await compare_day(counter.desk, TODAY + timedelta(days=4))
    assert list(over(comparison)) == ["3"]
    assert looked(comparison).why == f"1 {MAY_BE_TAKEN_BACK}"


@pytest.mark.parametrize(("buyer", "why"), [(MARAS_CARD, TAKEN_BACK), (None, MAY_BE_TAKEN_BACK), (EVAS_CARD, "")])
async def test_what_came_back_of_the_sale_of_the_day_before_is_of_whoever_bought_it(
    counter: Counter, buyer: Card | None, why: str
) -> None:
    await on_three_days(counter)
    rung(counter, "8", 70_000, patient_key=buyer.key if buyer else "")
    counter.clock.advance(timedelta(hours=12))
    rung(counter, "9", -70_000, kind=Kind.RETURN, refers_to="8", patient_key="")
    rung(counter, "10", 71_000)
    comparison = await compare_day(counter.desk, TODAY + timedelta(days=4))
    assert list(over(comparison)) == ([] if why else ["10"])
    assert looked(comparison).why == (f"1 {why}" if why else "")


async def test_what_came_back_of_a_sale_of_the_day_to_nobody_known_lowers_nobody_s_sum(counter: Counter) -> None:
    await on_three_days(counter)
    counter.clock.advance(timedelta(hours=12))
    rung(counter, "1", 70_000, patient_key="")
    rung(counter, "2", -70_000, kind=Kind.RETURN, refers_to="1", patient_key="")
    rung(counter, "3", 71_000)
    comparison = await compare_day(counter.desk, TODAY + timedelta(days=4))
    assert list(over(comparison)) == ["3"]


async def test_a_sale_that_may_be_what_this_desk_handed_out_is_not_counted_twice(counter: Counter) -> None:
    await counter.give(grams("60"))
    rung(counter, "1", 59_000)
    comparison = await compare_day(counter.desk, TODAY)
    assert (over(comparison), looked(comparison).why) == ({}, f"1 {TWICE}")


async def test_what_was_struck_here_is_not_looked_at(counter: Counter) -> None:
    given = await counter.give(grams("3.5"))
    counter.pos.ring_up([given])
    await post_due(counter.desk)
    void_dispensation(counter.ledger, given.id, "rung up twice", act=counter.act())
    comparison = await compare_day(counter.desk, TODAY)
    assert looked(comparison) == LookedAt(FindingClass.OVER_LIMIT, 0, 1, "1 struck at this desk")


async def test_rules_that_cannot_decide_leave_a_sale_untold(counter: Counter) -> None:
    rung(counter, "1", 700_000)
    rules_on = counter.desk.rules_on
    counter.desk.rules_on = lambda day, began=None: replace(rules_on(day, began), limits=())
    comparison = await compare_day(counter.desk, TODAY)
    assert over(comparison) == {}
    assert looked(comparison).why.startswith("1 of which nothing can be told (no limit speaks of flower")


async def test_the_list_before_signing_says_how_far_was_looked(counter: Counter) -> None:
    rung(counter, "1", 1_000)
    rung(counter, "2", 1_000, patient_key="")
    await compare_day(counter.desk, TODAY)
    (check,) = (each for each in checks(counter) if each.what == "Sold within what each patient may have")
    assert check.state is CheckState.NOT_KNOWN
    assert check.words == f"looked at 1 of 2; not the others: 1 {NOBODY}"
    counter.pos.rung_up.pop()
    await compare_day(counter.desk, TODAY)
    (check,) = (each for each in checks(counter) if each.what == "Sold within what each patient may have")
    assert (check.state, check.words) == (CheckState.DONE, "looked at 1")


def checks(counter: Counter) -> tuple[Check, ...]:
    return day_on_record(counter.ledger, TODAY, act=counter.act()).checks


async def test_the_sales_of_a_day_are_gone_through_as_often_for_many_patients_as_for_one(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = 0

    def counted(sides: Sides) -> tuple[Sale, ...]:
        nonlocal times
        times += 1
        found: tuple[Sale, ...] = told(sides)
        return found

    told = vars(Sides)["sales_of_day"].fget
    monkeypatch.setattr(Sides, "sales_of_day", property(counted))
    rung(counter, "1", 1_000)
    await compare_day(counter.desk, TODAY)
    for_one, times = times, 0
    rung(counter, "2", 1_000, patient_key=CHIDIS_CARD.key)
    rung(counter, "3", 1_000, patient_key=EVAS_CARD.key)
    comparison = await compare_day(counter.desk, TODAY)
    assert looked(comparison).of == 3
    assert times == for_one


async def test_a_package_of_many_sales_is_asked_for_once(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    package = FakeLedger.package

    def told(ledger: FakeLedger, label: str) -> Package | None:
        asked.append(label)
        return package(ledger, label)

    monkeypatch.setattr(FakeLedger, "package", told)
    for number in range(3):
        rung(counter, str(number), 1_000)
    comparison = await compare_day(counter.desk, TODAY)
    assert looked(comparison).looked == 3
    assert asked == [DREAM.label]


async def test_the_store_is_free_while_the_sales_are_judged(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    read = counter.desk.store.read

    async def told(use_case: Callable[..., object], *args: object, **kwargs: object) -> object:
        asked.append("read")
        found = await read(use_case, *args, **kwargs)
        asked.append("free")
        return found

    def judged(*args: Any, **kwargs: Any) -> Standing:
        asked.append("judged")
        return evaluate(*args, **kwargs)

    monkeypatch.setattr(counter.desk.store, "read", told)
    monkeypatch.setattr(over_limit, "evaluate", judged)
    rung(counter, "1", 1_000)
    await compare_day(counter.desk, TODAY)
    assert asked[asked.index("judged") - 1] == "free"


async def test_what_went_before_is_told_by_this_desk_s_clock_where_the_till_s_runs_behind(counter: Counter) -> None:
    rung(counter, "1", 40_000)
    counter.clock.advance(timedelta(minutes=10))
    given = await counter.give(grams("40"))
    rung_up_at(counter, given, given.at - timedelta(minutes=13))
    comparison = await compare_day(counter.desk, TODAY)
    assert list(over(comparison)) == [counter.pos.rung_up[-1].number]
    assert looked(comparison) == LookedAt(FindingClass.OVER_LIMIT, 2, 2)


async def test_of_two_sales_of_one_minute_the_till_s_second_is_judged_with_its_first(counter: Counter) -> None:
    first = rung(counter, "1", 40_000)
    rung(counter, "2", 40_000, sold_at=first.sold_at)
    assert list(over(await compare_day(counter.desk, TODAY))) == ["2"]


async def test_of_two_sales_under_one_number_neither_is_called_over(counter: Counter) -> None:
    rung(counter, "1", 1_000)
    rung(counter, "7", 1_000)
    rung(counter, "7", 80_000)
    rung(counter, "8", 90_000)
    comparison = await compare_day(counter.desk, TODAY)
    assert list(over(comparison)) == ["8"]
    assert looked(comparison) == LookedAt(FindingClass.OVER_LIMIT, 2, 4, f"2 {NUMBER_TWICE}")


# Around midnight


def rung_up_at(counter: Counter, given: Dispensation, at: datetime) -> None:
    """Ring up what was handed out, at another time by the till's clock."""
    counter.pos.ring_up([given])
    last = counter.pos.rung_up[-1]
    counter.pos.rung_up[-1] = replace(last, sold_at=at.astimezone(ZONE), patient_key=card_key(given.card_number))


async def on_three_days(counter: Counter) -> None:
    """Let Mara have 7.4 of the 10 ounces of 30 days, and stand a minute and a half before midnight."""
    counter.put(StockRead((replace(DREAM, remaining=Quantity(500_000, Unit.GRAMS)),), "METRC"))
    for _ in range(3):
        counter.pos.ring_up([await counter.give(grams("70"))])
        counter.clock.advance(timedelta(days=1))
    counter.clock.advance(timedelta(hours=14, seconds=-90))


async def test_what_was_handed_out_before_midnight_and_rung_up_after_it_counts_once(counter: Counter) -> None:
    await on_three_days(counter)
    given = await counter.give(grams("60"))
    counter.clock.advance(timedelta(minutes=4))
    rung_up_at(counter, given, counter.clock.now())
    rung(counter, "9", 10_000)
    comparison = await compare_day(counter.desk, TODAY + timedelta(days=4))
    assert over(comparison) == {}
    assert looked(comparison) == LookedAt(FindingClass.OVER_LIMIT, 1, 2, f"1 {ON_ANOTHER_DAY}")


@pytest.mark.parametrize(("hours", "is_told"), [(1, False), (23, False), (25, True)])
async def test_what_may_be_what_this_desk_handed_out_the_day_before_is_not_counted_twice(
    counter: Counter, hours: int, is_told: bool
) -> None:
    await on_three_days(counter)
    await counter.give(grams("60"))
    counter.clock.advance(timedelta(hours=hours))
    rung(counter, "9", 70_000)
    comparison = await compare_day(counter.desk, counter.desk.shop.day(counter.pos.rung_up[-1].sold_at))
    assert list(over(comparison)) == (["9"] if is_told else [])
    assert looked(comparison).why == ("" if is_told else f"1 {TWICE}")


async def test_what_was_handed_out_after_midnight_and_rung_up_by_a_till_that_runs_behind_is_not_of_the_day_before(
    counter: Counter,
) -> None:
    rung(counter, "1", 40_000)
    counter.clock.advance(timedelta(hours=14))
    given = await counter.give(grams("40"))
    rung_up_at(counter, given, given.at - timedelta(minutes=4))
    comparison = await compare_day(counter.desk, TODAY)
    assert over(comparison) == {}
    assert looked(comparison) == LookedAt(FindingClass.OVER_LIMIT, 1, 2, f"1 {ON_ANOTHER_DAY}")


async def test_what_is_rung_up_after_midnight_leaves_the_day_before_to_be_looked_at(counter: Counter) -> None:
    counter.clock.advance(timedelta(hours=13))
    rung(counter, "1", 10_000)
    counter.clock.advance(timedelta(minutes=57))
    given = await counter.give(grams("60"))
    counter.clock.advance(timedelta(minutes=4))
    rung_up_at(counter, given, counter.clock.now())
    assert looked(await compare_day(counter.desk, TODAY)) == LookedAt(FindingClass.OVER_LIMIT, 1, 1)


async def test_what_was_handed_out_at_once_and_rung_up_in_two_sales_counts_once(counter: Counter) -> None:
    given = await counter.give(grams("60"))
    await post_due(counter.desk)
    for number, cents in (("1", 2600), ("2", 2600)):
        rung(counter, number, 30_000, lines=(SoldLine(DREAM.label, 30_000, cents, "Blue Dream"),))
    rung(counter, "3", 10_000)
    comparison = await compare_day(counter.desk, TODAY)
    assert given.lines[0].price_cents == 5200
    assert (over(comparison), looked(comparison)) == ({}, LookedAt(FindingClass.OVER_LIMIT, 3, 3))


async def test_what_the_registry_said_was_left_of_yesterday_says_nothing_of_today(counter: Counter) -> None:
    counter.clock.advance(timedelta(hours=13, minutes=55))
    counter.state.standings[MARAS_CARD.number] = says(MARAS_CARD, "0.1")
    await counter.ask()
    counter.clock.advance(timedelta(minutes=4))
    rung(counter, "1", 20_000)
    counter.clock.advance(timedelta(minutes=2))
    rung(counter, "2", 20_000)
    assert list(over(await compare_day(counter.desk, TODAY))) == ["1"]
    assert over(await compare_day(counter.desk, TODAY + timedelta(days=1))) == {}
