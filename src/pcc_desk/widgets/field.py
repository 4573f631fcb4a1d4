"""One line to type in."""

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.reactive import Reactive
from textual.widgets import Input

LONGEST = 200


class Field(Input):
    """An input without blinking, suggestions, markup or clipboard; pasting by the terminal works."""

    BINDINGS: ClassVar[list[BindingType]] = []
    DEFAULT_CSS = """
    Field {
        border: none;
        height: 1;
        padding: 0 1;
        background: $panel;
    }
    Field:focus {
        border: none;
        background: $surface-lighten-1;
    }
    """

    virtual_size = Reactive(Size(0, 0))
    """How much there is to scroll along. Where the field stands does not hang on it: nothing is laid out anew by it."""

    def __init__(
        self,
        *,
        placeholder: str = "",
        id: str | None = None,  # noqa: A002 - as every widget calls it
        max_length: int = LONGEST,
        takes: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__(
            placeholder=placeholder,
            id=id,
            max_length=max_length,
            select_on_focus=False,
            compact=True,
            validate_on=(),
        )
        self.takes = takes
        """Called with what was typed when enter is pressed, before any key typed after it; None: a message is sent."""
        self.cursor_blink = False
        for key in ("ctrl+c", "super+c", "ctrl+x", "ctrl+v"):
            self._bindings.key_to_bindings.pop(key, None)

    async def _on_key(self, event: events.Key) -> None:
        """Take enter in its turn. As a binding it would come after the keys that were typed behind it."""
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            await self.action_submit()
        else:
            await super()._on_key(event)

    async def action_submit(self) -> None:
        """Hand over what was typed."""
        if self.takes is None:
            await super().action_submit()
        else:
            self.takes(self.value)
