"""The shop whose desk it is."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def business_day(local: datetime, begins: time) -> date:
    """Return the business day of a time on the shop's clock.

    What the clock on the wall shows decides, also in the night in which it is set back and shows an hour twice.
    """
    return local.date() - timedelta(days=local.time() < begins)


@dataclass(frozen=True, slots=True)
class Shop:
    """The licensed shop. Its calendar decides which day it is, never the computer's."""

    name: str
    licence: str
    jurisdiction: str
    """The short code of the rule file: MI."""
    zone: str
    """An IANA name: America/Detroit."""
    counter: str
    """The id of this counter, for when several share one history."""
    day_begins_minute: int = 0
    """In which minute after midnight on the shop's clock a business day begins: the jurisdiction's rules say it."""

    def local(self, at: datetime) -> datetime:
        """Return an instant on the shop's clock. A naive one is refused with `ValueError`."""
        if at.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return at.astimezone(ZoneInfo(self.zone))

    def written(self, at: datetime) -> str:
        """Return an instant on the shop's clock as people read it where the year may matter: Thu 12 Mar 2026 10:00."""
        local = self.local(at)
        return f"{local:%a} {local.day} {local:%b %Y %H:%M}"

    def instant(self, local: datetime) -> datetime:
        """Return the instant (UTC) of a time read off the shop's clock; of an hour that comes twice, the first."""
        return local.replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)

    def day(self, at: datetime) -> date:
        """Return the business day of an instant: the calendar day in the shop's zone, or the one before it begins."""
        return business_day(self.local(at), self.day_begins)

    @property
    def day_begins(self) -> time:
        """When a business day begins on the shop's clock."""
        return time(*divmod(self.day_begins_minute, 60))

    def starts(self, day: date) -> datetime:
        """Return the instant at which a business day begins, in the shop's zone."""
        return datetime.combine(day, self.day_begins, ZoneInfo(self.zone))

    def ends(self, day: date) -> datetime:
        """Return the instant at which the next business day begins."""
        return self.starts(day + timedelta(days=1))
