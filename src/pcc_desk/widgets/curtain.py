"""The curtain: the shop's name before whatever stands on the screen, and a secret that draws it back.

It is no screen among the others. Work that goes on behind it may close the screen it belongs to, as if nobody had
drawn anything; nothing of that lifts the curtain.
"""

from textual.events import Key

from pcc_desk.widgets.secret import LONGEST

PROMPT = "The same key, then your secret, goes back."


class Curtain:
    """What hangs there, and what is typed at it."""

    def __init__(self, shop_name: str) -> None:
        self.shop_name = shop_name
        self.is_asking = False
        self.said = ""
        self.locks_in: int | None = None
        self._typed: list[str] = []

    @property
    def lines(self) -> tuple[str, ...]:
        """What is shown, from top to bottom."""
        if not self.is_asking:
            return (self.shop_name, "", PROMPT, "", "", self._left)
        return (
            self.shop_name,
            "",
            "Type your secret, then enter.",
            "•" * len(self._typed) or "_",
            self.said,
            self._left,
        )

    @property
    def _left(self) -> str:
        return f"The desk locks in {self.locks_in} s." if self.locks_in is not None and self.locks_in <= 15 else ""

    def ask(self) -> None:
        """Ask for the secret, from its first character on."""
        self.is_asking = True
        self.said = ""
        self._typed.clear()

    def typed(self, event: Key) -> str:
        """Take a key; return the secret once it is whole, else nothing."""
        if not self.is_asking:
            return ""
        if event.key == "enter":
            secret = "".join(self._typed)
            self._typed.clear()
            return secret
        if event.key in {"backspace", "ctrl+h"}:
            del self._typed[-1:]
        elif event.key in {"ctrl+u", "escape"}:
            self._typed.clear()
        elif event.is_printable and event.character and len(self._typed) < LONGEST:
            self._typed.append(event.character)
        return ""

    def pasted(self, text: str) -> None:
        """Take a pasted line whole, or not at all."""
        line = text.rstrip("\r\n")
        if self.is_asking and line.isprintable() and len(self._typed) + len(line) <= LONGEST:
            self._typed.extend(line)
