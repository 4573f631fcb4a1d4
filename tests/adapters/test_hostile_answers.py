"""Answers that are right but for one thing: whatever that is, every call of every adapter says something.

What a system really answers is taken, and one part of it, however deep, is another thing than it was, is there twice,
or is gone. Random text alone seldom comes past the first check of a reader.
"""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest

from pcc_desk.adapters.state.metrc import Metrc
from pcc_desk.adapters.state.metrc_v1 import MetrcV1
from pcc_desk.desk.ports_outside import StateSystem
from pcc_desk.domain.answers import Unanswered
from pcc_desk.domain.dispensing import Dispensation, NotPosted, Posted, PostRefused
from pcc_desk.domain.products import Package
from pcc_desk.domain.registry import CardNotFound, CaregiverStanding, RegistryStanding
from pcc_desk.domain.sales import Receipt
from pcc_desk.simulator.world import World
from tests.adapters import outside_biotrack, outside_leafdata
from tests.adapters.outside import CARD, NOW, metrc, sale, simulated, world

Answered = TypeVar("Answered")
CAREGIVER = "MI-C-0012-0931"
TODAY = date(2026, 3, 12)
ROUNDS = 40
"""How often every call is made; what is spoilt in each is the same in every run."""
JUNK: list[Any] = [
    None,
    True,
    0,
    -1,
    1e308,
    10**40,
    "",
    " ",
    "0",
    "-3.5",
    "1e99999",
    "NaN",
    "\x1b]0;owned\x07",
    "\ud800",
    "0000-00-00",
    "9999-12-31T23:59:59.9999999-14:00",
    "<html>",
    [],
    [[]],
    {},
    {"0": None},
    "x" * 5000,
]
"""What stands in the place of the right thing. A lone surrogate is legal in JSON and no text that can be kept."""


class Garbling(httpx.AsyncBaseTransport):
    """Lets requests through, and spoils one part of each answer."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.inner = inner
        self.chance = random.Random(417)  # noqa: S311 - to repeat it, not to hide it
        self.junk: Any = None
        self.spoils_sessions = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Hand on, and spoil what comes back."""
        response = await self.inner.handle_async_request(request)
        raw = await response.aread()
        if not raw or (b"session" in raw.lower() and not self.spoils_sessions):
            return httpx.Response(response.status_code, content=raw)
        spoilt = [json.loads(raw.partition(b"\r\n\r\n")[2] or raw)]
        places = list(parts(spoilt))
        holder, key = self.chance.choice(places)
        match self.chance.randrange(4):
            case 0:
                holder.pop(key)
            case 1 if isinstance(holder, list):
                holder.append(holder[key])
            case _:
                holder[key] = self.junk
        content = json.dumps(spoilt[0]).encode() if spoilt else b""
        return httpx.Response(response.status_code, content=content)


def parts(holder: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each part of an answer as what holds it and its key there."""
    for key, each in list(holder.items() if isinstance(holder, dict) else enumerate(holder)):
        yield holder, key
        if isinstance(each, dict | list):
            yield from parts(each)


def before_biotrack(generation: str) -> Callable[[World], tuple[StateSystem, Garbling]]:
    def connected(made: World) -> tuple[StateSystem, Garbling]:
        wire = Garbling(outside_biotrack.simulated(made, Path()))
        return outside_biotrack.biotrack(wire, generation, made), wire

    return connected


def before_leafdata(made: World) -> tuple[StateSystem, Garbling]:
    wire = Garbling(outside_leafdata.simulated(made, Path()))
    return outside_leafdata.leafdata(wire, made), wire


def before_metrc(kind: type[Metrc]) -> Callable[[World], tuple[StateSystem, Garbling]]:
    def connected(made: World) -> tuple[StateSystem, Garbling]:
        wire = Garbling(simulated(made, Path()))
        return metrc(wire, made, kind=kind), wire

    return connected


SYSTEMS: dict[str, tuple[Callable[[World], tuple[StateSystem, Garbling]], Dispensation]] = {
    "METRC": (before_metrc(Metrc), sale()),
    "METRC version 1": (before_metrc(MetrcV1), sale()),
    "Leaf Data": (before_leafdata, outside_leafdata.lot_sale()),
    **{
        f"BioTrack, {each}": (before_biotrack(each), outside_biotrack.of_barcode())
        for each in outside_biotrack.GENERATIONS
    },
}


@pytest.mark.parametrize("name", SYSTEMS)
async def test_one_wrong_part_of_an_answer_never_breaks_a_call(name: str) -> None:
    connect, given = SYSTEMS[name]
    system, wire = connect(world())
    for _ in range(ROUNDS):
        await every_call(system, wire, given)


async def every_call(system: StateSystem, wire: Garbling, given: Dispensation) -> None:
    wire.junk, wire.spoils_sessions = wire.chance.choice(JUNK), wire.chance.random() < 0.2
    assert isinstance(kept(await system.ping()), str | Unanswered)
    assert isinstance(kept(await system.standing(CARD)), RegistryStanding | CardNotFound | Unanswered)
    assert isinstance(kept(await system.caregiver(CAREGIVER)), CaregiverStanding | CardNotFound | Unanswered)
    posted = kept(await system.post(given))
    assert isinstance(posted, Posted | PostRefused | Unanswered)
    assert not isinstance(posted, Posted) or posted.receipt.strip()
    assert isinstance(kept(await system.find_posted(given.external_number)), Posted | NotPosted | Unanswered)
    day, stock = kept(await system.posted_on(TODAY, NOW)), kept(await system.stock())
    assert isinstance(day, Unanswered) or all(isinstance(each, Receipt) for each in day)
    assert isinstance(stock, Unanswered) or all(isinstance(each, Package) for each in stock)


def kept(answer: Answered) -> Answered:
    """Return an answer of which every word can be written down and steers no terminal."""
    for word in words(answer):
        word.encode()
        assert word.isprintable(), word
    return answer


def words(answer: object) -> Iterator[str]:
    """Yield each text in an answer."""
    if isinstance(answer, str):
        yield answer
    elif isinstance(answer, tuple):
        for each in answer:
            yield from words(each)
    elif is_dataclass(answer):
        for field in fields(answer):
            yield from words(getattr(answer, field.name))
