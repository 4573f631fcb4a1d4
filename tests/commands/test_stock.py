"""`pcc-desk stock import`: a whole stock from a table, or nothing."""

import os
from pathlib import Path

import pytest

from pcc_desk.adapters.pos.tables import Damaged
from pcc_desk.cli import FINE, REFUSED, main
from pcc_desk.commands.stock import read_table
from pcc_desk.domain import entries as happened
from pcc_desk.domain.products import Package
from pcc_desk.domain.quantity import Quantity, Unit
from pcc_desk.settings import Settings, ShopSettings, StateSystemSettings, save_settings
from pcc_desk.store.engine import EncryptedStore
from pcc_desk.store.vault import Opened, create_vault, unlock
from tests.fakes import ANA, NOON, SHOP
from tests.store.stores import ledger_of, put

PASSPHRASE = "open the counter now"
KNOWN = frozenset({"flower", "edible", "infused_preroll"})
TITLES = "Package ID,Product Name,Category,Quantity,Unit"
PAGE = StateSystemSettings(adapter="manual", name="State page")


def of(*lines: str, titles: str = TITLES) -> tuple[tuple[Package, ...], tuple[str, ...]]:
    return read_table("\n".join((titles, *lines)).encode(), KNOWN)


def test_packages_are_read_exactly_by_the_titles_of_their_columns() -> None:
    packages, wrong = of(
        "Unit Price;UOM;Available;Tag;Item;Kind;Net Weight (g);Use By",
        "14.85;grams;250.125;1a4001;Blue Dream;Flower;;2027-06-30",
        "$19.99;ea;40;1A4002;Gummies;edible;45.5;",
        "7;piece;0;1A4003;Blunt;Infused Preroll;;",
        titles="State page;;;;;;;",
    )
    assert wrong == ()
    first, second, third = packages
    assert (first.label, first.product, first.category) == ("1A4001", "Blue Dream", "flower")
    assert (first.remaining, first.unit_price_cents) == (Quantity(250_125, Unit.GRAMS), 1485)
    assert str(first.expires_on) == "2027-06-30"
    assert (second.remaining, second.unit_net_mg, second.unit_price_cents) == (
        Quantity(40_000, Unit.EACH),
        45_500,
        1999,
    )
    assert (third.category, third.remaining.milli, third.unit_net_mg) == ("infused_preroll", 0, None)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (",Blue Dream,flower,1,g", "The tag is missing. Write it."),
        ("1.A4E+23,Blue Dream,flower,1,g", "The tag is missing"),
        ("1.4E+23,Blue Dream,flower,1,g", "was damaged by a spreadsheet"),
        ("1A4001,,flower,1,g", "The product is missing. Write it."),
        ("1A4001,Blue Dream,weed,1,g", "The rules know no category “weed”. They know: edible, flower"),
        ("1A4001,Blue Dream,unknown,1,g", "The rules know no category “unknown”."),
        ("1A4001,Blue Dream,flower,,g", "The quantity is missing. Write it."),
        ('1A4001,Blue Dream,flower,"1,5",g', "“1,5” is not a number."),
        ("1A4001,Blue Dream,flower,1.0005,g", "has more than three decimals"),
        ("1A4001,Blue Dream,flower,-1,g", "A quantity cannot be below zero."),
        ("1A4001,Blue Dream,flower,NaN,g", "is not a number"),
        ("1A4001,Gummies,edible,1.5,each", "Pieces are counted whole."),
        ("1A4001,Blue Dream,flower,1,oz", "“oz” is no unit here."),
        ("1A4001,Blue \x1b[31mDream,flower,1,g", "The product is one line"),
    ],
)
def test_a_line_that_cannot_be_used_is_named_and_nothing_is_taken(line: str, why: str) -> None:
    if line.startswith("1.A4"):
        line = line.replace("1.A4E+23", " ")
    _, wrong = of("1A4000,Gummies,edible,2,each", line)
    assert len(wrong) == 1
    assert wrong[0].startswith("Line 3: ")
    assert why in wrong[0]


def test_a_tag_that_is_there_twice_and_an_empty_table_are_wrong() -> None:
    assert of("1A4001,A,flower,1,g", "1a4001,B,flower,2,g")[1] == ("Line 3: The tag 1A4001 is there twice.",)
    assert of()[1] == ("There is no line below the titles.",)
    with pytest.raises(Damaged, match="columns are missing"):
        of("1A4001,flower,1,g", titles="Package ID,Category,Quantity,Unit")


def shop(home: Path, system: StateSystemSettings | None) -> None:
    store = EncryptedStore.make(home, create_vault(home, ANA, PASSPHRASE), NOON)
    put(ledger_of(store), happened.ShopOpened(SHOP), happened.StaffAdded(ANA))
    put(ledger_of(store), happened.StockRead((Package("1A9", "Old", "flower", Quantity(1, Unit.GRAMS)),), "by hand"))
    store.close()
    settings = ShopSettings(name=SHOP.name, licence=SHOP.licence, jurisdiction=SHOP.jurisdiction, zone=SHOP.zone)
    save_settings(home, Settings(shop=settings, state_system=system))


def run(home: Path, file: Path, *options: str) -> int:
    theirs, ours = os.pipe()
    os.write(ours, PASSPHRASE.encode())
    os.close(ours)
    return main(["--home", str(home), "stock", "import", str(file), "--passphrase-fd", str(theirs), *options])


def in_stock(home: Path) -> tuple[tuple[str, str], ...]:
    opened = unlock(home, PASSPHRASE)
    assert isinstance(opened, Opened)
    store = EncryptedStore.open(home, opened)
    try:
        return tuple((each.label, str(each.remaining)) for each in ledger_of(store).packages())
    finally:
        store.close()


def test_a_stock_is_kept_whole_and_what_is_not_in_it_is_gone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop(tmp_path, PAGE)
    file = tmp_path / "stock.csv"
    file.write_text(f"{TITLES}\n1A4001,Blue Dream,flower,250.125,g\n1A4002,Haze,flower,3,g\n")
    assert run(tmp_path, file, "--check") == FINE
    assert "Nothing was kept." in capsys.readouterr().out
    assert in_stock(tmp_path) == (("1A9", "0.001 g"),)
    assert run(tmp_path, file, "--yes") == FINE
    assert "Kept: 2 packages in stock." in capsys.readouterr().out
    assert in_stock(tmp_path) == (("1A4001", "250.125 g"), ("1A4002", "3 g"))
    opened = unlock(tmp_path, PASSPHRASE)
    assert isinstance(opened, Opened)
    store = EncryptedStore.open(tmp_path, opened)
    body = "SELECT body FROM journal WHERE name = 'stock.read' ORDER BY seq DESC LIMIT 1"
    assert '"system":"by hand"' in store.on_connection(lambda it: it.execute(body).fetchone()[0])
    store.close()


def test_one_bad_line_keeps_everything_as_it_was(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shop(tmp_path, PAGE)
    file = tmp_path / "stock.csv"
    file.write_text(f"{TITLES}\n1A4001,Blue Dream,flower,250,g\n1A4002,Haze,flower,much,g\n")
    assert run(tmp_path, file, "--yes") == REFUSED
    said = capsys.readouterr().err
    assert "Line 3: “much” is not a number." in said
    assert "Nothing was kept." in said
    assert in_stock(tmp_path) == (("1A9", "0.001 g"),)


def test_where_a_program_reads_the_stock_none_is_imported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shop(tmp_path, StateSystemSettings(adapter="metrc", name="METRC", base_url="https://registry.example"))
    file = tmp_path / "stock.csv"
    file.write_text(f"{TITLES}\n1A4001,Blue Dream,flower,250,g\n")
    assert run(tmp_path, file, "--yes") == REFUSED
    assert "METRC tells the stock of this shop." in capsys.readouterr().err
