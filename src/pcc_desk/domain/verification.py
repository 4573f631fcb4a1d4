"""Whether a dated proof of standing still carries an act."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.people import Card, card_key
from pcc_desk.domain.registry import CardNotFound, CaregiverCheck, CaregiverWord, RegistryStanding, Verification
from pcc_desk.domain.rules import OutagePolicy, OutageRule


@dataclass(frozen=True, slots=True)
class Verified:
    """The registry answered, recently enough; or there is none to ask, and the rules do not rest on one."""

    verification: Verification


@dataclass(frozen=True, slots=True)
class UnderOutage:
    """The registry was asked, is out of reach, and the law lets the shop go on with duties."""

    verification: Verification
    why: str


@dataclass(frozen=True, slots=True)
class NotVerified:
    """Nothing may rest on what is known. `reason` is a sentence that ends with what to do."""

    reason: str
    of_another: bool = False
    """Whether it is for another card of the person: what was asked by this one is fresh."""
    of_clock: bool = False
    """Whether the clock was set back since: how old the answer is cannot be told."""


Proof = Verified | UnderOutage | NotVerified


def proof(
    verification: Verification | None,
    now: datetime,
    fresh_for: timedelta,
    outage: OutageRule,
    *,
    is_out: bool,
) -> Proof:
    """Return what the newest verification of a patient is worth at `now` (UTC).

    It is fresh until `fresh_for` has passed, that instant included. One asked in the future is not believed. That the
    registry did not answer carries an act only while it is still out (`is_out`): once it is back, it is asked.
    """
    if verification is None:
        return NotVerified("The registry was not asked for this patient. Press r to ask.")
    age = now - verification.asked_at
    if not timedelta(0) <= age <= fresh_for:
        return NotVerified(_why_not_fresh(age, fresh_for))
    if isinstance(verification.answer, Unanswered):
        return _in_silence(verification, verification.answer, outage, is_out=is_out)
    return Verified(verification)


def _why_not_fresh(age: timedelta, fresh_for: timedelta) -> str:
    if age < timedelta(0):
        return "The registry's answer is dated in the future. Set the computer's clock, then press r to ask again."
    minutes = int(fresh_for.total_seconds() // 60)
    return f"The registry was last asked more than {minutes} minutes ago. Press r to ask again."


def how_long(passed: timedelta) -> str:
    """Return a span in the unit that a person would say it in: 16 min, from 90 min on 3 h, from two days on 4 d."""
    minutes = int(passed.total_seconds()) // 60
    if minutes < 90:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 2880 else f"{minutes // 1440} d"


def _in_silence(verification: Verification, silence: Unanswered, outage: OutageRule, *, is_out: bool) -> Proof:
    if silence.is_for_a_person and outage.policy is OutagePolicy.NOT_REGISTRY_BOUND:
        return Verified(verification)
    if silence.is_outage and not is_out:
        return NotVerified("The registry did not answer then, and is back now. Press r to ask again.")
    if silence.is_outage and outage.sales_allowed:
        return UnderOutage(verification, silence.reason)
    if silence.is_outage:
        return NotVerified(f"Could not verify: {silence.reason}. The rules here allow nothing without the registry.")
    return NotVerified(f"Could not verify: {silence.reason}.")


def card_asked_for(verification: Verification, cards: Iterable[Card]) -> Card | NotVerified:
    """Return which card of a patient was asked for; or, where it is none of theirs now, that nothing rests on it.

    As after a merge that was undone, or a number that was changed: what was asked then was asked for somebody else.
    """
    key = card_key(verification.card_number)
    return next((each for each in cards if each.key == key), None) or NotVerified(
        f"The registry was asked for card {verification.card_number}, which is not on record for this patient. "
        "Press r to ask for one that is."
    )


def may_buy(standing: Verified) -> NotVerified | None:
    """Return why a card that was verified may buy nothing; None when it may."""
    match standing.verification.answer:
        case CardNotFound(card_number=number):
            return NotVerified(f"The registry knows no card {number}. Compare it with the card in hand.")
        case RegistryStanding(active=False, card_number=number):
            return NotVerified(f"The registry says that card {number} is not active. Nothing may be dispensed on it.")
        case _:
            return None


@dataclass(frozen=True, slots=True)
class CaregiverUntold:
    """Nobody could tell of the caregiver's card: only a person who says so may go on. `reason` is a clause."""

    card_number: str
    reason: str


def caregiver_refusal(
    card_number: str, name: str, check: CaregiverCheck | None, outage: OutageRule
) -> NotVerified | CaregiverUntold | None:
    """Return why nothing may go out through a caregiver's card as it stands; None when it may.

    A card that the state refuses blocks everywhere. Where the state has no answer to give (no such look-up, a key that
    may not ask, a person who reads its page), a person decides; where it is out of reach, the rule for outages does.
    """
    if check is None:
        return NotVerified(f"The state was not asked about card {card_number} of caregiver {name}. Press r to ask.")
    if check.word.is_refusal:
        said = "is not known to the state" if check.word is CaregiverWord.UNKNOWN else f"is {check.word}"
        return NotVerified(f"Card {card_number} of caregiver {name} {said}. Nothing may go out through it.")
    if not isinstance(check.answer, Unanswered):
        return None
    silence = check.answer
    if silence.kind in {Silence.BUSY, Silence.NOT_ASKED}:
        return NotVerified(f"Could not tell of caregiver {name}’s card: {silence.reason}. Press r to ask again.")
    if silence.is_outage and not outage.sales_allowed:
        return NotVerified(
            f"Could not tell of caregiver {name}’s card: {silence.reason}. The rules here allow nothing without it."
        )
    return CaregiverUntold(card_number, silence.reason)
