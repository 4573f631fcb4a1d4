"""Outbox: what is not in the state's record yet, why, and what a person decides about it."""

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.widget import Widget

from pcc_desk.desk.amending import AlreadyVoided, void, what_stands
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.outbox_acts import NoReason, enter_by_hand, give_up, look_up_now, outbox, try_now
from pcc_desk.desk.pulse import take_pulse
from pcc_desk.desk.records import OutboxRow
from pcc_desk.desk.rights import Right
from pcc_desk.domain.amendments import first_in_line
from pcc_desk.domain.dispensing import PostingState
from pcc_desk.screens.chart.correct import Correct
from pcc_desk.screens.dialogs import Confirm
from pcc_desk.screens.door.re_enter import NOT_PROVED, proved_act
from pcc_desk.screens.frame import GoTo, Place
from pcc_desk.screens.outages.outbox_rows import POSTS, post_lines, post_row
from pcc_desk.screens.outages.outbox_words import KINDS, Decided, decided_words
from pcc_desk.screens.words import local_time
from pcc_desk.widgets.field import Field
from pcc_desk.widgets.listing import Listing
from pcc_desk.widgets.sheet import Sheet


class Typing(Enum):
    """What is being typed; the value is how to type it."""

    NUMBER = "the number that the state's page shows for it, then enter"
    WHY_GIVEN_UP = "why nothing of it is sent any more, then enter"
    WHY_VOID = "why it is struck, then enter"


class PostList(Listing):
    """Enter opens the chart."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Chart", tooltip="Open the patient's chart"),
    ]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the chart only where there is a post."""
        return action != "choose" or bool(self.cursor_key)


RIGHTS = {
    Typing.NUMBER: Right.DECIDE_POSTS,
    Typing.WHY_GIVEN_UP: Right.GIVE_UP_POSTS,
    Typing.WHY_VOID: Right.VOID,
}
"""The right to what one types for."""


class Outbox(Place):
    """Every post that is not settled, oldest first."""

    PLACE = "Outbox"
    CSS_PATH = "outbox.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "try", "Try now", id="outbox.try", tooltip="Send it now, or again when it is not there"),
        Binding("l", "look", "Look up", id="outbox.look", tooltip="Ask now whether the state has it"),
        Binding("e", "type('NUMBER')", "Number", id="outbox.number", tooltip="Type the state's number for it"),
        Binding("v", "type('WHY_VOID')", "Void", id="outbox.void", tooltip="Strike the dispensation, with a reason"),
        Binding("c", "correct", "Correct", id="outbox.correct", tooltip="Type what was really handed over"),
        Binding(
            "g", "type('WHY_GIVEN_UP')", "Give up", id="outbox.give_up", tooltip="Send nothing more of it", show=False
        ),
        Binding("f5", "read_again", "Again", id="outbox.again", tooltip="Read the outbox again", show=False),
        Binding("escape", "back", "Back", id="outbox.back", tooltip="Leave what is typed, or back to the queue"),
    ]
    NEEDS: ClassVar[Mapping[str, Right]] = {
        "try": Right.DECIDE_POSTS,
        "look": Right.DECIDE_POSTS,
        "type('NUMBER')": Right.DECIDE_POSTS,
        "type('WHY_VOID')": Right.VOID,
        "type('WHY_GIVEN_UP')": Right.GIVE_UP_POSTS,
        "correct": Right.CORRECT,
    }

    rows: reactive[tuple[OutboxRow, ...]] = reactive((), init=False, always_update=True)
    typing: reactive[Typing | None] = reactive(None, init=False)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.about: OutboxRow | None = None
        """What is typed is about this."""

    def body(self) -> Iterable[Widget]:
        """Return the sum, the list, what is known of the row under the cursor, the field, and the line that answers."""
        yield Sheet(id="head")
        yield PostList(POSTS, id="posts", empty="Everything is in the state's record.")
        yield Sheet(id="details", wraps=True)
        yield Field(id="entry", takes=self.entered)
        yield Sheet(id="said", wraps=True)

    async def on_mount(self) -> None:
        """Read what waits."""
        self.watch_typing(None)
        self.count_again()

    def read_again(self) -> None:
        """Read again what waits."""
        self.count_again()

    @work(exclusive=True, group="count")
    async def count_again(self) -> None:
        """Read what waits, here and for the status line."""
        self.desk.pulse = await self.desk.store.read(take_pulse, self.desk.today)
        self.rows = await self.desk.store.read(outbox, act=self.desk.act())
        self.show_status()

    def watch_rows(self, rows: tuple[OutboxRow, ...]) -> None:
        """Draw the sum and the list."""
        parked = sum(row.posting.state is PostingState.PARKED for row in rows)
        yours = f"{parked} for you to decide" if parked else "nothing for you to decide"
        words = f"{len(rows)} not in {self.desk.state.name}'s record yet, {yours}." if rows else ""
        self.query_one("#head", Sheet).show((((words, "warning" if parked else "heading"),),))
        listed = (post_row(self.desk, row, is_first=self.is_first(row), is_out=self.is_out) for row in rows)
        self.query_one(Listing).show(tuple(listed))
        self.refresh_bindings()
        self.show_details()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what is done with a post only where there is one."""
        if action in {"try", "look", "type", "correct"} and not self.rows:
            return False
        return super().check_action(action, parameters)

    def is_first(self, row: OutboxRow) -> bool:
        """Whether nothing earlier of the patient waits."""
        first = first_in_line(each.posting for each in self.rows)
        return any(each.id == row.posting.id for each in first)

    @property
    def is_out(self) -> bool:
        """Whether nothing is sent now, because the state system does not answer."""
        return self.desk.links.of(self.desk.state.name).state.is_trouble

    @property
    def current(self) -> OutboxRow | None:
        """The row under the cursor."""
        key = self.query_one(Listing).cursor_key
        return next((row for row in self.rows if str(row.posting.id) == key), None)

    @on(Listing.Highlighted, "#posts")
    def show_details(self) -> None:
        """Say what is known of the row under the cursor: the state's own words, and ours."""
        row = self.current
        if row is None:
            self.query_one("#details", Sheet).show(())
            return
        self.query_one("#details", Sheet).show(post_lines(self.desk, row, is_first=self.is_first(row)))

    def say(self, words: str, tone: str) -> None:
        """Answer in the last line."""
        self.query_one("#said", Sheet).show((((words, tone),),))

    def watch_typing(self, typing: Typing | None) -> None:
        """Put the cursor into the field and say there what to type, or back into the list."""
        field = self.query_one(Field)
        field.value = ""
        field.disabled = typing is None
        field.placeholder = typing.value if typing else ""
        self.set_focus(self.query_one(Listing) if typing is None else field)

    def action_type(self, what: str) -> None:
        """Ask for a number or a reason."""
        self.about = self.current
        if self.about is not None:
            self.say("", "")
            self.typing = Typing[what]

    def entered(self, typed: str) -> None:
        """Take what was typed. Pressed again meanwhile, the key does nothing."""
        if self.about is not None and self.typing is not None and not self.is_at("decide"):
            self.decide(self.about, self.typing, typed)

    @work(group="decide")
    async def decide(self, row: OutboxRow, typing: Typing, typed: str) -> None:
        """Do what was decided; what cannot be undone needs a yes."""
        posting, system = row.posting, self.desk.state.name
        if not typed.strip() and typing is not Typing.NUMBER:
            self.answer(NoReason(), "")
            return
        if not await self.is_meant(row, typing):
            return
        act = await proved_act(self.app, self.desk, RIGHTS[typing])
        if act is None:
            self.say(NOT_PROVED, "warning")
            return
        saved = f"Saved {local_time(act.at, self.desk.shop)}:"
        outcome: Decided
        match typing:
            case Typing.NUMBER:
                outcome = await self.desk.store.write(enter_by_hand, posting.id, typed, act=act)
                done = f"{saved} {system}'s number {' '.join(typed.split())}, typed by {self.desk.person.name}."
            case Typing.WHY_GIVEN_UP:
                outcome = await self.desk.store.write(give_up, posting.id, typed, act=act)
                done = f"{saved} given up."
            case Typing.WHY_VOID:
                outcome = await void(self.desk, posting.dispensation_id, typed, act)
                done = f"{saved} voided. {system} is told, unless it never heard of it."
        self.answer(outcome, done)
        if decided_words(outcome, done)[1] != "danger":
            self.typing = None

    async def is_meant(self, row: OutboxRow, typing: Typing) -> bool:
        """Ask before something is struck or given up."""
        who = row.patient.name if row.patient else "nobody known"
        system = self.desk.state.name
        match typing:
            case Typing.NUMBER:
                return True
            case Typing.WHY_GIVEN_UP:
                question = f"Give up the {KINDS[row.posting.kind]} for {who}?"
                consequence = f"Nothing of it is sent to {system} any more. Say yes only if it need not be there."
            case Typing.WHY_VOID:
                question = f"Void what was dispensed to {who}?"
                consequence = (
                    f"It is struck here and in {system}'s record. Whether it gives allotment back is the law's."
                )
        is_yes: bool = await self.app.push_screen_wait(Confirm(question, consequence))
        return is_yes

    @work(exclusive=True, group="decide")
    async def action_try(self) -> None:
        """Try now. What may be there is sent again only when somebody looked."""
        row = self.current
        if row is None:
            return
        posting, system = row.posting, self.desk.state.name
        is_not_there = False
        if posting.state is PostingState.PARKED and posting.may_have_arrived:
            question = f"Did you look on {system}'s page, and {posting.external_number} is not there?"
            if not await self.app.push_screen_wait(
                Confirm(question, "It is sent again. If it is there, it counts twice.")
            ):
                return
            is_not_there = True
        act = self.desk.act()
        outcome = await self.desk.store.write(try_now, posting.id, act=act, is_not_there=is_not_there)
        self.answer(outcome, self.soon("It is tried"))

    @work(exclusive=True, group="decide")
    async def action_look(self) -> None:
        """Look up now."""
        row = self.current
        if row is not None:
            outcome = await self.desk.store.write(look_up_now, row.posting.id, act=self.desk.act())
            self.answer(outcome, self.soon("It is looked up"))

    def action_correct(self) -> None:
        """Open what was dispensed, to be corrected. Pressed again meanwhile, the key does nothing."""
        row = self.current
        if row is not None and not self.is_at("decide"):
            self.correct(row)

    @work(group="decide")
    async def correct(self, row: OutboxRow) -> None:
        """Let a person type what was really handed over, and say what became of it."""
        stands = await self.desk.store.read(what_stands, row.posting.dispensation_id, act=self.desk.act())
        if isinstance(stands, AlreadyVoided):
            self.answer(stands, "")
            return
        who = row.patient.name if row.patient else "somebody who is not on record"
        self.say(await self.app.push_screen_wait(Correct(self.desk, stands, who)) or "", "good")

    def soon(self, what: str) -> str:
        """Return that something is done now, or once the state system answers again."""
        return f"{what} as soon as {self.desk.state.name} answers again." if self.is_out else f"{what} now."

    def answer(self, outcome: Decided, done: str) -> None:
        """Say what became of a decision, and let the post go on."""
        self.say(*decided_words(outcome, done))
        self.desk.bell.set()
        self.count_again()

    @on(Listing.Chosen, "#posts")
    def open_chart(self) -> None:
        """Open the chart of the patient under the cursor."""
        row = self.current
        if row is not None:
            self.post_message(GoTo("Chart", row.posting.patient_id))

    def action_read_again(self) -> None:
        """Read again what waits."""
        self.say("", "")
        self.count_again()

    def action_back(self) -> None:
        """Leave what is typed, then go back to the queue."""
        if self.typing is not None:
            self.typing = None
            self.say("", "")
        else:
            self.post_message(GoTo("Queue"))
