"""All sides of a day as they were read at one time."""

from dataclasses import dataclass
from datetime import datetime

from pcc_desk.domain.answers import Unanswered
from pcc_desk.domain.prints import print_of, written
from pcc_desk.domain.sales import Closing, Dispensed, Pull, Receipt

DESK = "desk"


@dataclass(frozen=True, slots=True)
class Sides:
    """What a point of sale and a state system told of a day, or why they did not; and what this desk dispensed."""

    sales: Pull | Unanswered
    receipts: tuple[Receipt, ...] | Unanswered
    own: tuple[Dispensed, ...]
    """What this desk dispensed on the day."""
    read_at: datetime
    closing: Closing | Unanswered
    """The till's own closing report, or why there is none."""

    def prints(self, pos: str, state: str) -> str | None:
        """Return what was read, in short; None where a side could not be read."""
        if isinstance(self.sales, Unanswered) or isinstance(self.receipts, Unanswered):
            return None
        sold = (print_of(pos, each) for each in self.sales.sales)
        reported = (print_of(state, each) for each in self.receipts)
        return written((*sold, *reported, *(print_of(DESK, each) for each in self.own)))
