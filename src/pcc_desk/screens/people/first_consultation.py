"""The first consultation, booked when an intake is finished."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import assert_never
from uuid import UUID
from zoneinfo import ZoneInfo

from pcc_desk.desk.appointments import Booked, InTheWay, NotBooked, When, book
from pcc_desk.desk.desk import Desk
from pcc_desk.domain.typed_people import typed_date
from pcc_desk.domain.visits import Reason
from pcc_desk.domain.what_if import NotUnderstood

FIRST_VISIT_MINUTES = 60


async def book_first(desk: Desk, patient_id: UUID, answers: Mapping[str, str]) -> str:
    """Book the first consultation at the time that was agreed. Return what became of it; empty where none was."""
    day = typed_date(answers.get("consultation_day", ""))
    hour, _, minute = answers.get("consultation_time", "").partition(":")
    if isinstance(day, NotUnderstood) or not minute:
        return ""
    at = datetime.combine(day, time(int(hour), int(minute)), ZoneInfo(desk.shop.zone))
    asked = When(at, FIRST_VISIT_MINUTES)
    booked = await desk.store.write(
        book, patient_id, Reason.NEW, asked, shop=desk.shop, hours=desk.hours, act=desk.act()
    )
    when = f"{at:%a} {at.day} {at:%b %H:%M}"
    match booked:
        case Booked():
            return f"Booked: {when}."
        case InTheWay(others=others, closed=closed):
            why = closed or f"{len(others)} booked at that time"
            return f"The first consultation is not booked for {when}: {why}. Book it among the appointments."
        case NotBooked(why=why):
            return f"The first consultation is not booked: {why}"
        case _:
            assert_never(booked)
