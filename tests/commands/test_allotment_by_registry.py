"""`pcc-desk allotment --registry`: the registry's answer beside the purchases given. The lower counts."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from pcc_desk.shipped import data_folder
from tests.commands.asking import ask, category, limit, refusal, run, written


def row(days: int, ounces: object, **more: Any) -> dict[str, Any]:
    return {
        "PatientLicenseNumber": "MI-P-0032-1187",
        "Active": True,
        "PurchaseAmountDays": days,
        "FlowerOuncesAvailable": ounces,
        **more,
    }


def michigan(
    folder: Path, registry: object, *purchases: dict[str, Any], at: str = "2026-03-12T15:30"
) -> dict[str, Any]:
    return ask(folder, "MI", at, purchases, "--zone", "America/Detroit", registry=registry)


@pytest.mark.parametrize("wrapped", [True, False])
def test_metrcs_own_answer_is_read_in_its_envelope_or_as_a_list(tmp_path: Path, wrapped: bool) -> None:
    rows = [row(1, 2.5), row(30, 1.25)]
    found = michigan(tmp_path, {"Data": rows, "TotalPages": 1} if wrapped else rows)
    thirty = limit(found, "mi-30d")
    assert (thirty["registry_left"], thirty["own_left"], thirty["left"]) == ("1.25", "10", "1.25")
    assert category(found, "flower")["binding"] == "mi-30d"


def test_our_own_lower_figure_counts_when_the_registry_says_more(tmp_path: Path) -> None:
    bought = {"on": "2026-03-10", "cat": "flower", "q": {"net_oz": "2"}}
    thirty = limit(michigan(tmp_path, [row(1, 2.5), row(30, 10)], bought), "mi-30d")
    assert (thirty["registry_left"], thirty["left"]) == ("10", "8")


def test_what_the_registry_does_not_say_is_not_known(tmp_path: Path) -> None:
    day = limit(michigan(tmp_path, [row(30, 10)]), "mi-day")
    assert (day["left"], day["status"]) == (None, "cannot_tell")


def test_an_inactive_card_leaves_nothing_known(tmp_path: Path) -> None:
    found = michigan(tmp_path, [row(1, 2.5, Active=False)])
    assert "not active" in limit(found, "mi-day")["why"]


SAID = {"windows": [{"days": "1", "flower": "1.5"}, {"days": "30", "flower": "5"}], "asked_at": "2026-03-12T15:00"}


@pytest.mark.parametrize(
    ("posted_at", "day_left"),
    [("2026-03-12T14:58", "1.5"), ("2026-03-12T14:59:30", "0.5"), ("2026-03-12T15:05", "0.5"), (None, "0.5")],
)
def test_a_sale_that_the_registry_cannot_have_seen_is_taken_off_its_figure(
    tmp_path: Path, posted_at: str | None, day_left: str
) -> None:
    bought = {"on": "2026-03-12T14:30", "cat": "flower", "q": {"net_oz": "1"}, "posted_at": posted_at}
    assert limit(michigan(tmp_path, SAID, bought), "mi-day")["registry_left"] == day_left


def test_a_figure_by_limit_is_in_the_limits_own_unit_and_may_be_below_zero(tmp_path: Path) -> None:
    found = michigan(tmp_path, {"limits": {"mi-day": "0.35", "mi-30d": "-0.5"}})
    assert limit(found, "mi-day")["left"] == "0.35"
    thirty = limit(found, "mi-30d")
    assert (thirty["registry_left"], thirty["left"], thirty["status"]) == ("-0.5", "0", "none")


def test_one_number_in_grams_is_read_by_flower_and_lessened_by_its_rounding(tmp_path: Path) -> None:
    """Rounded to 1 decimal, 10.0 g may be 9.95 g. The basket's odd weight must not change that."""
    rules = (data_folder() / "jurisdictions" / "us-mi.toml").read_text("utf-8")
    in_grams = rules.replace('registry = { days = 30, column = "flower" }', "registry = { decimals = 1 }")
    file = written(tmp_path, "us-mi.toml", in_grams)
    wanted = written(tmp_path, "wanted", [{"cat": "flower", "q": {"net_g": "1.3"}}])
    said = written(tmp_path, "said", {"grams": "10.0"})
    result = run("--rules", file, "--at", "2026-03-12", "--registry", said, "--proposed", wanted, "--json")
    thirty = limit(json.loads(result.stdout), "mi-30d")
    assert Fraction(thirty["registry_left"]) == Fraction("9.95") / Fraction("28.3495")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (5, "an object is needed"),
        ("Data", "an object is needed"),
        ({"figures": {}}, "Known are asked_at"),
        ({"limits": []}, '"limits" is written'),
        ({"limits": {"mi-week": "1"}}, "no limit “mi-week”"),
        ({"limits": {"mi-day": True}}, "no number"),
        ({"limits": {"mi-day": "one"}}, "no number"),
        ({"windows": {"days": "30"}}, '"windows" is a list'),
        ({"windows": [{"flower": "1"}]}, "a window is written"),
        ({"windows": [{"days": "30", "flowr": "1"}]}, "Columns: flower, thc"),
        ({"active": "yes"}, '"active" is true or false'),
        ({"asked_at": None}, "no day"),
        ({"grams": "NaN"}, "no number"),
        ([], "knows no card"),
        ([{"PurchaseAmountDays": 30}], "does not say whether the card is active"),
        ([row(1, 2.5), row(30, 1, PatientLicenseNumber="MI-P-9")], "speaks of another card"),
        ([row(1, "lots")], "is no number"),
    ],
)
def test_a_registry_answer_that_cannot_be_read_is_refused_in_a_sentence(tmp_path: Path, said: object, why: str) -> None:
    if said == []:
        found = michigan(tmp_path, said)
        assert why in limit(found, "mi-day")["why"]
        return
    file = written(tmp_path, "said.json", said if not isinstance(said, str) else f'"{said}"')
    told = refusal("--jurisdiction", "MI", "--at", "2026-03-12", "--registry", file)
    assert told.startswith("--registry")
    assert why in told
