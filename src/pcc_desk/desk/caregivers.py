"""A caregiver comes for a patient: by which cards the state is asked, and what it says of theirs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.monitor import watch
from pcc_desk.desk.ports import Ledger
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.people import Card, Holder, card_key
from pcc_desk.domain.registry import CaregiverAnswer, CaregiverCheck, RegistryAnswer, Verification
from pcc_desk.domain.visits import Visit

CAREGIVERS = "caregivers"

OF_THE_CALL = frozenset({Silence.ABSENT, Silence.DISABLED, Silence.DENIED, Silence.WITHHELD})
"""Silences that speak of this one call, and not of the system."""


@dataclass(frozen=True, slots=True)
class ToAsk:
    """By which cards the state is asked for one patient."""

    card_number: str
    """The patient's own card, where one is on record."""
    caregiver_card: str
    """Empty: the patient came in person."""
    patient_cards: tuple[str, ...]
    """The patient's own cards, replaced ones included."""
    beside: tuple[str, ...] = ()
    """Other cards of the patient's own that are good still, as after a merge: the registry is asked for each."""

    def check(self, asked_at: datetime, answer: CaregiverAnswer) -> CaregiverCheck:
        """Return what was said of the caregiver's card."""
        return CaregiverCheck(self.caregiver_card, asked_at, answer, self.patient_cards)

    def linked_to(self, answer: CaregiverAnswer) -> str:
        """Return the other good card of the patient's to which the state links the caregiver; empty: to none but this.

        The state takes no sale through a caregiver on a card that they are not linked to.
        """
        named = {card_key(each) for each in getattr(answer, "patients", None) or ()}
        is_this = not named or card_key(self.card_number) in named
        return "" if is_this else next((each for each in self.beside if card_key(each) in named), "")


@dataclass(frozen=True, slots=True)
class Through:
    """The caregiver's card through which a patient is served."""

    card: Card
    check: CaregiverCheck | None
    """What the state said when the standing was asked last; None: it was not asked about this card then."""


def to_ask(ledger: Ledger, patient_id: UUID, card_number: str, day: date) -> ToAsk:
    """Return by which cards to ask, where `card_number` was shown, be it the patient's or the caregiver's.

    The patient's standing is asked by the patient's own card: the registry has no other for it. Whoever asks again in a
    visit through a caregiver asks about the caregiver's card too.
    """
    cards = ledger.cards(patient_id)
    own = [each for each in cards if each.holder is Holder.PATIENT]
    shown = next((each for each in cards if each.key == card_key(card_number)), None)
    if shown is not None and shown.holder is Holder.CAREGIVER:
        caregiver: Card | None = shown
    else:
        caregiver = card_of_caregiver(cards, ledger.open_visit(patient_id, day))
    asked = card_number
    if shown is not None and shown is caregiver and own:
        asked = own[0].number
    live = (each for each in own if not each.renewed_as and each.expires_on >= day)
    beside = tuple(each.number for each in live if each.key != card_key(asked))
    return ToAsk(asked, caregiver.number if caregiver else "", tuple(each.number for each in own), beside)


def card_of_caregiver(cards: Iterable[Card], visit: Visit | None) -> Card | None:
    """Return the card of the caregiver who came for a visit; None when the patient came."""
    if visit is None or not visit.through:
        return None
    theirs = [each for each in cards if each.holder is Holder.CAREGIVER and each.holder_name == visit.through]
    return min(theirs, key=lambda each: bool(each.renewed_as), default=None)


def through_whom(cards: Iterable[Card], visit: Visit | None, verification: Verification | None) -> Through | None:
    """Return through which caregiver's card a patient is served now, by the visit or by what was asked last."""
    cards = tuple(cards)
    check = verification.caregiver if verification else None
    of_visit = card_of_caregiver(cards, visit)
    if of_visit is not None:
        is_same = check is not None and card_key(check.card_number) == of_visit.key
        return Through(of_visit, check if is_same else None)
    key = card_key(check.card_number if check else verification.card_number if verification else "")
    card = next((each for each in cards if each.key == key and each.holder is Holder.CAREGIVER), None)
    return Through(card, check) if card is not None else None


def care_ended(ledger: Ledger, patient_id: UUID, card: Card, day: date) -> bool:
    """Whether it is a caregiver's card, and none of those links to the patient holds on the day that it stands for.

    Of records that are one person's, a link that ended under one of them has ended: a new one is put under each.
    """
    if card.holder is not Holder.CAREGIVER:
        return False
    holds: dict[UUID, bool] = {}
    for link, who in ledger.caregivers(patient_id):
        if card_key(who.card_number) == card.key:
            holds[who.id] = holds.get(who.id, True) and link.holds_on(day)
    return bool(holds) and not any(holds.values())


async def ask_caregiver(desk: Desk, card_number: str, before: RegistryAnswer) -> CaregiverAnswer:
    """Ask about a caregiver's card once. `before` is what was just answered of the patient.

    Where the system was out of reach for that, nobody waits for a second call. That a key may not ask this one thing
    says nothing of the link.
    """
    if isinstance(before, Unanswered) and (before.is_outage or before.kind is Silence.BUSY):
        return before
    asked_at = desk.clock.now()
    answer = await desk.state.caregiver(card_number)
    now = desk.clock.now()
    desk.links.told(desk.state.name, CAREGIVERS, answer)
    if isinstance(answer, Unanswered) and answer.kind in OF_THE_CALL:
        return answer
    is_back = desk.links.heard(desk.state.name, answer, now, now - asked_at)
    if is_back or desk.registry_is_out:
        await watch(desk)
    return answer
