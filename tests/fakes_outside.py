"""The world outside as tests want it: a state system and a point of sale that do what they are told.

The state system takes whatever is posted, twice if it is posted twice, as the real ones do.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from pcc_desk.desk.ports import Clock
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.capabilities import Call, Offer
from pcc_desk.domain.dispensing import Dispensation, NotPosted, Posted, PostRefused, Voided
from pcc_desk.domain.products import Package
from pcc_desk.domain.reconciliation import DaySales, Receipt, Sale, SoldLine
from pcc_desk.domain.registry import CardNotFound, CaregiverAnswer, RegistryAnswer

ZONE = ZoneInfo("America/Detroit")


class PowerCut(BaseException):
    """The desk dies in the middle of a call."""


class Fault(Enum):
    """What can go wrong with one call."""

    DOWN = "it cannot be reached, nothing was done"
    LOST = "the question was lost on the way, nothing was done"
    ANSWER_LOST = "it was done, and the answer was lost"
    GARBLED = "it was done, and what came back is no answer"
    DENIED = "the key was refused, nothing was done"
    REFUSED = "it was understood and refused"
    CUT_BEFORE = "the desk died before the question left"
    CUT_AFTER = "it was done, and the desk died before the answer came"


_SILENCES = {
    Fault.DOWN: Unanswered(Silence.DOWN, "METRC cannot be reached"),
    Fault.LOST: Unanswered(Silence.TIMED_OUT, "METRC did not answer within 10 s"),
    Fault.ANSWER_LOST: Unanswered(Silence.TIMED_OUT, "METRC did not answer within 10 s"),
    Fault.GARBLED: Unanswered(Silence.UNREADABLE, "METRC sent something that is no answer"),
    Fault.DENIED: Unanswered(Silence.DENIED, "METRC refused the key"),
}
_DONE = frozenset({Fault.ANSWER_LOST, Fault.GARBLED, Fault.CUT_AFTER})
_CUTS = frozenset({Fault.CUT_BEFORE, Fault.CUT_AFTER})


@dataclass(frozen=True, slots=True)
class Taken:
    """What the state system took, and when."""

    dispensation: Dispensation
    receipt: str
    at: datetime


class FakeStateSystem:
    """Implements `desk.ports.StateSystem`.

    Set `is_down`, or put faults in a row with `will`: each call takes one, None standing for none. `lag` is how long
    what was taken stays out of look-ups and lists.
    """

    name = "METRC"

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._faults: deque[Fault | None] = deque()
        self.is_down = False
        self.lag = timedelta(0)
        self.lookup_offered = True
        self.standings: dict[str, RegistryAnswer] = {}
        self.caregivers: dict[str, CaregiverAnswer] = {}
        self.packages: tuple[Package, ...] = ()
        self.taken: list[Taken] = []
        self.voided: set[str] = set()
        self.asked: list[str] = []
        """Every call, in order: its name, and whom or what it was about."""

    def will(self, *faults: Fault | None) -> None:
        """Let the next calls go wrong so."""
        self._faults.extend(faults)

    def heal(self) -> None:
        """Let nothing go wrong from now on."""
        self._faults.clear()
        self.is_down = False

    def receipts_of(self, external_number: str) -> list[str]:
        """Return the receipts of one of our numbers, seen with the state's own eyes."""
        return [each.receipt for each in self.taken if each.dispensation.external_number == external_number]

    def posts_of(self, external_number: str) -> int:
        """Return how often one of our numbers was sent."""
        return self.asked.count(f"post {external_number}")

    async def ping(self) -> str | Unanswered:
        """Say the facility's name."""
        return self._trouble("ping") or "Birchwood Relief"

    async def standing(self, card_number: str) -> RegistryAnswer:
        """Say what was put into `standings`; an unknown card is not found."""
        return self._trouble(f"standing {card_number}") or self.standings.get(card_number, CardNotFound(card_number))

    async def post(self, dispensation: Dispensation) -> Posted | PostRefused | Unanswered:
        """Take a dispensation, or do what goes wrong with the call."""
        fault = self._next_fault(f"post {dispensation.external_number}")
        if fault is Fault.REFUSED:
            return PostRefused("package is not in this facility")
        if fault is Fault.CUT_BEFORE:
            raise PowerCut
        if fault is not None and fault not in _DONE:
            return _SILENCES[fault]
        taken = Taken(dispensation, str(90_000 + len(self.taken)), self._clock.now())
        self.taken.append(taken)
        if fault is Fault.CUT_AFTER:
            raise PowerCut
        return _SILENCES[fault] if fault is not None else Posted(taken.receipt)

    async def capabilities(self) -> tuple[Offer, ...]:
        """Return that everything is offered, look-ups when they are."""
        return tuple(Offer(call, call is not Call.FIND_POSTED or self.lookup_offered, "a fake") for call in Call)

    async def caregiver(self, card_number: str) -> CaregiverAnswer:
        """Return what `caregivers` has for a card."""
        trouble = self._trouble(f"caregiver {card_number}")
        return trouble or self.caregivers.get(card_number, CardNotFound(card_number))

    async def correct(self, receipt: str, dispensation: Dispensation) -> Posted | PostRefused | Unanswered:
        """Put a dispensation in the place of what was taken under a receipt."""
        trouble = self._trouble(f"correct {receipt}")
        if trouble is not None:
            return trouble
        for place, each in enumerate(self.taken):
            if each.receipt == receipt:
                self.taken[place] = Taken(dispensation, receipt, each.at)
                return Posted(receipt)
        return PostRefused("Receipt was not found.")

    async def void(self, receipt: str, why: str) -> Voided | PostRefused | Unanswered:
        """Strike a receipt."""
        trouble = self._trouble(f"void {receipt}")
        if trouble is not None:
            return trouble
        if all(each.receipt != receipt for each in self.taken):
            return PostRefused("Receipt was not found.")
        self.voided.add(receipt)
        return Voided(receipt)

    async def find_posted(self, external_number: str) -> Posted | NotPosted | Unanswered:
        """Look one of our numbers up among what is old enough to be seen."""
        trouble = self._trouble(f"find {external_number}")
        if trouble is not None:
            return trouble
        if not self.lookup_offered:
            return Unanswered(Silence.ABSENT, "METRC offers no look-up here")
        seen = [each for each in self._visible() if each.dispensation.external_number == external_number]
        return Posted(seen[0].receipt) if seen else NotPosted()

    async def posted_on(self, day: date, now: datetime) -> tuple[Receipt, ...] | Unanswered:
        """Return the receipts of a day of the shop."""
        trouble = self._trouble(f"posted_on {day}")
        if trouble is not None:
            return trouble
        receipts = (_receipt(each, is_void=each.receipt in self.voided) for each in self._visible())
        return tuple(each for each in receipts if each.sold_at.date() == day)

    async def stock(self) -> tuple[Package, ...] | Unanswered:
        """Return `packages`."""
        return self._trouble("stock") or self.packages

    async def close(self) -> None:
        """Let go of nothing."""

    def _visible(self) -> list[Taken]:
        return [each for each in self.taken if each.at + self.lag <= self._clock.now()]

    def _next_fault(self, question: str) -> Fault | None:
        self.asked.append(question)
        fault = self._faults.popleft() if self._faults else None
        return Fault.DOWN if self.is_down and fault not in _CUTS else fault

    def _trouble(self, question: str) -> Unanswered | None:
        fault = self._next_fault(question)
        if fault in _CUTS:
            raise PowerCut
        if fault is None or fault is Fault.REFUSED:
            return None
        return _SILENCES[fault]


def _receipt(taken: Taken, *, is_void: bool) -> Receipt:
    given = taken.dispensation
    return Receipt(taken.receipt, given.external_number, given.at.astimezone(ZONE), sold_lines(given), is_void)


def sold_lines(given: Dispensation) -> tuple[SoldLine, ...]:
    """Return the lines of a dispensation as sales and receipts show them."""
    return tuple(SoldLine(each.label, each.quantity.milli, each.price_cents, each.product) for each in given.lines)


class FakePos:
    """Implements `desk.ports.PointOfSale`. Set `silence` and it says nothing else."""

    name = "POS export"

    def __init__(self) -> None:
        self.rung_up: list[Sale] = []
        self.price_list: dict[str, int] = {}
        self.silence: Unanswered | None = None

    def ring_up(self, sales: Iterable[Dispensation]) -> None:
        """Sell what was dispensed, under our number."""
        for each in sales:
            number = str(4471 + len(self.rung_up))
            self.rung_up.append(Sale(number, each.at.astimezone(ZONE), sold_lines(each), each.external_number))

    async def sales(self, day: date) -> DaySales | Unanswered:
        """Return what was rung up on a day."""
        of_day = tuple(each for each in self.rung_up if each.sold_at.date() == day)
        return self.silence or DaySales(of_day, f"sales-{day}.csv", "0123456789abcdef" * 4, len(of_day))

    async def prices(self) -> dict[str, int] | Unanswered:
        """Return `price_list`."""
        return self.silence or dict(self.price_list)


class FakePractice:
    """Implements `desk.ports.PracticeWorld` over the two fakes."""

    def __init__(self, state: FakeStateSystem, pos: FakePos) -> None:
        self._state = state
        self._pos = pos
        self.exported: list[date] = []
        self.gone: Unanswered | None = None
        """Why nothing can be done any more."""

    async def unplug(self) -> Unanswered | None:
        """Take the state system away."""
        self._state.is_down = self._state.is_down or self.gone is None
        return self.gone

    async def plug_in(self) -> Unanswered | None:
        """Bring the state system back."""
        self._state.is_down = self._state.is_down and self.gone is not None
        return self.gone

    async def ring_up(self, dispensation: Dispensation) -> Unanswered | None:
        """Sell at the till what was dispensed."""
        if self.gone is None:
            self._pos.ring_up([dispensation])
        return self.gone

    async def export_sales(self, day: date) -> Unanswered | None:
        """Take note that the report was asked for."""
        if self.gone is None:
            self.exported.append(day)
        return self.gone
