"""Which file is read: the shop's own goes before the one that ships."""

from pathlib import Path

import pytest

from pcc_desk.rulebook import RuleFileError, jurisdictions, rule_files, rules_for
from tests.rulebook.invented import DAY, GOOD, by_id, written


def corrected_michigan(folder: Path, old: str, new: str) -> Path:
    text = rule_files()["MI"].read_text(encoding="utf-8")
    assert old in text
    return written(folder, text.replace(old, new), "us-mi.toml")


def test_a_shops_own_file_goes_before_the_one_that_ships_and_is_told(tmp_path: Path) -> None:
    corrected_michigan(tmp_path, 'amount = "10"', 'amount = "8"')
    rules = rules_for("mi", DAY, own=tmp_path)
    assert by_id(rules, "mi-30d").amount == 8
    assert rules.is_shops_own
    assert not rules_for("OH", DAY, own=tmp_path).is_shops_own
    assert not rules_for("MI", DAY).is_shops_own
    assert [each.code for each in jurisdictions(tmp_path) if each.is_shops_own] == ["MI"]


def test_a_jurisdiction_that_does_not_ship_can_be_added(tmp_path: Path) -> None:
    written(tmp_path, GOOD)
    assert rules_for("XX", DAY, own=tmp_path).name == "Examplia"
    assert len(jurisdictions(tmp_path)) == 48


def test_a_file_of_the_shop_that_is_wrong_is_refused_and_the_one_that_ships_is_not_used(tmp_path: Path) -> None:
    corrected_michigan(tmp_path, 'amount = "10"', "amount = 10")
    with pytest.raises(RuleFileError, match=r"us-mi\.toml, line \d+, limit mi-30d, amount: 10 is a bare number"):
        rules_for("MI", DAY, own=tmp_path)


def test_a_folder_that_is_not_there_is_as_an_empty_one(tmp_path: Path) -> None:
    assert rule_files(tmp_path / "none") == rule_files()


def test_a_jurisdiction_without_a_file_is_answered_with_those_that_have_one() -> None:
    with pytest.raises(RuleFileError, match=r"There is no rule file for “ZZ”\. There are: AK, AL, .*MI.*WV\."):
        rules_for("ZZ", DAY)


@pytest.mark.parametrize("code", ["../us-mi", "", "mi/../mi", "\x1b[2J", "m" * 1000])
def test_a_code_that_is_none_finds_nothing(code: str) -> None:
    with pytest.raises(RuleFileError) as caught:
        rules_for(code, DAY)
    assert str(caught.value).isprintable()
