"""What stands in the place of something that a role is not given."""

from typing import Final, TypeVar

T = TypeVar("T")


class Withheld(str):
    """Words in the place of a value that whoever asks is not given. Never empty, and never to be put on record."""

    __slots__ = ()


WITHHELD: Final = Withheld("withheld")


def as_far_as_given(told: tuple[T, ...] | Withheld) -> tuple[T, ...]:
    """Return what is told; nothing where it is withheld: for what is done with each, never for what is shown."""
    return () if isinstance(told, Withheld) else told
