"""Correct: what was really handed over, typed line by line in the place of what a dispensation says."""

from collections.abc import Iterable
from typing import ClassVar
from uuid import UUID

from textual import work
from textual.binding import Binding, BindingType
from textual.widget import Widget

from pcc_desk.desk.amending import NoReasonGiven, PutRight, correct, judge_added
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.dispensing import BasketLine
from pcc_desk.desk.drafts import Typed
from pcc_desk.desk.stock import packages
from pcc_desk.domain.dispensing import Dispensation, DispensedLine
from pcc_desk.domain.products import Package
from pcc_desk.screens.chart.correct_rows import (
    Asked,
    Part,
    Wrong,
    asked_of,
    called,
    doubt_words,
    nothing_of,
    really,
    refused_words,
    understood,
)
from pcc_desk.screens.row_form import RowForm
from pcc_desk.screens.words import local_time
from pcc_desk.widgets.field import Field
from pcc_desk.widgets.listing import Column, Listing, Row
from pcc_desk.widgets.sheet import Sheet

LINES = (
    Column("Product", 26),
    Column("Tag", 10),
    Column("", 8),
    Column("On record", 12, align="right"),
    Column("Really", 12, grow=True),
)


class Correct(RowForm[Asked]):
    """Closes with a sentence on what was saved; empty when nothing was."""

    PLACE = "Outbox"
    FORM = "correct"
    ON_LEAVING = "What is typed is dropped; the record stays as it is."
    CSS_PATH = "correct.tcss"
    CALLED = "A correction"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "f2", "save", "Save", id="correct.save", tooltip="Save what was really handed over, and tell the state"
        ),
        Binding("f3", "another", "Another", id="correct.another", tooltip="Add a package that was handed over too"),
        Binding("down", "move(1)", "Next", id="correct.next", tooltip="The next row; enter goes there as well"),
        Binding("up", "move(-1)", "Before", id="correct.before", tooltip="The row before"),
        Binding("escape", "leave", "Back", id="correct.leave", tooltip="Leave without saving"),
    ]

    def __init__(self, desk: Desk, given: Dispensation, who: str) -> None:
        """Take what was handed over as it stands, and the patient's name."""
        rows = tuple(asked_of(given.lines))
        super().__init__(desk, rows, {each.key: each.was for each in rows})
        self.given = given
        self.who = who
        self.stock: dict[str, Package] = {}
        """What may be added, by tag."""

    def body(self) -> Iterable[Widget]:
        """Return the head, the rows, the field, the warning, and the line that answers."""
        yield Sheet(id="head", wraps=True)
        yield Listing(LINES, id="lines", opens=False)
        yield Field(id="entry", takes=self.entered)
        yield Sheet(id="doubt", wraps=True)
        yield Sheet(id="said", wraps=True)

    async def on_mount(self) -> None:
        """Say what is corrected, and begin at the first row."""
        given = self.given
        when = self.desk.shop.written(given.at)
        head = (
            ((f"Correct what was dispensed to {self.who}", "heading"),),
            ((f"{when} · card {given.card_number} · ours {given.external_number}", ""),),
            (("Type what was really handed over, all of it; 0 for what was not.", "muted"),),
        )
        self.query_one("#head", Sheet).show(head)
        self.begin()
        self.stock = {each.label: each for each in await self.desk.store.read(packages)}
        await self.take_up_draft()

    @property
    def about(self) -> UUID:
        """The dispensation."""
        return self.given.id

    @property
    def about_patient(self) -> UUID:
        """Whom it was handed over to."""
        return self.given.patient_id

    def typed_so_far(self) -> Typed:
        """Return what is typed in each row."""
        if not self.unsaved():
            return {}
        added = [each.label for each in self.lines[len(self.given.lines) :]]
        return {"rows": self.typed, "at": self.current.key, "added": added}

    def ground(self, typed: Typed) -> str:
        """Return what is on record."""
        asked = asked_of(self.given.lines)
        return " | ".join(f"{each.key}: {each.line.label if each.line else ''} {each.was}" for each in asked)

    def take_up(self, typed: Typed) -> str:
        """Put back what was typed. A package that is no longer in stock was added for nothing."""
        added = [self.stock[label] for label in typed["added"] if label in self.stock]
        gone = [label for label in typed["added"] if label not in self.stock]
        self.typed = dict(typed["rows"]) if not gone else {}
        self.ask((*self.given.lines, *map(nothing_of, added)))
        self.go_to(next((each for each in self.rows if each.key == typed["at"]), self.rows[0]))
        return f"{', '.join(gone)} is no longer in stock: look at every amount again." if gone else ""

    def go_to(self, asked: Asked) -> None:
        """Put the cursor on a row. What is on record is marked, so that what is typed takes its place."""
        super().go_to(asked)
        if self.typed[asked.key] == asked.was:
            self.query_one(Field).select_all()

    def row_of(self, asked: Asked) -> Row:
        """Return a row beside what is on record of it."""
        return Row(asked.key, asked.cells(self.typed[asked.key]), self._tone(asked))

    def _tone(self, row: Asked) -> str:
        typed = self.typed[row.key]
        if isinstance(understood(row, typed), Wrong):
            return "warning"
        return "muted" if typed == row.was else ""

    def changed(self) -> None:
        """See whether the limits allow what is added."""
        self.judge()

    @work(exclusive=True, group="judge")
    async def judge(self) -> None:
        """Say what speaks against what is added. It is a warning: what was handed over is saved all the same."""
        lines = really(self.rows, self.typed)
        words = "" if isinstance(lines, Wrong) else doubt_words(await judge_added(self.desk, self.given, lines))
        self.query_one("#doubt", Sheet).show((((words, "warning"),),))

    def entered(self, typed: str) -> None:
        """Go on to the next row, or save after the last. What cannot be used stays typed."""
        if self.is_at("save"):
            return
        self.typed[self.current.key] = typed
        if self.current.part is Part.MORE and typed.strip():
            self.add(typed)
            return
        value = understood(self.current, typed)
        if isinstance(value, Wrong):
            self.say(f"Not taken. {value.why}", "warning")
        elif self.current is self.rows[-1]:
            self.action_save()
        else:
            self.say("", "")
            self.action_move(1)

    @work(exclusive=True, group="add")
    async def add(self, typed: str) -> None:
        """Put a package that was handed over too among the rows, and ask how much of it."""
        found = called(await self.desk.store.read(packages), typed)
        if len(found) != 1:
            told = "No package" if not found else f"{len(found)} packages"
            are = "is" if not found else "are"
            self.say(f"Not taken. {told} in stock {are} called so. Type more of the tag.", "warning")
            return
        if any(each.line is not None and each.line.label == found[0].label for each in self.rows):
            self.say(f"Not taken. {found[0].product} stands above already: change it there.", "warning")
            return
        lines = (*self.lines, nothing_of(found[0]))
        self.ask(lines)
        self.say("", "")
        self.go_to(next(each for each in self.rows if each.key == f"amount {len(lines) - 1}"))

    @property
    def lines(self) -> tuple[DispensedLine, ...]:
        """What is asked about, line by line."""
        return tuple(each.line for each in self.rows if each.line is not None and each.part is Part.AMOUNT)

    def ask(self, lines: tuple[DispensedLine, ...], *, more: bool = False) -> None:
        """Ask about other lines; what is typed already stays."""
        self.rows = tuple(asked_of(lines, more=more))
        self.typed = {each.key: self.typed.get(each.key, each.was) for each in self.rows}
        self.make_room()

    def action_another(self) -> None:
        """Ask which other package was handed over too."""
        if self.is_at("save"):
            return
        self.take_typed()
        self.ask(self.lines, more=True)
        self.go_to(next(each for each in self.rows if each.part is Part.MORE))

    def unsaved(self) -> str:
        """Return what is typed and not saved."""
        is_changed = any(self.typed[each.key].strip() != each.was for each in self.rows)
        return f"The correction for {self.who} is not saved" if is_changed else ""

    def save_all(self) -> None:
        """Save what was handed over, or go to the row that says why not."""
        lines = really(self.rows, self.typed)
        if isinstance(lines, Wrong):
            self.go_to(lines.asked)
            self.say(f"Not saved. {lines.why}", "warning")
        else:
            self.save(lines)

    @work(group="save")
    async def save(self, lines: tuple[BasketLine, ...]) -> None:
        """Put it on record, and let the state be told."""
        act = self.desk.act()
        outcome = await correct(self.desk, self.given.id, lines, self.typed[self.rows[-1].key], act)
        if isinstance(outcome, PutRight):
            saved = f"Saved {local_time(act.at, self.desk.shop)}: corrected."
            self.dismiss(f"{saved} {self.desk.state.name} is told of it.")
            return
        if isinstance(outcome, NoReasonGiven):
            self.go_to(self.rows[-1])
        self.say(refused_words(outcome), "danger")
