"""The world outside as tests want it: a state system and a point of sale that do what they are told.

The state system takes whatever is posted, twice if it is posted twice, as the real ones do.
"""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from pcc_desk.desk.ports import Clock
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.capabilities import Call, Offer, PosCall
from pcc_desk.domain.dispensing import Dispensation, NotPosted, Posted, PostRefused, Voided
from pcc_desk.domain.people import card_key
from pcc_desk.domain.products import Package
from pcc_desk.domain.reconciling.terms import KnownPackage
from pcc_desk.domain.registry import CardNotFound, CaregiverAnswer, RegistryAnswer
from pcc_desk.domain.sales import Closing, Pull, Receipt, Sale, SoldLine, is_around
from pcc_desk.domain.shelf import Guest, ShelfPackage

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
    BUSY = "it is asked too often (429), nothing was done"
    FAILED = "it failed of itself (500), nothing was done"
    FAILED_AFTER = "it was done, and it failed of itself (500) after that"
    CLOSED = "it is not serving (503), nothing was done"
    RESET = "the connection broke, nothing was done"
    RESET_AFTER = "it was done, and the connection broke"
    KEY_EXPIRED = "the key has expired, nothing was done"
    DISABLED = "the regulator switched the call off, nothing was done"
    DISAGREES = "a look-up says no, whatever the lists say"
    CUT_BEFORE = "the desk died before the question left"
    CUT_AFTER = "it was done, and the desk died before the answer came"


_SILENCES = {
    Fault.DOWN: Unanswered(Silence.DOWN, "METRC cannot be reached"),
    Fault.LOST: Unanswered(Silence.TIMED_OUT, "METRC did not answer within 10 s"),
    Fault.ANSWER_LOST: Unanswered(Silence.TIMED_OUT, "METRC did not answer within 10 s"),
    Fault.GARBLED: Unanswered(Silence.UNREADABLE, "METRC sent something that is no answer"),
    Fault.DENIED: Unanswered(Silence.DENIED, "METRC refused the key"),
    Fault.BUSY: Unanswered(Silence.BUSY, "METRC is asked too often; again in 40 s", 40),
    Fault.FAILED: Unanswered(Silence.TIMED_OUT, "METRC answered with a fault of its own (HTTP 500)"),
    Fault.FAILED_AFTER: Unanswered(Silence.TIMED_OUT, "METRC answered with a fault of its own (HTTP 500)"),
    Fault.CLOSED: Unanswered(Silence.TIMED_OUT, "METRC answered with a fault of its own (HTTP 503)"),
    Fault.RESET: Unanswered(Silence.TIMED_OUT, "the connection to METRC broke"),
    Fault.RESET_AFTER: Unanswered(Silence.TIMED_OUT, "the connection to METRC broke"),
    Fault.KEY_EXPIRED: Unanswered(Silence.DENIED, "the key of METRC has expired"),
    Fault.DISABLED: Unanswered(Silence.DISABLED, "the regulator switched this call of METRC off"),
}
_DONE = frozenset({Fault.ANSWER_LOST, Fault.GARBLED, Fault.FAILED_AFTER, Fault.RESET_AFTER, Fault.CUT_AFTER})
_HARMLESS = frozenset({Fault.REFUSED, Fault.DISAGREES})
"""They mean something for some calls only."""
_CUTS = frozenset({Fault.CUT_BEFORE, Fault.CUT_AFTER})


@dataclass(frozen=True, slots=True)
class Taken:
    """What the state system took, and when."""

    dispensation: Dispensation
    receipt: str
    at: datetime


class FakeStateSystem:
    """Implements `desk.ports_outside.StateSystem`.

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
        self.list_offered = True
        self.amending_offered = True
        self.refuses_doubles = False
        """Whether a number of ours is taken once only."""
        self.fate: Callable[[str], Fault | None] = lambda question: None
        """What goes wrong with a call, where nothing was put in a row for it."""
        self.standings: dict[str, RegistryAnswer] = {}
        self.caregivers: dict[str, CaregiverAnswer] = {}
        self.packages: tuple[Package, ...] = ()
        self.known_packages: tuple[KnownPackage, ...] = ()
        self.taken: list[Taken] = []
        self.voided: set[str] = set()
        self.asked: list[str] = []
        """Every call, in order: its name, and whom or what it was about."""
        self.done: list[str] = []
        """Everything that was done to the record, in order: post, correct or void, and our number."""

    def will(self, *faults: Fault | None) -> None:
        """Let the next calls go wrong so."""
        self._faults.extend(faults)

    def heal(self) -> None:
        """Let nothing go wrong from now on."""
        self._faults.clear()
        self.fate = lambda question: None
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
        if fault in _SILENCES and fault not in _DONE:
            return _SILENCES[fault]
        if self.refuses_doubles and self.receipts_of(dispensation.external_number):
            return PostRefused("ExternalReceiptNumber is used already")
        taken = Taken(dispensation, str(90_000 + len(self.taken)), self._clock.now())
        self.taken.append(taken)
        self.done.append(f"post {dispensation.external_number}")
        return self._after(fault) or Posted(taken.receipt)

    def _after(self, fault: Fault | None) -> Unanswered | None:
        """Return what comes back instead of an answer to what was done; None: the answer comes."""
        if fault is Fault.CUT_AFTER:
            raise PowerCut
        return _SILENCES[fault] if fault in _DONE else None

    def _amend(self, question: str, receipt: str) -> tuple[int, Fault | None] | PostRefused | Unanswered:
        """Return the place of a receipt to be amended, and what goes wrong after it was; or what comes back at once."""
        fault = self._next_fault(question)
        if fault is Fault.CUT_BEFORE:
            raise PowerCut
        if fault in _SILENCES and fault not in _DONE:
            return _SILENCES[fault]
        if not self.amending_offered:
            return Unanswered(Silence.ABSENT, "METRC offers no corrections here")
        if fault is Fault.REFUSED:
            return PostRefused("receipt is finalized")
        place = next((place for place, each in enumerate(self.taken) if each.receipt == receipt), None)
        return PostRefused("Receipt was not found.") if place is None else (place, fault)

    async def capabilities(self) -> tuple[Offer, ...]:
        """Return that everything is offered, look-ups when they are."""
        return tuple(Offer(call, call is not Call.FIND_POSTED or self.lookup_offered, "a fake") for call in Call)

    async def caregiver(self, card_number: str) -> CaregiverAnswer:
        """Return what `caregivers` has for a card."""
        trouble = self._trouble(f"caregiver {card_number}")
        return trouble or self.caregivers.get(card_number, CardNotFound(card_number))

    async def correct(self, receipt: str, dispensation: Dispensation) -> Posted | PostRefused | Unanswered:
        """Put a dispensation in the place of what was taken under a receipt."""
        found = self._amend(f"correct {receipt}", receipt)
        if not isinstance(found, tuple):
            return found
        place, fault = found
        self.taken[place] = Taken(dispensation, receipt, self.taken[place].at)
        self.done.append(f"correct {dispensation.external_number}")
        return self._after(fault) or Posted(receipt)

    async def void(self, receipt: str, why: str) -> Voided | PostRefused | Unanswered:
        """Strike a receipt."""
        found = self._amend(f"void {receipt}", receipt)
        if not isinstance(found, tuple):
            return found
        place, fault = found
        self.voided.add(receipt)
        self.done.append(f"void {self.taken[place].dispensation.external_number}")
        return self._after(fault) or Voided(receipt)

    async def find_posted(self, external_number: str) -> Posted | NotPosted | Unanswered:
        """Look one of our numbers up among what is old enough to be seen."""
        fault = self._next_fault(f"find {external_number}")
        trouble = self._silence(fault)
        if trouble is not None:
            return trouble
        if fault is Fault.DISAGREES:
            return NotPosted()
        if not self.lookup_offered:
            return Unanswered(Silence.ABSENT, "METRC offers no look-up here")
        seen = [each for each in self._visible() if each.dispensation.external_number == external_number]
        return Posted(seen[0].receipt) if seen else NotPosted()

    async def posted_on(self, day: date, now: datetime) -> tuple[Receipt, ...] | Unanswered:
        """Return the receipts of a day of the shop."""
        trouble = self._trouble(f"posted_on {day}")
        if trouble is not None:
            return trouble
        if not self.list_offered:
            return Unanswered(Silence.ABSENT, "METRC lists no receipts here")
        receipts = (_receipt(each, is_void=each.receipt in self.voided) for each in self._visible())
        return tuple(each for each in receipts if each.sold_at.date() == day)

    async def stock(self) -> tuple[Package, ...] | Unanswered:
        """Return `packages`."""
        return self._trouble("stock") or self.packages

    async def look_up_package(self, label: str) -> KnownPackage | Unanswered | None:
        """Return what `known_packages` has of a label."""
        trouble = self._trouble(f"package {label}")
        return trouble or next((each for each in self.known_packages if each.label == label), None)

    async def close(self) -> None:
        """Let go of nothing."""

    def _visible(self) -> list[Taken]:
        return [each for each in self.taken if each.at + self.lag <= self._clock.now()]

    def _next_fault(self, question: str) -> Fault | None:
        self.asked.append(question)
        fault = self._faults.popleft() if self._faults else self.fate(question)
        return Fault.DOWN if self.is_down and fault not in _CUTS else fault

    def _trouble(self, question: str) -> Unanswered | None:
        return self._silence(self._next_fault(question))

    def _silence(self, fault: Fault | None) -> Unanswered | None:
        """Return why nothing comes back of a question that changes nothing; None: an answer comes."""
        if fault in _CUTS:
            raise PowerCut
        return None if fault is None or fault in _HARMLESS else _SILENCES[fault]


def _receipt(taken: Taken, *, is_void: bool) -> Receipt:
    given = taken.dispensation
    return Receipt(
        taken.receipt,
        given.external_number,
        given.at.astimezone(ZONE),
        sold_lines(given),
        is_void,
        patient_key=card_key(given.card_number),
    )


def sold_lines(given: Dispensation) -> tuple[SoldLine, ...]:
    """Return the lines of a dispensation as sales and receipts show them."""
    return tuple(SoldLine(each.label, each.quantity.milli, each.price_cents, each.product) for each in given.lines)


class FakePos:
    """Implements `desk.ports_outside.PointOfSale`. Set `silence` and it says nothing else."""

    name = "POS export"

    def __init__(self) -> None:
        self.rung_up: list[Sale] = []
        self.price_list: dict[str, int] = {}
        self.closing_report: Closing | None = None
        self.shelf: tuple[ShelfPackage, ...] = ()
        self.guests: tuple[Guest, ...] = ()
        self.silence: Unanswered | None = None
        self.is_closed = False

    def ring_up(self, sales: Iterable[Dispensation]) -> None:
        """Sell what was dispensed, under our number."""
        for each in sales:
            number = str(4471 + len(self.rung_up))
            self.rung_up.append(Sale(number, each.at.astimezone(ZONE), sold_lines(each), each.external_number))

    async def sales(self, day: date) -> Pull | Unanswered:
        """Return what was rung up on a day and around it."""
        of_day = tuple(each for each in self.rung_up if is_around(day, each.sold_at))
        return self.silence or Pull(of_day, f"sales-{day}.csv", "0123456789abcdef" * 4, len(of_day))

    async def prices(self) -> dict[str, int] | Unanswered:
        """Return `price_list`."""
        return self.silence or dict(self.price_list)

    async def ping(self) -> str | Unanswered:
        """Return the store's name."""
        return self.silence or "Birchwood Relief"

    async def capabilities(self) -> tuple[Offer, ...]:
        """Say that everything is offered."""
        return tuple(Offer(each, is_offered=True, why="a fake") for each in PosCall)

    async def closing(self, day: date) -> Closing | Unanswered:
        """Return `closing_report`."""
        return self.silence or self.closing_report or Unanswered(Silence.ABSENT, "there is no closing report")

    async def stock(self) -> tuple[ShelfPackage, ...] | Unanswered:
        """Return `shelf`."""
        return self.silence or self.shelf

    async def queue(self) -> tuple[Guest, ...] | Unanswered:
        """Return `guests`."""
        return self.silence or self.guests

    async def close(self) -> None:
        """Remember that it was let go."""
        self.is_closed = True


class FakePractice:
    """Implements `desk.ports_outside.PracticeWorld` over the two fakes."""

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
