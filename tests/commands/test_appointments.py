"""`pcc-desk appointments import`: a calendar file from the command line, twice."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pcc_desk.cli import FINE, REFUSED, main
from pcc_desk.domain import entries as happened
from pcc_desk.settings import Settings, ShopSettings, save_settings
from pcc_desk.store.engine import EncryptedStore
from pcc_desk.store.vault import Opened, create_vault, unlock
from tests.fakes import ANA, NOON, SHOP, a_patient
from tests.store.stores import ledger_of, put

PASSPHRASE = "open the counter now"


def shop(home: Path) -> None:
    store = EncryptedStore.make(home, create_vault(home, ANA, PASSPHRASE), NOON)
    put(ledger_of(store), happened.ShopOpened(SHOP), happened.StaffAdded(ANA))
    put(ledger_of(store), happened.PatientRegistered(a_patient(), ()))
    store.close()
    settings = ShopSettings(name=SHOP.name, licence=SHOP.licence, jurisdiction=SHOP.jurisdiction, zone=SHOP.zone)
    save_settings(home, Settings(shop=settings))


def run(home: Path, file: Path) -> int:
    theirs, ours = os.pipe()
    os.write(ours, PASSPHRASE.encode())
    os.close(ours)
    return main(["--home", str(home), "appointments", "import", str(file), "--passphrase-fd", str(theirs)])


def a_file(folder: Path, *names: str) -> Path:
    at = datetime.now(UTC) + timedelta(days=2)
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{number}\r\nSUMMARY:{name}\r\nDTSTART:{at:%Y%m%dT%H%M%S}Z\r\nEND:VEVENT\r\n"
        for number, name in enumerate(names)
    )
    file = folder / "week.ics"
    file.write_text(f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n", newline="")
    return file


def appointments(home: Path) -> int:
    opened = unlock(home, PASSPHRASE)
    assert isinstance(opened, Opened)
    store = EncryptedStore.open(home, opened)
    try:
        day = datetime.now(UTC).date()
        return len(ledger_of(store).visits_between(day, day + timedelta(days=9)))
    finally:
        store.close()


def test_the_same_file_twice_is_harmless(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shop(tmp_path)
    file = a_file(tmp_path, "Okafor, Chidi")
    assert run(tmp_path, file) == FINE
    assert "1 booked, 0 moved, 0 called off, 0 as it was, 0 left to you." in capsys.readouterr().out
    assert run(tmp_path, file) == FINE
    assert "0 booked, 0 moved, 0 called off, 1 as it was" in capsys.readouterr().out
    assert appointments(tmp_path) == 1


def test_what_fits_nobody_is_told_and_the_rest_is_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shop(tmp_path)
    assert run(tmp_path, a_file(tmp_path, "Chidi Okafor", "Somebody Else")) == REFUSED
    told = capsys.readouterr()
    assert "fits nobody on record" in told.err
    assert "1 booked" in told.out
    assert appointments(tmp_path) == 1


def test_a_damaged_file_takes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shop(tmp_path)
    file = a_file(tmp_path, "Okafor, Chidi")
    file.write_bytes(file.read_bytes()[:-10])
    assert run(tmp_path, file) == REFUSED
    assert "was cut: its end is missing. Export it again. Nothing was taken." in capsys.readouterr().err
    assert appointments(tmp_path) == 0
