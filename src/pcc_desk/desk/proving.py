"""Proving again who sits at the desk, before an act that is risky. A proof is good for that one act."""

from contextlib import suppress

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.door import StaysShut
from pcc_desk.desk.errors import ReadOnly
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.ports_secrets import Vault
from pcc_desk.desk.rights import Right
from pcc_desk.domain.entries import Act, ProofFailed


def note_failed_proof(ledger: Ledger, right: Right, *, act: Act) -> None:
    """Put on record that somebody could not prove who they are before an act. It needs no right."""
    ledger.record(ProofFailed(right.name.lower()), act)


async def take_in_hand(desk: Desk, secret: str, right: Right) -> Vault | StaysShut:
    """Take the vault into the hand of who unlocked the desk, by their secret. A wrong try is counted and on record."""
    if desk.secrets is None:
        return StaysShut("This desk has no files that say who can open it.")
    outcome = await desk.secrets.in_hand(secret)
    if isinstance(outcome, StaysShut):
        with suppress(ReadOnly):
            await desk.store.write(note_failed_proof, right, act=desk.act())
    return outcome


async def prove_again(desk: Desk, secret: str, right: Right) -> bool | StaysShut:
    """Return whether this is the secret of who unlocked the desk. A wrong try is counted and put on record."""
    outcome = await desk.prove(secret)
    if outcome is not True:
        with suppress(ReadOnly):
            await desk.store.write(note_failed_proof, right, act=desk.act())
    return outcome
