"""`pcc-desk jurisdictions`, as somebody types it."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pcc_desk.cli import FINE, LATER, REFUSED, USAGE, main
from pcc_desk.rulebook import rule_files
from tests.rulebook.invented import GOOD, written

Ask = Callable[..., tuple[int, str]]


@pytest.fixture
def ask(home: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    def run(*arguments: str | Path) -> tuple[int, str]:
        status = main(["--home", str(home), "jurisdictions", *map(str, arguments)])
        said = capsys.readouterr()
        return status, said.out + said.err

    return run


def own_michigan(home: Path, old: str, new: str) -> Path:
    text = rule_files()["MI"].read_text(encoding="utf-8")
    assert old in text
    return written(home / "jurisdictions", text.replace(old, new), "us-mi.toml")


def test_help_names_the_commands_of_other_modules_and_loads_none_of_them() -> None:
    program = (
        "import sys; from pcc_desk.cli import main; status = main(['--help']); "
        "print([name for name in sys.modules if name.startswith(('pcc_desk.commands', 'pcc_desk.rulebook'))], "
        "file=sys.stderr); sys.exit(status)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.strip()) == (0, "[]")
    for name, _, says in LATER:
        assert f"  {name} " in done.stdout
        assert says in done.stdout


@pytest.mark.parametrize("name", [name for name, _, _ in LATER])
def test_every_command_of_another_module_is_there_when_it_is_called(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([name, "--help"]) == FINE
    assert f"Usage: pcc-desk {name} " in capsys.readouterr().out


def test_the_list_has_every_jurisdiction_with_its_trust_and_its_rules_of_today(ask: Ask) -> None:
    status, said = ask("list")
    assert status == FINE
    assert "MI  Michigan                  high    2025-04-01  mi-2020" in said
    assert said.endswith("47 jurisdictions: confidence, day of the evidence, rules in force today.\n")


def test_the_list_for_programs_says_which_file_is_the_shops_own(home: Path, ask: Ask) -> None:
    own_michigan(home, 'amount = "10"', 'amount = "8"')
    status, said = ask("list", "--json")
    document = json.loads(said)
    assert (status, document["schema"], document["problems"]) == (FINE, "jurisdictions/1", [])
    assert [each["code"] for each in document["jurisdictions"] if each["is_shops_own"]] == ["MI"]
    assert "MI  Michigan                  high    2025-04-01  mi-2020  the shop's own file" in ask("list")[1]


def test_a_file_of_the_shop_that_is_wrong_is_told_in_the_list_and_the_others_are_there(home: Path, ask: Ask) -> None:
    own_michigan(home, 'amount = "10"', "amount = 10")
    status, said = ask("list")
    assert status == REFUSED
    assert "limit mi-30d, amount: 10 is a bare number" in said
    assert "46 jurisdictions" in said


def test_the_rules_of_a_day_are_shown_in_words(ask: Ask) -> None:
    status, said = ask("show", "mt", "--at", "2022-03-31")
    assert status == FINE
    for words in (
        "Montana (MT) on 2022-03-31: mt-rolling",
        "In force from 2022-03-01 on.",
        "mt-30d: 5 oz equivalent, the registry's figure decides. Counts in any 30 days (back after 30).",
        "1 oz = 800 mg THC: edible, liquid,",
        "Nothing was found in the law, so nothing is sold.",
        "An ounce is 28.3495 g (assumed).",
        "- MCA 16-12-515",
    ):
        assert words in said
    assert "mt-month" in ask("show", "MT", "--at", "2021-12-31")[1]


@pytest.mark.parametrize("code", sorted(rule_files()))
def test_every_jurisdiction_can_be_shown_in_lines_that_fit(ask: Ask, code: str) -> None:
    status, said = ask("show", code, "--at", "2026-11-01")
    assert status == FINE
    assert max(len(line) for line in said.splitlines()) <= 100


def test_the_rules_for_programs_are_those_that_are_compared(ask: Ask) -> None:
    status, said = ask("show", "OH", "--at", "2024-01-01", "--json")
    document = json.loads(said)
    assert (status, document["schema"], document["on"]) == (FINE, "jurisdiction/1", "2024-01-01")
    assert document["rules"]["binding"]["limits"]["oh-45"]["amount"] == "45"
    assert len(document["fingerprint"]) == 64


def test_the_shops_own_file_is_shown_to_be_that(home: Path, ask: Ask) -> None:
    own_michigan(home, 'amount = "10"', 'amount = "8"')
    said = ask("show", "MI")[1]
    assert "From the shop's own file us-mi.toml, which goes before the one that comes with the desk." in said
    assert "mi-30d: 8 oz" in said


def test_a_day_without_rules_and_a_place_without_a_file_are_refused_in_a_sentence(ask: Ask) -> None:
    assert ask("show", "NE", "--at", "2020-01-01") == (
        REFUSED,
        "us-ne.toml has no rules for 2020-01-01; the first that it knows begin on 2025-10-01.\n",
    )
    assert ask("show", "ZZ")[0] == REFUSED
    assert ask("show", "MI", "--at", "yesterday")[0] == USAGE


def test_good_files_are_told_to_be_good(ask: Ask) -> None:
    status, said = ask("check", rule_files()["MI"].parent)
    assert (status, said.count(": good. ")) == (FINE, 47)
    assert "us-me.toml: good. Maine: me-2009 from ever to 2018-12-12, me-2018 from 2018-12-13 to now on." in said


def test_everything_that_is_wrong_is_told_at_once_and_ends_in_status_one(tmp_path: Path, ask: Ask) -> None:
    written(tmp_path, GOOD.replace('"28"', "28").replace('amount = "2.5"', "amount = 2.5"))
    written(tmp_path, GOOD, "xx.toml")
    status, said = ask("check", tmp_path)
    assert status == REFUSED
    assert said.splitlines() == [
        "xx.toml is not read: a rule file is called us-xx.toml, with the code in small letters.",
        'us-xx.toml, line 9, oz_g: 28 is a bare number; write it in quotes, so that it is exact: oz_g = "2.5".',
        "us-xx.toml, line 18, limit xx-30d, amount: 2.5 is a bare number; write it in quotes, so that it is exact: "
        'amount = "2.5".',
    ]


def test_a_folder_without_rule_files_and_a_file_that_is_not_there_are_something_wrong(tmp_path: Path, ask: Ask) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    status, said = ask("check", empty, tmp_path / "us-yy.toml")
    assert status == REFUSED
    assert "empty holds no rule file;" in said
    assert "us-yy.toml cannot be read: No such file or directory." in said


def test_two_files_are_compared_in_words(home: Path, ask: Ask) -> None:
    own = own_michigan(home, 'amount = "10"', 'amount = "8"')
    assert ask("diff", rule_files()["MI"], own) == (
        FINE,
        "mi-30d: amount 10 → 8 oz usable-marihuana equivalent\n",
    )
    assert ask("diff", rule_files()["MI"], "MI") == ask("diff", rule_files()["MI"], own)


def test_a_difference_of_words_only_is_said_to_bind_nobody(home: Path, ask: Ask) -> None:
    own = own_michigan(home, "Monthly limit:", "The monthly limit:")
    said = ask("diff", rule_files()["MI"], own, "--at", "2026-01-01")[1]
    assert "note new: The monthly limit:" in said
    assert said.endswith("What a sale goes by is the same on 2026-01-01.\n")


def test_rules_that_begin_later_are_told_beside_what_holds_on_the_day(home: Path, ask: Ask) -> None:
    text = rule_files()["MI"].read_text(encoding="utf-8")
    later = (
        text[text.index("[[jurisdiction.MI.ruleset]]") :]
        .replace("mi-2020", "mi-2027")
        .replace("2020-06-22", "2027-01-01")
    )
    first = text.replace("effective_from = 2020-06-22", "effective_from = 2020-06-22\neffective_to = 2026-12-31")
    new = written(home, first + "\n" + later, "us-mi.toml")
    said = ask("diff", rule_files()["MI"], new, "--at", "2026-01-01")[1]
    assert "in force until: nothing → 2026-12-31" in said
    assert "Only the new file has the set mi-2027, from 2027-01-01 to now on." in said
