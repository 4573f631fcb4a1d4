"""What stands in the place of something that a role is not given."""

from typing import Final


class Withheld(str):
    """Words in the place of a value that whoever asks is not given. Never empty, and never to be put on record."""

    __slots__ = ()


WITHHELD: Final = Withheld("withheld")
