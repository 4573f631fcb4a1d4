"""Reconcile: a day of sales beside the state's record. Worst first; what was not compared is never called wrong."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import ClassVar
from uuid import UUID

from textual import on, work
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.widget import Widget

from pcc_desk.desk.amending import AlreadyVoided
from pcc_desk.desk.closing import DayOnRecord, day_on_record
from pcc_desk.desk.day_end import read_day
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.fixing import behind
from pcc_desk.desk.rights import Right
from pcc_desk.desk.staff import staff
from pcc_desk.domain.closing import DayFinding, Decision, Fate
from pcc_desk.screens.frame import Place
from pcc_desk.screens.reconciling.day_words import cause_words, finding_row, of_one_cause, order, sum_lines
from pcc_desk.screens.reconciling.decide import Decide
from pcc_desk.screens.reconciling.finding_words import fate_words, history_words, side_by_side
from pcc_desk.screens.reconciling.mapping import say_what_columns_mean
from pcc_desk.screens.reconciling.mend import mend
from pcc_desk.screens.reconciling.packages import Packages
from pcc_desk.screens.reconciling.past_days import PastDays
from pcc_desk.screens.reconciling.sign_day import SignDay
from pcc_desk.screens.words import day_words
from pcc_desk.widgets.listing import Column, Listing
from pcc_desk.widgets.sheet import Line, Sheet

FINDINGS = (
    Column("Class", 20),
    Column("Sale", 9),
    Column("Receipt", 10),
    Column("What", 24, grow=True),
    Column("Stands", 22),
)


class Reconcile(Place):
    """One day: matched, different, not compared; what becomes of each difference; and the two signatures."""

    PLACE = "Reconcile"
    CSS_PATH = "reconcile.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5,v", "compare", "Verify", id="reconcile.compare", tooltip="Read both sides of the day and compare"),
        Binding("f2", "sign", "Sign day", id="reconcile.sign", tooltip="Go through the list and sign for the day"),
        Binding("p", "mend", "Fix here", id="reconcile.mend", tooltip="Post, correct or void it, where this desk can"),
        Binding("x", "decide('FIXED')", "Fixed", id="reconcile.fixed", tooltip="You put it right elsewhere: say how"),
        Binding("e", "decide('EXPLAINED')", "Explain", id="reconcile.explain", tooltip="It stays, lawfully: say why"),
        Binding("a", "decide('ASSIGNED')", "Assign", id="reconcile.assign", tooltip="Somebody has it in hand: who"),
        Binding("n", "next", "Next", id="reconcile.next", tooltip="To the next difference that is open"),
        Binding("o", "decide('OPEN')", "Open", id="reconcile.open", tooltip="Take a decision back", show=False),
        Binding(
            "m", "columns", "Columns", id="reconcile.columns", tooltip="What the report's columns mean", show=False
        ),
        Binding("h", "past", "Days", id="reconcile.past", tooltip="Days of late", show=False),
        Binding("i", "packages", "Packages", id="reconcile.packages", tooltip="Packages, till and state", show=False),
        Binding("left", "day(-1)", "Day before", id="reconcile.before", tooltip="The day before", show=False),
        Binding("right", "day(1)", "Day after", id="reconcile.after", tooltip="The day after", show=False),
        Binding("t", "today", "Today", id="reconcile.today", tooltip="Back to today", show=False),
    ]
    NEEDS: ClassVar[Mapping[str, Right]] = {
        "compare": Right.RECONCILE,
        "mend": Right.RECONCILE,
        "decide": Right.RECONCILE,
        "past": Right.RECONCILE,
        "packages": Right.RECONCILE,
        "columns": Right.RECONCILE,
    }

    day: reactive[date] = reactive(date.min, init=False)
    known: reactive[DayOnRecord | None] = reactive(None, init=False, always_update=True)
    progress: reactive[str] = reactive("", init=False)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.set_reactive(Reconcile.day, desk.today)
        self.names: dict[UUID, str] = {}

    def body(self) -> Iterable[Widget]:
        """Return the day's sum, the differences, both sides of the one under the cursor, and the line that answers."""
        yield Sheet(id="sum")
        yield Listing(FINDINGS, id="findings", opens=False)
        yield Sheet(id="sides", wraps=True)
        yield Sheet(id="said", wraps=True)

    async def on_mount(self) -> None:
        """Show the day as last compared."""
        self.set_focus(self.query_one(Listing))
        self.read_day()

    def on_resize(self) -> None:
        """Give the list more room on a low screen, and break the lines on top anew."""
        self.set_class(self.size.height < 28, "is-low")
        self.show_sum()

    def read_again(self) -> None:
        """Read what is known of the day."""
        self.read_day()

    @work(exclusive=True, group="read")
    async def read_day(self) -> None:
        """Read what is known of the day, without asking anybody outside."""
        people = await self.desk.store.read(staff)
        self.names = {each.id: each.name for each in people}
        self.known = await self.desk.store.read(day_on_record, self.day, act=self.desk.act())

    @work(exclusive=True, group="day")
    async def action_compare(self) -> None:
        """Read both sides and compare. The day may be left meanwhile: another one is shown then, and stays so."""
        day = self.day
        self.progress = f"Reading both sides of {day_words(day)} …"
        try:
            known = await read_day(self.desk, day)
        finally:
            self.progress = ""
        if day == self.day:
            self.known = known
        self.count_again()

    def watch_day(self) -> None:
        """Show another day."""
        self.say("", "")
        self.read_day()

    def watch_progress(self) -> None:
        """Draw that something is being read."""
        self.show_sum()

    def watch_known(self, known: DayOnRecord | None) -> None:
        """Draw the day."""
        self.show_sum()
        rows = tuple(
            finding_row(each, fate_words(each, self.names, self.desk.shop, self.desk.today)) for each in self.in_order
        )
        self.query_one(Listing).show(rows)
        if known is None or not known.findings:
            self.query_one("#sides", Sheet).show(())
        else:
            self.show_sides()

    @property
    def in_order(self) -> tuple[DayFinding, ...]:
        """The differences as they are listed: those that are open first, the worst before the others."""
        return tuple(sorted(self.known.findings, key=order)) if self.known else ()

    @property
    def current(self) -> DayFinding | None:
        """The difference under the cursor."""
        key = self.query_one(Listing).cursor_key
        return next((each for each in self.in_order if each.key == key), None)

    def show_sum(self) -> None:
        """Draw the lines on top: the day and how it stands, then matched, different, not compared."""
        lines = sum_lines(self.known, self.day, self.desk.shop, self.progress, self.size.width - 2)
        self.query_one("#sum", Sheet).show(lines)

    @on(Listing.Highlighted, "#findings")
    def show_sides(self) -> None:
        """Draw both sides of a difference, what is to be done, and what was decided."""
        found = self.current
        if found is None:
            return
        finding = found.latest.finding
        words, tone = fate_words(found, self.names, self.desk.shop, self.desk.today)
        told: list[Line] = [
            *side_by_side(finding, self.desk.state.name, self.size.width - 2),
            (
                (f"{finding.kind.words.capitalize()}. ", "warning"),
                (f"{words[:1].upper()}{words[1:]}", tone),
                (cause_words(found, self.in_order), ""),
            ),
            (("Why: ", "heading"), (finding.why, "")),
            (("Fix: ", "heading"), (f"{finding.fix} ", ""), (finding.never, "muted")),
            *history_words(found, self.names, self.desk.shop),
        ]
        self.query_one("#sides", Sheet).show(tuple(told))

    def say(self, words: str, tone: str) -> None:
        """Answer in the last line."""
        self.query_one("#said", Sheet).show((((words, tone),),))

    def action_next(self) -> None:
        """Go to the next difference that is open, from the cursor on and round."""
        rows = self.in_order
        here = next((at for at, each in enumerate(rows) if each is self.current), -1)
        turn = [*rows[here + 1 :], *rows[: here + 1]]
        following = next((each for each in turn if not each.fate.lets_close), None)
        if following is None:
            self.say("No difference of this day is open.", "good")
        else:
            self.query_one(Listing).move_to(following.key)

    @work(exclusive=True, group="task")
    async def action_decide(self, name: str) -> None:
        """Say what becomes of the difference under the cursor."""
        found = self.current
        if found is None or found.fate is Fate.VERIFIED:
            self.say("There is nothing to decide about.", "warning")
            return
        alike = tuple(each for each in of_one_cause(found, self.in_order) if not each.fate.lets_close)
        said = await self.app.push_screen_wait(Decide(self.desk, self.day, found, Decision[name], alike))
        self.say(said, "good" if said.startswith("Saved") else "warning")
        self.read_day()

    @work(exclusive=True, group="task")
    async def action_mend(self) -> None:
        """Put it right here, where this desk can: post, correct or void what it dispensed itself."""
        found = self.current
        if found is None or found.fate is Fate.VERIFIED:
            self.say("There is nothing to put right.", "warning")
            return
        finding = found.latest.finding
        mine = await self.desk.store.read(behind, finding, act=self.desk.act())
        if mine is None or isinstance(mine, AlreadyVoided):
            why = "It is struck here already" if mine is not None else "This desk did not dispense it"
            self.say(f"{why}. Do what stands behind “Fix:” above; then x says that you did.", "warning")
            return
        self.say(*await mend(self, finding, mine))
        self.count_again()

    @work(exclusive=True, group="task")
    async def action_sign(self) -> None:
        """Go through the list before closing, and sign."""
        said = await self.app.push_screen_wait(SignDay(self.desk, self.day))
        self.say(said, "good")
        self.read_day()

    @work(exclusive=True, group="task")
    async def action_columns(self) -> None:
        """Say what the columns of the day's report mean."""
        said = await say_what_columns_mean(self.app, self.desk, self.day)
        self.say(said, "good" if said.startswith("Saved") else "warning")

    @work(exclusive=True, group="task")
    async def action_past(self) -> None:
        """Look at days of late, and go to one."""
        day = await self.app.push_screen_wait(PastDays(self.desk))
        if day is not None:
            self.day = day

    @work(exclusive=True, group="task")
    async def action_packages(self) -> None:
        """Look at the packages of both sides."""
        await self.app.push_screen_wait(Packages(self.desk))

    def action_day(self, by: int) -> None:
        """Go to another day, not beyond today."""
        self.day = min(self.day + timedelta(days=by), self.desk.today)

    def action_today(self) -> None:
        """Go to today."""
        self.day = self.desk.today
