"""Stores for tests: encrypted with a key of their own, without the cost of a passphrase, and facts to put into them."""

import itertools
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from sqlcipher3 import dbapi2 as sqlcipher

from pcc_desk.desk.ports import Ledger
from pcc_desk.domain import entries as happened
from pcc_desk.domain.amendments import Amendment
from pcc_desk.domain.dispensing import Dispensation, DispensedLine, PostingState, PostKind
from pcc_desk.domain.entries import (
    Act,
    DispensationCorrected,
    DispensationRecorded,
    DispensationVoided,
    PostingMoved,
)
from pcc_desk.domain.people import Patient
from pcc_desk.domain.products import Package
from pcc_desk.domain.quantity import Quantity, Unit
from pcc_desk.domain.registry import RegistryAnswer, Verification
from pcc_desk.domain.visits import Reason, Visit, VisitState
from pcc_desk.store.connection import Connection
from pcc_desk.store.engine import EncryptedStore
from pcc_desk.store.migrations import migrate
from pcc_desk.store.vault import Opened, Owner
from tests import fakes
from tests.fakes import ANA, NOON, SHOP, a_card

DAY = SHOP.day(NOON)
MINUTE = timedelta(minutes=1)
KEY, SALT = bytes(range(32)), bytes(range(16))
JOURNAL_KEY = b"the journal of a test is sealed!"

DREAM = Package(
    "1A4050100000111000000417", "Blue Dream", "flower", Quantity(250_000, Unit.GRAMS), unit_price_cents=1485
)
GUMMIES = Package(
    "1A4050100000111000000933", "Gummies", "edible", Quantity(40_000, Unit.EACH), unit_net_mg=45_000, unit_thc_ug=10_000
)


_numbers = itertools.count(1)


def new_id() -> UUID:
    """Return an id that no test used before; a later one sorts after it."""
    return UUID(int=(7 << 76) + (2 << 62) + next(_numbers))


def act(at: datetime = NOON) -> Act:
    """Return an act of Ana's."""
    return fakes.act(at, act_id=new_id())


def a_patient(
    family: str = "Okafor", given: str = "Chidi", born: date = date(1958, 3, 11), remarks: str = ""
) -> Patient:
    """Return an invented patient."""
    return Patient(new_id(), family, given, born, "313-555-0100", date(2027, 6, 1), "Dr. I. Mensah", remarks)


def opened() -> Opened:
    """Return what a vault hands out, without the work of opening one."""
    return Opened(bytearray(KEY), SALT, Owner(ANA.id, ANA.name))


def open_store(folder: Path) -> EncryptedStore:
    """Open, or make, the encrypted store of a folder."""
    return EncryptedStore.make(folder, opened(), NOON)


def in_memory() -> Connection:
    """Return a bare database of today's schema that is kept nowhere."""
    connection = sqlcipher.connect(":memory:", isolation_level=None)
    migrate(connection, NOON)
    return connection


class EachInItsOwnTransaction:
    """A ledger that takes every call through a store, as a desk does: what it recorded was committed."""

    def __init__(self, store: EncryptedStore) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Callable[..., Any]:
        run = self._store.write_now if name == "record" else self._store.read_now
        return lambda *args: run(lambda ledger: getattr(ledger, name)(*args))


def ledger_of(store: EncryptedStore) -> Ledger:
    """Return a store as one ledger."""
    return cast("Ledger", EachInItsOwnTransaction(store))


def line(milli: int = 3500, package: Package = DREAM, cents: int = 5200) -> DispensedLine:
    """Return a quantity out of a package."""
    quantity = Quantity(milli, package.remaining.unit)
    return DispensedLine(package.label, package.product, package.category, quantity, package.measures(quantity), cents)


def given(
    patient: Patient, *lines: DispensedLine, at: datetime = NOON, by: UUID = ANA.id, outage: str = ""
) -> DispensationRecorded:
    """Return that something was handed over."""
    number = new_id()
    dispensation = Dispensation(
        number, patient.id, None, "MI-P-0032-1187", "", at, by, f"PCC-{number.hex}", lines or (line(),), outage
    )
    return DispensationRecorded(dispensation, SHOP.day(at), new_id())


def moved(
    recorded: DispensationRecorded,
    state: PostingState,
    *,
    next_try_in: timedelta = timedelta(),
    receipt: str = "",
    why: str = "",
    attempts: int = 1,
) -> PostingMoved:
    """Return how far a dispensation came."""
    dispensation = recorded.dispensation
    due = dispensation.at + next_try_in
    return PostingMoved(dispensation.id, dispensation.patient_id, state, attempts, 0, due, receipt, why)


def put_right(recorded: DispensationRecorded, *lines: DispensedLine, at: datetime = NOON) -> DispensationCorrected:
    """Return that it was put right what was handed over."""
    given = recorded.dispensation
    why = "weighed again"
    return DispensationCorrected(
        Amendment(new_id(), given.id, given.patient_id, PostKind.CORRECTION, at, ANA.id, why, lines)
    )


def struck(recorded: DispensationRecorded, at: datetime = NOON) -> DispensationVoided:
    """Return that a dispensation was struck."""
    given = recorded.dispensation
    why = "brought back unopened"
    return DispensationVoided(Amendment(new_id(), given.id, given.patient_id, PostKind.VOID, at, ANA.id, why, ()))


def amending(
    amended: DispensationCorrected | DispensationVoided,
    state: PostingState,
    *,
    receipt: str = "",
    why: str = "",
) -> PostingMoved:
    """Return how far an amendment came."""
    told = amended.amendment
    return PostingMoved(told.dispensation_id, told.patient_id, state, 1, 0, told.at, receipt, why, told.id)


def asked(patient: Patient, answer: RegistryAnswer, at: datetime = NOON, visit_id: UUID | None = None) -> Verification:
    """Return that the registry was asked."""
    return Verification(new_id(), patient.id, "MI-P-0032-1187", at, "METRC", answer, visit_id)


def put(ledger: Ledger, *entries: happened.Entry) -> None:
    """Put past facts on record."""
    for entry in entries:
        ledger.record(entry, act())


def registered(ledger: Ledger, patient: Patient, *numbers: str) -> Patient:
    """Put a patient on record with cards of their own."""
    put(ledger, happened.PatientRegistered(patient, tuple(a_card(patient, number) for number in numbers)))
    return patient


def arrived(patient: Patient, minutes: int, state: VisitState = VisitState.WAITING) -> Visit:
    """Return a visit under way, or over, that began so many minutes after noon."""
    return Visit(new_id(), patient.id, DAY, state, Reason.REFILL, None, NOON + minutes * MINUTE)


def booked(patient: Patient, minutes: int, day: date = DAY) -> Visit:
    """Return an appointment so many minutes after noon."""
    return Visit(new_id(), patient.id, day, VisitState.EXPECTED, Reason.FOLLOW_UP, NOON + minutes * MINUTE)
