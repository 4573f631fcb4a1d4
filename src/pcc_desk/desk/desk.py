"""The desk itself: who sits at it, what it is connected to, and by which rules it goes."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from pcc_desk.desk.anomalies import ReviewRules
from pcc_desk.desk.door import StaysShut
from pcc_desk.desk.links import Links, LinkState
from pcc_desk.desk.ports import Clock, Copies, Keeper, Ledger, RulesOn, Store
from pcc_desk.desk.ports_closing import Packets
from pcc_desk.desk.ports_outside import PointOfSale, PracticeWorld, Printer, StateSystem
from pcc_desk.desk.ports_secrets import Secrets
from pcc_desk.desk.pulse import Pulse
from pcc_desk.desk.rights import GRANTS, Right
from pcc_desk.desk.room import PLENTY, Room
from pcc_desk.desk.sides import Sides
from pcc_desk.domain.backups import BackupState
from pcc_desk.domain.calendars import Calendar, NoCalendar
from pcc_desk.domain.early import Early
from pcc_desk.domain.entries import Act
from pcc_desk.domain.hours import Hours
from pcc_desk.domain.intake import NO_INTAKE, IntakeRules
from pcc_desk.domain.people import THE_DESK_ITSELF, Person
from pcc_desk.domain.reconciling.terms import LegalHours
from pcc_desk.domain.rules import Rules
from pcc_desk.domain.shop import Shop

if TYPE_CHECKING:
    from pcc_desk.desk.bringing import RecordsOut


async def _nobody(secret: str) -> bool | StaysShut:
    return StaysShut("This desk cannot check a secret again. Lock it and unlock it.")


@dataclass(slots=True)
class Desk:
    """An unlocked desk. Screens are handed one; use cases that wait for the outside world take it as first argument."""

    store: Store
    state: StateSystem
    pos: PointOfSale
    clock: Clock
    shop: Shop
    person: Person
    rules_on: RulesOn
    """Return the rules in force on a business day; those for an order that began earlier may be older ones."""
    text_of: Callable[[Rules], str]
    """Return all that rules say, in the form in which they are kept and compared."""
    new_id: Callable[[], UUID]
    """Return a fresh UUIDv7."""
    fresh_for: timedelta
    """How long an answer of the registry carries an act: the house's rule."""
    practice: PracticeWorld | None = None
    """The simulated outside of the practice shop; None in a real one."""
    links: Links = field(default_factory=Links)
    bell: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when there is something to post."""
    pulse: Pulse = field(default_factory=Pulse)
    """What waited when it was last counted."""
    printer: Printer | None = None
    """Where papers for patients are printed; None where the shop has set up none."""
    intake_rules: Callable[[], IntakeRules] = lambda: NO_INTAKE
    """Return the questions of an intake, the consents and the measures, of the jurisdiction."""
    room: Callable[[], Room] = lambda: PLENTY
    """Return how much room the disk of the store has."""
    copies: Copies | None = None
    """Where copies of the record go; None where there is no record to copy, as in a test."""
    backups: BackupState | None = None
    """How the record is provided for; None until that was looked at."""
    backups_tried_at: datetime | None = None
    """When a copy was last tried by the desk itself."""
    keeper: Keeper | None = None
    """What knows how far the journal came; None where nothing does, as in tests."""
    secrets: Secrets | None = None
    """Who can open the desk and by what; None where there are no such files, as in tests."""
    review_rules: ReviewRules = field(default_factory=ReviewRules)
    """What is out of the ordinary in this shop."""
    read_calendar: Callable[[str], Awaitable[Calendar | NoCalendar]] | None = None
    """Return what a calendar file tells of appointments, by the file's path; None where none can be read."""
    hours: Hours = field(default_factory=Hours)
    """When the shop is open, and how appointments are given."""
    legal_hours: LegalHours = ()
    """When the law lets the shop sell; empty: nobody said."""
    sides: dict[date, Sides] = field(default_factory=dict)
    """Both sides of each day as they were read last."""
    early: Early | None = None
    """Sales of today that are late on their way to the state, when that was last looked at; None: it was not."""
    packets: Callable[[], Packets] | None = None
    """Return where the evidence of closed days goes; None where it goes nowhere, as in tests."""
    records_out: "Callable[[], RecordsOut] | None" = None
    """Return what writes a patient's whole record to be handed over; None where nothing does, as in tests."""
    notice: str = ""
    """What whoever came in is told first."""
    is_alarming: bool = False
    """Whether that is bad news."""
    owed: list[Callable[[Ledger], object]] = field(default_factory=list)
    """What is to be put on record as soon as the store is written again."""
    look_every: timedelta = timedelta(seconds=15)
    """How often posts that wait, and systems that are down, are looked at."""
    lock_after: timedelta = timedelta(minutes=2)
    """After how long without a touch the desk locks by itself."""
    session_limit: timedelta = timedelta(hours=12)
    """After how long it locks whatever is done at it."""
    glass_broken_until: datetime | None = None
    """Until when the recovery sheet keeps it open; None where a person's own secret opened it."""
    locks_in: int | None = None
    """In how many seconds it locks unless somebody touches it, when few are left."""

    issuers: Mapping[str, str] = field(default_factory=dict)
    """Who issues driver licences, by the number in their bar code."""
    scanner_prefix: str = ""
    """The key that the scanner sends first, where it was set to; empty: it was not."""

    prove: Callable[[str], Awaitable[bool | StaysShut]] = _nobody
    """Whether something typed is the secret of who unlocked the desk; counted as a try at the door is."""

    @property
    def keeps_drafts(self) -> bool:
        """Whether what is typed can be kept for whoever typed it: with the recovery sheet nobody is told apart."""
        return self.glass_broken_until is None

    def act(self) -> Act:
        """Return who does something now, under a fresh id."""
        return Act(self.new_id(), self.clock.now(), self.person.id, self.shop.counter)

    def act_by_itself(self) -> Act:
        """Return that the program does something for the shop, whoever sits at the desk, under a fresh id."""
        return Act(self.new_id(), self.clock.now(), THE_DESK_ITSELF, self.shop.counter)

    def may(self, right: Right) -> bool:
        """Whether whoever sits at the desk may do something: for showing a key or not. The use cases ask the record."""
        return self.person.role in GRANTS[right]

    @property
    def today(self) -> date:
        """The business day in the shop's zone."""
        return self.shop.day(self.clock.now())

    @property
    def registry_is_out(self) -> bool:
        """Whether the state system is known to be out of reach at this moment."""
        return self.links.of(self.state.name).state is LinkState.DOWN

    @property
    def rules(self) -> Rules:
        """The rules in force today."""
        return self.rules_on(self.today)
