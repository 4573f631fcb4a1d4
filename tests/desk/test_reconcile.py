"""End of day at the desk: both sides read, compared, and kept."""

import threading
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from pcc_desk.desk.amending import void_dispensation
from pcc_desk.desk.closing import day_on_record
from pcc_desk.desk.monitor import begin_outage
from pcc_desk.desk.outbox import post_due
from pcc_desk.desk.outbox_acts import give_up
from pcc_desk.desk.pulse import take_pulse
from pcc_desk.desk.reconcile import compare_day, last_comparison
from pcc_desk.desk.shelves import compare_shelves
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.reconciling.classes import ABOUT, FindingClass
from pcc_desk.domain.reconciling.findings import LookedAt, NotCompared
from pcc_desk.domain.reconciling.terms import Hours, KnownPackage
from pcc_desk.domain.rules import CardEnds
from pcc_desk.domain.sales import NOT_TOLD, Closing, LineUnit, Pull, Sale, SoldLine
from pcc_desk.domain.shelf import ShelfPackage
from tests.desk.counter import CHIDIS_CARD, CHIDIS_OLD_CARD, DREAM, GUMMIES, OPENING, TODAY, Counter, grams, pieces
from tests.fakes_outside import ZONE, FakePractice, FakeStateSystem, Fault

TOMORROW = TODAY + timedelta(days=1)


class Silent:
    """A state system that lists receipts and tells of no package."""

    def __init__(self, state: FakeStateSystem) -> None:
        self.name = state.name
        self.posted_on = state.posted_on


class LookedUp(tuple[Hours | None, ...]):
    """Legal hours that remember who looked them up."""

    by: set[int]

    def __getitem__(self, place: Any) -> Any:
        self.by.add(threading.get_ident())
        return super().__getitem__(place)


async def a_day(counter: Counter) -> None:
    """Three sales, rung up and posted."""
    given = [
        await counter.give(grams("3.5")),
        await counter.give(grams("7"), pieces(1)),
        await counter.give(pieces(2), card=CHIDIS_CARD),
    ]
    counter.pos.ring_up(given)
    assert await post_due(counter.desk) == 3


async def test_a_day_that_agrees_is_all_matches(counter: Counter) -> None:
    await a_day(counter)
    comparison = await compare_day(counter.desk, TODAY)
    assert (comparison.sales, comparison.receipts, comparison.matched) == (3, 3, 3)
    assert (comparison.findings, comparison.not_compared) == ((), ())
    assert (comparison.day, comparison.zone) == (TODAY, "America/Detroit")
    assert comparison.compared_at == counter.clock.now()
    assert comparison.source == "sales-2026-03-12.csv · 3 rows · sha256 0123456789ab"
    assert last_comparison(counter.ledger, TODAY, act=counter.act()) == comparison


async def test_a_sale_whose_post_waits_is_missing_with_the_reason(counter: Counter) -> None:
    await a_day(counter)
    counter.state.is_down = True
    late = await counter.give(grams("1"))
    counter.pos.ring_up([late])
    await post_due(counter.desk)
    counter.state.heal()
    comparison = await compare_day(counter.desk, TODAY)
    (found,) = comparison.findings
    assert found.kind is FindingClass.MISSING_IN_STATE
    assert "METRC cannot be reached" in found.why
    assert take_pulse(counter.ledger, TODAY).findings == 1


async def test_a_sale_whose_post_was_given_up_is_missing_for_good_rung_up_or_not(counter: Counter) -> None:
    await a_day(counter)
    given = await counter.give(grams("1"))
    give_up(counter.ledger, given.id, "entered on paper", act=counter.act())
    comparison = await compare_day(counter.desk, TODAY)
    (unheard_of,) = comparison.findings
    assert comparison.dispensed == 4
    assert unheard_of.kind is FindingClass.MISSING_IN_STATE
    assert unheard_of.why == "Its post was given up: entered on paper."
    counter.pos.ring_up([given])
    (missing,) = (await compare_day(counter.desk, TODAY)).findings
    assert (missing.kind, missing.why) == (FindingClass.MISSING_IN_STATE, unheard_of.why)
    assert "on its way" not in missing.what + missing.fix


async def test_what_was_struck_before_the_state_knew_is_not_looked_for(counter: Counter) -> None:
    await a_day(counter)
    given = await counter.give(grams("1"))
    void_dispensation(counter.ledger, given.id, "rung up twice", act=counter.act())
    await post_due(counter.desk)
    assert (await compare_day(counter.desk, TODAY)).findings == ()


async def test_a_sale_that_arrived_a_moment_ago_is_not_called_lost_while_the_list_lags(counter: Counter) -> None:
    await a_day(counter)
    counter.state.lag = timedelta(seconds=60)
    findings = (await compare_day(counter.desk, TODAY)).findings
    assert len(findings) == 3
    assert all("METRC's receipt 9000" in each.why and "its list may lag" in each.why for each in findings)
    counter.clock.advance(timedelta(seconds=60))
    assert (await compare_day(counter.desk, TODAY)).matched == 3
    counter.clock.advance(timedelta(seconds=6))
    counter.state.lag = timedelta(days=1)
    assert not any("already" in each.fix for each in (await compare_day(counter.desk, TODAY)).findings)


async def test_a_price_changed_at_the_till_is_found(counter: Counter) -> None:
    await a_day(counter)
    first = counter.pos.rung_up[0]
    counter.pos.rung_up[0] = replace(first, lines=(replace(first.lines[0], price_cents=5100),))
    comparison = await compare_day(counter.desk, TODAY)
    assert [each.kind for each in comparison.findings] == [FindingClass.PRICE]


async def test_a_sale_outside_the_legal_hours_of_the_shop_is_found_and_without_them_none_is_looked_at(
    counter: Counter,
) -> None:
    await a_day(counter)
    comparison = await compare_day(counter.desk, TODAY)
    assert comparison.findings == ()
    assert LookedAt(FindingClass.HOURS, 0, 3, "legal hours not set") in comparison.looked_at
    counter.desk.legal_hours = (Hours(time(11), time(20)),) * 7
    comparison = await compare_day(counter.desk, TODAY)
    assert {each.kind for each in comparison.findings} == {FindingClass.HOURS}
    assert len(comparison.findings) == 3
    assert LookedAt(FindingClass.HOURS, 3, 3) in comparison.looked_at


@pytest.mark.parametrize(("ends", "found"), [(CardEnds.END_OF_DAY, 0), (CardEnds.START_OF_DAY, 1)])
async def test_a_card_of_that_day_is_good_or_not_as_the_law_says(counter: Counter, ends: CardEnds, found: int) -> None:
    rules_on = counter.desk.rules_on
    given = await counter.give(grams("1"), card=CHIDIS_CARD)
    counter.pos.ring_up([given])
    counter.pos.rung_up[0] = replace(counter.pos.rung_up[0], patient_key=CHIDIS_OLD_CARD.key)
    await post_due(counter.desk)
    counter.desk.rules_on = lambda day, began=None: replace(rules_on(day, began), card_ends=ends)
    findings = (await compare_day(counter.desk, TODAY)).findings
    assert sum(each.kind is FindingClass.EXPIRED_CARD for each in findings) == found


def a_missing_sale(counter: Counter) -> None:
    line = SoldLine(DREAM.label, 1000, 1485, "Blue Dream")
    counter.pos.rung_up.append(Sale("5001", OPENING.astimezone(ZONE), (line,)))
    counter.clock.advance(timedelta(minutes=10))


@pytest.mark.parametrize(
    ("package", "said"),
    [
        (KnownPackage(DREAM.label, finished_on=TODAY), "1A40…0417 was finished on 12 Mar"),
        (KnownPackage(DREAM.label, finished_at=OPENING.astimezone(ZONE)), "1A40…0417 was finished at 10:00"),
        (KnownPackage(DREAM.label, finished_at=OPENING - timedelta(days=2)), "1A40…0417 was finished on 10 Mar"),
        (KnownPackage(DREAM.label, finished_on=TOMORROW), ""),
        (KnownPackage(DREAM.label, finished_at=OPENING + timedelta(minutes=1)), ""),
        (KnownPackage(DREAM.label), ""),
    ],
)
async def test_a_missing_sale_of_a_package_that_the_state_has_finished_says_so(
    counter: Counter, package: KnownPackage, said: str
) -> None:
    await a_day(counter)
    a_missing_sale(counter)
    counter.state.known_packages = (package,)
    comparison = await compare_day(counter.desk, TODAY)
    (found,) = comparison.findings
    assert found.kind is (FindingClass.PACKAGE_FINISHED if said else FindingClass.MISSING_IN_STATE)
    assert found.why == (f"{said}." if said else ABOUT[FindingClass.MISSING_IN_STATE].cause)
    assert "finished" not in found.what
    assert LookedAt(FindingClass.PACKAGE_FINISHED, 1, 1) in comparison.looked_at
    assert counter.state.asked.count(f"package {DREAM.label}") == 1


async def test_a_package_of_which_the_state_tells_nothing_is_neither_finished_nor_unknown(counter: Counter) -> None:
    await a_day(counter)
    assert LookedAt(FindingClass.PACKAGE_FINISHED, 0, 0) in (await compare_day(counter.desk, TODAY)).looked_at
    a_missing_sale(counter)
    counter.state.known_packages = (KnownPackage("1A4OTHER"),)
    comparison = await compare_day(counter.desk, TODAY)
    assert [each.kind for each in comparison.findings] == [FindingClass.MISSING_IN_STATE]
    untold = LookedAt(FindingClass.PACKAGE_FINISHED, 0, 1, "METRC did not tell of all their packages")
    assert untold in comparison.looked_at


def missing_sales(counter: Counter, *labels: str) -> None:
    at = OPENING.astimezone(ZONE)
    counter.pos.rung_up += [
        Sale(str(6000 + place), at, (SoldLine(label, 1000, 1485),)) for place, label in enumerate(labels)
    ]
    counter.clock.advance(timedelta(minutes=10))


async def test_what_was_told_of_packages_before_an_answer_failed_to_come_counts(counter: Counter) -> None:
    await a_day(counter)
    missing_sales(counter, DREAM.label, GUMMIES.label)
    counter.state.known_packages = tuple(KnownPackage(each.label, finished_on=TODAY) for each in (DREAM, GUMMIES))
    counter.state.fate = lambda question: Fault.BUSY if question == f"package {GUMMIES.label}" else None
    comparison = await compare_day(counter.desk, TODAY)
    kinds = {each.sale.number: each.kind for each in comparison.findings if each.sale}
    assert kinds == {"6000": FindingClass.PACKAGE_FINISHED, "6001": FindingClass.MISSING_IN_STATE}
    why = "METRC is asked too often; again in 40 s"
    assert LookedAt(FindingClass.PACKAGE_FINISHED, 1, 2, why) in comparison.looked_at


async def test_of_many_packages_the_state_is_asked_for_some_and_that_is_said(counter: Counter) -> None:
    await a_day(counter)
    labels = [f"1A40501000001110000{number:05}" for number in range(60)]
    missing_sales(counter, *labels)
    counter.state.known_packages = tuple(KnownPackage(each) for each in labels)
    comparison = await compare_day(counter.desk, TODAY)
    assert sum(each.startswith("package ") for each in counter.state.asked) == 40
    why = "METRC is asked for 40 packages at most"
    assert LookedAt(FindingClass.PACKAGE_FINISHED, 40, 60, why) in comparison.looked_at


async def test_where_the_desk_s_own_post_waits_the_package_is_not_looked_up(counter: Counter) -> None:
    await a_day(counter)
    given = await counter.give(grams("3.5"))
    counter.pos.ring_up([given])
    comparison = await compare_day(counter.desk, TODAY)
    assert [each.kind for each in comparison.findings] == [FindingClass.MISSING_IN_STATE]
    assert LookedAt(FindingClass.PACKAGE_FINISHED, 0, 0) in comparison.looked_at
    assert not [each for each in counter.state.asked if each.startswith("package ")]


async def test_a_state_system_that_tells_of_no_package_leaves_them_not_looked_at(counter: Counter) -> None:
    await a_day(counter)
    a_missing_sale(counter)
    counter.desk.state = Silent(counter.state)  # type: ignore[assignment]
    comparison = await compare_day(counter.desk, TODAY)
    assert [each.kind for each in comparison.findings] == [FindingClass.MISSING_IN_STATE]
    untold = LookedAt(FindingClass.PACKAGE_FINISHED, 0, 1, "METRC does not tell when a package was finished")
    assert untold in comparison.looked_at


async def test_a_receipt_voided_at_the_state_leaves_its_sale_missing(counter: Counter) -> None:
    await a_day(counter)
    counter.state.voided.add(counter.state.taken[0].receipt)
    comparison = await compare_day(counter.desk, TODAY)
    assert comparison.receipts == 2
    assert [each.kind for each in comparison.findings] == [FindingClass.MISSING_IN_STATE]
    assert LookedAt(FindingClass.PACKAGE_FINISHED, 0, 0) in comparison.looked_at


async def test_with_the_state_out_of_reach_nothing_is_compared_and_nothing_is_different(counter: Counter) -> None:
    await a_day(counter)
    counter.state.is_down = True
    comparison = await compare_day(counter.desk, TODAY)
    assert comparison.not_compared == (NotCompared("METRC", "METRC cannot be reached"),)
    assert (comparison.findings, comparison.matched) == ((), 0)
    assert (comparison.sales, comparison.receipts) == (3, 0)
    assert last_comparison(counter.ledger, TODAY, act=counter.act()) == comparison


async def test_with_the_point_of_sale_out_of_reach_nothing_is_compared(counter: Counter) -> None:
    await a_day(counter)
    counter.state.voided.add(counter.state.taken[0].receipt)
    counter.pos.silence = Unanswered(Silence.UNREADABLE, "the report has no column of tags")
    comparison = await compare_day(counter.desk, TODAY)
    assert comparison.not_compared == (NotCompared("POS export", "the report has no column of tags"),)
    assert (comparison.sales, comparison.receipts, comparison.findings) == (0, 2, ())


async def test_with_both_sides_out_of_reach_both_are_named(counter: Counter) -> None:
    counter.state.is_down = True
    counter.pos.silence = Unanswered(Silence.DOWN, "the folder of reports cannot be read")
    comparison = await compare_day(counter.desk, TODAY)
    assert [each.side for each in comparison.not_compared] == ["POS export", "METRC"]


async def test_the_newest_comparison_of_a_day_is_the_one_that_stands(counter: Counter) -> None:
    await a_day(counter)
    counter.state.is_down = True
    await compare_day(counter.desk, TODAY)
    counter.state.heal()
    counter.clock.advance(timedelta(minutes=1))
    again = await compare_day(counter.desk, TODAY)
    assert last_comparison(counter.ledger, TODAY, act=counter.act()) == again
    assert again.matched == 3
    assert counter.recorded("day.compared") == 2
    assert last_comparison(counter.ledger, TODAY - timedelta(days=1), act=counter.act()) is None


async def test_in_the_practice_shop_the_report_is_asked_for_first(counter: Counter) -> None:
    practice = FakePractice(counter.state, counter.pos)
    counter.desk.practice = practice
    await counter.give(grams("3.5"))
    await post_due(counter.desk)
    comparison = await compare_day(counter.desk, TODAY)
    assert practice.exported == [TODAY]
    assert comparison.matched == 1


async def test_without_a_new_report_an_old_one_is_not_taken_for_it(counter: Counter) -> None:
    practice = FakePractice(counter.state, counter.pos)
    counter.desk.practice = practice
    await counter.give(grams("3.5"))
    await post_due(counter.desk)
    practice.gone = Unanswered(Silence.DOWN, "the till is gone")
    comparison = await compare_day(counter.desk, TODAY)
    assert comparison.not_compared == (NotCompared(counter.pos.name, "the till is gone"),)
    assert comparison.matched == 0


async def test_a_renewed_card_is_told_as_the_same_person_by_another_number(counter: Counter) -> None:
    given = await counter.give(pieces(2), card=CHIDIS_CARD)
    counter.pos.ring_up([given])
    await post_due(counter.desk)
    till = counter.pos.rung_up[0]
    counter.pos.rung_up[0] = replace(till, patient_key="MIP00410001")
    (found,) = (await compare_day(counter.desk, TODAY)).findings
    assert (found.kind, "the same person by another number" in found.what) == (FindingClass.PATIENT, True)
    counter.pos.rung_up[0] = replace(till, patient_key="MIP00321187")
    (found,) = (await compare_day(counter.desk, TODAY)).findings
    assert (found.kind, "the same person by another number" in found.what) == (FindingClass.PATIENT, False)


async def test_a_sale_on_a_card_that_had_lapsed_is_told(counter: Counter) -> None:
    given = await counter.give(pieces(2), card=CHIDIS_CARD)
    counter.pos.ring_up([given])
    await post_due(counter.desk)
    counter.pos.rung_up[0] = replace(counter.pos.rung_up[0], patient_key="MIP00664410")
    kinds = {each.kind for each in (await compare_day(counter.desk, TODAY)).findings}
    assert FindingClass.EXPIRED_CARD in kinds


async def test_what_was_sold_in_an_outage_stands_together(counter: Counter) -> None:
    counter.state.is_down = True
    await counter.ask()
    begin_outage(counter.ledger, "METRC", (), act=counter.desk.act_by_itself())
    sold = [await counter.give(grams("1")) for _ in range(2)]
    counter.pos.ring_up(sold)
    await post_due(counter.desk)
    counter.state.heal()
    counter.clock.advance(timedelta(hours=1))
    found = (await compare_day(counter.desk, TODAY)).findings
    assert len(found) == 2
    assert len({each.group for each in found}) == 1
    assert "METRC" in found[0].group


# Packages


async def test_packages_agree_while_what_was_sold_is_on_the_way(counter: Counter) -> None:
    await counter.give(grams("3.5"))
    counter.state.packages = (DREAM,)
    counter.pos.shelf = (ShelfPackage(DREAM.label, DREAM.product, 246_500, LineUnit.GRAMS),)
    assert (await compare_shelves(counter.desk)).differences == ()
    counter.pos.shelf = (ShelfPackage(DREAM.label, DREAM.product, 250_000, LineUnit.GRAMS),)
    (found,) = (await compare_shelves(counter.desk)).differences
    assert found.what == "250 g at the till, 246.5 g in the state's record, 3.5 g of it on the way"
    assert counter.recorded("shelves.compared") == 2


async def test_a_sale_that_was_struck_before_the_state_knew_of_it_moves_nothing(counter: Counter) -> None:
    given = await counter.give(grams("3.5"))
    void_dispensation(counter.ledger, given.id, "rung up twice", act=counter.act())
    counter.state.packages = (DREAM,)
    counter.pos.shelf = (ShelfPackage(DREAM.label, DREAM.product, 250_000, LineUnit.GRAMS),)
    assert (await compare_shelves(counter.desk)).differences == ()


async def test_packages_of_a_side_that_is_silent_are_not_compared(counter: Counter) -> None:
    counter.pos.silence = Unanswered(Silence.ABSENT, "no stock report")
    shelves = await compare_shelves(counter.desk)
    assert shelves.differences == ()
    assert shelves.not_compared == (NotCompared("POS export", "no stock report"),)


async def test_a_day_that_the_till_tells_in_part_is_not_compared(counter: Counter) -> None:
    whole = await counter.desk.pos.sales(TODAY)
    assert isinstance(whole, Pull)

    async def in_part(day: date) -> Pull:
        return replace(whole, is_complete=False, why_partial="one line of its sales has no package tag")

    counter.pos.sales = in_part  # type: ignore[method-assign]
    compared = await compare_day(counter.desk, TODAY)
    assert ["one line of its sales has no package tag" in each.why for each in compared.not_compared] == [True]
    assert compared.findings == ()


async def test_a_till_that_tells_no_tags_of_its_stock_is_not_compared_by_package(counter: Counter) -> None:
    counter.pos.shelf = (ShelfPackage("", "Blue Dream", 4000, product_key="p-1"),)
    shelves = await compare_shelves(counter.desk)
    assert shelves.differences == ()
    assert ["tells its stock by product" in each.why for each in shelves.not_compared] == [True]


# Around midnight


async def test_a_sale_and_its_receipt_on_either_side_of_midnight_are_one_on_both_days(counter: Counter) -> None:
    """Told as missing on the one day and unexpected on the other, it would be posted again, and its receipt voided."""
    counter.clock.advance(timedelta(hours=14, minutes=10))
    given = await counter.give(grams("3.5"))
    counter.pos.ring_up([given])
    rung_up = counter.pos.rung_up[0]
    counter.pos.rung_up[0] = replace(rung_up, sold_at=rung_up.sold_at - timedelta(minutes=20))
    await post_due(counter.desk)
    for day, sales, receipts in ((TODAY, 1, 0), (TOMORROW, 0, 1)):
        comparison = await compare_day(counter.desk, day)
        (found,) = comparison.findings
        assert (found.kind, found.why) == (FindingClass.DAY, "Midnight lies between the two records of it.")
        assert (comparison.sales, comparison.receipts) == (sales, receipts)


async def test_what_is_sold_after_midnight_is_compared_with_the_business_day_it_ends(counter: Counter) -> None:
    counter.desk.shop = replace(counter.desk.shop, day_begins_minute=4 * 60)
    await a_day(counter)
    counter.clock.advance(timedelta(hours=14, minutes=30))
    late, later = await counter.give(grams("1")), await counter.give(grams("2"))
    counter.pos.ring_up([late, later])
    assert await post_due(counter.desk) == 2
    counter.state.voided |= set(counter.state.receipts_of(later.external_number))
    comparison = await compare_day(counter.desk, TODAY)
    (found,) = comparison.findings
    assert found.kind is FindingClass.MISSING_IN_STATE
    assert found.sale
    assert found.sale.external_number == later.external_number
    assert (comparison.sales, comparison.receipts, comparison.matched, comparison.dispensed) == (5, 4, 4, 5)
    assert (await compare_day(counter.desk, TOMORROW)).findings == ()


async def test_what_lies_around_a_day_is_nothing_of_what_is_signed_for(counter: Counter) -> None:
    await a_day(counter)
    counter.clock.advance(timedelta(days=1))
    await compare_day(counter.desk, TODAY)
    before = counter.ledger.comparisons_of(TODAY)[-1].entry.sides
    counter.pos.ring_up([await counter.give(grams("1"))])
    await post_due(counter.desk)
    counter.clock.advance(timedelta(minutes=5))
    assert len((await compare_day(counter.desk, TODAY)).findings) == 0
    assert counter.ledger.comparisons_of(TODAY)[-1].entry.sides == before


async def test_a_closing_report_is_held_against_the_business_day(counter: Counter) -> None:
    counter.desk.shop = replace(counter.desk.shop, day_begins_minute=4 * 60)
    await a_day(counter)
    counter.clock.advance(timedelta(hours=14, minutes=30))
    counter.pos.ring_up([await counter.give(grams("1"))])
    await post_due(counter.desk)
    counter.pos.closing_report = Closing("closing report", None, sales=4)
    assert (await compare_day(counter.desk, TODAY)).totals.unlike == ()
    counter.pos.closing_report = Closing("closing report", None, sales=3)
    assert [each.one_says for each in (await compare_day(counter.desk, TODAY)).totals.unlike] == [4]


async def test_a_day_before_that_the_state_does_not_tell_keeps_nothing_from_being_compared(counter: Counter) -> None:
    await a_day(counter)
    before = f"posted_on {TODAY - timedelta(days=1)}"
    counter.state.fate = lambda question: Fault.DOWN if question == before else None
    comparison = await compare_day(counter.desk, TODAY)
    assert before in counter.state.asked
    assert (comparison.matched, comparison.not_compared) == (3, ())


async def test_a_till_that_tells_no_package_is_compared_by_the_rest_and_the_list_says_so(counter: Counter) -> None:
    await a_day(counter)
    counter.pos.rung_up[:] = [
        replace(each, lines=tuple(replace(line, label=NOT_TOLD) for line in each.lines)) for each in counter.pos.rung_up
    ]
    comparison = await compare_day(counter.desk, TODAY)
    assert (comparison.matched, comparison.findings, comparison.totals.untold) == (3, (), 3)
    checks = day_on_record(counter.ledger, TODAY, act=counter.act()).checks
    (check,) = (each for each in checks if each.what == "Compared package by package")
    assert check.words == "the till does not tell of which packages they are: not looked at"


async def test_a_missing_sale_without_a_tag_is_asked_for_nowhere(counter: Counter) -> None:
    await a_day(counter)
    a_missing_sale(counter)
    lines = (replace(counter.pos.rung_up[-1].lines[0], label=NOT_TOLD),)
    counter.pos.rung_up[-1] = replace(counter.pos.rung_up[-1], lines=lines)
    comparison = await compare_day(counter.desk, TODAY)
    assert [each.kind for each in comparison.findings] == [FindingClass.MISSING_IN_STATE]
    untold = LookedAt(FindingClass.PACKAGE_FINISHED, 0, 1, "POS export does not tell of which packages they are")
    assert untold in comparison.looked_at
    assert not [each for each in counter.state.asked if each.startswith("package")]


async def test_a_long_day_is_compared_beside_the_screen_so_that_it_never_stands_still(counter: Counter) -> None:
    await a_day(counter)
    counter.desk.legal_hours = hours = LookedUp((Hours(time(11), time(20)),) * 7)
    hours.by = set()
    assert len((await compare_day(counter.desk, TODAY)).findings) == 3
    assert hours.by
    assert threading.get_ident() not in hours.by


async def test_what_waits_for_the_state_is_on_its_way_also_where_the_till_tells_no_package(counter: Counter) -> None:
    await a_day(counter)
    counter.state.is_down = True
    given = await counter.give(grams("1"))
    await post_due(counter.desk)
    counter.state.is_down = False
    counter.pos.ring_up([given])
    counter.pos.rung_up[:] = [
        replace(each, external_number="", lines=tuple(replace(line, label=NOT_TOLD) for line in each.lines))
        for each in counter.pos.rung_up
    ]
    comparison = await compare_day(counter.desk, TODAY)
    (found,) = comparison.findings
    assert (found.kind, comparison.matched) == (FindingClass.MISSING_IN_STATE, 3)
    assert found.fix.startswith("Nothing by hand, the desk's own post is on its way")


async def test_a_post_that_waits_for_a_person_is_not_told_as_on_its_way(counter: Counter) -> None:
    await a_day(counter)
    given = await counter.give(grams("1"))
    counter.state.will(Fault.REFUSED)
    await post_due(counter.desk)
    counter.pos.ring_up([given])
    (found,) = (await compare_day(counter.desk, TODAY)).findings
    assert found.kind is FindingClass.MISSING_IN_STATE
    assert found.what.endswith("its post waits for a person")
    assert found.fix.startswith("Decide in the Outbox")
    assert "METRC refused it" in found.why
    assert "refused" not in found.fix, "the fix goes into the packet, and what a state says may name somebody"
