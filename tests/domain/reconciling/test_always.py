"""What always holds of a comparison, whatever the day."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pcc_desk.domain.reconciling.classes import FindingClass
from pcc_desk.domain.reconciling.comparing import compare
from pcc_desk.domain.reconciling.findings import Compared
from pcc_desk.domain.sales import Pull, Receipt, ReceiptPull, Sale, SoldLine
from pcc_desk.simulator.seeded.making import agreeing_day
from tests.domain.reconciling.days import DAY, DETROIT, KINDS, compared, day_with, said

TAGS = ("1A4050100000111000000417", "1A4050100000111000000933", "1A4050100000111000000950")
NOON = agreeing_day(DAY, DETROIT, 1, 0).at(12)

lines = st.builds(
    SoldLine,
    label=st.sampled_from(TAGS),
    milli=st.sampled_from((1000, 2000, 3500)),
    price_cents=st.sampled_from((2500, 2600, 5200)),
)


@st.composite
def sales(draw: st.DrawFn) -> list[Sale]:
    return [
        Sale(
            str(100 + number),
            NOON + timedelta(minutes=draw(st.integers(0, 40))),
            tuple(draw(st.lists(lines, min_size=1, max_size=2))),
            patient_key=draw(st.sampled_from(("", "P1", "P2"))),
        )
        for number in range(draw(st.integers(1, 6)))
    ]


def as_receipts(of: list[Sale]) -> list[Receipt]:
    return [Receipt(f"9{each.number}", "", each.sold_at, each.lines, patient_key=each.patient_key) for each in of]


def as_sales(of: list[Receipt]) -> list[Sale]:
    return [Sale(each.number, each.sold_at, each.lines, patient_key=each.patient_key) for each in of]


def outcome(pos: list[Sale], state: list[Receipt]) -> Compared:
    return compare(Pull(tuple(pos), "POS", "", len(pos)), ReceiptPull(tuple(state), "state"), DAY)


@given(sales())
def test_a_side_compared_with_itself_finds_nothing(pos: list[Sale]) -> None:
    found = outcome(pos, as_receipts(pos))
    assert (found.findings, found.not_compared, found.matched) == ((), (), len(pos))


@given(sales(), sales(), st.data())
def test_the_order_in_which_both_sides_come_is_nothing_to_it(
    one: list[Sale], two: list[Sale], data: st.DataObject
) -> None:
    receipts = as_receipts(two)
    assert outcome(one, receipts) == outcome(data.draw(st.permutations(one)), data.draw(st.permutations(receipts)))


MIRRORED = {
    FindingClass.MISSING_IN_STATE: "alone",
    FindingClass.UNEXPECTED_IN_STATE: "alone",
    FindingClass.DUPLICATE: "alone",
}
"""What stands on one side only: missing there, or more than there was; both are one thing seen from two sides."""


def mirrored(found: Compared) -> Counter[tuple[str, frozenset[str]]]:
    told: Counter[tuple[str, frozenset[str]]] = Counter()
    for each in found.findings:
        kind, sale, receipt = said(each)
        numbers = frozenset({sale, receipt} - {""})
        if each.kind is FindingClass.DUPLICATE:
            numbers = frozenset({receipt})
        alone = each.kind in MIRRORED and len(numbers) == 1
        lacking = each.kind in {FindingClass.PARTIAL_RECEIPT, FindingClass.UNEXPECTED_IN_STATE} and not alone
        told["alone" if alone else "a line only here" if lacking else kind, numbers] += 1
    return told


@given(sales(), sales())
@settings(max_examples=200)
def test_swapped_sides_tell_the_same_from_the_other_side(one: list[Sale], two: list[Sale]) -> None:
    receipts = as_receipts(two)
    there = outcome(one, receipts)
    numbers = {f"9{each.number}": each.number for each in one}
    swapped = outcome(as_sales(receipts), [replace(each, number=numbers[each.number]) for each in as_receipts(one)])
    doubles = [each for each in (*there.findings, *swapped.findings) if each.kind is FindingClass.DUPLICATE]
    assume(not doubles)  # posting twice is a thing of the state's side alone
    assert mirrored(there) == mirrored(swapped)
    assert there.matched == swapped.matched


@given(st.lists(st.sampled_from(KINDS), unique=True, max_size=6), st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_whatever_is_put_into_a_day_is_found_in_any_order(kinds: list[FindingClass], seed: int) -> None:
    made = day_with(*kinds, count=30, seed=seed)
    one, other = compared(made), compared(made)
    assert one == other
    assert Counter(each.kind for each in one.findings) == Counter(each.kind for each in made.key)


@given(st.sampled_from(KINDS), st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_a_part_of_a_side_is_not_compared_whatever_is_in_it(kind: FindingClass, seed: int) -> None:
    made = day_with(kind, seed=seed)
    whole = Pull(tuple(made.all_sales()), "POS", "", 1)
    part = ReceiptPull(tuple(made.all_receipts()), "state", is_complete=False, why_partial="page 3 of 4 did not come")
    found = compare(whole, part, DAY)
    assert (found.findings, found.matched) == ((), 0)
    assert "page 3 of 4" in found.not_compared[0].why
