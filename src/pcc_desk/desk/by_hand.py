"""A state system that a person works for the desk: reads a card's standing there, and enters what was dispensed."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import assert_never
from uuid import UUID

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.errors import NoSuchRecord
from pcc_desk.desk.links import LinkState
from pcc_desk.desk.monitor import end_outage, watch
from pcc_desk.desk.outbox_work import due_work, move_if_unchanged, move_posting, posting_of, without_a_call
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.rights import Right, require
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.dispensing import Dispensation, Posting, PostingState, PostKind, Trouble
from pcc_desk.domain.entries import Act, StandingAsked
from pcc_desk.domain.people import Holder
from pcc_desk.domain.registry import (
    CardNotFound,
    CaregiverAnswer,
    CaregiverCheck,
    CaregiverStanding,
    Reading,
    RegistryAnswer,
    RegistryStanding,
    Verification,
)
from pcc_desk.domain.typed_readings import CardSays


@dataclass(frozen=True, slots=True)
class Seen:
    """What a person saw of a card. What the page does not say is left out: it is neither zero nor fine."""

    page: str
    card: CardSays
    expires: date | None = None
    by_limit: tuple[tuple[str, Decimal], ...] = ()
    """What is left by limit, in the limit's own unit."""
    grams: Decimal | None = None
    caregiver: CardSays | None = None
    """What it shows for the caregiver's card; None: nobody looked for it."""


@dataclass(frozen=True, slots=True)
class NothingToSee:
    """Figures were typed for a card that the page does not show."""

    card: CardSays


def keep_reading(
    ledger: Ledger,
    patient_id: UUID,
    card_number: str,
    seen: Seen,
    *,
    system: str,
    since: datetime,
    act: Act,
    visit_id: UUID | None = None,
    caregiver_card: str = "",
) -> Verification | NothingToSee:
    """Put on record what a person read of a card, and of the caregiver's beside it, who read it and where.

    It counts as asked `since` they began to look: what was dispensed later is not in it. Raises `NoSuchRecord` for
    somebody who is not on the staff.
    """
    require(ledger, act, Right.ASK_REGISTRY, patient_id)
    person = ledger.person(act.by)
    if person is None:
        raise NoSuchRecord(f"There is no member of staff {act.by}.")
    answer = _answer(card_number, seen, person.name)
    if isinstance(answer, NothingToSee):
        return answer
    read = Reading(person.name, seen.page)
    check = None
    if caregiver_card:
        own = tuple(each.number for each in ledger.cards(patient_id) if each.holder is Holder.PATIENT)
        said = _of_caregiver(caregiver_card, own, seen, answer)
        check = CaregiverCheck(caregiver_card, since, said, own)
    verification = Verification(act.id, patient_id, card_number, since, system, answer, visit_id, read, check)
    ledger.record(StandingAsked(verification), act)
    return verification


def _of_caregiver(card: str, patient_cards: tuple[str, ...], seen: Seen, answer: RegistryAnswer) -> CaregiverAnswer:
    """Return what was read of a caregiver's card. Whoever types that it is active saw it beside the patient's."""
    match seen.caregiver:
        case CardSays.ACTIVE | CardSays.NOT_ACTIVE:
            return CaregiverStanding(card, seen.caregiver is CardSays.ACTIVE, patient_cards)
        case CardSays.NO_SUCH_CARD:
            return CardNotFound(card)
        case _ if isinstance(answer, Unanswered):
            return answer
        case CardSays.PAGE_DOWN | None:
            return Unanswered(Silence.BY_HAND, f"nobody read card {card} on {seen.page}")


def _answer(card_number: str, seen: Seen, by: str) -> RegistryAnswer | NothingToSee:
    match seen.card:
        case CardSays.ACTIVE | CardSays.NOT_ACTIVE:
            is_active = seen.card is CardSays.ACTIVE
            return RegistryStanding(card_number, is_active, (), seen.expires, seen.grams, seen.by_limit)
        case _ if seen.by_limit or seen.grams is not None or seen.expires is not None:
            return NothingToSee(seen.card)
        case CardSays.NO_SUCH_CARD:
            return CardNotFound(card_number)
        case CardSays.PAGE_DOWN:
            return Unanswered(Silence.DOWN, f"{seen.page} was down when {by} looked")
        case _:
            assert_never(seen.card)


async def save_reading(
    desk: Desk,
    patient_id: UUID,
    card_number: str,
    seen: Seen,
    *,
    since: datetime,
    visit_id: UUID | None = None,
    caregiver_card: str = "",
) -> Verification | NothingToSee:
    """Keep what was read. Of a system that no program asks, it also says whether it is up."""
    act = desk.act()
    outcome = await desk.store.write(
        keep_reading,
        patient_id,
        card_number,
        seen,
        system=desk.state.name,
        since=since,
        act=act,
        visit_id=visit_id,
        caregiver_card=caregiver_card,
    )
    if isinstance(outcome, Verification) and await is_by_hand(desk):
        desk.links.was_read(desk.state.name, outcome.answer, act.at)
        await _keep_outage(desk, is_down=isinstance(outcome.answer, Unanswered))
    return outcome


async def _keep_outage(desk: Desk, *, is_down: bool) -> None:
    """Let an outage begin when a person found the page down, and end when somebody could read it again."""
    name = desk.state.name
    if is_down:
        await watch(desk)
    elif await desk.store.read(lambda ledger: ledger.open_outage(name)) is not None:
        await desk.store.write(end_outage, name, desk.clock.now(), act=desk.act_by_itself())


async def is_by_hand(desk: Desk) -> bool:
    """Whether no program asks the state system, but a person."""
    reached = await desk.state.ping()
    return isinstance(reached, Unanswered) and reached.kind is Silence.BY_HAND


def last_page(ledger: Ledger) -> str:
    """Return on which page somebody read last; empty when nobody did."""
    return ledger.last_page()


# What was dispensed


@dataclass(frozen=True, slots=True)
class ToEnter:
    """A dispensation, or an amendment of one, whose number in the state's record is not known."""

    posting: Posting
    dispensation: Dispensation
    summary: str


@dataclass(frozen=True, slots=True)
class NotToEnter:
    """It is settled already, or waits for a person already."""

    posting: Posting


def to_enter(ledger: Ledger, patient_id: UUID, *, act: Act) -> tuple[ToEnter, ...]:
    """Return what of a patient a person may enter in the state's system, oldest first."""
    require(ledger, act, Right.SEE_POSTS, patient_id)
    found = []
    kept = ledger.kept_as(patient_id)
    for row in ledger.outbox():
        posting = row.posting
        is_sale = posting.kind is PostKind.SALE
        if is_sale and ledger.kept_as(posting.patient_id) == kept and posting.state is not PostingState.SENDING:
            dispensation = ledger.dispensation(posting.dispensation_id)
            if dispensation is not None:
                found.append(ToEnter(posting, dispensation, row.summary))
    return tuple(found)


def leave_to_people(ledger: Ledger, of: UUID, system: str, *, act: Act) -> Posting | NotToEnter:
    """Let a posting that nothing sends wait for a person. One that may have arrived is to be looked for first.

    Raises `NoSuchRecord` when nothing of that id was dispensed or put right.
    """
    require(ledger, act, Right.POST)
    posting = posting_of(ledger, of)
    if posting.state is PostingState.PARKED or posting.state.is_settled:
        return NotToEnter(posting)
    why, trouble = f"{_VERBS[posting.kind]} it in {system}, then type its number", Trouble.NOT_OFFERED
    if posting.state is not PostingState.WAITING:
        why, trouble = (
            f"it may be there already, look for {posting.external_number} first; else {why}",
            Trouble.NO_LOOKUP,
        )
    parked = replace(posting, state=PostingState.PARKED, trouble=trouble, why=why, next_try_at=act.at)
    return move_posting(ledger, parked, act=act)


async def hand_to_people(desk: Desk) -> None:
    """Let everything that is to be posted wait for a person, since no program posts here.

    What the state need not hear of is settled, as it is where a program posts.
    """
    for work in await desk.store.read(due_work, desk.clock.now()):
        settled = without_a_call(work, desk.state.name)
        if settled is not None:
            await desk.store.write(move_if_unchanged, work.posting, settled, act=desk.act_by_itself())
    for posting in await desk.store.read(_unparked):
        await desk.store.write(leave_to_people, posting.id, desk.state.name, act=desk.act_by_itself())


_VERBS = {PostKind.SALE: "enter", PostKind.CORRECTION: "correct", PostKind.VOID: "void"}


def what_to_do(posting: Posting, system: str) -> str:
    """Return what a person does in the state's system, as a heading."""
    return f"{_VERBS[posting.kind].capitalize()} it in {system}, then type its number"


def _unparked(ledger: Ledger) -> tuple[Posting, ...]:
    unparked = (each for each in ledger.unposted() if each.state is not PostingState.PARKED)
    return tuple(each for each in unparked if each.kind is PostKind.SALE)


def nothing_sends(desk: Desk) -> bool:
    """Whether no program posts to the state system, as far as is known."""
    return desk.links.of(desk.state.name).state in {LinkState.BY_HAND, LinkState.ABSENT}
