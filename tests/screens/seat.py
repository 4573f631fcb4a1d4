"""A seat at the desk: the whole application on the counter of the use cases' tests, typed at and looked at."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot

from pcc_desk.app import DeskApp
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.door import Emergency, Sitters, StaysShut
from pcc_desk.desk.ports import Boottime, Ledger
from pcc_desk.screens.door.session import HOMES
from tests.desk.counter import Counter
from tests.fakes import FakeLedger, FakeStore, FixedBoottime

P = ParamSpec("P")
T = TypeVar("T")

SECRET = "open the counter now"
CODE = "ABCD-EFGH"
WIDE = (100, 30)
A_LOOK_S = 0.015
"""How long after one look at the screen the next one is taken: when it is the same, the screen stays so."""
A_PERSONS_PACE_S, A_SCANNERS_PACE_S = 0.06, 0.004
NAMES = {
    "\r": "enter",
    "\n": "ctrl+j",
    "\t": "tab",
    "\x02": "ctrl+b",
    "\x1e": "ctrl+circumflex_accent",
    "\x1d": "ctrl+right_square_bracket",
}
"""What a terminal calls the control characters of a scan."""
NARROW = (80, 24)


class FakeDoor:
    """Opens to one secret. What is behind it is there again the next time."""

    def __init__(self, desk: Desk) -> None:
        self.shop_name = desk.shop.name
        self.hint = ""
        self.theme = ""
        self.is_open = False
        self.shut_for = ""
        self.sitters = Sitters()
        self.emergency: Emergency | None = None
        self.opened_as: UUID | None = None
        self._desk = desk

    def warm_up(self) -> None:
        """Load nothing: everything is loaded."""

    def who(self) -> Sitters:
        """Know nobody by name."""
        return self.sitters

    async def open_by_sheet(self, code: str, emergency: Emergency) -> Desk | StaysShut:
        """Open to the one code."""
        self.emergency = emergency
        return await self.open(SECRET if code == CODE else "")

    async def open(self, secret: str, person_id: UUID | None = None) -> Desk | StaysShut:
        """Open to the one secret."""
        self.opened_as = person_id
        self.is_open = secret == SECRET
        return self._desk if self.is_open else StaysShut("That is not the passphrase. Try again.")

    async def prove(self, secret: str) -> bool | StaysShut:
        """Know the one secret."""
        return secret == SECRET

    async def shut(self, why: str = "") -> None:
        """Shut."""
        self.is_open = False
        self.shut_for = why

    def keep_theme(self, name: str) -> None:
        """Remember how the screen looks."""
        self.theme = name


class HeldStore(FakeStore):
    """A fake store whose writes wait until they are let go: time in which more keys are pressed."""

    def __init__(self, ledger: FakeLedger) -> None:
        super().__init__(ledger)
        self.gate = asyncio.Event()

    async def write(self, use_case: Callable[Concatenate[Ledger, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case once the gate is open."""
        await self.gate.wait()
        return await super().write(use_case, *args, **kwargs)


class Seat:
    """Presses keys and reads the screen."""

    def __init__(self, app: DeskApp, pilot: Pilot[Any], door: FakeDoor) -> None:
        self.app = app
        self.pilot = pilot
        self.door = door
        self._pressed_at = 0.0
        """When the last key was pressed, on the clock of the keys."""

    @property
    def lines(self) -> list[str]:
        """The rows of the screen, without the blanks at their ends."""
        strips = self.app.screen._compositor.render_strips()
        return [strip.text.rstrip() for strip in strips]

    @property
    def text(self) -> str:
        """The screen."""
        return "\n".join(self.lines)

    async def press(self, *keys: str, apart_s: float = A_PERSONS_PACE_S) -> None:
        """Press keys, all ahead of whatever the first of them does, and wait until the desk has nothing to do.

        `apart_s`: how far apart the terminal says that they were pressed.
        """
        for key in keys:
            is_character = len(key) == 1
            event = events.Key(_character_to_key(key) if is_character else key, key if is_character else None)
            self._pressed_at = event.time = max(event.time, self._pressed_at + apart_s)
            self.app.post_message(event)
        await self.rest()

    async def scan(self, text: str, apart_s: float = A_SCANNERS_PACE_S) -> None:
        """Scan something: its characters as a scanner types them, control characters as terminals tell them."""
        self._pressed_at += 1
        await self.press(*(NAMES.get(each, each) for each in text), apart_s=apart_s)

    async def type(self, words: str) -> None:
        """Type words at once, a carriage return for enter, and wait until the desk has nothing to do."""
        await self.press(*("enter" if each == "\r" else each for each in words))

    async def paste(self, words: str) -> None:
        """Paste words as a terminal hands them over, and wait until the desk has nothing to do."""
        self.app.post_message(events.Paste(words))
        await self.rest()

    async def rest(self) -> None:
        """Wait until the screen stays as it is. Nothing here takes time of its own: all of the outside is fake."""
        before: str | None = None
        for _ in range(50):
            await self.pilot.pause(A_LOOK_S)
            if self._waits_for_keys:
                before = None
            elif before == (before := self.text):
                break

    @property
    def _waits_for_keys(self) -> bool:
        """Whether keys are on their way: collected, as a scanner's might be, or behind one that is not done with."""
        is_collecting = self.app.gate is not None and self.app.gate.is_collecting
        return is_collecting or self.app._is_key_under_way or bool(self.app._keys_ahead)

    async def see(self, wanted: str | Callable[[str], bool]) -> str:
        """Wait until words stand on the screen; return it."""
        holds = (lambda text: wanted in text) if isinstance(wanted, str) else wanted
        for _ in range(300):
            if holds(text := self.text):
                return text
            await self.pilot.pause(0.01)
        raise AssertionError(f"{wanted} never stood on the screen. There stood:\n{text}")

    async def gone(self) -> int | None:
        """Wait until the application ends; return with what."""
        for _ in range(300):
            if self.app._exit:
                return self.app.return_code
            await self.pilot.pause(0.01)
        raise AssertionError(f"The desk was never left. There stood:\n{self.text}")

    async def hear(self, wanted: str) -> None:
        """Wait until words are said in the corner of the screen."""
        for _ in range(300):
            said = [each.message for each in self.app._notifications]
            if any(wanted in each for each in said):
                return
            await self.pilot.pause(0.01)
        raise AssertionError(f"{wanted} was never said. There was said: {said}. There stood:\n{self.text}")

    async def prove(self) -> None:
        """Type the secret again, where a risky act asks for it."""
        await self.see("type your PIN or passphrase again")
        await self.type(SECRET + "\r")
        await self.rest()

    async def open(self) -> None:
        """Type the secret, and stay in the place in which the desk begins."""
        await self.type(SECRET + "\r")
        await self.see(lambda text: any(f"[{each}" in text for each in HOMES))
        await self.rest()

    async def unlock(self) -> None:
        """Type the secret, and go to the queue where it is not where the desk begins."""
        await self.open()
        if "[Today" in self.text:
            await self.press("q")
            await self.see("[Queue")
            await self.rest()


@asynccontextmanager
async def seated(
    counter: Counter, size: tuple[int, int] = WIDE, boottime: Boottime | None = None
) -> AsyncIterator[Seat]:
    """Yield a seat before the shut door of a counter."""
    door = FakeDoor(counter.desk)
    counter.desk.prove = door.prove
    app = DeskApp(door, boottime=boottime or FixedBoottime())
    async with app.run_test(size=size) as pilot:
        seat = Seat(app, pilot, door)
        await seat.rest()
        yield seat


@asynccontextmanager
async def at_the_queue(
    counter: Counter, size: tuple[int, int] = WIDE, boottime: Boottime | None = None
) -> AsyncIterator[Seat]:
    """Yield a seat at the open desk."""
    async with seated(counter, size, boottime) as seat:
        await seat.unlock()
        yield seat
