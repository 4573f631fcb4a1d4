"""What of the application has to do with being shut. Light: the lock itself is loaded after the first frame."""

import asyncio
import signal
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.events import InputEvent, Paste

from pcc_desk import keeper
from pcc_desk.desk.door import Door
from pcc_desk.screens.door.unlock import Unlock
from pcc_desk.widgets.scanning import ScanningApp
from pcc_desk.widgets.secret import SecretField

if TYPE_CHECKING:
    from pcc_desk.desk.ports import Boottime
    from pcc_desk.screens.door.lock import Falls, Lock
    from pcc_desk.screens.door.session import Session

CURTAIN_KEY, LOCK_KEY = "f7", "f8"


class LockedApp(ScanningApp):
    """An application that can be shut: it is told by keys, signals and the lock what to do."""

    NEVER_DROPPED: ClassVar[frozenset[str]] = frozenset({CURTAIN_KEY, LOCK_KEY})

    def __init__(self, door: Door, boottime: "Boottime | None") -> None:
        super().__init__()
        self.door = door
        self.shut = Unlock(door)
        """The screen before the shut door. It stays below whatever the open desk shows."""
        self.session: Session | None = None
        self.is_shut = True
        """Nothing is open, and nothing is on its way to being shut."""
        self._boottime = boottime
        self._lock: Lock | None = None
        self._is_memory_closed = False

    @property
    def locking(self) -> "Lock":
        """The lock. Made when it is first asked for, by the application's own thread."""
        if self._lock is None:
            from pcc_desk.screens.door.lock import Lock  # noqa: PLC0415 - after the first frame

            self._lock = Lock(self, self._boottime)
        return self._lock

    def take_signals(self) -> None:
        """Leave, or lock, as signals ask for."""
        loop = asyncio.get_running_loop()
        for each in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
            loop.add_signal_handler(each, self.end)
        loop.add_signal_handler(signal.SIGTSTP, self.suspend_desk)
        loop.add_signal_handler(signal.SIGCONT, self.go_on)

    def close_memory(self) -> None:
        """Close the memory of this process to others, before anything worth looking for is in it."""
        if keeper.keeper_pid and not self._is_memory_closed:
            self._is_memory_closed = True
            keeper.close_memory()

    def key_arrives(self, key: str) -> bool:
        """Let the lock see a key before its turn. Called from the thread that reads the terminal."""
        if self._lock is not None:
            self._lock.key_arrives(key)
        return super().key_arrives(key)

    def touched(self) -> None:
        """Somebody is there."""
        if self._lock is not None:
            self._lock.touched()

    def takes(self, event: InputEvent | Paste) -> bool:
        """Whether it is meant for the curtain."""
        return self._lock is not None and self._lock.takes(event)

    def is_open_to_scans(self) -> bool:
        """Whether the desk is open, nothing hangs before it, and no secret is being typed."""
        is_covered = self._lock is not None and self._lock.curtain is not None
        return self.session is not None and not is_covered and not isinstance(self.focused, SecretField)

    def end(self) -> None:
        """Leave because the terminal or the machine goes: keep what can be kept, ask nobody."""
        self.locking.cover()
        self.leave_unasked()

    @work(exclusive=True, group="end")
    async def leave_unasked(self) -> None:
        """Keep what can be kept, and go."""
        try:
            if self.session is not None:
                await self.session.put_away()
            while not self.is_shut and self.session is None:
                await asyncio.sleep(0.01)
        finally:
            self.exit()

    @work(exclusive=True, group="suspend")
    async def suspend_desk(self) -> None:
        """Lock, then stop as the shell asks for."""
        await self.locking.suspend()

    def go_on(self) -> None:
        """Lock, if the process was stopped without having been asked."""
        self.locking.continued()

    def action_curtain(self) -> None:
        """Hide everything behind the shop's name."""
        self.locking.fall_or_ask()

    def on_falls(self, event: "Falls") -> None:
        """Lock, because it is time to."""
        self.locking.falls(event.due)

    def action_lock(self) -> None:
        """Shut the desk. Pressed again, it is shut for good: this process ends in favour of a fresh one."""
        if self.session is None:
            self.locking.renew()
        else:
            self.shut_desk()

    def on_shift_ends(self) -> None:
        """Shut the desk for good, since somebody goes home."""
        self.end_shift()

    def end_shift(self) -> None:
        """Shut the desk for good: even what its memory still holds is forgotten."""
        self.shut_desk()
        self.locking.renew()

    def shut_desk(self, why: str = "Locked.") -> None:
        """Shut the desk, if it is open: nothing of a patient stays on the screen from this moment on."""
        session, self.session = self.session, None
        if session is not None:
            self.is_shut = False
            self.locking.begins()
            self.lock(session, why)

    @work(exclusive=True, group="leave")
    async def lock(self, session: "Session", why: str) -> None:
        """Keep what is typed, take the screens away, close the store and forget its key."""
        remark = ""
        try:
            remark = await session.end()
        finally:  # whatever could not be kept: the store is closed, its key forgotten, and nothing stays on the screen
            self.shut.say("Locking …", "muted")
            while self.screen is not self.shut:
                await self.pop_screen()
            self.locking.uncover()
            await session.forget()
            await self.door.shut(why)
            self.is_shut = True
        self.shut.say(f"{why} {remark}".strip(), "muted")
        if self.locking.is_renewal_wanted:
            self.locking.renew()
