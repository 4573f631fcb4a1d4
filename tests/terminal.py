"""A terminal of its own for a program: what is typed goes in as bytes, what is drawn is a grid of cells.

Every piece that the program writes is kept with the instant it came, so that the same run can be watched while it goes
on and measured afterwards.
"""

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Self

import pyte
from pyte.screens import Char

KEYS = {
    "enter": b"\r",
    "escape": b"\x1b",
    "tab": b"\t",
    "space": b" ",
    "backspace": b"\x7f",
    "up": b"\x1b[A",
    "down": b"\x1b[B",
    "right": b"\x1b[C",
    "left": b"\x1b[D",
    "f1": b"\x1bOP",
    "f2": b"\x1bOQ",
    "f4": b"\x1bOS",
    "f5": b"\x1b[15~",
    "f7": b"\x1b[18~",
    "f6": b"\x1b[17~",
    "f8": b"\x1b[19~",
    "f9": b"\x1b[20~",
    "f10": b"\x1b[21~",
    "ctrl+c": b"\x03",
    "ctrl+g": b"\x07",
    "ctrl+p": b"\x10",
    "ctrl+z": b"\x1a",
}
"""What a terminal sends for a key that has a name; any other key is its character."""

WITHIN_S = 30.0
BREATH_S = 0.2


class NeverSeen(AssertionError):
    """What was waited for did not come on the screen. The message shows what stood there."""


class Terminal:
    """Runs a program on a pseudo-terminal. No process is forked from this one."""

    def __init__(
        self,
        command: Sequence[str],
        environ: Mapping[str, str] | None = None,
        columns: int = 100,
        rows: int = 30,
    ) -> None:
        self.columns = columns
        self.rows = rows
        self.chunks: list[tuple[float, bytes]] = []
        """What was written, each piece with its instant on the monotonic clock, in seconds."""
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._shown = 0
        self._is_open = True
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            env={**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **(environ or {})},
        )
        os.close(theirs)

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the program, politely and then not, and let go of the terminal."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.end(within=5)
            except NeverSeen:
                self.process.kill()
        self.process.wait()
        self.hang_up()

    def hang_up(self) -> None:
        """Take the terminal away from the program."""
        if self._ours >= 0:
            os.close(self._ours)
        self._ours, self._is_open = -1, False

    def press(self, *keys: str) -> float:
        """Press keys one after another; return the instant of the last."""
        for key in keys:
            os.write(self._ours, key.encode() if len(key) == 1 else KEYS[key])
        return time.monotonic()

    def type(self, words: str) -> float:
        """Type words, with a breath behind each line: many keys without one are a scan. Return the last instant."""
        at = time.monotonic()
        for line in words.splitlines(keepends=True):
            os.write(self._ours, line.encode())
            at = time.monotonic()
            self.settle(BREATH_S, within=BREATH_S)
        return at

    def listen(self, seconds: float) -> bool:
        """Take in one piece of what is written; return False when none came in time, or there is nobody to write."""
        if not self._is_open or not select.select([self._ours], [], [], max(seconds, 0))[0]:
            return False
        try:
            piece = os.read(self._ours, 65_536)
        except OSError:  # how Linux says that nobody holds the other end any more
            piece = b""
        if not piece:
            self._is_open = False
            return False
        self.chunks.append((time.monotonic(), piece))
        return True

    def settle(self, quiet: float = 0.3, within: float = WITHIN_S) -> float:
        """Listen until nothing was written for `quiet` seconds; return the instant of the last piece."""
        until = time.monotonic() + within
        while time.monotonic() < until and self.listen(quiet):
            continue
        return self.chunks[-1][0] if self.chunks else self.began

    @property
    def lines(self) -> list[str]:
        """The rows of the screen as they stand now, without the blanks at their ends."""
        for _, piece in self.chunks[self._shown :]:
            self._stream.feed(piece)
        self._shown = len(self.chunks)
        return [row.rstrip() for row in self._screen.display]

    @property
    def cells(self) -> list[list[Char]]:
        """The rows of the screen as they stand now, cell by cell with their colours."""
        self.lines  # noqa: B018 - what came is drawn first
        return [[self._screen.buffer[y][x] for x in range(self.columns)] for y in range(self.rows)]

    @property
    def text(self) -> str:
        """The screen as it stands now."""
        return "\n".join(self.lines)

    def first_seen(self, holds: Callable[[list[str]], bool], seconds: float) -> float | None:
        """Listen for `seconds`, then return the instant at which something first held of the screen; None: it did not.

        What comes is only noted while it comes, and drawn afterwards, so that the drawing delays no instant.
        """
        begin = len(self.chunks)
        until = time.monotonic() + seconds
        while self.listen(until - time.monotonic()):
            continue
        pieces, self.chunks[begin:] = self.chunks[begin:], []
        first = None
        for at, piece in pieces:
            self.chunks.append((at, piece))
            if holds(self.lines) and first is None:
                first = at
        return first

    def see(self, wanted: str | Callable[[str], bool], within: float = WITHIN_S) -> str:
        """Wait until words stand on the screen, or something holds of it; return the screen. Raises `NeverSeen`."""
        holds = (lambda text: wanted in text) if isinstance(wanted, str) else wanted
        until = time.monotonic() + within
        while not holds(text := self.text):
            if not self.listen(min(until - time.monotonic(), 0.5)) and (time.monotonic() > until or not self._is_open):
                what = f"“{wanted}”" if isinstance(wanted, str) else "What was waited for"
                raise NeverSeen(f"{what} never stood on the screen. There stood:\n{text}")
        return text

    def end(self, within: float = WITHIN_S) -> int:
        """Wait until the program has ended; return its exit status. Raises `NeverSeen`."""
        until = time.monotonic() + within
        while self._is_open and time.monotonic() < until:
            self.listen(0.1)
        try:
            return self.process.wait(timeout=max(until - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired as error:
            raise NeverSeen(f"The program did not end. There stood:\n{self.text}") from error
