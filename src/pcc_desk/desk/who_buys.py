"""By which cards a patient may buy: what a sale may rest on, or why it may not."""

from dataclasses import dataclass
from datetime import date

from pcc_desk.desk.caregivers import care_ended
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.standing import PatientStanding
from pcc_desk.domain.people import Card, age_on
from pcc_desk.domain.registry import RegistryAnswer, RegistryStanding
from pcc_desk.domain.rules import CardEnds
from pcc_desk.domain.verification import (
    CaregiverUntold,
    NotVerified,
    UnderOutage,
    Verified,
    card_asked_for,
    caregiver_refusal,
    may_buy,
)


@dataclass(frozen=True, slots=True)
class CardLapsed:
    """The card lapsed, by our record or by the registry's: on its last day already, where the rules say so."""

    number: str
    on: date


def verified_by(
    ledger: Ledger, known: PatientStanding, day: date, *, by_the_card_itself: bool
) -> tuple[Card, Verified | UnderOutage, str] | CardLapsed | NotVerified | CaregiverUntold:
    """Return the card by which the patient was verified, what that is worth, and what nobody could tell of a caregiver.

    Or why nothing may rest on it. In an outage a person answers for the sale as a whole, a caregiver's card included.
    """
    worth = known.proof
    if isinstance(worth, NotVerified):
        return worth
    card = card_asked_for(worth.verification, known.cards)
    if isinstance(card, NotVerified):
        return card
    rules = known.standing.rules
    years = age_on(known.patient.born, day)
    if years < rules.of_age and known.through is None:
        return NotVerified(
            f"The patient is {years}: below {rules.of_age} through a caregiver or guardian only. Check in by that card."
        )
    ends = rules.card_ends
    refusal: CardLapsed | NotVerified | CaregiverUntold | None = _card_refusal(
        card, worth.verification.answer, day, ends
    )
    if refusal is None and not isinstance(worth, UnderOutage):
        refusal = may_buy(worth)
    refusal = refusal or _caregiver_refusal(ledger, known, day)
    if isinstance(refusal, CaregiverUntold) and (by_the_card_itself or isinstance(worth, UnderOutage)):
        return card, worth, refusal.reason
    return (card, worth, "") if refusal is None else refusal


def _card_refusal(card: Card, answer: RegistryAnswer, day: date, ends: CardEnds) -> CardLapsed | NotVerified | None:
    """Return why nothing may go out by the card that the registry was asked for; None when it may."""
    if card.renewed_as:
        return _renewed(card)
    lapses = [card.expires_on]
    if isinstance(answer, RegistryStanding) and answer.card_expires is not None:
        lapses.append(answer.card_expires)
    return CardLapsed(card.number, min(lapses)) if ends.has_lapsed(min(lapses), day) else None


def _renewed(card: Card) -> NotVerified:
    return NotVerified(
        f"Card {card.number} was replaced by {card.renewed_as}, and nothing goes out by it. Press r to ask by that one."
    )


def _caregiver_refusal(
    ledger: Ledger, known: PatientStanding, day: date
) -> CardLapsed | NotVerified | CaregiverUntold | None:
    """Return why nothing may go out through the caregiver who came; None when it may, or the patient came."""
    through = known.through
    if through is None:
        return None
    card, rules = through.card, known.standing.rules
    if rules.card_ends.has_lapsed(card.expires_on, day):
        return CardLapsed(card.number, card.expires_on)
    if card.renewed_as:
        return _renewed(card)
    if care_ended(ledger, known.patient.id, card, day):
        return NotVerified(
            f"{card.holder_name} may not buy for this patient today: see People in the chart. Nothing goes out."
        )
    return caregiver_refusal(card.number, card.holder_name, through.check, rules.outage)
