"""What a calendar file tells of appointments, before anybody knows whose they are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pcc_desk.domain.people import name_key
from pcc_desk.domain.visits import Reason


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One occurrence of an event. The instant is UTC."""

    origin: str
    """The same for the same occurrence in every file, wherever it was moved to."""
    at: datetime
    minutes: int
    summary: str
    description: str = ""
    link: str = ""
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Calendar:
    """What a file holds: its occurrences in the time that is looked at, and what of it could not be used."""

    events: tuple[CalendarEvent, ...]
    left_out: tuple[str, ...]
    """Sentences, each on an event of the file."""


@dataclass(frozen=True, slots=True)
class NoCalendar:
    """The file is none that can be used. Nothing of it was taken."""

    why: str
    """A sentence that says what to do."""


def card_words(event: CalendarEvent) -> tuple[str, ...]:
    """Return what in an event may be a card's number: words of six signs and more with a digit among them."""
    words = re.findall(r"[\w-]{6,40}", f"{event.summary} {event.description}")
    return tuple(dict.fromkeys(each for each in words if any(sign.isdigit() for sign in each)))


def names_in(event: CalendarEvent) -> tuple[str, ...]:
    """Return what in the title of an event may be a whole name, the longest first."""
    return tuple(dict.fromkeys(sorted(_names(event.summary), key=len, reverse=True)))


def _names(summary: str) -> Iterator[str]:
    yield summary.strip()
    for part in re.split(r"\s[-–—|]\s|[:;()\[\]/]", summary):
        if part.strip():
            yield part.strip()


def is_named(typed: str, family: str, given: str) -> bool:
    """Whether something is the whole of a name, either part first; accents and case are nothing."""
    key = name_key(typed)
    return bool(key) and key in {name_key(f"{family} {given}"), name_key(f"{given} {family}")}


def reason_in(event: CalendarEvent) -> Reason:
    """Return what an event is for, by the words of its title; a follow-up where they do not say."""
    words = event.summary.casefold()
    for sign, reason in (
        ("new patient", Reason.NEW),
        ("intake", Reason.NEW),
        ("refill", Reason.REFILL),
        ("problem", Reason.PROBLEM),
        ("pick-up", Reason.PICK_UP),
        ("pick up", Reason.PICK_UP),
    ):
        if sign in words:
            return reason
    return Reason.FOLLOW_UP
