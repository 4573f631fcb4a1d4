"""Whose requests about their own record wait for an answer."""

from collections.abc import Iterable
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.widget import Widget

from pcc_desk.desk.audit import note_list, on_record
from pcc_desk.desk.care import RequestWaiting, open_requests
from pcc_desk.desk.desk import Desk
from pcc_desk.screens.frame import Framed
from pcc_desk.screens.people.request_words import ASKED, clock_words
from pcc_desk.widgets.listing import Column, Listing, Row
from pcc_desk.widgets.sheet import Sheet

WAITING = (
    Column("Answer", 25),
    Column("Name", 22),
    Column("Asks", 17),
    Column("", 8, grow=True),
)


class WaitingRequests(Framed):
    """Closes with the id of the patient who was chosen; empty when nobody was."""

    PLACE = "Audit"
    CSS_PATH = "waiting_requests.tcss"
    CALLED = "Requests that wait"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "read_again", "Again", id="requests.again", tooltip="Read again"),
        Binding("escape", "close", "Back", id="requests.close", tooltip="Back to what happened"),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.waiting: tuple[RequestWaiting, ...] = ()

    def body(self) -> Iterable[Widget]:
        """Return how many wait, and the list."""
        yield Sheet(id="head")
        yield Listing(WAITING, id="requests", empty="")

    async def on_mount(self) -> None:
        """Begin with what waits now."""
        self.set_focus(self.query_one(Listing))
        self.read()

    @work(exclusive=True, group="requests")
    async def read(self) -> None:
        """Read what waits; that patients were listed goes on record."""
        self.waiting = await self.desk.store.read(open_requests, act=self.desk.act())
        await on_record(self.desk, note_list, "requests", len(self.waiting), act=self.desk.act())
        many = len(self.waiting)
        words = f"{many} request{' waits' if many == 1 else 's wait'} for an answer about the patient's own record."
        how = "  In the chart: p, then a."
        self.query_one("#head", Sheet).show((((words, "heading"), (how if self.waiting else "", "muted")),))
        listing = self.query_one(Listing)
        listing.empty = "Nobody waits for an answer about their record."
        listing.show(tuple(self._row(each) for each in self.waiting))

    def _row(self, waiting: RequestWaiting) -> Row:
        request = waiting.request
        clock, tone = clock_words(request, self.desk.today)
        cells = (clock, waiting.name, ASKED[request.kind], request.words)
        return Row(f"{request.id}|{request.patient_id}", cells, tone)

    @on(Listing.Chosen)
    def choose(self, event: Listing.Chosen) -> None:
        """Close with the patient under the cursor."""
        self.dismiss(event.key.rpartition("|")[2])

    def action_read_again(self) -> None:
        """Read again."""
        self.read()

    def action_close(self) -> None:
        """Close."""
        self.dismiss("")
