"""The day's visits in rows, and what there is to know of each; and whoever was searched for and found."""

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.records import FoundPatient
from pcc_desk.domain.people import age_on
from pcc_desk.domain.visits import QueueRow, VisitState
from pcc_desk.domain.withheld import Withheld
from pcc_desk.screens.backup_words import provided_words
from pcc_desk.screens.words import card_end, day_words, until, wait, with_link
from pcc_desk.widgets.listing import Column, Row
from pcc_desk.widgets.sheet import Line

COLUMNS = (
    Column("Wait", 5, align="right"),
    Column("Name", 23),
    Column("Born", 10),
    Column("For", 11),
    Column("Who", 9),
    Column("Flags", 10, grow=True),
)

ADULT = 18
"""From which age on nobody is a minor anywhere."""


def queue_rows(desk: Desk, rows: tuple[QueueRow, ...]) -> tuple[Row, ...]:
    """Return who is here, then who is expected, then whose visit is over, with the waiting times as they are now."""
    here = [row for row in rows if not row.visit.state.is_over and row.visit.state is not VisitState.EXPECTED]
    lines = [visit_row(desk, row) for row in here]
    for title, those in (
        ("expected", [row for row in rows if row.visit.state is VisitState.EXPECTED]),
        ("over", [row for row in rows if row.visit.state.is_over]),
    ):
        if those:
            lines.append(Row("", ("", f"{title} {len(those)}", "", "", "", ""), "heading"))
        lines += [visit_row(desk, row) for row in those]
    return tuple(lines)


def visit_row(desk: Desk, row: QueueRow) -> Row:
    """Return a visit; its key is the id of it."""
    visit = row.visit
    since = desk.clock.now() - visit.arrived_at if visit.arrived_at and not visit.state.is_over else None
    if visit.state is VisitState.EXPECTED and visit.appointment_at:
        when = f"{desk.shop.local(visit.appointment_at):%H:%M}"
    else:
        when = wait(since) if since is not None else "–"
    name = f"{row.patient.name} (by {visit.through})" if visit.through else row.patient.name
    tone = "muted" if visit.state.is_over else ""
    return Row(
        str(visit.id),
        (when, name, str(row.patient.born), visit.reason.value, row.served_by_name or "–", visit_flags(desk, row)),
        tone,
    )


def visit_flags(desk: Desk, row: QueueRow) -> str:
    """Return what there is to know of a visit, what is urgent first."""
    today, visit = desk.today, row.visit
    flags = [] if visit.state in {VisitState.WAITING, VisitState.EXPECTED} else [visit.state.value]
    if row.needs_help:
        flags.insert(0, "AT ONCE: chart")
    elif row.helped_by:
        flags.insert(0, f"at once: seen by {row.helped_by}")
    if visit.day < today:
        flags.append(f"since {day_words(visit.day)}")
    if visit.state.waits and visit.appointment_at is not None:
        flags.append(f"promised {desk.shop.local(visit.appointment_at):%H:%M}")
    if visit.link:
        flags.append("telehealth")
    if row.shares_name:
        flags.append("same name today")
    if not row.card_number:
        flags.append("no card on record")
    elif row.card_expires is not None and until(row.card_expires, today):
        flags.append(f"card {until(row.card_expires, today)}")
    certified = row.patient.certification_expires
    if certified is not None and not isinstance(certified, Withheld) and until(certified, today):
        flags.append(f"cert. {until(certified, today)}")
    if age_on(row.patient.born, today) < ADULT:
        flags.append("minor")
    if not row.is_known:
        flags.append("first visit")
    return " · ".join(flags)


def found_row(desk: Desk, found: FoundPatient, here: QueueRow | None) -> Row:
    """Return somebody who was found, masked: the year of birth and the end of the card, until somebody is opened.

    `here` is their visit of today, when it is not over. Who came already is shown as in the queue.
    """
    if here is not None and here.visit.state is not VisitState.EXPECTED:
        return visit_row(desk, here)
    lapse = until(found.card_expires, desk.today) if found.card_expires else ""
    flags = f"{card_end(found.card_number)}{f' · card {lapse}' if lapse else ''}"
    when, why = (visit_row(desk, here).cells[0], here.visit.reason.value) if here is not None else ("", "")
    cells = (when, found.name, str(found.born.year), why, "", flags)
    return Row(f"{found.patient_id}|{found.card_number}", cells)


def about_lines(desk: Desk, row: QueueRow, said: str, cut: frozenset[str], room: int) -> tuple[Line, Line]:
    """Return who it is, and below it what was said, else what the row has no room for: `cut` are such cells.

    `room`: cells in a line.
    """
    patient = row.patient
    certified = f" · certified by {patient.certified_by}" if patient.certified_by else ""
    flags = visit_flags(desk, row)
    noted = " · ".join(each for each in (flags if flags in cut else "", patient.remarks) if each)
    more = with_link(noted, row.visit.link, room)
    return (
        ((f"{patient.name} · card {row.card_number or 'none on record'}{certified}", ""),),
        ((said or more or provided_words(desk), "muted"),),
    )
