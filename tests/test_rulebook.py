"""The rule files: read strictly, or refused with a sentence that names the file and the place."""

from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from pcc_desk.domain.products import Basis
from pcc_desk.domain.rules import CalendarDay, Limit, RegistryColumn, RollingDays, Rules, Term
from pcc_desk.rulebook import RuleFileError, jurisdictions, rules_for, rules_in

DAY = date(2026, 3, 12)

GOOD = """
schema = "limits/1"
[jurisdiction.XX]
name = "Examplia"
program = "Medical programme"
authority = "Agency"
s2s = "Metrc"
confidence = "high"
as_of = 2026-01-01
oz_g = "28"
citation = ["Rule 1"]
source = ["example"]
offline = { policy = "prohibited", why = "nothing without the registry" }
[[jurisdiction.XX.ruleset]]
id = "xx-1"
effective_from = 2025-01-01
[[jurisdiction.XX.ruleset.limit]]
id = "xx-30d"
amount = "2.5"
unit = "oz"
window = { kind = "rolling_days", days = 30, returns = 30, returns_conf = "high" }
terms = [{ cat = ["flower"], basis = "net_oz", per = "1" }]
unknown = ["concentrate"]
excluded = ["seed"]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "us-xx.toml"
    path.write_text(text, encoding="utf-8")
    return path


def changed(folder: Path, old: str, new: str) -> Path:
    assert GOOD.count(old) == 1, "the change must name one place"
    return written(folder, GOOD.replace(old, new))


def refusal(path: Path, on: date = DAY) -> str:
    with pytest.raises(RuleFileError) as caught:
        rules_in(path, on)
    told = str(caught.value)
    assert "\n" not in told
    assert told.startswith("us-xx.toml")
    assert told.endswith(".")
    return told


def by_id(rules: Rules, limit_id: str) -> Limit:
    return next(each for each in rules.limits if each.id == limit_id)


def test_the_example_that_is_broken_in_each_test_is_good_itself(tmp_path: Path) -> None:
    rules = rules_in(written(tmp_path, GOOD), DAY)
    (limit,) = rules.limits
    assert limit == Limit(
        id="xx-30d",
        amount=Fraction(5, 2),
        unit="oz",
        window=RollingDays(30, 30, 30),
        terms=(Term(("flower",), Basis.NET_OZ, Fraction(28_000)),),
        unknown=frozenset({"concentrate"}),
        excluded=frozenset({"seed"}),
        registry=None,
    )
    assert (rules.jurisdiction, rules.ruleset, rules.outage.sales_allowed) == ("XX", "xx-1", False)
    assert rules.categories == ("flower", "concentrate")


# -- Michigan


def test_michigans_file_says_what_the_statute_says() -> None:
    rules = rules_for("MI", DAY)
    assert [each.id for each in rules.limits] == ["mi-day", "mi-30d"]
    assert [each.amount for each in rules.limits] == [Fraction(5, 2), 10]
    assert by_id(rules, "mi-day").window == CalendarDay()
    assert by_id(rules, "mi-30d").window == RollingDays(30, 30, 31)
    assert [each.registry for each in rules.limits] == [RegistryColumn(1, "flower"), RegistryColumn(30, "flower")]
    per = {category: (term.basis, term.per) for term in rules.limits[0].terms for category in term.categories}
    assert per["flower"] == (Basis.NET_OZ, Fraction("28349.5"))
    assert per["edible"] == (Basis.NET_OZ, 16 * Fraction("28349.5"))
    assert per["vape"] == (Basis.NET_G, Fraction(7000))
    assert per["tincture"] == (Basis.NET_FLOZ, 36 * Fraction("29573.5295625"))
    assert rules.limits[0].unknown == {"concentrate"}
    assert rules.outage.sales_allowed
    assert rules.outage.entry_deadline_hours == 24
    assert rules.citation


def test_both_of_michigans_limits_weigh_alike() -> None:
    day, month = rules_for("mi", DAY).limits
    assert day.terms == month.terms
    assert day.unknown == month.unknown


def test_every_file_that_ships_can_be_used_today_and_in_a_year() -> None:
    for each in jurisdictions():
        for on in (DAY, DAY + timedelta(days=365)):
            assert rules_in(each.path, on).limits


def test_michigan_is_among_the_jurisdictions_to_choose_from() -> None:
    (michigan,) = [each for each in jurisdictions() if each.code == "MI"]
    assert michigan.name == "Michigan"
    assert michigan.confidence == "high"


def test_a_jurisdiction_without_a_file_is_answered_with_those_that_have_one() -> None:
    with pytest.raises(RuleFileError, match=r"There is no rule file for “ZZ”\. There are: .*MI"):
        rules_for("ZZ", DAY)


@pytest.mark.parametrize("code", ["../us-mi", "", "mi/../mi"])
def test_a_code_that_is_a_path_finds_nothing(code: str) -> None:
    with pytest.raises(RuleFileError):
        rules_for(code, DAY)


# -- strictness


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('confidence = "high"', 'confidence = "high"\nsurprise = 1', "jurisdiction.XX.surprise"),
        ('unit = "oz"', 'unit = "oz"\nrounding = "up"', "ruleset.0.limit.0.rounding"),
        ('returns_conf = "high"', 'returns_conf = "high", anchor = 1', "ruleset.0.limit.0.window.anchor"),
        ('amount = "2.5"', "amount = 2.5", "ruleset.0.limit.0.amount: Value error, a number is written as a string"),
        ('amount = "2.5"', "amount = 2", "ruleset.0.limit.0.amount"),
        ('amount = "2.5"', 'amount = "two and a half"', "ruleset.0.limit.0.amount"),
        ('amount = "2.5"', 'amount = "nan"', "ruleset.0.limit.0.amount"),
        ('amount = "2.5"', 'amount = "inf"', "ruleset.0.limit.0.amount"),
        ('amount = "2.5"', 'amount = "0"', "ruleset.0.limit.0.amount"),
        ('amount = "2.5"', 'amount = "-1"', "ruleset.0.limit.0.amount"),
        ('per = "1"', 'per = "0"', "ruleset.0.limit.0.terms.0.per"),
        ('oz_g = "28"', 'oz_g = "an ounce"', "jurisdiction.XX.oz_g"),
        ('oz_g = "28"', "oz_g = 28.35", "jurisdiction.XX.oz_g"),
        ('oz_g = "28"', 'oz_g = "0"', "jurisdiction.XX.oz_g"),
        ('confidence = "high"', 'confidence = "certain"', "jurisdiction.XX.confidence"),
        ("as_of = 2026-01-01", 'as_of = "2026-01-01"', "jurisdiction.XX.as_of"),
        ('policy = "prohibited"', 'policy = "maybe"', "jurisdiction.XX.offline.policy"),
        ('schema = "limits/1"', 'schema = "limits/2"', "schema"),
        ('citation = ["Rule 1"]\n', "", "jurisdiction.XX.citation: Field required"),
        ('id = "xx-1"', "", "ruleset.0.id: Field required"),
    ],
)
def test_what_the_schema_does_not_know_is_refused_by_its_place(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert told in refusal(changed(tmp_path, old, new))


@pytest.mark.parametrize(
    ("old", "new", "twice"),
    [
        ('unknown = ["concentrate"]', 'unknown = ["flower"]', "flower"),
        ('excluded = ["seed"]', 'excluded = ["concentrate"]', "concentrate"),
        ('cat = ["flower"]', 'cat = ["flower", "flower"]', "flower"),
    ],
)
def test_a_category_may_stand_only_once_in_a_limit(tmp_path: Path, old: str, new: str, twice: str) -> None:
    assert refusal(changed(tmp_path, old, new)) == f"us-xx.toml: limit xx-30d lists {twice} more than once."


def test_a_category_of_two_terms_is_refused_as_this_version_adds_no_terms_up(tmp_path: Path) -> None:
    more = '{ cat = ["flower"], basis = "net_oz", per = "1" }, { cat = ["flower"], basis = "thc_mg", per = "100" }'
    old = '{ cat = ["flower"], basis = "net_oz", per = "1" }'
    assert "lists flower more than once" in refusal(changed(tmp_path, old, more))


def test_two_limits_of_one_name_are_refused(tmp_path: Path) -> None:
    limit = GOOD[GOOD.index("[[jurisdiction.XX.ruleset.limit]]") :]
    assert "names a limit xx-30d more than once" in refusal(written(tmp_path, GOOD + limit))


@pytest.mark.parametrize(
    ("window", "told"),
    [
        ('{ kind = "calendar_month" }', "has a window “calendar_month” that this version cannot apply"),
        ('{ kind = "refill", days = 30 }', "has a window “refill” that this version cannot apply"),
        ('{ kind = "rolling_days", days = 30 }', "cannot apply"),
        ('{ kind = "calendar_day", days = 1 }', "cannot apply"),
        ('{ kind = "rolling_days", days = 0, returns = 0, returns_conf = "high" }', "window.days"),
        ('{ kind = "rolling_days", days = 30, returns = 30, returns_conf = "medium" }', "must say returns_safe"),
        ('{ kind = "rolling_days", days = 30, returns = 30 }', "must say returns_safe"),
    ],
)
def test_a_window_that_cannot_be_applied_is_named_never_dropped(tmp_path: Path, window: str, told: str) -> None:
    old = '{ kind = "rolling_days", days = 30, returns = 30, returns_conf = "high" }'
    assert told in refusal(changed(tmp_path, old, window))


def test_a_disputed_return_day_is_the_later_one(tmp_path: Path) -> None:
    old = 'returns_conf = "high"'
    (limit,) = rules_in(changed(tmp_path, old, 'returns_conf = "low", returns_safe = 35'), DAY).limits
    assert limit.window == RollingDays(30, 30, 35)
    (limit,) = rules_in(changed(tmp_path, old, 'returns_conf = "low", returns_safe = 10'), DAY).limits
    assert limit.window == RollingDays(30, 30, 30)


def test_a_basis_that_cannot_be_weighed_is_named(tmp_path: Path) -> None:
    told = refusal(changed(tmp_path, 'basis = "net_oz"', 'basis = "doses"'))
    assert told == "us-xx.toml: limit xx-30d weighs by “doses”, which this version cannot apply."


@pytest.mark.parametrize(
    ("basis", "per"),
    [
        ("net_g", 1000),
        ("net_oz", 28_000),
        ("net_ml", 1000),
        ("net_floz", Fraction("29573.5295625")),
        ("thc_mg", 1000),
        ("count", 1000),
    ],
)
def test_every_basis_is_kept_in_its_smallest_unit(tmp_path: Path, basis: str, per: Fraction | int) -> None:
    (limit,) = rules_in(changed(tmp_path, 'basis = "net_oz"', f'basis = "{basis}"'), DAY).limits
    assert limit.terms[0].per == per


# -- which rules are in force


def two_sets(folder: Path, first_ends: str, second_begins: str) -> Path:
    second = GOOD[GOOD.index("[[jurisdiction.XX.ruleset]]") :]
    first = GOOD.replace("effective_from = 2025-01-01", f"effective_to = {first_ends}")
    second = second.replace("effective_from = 2025-01-01", f"effective_from = {second_begins}").replace("xx-1", "xx-2")
    return written(folder, first + second)


def test_the_rules_of_the_day_are_used_on_the_last_day_of_the_old_and_the_first_of_the_new(tmp_path: Path) -> None:
    path = two_sets(tmp_path, "2026-03-11", "2026-03-12")
    assert rules_in(path, date(2026, 3, 11)).ruleset == "xx-1"
    assert rules_in(path, date(2026, 3, 12)).ruleset == "xx-2"


def test_a_day_between_two_sets_of_rules_has_none_and_says_so(tmp_path: Path) -> None:
    path = two_sets(tmp_path, "2026-03-10", "2026-03-12")
    told = refusal(path, date(2026, 3, 11))
    assert told == "us-xx.toml: 0 rule sets are in force on 2026-03-11; there must be one."


def test_a_day_in_two_sets_of_rules_has_neither(tmp_path: Path) -> None:
    path = two_sets(tmp_path, "2026-03-12", "2026-03-12")
    assert "2 rule sets are in force on 2026-03-12" in refusal(path, date(2026, 3, 12))
    assert rules_in(path, date(2026, 3, 13)).ruleset == "xx-2"


def test_a_day_before_the_first_rules_has_none(tmp_path: Path) -> None:
    assert "0 rule sets" in refusal(written(tmp_path, GOOD), date(2024, 12, 31))


# -- files that are no rule files


@pytest.mark.parametrize("damage", [b"schema = ", b"\xff\xfe\x00", b"", b"schema = 'limits/1'\n[jurisdiction]\n"])
def test_a_file_that_cannot_be_read_says_so(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "us-xx.toml"
    path.write_bytes(damage)
    refusal(path)


def test_a_file_that_is_not_there_or_is_a_folder_says_so(tmp_path: Path) -> None:
    assert "cannot be read" in refusal(tmp_path / "us-xx.toml")
    (tmp_path / "us-xx.toml").mkdir()
    assert "cannot be read" in refusal(tmp_path / "us-xx.toml")


def test_a_file_speaks_of_one_jurisdiction(tmp_path: Path) -> None:
    other = GOOD[GOOD.index("[jurisdiction.XX]") :].replace("XX", "YY")
    told = refusal(written(tmp_path, GOOD + other))
    assert told == "us-xx.toml must speak of one jurisdiction; it speaks of 2."
