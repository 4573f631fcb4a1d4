"""A scenario says what it means or is refused in a sentence; docs/simulator.md tells the truth about it."""

import json
import re
from contextlib import suppress
from dataclasses import fields
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcc_desk.simulator.faults import Does, Fault, Faults
from pcc_desk.simulator.hands import begin
from pcc_desk.simulator.scenario import (
    EVERY,
    OWN,
    SWITCHES,
    Scenario,
    ScenarioRefused,
    parse_fault,
    parse_scenario,
    read_scenario,
)
from pcc_desk.simulator.server import arguments
from pcc_desk.simulator.switches import Switches
from pcc_desk.simulator.systems import load_system
from tests.adapters.outside import CARD, world
from tests.simulator.served import receipt, served

DOCUMENT = (Path(__file__).parents[2] / "docs" / "simulator.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ([], "The scenario must be a table"),
        ({"faults": []}, "The scenario knows no faults"),
        ({"seed": "7"}, "seed is a whole number"),
        ({"seed": True}, "seed is a whole number"),
        ({"switches": {"camel_case": 1}}, "camel_case is true or false, not 1"),
        ({"switches": {"cache_s": True}}, "cache_s is a whole number, not True"),
        ({"switches": {"clock_skew_s": 10**12}}, "clock_skew_s goes from"),
        ({"switches": {"camelcase": True}}, "switches knows no camelcase"),
        ({"fault": {}}, "fault is a list"),
        ({"fault": [{}]}, "Fault 1 must say what it does"),
        ({"fault": [{"does": "hang"}, {"does": "Hang"}]}, "Fault 2 must say what it does"),
        ({"fault": [{"does": ["hang"]}]}, "Fault 1 must say what it does"),
        ({"fault": [{"does": "hang", "seconds": 1}]}, "Fault 1 (hang) knows no seconds"),
        ({"fault": [{"does": "refuse"}]}, "does not say: seconds"),
        ({"fault": [{"does": "refuse", "seconds": -1}]}, "seconds is a number from 0"),
        ({"fault": [{"does": "refuse", "seconds": Decimal("NaN")}]}, "seconds is a number from 0"),
        ({"fault": [{"does": "hang", "route": "/sales"}]}, "route is a method and a path"),
        ({"fault": [{"does": "hang", "route": "FETCH /sales"}]}, "route is a method and a path"),
        ({"fault": [{"does": "hang", "nth": 0}]}, "nth is a whole number from 1"),
        ({"fault": [{"does": "hang", "nth": []}]}, "nth is empty"),
        ({"fault": [{"does": "hang", "chance": 2}]}, "chance is a number from 0 to 1"),
        ({"fault": [{"does": "answer", "status": 99}]}, "status is a whole number from 200"),
        ({"fault": [{"does": "answer", "status": 500, "body": "xml"}]}, "body is one of html, json, empty"),
        ({"fault": [{"does": "answer", "status": 500, "location": "https://x.example"}]}, "a location goes with"),
        ({"fault": [{"does": "answer", "status": 500, "processed": "yes"}]}, "processed is true or false"),
        ({"fault": [{"does": "answer", "status": 302, "location": "a\r\nb"}]}, "location is a text of one line"),
        ({"fault": [{"does": "elsewhere", "card": "x", "label": "y"}]}, "does not say: quantity"),
    ],
)
def test_what_is_not_understood_is_refused_with_its_place(said: Any, words: str) -> None:
    with pytest.raises(ScenarioRefused, match=re.escape(words)):
        parse_scenario(said)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.text() | st.sampled_from([*Does, *SWITCHES]),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(sorted(EVERY)), inner),
    max_leaves=12,
)


@given(JSON | st.fixed_dictionaries({"fault": st.lists(st.fixed_dictionaries({"does": st.sampled_from(list(Does))}))}))
def test_anything_else_is_a_scenario_or_is_refused(said: Any) -> None:
    with suppress(ScenarioRefused):
        assert isinstance(parse_scenario(said), Scenario)


@pytest.mark.parametrize("name", ["s.toml", "s.json"])
def test_a_file_that_is_no_file_or_half_a_file_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with pytest.raises(ScenarioRefused, match="cannot be read"):
        read_scenario(path)
    for content in (b"[[fault]", b"\xff", b"{"):
        path.write_bytes(content)
        with pytest.raises(ScenarioRefused, match="neither TOML nor JSON"):
            read_scenario(path)


def test_toml_and_json_say_the_same(tmp_path: Path) -> None:
    toml, as_json = tmp_path / "s.toml", tmp_path / "s.json"
    toml.write_text('[[fault]]\ndoes = "slow"\nseconds = 0.1\nroute = "GET *"\nnth = 2\n', encoding="utf-8")
    said = {"fault": [{"does": "slow", "seconds": 0.1, "route": "GET *", "nth": [2]}]}
    as_json.write_text(json.dumps(said), encoding="utf-8")
    assert read_scenario(toml) == read_scenario(as_json)
    (fault,) = read_scenario(toml).faults
    assert (fault.seconds, fault.method, fault.path, fault.nth) == (Decimal("0.1"), "GET", "*", frozenset({2}))


@given(
    st.frozensets(st.integers(1, 8), max_size=4),
    st.lists(st.sampled_from(["/a/1", "/a/2", "/b", "/a"]), max_size=12),
)
def test_a_fault_meets_exactly_the_calls_that_it_counts(nth: frozenset[int], calls: list[str]) -> None:
    faults = Faults()
    faults.add(Fault(Does.HANG, method="GET", path="/a/*", nth=nth))
    met = [bool(faults.met("GET", path)) for path in calls]
    assert not any(faults.met("POST", path) for path in calls)
    place = 0
    for path, is_met in zip(calls, met, strict=True):
        place += path.startswith("/a/")
        assert is_met == (path.startswith("/a/") and (not nth or place in nth))


def test_a_path_is_no_pattern_but_for_its_stars() -> None:
    fault = parse_fault({"does": "hang", "route": "GET /a.c/[x]/*"})
    assert fault.is_about("GET", "/a.c/[x]/y/z", "")
    assert not fault.is_about("GET", "/abc/[x]/y", "")
    assert not fault.is_about("GET", "/a.c/x/y", "")


@given(st.integers(0, 2**32), st.integers(0, 100))
def test_chance_is_the_same_for_the_same_seed_and_keeps_to_its_ends(seed: int, percent: int) -> None:
    def drawn(chance: Decimal) -> list[bool]:
        faults = Faults(seed)
        faults.add(Fault(Does.HANG, chance=chance))
        return [bool(faults.met("GET", "/")) for _ in range(20)]

    assert drawn(Decimal(percent) / 100) == drawn(Decimal(percent) / 100)
    assert not any(drawn(Decimal(0)))
    assert all(drawn(Decimal(1)))


# The document


async def test_the_example_of_the_document_does_what_it_says(tmp_path: Path) -> None:
    (example,) = re.findall(r"<!-- example: scenario -->\n```toml\n(.*?)```", DOCUMENT, re.DOTALL)
    path = tmp_path / "bad-day.toml"
    path.write_text(example, encoding="utf-8")
    async with served(world()) as outside:
        begin(outside.world, load_system("metrc"), read_scenario(path), 1)
        standing = (await outside.client.get(f"/patients/v2/statuses/{CARD}")).json()[0]
        assert standing["FlowerOuncesAvailable"] == 2.5
        over = await outside.post("PCC-1", Transactions=receipt(grams=60)["Transactions"])
        assert over.status_code == 400, "another shop sold in between"
        with pytest.raises(httpx.ReadError):
            await outside.post("PCC-2")
        found = [await outside.client.get("/sales/v2/receipts/external/PCC-2") for _ in range(3)]
        assert [each.status_code for each in found] == [429, 429, 200]
        assert found[0].headers["retry-after"] == "3"
        packages = [(await outside.client.get("/packages/v2/active")).status_code for _ in range(3)]
        assert packages == [200, 200, 401]


def rows(heading: str) -> dict[str, str]:
    section = DOCUMENT.partition(f"{heading}\n")[2].partition("\n#")[0]
    found: dict[str, str] = {}
    for line in section.splitlines():
        if line.startswith("| `"):
            names, value = line.split("|")[1:3]
            found |= dict.fromkeys(re.findall(r"`([^`]+)`", names), value.strip())
    return found


def test_the_document_names_every_switch_with_its_beginning_and_every_fault_with_its_needs() -> None:
    usual = {each.name: str(each.default).lower() for each in fields(Switches)}
    assert rows("### Switches") == usual
    needed = {each.value: {f"`{name}`" for name in needs} for each, (needs, _) in OWN.items()}
    assert {does: set(re.findall(r"`[^`]+`", said)) for does, said in rows("### What befalls them").items()} == needed
    may = {name for _, more in OWN.values() for name in more}
    assert all(f"`{name}`" in DOCUMENT for name in may | EVERY)


def test_the_document_names_every_option() -> None:
    options = {option for each in arguments()._actions for option in each.option_strings if option.startswith("--")}
    assert {f"--{name.partition(' ')[0].lstrip('-')}" for name in rows("```")} == options - {"--help"}
