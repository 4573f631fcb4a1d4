"""By which names an adapter calls the keys that it needs, so that people can be asked for them."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

C = TypeVar("C", bound=Callable[..., Any])

ATTRIBUTE = "credentials"

KEY_ENDS = "key_ends"
"""The name of the last day of the keys, as year-month-day: no secret, and kept with them."""


def takes(*names: str) -> Callable[[C], C]:
    """Mark what connects by an adapter with the names of its credentials, in the order in which they are asked for."""

    def marked(connect: C) -> C:
        setattr(connect, ATTRIBUTE, names)
        return connect

    return marked


def names_of(connect: object) -> tuple[str, ...]:
    """Return the names of the credentials that an adapter takes; none when it does not say."""
    names = getattr(connect, ATTRIBUTE, ())
    return tuple(str(each) for each in names) if isinstance(names, tuple | list) else ()


def key_end(settings: Mapping[str, str], credentials: Mapping[str, str]) -> date | None:
    """Return the last day of the keys, as it was entered with them, or stands in the settings; None: nobody knows.

    Raises `ValueError` for what is no day.
    """
    said = credentials.get(KEY_ENDS) or settings.get(KEY_ENDS, "")
    return date.fromisoformat(said) if said else None
