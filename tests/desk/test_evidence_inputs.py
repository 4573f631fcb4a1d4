"""What a packet holds of its sides: enough for the same to come out again, and nobody's number."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from pcc_desk.desk.evidence import plain
from pcc_desk.desk.evidence_inputs import Inputs, around_document, around_words, inputs_of, terms_document
from pcc_desk.desk.sides import Sides
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.closing import NOT_REPRODUCED
from pcc_desk.domain.quantity import Thousandths
from pcc_desk.domain.reconciling.comparing import compare
from pcc_desk.domain.reconciling.findings import Compared, DayComparison
from pcc_desk.domain.reconciling.terms import KnownPackage
from pcc_desk.domain.sales import Dispensed, Pull, Receipt, ReceiptPull, Sale, SoldLine
from pcc_desk.packets.records import records
from pcc_desk.packets.terms import told
from pcc_desk.packets.writing import as_lines
from pcc_desk.simulator.seeded.making import Day, agreeing_day
from pcc_desk.simulator.seeded.own_seeds import OWN_SEEDS, with_desk
from pcc_desk.simulator.seeded.seeds import SEEDS, seeded
from tests.domain.reconciling.days import DAY, DETROIT

NONE = Unanswered(Silence.ABSENT, "there is no closing report")
OF_ALL_PACKAGES = {"TAG_UNKNOWN", "PACKAGE_HOLD", "NEGATIVE_PACKAGE"}
"""What takes more of a state's packages than a desk ever knows."""


def a_day(seed: int) -> tuple[Sides, DayComparison]:
    """Return a day full of differences with an evening before it, compared."""
    kinds = [kind for kind in SEEDS if kind.value not in OF_ALL_PACKAGES]
    made = with_desk(seeded(agreeing_day(DAY, DETROIT, 80, seed), kinds), tuple(OWN_SEEDS), seed)
    before = agreeing_day(DAY - timedelta(days=1), DETROIT, 30, seed + 1)
    sales = [*made.all_sales(), *(replace(each, number=f"7{each.number}") for each in before.all_sales())]
    receipts = [*made.all_receipts(), *(replace(each, number=f"7{each.number}") for each in before.all_receipts())]
    context = replace(made.context, packages=finished(made), knows_all_packages=False)
    pull = Pull(tuple(sales), "POS", "", len(sales))
    sides = Sides(pull, tuple(receipts), tuple(made.desk), made.now, NONE, DAY, terms=made.terms, context=context)
    outcome = compare(
        pull, ReceiptPull(tuple(receipts), "state"), DAY, desk=made.desk, terms=made.terms, context=context
    )
    return sides, DayComparison(DAY, DETROIT.key, made.now, 0, 0, outcome.matched, outcome.findings, ())


def finished(made: Day) -> dict[str, KnownPackage]:
    return {tag: each for tag, each in made.packages.items() if each.finished_at is not None}


@pytest.mark.parametrize("milli", [3500, Fraction(56699, 2), Fraction(56699)])
def test_a_quantity_is_read_again_to_its_last_figure_also_one_that_was_added_up(milli: Thousandths) -> None:
    sale = Sale("1", datetime(2026, 3, 11, 12, tzinfo=UTC), (SoldLine("1A4050", milli, 5200),))
    assert records(Sale, as_lines([plain(sale)])) == (sale,)


def again(inputs: Inputs) -> Compared:
    """Compare as somebody does who has the packet alone."""
    sales, receipts, own = (
        as_lines([plain(each) for each in some]) for some in (inputs.needed.sales, inputs.needed.receipts, inputs.own)
    )
    said = told(json.loads(json.dumps(terms_document(inputs))), inputs.terms.day_begins, DETROIT)
    here = [replace(each, sold_at=each.sold_at.astimezone(DETROIT)) for each in records(Sale, sales)]
    theirs = [replace(each, sold_at=each.sold_at.astimezone(DETROIT)) for each in records(Receipt, receipts)]
    ours = [replace(each, sold_at=each.sold_at.astimezone(DETROIT)) for each in records(Dispensed, own)]
    sides = Pull(tuple(here), "POS", "", 0), ReceiptPull(tuple(theirs), "state")
    return compare(*sides, DAY, desk=ours, terms=said.terms, context=said.context)


@pytest.mark.parametrize("seed", range(5))
def test_everything_that_was_found_is_found_again_from_the_packet_alone(seed: int) -> None:
    sides, comparison = a_day(seed)
    inputs = inputs_of(sides, {}, comparison)
    assert inputs.is_exact
    wanted = sorted(each.key for each in comparison.findings if each.kind not in NOT_REPRODUCED)
    assert sorted(each.key for each in again(inputs).findings if each.kind not in NOT_REPRODUCED) == wanted
    assert len(wanted) > len(SEEDS)
    assert len(inputs.needed.around) < 10
    assert len(around_document(inputs)) == len(around_words(inputs)) == len(inputs.needed.around)


def test_nobody_s_number_and_no_card_s_end_is_in_it() -> None:
    sides, comparison = a_day(1)
    inputs = inputs_of(sides, {}, comparison)
    assert not isinstance(sides.sales, Unanswered)
    people = {each.patient_key for each in sides.sales.sales} | {each.patient_key for each in sides.own}
    records_kept: list[Sale | Receipt | Dispensed] = [*inputs.needed.sales, *inputs.needed.receipts, *inputs.own]
    kept = json.dumps([plain(each) for each in records_kept])
    kept += json.dumps([terms_document(inputs), around_document(inputs), around_words(inputs)])
    assert people - {""}
    assert not [each for each in people if each and each in kept]
    assert sides.context.cards
    assert "expires" not in kept
    assert inputs.context.cards == {}


def test_what_the_state_said_of_a_post_that_waits_is_not_in_it_and_that_it_waits_is() -> None:
    sides, comparison = a_day(2)
    waits = replace(sides.own[0], why_unposted="METRC refused it: Mara Lindqvist has no certification")
    inputs = inputs_of(replace(sides, own=(waits, *sides.own[1:])), {}, comparison)
    assert inputs.own[0].why_unposted
    assert "Mara" not in json.dumps(plain(inputs.own[0]))


def test_a_comparison_that_does_not_come_out_again_is_told_as_that() -> None:
    sides, comparison = a_day(3)
    fewer = replace(comparison, findings=comparison.findings[1:])
    assert not inputs_of(sides, {}, fewer).is_exact


def test_a_day_of_which_less_matches_again_is_told_as_that_too() -> None:
    made = agreeing_day(DAY, DETROIT, 20, 4)
    pull = Pull(tuple(made.all_sales()), "POS", "", 20)
    sides = Sides(pull, tuple(made.all_receipts()), (), made.now, NONE, DAY, terms=made.terms)
    comparison = DayComparison(DAY, DETROIT.key, made.now, 20, 20, 20, (), ())
    assert inputs_of(sides, {}, comparison).is_exact
    assert not inputs_of(sides, {}, replace(comparison, matched=19)).is_exact
