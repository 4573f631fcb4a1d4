"""What the desk needs of what stands outside it, as protocols: systems of the state and of the till, and a printer."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Protocol, runtime_checkable

from pcc_desk.domain.answers import Unanswered
from pcc_desk.domain.capabilities import Offer
from pcc_desk.domain.columns import ColumnMap, Report
from pcc_desk.domain.dispensing import Dispensation, NotPosted, Posted, PostRefused, Voided
from pcc_desk.domain.products import Package
from pcc_desk.domain.reconciling.terms import KnownPackage
from pcc_desk.domain.registry import CaregiverAnswer, RegistryAnswer
from pcc_desk.domain.sales import Closing, Pull, Receipt
from pcc_desk.domain.shelf import Guest, ShelfPackage


class StateSystem(Protocol):
    """A state's seed-to-sale system. Every call returns a value or `Unanswered`; none raises for an outage."""

    name: str
    """What people call it: METRC."""

    async def ping(self) -> str | Unanswered:
        """Ask the cheapest thing that needs a good key; return the facility's name."""
        ...

    async def standing(self, card_number: str) -> RegistryAnswer:
        """Ask what a card may buy."""
        ...

    async def capabilities(self) -> tuple[Offer, ...]:
        """Return which calls are offered here, as far as that is known without asking; the settings overrule it."""
        ...

    async def caregiver(self, card_number: str) -> CaregiverAnswer:
        """Ask for a caregiver's card."""
        ...

    async def post(self, dispensation: Dispensation) -> Posted | PostRefused | Unanswered:
        """Put a dispensation into the state's record. Never tried twice by itself.

        `Unanswered` with kind `TIMED_OUT` says that it may have arrived.
        """
        ...

    async def find_posted(self, external_number: str) -> Posted | NotPosted | Unanswered:
        """Look up our own number in the state's record."""
        ...

    async def correct(self, receipt: str, dispensation: Dispensation) -> Posted | PostRefused | Unanswered:
        """Put what was really dispensed in the place of what a receipt says. Told again, it is as it was.

        `Unanswered` with kind `TIMED_OUT` says that it may have been done.
        """
        ...

    async def void(self, receipt: str, why: str) -> Voided | PostRefused | Unanswered:
        """Strike a receipt from the state's record. `Unanswered` with kind `TIMED_OUT`: it may have been done."""
        ...

    async def posted_on(self, day: date, now: datetime) -> tuple[Receipt, ...] | Unanswered:
        """Return every receipt of a calendar day on the shop's clock, voided ones included, as known at `now`."""
        ...

    async def stock(self) -> tuple[Package, ...] | Unanswered:
        """Return the packages in stock."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


@runtime_checkable
class TellsPackages(Protocol):
    """A state system that tells of a package by its tag, also of one that is finished."""

    async def look_up_package(self, label: str) -> KnownPackage | Unanswered | None:
        """Return what it says of a package; None: it does not tell of it, whatever that may mean."""
        ...


class PointOfSale(Protocol):
    """A point of sale. Every call returns a value or `Unanswered`; none raises for an outage."""

    name: str
    """What people call it: POS export."""

    async def ping(self) -> str | Unanswered:
        """Ask the cheapest thing that needs a good key; return the store's name there."""
        ...

    async def capabilities(self) -> tuple[Offer, ...]:
        """Return which calls are offered here, as far as that is known without asking."""
        ...

    async def sales(self, day: date) -> Pull | Unanswered:
        """Return every sale of a business day, whole: a part of a day is no answer."""
        ...

    async def closing(self, day: date) -> Closing | Unanswered:
        """Return the control totals of its own closing report."""
        ...

    async def stock(self) -> tuple[ShelfPackage, ...] | Unanswered:
        """Return the packages on its shelf."""
        ...

    async def queue(self) -> tuple[Guest, ...] | Unanswered:
        """Return who is checked in there. Some may be hidden: whoever vanishes from it may still wait."""
        ...

    async def prices(self) -> dict[str, int] | Unanswered:
        """Return the price in cents of one piece or one gram, before tax, by package label."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


@runtime_checkable
class ReadsReports(Protocol):
    """A point of sale known by its reports, of which somebody says once what the columns mean."""

    def know(self, columns: Mapping[str, ColumnMap]) -> None:
        """Go by what was said, by the hash of a report's titles."""
        ...

    async def report(self, day: date) -> Report | Unanswered:
        """Return the beginning of a day's report."""
        ...


class Printer(Protocol):
    """Puts a text on paper."""

    async def print(self, text: str) -> Unanswered | None:
        """Print a text; return why it was not printed."""
        ...


class PracticeWorld(Protocol):
    """The simulated outside of the practice shop: what a person can do to it, and the hands that a real shop has.

    Every call returns None when it was done, or why it was not.
    """

    async def unplug(self) -> Unanswered | None:
        """Take the state system away."""
        ...

    async def plug_in(self) -> Unanswered | None:
        """Bring the state system back."""
        ...

    async def ring_up(self, dispensation: Dispensation) -> Unanswered | None:
        """Sell at the till what was dispensed, as the cashier does."""
        ...

    async def export_sales(self, day: date) -> Unanswered | None:
        """Let the point of sale write its sales report, as the cashier does."""
        ...
