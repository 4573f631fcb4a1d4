"""The doctor: what it finds, and that it says what to do."""

import json
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest
from uuid6 import uuid7

from pcc_desk.cli import FINE, REFUSED, main
from pcc_desk.doctor import CHECKS, Finding, Found, as_document, as_lines, examine, status_of_findings
from pcc_desk.doctor.findings import SCHEMA
from pcc_desk.doctor.record import record_check
from pcc_desk.domain.entries import Act, KeysKept, PatientRegistered
from pcc_desk.domain.people import Patient, SecretKind
from pcc_desk.home import SETTINGS_FILE
from pcc_desk.rulebook import OWN_FOLDER, rule_files
from pcc_desk.setup.making import set_up
from pcc_desk.setup.questions import parse_answers
from pcc_desk.store.connection import connect
from pcc_desk.store.engine import STORE_FILE, EncryptedStore
from pcc_desk.store.lock import FolderLock
from pcc_desk.store.schema_search import INDEX_CONTENT, INDEX_TABLES
from pcc_desk.store.vault import Cost, Opened, Owner, Secret, unlock
from pcc_desk.store.vault.staffing import give_secret

pytestmark = pytest.mark.usefixtures("quick_secrets")

IN_TROUBLE = 2
ANSWERS = {
    "shop_name": "Birchwood Relief",
    "licence": "PC-000911",
    "jurisdiction": "MI",
    "zone": "America/Detroit",
    "person_name": "Ida Larsen",
    "passphrase": "birch wood relief desk",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("made") / "desk"
    set_up(home, parse_answers(json.dumps(ANSWERS).encode()), Cost())
    return home


@pytest.fixture
def shop(made: Path, home: Path) -> Path:
    shutil.copytree(made, home)
    return home


def finding(home: Path, subject: str) -> Finding:
    return next(each for each in examine(home, CHECKS) if each.subject == subject)


@pytest.mark.parametrize(
    "subject", ["python", "packages", "encryption", "rules", "data folder", "settings", "keys", "store"]
)
def test_a_shop_as_it_was_set_up_is_fine(shop: Path, subject: str) -> None:
    assert finding(shop, subject).found is Found.FINE, finding(shop, subject)


def test_the_store_is_told_to_be_encrypted_and_by_what(shop: Path) -> None:
    assert set(finding(shop, "encryption").facts) == {"sqlcipher", "sqlite", "provider"}
    assert finding(shop, "encryption").facts["sqlcipher"].startswith("4.")
    assert "OpenSSL" in finding(shop, "encryption").facts["provider"]
    assert finding(shop, "store").says.startswith("Sealed, ")
    assert finding(shop, "keys").says == "The store opens for Ida Larsen."


def test_a_folder_that_is_not_there_is_nothing_wrong(home: Path) -> None:
    found = finding(home, "data folder")
    assert (found.found, found.what_to_do) == (Found.INFORMATION, "Run pcc-desk setup, or pcc-desk demo.")
    assert not home.exists()


def test_a_file_that_others_can_reach_is_a_warning_with_its_mend(shop: Path) -> None:
    (shop / SETTINGS_FILE).chmod(0o640)
    found = finding(shop, "data folder")
    assert found.found is Found.WARNING
    assert SETTINGS_FILE in found.says
    assert found.what_to_do == f'Run chmod -R u=rwX,go= "{shop}"'


def test_a_store_in_plain_is_the_worst_that_can_be_found(shop: Path) -> None:
    (shop / STORE_FILE).write_bytes(b"SQLite format 3\0" + bytes(4080))
    found = finding(shop, "store")
    assert found.found is Found.TROUBLE
    assert "NOT encrypted" in found.says


def test_an_empty_store_is_trouble(shop: Path) -> None:
    (shop / STORE_FILE).write_bytes(b"")
    assert finding(shop, "store").found is Found.TROUBLE


def test_slots_that_cannot_be_read_are_trouble(shop: Path) -> None:
    for path in shop.glob("slots.json*"):
        path.write_text("{", encoding="utf-8")
    found = finding(shop, "keys")
    assert found.found is Found.TROUBLE
    assert found.what_to_do


def test_settings_that_cannot_be_used_are_trouble_and_lost_ones_too(shop: Path) -> None:
    (shop / SETTINGS_FILE).write_text("verification_minutes = 0\n", encoding="utf-8")
    assert finding(shop, "settings").found is Found.TROUBLE
    (shop / SETTINGS_FILE).unlink()
    assert finding(shop, "settings").says.endswith("its settings file is gone.")


def test_a_file_in_the_place_of_the_folder_is_trouble(home: Path) -> None:
    home.write_text("a file, no folder", encoding="utf-8")
    assert finding(home, "data folder").says == f"{home} is no folder."


def test_a_check_that_fails_itself_is_told_and_the_others_go_on(home: Path) -> None:
    def weather_glass(_home: Path) -> Iterator[Finding]:
        raise PermissionError("no reading")

    def barometer(_home: Path) -> Iterator[Finding]:
        yield Finding("barometer", Found.FINE, "High.")

    failed, fine = examine(home, (weather_glass, barometer))
    assert (failed.subject, failed.found) == ("weather glass", Found.TROUBLE)
    assert failed.says == "Could not be examined: PermissionError: no reading."
    assert fine.says == "High."


def test_looking_changes_nothing(shop: Path) -> None:
    def state() -> dict[Path, tuple[bytes, int]]:
        return {path: (path.read_bytes(), path.stat().st_mode) for path in shop.rglob("*")}

    before = state()
    examine(shop, CHECKS)
    assert state() == before


def test_whatever_needs_somebody_says_what_to_do(shop: Path) -> None:
    (shop / SETTINGS_FILE).write_text("x", encoding="utf-8")
    (shop / STORE_FILE).write_bytes(b"")
    wanting = [each for each in examine(shop, CHECKS) if each.needs_somebody]
    assert len(wanting) >= 2
    assert all(each.what_to_do.endswith((".", '"')) for each in wanting)


def test_the_report_for_programs_keeps_its_form() -> None:
    findings = (Finding("disk", Found.WARNING, "0.5 GB free.", "Make room.", {"free_bytes": "500000000"}),)
    document = json.loads(as_document(findings))
    assert (document["schema"], document["ok"]) == (SCHEMA, False)
    assert set(document) == {"schema", "version", "ok", "findings"}
    assert document["findings"] == [
        {
            "subject": "disk",
            "found": "warning",
            "says": "0.5 GB free.",
            "what_to_do": "Make room.",
            "facts": {"free_bytes": "500000000"},
        }
    ]


def test_the_report_for_people_puts_what_to_do_under_what_is_so() -> None:
    findings = (
        Finding("disk", Found.WARNING, "0.5 GB free.", "Make room."),
        Finding("python", Found.FINE, "Python 3.11."),
    )
    assert as_lines(findings).splitlines() == [
        "! warning   disk    0.5 GB free.",
        "                    Make room.",
        "fine        python  Python 3.11.",
        "",
        "1 of 2 need somebody.",
    ]


def test_the_exit_status_tells_whether_something_needs_somebody(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    as_set_up = main(["--home", str(shop), "doctor", "--json"])
    document = json.loads(capsys.readouterr().out)
    assert as_set_up == (FINE if document["ok"] else REFUSED)
    (shop / SETTINGS_FILE).write_text("x", encoding="utf-8")
    assert main(["--home", str(shop), "doctor"]) == IN_TROUBLE
    assert "!! trouble  settings" in capsys.readouterr().out


def test_a_warning_alone_is_told_apart_from_trouble() -> None:
    fine, warning = Finding("a", Found.FINE, "A."), Finding("b", Found.WARNING, "B.")
    assert [status_of_findings(each) for each in ((fine,), (fine, warning), (warning, fine))] == [0, 1, 1]
    assert status_of_findings((warning, Finding("c", Found.TROUBLE, "C."), fine)) == IN_TROUBLE


# -- the record itself, with a secret


def looked_into(home: Path, secret: str = ANSWERS["passphrase"], who: str | None = None) -> dict[str, Finding]:
    return {each.subject: each for each in examine(home, (record_check(secret, who),))}


def test_with_a_passphrase_every_page_and_entry_is_looked_at(shop: Path) -> None:
    found = looked_into(shop)
    copies, keyring = found.pop("copies"), found.pop("keyring")
    assert keyring.found is Found.INFORMATION
    assert keyring.says == "Not compared with what this computer's keyring knows. This computer has no keyring."
    assert {each.found for each in found.values()} == {Found.FINE}, found
    assert set(found) == {"pages", "tree", "journal", "tables", "anchor", "slots"}
    assert (copies.found, copies.says) == (Found.WARNING, "There is no copy of the record that was proved.")
    assert found["journal"].says == "5 entries, each sealed and chained to the one before."
    assert int(found["pages"].facts["counted"]) > 20


def test_the_passphrase_comes_from_a_descriptor(shop: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(ANSWERS["passphrase"] + "\n", encoding="utf-8")
    with secret.open("rb") as file:
        main(["--home", str(shop), "doctor", "--json", "--passphrase-fd", str(os.dup(file.fileno()))])
    told = {each["subject"]: each["found"] for each in json.loads(capsys.readouterr().out)["findings"]}
    assert (told["pages"], told["tree"], told["journal"]) == ("fine", "fine", "fine")


def test_a_flipped_bit_in_the_store_is_trouble_with_what_to_do(shop: Path) -> None:
    content = bytearray((shop / STORE_FILE).read_bytes())
    content[9 * 4096 + 700] ^= 8
    (shop / STORE_FILE).write_bytes(content)
    pages = looked_into(shop)["pages"]
    assert pages.found is Found.TROUBLE
    assert "does not pass its seal" in pages.says
    assert "restore the last backup" in pages.what_to_do


def test_an_older_store_and_an_older_list_of_people_are_trouble(shop: Path, tmp_path: Path) -> None:
    opened = unlock(shop, ANSWERS["passphrase"])
    assert isinstance(opened, Opened)
    store = EncryptedStore.open(shop, opened)
    store.keep_generation(99)
    store.close()
    before = (shop / STORE_FILE).read_bytes()
    opened = unlock(shop, ANSWERS["passphrase"])
    assert isinstance(opened, Opened)
    store = EncryptedStore.open(shop, opened)
    by = Act(uuid7(), datetime.now(UTC), opened.owner.id, "counter-1")
    store.seal_now(lambda ledger: ledger.record(KeysKept("metrc", ("user_key",)), by))
    store.close()
    (shop / STORE_FILE).write_bytes(before)
    found = looked_into(shop)
    assert (found["anchor"].found, found["slots"].found) == (Found.TROUBLE, Found.TROUBLE)
    assert "older than it was" in found["anchor"].says
    assert found["slots"].what_to_do.endswith("pcc-desk staff seal.")


def test_an_older_page_put_back_is_trouble_wherever_it_changes_what_the_tables_say(shop: Path) -> None:
    def visited(*names: str) -> bytes:
        opened = unlock(shop, ANSWERS["passphrase"])
        assert isinstance(opened, Opened)
        store = EncryptedStore.open(shop, opened)
        for name in names:
            patient = Patient(uuid7(), name, "Mara", date(1990, 7, 2), "313-555-0100")
            by = Act(uuid7(), datetime.now(UTC), opened.owner.id, "counter-1")
            put(store, patient, by)
        store.close()
        return (shop / STORE_FILE).read_bytes()

    def put(store: EncryptedStore, patient: Patient, by: Act) -> None:
        store.write_now(lambda ledger: ledger.record(PatientRegistered(patient, ()), by))

    def told() -> dict[str, list[tuple[object, ...]]]:
        connection = connect(shop / STORE_FILE, key, salt)
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'vault_mark'")
        names = {name for (name,) in tables} - {*INDEX_TABLES} | {INDEX_CONTENT}
        said = {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in sorted(names)}  # noqa: S608
        connection.close()
        return said

    opened = unlock(shop, ANSWERS["passphrase"])
    assert isinstance(opened, Opened)
    key, salt = bytes(opened.key), opened.salt
    earlier, later = visited("Lindqvist"), visited("Okafor", "Petrov")
    starts = range(4096, min(len(earlier), len(later)), 4096)
    pages = [at for at in starts if earlier[at : at + 4096] != later[at : at + 4096]]
    true, noticed = told(), 0
    for at in pages:
        (shop / STORE_FILE).write_bytes(later[:at] + earlier[at : at + 4096] + later[at + 4096 :])
        is_noticed = any(each.found is Found.TROUBLE for each in looked_into(shop).values())
        assert is_noticed or told() == true, f"the page at {at}"
        noticed += is_noticed
    assert noticed > 5


def test_with_several_people_the_doctor_asks_whose_passphrase_it_is(shop: Path) -> None:
    opened = unlock(shop, ANSWERS["passphrase"])
    assert isinstance(opened, Opened)
    ben = Owner(UUID(int=0xBE7), "Ben Osei")
    give_secret(shop, opened, ben, Secret(SecretKind.PASSPHRASE, "eleven quiet herons", Cost()))
    asked = looked_into(shop)["record"]
    assert (asked.found, asked.what_to_do) == (Found.WARNING, "Say whose it is with --as.")
    assert looked_into(shop, "eleven quiet herons", "ben osei")["pages"].found is Found.FINE
    assert looked_into(shop, "eleven quiet herons", "zoe quist")["record"].says.startswith("That is not the passphrase")


def test_a_store_that_was_cut_is_trouble(shop: Path) -> None:
    content = (shop / STORE_FILE).read_bytes()
    (shop / STORE_FILE).write_bytes(content[:-4096])
    assert Found.TROUBLE in {each.found for each in looked_into(shop).values()}


def test_an_entry_that_somebody_changed_is_trouble(shop: Path) -> None:
    opened = unlock(shop, ANSWERS["passphrase"])
    assert isinstance(opened, Opened)
    connection = connect(shop / STORE_FILE, opened.key, opened.salt)
    for trigger in [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]:
        connection.execute(f"DROP TRIGGER {trigger}")
    connection.execute("UPDATE journal SET at = at + 1 WHERE seq = 1")
    connection.close()
    found = looked_into(shop)
    assert (found["pages"].found, found["tree"].found) == (Found.FINE, Found.FINE)
    assert found["journal"].says == "The journal does not hold: entry 1 was changed."


def test_a_wrong_passphrase_and_a_desk_that_is_open_are_told(shop: Path) -> None:
    wrong = looked_into(shop, "no such words at all")["record"]
    assert (wrong.found, wrong.says) == (Found.TROUBLE, "That is not the passphrase. Try again.")
    lock = FolderLock(shop)
    in_use = looked_into(shop)["record"]
    lock.release()
    assert in_use.found is Found.WARNING
    assert "open in another desk" in in_use.says


# -- the shop's own rule files


def own_michigan(home: Path, old: str, new: str, name: str = "us-mi.toml") -> None:
    text = rule_files()["MI"].read_text(encoding="utf-8")
    assert old in text
    (home / OWN_FOLDER).mkdir(mode=0o700, exist_ok=True)
    (home / OWN_FOLDER / name).write_text(text.replace(old, new), encoding="utf-8")


def test_a_shop_without_rule_files_of_its_own_hears_nothing_of_them(shop: Path) -> None:
    assert "own rules" not in {each.subject for each in examine(shop, CHECKS)}


def test_what_the_shops_own_file_changes_is_told(shop: Path) -> None:
    own_michigan(shop, 'amount = "10"', 'amount = "8"')
    found = finding(shop, "own rules")
    assert found.found is Found.INFORMATION
    assert found.says == (
        "The shop's own us-mi.toml goes before the one that came with the desk. Different today: "
        "mi-30d: amount 10 → 8 oz usable-marihuana equivalent."
    )


def test_a_file_of_the_shop_that_changes_nothing_may_be_taken_out(shop: Path) -> None:
    own_michigan(shop, 'amount = "10"', 'amount = "10.0"')
    found = finding(shop, "own rules")
    assert (found.found, found.what_to_do) == (Found.INFORMATION, "It may be taken out.")


def test_a_file_of_the_shop_that_is_older_than_the_one_that_came_is_a_warning(shop: Path) -> None:
    own_michigan(shop, "as_of = 2025-04-01", "as_of = 2024-04-01")
    found = finding(shop, "own rules")
    assert found.found is Found.WARNING
    assert "The one that came with the desk rests on newer evidence, of 2025-04-01." in found.says
    assert found.what_to_do.startswith("Run pcc-desk jurisdictions diff")


def test_a_file_of_the_shop_that_is_wrong_is_trouble_and_one_of_another_name_a_warning(shop: Path) -> None:
    own_michigan(shop, 'amount = "10"', "amount = 10")
    assert finding(shop, "own rules").found is Found.TROUBLE
    assert "limit mi-30d, amount: 10 is a bare number" in finding(shop, "own rules").says
    own_michigan(shop, "Michigan", "Michigan", name="michigan.toml")
    assert finding(shop, "own rules").found is Found.WARNING
