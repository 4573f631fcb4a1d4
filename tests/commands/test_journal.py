"""`pcc-desk journal`: whether the record is whole is told by a status and a sentence, and so is what was disclosed."""

import json
import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from pcc_desk.cli import FINE, REFUSED, STORE_SHUT, main
from pcc_desk.desk.disclosures import Given, disclose
from pcc_desk.domain.entries import PatientRegistered, ShopOpened, StaffAdded
from pcc_desk.domain.people import Person, Role
from pcc_desk.store.connection import Connection
from pcc_desk.store.engine import STORE_FILE, EncryptedStore
from pcc_desk.store.vault import Opened, create_vault, unlock
from tests.fakes import ANA, NOON, SHOP, a_card
from tests.store.stores import DAY, a_patient, act, ledger_of, put

pytestmark = pytest.mark.usefixtures("quick_secrets")

PASSPHRASE = "open the counter now"
MANAGER = Person(ANA.id, ANA.name, Role.MANAGER)
CHIDI = a_patient()
CARD = a_card(CHIDI, "MI-P-0041-7723")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return the folder of a manager's shop, with an older copy of its store beside."""
    store = EncryptedStore.make(tmp_path, create_vault(tmp_path, MANAGER, PASSPHRASE), NOON)
    put(ledger_of(store), ShopOpened(SHOP), StaffAdded(MANAGER), PatientRegistered(CHIDI, (CARD,)))
    store.close()
    shutil.copy(tmp_path / STORE_FILE, tmp_path / "older")
    store = opened(tmp_path)
    given = Given(DAY, "State police", "Lansing", "purchases", "court order")
    store.write_now(disclose, CHIDI.id, given, DAY, act=act())
    store.close()
    return tmp_path


def opened(home: Path) -> EncryptedStore:
    key = unlock(home, PASSPHRASE)
    assert isinstance(key, Opened)
    return EncryptedStore.open(home, key, NOON + timedelta(days=1))


def run(home: Path, *arguments: str, secret: str = PASSPHRASE) -> int:
    """Run the command as a program does, with the secret on a descriptor."""
    reading, writing = os.pipe()
    os.write(writing, secret.encode())
    os.close(writing)
    return main(["--home", str(home), "journal", *arguments, "--passphrase-fd", str(reading)])


def acts(home: Path) -> list[str]:
    store = opened(home)
    found = [each.act for each in store.read_now(lambda it: it.events_after(0, 99, 99))]
    store.close()
    return found


def test_a_whole_record_is_said_with_its_end_for_paper(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(home, "verify") == FINE
    told = capsys.readouterr().out
    assert "The journal is whole: 5 entries" in told
    paper = told.rpartition("Its end, for paper: ")[2].strip()
    assert run(home, "verify", "--json", "--paper", paper) == FINE
    document = json.loads(capsys.readouterr().out)
    assert (document["whole"], document["findings"], document["accounts"]) == (True, [], [])
    assert acts(home)[-2:] == ["person.signed_in", "person.signed_in"]


def test_a_changed_entry_ends_with_one_and_is_named(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = opened(home)

    def change(connection: Connection) -> None:
        connection.execute("DROP TRIGGER journal_keeps_what_it_has")
        connection.execute("UPDATE journal SET body = body || ' ' WHERE seq = 3")

    store.on_connection(change)
    store.close()
    assert run(home, "verify", "--json") == REFUSED
    document = json.loads(capsys.readouterr().out)
    assert document["findings"] == [{"kind": "changed", "entry": 3, "words": "entry 3 was changed"}]
    assert run(home, "verify") == REFUSED
    assert "The journal is not whole. Keep this store as it is" in capsys.readouterr().out


def test_an_older_store_is_told_and_explained_and_whole_again(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(home / "older", home / STORE_FILE)
    assert run(home, "verify") == REFUSED
    told = capsys.readouterr()
    assert "This store is older than it was" in told.err
    assert "rolled back: it ends at entry 3, and entry 4" in told.out
    assert run(home, "explain", "--reason", " ") == REFUSED
    assert run(home, "explain", "--reason", "Monday's copy, after the disk failed") == FINE
    assert "the record is written again" in capsys.readouterr().out
    assert run(home, "verify") == FINE
    assert "explained: entry 3 was found, 4 known. Monday's copy" in capsys.readouterr().out
    assert run(home, "explain", "--reason", "again") == FINE
    assert "There is nothing to explain" in capsys.readouterr().out


def test_another_passphrase_checks_nothing(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(home, "verify", secret="another passphrase here") == STORE_SHUT
    assert run(home, "verify") == FINE
    assert "1 try failed before it" in capsys.readouterr().err
    assert "sign_in.failed" in acts(home)


def test_disclosures_are_written_out_by_card_and_that_is_on_record(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(home, "disclosures", "--patient", "mi-p-0041 7723") == FINE
    told = capsys.readouterr().out
    assert "Chidi Okafor, born 1958-03-11" in told
    assert "State police" in told
    assert acts(home)[-1] == "disclosures.told"
    assert run(home, "disclosures", "--patient", "MI-P-9") == REFUSED
    assert "No patient has this card" in capsys.readouterr().err
