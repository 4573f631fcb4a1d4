"""Who a patient is: what is known of them, and each part of it changed by a form of its own."""

from collections.abc import Iterable, Mapping
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.widget import Widget

from pcc_desk.desk.audit import on_record
from pcc_desk.desk.chart import note_opening
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.identity import Known, known_of
from pcc_desk.desk.rights import Right
from pcc_desk.domain.people import Patient
from pcc_desk.domain.withheld import as_far_as_given
from pcc_desk.screens.people import changing
from pcc_desk.screens.people.ask import Ask
from pcc_desk.screens.people.person_words import person_lines
from pcc_desk.screens.task import Task
from pcc_desk.widgets.sheet import Sheet


class WhoTheyAre(Task):
    """Closes with a sentence on what was saved last; empty when nothing was."""

    PLACE = "Chart"
    ON_LEAVING = "What was saved stays."
    CSS_PATH = "people.tcss"
    CALLED = "Who a patient is"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "change('name')", "Name", id="person.name", tooltip="Name, birth date, telephone, certification"),
        Binding("d", "change('details')", "Details", id="person.details", tooltip="Language, needs, contact"),
        Binding("c", "change('card')", "Card", id="person.card", tooltip="A first card, or one that renews another"),
        Binding("g", "change('caregiver')", "Caregiver", id="person.caregiver", tooltip="Who may buy for the patient"),
        Binding("y", "change('physician')", "Physician", id="person.physician", tooltip="Who certifies the patient"),
        Binding("u", "change('status')", "Status", id="person.status", tooltip="Active, archived, deceased, banned"),
        Binding("o", "change('consent')", "Consent", id="person.consent", tooltip="Given, refused, or taken back"),
        Binding("m", "change('merge')", "Merge", id="person.merge", tooltip="Another record is of the same person"),
        Binding("p", "change('part')", "Part", id="person.part", tooltip="A merged record is of another"),
        Binding("q", "change('request')", "Request", id="person.request", tooltip="The patient asks for their record"),
        Binding("a", "change('answer')", "Answer", id="person.answer", tooltip="What became of a request"),
        Binding(
            "w",
            "change('record')",
            "Write out",
            id="person.record",
            tooltip="All of it, for the patient",
        ),
        Binding("f5", "read_again", "Again", id="person.again", tooltip="Read again", show=False),
        Binding("escape", "leave", "Back", id="person.leave", tooltip="Back to where you were"),
    ]
    NEEDS_OF: ClassVar[Mapping[str, Right]] = {
        "merge": Right.MERGE,
        "part": Right.MERGE,
        "answer": Right.ANSWER_REQUESTS,
        "record": Right.EXPORT,
    }

    known: reactive[Known | None] = reactive(None, init=False, always_update=True)

    def __init__(self, desk: Desk, patient: Patient) -> None:
        super().__init__(desk)
        self.patient = patient
        self.done = ""

    def body(self) -> Iterable[Widget]:
        """Return what is known, and the line that answers."""
        yield Sheet(id="known", can_focus=True, wraps=True)
        yield Sheet(id="said", wraps=True)

    async def on_mount(self) -> None:
        """Put on record that somebody looks, and show what is known."""
        self.set_focus(self.query_one("#known"))
        await on_record(self.desk, note_opening, self.patient.id, act=self.desk.act())
        await self.read()

    async def read(self) -> None:
        """Read what is known."""
        self.known = await self.desk.store.read(known_of, self.patient.id, act=self.desk.act())

    def watch_known(self, known: Known | None) -> None:
        """Draw it."""
        if known is not None:
            self.patient = known.patient
            self.query_one("#known", Sheet).show(person_lines(known, self.desk.today))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what whoever sits here may do, and what there is something for."""
        if action != "change" or self.known is None:
            return super().check_action(action, parameters)
        what = str(parameters[0])
        has_ground = {
            "part": bool(self.known.merges),
            "answer": any(each.outcome is None for each in as_far_as_given(self.known.requests)),
        }.get(what, True)
        return has_ground and self.desk.may(self.NEEDS_OF.get(what, Right.CHANGE_PEOPLE))

    def say(self, words: str, tone: str) -> None:
        """Answer in the last line."""
        self.query_one("#said", Sheet).show((((words, tone),),))

    def unsaved(self) -> str:
        """Return nothing: each form saves for itself."""
        return ""

    @work(exclusive=True, group="change")
    async def action_change(self, what: str) -> None:
        """Ask what is to be changed, save it, and show what is known then."""
        known = self.known
        if known is None:
            return
        form: Ask = await changing.FORMS[what](self.desk, known)
        said = await self.app.push_screen_wait(form) or ""
        if said:
            self.done = said
            self.say(said, "good")
        await self.read()
        self.refresh_bindings()

    @work(exclusive=True, group="read")
    async def action_read_again(self) -> None:
        """Read again."""
        await self.read()

    def action_leave(self) -> None:
        """Leave."""
        self.dismiss(self.done)
