"""What is different between two sets of rules is told in words, and what binds has a fingerprint."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from pcc_desk.domain.rules import Rules
from pcc_desk.rulebook import binding_differences, differences, rule_files, rules_for, rules_in, rules_text
from tests.rulebook.invented import DAY, GOOD, TERMS, WINDOW, changed, written


@pytest.fixture
def good(tmp_path: Path) -> Rules:
    return rules_in(written(tmp_path / "good", GOOD), DAY)


def told(old: Rules, new: Rules) -> tuple[str, ...]:
    return differences(rules_text(old), rules_text(new))


UNIT = 'unit = "oz"'


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('amount = "2.5"', 'amount = "2"', "xx-30d: amount 2.5 → 2 oz"),
        (UNIT, 'unit = "oz usable"', "xx-30d: amount 2.5 oz → 2.5 oz usable"),
        ('amount = "2.5"', 'source_of_amount = "registry"', "xx-30d: amount 2.5 oz → as the registry says, in oz"),
        (
            'amount = "2.5"',
            'amount = "2.5"\nsource_of_amount = "practitioner"',
            "xx-30d: who sets the amount: the rules →",
        ),
        (
            "returns = 30,",
            "returns = 31,",
            "xx-30d: counts in any 30 days (back after 30) → any 30 days (back after 31)",
        ),
        (WINDOW, '{ kind = "calendar_week", starts = "monday" }', "(back after 30) → a week from Monday"),
        (
            TERMS,
            f'{TERMS[:-1]}, {{ cat = ["edible", "vape"], basis = "net_g", per = "8" }}]',
            "xx-30d: edible, vape now count: 1 oz = 8 g",
        ),
        ('per = "1"', 'per = "1.5"', "xx-30d: flower: 1 oz = 1 oz → 1 oz = 1.5 oz"),
        (
            'unknown = ["concentrate"]\n',
            "",
            "xx-30d: concentrate: not spoken of now (before: counts, by a conversion that n",
        ),
        (
            'excluded = ["seed"]',
            'excluded = ["seed", "plant"]',
            "xx-30d: plant: does not count now (before: not spoken of)",
        ),
        (
            'unknown = ["concentrate"]',
            'unknown = ["concentrate", "seedling"]',
            "xx-30d: seedling: counts, by a conversion",
        ),
        (UNIT, f'{UNIT}\ncohort = ["visiting"]', "xx-30d: binds only: nothing → visiting"),
        (UNIT, f'{UNIT}\nscope = "dispensary"', "xx-30d: counts for each dispensary by itself: no → yes"),
        (
            UNIT,
            f"{UNIT}\nregistry = {{ days = 30 }}",
            "where the registry's figure stands: nowhere → its one number in gr",
        ),
        ('id = "xx-30d"', 'id = "xx-month"', "the limit xx-30d is called xx-month now"),
        ('oz_g = "28"', 'oz_g = "28.35"', "an ounce in grams: 28 → 28.35"),
        ('confidence = "high"', 'confidence = "low"', "confidence: high → low"),
        ('policy = "prohibited"', 'policy = "allowed"', "outage: sales go on: no → yes"),
        (
            'oz_g = "28"',
            'oz_g = "28"\ncard = { ends = "start_of_day" }',
            "a card is good until: end of day → start of day",
        ),
        ('oz_g = "28"', 'oz_g = "28"\ngives_back = ["void"]', "gives allowance back: nothing → void"),
        ('oz_g = "28"', 'oz_g = "28"\nvisiting = "none"', "visiting: nothing → none"),
    ],
)
def test_a_change_that_a_sale_goes_by_is_told_and_changes_the_fingerprint(
    good: Rules, tmp_path: Path, old: str, new: str, says: str
) -> None:
    rules = rules_in(changed(tmp_path, old, new), DAY)
    assert any(says in line for line in told(good, rules)), told(good, rules)
    assert binding_differences(rules_text(good), rules_text(rules))
    assert rules.fingerprint != good.fingerprint


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('citation = ["Rule 1"]', 'citation = ["Rule 2"]', ["citation taken out: Rule 1", "citation new: Rule 2"]),
        ('source = ["example"]', 'source = ["example", "bulletin"]', ["source new: bulletin"]),
        ('oz_g = "28"', 'oz_g = "28"\nnotes = ["read it"]', ["note new: read it"]),
        ("as_of = 2026-01-01", "as_of = 2026-02-01", ["evidence as of: 2026-01-01 → 2026-02-01"]),
        ('id = "xx-1"', 'id = "xx-first"', ["rule set: xx-1 → xx-first"]),
        ("effective_from = 2025-01-01", "effective_from = 2024-01-01", ["in force from: 2025-01-01 → 2024-01-01"]),
        ('schema = "limits/1"', '# a remark\nschema = "limits/1"', []),
        ('name = "Examplia"\nprogram = "Medical programme"', 'program = "Medical programme"\nname = "Examplia"', []),
        ('amount = "2.5"', 'amount = "2.50"', []),
    ],
)
def test_a_change_of_words_is_told_and_leaves_the_fingerprint(
    good: Rules, tmp_path: Path, old: str, new: str, says: list[str]
) -> None:
    rules = rules_in(changed(tmp_path, old, new), DAY)
    assert list(told(good, rules)) == says
    assert not binding_differences(rules_text(good), rules_text(rules))
    assert rules.fingerprint == good.fingerprint


def test_a_limit_that_came_and_one_that_went_are_told() -> None:
    lines = told(rules_for("MS", date(2024, 6, 30)), rules_for("MS", date(2024, 7, 1)))
    assert lines[0] == "the limit ms-7d is gone: 6 MMCEU, any 7 days (back after 7, surely after 8)"
    back = told(rules_for("MS", date(2024, 7, 1)), rules_for("MS", date(2024, 6, 30)))
    assert "a new limit ms-7d: 6 MMCEU, any 7 days (back after 7, surely after 8)" in back
    assert "ms-7d: concentrate, infused_preroll, vape now count: 1 MMCEU = 1 g" in back


def test_a_limit_that_stands_for_an_older_one_is_compared_with_it() -> None:
    lines = told(rules_for("MT", date(2021, 12, 31)), rules_for("MT", date(2022, 1, 1)))
    assert lines[:2] == (
        "the limit mt-month is called mt-month-b now",
        "mt-month-b: concentrate, vape: 1 oz = 8000 mg THC → 1 oz = 8 g",
    )


@pytest.mark.parametrize("code", sorted(rule_files()))
def test_the_rules_of_a_day_are_the_same_as_themselves_however_often_they_are_read(code: str) -> None:
    one, other = rules_for(code, DAY), rules_for(code, DAY)
    assert told(one, other) == ()
    assert one.fingerprint == other.fingerprint
    assert len(one.fingerprint) == 64


def test_no_two_jurisdictions_have_the_same_fingerprint_or_nothing_to_tell() -> None:
    rules = [rules_for(code, DAY) for code in rule_files()]
    assert len({each.fingerprint for each in rules}) == 47
    for one in rules:
        assert binding_differences(rules_text(rules[-1]), rules_text(one)) or one is rules[-1]


@pytest.mark.parametrize(
    "spoil", [lambda _: "", lambda _: "[]", lambda _: "{}", lambda text: text.replace("rules/1", "rules/0")]
)
def test_a_text_of_another_form_is_said_to_be_incomparable(good: Rules, spoil: Callable[[str], str]) -> None:
    text = rules_text(good)
    assert differences(spoil(text), text) == ("the earlier rules were kept in a form that this version cannot compare",)
