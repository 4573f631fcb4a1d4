"""Chart: a patient's record, and what is done in a visit: note, dispensing, standing."""

from collections.abc import Iterable, Mapping
from typing import ClassVar, assert_never
from uuid import UUID

from textual import work
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.widget import Widget

from pcc_desk.desk.amending import AlreadyVoided, what_stands
from pcc_desk.desk.by_hand import nothing_sends, to_enter
from pcc_desk.desk.chart import Chart as Record
from pcc_desk.desk.chart import open_chart, read_chart
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.intake import open_intake
from pcc_desk.desk.outbox import NotParked, parked_of, send_again
from pcc_desk.desk.queue import NotFromHere, VisitIsOver, move_visit
from pcc_desk.desk.rights import Right
from pcc_desk.domain.dispensing import Dispensation, Posting
from pcc_desk.domain.standing_alarms import unseen
from pcc_desk.domain.visits import VisitState
from pcc_desk.screens.allotments.by_hand import StatesNumber, ask_registry, read_by_hand
from pcc_desk.screens.auditing.disclosures import Disclosures
from pcc_desk.screens.chart.at_once import may_go
from pcc_desk.screens.chart.correct import Correct
from pcc_desk.screens.chart.dispense import Dispense
from pcc_desk.screens.chart.note import Note
from pcc_desk.screens.chart.record_lines import head_lines, timeline_rows, waiting_words
from pcc_desk.screens.chart.strike import Strike
from pcc_desk.screens.frame import GoTo, Place
from pcc_desk.screens.outages.outbox_words import decided_words
from pcc_desk.screens.words import local_time
from pcc_desk.widgets.listing import Column, Listing
from pcc_desk.widgets.sheet import Sheet

TIMELINE = (
    Column("When", 10),
    Column("What", 9),
    Column("", 16, grow=True),
    Column("By", 9),
    Column("State's record", 15),
)

ELSEWHERE = frozenset({"outbox", "queue"})
"""What can be done while no patient is open."""

NOBODY = "No patient is open. Choose one in the Queue."
NOT_READ = "The record is being read. f5 reads it again."


class Chart(Place):
    """One patient: who, standing, and everything that happened, newest first."""

    PLACE = "Chart"
    CSS_PATH = "chart.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("k", "acknowledge", "Acknowledge", id="chart.acknowledge", tooltip="Say what was done at once"),
        Binding("n", "note", "Note", id="chart.note", tooltip="Write and sign the consultation note"),
        Binding("d", "dispense", "Dispense", id="chart.dispense", tooltip="Hand over packages from stock"),
        Binding("r", "ask", "Ask registry", id="chart.ask", tooltip="Ask the registry for the standing now"),
        Binding("a", "allotment", "Allotment", id="chart.allotment", tooltip="The figures behind the standing"),
        Binding("x", "end", "End visit", id="chart.end", tooltip="The visit is done"),
        Binding("s", "send_again", "Send again", id="chart.send", tooltip="Try a parked post again"),
        Binding("c", "correct", "Correct", id="chart.correct", tooltip="Correct the chosen dispensation", show=False),
        Binding("v", "void", "Void", id="chart.void", tooltip="Void the chosen dispensation", show=False),
        Binding("o", "outbox", "Outbox", id="chart.outbox", tooltip="What the state was not told yet", show=False),
        Binding("t", "number", "Number", id="chart.number", tooltip="Type the state's number of a sale entered there"),
        Binding("i", "intake", "Intake", id="chart.intake", tooltip="A new patient's intake, where it was left"),
        Binding("p", "person", "People", id="chart.person", tooltip="Who the patient is, and who cares", show=False),
        Binding("h", "by_hand", "By hand", id="chart.by_hand", tooltip="Type what you read elsewhere", show=False),
        Binding(
            "l", "disclosures", "Disclosures", id="chart.disclosures", tooltip="What was given outside", show=False
        ),
        Binding("f5", "read_again", "Again", id="chart.again", tooltip="Read the record again", show=False),
        Binding("escape", "queue", "Queue", id="chart.queue", tooltip="Back to the queue"),
    ]
    NEEDS: ClassVar[Mapping[str, Right]] = {
        "acknowledge": Right.ACT_AT_ONCE,
        "note": Right.SIGN_NOTES,
        "intake": Right.INTAKE,
        "dispense": Right.DISPENSE,
        "ask": Right.ASK_REGISTRY,
        "by_hand": Right.ASK_REGISTRY,
        "allotment": Right.SEE_ALLOTMENT,
        "end": Right.CHECK_IN,
        "send_again": Right.DECIDE_POSTS,
        "number": Right.DECIDE_POSTS,
        "correct": Right.CORRECT,
        "void": Right.VOID,
        "outbox": Right.SEE_POSTS,
        "queue": Right.SEE_QUEUE,
    }

    record: reactive[Record | None] = reactive(None, init=False, always_update=True)
    said: reactive[str] = reactive("", init=False)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.patient_id: UUID | None = None
        self.is_look = False
        """Another patient's record is to be opened, which goes on record first."""

    def body(self) -> Iterable[Widget]:
        """Return the head, the timeline, and the line that answers each act."""
        yield Sheet(id="head", wraps=True)
        yield Listing(TIMELINE, id="timeline", opens=False)
        yield Sheet(id="said")

    async def on_mount(self) -> None:
        """Wait for a patient."""
        self.set_focus(self.query_one(Listing))
        if self.record is None:
            self.show_nothing()

    def turn_to(self, patient_id: UUID) -> None:
        """Turn to a patient. Until their record is read there is none, and nothing can be done for anybody."""
        if patient_id != self.patient_id:
            self.record = None
        self.patient_id = patient_id
        self.refresh_bindings()
        self.said = ""
        self.is_look = True

    def changed(self) -> None:
        """Read again, because something reached the state's record meanwhile."""
        self.read_again()

    def read_again(self) -> None:
        """Read again what happened meanwhile."""
        if self.record is not None:
            self.read_record()

    @work(exclusive=True, group="record")
    async def read_record(self) -> None:
        """Read the record behind what goes on meanwhile."""
        await self.read_patient()

    async def read_patient(self) -> None:
        """Open the record, which is noted in it, or read again one that is open."""
        if self.patient_id is not None:
            self.record = await (open_chart if self.is_look else read_chart)(self.desk, self.patient_id)
            self.is_look = False
            await self.tell_what_waits(self.patient_id)
            self.count_again()

    async def tell_what_waits(self, patient_id: UUID) -> None:
        """Say what is to be entered by hand, unless something else was said."""
        self.refresh_bindings()
        if self.said or not nothing_sends(self.desk):
            return
        waiting = await self.desk.store.read(to_enter, patient_id, act=self.desk.act())
        if waiting:
            self.said = waiting_words(waiting, self.desk.state.name)

    def show_nothing(self) -> None:
        """Draw that no record is read."""
        words = NOT_READ if self.patient_id is not None else NOBODY
        self.query_one("#head", Sheet).show((((words, "muted"),),))
        self.query_one(Listing).empty = ""
        self.query_one(Listing).show(())

    def watch_record(self, record: Record | None) -> None:
        """Draw the head and the timeline."""
        if record is None:
            if self.is_mounted:
                self.show_nothing()
            return
        self.query_one("#head", Sheet).show(head_lines(self.desk, record))
        listing = self.query_one(Listing)
        listing.empty = "Nothing is on record yet."
        listing.show(timeline_rows(self.desk, record))

    def watch_said(self, said: str) -> None:
        """Draw the answer to the last act."""
        self.query_one("#said", Sheet).show((((said, ""),),))

    @work(exclusive=True, group="ask")
    async def action_ask(self) -> None:
        """Ask the registry once."""
        record = self.record
        if record is None:
            return
        card = next((each for each in record.cards if not each.renewed_as), None)
        if card is None:
            self.said = "No card is on record to ask the registry by."
            return
        self.said = "Asking the registry …"
        self.said = await ask_registry(self.app, self.desk, record.patient.id, card.number)
        self.read_record()

    @work(exclusive=True, group="ask")
    async def action_by_hand(self) -> None:
        """Type what was read elsewhere, be the registry up or down."""
        record = self.record
        card = next((each for each in record.cards if not each.renewed_as), None) if record else None
        if record is not None and card is not None:
            self.said = await read_by_hand(self.app, self.desk, record.patient.id, card.number)
            self.read_record()

    @work(exclusive=True, group="task")
    async def action_acknowledge(self) -> None:
        """Say what was done at once."""
        from pcc_desk.screens.people.acknowledging import acknowledge_form  # noqa: PLC0415 - as for the person

        record = self.record
        if record is not None and unseen(record.at_once):
            form = acknowledge_form(self.desk, record.patient, record.at_once)
            self.said = await self.app.push_screen_wait(form) or ""
            self.read_record()

    @work(exclusive=True, group="task")
    async def action_note(self) -> None:
        """Write the note of this visit."""
        record = self.record
        if record is None:
            return
        if record.visit is None:
            self.said = "There is no visit today to write a note for. Check the patient in at the queue first."
            return
        self.said = await self.app.push_screen_wait(Note(self.desk, record.patient, record.visit)) or ""
        self.read_record()

    @work(exclusive=True, group="task")
    async def action_person(self) -> None:
        """Show who the patient is: names, cards, caregivers, consents, and records that are theirs."""
        from pcc_desk.screens.people.person import WhoTheyAre  # noqa: PLC0415 - not needed for the first frame

        if self.record is not None:
            self.said = await self.app.push_screen_wait(WhoTheyAre(self.desk, self.record.patient)) or ""
            self.read_record()

    @work(exclusive=True, group="task")
    async def action_intake(self) -> None:
        """Take the patient's intake, where it was left."""
        from pcc_desk.screens.people.intake import TakeIntake  # noqa: PLC0415 - not needed for the first frame

        if self.record is not None:
            act, rules = self.desk.act(), self.desk.intake_rules()
            opened = await self.desk.store.write(open_intake, self.record.patient.id, rules, self.desk.today, act=act)
            self.said = await self.app.push_screen_wait(TakeIntake(self.desk, opened)) or ""
            self.read_record()

    @work(exclusive=True, group="task")
    async def action_dispense(self) -> None:
        """Put a basket together and hand it over."""
        record = self.record
        if record is None:
            return
        self.said = await self.app.push_screen_wait(Dispense(self.desk, record.patient)) or ""
        self.read_record()

    @work(exclusive=True, group="task")
    async def action_end(self) -> None:
        """End the visit."""
        record = self.record
        if record is None or record.visit is None:
            self.said = "There is no visit to end."
            return
        if unseen(record.at_once) and not await may_go(self.app, record.patient.name):
            return
        act = self.desk.act()
        outcome = await self.desk.store.write(move_visit, record.visit.id, VisitState.DONE, act=act)
        if isinstance(outcome, VisitIsOver):
            self.said = f"The visit is over already ({outcome.visit.state})."
        elif isinstance(outcome, NotFromHere):
            self.said = f"This visit is {outcome.visit.state} still. Check the patient in first."
        else:
            self.said = f"Saved {local_time(act.at, self.desk.shop)}: the visit is done."
        self.read_record()

    @work(exclusive=True, group="task")
    async def action_send_again(self) -> None:
        """Let the first parked post of this patient be tried again."""
        record = self.record
        if record is None:
            return
        parked = await self.desk.store.read(parked_of, record.patient.id, act=self.desk.act())
        if parked is None:
            self.said = "No post of this patient waits for your decision."
            return
        outcome = await self.desk.store.write(send_again, parked.dispensation_id, act=self.desk.act())
        match outcome:
            case NotParked():
                self.said = "It is on its way already."
            case Posting():
                self.said = "It will be looked up, and sent again if the state does not have it."
                self.desk.bell.set()
            case _:
                assert_never(outcome)
        self.read_record()

    @work(exclusive=True, group="task")
    async def action_number(self) -> None:
        """Type under which number the oldest dispensation that waits was entered by hand."""
        record = self.record
        if record is None:
            return
        waiting = await self.desk.store.read(to_enter, record.patient.id, act=self.desk.act())
        if not waiting:
            self.said = "Nothing of this patient waits to be entered."
            return
        self.said = await self.app.push_screen_wait(StatesNumber(self.desk, waiting[0])) or ""
        self.read_record()

    @work(exclusive=True, group="task")
    async def action_correct(self) -> None:
        """Correct what was dispensed, whether the state has it already or not."""
        chosen = await self.chosen()
        if chosen is not None:
            self.said = await self.app.push_screen_wait(Correct(self.desk, *chosen)) or ""
            self.read_record()

    @work(exclusive=True, group="task")
    async def action_void(self) -> None:
        """Void what was dispensed, whether the state has it already or not."""
        chosen = await self.chosen()
        if chosen is not None:
            self.said = await self.app.push_screen_wait(Strike(self.desk, *chosen)) or ""
            self.read_record()

    async def chosen(self) -> tuple[Dispensation, str] | None:
        """Return the dispensation under the cursor as it stands, and the patient's name; say so when there is none."""
        record, key = self.record, self.query_one(Listing).cursor_key
        if record is None or key is None:
            return None
        of = record.timeline[int(key)].dispensation_id
        if not of:
            self.said = "That line is no dispensation. Choose one with the arrows first."
            return None
        stands = await self.desk.store.read(what_stands, UUID(of), act=self.desk.act())
        if isinstance(stands, AlreadyVoided):
            self.said = decided_words(stands, "")[0]
            return None
        return stands, record.patient.name

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what there is something for; numbers where a person enters what was dispensed, else sending again.

        Where no record is open, nothing is to be done for anybody.
        """
        can_be_read = action == "read_again" and self.patient_id is not None
        if self.record is None and action not in ELSEWHERE and not can_be_read:
            return False
        if action == "acknowledge" and not (self.record and unseen(self.record.at_once)):
            return False
        if action in {"number", "send_again"}:
            return (action == "number") is nothing_sends(self.desk) and super().check_action(action, parameters)
        return super().check_action(action, parameters)

    @work(exclusive=True, group="task")
    async def action_disclosures(self) -> None:
        """Show what was given to somebody outside, and put another on record."""
        if self.record is not None:
            self.said = await self.app.push_screen_wait(Disclosures(self.desk, self.record.patient)) or ""

    def action_allotment(self) -> None:
        """Go to the figures."""
        if self.patient_id is not None:
            self.post_message(GoTo("Allotment", self.patient_id))

    def action_outbox(self) -> None:
        """Go to what the state was not told yet."""
        self.post_message(GoTo("Outbox"))

    def action_queue(self) -> None:
        """Go back to the queue."""
        self.post_message(GoTo("Queue"))

    def action_read_again(self) -> None:
        """Read the record again, or for the first time where that failed."""
        self.read_record()
