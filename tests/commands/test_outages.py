"""`pcc-desk outages`: the outages of a shop's store, and the sheet of one, without a screen."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from pcc_desk.cli import FINE, REFUSED, STORE_SHUT, USAGE, main
from pcc_desk.domain import entries as happened
from pcc_desk.domain.outages import Outage
from pcc_desk.store.engine import EncryptedStore
from pcc_desk.store.vault import create_vault, unlock
from tests.fakes import ANA, NOON, SHOP
from tests.store.stores import MINUTE, a_patient, given, ledger_of, new_id, put, registered

PASSPHRASE = "open the counter now"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return the data folder of a shop with two outages, one of which lasts, and one sale in it."""
    store = EncryptedStore.make(tmp_path, create_vault(tmp_path, ANA, PASSPHRASE), NOON)
    ledger = ledger_of(store)
    old, lasting = Outage(new_id(), "METRC", NOON, ()), Outage(new_id(), "METRC", NOON + 9 * MINUTE, ())
    put(ledger, happened.ShopOpened(SHOP), happened.StaffAdded(ANA))
    put(ledger, happened.OutageBegan(old), happened.OutageEnded(old.id, NOON + MINUTE), happened.OutageBegan(lasting))
    put(ledger, replace(given(registered(ledger, a_patient())), outage_id=lasting.id))
    store.close()
    return tmp_path


def outages(home: Path, *arguments: str, secret: str = PASSPHRASE) -> int:
    """Run the command with the passphrase on a descriptor; return the exit status."""
    theirs, ours = os.pipe()
    os.write(ours, secret.encode())
    os.close(ours)
    return main(["--home", str(home), "outages", "--passphrase-fd", str(theirs), *arguments])


def test_the_outages_of_a_shop_are_listed_newest_first(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert outages(home) == FINE
    assert capsys.readouterr().out.splitlines() == [
        "  1  METRC  Tue 24 Nov 2026 12:09 still out  1 sold, 1 not entered, not all judged again yet",
        "  2  METRC  Tue 24 Nov 2026 12:00 to Tue 24 Nov 2026 12:01  0 sold, settled",
    ]


def test_the_sheet_of_one_is_written_out_and_that_is_on_record(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert outages(home, "--sheet", "1") == FINE
    told = capsys.readouterr().out
    assert "1 sold, 0 of them in the state's record, by time of sale:" in told
    assert "card MI-P-0032-1187" in told
    assert "not entered yet" in told
    opened = unlock(home, PASSPHRASE)
    store = EncryptedStore.open(home, opened)  # type: ignore[arg-type]
    given_out = "SELECT count(*) FROM journal WHERE name = 'outage.sheet_given'"
    assert store.on_connection(lambda it: it.execute(given_out).fetchone()[0]) == 1
    store.close()


def test_what_cannot_be_is_refused_in_a_sentence(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert outages(home, "--sheet", "3") == REFUSED
    assert "There is no outage 3: 2 on record." in capsys.readouterr().err
    assert outages(home, secret="another passphrase") == STORE_SHUT
    assert "That is not the passphrase." in capsys.readouterr().err
    assert outages(home, "--sheet", "0") == USAGE


def test_nobody_is_asked_for_a_passphrase_where_there_is_no_shop(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--home", str(tmp_path), "outages"]) == REFUSED
    said = capsys.readouterr()
    assert said.err == f"No shop is set up in {tmp_path}. Run pcc-desk setup.\n"
    assert said.out == ""
