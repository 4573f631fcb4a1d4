"""Outage: since when and why, what the law lets the shop do, what was sold meanwhile and what is owed for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar, assert_never
from uuid import UUID

from textual import work
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.widget import Widget

from pcc_desk.desk.announced_exceptions import Withdrawn, announce_exception, withdraw_exception
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.drafts import Typed
from pcc_desk.desk.judging_again import StillOut, review_outage
from pcc_desk.desk.outages import NoOutage, Noted, NothingTyped, OutageLook, OutageView, note_outage, read_outage
from pcc_desk.desk.rights import Right
from pcc_desk.domain.outages import NoteKind
from pcc_desk.domain.rules import OutagePolicy
from pcc_desk.domain.typed_exceptions import FORM, typed_exception
from pcc_desk.domain.what_if import NotUnderstood
from pcc_desk.screens.door.re_enter import NOT_PROVED, proved_act
from pcc_desk.screens.outages.outage_sheet import OutageSheet
from pcc_desk.screens.outages.outage_words import NOTE_WORDS, announced_words, outage_lines
from pcc_desk.screens.task import Task
from pcc_desk.screens.words import local_time
from pcc_desk.widgets.field import Field
from pcc_desk.widgets.sheet import Sheet

NO_WHY = "Not saved: type why."


@dataclass(frozen=True, slots=True)
class Typing:
    """What is being typed: a note of a kind, an exception, or why one is withdrawn."""

    what: str
    example: str
    kind: NoteKind | None = None


NOTES = {
    "notice": Typing(NOTE_WORDS[NoteKind.NOTICE], "its number and what it says, then enter", NoteKind.NOTICE),
    "report": Typing(NOTE_WORDS[NoteKind.OWN_REPORT], "to whom, when, its number, then enter", NoteKind.OWN_REPORT),
    "done": Typing(NOTE_WORDS[NoteKind.DONE], "what was done, then enter", NoteKind.DONE),
}
EXCEPTION = Typing("exception", FORM)
WITHDRAWAL = Typing("withdrawal", "why the exception is no longer to be gone by, then enter")


class OutageScreen(Task):
    """One look at the outage that lasts, or the last one. Closes with nothing to say: what is saved stands here."""

    PLACE = ""
    FORM = "outage"
    ON_LEAVING = "What is typed is dropped; what was saved stays."
    CSS_PATH = "outage.tcss"
    CALLED = "Outage"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "note('notice')", "Notice", id="outage.notice", tooltip="Note the agency's notice"),
        Binding("o", "note('report')", "Own report", id="outage.report", tooltip="Note the shop's own report"),
        Binding("d", "note('done')", "Done", id="outage.done", tooltip="Note what was done"),
        Binding("x", "exception", "Exception", id="outage.exception", tooltip="Manager: enter an announced exception"),
        Binding("s", "sheet", "Sheet", id="outage.sheet", tooltip="Everything sold under it, by time, to be entered"),
        Binding(
            "v", "review", "Judge again", id="outage.review", tooltip="Judge its sales by what the registry says now"
        ),
        Binding(
            "w", "withdraw", "Withdraw", id="outage.withdraw", tooltip="Manager: take the exception back", show=False
        ),
        Binding("f5", "read_again", "Again", id="outage.again", tooltip="Read again", show=False),
        Binding("escape", "leave", "Back", id="outage.leave", tooltip="Leave what is typed, or back to where you were"),
    ]
    NEEDS: ClassVar[Mapping[str, Right]] = {
        "note": Right.NOTE_OUTAGES,
        "exception": Right.ANNOUNCE_EXCEPTIONS,
        "withdraw": Right.ANNOUNCE_EXCEPTIONS,
        "review": Right.JUDGE_OUTAGES,
    }

    view: reactive[OutageView | None] = reactive(None, init=False, always_update=True)
    typing: reactive[Typing | None] = reactive(None, init=False)
    """What is being typed; None while nothing is."""

    def __init__(self, desk: Desk, place: str) -> None:
        super().__init__(desk)
        self.came_from = place

    @property
    def place(self) -> str:
        """The place below it."""
        return self.came_from

    def body(self) -> Iterable[Widget]:
        """Return the text, which scrolls, the field, and the line that answers."""
        yield Sheet(id="told", can_focus=True, wraps=True)
        yield Field(id="entry", takes=self.entered, max_length=500)
        yield Sheet(id="said", wraps=True)

    async def on_mount(self) -> None:
        """Show what is on record."""
        self.watch_typing(None)
        self.view = await read_outage(self.desk)
        await self.take_up_draft()

    def changed(self) -> None:
        """Read again, because an outage began or ended, or something reached the state's record."""
        super().changed()
        self.action_read_again()

    def watch_view(self) -> None:
        """Draw the text."""
        if self.view is not None:
            self.query_one("#told", Sheet).show(tuple(outage_lines(self.view, self.desk)))

    def watch_typing(self, typing: Typing | None) -> None:
        """Put the cursor into the field and say there what to type, or back to the text."""
        field = self.query_one(Field)
        field.value = ""
        field.disabled = typing is None
        field.placeholder = f"{typing.what}: {typing.example}" if typing else ""
        self.set_focus(self.query_one("#told", Sheet) if typing is None else field)

    def say(self, words: str, tone: str) -> None:
        """Answer in the last line."""
        self.query_one("#said", Sheet).show((((words, tone),),))

    @property
    def look(self) -> OutageLook | None:
        """The outage that is shown."""
        return self.view.look if self.view else None

    def unsaved(self) -> str:
        """Return what is typed and not saved."""
        typing, typed = self.typing, self.query_one(Field).value.strip()
        return f"What is typed as {typing.what} is not saved" if typing and typed else ""

    @property
    def about(self) -> UUID:
        """Nothing by itself: what is typed says which outage it is about."""
        return UUID(int=0)

    def typed_so_far(self) -> Typed:
        """Return what is typed, and as what."""
        typed = self.query_one(Field).value
        return {"as": self.typing.what, "typed": typed} if self.typing is not None and typed.strip() else {}

    def ground(self, typed: Typed) -> str:
        """Return the outage that a note is about, or the exceptions there are."""
        if any(each.what == typed["as"] for each in NOTES.values()):
            return str(self.look.glance.outage.id) if self.look is not None else ""
        exceptions = self.view.exceptions if self.view is not None and typed["as"] == WITHDRAWAL.what else ()
        return " ".join(str(each.id) for each in exceptions)

    def take_up(self, typed: Typed) -> str:
        """Put back what was typed."""
        self.begin(next(each for each in (*NOTES.values(), EXCEPTION, WITHDRAWAL) if each.what == typed["as"]))
        self.query_one(Field).value = typed["typed"]
        return ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Take letters for keys only while nothing is typed; show what there is to do something about."""
        if self.typing is not None or not super().check_action(action, parameters):
            return action in {"leave", "read_again"}
        if action in {"note", "sheet", "review"}:
            return self.look is not None
        if action == "exception":
            return self.desk.rules.outage.policy is OutagePolicy.AGENCY_EXCEPTION_ONLY
        return action != "withdraw" or bool(self.view and self.view.exceptions)

    def action_note(self, name: str) -> None:
        """Ask for a note."""
        self.begin(NOTES[name])

    def action_exception(self) -> None:
        """Ask for what was announced."""
        self.begin(EXCEPTION)

    def action_withdraw(self) -> None:
        """Ask why an exception is taken back."""
        self.begin(WITHDRAWAL)

    def begin(self, typing: Typing) -> None:
        """Begin typing."""
        self.say("", "")
        self.typing = typing
        self.refresh_bindings()

    def entered(self, typed: str) -> None:
        """Save what was typed. Pressed again meanwhile, the key does nothing."""
        if self.typing is not None and not self.is_at("save"):
            self.save(self.typing, typed)

    @work(group="save")
    async def save(self, typing: Typing, typed: str) -> None:
        """Save what was typed, or say why that cannot be; then it stays typed."""
        if typing.kind is not None:
            words, tone = await self.save_note(typing.kind, typed)
        elif typing is EXCEPTION:
            words, tone = await self.save_exception(typed)
        else:
            words, tone = await self.save_withdrawal(typed)
        if tone == "good":
            self.typing = None
            self.refresh_bindings()
        self.say(words, tone)
        self.view = await read_outage(self.desk)
        self.count_again()

    async def save_note(self, kind: NoteKind, typed: str) -> tuple[str, str]:
        """Save a note; return what became of it, and its tone."""
        if self.look is None:
            return "There is no outage on record.", "warning"
        act = self.desk.act()
        outcome = await self.desk.store.write(note_outage, self.look.glance.outage.id, kind, typed, act=act)
        match outcome:
            case Noted():
                return f"Saved {local_time(act.at, self.desk.shop)}: {NOTE_WORDS[kind]}.", "good"
            case NothingTyped():
                return "Not saved: nothing is typed.", "warning"
            case NoOutage():
                return "Not saved: there is no such outage.", "warning"
            case _:
                assert_never(outcome)

    async def save_exception(self, typed: str) -> tuple[str, str]:
        """Save an exception; return what became of it, and its tone."""
        desk = self.desk
        understood = typed_exception(typed, desk.rules, desk.shop, desk.clock.now())
        if isinstance(understood, NotUnderstood):
            return f"Not saved. {understood.why}", "warning"
        act = await proved_act(self.app, desk, Right.ANNOUNCE_EXCEPTIONS)
        if act is None:
            return NOT_PROVED, "warning"
        outcome = await desk.store.write(announce_exception, understood, rules=desk.rules, act=act)
        return announced_words(outcome, desk.shop)

    async def save_withdrawal(self, typed: str) -> tuple[str, str]:
        """Take back the exception in force, else the one entered last; return what became of it, and its tone."""
        if self.view is None or not self.view.exceptions:
            return "There is no exception to take back.", "warning"
        if not typed.strip():
            return NO_WHY, "warning"
        act = await proved_act(self.app, self.desk, Right.ANNOUNCE_EXCEPTIONS)
        if act is None:
            return NOT_PROVED, "warning"
        known = self.view.in_force or self.view.exceptions[-1]
        outcome = await self.desk.store.write(withdraw_exception, known.id, typed, act=act)
        match outcome:
            case Withdrawn():
                return f"Saved {local_time(act.at, self.desk.shop)}: exception {known.document} is withdrawn.", "good"
            case NothingTyped():
                return NO_WHY, "warning"
            case _:
                assert_never(outcome)

    def action_sheet(self) -> None:
        """Show everything that was sold under it."""
        if self.look is not None:
            self.app.push_screen(OutageSheet(self.desk, self.look))

    def action_review(self) -> None:
        """Judge the sales again. Pressed again meanwhile, the key does nothing."""
        if self.look is not None and not self.is_at("review"):
            self.review(self.look)

    @work(group="review")
    async def review(self, look: OutageLook) -> None:
        """Ask the registry for each patient once, and judge the sales again."""

        def progress(done: int, total: int) -> None:
            self.say(f"Asking the registry: {done} of {total} patients …", "muted")

        outcome = await review_outage(self.desk, look.glance.outage.id, progress)
        match outcome:
            case StillOut():
                self.say(
                    f"{self.desk.state.name} is out of reach still. Its sales are judged once it is back.", "warning"
                )
            case NoOutage():
                self.say("There is no such outage.", "warning")
            case _:
                report = sum(each.is_to_be_reported for each in outcome.sales)
                at = local_time(outcome.at, self.desk.shop)
                sales = "1 sale" if len(outcome.sales) == 1 else f"{len(outcome.sales)} sales"
                self.say(f"Saved {at}: {sales} judged again, {report} to report.", "good")
        self.view = await read_outage(self.desk)
        self.count_again()

    @work(exclusive=True, group="read")
    async def action_read_again(self) -> None:
        """Read what is on record."""
        self.view = await read_outage(self.desk)

    def action_leave(self) -> None:
        """Leave what is typed, then the screen."""
        if self.is_at("save"):
            return
        if self.typing is not None:
            self.typing = None
            self.say("", "")
            self.refresh_bindings()
        else:
            self.dismiss("")
