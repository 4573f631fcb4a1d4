"""One line to type in."""

from typing import ClassVar

from textual.binding import BindingType
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

    def __init__(self, *, placeholder: str = "", id: str | None = None, max_length: int = LONGEST) -> None:  # noqa: A002
        super().__init__(placeholder=placeholder, id=id, max_length=max_length, select_on_focus=False, compact=True)
        self.cursor_blink = False
        for key in ("ctrl+c", "super+c", "ctrl+x", "ctrl+v"):
            self._bindings.key_to_bindings.pop(key, None)
