"""What a patient may still buy: the sums by themselves, the answer, the screen, and everybody's for the morning."""

import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any
from uuid import UUID

from benches.counter import desk
from benches.figures import Row, percentile, spread
from benches.shop import FIRST_IN_QUEUE, PASSPHRASE, Town, open_store
from pcc_desk.desk.standing import standing_of
from pcc_desk.domain.answers import CannotTell
from pcc_desk.domain.counting import History
from pcc_desk.domain.entitlement import ORDINARY
from pcc_desk.domain.products import Basis, Measures
from pcc_desk.domain.purchases import Purchase
from pcc_desk.domain.rules import Limit, Rules
from pcc_desk.domain.totals import sums_for, used
from pcc_desk.domain.weighing import compiled
from pcc_desk.domain.windows import FOREVER, RollingDays
from pcc_desk.rulebook import rules_for
from pcc_desk.store.connection import Connection
from pcc_desk.store.ledger import SqlLedger

SCREENS = 60
LINES = 500
TURNS = 400
CATEGORIES = ("flower", "edible", "vape", "capsule", "tincture", "topical")
FRESH = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Case:
    """Six limits of Florida's rules, and 500 purchases in 400 days."""

    rules: Rules
    limits: tuple[Limit, ...]
    purchases: tuple[Purchase, ...]
    today: date


def case(today: date) -> Case:
    """Make the purchases anew, always the same."""
    rules = rules_for("FL", today)
    dice = random.Random(11)  # noqa: S311 - invented purchases
    lines = []
    for number in range(LINES):
        on = today - timedelta(days=dice.randrange(400))
        at = datetime(on.year, on.month, on.day, 12, tzinfo=UTC) + timedelta(seconds=number)
        measures = Measures(dice.randrange(100, 7000), None, dice.randrange(1000, 100_000), 1000)
        lines.append(Purchase(on, at, dice.choice(CATEGORIES), measures, "x", None, at))
    limits = tuple(each for each in rules.limits if isinstance(each.window, RollingDays))[:6]
    return Case(rules, limits, tuple(lines), today)


def sums_rows() -> list[Row]:
    """Sum six limits over 500 purchases four ways, in turn, and check that they agree."""
    given = case(date(2026, 6, 1))
    ways: dict[str, Callable[[], list[Fraction]]] = {
        "whole": _by_totals(given),
        "fraction": lambda: _by_loop(given, Fraction),
        "decimal": lambda: _by_loop(given, Decimal),
    }
    took: dict[str, list[float]] = {name: [] for name in ways}
    found = {name: way() for name, way in ways.items()}
    if found["whole"] != found["fraction"] or any(
        abs(one - other) > Fraction(1, 10**9) for one, other in zip(found["whole"], found["decimal"], strict=True)
    ):
        raise RuntimeError("the ways of counting do not agree")
    for _ in range(TURNS):
        for name, way in ways.items():
            before = time.perf_counter()
            way()
            took[name].append(time.perf_counter() - before)
    middle = {name: statistics.median(figures) for name, figures in took.items()}
    laid_out = []
    for _ in range(TURNS):
        before = time.perf_counter()
        History(given.purchases)
        laid_out.append(time.perf_counter() - before)
    behind = f"sums {spread(took['whole'])}; laying out once {spread(laid_out)}"
    return [
        Row("six limits over 500 purchases", middle["whole"] * 1e6, 60, "µs at p50", behind),
        Row("six limits / Fraction loop", middle["whole"] / middle["fraction"], 0.1, "x", spread(took["fraction"])),
        Row("six limits / Decimal loop", middle["whole"] / middle["decimal"], 0.5, "x", spread(took["decimal"])),
    ]


def _by_totals(given: Case) -> Callable[[], list[Fraction]]:
    history = History(given.purchases)
    rules = [compiled(given.rules, each) for each in given.limits]
    on = given.today.toordinal()

    def used() -> list[Fraction]:
        found = []
        for rule in rules:
            first = on - _counts_for(rule.limit) + 1
            parts = history.used(rule, first, FOREVER)
            if isinstance(parts, CannotTell):
                raise TypeError(parts.reason)
            found.append(Fraction(parts, rule.unit))
        return found

    return used


def _counts_for(limit: Limit) -> int:
    if not isinstance(limit.window, RollingDays):
        raise TypeError(f"{limit.id} does not roll")
    return limit.window.counts_for(strict=True)


def _by_loop(given: Case, number: Callable[[int], Any]) -> list[Fraction]:
    """Sum line by line, as one would write it first."""
    found = []
    for limit in given.limits:
        counts_for = _counts_for(limit)
        per = {
            category: (term.basis, number(term.per.numerator) / number(term.per.denominator))
            for term in limit.terms
            for category in term.categories
        }
        total = number(0)
        for line in given.purchases:
            weight = per.get(line.category)
            if weight is not None and (given.today - line.on).days < counts_for:
                total += number(line.measures.of(weight[0]) or 0) / weight[1]
        found.append(Fraction(total))
    return found


def store_rows(home: Path, town: Town) -> list[Row]:
    """Ask the store what was used of six limits, beside the one statement that could be written by hand for it."""
    store = open_store(home)
    today = datetime.now(UTC).date()
    given = case(today)
    rules = replace(given.rules, limits=given.limits)
    by_hand = _statement(given)
    sums = sums_for(rules, today, ORDINARY)
    if sums is None:
        raise TypeError("the limits do not simply add up")

    def in_turn(connection: Connection) -> tuple[list[float], list[float]]:
        ledger, patient = SqlLedger(connection, None), town.of_ten_years.id
        asked, plain = [], []
        for _ in range(TURNS):
            before = time.perf_counter()
            used(sums, ledger.totals(patient, sums) or ())
            asked.append(time.perf_counter() - before)
            before = time.perf_counter()
            connection.execute(*by_hand(patient.hex)).fetchone()
            plain.append(time.perf_counter() - before)
        return asked, plain

    try:
        asked, plain = store.on_connection(in_turn)
    finally:
        store.close()
    ratio = statistics.median(asked) / statistics.median(plain)
    return [
        Row("six limits of the store / one statement", ratio, 2, "x", f"asked {spread(asked)}; bare {spread(plain)}")
    ]


def _statement(given: Case) -> Callable[[str], tuple[str, tuple[str, ...]]]:
    """Return the six sums as one statement, as one would write it for these limits and this day."""
    columns, firsts = [], []
    for limit in given.limits:
        (term,) = limit.terms
        column = {Basis.NET_OZ: "net_mg", Basis.THC_MG: "thc_ug"}[term.basis]
        listed = ", ".join(f"'{category}'" for category in term.categories)
        columns.append(f"sum({column}) FILTER (WHERE day >= ? AND category IN ({listed}))")
        firsts.append((given.today - timedelta(days=_counts_for(limit) - 1)).isoformat())
    text = f"SELECT {', '.join(columns)} FROM dispensed_line WHERE patient_id = ? AND day >= ?"  # noqa: S608 - ours
    return lambda patient: (text, (*firsts, patient, min(firsts)))


def answer_rows(home: Path, town: Town) -> list[Row]:
    """Read a regular's history out of the store and work out the whole answer: cold once, then warm."""
    store = open_store(home)
    today = datetime.now(UTC).date()
    rules = rules_for("MI", today)

    def asked(connection: Connection, patient_id: UUID) -> float:
        ledger = SqlLedger(connection, None)
        before = time.perf_counter()
        standing_of(
            ledger,
            patient_id,
            rules_on=lambda day, order_began=None: rules,
            day=today,
            now=datetime.now(UTC),
            fresh_for=FRESH,
            is_out=False,
        )
        return time.perf_counter() - before

    def warm(connection: Connection) -> list[float]:
        return [asked(connection, town.of_ten_years.id) for _ in range(TURNS)]

    def everybody(connection: Connection) -> list[float]:
        return [asked(connection, each.id) for each in town.patients]

    try:
        cold = store.on_connection(lambda connection: asked(connection, town.of_ten_years.id))
        took = store.on_connection(warm)
        before = time.perf_counter()
        each = store.on_connection(everybody)
        morning = time.perf_counter() - before
    finally:
        store.close()
    return [
        Row("whole answer, warm", percentile(took, 0.99) * 1000, 1, "ms at p99", spread(took)),
        Row("whole answer, cold", cold * 1000, 2, "ms, once", "the first question to a store just opened"),
        Row(f"{len(town.patients):,} patients' standings", morning, 10, "s", spread(each)),
    ]


def screen_rows(home: Path, town: Town) -> list[Row]:
    """Press enter on a found patient and take the instant at which the standing is on the screen."""
    took = []
    with desk(home) as terminal:
        terminal.type(PASSPHRASE)
        terminal.press("enter")
        terminal.see(FIRST_IN_QUEUE)
        terminal.press("ctrl+g", "a")
        terminal.see("Type a card number")
        for _ in range(SCREENS):
            terminal.press("/")
            terminal.type(town.of_ten_years.family_name.lower())
            terminal.settle(0.2)
            pressed = terminal.press("enter")
            seen = terminal.first_seen(lambda lines: any("COMES BACK" in line for line in lines), 0.4)
            if seen is None:
                raise RuntimeError(f"the standing never came:\n{terminal.text}")
            took.append(seen - pressed)
            terminal.press("/")
            terminal.type("q")
            terminal.settle(0.2)
            terminal.press("escape")
            terminal.settle(0.2)
    return [Row("standing on the screen, from enter", percentile(took, 0.95) * 1000, 16, "ms at p95", spread(took))]
