"""Proving again who sits at the desk, before an act that is risky. A proof is good for that one act."""

from contextlib import suppress

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.door import StaysShut
from pcc_desk.desk.errors import ReadOnly
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.rights import Right
from pcc_desk.domain.entries import Act, ProofFailed


def note_failed_proof(ledger: Ledger, right: Right, *, act: Act) -> None:
    """Put on record that somebody could not prove who they are before an act. It needs no right."""
    ledger.record(ProofFailed(right.name.lower()), act)


async def prove_again(desk: Desk, secret: str, right: Right) -> bool | StaysShut:
    """Return whether this is the secret of who unlocked the desk. A wrong try is counted and put on record."""
    outcome = await desk.prove(secret)
    if outcome is not True:
        with suppress(ReadOnly):
            await desk.store.write(note_failed_proof, right, act=desk.act())
    return outcome
