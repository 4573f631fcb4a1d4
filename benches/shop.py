"""An invented shop of the size of a busy one: 10,000 patients, one of them with a long chart, a queue for today."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from uuid6 import uuid7

from pcc_desk.desk.ports import Ledger
from pcc_desk.domain.dispensing import Dispensation, DispensedLine
from pcc_desk.domain.entries import Act, DispensationRecorded, NoteSigned, PatientRegistered, StandingAsked, VisitBooked
from pcc_desk.domain.people import Card, Holder, Patient
from pcc_desk.domain.products import Measures
from pcc_desk.domain.quantity import Quantity, Unit
from pcc_desk.domain.visits import Reason, Visit, VisitState
from pcc_desk.setup.making import set_up
from pcc_desk.setup.questions import parse_answers
from pcc_desk.store.engine import EncryptedStore
from pcc_desk.store.vault import Opened, unlock

PASSPHRASE = "birch wood relief desk"
PATIENTS = 10_000
CHART_ROWS = 268
FIRST_IN_QUEUE = "Queuehead"
ANSWERS = (
    '{"shop_name": "Birchwood Relief", "licence": "PC-000911", "jurisdiction": "MI", "zone": "America/Detroit", '
    f'"person_name": "Ida Larsen", "passphrase": "{PASSPHRASE}", "state_system": "metrc", '
    '"state_url": "http://127.0.0.1:9", "vendor_key": "vendor-KEY-0417", "user_key": "user-KEY-2231"}'
)
ONSETS = ("b", "br", "d", "f", "g", "gr", "h", "k", "l", "m", "n", "p", "r", "s", "st", "t", "v", "w")
VOWELS = ("a", "e", "i", "o", "u", "ei")
ENDS = ("n", "r", "l", "s", "ck", "nd", "tt", "")


class Town:
    """Everybody in the shop's record."""

    def __init__(self, seed: int = 20) -> None:
        self._dice = random.Random(seed)  # noqa: S311 - invented people
        family = [self._name(2) for _ in range(2500)]
        given = [self._name(1) + self._name(1).lower() for _ in range(400)]
        self.patients = [
            Patient(uuid7(), self._dice.choice(family), self._dice.choice(given), self._born()) for _ in range(PATIENTS)
        ]
        self.regular = Patient(uuid7(), "Zzregular", "Anna", date(1960, 2, 3))
        self.of_ten_years = Patient(uuid7(), "Zzveteran", "Berta", date(1950, 2, 3))
        self.first_in_queue = Patient(uuid7(), FIRST_IN_QUEUE, "Ole", date(1961, 2, 3))

    def _name(self, syllables: int) -> str:
        pick = self._dice.choice
        return "".join(pick(ONSETS) + pick(VOWELS) + pick(ENDS) for _ in range(syllables)).capitalize()

    def _born(self) -> date:
        return date(1940, 1, 1) + timedelta(days=self._dice.randrange(23_000))


def open_store(home: Path) -> EncryptedStore:
    """Open the store of a shop made here."""
    opened = unlock(home, PASSPHRASE)
    if not isinstance(opened, Opened):
        raise TypeError(opened.reason)
    return EncryptedStore.open(home, opened)


def make_shop(home: Path) -> Town:
    """Set the shop up in a folder, as a shop is set up, and let it grow."""
    set_up(home, parse_answers(ANSWERS.encode()))
    town = Town()
    store = open_store(home)
    try:
        store.write_now(_grow, town, datetime.now(UTC))
    finally:
        store.close()
    return town


def _grow(ledger: Ledger, town: Town, now: datetime) -> None:
    shop = ledger.shop()
    if shop is None:
        raise LookupError("the shop was not set up")
    person = uuid7()

    def act(at: datetime) -> Act:
        return Act(uuid7(), at, person, shop.counter)

    for number, patient in enumerate((*town.patients, town.regular, town.of_ten_years, town.first_in_queue)):
        card = Card(f"MI-P-{number:06}", patient.id, Holder.PATIENT, "", shop.day(now) + timedelta(days=400), "")
        ledger.record(PatientRegistered(patient, (card,)), act(now))
    for entry, at in _long_chart(town.regular.id, person, now):
        ledger.record(entry, act(at))
    for entry, at in _ten_years(town.of_ten_years.id, person, now):
        ledger.record(entry, act(at))
    for patient in (town.first_in_queue, *town.patients[:20]):
        is_first = patient is town.first_in_queue
        visit = Visit(
            uuid7(), patient.id, shop.day(now), VisitState.WAITING, Reason.REFILL, now if is_first else None, now, ""
        )
        ledger.record(VisitBooked(visit), act(now))


def _long_chart(
    patient: UUID, person: UUID, now: datetime
) -> Iterator[tuple[NoteSigned | DispensationRecorded | StandingAsked | VisitBooked, datetime]]:
    """Yield what makes a chart of `CHART_ROWS` lines: a visit, a note and something dispensed, again and again."""
    for number in range(CHART_ROWS):
        at = now - timedelta(days=1 + number // 3, minutes=number)
        visit = Visit(uuid7(), patient, at.date(), VisitState.DONE, Reason.REFILL, None, at, "")
        if number % 3 == 0:
            yield VisitBooked(visit), at
        elif number % 3 == 1:
            yield NoteSigned(uuid7(), patient, visit.id, uuid7(), f"Slept better; dose {number} kept."), at
        else:
            yield _dispensed(patient, person, at, f"PCC-{number}"), at


def _ten_years(patient: UUID, person: UUID, now: datetime) -> Iterator[tuple[DispensationRecorded, datetime]]:
    """Yield what was dispensed in ten years, every fourth day."""
    for number in range(3650 // 4):
        at = now - timedelta(days=1 + 4 * number)
        yield _dispensed(patient, person, at, f"PCC-X{number}"), at


def _dispensed(patient: UUID, person: UUID, at: datetime, number: str) -> DispensationRecorded:
    quantity = Quantity(3500, Unit.GRAMS)
    line = DispensedLine(
        "1A4050000000000000000401", "Blue Dream", "flower", quantity, Measures(3500, None, None, 0), 2800
    )
    given = Dispensation(uuid7(), patient, None, "MI-P-1", "", at, person, number, (line, line), "")
    return DispensationRecorded(given, at.date(), uuid7())
