"""What was paired before the comparison, because both sides say the same of it in everything."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from pcc_desk.domain.reconciling.judging import Told
from pcc_desk.domain.sales import Sale


@dataclass(frozen=True, slots=True)
class Aside:
    """Pairs that were laid aside. They are counted, and otherwise stand as if they were among the lists."""

    told: Told
    """What they tell."""
    days: Mapping[date, int] = field(default_factory=dict)
    """How many pairs are of a day."""
    cents: Mapping[date, int] = field(default_factory=dict)
    """What they come to."""
    agreeing: int = 0
    """How many of them bear the till's number in their receipt."""
    between: Callable[[Sale, Sale], bool] = lambda one, other: False
    """Whether one of them was sold between two sales: asked only where a gap in time is looked for."""

    @property
    def last(self) -> date | None:
        """The last day of which there is a pair."""
        return max(self.days, default=None)
