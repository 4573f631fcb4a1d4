"""What is particular to a patient for the limits: put on record from papers, row by row."""

import asyncio
from collections.abc import Iterable
from datetime import date
from typing import ClassVar
from uuid import UUID

from textual import on, work
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.widget import Widget

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.drafts import Typed
from pcc_desk.desk.entitlements import AmountRefusal, OnRecord, UnknownGroup, note_entitlement, set_amount
from pcc_desk.desk.rights import Right
from pcc_desk.desk.rules import take_up
from pcc_desk.desk.standing import PatientStanding, read_standing
from pcc_desk.domain.entries import Act
from pcc_desk.domain.papers import NO_PAPERS, PaperAmount
from pcc_desk.domain.rules import Rules
from pcc_desk.domain.typed_papers import typed_amount, typed_day
from pcc_desk.domain.what_if import NotUnderstood
from pcc_desk.screens.allotments.paper_rows import (
    Amount,
    FirstDay,
    InGroup,
    Item,
    OrderBegan,
    StrangeGroups,
    amount_of,
    asked_for,
    details,
    example,
    items,
    rows,
)
from pcc_desk.screens.allotments.standing_sheet import name_line
from pcc_desk.screens.door.re_enter import NOT_PROVED, proved_act
from pcc_desk.screens.task import Task
from pcc_desk.screens.words import amount_words, local_time, short_unit
from pcc_desk.widgets.field import Field
from pcc_desk.widgets.listing import Column, Listing
from pcc_desk.widgets.sheet import Sheet

PAPERS = (
    Column("", 22),
    Column("On record", 14, align="right"),
    Column("From", 10),
    Column("To", 10),
    Column("Paper", 14, grow=True),
)

Outcome = OnRecord | UnknownGroup | AmountRefusal


class PaperList(Listing):
    """Enter changes what the cursor is on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Change", tooltip="Change yes and no, or type what the paper says"),
    ]


class PatientPapers(Task):
    """Closes with a sentence on what was saved; empty when nothing was."""

    PLACE = "Allotment"
    FORM = "papers"
    ON_LEAVING = "What is typed is dropped; what was saved stays."
    CSS_PATH = "papers.tcss"
    CALLED = "A patient's papers"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "save", "Save", id="papers.save", tooltip="Save what is typed, as enter does"),
        Binding("f5", "read_again", "Again", id="papers.again", tooltip="Read again", show=False),
        Binding("escape", "leave", "Back", id="papers.leave", tooltip="Leave what is typed, or back to the standing"),
    ]

    known: reactive[PatientStanding | None] = reactive(None, init=False, always_update=True)
    chosen: reactive[Item | None] = reactive(None, init=False)
    """What is being typed; None while nothing is."""

    def __init__(self, desk: Desk, known: PatientStanding) -> None:
        super().__init__(desk)
        self.patient = known.patient
        self.set_reactive(PatientPapers.known, known)
        self.items: tuple[Item, ...] = ()
        self.saved: list[str] = []
        """What was saved, as clauses."""
        self.saved_at = ""

    def body(self) -> Iterable[Widget]:
        """Return the head, the list, what its row means, the field, and the line that answers."""
        yield Sheet(id="head", wraps=True)
        yield PaperList(PAPERS, id="papers")
        yield Sheet(id="details", wraps=True)
        yield Field(id="entry", takes=self.entered)
        yield Sheet(id="said", wraps=True)

    async def on_mount(self) -> None:
        """Show what is known, and read it again."""
        self.watch_chosen(None)
        self.watch_known()
        await self.take_up_draft()
        self.action_read_again()

    @property
    def about(self) -> UUID:
        """The patient."""
        return self.patient.id

    @property
    def about_patient(self) -> UUID:
        """The patient."""
        return self.patient.id

    def typed_so_far(self) -> Typed:
        """Return what is typed, and as what."""
        typed = self.query_one(Field).value
        return {"as": self.chosen.key, "typed": typed} if self.chosen is not None and typed.strip() else {}

    def ground(self, typed: Typed) -> str:
        """Return what these rules call that which is typed."""
        item = self.item(typed["as"])
        return item.words if item is not None else ""

    def take_up(self, typed: Typed) -> str:
        """Put back what was typed."""
        self.chosen = self.item(typed["as"])
        self.query_one(Listing).move_to(typed["as"])
        self.query_one(Field).value = typed["typed"]
        return ""

    def watch_known(self) -> None:
        """Draw the head and the list."""
        known = self.known
        if known is None:
            return
        self.items = tuple(items(known, self.desk.rules))
        asked = asked_for(self.items, known.standing.rules)
        (name, *born) = name_line(known.patient, self.desk.today)
        heading = (f"Papers of {name[0]}", name[1])
        self.query_one("#head", Sheet).show(((heading, *born), ((asked, "muted"),)))
        self.query_one(Listing).show(tuple(rows(known, self.items, self.desk.today)))
        self.show_details()

    def watch_chosen(self, chosen: Item | None) -> None:
        """Put the cursor into the field and say there how to type it, or back into the list."""
        field = self.query_one(Field)
        field.value = ""
        field.disabled = chosen is None
        field.placeholder = example(chosen, self.desk.today.year) if chosen else ""
        self.set_focus(self.query_one(Listing) if chosen is None else field)

    @on(Listing.Highlighted)
    def show_details(self) -> None:
        """Say what the row under the cursor means."""
        item = self.item(self.query_one(Listing).cursor_key)
        if item is not None and self.known is not None:
            told = details(item, self.known, self.desk.today, self.desk.person)
            self.query_one("#details", Sheet).show(told)

    def item(self, key: str) -> Item | None:
        """Return what a row is about."""
        return next((each for each in self.items if each.key == key), None)

    def say(self, words: str, tone: str) -> None:
        """Answer in the last line."""
        self.query_one("#said", Sheet).show((((words, tone),),))

    def unsaved(self) -> str:
        """Return what is typed and not saved."""
        typed = self.query_one(Field).value.strip()
        return f"What is typed for {self.patient.name} is not saved" if typed else ""

    @on(Listing.Chosen)
    def choose(self, event: Listing.Chosen) -> None:
        """Change a group at once; for everything else, ask what the paper says."""
        item, typed = self.item(event.key), self.unsaved()
        match item:
            case None:
                return
            case InGroup() | StrangeGroups():
                if not self.is_at("save"):
                    self.toggle(item)
            case FirstDay(of=()) if self.known is None or self.known.papers.anchor is None:
                self.say("These rules do not need it. There is nothing to type.", "muted")
            case _ if typed and self.chosen is not None and self.chosen.key != item.key:
                self.say(f"{typed}: {self.chosen.words}. Save it with enter, or leave it with escape.", "warning")
                self.query_one(Listing).move_to(self.chosen.key)
                self.set_focus(self.query_one(Field))
            case _:
                self.say("", "")
                self.chosen = item
                self.set_focus(self.query_one(Field))

    def toggle(self, item: InGroup | StrangeGroups) -> None:
        """Put a patient into a group or take them out of it."""
        if self.known is None:
            return
        papers = self.known.papers
        gone = {item.group} if isinstance(item, InGroup) else set(item.groups)
        left = tuple(each for each in papers.groups if each not in gone)
        is_joining = isinstance(item, InGroup) and item.group not in papers.groups
        groups = (*left, item.group) if isinstance(item, InGroup) and is_joining else left
        told = ", ".join(sorted(gone))
        self.note(item, groups, papers.anchor, papers.order_began, f"{told} {'yes' if is_joining else 'no'}")

    def entered(self, typed: str) -> None:
        """Save what was typed, or say why that cannot be. Pressed again meanwhile, the key does nothing."""
        if self.known is None or self.is_at("save"):
            return
        item, papers = self.chosen, self.known.papers
        match item:
            case FirstDay() | OrderBegan():
                day = typed_day(typed)
                if isinstance(day, NotUnderstood):
                    self.say(f"Not saved. {day.why}", "warning")
                    return
                anchor = day.day if isinstance(item, FirstDay) else papers.anchor
                began = day.day if isinstance(item, OrderBegan) else papers.order_began
                self.note(item, papers.groups, anchor, began, f"{item.words} {day.day or 'not known'}")
            case Amount(limit=limit):
                amount = typed_amount(typed, short_unit(limit.unit))
                if isinstance(amount, NotUnderstood):
                    self.say(f"Not saved. {amount.why}", "warning")
                    return
                paper = PaperAmount(limit.id, amount.amount, item.is_waiver, amount.starts, amount.ends, amount.paper)
                self.set_amount(item, paper)
            case _:
                return

    @work(group="save")
    async def note(
        self, item: Item, groups: tuple[str, ...], anchor: date | None, began: date | None, told: str
    ) -> None:
        """Save groups and first days."""
        rules = await self.rules(began)
        act = self.desk.act()
        outcome = await self.desk.store.write(
            note_entitlement, self.patient.id, groups, anchor, began, rules=rules, act=act
        )
        await take_up(self.desk, began)
        await self.answer(item, outcome, told, act)

    @work(group="save")
    async def set_amount(self, item: Amount, paper: PaperAmount) -> None:
        """Save an amount."""
        act = await proved_act(self.app, self.desk, Right.WAIVE) if paper.is_waiver else self.desk.act()
        if act is None:
            self.say(NOT_PROVED, "warning")
            return
        rules = await self.rules(self.known.papers.order_began if self.known else None)
        outcome = await self.desk.store.write(
            set_amount,
            self.patient.id,
            paper.limit_id,
            paper.amount,
            is_waiver=paper.is_waiver,
            paper=paper.paper,
            rules=rules,
            act=act,
            starts=paper.starts,
            ends=paper.ends,
        )
        await self.answer(item, outcome, f"{item.words} {amount_of(paper, item.limit)}", act)

    async def rules(self, order_began: date | None) -> Rules:
        """Return the rules of today for a patient whose order began then."""
        return await asyncio.to_thread(self.desk.rules_on, self.desk.today, order_began)

    async def answer(self, item: Item, outcome: Outcome, told: str, act: Act) -> None:
        """Say what became of it. What is refused stays typed."""
        before = self.known.papers if self.known else NO_PAPERS
        if isinstance(outcome, OnRecord):
            self.say_saved(told, act, is_new=outcome.papers != before)
            if self.chosen == item:
                self.chosen = None
        else:
            is_there = isinstance(outcome, UnknownGroup) and outcome.group in before.groups
            off = " Take it off in the list first." if is_there else ""
            self.say(f"Not saved. {amount_words(outcome)}{off}", "danger")
        self.known = await read_standing(self.desk, self.patient.id)

    def say_saved(self, told: str, act: Act, *, is_new: bool) -> None:
        """Say what is saved, and keep it for when the screen is left."""
        if not is_new:
            self.say("That is on record already. Nothing was changed.", "muted")
            return
        self.saved.append(told)
        self.saved_at = local_time(act.at, self.desk.shop)
        self.say(f"Saved {self.saved_at}: {told}.", "good")

    @work(exclusive=True, group="read")
    async def action_read_again(self) -> None:
        """Read what is on record again."""
        self.known = await read_standing(self.desk, self.patient.id)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Save only while something is being typed."""
        return action != "save" or self.chosen is not None

    def action_save(self) -> None:
        """Save what is typed."""
        self.entered(self.query_one(Field).value)

    def action_leave(self) -> None:
        """Leave what is typed, then the screen. While something is being saved, the key does nothing."""
        if self.is_at("save"):
            return
        if self.chosen is not None:
            self.chosen = None
            self.say("", "")
        else:
            self.dismiss(self.closing())

    def closing(self) -> str:
        """Return what was saved; empty when nothing was."""
        if not self.saved:
            return ""
        *before, last = self.saved
        return f"Saved {self.saved_at}: {last}.{f' {len(before)} more before it.' if before else ''}"
