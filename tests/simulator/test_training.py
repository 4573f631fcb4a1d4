"""The invented shop keeps its promises, whatever day it is opened on."""

import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from pcc_desk.domain.allotment import CannotTell, Purchase, evaluate
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.people import Holder, age_on
from pcc_desk.domain.quantity import Unit
from pcc_desk.domain.visits import VisitState
from pcc_desk.rulebook import rules_for
from pcc_desk.shipped import data_folder
from pcc_desk.simulator.make_training import SEED, make
from pcc_desk.simulator.server import make_world
from pcc_desk.simulator.training import TrainingShop, load_training

DAYS = (
    datetime(2026, 3, 8, 17, 0, tzinfo=UTC),  # the clock goes forward in Detroit
    datetime(2026, 11, 1, 17, 0, tzinfo=UTC),  # and back
    datetime(2028, 2, 29, 23, 59, tzinfo=UTC),
    datetime(2026, 1, 1, 5, 1, tzinfo=UTC),
)


@pytest.fixture(params=DAYS, ids=lambda at: str(at.date()))
def at(request: pytest.FixtureRequest) -> datetime:
    moment: datetime = request.param
    return moment


@pytest.fixture
def shop(at: datetime) -> TrainingShop:
    return load_training(data_folder() / "training", at)


def test_the_same_seed_makes_the_same_files_as_those_that_are_shipped(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pcc_desk.simulator.make_training", "--seed", str(SEED), "--into", str(tmp_path)]
    subprocess.run(command, check=True)
    made = sorted(path.name for path in tmp_path.iterdir())
    assert {"patients.toml", "packages.toml", "appointments.toml", "history.toml"} <= set(made)
    for name in made:
        assert (tmp_path / name).read_bytes() == (data_folder() / "training" / name).read_bytes(), name


def test_there_is_everybody_who_makes_a_morning_hard(shop: TrainingShop) -> None:
    assert 55 <= len(shop.patients) <= 70
    assert 35 <= len(shop.packages) <= 45
    names = Counter(patient.name for patient in shop.patients)
    assert any(number > 1 for number in names.values()), "two of the same name"
    assert any(card.renewed_as for card in shop.cards), "a renewal"
    assert any(card.holder is Holder.CAREGIVER for card in shop.cards), "a caregiver"
    today = {visit.day for visit in shop.visits}.pop()
    assert any((today - patient.born).days < 18 * 365 for patient in shop.patients), "a minor"
    assert any(card.expires_on < today for card in shop.cards), "a lapsed card"
    assert shop.inactive_cards
    assert {visit.state for visit in shop.visits} == {VisitState.WAITING, VisitState.EXPECTED}
    assert any(each.is_on_hold for each in shop.packages)
    assert any(each.is_recalled for each in shop.packages)


def test_all_is_relative_to_today_and_six_weeks_deep(shop: TrainingShop) -> None:
    (today,) = {visit.day for visit in shop.visits}
    days = {sale.day for sale in shop.sales}
    assert max(days) <= today
    assert timedelta(days=40) <= today - min(days) <= timedelta(days=45)
    assert all(sale.day == shop.shop.day(sale.dispensation.at) for sale in shop.sales)
    numbers = [sale.dispensation.external_number for sale in shop.sales]
    assert len(numbers) == len(set(numbers))


def test_nobody_real_can_be_called_or_looked_up(shop: TrainingShop) -> None:
    assert all("-555-01" in patient.phone for patient in shop.patients if patient.phone)
    keys = [(card.key, card.patient_id) for card in shop.cards]
    assert len(keys) == len(set(keys))


def test_only_the_over_user_went_over_a_limit_and_one_stands_close_before_it() -> None:
    world = make_world(None, SEED, DAYS[0], ("a", "b"))
    names = {str(patient.id): patient.family_name for patient in world.training.patients}
    over, close = set(), set()
    for card in world.owner:
        for at in {receipt["SalesDateTime"][:10] for receipt in world.receipts}:
            day = date.fromisoformat(at)
            world.clock = lambda day=day: datetime(day.year, day.month, day.day, 22, tzinfo=UTC)  # type: ignore[misc]
            receipts = world.receipts
            world.receipts = [each for each in receipts if each["SalesDateTime"][:10] <= at]
            if world.purchased(card, 1) > Decimal("2.5") or world.purchased(card, 30) > 10:
                over.add(names[world.owner[card]])
            if at == max(receipt["SalesDateTime"][:10] for receipt in receipts) and world.purchased(card, 30) > 9:
                close.add(names[world.owner[card]])
            world.receipts = receipts
    assert over == {"Petrosyan"}
    assert close == {"Petrosyan", "Lindqvist"}


def test_by_what_this_shop_sold_nobody_is_below_zero_by_the_rules_that_the_desk_goes_by(shop: TrainingShop) -> None:
    out = Unanswered(Silence.DOWN, "nobody is asked here")
    sums = 0
    for patient in shop.patients:
        purchases = [
            Purchase(
                sale.day,
                sale.dispensation.at,
                line.category,
                line.measures,
                line.product,
                line.quantity,
                posted_at=sale.dispensation.at,
            )
            for sale in shop.sales
            if sale.dispensation.patient_id == patient.id and not sale.is_elsewhere
            for line in sale.dispensation.lines
        ]
        for day in {each.on for each in purchases}:
            until = [each for each in purchases if each.on <= day]
            rules = rules_for(shop.shop.jurisdiction, day)
            standing = evaluate(rules, until, out, None, day, go_by_own_record=True)
            left = [each.own_left for each in standing.limits if not isinstance(each.own_left, CannotTell)]
            assert all(each >= 0 for each in left), (patient.name, day)
            sums += len(left)
    assert sums > 100


def test_another_seed_makes_another_shop_and_the_same_seed_the_same() -> None:
    assert make(SEED) == make(SEED)
    assert make(SEED)["patients.toml"] != make(SEED + 1)["patients.toml"]


def test_who_waits_came_before_now_and_who_is_expected_comes_today(shop: TrainingShop, at: datetime) -> None:
    known = {patient.id for patient in shop.patients}
    for visit in shop.visits:
        assert visit.patient_id in known
        assert visit.day == shop.shop.day(at)
        if visit.state is VisitState.WAITING:
            assert visit.arrived_at is not None
            assert at - timedelta(minutes=30) < visit.arrived_at < at
        else:
            assert visit.appointment_at is not None
            assert shop.shop.day(visit.appointment_at) == visit.day
            assert 9 <= shop.shop.local(visit.appointment_at).hour <= 18, "by the clock on the wall"


def test_what_was_sold_stands_on_the_shelf_list_and_could_be_sold(shop: TrainingShop) -> None:
    by_label = {each.package.label: each for each in shop.packages}
    assert len(by_label) == len(shop.packages)
    for sale in shop.sales:
        assert shop.shop.day(sale.dispensation.at) == sale.day
        assert 9 <= shop.shop.local(sale.dispensation.at).hour <= 18
        for line in sale.dispensation.lines:
            package = by_label[line.label]
            assert not package.is_on_hold
            assert not package.is_recalled
            assert package.lab_state == "TestPassed"
            assert line.quantity.milli > 0
            assert line.price_cents > 0
            assert line.quantity.unit is Unit.GRAMS or line.quantity.milli % 1000 == 0, "no part of a piece"


def test_a_minor_has_a_caregiver_and_buys_through_one(shop: TrainingShop) -> None:
    (today,) = {visit.day for visit in shop.visits}
    caregivers = {card.patient_id for card in shop.cards if card.holder is Holder.CAREGIVER}
    minors = {patient.id for patient in shop.patients if age_on(patient.born, today) < 18}
    assert len(minors) == 2
    assert minors <= caregivers
    theirs = [sale.dispensation for sale in shop.sales if sale.dispensation.patient_id in minors]
    assert theirs
    assert all(each.caregiver_card for each in theirs)


def test_one_caregiver_serves_two_patients_and_is_a_patient_too(shop: TrainingShop) -> None:
    served: dict[str, set[str]] = {}
    names = {patient.id: patient.name for patient in shop.patients}
    for card in shop.cards:
        if card.holder is Holder.CAREGIVER:
            served.setdefault(card.holder_name, set()).add(names[card.patient_id])
    whole = {f"{patient.given_name} {patient.family_name}" for patient in shop.patients}
    assert [name for name, patients in served.items() if len(patients) == 2 and name in whole]


def test_those_of_one_name_are_told_apart_by_birth_date_and_card(shop: TrainingShop) -> None:
    names = Counter(patient.name for patient in shop.patients)
    (name,) = [name for name, number in names.items() if number > 1]
    alike = [patient for patient in shop.patients if patient.name == name]
    assert len({patient.born for patient in alike}) == len(alike)
    cards = {card.key for card in shop.cards if card.patient_id in {patient.id for patient in alike}}
    assert len(cards) == len(alike)


def test_a_renewed_card_leads_to_a_valid_one_of_the_same_patient(shop: TrainingShop) -> None:
    (today,) = {visit.day for visit in shop.visits}
    by_number = {(card.number, card.patient_id): card for card in shop.cards}
    renewed = [card for card in shop.cards if card.renewed_as]
    assert renewed
    for card in renewed:
        assert by_number[card.renewed_as, card.patient_id].expires_on >= today > card.expires_on


def test_a_name_may_have_any_letter_but_none_that_steers(shop: TrainingShop) -> None:
    names = [patient.name for patient in shop.patients]
    assert all(name.isprintable() for name in names)
    assert any(not name.isascii() for name in names)
    assert max(len(name) for name in names) > 40
