"""A field for a secret: drawn by itself, so that no clipboard, history or log ever holds what is typed."""

from textual.events import Blur, Focus, Key, Paste
from textual.message import Message

from pcc_desk.widgets.drawn import Drawn, Line

LONGEST = 128


class SecretField(Drawn, can_focus=True):
    """Shows a bullet for each character."""

    class Submitted(Message):
        """Enter was pressed."""

    class Refused(Message):
        """Something was not taken into the field."""

        def __init__(self, reason: str) -> None:
            super().__init__()
            self.reason = reason

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._typed: list[str] = []

    def take(self) -> str:
        """Return what was typed and forget it."""
        secret = "".join(self._typed)
        self.forget()
        return secret

    def forget(self) -> None:
        """Forget what was typed."""
        self._typed.clear()
        self.refresh()

    def line(self, y: int) -> Line:
        """Return a bullet for each character, and the place of the next."""
        room = max(self.size.width - 3, 0)
        return ((f" {'•' * min(len(self._typed), room)}", ""), ("▏" if self.has_focus else "", "key"))

    def on_key(self, event: Key) -> None:
        """Take characters; nothing else of the keyboard has a meaning here but enter and backspace."""
        if event.key == "enter":
            self.post_message(self.Submitted())
        elif event.key in {"backspace", "ctrl+h"}:
            del self._typed[-1:]
        elif event.key == "ctrl+u":
            self._typed.clear()
        elif event.is_printable and event.character:
            self._add(event.character)
        else:
            return
        event.stop()
        event.prevent_default()
        self.refresh()

    def on_paste(self, event: Paste) -> None:
        """Take a pasted line whole, or not at all."""
        event.stop()
        self._add(event.text.rstrip("\r\n"))
        self.refresh()

    def _add(self, text: str) -> None:
        if len(self._typed) + len(text) > LONGEST:
            self.post_message(self.Refused(f"A passphrase has at most {LONGEST} characters. Nothing was added."))
        elif not text.isprintable():
            self.post_message(self.Refused("That holds characters that cannot be typed. Nothing was added."))
        else:
            self._typed.extend(text)

    def on_focus(self, event: Focus) -> None:
        """Show where one types."""
        self.refresh()

    def on_blur(self, event: Blur) -> None:
        """Show that one types elsewhere."""
        self.refresh()
