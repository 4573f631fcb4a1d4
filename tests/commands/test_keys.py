"""`pcc-desk keys`: the keys of a state system are entered and replaced without a word of them anywhere."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from pcc_desk.adapters.keys import names_of, takes
from pcc_desk.adapters.loading import STATE_SYSTEMS, find
from pcc_desk.cli import FINE, REFUSED, STORE_SHUT, main
from pcc_desk.domain import entries as happened
from pcc_desk.domain.people import Role
from pcc_desk.settings import PosSettings, Settings, ShopSettings, StateSystemSettings, load_settings, save_settings
from pcc_desk.store.engine import EncryptedStore
from pcc_desk.store.vault import Opened, create_vault, unlock
from tests.conversation import Conversation
from tests.fakes import ANA, NOON, SHOP
from tests.store.stores import ledger_of, put

PASSPHRASE = "open the counter now"
LEAF = StateSystemSettings(adapter="leafdata", name="Leaf Data", base_url="https://registry.example/api/v1")


def shop_with(home: Path, system: StateSystemSettings | None, role: Role = Role.MANAGER) -> None:
    """Make the data folder of a shop with a state system, of which no key is known."""
    store = EncryptedStore.make(home, create_vault(home, ANA, PASSPHRASE), NOON)
    put(ledger_of(store), happened.ShopOpened(SHOP), happened.StaffAdded(replace(ANA, role=role)))
    store.close()
    shop = ShopSettings(name=SHOP.name, licence=SHOP.licence, jurisdiction=SHOP.jurisdiction, zone=SHOP.zone)
    save_settings(home, Settings(shop=shop, state_system=system))


def kept(home: Path, system: str) -> tuple[dict[str, str], list[str]]:
    """Return the keys of a system, and what the journal tells of any."""
    opened = unlock(home, PASSPHRASE)
    assert isinstance(opened, Opened)
    store = EncryptedStore.open(home, opened)
    try:
        bodies = "SELECT body FROM journal WHERE name = 'keys.kept' ORDER BY seq"
        told = store.on_connection(lambda it: [str(body) for (body,) in it.execute(bodies).fetchall()])
        return asyncio.run(store.credentials(system)), told
    finally:
        store.close()


def test_a_coordinator_enters_no_keys_and_is_told_so_before_any_is_typed(tmp_path: Path) -> None:
    shop_with(tmp_path, LEAF, Role.COORDINATOR)
    with Conversation(tmp_path, "keys") as asked:
        asked.hear("Passphrase")
        asked.say(PASSPHRASE)
        asked.hear("Entering keys of systems is for an inventory manager or manager.")
        assert asked.end() != FINE
        assert "not shown" not in asked.said
    assert kept(tmp_path, "leafdata") == ({}, [])


def test_keys_are_typed_unseen_and_one_that_is_left_empty_stays(tmp_path: Path) -> None:
    shop_with(tmp_path, LEAF)
    with Conversation(tmp_path, "keys") as first:
        first.hear("Passphrase")
        first.say(PASSPHRASE)
        first.hear("Leaf Data, key (not shown; empty: left out)")
        first.say("leaf-KEY-2231")
        first.hear("Leaf Data, mme_code (not shown; empty: left out)")
        first.say("WAR000417")
        first.hear("the keys' last day, such as 2027-01-31 (empty: left out)")
        first.say("31.1.2027")
        first.hear("“31.1.2027” is no day. Type year, month and day: 2027-01-31.")
        first.say("2027-01-31")
        first.hear("kept")
        assert first.end() == FINE
    assert kept(tmp_path, "leafdata")[0] == {"key": "leaf-KEY-2231", "mme_code": "WAR000417", "key_ends": "2027-01-31"}
    with Conversation(tmp_path, "keys") as second:
        second.hear("Passphrase")
        second.say(PASSPHRASE)
        second.hear("key (not shown; empty: stays as it is)")
        second.say("leaf-KEY-" + "9" * 500)
        second.hear("A key is one line of at most 500 characters. Copy it anew.")
        second.hear("key (not shown; empty: stays as it is)")
        second.say("leaf-KEY-9007")
        second.hear("mme_code (not shown; empty: stays as it is)")
        second.say("")
        second.hear("last day, such as 2027-01-31 (empty: stays as it is)")
        second.say("2028-02-29")
        second.hear("mme_code  kept")
        second.hear("key_ends  2028-02-29")
        assert second.end() == FINE
    now, told = kept(tmp_path, "leafdata")
    assert now == {"key": "leaf-KEY-9007", "mme_code": "WAR000417", "key_ends": "2028-02-29"}
    assert len(told) == 2
    for secret in ("leaf-KEY", "WAR000417"):
        assert secret not in first.said + second.said + "".join(told)
    assert "mme_code" in told[0]
    assert "mme_code" not in told[1]


def test_what_is_kept_is_told_without_asking(tmp_path: Path) -> None:
    shop_with(tmp_path, LEAF)
    with Conversation(tmp_path, "keys", "--check") as talk:
        talk.hear("Passphrase")
        talk.say(PASSPHRASE)
        talk.hear("key       not entered")
        talk.hear("mme_code  not entered")
        assert talk.end() == FINE
    assert kept(tmp_path, "leafdata") == ({}, [])


def test_another_passphrase_enters_nothing(tmp_path: Path) -> None:
    shop_with(tmp_path, LEAF)
    with Conversation(tmp_path, "keys") as talk:
        talk.hear("Passphrase")
        talk.say("another passphrase")
        talk.hear("That is not the passphrase.")
        assert talk.end() == STORE_SHUT


@pytest.mark.parametrize(
    ("system", "status", "words"),
    [
        (None, REFUSED, "This shop has no state system. Name one in [state_system] of the settings file."),
        (StateSystemSettings(adapter="manual", name="State page"), FINE, "State page needs no keys"),
        (StateSystemSettings(adapter="ourstate", name="Ours"), REFUSED, "There is no adapter “ourstate”."),
    ],
    ids=["none", "by hand", "not installed"],
)
def test_where_there_is_nothing_to_enter_nobody_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], system: StateSystemSettings | None, status: int, words: str
) -> None:
    shop_with(tmp_path, system)
    assert main(["--home", str(tmp_path), "keys"]) == status
    told = capsys.readouterr()
    assert words in told.out + told.err


def test_every_adapter_says_by_which_names_it_takes_its_keys() -> None:
    names = {each: names_of(find(STATE_SYSTEMS, each)) for each in ("metrc", "biotrack", "leafdata", "manual")}
    assert names == {
        "metrc": ("vendor_key", "user_key", "key_ends"),
        "biotrack": ("company", "username", "password", "key_ends"),
        "leafdata": ("key", "mme_code", "key_ends"),
        "manual": (),
    }


def test_an_adapter_of_another_package_may_say_them_too() -> None:
    @takes("token")
    def connect() -> None:
        """Connect."""

    assert names_of(connect) == ("token",)
    assert names_of(print) == ()


def test_the_keys_of_a_point_of_sale_are_entered_after_those_of_the_state_system(tmp_path: Path) -> None:
    shop_with(tmp_path, LEAF)
    pos = PosSettings(adapter="dutchie", name="Dutchie")
    save_settings(tmp_path, load_settings(tmp_path).model_copy(update={"pos": pos}))
    with Conversation(tmp_path, "keys") as asked:
        asked.hear("Passphrase")
        asked.say(PASSPHRASE)
        for name in ("Leaf Data, key", "mme_code", "last day"):
            asked.hear(name)
            asked.say("")
        asked.hear("Dutchie, location_key (not shown; empty: left out)")
        asked.say("loc-KEY-2231")
        asked.hear("integrator_key")
        asked.say("")
        asked.hear("last day")
        asked.say("")
        asked.hear("Dutchie:")
        asked.hear("location_key    kept")
        assert asked.end() == FINE
        assert "loc-KEY" not in asked.said
    assert kept(tmp_path, "dutchie")[0] == {"location_key": "loc-KEY-2231"}


def test_a_shop_with_reports_only_needs_no_keys(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shop_with(tmp_path, StateSystemSettings(adapter="manual", name="OARRS"))
    pos = PosSettings(adapter="csv", name="POS", folder="/srv/x")
    save_settings(tmp_path, load_settings(tmp_path).model_copy(update={"pos": pos}))
    assert main(["--home", str(tmp_path), "keys"]) == FINE
    assert "POS needs no keys (adapter “csv”)." in capsys.readouterr().out
