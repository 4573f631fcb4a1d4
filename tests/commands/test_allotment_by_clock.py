"""`pcc-desk allotment --zone`: which business day an instant lies in, on the nights when the clocks change too."""

import json
from pathlib import Path

import pytest

from pcc_desk.shipped import data_folder
from tests.commands.asking import ask, limit, refusal, run, written

DENVER = ("--zone", "America/Denver")


def used_on(folder: Path, at: str, *sold: str, code: str = "MI", limit_id: str = "mi-day") -> str:
    """Return what is used of a limit after an ounce was sold at each instant."""
    lines = [{"on": each, "cat": "flower", "q": {"net_oz": "1"}} for each in sold]
    found: str = limit(ask(folder, code, at, lines, *DENVER), limit_id)["used"]
    return found


@pytest.mark.parametrize(
    ("sold", "used"),
    [
        ("2026-03-12T05:59:59+00:00", "0"),  # 23:59:59 of the day before: summer time began on 8 March
        ("2026-03-12T06:00:00+00:00", "1"),
        ("2026-03-12T23:59:59-06:00", "1"),
        ("2026-03-12T23:59:59", "1"),
        ("2026-03-12", "1"),
        ("2026-03-13T00:00:00", "0"),
    ],
)
def test_the_shops_midnight_parts_the_days_wherever_the_offset_is_from(tmp_path: Path, sold: str, used: str) -> None:
    assert used_on(tmp_path, "2026-03-12", sold) == used


def test_the_hour_that_comes_twice_in_autumn_is_two_hours(tmp_path: Path) -> None:
    """On 1 November 2026 in Denver 01:30 comes at UTC-6 and an hour later at UTC-7."""
    first, second = "2026-11-01T01:30:00-06:00", "2026-11-01T01:30:00-07:00"
    assert used_on(tmp_path, "2026-11-01T01:45:00-06:00", first, second) == "1"
    assert used_on(tmp_path, "2026-11-01T01:15:00-07:00", first, second) == "1"
    assert used_on(tmp_path, "2026-11-01T01:45:00-07:00", first, second) == "2"


def test_two_sales_at_the_same_time_by_the_clock_in_that_night_are_two_visits(tmp_path: Path) -> None:
    tincture = {"cat": "tincture", "q": {"net_oz": "0.1", "thc_mg": "10"}}
    lines = [{"on": f"2026-11-01T01:30:00-0{hours}:00", **tincture} for hours in (6, 7)]
    found = ask(tmp_path, "NE", "2026-11-02", lines, "--zone", "America/Denver", "--confirmed")
    assert limit(found, "ne-visits")["used"] == "2"


def test_the_long_day_in_autumn_is_one_day(tmp_path: Path) -> None:
    sold = ("2026-11-01T00:00:00-06:00", "2026-11-01T23:59:59-07:00")
    assert used_on(tmp_path, "2026-11-01", *sold) == "2"
    assert used_on(tmp_path, "2026-11-02", *sold) == "0"


def test_a_registry_asked_at_the_end_of_that_long_day_has_seen_its_last_hour_but_one(tmp_path: Path) -> None:
    lines = [{"on": "2026-11-01T23:30:00-07:00", "cat": "flower", "q": {"net_oz": "1"}}]
    said = {"limits": {"mi-day": "1.5", "mi-30d": "9"}}
    found = ask(tmp_path, "MI", "2026-11-01", lines, *DENVER, registry=said)
    assert limit(found, "mi-day")["registry_left"] == "1.5"


def test_the_short_day_in_spring_is_one_day(tmp_path: Path) -> None:
    """On 8 March 2026 the clock goes from 02:00 to 03:00."""
    sold = ("2026-03-08T01:59:59-07:00", "2026-03-08T03:00:00-06:00")
    assert used_on(tmp_path, "2026-03-08", *sold) == "2"


def test_30_days_are_30_days_of_the_calendar_over_a_change_of_the_clocks(tmp_path: Path) -> None:
    """From 1 March 2026 at 23:00 to 31 March at 00:00 are less than 30 times 24 hours."""
    sold = "2026-03-01T23:00:00-07:00"
    assert used_on(tmp_path, "2026-03-30T23:59:59", sold, code="MT", limit_id="mt-30d") == "1"
    assert used_on(tmp_path, "2026-03-31T00:00:00", sold, code="MT", limit_id="mt-30d") == "0"


def test_a_business_day_may_end_after_midnight(tmp_path: Path) -> None:
    rules = (data_folder() / "jurisdictions" / "us-mi.toml").read_text("utf-8")
    file = written(tmp_path, "us-mi.toml", rules.replace("confidence =", 'day_begins = "03:00"\nconfidence =', 1))
    bought = written(tmp_path, "p", [{"on": "2026-03-13T02:59", "cat": "flower", "q": {"net_oz": "1"}}])
    for at, day, used in (("2026-03-12", "2026-03-12", "1"), ("2026-03-13T03:00", "2026-03-13", "0")):
        result = run("--rules", file, "--at", at, "--purchases", bought, "--json")
        found = json.loads(result.stdout)
        assert found["day"] == day
        assert limit(found, "mi-day")["used"] == used


def test_an_offset_needs_the_shops_zone(tmp_path: Path) -> None:
    file = written(tmp_path, "p.json", [{"on": "2026-03-12T15:30Z", "cat": "flower", "q": {"net_oz": "1"}}])
    told = refusal("--jurisdiction", "MI", "--at", "2026-03-12", "--purchases", file)
    assert told == (
        "p.json, line 1 of the list, on: 2026-03-12T15:30Z has an offset. "
        "Give the shop's zone, such as --zone America/Denver."
    )
