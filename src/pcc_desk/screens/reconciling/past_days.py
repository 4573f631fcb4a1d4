"""PastDays: the days compared of late, how they were closed, and what changed since."""

from datetime import date, timedelta
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from pcc_desk.desk.closing import DayOnRecord, days_on_record
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.evidence import print_day
from pcc_desk.screens.door.permitting import Permitting
from pcc_desk.screens.reconciling.day_words import change_words
from pcc_desk.screens.words import day_words
from pcc_desk.widgets.keybar import KeyBar
from pcc_desk.widgets.listing import Column, Listing, Row
from pcc_desk.widgets.sheet import Line, Sheet

DAYS = (Column("Day", 16), Column("Stands", 14), Column("Left", 5, align="right"), Column("Closed by", 20, grow=True))
LOOKS_BACK = timedelta(days=60)
SHOWN = 6


class PastDays(ModalScreen[date | None], Permitting[date | None]):
    """Closes with the day to go to; None: stay."""

    CSS_PATH = "past_days.tcss"
    CALLED = "Days of late"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "p",
            "print",
            "Print",
            id="past_days.print",
            tooltip="Print the closed day's sheet: the journal's end is on it",
        ),
        Binding("escape", "close", "Back", id="past_days.close", tooltip="Stay with the day that is shown"),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.days: tuple[DayOnRecord, ...] = ()

    def compose(self) -> ComposeResult:
        """Draw the list and what is known of the day under the cursor."""
        yield Listing(DAYS, id="days", empty="No day was compared in the last 60 days.")
        yield Sheet(id="about", wraps=True)
        yield KeyBar()

    def on_mount(self) -> None:
        """Read the days."""
        self.set_focus(self.query_one(Listing))
        self.read()

    @work(exclusive=True, group="read")
    async def read(self) -> None:
        """Read the days of late."""
        since = self.desk.today - LOOKS_BACK
        self.days = await self.desk.store.read(days_on_record, since, act=self.desk.act())
        self.query_one(Listing).show(tuple(_row(each) for each in self.days))

    @on(Listing.Highlighted)
    def show_day(self, event: Listing.Highlighted) -> None:
        """Tell how the day was closed, each time, and what changed since."""
        known = next((each for each in self.days if each.day.isoformat() == event.key), None)
        if known is not None:
            self.tell(*self._told(known))

    def _told(self, known: DayOnRecord) -> list[Line]:
        shop = self.desk.shop
        lines: list[Line] = []
        for closed in known.closings:
            who = " and ".join(each.name for each in closed.signatures)
            lines.append(((f"Closed {shop.written(closed.at)} by {who}", "good"),))
        lines += [((f"Packet {each.file}, sha256 {each.sha256[:16]}", "muted"),) for each in known.packets]
        changes = known.changes or ()
        lines += [((f"Since then: {change_words(each)}", "warning"),) for each in changes[:SHOWN]]
        if len(changes) > SHOWN:
            lines.append(((f"and {len(changes) - SHOWN} more changes", "warning"),))
        return lines or [(("Not closed yet.", "warning"),)]

    @work(exclusive=True, group="print")
    async def action_print(self) -> None:
        """Print the sheet of the day under the cursor. It is on record before it is on paper."""
        key = self.query_one(Listing).cursor_key
        known = next((each for each in self.days if each.day.isoformat() == key), None)
        if known is None or not known.closings:
            self.tell((("That day is not closed, so there is no sheet of it.", "warning"),))
            return
        outcome = await print_day(self.desk, known)
        if outcome is None:
            self.tell((("Sent to the printer. Keep it apart from this computer.", "good"),))
        else:
            self.tell(((f"Not printed: {outcome.reason}.", "warning"),))

    def tell(self, *lines: Line) -> None:
        """Say something below the list."""
        self.query_one("#about", Sheet).show(tuple(lines))

    @on(Listing.Chosen)
    def go_to_day(self, event: Listing.Chosen) -> None:
        """Close with the day."""
        self.dismiss(date.fromisoformat(event.key))

    def action_close(self) -> None:
        """Stay."""
        self.dismiss(None)


def _row(known: DayOnRecord) -> Row:
    left = sum(not each.fate.lets_close for each in known.findings)
    who = " and ".join(each.name for each in known.closings[-1].signatures) if known.closings else "–"
    not_compared = known.comparison is not None and bool(known.comparison.not_compared)
    stands = "not compared" if not_compared else known.state.value
    return Row(known.day.isoformat(), (day_words(known.day), stands, str(left), who))
