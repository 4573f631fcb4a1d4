"""Small questions and texts over a place."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Key
from textual.screen import ModalScreen

from pcc_desk.widgets.keybar import KeyBar
from pcc_desk.widgets.listing import Column, Listing, Row
from pcc_desk.widgets.sheet import Line, Sheet


class Confirm(ModalScreen[bool]):
    """A question that is answered by yes or no. Escape is no."""

    CSS_PATH = "dialogs.tcss"
    CALLED = "A question"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Yes", id="confirm.yes", tooltip="Do it"),
        Binding("n,escape", "answer(False)", "No", id="confirm.no", tooltip="Leave things as they are"),
    ]

    def __init__(self, question: str, consequence: str = "") -> None:
        super().__init__()
        self.question = question
        self.consequence = consequence

    def compose(self) -> ComposeResult:
        """Draw the question and the two keys."""
        yield Sheet(id="question", wraps=True)
        yield KeyBar()

    def on_mount(self) -> None:
        """Show the question."""
        self.query_one(Sheet).show((((self.question, "heading"),), ((self.consequence, ""),)))

    def action_answer(self, is_yes: bool) -> None:
        """Close with the answer."""
        self.dismiss(is_yes)


class GoToPlace(ModalScreen[str]):
    """The list of places; a letter or enter goes there. Closes with "" when nobody goes anywhere."""

    CSS_PATH = "dialogs.tcss"
    CALLED = "Places"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Stay", id="places.close", tooltip="Stay where you are"),
    ]

    def __init__(self, places: tuple[tuple[str, str, str], ...]) -> None:
        """Take letter, place and what it is for."""
        super().__init__()
        self.places = places

    def compose(self) -> ComposeResult:
        """Draw the list."""
        yield Listing((Column("", 1), Column("Go to", 14), Column("", 10, grow=True)))
        yield KeyBar()

    def on_mount(self) -> None:
        """Fill the list."""
        listing = self.query_one(Listing)
        listing.show(tuple(Row(place, (letter, place, purpose)) for letter, place, purpose in self.places))
        self.set_focus(listing)

    def on_listing_chosen(self, event: Listing.Chosen) -> None:
        """Go to the place under the cursor."""
        event.stop()
        self.dismiss(event.key)

    def on_key(self, event: Key) -> None:
        """Go to the place of a letter."""
        for letter, place, _ in self.places:
            if event.key == letter:
                event.stop()
                self.dismiss(place)

    def action_close(self) -> None:
        """Stay."""
        self.dismiss("")


class Help(ModalScreen[None]):
    """A text to read over a place: what can be done there, by which key, or a line in full."""

    CSS_PATH = "dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1,enter", "close", "Close", id="help.close", tooltip="Back to where you were"),
    ]

    def __init__(self, title: str, lines: tuple[Line, ...]) -> None:
        super().__init__()
        self.heading = title
        self.lines_to_show = lines

    def compose(self) -> ComposeResult:
        """Draw the text."""
        yield Sheet(id="help", can_focus=True, wraps=True)
        yield KeyBar()

    def on_mount(self) -> None:
        """Show the text; it scrolls."""
        sheet = self.query_one(Sheet)
        sheet.show((((self.heading, "heading"),), (), *self.lines_to_show))
        self.set_focus(sheet)

    def action_close(self) -> None:
        """Close."""
        self.dismiss(None)
