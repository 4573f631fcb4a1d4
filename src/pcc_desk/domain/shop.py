"""The shop whose desk it is."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


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

    def local(self, at: datetime) -> datetime:
        """Return an instant on the shop's clock. A naive one is refused with `ValueError`."""
        if at.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return at.astimezone(ZoneInfo(self.zone))

    def day(self, at: datetime) -> date:
        """Return the business day of an instant: the calendar day in the shop's zone."""
        return self.local(at).date()

    def starts(self, day: date) -> datetime:
        """Return the instant at which a business day begins, in the shop's zone."""
        return datetime.combine(day, time(), ZoneInfo(self.zone))

    def ends(self, day: date) -> datetime:
        """Return the instant at which the next business day begins."""
        return self.starts(day + timedelta(days=1))
