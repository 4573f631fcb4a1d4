"""What every ledger does with what was put right after it was handed over: corrections, voids, and their posts."""

from datetime import timedelta
from fractions import Fraction

import pytest

from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.records import HappeningKind, PostsWaiting
from pcc_desk.domain.allotment import evaluate
from pcc_desk.domain.dispensing import PostingState, PostKind, Trouble
from pcc_desk.domain.entitlement import ORDINARY
from pcc_desk.domain.entries import DispensationRecorded, PostingMoved, StaffAdded, StockRead
from pcc_desk.domain.purchases import PurchaseKind
from pcc_desk.domain.rules import Rules
from pcc_desk.domain.totals import sums_for
from pcc_desk.rulebook import rules_for
from tests.fakes import ANA, NOON
from tests.store.stores import (
    DAY,
    DREAM,
    GUMMIES,
    MINUTE,
    a_patient,
    act,
    amending,
    given,
    line,
    moved,
    new_id,
    put,
    put_right,
    registered,
    struck,
)

LATER = NOON + 5 * MINUTE


@pytest.fixture
def sale(ledger: Ledger) -> DispensationRecorded:
    """Return a sale of seven grams and two gummies that is in the state's record since noon."""
    put(ledger, StaffAdded(ANA))
    recorded = given(registered(ledger, a_patient()), line(7000), line(2000, GUMMIES))
    put(ledger, recorded)
    ledger.record(moved(recorded, PostingState.ACCEPTED, receipt="9001"), act(NOON))
    return recorded


def counted(ledger: Ledger, sale: DispensationRecorded) -> list[tuple[str, str, int, bool]]:
    lines = ledger.purchases(sale.dispensation.patient_id, DAY)
    return [
        (each.kind.value, each.product, each.quantity.milli if each.quantity else 0, each.is_posted) for each in lines
    ]


def test_a_void_leaves_its_lines_as_void_lines(ledger: Ledger, sale: DispensationRecorded) -> None:
    put(ledger, struck(sale))
    assert counted(ledger, sale) == [("void", "Blue Dream", 7000, True), ("void", "Gummies", 2000, True)]
    assert ledger.dispensation(sale.dispensation.id) == sale.dispensation


def test_what_was_corrected_away_is_void_and_what_stays_weighs_what_it_weighs(
    ledger: Ledger, sale: DispensationRecorded
) -> None:
    put(ledger, put_right(sale, line(3500), line(2000, GUMMIES)))
    assert counted(ledger, sale) == [
        ("sale", "Blue Dream", 3500, True),
        ("void", "Blue Dream", 3500, True),
        ("sale", "Gummies", 2000, True),
    ]
    stays, gone, _ = ledger.purchases(sale.dispensation.patient_id, DAY)
    assert (stays.measures.net_mg, gone.measures.net_mg) == (3500, 3500)


def test_what_a_correction_adds_is_a_sale_that_the_state_knows_of_once_it_took_the_correction(
    ledger: Ledger, sale: DispensationRecorded
) -> None:
    more = put_right(sale, line(10_000), line(2000, GUMMIES), line(1000, DREAM))
    put(ledger, more)
    assert counted(ledger, sale)[-1] == ("sale", "Blue Dream", 4000, False)
    ledger.record(amending(more, PostingState.ACCEPTED, receipt="9001"), act(LATER))
    added = ledger.purchases(sale.dispensation.patient_id, DAY)[-1]
    assert (added.posted_at, added.measures.net_mg) == (LATER, 4000)


def test_a_package_that_was_never_handed_over_is_void_and_the_right_one_is_new(
    ledger: Ledger, sale: DispensationRecorded
) -> None:
    put(ledger, put_right(sale, line(7000)))
    assert counted(ledger, sale)[1] == ("void", "Gummies", 2000, True)
    put(ledger, put_right(sale, line(7000), line(3000, GUMMIES), at=LATER))
    assert counted(ledger, sale)[1:] == [("void", "Gummies", 2000, True), ("sale", "Gummies", 3000, False)]


def test_a_void_after_a_correction_strikes_what_stood_then(ledger: Ledger, sale: DispensationRecorded) -> None:
    put(ledger, put_right(sale, line(9000)), struck(sale, LATER))
    assert {kind for kind, *_ in counted(ledger, sale)} == {"void"}
    assert sum(milli for _, product, milli, _ in counted(ledger, sale) if product == "Blue Dream") == 9000


@pytest.mark.parametrize("gives_back", [frozenset[str](), frozenset({PurchaseKind.VOID.value})])
def test_only_a_law_that_gives_voids_back_counts_less_after_one(
    ledger: Ledger, sale: DispensationRecorded, gives_back: frozenset[str]
) -> None:
    from dataclasses import replace

    rules: Rules = replace(rules_for("MI", DAY), gives_back=gives_back)
    patient = sale.dispensation.patient_id

    def used() -> Fraction:
        figure = evaluate(rules, ledger.purchases(patient, DAY), None, None, DAY).limits[0].used
        assert isinstance(figure, Fraction | int)
        return Fraction(figure)

    whole = used()
    assert ledger.totals(patient, sums_for(rules, DAY, ORDINARY)) is not None  # type: ignore[arg-type]
    put(ledger, put_right(sale, line(3500), line(2000, GUMMIES)))
    assert (used() < whole) == bool(gives_back)
    put(ledger, struck(sale, LATER))
    assert used() == (0 if gives_back else whole)
    assert ledger.totals(patient, sums_for(rules, DAY, ORDINARY)) is None  # type: ignore[arg-type]


def test_amendments_come_back_oldest_first_and_have_posts_of_their_own(
    ledger: Ledger, sale: DispensationRecorded
) -> None:
    correction, void = put_right(sale, line(3500), line(1, DREAM, 0)), struck(sale, LATER)
    put(ledger, void, correction)
    assert ledger.amendments(sale.dispensation.id) == (correction.amendment, void.amendment)
    first, second = ledger.unposted()
    assert (first.kind, first.id, first.external_number) == (
        PostKind.CORRECTION,
        correction.amendment.id,
        sale.dispensation.external_number,
    )
    assert second == ledger.posting(void.amendment.id)
    put(ledger, amending(correction, PostingState.GIVEN_UP, why="replaced"))
    assert [each.id for each in ledger.unposted()] == [void.amendment.id]
    assert ledger.count_unposted() == PostsWaiting(1, 0)
    told = ledger.posting(correction.amendment.id)
    assert told is not None
    assert (told.state, told.why) == (PostingState.GIVEN_UP, "replaced")


def test_a_post_keeps_what_troubles_it_and_who_typed_its_number(ledger: Ledger, sale: DispensationRecorded) -> None:
    waiting, given_to = ledger.posting(sale.dispensation.id), sale.dispensation
    assert waiting is not None
    assert (waiting.trouble, waiting.entered_by) == (Trouble.NONE, None)
    parked = PostingState.PARKED
    put(
        ledger,
        PostingMoved(given_to.id, given_to.patient_id, parked, 1, 0, NOON, "7", "x", None, Trouble.NO_LOOKUP, ANA.id),
    )
    told = ledger.posting(given_to.id)
    assert told is not None
    assert (told.trouble, told.entered_by, told.kind, told.id) == (
        Trouble.NO_LOOKUP,
        ANA.id,
        PostKind.SALE,
        given_to.id,
    )
    assert told.may_have_arrived
    assert ledger.postings_under("7") == (told,)
    assert ledger.postings_under("") == ledger.postings_under("8") == ()


def test_of_each_patient_only_the_oldest_unsettled_post_is_worked_on(ledger: Ledger) -> None:
    patient, other = registered(ledger, a_patient()), registered(ledger, a_patient())
    first, second = given(patient, at=NOON - MINUTE), given(patient)
    elses = given(other)
    put(ledger, second, first, elses)

    def due() -> list[object]:
        return [each.id for each in ledger.due_postings(LATER, 9)]

    assert due() == [first.dispensation.id, elses.dispensation.id]
    put(ledger, moved(first, PostingState.PARKED))
    assert due() == [elses.dispensation.id]
    put(ledger, moved(first, PostingState.WAITING, next_try_in=timedelta(hours=1)))
    assert due() == [elses.dispensation.id]
    put(ledger, moved(first, PostingState.GIVEN_UP))
    assert due() == [second.dispensation.id, elses.dispensation.id]
    put(ledger, moved(second, PostingState.ACCEPTED), struck(second), moved(elses, PostingState.ACCEPTED))
    assert len(due()) == 1


def test_the_outbox_tells_what_is_unsettled_of_whom(ledger: Ledger, sale: DispensationRecorded) -> None:
    put(ledger, struck(sale, LATER))
    (row,) = ledger.outbox()
    assert (row.patient, row.made_at, row.by) == (
        ledger.patient(sale.dispensation.patient_id),
        LATER,
        "Ana Reyes",
    )
    assert (row.summary, row.posting.kind) == ("brought back unopened", PostKind.VOID)


def test_the_timeline_tells_corrections_and_voids_with_how_far_their_posts_are(
    ledger: Ledger, sale: DispensationRecorded
) -> None:
    put(ledger, put_right(sale, line(3500), at=NOON + MINUTE), struck(sale, LATER))
    void, correction, dispensed = ledger.timeline(sale.dispensation.patient_id, 9)
    assert (void.kind, void.text, void.by) == (HappeningKind.VOIDED, "brought back unopened", "Ana Reyes")
    assert correction.kind is HappeningKind.CORRECTED
    assert correction.text == "3.5 g Blue Dream (1A40…0417) · 52.00 · weighed again"
    assert (void.posting, void.next_try_at) == (PostingState.WAITING, LATER)
    assert dispensed.posting is PostingState.ACCEPTED


def left(ledger: Ledger) -> dict[str, int]:
    assert all(ledger.package(each.label) == each for each in ledger.packages())
    return {each.product: each.remaining.milli for each in ledger.packages()}


def test_stock_is_less_what_a_correction_added_and_never_more_for_what_it_took_away(
    ledger: Ledger, sale: DispensationRecorded
) -> None:
    ledger.record(StockRead((DREAM, GUMMIES), "METRC"), act(LATER))
    assert left(ledger) == {"Blue Dream": 250_000, "Gummies": 40_000}
    more = put_right(sale, line(10_000), line(1000, GUMMIES))
    put(ledger, more)
    assert left(ledger) == {"Blue Dream": 247_000, "Gummies": 40_000}
    ledger.record(amending(more, PostingState.ACCEPTED), act(LATER))
    ledger.record(StockRead((DREAM, GUMMIES), "METRC"), act(LATER + 2 * MINUTE))
    assert left(ledger)["Blue Dream"] == 250_000


def test_what_was_struck_before_the_state_knew_of_it_is_in_the_package_again(ledger: Ledger) -> None:
    recorded = given(registered(ledger, a_patient()), line(7000))
    put(ledger, recorded, StockRead((DREAM,), "METRC"))
    assert left(ledger)["Blue Dream"] == 243_000
    put(ledger, struck(recorded))
    assert left(ledger)["Blue Dream"] == 250_000


def test_nothing_is_amended_of_what_nobody_knows(ledger: Ledger) -> None:
    assert ledger.amendments(new_id()) == ()
    assert ledger.outbox() == ()
