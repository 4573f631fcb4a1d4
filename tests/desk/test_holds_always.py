"""However visits, answers, sales and days come one after another: nothing over a limit goes out, and no hold leaks.

I1: at every instant, what was dispensed in a window and what is set aside in open holds is never above the limit.
I2: what a hold has lost is what the journal's dispensings drew on it.
I3: when every visit is over, nothing is set aside any more.
I4: one visit has one hold, however often it is asked for.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from pcc_desk.desk.dispensing import BasketLine, Recorded, dispense
from pcc_desk.desk.holds import GivenBack, Held, HeldElsewhere, NothingToHold, close, reserve
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.queue import move_visit
from pcc_desk.desk.verifying import keep_verification
from pcc_desk.domain.dispensing import PostingState
from pcc_desk.domain.entries import (
    Act,
    DispensationRecorded,
    Entry,
    HoldPlaced,
    PatientRegistered,
    PostingMoved,
    StaffAdded,
    StockRead,
    VisitBooked,
)
from pcc_desk.domain.holds import Hold
from pcc_desk.domain.products import Basis
from pcc_desk.domain.quantity import Quantity, Unit
from pcc_desk.domain.registry import RegistryStanding, Verification
from pcc_desk.domain.rules import Limit, OutageRule, Rules, Term
from pcc_desk.domain.visits import Reason, Visit, VisitState
from pcc_desk.domain.windows import CalendarMonth, RollingDays, Transaction, Window
from tests.desk.counter import ANA, DREAM, FRESH_FOR, MARA, MARAS_CARD, SHOP
from tests.fakes import FakeLedger, new_id

BEGINS = datetime(2026, 3, 29, 14, 0, tzinfo=UTC)
"""Three days before a month ends."""

GRAMS = (Term(("flower",), Basis.NET_G, Fraction(1000)),)
HUGE = replace(DREAM, remaining=Quantity(9_000_000, Unit.GRAMS))


def limit(name: str, amount: int, window: Window) -> Limit:
    return Limit(name, Fraction(amount), "g", window, GRAMS, frozenset(), frozenset())


RULES = Rules(
    "XX",
    "Invented",
    "xx-1",
    date(2026, 1, 1),
    ("invented",),
    (
        limit("day", 4, RollingDays(1, 1, 1)),
        limit("three days", 7, RollingDays(3, 3, 4)),
        limit("month", 20, CalendarMonth()),
        limit("sale", 3, Transaction()),
    ),
    OutageRule(sales_allowed=True, why=""),
    ounce_mg=Fraction(1000),
)


class Watched:
    """A ledger that keeps a list of what was recorded in it."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.entries: list[Entry] = []

    def record(self, entry: Entry, act: Act) -> None:
        """Record, and note it down."""
        self._ledger.record(entry, act)
        self.entries.append(entry)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)


class Holds(RuleBasedStateMachine):
    """One patient, several visits at a time as several counters would have, days that pass."""

    def __init__(self) -> None:
        super().__init__()
        self.watched = Watched(self.new_ledger())
        self.ledger = cast("Ledger", self.watched)
        self.now = BEGINS
        self.ledger.record(StaffAdded(ANA), self.act())
        self.ledger.record(PatientRegistered(MARA, (replace(MARAS_CARD, expires_on=date.max),)), self.act())
        self.ledger.record(StockRead((HUGE,), "METRC"), self.act())

    def new_ledger(self) -> Ledger:
        """Return an empty ledger."""
        return FakeLedger()

    def act(self) -> Act:
        return Act(new_id(), self.now, ANA.id, SHOP.counter)

    @property
    def with_desk(self) -> dict[str, Any]:
        return {
            "rules_on": lambda on, order_began=None: RULES,
            "shop": SHOP,
            "fresh_for": FRESH_FOR,
            "is_out": False,
        }

    def under_way(self) -> list[Visit]:
        booked = [self.visit(entry.visit.id) for entry in self.watched.entries if isinstance(entry, VisitBooked)]
        return [each for each in booked if not each.state.is_over]

    def visit(self, visit_id: UUID) -> Visit:
        visit = self.ledger.visit(visit_id)
        assert visit is not None
        return visit

    # What happens

    @rule(minutes=st.sampled_from([1, 20, 600, 1440, 4000]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @precondition(lambda self: len(self.under_way()) < 4)
    @rule()
    def somebody_comes(self) -> None:
        day = SHOP.day(self.now)
        visit = Visit(new_id(), MARA.id, day, VisitState.WAITING, Reason.REFILL, None, self.now)
        self.ledger.record(VisitBooked(visit), self.act())

    @rule(day=st.integers(0, 5), three=st.integers(0, 8), month=st.integers(0, 21))
    def the_registry_answers(self, day: int, three: int, month: int) -> None:
        self._answered(day, three, month)

    @rule()
    def the_registry_allows_all(self) -> None:
        self._answered(99, 99, 99)

    def _answered(self, *figures: int) -> None:
        by = self.act()
        names = ("day", "three days", "month")
        told = tuple((name, Decimal(figure)) for name, figure in zip(names, figures, strict=True))
        answer = RegistryStanding(MARAS_CARD.number, True, (), by_limit=told)
        asked = Verification(by.id, MARA.id, MARAS_CARD.number, by.at, "METRC", answer)
        keep_verification(self.ledger, asked, act=by)

    @precondition(lambda self: self.under_way())
    @rule(data=st.data())
    def it_is_set_aside(self, data: st.DataObject) -> None:
        visit = data.draw(st.sampled_from(self.under_way()))
        outcome = reserve(self.ledger, MARA.id, visit.id, act=self.act(), **self.with_desk)
        recorded = len(self.watched.entries)
        assert reserve(self.ledger, MARA.id, visit.id, act=self.act(), **self.with_desk) == outcome
        assert len(self.watched.entries) == recorded
        match outcome:
            case Held(hold=hold):
                assert hold in self.ledger.holds(MARA.id, visit.day)
                assert hold.has_left
                assert hold.is_live(SHOP.day(self.now))
            case HeldElsewhere(holds=holds):
                assert all(each.visit_id != visit.id and each.has_left for each in holds)
            case NothingToHold(why=why):
                assert why

    @rule(tenths=st.integers(1, 45), is_posted=st.booleans())
    def something_is_handed_over(self, tenths: int, is_posted: bool) -> None:
        by = self.act()
        line = BasketLine(HUGE.label, Quantity(tenths * 100, Unit.GRAMS), 0)
        outcome = dispense(self.ledger, MARA.id, (line,), act=by, **self.with_desk)
        if isinstance(outcome, Recorded) and is_posted:
            moved = PostingMoved(by.id, MARA.id, PostingState.ACCEPTED, 1, 0, by.at, "1", "")
            self.ledger.record(moved, self.act())

    @precondition(lambda self: self.under_way())
    @rule(data=st.data(), state=st.sampled_from(VisitState))
    def a_visit_goes_on(self, data: st.DataObject, state: VisitState) -> None:
        move_visit(self.ledger, data.draw(st.sampled_from(self.under_way())).id, state, act=self.act())

    @precondition(lambda self: self.under_way())
    @rule(data=st.data())
    def it_is_given_back(self, data: st.DataObject) -> None:
        visit = data.draw(st.sampled_from(self.under_way()))
        outcome = close(self.ledger, visit.id, act=self.act())
        assert isinstance(outcome, GivenBack | NothingToHold)
        assert not any(each.is_open for each in self._holds() if each.visit_id == visit.id)

    # What always holds

    def _holds(self) -> tuple[Hold, ...]:
        return self.ledger.holds(MARA.id, date.min)

    def _dispensed(self, first: date) -> Fraction:
        grams = (
            line.quantity.milli
            for entry in self.watched.entries
            if isinstance(entry, DispensationRecorded) and entry.day >= first
            for line in entry.dispensation.lines
        )
        return Fraction(sum(grams), 1000)

    @invariant()
    def what_went_out_and_what_is_set_aside_is_never_above_a_limit(self) -> None:
        today = SHOP.day(self.now)
        begins = {"day": today, "three days": today - timedelta(days=2), "month": today.replace(day=1)}
        for each in RULES.limits:
            if each.id in begins:
                live = (held for hold in self._holds() if hold.is_live(today) for held in hold.amounts)
                aside = sum((held.left for held in live if held.limit_id == each.id), Fraction(0))
                assert each.amount is not None
                assert self._dispensed(begins[each.id]) + aside <= each.amount, each.id

    @invariant()
    def a_hold_has_lost_what_was_drawn_on_it_and_never_more_than_it_had(self) -> None:
        drawn: dict[tuple[Any, str], Fraction] = {}
        for entry in self.watched.entries:
            if isinstance(entry, DispensationRecorded):
                for each in entry.draws:
                    key = entry.hold_id, each.limit_id
                    drawn[key] = drawn.get(key, Fraction(0)) + each.amount
        for hold in self._holds():
            for held in hold.amounts:
                assert held.used == drawn.get((hold.id, held.limit_id), 0)
                assert 0 <= held.used <= held.amount

    @invariant()
    def a_visit_has_one_hold_and_one_that_is_over_has_none_open(self) -> None:
        placed = {entry.hold for entry in self.watched.entries if isinstance(entry, HoldPlaced)}
        assert len({each.id for each in placed}) == len({each.visit_id for each in placed})
        assert not any(hold.is_open for hold in self._holds() if self.visit(hold.visit_id).state.is_over)

    def teardown(self) -> None:
        for visit in self.under_way():
            move_visit(self.ledger, visit.id, VisitState.DONE, act=self.act())
        assert not any(each.is_open for each in self._holds())


TestHolds = Holds.TestCase
TestHolds.settings = settings(max_examples=100, stateful_step_count=40)
