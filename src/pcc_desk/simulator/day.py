"""A day at the counter that nobody lives: visits drawn by a seed, made through the desk's own use cases.

Every visit is a whole one: check-in, the registry asked, what is left set aside, a note, something handed over, told to
the state. What is drawn depends on the seed alone; times and ids are those of the day.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Concatenate, ParamSpec, TypeVar, cast
from uuid import UUID

from pcc_desk.desk.check_in import AlreadyWaiting, CheckedIn, check_in
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.dispensing import BasketLine, Recorded, hand_over
from pcc_desk.desk.holds import set_aside
from pcc_desk.desk.notes import sign_note
from pcc_desk.desk.ports import Ledger, Store
from pcc_desk.desk.postman import make_round
from pcc_desk.desk.queue import move_visit
from pcc_desk.desk.rules import RulesChanged, acknowledge_rules
from pcc_desk.desk.stock import packages
from pcc_desk.desk.verifying import ask_standing
from pcc_desk.domain.entries import Act, Entry
from pcc_desk.domain.people import Card, Holder
from pcc_desk.domain.products import Package
from pcc_desk.domain.quantity import Quantity, Unit
from pcc_desk.domain.visits import Reason, VisitState

P = ParamSpec("P")
T = TypeVar("T")

EVERYBODY = 100_000
LEAST_LEFT_MILLI = 20_000
"""A package of which less is left is not sold from: a long day should not come to the bottom of one."""

NOTES = (
    "Sleeps through since the change.",
    "Pain 4 of 10, was 7.",
    "Nausea twice a week, less than before.",
    "Will try the lower dose in the evening.",
    "Reads the label with glasses; large print given.",
)


@dataclass(slots=True)
class DayLived:
    """What came of a day."""

    visits: int = 0
    dispensed: int = 0
    refused: int = 0
    """Baskets, or arrivals, that the desk refused; that is no fault of the day."""


class Acknowledging:
    """Implements `desk.ports.Store` over another: says the id of each act once the act is durable."""

    def __init__(self, store: Store, say: Callable[[UUID], None]) -> None:
        self._store = store
        self._say = say

    @property
    def read_only(self) -> str:
        """Why nothing may be written; empty when everything may."""
        return str(getattr(self._store, "read_only", ""))

    async def read(self, use_case: Callable[Concatenate[Ledger, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case that only reads."""
        return await self._store.read(use_case, *args, **kwargs)

    async def write(self, use_case: Callable[Concatenate[Ledger, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case as one durable transaction, then say what it recorded."""
        recorded: list[UUID] = []

        def noted(ledger: Ledger) -> T:
            recorded.clear()
            return use_case(cast("Ledger", _Noting(ledger, recorded)), *args, **kwargs)

        outcome = await self._store.write(noted)
        for each in recorded:
            self._say(each)
        return outcome


class _Noting:
    """A ledger that notes which acts are recorded."""

    def __init__(self, ledger: Ledger, recorded: list[UUID]) -> None:
        self._ledger = ledger
        self._recorded = recorded

    def record(self, entry: Entry, act: Act) -> None:
        """Record, and note the act."""
        self._ledger.record(entry, act)
        self._recorded.append(act.id)

    def __getattr__(self, name: str) -> object:
        return getattr(self._ledger, name)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A visit as the dice have it. A line: which share of the way down the stock, and how many times the least."""

    card: Card
    reason: Reason
    note: str
    lines: tuple[tuple[float, int], ...]


async def live(desk: Desk, seed: int, count: int) -> DayLived:
    """Make `count` visits at an open desk, one after another."""
    dice = Random(seed)  # noqa: S311 - invented visits
    cards = await desk.store.read(_cards)
    day = DayLived()
    for number in range(count):
        drawn = _Drawn(
            dice.choice(cards),
            dice.choice(tuple(Reason)),
            f"{dice.choice(NOTES)} Visit {number + 1}.",
            tuple((dice.random(), dice.randint(1, 4)) for _ in range(dice.randint(1, 2))),
        )
        await _visit(desk, drawn, day)
    return day


def _cards(ledger: Ledger) -> tuple[Card, ...]:
    """Return the card of each patient by which they come, in an order that is the same in every shop."""
    own = []
    for patient in ledger.patients_after(None, EVERYBODY):
        usable = (each for each in ledger.cards(patient.id) if each.holder is Holder.PATIENT and not each.renewed_as)
        own += [card for card in (next(usable, None),) if card is not None]
    return tuple(sorted(own, key=lambda each: each.number))


async def _visit(desk: Desk, drawn: _Drawn, day: DayLived) -> None:
    card = drawn.card
    arrived = await desk.store.write(check_in, card.patient_id, card.number, drawn.reason, desk.today, act=desk.act())
    day.visits += 1
    if not isinstance(arrived, CheckedIn | AlreadyWaiting):
        day.refused += 1
        return
    visit = arrived.visit
    await ask_standing(desk, card.patient_id, card.number, visit.id)
    await set_aside(desk, card.patient_id, visit.id)
    await desk.store.write(move_visit, visit.id, VisitState.WITH_COORDINATOR, act=desk.act())
    await desk.store.write(
        sign_note,
        visit.id,
        drawn.note,
        outage=desk.rules.outage,
        fresh_for=desk.fresh_for,
        act=desk.act(),
        is_out=desk.registry_is_out,
    )
    outcome = await hand_over(desk, card.patient_id, await _basket(desk, drawn.lines), desk.act())
    if isinstance(outcome, RulesChanged):
        await desk.store.write(acknowledge_rules, outcome.fingerprint, act=desk.act())
        outcome = await hand_over(desk, card.patient_id, await _basket(desk, drawn.lines), desk.act())
    is_dispensed = isinstance(outcome, Recorded)
    day.dispensed += is_dispensed
    day.refused += not is_dispensed
    await make_round(desk)
    ended = VisitState.DONE if is_dispensed else VisitState.LEFT
    await desk.store.write(move_visit, visit.id, ended, act=desk.act())


async def _basket(desk: Desk, lines: tuple[tuple[float, int], ...]) -> tuple[BasketLine, ...]:
    stock = await desk.store.read(packages)
    sold = [each for each in stock if not each.why_not_sold(desk.today) and each.remaining.milli >= LEAST_LEFT_MILLI]
    return tuple(_line(sold[int(share * len(sold))], some) for share, some in lines) if sold else ()


def _line(package: Package, some: int) -> BasketLine:
    """Return a line small enough that a patient may come many times a day: half grams, or one piece."""
    quantity = Quantity(500 * some if package.remaining.unit is Unit.GRAMS else 1000, package.remaining.unit)
    return BasketLine(package.label, quantity, package.price_cents(quantity) or 100)
