"""Setting a shop up: what is asked, what is refused, and what lies in the folder afterwards."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from pcc_desk.cli import desk
from pcc_desk.desk.ports import Ledger
from pcc_desk.domain.people import Person, Role
from pcc_desk.domain.shop import Shop
from pcc_desk.home import SETTINGS_FILE
from pcc_desk.settings import load_settings
from pcc_desk.setup.making import CannotSetUp, set_up
from pcc_desk.setup.questions import QUESTIONS, AnswersRefused, parse_answers
from pcc_desk.store.engine import EncryptedStore
from pcc_desk.store.vault import Cost, Opened, owners, unlock, unlock_by_recovery

PASSPHRASE = "birch wood relief desk"
VENDOR_KEY = "vendor-KEY-0417"
USER_KEY = "user-KEY-2231"

PLAIN = {
    "shop_name": "Birchwood Relief",
    "licence": "PC-000911",
    "jurisdiction": "mi",
    "zone": "America/Detroit",
    "person_name": "Ida  Larsen",
    "passphrase": PASSPHRASE,
}
CONNECTED = PLAIN | {
    "role": "manager",
    "state_system": "metrc",
    "state_url": "https://registry.example/",
    "vendor_key": VENDOR_KEY,
    "user_key": USER_KEY,
}


def made(home: Path, given: dict[str, str]) -> Path:
    set_up(home, parse_answers(json.dumps(given).encode()), Cost())
    return home


def opened(home: Path) -> EncryptedStore:
    vault = unlock(home, PASSPHRASE)
    assert isinstance(vault, Opened)
    return EncryptedStore.open(home, vault)


def refusal(given: object) -> str:
    with pytest.raises(AnswersRefused) as caught:
        parse_answers(json.dumps(given).encode())
    return str(caught.value)


def test_a_shop_that_was_set_up_opens_with_its_passphrase(home: Path) -> None:
    store = opened(made(home, PLAIN))
    try:
        shop = store.read_now(lambda ledger: ledger.shop())
    finally:
        store.close()
    assert shop == Shop("Birchwood Relief", "PC-000911", "MI", "America/Detroit", "counter-1")


def test_the_first_person_is_on_the_staff_and_has_a_slot(home: Path) -> None:
    store = opened(made(home, CONNECTED))
    (of_slots,) = owners(home)

    def of_record(ledger: Ledger) -> object:
        return ledger.person(of_slots.id)

    try:
        assert store.read_now(of_record) == Person(of_slots.id, "Ida Larsen", Role.MANAGER)
    finally:
        store.close()
    assert of_slots.name == "Ida Larsen"


async def test_the_settings_name_the_connections_and_the_store_keeps_their_keys(home: Path) -> None:
    store = opened(made(home, CONNECTED))
    try:
        keys = await store.credentials("metrc")
    finally:
        store.close()
    assert keys == {"vendor_key": VENDOR_KEY, "user_key": USER_KEY}
    settings = load_settings(home)
    assert settings.state_system is not None
    assert (settings.state_system.adapter, settings.state_system.base_url) == ("metrc", "https://registry.example")
    assert settings.pos is None


def test_no_secret_lies_in_the_folder_in_clear(home: Path) -> None:
    made(home, CONNECTED)
    files = [path for path in home.rglob("*") if path.is_file()]
    assert files
    for path in files:
        content = path.read_bytes()
        assert not any(secret.encode() in content for secret in (PASSPHRASE, VENDOR_KEY, USER_KEY)), path


def test_only_the_owner_can_reach_what_was_made(home: Path) -> None:
    before = os.umask(0)
    try:
        made(home, CONNECTED)
    finally:
        os.umask(before)
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    for path in home.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_a_folder_that_holds_a_shop_is_not_touched(home: Path) -> None:
    made(home, PLAIN)
    before = {path: path.read_bytes() for path in home.iterdir()}
    with pytest.raises(CannotSetUp, match=r"set up in .* already"):
        made(home, CONNECTED)
    assert {path: path.read_bytes() for path in home.iterdir()} == before


def test_a_folder_that_holds_something_else_is_not_touched(home: Path) -> None:
    home.mkdir()
    (home / "holiday.txt").write_text("sea")
    with pytest.raises(CannotSetUp, match="holds something else"):
        made(home, PLAIN)
    assert [path.name for path in home.iterdir()] == ["holiday.txt"]


def test_an_empty_folder_is_taken(home: Path) -> None:
    home.mkdir(mode=0o755)
    made(home, PLAIN)
    assert (home / SETTINGS_FILE).is_file()
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_a_set_up_that_fails_half_way_leaves_nothing_and_the_next_one_works(home: Path) -> None:
    half = parse_answers(json.dumps(CONNECTED).encode())
    with pytest.raises(KeyError):
        set_up(home, {key: answer for key, answer in half.items() if key != "user_key"})
    assert list(home.parent.iterdir()) == []
    opened(made(home, CONNECTED)).close()


def test_what_a_power_cut_left_behind_does_not_block_the_next_set_up(home: Path) -> None:
    left = home.with_name(f".{home.name}.unfinished")
    left.mkdir()
    (left / "slots.json").write_text("{")
    opened(made(home, PLAIN)).close()
    assert [path.name for path in home.parent.iterdir()] == [home.name]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"shop_name": " "}, "“shop_name”: something must be written here"),
        ({"shop_name": "a\u202eb"}, "“shop_name”: it holds characters that cannot be seen"),
        ({"jurisdiction": "ZZ"}, "“jurisdiction”: there are no rules for “ZZ”; there are rules for AK, AL"),
        ({"zone": "Detroit"}, "“zone”: “Detroit” is no time zone"),
        ({"role": "owner"}, "“role”: a role is one of coordinator"),
        ({"passphrase": "too short"}, "“passphrase”: "),
        ({"state_system": "biotrack"}, "“state_system”: write metrc, or manual where people read the state's page"),
        ({"state_url": "http://registry.example"}, "“state_url”: an address outside this computer"),
        ({"vendor_key": ""}, "“vendor_key”: the key is empty"),
        ({"user_key": "two words"}, "“user_key”: a key is one word"),
        ({"user_key": 7}, "“user_key” is not text"),
        ({"pos_folder": "exports"}, "“pos_folder”: write the whole path"),
        ({"pos_folder": "/nowhere/at/all"}, "“pos_folder”: there is no folder /nowhere/at/all"),
        ({"colour": "blue"}, "“colour” is no question"),
    ],
)
def test_an_answer_that_is_wrong_is_named(change: dict[str, object], complaint: str) -> None:
    assert complaint in refusal(CONNECTED | change)


def test_the_help_says_as_what_the_first_person_is_put_on_the_staff_when_nobody_says_it() -> None:
    (role,) = (each for each in QUESTIONS if each.key == "role")
    told = CliRunner().invoke(desk, ["setup", "--help"]).output
    assert f"role            {role.proposal} when left out" in told


def test_every_wrong_answer_is_named_at_once_and_missing_ones_too() -> None:
    said = refusal({"zone": "Detroit", "colour": "blue"})
    for key in ("shop_name", "licence", "jurisdiction", "person_name", "passphrase"):
        assert f"“{key}” is missing" in said
    assert "“zone”: “Detroit” is no time zone" in said
    assert "“colour” is no question" in said


async def test_where_nothing_is_said_people_read_the_states_page_and_no_key_is_kept(home: Path) -> None:
    store = opened(made(home, PLAIN))
    try:
        assert await store.credentials("manual") == {}
    finally:
        store.close()
    settings = load_settings(home)
    assert settings.state_system is not None
    assert settings.state_system.connection() == {"name": "State page"}
    assert settings.state_system.adapter == "manual"


def test_the_page_that_people_read_has_the_name_that_they_give_it(home: Path) -> None:
    settings = load_settings(made(home, PLAIN | {"state_system": "manual", "state_page": "OARRS"}))
    assert settings.state_system is not None
    assert settings.state_system.name == "OARRS"
    assert "“state_page” has no place without manual" in refusal(CONNECTED | {"state_page": "OARRS"})


def test_a_shop_may_have_no_state_system_yet(home: Path) -> None:
    assert load_settings(made(home, PLAIN | {"state_system": "none"})).state_system is None


def test_keys_without_a_state_system_have_no_place() -> None:
    assert "“vendor_key” has no place without metrc" in refusal(PLAIN | {"vendor_key": VENDOR_KEY})


@pytest.mark.parametrize("content", [b"", b"[]", b"3", b"{", b"\xff", b'{"a":' * 60_000])
def test_answers_that_are_no_json_object_are_a_sentence(content: bytes) -> None:
    with pytest.raises(AnswersRefused, match="as in pcc-desk setup --help"):
        parse_answers(content)


@given(
    wrong=st.fixed_dictionaries({}, optional={question.key: st.text(max_size=30) for question in QUESTIONS}),
)
def test_no_refusal_repeats_a_secret(wrong: dict[str, str]) -> None:
    secrets = {key: f"s3cret\t{key}" for key in ("passphrase", "vendor_key", "user_key")}
    said = refusal(CONNECTED | wrong | secrets | {"colour": "blue"})
    assert not any(secret in said for secret in secrets.values())


def run_setup(home: Path, content: bytes) -> subprocess.CompletedProcess[str]:
    reading, writing = os.pipe()
    try:
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(content)
        command = [sys.executable, "-m", "pcc_desk", "--home", str(home), "setup", "--answers-fd", str(reading)]
        return subprocess.run(
            command, pass_fds=(reading,), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
    finally:
        os.close(reading)


def test_a_shop_is_set_up_without_a_screen(home: Path) -> None:
    done = run_setup(home, json.dumps(CONNECTED).encode())
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith(f"The shop is set up in {home}. Open it with pcc-desk.\n")
    opened(home).close()
    code = next(line.strip() for line in done.stdout.splitlines() if line.count("-") == 8)
    assert isinstance(unlock_by_recovery(home, code), Opened)


def test_wrong_answers_without_a_screen_end_in_status_1_and_make_nothing(home: Path) -> None:
    done = run_setup(home, json.dumps(PLAIN | {"zone": "Detroit"}).encode())
    assert done.returncode == 1
    assert done.stderr.startswith("Nothing was set up: “zone”")
    assert list(home.parent.iterdir()) == []


def test_a_descriptor_that_is_not_open_is_wrong_usage(home: Path) -> None:
    command = [sys.executable, "-m", "pcc_desk", "--home", str(home), "setup", "--answers-fd", "9"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "File descriptor 9 cannot be read" in done.stderr


@pytest.mark.parametrize(
    ("given", "options", "keys"),
    [
        ({"pos": "dutchie", "pos_location_key": "loc-KEY-1"}, {}, {"location_key": "loc-KEY-1"}),
        (
            {"pos": "flowhub", "pos_client_id": "client-1", "pos_key": "key-1", "pos_location": "Main  Street"},
            {"location": "Main Street"},
            {"client_id": "client-1", "key": "key-1"},
        ),
        (
            {
                "pos": "cova", "pos_company": "293892", "pos_location": "293894", "pos_client_id": "c",
                "pos_client_secret": "s", "pos_username": "desk@shop.example", "pos_password": "a b",
            },
            {"company": "293892", "location": "293894"},
            {"client_id": "c", "client_secret": "s", "username": "desk@shop.example", "password": "a b"},
        ),
    ],
    ids=["dutchie", "flowhub", "cova"],
)  # fmt: skip
def test_a_point_of_sale_is_connected_with_its_keys_in_the_store_only(
    home: Path, given: dict[str, str], options: dict[str, str], keys: dict[str, str]
) -> None:
    import asyncio

    made(home, PLAIN | given)
    pos = load_settings(home).pos
    assert pos is not None
    assert (pos.adapter, pos.folder, pos.options) == (given["pos"], None, options)
    store = opened(home)
    try:
        assert asyncio.run(store.credentials(given["pos"])) == keys
    finally:
        store.close()
    written = (home / SETTINGS_FILE).read_text(encoding="utf-8")
    assert not any(each in written for each in keys.values() if len(each) > 3)


def test_what_a_point_of_sale_is_not_asked_has_no_place() -> None:
    assert "“pos_location_key” is missing" in refusal(PLAIN | {"pos": "dutchie"})
    assert "“pos_location_key” has no place without dutchie" in refusal(PLAIN | {"pos_location_key": "k"})
    assert "“pos_folder” has no place without csv" in refusal(PLAIN | {"pos": "none", "pos_folder": ""})
    assert "“pos_company”: that is no number" in refusal(PLAIN | {"pos": "cova", "pos_company": "x"})
