"""The check before the shop opens: what each system says, what yesterday left, who comes and what each needs."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from pcc_desk.desk.audit import note_list, on_record
from pcc_desk.desk.backups import look
from pcc_desk.desk.care import RequestWaiting, open_requests
from pcc_desk.desk.closing import open_findings
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.errors import DeskError
from pcc_desk.desk.monitor import probe
from pcc_desk.desk.morning import Low, low_of
from pcc_desk.desk.ports import Ledger, RulesOn
from pcc_desk.desk.ports_visits import MissedMorning, MorningCheck
from pcc_desk.desk.pulse import Pulse, take_opening
from pcc_desk.desk.rights import Right, require
from pcc_desk.desk.stock import read_stock
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.entries import Act
from pcc_desk.domain.lapses import STEPS, Lapse, LapseCount
from pcc_desk.domain.preparing import Need, needs_of
from pcc_desk.domain.visit_entries import BriefPrinted, MorningChecked, MorningsExplained, Seen
from pcc_desk.domain.visits import QueueRow, Visit, VisitState

LAPSES_SHOWN: Final = 60
"""Of each clock; the numbers beside them count all."""

MISSED_DAYS: Final = 30
"""How far back mornings without a check are looked for."""

LONGEST_WHY: Final = 200
"""Characters: one line."""

LOOKED_BACK_DAYS: Final = 14
"""How far back the last comparison of a day is looked for."""


class NotRead:
    """Something is being read still: neither none nor zero."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NotRead)

    def __hash__(self) -> int:
        return 0


NOT_READ: Final = NotRead()


@dataclass(frozen=True, slots=True)
class Opening:
    """What the first frame shows."""

    rows: tuple[QueueRow, ...]
    """Today's appointments, whether the patient is here already or not, by their time."""
    pulse: Pulse
    check: MorningCheck | None
    """The last one: of today, or of an earlier day."""
    missed: tuple[date, ...] = ()
    """Earlier days at work whose check was never done and of which nobody said why, the last first."""
    explained: tuple[MissedMorning, ...] = ()
    """What somebody said of the others, as far back, the last first."""


@dataclass(frozen=True, slots=True)
class StockGlance:
    """The stock in a few numbers. `read_at` None: no package is on record."""

    read_at: datetime | None
    packages: int
    blocked: tuple[str, ...]
    """The products of packages that may not be sold, each with why, by product."""


@dataclass(frozen=True, slots=True)
class DayGlance:
    """What the last comparison of an earlier day left. `compared_at` None: none was compared lately."""

    day: date | None
    compared_at: datetime | None = None
    findings: int = 0
    not_compared: int = 0
    signed: int = 0


@dataclass(frozen=True, slots=True)
class Lapsing:
    """What ends within the longest step: all of it counted, the soonest of it by name."""

    counts: tuple[LapseCount, ...]
    soonest: tuple[Lapse, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What one visit needs. `low` None: by our own record there is enough left."""

    visit: Visit
    needs: tuple[Need, ...]
    low: Low | None


@dataclass(frozen=True, slots=True)
class Rest:
    """What is read after the first frame, as far as it is read."""

    stock: StockGlance | NotRead = NOT_READ
    yesterday: DayGlance | NotRead = NOT_READ
    lapsing: Lapsing | NotRead = NOT_READ
    requests: tuple[RequestWaiting, ...] | NotRead = NOT_READ
    """The one that is to be answered first, first."""
    prepared: tuple[Prepared, ...] = ()
    is_prepared: bool = False
    """Whether every visit of today was looked at."""


def take_morning(ledger: Ledger, day: date, *, act: Act) -> Opening:
    """Return what the first frame shows."""
    require(ledger, act, Right.CHECK_MORNING)
    queue, pulse = take_opening(ledger, day, act=act)
    rows = [row for row in queue if _is_for_today(row.visit, day)]
    rows.sort(key=lambda row: (row.visit.appointment_at is None, row.visit.appointment_at or act.at, row.visit.id.hex))
    explained = ledger.explained_mornings(*_month_before(day))
    return Opening(tuple(rows), pulse, ledger.last_morning_check(day), missed_mornings(ledger, day), explained)


def missed_mornings(ledger: Ledger, day: date) -> tuple[date, ...]:
    """Return the days of the last month at work whose check was never done, as long as nobody says why."""
    return ledger.missed_mornings(*_month_before(day))


def _month_before(day: date) -> tuple[date, date]:
    return day - timedelta(days=MISSED_DAYS), day - timedelta(days=1)


def _is_for_today(visit: Visit, day: date) -> bool:
    is_coming = visit.state is VisitState.EXPECTED or visit.appointment_at is not None
    return visit.day == day and is_coming and visit.state is not VisitState.CANCELLED


def glance_at_stock(ledger: Ledger, day: date, *, act: Act) -> StockGlance:
    """Return the stock in a few numbers: how old what is known of it is, and what may not be sold."""
    require(ledger, act, Right.CHECK_MORNING)
    stock = ledger.packages()
    blocked = sorted({f"{each.product}: {why}" for each in stock if (why := each.why_not_sold(day))})
    return StockGlance(ledger.stock_read_at(), len(stock), tuple(blocked))


def glance_back(ledger: Ledger, day: date, *, act: Act) -> DayGlance:
    """Return what the last comparison of an earlier day left open."""
    require(ledger, act, Right.CHECK_MORNING)
    for days in range(1, LOOKED_BACK_DAYS + 1):
        earlier = day - timedelta(days=days)
        comparison = ledger.last_comparison(earlier)
        if comparison is not None:
            return DayGlance(
                earlier,
                comparison.compared_at,
                open_findings(ledger, earlier) if comparison.findings else 0,
                len(comparison.not_compared),
                len(ledger.day_signatures(earlier)),
            )
    return DayGlance(None)


def lapsing(ledger: Ledger, day: date, *, act: Act) -> Lapsing:
    """Return whose card, and whose certification, ends within the longest step."""
    require(ledger, act, Right.CHECK_MORNING)
    require(ledger, act, Right.READ_PAPERS)
    last = day + timedelta(days=STEPS[-1])
    return Lapsing(ledger.count_lapses(day), ledger.lapses(day, last, LAPSES_SHOWN))


def prepare_visit(ledger: Ledger, row: QueueRow, *, rules_on: RulesOn, day: date, act: Act) -> Prepared:
    """Return what a visit of today needs."""
    require(ledger, act, Right.CHECK_MORNING, row.patient.id)
    require(ledger, act, Right.SEE_ALLOTMENT, row.patient.id)
    patient = row.patient
    needs = needs_of(row, ledger.cards(patient.id), ledger.unsigned_notes(patient.id), day)
    return Prepared(row.visit, needs, low_of(ledger, patient, rules_on=rules_on, day=day))


def note_check(ledger: Ledger, day: date, seen: tuple[Seen, ...], *, act: Act) -> MorningCheck:
    """Put on record that somebody answers for the check of a day, with what they saw."""
    require(ledger, act, Right.CHECK_MORNING)
    ledger.record(MorningChecked(day, seen), act)
    done = ledger.last_morning_check(day)
    assert done is not None  # noqa: S101 - it was recorded a line above, in this same transaction
    return done


@dataclass(frozen=True, slots=True)
class Explained:
    """It is on record why nobody did the check on these days."""

    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class NotExplained:
    """Nothing was put on record, and why not."""

    why: str


def explain_mornings(
    ledger: Ledger, days: tuple[date, ...], why: str, day: date, *, act: Act
) -> Explained | NotExplained:
    """Put on record why nobody did the check on earlier days. It is not done afterwards: nobody can look back in time.

    Of days that somebody explained meanwhile nothing is put on record again.
    """
    require(ledger, act, Right.CHECK_MORNING)
    words = " ".join(why.split())
    if not words:
        return NotExplained("Type why, in one line: it goes on record in your name.")
    if len(words) > LONGEST_WHY:
        return NotExplained(f"That is longer than {LONGEST_WHY} characters. One line is enough.")
    open_days = tuple(each for each in missed_mornings(ledger, day) if each in days)
    if not open_days:
        return NotExplained("A colleague said why meanwhile.")
    ledger.record(MorningsExplained(open_days, words), act)
    return Explained(open_days)


def note_brief(ledger: Ledger, day: date, *, act: Act) -> None:
    """Put on record that the brief of a day goes to the printer."""
    require(ledger, act, Right.CHECK_MORNING)
    ledger.record(BriefPrinted(day), act)


async def print_brief(desk: Desk, text: str, act: Act) -> Unanswered | None:
    """Print the brief, which names nobody. It is on record before it is on paper; return why it was not printed."""
    if desk.printer is None:
        return Unanswered(Silence.ABSENT, "no printer is set up; print_command in the settings file names one")
    await desk.store.write(note_brief, desk.today, act=act)
    return await desk.printer.print(text)


Told = Callable[[Rest, str], None]
"""Is told what is known by now, and what is being read."""


async def read_rest(desk: Desk, rows: tuple[QueueRow, ...], told: Told, before: Rest) -> Rest:
    """Read what the first frame left out, in small pieces between which other work of the store comes in.

    What is known from `before` stays until its successor is read. May be cancelled. That patients were listed goes on
    record.
    """
    known = {each.visit.id: each for each in before.prepared}
    rest, today = replace(before, is_prepared=False), desk.today
    told(rest, "packages")
    rest = replace(rest, stock=await desk.store.read(glance_at_stock, today, act=desk.act()))
    told(rest, "yesterday")
    rest = replace(rest, yesterday=await desk.store.read(glance_back, today, act=desk.act()))
    for number, row in enumerate(rows, 1):
        told(rest, f"what the visits need, {number} of {len(rows)}")
        one = await desk.store.read(prepare_visit, row, rules_on=desk.rules_on, day=today, act=desk.act())
        known[row.visit.id] = one
        rest = replace(rest, prepared=tuple(known.values()))
    rest = replace(rest, prepared=tuple(known[row.visit.id] for row in rows), is_prepared=True)
    told(rest, "what ends soon")
    found = await desk.store.read(lapsing, today, act=desk.act())
    rest = replace(rest, lapsing=found)
    told(rest, "requests")
    requests = await desk.store.read(open_requests, act=desk.act())
    rest = replace(rest, requests=requests)
    told(rest, "")
    listed = len(rows) + len(found.soonest) + len(requests)
    await on_record(desk, note_list, "morning check", listed, act=desk.act())
    return rest


async def ask_outside(desk: Desk, told: Callable[[str], None]) -> tuple[str, ...]:
    """Ask each system outside and look at the copies; return what could not be had, as sentences. May be cancelled."""
    missing = []
    told(f"asking {desk.state.name}")
    await probe(desk)
    told(f"asking {desk.pos.name}")
    asked_at = desk.clock.now()
    there = await desk.pos.ping()
    now = desk.clock.now()
    desk.links.heard(desk.pos.name, there, now, now - asked_at)
    told("reading packages and prices")
    why = await read_stock(desk)
    if why is not None:
        missing.append(f"Packages were not read: {why.reason}.")
    told("looking at the copies of the record")
    if desk.copies is not None:
        try:
            state = await look(desk)
        except DeskError as error:
            missing.append(str(error))
        else:
            desk.backups = replace(state, trouble=state.trouble or (desk.backups.trouble if desk.backups else ""))
    desk.bell.set()
    return tuple(missing)
