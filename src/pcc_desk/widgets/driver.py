"""The terminal, mended: its input in four places, its output in one.

A byte that is no UTF-8 ends nothing, a lone escape is soon known, a terminal that went away ends the application, and
keys beyond what anybody types ahead are dropped. What is drawn can be covered at once, from any thread.
"""

import os
import re
import selectors
from codecs import getincrementaldecoder
from collections.abc import Sequence
from contextlib import suppress
from queue import Full
from typing import Any, TextIO

from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.events import InputEvent, Key, Paste
from textual.message import Message

from pcc_desk import keeper
from pcc_desk.widgets.plain import visible

ESCAPE = "\x1b"
POLL_S = 0.1
POLL_AFTER_ESCAPE_S = 0.025

MODES_ONLY = re.compile(r"(?:\x1b\[[<=>?][0-9;:]*\$?[a-zA-Z])*")
"""What changes how the terminal behaves, and nothing that stands on it."""

BEGIN, END = "\x1b[?2026h", "\x1b[?2026l"
"""Around what is to appear at once, where the terminal knows how."""


class TerminalGone(Message):
    """Nobody is at the other end of the terminal any more."""


class Output:
    """The terminal as a file to write to; when it is gone, what is written goes nowhere and stops nobody.

    The thread that writes would end with its first error, and the application would then wait for it for ever. While
    it is covered, nothing that is written but the cover itself is seen.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._cover = ""
        self._is_cover_due = False

    def cover(self, text: str) -> None:
        """Have the next write draw this in the place of everything, and let nothing else through."""
        self._cover = text
        self._is_cover_due = True

    def uncover(self) -> None:
        """Let what is written through again; what stood below must be drawn anew."""
        self._cover = ""

    def write(self, text: str) -> None:
        """Write, if anybody can see it. That nobody can is told by the side that reads."""
        with suppress(OSError):
            cover = self._cover
            if cover and self._is_cover_due:
                self._is_cover_due = False
                self._file.write(cover)
                self._file.flush()
            if not cover or MODES_ONLY.fullmatch(text):
                self._file.write(text)

    def flush(self) -> None:
        """Send on what was written."""
        with suppress(OSError):
            self._file.flush()

    def fileno(self) -> int:
        """Return the terminal's descriptor."""
        return self._file.fileno()

    def isatty(self) -> bool:
        """Return whether it is a terminal."""
        return self._file.isatty()


class DeskDriver(LinuxDriver):
    """Reads keys as Textual's driver does, except for what is said above."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._file: Any = Output(self._file)
        self.keeps_terminal = False
        """The terminal is handed to the next process as it is, still covered."""

    def cover(self, lines: Sequence[str]) -> None:
        """Take everything off the screen and show some lines in its middle. May be called from any thread.

        It waits for nobody: the thread that writes draws the cover before anything else that waits.
        """
        self._file.cover(self._drawn(lines))
        if self._writer_thread is not None:
            with suppress(Full):
                self._writer_thread._queue.put_nowait("")

    def uncover(self) -> None:
        """Let the application draw again."""
        self._file.uncover()

    def _drawn(self, lines: Sequence[str]) -> str:
        try:
            width, height = os.get_terminal_size(self.fileno)
        except OSError:
            width, height = 80, 24
        top = max((height - len(lines)) // 2, 0)
        placed = []
        for row, line in enumerate(lines[:height], 1):
            words = visible(line)[:width]
            placed.append(f"\x1b[{top + row};{(width - len(words)) // 2 + 1}H{words}")
        return f"{END}{BEGIN}\x1b[0m\x1b[2J{''.join(placed)}{END}"

    def process_message(self, message: Message) -> None:
        """Hand a message to the application, which hears at once that somebody is there; a key only where it has room.

        Keys may wait for their turn: that they were pressed is known when they were.
        """
        if isinstance(message, InputEvent | Paste):
            self._app.touched()  # type: ignore[attr-defined]
            message.is_known = True  # type: ignore[union-attr]
        if not isinstance(message, Key) or self._app.key_arrives(message.key):  # type: ignore[attr-defined]
            super().process_message(message)

    def stop_application_mode(self) -> None:
        """Leave the terminal as it was found; or as it is, for the next process."""
        if not self.keeps_terminal:
            self._file.cover(self._drawn(()))  # not every terminal has a screen of its own to leave
            super().stop_application_mode()
            return
        self.disable_input()
        self.write("\x1b[<u")

    def start_application_mode(self) -> None:
        """Take the terminal; it is left as the first process of this desk found it, not as it was handed over."""
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if keeper.found is not None:
            self.attrs_before = keeper.found

    def run_input_thread(self) -> None:
        """Read until the driver ends."""
        decode = getincrementaldecoder("utf-8")("replace").decode
        parser = XTermParser(self._debug)
        wait = POLL_S
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                typed = None
                for _ in selector.select(wait):
                    read = self._read()
                    if not read:
                        self._loop.call_soon_threadsafe(self._app.post_message, TerminalGone())
                        return
                    typed = decode(read)
                    for event in parser.feed(typed) if typed else ():
                        self.process_message(event)
                for event in parser.tick():
                    self.process_message(event)
                wait = POLL_AFTER_ESCAPE_S if typed is not None and typed.endswith(ESCAPE) else POLL_S
        try:
            for _ in parser.feed(""):
                pass
        except (EOFError, ParseError):
            return

    def _read(self) -> bytes:
        """Return what was typed; nothing when the terminal is gone."""
        try:
            return os.read(self.fileno, 4096)
        except OSError:
            return b""
