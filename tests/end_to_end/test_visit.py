"""Visits at the practice shop: a real terminal, a real encrypted file, HTTP; and the registry goes and returns."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pcc_desk.practice import PASSPHRASE, sitter
from pcc_desk.store.engine import STORE_FILE, EncryptedStore
from pcc_desk.store.journal import verify
from pcc_desk.store.vault import Opened, derived, unlock
from tests.terminal import Terminal

CARD = "MI-P-0140-3193"
FAMILY, GIVEN = "Novak", "Tomasz"
NOTE = "Sleeps better since the tincture; nausea twice a week."


def open_practice(home: Path) -> Terminal:
    return Terminal([sys.executable, "-m", "pcc_desk", "--home", str(home), "demo"])


def unlock_desk(terminal: Terminal) -> None:
    terminal.see("passphrase")
    terminal.type(PASSPHRASE)
    terminal.press("enter")
    terminal.see("[Today")
    terminal.press("q")
    terminal.see("expected")


def check_in(terminal: Terminal, card: str) -> None:
    terminal.type(f"/{card}\r")
    terminal.see("[ ] photo")
    terminal.see("Registry: METRC answered")
    terminal.press("i", "p", "c", "enter")
    terminal.see("checked in.")


def open_chart(terminal: Terminal) -> None:
    terminal.press("space")
    terminal.see("with coordinator")
    terminal.press("enter")
    terminal.see("rules mi-2020")


def fill_basket(terminal: Terminal, *lines: tuple[str, str]) -> None:
    terminal.press("d")
    terminal.see("Cadillac Cookies")
    for product, quantity in lines:
        terminal.type(f"{product}\r{quantity}\r")


@pytest.fixture
def terminal(home: Path) -> Iterator[Terminal]:
    with open_practice(home) as terminal:
        yield terminal


def dispensed(home: Path) -> list[tuple[str, str, int]]:
    """Return number, receipt and attempts of what was dispensed last, from the file itself."""
    opened = unlock(home, PASSPHRASE, sitter(home))
    assert isinstance(opened, Opened)
    key = derived(opened.key, "audit")
    store = EncryptedStore.open(home, opened)
    try:
        assert isinstance(store.on_connection(lambda it: verify(it, key)), int)
        assert store.on_connection(lambda it: it.execute("PRAGMA integrity_check").fetchall()) == [("ok",)]
        rows: list[tuple[str, str, int]] = store.on_connection(
            lambda it: it.execute(
                "SELECT external_number, receipt, attempts FROM dispensation ORDER BY at DESC LIMIT 2"
            ).fetchall()
        )
    finally:
        store.close()
    return rows


def test_a_visit_from_scan_to_a_reconciled_day_with_the_registry_unplugged_in_the_middle(
    terminal: Terminal, home: Path
) -> None:
    terminal.see("nobody here is real")
    terminal.type("not the passphrase")
    terminal.press("enter")
    terminal.see("That is not the passphrase.")
    unlock_desk(terminal)

    check_in(terminal, CARD)
    open_chart(terminal)
    terminal.press("n")
    terminal.see("Consultation note")
    terminal.type(NOTE)
    terminal.press("f2")
    terminal.see("the note is signed.")

    fill_basket(terminal, ("blue dream", "200"))
    terminal.see("No: a day over by 4.56 oz. At most 70.87 g fits.")
    terminal.press("f2")
    terminal.see("Not recorded.")
    terminal.press("f4")
    terminal.type("blue dream\r3.5\r")
    terminal.see("Fits.")
    terminal.press("f2")
    terminal.see("dispensed for 28.00 as PCC-")
    terminal.see(lambda text: "no posts waiting" in text and text.count("receipt") == 5)

    serve_in_an_outage(terminal)
    reconcile(terminal)

    terminal.press("f10")
    assert terminal.end() == 0
    first, second = dispensed(home)
    assert first[1]
    assert second[1]
    assert first[1] != second[1]
    for path in home.rglob("*"):
        if path.is_file() and path.parent.name != "world":
            content = path.read_bytes()
            for secret in (NOTE, FAMILY, CARD, PASSPHRASE):
                assert secret.encode() not in content, path


def serve_in_an_outage(terminal: Terminal) -> None:
    terminal.press("f9")
    terminal.see("down since")
    fill_basket(terminal, ("cherry gummies", "1"))
    terminal.see("Fits.")
    terminal.press("f2")
    terminal.see("1 recorded so far")
    terminal.see("post waits")
    terminal.press("x")
    terminal.see("the visit is done.")


def reconcile(terminal: Terminal) -> None:
    terminal.press("ctrl+g", "r")
    terminal.see("not compared yet")
    terminal.press("f5")
    terminal.see("NOT COMPARED. METRC")
    terminal.press("f9")
    terminal.see("over-sales to report: 71 h left")
    terminal.press("f6", "v")
    terminal.see("1 sale judged again, 0 to report.")
    terminal.press("escape")
    terminal.see("no posts waiting")
    terminal.press("f5")
    text = terminal.see(lambda text: "POS 14 sales, state " in text and "PRICE                4408" in text)
    assert "0 not compared" in text
    assert "MISSING_IN_STATE     4402" in text
    for line in text.splitlines():
        assert "MISSING_IN_STATE" not in line or "4402" in line or "on its way" in line, text


def test_words_that_were_not_signed_are_there_after_the_lock(terminal: Terminal) -> None:
    unlock_desk(terminal)
    check_in(terminal, CARD)
    open_chart(terminal)
    terminal.press("n")
    terminal.see("Consultation note")
    terminal.type("half a sentence")
    terminal.press("f8")
    locked = terminal.see("Locked.")
    assert FAMILY not in locked
    unlock_desk(terminal)
    terminal.type(f"/{CARD}\r")
    terminal.see("rules mi-2020")
    terminal.press("n")
    terminal.see("half a sentence")
    terminal.press("escape", "f10")
    assert terminal.end() == 0


def test_a_desk_whose_terminal_goes_away_ends_and_keeps_what_was_typed(home: Path) -> None:
    with open_practice(home) as terminal:
        unlock_desk(terminal)
        check_in(terminal, CARD)
        open_chart(terminal)
        terminal.press("n")
        terminal.see("Consultation note")
        terminal.type("half a sentence")
        terminal.see("half a sentence")
        terminal.hang_up()
        assert terminal.process.wait(timeout=20) == 0
    with open_practice(home) as terminal:
        unlock_desk(terminal)
        terminal.type(f"/{CARD}\r")
        terminal.see("rules mi-2020")
        terminal.press("n")
        terminal.see("half a sentence")


def test_a_second_desk_on_the_same_folder_is_told_so(terminal: Terminal, home: Path) -> None:
    terminal.see("passphrase")
    unlock_desk(terminal)
    with open_practice(home) as second:
        second.see("This store is open in another desk")
        assert second.end() == 3
    assert (home / STORE_FILE).exists()


def test_the_day_begins_with_the_check_and_a_booking_in_a_real_terminal(home: Path) -> None:
    with open_practice(home) as terminal:
        terminal.see("passphrase")
        terminal.type(PASSPHRASE)
        terminal.press("enter")
        terminal.see("The morning check is not done yet.")
        terminal.see("cards that end within 7 d")
        terminal.press("f5")
        terminal.see("Asked ")
        terminal.press("f2")
        terminal.see("Checked today at")
        terminal.press("c")
        terminal.see("10 booked")
        terminal.press("right")
        terminal.see("0 booked")
        terminal.press("n")
        terminal.see("For whom")
        terminal.type("lindqvist")
        terminal.see("card …1187")
        terminal.press("enter")
        terminal.see("An appointment for Lindqvist, Mara")
        terminal.type("09:30 45m refill\r")
        terminal.see("09:30–10:15 Lindqvist, Mara")
        terminal.press("escape", "f10")
        assert terminal.end() == 0
    opened = unlock(home, PASSPHRASE, sitter(home))
    assert isinstance(opened, Opened)
    store = EncryptedStore.open(home, opened)
    try:
        kept = "SELECT count(*) FROM journal WHERE name IN ('morning.checked', 'visit.booked') AND at > ?"
        last = store.on_connection(lambda it: it.execute("SELECT max(at) FROM journal").fetchone()[0])
        assert store.on_connection(lambda it: it.execute(kept, (last - 60_000_000,)).fetchone()[0]) >= 2
    finally:
        store.close()
