"""Asks the state system what it says of a patient, and keeps the answer."""

from dataclasses import dataclass
from uuid import UUID

from pcc_desk.desk.caregivers import ToAsk, ask_caregiver, to_ask
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.monitor import watch
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.rights import Right, require
from pcc_desk.domain.answers import Unanswered
from pcc_desk.domain.entries import Act, StandingAsked
from pcc_desk.domain.registry import RegistryAnswer, Verification
from pcc_desk.domain.rules import OutagePolicy, Rules


def keep_verification(ledger: Ledger, verification: Verification, *, act: Act) -> Verification:
    """Put on record that standing was asked, and what came back."""
    require(ledger, act, Right.ASK_REGISTRY, verification.patient_id)
    ledger.record(StandingAsked(verification), act)
    return verification


@dataclass(frozen=True, slots=True)
class ToBeRead:
    """No program can ask: a person looks where the state shows it. `why` is a clause."""

    why: str


async def ask_standing(desk: Desk, patient_id: UUID, card_number: str, visit_id: UUID | None = None) -> Verification:
    """Ask the state system once for a patient, by the card that was shown; keep the answer, also when there is none.

    A caregiver's card is asked about beside the patient's. Of a person with several cards that are good each is asked
    for, and answered for by an entry of its own; the card that was shown comes last, so that its answer is the newest.
    """
    act = desk.act()
    await desk.store.read(require, act, Right.ASK_REGISTRY, patient_id)
    asked = await desk.store.read(to_ask, patient_id, card_number, desk.today)
    for number in asked.beside:
        await _ask_beside(desk, patient_id, number, visit_id, act=act)
        act = desk.act()
    answer = await _asked(desk, asked.card_number)
    return await _kept(desk, patient_id, asked, answer, visit_id=visit_id, act=act)


async def _ask_beside(
    desk: Desk, patient_id: UUID, number: str, visit_id: UUID | None, *, act: Act, may_be_read: bool = False
) -> ToBeRead | None:
    """Ask for another card of a person, and keep the answer; with `may_be_read` none where a person has to read it."""
    answer = await _asked(desk, number)
    if may_be_read and isinstance(answer, Unanswered) and answer.is_for_a_person and is_registry_bound(desk.rules):
        return ToBeRead(answer.reason)
    asked = Verification(act.id, patient_id, number, act.at, desk.state.name, answer, visit_id)
    await desk.store.write(keep_verification, asked, act=act)
    return None


async def _kept(
    desk: Desk, patient_id: UUID, asked: ToAsk, answer: RegistryAnswer, *, visit_id: UUID | None, act: Act
) -> Verification:
    """Keep an answer; where the state links the caregiver to another good card only, that is asked for last."""
    number, check = asked.card_number, None
    if asked.caregiver_card:
        asked_at = desk.clock.now()
        check = asked.check(asked_at, await ask_caregiver(desk, asked.caregiver_card, answer))
        linked = asked.linked_to(check.answer)
        if linked:
            beside = Verification(act.id, patient_id, number, act.at, desk.state.name, answer, visit_id)
            await desk.store.write(keep_verification, beside, act=act)
            number, act = linked, desk.act()
            answer = await _asked(desk, linked)
    verification = Verification(act.id, patient_id, number, act.at, desk.state.name, answer, visit_id, caregiver=check)
    return await desk.store.write(keep_verification, verification, act=act)


async def ask_or_read(
    desk: Desk, patient_id: UUID, card_number: str, visit_id: UUID | None = None
) -> Verification | ToBeRead:
    """Ask the state system as `ask_standing` does, or say that a person must read it. Then nothing is kept yet.

    Where the rules rest on no registry, nobody has to look: that there is none to ask is the answer.
    """
    act = desk.act()
    await desk.store.read(require, act, Right.ASK_REGISTRY, patient_id)
    asked = await desk.store.read(to_ask, patient_id, card_number, desk.today)
    for number in asked.beside:
        to_be_read = await _ask_beside(desk, patient_id, number, visit_id, act=act, may_be_read=True)
        if to_be_read is not None:
            return to_be_read
        act = desk.act()
    answer = await _asked(desk, asked.card_number)
    if isinstance(answer, Unanswered) and answer.is_for_a_person and is_registry_bound(desk.rules):
        return ToBeRead(answer.reason)
    return await _kept(desk, patient_id, asked, answer, visit_id=visit_id, act=act)


async def _asked(desk: Desk, card_number: str) -> RegistryAnswer:
    asked_at = desk.clock.now()
    answer = await desk.state.standing(card_number)
    now = desk.clock.now()
    desk.links.told(desk.state.name, "patients", answer)
    is_back = desk.links.heard(desk.state.name, answer, now, now - asked_at)
    if is_back or desk.registry_is_out:
        await watch(desk)
    return answer


def is_registry_bound(rules: Rules) -> bool:
    """Whether the rules rest on what the registry says."""
    return rules.outage.policy is not OutagePolicy.NOT_REGISTRY_BOUND
