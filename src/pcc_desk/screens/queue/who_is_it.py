"""Who is it: where a scan does not say for certain, a person asks for the birth date, and chooses."""

from datetime import date
from typing import ClassVar, NamedTuple
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from pcc_desk.desk.matching import Candidate, LikelyMatch, Match, NoMatch, SeveralMatch
from pcc_desk.domain.birth_dates import typed_birth_date
from pcc_desk.screens.queue.scan_words import Shown, scan_lines
from pcc_desk.widgets.field import Field
from pcc_desk.widgets.keybar import KeyBar
from pcc_desk.widgets.listing import Column, Listing, Row
from pcc_desk.widgets.sheet import Line, Sheet


class Chosen(NamedTuple):
    """Whom somebody chose."""

    patient_id: UUID
    card_number: str


class SomebodyNew:
    """Nobody on record: they are put on record now."""


class WhoIsIt(ModalScreen[Chosen | SomebodyNew | None]):
    """Shows who it may be. Closes with the one whose birth date was typed and chosen; None: with nobody."""

    CSS_PATH = "who_is_it.tcss"
    CALLED = "Who is it"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter", "take", "Take", id="who.take", tooltip="Type the birth date that the patient says, then enter"
        ),
        Binding("down", "move(1)", "Down", id="who.down", tooltip="Down the list", show=False),
        Binding("up", "move(-1)", "Up", id="who.up", tooltip="Up the list", show=False),
        Binding("n", "new", "New patient", id="who.new", tooltip="Put them on record, beginning with what was scanned"),
        Binding("escape", "close", "Back", id="who.close", tooltip="Nobody; search by hand or begin a new patient"),
    ]

    def __init__(self, shown: Shown, match: Match, today: date, *, may_register: bool = False) -> None:
        """Take what was scanned, who it may be, the day, and whether who sits here may put patients on record."""
        super().__init__()
        self.may_register = may_register
        self.shown = shown
        self.match = match
        self.today = today
        self.said: Line = ()

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """Who it may be."""
        return self.match.candidates if isinstance(self.match, LikelyMatch | SeveralMatch) else ()

    def compose(self) -> ComposeResult:
        """Draw what was scanned, who it may be, and the field for the birth date."""
        yield Sheet(id="scan", wraps=True)
        yield Listing((Column("Name", 24), Column("Born", 6), Column("Card", 8), Column("", 10, grow=True)))
        if self.candidates:
            yield Field(placeholder="birth date as the patient says it, then enter", id="born", takes=self.typed)
        yield KeyBar()

    def on_mount(self) -> None:
        """Show it."""
        rows = tuple(
            Row(
                str(at),
                (
                    each.patient.name,
                    str(each.patient.born.year),
                    f"…{each.card_number[-4:]}" if each.card_number else "none",
                    each.why,
                ),
            )
            for at, each in enumerate(self.candidates)
        )
        listing = self.query_one(Listing)
        listing.empty = "Nobody on record. Esc, then / searches by hand."
        listing.show(rows)
        if self.candidates:
            self.set_focus(self.query_one(Field))
        self.show()

    def show(self) -> None:
        """Draw the words above the list."""
        lines = [*scan_lines(self.shown, self.today), ((self._asked(), ""),), self.said]
        self.query_one("#scan", Sheet).show(tuple(lines))

    def _asked(self) -> str:
        match self.match:
            case SeveralMatch(why=why):
                return why
            case LikelyMatch():
                return "Perhaps one of these. Ask for the birth date, and compare the whole name."
            case NoMatch(alike=()):
                return "Nobody on record has this."
            case NoMatch(alike=alike):
                others = " · ".join(f"{each.name}, born {each.born.year}" for each in alike[:3])
                return f"Nobody on record by this name and birth date. Of this name, with another: {others}."
            case _:
                return ""

    def typed(self, words: str) -> None:
        """Take the one under the cursor when the birth date is theirs; where it is another's alone, go to that one."""
        born = typed_birth_date(words, self.today)
        if born is None:
            said = f"“{words[:20]}” is no birth date. Type it" if words.strip() else "Type the birth date first,"
            self.say(f"{said} as 1958-03-11 or 3/11/1958.")
            return
        theirs = [at for at, each in enumerate(self.candidates) if each.patient.born == born]
        here = int(self.query_one(Listing).cursor_key or 0)
        if here in theirs:
            chosen = self.candidates[here]
            self.dismiss(Chosen(chosen.patient.id, chosen.card_number))
        elif len(theirs) == 1:
            self.query_one(Listing).move_to(str(theirs[0]))
            self.say("That is the birth date of the one marked now. Enter again takes them.")
        else:
            self.say("That is not the birth date of the one marked. Ask again, or look for somebody else.")

    def say(self, words: str) -> None:
        """Answer above the list."""
        self.said = ((words, "warning"),)
        self.show()

    @on(Listing.Chosen)
    def picked(self) -> None:
        """Go by what is typed: a choice without the birth date is a guess."""
        self.action_take()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer a new patient where nobody was found, and choosing where somebody was."""
        return {"new": not self.candidates and self.may_register, "take": bool(self.candidates)}.get(action, True)

    def action_new(self) -> None:
        """Close with somebody new."""
        self.dismiss(SomebodyNew())

    def action_take(self) -> None:
        """Take the one under the cursor."""
        if self.candidates:
            self.typed(self.query_one(Field).value)

    def action_move(self, by: int) -> None:
        """Move the cursor of the list."""
        self.query_one(Listing).move(by)

    def action_close(self) -> None:
        """Close with nobody."""
        self.dismiss(None)
