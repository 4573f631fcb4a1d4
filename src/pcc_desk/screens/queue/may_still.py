"""What may still be done for somebody whose card or standing is not good, in a sentence."""

from datetime import date

from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.people import Card
from pcc_desk.domain.registry import CardNotFound, RegistryStanding, Verification
from pcc_desk.domain.rules import OutagePolicy, Rules

NO_CARD = (
    "No card is on record: nothing may be dispensed. A temporary paper or a pending application: what the rules here "
    "make of it is not known to the desk. Ask the registry."
)


def after_answer(verification: Verification | None, rules: Rules) -> str:
    """Return what may still be done after what the registry said; nothing when it said that the card is good."""
    if verification is None:
        return ""
    match verification.answer:
        case CardNotFound():
            return "May be checked in. Nothing may be dispensed: compare the number; a new card may not be known yet."
        case RegistryStanding(active=False):
            return "May be checked in and advised. Nothing may be dispensed until the registry says it is active."
        case RegistryStanding():
            return ""
        case Unanswered() as silence:
            return _in_silence(silence, rules)


def _in_silence(silence: Unanswered, rules: Rules) -> str:
    match silence.kind:
        case Silence.DENIED:
            return "May be checked in. Nothing may be dispensed: a manager looks after the key to the registry."
        case Silence.WITHHELD:
            return "May be checked in. This key may not ask: read the standing on the registry's page (r)."
        case Silence.BUSY | Silence.NOT_ASKED:
            return "May be checked in. Ask again in a moment (r)."
        case Silence.DISABLED:
            return "May be checked in. The regulator switched the look-up off; read its notice before dispensing."
        case Silence.ABSENT | Silence.BY_HAND:
            return "May be checked in. A person reads the standing (r)."
        case Silence.DOWN | Silence.TIMED_OUT | Silence.UNREADABLE | Silence.DAMAGED:
            return _in_outage(rules)


def _in_outage(rules: Rules) -> str:
    if rules.outage.sales_allowed:
        return f"May be checked in. {rules.name}: sales may go on, with duties (f6)."
    if rules.outage.policy is OutagePolicy.AGENCY_EXCEPTION_ONLY:
        return f"May be checked in. {rules.name}: nothing is sold until the agency announces an exception (f6)."
    return f"May be checked in and advised. {rules.name}: nothing is sold without the registry (f6)."


def card_words(card: Card, rules: Rules, today: date) -> tuple[str, str]:
    """Return until when a card is good here, and what may still be done when it is not; and the tone."""
    if rules.card_ends.has_lapsed(card.expires_on, today):
        return f"lapsed {card.expires_on}. May be advised; nothing is dispensed until it is renewed", "danger"
    if card.expires_on != today:
        return f"valid to {card.expires_on}", ""
    if rules.is_card_end_read:
        return "valid to the end of today", "warning"
    return "its last day is today; whether it is still good all day the rules here do not say", "warning"
