"""`pcc-desk patients`: many patients from a table, as often as one likes; and the whole record of one."""

import csv
import json
import os
import stat
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from pcc_desk.cli import FINE, REFUSED, main
from pcc_desk.commands.patient_rows import typed_in
from pcc_desk.desk.bringing import whole_record
from pcc_desk.desk.physicians import note_physician
from pcc_desk.desk.rights import Right, proved
from pcc_desk.domain import entries as happened
from pcc_desk.domain import people_entries as known
from pcc_desk.domain.entries import Act
from pcc_desk.domain.identity import Details
from pcc_desk.domain.people import Person, Role
from pcc_desk.settings import Settings, ShopSettings, StateSystemSettings, save_settings
from pcc_desk.store import codec
from pcc_desk.store.engine import EncryptedStore
from pcc_desk.store.vault import Opened, create_vault, unlock
from pcc_desk.store.whole_records import WORDS, RecordFiles, as_lines, write_record
from tests.fakes import NOON, SHOP, a_card, a_patient
from tests.store.stores import given, ledger_of, put

pytestmark = pytest.mark.usefixtures("quick_secrets")

PASSPHRASE = "open the counter now"
IDA = Person(UUID(int=0xDA), "Ida Nkemelu", Role.MANAGER)
DUTCHIE = "customerId,firstName,lastName,dateOfBirth,mmjidNumber,mmjidExpirationDate,phone,mergedIntoCustomerId"
ROWS = (
    "1,Ana,Díaz,1985-03-11T00:00:00,MI-P-1,2027-02-28T00:00:00,313-555-0100,",
    "2,Chidi,Okafor,3/11/1958,MI-P-2,02/28/2027,N/A,",
    "3,Old,Double,1970-01-01,MI-P-3,2027-01-01,,1",
    "4,Lee,Nobody,1985-02-30,MI-P-4,2027-01-01,,",
    "5,Eva,Brandt,1990-07-02,,1900-01-01,,",
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a data folder with a shop whose manager is Ida."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    store = EncryptedStore.make(home, create_vault(home, IDA, PASSPHRASE), NOON)
    put(ledger_of(store), happened.ShopOpened(SHOP), happened.StaffAdded(IDA))
    store.close()
    shop = ShopSettings(name=SHOP.name, licence=SHOP.licence, jurisdiction="MI", zone=SHOP.zone)
    save_settings(home, Settings(shop=shop, state_system=StateSystemSettings(adapter="manual", name="State page")))
    return home


def run(home: Path, *words: str) -> int:
    theirs, ours = os.pipe()
    os.write(ours, PASSPHRASE.encode())
    os.close(ours)
    return main(["--home", str(home), "patients", *words, "--passphrase-fd", str(theirs)])


def opened(home: Path) -> EncryptedStore:
    found = unlock(home, PASSPHRASE)
    assert isinstance(found, Opened)
    return EncryptedStore.open(home, found)


def on_record(home: Path) -> dict[str, str]:
    store = opened(home)
    try:
        ledger = ledger_of(store)
        return {
            each.name: next((card.number for card in ledger.cards(each.id)), "")
            for each in ledger.patients_after(None, 999)
        }
    finally:
        store.close()


def table(folder: Path, *rows: str, titles: str = DUTCHIE) -> Path:
    file = folder / "customers.csv"
    file.write_text("\n".join(("Customers of Lakeshore", "", titles, *rows)) + "\n", encoding="utf-8")
    return file


def test_patients_of_dutchie_are_brought_along_and_the_same_file_twice_is_harmless(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = table(tmp_path, *ROWS)
    assert run(home, "import", str(file), "--yes") == REFUSED
    said = capsys.readouterr()
    assert "3 brought along, 0 on record already, 1 merged there." in said.out
    assert on_record(home) == {"Díaz, Ana": "MI-P-1", "Okafor, Chidi": "MI-P-2", "Brandt, Eva": ""}
    assert run(home, "import", str(file), "--yes") == REFUSED
    assert "0 brought along, 3 on record already" in capsys.readouterr().out
    assert len(on_record(home)) == 3


def test_rows_that_are_wrong_are_named_by_number_and_without_what_stands_there(home: Path, tmp_path: Path) -> None:
    file = table(tmp_path, *ROWS, "6,Ana,Dias,1985-03-11,MI-P-1,2027-01-01,12,")
    run(home, "import", str(file), "--yes")
    errors = tmp_path / "customers.csv.errors.csv"
    told = errors.read_text(encoding="utf-8")
    assert stat.S_IMODE(errors.stat().st_mode) == 0o600
    assert [line.split(",")[:2] for line in told.splitlines()[1:]] == [["7", "born"], ["9", "phone"]]
    assert not any(each in told for each in ("Lee", "1985", "MI-P", "Nobody", ",12"))


def test_a_card_of_somebody_else_is_a_wrong_row(home: Path, tmp_path: Path) -> None:
    file = table(tmp_path, ROWS[0], "6,Ana,Dias,1985-03-11,MI-P-1,2027-01-01,,")
    assert run(home, "import", str(file), "--yes") == REFUSED
    assert "The card is on record for somebody else." in (tmp_path / "customers.csv.errors.csv").read_text()


ALIKE = (
    "6,Ana,Diaz,1985-11-03,MI-P-6,2027-02-28,,",
    "7,Anna,Díaz,1985-03-11,MI-P-7,2027-02-28,,",
    "8,Ana,Díaz,1985-03-11,MI-P-8,2027-02-28,,",
    "9,Berta,Díaz,1985-03-11,MI-P-9,2027-02-28,,",
    "10,Ana,Díaz,1961-06-30,MI-P-10,2027-02-28,,",
    "11,Tom,Reyes,1950-01-01,MI-P-11,2027-02-28,+1 313 555 0100,",
)
"""Each is like Ana Díaz of the first row: probably her, or a twin, a namesake, somebody of her household."""


def test_who_is_probably_on_record_is_held_back_and_who_is_only_like_somebody_is_named(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = table(tmp_path, ROWS[0], *ALIKE)
    assert run(home, "import", str(file), "--yes") == REFUSED
    said = capsys.readouterr()
    assert "4 brought along, 0 on record already, 0 merged there, 3 held back." in said.out
    assert "3 held back, who are probably on record already; 3 brought along, who are like somebody" in said.err
    assert set(on_record(home).values()) == {"MI-P-9", "MI-P-10", "MI-P-11"}, "the namesake is listed in her place"
    told = (tmp_path / "customers.csv.errors.csv").read_text(encoding="utf-8")
    rows = [(row, words.partition(".")[0]) for row, _, words in list(csv.reader(told.splitlines()))[1:]]
    assert rows == [
        ("5", "Held back"),
        ("6", "Held back"),
        ("7", "Held back"),
        ("8", "Brought along"),
        ("9", "Brought along"),
        ("10", "Brought along"),
    ]
    assert "read the file again with --anyway" in told
    assert not any(each in told for each in ("Ana", "Díaz", "1985", "MI-P", "313"))


def test_who_is_held_back_is_brought_along_when_somebody_says_so(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = table(tmp_path, ROWS[0], *ALIKE)
    assert run(home, "import", str(file), "--check") == REFUSED
    assert "4 would be brought along, 0 on record already, 0 merged there, 3 held back." in capsys.readouterr().out
    assert on_record(home) == {}
    assert run(home, "import", str(file), "--yes") == REFUSED
    capsys.readouterr()
    assert run(home, "import", str(file), "--yes", "--anyway") == FINE
    said = capsys.readouterr()
    assert "3 brought along, 4 on record already, 0 merged there." in said.out
    assert "3 brought along, who are like somebody on record" in said.err
    assert run(home, "import", str(file), "--yes") == FINE
    assert "0 brought along, 7 on record already" in capsys.readouterr().out


def test_who_is_called_as_a_record_that_was_merged_is_held_back_too(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept, merged, first = a_patient("Díaz", "Ana"), a_patient("Núñez", "Ana Maria"), a_patient("Reyes", "Anita")
    store = opened(home)
    for each, number in ((kept, "MI-P-1"), (merged, "MI-P-2"), (first, "MI-P-3")):
        put(ledger_of(store), happened.PatientRegistered(each, (a_card(each, number),)))
    put(ledger_of(store), known.PatientsMerged(merged.id, first.id, "the same passport"))
    put(ledger_of(store), known.PatientsMerged(kept.id, merged.id, "the same passport"))
    store.close()
    rows = (f"1,Ana Maria,Núñez,{merged.born},MI-P-8,2027-02-28,,", f"2,Anita,Reyes,{first.born},MI-P-9,2027-02-28,,")
    assert run(home, "import", str(table(tmp_path, *rows)), "--yes") == REFUSED
    assert "0 brought along, 0 on record already, 0 merged there, 2 held back." in capsys.readouterr().out
    rows = (f"1,Ana Maria,Núñez,{merged.born},MI-P-2,2027-02-28,,", f"2,Ana,Díaz,{kept.born},MI-P-2,2027-02-28,,")
    assert run(home, "import", str(table(tmp_path, *rows)), "--yes") == FINE
    assert "0 brought along, 2 on record already" in capsys.readouterr().out
    assert len(on_record(home)) == 1


def test_who_is_called_as_somebody_on_record_was_before_is_held_back_and_found_by_their_card(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    robert, merged = a_patient("Díaz", "Robert"), a_patient("Núñez", "Bob")
    ana, bea = replace(robert, given_name="Ana"), replace(merged, given_name="Bea", born=date(1958, 11, 3))
    store = opened(home)
    for each, number in ((robert, "MI-P-1"), (merged, "MI-P-2")):
        put(ledger_of(store), happened.PatientRegistered(each, (a_card(each, number),)))
    put(ledger_of(store), *(known.PatientChanged(each, "court order") for each in (ana, bea)))
    put(ledger_of(store), known.PatientsMerged(ana.id, bea.id, "the same passport"))
    store.close()
    names = (f"1,Robert,Díaz,{robert.born}", f"2,Bob,Núñez,{merged.born}")
    rows = [f"{who},MI-P-{number},2027-02-28,," for number, who in enumerate(names, 8)]
    assert run(home, "import", str(table(tmp_path, *rows)), "--yes") == REFUSED
    assert "0 brought along, 0 on record already, 0 merged there, 2 held back." in capsys.readouterr().out
    rows = [f"{who},MI-P-{number},2027-02-28,," for number, who in enumerate(names, 1)]
    assert run(home, "import", str(table(tmp_path, *rows)), "--yes") == FINE
    assert "0 brought along, 2 on record already" in capsys.readouterr().out
    rows = [f"1,Robert,Díaz,{date(1990, 1, 1)},MI-P-1,2027-02-28,,"]
    assert run(home, "import", str(table(tmp_path, *rows)), "--yes") == REFUSED
    assert "The card is on record for somebody else." in (tmp_path / "customers.csv.errors.csv").read_text()
    assert list(on_record(home)) == ["Díaz, Ana"]


TWICE = (*ROWS[:2], *ROWS[:2], ROWS[4], "6,Eva,Brandt,1990-07-02,MI-P-6,2027-01-01,,", ROWS[4])
"""The same people again, by their cards and without one."""
TWO_ON_ONE_CARD = (ROWS[0], "6,Lee,Nobody,1950-01-01,MI-P-1,2027-01-01,,")


@pytest.mark.parametrize("anyway", [(), ("--anyway",)])
@pytest.mark.parametrize(
    ("rows", "told", "code"),
    [
        (TWICE, "3 {}, 4 on record already, 0 merged there.", FINE),
        (TWO_ON_ONE_CARD, "1 {}, 0 on record already, 0 merged there.", REFUSED),
    ],
)
def test_a_check_says_what_the_import_then_does(
    home: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    *,
    rows: tuple[str, ...],
    told: str,
    code: int,
    anyway: tuple[str, ...],
) -> None:
    file = table(tmp_path, *rows)
    assert run(home, "import", str(file), "--check", *anyway) == code
    assert told.format("would be brought along") in capsys.readouterr().out
    assert run(home, "import", str(file), "--yes", *anyway) == code
    assert told.format("brought along") in capsys.readouterr().out


def test_a_check_keeps_nothing_and_shows_no_name(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(home, "import", str(table(tmp_path, *ROWS[:2])), "--check") == FINE
    said = capsys.readouterr().out
    assert "born" in said
    assert "9999-99-99" in said
    assert "2 would be brought along" in said
    assert not any(each in said for each in ("Ana", "Okafor", "1985", "MI-P-1"))
    assert on_record(home) == {}


def test_what_a_column_means_is_said_once(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    titles = "Vorname,Nachname,Geburtstag"
    file = table(tmp_path, "Ana,Díaz,1985-03-11", titles=titles)
    assert run(home, "import", str(file), "--yes") == REFUSED
    columns = ["--column", "family_name=Nachname", "--column", "given_name=Vorname", "--column", "born=Geburtstag"]
    assert run(home, "import", str(file), "--yes", *columns) == FINE
    table(tmp_path, "Eva,Brandt,1990-07-02", titles=titles)
    assert run(home, "import", str(file), "--yes") == FINE
    assert set(on_record(home)) == {"Díaz, Ana", "Brandt, Eva"}
    assert run(home, "import", str(file), "--yes", "--column", "born=Nothing") == REFUSED
    assert "no column “nothing” for born" in capsys.readouterr().err


def test_a_column_that_nothing_is_taken_from_is_named_before_anything_is_kept(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    titles = "lastName,firstName,dateOfBirth,MMJ Expiration,loyalty"
    assert (
        run(home, "import", str(table(tmp_path, "Díaz,Ana,1985-03-11,2027-01-01,9", titles=titles)), "--check") == FINE
    )
    said = capsys.readouterr().out
    assert "Not read: “MMJ Expiration”, “loyalty”. --column FIELD=TITLE says what one means; a field is " in said
    assert "card_expires" in said
    assert (
        run(home, "import", str(table(tmp_path, "Díaz,Ana,1985-03-11", titles=titles.rpartition(",M")[0])), "--check")
        == FINE
    )
    assert "Not read" not in capsys.readouterr().out


def test_a_file_without_the_names_says_which_column_it_lacks(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        run(home, "import", str(table(tmp_path, "1985-03-11,12,x", titles="dateOfBirth,phone,notes")), "--yes")
        == REFUSED
    )
    assert "No column is known for: family_name, given_name." in capsys.readouterr().err


def test_a_value_is_taken_as_old_exports_write_nothing() -> None:
    columns = {"born": "born", "card_expires": "expires", "remarks": "notes"}
    row = ["1985-03-11 00:00:00", "1/1/1900", " NULL "]
    assert typed_in(row, ("Born", "Expires", "Notes"), columns) == {
        "born": "1985-03-11",
        "card_expires": "",
        "remarks": "",
    }


# The whole record of one patient


def test_every_kind_of_entry_about_a_patient_is_told_in_words() -> None:
    of_one = {"patient_id", "patient", "visit", "verification", "dispensation", "amendment", "hold"}
    kinds = [kind for kind in codec.KINDS.values() if of_one & {each.name for each in fields(kind)}]
    assert [kind.name for kind in kinds if kind.name not in WORDS] == []


def test_a_whole_record_is_written_for_the_patient_and_that_it_was_is_on_record(home: Path, tmp_path: Path) -> None:
    patient = a_patient("Díaz", "Ana")
    other = a_patient("Okafor", "Chidi")
    store = opened(home)
    ledger = ledger_of(store)
    for each, number in ((patient, "MI-P-1"), (other, "MI-P-2")):
        put(ledger, happened.PatientRegistered(each, (a_card(each, number),)))
    put(ledger, known.DetailsNoted(patient.id, Details(language="Spanish")), given(patient))
    intake = UUID(int=0x17)
    put(ledger, known.IntakeBegun(patient.id, intake, "1"))
    for key, answer in (("phq9_1", "0"), ("contact_by", "letter"), ("asked_once", "yes")):
        put(ledger, known.IntakeAnswered(patient.id, intake, key, answer, ""))
    before = ledger.last_seq()
    store.close()
    folder = tmp_path / "out"
    folder.mkdir()
    assert run(home, "export", "--patient", "mi p 1", "--to", str(folder)) == FINE
    text, document = (next(folder.glob(f"*{end}")) for end in (".txt", ".json"))
    assert stat.S_IMODE(text.stat().st_mode) == stat.S_IMODE(document.stat().st_mode) == 0o600
    words = text.read_text(encoding="utf-8")
    assert "Díaz, Ana, born 1958-03-11" in words
    assert "Language: Spanish" in words
    assert "something was handed over" in words
    assert "Okafor" not in words
    at = words.splitlines().index("Intake, open:")
    assert words.splitlines()[at + 1 : at + 4] == [
        "  wants to be reached by: letter",
        "  Little interest or pleasure in doing things: 0",
        "  asked_once: yes",
    ]
    assert "a question was answered. wants to be reached by: letter" in words
    told = json.loads(document.read_text(encoding="utf-8"))
    kinds = [each["kind"] for each in told["entries"]]
    intake_kinds = ["intake.begun", *["intake.answered"] * 3]
    assert kinds == ["patient.registered", "patient.details", "dispensation.recorded", *intake_kinds]
    assert told["entries"][1]["content"]["details"]["language"] == "Spanish"
    store = opened(home)
    assert ledger_of(store).last_seq() == before + 2, "who came in, and that the record was given"
    store.close()


def test_a_card_that_nobody_has_hands_out_nothing(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(home, "export", "--patient", "MI-P-404", "--to", str(tmp_path)) == REFUSED
    assert "No patient has this card." in capsys.readouterr().err
    assert not list(tmp_path.glob("*.json"))


@pytest.mark.parametrize("in_the_way", [".{}.json.new", "{}.json"], ids=["being written", "put in its place"])
def test_a_record_of_which_one_file_cannot_be_written_does_not_lie_there_readable(
    home: Path, tmp_path: Path, in_the_way: str
) -> None:
    patient, folder = a_patient("Díaz", "Ana"), tmp_path / "out"
    store = opened(home)
    put(ledger_of(store), happened.PatientRegistered(patient, (a_card(patient, "MI-P-1"),)))
    act = Act(UUID(int=0xAC7), NOON, IDA.id, "till 1")
    whole = store.write_now(whole_record, patient.id, "files", act=proved(act, Right.EXPORT, act.at))
    store.close()
    name = f"record-{SHOP.day(NOON)}-{act.id.hex[-8:]}"
    (folder / in_the_way.format(name)).mkdir(parents=True)
    with pytest.raises(OSError, match="directory") as failed:
        write_record(whole, SHOP, act, folder)
    assert [each for each in folder.rglob("*") if each.is_file()] == []
    stays = f"{name}.json may lie there still, to be deleted"
    assert (stays in str(failed.value)) == (folder / f"{name}.json").exists()


def test_a_record_names_the_physician_as_they_are_called_now_beside_what_was_typed_for_the_patient(home: Path) -> None:
    ana, chidi = a_patient("Díaz", "Ana"), a_patient("Okafor", "Chidi")
    store = opened(home)
    put(
        ledger_of(store),
        *(happened.PatientRegistered(each, (a_card(each, each.family_name),)) for each in (ana, chidi)),
    )
    typed = {"name": "Mensah, Ike", "npi": "1234567893"}
    for place, (patient, name) in enumerate(((ana, "Mensah, Ike"), (chidi, "Mensah, Ike"), (chidi, "Boateng, Ike"))):
        act = Act(UUID(int=0xAC8 + place), NOON, IDA.id, "till 1")
        store.write_now(note_physician, patient.id, {**typed, "name": name}, act=act, is_renamed=True)
    told = {}
    for place, patient in enumerate((ana, chidi)):
        act = Act(UUID(int=0xAD0 + place), NOON, IDA.id, "till 1")
        whole = store.write_now(whole_record, patient.id, "files", act=proved(act, Right.EXPORT, act.at))
        told[patient] = [each for each in as_lines(whole, SHOP, NOON) if each.startswith("Certified by")]
    store.close()
    assert told == {
        ana: ["Certified by: Mensah, Ike; physician on record: Boateng, Ike"],
        chidi: ["Certified by: Boateng, Ike"],
    }


async def test_from_the_desk_the_same_two_files_are_written_and_a_folder_that_is_not_there_is_said(
    home: Path, tmp_path: Path
) -> None:
    patient, out = a_patient("Díaz", "Ana"), RecordFiles()
    assert out.why_not(" ") == "Type the folder for the two files."
    for folder in ("gone", "a\0b", "~nobody-of-that-name/x"):
        assert out.why_not(str(tmp_path / folder) if folder == "gone" else folder).startswith("There is no such folder")
    assert out.why_not(str(tmp_path)) == ""
    store = opened(home)
    put(ledger_of(store), happened.PatientRegistered(patient, (a_card(patient, "MI-P-1"),)))
    act = Act(UUID(int=0xAC7), NOON, IDA.id, "till 1")
    whole = store.write_now(whole_record, patient.id, "files", act=proved(act, Right.EXPORT, act.at))
    store.close()
    where = await out.write(whole, SHOP, act, str(tmp_path))
    assert {each.name for each in tmp_path.glob("record-*")} == {
        f"{Path(where).name}{end}" for end in (".json", ".txt")
    }
    assert "Díaz, Ana" in Path(f"{where}.txt").read_text(encoding="utf-8")
