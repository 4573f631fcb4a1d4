"""Disclosures: what of a patient was given to somebody outside, and the form that puts another on record."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import ClassVar
from uuid import UUID

from textual import on, work
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.widget import Widget

from pcc_desk.desk.audit import note_look, on_record
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.disclosures import (
    Accounting,
    Given,
    NotYet,
    Wanting,
    accounting,
    accounting_lines,
    disclose,
    give_accounting,
)
from pcc_desk.desk.drafts import Typed
from pcc_desk.desk.rights import Right
from pcc_desk.domain.audit_entries import Disclosed, Sight
from pcc_desk.domain.people import Patient
from pcc_desk.domain.typed_papers import typed_day
from pcc_desk.domain.what_if import NotUnderstood
from pcc_desk.screens.door.re_enter import NOT_PROVED, proved_act
from pcc_desk.screens.task import Task
from pcc_desk.screens.words import local_time
from pcc_desk.widgets.field import Field
from pcc_desk.widgets.listing import Column, Listing, Row
from pcc_desk.widgets.sheet import Line, Sheet

GIVEN = (Column("On", 10), Column("To", 24), Column("What", 24), Column("Why", 16, grow=True))

ASKED: tuple[tuple[str, str], ...] = (
    ("made_on", "On which day, such as 2026-03-12; empty: today"),
    ("recipient", "To whom: the name of the person or office"),
    ("address", "Their address; “not known” where it is not"),
    ("what", "What was given, such as: purchases of 2026, by tag"),
    ("purpose", "Why: the order, the request, or the law"),
)
"""What is typed, one after another, and how."""
CALLED = {"recipient": "to whom", "address": "the address", "what": "what was given", "purpose": "why"}


class Disclosures(Task):
    """Closes with a sentence on what was saved; empty when nothing was."""

    PLACE = "Chart"
    ON_LEAVING = "What is typed is dropped; what was saved stays."
    CSS_PATH = "disclosures.tcss"
    CALLED = "Disclosures"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "begin", "New", id="disclosures.new", tooltip="Put a disclosure on record"),
        Binding("c", "correct", "Correct", id="disclosures.correct", tooltip="Say the chosen one better; it is kept"),
        Binding("p", "print", "Print", id="disclosures.print", tooltip="Print six years of them; the record says so"),
        Binding("f2", "save", "Save", id="disclosures.save", tooltip="Save what is typed, as enter at the last does"),
        Binding("escape", "leave", "Back", id="disclosures.leave", tooltip="Leave what is typed, or back to the chart"),
    ]

    NEEDS: ClassVar[Mapping[str, Right]] = {"print": Right.EXPORT}
    FORM = "disclosure"

    told: reactive[Accounting | None] = reactive(None, init=False, always_update=True)
    at: reactive[int | None] = reactive(None, init=False)
    """Which part is being typed; None while nothing is."""

    def __init__(self, desk: Desk, patient: Patient) -> None:
        super().__init__(desk)
        self.patient = patient
        self.typed: dict[str, str] = {}
        self.corrects: UUID | None = None
        self.done = ""

    def body(self) -> Iterable[Widget]:
        """Return the head, the list, what is typed so far, the field, and the line that answers."""
        yield Sheet(id="head", wraps=True)
        yield Listing(GIVEN, id="given", opens=False, empty="Nothing was disclosed in the last six years.")
        yield Sheet(id="details", wraps=True)
        yield Field(id="entry", takes=self.entered)
        yield Sheet(id="said", wraps=True)

    async def on_mount(self) -> None:
        """Put on record that somebody looks, and read."""
        heading = f"Disclosures of {self.patient.name}, six years back"
        law = "What left for care, payment or our own work is not among them (45 CFR 164.528)."
        self.query_one("#head", Sheet).show((((heading, "heading"),), ((law, "muted"),)))
        self.watch_at(None)
        self.read()
        await self.take_up_draft()

    @work(exclusive=True, group="read")
    async def read(self) -> None:
        """Read them; the first time that is a look at the patient."""
        if self.told is None:
            await on_record(self.desk, note_look, self.patient.id, Sight.DISCLOSURES, act=self.desk.act())
        self.told = await self.desk.store.read(accounting, self.patient.id, self.desk.today, act=self.desk.act())

    def watch_told(self, told: Accounting | None) -> None:
        """Draw the list."""
        if told is None:
            return
        rows = (
            Row(
                str(each.id),
                (str(each.made_on), each.recipient, each.what, each.purpose),
                "muted" if told.correction_of(each) is not None else "",
            )
            for each in told.disclosures
        )
        self.query_one(Listing).show(tuple(rows))
        self.show_details()

    def watch_at(self, at: int | None) -> None:
        """Put the cursor into the field and say there what to type, or back into the list."""
        field = self.query_one(Field)
        field.disabled = at is None
        field.value = self.typed.get(ASKED[at][0], "") if at is not None else ""
        field.cursor_position = len(field.value)
        field.placeholder = ASKED[at][1] if at is not None else "n puts a disclosure on record"
        self.set_focus(self.query_one(Listing) if at is None else field)
        self.refresh_bindings()
        self.show_details()

    @on(Listing.Highlighted)
    def show_details(self) -> None:
        """Show what is typed so far, or all of the one under the cursor."""
        lines: list[Line] = []
        if self.at is not None:
            known = [f"{name.replace('_', ' ')}: {self.typed[name]}" for name, _ in ASKED if self.typed.get(name)]
            step = f"{self.at + 1} of {len(ASKED)}"
            what = "Correcting the chosen one" if self.corrects else "New disclosure"
            lines = [((f"{what}, {step}", "heading"),), ((" · ".join(known), ""),)]
        told, key = self.told, self.query_one(Listing).cursor_key
        each = next((one for one in told.disclosures if str(one.id) == key), None) if told else None
        if not lines and told is not None and each is not None:
            better = told.correction_of(each)
            recorded = f"{self.desk.shop.local(each.recorded_at):%Y-%m-%d %H:%M} by {each.by or 'nobody known'}"
            note = "corrected by a later one; " if better else "corrects an earlier one; " if each.corrects else ""
            lines = [((f"{each.recipient}, {each.address}", ""),), ((f"{note}recorded {recorded}", "muted"),)]
        self.query_one("#details", Sheet).show(tuple(lines))

    def say(self, words: str, tone: str) -> None:
        """Answer in the last line."""
        self.query_one("#said", Sheet).show((((words, tone),),))

    @property
    def about(self) -> UUID:
        """The patient."""
        return self.patient.id

    @property
    def about_patient(self) -> UUID:
        """The patient."""
        return self.patient.id

    def typed_so_far(self) -> Typed:
        """Return what is typed of a disclosure, and at which part one was."""
        if self.at is None or not self.unsaved():
            return {}
        corrects = str(self.corrects) if self.corrects else ""
        return {"parts": self.typed | {ASKED[self.at][0]: self.query_one(Field).value}, "at": self.at, "for": corrects}

    def take_up(self, typed: Typed) -> str:
        """Put back what was typed."""
        self.typed = dict(typed["parts"])
        self.corrects = UUID(typed["for"]) if typed["for"] else None
        self.at = typed["at"]
        return ""

    def unsaved(self) -> str:
        """Return what is not saved."""
        is_typed = self.at is not None and (any(self.typed.values()) or self.query_one(Field).value.strip())
        return f"A disclosure of {self.patient.name} is not saved" if is_typed else ""

    def entered(self, typed: str) -> None:
        """Keep what was typed and go on; after the last, save. Pressed again meanwhile, the key does nothing."""
        if self.at is None or self.is_at("save"):
            return
        self.typed[ASKED[self.at][0]] = typed.strip()
        if self.at + 1 < len(ASKED):
            self.at += 1
        else:
            self.save()

    @work(group="save")
    async def save(self) -> None:
        """Put it on record, or go back to what is missing."""
        day = self._day()
        if isinstance(day, NotUnderstood):
            self.refuse("made_on", day.why)
            return
        texts = {name: self.typed.get(name, "") for name, _ in ASKED[1:]}
        act = self.desk.act()
        given = Given(day, **texts, corrects=self.corrects)
        outcome = await self.desk.store.write(disclose, self.patient.id, given, self.desk.today, act=act)
        match outcome:
            case Wanting(what=what):
                self.refuse(what, f"Type {CALLED[what]}: the law wants it kept.")
            case NotYet():
                self.refuse("made_on", "That day is still to come.")
            case Disclosed():
                self.done = f"Saved {local_time(act.at, self.desk.shop)}: disclosed to {outcome.recipient}."
                self.typed, self.corrects, self.at = {}, None, None
                self.say(self.done, "good")
                self.read()

    def _day(self) -> date | NotUnderstood:
        typed = self.typed.get("made_on", "")
        if not typed:
            return self.desk.today
        day = typed_day(typed)
        if isinstance(day, NotUnderstood):
            return day
        return day.day or self.desk.today

    def refuse(self, name: str, why: str) -> None:
        """Say why it is not saved, and go to where that can be mended."""
        self.at = next(number for number, (each, _) in enumerate(ASKED) if each == name)
        self.say(f"Not saved. {why}", "warning")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let letters be typed while one is typing."""
        if action in {"begin", "correct", "print"}:
            return self.at is None
        return action != "save" or self.at is not None

    def action_begin(self) -> None:
        """Begin another."""
        self.typed, self.corrects = {}, None
        self.say("", "")
        self.at = 0

    def action_correct(self) -> None:
        """Begin one that says the chosen one better."""
        told, key = self.told, self.query_one(Listing).cursor_key
        each = next((one for one in told.disclosures if str(one.id) == key), None) if told else None
        if each is None:
            self.say("There is nothing to correct.", "warning")
            return
        self.typed = {"made_on": str(each.made_on), "recipient": each.recipient, "address": each.address}
        self.typed |= {"what": each.what, "purpose": each.purpose}
        self.corrects = each.id
        self.say("", "")
        self.at = 0

    def action_save(self) -> None:
        """Save what is typed."""
        if self.at is not None and not self.is_at("save"):
            self.typed[ASKED[self.at][0]] = self.query_one(Field).value.strip()
            self.save()

    @work(exclusive=True, group="print")
    async def action_print(self) -> None:
        """Print six years of them. It is on record before it is on paper."""
        desk = self.desk
        if desk.printer is None:
            self.say("No printer is set up; print_command in the settings file names one.", "warning")
            return
        act = await proved_act(self.app, desk, Right.EXPORT)
        if act is None:
            self.say(NOT_PROVED, "warning")
            return
        told = await desk.store.write(give_accounting, self.patient.id, "printed", desk.today, act=act)
        outcome = await desk.printer.print("\n".join(accounting_lines(told, desk.shop, desk.today)))
        if outcome is None:
            self.say(f"Sent to the printer {local_time(act.at, desk.shop)}.", "good")
        else:
            self.say(f"Not printed: {outcome.reason}.", "warning")

    @work(exclusive=True, group="leave")
    async def action_leave(self) -> None:
        """Leave what is typed, asking first; then the screen."""
        if self.is_at("save") or not await self.may_be_left():
            return
        if self.at is not None:
            self.typed, self.corrects, self.at = {}, None, None
            self.say("", "")
        else:
            self.dismiss(self.done)
