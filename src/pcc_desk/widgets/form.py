"""A form of any length: one drawn widget with one floating editor, so that forty fields open as quickly as four."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Click, MouseScrollDown, MouseScrollUp, Paste, Resize

from pcc_desk.widgets.drawn import Drawn, Line
from pcc_desk.widgets.field import LONGEST, Field
from pcc_desk.widgets.listing import MARK
from pcc_desk.widgets.plain import fit
from pcc_desk.widgets.sheet import wrapped

WIDEST_LABEL = 40

YES_NO = ("yes", "no")


@dataclass(frozen=True, slots=True)
class Question:
    """A field of the form, or with `is_heading` a line between them.

    With `choices` the beginning of one is enough; `longest` is how many characters it takes.
    """

    key: str
    label: str
    example: str = ""
    choices: tuple[str, ...] = ()
    is_heading: bool = False
    longest: int = LONGEST

    def read(self, typed: str) -> str:
        """Return what was typed as it is kept: without the blanks around it, a choice written out."""
        words = typed.strip()
        likely = [each for each in self.choices if words and each.casefold().startswith(words.casefold())]
        exact = [each for each in likely if each.casefold() == words.casefold()]
        return (exact or likely or [words])[0] if exact or len(likely) == 1 else words


class _Shown(NamedTuple):
    """A drawn row: of a question, a heading, or a part of the sentence under a question."""

    question: int
    words: str = ""


class Editor(Field):
    """The one field that floats over the row that is typed in. What is too much is said, never cut in silence."""

    def restricted(self) -> None:
        """Say that it takes no more."""
        if isinstance(self.parent, FormSheet):
            self.parent.refused()

    def _on_paste(self, event: Paste) -> None:
        """Paste the first line that holds something; an empty one first would put in nothing."""
        lines = [each for each in event.text.splitlines() if each.strip()]
        event.stop()
        event.prevent_default()
        if lines:
            self.replace(lines[0], *self.selection)


class FormSheet(Drawn):
    """Questions with what was answered, and sentences under those that something is wrong with."""

    DEFAULT_CSS = """
    FormSheet {
        height: 1fr;
        padding: 0 1;
    }
    FormSheet > Editor {
        position: absolute;
        width: 1fr;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,tab", "move(1)", "Next", tooltip="To the next question", show=False),
        Binding("up,shift+tab", "move(-1)", "Before", tooltip="To the question before", show=False),
        Binding("pagedown", "section(1)", "Next part", tooltip="To the next part", show=False),
        Binding("pageup", "section(-1)", "Part before", tooltip="To the part before", show=False),
    ]

    def __init__(
        self,
        questions: tuple[Question, ...],
        *,
        id: str | None = None,  # noqa: A002 - Textual's name
        left: Callable[[str, str], None] = lambda key, value: None,
        finished: Callable[[], None] = lambda: None,
        arrived: Callable[[Question], None] = lambda question: None,
    ) -> None:
        """Take the questions, and what to call: with a field left and its answer, after the last, and on arrival."""
        super().__init__(id=id)
        self.questions = questions
        self.values: dict[str, str] = {}
        self.sentences: dict[str, tuple[str, str]] = {}
        """What to say under a question, and in which tone."""
        self._left = left
        self._finished = finished
        self._arrived = arrived
        self._at = next(index for index, each in enumerate(questions) if not each.is_heading)
        self._top = 0
        self._shown: list[_Shown] = []
        self.editor = Editor(id="entry", takes=self._entered)

    def compose(self) -> ComposeResult:
        """Put the editor over the rows."""
        yield self.editor

    def on_mount(self) -> None:
        """Begin at the field that was chosen before there was a frame; where it stands is known with the first size."""
        self._lay_out()
        self._place_editor()
        self.screen.set_focus(self.editor, scroll_visible=False)
        self._arrived(self.current)

    # What is asked and answered

    @property
    def current(self) -> Question:
        """The question that is typed in."""
        return self.questions[self._at]

    def fill(self, values: Mapping[str, str]) -> None:
        """Put answers in, as they were typed before. What is typed in another field just now stays."""
        self.values.update(values)
        self.editor.max_length = self.current.longest
        if self.current.key in values:
            self.editor.value = values[self.current.key]
            self.editor.cursor_position = len(self.editor.value)
        self.refresh()

    def tell(self, sentences: Mapping[str, tuple[str, str]]) -> None:
        """Say other sentences under questions, each in a tone."""
        self.sentences = dict(sentences)
        self._lay_out()
        self._place_editor()
        self.refresh()

    def ask_otherwise(self, questions: tuple[Question, ...]) -> None:
        """Ask other questions from now on; the cursor stays where it is, or goes to the nearest before it."""
        key, before = self.current.key, [each.key for each in self.questions[: self._at]]
        self.questions = questions
        keys = {each.key: index for index, each in enumerate(questions) if not each.is_heading}
        self._at = next((keys[each] for each in (key, *reversed(before)) if each in keys), min(keys.values()))
        self._lay_out()
        self._place_editor()
        self.refresh()

    def go_to(self, key: str) -> None:
        """Go to a question."""
        for index, each in enumerate(self.questions):
            if each.key == key and not each.is_heading:
                self._go(index)

    def leave_field(self) -> None:
        """Take what stands in the editor as the answer."""
        question = self.current
        value = question.read(self.editor.value)
        if value != self.values.get(question.key, ""):
            self.values[question.key] = value
            self._left(question.key, value)

    def refused(self) -> None:
        """Say at the field that it takes no more than it holds."""
        question = self.current
        sentence = f"That is too long: at most {question.longest} characters. What stood here is unchanged."
        self.tell({**self.sentences, question.key: (sentence, "warning")})

    def _entered(self, typed: str) -> None:
        if self._at == self._last:
            self.leave_field()
            self._finished()
        else:
            self.action_move(1)

    @property
    def _last(self) -> int:
        return max(index for index, each in enumerate(self.questions) if not each.is_heading)

    # Moving

    def action_move(self, by: int) -> None:
        """Go to the next question, or to the one before, of those that are asked by what is answered now."""
        self.leave_field()
        index = self._at + by
        while 0 <= index < len(self.questions) and self.questions[index].is_heading:
            index += by
        if 0 <= index < len(self.questions):
            self._go(index)

    def action_section(self, by: int) -> None:
        """Go to the first question of the next part, or of the part before."""
        headings = [index for index, each in enumerate(self.questions) if each.is_heading]
        own = max((each for each in headings if each < self._at), default=-1)
        others = [each for each in headings if each > self._at] if by > 0 else [each for each in headings if each < own]
        if others:
            self._go((others[0] if by > 0 else others[-1]) + 1)
        elif by < 0:
            self._go(next(index for index, each in enumerate(self.questions) if not each.is_heading))

    def _go(self, index: int) -> None:
        key = self.questions[index].key
        self.leave_field()  # by which other questions may be asked
        self._at = next((at for at, each in enumerate(self.questions) if each.key == key), self._at)
        question = self.current
        self.editor.max_length = question.longest
        self.editor.value = self.values.get(question.key, "")
        self.editor.cursor_position = len(self.editor.value)
        if self.is_mounted:
            self._place_editor()
            self.refresh()
            self._arrived(question)

    # Drawing

    @property
    def _label_width(self) -> int:
        return min(WIDEST_LABEL, max(self.size.width * 2 // 5, 1))

    def _lay_out(self) -> None:
        """List the rows there are; sentences are broken to the room beside the labels."""
        room = max(self.size.width - self._label_width - 3, 1)
        self._shown = []
        for index, question in enumerate(self.questions):
            self._shown.append(_Shown(index))
            said = self.sentences.get(question.key)
            if said and said[0]:
                parts = wrapped(((said[0], ""),), room)
                self._shown += [_Shown(index, "".join(text for text, _ in part)) for part in parts]

    def _place_editor(self) -> None:
        """Bring the question into view with what is said of it, and the editor over its answer."""
        rows = [number for number, each in enumerate(self._shown) if each.question == self._at]
        if not rows or not self.size:
            return
        height = max(self.size.height, 1)
        first = rows[0] - (1 if rows[0] and self.questions[self._shown[rows[0] - 1].question].is_heading else 0)
        if first < self._top:
            self._top = first
        elif rows[-1] >= self._top + height:
            self._top = min(rows[-1] - height + 1, first)
        self._top = max(min(self._top, len(self._shown) - height), 0)
        left = self._label_width + 2
        self.editor.styles.offset = (self.gutter.left + left, self.gutter.top + rows[0] - self._top)
        self.editor.styles.width = max(self.size.width - left, 1)
        self.editor.placeholder = fit(self._asked(self.current), self.size.width - left - 2).rstrip()

    @staticmethod
    def _asked(question: Question) -> str:
        return question.example or " / ".join(question.choices)

    def line(self, y: int) -> Line:
        """Return a heading, a question with its answer, or a part of what is said of it."""
        number = y + self._top
        if not 0 <= number < len(self._shown):
            return ()
        shown = self._shown[number]
        question = self.questions[shown.question]
        if shown.words:
            tone = self.sentences[question.key][1]
            return ((" " * (self._label_width + 3), ""), (shown.words, tone))
        if question.is_heading:
            return ((f"── {question.label} {'─' * self.size.width}"[: self.size.width], "muted"),)
        is_here = shown.question == self._at
        label = fit(f"{MARK if is_here else ' '} {question.label}", self._label_width)
        value = self.values.get(question.key, "")
        answer = (value, "") if value else (self._asked(question) and "·", "muted")
        return ((f"{label}   ", "heading" if is_here else "muted" if not value else ""), answer)

    @property
    def text(self) -> str:
        """Everything that is drawn, in view or not, as plain lines."""
        top, self._top = self._top, 0
        lines = ["".join(text for text, _ in self.line(y)).rstrip() for y in range(len(self._shown))]
        self._top = top
        return "\n".join(lines)

    # Events

    @on(Field.Changed, "#entry")
    def keep_typed(self, event: Field.Changed) -> None:
        """Take back what was said of a field whose answer is being changed."""
        event.stop()
        said = self.sentences.get(self.current.key)
        if said and event.value.strip() != self.values.get(self.current.key, ""):
            self.tell({key: each for key, each in self.sentences.items() if key != self.current.key})

    def on_resize(self, event: Resize) -> None:
        """Break sentences anew and keep the question in view."""
        self._lay_out()
        self._place_editor()
        self.refresh()

    def on_click(self, event: Click) -> None:
        """Go to the question that was pointed at."""
        number = event.y + self._top
        if 0 <= number < len(self._shown):
            index = self._shown[number].question
            if not self.questions[index].is_heading:
                self._go(index)

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """Go on."""
        self.action_move(1)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """Go back."""
        self.action_move(-1)
