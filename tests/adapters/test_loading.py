"""Adapters are found by name, ours like anyone's."""

from importlib.metadata import EntryPoint

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

METRC = {"base_url": "https://registry.example", "licence": "PC-1", "zone": "America/Detroit"}


def test_the_adapters_of_this_version_are_installed() -> None:
    assert "metrc" in installed(STATE_SYSTEMS)
    assert "csv" in installed(POINTS_OF_SALE)


def test_an_adapter_is_loaded_by_its_name() -> None:
    assert isinstance(load_state_system("metrc", METRC, {"vendor_key": "a", "user_key": "b"}), Metrc)
    assert isinstance(load_pos("csv", {"folder": ".", "zone": "America/Detroit"}, {}), PosCsv)


def test_an_unknown_name_is_answered_with_those_that_are_known() -> None:
    with pytest.raises(NoSuchAdapter, match=r"There is no adapter “biotrack”. Installed are: .*metrc"):
        load_state_system("biotrack", METRC, {})


def test_an_adapter_that_does_not_load_is_told_without_its_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = EntryPoint("broken", "no_such_module_anywhere:connect", POINTS_OF_SALE)
    monkeypatch.setattr(loading, "entry_points", lambda group: [broken])
    with pytest.raises(NoSuchAdapter, match=r"“broken” does not load \(ModuleNotFoundError\)"):
        load_pos("broken", {}, {})
