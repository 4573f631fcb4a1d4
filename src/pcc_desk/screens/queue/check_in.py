"""Check-in: the person, the card, and what the registry says, while the patient stands there."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, assert_never
from uuid import UUID

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.screen import ModalScreen

from pcc_desk.desk.audit import note_look, on_record
from pcc_desk.desk.check_in import (
    AlreadyWaiting,
    Arrival,
    Arrived,
    CheckedIn,
    NotServed,
    arrival,
    arrive,
    check_in,
)
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.holds import set_aside
from pcc_desk.desk.standing import last_asked, read_standing
from pcc_desk.desk.verifying import ToBeRead, ask_or_read
from pcc_desk.domain.audit_entries import Sight
from pcc_desk.domain.people import Card, Holder, card_key
from pcc_desk.domain.registry import Verification
from pcc_desk.domain.scans import Scan, ScannedCard
from pcc_desk.domain.visits import Reason, Visit
from pcc_desk.screens.allotments.by_hand import read_by_hand
from pcc_desk.screens.allotments.standing_sheet import beside_line
from pcc_desk.screens.door.permitting import Permitting
from pcc_desk.screens.queue.check_in_lines import (
    answer_line,
    asking_line,
    caregiver_lines,
    may_still_lines,
    person_lines,
    tick,
)
from pcc_desk.screens.queue.not_let_in import WITHOUT_CARD, not_let_in, not_served_words
from pcc_desk.screens.queue.scan_words import Shown, scan_lines
from pcc_desk.screens.words import held_words, local_time
from pcc_desk.widgets.keybar import KeyBar
from pcc_desk.widgets.sheet import Line, Sheet

REASONS = (Reason.REFILL, Reason.FOLLOW_UP, Reason.PROBLEM, Reason.PICK_UP, Reason.NEW)

ROOMY = 15
"""With more lines than this there is no room for empty ones."""


@dataclass(frozen=True, slots=True)
class CheckInOutcome:
    """How the check-in ended."""

    visit: Visit | None
    said: str
    goes_to_chart: bool = False


class CheckIn(ModalScreen[CheckInOutcome | None], Permitting[CheckInOutcome | None]):
    """Three ticks by a person, one answer by the registry, one key. Closes with None when nothing happened."""

    CSS_PATH = "check_in.tcss"
    CALLED = "Check-in"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "check_in", "Check in", id="check_in.enter", tooltip="Put the patient in the queue"),
        Binding("i", "tick_identity", "Who", id="check_in.identity", tooltip="It is who it says: name and birth date"),
        Binding("p", "tick_photo", "Photo", id="check_in.photo", tooltip="The photo was looked at"),
        Binding("c", "tick_card", "Card", id="check_in.card", tooltip="The card was seen"),
        Binding("f", "reason", "For", id="check_in.reason", tooltip="Change what the patient comes for"),
        Binding("r", "ask", "Ask again", id="check_in.ask", tooltip="Ask the registry again"),
        Binding(
            "h",
            "arrive",
            "Here",
            id="check_in.here",
            tooltip="Into the queue without a good card, to be advised: nothing is dispensed",
            show=False,
        ),
        Binding("escape", "close", "Back", id="check_in.close", tooltip="Nobody is checked in"),
    ]

    identity_seen: reactive[bool] = reactive(False, init=False)
    photo_seen: reactive[bool] = reactive(False, init=False)
    card_seen: reactive[bool] = reactive(False, init=False)
    reason: reactive[Reason] = reactive(Reason.REFILL, init=False)
    verification: reactive[Verification | None] = reactive(None, init=False)
    said: reactive[str] = reactive("", init=False)

    def __init__(self, desk: Desk, patient_id: UUID, card_number: str, shown: Shown | None = None) -> None:
        """Take whom, by which card, and what was scanned; None: nothing was."""
        super().__init__()
        self.shown = shown
        self.desk = desk
        self.patient_id = patient_id
        self.card_number = card_number
        self.who: Arrival | None = None
        self.asked_since: datetime | None = None
        self.asked_by = ""
        """The card by which the registry is asked just now; empty: it is not asked."""
        self.to_be_read = ""
        """Why a person must read the answer; empty when the system is asked."""
        self.beside: Line = ()
        """What came back for the other cards of the person; none where they have one."""

    def compose(self) -> ComposeResult:
        """Draw one sheet and its keys."""
        yield Sheet(id="check-in", wraps=True)
        yield KeyBar()

    async def on_mount(self) -> None:
        """Show who it is, and ask the registry once."""
        await on_record(self.desk, note_look, self.patient_id, Sight.CHECK_IN, act=self.desk.act())
        today, act = self.desk.today, self.desk.act()
        self.who = await self.desk.store.read(arrival, self.patient_id, today, self.card_number, act=act)
        usual = Reason.REFILL if self.who.is_known else Reason.NEW
        self.set_reactive(CheckIn.reason, self.who.visit.reason if self.who.visit is not None else usual)
        self.show()
        self.set_interval(0.2, self.show_progress)
        self.ask()

    def takes_scan(self, scan: Scan) -> bool:
        """Take a scan of one of this patient's cards as the card that was shown."""
        keys = {each.key for each in self.who.cards} if self.who is not None else set()
        if not isinstance(scan, ScannedCard) or card_key(scan.number) not in keys:
            return False
        self.card_number = scan.number
        self.said = f"Scanned card {scan.number}: it is this patient’s. Look at it and tick it (c)."
        self.read_card()
        return True

    @work(exclusive=True, group="read")
    async def read_card(self) -> None:
        """Go by the card that was scanned, and ask the registry by it when it is another."""
        before = self.who.card if self.who is not None else None
        today, act = self.desk.today, self.desk.act()
        self.who = await self.desk.store.read(arrival, self.patient_id, today, self.card_number, act=act)
        self.show()
        if self.who.card != before:
            self.ask()

    def show_progress(self) -> None:
        """Count the tenths of a second while the registry is asked."""
        if self.asked_since is not None:
            self.show()

    def show(self) -> None:
        """Draw everything as it is now."""
        if self.who is not None:
            self.query_one(Sheet).show(self._lines(self.who))

    def _lines(self, who: Arrival) -> tuple[Line, ...]:
        answered = self.verification if self.asked_since is None else None
        lines: list[Line] = []
        if self.shown is not None:
            lines += [*scan_lines(self.shown, self.desk.today), ()]
        lines += person_lines(self.desk, who, self.reason, self.card_number, self.shown)
        lines += [
            (),
            ((f"{tick(self.identity_seen)} name and birth date agree (i)", ""),),
            ((f"{tick(self.photo_seen)} photo looked at (p)   {tick(self.card_seen)} card seen (c)", ""),),
            (),
            asking_line(self.desk, self.asked_since)
            if self.asked_since is not None
            else answer_line(self.desk, answered, self.to_be_read),
            *((self.beside,) if self.beside and self.asked_since is None else ()),
            *may_still_lines(self.desk, who.card, answered),
            *caregiver_lines(self.desk, answered),
            ((self.said, "warning"),),
        ]
        return tuple(each for each in lines if each or len(lines) <= ROOMY)

    def watch_identity_seen(self) -> None:
        """Draw the tick."""
        self.ticked()

    def watch_photo_seen(self) -> None:
        """Draw the tick."""
        self.ticked()

    def watch_card_seen(self) -> None:
        """Draw the tick."""
        self.ticked()

    def ticked(self) -> None:
        """Draw the ticks; what was said of those before is over."""
        self.set_reactive(CheckIn.said, "")
        self.show()

    def watch_reason(self) -> None:
        """Draw the reason."""
        self.show()

    def watch_verification(self) -> None:
        """Draw the answer."""
        self.show()

    def watch_said(self) -> None:
        """Draw the remark."""
        self.show()

    def action_tick_identity(self) -> None:
        """Tick, or untick, that it is who it says."""
        self.identity_seen = not self.identity_seen

    def action_tick_photo(self) -> None:
        """Tick, or untick, the photo."""
        self.photo_seen = not self.photo_seen

    def action_tick_card(self) -> None:
        """Tick, or untick, the card."""
        self.card_seen = not self.card_seen

    def action_reason(self) -> None:
        """Take the next reason."""
        self.reason = REASONS[(REASONS.index(self.reason) + 1) % len(REASONS)]

    @work(exclusive=True, group="read")
    async def action_ask(self) -> None:
        """Ask the registry again; where a person reads it, let them type what it shows."""
        who = self.who
        if not self.to_be_read or who is None or who.card is None:
            self.ask()
            return
        self.said = await read_by_hand(self.app, self.desk, self.patient_id, who.card.number)
        await self.take(await self.desk.store.read(last_asked, self.patient_id, act=self.desk.act()))

    def ask(self) -> None:
        """Ask the registry, unless there is no card to ask by, or it is asked by this card already."""
        if self.who is not None and self.who.card is not None and self.asked_by != self.who.card.number:
            self.asked_by = self.who.card.number
            self.asked_since = self.desk.clock.now()
            self.ask_by(self.asked_by, self.who.visit)

    @work(exclusive=True, group="ask")
    async def ask_by(self, number: str, visit: Visit | None) -> None:
        """Ask by a card. By another one, which was scanned meanwhile, it is asked anew."""
        try:
            answer = await ask_or_read(self.desk, self.patient_id, number, visit.id if visit else None)
        finally:
            if self.asked_by == number:
                self.asked_by, self.asked_since = "", None
        if isinstance(answer, ToBeRead):
            self.to_be_read = answer.why
            self.show()
        else:
            await self.take(answer)

    async def take(self, answer: Verification | None) -> None:
        """Show an answer, and what came back for the other cards of the person, where they have some."""
        if self.who is not None and len(own_cards(self.who.cards)) > 1:
            self.beside = beside_line(await read_standing(self.desk, self.patient_id))
        self.verification = answer
        self.show()

    @work(exclusive=True, group="check-in")
    async def action_check_in(self) -> None:
        """Check in, if a person looked at both photo and card."""
        who = self.who
        if who is None or who.card is None:
            self.said = f"There is no card to check in with. {WITHOUT_CARD}"
            return
        ticks = (("name (i)", self.identity_seen), ("photo (p)", self.photo_seen), ("card (c)", self.card_seen))
        missing = [name for name, is_seen in ticks if not is_seen]
        if missing:
            self.said = f"First look at and tick: {', '.join(missing)}."
            return
        act = self.desk.act()
        outcome = await self.desk.store.write(
            check_in,
            who.patient.id,
            who.card.number,
            self.reason,
            self.desk.today,
            act=act,
            ends=self.desk.rules.card_ends,
            of_age=self.desk.rules.of_age,
        )
        match outcome:
            case CheckedIn(visit=visit):
                held = held_words(await set_aside(self.desk, visit.patient_id, visit.id))
                saved = f"Saved {local_time(act.at, self.desk.shop)}: checked in."
                self.dismiss(CheckInOutcome(visit, f"{saved} {held}".strip()))
            case AlreadyWaiting(visit=visit):
                is_here = not visit.state.waits
                self.dismiss(CheckInOutcome(visit, f"Is here already: {visit.state}.", goes_to_chart=is_here))
            case _:
                self.said = not_let_in(outcome)

    @work(exclusive=True, group="check-in")
    async def action_arrive(self) -> None:
        """Let the patient stand in the queue who has no good card."""
        act = self.desk.act()
        outcome = await self.desk.store.write(arrive, self.patient_id, self.reason, self.desk.today, act=act)
        match outcome:
            case Arrived(visit=visit):
                saved = f"Saved {local_time(act.at, self.desk.shop)}: arrived, not checked in."
                self.dismiss(CheckInOutcome(visit, f"{saved} Nothing may be dispensed."))
            case AlreadyWaiting(visit=visit):
                self.dismiss(CheckInOutcome(visit, f"Is here already: {visit.state}."))
            case NotServed(standing=standing):
                self.said = not_served_words(standing)
            case _:
                assert_never(outcome)

    def action_close(self) -> None:
        """Leave without checking in."""
        self.dismiss(None)


def own_cards(cards: tuple[Card, ...]) -> list[Card]:
    """Return the patient's own cards that no other replaced."""
    return [each for each in cards if each.holder is Holder.PATIENT and not each.renewed_as]
