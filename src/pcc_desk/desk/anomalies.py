"""What is out of the ordinary in what happened: found for whoever reviews it, and judged by nobody else."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID

from pcc_desk.desk.records import Event
from pcc_desk.domain.people import THE_DESK_ITSELF, Role, name_key
from pcc_desk.domain.shop import Shop


@dataclass(frozen=True, slots=True)
class ReviewRules:
    """What counts as out of the ordinary in a shop. The hours are on the shop's clock; they may go over midnight."""

    opens: time = time(6)
    closes: time = time(22)
    many: int = 60
    """More patients than this, looked up by one person in a day, are many."""

    def is_open(self, at: time) -> bool:
        """Whether somebody may be expected in the shop. It is open from `opens` on and no longer at `closes`."""
        if self.opens <= self.closes:
            return self.opens <= at < self.closes
        return at >= self.opens or at < self.closes


class Kind(StrEnum):
    """What is out of the ordinary."""

    BREAK_GLASS = "break-glass"
    STORE = "store put back"
    ANCHOR = "anchor"
    FAILED = "failed sign-in"
    DENIED = "denied"
    OWN_RECORD = "own record"
    RELATIVE = "same family name"
    NO_VISIT = "no visit that day"
    MANY = "many look-ups"
    AFTER_HOURS = "after hours"
    EXPORT = "left the desk"


LOOKS = frozenset({"chart.opened", "record.looked_at"})
EXPORTS = frozenset({"sheet.printed", "outage.sheet_given", "disclosures.told", "disclosure.made"})
FAILURES = frozenset({"sign_in.failed", "proof.failed"})
BY_ACT = {
    **dict.fromkeys(EXPORTS, Kind.EXPORT),
    **dict.fromkeys(FAILURES, Kind.FAILED),
    "act.denied": Kind.DENIED,
    "anchor.wanting": Kind.ANCHOR,
    "store.restored": Kind.STORE,
    "roll_back.explained": Kind.STORE,
}
"""What is out of the ordinary whoever does it, whenever."""


@dataclass(frozen=True, slots=True)
class Anomaly:
    """Something out of the ordinary, from the event `seq` on: by one person in one day, of one patient or of none."""

    kind: Kind
    seq: int
    at: datetime
    by: UUID
    by_name: str
    patient_id: UUID | None
    patient_name: str
    act: str
    count: int = 1


Place = tuple[Kind, UUID, date, UUID | None, str]


@dataclass(slots=True)
class Looking:
    """Takes events in the order of the journal, and tells what was out of the ordinary in them."""

    shop: Shop
    rules: ReviewRules
    _found: dict[Place, tuple[Event, int]] = field(default_factory=dict)
    _looks: dict[Place, Event] = field(default_factory=dict)
    _patients: dict[tuple[UUID, date], dict[UUID, Event]] = field(default_factory=dict)

    def take(self, events: Iterable[Event]) -> None:
        """Look at some more events."""
        for each in events:
            self._take(each, self.shop.day(each.at))

    def _take(self, event: Event, day: date) -> None:
        kind = BY_ACT.get(event.act)
        if kind is not None:
            self._count(kind, event, day, event.patient_id, event.act)
        if event.by == THE_DESK_ITSELF:
            return
        if event.by_role == Role.RECOVERY or event.act == "glass.broken":
            self._count(Kind.BREAK_GLASS, event, day)
        if event.act not in FAILURES and not self.rules.is_open(self.shop.local(event.at).time()):
            self._count(Kind.AFTER_HOURS, event, day)
        if event.act in LOOKS and event.patient_id is not None:
            self._looks.setdefault((Kind.NO_VISIT, event.by, day, event.patient_id, ""), event)
            self._patients.setdefault((event.by, day), {}).setdefault(event.patient_id, event)
            self._kin(event, day)

    def _kin(self, event: Event, day: date) -> None:
        """Find who looks at the record of somebody of their own name."""
        family, _, given = event.patient_name.partition(", ")
        own = name_key(event.by_name)
        if not own or not family:
            return
        if own == name_key(f"{given} {family}"):
            self._count(Kind.OWN_RECORD, event, day, event.patient_id)
        elif own.endswith(f" {name_key(family)}"):
            self._count(Kind.RELATIVE, event, day, event.patient_id)

    def _count(self, kind: Kind, event: Event, day: date, patient_id: UUID | None = None, act: str = "") -> None:
        place = kind, event.by, day, patient_id, act
        first, count = self._found.get(place, (event, 0))
        self._found[place] = first, count + 1

    @property
    def to_ask(self) -> tuple[tuple[UUID, date], ...]:
        """Of which patients and days it is to be asked whether there was a visit."""
        return tuple(dict.fromkeys((patient, day) for _, _, day, patient, _ in self._looks if patient is not None))

    def told(self, had_visit: Callable[[UUID, date], bool]) -> tuple[Anomaly, ...]:
        """Return what was out of the ordinary, by when each began."""
        found = [_anomaly(place, event, count) for place, (event, count) in self._found.items()]
        found += [
            _anomaly(place, event, 1)
            for place, event in self._looks.items()
            if place[3] is not None and not had_visit(place[3], place[2])
        ]
        found += [
            _anomaly((Kind.MANY, by, day, None, ""), next(iter(patients.values())), len(patients))
            for (by, day), patients in self._patients.items()
            if len(patients) > self.rules.many
        ]
        order = list(Kind)
        return tuple(sorted(found, key=lambda each: (each.seq, order.index(each.kind))))


def _anomaly(place: Place, event: Event, count: int) -> Anomaly:
    kind, by, _, patient_id, _ = place
    name = event.patient_name if patient_id is not None else ""
    return Anomaly(kind, event.seq, event.at, by, event.by_name, patient_id, name, event.act, count)


def digest_of(anomalies: Iterable[Anomaly]) -> str:
    """Return what binds a signature to the anomalies that were shown."""
    lines = (f"{each.kind}|{each.seq}|{each.by.hex}|{each.patient_id}|{each.count}" for each in anomalies)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
