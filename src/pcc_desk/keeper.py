"""The small process beside the desk: it starts it, waits for it, and puts the terminal right whatever became of it.

Nothing of a patient is ever in its memory. So a desk that is to forget even what its memory still holds ends, and this
one starts another in its place; and a desk that was killed leaves nobody's name on the screen. Light: it is there
before anything else is loaded.
"""

import os
import signal
import sys
import termios
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any

RENEWAL = 94
"""The status with which a desk ends that wants another in its place, on the same terminal."""

PASSED_ON = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP)

CLEAN = (
    "\x1b[?2026l\x1b[<u\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1004l\x1b[?2004l\x1b[?2048l"
    "\x1b[?1049h\x1b[0m\x1b[2J\x1b[?1049l\x1b[0m\x1b[?7h\x1b[?25h\r"
)
"""Empties the desk's own screen, leaves it, ends every mode that the desk may have begun, and begins a line."""

PR_SET_PDEATHSIG, PR_SET_DUMPABLE = 1, 4

found: list[Any] | None = None
"""How the terminal was set before any desk; None: nobody looked, or there is none."""

keeper_pid = 0
"""The process that keeps this one; 0: nobody does."""


def keep(run: Callable[[], int]) -> int:
    """Run something in a process of its own, again while it asks for that; return how it ended, as an exit status."""
    global found  # noqa: PLW0603 - the process that is started reads it
    found = _terminal()
    no_core_files()
    keeper = _Keeper(run)
    try:
        while (ended := keeper.once()) == RENEWAL and not keeper.is_to_end:
            continue
    finally:
        keeper.let_go()
    if ended < 0:
        _put_right()
        sys.stderr.write(
            f"The desk was ended from outside (signal {-ended}). What was saved is safe. Start it again.\n"
        )
        return 128 - ended
    if ended == RENEWAL:
        _put_right()
        return 0
    return ended


class _Keeper:
    """Starts a process and waits for it. Signals that end or stop this one go on to that one."""

    def __init__(self, run: Callable[[], int]) -> None:
        self._run = run
        self._pid = 0
        self.is_to_end = False
        self._before = {each: signal.signal(each, self._pass_on) for each in PASSED_ON}

    def let_go(self) -> None:
        """Take signals as before."""
        for each, handler in self._before.items():
            signal.signal(each, handler)

    def _pass_on(self, number: int, _frame: FrameType | None) -> None:
        self.is_to_end = self.is_to_end or number != signal.SIGTSTP
        if self._pid:
            with suppress(ProcessLookupError):
                os.kill(self._pid, number)

    def once(self) -> int:
        """Run it once; return its exit status, or the number of the signal that ended it, below zero."""
        global keeper_pid  # noqa: PLW0603 - as above
        mine = os.getpid()
        signal.pthread_sigmask(signal.SIG_BLOCK, PASSED_ON)
        self._pid = os.fork()
        if self._pid == 0:
            keeper_pid = mine
            self.let_go()
            signal.pthread_sigmask(signal.SIG_UNBLOCK, PASSED_ON)
            _run_and_end(self._run)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, PASSED_ON)
        while True:
            _, status = os.waitpid(self._pid, os.WUNTRACED)
            if not os.WIFSTOPPED(status):
                self._pid = 0
                return os.waitstatus_to_exitcode(status)
            os.kill(mine, signal.SIGSTOP)  # the shell sees this process; it goes on when the shell says so
            os.kill(self._pid, signal.SIGCONT)


def _run_and_end(run: Callable[[], int]) -> None:
    status = 1
    try:
        status = run()
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(status)


def _terminal() -> list[Any] | None:
    try:
        return termios.tcgetattr(sys.stdin.fileno())
    except (termios.error, ValueError, OSError):
        return None


def _put_right() -> None:
    """Take what a desk left off the terminal."""
    with suppress(OSError, ValueError, termios.error):
        sys.stderr.write(CLEAN)
        sys.stderr.flush()
        if found is not None:
            signal.signal(signal.SIGTTOU, signal.SIG_IGN)
            termios.tcsetattr(sys.stdin.fileno(), termios.TCSANOW, found)


def no_core_files() -> bool:
    """See to it that a process that fails leaves no picture of its memory. Return whether that could be done."""
    import resource  # noqa: PLC0415 - not for --help

    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (OSError, ValueError):
        return False
    return True


def close_memory() -> bool:
    """Close this process's memory to others of the same person, and let it end when its keeper does.

    To be called in the thread that lasts longest. Return whether it could be done; only Linux knows how.
    """
    if not sys.platform.startswith("linux"):
        return False
    import ctypes  # noqa: PLC0415 - after the first frame

    try:
        prctl = ctypes.CDLL(None, use_errno=True).prctl
    except (OSError, AttributeError):
        return False
    if keeper_pid:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != keeper_pid:
            os.kill(os.getpid(), signal.SIGTERM)
    return bool(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0)
