"""Every fault on every call of every state system: what nobody can know is never said, and no sale is there twice.

A fault befalls the first, second or third request that a call makes, log-ins and look-ups before a write among them.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from pcc_desk.adapters.http import WHOLE_S
from pcc_desk.adapters.state.metrc import Metrc
from pcc_desk.adapters.state.metrc_v1 import MetrcV1
from pcc_desk.desk.ports_outside import StateSystem
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.dispensing import Dispensation, NotPosted, Posted, PostRefused
from pcc_desk.domain.products import UNKNOWN_CATEGORY, Package
from pcc_desk.simulator.faults import Does, Fault
from pcc_desk.simulator.server import create_app
from pcc_desk.simulator.world import World
from tests.adapters import outside_biotrack, outside_leafdata
from tests.adapters.outside import CARD, NOW, later, metrc, sale, world

CAREGIVER = "MI-C-0012-0931"
TODAY = date(2026, 3, 12)
HASTY_S = 0.15
"""How long an answer is waited for where the fault is that none comes."""


class Loopback(httpx.AsyncBaseTransport):
    """The simulator's application without a network; a connection that it resets is one that a client sees broken."""

    def __init__(self, made: World, system: str) -> None:
        self.inner = httpx.ASGITransport(app=create_app(made, Path(), system))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Hand on."""
        try:
            return await self.inner.handle_async_request(request)
        except ConnectionResetError as error:
            raise httpx.ReadError("", request=request) from error


Connect = Callable[[httpx.AsyncBaseTransport, World, float], StateSystem]


@dataclass(frozen=True)
class Kind:
    """How one kind of state system is met."""

    system: str
    connect: Connect
    given: Dispensation


def of_metrc(kind: type[Metrc]) -> Kind:
    return Kind("metrc", lambda wire, made, whole_s: metrc(wire, made, whole_s=whole_s, kind=kind), sale())


def of_biotrack(generation: str) -> Kind:
    def connect(wire: httpx.AsyncBaseTransport, made: World, whole_s: float) -> StateSystem:
        return outside_biotrack.biotrack(wire, generation, made, whole_s=whole_s)

    return Kind("biotrack", connect, outside_biotrack.of_barcode())


KINDS = {
    "METRC": of_metrc(Metrc),
    "METRC version 1": of_metrc(MetrcV1),
    "Leaf Data": Kind(
        "leafdata",
        lambda wire, made, whole_s: outside_leafdata.leafdata(wire, made, whole_s=whole_s),
        outside_leafdata.lot_sale(),
    ),
    **{f"BioTrack, {each}": of_biotrack(each) for each in outside_biotrack.GENERATIONS},
}

FAULTS = {
    **{each.value: Fault(each) for each in Does if each not in {Does.ANSWER, Does.SWITCH, Does.ELSEWHERE, Does.SLOW}},
    "slow": Fault(Does.SLOW, seconds=Fault(Does.SLOW).seconds + 1),
    "500 page": Fault(Does.ANSWER, status=500),
    "500 JSON": Fault(Does.ANSWER, status=500, body="json"),
    "500 page, done": Fault(Does.ANSWER, status=500, processed=True),
    "503": Fault(Does.ANSWER, status=503),
    "429": Fault(Does.ANSWER, status=429, retry_after=1, body="json"),
    "403": Fault(Does.ANSWER, status=403),
    "302": Fault(Does.ANSWER, status=302, location="https://registry.example/login"),
    "200 page": Fault(Does.ANSWER, status=200),
    "200 page, done": Fault(Does.ANSWER, status=200, processed=True),
    "404 page": Fault(Does.ANSWER, status=404),
}
FORBIDS = {"403", "302"}
"""Leaf Data reads four lists for its stock. One that its key may not read leaves what it would say unknown."""
WAITS = {"hang", "hang_after", "slow"}

CALLS: dict[str, Callable[[StateSystem, Dispensation], Awaitable[Any]]] = {
    "ping": lambda system, given: system.ping(),
    "standing": lambda system, given: system.standing(CARD),
    "caregiver": lambda system, given: system.caregiver(CAREGIVER),
    "find_posted": lambda system, given: system.find_posted(given.external_number),
    "posted_on": lambda system, given: system.posted_on(TODAY, NOW),
    "stock": lambda system, given: system.stock(),
}


def befall(made: World, fault: Fault, nth: int) -> None:
    """Let a fault befall the nth request from now on."""
    made.faults.clear()
    made.faults.add(replace(fault, nth=frozenset({nth})))


def without_what_may_not_be_read(packages: tuple[Package, ...], healthy: tuple[Package, ...]) -> tuple[Package, ...]:
    """Return packages with what a list that is forbidden would say, if they leave all of that unknown or blocked."""
    told = []
    for each, known in zip(packages, healthy, strict=True):
        assert each.category in {known.category, UNKNOWN_CATEGORY}
        assert each.unit_thc_ug in {known.unit_thc_ug, None}
        assert each.unit_net_mg in {known.unit_net_mg, None}
        assert each.blocked or not known.blocked
        told.append(known if (each.label, each.remaining) == (known.label, known.remaining) else each)
    return tuple(told)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", KINDS)
async def test_a_question_is_answered_as_always_or_not_at_all(name: str, fault: str) -> None:
    kind, made = KINDS[name], world()
    wire = Loopback(made, kind.system)
    assert isinstance(await kind.connect(wire, made, WHOLE_S).post(kind.given), Posted)
    for call, ask in CALLS.items():
        healthy = await ask(kind.connect(wire, made, WHOLE_S), kind.given)
        for nth in (1, 2, 3):
            befall(made, FAULTS[fault], nth)
            system = kind.connect(wire, made, HASTY_S if fault in WAITS else WHOLE_S)
            answer = await ask(system, kind.given)
            if fault in FORBIDS and (name, call) == ("Leaf Data", "stock") and nth > 1:
                answer = without_what_may_not_be_read(answer, healthy)
            assert answer == healthy or isinstance(answer, Unanswered), (call, nth)
            made.faults.clear()
        assert await ask(kind.connect(wire, made, WHOLE_S), kind.given) == healthy, call


@pytest.mark.parametrize("nth", [1, 2, 3])
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", KINDS)
async def test_what_is_said_of_a_post_is_so(name: str, fault: str, nth: int) -> None:
    """Taken: it is there once. Refused, or nothing was done: it is not there. In doubt: a look-up tells, or nobody."""
    kind, made = KINDS[name], world()
    wire = Loopback(made, kind.system)
    befall(made, FAULTS[fault], nth)
    before = len(made.notes)
    said = await kind.connect(wire, made, HASTY_S if fault in WAITS else WHOLE_S).post(kind.given)
    made.faults.clear()
    there = len(made.notes) - before
    assert there <= 1
    if isinstance(said, Posted):
        assert there == 1
        return
    if isinstance(said, PostRefused) or said.kind not in {Silence.TIMED_OUT, Silence.UNREADABLE}:
        assert there == 0, said
        return
    later(made, made.clock() - NOW)
    found = await kind.connect(wire, made, WHOLE_S).find_posted(kind.given.external_number)
    if isinstance(found, Posted):
        assert there == 1
    elif isinstance(found, NotPosted):
        assert there == 0
        assert isinstance(await kind.connect(wire, made, WHOLE_S).post(kind.given), Posted)
        assert len(made.notes) - before == 1
    else:
        assert found.kind is Silence.ABSENT
