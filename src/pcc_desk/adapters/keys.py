"""By which names an adapter calls the keys that it needs, so that people can be asked for them."""

from collections.abc import Callable
from typing import Any, TypeVar

C = TypeVar("C", bound=Callable[..., Any])

ATTRIBUTE = "credentials"


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
