"""What a desk reads or loads only once it needs it: rules, intake, calendars, whole records."""

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pcc_desk.wiring.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import date

    from pcc_desk.desk.bringing import RecordsOut
    from pcc_desk.desk.ports import RulesOn
    from pcc_desk.domain.calendars import Calendar, NoCalendar
    from pcc_desk.domain.intake import IntakeRules
    from pcc_desk.domain.rules import Rules


def rules_of(code: str, home: Path) -> "RulesOn":
    """Return the rules of a jurisdiction by day and by the first day of an order; a file is read once a day.

    The shop's own file goes before the one that ships.
    """
    from pcc_desk.rulebook import OWN_FOLDER, rules_for

    @lru_cache(maxsize=64)
    def rules_on(day: "date", order_began: "date | None" = None) -> "Rules":
        return rules_for(code, day, own=home / OWN_FOLDER, order_began=order_began)

    return rules_on


@lru_cache(maxsize=1)
def intake_of(code: str) -> "IntakeRules":
    """Return what an intake goes by in a jurisdiction; its files are read when the first is opened."""
    from pcc_desk.rulebook.intake import intake_for

    return intake_for(code)


def calendars_of(zone: str) -> "Callable[[str], Awaitable[Calendar | NoCalendar]]":
    """Return what reads calendar files; the library for it is loaded with the first."""

    async def read(path: str) -> "Calendar | NoCalendar":
        from pcc_desk.adapters.calendars import read_calendar

        return await read_calendar(path, zone, SystemClock().now())

    return read


def record_files() -> "RecordsOut":
    """Return what writes whole records. It is loaded when one is to be written."""
    from pcc_desk.store.whole_records import RecordFiles

    return RecordFiles()
