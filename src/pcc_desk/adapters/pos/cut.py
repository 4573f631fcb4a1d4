"""Whether the end of a file was cut off, where only its last cell can tell."""

from dataclasses import dataclass, field

ALIKE = 3
"""How many cells that are all alike make one suspicious that is not."""

SHORT = 5
"""Cells of so few characters may be one shorter by what they say: 9 below 10, True below False."""


@dataclass(slots=True)
class LastCell:
    """What tells that the last cell of a file was cut: it ends no line, and is shorter than every other of its kind."""

    place: int
    lengths: set[int] = field(default_factory=set)
    decimals: set[int] = field(default_factory=set)
    seen: int = 0
    last: str = ""

    def take(self, cell: str) -> None:
        """Look at the last cell of a row."""
        if self.seen:
            self.lengths.add(len(self.last))
            self.decimals.add(_decimals(self.last))
        self.seen, self.last = self.seen + 1, cell

    @property
    def is_cut(self) -> bool:
        """Whether the last of them is not as all those before."""
        if self.seen <= ALIKE or not self.last or len(self.last) >= min(self.lengths):
            return False
        if len(self.lengths) == 1 and min(self.lengths) > SHORT:
            return True
        return len(self.decimals) == 1 and _decimals(self.last) not in self.decimals


def _decimals(text: str) -> int:
    digits = text.rstrip(")").rpartition(".")
    return len(digits[2]) if digits[1] and digits[2].isdigit() else 0
