"""The terminal's input, mended in two places: a byte that is no UTF-8 ends nothing, and a lone escape is soon known."""

import os
import selectors
from codecs import getincrementaldecoder

from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

ESCAPE = "\x1b"
POLL_S = 0.1
POLL_AFTER_ESCAPE_S = 0.025


class DeskDriver(LinuxDriver):
    """Reads keys as Textual's driver does, except for what is said above."""

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
                    typed = decode(os.read(self.fileno, 4096))
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
