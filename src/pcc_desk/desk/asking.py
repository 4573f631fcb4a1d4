"""What is asked of who did what, typed or pointed at: by ana of lindqvist did chart from 2026-03-01 to 2026-03-12."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from pcc_desk.desk.anomalies import Anomaly
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.records import Event, EventsAsked
from pcc_desk.domain.people import name_key
from pcc_desk.domain.shop import Shop
from pcc_desk.domain.typed_papers import typed_day
from pcc_desk.domain.what_if import NotUnderstood

EVER = datetime(1970, 1, 1, tzinfo=UTC)
NEVER = datetime(9000, 1, 1, tzinfo=UTC)
EVERYTHING = EventsAsked(EVER, NEVER)
WORDS = ("by", "of", "did", "on", "from", "to")
EXAMPLE = "by ana, of lindqvist, did chart, on 2026-03-12, from 2026-03-01, to 2026-03-12"


@dataclass(frozen=True, slots=True)
class Asked:
    """What was understood. `by` and `of` are names, for the head of the list."""

    events: EventsAsked = EVERYTHING
    by: str = ""
    of: str = ""

    @property
    def is_all(self) -> bool:
        """Whether nothing was left out."""
        return self.events == EVERYTHING


def act_words(act: str) -> str:
    """Return the stable name of a kind of act as it is read: chart opened."""
    return act.replace(".", " ").replace("_", " ")


def understand_asked(ledger: Ledger, typed: str, shop: Shop) -> Asked | NotUnderstood:
    """Return which events were asked for, or the first thing that is not understood and what to type instead."""
    parts = re.split(rf"\b({'|'.join(WORDS)})\b", typed.replace(",", " "), flags=re.IGNORECASE)
    if parts[0].strip():
        return NotUnderstood(f"“{parts[0].strip()}” begins with none of {', '.join(WORDS)}. Type such as: {EXAMPLE}.")
    by: UUID | None = None
    patient: UUID | None = None
    since, until, act, by_name, of_name = EVER, NEVER, "", "", ""
    for word, value in zip((each.lower() for each in parts[1::2]), map(str.strip, parts[2::2]), strict=True):
        if not value:
            return NotUnderstood(f"Nothing stands behind “{word}”. Type such as: {EXAMPLE}.")
        found: tuple[UUID, str] | str | date | NotUnderstood
        match word:
            case "by":
                found = _person(ledger, value)
                if not isinstance(found, NotUnderstood):
                    by, by_name = found
            case "of":
                found = _patient(ledger, value)
                if not isinstance(found, NotUnderstood):
                    patient, of_name = found
            case "did":
                found = _act(ledger, value)
                if not isinstance(found, NotUnderstood):
                    act = found
            case _:
                found = _day(value)
                if not isinstance(found, NotUnderstood):
                    since = shop.starts(found) if word in {"on", "from"} else since
                    until = shop.starts(found + timedelta(days=1)) if word in {"on", "to"} else until
        if isinstance(found, NotUnderstood):
            return found
    return Asked(EventsAsked(since, until, by, patient, act), by_name, of_name)


def around(anomaly: Anomaly, shop: Shop) -> Asked:
    """Return that the events of that person on that day are asked for, of the patient where there is one."""
    since = shop.starts(shop.day(anomaly.at))
    until = shop.starts(shop.day(anomaly.at) + timedelta(days=1))
    events = replace(EVERYTHING, since=since, until=until, by=anomaly.by, patient_id=anomaly.patient_id)
    return Asked(events, anomaly.by_name, anomaly.patient_name)


def same_as(event: Event, what: str, asked: Asked) -> Asked | NotUnderstood:
    """Return what was asked, narrowed to what an event has: `by` whom, `of` whom, or what they `did`."""
    match what:
        case "by":
            return replace(asked, by=event.by_name, events=replace(asked.events, by=event.by))
        case "of" if event.patient_id is None:
            return NotUnderstood("That act was about no one patient.")
        case "of":
            events = replace(asked.events, patient_id=event.patient_id)
            return replace(asked, of=event.patient_name, events=events)
        case _:
            return replace(asked, events=replace(asked.events, act=event.act))


def _person(ledger: Ledger, typed: str) -> tuple[UUID, str] | NotUnderstood:
    keys = name_key(typed).split()
    found = [
        each
        for each in ledger.everybody()
        if all(any(part.startswith(key) for part in name_key(each.name).split()) for key in keys)
    ]
    if len(found) == 1:
        return found[0].id, found[0].name
    if not found:
        return NotUnderstood(f"Nobody called “{typed}” ever worked here.")
    return NotUnderstood(f"“{typed}” is {' or '.join(each.name for each in found[:5])}. Type more of the name.")


def _patient(ledger: Ledger, typed: str) -> tuple[UUID, str] | NotUnderstood:
    found = {each.patient_id: each.name for each in ledger.find_patients(typed, 20)}
    if len(found) == 1:
        return next(iter(found.items()))
    if not found:
        return NotUnderstood(f"No patient is found by “{typed}”. Try a card number, fewer letters, or a birth date.")
    return NotUnderstood(f"{len(found)} patients are found by “{typed}”. Type the card number, or more of the name.")


def _act(ledger: Ledger, typed: str) -> str | NotUnderstood:
    known = ledger.kinds_of_acts()
    found = [act for act in known if all(key in act_words(act) for key in typed.lower().split())]
    exact = [act for act in found if act_words(act) == typed.lower()]
    if len(exact or found) == 1:
        return (exact or found)[0]
    told = ", ".join(act_words(each) for each in (found or known)[:6])
    return NotUnderstood(f"“{typed}” is {'more than one act' if found else 'no act on record'}: {told}.")


def _day(typed: str) -> date | NotUnderstood:
    day = typed_day(typed)
    if isinstance(day, NotUnderstood):
        return day
    return day.day if day.day is not None else NotUnderstood("Type a day such as 2026-03-12.")
