"""What a store sums by itself is what the engine counts line by line."""

from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given as example
from hypothesis import strategies as st

from pcc_desk.desk.ports import Ledger
from pcc_desk.domain.allotment import evaluate
from pcc_desk.domain.answers import CannotTell
from pcc_desk.domain.dispensing import Dispensation, DispensedLine
from pcc_desk.domain.entitlement import ORDINARY, Figure
from pcc_desk.domain.entries import DispensationRecorded
from pcc_desk.domain.people import Patient
from pcc_desk.domain.products import Measures
from pcc_desk.domain.quantity import Quantity, Unit
from pcc_desk.domain.totals import sums_for, used
from pcc_desk.rulebook import rules_for
from pcc_desk.store.ledger import SqlLedger
from tests.fakes import ANA, NOON, SHOP, FakeLedger
from tests.store.stores import DAY, JOURNAL_KEY, a_patient, in_memory, new_id, put, registered

pytestmark = pytest.mark.usefixtures("quick_secrets")

CODES = ("MI", "MT", "MS", "OR", "FL", "NV", "AZ", "ND", "MD")
"""Rules whose limits add up over rolling days, days and months, with one measure and with several."""

amounts = st.none() | st.integers(0, 200_000)
lines = st.builds(
    DispensedLine,
    st.just("1A4050100000111000000417"),
    st.just("Something"),
    st.sampled_from(("flower", "edible", "vape", "concentrate", "liquid", "capsule", "low_thc", "unknown")),
    st.just(Quantity(1000, Unit.EACH)),
    st.builds(Measures, amounts, amounts, amounts, st.integers(0, 5000)),
    st.just(100),
)
histories = st.lists(st.tuples(st.integers(-2, 100), lines), max_size=12)


def told(figure: Figure) -> Fraction | str:
    return "cannot tell" if isinstance(figure, CannotTell) else figure


@example(st.sampled_from(CODES), histories)
@pytest.mark.parametrize("kind", ["fake", "real"])
def test_sums_of_the_store_and_counting_line_by_line_agree(
    kind: str, code: str, history: list[tuple[int, DispensedLine]]
) -> None:
    ledger: Ledger = FakeLedger() if kind == "fake" else SqlLedger(in_memory(), JOURNAL_KEY)
    patient = registered(ledger, a_patient())
    for days_ago, line in history:
        at = NOON - timedelta(days=days_ago)
        given = Dispensation(new_id(), patient.id, None, "P-1", "", at, ANA.id, f"PCC-{new_id().hex}", (line,))
        put(ledger, DispensationRecorded(given, SHOP.day(at), new_id()))
    rules = rules_for(code, DAY)
    sums = sums_for(rules, DAY, ORDINARY)
    assert sums is not None
    totals = ledger.totals(patient.id, sums)
    standing = evaluate(rules, ledger.purchases(patient.id, sums.first), None, None, DAY)
    counted = {each.limit.id: told(each.used) for each in standing.limits}
    if totals is None:
        assert any(_is_untold(line, code) for _, line in history)
    else:
        found = used(sums, totals)
        assert {limit.id: figure for limit, figure in found} == {limit.id: counted[limit.id] for limit, _ in found}


def _is_untold(line: DispensedLine, code: str) -> bool:
    """Whether a line is of a kind or lacks a measure that no sum tells."""
    limits = [each for each in rules_for(code, DAY).limits if each.terms]
    listed = rules_for(code, DAY).listed
    return line.category not in listed or any(
        line.category in limit.unknown
        or any(line.measures.of(term.basis) is None for term in limit.terms_for(line.category))
        for limit in limits
    )


@pytest.mark.parametrize("code", ["OH", "CT", "NY", "PA", "NE"])
def test_what_does_not_simply_add_up_is_left_to_counting_line_by_line(code: str) -> None:
    assert sums_for(rules_for(code, DAY), DAY, ORDINARY) is None


def test_patients_are_read_in_parts_without_leaving_anybody_out() -> None:
    for ledger in (FakeLedger(), SqlLedger(in_memory(), JOURNAL_KEY)):
        everybody = sorted((registered(ledger, a_patient()) for _ in range(7)), key=lambda each: each.id.hex)
        assert ledger.count_patients() == 7
        found: list[Patient] = []
        last = None
        while part := ledger.patients_after(last, 3):
            found += part
            last = part[-1].id
        assert found == everybody
