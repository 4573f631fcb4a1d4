"""The situations of the POS reference, section 13, that a comparison meets. Everybody in them is invented."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from pcc_desk.domain.quantity import Thousandths, finely
from pcc_desk.domain.reconciling.classes import FindingClass
from pcc_desk.domain.reconciling.comparing import compare
from pcc_desk.domain.reconciling.findings import Compared, NotCompared
from pcc_desk.domain.reconciling.terms import Context, Hours, KnownCard, KnownPackage, OutageSpan, Terms
from pcc_desk.domain.sales import (
    Buyer,
    Closing,
    Dispensed,
    Kind,
    LineUnit,
    Pull,
    Receipt,
    ReceiptPull,
    Sale,
    SoldLine,
    in_zone,
)
from pcc_desk.simulator.seeded.making import CLOSES, OPENS
from tests.domain.reconciling.days import KINDS, compared, day_with, score

DETROIT = ZoneInfo("America/Detroit")
DAY = date(2026, 3, 11)
DREAM, GUMMY, HAZE = "1A4050100000111000000417", "1A4050100000111000000933", "1A4050100000111000000950"
LINE = SoldLine(DREAM, 3500, 5200)


def at(hour: int, minute: int = 0, second: int = 0, *, day: date = DAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=DETROIT)


def sale(number: str, when: datetime, *lines: SoldLine, **more: object) -> Sale:
    return replace(Sale(number, when, lines or (LINE,)), **more)  # type: ignore[arg-type]


def receipt(number: str, when: datetime, *lines: SoldLine, **more: object) -> Receipt:
    return replace(Receipt(number, "", when, lines or (LINE,)), **more)  # type: ignore[arg-type]


def outcome(
    sales: Sequence[Sale],
    receipts: Sequence[Receipt],
    day: date = DAY,
    *,
    desk: Sequence[Dispensed] = (),
    terms: Terms | None = None,
    context: Context | None = None,
) -> Compared:
    pos, state = Pull(tuple(sales), "POS", "", len(sales)), ReceiptPull(tuple(receipts), "state")
    return compare(pos, state, day, desk=desk, terms=terms or Terms(), context=context or Context())


def classes(found: Compared) -> list[str]:
    assert found.not_compared == ()
    return [each.kind.value for each in found.findings]


# 1. Midnight, UTC, the hour that comes twice


def test_a_sale_before_midnight_with_its_receipt_after_is_of_another_day_and_not_missing() -> None:
    before, after = at(23, 58), at(0, 2, day=date(2026, 3, 12))
    found = outcome([sale("1", before)], [receipt("90", after)])
    assert classes(found) == ["DAY"]
    assert found.findings[0].why == "Midnight lies between the two records of it."
    assert classes(outcome([sale("1", before)], [receipt("90", after)], date(2026, 3, 12))) == ["DAY"]


def test_a_shop_west_of_utc_has_its_own_day() -> None:
    """23:58 in Detroit is the next day in UTC: the same instant on both sides is one day there."""
    instant = datetime(2026, 3, 12, 3, 58, tzinfo=UTC)
    here = in_zone(instant, DETROIT)
    assert classes(outcome([sale("1", here)], [receipt("90", here)])) == []


@pytest.mark.parametrize("zone", ["America/Phoenix", "America/Indiana/Indianapolis"])
def test_shops_in_arizona_and_indiana_are_compared_by_their_own_clocks(zone: str) -> None:
    late = datetime(2026, 7, 1, 23, 50, tzinfo=ZoneInfo(zone))
    pair = [sale("1", late)], [receipt("90", late + timedelta(minutes=4))]
    assert classes(outcome(*pair, date(2026, 7, 1))) == []


def test_half_past_one_comes_twice_in_november_and_each_sale_has_its_own_receipt() -> None:
    night = date(2026, 11, 1)
    first, second = (datetime(2026, 11, 1, 1, 30, tzinfo=DETROIT, fold=fold) for fold in (0, 1))
    sales = [sale("1", first), sale("2", second)]
    found = outcome(sales, [receipt("91", second), receipt("90", first)], night)
    assert (classes(found), found.matched) == ([], 2)
    lone = outcome(sales, [receipt("91", second)], night)
    assert lone.findings[0].sale == sales[0]


def test_a_day_that_begins_at_four_keeps_what_was_sold_after_midnight() -> None:
    night = at(1, 0, day=date(2026, 3, 12))
    from datetime import time

    terms = Terms(day_begins=time(4))
    assert classes(outcome([sale("1", night)], [], DAY, terms=terms)) == ["MISSING_IN_STATE"]


# 2. Equal small sales


def test_two_equal_sales_within_a_minute_with_swapped_receipts_are_no_difference() -> None:
    joint = SoldLine(GUMMY, 1000, 900)
    sales = [sale("1", at(14, 0), joint), sale("2", at(14, 0, 40), joint)]
    receipts = [receipt("90", at(14, 0, 45), joint), receipt("91", at(14, 0, 5), joint)]
    found = outcome(sales, receipts)
    assert (classes(found), found.matched) == ([], 2)


def test_a_long_queue_of_equal_sales_keeps_as_many_as_can_be() -> None:
    """Taken the nearest first, one of these would be left over on each side."""
    joint = SoldLine(GUMMY, 1000, 900)
    minutes = [0, 14, 28, 42]
    sales = [sale(str(number), at(14, minute), joint) for number, minute in enumerate(minutes)]
    receipts = [receipt(str(90 + number), at(14, minute + 13), joint) for number, minute in enumerate(minutes)]
    assert outcome(sales, receipts).matched == 4


# 3. Time-outs and retries


def test_a_retry_after_a_time_out_is_a_second_posting_and_the_later_one_goes() -> None:
    receipts = [receipt("90", at(14, 0, 1)), receipt("91", at(14, 2))]
    found = outcome([sale("1", at(14))], receipts)
    assert classes(found) == ["DUPLICATE"]
    assert found.findings[0].receipt == receipts[1]
    assert "Void the later one, 91" in found.findings[0].fix


@pytest.mark.parametrize("named", ["90", "0000000090"])
def test_a_till_may_name_a_receipt_by_either_of_its_numbers(named: str) -> None:
    other = replace(LINE, label=HAZE, price_cents=9900)
    found = outcome([sale("1", at(14), LINE, other, state_receipt=named)], [receipt("90", at(9), printed="0000000090")])
    assert classes(found) == ["PARTIAL_RECEIPT"]
    handed = Dispensed("PCC-1", at(14), (LINE, other), named)
    found = outcome([], [receipt("90", at(9), printed="0000000090")], desk=[handed])
    assert [each.desk for each in found.findings] == [handed]


def test_a_late_retry_of_a_struck_sale_is_a_void_that_did_not_arrive() -> None:
    struck = sale("1", at(14), kind=Kind.VOID, voided_at=at(14, 9))
    assert classes(outcome([struck], [receipt("90", at(14, 20))])) == ["VOID_NOT_PROPAGATED"]
    assert classes(outcome([struck], [receipt("90", at(14), is_void=True)])) == []


def test_a_sale_struck_and_rung_up_again_keeps_its_own_receipt() -> None:
    sales = [sale("1", at(14), kind=Kind.VOID), sale("2", at(14, 6))]
    found = outcome(sales, [receipt("90", at(14)), receipt("91", at(14, 6))])
    assert [(each.kind.value, each.receipt.number if each.receipt else "") for each in found.findings] == [
        ("VOID_NOT_PROPAGATED", "90")
    ]


# 4. Returns


def test_a_return_told_twice_by_the_till_is_counted_once() -> None:
    flagged = sale("1", at(14), replace(LINE, is_returned=True), SoldLine(GUMMY, 1000, 2500))
    back = sale("2", at(15), replace(LINE, milli=-3500, price_cents=-5200), kind=Kind.RETURN, refers_to="1")
    kept = SoldLine(GUMMY, 1000, 2500)
    assert classes(outcome([flagged, back], [receipt("90", at(14), kept)])) == []
    assert classes(outcome([flagged, back], [receipt("90", at(14), LINE, kept)])) == ["RETURN_NOT_PROPAGATED"]


def test_a_sale_taken_back_whole_needs_no_receipt_any_more() -> None:
    gone = sale("1", at(14), replace(LINE, is_returned=True))
    others = sale("2", at(15)), receipt("91", at(15))
    assert classes(outcome([gone, others[0]], [others[1]])) == []
    assert classes(outcome([gone, others[0]], [others[1], receipt("90", at(14), is_void=True)])) == []
    assert classes(outcome([gone, others[0]], [others[1], receipt("90", at(14))])) == ["RETURN_NOT_PROPAGATED"]


def test_one_of_three_taken_back_is_one_however_the_price_is_rounded() -> None:
    three = SoldLine(GUMMY, 3000, 1000)
    back = sale("2", at(15), SoldLine(GUMMY, -1000, -333), kind=Kind.RETURN, refers_to="1")
    sold = sale("1", at(14), three)
    assert classes(outcome([sold, back], [receipt("90", at(14), SoldLine(GUMMY, 2000, 667))])) == []
    assert classes(outcome([sold, back], [receipt("90", at(14), three)])) == ["RETURN_NOT_PROPAGATED"]
    assert classes(outcome([sold, back], [receipt("90", at(14), SoldLine(GUMMY, 1000, 333))])) == ["RETURN_DOUBLE"]


def test_a_receipt_below_zero_tells_a_return_and_a_lowered_one_besides_tells_it_twice() -> None:
    three = SoldLine(GUMMY, 3000, 3000)
    back = sale("2", at(15), SoldLine(GUMMY, -1000, -1000), kind=Kind.RETURN, refers_to="1")
    below = receipt("91", at(15), SoldLine(GUMMY, -1000, -1000))
    sold = sale("1", at(14), three)
    assert classes(outcome([sold, back], [receipt("90", at(14), three), below])) == []
    lowered = receipt("90", at(14), SoldLine(GUMMY, 2000, 2000))
    assert classes(outcome([sold, back], [lowered, below])) == ["RETURN_DOUBLE"]
    assert classes(outcome([sold], [receipt("90", at(14), three), below])) == ["UNEXPECTED_IN_STATE"]


# 5. Coupons, cents, gifts


def test_coupons_fees_and_pipes_are_nothing_to_the_state() -> None:
    coupon, fee = SoldLine("", 1000, -500, "Coupon"), SoldLine("", 1000, 150, "Delivery")
    pipe = sale("2", at(15), SoldLine("", 1000, 1999, "Glass pipe"), kind=Kind.NON_CANNABIS)
    found = outcome([sale("1", at(14), LINE, coupon, fee), pipe], [receipt("90", at(14))])
    assert (classes(found), found.matched, found.totals.ignored) == ([], 1, 1)


def test_a_line_for_a_cent_is_sold_and_one_for_nothing_is_given_away() -> None:
    cent, free = SoldLine(GUMMY, 1000, 1), SoldLine(GUMMY, 1000, 0)
    assert classes(outcome([sale("1", at(14), cent)], [receipt("90", at(14), cent)])) == []
    assert classes(outcome([sale("1", at(14), free)], [receipt("90", at(14), free)])) == ["FREE_ITEM"]


def test_what_is_sold_below_the_least_price_says_for_how_much() -> None:
    lines = replace(LINE, price_cents=0), replace(LINE, label=GUMMY, price_cents=99)
    found = outcome([sale("1", at(14), *lines)], [receipt("90", at(14), *lines)], terms=Terms(least_cents=100))
    assert [each.what.partition(" for ")[2] for each in found.findings] == ["nothing", "0.99"]


def test_prices_with_tax_are_one_cause_for_all_lines() -> None:
    sales = [sale(str(n), at(10 + n), replace(LINE, price_cents=5000 + 100 * n)) for n in range(4)]
    taxed = [receipt(f"9{n}", at(10 + n), replace(LINE, price_cents=(5000 + 100 * n) * 106 // 100)) for n in range(4)]
    found = outcome(sales, taxed)
    assert classes(found) == ["PRICE"] * 4
    assert {each.group for each in found.findings} == {"prices times 53/50"}


# 6. Ounces


@pytest.mark.parametrize("grams", [28000, 28350, finely("28.3495")])
def test_an_ounce_against_grams_is_a_unit_and_not_a_count(grams: Thousandths) -> None:
    sold = sale("1", at(14), replace(LINE, milli=grams))
    assert classes(outcome([sold], [receipt("90", at(14), replace(LINE, milli=1000))])) == ["UNIT"]
    said = replace(LINE, milli=1000, unit=LineUnit.OUNCES)
    sold = sale("1", at(14), replace(LINE, milli=grams, unit=LineUnit.GRAMS))
    assert classes(outcome([sold], [receipt("90", at(14), said)])) == ["UNIT"]


def test_an_ounce_is_compared_to_the_last_figure_of_it() -> None:
    ounce, rounded = replace(LINE, milli=finely("28.3495")), replace(LINE, milli=28350)
    assert not outcome([sale("1", at(14), ounce)], [receipt("90", at(14), ounce)]).findings
    found = outcome([sale("1", at(14), ounce)], [receipt("90", at(14), rounded)])
    assert classes(found) == ["QTY"]
    assert "28.3495 sold, 28.35 reported" in found.findings[0].what
    both = replace(LINE, milli=56699, price_cents=2 * LINE.price_cents)
    assert not outcome([sale("1", at(14), both)], [receipt(each, at(14), ounce) for each in ("90", "91")]).findings


def test_two_packs_against_one_are_a_count_and_not_a_unit() -> None:
    found = outcome([sale("1", at(14), replace(LINE, milli=2000))], [receipt("90", at(14), replace(LINE, milli=1000))])
    assert classes(found) == ["QTY"]


# 7. People


def test_a_renewed_card_is_the_same_person_by_another_number() -> None:
    sold = sale("1", at(14), patient_key="MIP1111111")
    told = receipt("90", at(14), patient_key="MIP2222222")
    found = outcome([sold], [told], context=Context(same_person=(frozenset({"MIP1111111", "MIP2222222"}),)))
    assert classes(found) == ["PATIENT"]
    assert "the same person by another number" in found.findings[0].what


def test_a_card_that_was_renewed_twice_is_one_persons_in_whatever_order_that_is_told() -> None:
    twice = (frozenset({"B", "M"}), frozenset({"M", "A"}))
    for same in (twice, twice[::-1]):
        found = outcome(
            [sale("1", at(14), patient_key="A")],
            [receipt("90", at(14), patient_key="B")],
            context=Context(same_person=same),
        )
        assert found.findings[0].what.endswith("the same person by another number")


def test_a_state_that_masks_or_leaves_out_numbers_is_believed_in_the_rest() -> None:
    people = [sale(str(n), at(10 + n), patient_key=f"MIP000{n}771{n}") for n in range(3)]
    masked = [receipt(f"9{n}", at(10 + n), patient_key=f"771{n}") for n in range(3)]
    assert classes(outcome(people, masked)) == []
    assert classes(outcome(people, [replace(each, patient_key="") for each in masked])) == []


def test_a_caregiver_who_is_a_patient_too_is_told_apart_by_the_part_they_play() -> None:
    picked_up = sale("1", at(14), patient_key="MIP1", caregiver_key="MIP2", buyer=Buyer.CAREGIVER)
    own = sale("2", at(15), patient_key="MIP2", buyer=Buyer.PATIENT)
    receipts = [
        receipt("90", at(14), patient_key="MIP1", buyer=Buyer.PATIENT),
        receipt("91", at(15), patient_key="MIP2", buyer=Buyer.PATIENT),
    ]
    found = outcome([picked_up, own], receipts)
    assert [(each.kind.value, each.sale) for each in found.findings] == [("CAREGIVER", picked_up)]


def test_the_same_person_and_goods_hours_later_at_another_price_are_one_sale() -> None:
    sold = sale("1", at(10), patient_key="MIP1")
    pushed = receipt("90", at(20), replace(LINE, price_cents=6000), patient_key="MIP1")
    assert classes(outcome([sold], [pushed])) == ["PRICE"]
    nobody = outcome([replace(sold, patient_key="")], [replace(pushed, patient_key="")])
    assert classes(nobody) == ["MISSING_IN_STATE", "UNEXPECTED_IN_STATE"]


# 8. Packages


def test_the_oldest_package_taken_for_the_one_on_the_shelf_is_one_cause() -> None:
    sales = [sale(str(n), at(10 + n), replace(LINE, label=HAZE), patient_key=f"P{n}") for n in range(3)]
    receipts = [receipt(f"9{n}", at(10 + n), patient_key=f"P{n}") for n in range(3)]
    found = outcome(sales, receipts)
    assert classes(found) == ["TAG"] * 3
    assert {each.group for each in found.findings} == {"1A40…0417 taken for 1A40…0950"}


def test_a_hold_begins_when_it_is_placed() -> None:
    packages = {DREAM: KnownPackage(DREAM, held_from=at(14), held_why="recalled")}
    sales = [sale("1", at(13, 59)), sale("2", at(14, 1))]
    receipts = [receipt("90", at(13, 59)), receipt("91", at(14, 1))]
    found = outcome(sales, receipts, context=Context(packages=packages))
    assert [(each.kind.value, each.sale) for each in found.findings] == [("PACKAGE_HOLD", sales[1])]


def test_a_finished_package_says_why_its_sale_is_not_there() -> None:
    packages = {DREAM: KnownPackage(DREAM, finished_at=at(9))}
    assert classes(outcome([sale("1", at(14))], [], context=Context(packages=packages))) == ["PACKAGE_FINISHED"]


def test_without_knowing_the_packages_nothing_is_said_of_them() -> None:
    assert classes(outcome([sale("1", at(14))], [])) == ["MISSING_IN_STATE"]


# 9. An outage while reading


def test_an_empty_list_beside_a_full_day_is_no_loss_but_an_outage() -> None:
    sales = [sale(str(n), at(10, n)) for n in range(5)]
    found = outcome(sales, [])
    assert (found.findings, found.matched) == ((), 0)
    assert found.not_compared[0].side == "state"
    assert "is empty, and the other side has 5" in found.not_compared[0].why


def test_a_side_that_failed_compares_nothing() -> None:
    state = NotCompared("METRC", "it answered with a page and not with receipts")
    found = compare(Pull((sale("1", at(14)),), "POS", "", 1), state, DAY)
    assert (found.findings, found.not_compared) == ((), (state,))


def test_a_file_of_yesterday_is_stale_and_not_a_loss() -> None:
    yesterday = [receipt(f"9{n}", at(10, n, day=date(2026, 3, 10))) for n in range(9)]
    found = outcome([sale(str(n), at(10, n)) for n in range(9)], yesterday)
    assert "ends on 2026-03-10 and holds nothing of 2026-03-11" in found.not_compared[0].why


def test_a_day_that_is_not_there_between_two_that_are_is_no_loss() -> None:
    around = [date(2026, 3, 10), date(2026, 3, 12)]
    sales = [sale(f"{day:%d}{n}", at(10, n, day=day)) for day in (*around, DAY) for n in range(6)]
    receipts = [receipt(f"9{day:%d}{n}", at(10, n, day=day)) for day in around for n in range(6)]
    found = outcome(sales, receipts)
    assert (
        found.not_compared[0].why
        == "state holds nothing of 2026-03-11, and the other side has 6 of that day; read it again"
    )


def test_a_day_recorded_under_the_next_date_is_compared() -> None:
    next_day = date(2026, 3, 12)
    sales = [*(sale(str(n), at(22, n)) for n in range(6)), sale("7", at(15, day=next_day))]
    receipts = [*(receipt(f"9{n}", at(9, n, day=next_day)) for n in range(6)), receipt("97", at(15, day=next_day))]
    assert classes(outcome(sales, receipts)) == ["DAY"] * 6


def test_what_is_not_told_whole_of_another_day_keeps_nothing_from_being_compared() -> None:
    def compared_with(*times: datetime) -> Compared:
        sales = (sale("1", at(14)),)
        pull = Pull(sales, "POS", "", 1, is_complete=False, why_partial="a line has no tag", partial_at=times)
        return compare(pull, ReceiptPull((receipt("90", at(14)),), "state"), DAY)

    assert compared_with(at(14, day=date(2026, 3, 10))).matched == 1
    assert compared_with(at(14)).not_compared == (NotCompared("POS", "POS: a line has no tag"),)
    assert compared_with().not_compared


def test_one_outage_is_one_cause_with_many_lines() -> None:
    sales = [sale(str(100 + n), at(14, n)) for n in range(40)] + [sale("200", at(16))]
    found = outcome(sales, [receipt("90", at(16))], context=Context(outages=(OutageSpan("METRC", at(13, 55), at(15)),)))
    assert classes(found) == ["MISSING_IN_STATE"] * 40
    assert {each.group for each in found.findings} == {"METRC out of reach from 13:55 to 15:00"}


def test_a_gap_in_time_is_one_cause_even_when_nobody_noted_an_outage() -> None:
    sales = [sale(str(100 + n), at(10 + n)) for n in range(8)]
    found = outcome(sales, [receipt(f"9{n}", at(10 + n)) for n in (0, 1, 5, 6, 7)])
    assert {each.group for each in found.findings} == {"nothing is there from 12:00 to 14:00"}


# 11. to 15.


def test_a_gummy_of_sixty_grams_is_told_by_what_the_other_side_says_it_weighs() -> None:
    right, wrong = SoldLine(GUMMY, 1000, 2500, weight_mg=60), SoldLine(GUMMY, 1000, 2500, weight_mg=60_000)
    assert classes(outcome([sale("1", at(14), wrong)], [receipt("90", at(14), right)])) == ["EQUIVALENCY"]


def test_five_hundred_sales_twenty_of_them_of_all_classes_and_again_after_a_late_return() -> None:
    made = day_with(*KINDS, count=500, seed=14)
    first = compared(made)
    assert score(made, first).missed == score(made, first).invented == ()
    place = next(place for place, each in made.sales.items() if not any(key.sale == each.number for key in made.key))
    taken_back = replace(made.sales[place].lines[0], is_returned=True)
    made.sales[place] = replace(made.sales[place], lines=(taken_back, *made.sales[place].lines[1:]))
    again = compared(made)
    assert again.matched == first.matched - 1
    (late,) = [each for each in again.findings if each.key not in {other.key for other in first.findings}]
    assert late.kind is FindingClass.RETURN_NOT_PROPAGATED


def test_what_was_over_the_limit_is_told_and_what_nobody_could_tell_is_not() -> None:
    over = Context(over_limit={"1": "0.01 oz over the limit of 2.5 oz in 14 days"})
    pair = [sale("1", at(14))], [receipt("90", at(14))]
    assert classes(outcome(*pair, context=over)) == ["OVER_LIMIT"]
    assert classes(outcome(*pair)) == []


@pytest.mark.parametrize(("ends_with_the_day", "found"), [(True, []), (False, ["EXPIRED_CARD"])])
def test_a_card_ends_with_its_last_day_or_as_that_day_begins(ends_with_the_day: bool, found: list[str]) -> None:
    cards = {"MIP1": KnownCard(DAY, ends_with_the_day)}
    pair = [sale("1", at(14), patient_key="MIP1")], [receipt("90", at(14), patient_key="MIP1")]
    assert classes(outcome(*pair, context=Context(cards=cards))) == found


def test_legal_hours_include_their_first_and_last_minute() -> None:
    terms = Terms(hours=(Hours(OPENS, CLOSES),) * 7)
    for when, found in ((at(8), []), (at(21), []), (at(7, 59, 59), ["HOURS"]), (at(21, 0, 1), ["HOURS"])):
        assert classes(outcome([sale("1", when)], [receipt("90", when)], terms=terms)) == found


def test_hours_that_go_on_past_midnight_are_those_of_the_day_on_which_they_began() -> None:
    late, closed = Hours(time(10), time(2)), None
    hours: list[Hours | None] = [Hours(OPENS, CLOSES)] * 7
    hours[DAY.weekday()], hours[(DAY.weekday() + 1) % 7] = late, closed
    terms = Terms(hours=tuple(hours))
    for hour, minute, found in ((23, 59, []), (26, 0, []), (26, 1, ["HOURS"]), (1, 0, ["HOURS"])):
        when = at(0) + timedelta(hours=hour, minutes=minute)
        asked = replace(terms, day_begins=time(5)) if hour >= 24 else terms
        assert classes(outcome([sale("1", when)], [receipt("90", when)], terms=asked)) == found


def test_an_end_of_24_00_lasts_until_midnight_and_is_told_so() -> None:
    terms = Terms(hours=(Hours(time(10), time.max),) * 7)
    for when, found in ((at(23, 59, 59), []), (at(9, 59, 59), ["10:00 to 24:00"])):
        told = outcome([sale("1", when)], [receipt("90", when)], terms=terms).findings
        assert [each.what.rpartition(" are ")[2] for each in told] == found


# Numbers, splits, and the desk's own


def test_a_sale_in_two_receipts_is_matched_by_their_sum() -> None:
    sold = sale("1", at(14), replace(LINE, milli=7000, price_cents=10400))
    parts = [receipt("90", at(14)), receipt("91", at(14, 1))]
    found = outcome([sold], parts)
    assert (classes(found), found.matched, found.totals.split) == ([], 1, 1)
    merged = outcome([sale("1", at(14)), sale("2", at(14, 1))], [receipt("90", at(14), *sold.lines)])
    assert (classes(merged), merged.matched, merged.totals.merged) == ([], 2, 1)


def test_a_number_never_ties_what_has_nothing_in_common_and_says_so() -> None:
    sold = sale("1", at(14), external_number="PCC-1", patient_key="P1")
    other = receipt("90", at(18), SoldLine(GUMMY, 2000, 4000), external_number="PCC-1", patient_key="P2")
    found = outcome([sold], [other])
    assert classes(found) == ["MISSING_IN_STATE", "UNEXPECTED_IN_STATE"]
    assert "bears its number" in found.findings[0].why
    assert "number of sale 1" in found.findings[1].why


def test_what_the_desk_handed_out_and_nobody_rang_up_is_told() -> None:
    own = Dispensed("PCC-1", at(14), (LINE,))
    other = sale("2", at(16)), receipt("92", at(16))
    assert classes(outcome([other[0]], [other[1]], desk=[own])) == ["MISSING_IN_STATE"]
    posted = receipt("90", at(14), external_number="PCC-1")
    (found,) = outcome([other[0]], [other[1], posted], desk=[own]).findings
    assert (found.kind, found.desk) == (FindingClass.UNEXPECTED_IN_STATE, own)
    assert "Ring it up" in found.fix


def test_what_the_desk_handed_out_otherwise_than_both_records_say_is_told() -> None:
    own = Dispensed("PCC-1", at(14), (replace(LINE, milli=7000),))
    pair = [sale("1", at(14), external_number="PCC-1")], [receipt("90", at(14), external_number="PCC-1")]
    (found,) = outcome(*pair, desk=[own]).findings
    assert (found.kind, found.what) == (FindingClass.QTY, "1A40…0417: 7 handed out, 3.5 recorded")


def test_the_closing_report_is_a_control_and_a_return_it_counts_twice_is_named() -> None:
    sold = sale("1", at(14), SoldLine(GUMMY, 3000, 3000))
    back = sale("2", at(15), SoldLine(GUMMY, -1000, -1000), kind=Kind.RETURN, refers_to="1")
    pull = Pull((sold, back), "POS", "", 2)
    state = ReceiptPull((receipt("90", at(14), SoldLine(GUMMY, 2000, 2000)),), "state")
    closing = Closing("closing report", at(21), sales=2, cents=2000)
    unlike = compare(pull, state, DAY, closing=closing).totals.unlike
    assert [(each.what, each.one_says, each.other_says) for each in unlike] == [
        ("sales", 1, 2),
        ("cents before tax, a return counted twice", 3000, 2000),
    ]


# Returns and corrections of sales that were not read, and of sales of another day


BACK = SoldLine(DREAM, -1000, -1500)


@pytest.mark.parametrize("of", ["", "yesterday"])
def test_a_return_of_a_sale_that_was_not_read_is_told_unless_a_receipt_below_zero_tells_it(of: str) -> None:
    sales = [sale("1", at(14)), sale("2", at(15), BACK, kind=Kind.RETURN, refers_to=of)]
    (found,) = outcome(sales, [receipt("90", at(14))]).findings
    assert (found.kind, found.sale) == (FindingClass.RETURN_NOT_PROPAGATED, sales[1])
    assert (of or "does not name") in found.what
    assert classes(outcome(sales, [receipt("90", at(14)), receipt("91", at(15), BACK)])) == []


def test_a_correction_of_a_sale_that_was_not_read_is_told_by_what_it_corrects() -> None:
    def told(line: SoldLine) -> list[str]:
        return classes(outcome([sale("2", at(15), line, kind=Kind.ADJUSTMENT, refers_to="yesterday")], []))

    assert told(BACK) == ["RETURN_NOT_PROPAGATED"]
    assert told(SoldLine(DREAM, 500, 700)) == ["QTY"]
    assert told(SoldLine(DREAM, 0, -700)) == ["PRICE"]


def test_a_return_of_yesterdays_sale_is_told_on_the_day_it_was_taken_back() -> None:
    """Yesterday is closed: comparing it again is nothing that anybody would think of."""
    yesterday = date(2026, 3, 10)
    sales = [sale("1", at(14, day=yesterday)), sale("2", at(15), BACK, kind=Kind.RETURN, refers_to="1")]
    unchanged = [receipt("90", at(14, day=yesterday))]
    (found,) = outcome(sales, unchanged).findings
    assert (found.kind, found.receipt) == (FindingClass.RETURN_NOT_PROPAGATED, unchanged[0])
    assert classes(outcome(sales, unchanged, yesterday)) == ["RETURN_NOT_PROPAGATED"]
    lowered = [receipt("90", at(14, day=yesterday), replace(LINE, milli=2500))]
    assert classes(outcome(sales, lowered)) == []


def test_a_return_may_name_its_sale_by_another_number_that_no_other_sale_has() -> None:
    sold = sale("4401", at(14), other_numbers=("ab-1",))
    back = sale("4402", at(15), BACK, kind=Kind.RETURN, refers_to="ab-1")
    (found,) = outcome([sold, back], [receipt("90", at(14))]).findings
    assert (found.kind, found.sale) == (FindingClass.RETURN_NOT_PROPAGATED, sold)
    assert classes(outcome([sold, back], [receipt("90", at(14), replace(LINE, milli=2500, price_cents=3700))])) == []


# Every record of a split or merged sale


def test_every_receipt_of_a_split_sale_is_judged() -> None:
    half = SoldLine(DREAM, 1750, 2600)
    sold = sale("1", at(23, 50), patient_key="MIP1")
    first = receipt("90", at(23, 51), half, patient_key="MIP1", recorded_at=at(23, 52))
    terms = Terms(posting_window=timedelta(hours=24))

    def told(when: datetime | None = None, key: str = "MIP1", **more: object) -> list[str]:
        second = receipt("91", when or at(23, 52), half, patient_key=key, **more)
        return classes(outcome([sold], [first, second], terms=terms))

    assert told() == []
    assert told(key="") == ["PATIENT"]
    assert told(at(0, 2, day=date(2026, 3, 12))) == ["DAY"]
    assert told(recorded_at=at(9, day=date(2026, 3, 13))) == ["LATE"]


def test_the_lines_of_a_merged_receipt_are_judged_in_sum() -> None:
    sales = [sale("1", at(14)), sale("2", at(14, 1), SoldLine(GUMMY, 1000, 2500))]
    whole = receipt("90", at(14, 2), replace(LINE, price_cents=5100), SoldLine(GUMMY, 1000, 2600))
    assert classes(outcome(sales, [whole])) == ["PRICE", "PRICE"]
