"""What a visit needs before the patient is called: known the day before, not found out at the counter."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pcc_desk.domain.people import Card, Holder, age_on
from pcc_desk.domain.visits import QueueRow, Reason
from pcc_desk.domain.withheld import Withheld

ADULT = 18
"""From which age on nobody is a minor anywhere."""

REMIND_DAYS = 45
"""From how many days before the end of a card or a certification on somebody is reminded: as Florida advises."""


class NeedKind(StrEnum):
    """What a visit needs."""

    NEW = "new"
    FOLLOW_UP = "follow-up"
    MINOR = "minor"
    CAREGIVER = "caregiver"
    TELEHEALTH = "telehealth"
    NO_CARD = "no card on record"
    CARD_ENDS = "card"
    NO_CERTIFICATION = "certification not on record"
    CERTIFICATION_ENDS = "certification"
    UNSIGNED = "note unsigned"


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that a visit needs. The day is the last one of a paper, or that of the visit whose note is unsigned."""

    kind: NeedKind
    day: date | None = None


def needs_of(row: QueueRow, cards: tuple[Card, ...], unsigned: tuple[date, ...], today: date) -> tuple[Need, ...]:
    """Return what a visit of today needs, the most telling first.

    A card that was renewed is none. Of a certification nobody knows the end of, that is said; one that was withheld
    from whoever looks is passed over.
    """
    return tuple(_needs(row, cards, unsigned, today))


def _needs(row: QueueRow, cards: tuple[Card, ...], unsigned: tuple[date, ...], today: date) -> Iterator[Need]:
    visit, patient = row.visit, row.patient
    good = [each for each in cards if not each.renewed_as]
    if visit.reason is Reason.NEW or not row.is_known:
        yield Need(NeedKind.NEW)
    elif visit.reason is Reason.FOLLOW_UP:
        yield Need(NeedKind.FOLLOW_UP)
    if age_on(patient.born, today) < ADULT:
        yield Need(NeedKind.MINOR)
    if visit.through or any(each.holder is Holder.CAREGIVER for each in good):
        yield Need(NeedKind.CAREGIVER)
    if visit.link:
        yield Need(NeedKind.TELEHEALTH)
    own = max((each.expires_on for each in good), default=None)
    if own is None:
        yield Need(NeedKind.NO_CARD)
    elif (own - today).days <= REMIND_DAYS:
        yield Need(NeedKind.CARD_ENDS, own)
    ends = patient.certification_expires
    if ends is None:
        yield Need(NeedKind.NO_CERTIFICATION)
    elif not isinstance(ends, Withheld) and (ends - today).days <= REMIND_DAYS:
        yield Need(NeedKind.CERTIFICATION_ENDS, ends)
    yield from (Need(NeedKind.UNSIGNED, day) for day in unsigned if day < today)
