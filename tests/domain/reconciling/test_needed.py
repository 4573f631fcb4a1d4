"""What of the days around a day is kept as evidence: what its comparison rests on, and nothing else."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from pcc_desk.domain.reconciling.comparing import compare
from pcc_desk.domain.reconciling.findings import Compared
from pcc_desk.domain.reconciling.needed import OTHERWISE, Needed, needed
from pcc_desk.domain.reconciling.terms import Context, Terms
from pcc_desk.domain.sales import Kind, Pull, Receipt, ReceiptPull, Sale, SoldLine
from pcc_desk.simulator.seeded.making import agreeing_day
from pcc_desk.simulator.seeded.own_seeds import OWN_SEEDS, with_desk
from pcc_desk.simulator.seeded.seeds import SEEDS, seeded
from tests.domain.reconciling.days import DAY, DETROIT

NOON = agreeing_day(DAY, DETROIT, 1, 0).at(12)
LINE = SoldLine("1A4050100000111000000417", 3500, 5200)
NIGHT = NOON + timedelta(hours=11, minutes=58)


def sale(number: str, hours: float = 0, **other: object) -> Sale:
    return replace(Sale(number, NOON + timedelta(hours=hours), (LINE,), patient_key=f"P{number}"), **other)  # type: ignore[arg-type]


def receipt(of: Sale, **other: object) -> Receipt:
    return replace(Receipt(f"9{of.number}", "", of.sold_at, of.lines, patient_key=of.patient_key), **other)  # type: ignore[arg-type]


def kept(sales: Sequence[Sale], receipts: Sequence[Receipt]) -> Needed:
    found = needed(sales, receipts, DAY, desk=(), terms=Terms(), context=Context())
    assert again(found) == outcome(sales, receipts)
    return found


def outcome(sales: Sequence[Sale], receipts: Sequence[Receipt]) -> Compared:
    return compare(Pull(tuple(sales), "POS", "", 0), ReceiptPull(tuple(receipts), "state"), DAY)


def again(found: Needed) -> Compared:
    return outcome(found.sales, found.receipts)


def parts(found: Needed) -> dict[str, str]:
    return {each.record.number: each.why for each in found.around}


def test_what_agrees_on_the_days_around_is_not_kept() -> None:
    sales = [sale("1", -24), sale("2"), sale("3", 24)]
    found = kept(sales, [receipt(each) for each in sales])
    assert ([each.number for each in found.sales], [each.number for each in found.receipts]) == (["2"], ["92"])
    assert found.around == ()


def test_a_receipt_past_midnight_is_kept_as_the_counterpart_of_its_sale() -> None:
    late = sale("1", sold_at=NIGHT)
    other = sale("2", 20)
    found = kept([late, other], [receipt(late, sold_at=NIGHT + timedelta(minutes=4)), receipt(other)])
    assert parts(found) == {"91": "counterpart of sale 1"}


def test_a_sale_before_midnight_is_kept_as_the_counterpart_of_the_day_s_receipt() -> None:
    early = sale("1", sold_at=NIGHT - timedelta(days=1))
    found = kept([early], [receipt(early, sold_at=NIGHT - timedelta(days=1) + timedelta(minutes=4))])
    assert parts(found) == {"1": "counterpart of receipt 91"}


def test_what_is_taken_back_on_another_day_of_a_sale_of_the_day_is_kept() -> None:
    sold = sale("1")
    back = sale("2", 20, kind=Kind.RETURN, refers_to="1")
    found = kept([sold, back, sale("3", 20)], [receipt(sold), receipt(sale("3", 20))])
    assert parts(found) == {"2": "it takes back or corrects sale 1"}


def test_a_sale_of_yesterday_of_which_something_was_taken_back_today_is_kept_with_its_receipt() -> None:
    sold = sale("1", -20)
    back = sale("2", kind=Kind.RETURN, refers_to="1")
    found = kept([sold, back], [receipt(sold)])
    assert set(parts(found)) == {"1", "91"}
    assert "something of sale 1 was taken back on the day" in parts(found).values()


def test_what_changes_the_outcome_without_a_part_of_its_own_is_kept_as_few_as_it_takes() -> None:
    nameless = sale("1", patient_key="")
    elsewhere = [sale(str(number), 20 + number / 100) for number in range(2, 40)]
    found = kept([nameless, *elsewhere], [receipt(each, patient_key="P1") for each in (nameless, *elsewhere)])
    (around,) = found.around  # by it is known that this till tells people at all
    assert around.why == OTHERWISE
    assert isinstance(around.record, Sale)
    assert [each.kind.value for each in found.outcome.findings] == ["PATIENT"]


def test_what_shows_that_a_day_was_recorded_under_the_next_date_is_kept() -> None:
    sales = [sale(str(number), number / 10) for number in range(6)]
    late = [receipt(each, sold_at=each.sold_at + timedelta(days=2), lines=()) for each in sales]
    found = kept(sales, late)
    assert found.outcome.not_compared == ()
    assert len(found.outcome.findings) == 6
    assert [each.why for each in found.around] == [OTHERWISE]


def numbered(before: str, sales: Sequence[Sale], receipts: Sequence[Receipt]) -> tuple[list[Sale], list[Receipt]]:
    """Return records whose numbers are another day's: no till and no state counts twice by the same."""

    def new(number: str) -> str:
        return f"{before}{number}" if number else ""

    return (
        [replace(each, number=new(each.number), refers_to=new(each.refers_to)) for each in sales],
        [replace(each, number=new(each.number), external_number=new(each.external_number)) for each in receipts],
    )


@pytest.mark.parametrize("seed", range(4))
def test_three_days_full_of_differences_come_out_the_same_from_what_is_kept(seed: int) -> None:
    sales: list[Sale] = []
    receipts: list[Receipt] = []
    for apart in (-1, 1, 0):
        made = agreeing_day(DAY + timedelta(days=apart), DETROIT, 60, 10 * seed + apart + 1)
        made = with_desk(seeded(made, tuple(SEEDS)), tuple(OWN_SEEDS), seed)
        told = numbered({-1: "7", 1: "8", 0: ""}[apart], made.all_sales(), made.all_receipts())
        sales, receipts = sales + told[0], receipts + told[1]
    found = needed(sales, receipts, DAY, desk=made.desk, terms=made.terms, context=made.context)

    def compared(of: Sequence[Sale], and_of: Sequence[Receipt]) -> Compared:
        sides = Pull(tuple(of), "POS", "", 0), ReceiptPull(tuple(and_of), "state")
        return compare(*sides, DAY, desk=made.desk, terms=made.terms, context=made.context)

    assert compared(found.sales, found.receipts) == compared(sales, receipts)
    assert len(found.around) < 12, [(each.record.number, each.why) for each in found.around]
