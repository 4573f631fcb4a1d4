"""What every ledger does, the one in memory and the one on the encrypted disk: records, stock, posts, comparisons."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.records import Draft, HappeningKind, PostsWaiting
from pcc_desk.domain import entries as happened
from pcc_desk.domain.allotment import Purchase
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.dispensing import Posting, PostingState
from pcc_desk.domain.people import Person, Role
from pcc_desk.domain.quantity import Quantity, Unit
from pcc_desk.domain.reconciling.classes import FindingClass
from pcc_desk.domain.reconciling.findings import DayComparison, Finding, NotCompared
from pcc_desk.domain.registry import CardNotFound, Reading, RegistryAnswer, RegistryStanding, RegistryWindow
from pcc_desk.domain.sales import Receipt, Sale, SoldLine
from tests.fakes import ANA, NOON, SHOP
from tests.store.stores import (
    DAY,
    DREAM,
    GUMMIES,
    MINUTE,
    a_patient,
    act,
    arrived,
    asked,
    booked,
    given,
    line,
    moved,
    new_id,
    put,
    registered,
)

BEN = Person(new_id(), "Ben Osei", Role.PHARMACIST)
DOWN = Unanswered(Silence.DOWN, "METRC could not be reached")


# What is on record of a patient

STANDING = RegistryStanding(
    "MI-P-0032-1187",
    True,
    (
        RegistryWindow(Decimal(30), (("flower", Decimal("9.8750")), ("thc", Decimal(0)))),
        RegistryWindow(None, ()),
    ),
    date(2027, 6, 30),
)


@pytest.mark.parametrize("answer", [STANDING, replace(STANDING, active=False), CardNotFound("MI-P-0"), DOWN])
def test_a_verification_comes_back_with_every_digit_of_the_answer(ledger: Ledger, answer: RegistryAnswer) -> None:
    verification = asked(a_patient(), answer, visit_id=new_id())
    put(ledger, happened.StandingAsked(verification))
    assert repr(ledger.last_verification(verification.patient_id)) == repr(verification)
    assert ledger.verification(verification.patient_id, verification.id) == verification
    assert ledger.verification(new_id(), verification.id) is None


def test_the_last_verification_is_the_one_asked_last_whatever_came_back(ledger: Ledger) -> None:
    patient = a_patient()
    late, early = asked(patient, DOWN, NOON), asked(patient, STANDING, NOON - timedelta(microseconds=1))
    other = asked(a_patient(), STANDING, NOON + MINUTE)
    put(ledger, *(happened.StandingAsked(each) for each in (late, early, other)))
    assert ledger.last_verification(patient.id) == late


def test_what_was_read_by_hand_comes_back_with_who_read_it_where(ledger: Ledger) -> None:
    read = replace(asked(a_patient(), STANDING), read=Reading("Ana Reyes", "OARRS [/x]"))
    put(ledger, happened.StandingAsked(read))
    assert ledger.last_verification(read.patient_id) == read
    (told,) = ledger.timeline(read.patient_id, 5)
    assert told.text == "OARRS [/x]: card active, read by hand by Ana Reyes"


def test_the_last_page_is_the_one_read_last_by_anybody_for_anyone(ledger: Ledger) -> None:
    assert ledger.last_page() == ""
    for number, page in enumerate(("OARRS", "State portal", "")):
        verification = asked(a_patient(), STANDING, NOON - number * MINUTE)
        put(ledger, happened.StandingAsked(replace(verification, read=Reading("Ana", page) if page else None)))
    assert ledger.last_page() == "State portal"
    put(ledger, *(happened.StandingAsked(asked(a_patient(), DOWN)) for _ in range(50)))
    assert ledger.last_page() == ""


def test_purchases_are_the_lines_on_and_after_a_day_oldest_first(ledger: Ledger) -> None:
    patient = a_patient()
    late = given(patient, line(1000, GUMMIES), line(3525), at=NOON + MINUTE)
    early = given(patient, line(7000), at=NOON - MINUTE)
    yesterday = given(patient, at=NOON - timedelta(days=1))
    put(ledger, late, early, yesterday, given(a_patient()))
    put(ledger, moved(early, PostingState.IN_DOUBT), moved(late, PostingState.ACCEPTED, receipt="900"))
    first, second, third = ledger.purchases(patient.id, DAY)
    seven = Quantity(7000, Unit.GRAMS)
    assert first == Purchase(DAY, NOON - MINUTE, "flower", DREAM.measures(seven), DREAM.product, seven, posted_at=None)
    assert (second.product, third.product) == ("Gummies", "Blue Dream")
    assert (second.is_posted, second.posted_at, third.posted_at) == (True, NOON, NOON)
    assert len(ledger.purchases(patient.id, DAY - timedelta(days=1))) == 4
    assert ledger.purchases(patient.id, DAY + timedelta(days=1)) == ()


def test_the_timeline_tells_what_happened_newest_first(ledger: Ledger) -> None:
    patient = registered(ledger, a_patient())
    put(ledger, happened.StaffAdded(ANA), happened.VisitBooked(booked(patient, 5)))
    put(ledger, happened.VisitBooked(replace(arrived(patient, -9), through="Tomás Reyes")))
    answers: list[RegistryAnswer] = [DOWN, CardNotFound("MI-P-0"), replace(STANDING, active=False), STANDING]
    for number, answer in enumerate(answers):
        put(ledger, happened.StandingAsked(asked(patient, answer, NOON - (8 - number) * MINUTE)))
    both = given(patient, line(3500), line(2000, GUMMIES, 3998), at=NOON - 2 * MINUTE)
    blind = given(patient, at=NOON - MINUTE, by=BEN.id, outage="METRC is down")
    put(ledger, both, blind, moved(both, PostingState.ACCEPTED, receipt="4711"))
    put(ledger, happened.NoteSigned(new_id(), patient.id, new_id(), new_id(), "Sleeps\n\n  better. " + "x" * 500))
    told = ledger.timeline(patient.id, 50)
    assert [(each.kind.value, each.text, each.by, each.receipt) for each in told[1:]] == [
        ("dispensed", "3.5 g Blue Dream (1A40…0417) · 52.00 · in an outage", "", ""),
        ("dispensed", "3.5 g Blue Dream (1A40…0417), 2 each Gummies (1A40…0933) · 91.98", "Ana Reyes", "4711"),
        ("standing", "METRC: card not active", "", ""),
        ("standing", "METRC knows no card MI-P-0", "", ""),
        ("standing", "could not tell: METRC could not be reached", "", ""),
        ("visit", "refill through Tomás Reyes: waiting", "", ""),
    ]
    assert (told[0].kind, told[0].at, told[0].by) == (HappeningKind.NOTE, NOON, "Ana Reyes")
    assert (told[0].text[:17], len(told[0].text)) == ("Sleeps better. xx", 200)
    assert ledger.timeline(patient.id, 3) == told[:3]


def test_look_ups_that_simply_answered_crowd_nothing_out_of_the_timeline(ledger: Ledger) -> None:
    patient = registered(ledger, a_patient())
    put(ledger, happened.StandingAsked(asked(patient, DOWN, NOON)))
    put(ledger, *(happened.StandingAsked(asked(patient, STANDING, NOON + at * MINUTE)) for at in (1, 2, 3)))
    assert [each.at for each in ledger.timeline(patient.id, 2)] == [NOON]


def test_a_draft_belongs_to_a_visit_and_a_person_until_it_is_emptied_or_signed(ledger: Ledger) -> None:
    visit, patient = new_id(), new_id()
    for person, text in ((ANA.id, "Sleeps"), (BEN.id, "Ben's own"), (ANA.id, "Sleeps better")):
        put(ledger, happened.DraftKept(visit, patient, person, text))
    assert ledger.draft(visit, ANA.id) == Draft(visit, ANA.id, "Sleeps better", NOON)
    put(ledger, happened.NoteSigned(new_id(), patient, visit, new_id(), "Sleeps better."))
    assert ledger.draft(visit, ANA.id) is None
    assert ledger.draft(visit, BEN.id) == Draft(visit, BEN.id, "Ben's own", NOON)
    put(ledger, happened.DraftKept(visit, patient, BEN.id, ""))
    assert ledger.draft(visit, BEN.id) is None


# Stock and posts


def left(ledger: Ledger) -> dict[str, int]:
    assert all(ledger.package(each.label) == each for each in ledger.packages())
    return {each.product: each.remaining.milli for each in ledger.packages()}


def test_stock_is_what_was_read_last_by_product_and_tag(ledger: Ledger) -> None:
    held = replace(GUMMIES, label="1A6-HELD", blocked="on hold", expires_on=DAY, unit_volume_ul=5, unit_price_cents=1)
    put(ledger, happened.StockRead((replace(DREAM, label="1A4-GONE"),), "METRC"))
    apple = replace(DREAM, label="1A4-Z", product="âpple")
    put(ledger, happened.StockRead((GUMMIES, DREAM, held, apple), "METRC"))
    assert ledger.packages() == (apple, DREAM, GUMMIES, held)
    assert ledger.package(held.label) == held
    assert ledger.package("1A4-GONE") is None


def test_what_the_state_cannot_have_counted_yet_is_taken_off_the_stock(ledger: Ledger) -> None:
    patient = a_patient()
    waiting, seen, late = given(patient), given(patient, line(10_000)), given(patient, line(1000, GUMMIES))
    put(ledger, waiting, seen, late)
    for each, seconds in ((seen, 0), (late, 1)):
        ledger.record(moved(each, PostingState.ACCEPTED), act(NOON + timedelta(seconds=seconds)))
    ledger.record(happened.StockRead((DREAM, GUMMIES), "METRC"), act(NOON + MINUTE))
    assert left(ledger) == {"Blue Dream": 246_500, "Gummies": 39_000}
    ledger.record(moved(waiting, PostingState.ACCEPTED), act(NOON + MINUTE))
    assert left(ledger)["Blue Dream"] == 246_500
    ledger.record(happened.StockRead((DREAM, GUMMIES), "METRC"), act(NOON + 3 * MINUTE))
    assert left(ledger) == {"Blue Dream": 250_000, "Gummies": 40_000}


def test_a_dispensation_comes_back_line_by_line_and_waits_to_be_posted(ledger: Ledger) -> None:
    recorded = given(a_patient(), line(3500), line(1000, GUMMIES), line(1, DREAM, 0), outage="METRC is down")
    whole = replace(recorded.dispensation, visit_id=new_id(), caregiver_card="MI-C-0012-0931")
    put(ledger, replace(recorded, dispensation=whole))
    assert ledger.dispensation(whole.id) == whole
    assert ledger.posting(whole.id) == Posting(
        whole.id, whole.patient_id, whole.external_number, PostingState.WAITING, 0, 0, NOON, "", ""
    )


def test_a_number_of_our_own_is_used_once(ledger: Ledger) -> None:
    first, second = given(a_patient()), given(a_patient())
    put(ledger, first)
    again = replace(second.dispensation, external_number=first.dispensation.external_number)
    with pytest.raises(Exception, match=r"used once|UNIQUE"):
        put(ledger, replace(second, dispensation=again))
    assert ledger.dispensation(again.id) is None


def test_a_posting_moves_as_a_whole(ledger: Ledger) -> None:
    recorded = given(a_patient())
    doubtful = moved(recorded, PostingState.IN_DOUBT, next_try_in=MINUTE, why="no answer", attempts=3)
    put(ledger, recorded, replace(doubtful, lookups_missed=2))
    given_to = recorded.dispensation
    assert ledger.posting(given_to.id) == Posting(
        given_to.id,
        given_to.patient_id,
        given_to.external_number,
        PostingState.IN_DOUBT,
        3,
        2,
        NOON + MINUTE,
        "",
        "no answer",
    )


def test_postings_to_work_on_are_due_and_the_oldest_come_first(ledger: Ledger) -> None:
    ages = {state: given(a_patient(), at=NOON - number * MINUTE) for number, state in enumerate(PostingState)}
    later = given(a_patient(), at=NOON - timedelta(hours=1))
    put(ledger, *ages.values(), later, moved(later, PostingState.WAITING, next_try_in=timedelta(hours=2)))
    put(ledger, *(moved(recorded, state, next_try_in=MINUTE) for state, recorded in ages.items()))

    def ids(postings: tuple[Posting, ...]) -> list[UUID]:
        return [each.dispensation_id for each in postings]

    oldest_first = [ages[PostingState(state)].dispensation.id for state in ("in doubt", "sending", "waiting")]
    assert ids(ledger.due_postings(NOON + MINUTE, 9)) == oldest_first
    assert ids(ledger.due_postings(NOON + MINUTE, 2)) == oldest_first[:2]
    assert ids(ledger.due_postings(NOON - 2 * MINUTE, 9)) == []
    parked = ages[PostingState.PARKED].dispensation.id
    assert ids(ledger.unposted()) == [later.dispensation.id, parked, *oldest_first]
    assert ledger.count_unposted() == PostsWaiting(5, 1)
    accepted = moved(later, PostingState.ACCEPTED)
    put(ledger, accepted)
    assert ids(ledger.unposted()) == [parked, *oldest_first]
    assert ledger.count_unposted() == PostsWaiting(4, 1)
    assert later.dispensation.id in ids(ledger.accepted_since(NOON - MINUTE))
    assert later.dispensation.id not in ids(ledger.accepted_since(NOON + timedelta(days=9)))
    given_up = ages[PostingState.GIVEN_UP].dispensation
    assert ids(ledger.given_up(given_up.at, given_up.at + MINUTE)) == [given_up.id]
    assert ids(ledger.given_up(given_up.at + MINUTE, NOON + MINUTE)) == ids(ledger.given_up(NOON, given_up.at)) == []


# The day's comparison


def compared(at: int) -> DayComparison:
    zone = ZoneInfo(SHOP.zone)
    sale = Sale("T-1", NOON.astimezone(zone), (SoldLine(DREAM.label, 3500, 5200, "Blue Dream"),), "PCC-1")
    receipt = Receipt("R-1", "PCC-1", NOON.astimezone(zone), sale.lines, is_void=True)
    findings = (
        Finding(FindingClass.QTY, sale, receipt, "3.5 and 7", "Correct it."),
        Finding(FindingClass.MISSING_IN_STATE, sale, None, "sold", "Post it."),
    )
    silent = (NotCompared("METRC", "METRC did not answer"),)
    return DayComparison(DAY, SHOP.zone, NOON + at * MINUTE, 2, 1, 0, findings, silent, "sales.csv")


def test_the_last_comparison_of_a_day_comes_back_whole(ledger: Ledger) -> None:
    newest, older = compared(10), compared(5)
    put(ledger, *(happened.DayCompared(each) for each in (newest, older)))
    put(ledger, happened.DayCompared(replace(compared(20), day=DAY + timedelta(days=1))))
    assert ledger.last_comparison(DAY) == newest
    assert ledger.last_comparison(DAY - timedelta(days=1)) is None


def test_sales_of_a_kept_comparison_are_told_by_the_shops_clock(ledger: Ledger) -> None:
    put(ledger, happened.DayCompared(compared(0)))
    kept = ledger.last_comparison(DAY)
    assert kept is not None
    sides = [side for each in kept.findings for side in (each.sale, each.receipt) if side is not None]
    assert [f"{side.sold_at:%H:%M}" for side in sides] == ["12:00"] * 3


def test_looking_at_a_chart_changes_nothing_and_is_on_record(ledger: Ledger) -> None:
    patient, looked = registered(ledger, a_patient()), act()
    ledger.record(happened.ChartOpened(patient.id), looked)
    assert ledger.is_recorded(looked.id)
    assert ledger.timeline(patient.id, 9) == ()
