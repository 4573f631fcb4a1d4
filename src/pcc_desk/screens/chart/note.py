"""The consultation note: written, kept as a draft whenever it is left, signed by one key."""

from collections.abc import Iterable
from typing import ClassVar, assert_never

from textual import on, work
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import TextArea

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.notes import NothingWritten, Signed, TooLong, draft_of, keep_draft, sign_note
from pcc_desk.domain.people import Patient
from pcc_desk.domain.verification import NotVerified
from pcc_desk.domain.visits import Visit
from pcc_desk.screens.task import Task
from pcc_desk.screens.words import local_time
from pcc_desk.widgets.sheet import Sheet

HINT = "Complaint, goals · what was discussed · products, doses · agreed · next date"


class Note(Task):
    """Closes with a sentence on what became of the words."""

    PLACE = "Chart"
    ON_LEAVING = "The words are kept as a draft."
    CSS_PATH = "note.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "sign", "Sign", id="note.sign", tooltip="Sign the note: it cannot be changed afterwards"),
        Binding("escape", "leave", "Back", id="note.leave", tooltip="Back to the chart; the words are kept as a draft"),
    ]

    def __init__(self, desk: Desk, patient: Patient, visit: Visit) -> None:
        super().__init__(desk)
        self.patient = patient
        self.visit = visit
        self.kept = ""

    def body(self) -> Iterable[Widget]:
        """Return the head, the page, and the line that answers."""
        yield Sheet(id="head")
        yield TextArea(id="page", soft_wrap=True, show_line_numbers=False)
        yield Sheet(id="said")

    async def on_mount(self) -> None:
        """Take up the draft where it was left."""
        self.query_one("#head", Sheet).show(
            (((f"Consultation note · {self.patient.name}", "heading"),), ((HINT, "muted"),))
        )
        page = self.query_one(TextArea)
        if self.desk.keeps_drafts:
            self.kept = await self.desk.store.read(draft_of, self.visit.id, act=self.desk.act())
        page.load_text(self.kept)
        page.move_cursor(page.document.end)
        page.cursor_blink = False
        self.set_focus(page)
        self.say("Taken up from your draft." if self.kept else "", "muted")

    def say(self, words: str, tone: str) -> None:
        """Answer in the line below the page."""
        self.query_one("#said", Sheet).show((((words, tone),),))

    @property
    def has_draft(self) -> bool:
        """Whether words are kept."""
        return bool(self.kept.strip())

    def unsaved(self) -> str:
        """Return what is not signed yet."""
        written = self.query_one(TextArea).text.strip()
        return f"The note for {self.patient.name} is not signed" if written else ""

    async def put_away(self) -> None:
        """Keep the words as a draft of the person who wrote them."""
        words = self.query_one(TextArea).text
        if words != self.kept and self.desk.keeps_drafts:
            await self.desk.store.write(keep_draft, self.visit.id, words, act=self.desk.act())
            self.kept = words

    @on(TextArea.Changed)
    def forget_answer(self) -> None:
        """Clear the answer to an earlier try."""
        if self.query_one(TextArea).text != self.kept:
            self.say("", "muted")

    def action_sign(self) -> None:
        """Sign, if a verification carries it. Pressed again meanwhile, the key does nothing."""
        if not self.is_at("sign"):
            self.sign()

    @work(group="sign")
    async def sign(self) -> None:
        """Sign the words as they stand."""
        words = self.query_one(TextArea).text
        act = self.desk.act()
        outcome = await self.desk.store.write(
            sign_note,
            self.visit.id,
            words,
            outage=self.desk.rules.outage,
            fresh_for=self.desk.fresh_for,
            act=act,
            is_out=self.desk.registry_is_out,
        )
        match outcome:
            case Signed():
                self.dismiss(f"Saved {local_time(act.at, self.desk.shop)}: the note is signed.")
            case NothingWritten():
                self.say("There is nothing to sign yet.", "warning")
            case TooLong(characters=characters, at_most=at_most):
                self.say(f"The note has {characters} characters; at most {at_most} can be signed at once.", "warning")
            case NotVerified(reason=reason):
                await self.put_away()
                self.say(f"Not signed, kept as a draft. {reason} (from the chart)", "warning")
            case _:
                assert_never(outcome)

    @work(exclusive=True)
    async def action_leave(self) -> None:
        """Go back; the words are kept."""
        await self.put_away()
        is_written = bool(self.query_one(TextArea).text.strip())
        self.dismiss("The note is kept as a draft." if is_written else "")
