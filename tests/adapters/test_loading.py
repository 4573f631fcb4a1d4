"""Adapters are found by name, ours like anyone's; one that does not fit is told before anything rests on it."""

from collections.abc import Mapping
from importlib.metadata import EntryPoint
from types import SimpleNamespace

import pytest

from pcc_desk.adapters import loading
from pcc_desk.adapters.loading import (
    POINTS_OF_SALE,
    STATE_SYSTEMS,
    NoSuchAdapter,
    installed,
    load_pos,
    load_state_system,
)
from pcc_desk.adapters.pos.csv import PosCsv
from pcc_desk.adapters.state.metrc import Metrc
from pcc_desk.desk.ports_outside import PointOfSale
from tests.fakes import FixedClock
from tests.fakes_outside import FakePos, FakeStateSystem

METRC = {"base_url": "https://registry.example", "licence": "PC-1", "zone": "America/Detroit"}
KEYS = {"vendor_key": "vendor-KEY-0417", "user_key": "user-KEY-2231"}


def somebodys(monkeypatch: pytest.MonkeyPatch, connect: object) -> None:
    """Install an adapter of somebody else's, for both groups."""
    there = SimpleNamespace(name="theirs", load=lambda: connect)
    monkeypatch.setattr(loading, "entry_points", lambda group: [there])


def test_the_adapters_of_this_version_are_installed() -> None:
    assert {"manual", "metrc"} <= set(installed(STATE_SYSTEMS))
    assert "csv" in installed(POINTS_OF_SALE)


def test_an_adapter_is_loaded_by_its_name() -> None:
    assert isinstance(load_state_system("metrc", METRC, KEYS), Metrc)
    assert isinstance(load_pos("csv", {"folder": ".", "zone": "America/Detroit"}, {}), PosCsv)


def test_a_page_that_people_read_needs_a_name_at_most() -> None:
    assert load_state_system("manual", {"name": "OARRS"}, {}).name == "OARRS"
    assert load_state_system("manual", {}, {}).name == "State page"


def test_the_settings_give_an_adapter_its_name_and_its_categories() -> None:
    named = {**METRC, "name": "State tracker", "categories": '{"Buds": "flower"}'}
    assert load_state_system("metrc", named, KEYS).name == "State tracker"


def test_somebodys_adapter_is_handed_its_settings_and_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Mapping[str, str]] = []

    def connect(settings: Mapping[str, str], credentials: Mapping[str, str]) -> FakeStateSystem:
        seen.extend((settings, credentials))
        return FakeStateSystem(FixedClock())

    somebodys(monkeypatch, connect)
    assert load_state_system("theirs", METRC, KEYS).name == "METRC"
    assert seen == [METRC, KEYS]


@pytest.mark.parametrize("name", ["biotrak", "", "METRC", "csv"])
def test_an_unknown_name_is_answered_with_those_that_are_known(name: str) -> None:
    with pytest.raises(NoSuchAdapter, match=rf"There is no adapter “{name}”. Installed are: .*metrc"):
        load_state_system(name, METRC, {})


def test_where_nothing_is_installed_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "entry_points", lambda group: [])
    with pytest.raises(NoSuchAdapter, match="Installed are: none"):
        load_pos("csv", {}, {})


@pytest.mark.parametrize("place", ["no_such_module_anywhere:connect", "pcc_desk.adapters.pos.csv:no_such_name"])
def test_an_adapter_that_does_not_load_is_told_without_its_own_words(
    monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    broken = EntryPoint("broken", place, POINTS_OF_SALE)
    monkeypatch.setattr(loading, "entry_points", lambda group: [broken])
    with pytest.raises(NoSuchAdapter, match=r"“broken” does not load \((ModuleNotFound|Attribute)Error\)") as told:
        load_pos("broken", {}, {})
    assert "anywhere" not in str(told.value)


def test_a_setting_that_an_adapter_needs_and_does_not_find_is_named() -> None:
    with pytest.raises(NoSuchAdapter, match="“csv” needs the setting “folder”"):
        load_pos("csv", {"zone": "America/Detroit"}, {})


@pytest.mark.parametrize(
    "wrong", [{"base_url": "http://registry.example"}, {"zone": "Nowhere/Town"}, {"categories": "not JSON"}], ids=str
)
def test_settings_that_an_adapter_cannot_use_are_told_in_a_sentence(wrong: dict[str, str]) -> None:
    with pytest.raises(NoSuchAdapter, match="“metrc” cannot work with its settings"):
        load_state_system("metrc", {**METRC, **wrong}, KEYS)


def test_no_credential_is_told_along(monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(settings: Mapping[str, str], credentials: Mapping[str, str]) -> FakePos:
        raise RuntimeError(f"cannot sign in with {credentials}")

    somebodys(monkeypatch, connect)
    with pytest.raises(NoSuchAdapter) as told:
        load_state_system("theirs", METRC, KEYS)
    assert not any(key in str(told.value) for key in KEYS.values())
    assert told.value.__cause__ is None


def test_an_adapter_that_does_not_speak_the_port_is_not_let_in(monkeypatch: pytest.MonkeyPatch) -> None:
    somebodys(monkeypatch, lambda settings, credentials: FakePos())
    with pytest.raises(NoSuchAdapter, match=r"“theirs” is no state system: it lacks caregiver, correct, find_posted"):
        load_state_system("theirs", METRC, KEYS)
    pos: PointOfSale = load_pos("theirs", {}, {})
    assert pos.name == "POS export"


@pytest.mark.parametrize("connection", [None, 7, SimpleNamespace(name="POS", sales="yes", prices=None)], ids=repr)
def test_what_is_no_connection_at_all_is_not_let_in(monkeypatch: pytest.MonkeyPatch, connection: object) -> None:
    somebodys(monkeypatch, lambda settings, credentials: connection)
    with pytest.raises(
        NoSuchAdapter, match=r"“theirs” is no point of sale: it lacks capabilities, close, closing, .*sales, stock"
    ):
        load_pos("theirs", {}, {})


def test_what_cannot_be_called_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    somebodys(monkeypatch, "connect")
    with pytest.raises(NoSuchAdapter, match="“theirs” cannot work with its settings"):
        load_pos("theirs", {}, {})
