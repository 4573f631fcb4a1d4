"""The application: which places there are, the lock, the theme, the way out."""

import asyncio
import signal
from collections.abc import Iterable
from typing import ClassVar

from textual import on, work
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.door import Door
from pcc_desk.desk.postman import keep_posting
from pcc_desk.screens.dialogs import Confirm, GoToPlace, Help
from pcc_desk.screens.frame import Framed, GoTo, Place, Task
from pcc_desk.screens.help import declared, help_lines
from pcc_desk.screens.unlock import Unlock
from pcc_desk.widgets.guard import GuardedApp
from pcc_desk.widgets.theme import THEMES


class DeskApp(GuardedApp):
    """One terminal, one desk: shut, or open to the person who unlocked it."""

    TITLE = "PCC Desk"
    CSS_PATH = "app.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", "Help", id="desk.help", tooltip="What can be done here", show=False),
        Binding("f8", "lock", "Lock", id="desk.lock", tooltip="Shut the desk; unsigned words are kept", show=False),
        Binding("f9", "unplug", "Unplug", id="desk.unplug", tooltip="Practice: registry away, or back", show=False),
        Binding("f10", "leave", "Quit", id="desk.quit", tooltip="Leave the desk", show=False),
        Binding("ctrl+g", "places", "Go", id="desk.go", tooltip="Go to a place", show=False, priority=True),
        Binding("ctrl+p", "command_palette", "Palette", id="desk.palette", tooltip="Find a command", show=False),
    ]

    def __init__(self, door: Door, theme: str = "pcc-dark") -> None:
        super().__init__()
        self.door = door
        self.desk: Desk | None = None
        self.places: dict[str, Place] = {}
        self.is_unplugged = False
        for each in THEMES:
            self.register_theme(each)
        self.theme = theme

    def on_mount(self) -> None:
        """Stand before the shut door, and load what opening needs while somebody types."""
        loop = asyncio.get_running_loop()
        for each in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(each, self.end)
        self.push_screen(Unlock(self.door))
        self.call_after_refresh(self.warm_up)

    @work(thread=True, group="warm-up")
    def warm_up(self) -> None:
        """Load what opening needs."""
        self.door.warm_up()

    @on(Unlock.Opened)
    async def enter(self, event: Unlock.Opened) -> None:
        """Open the places and begin with the queue."""
        from pcc_desk.screens.places import make_places  # noqa: PLC0415 - not needed for the first frame

        self.desk = event.desk
        self.places = make_places(event.desk)
        for name, place in self.places.items():
            self.install_screen(place, name)
        await self.switch_screen("Queue")
        self.deliver(event.desk)

    @work(exclusive=True, group="postman")
    async def deliver(self, desk: Desk) -> None:
        """Keep posting while the desk is open, and let the ages in the status line grow."""
        ticking = self.set_interval(1.0, self.tick)
        try:
            await keep_posting(desk, self.told)
        finally:
            ticking.stop()

    def told(self, accepted: int) -> None:
        """Count again after each round of the post."""
        if isinstance(self.screen, Framed):
            if accepted:
                self.screen.changed()
            else:
                self.screen.count_again()

    def tick(self) -> None:
        """Draw the status line as things are now."""
        if isinstance(self.screen, Framed):
            self.screen.show_status()

    @on(GoTo)
    def follow(self, event: GoTo) -> None:
        """Go where a screen asks to."""
        self.go(event)

    @work(exclusive=True, group="go")
    async def go(self, to: GoTo) -> None:
        """Leave what stands above the places, asking when something would be lost, and go."""
        if self.desk is None or not await self.may_leave():
            return
        await self.clear_to_place()
        place = self.places[to.place]
        if self.screen is not place:
            await self.switch_screen(to.place)
        if to.patient_id is not None:
            place.show_patient(to.patient_id)

    async def clear_to_place(self) -> None:
        """Close everything that stands above the place."""
        while not isinstance(self.screen, Place):
            await self.screen.dismiss(None)

    async def may_leave(self) -> bool:
        """Put away what is typed; where something is not saved, ask."""
        for screen in list(self.screen_stack):
            if isinstance(screen, Task):
                await screen.put_away()
                unsaved = screen.unsaved()
                if unsaved and not await self.push_screen_wait(Confirm(f"{unsaved}. Leave it?", screen.ON_LEAVING)):
                    return False
        return True

    async def action_places(self) -> None:
        """Show the places."""
        if self.desk is not None and not isinstance(self.screen, GoToPlace):
            from pcc_desk.screens.places import LETTERS  # noqa: PLC0415 - not needed for the first frame

            self.push_screen(GoToPlace(LETTERS), self.went)

    def went(self, name: str | None) -> None:
        """Go to what was chosen from the list of places."""
        if name:
            self.go(GoTo(name))

    def action_help(self) -> None:
        """Show the keys of this screen and those that work everywhere."""
        if not isinstance(self.screen, Help):
            title = type(self.screen).__name__
            self.push_screen(Help(f"Keys · {title}", help_lines(self.screen.BINDINGS, self.BINDINGS)))

    @work(exclusive=True, group="leave")
    async def action_leave(self) -> None:
        """Leave the desk, asking when something is not saved."""
        if await self.may_leave():
            self.exit()

    @work(exclusive=True, group="leave")
    async def end(self) -> None:
        """Leave because the terminal or the machine goes: keep what can be kept, ask nobody."""
        await self.put_away()
        self.exit()

    async def put_away(self) -> None:
        """Keep what is typed on every screen."""
        for screen in list(self.screen_stack):
            if isinstance(screen, Task):
                await screen.put_away()

    @work(exclusive=True, group="lock")
    async def action_lock(self) -> None:
        """Shut the desk: nothing of a patient stays on the screen, the store is closed, its key forgotten."""
        if self.desk is None:
            return
        await self.put_away()
        await self.clear_to_place()
        self.workers.cancel_group(self, "postman")
        places, self.places, self.desk = self.places, {}, None
        await self.switch_screen(Unlock(self.door, "Locked."))
        for name, place in places.items():
            self.uninstall_screen(name)
            if place.is_running:
                await place.remove()
        await self.door.shut()

    @work(exclusive=True, group="unplug")
    async def action_unplug(self) -> None:
        """Practice: take the registry away, or bring it back."""
        if self.desk is None or self.desk.practice is None:
            return
        self.is_unplugged = not self.is_unplugged
        await (self.desk.practice.unplug() if self.is_unplugged else self.desk.practice.plug_in())
        words = "unplugged" if self.is_unplugged else "plugged in again"
        self.notify(f"{self.desk.state.name} is {words}. f9 changes it.", markup=False)
        self.desk.bell.set()

    async def on_unmount(self) -> None:
        """Shut the door behind whoever leaves."""
        await self.door.shut()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Yield what the palette offers: the keys of this screen, those of everywhere, and the themes."""
        for each in (*declared(screen.BINDINGS), *declared(self.BINDINGS)):
            if each.show or each in self.BINDINGS:
                owner = screen if each in screen.BINDINGS else self
                yield SystemCommand(each.description, each.tooltip, lambda o=owner, a=each.action: self.do(a, o))
        for theme, words in (("pcc-dark", "Dark theme"), ("pcc-light", "Light theme")):
            yield SystemCommand(words, "How the screen looks", lambda name=theme: self.take_theme(name))

    async def do(self, action: str, owner: "App[None] | Screen[object]") -> None:
        """Carry out what was chosen in the palette."""
        await self.run_action(action, owner)

    def take_theme(self, name: str) -> None:
        """Change how the screen looks, and remember it."""
        self.theme = name
        self.door.keep_theme(name)
