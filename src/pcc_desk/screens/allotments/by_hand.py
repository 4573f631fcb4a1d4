"""Read by hand: what the state's page shows for a card is typed here; so is its number of what was entered there."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import ClassVar, assert_never
from uuid import UUID

from textual import work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widget import Widget

from pcc_desk.desk.by_hand import (
    NothingToSee,
    Seen,
    ToEnter,
    is_by_hand,
    last_page,
    save_reading,
    what_to_do,
)
from pcc_desk.desk.caregivers import ToAsk, to_ask
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.drafts import Typed
from pcc_desk.desk.holds import ask_and_set_aside, size_anew
from pcc_desk.desk.outbox_acts import BeingSent, NoNumber, NumberTaken, Settled, enter_by_hand
from pcc_desk.desk.queue import visit_of
from pcc_desk.desk.standing import PatientStanding, read_standing
from pcc_desk.desk.verifying import ToBeRead
from pcc_desk.domain.dispensing import Posting
from pcc_desk.domain.registry import Verification
from pcc_desk.domain.typed_readings import LONGEST_PAGE
from pcc_desk.domain.what_if import NotUnderstood
from pcc_desk.screens.allotments.by_hand_rows import CARD, PAGE, Asked, asked_of, doubt, seen, told, understood
from pcc_desk.screens.door.permitting import Permitting
from pcc_desk.screens.frame import Place
from pcc_desk.screens.row_form import RowForm
from pcc_desk.screens.words import answer_words, held_words, local_time
from pcc_desk.widgets.field import Field
from pcc_desk.widgets.keybar import KeyBar
from pcc_desk.widgets.listing import Column, Listing, Row
from pcc_desk.widgets.sheet import Sheet

READ = (Column("", 36), Column("The page shows", 20, grow=True))


async def ask_registry(app: App[None], desk: Desk, patient_id: UUID, card_number: str) -> str:
    """Ask for a card: the state system, or where no program asks it, the person at the desk. Return what to say."""
    outcome = await ask_and_set_aside(desk, patient_id, card_number)
    if isinstance(outcome, ToBeRead):
        return await read_by_hand(app, desk, patient_id, card_number)
    return held_words(outcome)


async def read_by_hand(app: App[None], desk: Desk, patient_id: UUID, card_number: str) -> str:
    """Let a person type what the state's page shows for a card. Return what to say; empty when nothing was saved.

    Of a person with several cards that are good each is read, the one that was shown last.
    """
    asked = await desk.store.read(to_ask, patient_id, card_number, desk.today)
    said = ""
    for each in (*(replace(asked, card_number=number, caregiver_card="") for number in asked.beside), asked):
        known = await read_standing(desk, patient_id)
        page = await desk.store.read(last_page)
        if not page and await is_by_hand(desk):
            page = desk.state.name
        told = await app.push_screen_wait(ByHand(desk, known, each, page)) or ""
        if not told:
            return said
        said = told
    return said


class ByHand(RowForm[Asked]):
    """Closes with a sentence on what was saved; empty when nothing was."""

    PLACE = "Chart"
    FORM = "by hand"
    ON_LEAVING = "What is typed is dropped."
    CSS_PATH = "by_hand.tcss"
    CALLED = "What is read by hand"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "save", "Save", id="by_hand.save", tooltip="Save what is typed; empty rows are not shown there"),
        Binding("down", "move(1)", "Next", id="by_hand.next", tooltip="The next row; enter goes there as well"),
        Binding("up", "move(-1)", "Before", id="by_hand.before", tooltip="The row before"),
        Binding("escape", "leave", "Back", id="by_hand.leave", tooltip="Leave without saving"),
    ]

    def __init__(self, desk: Desk, known: PatientStanding, asked: ToAsk, page: str) -> None:
        super().__init__(desk, tuple(asked_of(known, desk.today.year, asked.caregiver_card)), {PAGE: page})
        self.known = known
        self.asked = asked
        self.since = desk.clock.now()
        """When somebody began to look: what is read counts from then on."""
        self.page = page
        self.current = self.rows[1] if page else self.rows[0]

    def body(self) -> Iterable[Widget]:
        """Return the head, the rows, the field, and the line that answers."""
        yield Sheet(id="head", wraps=True)
        yield Listing(READ, id="read", opens=False)
        yield Field(id="entry", takes=self.entered, max_length=LONGEST_PAGE)
        yield Sheet(id="said", wraps=True)

    async def on_mount(self) -> None:
        """Say what to look for, and begin at the first row that is empty."""
        self.begin()
        await self.take_up_draft()
        at = local_time(self.since, self.desk.shop)[:5]
        head = (
            ((f"Read by hand for {self.known.patient.name}", "heading"),),
            ((f"Look for card {self.asked.card_number} now: what it shows counts from {at} on. ", ""),
             ("What it does not show, leave empty; nothing left is 0.", "muted")),
        )  # fmt: skip
        self.query_one("#head", Sheet).show(head)

    @property
    def about(self) -> UUID:
        """The patient."""
        return self.known.patient.id

    @property
    def about_patient(self) -> UUID:
        """The patient."""
        return self.known.patient.id

    def typed_so_far(self) -> Typed:
        """Return what is typed, and when somebody began to look: that is when it was so."""
        if not self.unsaved():
            return {}
        return {"rows": self.typed, "at": self.current.key, "since": self.since.isoformat()}

    def ground(self, typed: Typed) -> str:
        """Return what is asked for of which card."""
        return " | ".join((self.asked.card_number, *(each.key for each in self.rows)))

    def take_up(self, typed: Typed) -> str:
        """Put back what was typed; it counts from when it was read."""
        self.since = datetime.fromisoformat(typed["since"])
        self.typed = dict(typed["rows"])
        self.go_to_key(typed["at"])
        return ""

    @property
    def place(self) -> str:
        """The place from which somebody came here."""
        places = [each.PLACE for each in self.app.screen_stack if isinstance(each, Place)]
        return places[-1] if places else self.PLACE

    def hint(self, asked: Asked) -> str:
        """Return what it is and what to type."""
        return f"{asked.words}: {asked.example}"

    def row_of(self, asked: Asked) -> Row:
        """Return what is typed of a row, in full."""
        return Row(asked.key, (asked.words, self._told(asked)), self._tone(asked))

    def _told(self, row: Asked) -> str:
        typed = self.typed.get(row.key, "")
        return "" if not typed.strip() else told(row, typed)

    def _tone(self, row: Asked) -> str:
        typed = self.typed.get(row.key, "")
        return "warning" if typed.strip() and isinstance(understood(row, typed), NotUnderstood) else ""

    def entered(self, typed: str) -> None:
        """Go on to the next row, or save after the last. What cannot be understood stays."""
        if self.is_at("save"):
            return
        self.typed[self.current.key] = typed
        value = understood(self.current, typed)
        if isinstance(value, NotUnderstood):
            self.say(f"Not taken. {value.why}", "warning")
            return
        if self.current is self.rows[-1]:
            self.action_save()
        else:
            self.say(doubt(self.current, typed), "warning")
            self.action_move(1)

    def unsaved(self) -> str:
        """Return what is typed and not saved."""
        typed = {key: words for key, words in self.typed.items() if words.strip() and (key, words) != (PAGE, self.page)}
        return f"What was read for {self.known.patient.name} is not saved" if typed else ""

    def save_all(self) -> None:
        """Save what was read, or go to the row that says why not."""
        found = seen(self.rows, self.typed)
        if isinstance(found, Seen):
            self.save(found)
        else:
            row, wrong = found
            self.go_to(row)
            self.say(f"Not saved. {wrong.why}", "warning")

    @work(group="save")
    async def save(self, found: Seen) -> None:
        """Put it on record, and set aside anew by it."""
        patient_id = self.known.patient.id
        visit = await self.desk.store.read(visit_of, patient_id, self.desk.today, act=self.desk.act())
        outcome = await save_reading(
            self.desk,
            patient_id,
            self.asked.card_number,
            found,
            since=self.since,
            visit_id=visit.id if visit else None,
            caregiver_card=self.asked.caregiver_card,
        )
        match outcome:
            case NothingToSee(card=card):
                self.go_to_key(CARD)
                self.say(
                    f"Not saved. It says “{card}”, and yet figures are typed. Take them out, or type y.", "warning"
                )
            case Verification():
                held = held_words(await size_anew(self.desk, patient_id, visit))
                words = answer_words(outcome, self.desk.shop, self.desk.today)
                saved = local_time(self.desk.clock.now(), self.desk.shop)
                self.dismiss(f"Saved {saved}: {words}. {held}".strip())
            case _:
                assert_never(outcome)


class StatesNumber(ModalScreen[str], Permitting[str]):
    """Asks under which number a dispensation stands in the state's record. Closes with what to say of it."""

    CSS_PATH = "by_hand.tcss"
    CALLED = "The state's number"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "save", "Save", id="number.save", tooltip="Save the number, as enter does"),
        Binding("escape", "close", "Back", id="number.close", tooltip="It goes on waiting"),
    ]

    def __init__(self, desk: Desk, waiting: ToEnter) -> None:
        super().__init__()
        self.desk = desk
        self.waiting = waiting

    def compose(self) -> ComposeResult:
        """Draw what was dispensed, the field, and the line that answers."""
        yield Sheet(id="number-of", wraps=True)
        yield Field(id="number", placeholder="the number that the state's page shows for it", takes=self.entered)
        yield Sheet(id="said", wraps=True)
        yield KeyBar()

    def on_mount(self) -> None:
        """Say what to enter where."""
        given = self.waiting.dispensation
        through = f", through caregiver {given.caregiver_card}" if given.caregiver_card else ""
        self.query_one("#number-of", Sheet).show(
            (
                ((what_to_do(self.waiting.posting, self.desk.state.name), "heading"),),
                ((f"{self._when()} · card {given.card_number}{through} · ours {given.external_number}", ""),),
                ((self.waiting.summary, ""),),
            )
        )
        self.set_focus(self.query_one(Field))

    def _when(self) -> str:
        return self.desk.shop.written(self.waiting.dispensation.at)

    def is_saving(self) -> bool:
        """Whether the number is being saved."""
        return any(each.node is self and not each.is_finished for each in self.workers)

    def entered(self, typed: str) -> None:
        """Save the number. Pressed again meanwhile, the key does nothing."""
        if not self.is_saving():
            self.save(typed)

    @work(group="save")
    async def save(self, typed: str) -> None:
        """Put the number on record, or say why not."""
        act = self.desk.act()
        outcome = await self.desk.store.write(enter_by_hand, self.waiting.posting.id, typed, act=act)
        match outcome:
            case Posting(receipt=receipt):
                self.dismiss(f"Saved {local_time(act.at, self.desk.shop)}: entered by hand under {receipt}.")
            case NoNumber(why=why):
                self.say(why)
            case NumberTaken(external_number=number):
                self.say(f"That is the number of {number} already. Look again.")
            case Settled() | BeingSent():
                self.dismiss("It is settled already, or on its way at this moment.")
            case _:
                assert_never(outcome)

    def say(self, words: str) -> None:
        """Answer below the field."""
        self.query_one("#said", Sheet).show((((words, "warning"),),))

    def action_save(self) -> None:
        """Save what is typed."""
        self.entered(self.query_one(Field).value)

    def action_close(self) -> None:
        """Leave; it goes on waiting."""
        if not self.is_saving():
            self.dismiss("")
