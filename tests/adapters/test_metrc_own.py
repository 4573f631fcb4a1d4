"""What is METRC's own beyond the contract of state systems, over HTTP before the simulated registry."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcc_desk.adapters.http import exact_json
from pcc_desk.adapters.state.metrc import Metrc
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.dispensing import NotPosted, Posted, PostRefused
from pcc_desk.domain.products import UNKNOWN_CATEGORY
from pcc_desk.domain.reconciling.terms import KnownPackage
from pcc_desk.domain.registry import CardNotFound, RegistryStanding
from pcc_desk.simulator.exact import exact_json as as_json
from pcc_desk.simulator.world import World
from tests.adapters.outside import (
    CARD,
    DREAM,
    KEYS,
    NOW,
    ZONE,
    Cut,
    answering,
    by_path,
    later,
    metrc,
    sale,
    simulated,
    world,
)

TODAY = date(2026, 3, 12)


@pytest.fixture
def registry() -> World:
    return world()


@pytest.fixture
def wire(registry: World, tmp_path: Path) -> Cut:
    return simulated(registry, tmp_path)


@pytest.fixture
def adapter(registry: World, wire: Cut) -> Metrc:
    return metrc(wire, registry)


async def test_the_facility_is_called_by_its_name(adapter: Metrc, registry: World) -> None:
    assert await adapter.ping() == registry.training.shop.name


async def test_a_key_of_another_facility_or_a_wrong_one_is_denied(registry: World, wire: Cut) -> None:
    answer = await metrc(wire, registry, keys=("vendor-KEY-0417", "wrong")).ping()
    assert isinstance(answer, Unanswered)
    assert answer.kind is Silence.DENIED
    for key in (*KEYS, "wrong"):
        assert key not in answer.reason


async def test_a_known_card_has_exact_windows(adapter: Metrc) -> None:
    answer = await adapter.standing(CARD)
    assert isinstance(answer, RegistryStanding)
    assert answer.active
    assert answer.card_number == CARD
    assert [window.days for window in answer.windows] == [1, 30]
    figures = [dict(window.available)["flower"] for window in answer.windows]
    assert all(isinstance(each, Decimal) for each in figures)
    assert figures[0] == Decimal("2.5")
    assert 0 < figures[1] < 10


@pytest.mark.parametrize("card", ["../facilities", "A/B?x=1#y", "МI-P-1", "a b\n"])
async def test_a_card_number_stays_one_piece_of_the_address(adapter: Metrc, wire: Cut, card: str) -> None:
    assert isinstance(await adapter.standing(card), CardNotFound | Unanswered)
    assert wire.requests[-1].url.path.startswith("/patients/v2/statuses/")
    assert wire.requests[-1].url.params["licenseNumber"] == "PC-000417"


async def test_what_was_posted_is_found_by_our_number_and_takes_from_the_allotment_after_a_minute(
    adapter: Metrc, registry: World
) -> None:
    before = await adapter.standing(CARD)
    posted = await adapter.post(sale())
    assert isinstance(posted, Posted)
    assert await adapter.find_posted("PCC-20260312-0001") == posted
    assert await adapter.find_posted("PCC-20260312-0002") == NotPosted()
    assert await adapter.standing(CARD) == before
    later(registry, timedelta(seconds=61))
    after = await adapter.standing(CARD)
    assert isinstance(before, RegistryStanding)
    assert isinstance(after, RegistryStanding)
    used = dict(before.windows[0].available)["flower"] - dict(after.windows[0].available)["flower"]
    assert Decimal("0.1234") <= used <= Decimal("0.1236")


async def test_lists_without_lines_are_completed_receipt_by_receipt(adapter: Metrc, registry: World) -> None:
    registry.switches.lines_in_lists = False
    await adapter.post(sale("PCC-1"))
    later(registry, timedelta(minutes=5))
    receipts = await adapter.posted_on(TODAY, registry.clock())
    assert isinstance(receipts, tuple)
    assert all(each.lines for each in receipts)


async def test_stock_says_why_a_package_may_not_go_out(adapter: Metrc, registry: World) -> None:
    packages = await adapter.stock()
    assert isinstance(packages, tuple)
    assert len(packages) == len(registry.packages)
    by_label = {each.label: each for each in packages}
    released = {"TestPassed", "RetestPassed", "NotRequired"}
    for label, known in registry.packages.items():
        may_not = known.is_on_hold or known.is_recalled or known.lab_state not in released
        assert bool(by_label[label].blocked) == may_not, label
    assert by_label[DREAM].category == "flower"


@pytest.mark.parametrize(
    "change",
    [
        {"card": "MI-P-9999-0000"},
        {"grams": 99_999_999},
    ],
)
async def test_what_the_state_refuses_comes_back_in_its_own_words(adapter: Metrc, change: dict[str, object]) -> None:
    answer = await adapter.post(sale(**change))  # type: ignore[arg-type]
    assert isinstance(answer, PostRefused)
    assert "was not found" in answer.why or "does not hold" in answer.why


@given(thousandths=st.integers(1, 10**10), price_cents=st.integers(0, 10**9))
async def test_any_quantity_and_price_goes_over_and_comes_back_exactly(thousandths: int, price_cents: int) -> None:
    bodies: list[bytes] = []

    def keep(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            bodies.append(request.content)
            return httpx.Response(200, json={"Ids": [1]})
        (row,) = exact_json(bodies[0])
        return httpx.Response(200, text=as_json({"Data": [{**row, "Id": 1}], "TotalPages": 1}))

    adapter = by_path(keep)
    given_out = sale("PCC-1", thousandths)
    (line,) = given_out.lines
    await adapter.post(replace(given_out, lines=(replace(line, price_cents=price_cents),)))
    receipts = await adapter.posted_on(TODAY, NOW)
    assert isinstance(receipts, tuple)
    assert [(each.milli, each.price_cents) for each in receipts[0].lines] == [(thousandths, price_cents)]


async def test_what_a_caregiver_fetched_is_posted_under_both_cards(adapter: Metrc, registry: World) -> None:
    fetched = replace(sale(card="MI-P-0052-0318"), caregiver_card="MI-C-0012-0931")
    assert isinstance(await adapter.post(fetched), Posted)
    last = registry.receipts[-1]
    assert (last["SalesCustomerType"], last["PatientLicenseNumber"], last["CaregiverLicenseNumber"]) == (
        "Caregiver",
        "MI-P-0052-0318",
        "MI-C-0012-0931",
    )


async def test_an_hour_after_midnight_in_utc_is_still_the_shops_day(adapter: Metrc, registry: World) -> None:
    late = datetime(2026, 3, 13, 3, 59, 59, tzinfo=UTC)
    later(registry, late - registry.clock())
    assert isinstance(await adapter.post(sale("PCC-LATE", at=late)), Posted)
    for day, expected in ((TODAY, 1), (TODAY + timedelta(days=1), 0)):
        receipts = await adapter.posted_on(day, late + timedelta(hours=9))
        assert isinstance(receipts, tuple)
        assert [each.external_number for each in receipts].count("PCC-LATE") == expected


@pytest.mark.parametrize("day", [date(2026, 3, 8), date(2026, 11, 1)], ids=["23 hours", "25 hours"])
async def test_a_day_on_which_the_clock_changes_is_read_from_its_first_minute_to_its_last(day: date) -> None:
    first = datetime.combine(day, time(0, 0, 1), ZONE)
    last = datetime.combine(day, time(23, 59, 59), ZONE)
    registry = world(now=first)
    adapter = metrc(simulated(registry, Path()), registry)
    for number, at in (("PCC-FIRST", first), ("PCC-LAST", last)):
        registry.clock = lambda at=at: at  # type: ignore[misc]
        assert isinstance(await adapter.post(sale(number, at=at)), Posted)
    receipts = await adapter.posted_on(day, last + timedelta(days=2))
    assert isinstance(receipts, tuple)
    ours = [(each.external_number, each.sold_at) for each in receipts if each.external_number.startswith("PCC-")]
    assert ours == [("PCC-FIRST", first), ("PCC-LAST", last)]


async def test_what_is_counted_in_another_unit_or_called_by_another_name_is_not_guessed() -> None:
    row = {
        "Label": "1a4050100000000000000777",
        "Quantity": 2,
        "UnitOfMeasureName": "Ounces",
        "LabTestingState": "TestPassed",
        "Item": {"Name": "Bulk", "ProductCategoryName": "Nobody's category"},
    }
    (package,) = await answering(body=[row]).stock()  # type: ignore[misc]
    assert package.blocked == "counted in Ounces, which this desk cannot weigh"
    assert package.category == UNKNOWN_CATEGORY
    assert package.label == "1A4050100000000000000777"


async def test_what_was_posted_in_this_very_second_is_of_the_day_already(adapter: Metrc, registry: World) -> None:
    at = NOW + timedelta(milliseconds=400)
    later(registry, at - registry.clock())
    assert isinstance(await adapter.post(sale("PCC-1", at=at)), Posted)
    receipts = await adapter.posted_on(TODAY, at + timedelta(milliseconds=100))
    assert isinstance(receipts, tuple)
    assert "PCC-1" in {each.external_number for each in receipts}


def package_answer(tag: str, finished: str | None) -> dict[str, object]:
    return {"Id": 7, "Label": tag, "Quantity": 3, "IsFinished": finished is not None, "FinishedDate": finished}


@pytest.mark.parametrize(
    ("told", "at", "on"),
    [
        (None, None, None),
        ("0001-01-01T00:00:00+00:00", None, None),
        ("2026-03-11", None, date(2026, 3, 11)),
        ("2026-03-11T00:00:00+00:00", None, date(2026, 3, 11)),
        ("2026-03-11T17:30:00", None, date(2026, 3, 11)),
        ("2026-03-11T17:30:00+00:00", datetime(2026, 3, 11, 13, 30, tzinfo=ZONE), None),
    ],
)
async def test_when_a_package_was_finished_is_told_as_far_as_it_is_known(
    told: str | None, at: datetime | None, on: date | None
) -> None:
    answer = await answering(body=package_answer(DREAM, told)).look_up_package(DREAM)
    assert answer == KnownPackage(DREAM, finished_at=at, finished_on=on)


async def test_a_package_that_is_not_found_is_none_and_one_that_was_not_asked_for_is_no_answer(
    adapter: Metrc,
) -> None:
    assert await adapter.look_up_package(DREAM) == KnownPackage(DREAM)
    assert await adapter.look_up_package("1A4NOSUCHPACKAGE") is None
    other = await answering(body=package_answer("1A4OTHER", None)).look_up_package(DREAM)
    assert isinstance(other, Unanswered)
    assert other.kind is Silence.UNREADABLE


async def test_with_a_bad_key_no_package_is_called_not_found(registry: World, wire: Cut) -> None:
    answer = await metrc(wire, registry, keys=("vendor-KEY-0417", "wrong")).look_up_package(DREAM)
    assert isinstance(answer, Unanswered)
    assert answer.kind is Silence.DENIED
