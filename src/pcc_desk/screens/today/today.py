"""Today: the check before the shop opens, in the order in which a morning goes."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import ClassVar, assert_never
from uuid import UUID

from textual import on, work
from textual.binding import Binding, BindingType
from textual.widget import Widget

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.ports_visits import MissedMorning, MorningCheck
from pcc_desk.desk.rights import Right
from pcc_desk.desk.today import (
    Explained,
    NotExplained,
    Opening,
    Rest,
    ask_outside,
    explain_mornings,
    note_check,
    read_rest,
    take_morning,
)
from pcc_desk.domain.visit_entries import Seen
from pcc_desk.domain.visits import QueueRow
from pcc_desk.screens.dialogs import Help
from pcc_desk.screens.frame import GoTo, Place
from pcc_desk.screens.queue.appointments import Appointments
from pcc_desk.screens.queue.ask_line import AskLine
from pcc_desk.screens.today.brief_sheet import BriefSheet
from pcc_desk.screens.today.day_rows import (
    COLUMNS,
    EXPLAINED,
    LAPSE,
    MISSED,
    REQUEST,
    day_rows,
    needs_words,
    said_words,
)
from pcc_desk.screens.today.lights import check_line, lights
from pcc_desk.screens.words import day_words, local_time
from pcc_desk.widgets.listing import Listing
from pcc_desk.widgets.sheet import Line, Sheet

ALL = "all:"
"""What begins a line that is said of every morning without a check."""

STOPPED = "Stopped. What was asked until then stands; f5 asks everything again."


class Today(Place):
    """How each system does, what yesterday left, who comes, and whose papers end soon."""

    PLACE = "Today"
    AUTO_FOCUS = "Listing"
    CSS_PATH = "today.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "refresh_all", "Ask all", id="today.ask", tooltip="Ask every system, and read everything again"),
        Binding("f2", "check", "Checked", id="today.check", tooltip="The check is done: put it on record in your name"),
        Binding("slash", "search", "Search", id="today.search", tooltip="Find a patient in the Queue", priority=True),
        Binding("b", "brief", "Brief", id="today.brief", tooltip="The day on one page, without anybody's name"),
        Binding("m", "explain", "Why missed", id="today.explain", tooltip="Note why a morning had no check"),
        Binding("c", "calendar", "Calendar", id="today.calendar", tooltip="Appointments: book, move, call off"),
        Binding("q", "queue", "Queue", id="today.queue", tooltip="Go to the queue"),
        Binding("escape", "stop", "Stop", id="today.stop", tooltip="Stop asking", show=False),
    ]
    NEEDS: ClassVar[Mapping[str, Right]] = {
        "search": Right.FIND_PATIENT,
        "queue": Right.SEE_QUEUE,
        "check": Right.CHECK_MORNING,
        "explain": Right.CHECK_MORNING,
    }

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.rows: tuple[QueueRow, ...] = ()
        self.rest = Rest()
        self.morning: MorningCheck | None = None
        self.missed: tuple[date, ...] = ()
        self.explained: tuple[MissedMorning, ...] = ()
        self.doing = ""
        """What is being asked or read, as a clause; empty while nothing is."""
        self.said = ""

    def body(self) -> Iterable[Widget]:
        """Return the lights, the day, and what to know of the row under the cursor."""
        yield Sheet(id="check")
        yield Listing(COLUMNS, id="day")
        yield Sheet(id="about")

    async def prepare(self) -> None:
        """Read what the first frame shows; what takes longer is read behind it."""
        self.take(await self.desk.store.read(take_morning, self.desk.today, act=self.desk.act()))
        self.is_fresh = True

    def take(self, opening: Opening) -> None:
        """Remember what was read."""
        self.rows, self.desk.pulse, self.morning = opening.rows, opening.pulse, opening.check
        self.missed, self.explained = opening.missed, opening.explained
        self.refresh_bindings()

    async def on_mount(self) -> None:
        """Show who comes, and read the rest behind the first frame. The frame itself draws the lights."""
        self.show_rows()
        self.call_after_refresh(self.read_behind)

    def show_status(self) -> None:
        """Draw the status line and the lights: their ages grow."""
        super().show_status()
        for sheet in self.query("#check").results(Sheet):
            head = check_line(self.desk, self.morning, self.doing)
            sheet.show((head, *(each.line for each in lights(self.desk, self.rest))))

    def show_rows(self) -> None:
        """Draw who comes and whose papers end."""
        desk = self.desk
        rows = day_rows(self.rows, self.rest, desk.shop, desk.today, missed=self.missed, explained=self.explained)
        self.query_one(Listing).show(rows)

    def show_day(self) -> None:
        """Draw all of it."""
        self.show_rows()
        self.show_status()

    def read_again(self) -> None:
        """Read again what is on record; outside nobody is asked."""
        self.read_behind()

    @work(exclusive=True, group="today")
    async def read_behind(self) -> None:
        """Read what is on record, piece by piece."""
        await self._read()

    @work(exclusive=True, group="today")
    async def action_refresh_all(self) -> None:
        """Ask every system, then read everything again, saying how far it is; escape stops it."""
        self.said = ""
        try:
            missing = await ask_outside(self.desk, self.tell)
            self.said = " ".join(missing) or f"Asked {local_time(self.desk.clock.now(), self.desk.shop)}."
            await self._read()
        finally:
            self.tell("")
        self.about(self.query_one(Listing).cursor_key)

    async def _read(self) -> None:
        try:
            self.take(await self.desk.store.read(take_morning, self.desk.today, act=self.desk.act()))
            self.rest = await read_rest(self.desk, self.rows, self.told, self.rest)
        finally:
            self.doing = ""
        self.show_day()

    def told(self, rest: Rest, doing: str) -> None:
        """Show what is known by now."""
        self.rest, self.doing = rest, f"reading {doing}" if doing else ""
        self.show_day()

    def tell(self, doing: str) -> None:
        """Say what is being asked."""
        self.doing = doing
        self.show_status()

    @on(Listing.Highlighted)
    def show_about(self, event: Listing.Highlighted) -> None:
        """Tell about the row under the cursor."""
        self.about(event.key)

    def about(self, key: str) -> None:
        """Draw the two lines below the list: what a visit needs in full, and what became of the last key."""
        row = next((each for each in self.rows if str(each.visit.id) == key), None)
        prepared = next((each for each in self.rest.prepared if str(each.visit.id) == key), None)
        first: Line = ()
        if row is not None and prepared is not None:
            first = ((f"{row.patient.name}: {needs_words(prepared, self.desk.today)}", ""),)
        self.query_one("#about", Sheet).show((first, ((self.said, "muted"),)))

    @on(Listing.Chosen)
    def open_chart(self, event: Listing.Chosen) -> None:
        """Open the chart of whoever the row is about; of a morning without a check, why it had none."""
        event.stop()
        row = next((each for each in self.rows if str(each.visit.id) == event.key), None)
        if row is not None:
            self.post_message(GoTo("Chart", row.patient.id))
        elif event.key.startswith(MISSED):
            self.action_explain()
        elif event.key.startswith(EXPLAINED):
            self.show_why(self.explained[int(event.key.rpartition("|")[2])])
        elif event.key.startswith((LAPSE, REQUEST)):
            self.post_message(GoTo("Chart", UUID(event.key.rpartition("|")[2])))

    def show_why(self, morning: MissedMorning) -> None:
        """Show in full why a morning had no check, and who said so when."""
        who = f"Said by {said_words(morning, self.desk.shop, self.desk.today)}."
        title = f"No check on {day_words(morning.day)}"
        self.app.push_screen(Help(title, (((morning.why, ""),), (), ((who, "muted"),))))

    @work(exclusive=True, group="check")
    async def action_check(self) -> None:
        """Put on record that the check is done, with what every light says now."""
        seen = tuple(Seen(each.what, each.words, each.is_good) for each in lights(self.desk, self.rest))
        act = self.desk.act()
        self.morning = await self.desk.store.write(note_check, self.desk.today, seen, act=act)
        self.said = f"Saved {local_time(act.at, self.desk.shop)}: the check of today is done."
        self.about(self.query_one(Listing).cursor_key)
        self.count_again()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to note why a morning had no check while there is one."""
        if action == "explain" and not self.missed:
            return False
        return super().check_action(action, parameters)

    @work(exclusive=True, group="explain")
    async def action_explain(self) -> None:
        """Note why nobody did the check: on the morning under the cursor, or else on the oldest; or on all of them."""
        kind, _, day = (self.query_one(Listing).cursor_key or "").partition("|")
        asked = date.fromisoformat(day) if kind == MISSED else self.missed[-1]
        every = f" Begin with “{ALL}” to say it of all {len(self.missed)} mornings." if len(self.missed) > 1 else ""
        how = f"In one line, such as: the power was out. It goes on record in your name.{every}"
        typed = await self.app.push_screen_wait(AskLine(f"Why was there no check on {day_words(asked)}?", how))
        if not typed.strip():
            return
        is_all = typed.casefold().lstrip().startswith(ALL)
        why = typed.lstrip()[len(ALL) :] if is_all else typed
        act, days = self.desk.act(), self.missed if is_all else (asked,)
        outcome = await self.desk.store.write(explain_mornings, days, why, self.desk.today, act=act)
        match outcome:
            case Explained(days=days):
                which = day_words(days[0]) if len(days) == 1 else f"{len(days)} mornings"
                self.said = f"Saved {local_time(act.at, self.desk.shop)}: why there was no check, {which}."
            case NotExplained(why=why_not):
                self.said = f"Not saved. {why_not}"
            case _:
                assert_never(outcome)
        self.take(await self.desk.store.read(take_morning, self.desk.today, act=self.desk.act()))
        self.show_day()
        self.about(self.query_one(Listing).cursor_key)

    def action_stop(self) -> None:
        """Stop asking; what was heard until then stands."""
        if self.doing:
            self.workers.cancel_group(self, "today")
            self.said = STOPPED
            self.about(self.query_one(Listing).cursor_key)

    def action_brief(self) -> None:
        """Show the brief as it will stand on paper."""
        self.app.push_screen(BriefSheet(self.desk, self.rows, self.rest, self.morning))

    @work(exclusive=True, group="calendar")
    async def action_calendar(self) -> None:
        """Show the appointments; what was booked there shows here afterwards."""
        await self.app.push_screen_wait(Appointments(self.desk, self.PLACE))

    def action_search(self) -> None:
        """Look for a patient: in the queue, where the search line is."""
        self.post_message(GoTo("Queue", doing="search"))

    def action_queue(self) -> None:
        """Go to the queue."""
        self.post_message(GoTo("Queue"))
