"""What a person types of a paper: "2026-06-01", "8 2026-01-01..2026-12-31 Dr. Mensah, letter of 2 Jan"."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pcc_desk.domain.what_if import NotUnderstood

NONE = "none"

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BEGINNING = re.compile(rf"\s*(?P<amount>{NONE}\b|[-+]?[0-9][0-9.,]*)", re.IGNORECASE)
_AMOUNT = re.compile(r"[-+]?[0-9]{1,9}(?:\.[0-9]{1,6})?")
_UNIT = re.compile(r"(?P<unit>fl\.?\s?oz|ounces?|oz|grams?|mg|kg|g|mL|ml|lbs?|pounds?)(?![\w.])")
_SPAN = re.compile(r"(?P<first>[0-9][0-9./-]*?)?\s*\.\.\s*(?P<last>[0-9][0-9./-]*)?(?=\s|$)")
_ONE_DAY = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?![0-9])|[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}")
_SPELLED = {"ounce": "oz", "ounces": "oz", "gram": "g", "grams": "g", "ml": "mL", "lbs": "lb", "pounds": "lb"}


@dataclass(frozen=True, slots=True)
class TypedAmount:
    """An amount in the unit of its limit, from a day to a day, both included, and by whom and which paper.

    `amount` None: no amount, "none" was typed. `paper` is empty when none was named.
    """

    amount: Decimal | None
    starts: date
    ends: date
    paper: str


@dataclass(frozen=True, slots=True)
class TypedDay:
    """A first day. `day` None: "none" was typed, it is not known."""

    day: date | None


def typed_day(text: str) -> TypedDay | NotUnderstood:
    """Return the day that was typed as year-month-day, or as "none"."""
    words = text.strip()
    if not words:
        return NotUnderstood("Type the day, such as 2026-06-01, or none when it is not known.")
    if words.lower() == NONE:
        return TypedDay(None)
    day = _day(words)
    return day if isinstance(day, NotUnderstood) else TypedDay(day)


def typed_amount(text: str, unit: str) -> TypedAmount | NotUnderstood:
    """Return what was typed: the amount or "none", then the days when they are bounded, then by whom and which paper.

    `unit`, as the limit counts, may follow the amount; another one is refused, never converted.
    """
    beginning = _BEGINNING.match(text)
    if beginning is None:
        return NotUnderstood(f"Begin with the amount in {unit}, a number such as 2.5, or with none.")
    if beginning["amount"].lower() == NONE:
        return _with_days(None, text[beginning.end() :].lstrip())
    word = text[beginning.start("amount") :].split(maxsplit=1)[0]
    rest = _without_unit(text[beginning.end() :], unit)
    if isinstance(rest, NotUnderstood):
        return rest
    if not _AMOUNT.fullmatch(beginning["amount"]) or rest is None:
        return NotUnderstood(f"“{word}” is no amount. Type digits with a point and no comma, such as 2.5 or 1000.")
    return _with_days(Decimal(beginning["amount"]), rest)


def _without_unit(after: str, unit: str) -> str | NotUnderstood | None:
    """Return what stands behind an amount and its unit; None when something else is written close to the number."""
    rest = after.lstrip()
    if re.match(rf"{re.escape(unit)}(?!\w)", rest):
        return rest[len(unit) :].lstrip()
    found = _UNIT.match(rest)
    if found is None:
        return rest if rest != after or not after else None
    named = "fl oz" if found["unit"].startswith("fl") else _SPELLED.get(found["unit"], found["unit"])
    if named != unit:
        return NotUnderstood(f"This limit is counted in {unit}, not in {named}. Type the amount in {unit}.")
    return rest[found.end() :].lstrip()


def _with_days(amount: Decimal | None, rest: str) -> TypedAmount | NotUnderstood:
    span = _SPAN.match(rest)
    if span is None:
        if _ONE_DAY.match(rest):
            return NotUnderstood(
                "Type two points after the first day: 2026-01-01..2026-12-31, or 2026-01-01.. without a last day."
            )
        return TypedAmount(amount, date.min, date.max, rest.strip())
    starts = _day(span["first"]) if span["first"] else date.min
    ends = _day(span["last"]) if span["last"] else date.max
    if isinstance(starts, NotUnderstood):
        return starts
    if isinstance(ends, NotUnderstood):
        return ends
    return TypedAmount(amount, starts, ends, rest[span.end() :].strip())


def _day(words: str) -> date | NotUnderstood:
    wrong = NotUnderstood(f"“{words}” is no day. Type year, month and day, such as 2026-06-01.")
    if not _DAY.fullmatch(words):
        return wrong
    try:
        return date.fromisoformat(words)
    except ValueError:
        return wrong
