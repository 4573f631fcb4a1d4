"""`pcc-desk adapters`, as somebody types it."""

import json
from collections.abc import Callable, Mapping
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from pcc_desk.adapters import loading
from pcc_desk.adapters.loading import POINTS_OF_SALE, STATE_SYSTEMS
from pcc_desk.adapters.pos import csv
from pcc_desk.adapters.state import manual, metrc
from pcc_desk.cli import FINE, REFUSED, main
from pcc_desk.commands import adapters as command
from pcc_desk.domain.capabilities import Call
from pcc_desk.settings import PosSettings, Settings, ShopSettings, StateSystemSettings, save_settings

Ask = Callable[..., tuple[int, str]]

OURS = {
    STATE_SYSTEMS: [("manual", manual.__name__), ("metrc", metrc.__name__)],
    POINTS_OF_SALE: [("csv", csv.__name__)],
}


@pytest.fixture
def ask(home: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    def run(*arguments: str) -> tuple[int, str]:
        status = main(["--home", str(home), "adapters", *arguments])
        said = capsys.readouterr()
        return status, said.out + said.err

    return run


def install(monkeypatch: pytest.MonkeyPatch, *others: EntryPoint) -> None:
    """Let these be installed beside some of ours, whatever else is in this environment."""

    def entry_points(group: str) -> list[EntryPoint]:
        ours = [EntryPoint(name, f"{module}:connect", group) for name, module in OURS[group]]
        return [*ours, *(each for each in others if each.group == group)]

    monkeypatch.setattr(command, "entry_points", entry_points)
    monkeypatch.setattr(loading, "entry_points", entry_points)


def shop(home: Path, *, state: StateSystemSettings | None = None, pos: PosSettings | None = None) -> None:
    home.mkdir()
    birchwood = ShopSettings(name="Birchwood", licence="PC-1", jurisdiction="MI", zone="America/Detroit")
    save_settings(home, Settings(shop=birchwood, state_system=state, pos=pos))


def document(ask: Ask) -> tuple[int, dict[str, Any]]:
    status, said = ask("--json")
    found = json.loads(said)
    assert found["schema"] == "adapters/1"
    return status, {each["name"]: each for each in found["adapters"]}


def test_what_is_installed_in_this_environment_is_listed_with_its_package(ask: Ask) -> None:
    _, found = document(ask)
    assert (found["metrc"]["package"], found["metrc"]["kind"]) == ("pcc-desk", "state system")
    assert (found["csv"]["package"], found["csv"]["kind"]) == ("pcc-desk", "point of sale")
    assert found["metrc"]["version"]


def test_each_says_what_it_offers_without_a_connection(monkeypatch: pytest.MonkeyPatch, ask: Ask) -> None:
    install(monkeypatch)
    status, found = document(ask)
    assert status == FINE
    assert {each["call"]: each["is_offered"] for each in found["metrc"]["offers"]} == dict.fromkeys(Call, True)
    by_hand = {each["call"]: each for each in found["manual"]["offers"]}
    assert [call for call, each in by_hand.items() if each["is_offered"]] == [Call.STANDING, Call.CAREGIVER, Call.POST]
    assert by_hand["void"]["why"] == "no program asks State page; void the receipt there"


def test_in_words_what_is_offered_alike_stands_together(monkeypatch: pytest.MonkeyPatch, ask: Ask) -> None:
    install(monkeypatch)
    status, said = ask()
    assert status == FINE
    assert "offers standing: by hand: read it in State page and type it" in said
    assert "offers standing, caregiver, post, find posted, correct, void, posted on, stock: METRC's documents" in said


def test_what_the_shop_uses_is_marked_and_asked_by_the_shops_name(
    monkeypatch: pytest.MonkeyPatch, home: Path, ask: Ask
) -> None:
    install(monkeypatch)
    shop(
        home,
        state=StateSystemSettings(adapter="manual", name="OARRS"),
        pos=PosSettings(adapter="csv", name="POS", folder="/srv/x"),
    )
    _, found = document(ask)
    assert {name: each["is_used"] for name, each in found.items()} == {"manual": True, "metrc": False, "csv": True}
    assert "OARRS" in found["manual"]["offers"][0]["why"]
    assert "the shop's own" in ask()[1]


def test_one_that_does_not_load_is_listed_with_why_and_without_its_own_words(
    monkeypatch: pytest.MonkeyPatch, ask: Ask
) -> None:
    install(monkeypatch, EntryPoint("broken", "no_such_module_anywhere:connect", STATE_SYSTEMS))
    status, found = document(ask)
    assert status == REFUSED
    assert not found["broken"]["loads"]
    assert found["broken"]["why_not"].startswith("The adapter “broken” does not load (ModuleNotFoundError)")
    assert found["metrc"]["loads"]
    status, said = ask()
    assert status == REFUSED
    assert "anywhere" not in said


def test_one_that_cannot_say_what_it_offers_is_listed_all_the_same(monkeypatch: pytest.MonkeyPatch, ask: Ask) -> None:
    install(monkeypatch, EntryPoint("shy", f"{__name__}:shy", STATE_SYSTEMS))
    status, found = document(ask)
    assert status == FINE
    assert found["shy"]["offers"] == []
    assert "says what it offers when it is connected" in ask()[1]


def shy(settings: Mapping[str, str], credentials: Mapping[str, str]) -> object:
    """Connect to nothing that could be asked."""
    raise RuntimeError(f"no session in {settings}")


def test_settings_that_are_wrong_are_told_below_the_list(monkeypatch: pytest.MonkeyPatch, home: Path, ask: Ask) -> None:
    install(monkeypatch)
    home.mkdir()
    (home / "settings.toml").write_text("theme = 7\n", encoding="utf-8")
    status, said = ask()
    assert status == REFUSED
    assert "manual" in said
    assert "settings.toml" in said.splitlines()[-1]


def test_each_point_of_sale_says_what_it_offers(ask: Ask) -> None:
    _, found = document(ask)
    offered = {
        name: {each["call"] for each in found[name]["offers"] if each["is_offered"]}
        for name in ("csv", "dutchie", "flowhub", "cova")
    }
    assert offered == {
        "csv": {"sales", "prices"},
        "dutchie": {"sales", "closing", "stock", "queue", "prices"},
        "flowhub": {"sales", "stock", "prices"},
        "cova": {"sales", "stock"},
    }
    assert "offers queue: for keys with the role Customer; hidden rooms are not in it" in ask()[1]
