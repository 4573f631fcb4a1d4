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
    CardExpired,
    CardRenewed,
    CareEnded,
    CheckedIn,
    NotServed,
    UnknownCard,
    arrival,
    check_in,
)
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.holds import set_aside
from pcc_desk.desk.standing import ToBeRead, ask_or_read, last_asked
from pcc_desk.domain.audit_entries import Sight
from pcc_desk.domain.people import Holder, age_on
from pcc_desk.domain.registry import Verification
from pcc_desk.domain.visits import Reason, Visit
from pcc_desk.screens.allotments.by_hand import read_by_hand
from pcc_desk.screens.door.permitting import Permitting
from pcc_desk.screens.queue.caregiver_words import check_tone, check_words
from pcc_desk.screens.words import answer_words, day_words, held_words, local_time, until
from pcc_desk.widgets.keybar import KeyBar
from pcc_desk.widgets.sheet import Line, Sheet

REASONS = (Reason.REFILL, Reason.FOLLOW_UP, Reason.PROBLEM, Reason.PICK_UP, Reason.NEW)


@dataclass(frozen=True, slots=True)
class CheckInOutcome:
    """How the check-in ended."""

    visit: Visit | None
    said: str
    goes_to_chart: bool = False


class CheckIn(ModalScreen[CheckInOutcome | None], Permitting[CheckInOutcome | None]):
    """Two ticks by a person, one answer by the registry, one key. Closes with None when nothing happened."""

    CSS_PATH = "check_in.tcss"
    CALLED = "Check-in"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "check_in", "Check in", id="check_in.enter", tooltip="Put the patient in the queue"),
        Binding("p", "tick_photo", "Photo", id="check_in.photo", tooltip="The photo was looked at"),
        Binding("c", "tick_card", "Card", id="check_in.card", tooltip="The card was seen"),
        Binding("f", "reason", "For", id="check_in.reason", tooltip="Change what the patient comes for"),
        Binding("r", "ask", "Ask again", id="check_in.ask", tooltip="Ask the registry again"),
        Binding("escape", "close", "Back", id="check_in.close", tooltip="Nobody is checked in"),
    ]

    photo_seen: reactive[bool] = reactive(False, init=False)
    card_seen: reactive[bool] = reactive(False, init=False)
    reason: reactive[Reason] = reactive(Reason.REFILL, init=False)
    verification: reactive[Verification | None] = reactive(None, init=False)
    said: reactive[str] = reactive("", init=False)

    def __init__(self, desk: Desk, patient_id: UUID, card_number: str) -> None:
        super().__init__()
        self.desk = desk
        self.patient_id = patient_id
        self.card_number = card_number
        self.who: Arrival | None = None
        self.asked_since: datetime | None = None
        self.to_be_read = ""
        """Why a person must read the answer; empty when the system is asked."""

    def compose(self) -> ComposeResult:
        """Draw one sheet and its keys."""
        yield Sheet(id="check-in", wraps=True)
        yield KeyBar()

    async def on_mount(self) -> None:
        """Show who it is, and ask the registry once."""
        await on_record(self.desk, note_look, self.patient_id, Sight.CHECK_IN, act=self.desk.act())
        today, act = self.desk.today, self.desk.act()
        self.who = await self.desk.store.read(arrival, self.patient_id, today, self.card_number, act=act)
        if self.who.visit is not None:
            self.set_reactive(CheckIn.reason, self.who.visit.reason)
        self.show()
        self.set_interval(0.2, self.show_progress)
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
        patient, card = who.patient, who.card
        years = age_on(patient.born, self.desk.today)
        lines: list[Line] = [
            ((f"{patient.name}   born {patient.born} ({years})", "heading"),),
            ((f"comes for: {self.reason}", ""),),
        ]
        if card is None:
            lines.append((("No card is on record. Nobody can be checked in without one.", "danger"),))
        else:
            lapse = until(card.expires_on, self.desk.today)
            tone = "danger" if card.expires_on < self.desk.today else "warning" if lapse else ""
            whose = f" of caregiver {card.holder_name}" if card.holder is Holder.CAREGIVER else ""
            valid = f"valid to the end of {card.expires_on}{f' ({lapse})' if lapse else ''}"
            lines.append(((f"card {card.number}{whose}, {valid}", tone),))
        if years < 18 and not (card and card.holder is Holder.CAREGIVER):
            lines.append((("A minor: only with the caregiver's card.", "warning"),))
        lines += [
            (),
            ((f"[{'x' if self.photo_seen else ' '}] photo looked at (p)", ""),),
            ((f"[{'x' if self.card_seen else ' '}] card seen (c)", ""),),
            (),
            self._registry_line(),
            self._caregiver_line(),
            ((self.said, "warning"),),
        ]
        return tuple(lines)

    def _registry_line(self) -> Line:
        if self.asked_since is not None:
            passed = (self.desk.clock.now() - self.asked_since).total_seconds()
            return ((f"Registry: asking … {passed:.1f} s", "muted"),)
        if self.verification is None and self.to_be_read:
            return ((f"Registry: {self.to_be_read}; press r and type what it shows", "warning"),)
        words = answer_words(self.verification, self.desk.shop, self.desk.today)
        return ((f"Registry: {words}", "" if self.verification and self.verification.is_good else "warning"),)

    def _caregiver_line(self) -> Line:
        check = self.verification.caregiver if self.verification and self.asked_since is None else None
        if check is None:
            return ()
        words = check_words(check, self.desk.shop, self.desk.today)
        return ((f"Caregiver: {words}", check_tone(check)),)

    def watch_photo_seen(self) -> None:
        """Draw the tick."""
        self.show()

    def watch_card_seen(self) -> None:
        """Draw the tick."""
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
        self.verification = await self.desk.store.read(last_asked, self.patient_id, act=self.desk.act())
        self.show()

    @work(exclusive=True, group="ask")
    async def ask(self) -> None:
        """Ask the registry, unless there is no card to ask by."""
        if self.who is None or self.who.card is None or self.asked_since is not None:
            return
        self.asked_since = self.desk.clock.now()
        visit = self.who.visit
        try:
            answer = await ask_or_read(self.desk, self.patient_id, self.who.card.number, visit.id if visit else None)
        finally:
            self.asked_since = None
        if isinstance(answer, ToBeRead):
            self.to_be_read = answer.why
        else:
            self.verification = answer
        self.show()

    @work(exclusive=True, group="check-in")
    async def action_check_in(self) -> None:
        """Check in, if a person looked at both photo and card."""
        who = self.who
        if who is None or who.card is None:
            self.said = "There is no card to check in with."
            return
        missing = [
            name for name, is_seen in (("photo (p)", self.photo_seen), ("card (c)", self.card_seen)) if not is_seen
        ]
        if missing:
            self.said = f"First look at and tick: {', '.join(missing)}."
            return
        act = self.desk.act()
        outcome = await self.desk.store.write(
            check_in, who.patient.id, who.card.number, self.reason, self.desk.today, act=act
        )
        match outcome:
            case CheckedIn(visit=visit):
                held = held_words(await set_aside(self.desk, visit.patient_id, visit.id))
                saved = f"Saved {local_time(act.at, self.desk.shop)}: checked in."
                self.dismiss(CheckInOutcome(visit, f"{saved} {held}".strip()))
            case AlreadyWaiting(visit=visit):
                is_here = not visit.state.waits
                self.dismiss(CheckInOutcome(visit, f"Is here already: {visit.state}.", goes_to_chart=is_here))
            case CardExpired(card=card):
                self.said = f"Card {card.number} lapsed on {day_words(card.expires_on)}. Ask for the renewed card."
            case CardRenewed(card=card):
                self.said = f"Card {card.number} was renewed as {card.renewed_as}. Ask for that card."
            case UnknownCard(number=number):
                self.said = f"The card {number} is not on this patient's record."
            case NotServed(standing=standing):
                self.said = f"Nobody is checked in: the patient is noted as {standing.status} ({standing.why})."
            case CareEnded(card=card):
                self.said = f"{card.holder_name} may not buy for this patient today: see People in the chart."
            case _:
                assert_never(outcome)

    def action_close(self) -> None:
        """Leave without checking in."""
        self.dismiss(None)
