"""A day or a week of appointments as rows: what is booked, what is free, when the shop is open."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from pcc_desk.domain.hours import Hours
from pcc_desk.domain.shop import Shop
from pcc_desk.domain.visits import QueueRow, VisitState
from pcc_desk.widgets.listing import Column, Row

COLUMNS = (
    Column("When", 11),
    Column("Name", 24),
    Column("For", 13),
    Column("", 10, grow=True),
)
FREE = "free"
"""What the key of a row begins with at which nothing is booked."""


def calendar_rows(
    rows: tuple[QueueRow, ...], days: tuple[date, ...], shop: Shop, hours: Hours, now: datetime
) -> tuple[Row, ...]:
    """Return each day with its opening hours, what is booked by its time, and, of a single day, what is free still."""
    listed: list[Row] = []
    for day in days:
        of_day = [row for row in rows if row.visit.day == day]
        head = f"{day:%a} {day.day} {day:%b}  {len(of_day)} booked, {hours.words(day)}"
        listed.append(Row("", ("", head, "", ""), "heading"))
        timed = [(shop.local(row.visit.appointment_at or shop.starts(day)), _row(row, shop)) for row in of_day]
        if len(days) == 1:
            free = (at for at in _free_slots(of_day, day, shop, hours) if shop.instant(at) >= now)
            timed += [(shop.local(shop.instant(at)), _free(at)) for at in free]
        listed += [row for _, row in sorted(timed, key=lambda each: each[0])]
    return tuple(listed)


def _row(row: QueueRow, shop: Shop) -> Row:
    visit = row.visit
    begins = visit.appointment_at or shop.starts(visit.day)
    ends = visit.ends_at or begins
    flags = [] if visit.state is VisitState.EXPECTED else [visit.state.value]
    flags += ["telehealth"] if visit.link else []
    flags += ["same name"] if row.shares_name else []
    when = f"{shop.local(begins):%H:%M}–{shop.local(ends):%H:%M}"
    tone = "" if visit.state is VisitState.EXPECTED else "muted"
    return Row(str(visit.id), (when, row.patient.name, visit.reason.value, " · ".join(flags)), tone)


def _free(at: datetime) -> Row:
    return Row(f"{FREE}|{at:%Y-%m-%dT%H:%M}", (f"{at:%H:%M}", "free", "", ""), "muted")


def _free_slots(rows: list[QueueRow], day: date, shop: Shop, hours: Hours) -> Iterator[datetime]:
    """Yield the times of a day, on the shop's clock, at which fewer are booked than may be at once."""
    for slot in hours.slots(day):
        at = datetime.combine(day, slot)
        begins = shop.instant(at)
        ends = begins + timedelta(minutes=hours.minutes)
        booked = [
            row
            for row in rows
            if not row.visit.state.is_over
            and row.visit.appointment_at is not None
            and row.visit.ends_at is not None
            and row.visit.appointment_at < ends
            and begins < row.visit.ends_at
        ]
        if len(booked) < hours.at_once:
            yield at
