"""The command line, as somebody types it."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from pcc_desk import __version__
from pcc_desk.cli import FINE, IN_USE, NO_TERMINAL, REFUSED, USAGE, fault, main
from pcc_desk.home import SETTINGS_FILE, usual_home, usual_practice_home
from pcc_desk.settings import Settings, ShopSettings, save_settings
from pcc_desk.store.lock import FolderLock
from tests.conversation import Conversation

HEAVY = ("textual", "rich", "pydantic", "sqlcipher3", "sqlalchemy", "sqlmodel", "httpx", "keyring", "argon2", "asyncio")


def a_shop_in(home: Path, *, practice: bool) -> None:
    shop = ShopSettings(name="Birchwood Relief", licence="PC-000911", jurisdiction="MI", zone="America/Detroit")
    home.mkdir()
    save_settings(home, Settings(shop=shop, practice=practice))


def test_help_loads_nothing_heavy() -> None:
    program = (
        "import sys; from pcc_desk.cli import main; status = main(['--help']); "
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr); sys.exit(status)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.strip()) == (0, "[]")
    assert "Exit statuses" in done.stdout


def test_help_takes_less_than_150_ms_of_the_processor() -> None:
    spent = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-m", "pcc_desk", "--help"], check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(spent) < 0.150


def test_the_version_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == FINE
    assert capsys.readouterr().out == f"pcc-desk {__version__}\n"


@pytest.mark.parametrize(
    "arguments", [["dispense"], ["--colour"], ["setup", "--answers-fd", "x"], ["simulate", "tell", "sideways"]]
)
def test_a_command_that_is_not_written_as_it_should_be_is_usage(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == USAGE
    assert "Usage: pcc-desk" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["demo"], ["setup"]])
def test_without_a_terminal_the_desk_does_not_start_and_makes_no_file(
    arguments: list[str], home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--home", str(home), *arguments]) == NO_TERMINAL
    assert "needs a terminal" in capsys.readouterr().err
    assert not home.exists()


def test_the_named_folder_comes_before_the_variable_and_the_variable_before_the_usual_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def folder_looked_at(*arguments: str) -> str:
        main([*arguments, "doctor", "--json"])
        findings = json.loads(capsys.readouterr().out)["findings"]
        return str(next(each["facts"]["folder"] for each in findings if each["subject"] == "data folder"))

    assert folder_looked_at() == str(usual_home(os.environ))
    monkeypatch.setenv("PCC_DESK_HOME", str(tmp_path / "by-variable"))
    assert folder_looked_at() == str(tmp_path / "by-variable")
    assert folder_looked_at("--home", str(tmp_path / "by-option")) == str(tmp_path / "by-option")


def test_the_usual_folder_follows_the_rule_for_programs_data(tmp_path: Path) -> None:
    assert usual_home({"XDG_DATA_HOME": str(tmp_path)}) == tmp_path / "pcc-desk"
    below_home = Path.home() / ".local" / "share"
    assert usual_home({"XDG_DATA_HOME": "relative"}) == below_home / "pcc-desk"
    assert usual_home({}) == below_home / "pcc-desk"
    assert usual_practice_home({}) == below_home / "pcc-desk-practice"


def test_practice_never_takes_place_in_a_real_shop(home: Path) -> None:
    a_shop_in(home, practice=False)
    before = (home / SETTINGS_FILE).read_bytes()
    with Conversation(home, "demo") as talk:
        assert talk.end() == REFUSED
        assert "holds a real shop" in talk.said
    assert [path.name for path in home.iterdir()] == [SETTINGS_FILE]
    assert (home / SETTINGS_FILE).read_bytes() == before


def test_settings_that_cannot_be_used_end_in_a_sentence(home: Path) -> None:
    home.mkdir()
    (home / SETTINGS_FILE).write_text("verification_minutes = 0\n", encoding="utf-8")
    with Conversation(home) as talk:
        assert talk.end() == REFUSED
        assert "settings.toml, shop: is missing" in talk.said
        assert "Traceback" not in talk.said


def test_a_terminal_that_can_only_write_lines_is_refused(home: Path) -> None:
    with Conversation(home, term="dumb") as talk:
        assert talk.end() == NO_TERMINAL
        assert "can only write lines" in talk.said


def test_a_store_that_another_desk_has_open_is_told_by_its_own_status(home: Path) -> None:
    a_shop_in(home, practice=False)
    lock = FolderLock(home)
    try:
        with Conversation(home) as talk:
            assert talk.end() == IN_USE
            assert f"(process {os.getpid()})" in talk.said
    finally:
        lock.release()


def test_a_fault_of_the_program_is_told_without_the_words_that_may_hold_a_patient() -> None:
    def open_chart() -> None:
        raise LookupError("Haddad, Samir, MI-P-0041-7723")

    try:
        open_chart()
    except LookupError as error:
        said = fault(error)
    assert "LookupError" in said
    assert "tests/test_cli.py" in said
    assert "open_chart" in said
    assert "Haddad" not in said
