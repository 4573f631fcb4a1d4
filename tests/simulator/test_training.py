"""The invented shop keeps its promises, whatever day it is opened on."""

import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from pcc_desk.domain.people import Holder
from pcc_desk.domain.visits import VisitState
from pcc_desk.shipped import data_folder
from pcc_desk.simulator.make_training import SEED
from pcc_desk.simulator.server import make_world
from pcc_desk.simulator.training import TrainingShop, load_training

DAYS = (
    datetime(2026, 3, 8, 17, 0, tzinfo=UTC),  # the clock goes forward in Detroit
    datetime(2026, 11, 1, 17, 0, tzinfo=UTC),  # and back
    datetime(2028, 2, 29, 23, 59, tzinfo=UTC),
    datetime(2026, 1, 1, 5, 1, tzinfo=UTC),
)


@pytest.fixture(params=DAYS, ids=lambda at: str(at.date()))
def shop(request: pytest.FixtureRequest) -> TrainingShop:
    at: datetime = request.param
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


def test_nobody_ever_went_over_a_limit_and_one_stands_close_before_it() -> None:
    world = make_world(None, SEED, DAYS[0], ("a", "b"))
    over, close = set(), set()
    for card in world.owner:
        for at in {receipt["SalesDateTime"][:10] for receipt in world.receipts}:
            day = date.fromisoformat(at)
            world.clock = lambda day=day: datetime(day.year, day.month, day.day, 22, tzinfo=UTC)  # type: ignore[misc]
            receipts = world.receipts
            world.receipts = [each for each in receipts if each["SalesDateTime"][:10] <= at]
            if world.purchased(card, 1) > Decimal("2.5") or world.purchased(card, 30) > 10:
                over.add(world.owner[card])
            if at == max(receipt["SalesDateTime"][:10] for receipt in receipts) and world.purchased(card, 30) > 9:
                close.add(world.owner[card])
            world.receipts = receipts
    assert not over
    assert len(close) == 1
