"""The rows of what a person reads off the state's page for a card."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from pcc_desk.desk.by_hand import Seen
from pcc_desk.desk.standing import PatientStanding
from pcc_desk.domain.answers import CannotTell
from pcc_desk.domain.standing import LimitStanding
from pcc_desk.domain.typed_readings import (
    CARD_LETTERS,
    CardSays,
    NotSaid,
    typed_card,
    typed_caregiver,
    typed_figure,
    typed_last_day,
    typed_page,
)
from pcc_desk.domain.what_if import NotUnderstood
from pcc_desk.domain.windows import Possession, Transaction
from pcc_desk.screens.allotments.limit_lines import limit_names
from pcc_desk.screens.words import figure, short_unit

PAGE, CARD, LAST_DAY, CAREGIVER, GRAMS = "page", "card", "last day", "caregiver", "grams"


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that the page may show. `limit` is the one whose figure it is."""

    key: str
    words: str
    example: str
    limit: LimitStanding | None = None


def asked_of(known: PatientStanding, year: int, caregiver_card: str = "") -> Iterator[Asked]:
    """Yield what to look for, in the order of the list: each limit that adds up, in its own unit.

    What a patient holds at home and what bounds one sale stand on no page.
    """
    letters = ", ".join(f"{letter} {each}" for letter, each in CARD_LETTERS.items())
    yield Asked(PAGE, "page or monitor", "where you read it, such as State portal")
    yield Asked(CARD, "card", letters)
    yield Asked(LAST_DAY, "card's last day", f"{year + 1}-06-30; empty: it is not shown")
    if caregiver_card:
        what = "y active for this patient, n not active, u no such card; empty: nobody looked"
        yield Asked(CAREGIVER, f"caregiver's card {caregiver_card}", what)
    limits = known.standing.limits
    for name, each in zip(limit_names(limits), limits, strict=True):
        if not isinstance(each.limit.window, Possession | Transaction):
            unit = short_unit(each.limit.unit)
            words = f"left of {name} ({unit})"
            yield Asked(f"limit {each.limit.id}", words, f"a number in {unit}; empty: it is not shown", each)
    if any(each.limit.registry is not None and each.limit.registry.column is None for each in limits):
        yield Asked(GRAMS, "left in all (g)", "a number in g; empty: it is not shown")


def understood(asked: Asked, typed: str) -> object | NotUnderstood:
    """Return what was typed for one thing."""
    typers: dict[str, Callable[[str], object]] = {
        PAGE: typed_page,
        CARD: typed_card,
        LAST_DAY: typed_last_day,
        CAREGIVER: typed_caregiver,
    }
    typer = typers.get(asked.key)
    if typer is not None:
        return typer(typed)
    return typed_figure(typed, short_unit(asked.limit.limit.unit) if asked.limit else "g")


def seen(rows: tuple[Asked, ...], typed: dict[str, str]) -> Seen | tuple[Asked, NotUnderstood]:
    """Return all that was typed, or the first row that cannot be understood, and why."""
    found: dict[str, object] = {}
    for each in rows:
        value = understood(each, typed.get(each.key, ""))
        if isinstance(value, NotUnderstood):
            return each, value
        found[each.key] = None if isinstance(value, NotSaid) else value
    card, expires, grams = found[CARD], found[LAST_DAY], found.get(GRAMS)
    caregiver = found.get(CAREGIVER)
    limits = ((each.limit.limit.id, found[each.key]) for each in rows if each.limit)
    return Seen(
        page=str(found[PAGE]),
        card=CardSays(str(card)),
        expires=expires if isinstance(expires, date) else None,
        by_limit=tuple((name, left) for name, left in limits if isinstance(left, Decimal)),
        grams=grams if isinstance(grams, Decimal) else None,
        caregiver=caregiver if isinstance(caregiver, CardSays) else None,
    )


def told(asked: Asked, typed: str) -> str:
    """Return how an answer stands in the list: the card's letter in words, an empty one as not said."""
    value = understood(asked, typed)
    if isinstance(value, NotUnderstood):
        return typed
    return "not shown" if isinstance(value, NotSaid) else str(value)


def doubt(asked: Asked, typed: str) -> str:
    """Return why a figure looks wrong, though it is taken; empty when it does not."""
    value = understood(asked, typed)
    if asked.limit is None or not isinstance(value, Decimal):
        return ""
    amount = asked.limit.amount
    if isinstance(amount, CannotTell) or Fraction(value) <= amount:
        return ""
    unit = short_unit(asked.limit.limit.unit)
    return f"The rules allow {figure(amount)} {unit} in all. Look again whether the page says {value} {unit}."
