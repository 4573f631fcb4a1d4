"""A short form about a patient: its questions, and what is done with the answers."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import ClassVar
from uuid import UUID

from textual import work
from textual.binding import Binding, BindingType
from textual.widget import Widget

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.drafts import Typed
from pcc_desk.desk.people import CARD
from pcc_desk.domain.entries import Act
from pcc_desk.domain.people import Patient
from pcc_desk.domain.scans import Scan, ScannedCard, words_of
from pcc_desk.screens.task import Form
from pcc_desk.screens.words import local_time
from pcc_desk.widgets.form import FormSheet, Question
from pcc_desk.widgets.sheet import Sheet

Answer = str | Mapping[str, str]
"""What to say of what was saved, or a sentence for each field that is wrong, by its key."""

Save = Callable[[Mapping[str, str]], Awaitable[Answer]]
"""Puts answers on record."""

WHY = Question("why", "why", "for the record")
NEEDS_WHY = {"why": "Say why, for the record."}

WHOLE_FORM = ""
"""The key of a sentence that is about no single field."""


def saved_words(desk: Desk, act: Act, words: str) -> str:
    """Return that something was saved, and when."""
    return f"Saved {local_time(act.at, desk.shop)}: {words}"


class Ask(Form):
    """Closes with a sentence on what was saved; empty when nothing was."""

    PLACE = "Chart"
    ON_LEAVING = "What is typed is dropped."
    CSS_PATH = "people.tcss"
    CALLED = "A form about a patient"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "save", "Save", id="ask.save", tooltip="Save what is typed"),
        Binding("escape", "leave", "Back", id="ask.leave", tooltip="Leave without saving"),
    ]

    def __init__(
        self,
        desk: Desk,
        patient: Patient,
        title: str,
        lead: str,
        questions: tuple[Question, ...],
        *,
        save: Save,
        values: Mapping[str, str] | None = None,
    ) -> None:
        """Take what is asked of whom, what stands there already, and what is done with the answers."""
        super().__init__(desk)
        self.patient = patient
        self.heading = title
        self.lead = lead
        self.questions = questions
        self.stood = {key: words for key, words in (values or {}).items() if words}
        self.save_answers = save

    @property
    def form(self) -> FormSheet:
        """The fields."""
        return self.query_one(FormSheet)

    def body(self) -> Iterable[Widget]:
        """Return the head, the form, and the line that answers."""
        yield Sheet(id="head", wraps=True)
        yield FormSheet(self.questions, left=self.left, finished=self.action_save)
        yield Sheet(id="said", wraps=True)

    async def on_mount(self) -> None:
        """Begin with what stands there, at the first question that leaves a choice."""
        title = f"{self.heading}: {self.patient.name}"
        self.query_one("#head", Sheet).show((((title, "heading"),), ((self.lead, "muted"),)))
        self.form.fill(self.stood)
        settled = {each.key for each in self.questions if len(each.choices) == 1 and each.key in self.stood}
        self.form.go_to(next((each.key for each in self.questions if each.key not in settled), self.questions[0].key))

    @property
    def about(self) -> UUID:
        """The patient."""
        return self.patient.id

    @property
    def about_patient(self) -> UUID:
        """The patient."""
        return self.patient.id

    def typed_so_far(self) -> Typed:
        """Return nothing: a few fields are typed again sooner than taken up."""
        return {}

    def left(self, key: str, value: str) -> None:
        """Wait with what is wrong until it is saved."""

    def answers(self) -> dict[str, str]:
        """Return what is typed in each field, the one under the cursor included."""
        current = self.form.current
        typed = {**self.form.values, current.key: current.read(self.form.editor.value)}
        return {key: words for key, words in typed.items() if words}

    def takes_scan(self, scan: Scan) -> bool:
        """Put the number of a card into its field where it is empty. No card opens a check-in over what is typed."""
        if not isinstance(scan, ScannedCard):
            return False
        number = next((each for each in self.questions if each.key == CARD), None)
        if number is None:
            self.say(f"Scanned {words_of(scan)}. There is no field for it here.", "warning")
            return True
        self.form.leave_field()
        typed = self.form.values.get(CARD, "")
        if not typed:
            self.form.fill({CARD: scan.number})
        is_unlike = typed not in {"", scan.number}
        kept = f" Typed otherwise, and left so: {number.label}." if is_unlike else ""
        self.say(f"Scanned {words_of(scan)}. See that it is read right.{kept}", "warning" if is_unlike else "good")
        return True

    def say(self, words: str, tone: str) -> None:
        """Answer in the last line."""
        self.query_one("#said", Sheet).show((((words, tone),),))

    def unsaved(self) -> str:
        """Return what is typed and not saved."""
        return "What is typed is not saved" if self.answers() != self.stood else ""

    def action_save(self) -> None:
        """Save. Pressed again meanwhile, nothing happens."""
        if not self.is_at("save"):
            self.form.leave_field()
            self.save()

    @work(group="save")
    async def save(self) -> None:
        """Put it on record, or say at each field what is wrong."""
        outcome = await self.save_answers({key: self.form.values.get(key, "") for key in self.keys()})
        if isinstance(outcome, str):
            self.dismiss(outcome)
            return
        self.form.tell({key: (sentence, "warning") for key, sentence in outcome.items() if key != WHOLE_FORM})
        first = next((key for key in self.keys() if key in outcome), "")
        if first:
            self.form.go_to(first)
        self.say(f"Not saved. {outcome.get(WHOLE_FORM, '')}".strip(), "warning")

    def keys(self) -> tuple[str, ...]:
        """Return the keys of the questions, in order."""
        return tuple(each.key for each in self.questions if not each.is_heading)
