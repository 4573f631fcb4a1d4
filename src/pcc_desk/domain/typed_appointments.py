"""The time of an appointment as it is typed in one line: "fri 11:00 45m follow-up https://…"."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from pcc_desk.domain.hours import NAMES, link_trouble
from pcc_desk.domain.visits import Reason


@dataclass(frozen=True, slots=True)
class TypedAppointment:
    """What was typed. The time is on the shop's clock, without a zone."""

    at: datetime
    minutes: int
    reason: Reason
    link: str = ""

    @property
    def words(self) -> str:
        """The same as it is typed."""
        link = f" {self.link}" if self.link else ""
        return f"{self.at:%Y-%m-%d %H:%M} {self.minutes}m {self.reason}{link}"


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """What was typed is no time of an appointment. `why` is a sentence that says what to type."""

    why: str


REASONS = {
    "new": Reason.NEW,
    "follow-up": Reason.FOLLOW_UP,
    "refill": Reason.REFILL,
    "problem": Reason.PROBLEM,
    "pick-up": Reason.PICK_UP,
}
HOW = "Type a day, a time, a length and what for: 2026-11-27 11:00 45m refill, or fri 11:00."


def understand(
    typed: str, day: date, minutes: int, reason: Reason = Reason.FOLLOW_UP
) -> TypedAppointment | NotUnderstood:
    """Return what a line says; what it does not say is `day`, `minutes` and `reason`.

    A day is 2026-11-27, a weekday (the next one, that of `day` itself included), or +7. Words may stand in any order.
    """
    at: time | None = None
    link = ""
    for word in typed.replace("new patient", "new").split():
        lower = word.casefold()
        if re.fullmatch(r"\d{1,2}:\d{2}", word):
            hour, minute = map(int, word.split(":"))
            if hour > 23 or minute > 59:
                return NotUnderstood(f"“{word}” is no time of a day. {HOW}")
            at = time(hour, minute)
        elif re.fullmatch(r"\d{1,3}m(in)?", lower):
            minutes = int(re.sub(r"\D", "", word))
        elif "://" in word or re.match(r"[\w-]+(\.[\w-]+)+/", word):
            trouble = link_trouble(word)
            if trouble:
                return NotUnderstood(trouble)
            link = word
        elif found := _reason(lower):
            reason = found
        elif isinstance(when := _day(lower, day), date):
            day = when
        else:
            return NotUnderstood(f"“{word[:40]}” is not understood. {HOW}")
    if at is None:
        return NotUnderstood(f"The time is missing. {HOW}")
    return TypedAppointment(datetime.combine(day, at), minutes, reason, link)


def _reason(word: str) -> Reason | None:
    return next((reason for name, reason in REASONS.items() if len(word) >= 3 and name.startswith(word)), None)


def _day(word: str, day: date) -> date | None:
    if re.fullmatch(r"\+\d{1,3}", word):
        return day + timedelta(days=int(word))
    names = [name.casefold() for name in NAMES]
    named = [at for at, name in enumerate(names) if len(word) >= 3 and name.startswith(word)]
    if named:
        return day + timedelta(days=(named[0] - day.weekday()) % 7)
    try:
        return date.fromisoformat(word) if len(word) == 10 else None
    except ValueError:
        return None
