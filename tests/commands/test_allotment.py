"""`pcc-desk allotment`: exact answers from files, for auditors and for checking."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.commands.asking import ask, category, limit, run, written

OUNCES = [{"on": f"2022-03-{day:02}", "cat": "flower", "q": {"net_oz": "1"}} for day in (1, 5, 10, 15, 20)]
"""Montana's own example: one ounce on each of five days of March 2022."""


def flower(grams: str, on: str = "2022-03-21", **more: Any) -> dict[str, Any]:
    return {"on": on, "cat": "flower", "q": {"net_g": grams}, **more}


def test_montanas_own_example_comes_back_on_the_days_the_regulator_gives(tmp_path: Path) -> None:
    found = ask(tmp_path, "MT", "2022-03-30", OUNCES)
    thirty = limit(found, "mt-30d")
    assert (thirty["amount"], thirty["used"], thirty["left"], thirty["status"]) == ("5", "5", "0", "none")
    assert thirty["releases"][:3] == [
        {"at": "2022-03-31", "amount": "1"},
        {"at": "2022-04-04", "amount": "1"},
        {"at": "2022-04-09", "amount": "1"},
    ]
    assert [each["share"] for each in thirty["purchases"]] == ["1"] * 5
    assert thirty["purchases"][0]["line"] == "purchases, line 1 of the list"


def test_an_answer_has_every_field_of_its_schema(tmp_path: Path) -> None:
    found = ask(tmp_path, "MT", "2022-03-31", OUNCES, proposed=[{"cat": "flower", "q": {"net_g": "1"}}])
    assert set(found) == {
        "jurisdiction",
        "at",
        "day",
        "ruleset",
        "rules",
        "limits",
        "categories",
        "unchecked",
        "basket",
    }
    assert set(found["limits"][0]) == {
        "id",
        "unit",
        "window",
        "amount",
        "used",
        "left",
        "status",
        "why",
        "own_left",
        "registry_left",
        "held",
        "releases",
        "purchases",
    }
    assert set(found["categories"][0]) == {"cat", "basis", "now", "status", "why", "binding", "releases", "beside"}
    assert set(found["basket"]) == {"allowed", "status", "why", "lines", "refused_by", "left"}
    assert set(found["basket"]["lines"][0]) == {"cat", "product", "q", "fits", "is_unlimited"}
    assert (found["jurisdiction"], found["day"], found["ruleset"]) == ("MT", "2022-03-31", "mt-rolling")


def test_fractions_are_exact_and_shown_quantities_are_rounded_down(tmp_path: Path) -> None:
    """3.5 g of 112 g are a 32nd; 1 g of concentrate of 28 g has no decimal end."""
    lines = [flower("3.5", "2026-03-01"), {"on": "2026-03-01", "cat": "concentrate", "q": {"net_g": "1"}}]
    thirty = limit(ask(tmp_path, "KY", "2026-03-02", lines), "ky-30d")
    assert thirty["used"] == "15/224"
    assert [each["share"] for each in thirty["purchases"]] == ["0.03125", "1/28"]
    one = ask(tmp_path, "MT", "2022-03-31", OUNCES[:1], proposed=None)
    assert category(one, "flower")["now"] == "1"
    assert category(ask(tmp_path, "MI", "2026-03-01"), "vape")["now"] == "17.5"


def test_a_csv_file_says_the_same_as_a_json_file(tmp_path: Path) -> None:
    table = "on,cat,net_oz,product\n" + "".join(f"{each['on']},flower,1,A\n" for each in OUNCES)
    by_basis = "on,cat,basis,quantity,product\n" + "".join(f"{each['on']},flower,net_oz,1,A\n" for each in OUNCES)
    named = [{**each, "product": "A"} for each in OUNCES]
    answers = [ask(tmp_path, "MT", "2022-03-31", each) for each in (named, {"purchases": named}, table, by_basis)]  # type: ignore[arg-type]
    assert all(limit(each, "mt-30d")["left"] == "1" for each in answers)
    assert all(each["categories"] == answers[0]["categories"] for each in answers)


def test_purchases_may_come_from_the_standard_input() -> None:
    result = run("--jurisdiction", "MT", "--at", "2022-03-31", "--purchases", "-", "--json", given=json.dumps(OUNCES))
    assert limit(json.loads(result.stdout), "mt-30d")["left"] == "1"


def test_several_days_are_asked_in_one_call(tmp_path: Path) -> None:
    days = ("2022-03-30", "2022-03-31", "2022-04-04")
    file = written(tmp_path, "p.json", OUNCES)
    result = run("--jurisdiction", "MT", "--purchases", file, "--json", "--history-of", *days)
    found = json.loads(result.stdout)
    assert set(found) == {"jurisdiction", "history"}
    assert [each["at"] for each in found["history"]] == list(days)
    assert [limit(each, "mt-30d")["left"] for each in found["history"]] == ["0", "1", "2"]


def test_a_day_and_a_history_are_asked_in_one_call(tmp_path: Path) -> None:
    found = ask(tmp_path, "MT", "2022-03-31", OUNCES, "--history-of", "2022-03-30")
    assert limit(found, "mt-30d")["left"] == "1"
    assert [limit(each, "mt-30d")["left"] for each in found["history"]] == ["0"]


def test_what_was_bought_later_had_not_happened_yet(tmp_path: Path) -> None:
    assert limit(ask(tmp_path, "MT", "2022-03-06", OUNCES), "mt-30d")["used"] == "2"


# -- baskets


def test_a_basket_over_a_limit_is_refused_with_how_much_and_what_would_fit(tmp_path: Path) -> None:
    wanted = [{"cat": "flower", "q": {"net_oz": "1.5"}}, {"cat": "edible", "q": {"thc_mg": "80"}}]
    basket = ask(tmp_path, "MT", "2022-03-31", OUNCES, proposed=wanted)["basket"]
    assert basket["allowed"] is False
    assert basket["refused_by"] == [{"limit": "mt-day", "over": "0.6"}, {"limit": "mt-30d", "over": "0.6"}]
    assert [each["fits"] for each in basket["lines"]] == [{"net_oz": "0.9"}, {"thc_mg": "0"}]


def test_a_basket_within_every_limit_is_allowed_and_says_what_is_left(tmp_path: Path) -> None:
    basket = ask(tmp_path, "MT", "2022-03-31", OUNCES, proposed=[{"cat": "flower", "q": {"net_oz": "0.25"}}])["basket"]
    assert (basket["allowed"], basket["status"], basket["refused_by"]) == (True, "allowed", [])
    assert basket["left"] == {"mt-day": "0.75", "mt-30d": "0.75"}
    assert basket["lines"][0]["fits"] == {"net_oz": "1"}


def test_of_a_basket_that_cannot_be_told_no_amount_fits_and_none_is_unlimited(tmp_path: Path) -> None:
    basket = ask(tmp_path, "MI", "2026-03-01", proposed=[{"cat": "concentrate", "q": {"net_g": "1"}}])["basket"]
    assert (basket["allowed"], basket["status"]) == (None, "cannot_tell")
    assert basket["lines"][0]["fits"] is None
    assert basket["lines"][0]["is_unlimited"] is False


def test_a_category_that_does_not_count_may_be_had_without_limit(tmp_path: Path) -> None:
    found = ask(tmp_path, "KY", "2026-03-01", proposed=[{"cat": "topical", "q": {"net_g": "500"}}])
    assert found["basket"]["allowed"] is True
    assert found["basket"]["lines"][0]["is_unlimited"] is True
    assert category(found, "topical")["status"] == "not_limited"


def test_a_sale_is_one_visit_however_finely_its_lines_are_measured(tmp_path: Path) -> None:
    tincture = {"cat": "tincture", "q": {"net_oz": "0.1", "thc_mg": "10"}}
    found = ask(tmp_path, "NE", "2025-11-01", [{"on": "2025-10-05", **tincture}], "--confirmed", proposed=[tincture])
    visits = limit(found, "ne-visits")
    assert (visits["used"], visits["left"]) == ("1", "0")
    assert {"limit": "ne-visits", "over": "1"} in found["basket"]["refused_by"]


# -- what is particular to the patient


@pytest.mark.parametrize(
    ("options", "grams"),
    [
        ((), "2"),
        (("--cohort", "age=20"), "2"),
        (("--cohort", "age=21"), "8"),
        (("--cohort", "age>=21"), "8"),
        (("--born", "2003-09-02"), "2"),
        (("--born", "2003-09-01"), "8"),
    ],
)
def test_colorados_concentrate_goes_by_age_on_the_day(tmp_path: Path, options: tuple[str, ...], grams: str) -> None:
    """Who was born on 1 September 2003 is 21 on 1 September 2024."""
    assert category(ask(tmp_path, "CO", "2024-09-01", (), *options), "concentrate")["now"] == grams


def test_who_is_too_young_for_a_form_is_refused_it_whatever_is_left(tmp_path: Path) -> None:
    basket = [{"cat": "flower", "q": {"net_g": "1"}}]
    found = ask(tmp_path, "AR", "2026-03-01", (), "--born", "2005-03-02", proposed=basket)
    assert category(found, "flower")["status"] == "not_for_age"
    assert (found["basket"]["allowed"], found["basket"]["status"]) == (False, "refused")
    assert found["basket"]["why"] == "not for anybody below 21: no smokable form"
    grown = ask(tmp_path, "AR", "2026-03-01", (), "--born", "2005-03-01", proposed=basket)
    assert category(grown, "flower")["status"] == "ok"


def test_a_group_may_be_named_by_the_beginning_that_no_other_has(tmp_path: Path) -> None:
    found = ask(tmp_path, "ND", "2024-02-01", (), "--cohort", "enhanced")
    assert "nd-flower-enhanced" in [each["id"] for each in found["limits"]]
    assert "nd-flower" not in [each["id"] for each in found["limits"]]


def test_the_anchor_begins_ohios_periods(tmp_path: Path) -> None:
    found = ask(tmp_path, "OH", "2020-07-16", (), "--anchor", "2020-06-01")
    assert limit(found, "oh-45")["amount"] == "46"
    assert limit(ask(tmp_path, "OH", "2020-07-16"), "oh-45")["status"] == "cannot_tell"


def test_an_older_order_stays_under_the_older_rules(tmp_path: Path) -> None:
    found = ask(tmp_path, "FL", "2022-09-15", (), "--order-began", "2022-08-01")
    assert found["ruleset"] == "fl-rolling"


@pytest.mark.parametrize(
    ("option", "amount"),
    [
        (("--amount", "fl-edible=2100"), "2100"),
        (("--amount", "fl-edible=5000"), "4200"),
        (("--waiver", "fl-edible=5000"), "5000"),
        (("--waiver", "fl-edible=5000@2022-09-02..2022-12-31"), "4200"),
        (("--waiver", "fl-edible=5000@..2022-09-01"), "5000"),
        (("--waiver", "fl-edible=5000@2022-09-01"), "5000"),
    ],
)
def test_a_practitioner_stays_below_the_ceiling_and_a_waiver_does_not(
    tmp_path: Path, option: tuple[str, str], amount: str
) -> None:
    assert limit(ask(tmp_path, "FL", "2022-09-01", (), *option), "fl-edible")["amount"] == amount


def test_a_waiver_of_none_takes_the_limit_away(tmp_path: Path) -> None:
    found = ask(tmp_path, "FL", "2022-09-01", (), "--waiver", "fl-edible=none")
    assert "fl-edible" not in [each["id"] for each in found["limits"]]


def test_going_strictly_an_amount_comes_back_on_the_safe_day(tmp_path: Path) -> None:
    lines = [flower("28.3495", "2026-03-01")]
    assert limit(ask(tmp_path, "MI", "2026-03-31", lines), "mi-30d")["used"] == "0"
    assert limit(ask(tmp_path, "MI", "2026-03-31", lines, "--strict"), "mi-30d")["used"] == "1"


def test_rules_of_low_confidence_are_shown_as_not_confirmed_until_they_are(tmp_path: Path) -> None:
    asked = ask(tmp_path, "NE", "2025-12-01")
    assert (limit(asked, "ne-30d")["status"], limit(asked, "ne-30d")["left"]) == ("unconfirmed", "5")
    assert category(asked, "tincture")["status"] == "cannot_tell"
    confirmed = ask(tmp_path, "NE", "2025-12-01", (), "--confirmed")
    assert limit(confirmed, "ne-30d")["status"] == "ok"
    assert confirmed["rules"]["is_confirmed"] is True


def test_what_is_not_confirmed_and_not_known_either_is_not_known(tmp_path: Path) -> None:
    lines = [{"on": "2025-11-30", "cat": "tincture", "q": {"thc_mg": "10"}}]
    thirty = limit(ask(tmp_path, "NE", "2025-12-01", lines), "ne-30d")
    assert (thirty["status"], thirty["left"]) == ("cannot_tell", None)


# -- for a person, and through the program


def test_a_person_reads_the_answer_before_the_evidence(tmp_path: Path) -> None:
    file = written(tmp_path, "p.json", [{**OUNCES[0], "product": "Blue\x1b[2JDream"}])
    wanted = written(tmp_path, "b.json", [{"cat": "flower", "q": {"net_oz": "2"}}])
    result = run("--jurisdiction", "MT", "--at", "2022-03-02", "--purchases", file, "--proposed", wanted)
    assert result.exit_code == 0
    assert result.stdout.index("May be dispensed") < result.stdout.index("Limits")
    assert "The basket may not go out: over mt-day." in result.stdout
    assert "\x1b" not in result.stdout


def test_the_program_has_the_command(tmp_path: Path) -> None:
    file = written(tmp_path, "p.json", OUNCES)
    program = [sys.executable, "-m", "pcc_desk", "allotment", "--jurisdiction", "MT", "--at", "2022-03-31", "--json"]
    done = subprocess.run([*program, "--purchases", file], check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert limit(json.loads(done.stdout), "mt-30d")["left"] == "1"
    refused = subprocess.run([*program, "--born", "yesterday"], check=False, capture_output=True, text=True, timeout=60)
    assert refused.returncode == 2
    assert "Traceback" not in refused.stderr


def test_a_csv_file_may_say_how_much_in_one_column_as_json(tmp_path: Path) -> None:
    table = 'on,cat,q\n2022-03-01,flower,"{""net_oz"": ""1""}"\n'
    assert limit(ask(tmp_path, "MT", "2022-03-02", table), "mt-30d")["used"] == "1"
