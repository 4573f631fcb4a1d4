"""All sides of a day as they were read at one time."""

from dataclasses import dataclass
from datetime import date, datetime, time

from pcc_desk.domain.answers import Unanswered
from pcc_desk.domain.prints import print_of, written
from pcc_desk.domain.reconciling.comparing import NOTHING_KNOWN, USUAL
from pcc_desk.domain.reconciling.terms import Context, Terms
from pcc_desk.domain.sales import Closing, Dispensed, Pull, Receipt, Sale
from pcc_desk.domain.shop import business_day

DESK = "desk"


@dataclass(frozen=True, slots=True)
class Sides:
    """What a point of sale and a state system told of a day, or why they did not; and what this desk dispensed."""

    sales: Pull | Unanswered
    receipts: tuple[Receipt, ...] | Unanswered
    """Those of the days around it too, where they could be read."""
    own: tuple[Dispensed, ...]
    """What this desk dispensed on the day."""
    read_at: datetime
    closing: Closing | Unanswered
    """The till's own closing report, or why there is none."""
    day: date
    day_begins: time = time()
    """When a business day begins on the shop's clock."""
    terms: Terms = USUAL
    """By what they were compared."""
    context: Context = NOTHING_KNOWN
    """What was known beside them when they were."""
    own_around: tuple[Dispensed, ...] = ()
    """What this desk dispensed on the day before and the day after."""

    @property
    def sales_of_day(self) -> tuple[Sale, ...]:
        """The sales of the business day itself: those around it are read to find its counterparts."""
        return () if isinstance(self.sales, Unanswered) else tuple(filter(self._is_of_day, self.sales.sales))

    @property
    def receipts_of_day(self) -> tuple[Receipt, ...]:
        """The receipts of the business day itself."""
        return () if isinstance(self.receipts, Unanswered) else tuple(filter(self._is_of_day, self.receipts))

    def _is_of_day(self, record: Sale | Receipt) -> bool:
        return business_day(record.sold_at, self.day_begins) == self.day

    def prints(self, pos: str, state: str) -> str | None:
        """Return what was read of the day, in short; None where a side could not be read."""
        if isinstance(self.sales, Unanswered) or isinstance(self.receipts, Unanswered):
            return None
        sold = (print_of(pos, each) for each in self.sales_of_day)
        reported = (print_of(state, each) for each in self.receipts_of_day)
        return written((*sold, *reported, *(print_of(DESK, each) for each in self.own)))
