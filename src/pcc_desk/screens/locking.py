"""The lock: what covers the screen at once, what shuts the desk behind the cover, and what opens it again.

The application tells it of every touch, of signals and of what its keys ask for; it tells the application nothing but
to draw again, to shut, or to end.
"""

import asyncio
import os
import signal
from typing import TYPE_CHECKING, ClassVar, Protocol, cast

from textual import work
from textual.events import InputEvent, Key, Paste
from textual.message import Message

from pcc_desk import keeper
from pcc_desk.desk.door import Door, StaysShut
from pcc_desk.desk.errors import DeskError
from pcc_desk.screens.unlock import Unlock
from pcc_desk.widgets.curtain import Curtain
from pcc_desk.widgets.guard import GuardedApp
from pcc_desk.widgets.watch import Due, Limits, Lookout, State, Watch

if TYPE_CHECKING:
    from textual.timer import Timer

    from pcc_desk.desk.desk import Desk
    from pcc_desk.desk.ports import Boottime
    from pcc_desk.screens.session import Session

CURTAIN_KEY, LOCK_KEY = "f7", "f8"


class Covers(Protocol):
    """A terminal whose screen can be covered at once, from any thread."""

    keeps_terminal: bool

    def cover(self, lines: tuple[str, ...]) -> None:
        """Show some lines and nothing else."""
        ...

    def uncover(self) -> None:
        """Let the application draw again."""
        ...


class Falls(Message):
    """Something is due, as the lookout's thread says."""

    def __init__(self, due: Due) -> None:
        super().__init__()
        self.due = due


class Lock:
    """One application's lock, for as long as it runs."""

    def __init__(self, app: "LockedApp", boottime: "Boottime") -> None:
        self.app = app
        self.watch = Watch(boottime)
        self.curtain: Curtain | None = None
        self.is_covered = False
        self.is_renewal_wanted = False
        self._is_suspending = self._is_continuing = False
        self._lookout: Lookout | None = None
        self._ticking: Timer | None = None

    # The terminal

    @property
    def _terminal(self) -> Covers | None:
        driver = self.app._driver
        return cast("Covers", driver) if hasattr(driver, "cover") else None

    def cover(self, *lines: str) -> None:
        """Take everything off the screen but the shop's name. May be called from any thread."""
        self.is_covered = True
        terminal = self._terminal
        if terminal is not None:
            terminal.cover(lines or (self.app.door.shop_name,))

    def uncover(self) -> None:
        """Show again what the application draws."""
        self.is_covered = False
        terminal = self._terminal
        if terminal is not None:
            terminal.uncover()
            self.app.refresh()
            self.app.screen.refresh()

    # What happens at the desk

    def opened(self, desk: "Desk") -> None:
        """Begin to watch a desk that somebody opened."""
        self.is_renewal_wanted = False
        self.watch.sign_in(Limits.of(desk.lock_after, desk.session_limit))
        if self._lookout is None:
            self._lookout = Lookout(self.watch, self._told)
            self._lookout.start()
            self._ticking = self.app.set_interval(1.0, self.tick)

    def ended(self) -> None:
        """Watch no more."""
        if self._lookout is not None:
            self._lookout.end()

    def touched(self) -> None:
        """Somebody touched the desk."""
        self.watch.touch()

    def key_arrives(self, key: str) -> None:
        """Cover the screen where a key asks for it, before its turn comes. Called from the thread that reads."""
        if key in {CURTAIN_KEY, LOCK_KEY} and self.watch.state is State.OPEN:
            self.cover()

    def _told(self, due: Due) -> None:
        if due is not Due.RENEWAL:
            self.cover()
        self.app.post_message(Falls(due))

    def falls(self, due: Due) -> None:
        """Do what is due."""
        if due is Due.RENEWAL:
            self.renew()
        elif self.watch.state in {State.OPEN, State.CURTAIN}:
            self.app.shut_desk(due.value)

    def tick(self) -> None:
        """Say how long it lasts until the desk locks, once it is not long."""
        session = self.app.session
        left = self.watch.locks_in if self.curtain is None else None
        if session is not None and session.desk.locks_in != left:
            session.desk.locks_in = left
            session.tick()
        if self.curtain is not None:
            self.curtain.locks_in = self.watch.locks_in
            self.draw_curtain()

    def begins(self) -> None:
        """Cover the screen, because the desk is being locked."""
        self.watch.enter(State.LOCKED)
        self.curtain = None
        self.cover()

    # The curtain

    def fall_or_ask(self) -> None:
        """Draw the curtain; where it hangs, ask for the secret."""
        if self.curtain is not None:
            self.curtain.ask()
        elif self.watch.state is State.OPEN:
            self.watch.enter(State.CURTAIN)
            self.curtain = Curtain(self.app.door.shop_name)
        self.draw_curtain()

    def draw_curtain(self) -> None:
        """Draw it as it is now."""
        if self.curtain is not None:
            self.cover(*self.curtain.lines)

    def takes(self, event: InputEvent | Paste) -> bool:
        """Whether something typed or pointed at is meant for the curtain, which then takes it."""
        if self.curtain is None:
            if self.is_covered and self.app.is_shut:
                self.uncover()
            return False
        if isinstance(event, Key):
            if event.key == LOCK_KEY:
                self.app.action_lock()
            elif event.key == CURTAIN_KEY:
                self.fall_or_ask()
            elif secret := self.curtain.typed(event):
                self.app.run_worker(self.prove(secret), group="curtain", exclusive=True)
        elif isinstance(event, Paste):
            self.curtain.pasted(event.text)
        self.draw_curtain()
        return True

    async def prove(self, secret: str) -> None:
        """Draw the curtain back for the person whose desk it is."""
        try:
            outcome = await self.app.door.prove(secret)
        except DeskError as error:
            outcome = StaysShut(str(error))
        if self.curtain is None or self.watch.state is not State.CURTAIN:
            return
        if outcome is True:
            self.watch.enter(State.OPEN)
            self.curtain = None
            self.uncover()
        else:
            self.curtain.said = outcome.reason if isinstance(outcome, StaysShut) else "That is not your secret."
            self.draw_curtain()

    # Another process, or none for a while

    def renew(self) -> None:
        """End this process in favour of a fresh one on the same terminal: its memory goes with it."""
        if self.watch.state is not State.LOCKED:
            return
        self.is_renewal_wanted = True
        if self.app.is_shut and self.app.session is None:
            self.cover()
            terminal = self._terminal
            if terminal is not None and keeper.keeper_pid:
                terminal.keeps_terminal = True
            self.app.exit(return_code=keeper.RENEWAL)

    async def suspend(self) -> None:
        """Stop, as the shell asks for, once nothing of a patient is on the screen or in the store's key."""
        if self._is_suspending:
            return
        self._is_suspending = True
        driver = self.app._driver
        try:
            if self.app.session is not None:
                self.app.shut_desk("Locked.")
            while not self.app.is_shut:
                await asyncio.sleep(0.01)
            if driver is not None and driver.can_suspend:
                driver.suspend_application_mode()
                self._is_continuing = True
                os.kill(os.getpid(), signal.SIGSTOP)
                driver.resume_application_mode()
                self.uncover()
        finally:
            self._is_suspending = False

    def continued(self) -> None:
        """Lock, when the process was stopped without having been asked: nobody knows for how long."""
        driver, is_own = self.app._driver, self._is_continuing
        self._is_continuing = False
        if is_own or self._is_suspending or driver is None or not driver.can_suspend:
            return
        driver.suspend_application_mode()
        driver.resume_application_mode()
        self.uncover()
        self.app.shut_desk("Locked: the desk was stopped.")


class LockedApp(GuardedApp):
    """What of the application has to do with being shut: it is told by keys, signals and the lock what to do."""

    NEVER_DROPPED: ClassVar[frozenset[str]] = frozenset({CURTAIN_KEY, LOCK_KEY})

    def __init__(self, door: Door, boottime: "Boottime") -> None:
        super().__init__()
        self.door = door
        self.shut = Unlock(door)
        """The screen before the shut door. It stays below whatever the open desk shows."""
        self.session: Session | None = None
        self.is_shut = True
        """Nothing is open, and nothing is on its way to being shut."""
        self.locking = Lock(self, boottime)

    def take_signals(self) -> None:
        """Leave, or lock, as signals ask for; close the memory of this process to others."""
        loop = asyncio.get_running_loop()
        for each in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
            loop.add_signal_handler(each, self.end)
        loop.add_signal_handler(signal.SIGTSTP, self.suspend_desk)
        loop.add_signal_handler(signal.SIGCONT, self.locking.continued)
        if keeper.keeper_pid:
            self.call_after_refresh(keeper.close_memory)

    def key_arrives(self, key: str) -> bool:
        """Let the lock see a key before its turn. Called from the thread that reads the terminal."""
        self.locking.key_arrives(key)
        return super().key_arrives(key)

    def touched(self) -> None:
        """Somebody is there."""
        self.locking.touched()

    def takes(self, event: InputEvent | Paste) -> bool:
        """Whether it is meant for the curtain."""
        return self.locking.takes(event)

    def end(self) -> None:
        """Leave because the terminal or the machine goes: keep what can be kept, ask nobody."""
        self.locking.cover()
        self.leave_unasked()

    @work(exclusive=True, group="end")
    async def leave_unasked(self) -> None:
        """Keep what can be kept, and go."""
        if self.session is not None:
            await self.session.put_away()
        while not self.is_shut and self.session is None:
            await asyncio.sleep(0.01)
        self.exit()

    @work(exclusive=True, group="suspend")
    async def suspend_desk(self) -> None:
        """Lock, then stop as the shell asks for."""
        await self.locking.suspend()

    def action_curtain(self) -> None:
        """Hide everything behind the shop's name."""
        self.locking.fall_or_ask()

    def on_falls(self, event: Falls) -> None:
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
        remark = await session.end()
        self.shut.say("Locking …", "muted")
        await self.pop_screen()
        self.locking.uncover()
        await session.forget()
        await self.door.shut()
        self.is_shut = True
        self.shut.say(f"{why} {remark}".strip(), "muted")
        if self.locking.is_renewal_wanted:
            self.locking.renew()
