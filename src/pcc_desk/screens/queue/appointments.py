"""Appointments: a day or a week of them, booked, moved and called off by keyboard."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import ClassVar
from uuid import UUID

from textual import on, work
from textual.binding import Binding, BindingType
from textual.widget import Widget

from pcc_desk.desk.appointments import (
    Booked,
    InTheWay,
    NotBooked,
    When,
    appointments_of,
    book,
    cancel_appointment,
    move_appointment,
)
from pcc_desk.desk.calendars import Imported, import_calendar, import_guests
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.rights import Right
from pcc_desk.domain.answers import Unanswered
from pcc_desk.domain.calendars import NoCalendar
from pcc_desk.domain.typed_appointments import HOW, NotUnderstood, TypedAppointment
from pcc_desk.domain.visits import QueueRow, Reason, VisitState
from pcc_desk.screens.dialogs import Confirm, Help
from pcc_desk.screens.frame import Framed
from pcc_desk.screens.queue.appointment_rows import COLUMNS, FREE, calendar_rows
from pcc_desk.screens.queue.ask_line import AskLine
from pcc_desk.screens.queue.pick_patient import PickPatient
from pcc_desk.screens.queue.wanted_time import Wanted, way_words
from pcc_desk.screens.words import day_words, local_time
from pcc_desk.widgets.listing import Listing
from pcc_desk.widgets.sheet import Line, Sheet

WEEK = 7


class Appointments(Framed):
    """Closes with nothing; what was booked stands in the queue of its day."""

    PLACE = "Queue"
    AUTO_FOCUS = "Listing"
    CSS_PATH = "appointments.tcss"
    CALLED = "Appointments"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "go(-1)", "Before", id="appointments.before", tooltip="The day, or the week, before"),
        Binding("right", "go(1)", "After", id="appointments.after", tooltip="The day, or the week, after"),
        Binding("w", "widen", "Week", id="appointments.week", tooltip="A week at once, or one day with what is free"),
        Binding("n", "book", "Book", id="appointments.book", tooltip="Book at the time under the cursor"),
        Binding("m", "move", "Move", id="appointments.move", tooltip="Put this appointment to another time"),
        Binding("x", "cancel", "Call off", id="appointments.cancel", tooltip="Call this appointment off"),
        Binding("i", "import_file", "Import", id="appointments.import", tooltip="Take appointments from an .ics file"),
        Binding(
            "g", "guests", "Guests", id="appointments.guests", tooltip="Take the point of sale's queue", show=False
        ),
        Binding("t", "today", "Today", id="appointments.today", tooltip="Back to today", show=False),
        Binding("f5", "read_again", "Again", id="appointments.again", tooltip="Read them again", show=False),
        Binding("escape", "close", "Back", id="appointments.close", tooltip="Back to where you were"),
    ]
    NEEDS: ClassVar[Mapping[str, Right]] = dict.fromkeys(
        ("book", "move", "cancel", "import_file", "guests"), Right.BOOK
    )

    def __init__(self, desk: Desk, place: str = "Queue") -> None:
        """Take the desk, and the place from which it was opened."""
        super().__init__(desk)
        self.came_from = place
        self.day = desk.today
        self.is_week = False
        self.rows: tuple[QueueRow, ...] = ()
        self.said = ""

    def body(self) -> Iterable[Widget]:
        """Return the list, and what to know of the row under the cursor."""
        yield Listing(COLUMNS, id="calendar")
        yield Sheet(id="about", wraps=True)

    async def on_mount(self) -> None:
        """Read the day."""
        self.read()

    @property
    def place(self) -> str:
        """The place that is marked in the line on top."""
        return self.came_from

    @property
    def days(self) -> tuple[date, ...]:
        """The days that are shown: one, or the week from Monday on in which it lies."""
        if not self.is_week:
            return (self.day,)
        monday = self.day - timedelta(days=self.day.weekday())
        return tuple(monday + timedelta(days=each) for each in range(WEEK))

    def changed(self) -> None:
        """Read again what may have changed meanwhile."""
        super().changed()
        self.read()

    @work(exclusive=True, group="appointments")
    async def read(self, onto: str = "") -> None:
        """Read the days that are shown, and put the cursor where it was or on `onto`."""
        days = self.days
        self.rows = await self.desk.store.read(appointments_of, days[0], days[-1], act=self.desk.act())
        listing = self.query_one(Listing)
        now = self.desk.clock.now()
        listing.show(calendar_rows(self.rows, days, self.desk.shop, self.desk.hours, now))
        if onto:
            listing.move_to(onto)
        self.about(listing.cursor_key)

    @property
    def current(self) -> QueueRow | None:
        """The appointment under the cursor."""
        key = self.query_one(Listing).cursor_key
        return next((row for row in self.rows if str(row.visit.id) == key), None)

    @on(Listing.Highlighted)
    def show_about(self, event: Listing.Highlighted) -> None:
        """Tell about the row under the cursor."""
        self.about(event.key)

    def about(self, key: str) -> None:
        """Draw the lines below the list. A link is shown, and nothing ever opens it."""
        row = next((each for each in self.rows if str(each.visit.id) == key), None)
        lines: tuple[Line, ...] = ()
        if row is not None:
            lines = (((f"{row.patient.name} · born {row.patient.born}", ""),),)
        said: tuple[Line, ...] = (((self.said, "muted"),),) if self.said else ()
        link: tuple[Line, ...] = (((f"Telehealth: {row.visit.link}", ""),),) if row and row.visit.link else ()
        self.query_one("#about", Sheet).show((*lines, *said, *link))

    def say(self, words: str) -> None:
        """Say what became of the last key."""
        self.said = words
        self.about(self.query_one(Listing).cursor_key)

    @on(Listing.Chosen)
    def choose(self, event: Listing.Chosen) -> None:
        """Book at a free time, or move what is booked."""
        event.stop()
        if event.key.startswith(FREE):
            self.action_book()
        else:
            self.action_move()

    def action_go(self, by: int) -> None:
        """Go a day, or a week, on or back."""
        self.day += timedelta(days=by * (WEEK if self.is_week else 1))
        self.read()

    def action_widen(self) -> None:
        """Show a week, or a day."""
        self.is_week = not self.is_week
        self.read()

    def action_today(self) -> None:
        """Go back to today."""
        self.day = self.desk.today
        self.read()

    def action_read_again(self) -> None:
        """Read again."""
        self.said = ""
        self.read()

    @work(exclusive=True, group="task")
    async def action_book(self) -> None:
        """Ask for whom and when, and book it."""
        key = self.query_one(Listing).cursor_key
        slot = datetime.fromisoformat(key.partition("|")[2]) if key.startswith(FREE) else None
        picked = await self.app.push_screen_wait(PickPatient(self.desk))
        if not picked:
            return
        patient_id, _, name = picked.partition("|")
        row = self.current
        day = row.visit.day if row is not None else self.day
        typed = f"{slot:%Y-%m-%d %H:%M}" if slot else f"{day} "
        unsaid = TypedAppointment(datetime.combine(day, time()), self.desk.hours.minutes, Reason.FOLLOW_UP)
        await self._agree(Wanted(f"An appointment for {name}", typed, unsaid, UUID(patient_id)))

    @work(exclusive=True, group="task")
    async def action_move(self) -> None:
        """Ask for another time, and put the appointment there."""
        row = self.current
        if row is None or row.visit.appointment_at is None:
            self.say("There is no appointment under the cursor.")
            return
        if row.visit.state is not VisitState.EXPECTED:
            self.say(f"This visit is {row.visit.state}, and is not moved any more.")
            return
        visit = row.visit
        local = self.desk.shop.local(row.visit.appointment_at).replace(tzinfo=None)
        now = TypedAppointment(local, visit.minutes or self.desk.hours.minutes, visit.reason, visit.link)
        await self._agree(Wanted(f"Another time for {row.patient.name}", now.words, now, row.patient.id, visit.id))

    @work(exclusive=True, group="task")
    async def action_cancel(self) -> None:
        """Call the appointment off, when somebody says yes."""
        row = self.current
        if row is None:
            self.say("There is no appointment under the cursor.")
            return
        question = f"Call off the appointment of {row.patient.name}?"
        if not await self.app.push_screen_wait(Confirm(question, "It stays on record as called off.")):
            return
        act = self.desk.act()
        outcome = await self.desk.store.write(cancel_appointment, row.visit.id, act=act)
        if isinstance(outcome, NotBooked):
            self.said = outcome.why
        else:
            self.said = f"Saved {local_time(act.at, self.desk.shop)}: called off."
        self.read()

    async def _agree(self, wanted: Wanted) -> None:
        """Ask for a time until one is booked or nobody wants one any more; what is refused stays in the line."""
        how, line, is_refused = HOW, wanted.typed, False
        while True:
            asked = AskLine(wanted.title, how, line, wanted.trouble, is_refused=is_refused)
            line = await self.app.push_screen_wait(asked)
            typed = wanted.read(line)
            if not line or isinstance(typed, NotUnderstood):
                return
            refused = await self._settle(typed, wanted)
            if not refused:
                return
            how, is_refused = refused, True

    async def _settle(self, typed: TypedAppointment, wanted: Wanted) -> str:
        """Book or move; only somebody's yes goes past what stands in the way. Return why it cannot be."""
        outcome, at = await self._try(typed, wanted, anyway=False)
        if isinstance(outcome, InTheWay):
            question = f"{way_words(outcome, self.desk)} Book it all the same?"
            if not await self.app.push_screen_wait(Confirm(question, "Both stand then at that time.")):
                self.say("Nothing was booked.")
                return ""
            outcome, at = await self._try(typed, wanted, anyway=True)
        match outcome:
            case Booked(visit=visit):
                self.said = f"Saved {local_time(at, self.desk.shop)}: {day_words(visit.day)} {typed.at:%H:%M}."
                self.day = visit.day
                self.read(str(visit.id))
            case NotBooked(why=why):
                return why
        return ""

    async def _try(
        self, typed: TypedAppointment, wanted: Wanted, *, anyway: bool
    ) -> tuple[Booked | InTheWay | NotBooked, datetime]:
        act, desk = self.desk.act(), self.desk
        when = When(desk.shop.instant(typed.at), typed.minutes, typed.link)
        if wanted.moving is not None:
            moved = await desk.store.write(
                move_appointment,
                wanted.moving,
                when,
                shop=desk.shop,
                hours=desk.hours,
                act=act,
                reason=typed.reason,
                anyway=anyway,
            )
            return moved, act.at
        booked = await desk.store.write(
            book, wanted.patient_id, typed.reason, when, shop=desk.shop, hours=desk.hours, act=act, anyway=anyway
        )
        return booked, act.at

    @work(exclusive=True, group="task")
    async def action_import_file(self) -> None:
        """Take appointments from a calendar file."""
        if self.desk.read_calendar is None:
            self.say("This desk cannot read calendar files.")
            return
        path = await self.app.push_screen_wait(AskLine("A calendar file", "Type the path of an .ics file."))
        if not path:
            return
        self.say("Reading the file …")
        read = await self.desk.read_calendar(path)
        if isinstance(read, NoCalendar):
            self.say(f"{read.why} Nothing was taken.")
            return
        done = await import_calendar(self.desk, read, lambda number, of: self.say(f"Taking {number} of {of} …"))
        self.told(done)

    @work(exclusive=True, group="task")
    async def action_guests(self) -> None:
        """Take who is checked in at the point of sale."""
        done = await import_guests(self.desk)
        if isinstance(done, Unanswered):
            self.say(f"The point of sale told no queue: {done.reason}.")
        else:
            self.told(done)

    def told(self, done: Imported) -> None:
        """Say what was taken, and show all that is left to a person."""
        self.said = done.words
        self.read()
        if done.left:
            self.app.push_screen(Help("Left to you", tuple(((each, ""),) for each in done.left)))

    def action_close(self) -> None:
        """Close."""
        self.dismiss("")
