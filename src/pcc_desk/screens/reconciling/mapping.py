"""Columns: what each column of the point of sale's report means, said once, beside the first rows of it."""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar
from uuid import UUID

from textual import work
from textual.app import App
from textual.binding import Binding, BindingType
from textual.widget import Widget

from pcc_desk.desk.columns import report_of, say_columns
from pcc_desk.desk.desk import Desk
from pcc_desk.domain.answers import Unanswered
from pcc_desk.domain.columns import (
    NEEDED,
    ColumnMap,
    Report,
    SaleField,
    WrongColumns,
    column_map,
    is_personal,
    title_key,
)
from pcc_desk.screens.task import Form
from pcc_desk.screens.words import local_time
from pcc_desk.widgets.listing import Column, Listing, Row
from pcc_desk.widgets.sheet import Line, Sheet

COLUMNS = (Column("Column", 24), Column("Means", 30), Column("In the first rows", 24, grow=True))
SHOWN = 3
NOTHING = "–"
TURN: tuple[SaleField | None, ...] = (None, *SaleField)


async def say_what_columns_mean(app: App[None], desk: Desk, day: date) -> str:
    """Let a person say what the columns of a day's report mean. Return what to say; empty when nothing was saved."""
    report = await report_of(desk, day)
    if isinstance(report, Unanswered):
        return f"{report.reason[:1].upper()}{report.reason[1:]}."
    return await app.push_screen_wait(Mapping(desk, report)) or ""


class Mapping(Form):
    """Closes with a sentence on what was saved; empty when nothing was."""

    PLACE = "Reconcile"
    ON_LEAVING = "What you changed is dropped."
    CSS_PATH = "mapping.tcss"
    CALLED = "What columns mean"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "save", "Save", id="mapping.save", tooltip="Keep what the columns mean, for every such report"),
        Binding("right", "turn(1)", "Next", id="mapping.next", tooltip="The next thing that this column may mean"),
        Binding("left", "turn(-1)", "Before", id="mapping.before", tooltip="The thing before"),
        *(
            Binding(str(at), f"needed({at})", "Needed", id=f"mapping.needed{at}", tooltip=each.words, show=False)
            for at, each in enumerate(NEEDED, 1)
        ),
        Binding("delete,0", "clear", "Nothing", id="mapping.clear", tooltip="This column means nothing here"),
        Binding("escape", "leave", "Back", id="mapping.leave", tooltip="Leave it as it was"),
    ]

    def __init__(self, desk: Desk, report: Report) -> None:
        super().__init__(desk)
        self.report = report
        self.begun = _by_title(report.columns)
        self.meant = dict(self.begun)
        """What each column means, by its title for comparison."""

    def body(self) -> Iterable[Widget]:
        """Return the head, the columns, and the line that answers."""
        yield Sheet(id="head", wraps=True)
        yield Listing(COLUMNS, id="columns", opens=False)
        yield Sheet(id="said", wraps=True)

    async def on_mount(self) -> None:
        """Show what the columns seem to mean."""
        self.set_focus(self.query_one(Listing))
        self.show_columns()
        remarks = self.report.remarks
        if remarks and not self.report.is_known:
            self.say(remarks[0], "muted")

    @property
    def about(self) -> UUID:
        """The reports, of which there is one kind at a time."""
        return UUID(int=0)

    def say(self, words: str, tone: str) -> None:
        """Answer in the last line."""
        self.query_one("#said", Sheet).show((((words, tone),),))

    def unsaved(self) -> str:
        """Return that something was changed."""
        return "What the columns mean is not saved" if self.meant != self.begun else ""

    def show_columns(self) -> None:
        """Draw the columns with what each means, and what is still needed."""
        report = self.report
        like = f" · looks like {report.looks_like}" if report.looks_like else ""
        wanted = [f"{place} {each.words}" for place, each in enumerate(NEEDED, 1) if each not in self.meant.values()]
        needs: Line = (
            (("Still needed: ", "warning"), (", ".join(wanted), ""))
            if wanted
            else (("All that is needed is named. f2 keeps it.", "good"),)
        )
        head = f"{report.source} · titles in row {report.header_at}{like}"
        self.query_one("#head", Sheet).show((((head, "heading"),), needs))
        self.query_one(Listing).show(tuple(self._row(place, title) for place, title in enumerate(report.titles)))

    def _row(self, place: int, title: str) -> Row:
        field = self.meant.get(title_key(title))
        values = " · ".join(each[place] or "(empty)" for each in self.report.rows[:SHOWN])
        if is_personal(title, field):
            values = "(not shown: it may tell who somebody is)"
        means = NOTHING if field is None else field.words
        if field in NEEDED:
            means = f"{NEEDED.index(field) + 1} {means}"
        return Row(str(place), (title or "(no title)", means, values), "" if field else "muted")

    @property
    def current(self) -> str:
        """The column under the cursor, by its title for comparison."""
        key = self.query_one(Listing).cursor_key
        return title_key(self.report.titles[int(key)]) if key else ""

    def mean(self, field: SaleField | None) -> None:
        """Let the column under the cursor mean something; what meant it before means nothing then."""
        column = self.current
        if not column or self.is_at("save"):
            return
        self.meant = {title: each for title, each in self.meant.items() if each is not field and title != column}
        if field is not None:
            self.meant[column] = field
        self.say("", "")
        self.show_columns()

    def action_turn(self, by: int) -> None:
        """Go to the next thing that a column may mean and that no other does, or to the one before."""
        taken = {each for title, each in self.meant.items() if title != self.current}
        free = [each for each in TURN if each is None or each not in taken]
        self.mean(free[(free.index(self.meant.get(self.current)) + by) % len(free)])

    def action_needed(self, place: int) -> None:
        """Let the column be one of those that are needed."""
        self.mean(NEEDED[place - 1])

    def action_clear(self) -> None:
        """Let a column mean nothing."""
        self.mean(None)

    def action_save(self) -> None:
        """Keep it, or say why not. Pressed again meanwhile, the key does nothing."""
        if self.is_at("save"):
            return
        try:
            columns = column_map({field: title for title, field in self.meant.items()}, self.report.titles)
        except WrongColumns as error:
            self.say(f"Not saved. {error}", "warning")
            return
        self.save(columns)

    @work(group="save")
    async def save(self, columns: ColumnMap) -> None:
        """Put it on record."""
        act = self.desk.act()
        await self.desk.store.write(say_columns, self.report.header, columns, act=act)
        saved = local_time(act.at, self.desk.shop)
        self.dismiss(f"Saved {saved}: reports with these titles are read so from now on. f5 compares the day.")


def _by_title(columns: ColumnMap) -> dict[str, SaleField]:
    return {title: field for field, title in columns.titles}
