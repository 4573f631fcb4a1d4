"""Days and instants as they are written in files and options."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pcc_desk.commands.refusing import InputRefused
from pcc_desk.domain.shop import business_day

FIRST_YEAR, LAST_YEAR = 1900, 2199


@dataclass(frozen=True, slots=True)
class Clock:
    """How days are made of instants."""

    zone: ZoneInfo | None
    begins: time = time()

    def moment(self, text: str, where: str) -> tuple[date, datetime, bool]:
        """Return the business day, the instant, and whether only a day was given. Raises `InputRefused`.

        A time without an offset is the shop's own. One with an offset needs the shop's zone.
        """
        try:
            at = datetime.fromisoformat(text)
        except ValueError as error:
            raise InputRefused(f"{where}: “{text}” is no day. Write it as 2026-03-12 or 2026-03-12T15:30.") from error
        if not FIRST_YEAR <= at.year <= LAST_YEAR:
            raise InputRefused(
                f"{where}: the year of {text} cannot be meant. Write a year from {FIRST_YEAR} to {LAST_YEAR}."
            )
        if len(text) <= len("2026-03-12"):
            return at.date(), self._instant(at), True
        if at.tzinfo is None:
            local = at
        elif self.zone is None:
            raise InputRefused(f"{where}: {text} has an offset. Give the shop's zone, such as --zone America/Denver.")
        else:
            local = at.astimezone(self.zone)
        return business_day(local, self.begins), self._instant(local), False

    def end_of(self, day: date) -> datetime:
        """Return the instant at which a business day is over."""
        return self._instant(datetime.combine(day + timedelta(days=1), self.begins))

    def _instant(self, local: datetime) -> datetime:
        """Return a time of the shop's clock in UTC, so that the two same hours of an autumn night stay apart."""
        return (local if local.tzinfo else local.replace(tzinfo=self.zone or UTC)).astimezone(UTC)
