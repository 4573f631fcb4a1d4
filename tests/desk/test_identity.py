"""Names, cards and statuses change with their history, and two records of one person count together."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pcc_desk.desk.bringing import whole_record
from pcc_desk.desk.care import note_request
from pcc_desk.desk.check_in import CardRenewed, CareEnded, CheckedIn, NotServed, check_in
from pcc_desk.desk.dispensing import Recorded, hand_over
from pcc_desk.desk.entitlements import OnRecord, note_entitlement, set_amount
from pcc_desk.desk.errors import NoSuchRecord
from pcc_desk.desk.identity import (
    CardTaken,
    Changed,
    NoReason,
    change_patient,
    known_of,
    note_card,
    note_details,
    set_status,
)
from pcc_desk.desk.merging import PapersSince, PapersStand, SameRecord, UnderWay, beside, merge, part
from pcc_desk.desk.rights import Right, proved
from pcc_desk.desk.standing import standing_of
from pcc_desk.domain.answers import CannotTell
from pcc_desk.domain.basket import OverLimit
from pcc_desk.domain.entries import DispensationRecorded, EntitlementNoted, StaffAdded, VisitMoved
from pcc_desk.domain.identity import Caregiver, CareLink, Details, PatientStatus, npi_is_right
from pcc_desk.domain.people import Patient, Person, Role
from pcc_desk.domain.people_entries import CaregiverKept, CaregiverLinked, PatientsMerged
from pcc_desk.domain.requests import RequestKind
from pcc_desk.domain.verification import NotVerified
from pcc_desk.domain.visits import Reason, VisitState
from pcc_desk.domain.withheld import Withheld
from tests.desk.counter import (
    BEN,
    CHIDI,
    CHIDIS_CARD,
    EVA,
    FRESH_FOR,
    MARA,
    MARAS_CARD,
    TODAY,
    TOMAS_CARD,
    Counter,
    grams,
    says,
)

WHY = "the same passport"


def change(counter: Counter, patient: Patient, why: str = "") -> object:
    return change_patient(counter.ledger, patient, why, act=counter.act())


def joined(counter: Counter, kept: Patient = CHIDI, other: Patient = MARA, why: str = WHY) -> object:
    return merge(counter.ledger, kept.id, other.id, why, TODAY, act=counter.act())


def known(counter: Counter, patient: Patient) -> object:
    return known_of(counter.ledger, patient.id, act=counter.act())


# Names, cards, statuses


def test_another_name_needs_a_reason_and_another_telephone_does_not(counter: Counter) -> None:
    married = replace(CHIDI, family_name="Brandt")
    assert change(counter, married) == NoReason()
    assert change(counter, replace(CHIDI, phone="313-555-0123")) == Changed(replace(CHIDI, phone="313-555-0123"))
    assert change(counter, married, "married") == Changed(married)
    assert [each.family_name for each in counter.ledger.former_names(CHIDI.id)] == ["Okafor"]


def test_what_did_not_change_is_not_put_on_record_again(counter: Counter) -> None:
    before = len(counter.ledger.acts)
    assert change(counter, CHIDI) == Changed(CHIDI)
    assert len(counter.ledger.acts) == before


def test_a_renewed_card_takes_the_place_of_the_old_one_which_says_so(counter: Counter) -> None:
    done = note_card(counter.ledger, CHIDI.id, "MI-P-9", date(2029, 1, 1), CHIDIS_CARD.number, act=counter.act())
    assert isinstance(done, Changed)
    old = check_in(counter.ledger, CHIDI.id, CHIDIS_CARD.number, Reason.REFILL, TODAY, act=counter.act())
    assert isinstance(old, CardRenewed)
    assert isinstance(check_in(counter.ledger, CHIDI.id, "mi p 9", Reason.REFILL, TODAY, act=counter.act()), CheckedIn)


def test_a_card_of_somebody_else_is_nobody_elses(counter: Counter) -> None:
    taken = note_card(counter.ledger, CHIDI.id, MARAS_CARD.number, date(2029, 1, 1), act=counter.act())
    assert isinstance(taken, CardTaken)
    assert taken.patient == MARA


def test_a_caregivers_card_never_becomes_a_patients_own(counter: Counter) -> None:
    before = counter.ledger.cards(EVA.id)
    for patient in (EVA, CHIDI):
        taken = note_card(counter.ledger, patient.id, "mi c 0007 3310", date(2029, 1, 1), act=counter.act())
        assert taken == CardTaken(TOMAS_CARD, EVA)
    renewed = note_card(counter.ledger, EVA.id, "MI-P-9", TODAY, TOMAS_CARD.number, act=counter.act())
    assert renewed == CardTaken(TOMAS_CARD, EVA)
    assert counter.ledger.cards(EVA.id) == before


@pytest.mark.parametrize("status", [PatientStatus.DECEASED, PatientStatus.BANNED])
async def test_who_is_not_served_any_more_is_not_checked_in_nor_handed_anything(
    counter: Counter, status: PatientStatus
) -> None:
    assert set_status(counter.ledger, CHIDI.id, status, " ", act=counter.act()) == NoReason()
    assert isinstance(set_status(counter.ledger, CHIDI.id, status, "told so", act=counter.act()), Changed)
    outcome = check_in(counter.ledger, CHIDI.id, CHIDIS_CARD.number, Reason.REFILL, TODAY, act=counter.act())
    assert isinstance(outcome, NotServed)
    refused = await hand_over(counter.desk, CHIDI.id, (grams("1"),), counter.act())
    assert isinstance(refused, NotVerified)
    assert str(status) in refused.reason


def test_somebody_archived_or_pending_is_served_by_a_good_card(counter: Counter) -> None:
    set_status(counter.ledger, CHIDI.id, PatientStatus.ARCHIVED, "two years away", act=counter.act())
    outcome = check_in(counter.ledger, CHIDI.id, CHIDIS_CARD.number, Reason.REFILL, TODAY, act=counter.act())
    assert isinstance(outcome, CheckedIn)


def test_a_caregiver_buys_from_the_first_day_of_the_link_to_its_last(counter: Counter) -> None:
    tomas = Caregiver(UUID(int=7), "Reyes", "Tomás", None, "", TOMAS_CARD.number, TOMAS_CARD.expires_on)
    counter.put(CaregiverKept(tomas))

    def comes(starts: date, ends: date | None) -> object:
        counter.put(CaregiverLinked(EVA.id, tomas, CareLink(EVA.id, tomas.id, starts, ends), TOMAS_CARD))
        return check_in(counter.ledger, EVA.id, TOMAS_CARD.number, Reason.PICK_UP, TODAY, act=counter.act())

    day = timedelta(days=1)
    assert comes(TODAY - 9 * day, TODAY - day) == CareEnded(TOMAS_CARD)
    assert comes(TODAY + day, None) == CareEnded(TOMAS_CARD)
    assert isinstance(comes(TODAY, TODAY), CheckedIn)


# What each role is given


def test_an_inventory_manager_is_given_no_address(counter: Counter) -> None:
    stock = Person(UUID(int=0x1F), "Ben Osei", Role.INVENTORY)
    counter.put(StaffAdded(stock))
    details = Details(preferred_name="Chi", address="12 Elm", emergency_phone="313-555-0100")
    note_details(counter.ledger, CHIDI.id, details, act=counter.act())
    seen = known_of(counter.ledger, CHIDI.id, act=replace(counter.act(), by=stock.id))
    assert seen.details.preferred_name == "Chi"
    assert isinstance(seen.details.address, Withheld)
    assert isinstance(seen.details.emergency_phone, Withheld)
    assert isinstance(seen.patient.phone, Withheld)
    assert isinstance(seen.former_names, Withheld)
    assert isinstance(seen.consents, Withheld)
    assert isinstance(seen.requests, Withheld)
    assert isinstance(seen.intake, Withheld)
    whole = known_of(counter.ledger, CHIDI.id, act=counter.act())
    assert whole.details == details
    assert whole.requests == whole.consents == whole.former_names == ()


def test_who_answers_requests_reads_them(counter: Counter) -> None:
    compliance = Person(UUID(int=0x2F), "Cora Lind", Role.COMPLIANCE)
    counter.put(StaffAdded(compliance))
    act = counter.act()
    note_request(counter.ledger, CHIDI.id, RequestKind.ACCESS, "everything of March", TODAY, act=act)
    seen = known_of(counter.ledger, CHIDI.id, act=replace(counter.act(), by=compliance.id))
    assert not isinstance(seen.requests, Withheld)
    assert [each.words for each in seen.requests] == ["everything of March"]


def test_nobody_is_known_who_is_not_on_record(counter: Counter) -> None:
    with pytest.raises(NoSuchRecord):
        known_of(counter.ledger, UUID(int=404), act=counter.act())


# Records of one person


def test_a_merge_needs_two_records_a_reason_and_nobody_at_the_counter(counter: Counter) -> None:
    assert joined(counter, CHIDI, CHIDI) == SameRecord()
    assert joined(counter, why=" ") == NoReason()
    arrived = check_in(counter.ledger, MARA.id, MARAS_CARD.number, Reason.REFILL, TODAY, act=counter.act())
    assert isinstance(arrived, CheckedIn)
    assert joined(counter) == UnderWay(arrived.visit)


def test_a_merge_is_undone_by_a_reason(counter: Counter) -> None:
    assert joined(counter) == Changed(CHIDI)
    assert joined(counter) == SameRecord()
    assert part(counter.ledger, CHIDI.id, MARA.id, "", TODAY, act=counter.act()) == NoReason()
    assert part(counter.ledger, CHIDI.id, MARA.id, "sisters", TODAY, act=counter.act()) == Changed(MARA)
    with pytest.raises(NoSuchRecord):
        part(counter.ledger, CHIDI.id, MARA.id, "again", TODAY, act=counter.act())


def parted(counter: Counter, why: str = "sisters") -> object:
    return part(counter.ledger, CHIDI.id, MARA.id, why, TODAY, act=counter.act())


async def test_what_was_handed_over_while_two_records_were_one_persons_counts_for_both_after(counter: Counter) -> None:
    await counter.ask(MARAS_CARD)
    joined(counter)
    came = check_in(counter.ledger, MARA.id, MARAS_CARD.number, Reason.REFILL, TODAY, act=counter.act())
    assert isinstance(came, CheckedIn)
    assert parted(counter) == UnderWay(came.visit)
    await counter.ask(MARAS_CARD)
    assert isinstance(await hand_over(counter.desk, MARA.id, (grams("60"),), counter.act()), Recorded)
    counter.clock.advance(timedelta(minutes=1))
    counter.put(VisitMoved(came.visit.id, came.visit.patient_id, VisitState.DONE, None))
    assert parted(counter) == Changed(MARA)
    for card in (MARAS_CARD, CHIDIS_CARD):
        await counter.ask(card)
        refused = await hand_over(counter.desk, card.patient_id, (grams("11"),), counter.act())
        assert isinstance(refused, OverLimit), card


async def test_of_two_cards_of_one_person_the_lower_answer_of_the_registry_counts(counter: Counter) -> None:
    joined(counter)
    counter.state.standings[MARAS_CARD.number] = says(MARAS_CARD, "0", "0")
    await counter.ask(MARAS_CARD)
    counter.clock.advance(timedelta(minutes=1))
    await counter.ask(CHIDIS_CARD)
    assert isinstance(await hand_over(counter.desk, CHIDI.id, (grams("1"),), counter.act()), OverLimit)
    counter.clock.advance(timedelta(minutes=1))
    counter.state.standings[MARAS_CARD.number] = says(MARAS_CARD)
    await counter.ask(MARAS_CARD)
    assert isinstance(await hand_over(counter.desk, CHIDI.id, (grams("1"),), counter.act()), Recorded)


def test_records_are_not_parted_while_papers_stand_that_were_noted_since(counter: Counter) -> None:
    rules = counter.desk.rules
    note_entitlement(counter.ledger, CHIDI.id, (), TODAY, None, rules=rules, act=counter.act())
    counter.clock.advance(timedelta(minutes=1))
    joined(counter)
    counter.clock.advance(timedelta(minutes=1))

    def waived(ends: date) -> None:
        done = set_amount(
            counter.ledger,
            MARA.id,
            "mi-day",
            None,
            is_waiver=True,
            paper="CRA letter 26-1",
            rules=rules,
            act=counter.act(BEN),
            ends=ends,
        )
        assert isinstance(done, OnRecord)

    waived(date.max)
    refused = parted(counter)
    assert isinstance(refused, PapersSince)
    assert [each.paper for each in refused.amounts] == ["CRA letter 26-1"]
    waived(TODAY - timedelta(days=1))
    note_entitlement(counter.ledger, MARA.id, (), TODAY, TODAY, rules=rules, act=counter.act())
    refused = parted(counter)
    assert isinstance(refused, PapersSince)
    assert (refused.amounts, refused.before.anchor, refused.before.order_began) == ((), TODAY, None)
    note_entitlement(counter.ledger, MARA.id, (), TODAY, None, rules=rules, act=counter.act())
    assert parted(counter) == Changed(MARA)


async def test_who_is_banned_by_the_record_that_is_not_kept_is_not_served(counter: Counter) -> None:
    set_status(counter.ledger, MARA.id, PatientStatus.BANNED, "threats", act=counter.act())
    told = beside(counter.ledger, CHIDI.id, MARA.id, act=counter.act())
    assert (told.other, told.standing.status, told.intake, told.differing) == (MARA, PatientStatus.BANNED, None, ())
    joined(counter)
    outcome = check_in(counter.ledger, CHIDI.id, CHIDIS_CARD.number, Reason.REFILL, TODAY, act=counter.act())
    assert isinstance(outcome, NotServed)
    await counter.ask(CHIDIS_CARD)
    assert isinstance(await hand_over(counter.desk, CHIDI.id, (grams("1"),), counter.act()), NotVerified)


def test_a_record_with_papers_is_not_merged_into_one_without(counter: Counter) -> None:
    counter.put(EntitlementNoted(MARA.id, ("visiting",), None, None))
    assert joined(counter) == PapersStand(MARA)
    assert joined(counter, MARA, CHIDI) == Changed(MARA)


def test_papers_noted_under_either_id_are_the_kept_records(counter: Counter) -> None:
    joined(counter)
    rules = counter.desk.rules
    note_entitlement(counter.ledger, MARA.id, (), TODAY, None, rules=rules, act=counter.act())
    assert counter.ledger.entitlement(CHIDI.id) == counter.ledger.entitlement(MARA.id)


def test_whoever_is_checked_in_by_the_merged_card_is_the_kept_patient(counter: Counter) -> None:
    joined(counter)
    outcome = check_in(counter.ledger, MARA.id, MARAS_CARD.number, Reason.REFILL, TODAY, act=counter.act())
    assert isinstance(outcome, CheckedIn)
    assert outcome.visit.patient_id == CHIDI.id


def left(counter: Counter, patient: Patient) -> list[Fraction]:
    """Return what is left of each limit by our own sums; what nobody can tell counts as nothing left."""
    known = standing_of(
        counter.ledger,
        patient.id,
        rules_on=counter.desk.rules_on,
        day=TODAY,
        now=counter.clock.now(),
        fresh_for=FRESH_FOR,
        is_out=False,
    )
    figures = [each.own_left for each in known.standing.limits]
    return [Fraction(0) if isinstance(each, CannotTell) else Fraction(each) for each in figures]


GRAMS = st.decimals(Decimal("0.1"), Decimal(20), places=1)


def bought(counter: Counter, patient: Patient, amounts: list[Decimal]) -> Iterator[DispensationRecorded]:
    """Yield purchases of today."""
    from tests.store.stores import given as handed

    for each in amounts:
        recorded = handed(patient)
        at = counter.clock.now()
        line = replace(recorded.dispensation.lines[0], quantity=grams(str(each)).quantity)
        line = replace(line, measures=replace(line.measures, net_mg=int(each * 1000)), category="flower")
        dispensation = replace(
            recorded.dispensation, id=counter.act().id, at=at, lines=(line,), external_number=str(counter.act().id)
        )
        yield replace(recorded, dispensation=dispensation, day=TODAY)


@settings(max_examples=25, deadline=None)
@given(st.lists(GRAMS, max_size=3), st.lists(GRAMS, max_size=3))
def test_a_person_with_two_records_may_buy_no_more_than_either_of_them_before(
    ones: list[Decimal], others: list[Decimal]
) -> None:
    counter = Counter()
    counter.put(*bought(counter, CHIDI, ones), *bought(counter, MARA, others))
    before = [left(counter, CHIDI), left(counter, MARA)]
    counter.put(PatientsMerged(CHIDI.id, MARA.id, WHY))
    for patient in (CHIDI, MARA):
        after = left(counter, patient)
        assert all(now <= min(then) for now, *then in zip(after, *before, strict=True))
    if ones and others:
        assert left(counter, CHIDI)[0] < min(each[0] for each in before) or left(counter, CHIDI)[0] <= 0


# Physicians


@pytest.mark.parametrize(
    ("npi", "is_right"),
    [
        ("1234567893", True),  # the example of the standard's own text
        ("1234567894", False),
        ("1234567890", False),
        ("2234567892", False),
        ("3234567893", False),
        ("123456789", False),
        ("12345678931", False),
        ("123456789a", False),
        ("١٢٣٤٥٦٧٨٩٣", False),
    ],
)
def test_an_npi_has_the_check_digit_that_it_must_have(npi: str, is_right: bool) -> None:
    assert npi_is_right(npi) is is_right


@given(st.integers(100_000_000, 299_999_999))
def test_of_ten_last_digits_exactly_one_is_right(begin: int) -> None:
    assert sum(npi_is_right(f"{begin}{last}") for last in range(10)) == 1


def test_two_digits_that_changed_places_are_noticed_unless_they_are_nought_and_nine() -> None:
    assert not npi_is_right("2134567893")


async def test_what_waits_of_one_record_holds_up_what_comes_after_it_of_the_other(counter: Counter) -> None:
    first = await counter.give(grams("1"))
    counter.clock.advance(timedelta(minutes=1))
    second = await counter.give(grams("1"), card=CHIDIS_CARD)
    at = counter.clock.now() + timedelta(hours=1)
    assert {each.dispensation_id for each in counter.ledger.due_postings(at, 9)} == {first.id, second.id}
    joined(counter)
    assert [each.dispensation_id for each in counter.ledger.due_postings(at, 9)] == [first.id]


@pytest.mark.parametrize("role", [Role.COMPLIANCE, Role.MANAGER])
def test_what_patients_are_handed_of_their_record_withholds_nothing_from_them_whoever_hands_it_out(
    counter: Counter, role: Role
) -> None:
    details = Details(accessibility="large print", address="12 Elm St", email="mara@example.org")
    note_details(counter.ledger, MARA.id, details, act=counter.act())
    cora = Person(UUID(int=0xC0), "Cora Lind", role)
    counter.put(StaffAdded(cora))
    act = proved(replace(counter.act(), by=cora.id), Right.EXPORT, counter.clock.now())
    known = whole_record(counter.ledger, MARA.id, "files", act=act).known
    assert known.patient == MARA
    assert known.details == details
    assert known.consents == known.former_names == known.requests == ()
