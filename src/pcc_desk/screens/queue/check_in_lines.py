"""The check-in in lines: who it is, by which card, and what the registry says."""

from collections.abc import Iterator
from datetime import datetime

from pcc_desk.desk.check_in import Arrival
from pcc_desk.desk.desk import Desk
from pcc_desk.domain.people import Card, Holder, age_on, card_key
from pcc_desk.domain.registry import Verification
from pcc_desk.domain.visits import Reason
from pcc_desk.screens.queue.caregiver_words import check_tone, check_words
from pcc_desk.screens.queue.may_still import NO_CARD, after_answer, card_words
from pcc_desk.screens.queue.scan_words import Shown, alike_lines
from pcc_desk.screens.visitor_words import visitor_lines
from pcc_desk.screens.words import answer_words, until
from pcc_desk.screens.young_words import young_lines
from pcc_desk.widgets.sheet import Line


def person_lines(desk: Desk, who: Arrival, reason: Reason, card_number: str, shown: Shown | None) -> Iterator[Line]:
    """Yield who it is and what for, who is easily taken for them, the card, and what is known of the young."""
    patient, card = who.patient, who.card
    years = age_on(patient.born, desk.today)
    yield ((f"{patient.name}   born {patient.born} ({years})", "heading"), (f"   for: {reason} (f)", ""))
    scanned = shown.alike if shown is not None else ()
    yield from alike_lines(tuple({each.id: each for each in (*scanned, *who.alike)}.values()), patient)
    if card is None:
        yield ((NO_CARD, "danger"),)
    else:
        yield card_line(desk, card)
        if card_number and card_key(card_number) != card.key:
            yield ((f"the card shown, {card_number}, was replaced by this one", "warning"),)
    if years < desk.rules.of_age and not (card and card.holder is Holder.CAREGIVER):
        yield (("A minor: only with the caregiver's card.", "warning"),)
    yield from young_lines(desk.rules, years)
    yield from visitor_lines(desk.rules, who.home)


def card_line(desk: Desk, card: Card) -> Line:
    """Return which card it is, whose, and until when it is good."""
    words, tone = card_words(card, desk.rules, desk.today)
    lapse = until(card.expires_on, desk.today)
    whose = f" of caregiver {card.holder_name}" if card.holder is Holder.CAREGIVER else ""
    soon = f" ({lapse})" if lapse and not tone else ""
    return ((f"card {card.number}{whose}, {words}{soon}", tone or ("warning" if lapse else "")),)


def tick(is_seen: bool) -> str:
    """Return a box, with a cross in it where a person looked."""
    return f"[{'x' if is_seen else ' '}]"


def asking_line(desk: Desk, since: datetime) -> Line:
    """Return for how long the registry has been asked."""
    passed = (desk.clock.now() - since).total_seconds()
    return ((f"Registry: asking … {passed:.1f} s", "muted"),)


def answer_line(desk: Desk, answered: Verification | None, to_be_read: str) -> Line:
    """Return what the registry said, or why a person must read it (`to_be_read`; empty: the system is asked)."""
    if answered is None and to_be_read:
        return ((f"Registry: {to_be_read}; press r and type what it shows", "warning"),)
    words = answer_words(answered, desk.shop, desk.today)
    return ((f"Registry: {words}", "" if answered and answered.is_good else "warning"),)


def may_still_lines(desk: Desk, card: Card | None, answered: Verification | None) -> Iterator[Line]:
    """Yield what may still be done after what the registry said, where the card itself is good."""
    is_good = card is not None and not desk.rules.card_ends.has_lapsed(card.expires_on, desk.today)
    words = after_answer(answered, desk.rules) if is_good else ""
    if words:
        yield ((words, "warning"),)


def caregiver_lines(desk: Desk, answered: Verification | None) -> Iterator[Line]:
    """Yield what was said of the caregiver's card, where one was asked about."""
    check = answered.caregiver if answered else None
    if check is not None:
        words = check_words(check, desk.shop, desk.today)
        yield ((f"Caregiver: {words}", check_tone(check)),)
