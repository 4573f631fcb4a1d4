"""`pcc-desk pos`, as somebody types it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pcc_desk.adapters.pos.csv import PosCsv
from pcc_desk.cli import FINE, REFUSED, USAGE, main
from pcc_desk.desk.columns import known_columns
from pcc_desk.domain import entries as happened
from pcc_desk.domain.sales import Pull
from pcc_desk.settings import PosSettings, Settings, ShopSettings, save_settings
from pcc_desk.store.engine import EncryptedStore
from pcc_desk.store.vault import Opened, create_vault, unlock
from tests.conversation import Conversation
from tests.fakes import ANA, NOON, SHOP
from tests.fakes_outside import ZONE
from tests.store.stores import DAY, ledger_of, put

PASSPHRASE = "open the counter now"
DUTCHIE = (
    "Order ID,Order Time,Customer Name,Package ID,Total Inventory Sold,Net Sales\n"
    f"4401,{DAY} 14:30,Nora Vance,1A4050100000000000000417,3.5,52.00\n"
    f"4402,{DAY} 15:30,Chidi Okafor,1A4050100000000000000420,1,18.00\n"
)
FOREIGN = f"Beleg;Zeit;Etikett;Menge;Netto;Patient\n7;{DAY} 14:30;1A4050100000000000000417;3.5;52.00;MI-P-1\n"
SAID = ("--field", "number=Beleg", "--field", "time=Zeit", "--field", "label=Etikett", "--field", "quantity=Menge")

Ask = Callable[..., tuple[int, str]]


@pytest.fixture
def ask(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    def run(*arguments: str) -> tuple[int, str]:
        status = main(["--home", str(tmp_path / "home"), "pos", *arguments])
        said = capsys.readouterr()
        return status, said.out + said.err

    return run


def report(folder: Path, text: str, name: str = f"sales-{DAY}.csv") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def a_shop(home: Path, folder: Path) -> None:
    store = EncryptedStore.make(home, create_vault(home, ANA, PASSPHRASE), NOON)
    put(ledger_of(store), happened.ShopOpened(SHOP), happened.StaffAdded(ANA))
    store.close()
    shop = ShopSettings(name=SHOP.name, licence=SHOP.licence, jurisdiction=SHOP.jurisdiction, zone=SHOP.zone)
    save_settings(home, Settings(shop=shop, pos=PosSettings(adapter="csv", name="POS", folder=str(folder))))


def test_what_is_known_is_listed_with_how_sure_it_is(ask: Ask) -> None:
    status, said = ask()
    assert status == FINE
    assert "offers queue: for keys with the role Customer; hidden rooms are not in it" in said
    assert "does not offer closing, stock, queue: no report of this kind is known by its columns" in said
    assert "Dutchie: Sales report\n  columns   number = order id, time = order time" in said
    assert "B: seen in public integration code" in said
    assert "BLAZE: Sales report\n  columns   not known: say once what they mean" in said


def test_a_file_is_read_and_told_without_a_shop(ask: Ask, tmp_path: Path) -> None:
    status, said = ask("read", report(tmp_path, DUTCHIE), "--zone", "America/Detroit")
    assert status == FINE
    assert f"2 rows, 2 sales of {DAY} (America/Detroit)" in said
    assert "in all 2 that count, 2 lines, 70.00 before tax, after discount" in said
    assert "Nora" not in said


def test_without_a_shop_the_zone_is_asked_for(ask: Ask, tmp_path: Path) -> None:
    status, said = ask("read", report(tmp_path, DUTCHIE))
    assert status == USAGE
    assert "name the zone, such as --zone America/Detroit" in said
    assert ask("read", report(tmp_path, DUTCHIE), "--zone", "Detroit")[0] == USAGE


def test_a_damaged_file_is_said_with_its_row(ask: Ask, tmp_path: Path) -> None:
    status, said = ask("read", report(tmp_path, DUTCHIE[:-20]), "--zone", "America/Detroit")
    assert status == REFUSED
    assert "cannot be used: row 3 has 4 columns, the header has 6; it may be cut." in said


def test_what_columns_seem_to_mean_is_shown_without_who_anybody_is(ask: Ask, tmp_path: Path) -> None:
    status, said = ask("map", report(tmp_path, DUTCHIE), "--check")
    assert status == FINE
    assert "titles in row 1; it looks like Dutchie: Sales report" in said
    assert "4401 · 4402" in said
    assert "Nora" not in said
    status, said = ask("map", report(tmp_path, FOREIGN), "--check")
    assert status == REFUSED
    assert "MI-P-1" not in said
    assert "No column is named for: the number of the sale" in said


def test_a_field_that_there_is_not_is_answered_with_those_that_there_are(ask: Ask, tmp_path: Path) -> None:
    status, said = ask("map", report(tmp_path, FOREIGN), "--check", "--field", "tag=Etikett")
    assert status == USAGE
    assert "“tag” is no field. The fields are: number, time, label" in said


async def test_what_was_said_is_kept_and_the_next_report_asks_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    a_shop(home, tmp_path)
    path = report(tmp_path, FOREIGN)
    with Conversation(home, "pos", "map", path, *SAID, "--field", "price=Netto") as talk:
        talk.hear("Passphrase")
        talk.say(PASSPHRASE)
        talk.hear("label         Etikett")
        talk.hear("Kept: reports with these titles are read so from now on.")
        assert talk.end() == FINE
    opened = unlock(home, PASSPHRASE)
    assert isinstance(opened, Opened)
    store = EncryptedStore.open(home, opened)
    try:
        known = store.read_now(known_columns)
    finally:
        store.close()
    turned = "\n".join(";".join(reversed(each.split(";"))) for each in FOREIGN.splitlines()) + "\n"
    report(tmp_path, turned)
    pos = PosCsv("POS", tmp_path, ZONE)
    pos.know(known)
    pull = await pos.sales(DAY)
    assert isinstance(pull, Pull)
    assert [each.number for each in pull.sales] == ["7"]


def test_one_column_for_two_things_keeps_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    a_shop(home, tmp_path)
    path = report(tmp_path, FOREIGN)
    with Conversation(home, "pos", "map", path, *SAID, "--field", "price=Menge") as talk:
        talk.hear("Passphrase")
        talk.say(PASSPHRASE)
        talk.hear("“menge” cannot be both")
        assert talk.end() == REFUSED
