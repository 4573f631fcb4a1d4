"""Small questions about people and secrets: one of a few things, a new secret twice, a code that is shown once."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from pcc_desk.widgets.keybar import KeyBar
from pcc_desk.widgets.listing import Column, Listing, Row
from pcc_desk.widgets.secret import SecretField
from pcc_desk.widgets.sheet import Sheet


class ChooseOne(ModalScreen[str]):
    """A few things, of which one is chosen. Closes with its key, or with "" when none is."""

    CSS_PATH = "staffing.tcss"
    CALLED = "A choice"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Back", id="choose.close", tooltip="Choose nothing"),
    ]

    def __init__(self, title: str, choices: tuple[tuple[str, str], ...]) -> None:
        """Take what is asked, and each choice with what it means."""
        super().__init__()
        self.asked = title
        self.choices = choices

    def compose(self) -> ComposeResult:
        """Draw the list."""
        yield Listing((Column(self.asked, 24), Column("", 10, grow=True)))
        yield KeyBar()

    def on_mount(self) -> None:
        """Fill the list."""
        listing = self.query_one(Listing)
        listing.show(tuple(Row(key, (key, means)) for key, means in self.choices))
        self.set_focus(listing)

    def on_listing_chosen(self, event: Listing.Chosen) -> None:
        """Take what is under the cursor."""
        event.stop()
        self.dismiss(event.key)

    def action_close(self) -> None:
        """Choose nothing."""
        self.dismiss("")


class NewSecret(ModalScreen[str]):
    """Asks for a new secret, twice. Closes with it, or with "" when none is given."""

    CSS_PATH = "staffing.tcss"
    CALLED = "A new secret"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "save", "Take it", id="secret.save", tooltip="Take it, as enter does in the last line"),
        Binding("up", "focus_previous", "Before", id="secret.before", tooltip="Go to the line above", show=False),
        Binding("down", "focus_next", "After", id="secret.after", tooltip="Go to the line below", show=False),
        Binding("escape", "close", "Back", id="secret.close", tooltip="Change nothing"),
    ]

    def __init__(self, what: str, advice: str) -> None:
        """Take what it is, "The new PIN of Ana", and how it may be."""
        super().__init__()
        self.what = what
        self.advice = advice

    def compose(self) -> ComposeResult:
        """Draw what it is, two fields, and the line that answers."""
        yield Sheet(id="asked", wraps=True)
        yield SecretField(id="first")
        yield SecretField(id="again")
        yield Sheet(id="said", wraps=True)
        yield KeyBar()

    def on_mount(self) -> None:
        """Say what it is."""
        lines = ((self.what, "heading"),), ((self.advice, ""),), (("Whoever it is for types it, twice.", "muted"),)
        self.query_one("#asked", Sheet).show(lines)
        self.set_focus(self.query_one("#first"))

    @on(SecretField.Submitted)
    def entered(self) -> None:
        """Go on to the second line, or take it."""
        if self.focused is self.query_one("#first"):
            self.focus_next()
        else:
            self.action_save()

    @on(SecretField.Refused)
    def say_refused(self, event: SecretField.Refused) -> None:
        """Say why something was not taken into the field."""
        self.say(event.reason)

    def action_save(self) -> None:
        """Take it where both are the same."""
        first, again = (self.query_one(f"#{name}", SecretField).take() for name in ("first", "again"))
        if first and first == again:
            self.dismiss(first)
            return
        self.say("The two differ. Type it twice, the same." if first or again else "Nothing is typed yet.")
        self.set_focus(self.query_one("#first"))

    def say(self, words: str) -> None:
        """Answer below the fields."""
        self.query_one("#said", Sheet).show((((words, "warning"),),))

    def action_close(self) -> None:
        """Change nothing."""
        self.dismiss("")


class ShownOnce(ModalScreen[None]):
    """The code of a new recovery sheet. It is kept nowhere: gone from here it is only on paper."""

    CSS_PATH = "staffing.tcss"
    CALLED = "The new recovery sheet"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "close", "It is written down", id="shown.close", tooltip="Take it off the screen for good"),
    ]

    def __init__(self, code: str) -> None:
        super().__init__()
        self.code = code

    def compose(self) -> ComposeResult:
        """Draw the code."""
        yield Sheet(id="asked", wraps=True)
        yield KeyBar()

    def on_mount(self) -> None:
        """Show it."""
        self.query_one(Sheet).show(
            (
                (("The new recovery sheet", "heading"),),
                ((self.code, "key"),),
                (("Write it down twice, for two sealed envelopes in two places. It is shown this once.", ""),),
                (("The sheet before it opens nothing any more.", "muted"),),
            )
        )

    def action_close(self) -> None:
        """Forget it."""
        self.code = ""
        self.dismiss(None)
