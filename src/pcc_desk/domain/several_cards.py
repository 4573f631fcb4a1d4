"""What the registry's answers come to for a person with several cards that are good still."""

from collections.abc import Iterable
from datetime import datetime

from pcc_desk.domain.answers import Unanswered
from pcc_desk.domain.people import Card
from pcc_desk.domain.registry import RegistryStanding, Verification, lower_of
from pcc_desk.domain.verification import NotVerified, Proof, Verified

Besides = dict[Card, Verification | None]
"""What was asked last, and freshly, for each other card of the person; None: nothing was."""


def worth_with(worth: Verified, beside: Besides) -> Proof:
    """Return what a good answer is worth: nothing, before the registry also answered for the person's other cards.

    What it would say by another of them may be lower, and nobody can tell.
    """
    for card, other in beside.items():
        which = f"card {card.number}, which is theirs too"
        if other is None:
            return NotVerified(f"The registry was not asked for {which}. Press r to ask.", of_another=True)
        if isinstance(other.answer, Unanswered):
            why = other.answer.reason
            return NotVerified(f"Could not tell for {which}: {why}. Press r to ask again.", of_another=True)
    return worth


def lowest(
    answer: RegistryStanding, asked_at: datetime, beside: Iterable[Verification | None]
) -> tuple[RegistryStanding, datetime]:
    """Return the lowest of what the registry said just now by each own card of the person, and when it was asked.

    A card that it does not know, or that is not active, says nothing of what may be bought by another.
    """
    for each in beside:
        if each is not None and isinstance(each.answer, RegistryStanding) and each.answer.active:
            answer, asked_at = lower_of(answer, each.answer), min(asked_at, each.asked_at)
    return answer, asked_at
