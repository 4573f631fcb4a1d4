"""Queue: who waits, who is expected, and anyone else by a few letters."""

from collections.abc import Iterable, Mapping
from typing import ClassVar
from uuid import UUID

from textual import on, work
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.widget import Widget

from pcc_desk.desk.check_in import NOT_CHECKED_IN
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.key_ends import key_notices
from pcc_desk.desk.pulse import take_opening
from pcc_desk.desk.queue import NotFromHere, VisitIsOver, move_visit, queue_of
from pcc_desk.desk.records import FoundPatient
from pcc_desk.desk.rights import Right
from pcc_desk.domain.visits import QueueRow, VisitState
from pcc_desk.screens.chart.at_once import may_go
from pcc_desk.screens.finder import Finder
from pcc_desk.screens.frame import GoTo
from pcc_desk.screens.queue.appointments import Appointments
from pcc_desk.screens.queue.check_in import CheckIn
from pcc_desk.screens.queue.queue_rows import COLUMNS, about_lines, found_row, queue_rows
from pcc_desk.screens.words import local_time, more_words
from pcc_desk.widgets.field import Field
from pcc_desk.widgets.listing import Listing
from pcc_desk.widgets.sheet import Line, Sheet

NOBODY = "Nobody by that card, name or birth date. f3: a new patient."
WITHOUT_CHECK_IN = frozenset({VisitState.ARRIVED, VisitState.LEFT, VisitState.NO_SHOW})
"""What may become of somebody whose photo and card nobody looked at; anything else is a check-in first."""


class Queue(Finder):
    """The day's visits; typing looks for any patient."""

    PLACE = "Queue"
    AUTO_FOCUS = "Listing"
    CSS_PATH = "queue.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "slash",
            "search",
            "Search",
            id="queue.search",
            tooltip="Find a patient by card, name or birth date",
            priority=True,
        ),
        Binding("space", "serve", "Serve", id="queue.serve", tooltip="Call the patient: with you from now on"),
        Binding("p", "park", "Park", id="queue.park", tooltip="Set the visit aside; it stays on the list"),
        Binding("d", "done", "Done", id="queue.done", tooltip="The visit is over"),
        Binding("l", "left", "Left", id="queue.left", tooltip="The patient left without being served"),
        Binding(
            "h",
            "move_to_state('arrived')",
            "Here",
            id="queue.here",
            tooltip="The patient came in; the check-in follows",
            show=False,
        ),
        Binding(
            "w",
            "move_to_state('waiting')",
            "Wait",
            id="queue.wait",
            tooltip="The patient waits again: back from somebody, or parked no longer",
            show=False,
        ),
        Binding(
            "m",
            "move_to_state('with pharmacist')",
            "Pharmacist",
            id="queue.pharmacist",
            tooltip="With you as the pharmacist from now on",
            show=False,
        ),
        Binding(
            "t",
            "move_to_state('at the till')",
            "Till",
            id="queue.till",
            tooltip="At the till from now on",
            show=False,
        ),
        Binding(
            "x",
            "move_to_state('no show')",
            "No show",
            id="queue.no_show",
            tooltip="Who was expected did not come",
            show=False,
        ),
        Binding("a", "allotment", "Allotment", id="queue.allotment", tooltip="What may this patient buy"),
        Binding("c", "calendar", "Calendar", id="queue.calendar", tooltip="Appointments: book, move, call off"),
        Binding("f3,n", "register", "New", id="queue.register", tooltip="Put a new patient on record"),
        Binding("f5", "read_again", "Again", id="queue.again", tooltip="Read the queue again", show=False),
        Binding("escape", "back", "Back", id="queue.back", tooltip="From the search back to the queue"),
        Binding("down", "move(1)", "Down", id="queue.down", tooltip="From the search into the list", show=False),
        Binding("up", "move(-1)", "Up", id="queue.up", tooltip="Up the list", show=False),
    ]
    NEEDS: ClassVar[Mapping[str, Right]] = {
        "search": Right.FIND_PATIENT,
        "register": Right.REGISTER,
        "serve": Right.CHECK_IN,
        "park": Right.CHECK_IN,
        "done": Right.CHECK_IN,
        "left": Right.CHECK_IN,
        "move_to_state": Right.CHECK_IN,
        "allotment": Right.SEE_ALLOTMENT,
        "calendar": Right.SEE_QUEUE,
    }

    rows: reactive[tuple[QueueRow, ...]] = reactive((), init=False)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.said = ""
        self.said_of = ""
        """The row that it was said of, the only one where it stands; without one it stands at any."""

    def body(self) -> Iterable[Widget]:
        """Return the search line, the list, and what to know of the one under the cursor."""
        yield Field(placeholder="/ to search: card, name or birth date", id="search")
        yield Listing(COLUMNS, id="visits")
        yield Sheet(id="about")
        yield Sheet(id="notice", wraps=True)

    async def prepare(self) -> None:
        """Read the day's visits."""
        rows, self.desk.pulse = await self.desk.store.read(take_opening, self.desk.today, act=self.desk.act())
        self.set_reactive(Queue.rows, rows)
        self.is_fresh = True

    async def on_mount(self) -> None:
        """Show what was read."""
        self.show_rows()

    def show_status(self) -> None:
        """Draw the status line, and what somebody has to know of the key to the state system before the day begins."""
        super().show_status()
        link = self.desk.links.of(self.desk.state.name)
        notices = key_notices(self.desk.state, link, self.desk.today)
        for sheet in self.query("#notice").results(Sheet):
            sheet.set_class(bool(notices), "is-shown")
            sheet.show(tuple(((each, "warning"),) for each in notices))

    def read_again(self) -> None:
        """Read the queue again."""
        self.read_queue()

    @work(exclusive=True, group="queue")
    async def read_queue(self) -> None:
        """Read the day's visits."""
        self.rows = await self.desk.store.read(queue_of, self.desk.today, act=self.desk.act())
        if not self.is_searching:
            self.show_rows()
        self.count_again()

    def show_rows(self) -> None:
        """Draw the queue, with the waiting times as they are now."""
        listing = self.query_one(Listing)
        listing.empty = "Nobody is expected today. / finds any patient; n puts a new one on record."
        listing.show(queue_rows(self.desk, self.rows))

    def show_searching(self, is_searching: bool) -> None:
        """Show the queue when nobody is looked for; what is found takes its place as it comes."""
        if not is_searching:
            self.show_rows()

    def show_found(self, found: tuple[FoundPatient, ...]) -> None:
        """Draw who was found."""
        rows = tuple(found_row(self.desk, each, self._here(each.patient_id)) for each in found)
        listing = self.query_one(Listing)
        listing.empty = self.nobody(NOBODY)
        listing.show(rows)
        self.about(listing.cursor_key)

    @on(Listing.Highlighted)
    def show_about(self, event: Listing.Highlighted) -> None:
        """Tell about the one under the cursor."""
        self.about(event.key)

    def say(self, words: str, of: str = "") -> None:
        """Say what came of a key, at the row that it was about."""
        self.said, self.said_of = words, of

    def about(self, key: str) -> None:
        """Draw the two lines below the list."""
        row, sheet = self._visit_row(key), self.query_one("#about", Sheet)
        lines: tuple[Line, ...] = ((), ((more_words(self.looking.count), "muted"),)) if self.is_searching else ()
        if row is not None:
            said = self.said if self.said_of in ("", key) else ""
            lines = about_lines(self.desk, row, said, self.query_one(Listing).cut_cells, sheet.size.width)
        sheet.show(lines)

    def _here(self, patient_id: UUID) -> QueueRow | None:
        """Return the visit of today of somebody who is found, when it is not over."""
        return next((row for row in self.rows if row.patient.id == patient_id and not row.visit.state.is_over), None)

    def _visit_row(self, key: str) -> QueueRow | None:
        return next((row for row in self.rows if str(row.visit.id) == key), None)

    @property
    def current(self) -> QueueRow | None:
        """The visit under the cursor."""
        return None if self.is_searching else self._visit_row(self.query_one(Listing).cursor_key)

    def take(self, key: str) -> None:
        """Check in who is expected or was searched for; open the chart of who is here already."""
        row = self._visit_row(key)
        if row is not None and row.visit.state is not VisitState.EXPECTED:
            self.action_back()
            self.post_message(GoTo("Chart", row.patient.id))
        elif row is not None:
            self.check_in(row.patient.id, row.card_number)
        elif "|" in key:
            patient, card = key.split("|", 1)
            self.check_in(UUID(patient), card)

    def registered(self, patient_id: UUID, card_number: str, said: str) -> None:
        """Check in whom was just put on record."""
        self.say(said)
        self.check_in(patient_id, card_number)

    @work
    async def check_in(self, patient_id: UUID, card_number: str) -> None:
        """Show the check-in; afterwards the patient stands in the queue."""
        outcome = await self.app.push_screen_wait(CheckIn(self.desk, patient_id, card_number))
        if outcome is None:
            return
        self.query_one(Field).value = ""
        self.set_focus(self.query_one(Listing))
        self.say(outcome.said, str(outcome.visit.id) if outcome.visit is not None else "")
        self.rows = await self.desk.store.read(queue_of, self.desk.today, act=self.desk.act())
        self.show_rows()
        if outcome.visit is not None:
            self.query_one(Listing).move_to(self.said_of)
            self.about(self.said_of)
        if outcome.goes_to_chart:
            self.post_message(GoTo("Chart", patient_id))

    @work(exclusive=True, group="move")
    async def move_to(self, state: VisitState) -> None:
        """Bring the visit under the cursor into another state."""
        row = self.current
        if row is None:
            return
        if row.visit.state in NOT_CHECKED_IN and state not in WITHOUT_CHECK_IN:
            self.check_in(row.patient.id, row.card_number)
            return
        if row.needs_help and state.is_over and not await may_go(self.app, row.patient.name):
            return
        act = self.desk.act()
        outcome = await self.desk.store.write(move_visit, row.visit.id, state, act=act)
        match outcome:
            case VisitIsOver(visit=visit):
                words = f"This visit is over ({visit.state}). Search the patient to begin a new one."
            case NotFromHere(visit=visit, state=wanted):
                words = f"This visit is {visit.state}, and cannot be “{wanted}” from there."
            case _:
                words = f"Saved {local_time(act.at, self.desk.shop)}: {outcome.state}."
        self.say(words, str(row.visit.id))
        self.about(self.said_of)
        self.read_queue()

    def action_back(self) -> None:
        """Leave the search."""
        self.query_one(Field).value = ""
        self.set_focus(self.query_one(Listing))

    def action_serve(self) -> None:
        """Call the patient."""
        self.move_to(VisitState.WITH_COORDINATOR)

    def action_park(self) -> None:
        """Set the visit aside."""
        self.move_to(VisitState.PARKED)

    def action_done(self) -> None:
        """End the visit."""
        self.move_to(VisitState.DONE)

    def action_left(self) -> None:
        """Note that the patient left."""
        self.move_to(VisitState.LEFT)

    def action_move_to_state(self, state: str) -> None:
        """Bring the visit into the state of that name."""
        self.move_to(VisitState(state))

    @work(exclusive=True, group="calendar")
    async def action_calendar(self) -> None:
        """Show the appointments; what was booked there shows here afterwards."""
        await self.app.push_screen_wait(Appointments(self.desk))

    def action_allotment(self) -> None:
        """Go to what this patient may buy."""
        row = self.current
        if row is not None:
            self.post_message(GoTo("Allotment", row.patient.id))

    def action_read_again(self) -> None:
        """Read the queue again."""
        self.say("")
        self.read_queue()
