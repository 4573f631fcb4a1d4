"""Fields of JSON rows, read so that what is absent, wrong or too large is told apart from what is there."""

from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from pcc_desk.adapters.clean import cleaned
from pcc_desk.domain.answers import Silence, Unanswered

P = ParamSpec("P")
T = TypeVar("T")

UNHEARD_OF = 10**12
"""No shop sells, weighs or numbers anything so large."""

LONGEST_NUMBER = 64
"""No number of a sale or a package has more characters."""

NEVER = datetime.min.replace(tzinfo=UTC)


class NotUnderstood(ValueError):
    """An answer has not the shape it should have; the text says what is wrong, in a clause."""


@contextmanager
def naming(of: str) -> Iterator[None]:
    """Let whatever is not understood inside be said of something: a receipt, a transaction, by its number."""
    try:
        yield
    except NotUnderstood as error:
        raise NotUnderstood(f"{of}: {error}") from error


def field(row: Any, name: str) -> Any:
    """Return a field by its name in any case; None when it is absent."""
    if not isinstance(row, dict):
        return None
    if name in row:
        return row[name]
    wanted = name.lower()
    return next((value for key, value in row.items() if isinstance(key, str) and key.lower() == wanted), None)


def inside(row: Any, name: str) -> dict[str, Any]:
    """Return an object inside a row; empty when it is absent."""
    value = field(row, name)
    return value if isinstance(value, dict) else {}


def text(row: Any, name: str) -> str:
    """Return a text field, cleaned; empty when it is absent."""
    return cleaned(field(row, name))


def identifier(row: Any, name: str) -> str:
    """Return a number that names something, as text; empty when it is absent."""
    value = field(row, name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise NotUnderstood(f"{name} is no number of anything")
    if (isinstance(value, int) and not 0 <= value < 10**LONGEST_NUMBER) or len(str(value)) > LONGEST_NUMBER:
        raise NotUnderstood(f"{name} is no number of anything")
    return cleaned(str(value), LONGEST_NUMBER)


def number(row: Any, name: str) -> Decimal | None:
    """Return a number exactly, also when it is written as text; None when it is absent. Raises `NotUnderstood`."""
    value = field(row, name)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise NotUnderstood(f"{name} is no number")
    try:
        exact = Decimal(value)
    except ArithmeticError as error:
        raise NotUnderstood(f"{name} is no number") from error
    if not exact.is_finite() or abs(exact) >= UNHEARD_OF or (exact and exact.adjusted() < -30):
        raise NotUnderstood(f"{name} is no number")
    return exact


def written_day(row: Any, name: str) -> date | None:
    """Return a date; None when it is absent, or left out by the first day of year 1. Raises `NotUnderstood`."""
    if not isinstance(field(row, name), str | None):
        raise NotUnderstood(f"{name} is no date")
    value = text(row, name)
    if not value or value.startswith("0001-01-01"):
        return None
    try:
        return date.fromisoformat(value[:10])
    except ValueError as error:
        raise NotUnderstood(f"{name} is no date") from error


def down(value: Decimal) -> int:
    """Return the whole number at or below: no more is there to be sold than that."""
    return int(value.to_integral_value(rounding=ROUND_FLOOR))


def up(value: Decimal) -> int:
    """Return the whole number at or above: no less counts against a patient than that."""
    return int(value.to_integral_value(rounding=ROUND_CEILING))


class Named(Protocol):
    """Something with the name that people call it by."""

    name: str


System = TypeVar("System", bound=Named)


def understood(
    call: Callable[Concatenate[System, P], Coroutine[Any, Any, T]],
) -> Callable[Concatenate[System, P], Coroutine[Any, Any, T | Unanswered]]:
    """Let a call say `Unanswered` when what came back has not the shape that it should have."""

    @wraps(call)
    async def asked(system: System, /, *args: P.args, **kwargs: P.kwargs) -> T | Unanswered:
        try:
            return await call(system, *args, **kwargs)
        except NotUnderstood as error:
            reason = f"{system.name} sent an answer that cannot be understood: {error}"
            return Unanswered(Silence.UNREADABLE, reason)

    return asked
