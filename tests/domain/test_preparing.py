"""What a visit needs before the patient is called."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from pcc_desk.domain.people import Card, Holder, Patient
from pcc_desk.domain.preparing import Need, NeedKind, needs_of
from pcc_desk.domain.visits import QueueRow, Reason, Visit, VisitState
from pcc_desk.domain.withheld import WITHHELD

TODAY = date(2026, 11, 26)
FAR = TODAY + timedelta(days=400)
MARA = Patient(UUID(int=1), "Lindqvist", "Mara", date(1990, 7, 2), certification_expires=FAR)
OWN = Card("MI-P-1", MARA.id, Holder.PATIENT, "", FAR)


def a_row(patient: Patient = MARA, reason: Reason = Reason.REFILL, *, known: bool = True, **more: str) -> QueueRow:
    visit = Visit(UUID(int=2), patient.id, TODAY, VisitState.EXPECTED, reason, **more)  # type: ignore[arg-type]
    return QueueRow(visit, patient, "", None, "", is_known=known, shares_name=False)


def kinds(*needs: Need) -> list[NeedKind]:
    return [each.kind for each in needs]


def test_who_is_known_with_good_papers_needs_nothing() -> None:
    assert needs_of(a_row(), (OWN,), (), TODAY) == ()


def test_new_is_who_says_so_and_who_was_never_dispensed_to() -> None:
    for row in (a_row(reason=Reason.NEW), a_row(known=False), a_row(reason=Reason.FOLLOW_UP, known=False)):
        assert kinds(*needs_of(row, (OWN,), (), TODAY)) == [NeedKind.NEW]
    assert kinds(*needs_of(a_row(reason=Reason.FOLLOW_UP), (OWN,), (), TODAY)) == [NeedKind.FOLLOW_UP]


@pytest.mark.parametrize(("born", "is_minor"), [(date(2008, 11, 26), False), (date(2008, 11, 27), True)])
def test_a_minor_is_one_until_the_day_before_the_eighteenth_birthday(born: date, is_minor: bool) -> None:
    needs = needs_of(a_row(replace(MARA, born=born)), (OWN,), (), TODAY)
    assert kinds(*needs) == ([NeedKind.MINOR] if is_minor else [])


def test_a_caregiver_is_one_who_comes_or_whose_card_is_on_record() -> None:
    carer = replace(OWN, holder=Holder.CAREGIVER)
    assert kinds(*needs_of(a_row(), (OWN, carer), (), TODAY)) == [NeedKind.CAREGIVER]
    assert kinds(*needs_of(a_row(through="Tomás Reyes"), (OWN,), (), TODAY)) == [NeedKind.CAREGIVER]
    assert kinds(*needs_of(a_row(), (OWN, replace(carer, renewed_as="MI-C-2")), (), TODAY)) == []


@pytest.mark.parametrize(("days", "is_told"), [(-3, True), (0, True), (45, True), (46, False)])
def test_each_paper_is_told_by_its_own_clock(days: int, is_told: bool) -> None:
    day = TODAY + timedelta(days=days)
    card = needs_of(a_row(), (replace(OWN, expires_on=day),), (), TODAY)
    paper = needs_of(a_row(replace(MARA, certification_expires=day)), (OWN,), (), TODAY)
    assert card == ((Need(NeedKind.CARD_ENDS, day),) if is_told else ())
    assert paper == ((Need(NeedKind.CERTIFICATION_ENDS, day),) if is_told else ())


def test_the_card_that_counts_is_the_longest_valid_and_never_one_that_was_renewed() -> None:
    ending = replace(OWN, number="OLD", expires_on=TODAY)
    assert needs_of(a_row(), (ending, OWN), (), TODAY) == ()
    assert kinds(*needs_of(a_row(), (replace(OWN, renewed_as="MI-P-2"),), (), TODAY)) == [NeedKind.NO_CARD]
    assert kinds(*needs_of(a_row(), (), (), TODAY)) == [NeedKind.NO_CARD]


def test_an_end_that_nobody_knows_is_told_and_one_that_is_withheld_is_not_guessed() -> None:
    unknown = a_row(replace(MARA, certification_expires=None))
    assert kinds(*needs_of(unknown, (OWN,), (), TODAY)) == [NeedKind.NO_CERTIFICATION]
    assert needs_of(a_row(replace(MARA, certification_expires=WITHHELD)), (OWN,), (), TODAY) == ()


def test_a_note_of_an_earlier_visit_is_told_and_one_of_today_is_under_way() -> None:
    earlier = TODAY - timedelta(days=9)
    assert needs_of(a_row(), (OWN,), (earlier, TODAY), TODAY) == (Need(NeedKind.UNSIGNED, earlier),)


def test_a_telehealth_visit_is_told() -> None:
    assert kinds(*needs_of(a_row(link="https://meet.example/r"), (OWN,), (), TODAY)) == [NeedKind.TELEHEALTH]
