"""Audit: who did what to whom, what of it is out of the ordinary, and the signature under that."""

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import ClassVar
from uuid import UUID

from textual import on, work
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.widget import Widget

from pcc_desk.desk.asking import EXAMPLE, Asked, around, same_as, understand_asked
from pcc_desk.desk.audit import NoReason, explain, on_record
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.records import Event
from pcc_desk.desk.reviewing import (
    Overview,
    count_of_trail,
    last_review,
    look_over,
    note_trail,
    sign_review,
    trail_of,
)
from pcc_desk.desk.rights import Right
from pcc_desk.domain.what_if import NotUnderstood
from pcc_desk.screens.auditing.audit_words import (
    ANOMALIES,
    EVENTS,
    anomaly_details,
    anomaly_row,
    asked_words,
    event_details,
    event_row,
    explained_words,
    overview_words,
    signed_words,
)
from pcc_desk.screens.auditing.waiting_requests import WaitingRequests
from pcc_desk.screens.dialogs import Confirm
from pcc_desk.screens.door.re_enter import NOT_PROVED, proved_act
from pcc_desk.screens.frame import GoTo, Place
from pcc_desk.widgets.field import Field
from pcc_desk.widgets.listing import Listing, Row
from pcc_desk.widgets.sheet import Sheet


class View(Enum):
    """What is listed."""

    EVENTS = "events"
    ANOMALIES = "anomalies"


class Audit(Place):
    """Two lists: every event, filtered as one likes; and what is out of the ordinary since the last review."""

    PLACE = "Audit"
    CSS_PATH = "audit.tcss"
    NEEDS: ClassVar[Mapping[str, Right]] = {"explain": Right.RESTORE, "requests": Right.SEE_REQUESTS}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", id="audit.filter", tooltip="By whom, of whom, what they did, when"),
        Binding("w", "same('by')", "Same who", id="audit.who", tooltip="Only what this person did"),
        Binding("p", "same('of')", "Same patient", id="audit.patient", tooltip="Only what was done to this patient"),
        Binding("d", "same('did')", "Same act", id="audit.act", tooltip="Only acts of this kind"),
        Binding("a", "view('ANOMALIES')", "Unusual", id="audit.unusual", tooltip="What is out of the ordinary"),
        Binding("e", "view('EVENTS')", "Events", id="audit.events", tooltip="Every event again"),
        Binding("q", "requests", "Requests", id="audit.requests", tooltip="Whose requests about their record wait"),
        Binding("f2", "sign", "Sign review", id="audit.sign", tooltip="Sign for all that was gone through"),
        Binding("x", "explain", "Explain", id="audit.explain", tooltip="Say why the record is older than it was"),
        Binding("f5", "read_again", "Again", id="audit.again", tooltip="Read again", show=False),
        Binding("escape", "back", "Back", id="audit.back", tooltip="Leave what is typed, the filter, or the place"),
    ]

    view: reactive[View] = reactive(View.EVENTS, init=False)
    asked: reactive[Asked] = reactive(Asked(), init=False, always_update=True)
    seen: reactive[Overview | None] = reactive(None, init=False, always_update=True)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.is_noted = False
        """That somebody looks is on record."""
        self.unnoted: UUID | None = None
        """Of whom alone is asked, which goes on record before anything is shown."""
        self.events: dict[str, Event] = {}
        self.is_explaining = False
        """What is typed is a reason."""

    def body(self) -> Iterable[Widget]:
        """Return the head, the filter, both lists, what is known of the row, and the line that answers."""
        yield Sheet(id="head", wraps=True)
        yield Field(id="filter", takes=self.entered, placeholder=f"/ to filter: {EXAMPLE}")
        yield Listing(
            EVENTS,
            id="events",
            opens=False,
            empty="Nothing that was asked for is on record. Escape takes the filter off.",
        )
        yield Listing(ANOMALIES, id="anomalies", empty="Nothing is out of the ordinary.")
        yield Sheet(id="details", wraps=True)
        yield Sheet(id="said", wraps=True)

    async def on_mount(self) -> None:
        """Begin with every event."""
        self.watch_view(self.view)

    def on_screen_suspend(self) -> None:
        """Note it anew when somebody comes back from another place; a question above it does not count."""
        if self not in self.app.screen_stack:
            self.is_noted = False

    def read_again(self) -> None:
        """Read again what is shown."""
        self.read()

    @property
    def listing(self) -> Listing:
        """The list that is shown."""
        return self.query_one(f"#{self.view.value}", Listing)

    @work(exclusive=True, group="read")
    async def read(self) -> None:
        """Put on record that somebody looks, then read."""
        if not self.is_noted:
            await on_record(self.desk, note_trail, None, act=self.desk.act())
            self.is_noted = True
        if self.unnoted is not None:
            await on_record(self.desk, note_trail, self.unnoted, act=self.desk.act())
            self.unnoted = None
        roll_back = self.desk.keeper.roll_back if self.desk.keeper is not None else None
        if roll_back is not None and not self.is_explaining:
            self.say(roll_back.reason, "danger")
        if self.view is View.EVENTS:
            await self.read_events()
        else:
            await self.read_anomalies()
        self.refresh_bindings()

    async def read_events(self) -> None:
        """Count what was asked for, and fetch what comes into view."""
        asked, store, shop = self.asked, self.desk.store, self.desk.shop
        count = await store.read(count_of_trail, asked.events, act=self.desk.act())

        async def fetch(offset: int, limit: int) -> tuple[Row, ...]:
            found = await store.read(trail_of, asked.events, limit, offset, act=self.desk.act())
            self.events |= {str(each.seq): each for each in found}
            return tuple(event_row(each, shop) for each in found)

        self.events.clear()
        self.query_one("#head", Sheet).show((((asked_words(asked, count, shop), "heading"),),))
        self.query_one("#events", Listing).browse(count, fetch)
        self.show_details()

    async def read_anomalies(self) -> None:
        """Go through all since the last review, saying how far it is."""
        self.seen = await look_over(self.desk, self.progress)

    def progress(self, done: int, total: int) -> None:
        """Say how far it is."""
        self.query_one("#head", Sheet).show((((f"Going through {done:,} of {total:,} entries …", "muted"),),))

    async def watch_seen(self, seen: Overview | None) -> None:
        """Draw what is out of the ordinary."""
        if seen is None:
            return
        signed = await self.desk.store.read(last_review, act=self.desk.act())
        words = tuple(overview_words(seen, signed, self.desk.shop))
        self.query_one("#head", Sheet).show((((words[0], "heading"),), ((words[1], "muted"),)))
        rows = (anomaly_row(number, each, self.desk.shop) for number, each in enumerate(seen.anomalies))
        self.query_one("#anomalies", Listing).show(tuple(rows))
        self.show_details()

    def watch_view(self, view: View) -> None:
        """Show one list."""
        for each in View:
            self.query_one(f"#{each.value}").display = each is view
        self.query_one("#filter").display = view is View.EVENTS or self.is_explaining
        self.set_focus(self.listing)

    @on(Listing.Highlighted)
    def show_details(self) -> None:
        """Say what is known of the row under the cursor."""
        key, details = self.listing.cursor_key, self.query_one("#details", Sheet)
        if self.view is View.EVENTS:
            event = self.events.get(key)
            details.show(event_details(event, self.desk.shop) if event is not None else ())
        elif self.seen is not None and key:
            details.show(anomaly_details(self.seen.anomalies[int(key)]))
        else:
            details.show(())

    @on(Listing.Chosen, "#anomalies")
    def open_anomaly(self, event: Listing.Chosen) -> None:
        """Show the events of that person on that day, of the patient where there is one."""
        if self.seen is None or not event.key:
            return
        self.view = View.EVENTS
        self.ask(around(self.seen.anomalies[int(event.key)], self.desk.shop))

    def say(self, words: str, tone: str) -> None:
        """Answer in the last line."""
        self.query_one("#said", Sheet).show((((words, tone),),))

    def ask(self, asked: Asked) -> None:
        """Show other events. Those of one patient are a look at that patient."""
        if asked.events.patient_id != self.asked.events.patient_id:
            self.unnoted = asked.events.patient_id
        self.asked = asked
        self.say("", "")
        self.set_focus(self.listing)
        self.read()

    def entered(self, typed: str) -> None:
        """Take what was typed: a filter, or a reason."""
        if self.is_explaining:
            self.save_reason(typed)
        else:
            self.understand(typed)

    @work(exclusive=True, group="ask")
    async def understand(self, typed: str) -> None:
        """Filter by what was typed, or say what is not understood."""
        outcome = await self.desk.store.read(understand_asked, typed, self.desk.shop)
        if isinstance(outcome, NotUnderstood):
            self.say(outcome.why, "warning")
        else:
            self.ask(outcome)

    @work(exclusive=True, group="save")
    async def save_reason(self, typed: str) -> None:
        """Put on record why the journal is not the one that was known."""
        if not typed.strip():
            self.say(*explained_words(NoReason()))
            return
        act = await proved_act(self.app, self.desk, Right.RESTORE)
        if act is None:
            self.say(NOT_PROVED, "warning")
            return
        outcome = await explain(self.desk, typed, act)
        words, tone = explained_words(outcome)
        self.say(words, tone)
        if tone == "good":
            self.leave_reason()
            self.read()

    def leave_reason(self) -> None:
        """Type a filter again."""
        self.is_explaining = False
        field = self.query_one(Field)
        field.value, field.placeholder = "", f"/ to filter: {EXAMPLE}"
        self.watch_view(self.view)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done: letters are typed in the field; a review is signed where it is shown."""
        match action:
            case "filter" | "same" | "view" | "explain" if isinstance(self.focused, Field):
                return False
            case "filter" | "same":
                return self.view is View.EVENTS
            case "sign":
                return self.view is View.ANOMALIES
            case "view":
                return parameters != (self.view.name,)
            case "explain" if self.desk.keeper is None or self.desk.keeper.roll_back is None:
                return False
        return super().check_action(action, parameters)

    def action_filter(self) -> None:
        """Put the cursor into the filter."""
        self.set_focus(self.query_one(Field))

    def action_same(self, what: str) -> None:
        """Narrow the list to what the row under the cursor has."""
        event = self.events.get(self.listing.cursor_key)
        if event is None:
            return
        outcome = same_as(event, what, self.asked)
        if isinstance(outcome, NotUnderstood):
            self.say(outcome.why, "warning")
        else:
            self.ask(outcome)

    def action_view(self, view: str) -> None:
        """Show the other list."""
        self.view = View[view]
        self.say("", "")
        self.read()

    @work(exclusive=True, group="save")
    async def action_sign(self) -> None:
        """Sign for what is shown, after a yes."""
        seen = self.seen
        if seen is None:
            return
        question = f"Sign that you reviewed {max(seen.count, 0):,} entries, {len(seen.anomalies)} out of the ordinary?"
        meaning = f"“Reviewed”, by {self.desk.person.name}. It cannot be taken back."
        if not await self.app.push_screen_wait(Confirm(question, meaning)):
            return
        outcome = await self.desk.store.write(sign_review, seen, act=self.desk.act())
        await self.read_anomalies()
        self.say(*signed_words(outcome, self.desk.shop))

    @work(exclusive=True, group="requests")
    async def action_requests(self) -> None:
        """Show whose requests wait, and go on with the one who is chosen."""
        chosen = await self.app.push_screen_wait(WaitingRequests(self.desk))
        if chosen:
            self.post_message(GoTo("Chart", UUID(chosen)))

    def action_explain(self) -> None:
        """Ask why the record is not the one that was known."""
        self.is_explaining = True
        field = self.query_one(Field)
        field.display = True
        field.value, field.placeholder = "", "why, such as: the copy of Monday was put back after the disk failed"
        self.set_focus(field)

    def action_read_again(self) -> None:
        """Read again."""
        self.say("", "")
        self.read()

    def action_back(self) -> None:
        """Leave what is typed, then the filter, then the list, then the place."""
        if self.is_explaining:
            self.leave_reason()
        elif isinstance(self.focused, Field):
            self.query_one(Field).value = ""
            self.set_focus(self.listing)
        elif self.view is View.ANOMALIES:
            self.action_view("EVENTS")
        elif not self.asked.is_all:
            self.query_one(Field).value = ""
            self.ask(Asked())
        else:
            self.post_message(GoTo("Queue"))
