"""What was dispensed to a patient, line by line, as the limits count it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from pcc_desk.domain.products import Measures
from pcc_desk.domain.quantity import Quantity


class PurchaseKind(StrEnum):
    """Whether a line was a sale, brought something back, or was struck from the record."""

    SALE = "sale"
    RETURN = "return"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Purchase:
    """A line that was dispensed, as the limits count it. Lines of one sale have the same `at`."""

    on: date
    """The business day."""
    at: datetime
    category: str
    measures: Measures
    product: str
    quantity: Quantity | None = None
    """As it was handed over; None when only its measures are known."""
    posted_at: datetime | None = None
    """When the state's acceptance was recorded; None when it was not."""
    dispensary: str = ""
    """Where it was sold. Empty: here, or not told."""
    thc_percent: Fraction | None = None
    """As the label says. None: told from the measures, where they tell it."""
    kind: PurchaseKind = PurchaseKind.SALE

    @property
    def is_posted(self) -> bool:
        """Whether the state took it."""
        return self.posted_at is not None
