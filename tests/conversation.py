"""A command in a terminal of its own, answered line by line. Whole screens have a harness of their own."""

import os
import pty
import selectors
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self


class Conversation:
    """Runs `pcc-desk` with a pseudo-terminal for its input and output. No process is forked from this one."""

    def __init__(self, home: Path, *arguments: str, term: str = "xterm-256color") -> None:
        self._ours, theirs = pty.openpty()
        command = [sys.executable, "-m", "pcc_desk", "--home", str(home), *arguments]
        self._process = subprocess.Popen(
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            env={**os.environ, "TERM": term},
        )
        os.close(theirs)
        self.said = ""
        """Everything that stood on the terminal."""
        self._heard = 0

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process and let go of the terminal."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        os.close(self._ours)

    def hear(self, words: str, within: float = 30.0) -> None:
        """Wait until some words are said, after those waited for before."""
        until = time.monotonic() + within
        while words not in self.said[self._heard :]:
            if not self._read(until - time.monotonic()):
                raise AssertionError(f"“{words}” was not said. What was said:\n{self.said}")
        self._heard = self.said.index(words, self._heard) + len(words)

    def say(self, line: str) -> None:
        """Type a line and the enter key."""
        os.write(self._ours, line.encode() + b"\r")

    def interrupt(self) -> None:
        """Stop the command as ctrl+c does: again when nothing is said for a second, as a person would.

        A signal that comes between a prompt and the reading of its answer is heeded only at the next key.
        """
        for _ in range(10):
            self._process.send_signal(signal.SIGINT)
            if self._read(1.0):
                return

    def end(self, within: float = 30.0) -> int:
        """Wait until the command has ended and return its exit status."""
        until = time.monotonic() + within
        while self._read(until - time.monotonic()):
            pass
        return self._process.wait(timeout=max(until - time.monotonic(), 1))

    def _read(self, timeout: float) -> bool:
        """Take in what is said next; return False at the end, or when nothing came in time."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._ours, selectors.EVENT_READ)
            if not selector.select(max(timeout, 0)):
                return False
        try:
            heard = os.read(self._ours, 65_536)
        except OSError:  # how Linux says that nobody holds the other end any more
            return False
        self.said += heard.decode(errors="replace")
        return bool(heard)
