"""What was said of a caregiver's card, as it stands on the screen."""

from datetime import date

from pcc_desk.desk.caregivers import Through
from pcc_desk.domain.answers import Unanswered
from pcc_desk.domain.registry import CaregiverCheck, CaregiverWord
from pcc_desk.domain.rules import Rules
from pcc_desk.domain.shop import Shop
from pcc_desk.domain.verification import CaregiverUntold
from pcc_desk.screens.words import asked_words


def caregiver_words(through: Through, shop: Shop, today: date) -> tuple[str, str]:
    """Return what the state said of the caregiver's card, when it was asked, and its tone."""
    card, check = through.card, through.check
    who = f"caregiver {card.holder_name}"
    if check is None:
        return f"{who}: the state was not asked about card {card.number}", "warning"
    return f"{who}: {check_words(check, shop, today)}", check_tone(check)


def through_words(through: Through) -> tuple[str, str]:
    """Return the same in few words, and its tone: who fetches, and whether their card is good."""
    check = through.check
    said = "card not asked about" if check is None else f"card {check.word}"
    said = said.replace("card could not tell", "could not tell of the card")
    return f"through {through.card.holder_name}: {said}", "warning" if check is None else check_tone(check)


def check_words(check: CaregiverCheck, shop: Shop, today: date) -> str:
    """Return what was said of a caregiver's card, and when."""
    reason = f": {check.answer.reason}" if isinstance(check.answer, Unanswered) else ""
    card = "" if check.word is CaregiverWord.UNTOLD else f"card {check.card_number} "
    return f"{card}{check.word}{reason} (asked {asked_words(check.asked_at, shop, today)})"


def check_tone(check: CaregiverCheck) -> str:
    """Return the tone of it: only a card that is good for this patient goes without one."""
    return "danger" if check.word.is_refusal else "" if check.word is CaregiverWord.GOOD else "warning"


def untold_words(untold: CaregiverUntold, rules: Rules) -> tuple[str, str]:
    """Return the question to whoever goes on by the caregiver's card itself, and what the rules say of caregivers."""
    said = dict(rules.people).get("caregiver", "nothing is known")
    return (
        f"Could not tell of caregiver’s card {untold.card_number}: {untold.reason}. Go on by the card itself?",
        f"{rules.name} on caregivers: {said}.",
    )
