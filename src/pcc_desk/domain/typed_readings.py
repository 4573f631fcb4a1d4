"""What a person types of what the state's page shows for a card. An empty answer: the page does not say."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from pcc_desk.domain.typed_papers import typed_amount, typed_day
from pcc_desk.domain.what_if import NotUnderstood

LONGEST_PAGE = 60


class CardSays(StrEnum):
    """What the page shows for a card."""

    ACTIVE = "active"
    NOT_ACTIVE = "not active"
    NO_SUCH_CARD = "no such card"
    PAGE_DOWN = "the page is down"


CARD_LETTERS = {
    "y": CardSays.ACTIVE,
    "n": CardSays.NOT_ACTIVE,
    "u": CardSays.NO_SUCH_CARD,
    "d": CardSays.PAGE_DOWN,
}
"""By which letter each is typed; the words themselves are taken as well."""


@dataclass(frozen=True, slots=True)
class NotSaid:
    """The page does not say. That is neither zero nor fine."""


def typed_card(text: str) -> CardSays | NotUnderstood:
    """Return what the page shows for the card. It is never guessed: an empty answer is not understood."""
    words = " ".join(text.lower().split())
    by_words = {"yes": CardSays.ACTIVE, "no": CardSays.NOT_ACTIVE, "down": CardSays.PAGE_DOWN}
    by_words |= {each.value: each for each in CardSays}
    found = CARD_LETTERS.get(words) or by_words.get(words)
    if found is None:
        letters = ", ".join(f"{letter} for {each}" for letter, each in CARD_LETTERS.items())
        return NotUnderstood(f"Type what the page shows for the card: {letters}.")
    return found


def typed_caregiver(text: str) -> CardSays | NotSaid | NotUnderstood:
    """Return what the page shows for the caregiver's card; empty: nobody looked."""
    if not text.strip():
        return NotSaid()
    found = typed_card(text)
    return NotSaid() if found is CardSays.PAGE_DOWN else found


def typed_figure(text: str, unit: str) -> Decimal | NotSaid | NotUnderstood:
    """Return what is left by the page, in `unit`, which may follow the number. It may be below zero."""
    if not text.strip():
        return NotSaid()
    head, plural = text.rstrip(), f"{unit}s"
    amount = typed_amount(head.removesuffix(plural) if head.endswith(plural) else text, unit)
    if isinstance(amount, NotUnderstood):
        return amount
    if amount.amount is None:
        return NotUnderstood("Leave it empty when the page does not say it. Nothing left is typed as 0.")
    if amount.paper or (amount.starts, amount.ends) != (date.min, date.max):
        return NotUnderstood(f"Only the number that is left belongs here, in {unit}, such as 2.5.")
    return amount.amount


def typed_last_day(text: str) -> date | NotSaid | NotUnderstood:
    """Return the card's last day, as year-month-day."""
    if not text.strip():
        return NotSaid()
    day = typed_day(text)
    if isinstance(day, NotUnderstood):
        return day
    return NotSaid() if day.day is None else day.day


def typed_page(text: str) -> str | NotUnderstood:
    """Return the name of the page or monitor on which it was read."""
    words = " ".join(text.split())
    if not words or not words.isprintable():
        return NotUnderstood("Type on which page or monitor you read it, such as State portal.")
    if len(words) > LONGEST_PAGE:
        return NotUnderstood(f"That is longer than {LONGEST_PAGE} characters. Type a shorter name.")
    return words
