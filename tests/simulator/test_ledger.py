"""Everything that was accepted is written down once, whatever happened to the answer or to the program."""

import json
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from pcc_desk.simulator import keeping
from pcc_desk.simulator.make_training import SEED
from pcc_desk.simulator.server import create_app, make_world
from pcc_desk.simulator.world import World
from tests.adapters.outside import ADDRESS, CARD, DREAM, KEYS, NOW, world
from tests.simulator.served import LICENCE, receipt, served


def noted(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def kept(tmp_path: Path) -> World:
    made = world(tmp_path)
    made.ledger = tmp_path / "ledger.jsonl"
    return made


@pytest.fixture
async def client(kept: World) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=create_app(kept, None))
    async with httpx.AsyncClient(transport=transport, base_url=ADDRESS, auth=KEYS, params=LICENCE) as client:
        yield client


def again(kept: World, now_later: timedelta = timedelta(0)) -> World:
    """Return the world after a restart."""
    assert kept.file is not None
    made = make_world(kept.file.parent, SEED, NOW + now_later, other_days=True)
    made.ledger = kept.ledger
    return made


async def test_each_accepted_write_is_a_line_with_what_it_said(kept: World, client: httpx.AsyncClient) -> None:
    (number,) = (await client.post("/sales/v2/receipts", json=[receipt("PCC-1")])).json()["Ids"]
    await client.put("/sales/v2/receipts", json=[receipt("PCC-1", 2, Id=number)])
    await client.put("/sales/v2/receipts/finalize", json=[{"Id": number}])
    await client.put("/sales/v2/receipts/unfinalize", json=[{"Id": number}])
    await client.delete(f"/sales/v2/receipts/{number}")
    await client.post("/sales/v2/receipts", json=[receipt("PCC-2", 10**6)])
    assert kept.ledger is not None
    first, second, *rest = noted(kept.ledger)
    assert {name: first[name] for name in ("n", "system", "kind", "receipt", "external", "card", "when")} == {
        "n": 1,
        "system": "metrc",
        "kind": "post",
        "receipt": str(number),
        "external": "PCC-1",
        "card": CARD,
        "when": NOW.isoformat(timespec="milliseconds"),
    }
    assert first["lines"] == [{"label": DREAM, "quantity": 3.5, "unit": "Grams", "price": 28.0}]
    assert (second["kind"], second["lines"][0]["quantity"]) == ("correct", 2)
    assert [each["kind"] for each in rest] == ["finalize", "unfinalize", "void"]
    assert kept.ledger.stat().st_mode & 0o077 == 0
    assert (await client.get("/practice/ledger")).text == kept.ledger.read_text(encoding="utf-8")


async def test_what_was_done_before_the_connection_broke_is_in_the_ledger_and_what_was_not_is_not(
    tmp_path: Path,
) -> None:
    made = world()
    made.ledger = tmp_path / "ledger.jsonl"
    async with served(made) as outside:
        await outside.set(route="POST *", nth=1, does="reset_before")
        await outside.set(route="POST *", nth=2, does="reset_after")
        for number in ("PCC-1", "PCC-2"):
            with pytest.raises(httpx.ReadError):
                await outside.post(number)
    assert [each["external"] for each in noted(made.ledger)] == ["PCC-2"]


async def test_a_world_goes_on_another_day_with_its_keys_cards_and_packages(
    kept: World, client: httpx.AsyncClient
) -> None:
    await client.post("/sales/v2/receipts", json=[receipt("PCC-1")])
    tomorrow = again(kept, timedelta(days=1))
    assert (tomorrow.keys, tomorrow.born, tomorrow.remaining) == (KEYS, kept.born, kept.remaining)
    assert tomorrow.receipts == kept.receipts
    assert tomorrow.training.cards == kept.training.cards, "cards expire on the days on which they did"
    assert tomorrow.training.packages == kept.training.packages
    assert [note["external"] for note in tomorrow.notes] == ["PCC-1"]


@settings(max_examples=25, phases=[Phase.generate])  # a world is slow to make: what fails is shown as it came
@given(st.integers(0, 5), st.integers(0, 600), st.booleans())
def test_wherever_the_program_was_killed_the_ledger_is_whole_after_the_next_start(
    tmp_path_factory: pytest.TempPathFactory, posted: int, lost: int, other_world: bool
) -> None:
    folder = tmp_path_factory.mktemp("world")
    kept = EMPTY if not other_world else replace(EMPTY)
    kept.file, kept.ledger, kept.notes, kept.written = folder / "world.json", folder / "ledger.jsonl", [], None
    if other_world:
        kept.ledger.write_text('{"world":"another","n":7}\n', encoding="utf-8")
    kept.save()
    before = kept.ledger.stat().st_size
    for number in range(posted):
        kept.accepted("post", receipt=str(number))
        kept.save()
    size = kept.ledger.stat().st_size
    os.truncate(kept.ledger, max(before, size - lost))
    restarted = again(kept)
    restarted.save()
    restarted.accepted("post", receipt="last")
    restarted.save()
    ours = [each for each in noted(kept.ledger) if each["world"] == kept.born]
    assert [each["n"] for each in ours] == list(range(1, posted + 2))
    assert ours[-1]["receipt"] == "last"


EMPTY = world()


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"7", b'{"born": 7, "keys": 7, "day": "2026-03-12"}'])
def test_a_damaged_world_is_a_new_beginning(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "world.json").write_bytes(damage)
    made = make_world(tmp_path, SEED, NOW, other_days=True)
    assert len(made.receipts) == len(EMPTY.receipts)
    assert all(made.keys)
    made.save()
    assert keeping.read(tmp_path / "world.json") is not None
