"""Reads appointments from a calendar file (.ics, RFC 5545).

The library is loaded when a file is read. It passes over a damaged part without a word and keeps what was wrong, so
that is asked for (reference: calendar and invitations, p11); a rule that repeats by the second hangs whoever expands
it, so rules are bounded before they are.
"""

import asyncio
import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pcc_desk.adapters.clean import cleaned
from pcc_desk.domain.calendars import Calendar, CalendarEvent, NoCalendar
from pcc_desk.domain.hours import link_trouble

LARGEST = 5 * 1024 * 1024
AHEAD = timedelta(days=120)
"""How far ahead occurrences are taken."""

OLDEST_RULE = timedelta(days=3660)
"""Since when a rule may have been repeating."""

MOST_OF_ONE = 400
MOST_EVENTS = 5000
EVERY = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
"""How often something may repeat. By the hour or oftener nobody has an appointment."""

SIMPLE = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "WKST"})
"""What a daily or weekly rule may hold: with more, finding that there is none may take minutes."""

MEETINGS = ("CONFERENCE", "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL", "LOCATION", "URL")
"""Where the link of a meeting stands, the surest first: RFC 7986 5.11, what calendars add to it, what people do."""


async def read_calendar(path: str, zone: str, now: datetime) -> Calendar | NoCalendar:
    """Read a file in a thread; never raises for a file that is damaged, missing or too large."""
    return await asyncio.to_thread(_read_file, Path(path).expanduser(), ZoneInfo(zone), now)


def _read_file(path: Path, zone: ZoneInfo, now: datetime) -> Calendar | NoCalendar:
    try:
        if path.stat().st_size > LARGEST:
            return NoCalendar(f"The file is larger than {LARGEST // 1024 // 1024} MB. Export fewer months.")
        return events_of(path.read_bytes(), zone, now)
    except OSError as error:
        return NoCalendar(f"The file cannot be read: {error.strerror or 'no such file'}. Check its name.")


def events_of(raw: bytes, zone: ZoneInfo, now: datetime) -> Calendar | NoCalendar:
    """Return the occurrences from now on that a file holds. Times without a zone are the shop's."""
    import icalendar

    if b"BEGIN:VCALENDAR" not in raw[:4096].upper():
        return NoCalendar("This is no calendar file: it does not begin as one. Export it as .ics and try again.")
    if b"END:VCALENDAR" not in raw[-4096:].upper():
        return NoCalendar("The calendar file was cut: its end is missing. Export it again.")
    try:
        calendars = icalendar.Calendar.from_ical(raw, multiple=True)
        parts = [each for calendar in calendars for each in calendar.walk("VEVENT")]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        return NoCalendar(f"The calendar file is damaged ({type(error).__name__}). Export it again.")
    if len(parts) > MOST_EVENTS:
        return NoCalendar(f"The file holds {len(parts):,} events; {MOST_EVENTS:,} are taken. Export fewer months.")
    try:
        return _Reading(parts, zone, now).calendar()
    except (_Unusable, ValueError, TypeError, AttributeError) as error:
        return NoCalendar(f"A change to a repeated event is damaged ({type(error).__name__}). Export it again.")


class _Unusable(Exception):
    """An event cannot be used. The message is a clause."""


class _Reading:
    """One file as it is read."""

    def __init__(self, parts: list[Any], zone: ZoneInfo, now: datetime) -> None:
        self.zone, self.now = zone, now
        self.until = now + AHEAD
        self.masters = [each for each in parts if each.get("RECURRENCE-ID") is None]
        self.changed = {_key(each, self._instant(each, "RECURRENCE-ID")): each for each in parts if _is_change(each)}

    def calendar(self) -> Calendar:
        """Return every occurrence, and a sentence on every event that cannot be used."""
        events: dict[str, CalendarEvent] = {}
        left = []
        for part in self.masters:
            try:
                for event in self._occurrences(part):
                    events[event.origin] = event
            except (_Unusable, ValueError, TypeError, AttributeError, OverflowError) as error:
                why = str(error) if isinstance(error, _Unusable) else "it is damaged"
                left.append(f"“{_words(part, 'SUMMARY', 40) or 'An event without a title'}” was left out: {why}.")
        inside = sorted(events.values(), key=lambda each: (each.at, each.origin))
        return Calendar(tuple(inside), tuple(left))

    def _occurrences(self, part: Any) -> Iterator[CalendarEvent]:
        if part.errors:
            raise _Unusable(f"{cleaned(str(part.errors[0][0] or 'a line'), 30)} cannot be read")
        if not str(part.get("UID", "")).strip():
            raise _Unusable("it has no number of its own (UID)")
        starts, length = self._instant(part, "DTSTART"), self._minutes(part)
        if part.get("RRULE") is None and part.get("RDATE") is None:
            if starts + timedelta(minutes=length) > self.now and starts <= self.until:
                yield self._event(part, _origin(part), starts, length)
            return
        for at in self._repeated(part, starts):
            changed = self.changed.get(_key(part, at))
            origin = f"{_origin(part)}:{at:%Y%m%dT%H%M}"
            if changed is None:
                yield self._event(part, origin, at, length)
            else:
                yield self._event(changed, origin, self._instant(changed, "DTSTART"), self._minutes(changed))

    def _repeated(self, part: Any, starts: datetime) -> Iterator[datetime]:
        """Yield when something repeats, by the clock on the wall: ten o'clock stays ten when the clocks change."""
        from dateutil.rrule import rruleset, rrulestr

        local_zone = _zone_of(part, self.zone)
        wall = starts.astimezone(local_zone).replace(tzinfo=None)
        found = rruleset()
        for rule in _several(part.get("RRULE")):
            found.rrule(rrulestr(self._bounded(rule, starts, local_zone), dtstart=wall))
        if part.get("RRULE") is None:
            found.rdate(wall)
        for name, add in (("RDATE", found.rdate), ("EXDATE", found.exdate)):
            for at in self._listed(part, name):
                add(at.astimezone(local_zone).replace(tzinfo=None))
        first = self.now.astimezone(local_zone).replace(tzinfo=None) - timedelta(hours=8)
        last = self.until.astimezone(local_zone).replace(tzinfo=None)
        for number, at in enumerate(found.xafter(first, inc=True)):
            if at > last or number >= MOST_OF_ONE:
                return
            yield at.replace(tzinfo=local_zone).astimezone(UTC)

    def _bounded(self, rule: Any, starts: datetime, zone: ZoneInfo) -> str:
        """Return a rule as text that ends within the time that is looked at."""
        often = str(next(iter(rule.get("FREQ", [""])))).upper()
        if often not in EVERY:
            raise _Unusable(f"it repeats {often.lower() or 'in no known way'}, which no appointment does")
        if often in {"DAILY", "WEEKLY"} and set(map(str.upper, rule)) - SIMPLE:
            raise _Unusable("its rule of repeating is too involved to be followed safely")
        if self.now - starts > OLDEST_RULE:
            raise _Unusable("it has been repeating for more than ten years")
        told = dict(rule)
        ends = self.until.astimezone(zone).replace(tzinfo=None)
        until = next(iter(told.pop("UNTIL", [])), None)
        if until is not None:
            given = datetime.combine(until, datetime.max.time()) if not isinstance(until, datetime) else until
            given = given.astimezone(zone).replace(tzinfo=None) if given.tzinfo else given
            ends = min(ends, given)
        if "COUNT" in told:
            return _rule_text(told)
        return f"{_rule_text(told)};UNTIL={ends:%Y%m%dT%H%M%S}"

    def _listed(self, part: Any, name: str) -> Iterator[datetime]:
        for each in _several(part.get(name)):
            for one in each.dts:
                yield self._aware(one.dt)

    def _event(self, part: Any, origin: str, at: datetime, minutes: int) -> CalendarEvent:
        return CalendarEvent(
            origin,
            at,
            minutes,
            _words(part, "SUMMARY", 200),
            _words(part, "DESCRIPTION", 2000),
            _link(part),
            is_cancelled=str(part.get("STATUS", "")).upper() == "CANCELLED",
        )

    def _instant(self, part: Any, name: str) -> datetime:
        told = part.get(name)
        if told is None:
            raise _Unusable("it has no time")
        return self._aware(told.dt)

    def _aware(self, at: date | datetime) -> datetime:
        if not isinstance(at, datetime):
            raise _Unusable("it lasts all day and has no time")
        return (at if at.tzinfo else at.replace(tzinfo=self.zone)).astimezone(UTC)

    def _minutes(self, part: Any) -> int:
        length = part.get("DURATION")
        if length is not None:
            passed = length.dt
        else:
            passed = self._instant(part, "DTEND") - self._instant(part, "DTSTART") if part.get("DTEND") else timedelta()
        minutes = int(passed.total_seconds() // 60)
        if minutes < 0 or minutes > 480:
            raise _Unusable("it ends before it begins" if minutes < 0 else "it lasts longer than 8 hours")
        return minutes or 30


def _is_change(part: Any) -> bool:
    told = part.get("RECURRENCE-ID")
    return told is not None and isinstance(told.dt, datetime) and part.get("DTSTART") is not None


def _key(part: Any, at: datetime) -> tuple[str, datetime]:
    return str(part.get("UID", "")), at


def _origin(part: Any) -> str:
    return f"ics:{hashlib.sha256(str(part.get('UID', '')).encode()).hexdigest()[:24]}"


def _zone_of(part: Any, otherwise: ZoneInfo) -> ZoneInfo:
    """Return the zone by whose clock something repeats: its own, or the shop's."""
    zone = part.get("DTSTART").dt.tzinfo
    return zone if isinstance(zone, ZoneInfo) else otherwise


def _several(told: Any) -> list[Any]:
    if told is None:
        return []
    return told if isinstance(told, list) else [told]


def _rule_text(rule: dict[str, Any]) -> str:
    return ";".join(f"{name}={','.join(str(each) for each in _several(value))}" for name, value in rule.items())


def _words(part: Any, name: str, longest: int) -> str:
    return cleaned(str(part.get(name, "")), longest).strip()


def _link(part: Any) -> str:
    """Return where an event takes place, if that is a link: alone, or the last word before a semicolon or the end."""
    told = (place for name in MEETINGS for each in _several(part.get(name)) for place in str(each).split(";"))
    last = (place.split()[-1] for place in told if place.strip())
    return next((word for word in last if _is_link(word)), "")


def _is_link(word: str) -> bool:
    return word.casefold().startswith("https://") and not link_trouble(word)
