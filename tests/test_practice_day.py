"""A day of visits without a screen: each act said once it is saved, by the seed alone, never in a real shop."""

import signal
import subprocess
import sys
from itertools import islice
from pathlib import Path
from uuid import UUID

import pytest

from pcc_desk.cli import FINE, REFUSED, main
from pcc_desk.domain.entries import Act, DispensationRecorded, Entry, NoteSigned, PatientCheckedIn
from pcc_desk.home import SETTINGS_FILE
from pcc_desk.practice import MADE_ON, PASSPHRASE, sitter
from pcc_desk.settings import Settings, ShopSettings, save_settings
from pcc_desk.store import journal
from pcc_desk.store.engine import STORE_FILE, EncryptedStore
from pcc_desk.store.vault import Opened, unlock


def a_day(home: Path, count: int, seed: int = 7) -> list[UUID]:
    command = [sys.executable, "-m", "pcc_desk", "practice-day", "--home", str(home)]
    done = subprocess.run(
        [*command, "--seed", str(seed), "--count", str(count)], capture_output=True, text=True, check=True, timeout=100
    )
    lines = done.stdout.splitlines()
    assert all(line.startswith("ACK ") for line in lines)
    return [UUID(line.removeprefix("ACK ")) for line in lines]


def on_record(home: Path) -> list[tuple[Entry, Act]]:
    opened = unlock(home, PASSPHRASE, sitter(home))
    assert isinstance(opened, Opened)
    store = EncryptedStore.open(home, opened)
    try:
        return store.on_connection(lambda it: list(journal.entries(it)))
    finally:
        store.close()


def what_was_done(entries: list[tuple[Entry, Act]]) -> list[object]:
    """Return who came, what was noted and what they took, without ids and times of the day."""
    done: list[object] = []
    for entry, _ in entries:
        if isinstance(entry, PatientCheckedIn):
            done.append((entry.card_number, entry.visit.reason))
        elif isinstance(entry, NoteSigned):
            done.append(entry.text)
        elif isinstance(entry, DispensationRecorded):
            done.append([(each.label, each.quantity, each.price_cents) for each in entry.dispensation.lines])
    return done


def of_the_day(home: Path) -> list[tuple[Entry, Act]]:
    """Return what is on record without the coming and going of whoever lived the day."""
    return [each for each in on_record(home) if each[0].name not in {"person.signed_in", "desk.locked"}]


def test_every_act_of_a_day_is_said_once_and_is_on_record_and_the_seed_says_what_happens(tmp_path: Path) -> None:
    acts = a_day(tmp_path / "one", 4)
    entries = of_the_day(tmp_path / "one")
    said = [act.id for _, act in entries[-len(acts) :]]
    assert said == acts
    names = [entry.name for entry, _ in entries[-len(acts) :]]
    for each in ("patient.checked_in", "standing.asked", "note.signed", "dispensation.recorded", "posting.moved"):
        assert names.count(each) >= 3, each
    again = a_day(tmp_path / "two", 4)
    assert len(again) == len(acts)
    lived = what_was_done(entries[-len(acts) :])
    assert what_was_done(of_the_day(tmp_path / "two")[-len(acts) :]) == lived
    other = a_day(tmp_path / "two", 4, seed=8)
    assert what_was_done(of_the_day(tmp_path / "two")[-len(other) :]) != lived


def test_a_day_that_is_killed_leaves_what_it_said_and_another_goes_on(home: Path) -> None:
    a_day(home, 0)
    command = [sys.executable, "-m", "pcc_desk", "practice-day", "--home", str(home), "--count", "1000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as day:
        assert day.stdout is not None
        heard = list(islice(day.stdout, 25))
        day.kill()
        heard += day.stdout
        assert day.wait() == -signal.SIGKILL
    before = {act.id for _, act in on_record(home)}
    assert {UUID(line.split()[1]) for line in heard if line.endswith("\n")} <= before
    after = a_day(home, 2)
    assert len(after) > 10
    assert before.isdisjoint(after)


@pytest.mark.parametrize("command", ["practice-day", "demo"])
def test_a_real_shop_is_left_alone(
    home: Path, command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pcc_desk.cli.require_terminal", lambda: None)
    home.mkdir()
    save_settings(
        home, Settings(shop=ShopSettings(name="Birch", licence="PC-1", jurisdiction="MI", zone="America/Detroit"))
    )
    before = {path.name: path.read_bytes() for path in home.iterdir()}
    assert main(["--home", str(home), command]) == REFUSED
    assert "holds a real shop" in capsys.readouterr().err
    (home / SETTINGS_FILE).unlink()
    (home / STORE_FILE).write_bytes(b"the record of a shop whose settings were lost")
    assert main(["--home", str(home), command]) == REFUSED
    assert "store without its settings" in capsys.readouterr().err
    assert set(before) == {SETTINGS_FILE}
    assert {path.name for path in home.iterdir()} == {STORE_FILE}


def test_a_practice_shop_whose_making_was_killed_is_made_anew(home: Path) -> None:
    a_day(home, 0)
    (home / MADE_ON).unlink()
    (home / STORE_FILE).write_bytes(b"half a store")
    assert a_day(home, 1)


def test_no_visits_say_nothing(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["practice-day", "--home", str(home), "--count", "0"]) == FINE
    assert capfd.readouterr().out == ""
