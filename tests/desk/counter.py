"""A counter in Michigan for the tests of the use cases: an invented shop, its people, its stock, its outside."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import count
from uuid import UUID

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.dispensing import BasketLine, Recorded, hand_over
from pcc_desk.desk.verifying import ask_standing
from pcc_desk.domain.dispensing import Dispensation, Posting
from pcc_desk.domain.entries import (
    Act,
    Entry,
    OutageNoted,
    PatientRegistered,
    ShopOpened,
    StaffAdded,
    StockRead,
    VisitBooked,
)
from pcc_desk.domain.intake import IntakeRules
from pcc_desk.domain.outages import NoteKind, OutageNote
from pcc_desk.domain.people import Card, Holder, Patient, Person, Role
from pcc_desk.domain.products import Package
from pcc_desk.domain.quantity import Quantity, Unit
from pcc_desk.domain.registry import CaregiverStanding, RegistryStanding, RegistryWindow
from pcc_desk.domain.rules import Rules
from pcc_desk.domain.shop import Shop
from pcc_desk.domain.visits import Reason, Visit, VisitState
from pcc_desk.rulebook import rules_for, rules_text
from pcc_desk.rulebook.intake import intake_for
from tests.fakes import TYPED, FakeLedger, FakeStore, FixedClock
from tests.fakes_outside import FakePos, FakeStateSystem

OPENING = datetime(2026, 3, 12, 14, 0, tzinfo=UTC)
"""Ten in the morning in Detroit."""
TODAY = date(2026, 3, 12)
FRESH_FOR = timedelta(minutes=15)

SHOP = Shop("Birchwood Relief", "PC-000911", "MI", "America/Detroit", "counter-1")
ANA = Person(UUID(int=0xA1), "Ana Ruiz", Role.COORDINATOR)
BEN = Person(UUID(int=0xB2), "Ben Osei", Role.PHARMACIST)

MARA = Patient(UUID(int=0x32), "Lindqvist", "Mara", date(1990, 7, 2))
MARAS_CARD = Card("MI-P-0032-1187", MARA.id, Holder.PATIENT, "Mara Lindqvist", date(2027, 6, 30))
CHIDI = Patient(UUID(int=0x41), "Okafor", "Chidi", date(1958, 3, 11))
CHIDIS_OLD_CARD = Card("MI-P-0041-0001", CHIDI.id, Holder.PATIENT, "Chidi Okafor", TODAY, "MI-P-0041-7723")
CHIDIS_CARD = Card("MI-P-0041-7723", CHIDI.id, Holder.PATIENT, "Chidi Okafor", date(2027, 2, 28))
EVA = Patient(UUID(int=0x57), "Reyes", "Eva", date(2012, 4, 1))
EVAS_CARD = Card("MI-P-0057-9001", EVA.id, Holder.PATIENT, "Eva Reyes", date(2026, 12, 31))
TOMAS_CARD = Card("MI-C-0007-3310", EVA.id, Holder.CAREGIVER, "Tomás Reyes", date(2026, 12, 31))
OLGA = Patient(UUID(int=0x66), "Petrov", "Olga", date(1971, 1, 19))
OLGAS_CARD = Card("MI-P-0066-4410", OLGA.id, Holder.PATIENT, "Olga Petrov", TODAY - timedelta(days=1))

DREAM = Package(
    "1A4050100000111000000417", "Blue Dream", "flower", Quantity(250_000, Unit.GRAMS), unit_price_cents=1485
)
GUMMIES = Package(
    "1A4050100000111000000933",
    "Gummies",
    "edible",
    Quantity(40_000, Unit.EACH),
    unit_net_mg=45_000,
    unit_price_cents=1999,
)
WAX = Package("1A4050100000111000000950", "Wax", "concentrate", Quantity(20_000, Unit.GRAMS))
HELD = Package("1A4050100000111000000961", "Held Kush", "flower", Quantity(50_000, Unit.GRAMS), blocked="on hold")
LAST_GRAMS = Package("1A4050100000111000000972", "Last Haze", "flower", Quantity(5_000, Unit.GRAMS))
STOCK = (DREAM, GUMMIES, WAX, HELD, LAST_GRAMS)


def grams(amount: str, cents: int = 5200, package: Package = DREAM) -> BasketLine:
    """Return a line of a basket counted in grams."""
    return BasketLine(package.label, Quantity(int(Decimal(amount) * 1000), Unit.GRAMS), cents)


def pieces(number: int, cents: int = 1999, package: Package = GUMMIES) -> BasketLine:
    """Return a line of a basket counted in pieces."""
    return BasketLine(package.label, Quantity(number * 1000, Unit.EACH), cents)


def says(card: Card, day: str = "2.5", month: str = "10", *, expires: date | None = None) -> RegistryStanding:
    """Return the registry's answer for a card: ounces left today and in 30 days."""
    windows = tuple(
        RegistryWindow(Decimal(days), (("flower", Decimal(figure)),)) for days, figure in ((1, day), (30, month))
    )
    return RegistryStanding(card.number, True, windows, expires)


def expected(patient: Patient, number: int, reason: Reason = Reason.FOLLOW_UP) -> Visit:
    """Return an appointment of today at eleven."""
    return Visit(
        UUID(int=0xE000 + number), patient.id, TODAY, VisitState.EXPECTED, reason, OPENING + timedelta(hours=1)
    )


@cache
def michigan(day: date, order_began: date | None = None) -> Rules:
    """Return the rules on a day. Read once, as the desk does."""
    return rules_for("MI", day, order_began=order_began)


@cache
def michigan_intake() -> IntakeRules:
    """Return what an intake goes by."""
    return intake_for("MI")


@dataclass
class Counter:
    """The counter with everything on it. `ledger` is the one behind `desk.store`."""

    clock: FixedClock = field(default_factory=lambda: FixedClock(OPENING))
    ledger: FakeLedger = field(default_factory=FakeLedger)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.state = FakeStateSystem(self.clock)
        self.pos = FakePos()
        self.desk = self.desk_of(ANA)
        self.put(ShopOpened(SHOP), StaffAdded(ANA), StaffAdded(BEN))
        self.put(
            PatientRegistered(MARA, (MARAS_CARD,)),
            PatientRegistered(CHIDI, (CHIDIS_OLD_CARD, CHIDIS_CARD)),
            PatientRegistered(EVA, (EVAS_CARD, TOMAS_CARD)),
            PatientRegistered(OLGA, (OLGAS_CARD,)),
            StockRead(STOCK, "METRC"),
        )
        for card in (MARAS_CARD, CHIDIS_OLD_CARD, CHIDIS_CARD, EVAS_CARD, TOMAS_CARD, OLGAS_CARD):
            self.state.standings[card.number] = says(card)
        self.state.caregivers[TOMAS_CARD.number] = CaregiverStanding(TOMAS_CARD.number, True, (EVAS_CARD.number,))

    def desk_of(self, person: Person) -> Desk:
        """Return the desk with somebody at it."""
        return Desk(
            store=FakeStore(self.ledger),
            state=self.state,
            pos=self.pos,
            clock=self.clock,
            shop=SHOP,
            person=person,
            rules_on=michigan,
            text_of=rules_text,
            intake_rules=michigan_intake,
            new_id=lambda: UUID(int=0xAC7_0000 + next(self._numbers)),
            fresh_for=FRESH_FOR,
            issuers={"636032": "MI"},
        )

    def act(self, person: Person = ANA) -> Act:
        """Return that somebody does something now, having typed their secret for it, whatever it is."""
        return Act(UUID(int=0xAC7_0000 + next(self._numbers)), self.clock.now(), person.id, SHOP.counter, TYPED)

    def put(self, *entries: Entry) -> None:
        """Put past facts on record."""
        for entry in entries:
            self.ledger.record(entry, self.act())

    def recorded(self, name: str) -> int:
        """Return how many entries of a name are on record."""
        return sum(entry.name == name for entry, _ in self.ledger.acts.values())

    def book(self, visit: Visit) -> Visit:
        """Put an appointment on the list."""
        self.put(VisitBooked(visit))
        return visit

    async def ask(self, card: Card = MARAS_CARD) -> None:
        """Ask the registry for the patient of a card."""
        await ask_standing(self.desk, card.patient_id, card.number)

    def note_notice(self) -> None:
        """Note the agency's notice, where an outage lasts of which nothing is noted."""
        outage = self.ledger.open_outage(self.state.name)
        if outage is not None and not self.ledger.outage_notes(outage.id):
            act = self.act()
            note = OutageNote(act.id, outage.id, act.at, act.by, NoteKind.NOTICE, "Bulletin 26-04")
            self.ledger.record(OutageNoted(note), act)

    async def lose_the_registry(self, card: Card = MARAS_CARD) -> None:
        """Take the registry away, ask it for a card in vain, and note the agency's notice."""
        self.state.is_down = True
        await self.ask(card)
        self.note_notice()

    async def give(self, *lines: BasketLine, card: Card = MARAS_CARD) -> Dispensation:
        """Ask, and hand a basket over that is within every rule."""
        await self.ask(card)
        self.note_notice()
        outcome = await hand_over(self.desk, card.patient_id, lines, self.desk.act())
        assert isinstance(outcome, Recorded), outcome
        return outcome.dispensation

    def posting(self, given: Dispensation) -> Posting:
        """Return how far a dispensation is on its way."""
        posting = self.ledger.posting(given.id)
        assert posting is not None
        return posting
