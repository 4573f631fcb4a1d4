"""Why somebody is not checked in, in a sentence, and what may be done instead."""

from typing import assert_never

from pcc_desk.desk.check_in import CardExpired, CardRenewed, CareEnded, MinorAlone, NotServed, UnknownCard
from pcc_desk.domain.identity import Standing
from pcc_desk.screens.words import day_words

WITHOUT_CARD = "h: into the queue, to be advised."


def not_let_in(refusal: CardExpired | CardRenewed | UnknownCard | NotServed | MinorAlone | CareEnded) -> str:
    """Return why a check-in was refused."""
    match refusal:
        case CardExpired(card=card):
            lapsed = f"Card {card.number} lapsed on {day_words(card.expires_on)}. Ask for the renewed card."
            return f"{lapsed} {WITHOUT_CARD}"
        case CardRenewed(card=card):
            return f"Card {card.number} was renewed as {card.renewed_as}. Ask for that card."
        case UnknownCard(number=number):
            return f"The card {number} is not on this patient's record."
        case NotServed(standing=standing):
            return not_served_words(standing)
        case MinorAlone(years=years):
            return f"Nobody is checked in: the patient is {years}. Scan the caregiver’s or guardian’s card."
        case CareEnded(card=card):
            return f"{card.holder_name} may not buy for this patient today: see People in the chart."
        case _:
            assert_never(refusal)


def not_served_words(standing: Standing) -> str:
    """Return why somebody is not let in."""
    return f"Nobody is checked in: the patient is noted as {standing.status} ({standing.why})."
