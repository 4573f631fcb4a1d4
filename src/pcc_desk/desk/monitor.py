"""Watches the state system: a call that failed is probed once, and an outage is on record while it lasts."""

import asyncio
from datetime import datetime

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.links import LinkState
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.rights import Right, require
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.entries import Act, OutageBegan, OutageEnded
from pcc_desk.domain.outages import Evidence, Outage

PROBE_S = 5.0
"""For how long a probe may keep somebody waiting who already waited for a call that failed."""

ANSWERING = frozenset({LinkState.UP, LinkState.DEGRADED, LinkState.BY_HAND})
"""In which states the last good answer ends an outage; a person may have read it."""


def begin_outage(ledger: Ledger, system: str, evidence: tuple[Evidence, ...], *, act: Act) -> Outage:
    """Put an outage on record, under the act's id and since the first call that failed; return one that lasts still."""
    require(ledger, act, Right.KEEP_OUTAGES)
    known = ledger.open_outage(system)
    if known is not None:
        return known
    outage = Outage(act.id, system, evidence[0].at if evidence else act.at, evidence)
    ledger.record(OutageBegan(outage), act)
    return outage


def end_outage(ledger: Ledger, system: str, back_at: datetime, *, act: Act) -> Outage | None:
    """End the outage of a system that lasts, with its first good answer. None: there is none."""
    require(ledger, act, Right.KEEP_OUTAGES)
    known = ledger.open_outage(system)
    if known is None:
        return None
    ledger.record(OutageEnded(known.id, back_at), act)
    return ledger.outage(known.id)


async def watch(desk: Desk) -> bool:
    """Bring the record of outages to what is known of the state system. Return whether one began or ended.

    One call that failed is no outage yet: a probe follows at once, and decides.
    """
    name = desk.state.name
    if desk.links.of(name).state is LinkState.DOWN and not desk.links.of(name).is_confirmed:
        await probe(desk)
    link = desk.links.of(name)
    back_at = (link.back_at or link.last_good) if link.state in ANSWERING else None
    if not link.is_confirmed and back_at is None:
        return False
    known = await desk.store.read(lambda ledger: ledger.open_outage(name))
    if link.is_confirmed and known is None:
        await desk.store.write(begin_outage, name, link.evidence, act=desk.act_by_itself())
        return True
    if back_at is not None and known is not None and back_at >= known.since:
        await desk.store.write(end_outage, name, back_at, act=desk.act_by_itself())
        return True
    return False


async def kept_back(desk: Desk) -> Unanswered | None:
    """Return why nothing heavy is asked of the state system: it is out of reach, and a probe found it so again."""
    if not desk.links.of(desk.state.name).is_confirmed:
        return None
    await probe(desk)
    link = desk.links.of(desk.state.name)
    return None if link.state.answers else Unanswered(Silence.DOWN, link.reason)


async def probe(desk: Desk) -> bool:
    """Ask the state system the cheapest thing. Return whether it just came back."""
    asked_at = desk.clock.now()
    answer: str | Unanswered
    try:
        async with asyncio.timeout(PROBE_S):
            answer = await desk.state.ping()
    except TimeoutError:
        answer = Unanswered(Silence.TIMED_OUT, f"{desk.state.name} did not answer a probe within {PROBE_S:.0f} s")
    now = desk.clock.now()
    return desk.links.heard(desk.state.name, answer, now, now - asked_at)
