"""The terminal's input, mended in three places.

A byte that is no UTF-8 ends nothing, a lone escape is soon known, and a terminal that went away ends the application.
"""

import os
import selectors
from codecs import getincrementaldecoder
from contextlib import suppress
from typing import Any, TextIO

from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

ESCAPE = "\x1b"
POLL_S = 0.1
POLL_AFTER_ESCAPE_S = 0.025


class TerminalGone(Message):
    """Nobody is at the other end of the terminal any more."""


class Output:
    """The terminal as a file to write to; when it is gone, what is written goes nowhere and stops nobody.

    The thread that writes would end with its first error, and the application would then wait for it for ever.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, text: str) -> None:
        """Write, if anybody can see it. That nobody can is told by the side that reads."""
        with suppress(OSError):
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
