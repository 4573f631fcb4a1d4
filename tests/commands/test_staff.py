"""`pcc-desk staff` and `pcc-desk rekey`: people come and go, and what they have opens the store or does not."""

import io
import json
import os
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from pcc_desk.cli import FINE, REFUSED, STORE_SHUT, main
from pcc_desk.setup.making import set_up
from pcc_desk.setup.questions import parse_answers
from pcc_desk.store.engine import EncryptedStore
from pcc_desk.store.journal import verify
from pcc_desk.store.vault import Cost, Opened, unlock, unlock_by_recovery

pytestmark = pytest.mark.usefixtures("quick_secrets")

IDAS, BENS = "birch wood relief desk", "eleven quiet herons"
ANSWERS = {
    "shop_name": "Birchwood Relief",
    "licence": "PC-000911",
    "jurisdiction": "mi",
    "zone": "America/Detroit",
    "person_name": "Ida Larsen",
    "role": "manager",
    "passphrase": IDAS,
}


@pytest.fixture
def code(home: Path) -> str:
    """Set a shop up and return the code of its recovery sheet."""
    return set_up(home, parse_answers(json.dumps(ANSWERS).encode()), Cost())


def pipe(secret: str) -> int:
    reading, writing = os.pipe()
    with os.fdopen(writing, "w") as file:
        file.write(f"{secret}\n")
    return reading


def run(home: Path, *words: str, by: str = IDAS, gives: str | None = None) -> tuple[int, str]:
    """Run a command by a secret, another one being given; return the exit status and all that was said."""
    by_fd = pipe(by)
    given = pipe(gives) if gives is not None else None
    command = ["--home", str(home), *words, "--passphrase-fd", str(by_fd)]
    command += [] if given is None else ["--secret-fd", str(given)]
    said, complained = io.StringIO(), io.StringIO()
    with redirect_stdout(said), redirect_stderr(complained):
        status = main(command)
    return status, said.getvalue() + complained.getvalue()


def add_ben(home: Path) -> None:
    done = run(home, "staff", "add", "Ben Okafor", "--role", "coordinator", gives=BENS)
    assert done == (FINE, "Ben Okafor is on the staff as coordinator.\n")


def listed(home: Path) -> dict[str, Any]:
    status, told = run(home, "staff", "list", "--json", "--as", "Ida Larsen")
    assert status == FINE, told
    return {each["name"]: each for each in json.loads(told)["staff"]}


def entries(home: Path) -> list[str]:
    """Return the names of all entries of the journal, whose chain has to hold."""
    opened = unlock(home, IDAS, next(each.id for each in _owners(home) if each.name == "Ida Larsen"))
    assert isinstance(opened, Opened)
    store = EncryptedStore.open(home, opened)
    try:
        keys = store.chain_keys()
        assert isinstance(store.on_connection(lambda it: verify(it, keys.at)), int)
        rows = store.on_connection(lambda it: it.execute("SELECT name FROM journal ORDER BY seq").fetchall())
        return [name for (name,) in rows]
    finally:
        store.close()


def _owners(home: Path) -> Any:
    from pcc_desk.store.vault import owners

    return owners(home)


def test_somebody_who_is_added_comes_in_by_their_own_passphrase(home: Path, code: str) -> None:
    add_ben(home)
    status, told = run(home, "staff", "list", "--as", "ben okafor", by=BENS)
    assert (status, told.splitlines()) == (
        FINE,
        ["Ben Okafor  coordinator         passphrase", "Ida Larsen  manager             passphrase"],
    )


def test_with_several_people_one_says_who_one_is(home: Path, code: str) -> None:
    add_ben(home)
    assert run(home, "staff", "list") == (STORE_SHUT, "Say who you are with --as: Ida Larsen, Ben Okafor.\n")
    assert run(home, "staff", "list", "--as", "Zoe") == (STORE_SHUT, "That is not the passphrase. Try again.\n")
    assert run(home, "staff", "list", "--as", "Ben Okafor")[0] == STORE_SHUT


def test_who_is_taken_off_the_staff_opens_nothing_and_stays_in_the_list(home: Path, code: str) -> None:
    add_ben(home)
    removed = run(home, "staff", "remove", "Ben Okafor", "--as", "Ida Larsen")
    assert removed == (FINE, "Ben Okafor is off the staff, and the key of the store is changed.\n")
    assert run(home, "staff", "list", "--as", "Ben Okafor", by=BENS)[0] == STORE_SHUT
    assert listed(home)["Ben Okafor"] == {
        "name": "Ben Okafor",
        "role": "coordinator",
        "has_left": True,
        "opens_by": [],
    }
    assert [each for each in entries(home) if each.startswith(("staff.", "key."))] == [
        "staff.added",
        "staff.added",
        "staff.added",
        "staff.left",
        "key.changed",
    ]


def test_a_name_that_left_may_be_taken_again_by_somebody_else(home: Path, code: str) -> None:
    add_ben(home)
    assert run(home, "staff", "remove", "Ben Okafor", "--as", "Ida Larsen")[0] == FINE
    again = run(home, "staff", "add", "Ben Okafor", "--role", "pharmacist", gives="nine brown otters swim")
    assert again == (FINE, "Ben Okafor is on the staff as pharmacist.\n")
    assert [each.name for each in _owners(home)] == ["Ida Larsen", "Ben Okafor"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("remove", "Ida Larsen"), "Nobody does that to themselves."),
        (("role", "Ida Larsen", "coordinator"), "Nobody does that to themselves."),
        (("remove", "Zoe Quist"), "There is no Zoe Quist on the staff."),
        (("allow", "Zoe Quist"), "There is no Zoe Quist on the staff."),
    ],
)
def test_what_would_leave_the_shop_without_anybody_is_refused(
    home: Path, code: str, words: tuple[str, ...], says: str
) -> None:
    status, told = run(home, "staff", *words)
    assert status == REFUSED
    assert told.startswith(says)


def test_a_coordinator_changes_nothing_but_their_own_passphrase(home: Path, code: str) -> None:
    add_ben(home)
    status, told = run(home, "staff", "role", "Ben Okafor", "manager", "--as", "Ben Okafor", by=BENS)
    assert (status, told) == (REFUSED, "Adding and removing staff is for a manager.\n")
    words = ("staff", "secret", "Ida Larsen", "--as", "Ben Okafor")
    assert run(home, *words, by=BENS, gives="mine now, all of it")[0] == REFUSED
    words = ("staff", "secret", "Ben Okafor", "--as", "Ben Okafor")
    assert run(home, *words, by=BENS, gives="a wholly other one") == (
        FINE,
        "The new passphrase of Ben Okafor is in use.\n",
    )
    assert run(home, "staff", "list", "--as", "Ben Okafor", by=BENS)[0] == STORE_SHUT
    assert run(home, "staff", "list", "--as", "Ben Okafor", by="a wholly other one")[0] == FINE


def test_a_weak_passphrase_is_refused_and_nobody_is_added(home: Path, code: str) -> None:
    status, told = run(home, "staff", "add", "Ben Okafor", "--role", "coordinator", gives="short")
    assert (status, told) == (
        REFUSED,
        "A passphrase has at least 15 characters; this one has 5. Take a few words.\n",
    )
    assert list(listed(home)) == ["Ida Larsen"]


def test_the_recovery_sheet_lets_somebody_in_who_says_who_and_why(home: Path, code: str) -> None:
    words = ("staff", "add", "Cleo Marsh", "--role", "manager")
    by_sheet = (*words, "--sheet", "the manager is ill", "--as", "Ben Okafor")
    assert run(home, *words, "--sheet", "the manager is ill", by=code)[0] == 2
    assert run(home, *by_sheet, by=code, gives="nine brown otters swim") == (
        FINE,
        "Cleo Marsh is on the staff as manager.\n",
    )
    assert "glass.broken" in entries(home)


def test_the_recovery_sheet_seals_a_list_that_somebody_changed(home: Path, code: str) -> None:
    for name in ("slots.json", "slots.json.2"):
        content = json.loads((home / name).read_text())
        content["slots"].append({"kind": "badge"})
        (home / name).write_text(json.dumps(content))
    words = ("staff", "seal", "--reason", "a stranger was here", "--sheet", "the manager is away", "--as", "Ben Osei")
    status, told = run(home, *words, by=code)
    assert status == FINE, told
    assert [each for each in entries(home) if each in {"slots.sealed", "glass.broken"}] == [
        "slots.sealed",
        "glass.broken",
    ]


def test_a_new_sheet_is_given_out_once_and_the_old_one_opens_nothing(home: Path, code: str, tmp_path: Path) -> None:
    status, told = run(home, "staff", "sheet")
    assert status == FINE
    fresh = next(line.strip() for line in told.splitlines() if line.count("-") == 8)
    assert not isinstance(unlock_by_recovery(home, code), Opened)
    assert isinstance(unlock_by_recovery(home, fresh), Opened)


def test_the_key_of_the_store_is_changed_and_every_secret_stays(home: Path, code: str) -> None:
    add_ben(home)
    before = (home / "store.db").read_bytes()
    assert run(home, "rekey", "--as", "Ida Larsen") == (FINE, "The key of the store is changed.\n")
    assert (home / "store.db").read_bytes()[16:4096] != before[16:4096]
    assert run(home, "staff", "list", "--as", "Ben Okafor", by=BENS)[0] == FINE
    assert isinstance(unlock_by_recovery(home, code), Opened)


def test_a_pin_is_not_to_be_had_where_there_is_no_keyring(home: Path, code: str, monkeypatch: Any) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    status, told = run(home, "staff", "secret", "Ida Larsen", "--pin", gives="385912")
    assert (status, told) == (REFUSED, "This computer has no keyring. Passphrases work without it.\n")
