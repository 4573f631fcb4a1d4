"""A patient's record in lines: who it is and what may be dispensed, and what happened, newest first."""

from datetime import datetime

from pcc_desk.desk.by_hand import ToEnter, nothing_sends
from pcc_desk.desk.chart import Chart
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.rights import Right
from pcc_desk.domain.withheld import Withheld
from pcc_desk.screens.allotments.standing_sheet import clocks_line, name_line, short_standing, source_line
from pcc_desk.screens.chart.at_once import at_once_lines
from pcc_desk.screens.outages.outbox_words import looked_up_words, state_words
from pcc_desk.screens.queue.caregiver_words import caregiver_words
from pcc_desk.widgets.listing import Row
from pcc_desk.widgets.sheet import Line


def head_lines(desk: Desk, record: Chart) -> tuple[Line, ...]:
    """Return who the patient is, what was done at once, the clocks, the standing, and the visit of today."""
    return (
        name_line(record.patient, desk.today),
        *at_once_lines(record.at_once, desk.shop, "k" if desk.may(Right.ACT_AT_ONCE) else ""),
        clocks_line(record.patient, record.cards, desk.today),
        *_standing(desk, record),
        _visit(desk, record),
    )


def _standing(desk: Desk, record: Chart) -> tuple[Line, Line]:
    known = record.known
    if isinstance(known, Withheld):
        return ((f"What may be dispensed: {known}", "muted"),), ()
    return short_standing(known), source_line(known, desk.shop, desk.today)


def _visit(desk: Desk, record: Chart) -> Line:
    visit, known = record.visit, record.known
    words = f"visit: {visit.state} · {visit.reason}" if visit else "no visit today: check in at the queue first"
    through, tone = "", ""
    if not isinstance(known, Withheld) and known.through:
        through, tone = caregiver_words(known.through, desk.shop, desk.today)
    looking = looked_up_words(record.timeline, desk.shop, desk.clock.now())
    return (
        (words, "" if visit else "warning"),
        (f" · {through}" if through else "", tone),
        (f"   {looking}" if looking else "", "warning"),
    )


def timeline_rows(desk: Desk, record: Chart) -> tuple[Row, ...]:
    """Return what happened, and what the state knows of it; the key of a row is its place in the timeline."""
    is_by_hand = nothing_sends(desk)
    return tuple(
        Row(
            str(place),
            (_when(desk, each.at), each.kind.value, each.text, each.by, state_words(each, is_by_hand=is_by_hand)),
        )
        for place, each in enumerate(record.timeline)
    )


def _when(desk: Desk, at: datetime) -> str:
    local = desk.shop.local(at)
    return f"{local:%H:%M:%S}" if local.date() == desk.today else f"{local:%a} {local.day} {local:%b}"


def waiting_words(waiting: tuple[ToEnter, ...], system: str) -> str:
    """Return what a person is to do for dispensations that no program posts."""
    those = "1 dispensation waits" if len(waiting) == 1 else f"{len(waiting)} dispensations wait"
    what = "it in" if len(waiting) == 1 else "them in"
    return f"{those} for you: enter {what} {system}, then type its number (t)."
