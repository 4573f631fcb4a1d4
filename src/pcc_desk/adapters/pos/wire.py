"""What points of sale have in common on the wire: noisy money, years that mean nothing, days, refusals.

Sections named here and beside it are those of the POS reference.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import ROUND_HALF_EVEN, Decimal
from math import floor
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pcc_desk.adapters.clean import cleaned
from pcc_desk.adapters.http import Response
from pcc_desk.adapters.pos.cells import LONG_AGO, NOTHING, why_no_tag
from pcc_desk.adapters.state.fields import NotUnderstood, number
from pcc_desk.adapters.state.fields import field as field_of
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.quantity import FINEST, QuantityError, Thousandths, finely
from pcc_desk.domain.sales import Window

NOISE = Decimal("0.000001")
"""How far a sum of doubles strays from the cents that are meant; half a cent is no noise."""

T = TypeVar("T")


@dataclass(slots=True)
class Evidence:
    """What came, by its hash, in the order in which it came, and how many rows that was."""

    hashes: list[str] = field(default_factory=list)
    rows: int = 0

    def take(self, answer: Response, rows: int) -> None:
        """Note an answer."""
        self.hashes.append(answer.sha256)
        self.rows += rows

    @property
    def sha256(self) -> str:
        """Of the one answer; of several, of their hashes in order."""
        if len(self.hashes) == 1:
            return self.hashes[0]
        return hashlib.sha256("".join(self.hashes).encode()).hexdigest()


def rows_of(value: Any) -> list[dict[str, Any]]:
    """Return a list of objects. Raises `NotUnderstood`: what is no list is not an empty one."""
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise NotUnderstood("it is no list of objects")
    return value


def words(row: Any, name: str, longest: int = 120) -> str:
    """Return a text, or a whole number as its digits; empty for what is absent or says that there is nothing."""
    value = field_of(row, name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    said = cleaned(value, longest)
    return "" if said.lower() in NOTHING else said


def tag_of(row: Any, name: str) -> str:
    """Return a package's tag as it is written; empty for none. Raises `NotUnderstood` for what cannot be one.

    What is no tag is not the same as none: a line without one is nothing that the state tracks.
    """
    value = field_of(row, name)
    if not (value is None or isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool))):
        raise NotUnderstood(f"{name} is no tag")
    said = words(row, name, 60)
    if why := why_no_tag(said):
        raise NotUnderstood(why)
    return said


def identity(row: Any, name: str, of: str) -> str:
    """Return a number by which something is known. Raises `NotUnderstood` when it has none."""
    said = words(row, name, 60)
    if not said:
        raise NotUnderstood(f"{of} has no number")
    return said


def flag(row: Any, name: str) -> bool:
    """Return a flag; one that is absent is not set. Raises `NotUnderstood` for what is none."""
    value = field_of(row, name)
    if value is None:
        return False
    if not isinstance(value, bool):
        raise NotUnderstood(f"{name} is no flag")
    return value


def dollars(row: Any, name: str) -> int | None:
    """Return dollars, told as a double or a decimal, as whole cents; None when absent. Raises `NotUnderstood`.

    A double holds 51.99 as something a trifle beside it, and a sum of doubles writes that out: what strays less than
    `NOISE` is meant to be the cents. Anything else that is no whole number of cents is refused.
    """
    value = number(row, name)
    if value is None:
        return None
    nearest = (value * 100).quantize(Decimal(1), ROUND_HALF_EVEN)
    if abs(value * 100 - nearest) > NOISE * 100:
        raise NotUnderstood(f"{name} is no amount in cents")
    return int(nearest)


def pennies(row: Any, name: str) -> int | None:
    """Return an amount that is told in whole cents; None when absent. Raises `NotUnderstood`."""
    value = number(row, name)
    if value is not None and value != int(value):
        raise NotUnderstood(f"{name} is no whole number of cents")
    return None if value is None else int(value)


def needed(value: T | None, of: str) -> T:
    """Return what must be there. Raises `NotUnderstood`."""
    if value is None:
        raise NotUnderstood(f"{of} is missing")
    return value


def thousandths(row: Any, name: str) -> Thousandths:
    """Return a quantity in thousandths. Raises `NotUnderstood` for none, and for more than six decimals.

    What is within `NOISE` of four decimals is meant to be those: an ounce is told as 28.3495 g.
    """
    value = needed(number(row, name), name)
    nearest = value.quantize(Decimal("0.0001"), ROUND_HALF_EVEN)
    try:
        return finely(nearest if abs(value - nearest) <= NOISE else value)
    except QuantityError as error:
        raise NotUnderstood(f"{name} has more than {FINEST} decimals") from error


def in_stock(row: Any, name: str) -> int:
    """Return how much is there, in thousandths rounded down as the state's packages are. Raises `NotUnderstood`."""
    return floor(thousandths(row, name))


def utc(row: Any, name: str) -> datetime | None:
    """Return an instant told in UTC, with or without its Z; None when it is absent or in the year 1900 (2.6)."""
    at = _moment(row, name)
    if at is None:
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else _in_zone(at, UTC)


def local_twin(row: Any, name: str) -> datetime | None:
    """Return the time that a clock in the shop showed, without a zone."""
    at = _moment(row, name)
    return None if at is None else at.replace(tzinfo=None)


def _moment(row: Any, name: str) -> datetime | None:
    said = words(row, name, 60)
    if not said:
        return None
    try:
        at = datetime.fromisoformat(said)
    except ValueError as error:
        raise NotUnderstood(f"{name} is no time") from error
    return at if at.year >= LONG_AGO else None


def day_of(row: Any, name: str) -> date | None:
    """Return a date; None when it is absent, or in the year 1900 or 1."""
    at = _moment(row, name)
    return None if at is None else at.date()


def in_shop(at: datetime, zone: ZoneInfo) -> datetime:
    """Return an instant by the shop's clock. Raises `NotUnderstood` at the edges of the calendar."""
    return _in_zone(at, zone)


def _in_zone(at: datetime, zone: tzinfo) -> datetime:
    try:
        return at.astimezone(zone)
    except (OverflowError, ValueError) as error:
        raise NotUnderstood("a time lies outside the calendar") from error


def same_clock(at: datetime, twin: datetime | None, zone: ZoneInfo) -> None:
    """Raise `NotUnderstood` when the shop's clock there showed another time than the zone of the settings says.

    Nothing that the system tells names its zone (2.1): the twin is the only check of the one that was configured.
    """
    if twin is None:
        return
    ours = in_shop(at, zone).replace(tzinfo=None)
    if abs(ours - twin) >= timedelta(minutes=1):
        raise NotUnderstood(
            f"its clock showed {twin:%H:%M} where {zone.key} has {ours:%H:%M}; correct the zone in the settings file"
        )


def day_window(day: date, zone: ZoneInfo, *, before: int = 0, after: int = 0) -> Window:
    """Return a business day, with so many days before and after it, by the shop's clock."""
    start = datetime.combine(day - timedelta(days=before), time(), zone)
    end = datetime.combine(day + timedelta(days=after + 1), time(), zone)
    return Window(start, end)


def refused(name: str, answer: Response, right: str) -> Unanswered | None:
    """Return why a question was not answered; None when it was. `right` is what the key lacks where it is forbidden."""
    if answer.status < 400:
        return None
    if answer.status == 401:
        return Unanswered(Silence.DENIED, f"{name} does not take this key")
    if answer.status == 403:
        return Unanswered(Silence.WITHHELD, f"this key of {name} lacks {right}")
    if answer.status == 404:
        return Unanswered(Silence.ABSENT, f"{name} does not offer this call here")
    said = cleaned(field_of(answer.body, "message") or field_of(answer.body, "title"), 120)
    why = f": {said}" if said else ""
    return Unanswered(Silence.UNREADABLE, f"{name} does not understand the question (HTTP {answer.status}){why}")


Rule = Callable[[T], int]


def rule_that_adds_up(rules: Sequence[Rule[T]], lines: Iterable[tuple[Sequence[T], int]]) -> Rule[T]:
    """Return the rule by which the lines of sales add up to what their sales come to, within a cent for each line.

    Systems describe a line's price in one way and fill it in another (2.2): which way it is shows in the sums. Raises
    `NotUnderstood` when by no rule most of them do.
    """
    told = [(each, total) for each, total in lines if each]
    if not told:
        return rules[0]

    def held(rule: Rule[T]) -> int:
        return sum(abs(sum(map(rule, each)) - total) <= len(each) for each, total in told)

    best = max(rules, key=held)
    if held(best) * 2 < len(told):
        raise NotUnderstood("the lines of its sales do not add up to their totals by any known rule")
    return best
