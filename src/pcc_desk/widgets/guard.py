"""What every application over patients' data needs, whatever it does: nothing steers the terminal, nothing leaks."""

import os
import sys
import traceback
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from rich.console import RenderableType
from rich.segment import Segment
from textual import events
from textual.app import App
from textual.binding import Binding, BindingType
from textual.color import Color
from textual.driver import Driver
from textual.filter import LineFilter
from textual.message import Message
from textual.timer import Timer
from textual.worker import WorkerFailed

from pcc_desk.desk.errors import DeskError, NotSaved
from pcc_desk.widgets.plain import visible

KEY_ROUNDS = 3

NOT_SAVED_S = 20.0
"""How long it stands there that something was not saved."""

MOST_KEYS_AHEAD = 200
"""Keys that wait for their turn. Nobody types so far ahead; something that lies on the keyboard does."""

LONGEST_KEY_S = 0.25
"""After how long the next key is taken when the end of one is not heard of, because its widget is gone."""


class VisibleOnly(LineFilter):
    """Makes control and reordering characters visible in everything that is drawn, whichever widget drew it."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments with nothing in them that steers a terminal."""
        if all(text.isprintable() for text, _, control in segments if not control):
            return segments
        return [segment if segment.control else Segment(visible(segment.text), segment.style) for segment in segments]


class KeyDone(Message):
    """Goes the way a key went, from the focused widget up to the application, behind whatever the key set off.

    Each round lets one more message that was sent because of the last one arrive: a row chosen, a place asked for.
    """

    def __init__(self, rounds: int, key_number: int) -> None:
        super().__init__()
        self.rounds = rounds
        self.key_number = key_number


class GuardedApp(App[None]):
    """An application that shows no locals when it fails, takes no pictures, copies nothing and is not suspended.

    Keys are taken one by one. Textual hands each to whatever has the focus when it arrives, while a binding acts only
    after the key came up again: keys typed ahead, or sent by a scanner, would overtake what the first of them does.
    """

    ALLOW_SELECT: ClassVar[bool] = False
    ENABLE_COMMAND_PALETTE: ClassVar[bool] = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "nothing", show=False, priority=True),
        Binding("ctrl+c", "nothing", show=False),
        Binding("ctrl+z", "nothing", show=False),
    ]

    NEVER_DROPPED: ClassVar[frozenset[str]] = frozenset()
    """Keys that are taken however many wait."""

    crash_folder: Path | None = None
    """Where a report of a failure goes: places in the code and kinds of errors, no values. None: nowhere."""

    def __init__(self) -> None:
        super().__init__(driver_class=_driver())
        self._keys_ahead: deque[events.Key] = deque()
        self._collected = 0
        """How many of these were collected and given back: they take no room from those that come behind them."""
        self._is_key_under_way = False
        self._is_holding_keys = False
        self._keys_taken = 0
        self._letting_go: Timer | None = None
        self._keys_arrived = self._keys_seen = 0
        """The one is counted by the thread that reads the terminal, the other by the application's own."""
        self._filters.append(VisibleOnly())
        self.animation_level = "none"

    def key_arrives(self, key: str) -> bool:
        """Whether there is room for a key. Called from the thread that reads the terminal."""
        waiting = self._keys_arrived - self._keys_seen + len(self._keys_ahead)
        if waiting >= MOST_KEYS_AHEAD and key not in self.NEVER_DROPPED:
            return False
        self._keys_arrived += 1
        return True

    def touched(self) -> None:
        """Somebody pressed a key, moved the mouse or pasted. May be called from the thread that reads the terminal."""

    def takes(self, event: events.InputEvent | events.Paste) -> bool:
        """Whether what was typed or pointed at goes no further."""
        return False

    async def on_event(self, event: events.Event) -> None:
        """Take keys one by one, and every other event as it comes."""
        if event.is_forwarded or not isinstance(event, events.InputEvent | events.Paste):
            await super().on_event(event)
            return
        if not getattr(event, "is_known", False):
            self.touched()
        if not isinstance(event, events.Key):
            if not self.takes(event):
                await super().on_event(event)
            return
        self._keys_seen += 1
        if self._is_key_under_way:
            if len(self._keys_ahead) < MOST_KEYS_AHEAD + self._collected or event.key in self.NEVER_DROPPED:
                self._keys_ahead.append(event)
            if self._letting_go is None:
                self._letting_go = self.set_timer(LONGEST_KEY_S, self._take_next_key)
        else:
            await self._take_key(event)

    async def take_in_turn(self, keys: Iterable[events.Key]) -> None:
        """Take keys that were collected meanwhile, however many, behind those that wait: all of them were meant."""
        before = len(self._keys_ahead)
        self._keys_ahead.extend(keys)
        self._collected += len(self._keys_ahead) - before
        if not self._is_key_under_way:
            await self._take_next_key()
        elif self._letting_go is None:
            self._letting_go = self.set_timer(LONGEST_KEY_S, self._take_next_key)

    async def _take_key(self, event: events.Key) -> None:
        self._is_key_under_way = True
        self._keys_taken += 1
        if self.takes(event):
            self.call_next(self._take_next_key)
            return
        await super().on_event(event)
        self._send_round(KEY_ROUNDS)

    def _send_round(self, rounds: int) -> None:
        end = (self.focused or self.screen) if self.screen_stack else self
        if not end.post_message(KeyDone(rounds, self._keys_taken)):
            self._is_key_under_way = False

    async def on_key_done(self, event: KeyDone) -> None:
        """Take the next of the keys that were typed ahead, once all is quiet.

        One that comes late, when the next key was taken already, counts for nothing: two keys would be under way.
        """
        if event.key_number != self._keys_taken:
            return
        if event.rounds > 1:
            self._send_round(event.rounds - 1)
        elif not self._is_holding_keys:
            await self._take_next_key()

    def hold_keys(self) -> None:
        """Let the keys typed from now on wait for `release_keys`, though not for long: something else opens."""
        self._is_holding_keys = self._is_key_under_way = True
        if self._letting_go is None:
            self._letting_go = self.set_timer(LONGEST_KEY_S, self.release_keys)

    async def release_keys(self) -> None:
        """Take the keys that waited."""
        self._is_holding_keys = False
        await self._take_next_key()

    async def _take_next_key(self) -> None:
        if self._letting_go is not None:
            self._letting_go.stop()
            self._letting_go = None
        self._is_key_under_way = False
        if not self.screen_stack:  # the desk is being left: what was typed ahead is meant for nobody any more
            self._keys_ahead.clear()
        self._collected = max(min(self._collected, len(self._keys_ahead)) - 1, 0)
        if self._keys_ahead:
            await self._take_key(self._keys_ahead.popleft())

    def action_nothing(self) -> None:
        """Do nothing: a scanner sends these keys too."""

    def _handle_exception(self, error: Exception) -> None:
        """Leave with a reference number; what was in memory is not printed.

        Work whose outcome was not saved says so, and the desk goes on: what is typed still stands there. Work that was
        refused to whoever sits here is no failure either: it is said who may do it.
        """
        cause: BaseException = error.error if isinstance(error, WorkerFailed) else error
        if isinstance(error, WorkerFailed) and isinstance(cause, NotSaved):
            self.clear_notifications()  # the newest is what holds; the same one four times over hides the screen
            self.notify(str(cause), severity="error", timeout=NOT_SAVED_S, markup=False)
            return
        if isinstance(error, WorkerFailed) and isinstance(cause, DeskError) and cause.is_refusal:
            self.notify(str(cause), severity="warning", markup=False)
            return
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        reference = self.write_crash(error)
        if isinstance(cause, DeskError):
            sentence = f"{cause} (reference {reference})"
        else:
            sentence = (
                f"The desk stopped because of a fault in it (reference {reference}). "
                "What was saved is safe. Start it again."
            )
        self._exit_renderables[:] = [sentence]
        self._close_messages_no_wait()

    def write_crash(self, error: BaseException) -> str:
        """Write where in the code the fault is, and return its reference number."""
        reference = os.urandom(4).hex()
        if self.crash_folder is not None:
            lines = [f"reference {reference}"]
            fault: BaseException | None = error
            while fault is not None:
                lines.append(f"{type(fault).__module__}.{type(fault).__qualname__}")
                lines += [
                    f"  {each.filename}:{each.lineno} {each.name}" for each in traceback.extract_tb(fault.__traceback__)
                ]
                inner = fault.error if isinstance(fault, WorkerFailed) else None
                fault = inner or fault.__cause__ or fault.__context__
            self.crash_folder.mkdir(mode=0o700, exist_ok=True)
            path = self.crash_folder / f"crash-{reference}.txt"
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write("\n".join(lines) + "\n")
        return reference

    def panic(self, *renderables: RenderableType) -> None:
        """Leave; what Textual would print may hold what was on the screen."""
        self._handle_exception(RuntimeError())

    def _print_error_renderables(self) -> None:
        """Print our own sentence, and nothing else."""
        for each in self._exit_renderables:
            if isinstance(each, str):
                sys.stderr.write(each + "\n")
        self._exit_renderables.clear()

    def export_screenshot(self, **_: object) -> str:
        """Take no picture: it would hold what is on the screen, in clear."""
        raise PermissionError("the desk takes no pictures of itself")

    def save_screenshot(self, *_: object, **__: object) -> str:
        """Take no picture."""
        raise PermissionError("the desk takes no pictures of itself")

    def deliver_screenshot(self, *_: object, **__: object) -> str | None:
        """Take no picture."""
        return None

    def action_screenshot(self, *_: object, **__: object) -> None:
        """Take no picture."""

    def copy_to_clipboard(self, text: str) -> None:
        """Copy nothing: the clipboard belongs to every program."""

    def action_suspend_process(self) -> None:
        """Do not stop unlocked."""

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        """Open nothing outside."""


def _driver() -> type[Driver] | None:
    """Return our driver where Textual would take the one it mends."""
    if sys.platform == "win32":
        return None
    from pcc_desk.widgets.driver import DeskDriver  # noqa: PLC0415 - needs a POSIX system

    return DeskDriver


__all__ = ["GuardedApp", "VisibleOnly"]
