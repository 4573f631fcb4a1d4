"""The lock: what covers the screen at once, what shuts the desk behind the cover, and what opens it again.

The application tells it of every touch, of signals and of what its keys ask for; it tells the application nothing but
to draw again, to shut, or to end. Loaded after the first frame.
"""

import asyncio
import os
import signal
from typing import TYPE_CHECKING

from textual.events import InputEvent, Key, Paste
from textual.message import Message

from pcc_desk import keeper
from pcc_desk.desk.door import StaysShut
from pcc_desk.desk.errors import DeskError
from pcc_desk.screens.door.locking import CURTAIN_KEY, LOCK_KEY, LockedApp
from pcc_desk.widgets.cover import Cover
from pcc_desk.widgets.curtain import Curtain
from pcc_desk.widgets.tidying import Tidying
from pcc_desk.widgets.watch import Due, Limits, Lookout, State, SystemBoottime, Watch

if TYPE_CHECKING:
    from textual.timer import Timer

    from pcc_desk.desk.desk import Desk
    from pcc_desk.desk.ports import Boottime


class Falls(Message):
    """Something is due, as the lookout's thread says."""

    def __init__(self, due: Due) -> None:
        super().__init__()
        self.due = due


class Lock:
    """One application's lock, for as long as it runs."""

    def __init__(self, app: LockedApp, boottime: "Boottime | None") -> None:
        self.app = app
        self.watch = Watch(boottime or SystemBoottime())
        self.curtain: Curtain | None = None
        self._cover = Cover(app)
        self._tidying = Tidying()
        self.is_renewal_wanted = False
        self._is_suspending = self._is_continuing = False
        self._lookout: Lookout | None = None
        self._ticking: Timer | None = None

    # The terminal

    @property
    def is_covered(self) -> bool:
        """Whether nothing but the shop's name and the curtain's words is on the screen."""
        return self._cover.is_there

    def cover(self, *lines: str) -> None:
        """Take everything off the screen but the shop's name. May be called from any thread."""
        self._cover.put(lines or (self.app.door.shop_name,))

    def uncover(self) -> None:
        """Show again what the application draws."""
        self._cover.take_away()

    # What happens at the desk

    def opened(self, desk: "Desk") -> None:
        """Begin to watch a desk that somebody opened."""
        self.is_renewal_wanted = False
        self.watch.sign_in(Limits.of(desk.lock_after, desk.session_limit))
        if self._lookout is None:
            self._lookout = Lookout(self.watch, self._told)
            self._lookout.start()
            self._ticking = self.app.set_interval(1.0, self.tick)
            self._tidying.begin()

    def ended(self) -> None:
        """Watch no more."""
        if self._lookout is not None:
            self._lookout.end()
        self._tidying.end()

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
        """Say how long it lasts until the desk locks, once it is not long; tidy while nobody types."""
        session = self.app.session
        left = self.watch.locks_in if self.curtain is None else None
        if session is not None and session.desk.locks_in != left:
            session.desk.locks_in = left
            session.tick()
        if self.curtain is not None:
            self.curtain.locks_in = self.watch.locks_in
            self.draw_curtain()
        self._tidying.tidy(self.watch.untouched_s)

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
            if keeper.keeper_pid:
                self._cover.hand_over()
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
