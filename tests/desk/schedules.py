"""Seeded schedules of everything that can go wrong on the way into the state's record. `python -m tests.desk.schedules`

A schedule sells, corrects and strikes for three patients while every call of the state system may go wrong in every
way, and the desk is killed in the middle of calls. Then the world heals, and a person decides what is parked, looking
at the state's own record. What must be so is checked after every step and at the end. The time is a clock's that is
moved by hand; the same seed gives the same schedule.
"""

import argparse
import asyncio
import sys
import time
from collections import Counter as Tally
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Concatenate, ParamSpec, TypeVar
from uuid import UUID

from pcc_desk.desk.amending import correct_dispensation, void_dispensation
from pcc_desk.desk.dispensing import Recorded, dispense
from pcc_desk.desk.outbox_acts import MayBeThere, enter_by_hand, try_now
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.postman import make_round
from pcc_desk.desk.verifying import keep_verification
from pcc_desk.domain.amendments import as_it_stands
from pcc_desk.domain.dispensing import Dispensation, Posting, PostingState, PostKind
from pcc_desk.domain.people import Card
from pcc_desk.domain.people_entries import PatientChanged
from pcc_desk.domain.registry import Verification
from pcc_desk.domain.rules import Rules
from pcc_desk.rulebook import rules_for
from pcc_desk.store.ledger import SqlLedger
from tests.desk.counter import (
    ANA,
    CHIDIS_CARD,
    EVA,
    EVAS_CARD,
    FRESH_FOR,
    MARAS_CARD,
    SHOP,
    Counter,
    grams,
    pieces,
    says,
)
from tests.fakes import FakeLedger
from tests.fakes_outside import Fault, PowerCut, sold_lines
from tests.store.stores import JOURNAL_KEY, in_memory

P = ParamSpec("P")
T = TypeVar("T")

CARDS = (MARAS_CARD, CHIDIS_CARD, EVAS_CARD)
GROWN = replace(EVA, born=date(1990, 4, 1))
"""Of three who come for themselves."""
LONG = timedelta(minutes=10)
"""Longer than any wait between two tries."""

COMMON = tuple(fault for fault in Fault if fault is not Fault.DISAGREES)


class Wrong(AssertionError):
    """Something that must be so is not."""


class PlainStore:
    """Runs use cases on one ledger, each in a transaction of its own where there is a database."""

    read_only = ""

    def __init__(self, ledger: Ledger, begin: Callable[[str], object]) -> None:
        self.ledger = ledger
        self.read_only = ""
        self._begin = begin
        self.read_only = ""

    async def read(self, use_case: Callable[Concatenate[Ledger, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case that only reads."""
        return use_case(self.ledger, *args, **kwargs)

    async def write(self, use_case: Callable[Concatenate[Ledger, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case as one transaction."""
        self._begin("BEGIN")
        try:
            outcome = use_case(self.ledger, *args, **kwargs)
        except BaseException:
            self._begin("ROLLBACK")
            raise
        self._begin("COMMIT")
        return outcome


@cache
def _rules(on: date) -> Rules:
    return rules_for("MI", on)


class ScheduledCounter(Counter):
    """The counter on a ledger of either kind."""

    def __init__(self, *, is_real: bool) -> None:
        self._connection = in_memory() if is_real else None
        ledger: Ledger = SqlLedger(self._connection, JOURNAL_KEY) if self._connection is not None else FakeLedger()
        self.book_of = ledger
        super().__init__(ledger=ledger)  # type: ignore[arg-type]
        self.restart()

    def restart(self) -> None:
        """Open the desk anew: nothing is known but what is on record."""
        begin = self._connection.execute if self._connection is not None else lambda statement: None
        self.desk = self.desk_of(ANA)
        self.desk.store = PlainStore(self.book_of, begin)
        self.desk.rules_on = lambda on, order_began=None: _rules(on)

    def close(self) -> None:
        """Let go of the database."""
        if self._connection is not None:
            self._connection.close()


@dataclass
class Result:
    """What became of one schedule."""

    seed: int
    posts: int = 0
    """How often something was sent as a new sale."""
    told: int = 0
    """How many dispensations, corrections and voids were to be told."""
    parked: int = 0
    """How many had to be decided by a person after healing."""
    duplicates: int = 0
    lost: int = 0
    wrong: list[str] = field(default_factory=list)


class Schedule:
    """One seeded life of a desk."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - a schedule, no secret
        self.result = Result(seed)
        self.counter = ScheduledCounter(is_real=seed % 2 == 1)
        self.counter.put(PatientChanged(GROWN, "mistyped"))
        self.sold: list[Dispensation] = []
        random, state = self.random, self.counter.state
        state.lag = timedelta(seconds=random.choice((0, 0, 20, 60)))
        state.lookup_offered = random.random() < 0.85
        state.list_offered = random.random() < 0.85
        state.amending_offered = random.random() < 0.9
        state.refuses_doubles = random.random() < 0.5
        self.trouble = random.choice((0.05, 0.2, 0.4, 0.7))
        self.lies = state.list_offered and random.random() < 0.3
        state.fate = self.fate
        self.paces = random.choice(((1, 3, 6, 20, 70, 200, 400), (1, 3, 6, 9)))
        """How many seconds pass between two steps; at the slower pace lists lag behind."""

    def fate(self, question: str) -> Fault | None:
        """Return what goes wrong with a call."""
        is_probe = question == "ping"  # a system that is out of reach for good lets nothing go wrong
        if self.random.random() >= (self.trouble / 4 if is_probe else self.trouble):
            return None
        if self.lies and question.startswith("find") and self.random.random() < 0.5:
            return Fault.DISAGREES
        return self.random.choice(COMMON)

    async def live(self) -> Result:
        """Go through a life, heal, let a person decide, and say what is wrong."""
        try:
            for _ in range(self.random.randint(8, 36)):
                self.counter.clock.advance(timedelta(seconds=self.random.choice(self.paces)))
                await self.step()
                self.check_while()
            self.counter.state.heal()
            await self.settle()
            self.check_healed()
            await self.let_a_person_decide()
            self.check_end()
        except Wrong as wrong:
            self.result.wrong.append(str(wrong))
        finally:
            self.result.posts = sum(each.startswith("post ") for each in self.counter.state.asked)
            self.counter.close()
        return self.result

    # What happens

    async def step(self) -> None:
        """Do one thing."""
        match self.random.choices(("sell", "correct", "void", "round", "kill"), (4, 3, 1, 12, 1))[0]:
            case "sell":
                await self.sell()
            case "correct" if self.sold:
                given = self.random.choice(self.sold)
                lines = (grams(str(self.random.choice((0.5, 1, 1.5, 2, 3)))), pieces(self.random.choice((0, 1, 2))))
                await self.write(correct_dispensation, given.id, lines, "weighed again")
            case "void" if self.sold:
                await self.write(void_dispensation, self.random.choice(self.sold).id, "rung up by mistake")
            case "kill":
                self.counter.restart()
            case _:
                await self.round()

    async def write(self, use_case: Callable[..., T], *args: object) -> T:
        """Run a use case as an act of its own."""
        return await self.counter.desk.store.write(use_case, *args, act=self.counter.act())

    async def sell(self) -> None:
        """Ask the registry, which answers, and hand something over."""
        card: Card = self.random.choice(CARDS)
        desk = self.counter.desk
        act = desk.act()
        asked = Verification(act.id, card.patient_id, card.number, act.at, "METRC", says(card))
        await desk.store.write(keep_verification, asked, act=act)
        lines = (grams(str(self.random.choice((0.5, 1, 2)))), *(pieces(1) for _ in range(self.random.randint(0, 1))))
        outcome = await desk.store.write(
            dispense,
            card.patient_id,
            lines,
            rules_on=desk.rules_on,
            shop=SHOP,
            fresh_for=FRESH_FOR,
            act=desk.act(),
            is_out=False,
        )
        if not isinstance(outcome, Recorded):
            raise Wrong(f"nothing was sold: {outcome}")
        self.sold.append(outcome.dispensation)

    async def round(self) -> None:
        """Make a round of the post; a kill in the middle is followed by a start."""
        try:
            await make_round(self.counter.desk)
        except PowerCut:
            self.counter.restart()

    async def settle(self) -> None:
        """Make rounds until nothing moves any more."""
        before = None
        for _ in range(60):
            await self.round()
            self.check_while()
            now = self.unsettled()
            if now == before and all(self.is_held_up(each) for each in now):
                return
            before = now
            self.counter.clock.advance(LONG)
        raise Wrong(f"it never came to rest: {[(each.kind.value, each.state.value, each.why) for each in now]}")

    async def let_a_person_decide(self) -> None:
        """Let a person look at the state's record for each that is parked, and say what stands there."""
        for _ in range(200):
            parked = [each for each in self.unsettled() if each.state is PostingState.PARKED]
            if not parked:
                return
            self.result.parked += 1
            await self.decide(parked[0])
            await self.settle()
        raise Wrong("a person could not come to an end")

    async def decide(self, posting: Posting) -> None:
        """Say what stands in the state's record, or put it there by hand where no call does."""
        state = self.counter.state
        receipts = state.receipts_of(posting.external_number)
        is_there = bool(receipts)
        if posting.kind is not PostKind.SALE:
            place = next(index for index, each in enumerate(state.taken) if each.receipt == receipts[0])
            given = self.told_by(posting)
            if not state.amending_offered:  # on the state's own page
                if posting.kind is PostKind.VOID:
                    state.voided.add(receipts[0])
                else:
                    await self.correct_on_the_page(place, given)
            if posting.kind is PostKind.VOID:
                is_there = receipts[0] in state.voided
            else:
                is_there = state.taken[place].dispensation.lines == given.lines
        if is_there:
            outcome: object = await self.write(enter_by_hand, posting.id, receipts[0])
        else:
            desk = self.counter.desk
            outcome = await desk.store.write(try_now, posting.id, act=desk.act(), is_not_there=False)
            if isinstance(outcome, MayBeThere):
                outcome = await desk.store.write(try_now, posting.id, act=desk.act(), is_not_there=True)
        if not isinstance(outcome, Posting):
            raise Wrong(f"a decision was refused: {outcome}")

    async def correct_on_the_page(self, place: int, given: Dispensation) -> None:
        """Do by hand what no call does."""
        state = self.counter.state
        state.amending_offered = True
        await state.correct(state.taken[place].receipt, given)
        state.amending_offered = False

    def told_by(self, posting: Posting) -> Dispensation:
        """Return what a posting tells."""
        given = self.given(posting.dispensation_id)
        amendments = self.counter.book_of.amendments(given.id)
        ids = [each.id for each in amendments]
        told = amendments[: ids.index(posting.amendment_id) + 1] if posting.amendment_id else ()
        return as_it_stands(given, told)

    def given(self, dispensation_id: UUID) -> Dispensation:
        """Return what was handed over."""
        return next(each for each in self.sold if each.id == dispensation_id)

    def unsettled(self) -> tuple[Posting, ...]:
        """Return every posting that is not settled."""
        return self.counter.book_of.unposted()

    # What must be so

    def check_while(self) -> None:
        """Nothing is in the state's record twice, at any time."""
        numbers = Tally(each.dispensation.external_number for each in self.counter.state.taken)
        twice = [number for number, times in numbers.items() if times > 1]
        if twice:
            self.result.duplicates = len(twice)
            raise Wrong(f"in the state's record twice: {twice}")

    def is_held_up(self, posting: Posting) -> bool:
        """Whether it is parked, or waits for an earlier one of its patient that is."""
        if posting.state is PostingState.PARKED:
            return True
        first = next(each for each in self.unsettled() if each.patient_id == posting.patient_id)
        return first.state is PostingState.PARKED

    def check_healed(self) -> None:
        """After healing, each is in the state's record once, or is parked with a reason, or waits for one that is."""
        book, state = self.counter.book_of, self.counter.state
        for given in self.sold:
            posting, receipts = book.posting(given.id), state.receipts_of(given.external_number)
            amendments = book.amendments(given.id)
            self.result.told += 1 + len(amendments)
            if posting is None:
                raise Wrong("a dispensation has no posting")
            self.check_one(given, posting, receipts)
            for each in amendments:
                amending = book.posting(each.id)
                if amending is None or not (amending.state.is_settled or self.is_held_up(amending)):
                    raise Wrong(f"an amendment got lost: {amending}")
        for posting in self.unsettled():
            if posting.state is PostingState.PARKED and not (posting.why and posting.trouble):
                raise Wrong(f"parked without a reason: {posting}")
        self.check_order()

    def check_one(self, given: Dispensation, posting: Posting, receipts: list[str]) -> None:
        """Say what is wrong with one dispensation after healing."""
        amendments = self.counter.book_of.amendments(given.id)
        is_struck = any(each.kind is PostKind.VOID for each in amendments)
        match posting.state:
            case PostingState.ACCEPTED:
                is_well = receipts == [posting.receipt]
            case PostingState.GIVEN_UP:
                is_well = not receipts and is_struck
            case _:
                is_well = self.is_held_up(posting)
        if not is_well:
            self.result.lost += 1
            raise Wrong(f"{posting.state}, and the state has {receipts}: {posting.why}")

    def check_end(self) -> None:
        """After the person's decisions, everything is in the state's record as it stands here, or struck."""
        book, state = self.counter.book_of, self.counter.state
        for given in self.sold:
            amendments = book.amendments(given.id)
            is_struck = any(each.kind is PostKind.VOID for each in amendments)
            taken = [each for each in state.taken if each.dispensation.external_number == given.external_number]
            standing = [each for each in taken if each.receipt not in state.voided]
            if len(standing) != (0 if is_struck else 1):
                self.result.lost += 1
                raise Wrong(f"struck {is_struck}, and {len(standing)} stand in the state's record")
            really = as_it_stands(given, amendments)
            if standing and sold_lines(standing[0].dispensation) != sold_lines(really):
                raise Wrong("the state's record says something else than ours")
        if self.unsettled():
            raise Wrong("something is not settled")
        self.check_order()

    def check_order(self) -> None:
        """What was done for a patient in the state's record was done in the order in which it was recorded here."""
        of_patient = {given.external_number: given.patient_id for given in self.sold}
        places = self.places()
        for patient_id in set(of_patient.values()):
            done = [each for each in self.counter.state.done if of_patient[each.split()[1]] == patient_id]
            ranks = [places[each] for each in done if each in places]
            last = -1
            for lowest, highest in ranks:
                if highest < last:
                    raise Wrong(f"out of order: {done}")
                last = max(last, lowest)

    def places(self) -> dict[str, tuple[int, int]]:
        """Return at which places of a patient's order something may have been done: several corrections look alike."""
        found: dict[str, tuple[int, int]] = {}
        events = []
        for given in self.sold:
            events.append((given.at, 0, given.id.hex, f"post {given.external_number}"))
            for each in self.counter.book_of.amendments(given.id):
                word = "void" if each.kind is PostKind.VOID else "correct"
                events.append((each.at, 1, each.id.hex, f"{word} {given.external_number}"))
        for place, (*_, words) in enumerate(sorted(events)):
            lowest, _ = found.get(words, (place, place))
            found[words] = (lowest, place)
        return found


async def run(seeds: range, told: Callable[[Result], None]) -> None:
    """Live every seed's schedule."""
    for seed in seeds:
        told(await Schedule(seed).live())


def live_all(seeds: range) -> list[Result]:
    """Return what became of every seed's schedule."""
    results: list[Result] = []
    with suppress(KeyboardInterrupt):
        asyncio.run(run(seeds, results.append))
    return results


def figures(results: list[Result], took_s: float) -> str:
    """Return the figures in one line, and every seed that failed."""
    failing = [each for each in results if each.wrong]
    lines = [
        f"{len(results)} schedules, {sum(each.told for each in results)} dispensations, corrections and voids, "
        f"{sum(each.posts for each in results)} posts, "
        f"{sum(each.duplicates for each in results)} duplicates, {sum(each.lost for each in results)} lost, "
        f"{sum(each.parked for each in results)} parked and decided by a person, "
        f"{len(failing)} failing seeds, {took_s:.0f} s"
    ]
    lines += [f"  seed {each.seed}: {'; '.join(each.wrong)}" for each in failing[:20]]
    return "\n".join(lines)


def main() -> int:
    """Live many schedules and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schedules", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    asked = parser.parse_args()
    began = time.monotonic()
    results = live_all(range(asked.first, asked.first + asked.schedules))
    sys.stdout.write(figures(results, time.monotonic() - began) + "\n")
    return 1 if any(each.wrong for each in results) else 0


if __name__ == "__main__":
    sys.exit(main())
