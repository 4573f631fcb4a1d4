"""When the shop is open, and how appointments are given there: what a shop decides for itself."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from pcc_desk.domain.visits import USUAL_MINUTES

NAMES: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

Span = tuple[time, time]


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours on the shop's clock, Monday first; None: closed on that day. Without any, nobody said."""

    days: tuple[Span | None, ...] = ()
    minutes: int = USUAL_MINUTES
    """For how long an appointment is given unless somebody says otherwise."""
    at_once: int = 1
    """How many appointments may run at the same time."""

    def on(self, day: date) -> Span | None:
        """Return from when to when the shop is open; None: it is closed, or nobody said."""
        return self.days[day.weekday()] if self.days else None

    def words(self, day: date) -> str:
        """Return when the shop is open on a day: "open 09:00–20:00", "closed", or that nobody said."""
        if not self.days:
            return "opening hours not set"
        span = self.on(day)
        return f"open {span[0]:%H:%M}–{span[1]:%H:%M}" if span else "closed"

    def why_not(self, begins: datetime, minutes: int) -> str:
        """Return why something of that length does not lie within the opening hours; empty when it does.

        The instant is on the shop's clock. An end at closing time lies within; where nobody set hours, everything does.
        """
        if not self.days:
            return ""
        span = self.on(begins.date())
        if span is None:
            return f"the shop is closed on a {NAMES[begins.weekday()]}"
        ends = begins + timedelta(minutes=minutes)
        is_within = begins.time() >= span[0] and ends.date() == begins.date() and ends.time() <= span[1]
        return "" if is_within else f"the shop is {self.words(begins.date())} that day"

    def slots(self, day: date) -> tuple[time, ...]:
        """Return the times at which appointments are given on a day, on the shop's clock."""
        span = self.on(day)
        if span is None:
            return ()
        begins, closes = datetime.combine(day, span[0]), datetime.combine(day, span[1])
        step = timedelta(minutes=self.minutes)
        return tuple((begins + step * each).time() for each in range(int((closes - begins) / step)))


def link_trouble(link: str) -> str:
    """Return why something is no link to a telehealth visit; empty when it is one, or nothing."""
    if not link:
        return ""
    if not link.casefold().startswith("https://") or len(link) > 500:
        return "A link begins with https:// and is no longer than 500 characters."
    return "" if link.isprintable() and " " not in link else "A link holds no spaces and no control characters."
