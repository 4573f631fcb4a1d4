"""A line of a basket that is no package of ours: an amount of a category, made larger and smaller by steps."""

from dataclasses import dataclass, replace
from fractions import Fraction

from pcc_desk.domain.products import Measures


@dataclass(frozen=True, slots=True)
class Scalable:
    """So much of a category, as somebody typed it or wrote it in a file."""

    category: str
    product: str
    """Which product it is; lines of one product have the same."""
    asked: Measures
    """What it amounts to as it was asked for."""
    step: Fraction
    """The least that is told apart, as a share of what was asked for."""
    thc_percent: Fraction | None = None
    """THC in percent of the weight as the label says; None: told from the measures."""
    pieces: int | None = None
    """How many items it is, where that was said; else it is one."""
    steps: int | None = None
    """None: as much as was asked for."""

    @property
    def measures(self) -> Measures:
        """What it amounts to now; rounded up where steps do not part the smallest units."""
        if self.steps is None:
            return self.asked
        share = self.step * self.steps
        return self.asked.times(share.numerator, share.denominator)

    @property
    def item(self) -> Measures:
        """What one item of it amounts to."""
        return self.measures if self.pieces is None else self.asked.times(1, self.pieces)

    @property
    def most_steps(self) -> int:
        """More than anybody buys."""
        return 10**9

    def of_steps(self, steps: int) -> "Scalable":
        """Return so many steps of the same."""
        return replace(self, steps=steps)
