"""What every ledger keeps of outages: their time, notes, sales, reviews, and the exceptions announced."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

from pcc_desk.desk.ports import Ledger
from pcc_desk.domain import entries as happened
from pcc_desk.domain.answers import Silence
from pcc_desk.domain.outages import (
    AnnouncedException,
    CapKind,
    CapTerm,
    Evidence,
    NoteKind,
    Outage,
    OutageNote,
    OutageReview,
    ReviewedSale,
    Verdict,
)
from pcc_desk.domain.products import Basis
from tests.fakes import ANA, NOON
from tests.store.stores import MINUTE, a_patient, given, new_id, put, registered

EVIDENCE = (
    Evidence(NOON, Silence.TIMED_OUT, "METRC did not answer within 20 s"),
    Evidence(NOON + MINUTE, Silence.DOWN, "METRC could not be reached"),
)
OUTAGE = Outage(new_id(), "METRC", NOON, EVIDENCE)
CAP = (CapTerm(("flower", "preroll"), Basis.NET_G, Fraction(1, 3)), CapTerm(("edible",), Basis.THC_MG, Fraction(9)))
EXCEPTION = AnnouncedException(
    new_id(), "MD", "Bulletin 26-04", NOON, NOON + timedelta(hours=6), CapKind.TYPED, CAP, NOON, ANA.id
)


def test_a_ledger_without_outages_knows_none(ledger: Ledger) -> None:
    assert (ledger.outages(9), ledger.outage(new_id()), ledger.open_outage("METRC")) == ((), None, None)
    assert (ledger.outage_notes(new_id()), ledger.outage_sales(new_id())) == ((), ())
    assert (ledger.outage_review(new_id()), ledger.exceptions(NOON)) == (None, ())


def test_an_outage_lasts_until_it_is_ended(ledger: Ledger) -> None:
    put(ledger, happened.OutageBegan(OUTAGE))
    assert ledger.open_outage("METRC") == ledger.outage(OUTAGE.id) == OUTAGE
    assert ledger.open_outage("OARRS") is None
    put(ledger, happened.OutageEnded(OUTAGE.id, NOON + MINUTE))
    assert ledger.open_outage("METRC") is None
    assert ledger.outage(OUTAGE.id) == replace(OUTAGE, ended_at=NOON + MINUTE)


def test_outages_come_newest_first_and_no_more_than_asked_for(ledger: Ledger) -> None:
    later = [replace(OUTAGE, id=new_id(), since=NOON + number * MINUTE) for number in (2, 1, 3)]
    put(ledger, *(happened.OutageBegan(each) for each in later))
    assert [each.since for each in ledger.outages(2)] == [NOON + 3 * MINUTE, NOON + 2 * MINUTE]
    assert ledger.open_outage("METRC") == later[2]


def test_notes_come_oldest_first_with_who_wrote_them(ledger: Ledger) -> None:
    notes = [
        OutageNote(new_id(), OUTAGE.id, NOON + number * MINUTE, ANA.id, kind, f"note {number}")
        for number, kind in ((2, NoteKind.DONE), (1, NoteKind.NOTICE))
    ]
    other = replace(notes[0], id=new_id(), outage_id=new_id())
    put(ledger, *(happened.OutageNoted(each) for each in (*notes, other)))
    assert ledger.outage_notes(OUTAGE.id) == (notes[1], notes[0])


def test_what_was_sold_under_an_outage_comes_by_time(ledger: Ledger) -> None:
    patient = registered(ledger, a_patient())
    sales = [given(patient, at=NOON + number * MINUTE) for number in (2, 1)]
    put(ledger, *(replace(each, outage_id=OUTAGE.id, exception_id=EXCEPTION.id) for each in sales), given(patient))
    assert ledger.outage_sales(OUTAGE.id) == (sales[1].dispensation.id, sales[0].dispensation.id)
    assert ledger.outage_sales(new_id()) == ()


def test_the_newest_review_stands(ledger: Ledger) -> None:
    sale = ReviewedSale(new_id(), "PCC-1", Verdict.OVER, "by the registry a day over by 0.25 oz")
    first = OutageReview(OUTAGE.id, NOON, (sale,))
    second = OutageReview(OUTAGE.id, NOON + MINUTE, (replace(sale, verdict=Verdict.WITHIN),))
    put(
        ledger,
        happened.OutageReviewed(second),
        happened.OutageReviewed(first),
        happened.OutageSheetGiven(OUTAGE.id, ""),
    )
    assert ledger.outage_review(OUTAGE.id) == second


def test_exceptions_come_back_exactly_until_they_end(ledger: Ledger) -> None:
    earlier = replace(EXCEPTION, id=new_id(), announced_at=NOON - MINUTE, cap_kind=CapKind.FILE, cap=())
    put(ledger, happened.ExceptionAnnounced(EXCEPTION), happened.ExceptionAnnounced(earlier))
    assert repr(ledger.exceptions(NOON)) == repr((earlier, EXCEPTION))
    assert ledger.exceptions(EXCEPTION.ends - timedelta(microseconds=1)) == (earlier, EXCEPTION)
    assert ledger.exceptions(EXCEPTION.ends) == ()


def test_a_withdrawn_exception_is_there_still_and_says_since_when(ledger: Ledger) -> None:
    put(ledger, happened.ExceptionAnnounced(EXCEPTION), happened.ExceptionWithdrawn(EXCEPTION.id, "typed wrongly"))
    assert ledger.exceptions(NOON) == (replace(EXCEPTION, withdrawn_at=NOON),)
