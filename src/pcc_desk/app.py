"""The application: the first frame, the lock, the theme, the way out. An open desk is `screens.session`."""

import gc
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from pcc_desk.desk.door import Door
from pcc_desk.screens.door.locking import CURTAIN_KEY, LOCK_KEY, LockedApp
from pcc_desk.screens.door.unlock import Unlock
from pcc_desk.widgets.scanning import Scanned
from pcc_desk.widgets.theme import THEMES

if TYPE_CHECKING:
    from pcc_desk.desk.ports import Boottime
    from pcc_desk.screens.frame import GoTo


NEEDS_OPEN_DESK = frozenset({"outage", "curtain", "places"})
"""What does nothing before the shut door."""

UNSPOKEN = ("command_palette", "move(", "back")
"""What nobody looks for by name."""


class DeskApp(LockedApp):
    """One terminal, one desk: shut, or open to the person who unlocked it."""

    TITLE = "PCC Desk"
    CSS_PATH = ["app.tcss", "screens/door/unlock.tcss"]  # noqa: RUF012 - Textual declares it so
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", "Help", id="desk.help", tooltip="What can be done here", show=False, priority=True),
        Binding("f6", "outage", "Outage", id="desk.outage", tooltip="Outages: the law, what is owed", show=False),
        Binding(
            CURTAIN_KEY,
            "curtain",
            "Curtain",
            id="desk.curtain",
            tooltip="Hide everything; the same key and your secret within 30 s go back",
            show=False,
            priority=True,
        ),
        Binding(
            LOCK_KEY,
            "lock",
            "Lock",
            id="desk.lock",
            tooltip="Shut the desk, keeping what is typed; twice: forget everything",
            show=False,
            priority=True,
        ),
        Binding("f9", "unplug", "Unplug", id="desk.unplug", tooltip="Practice: registry away, or back", show=False),
        Binding("f10", "leave", "Quit", id="desk.quit", tooltip="Leave the desk", show=False),
        Binding("ctrl+g", "places", "Go", id="desk.go", tooltip="Go to a place", show=False, priority=True),
        Binding("ctrl+p", "command_palette", "Palette", id="desk.palette", tooltip="Find a command", show=False),
    ]

    def __init__(self, door: Door, theme: str = "pcc-dark", boottime: "Boottime | None" = None) -> None:
        super().__init__(door, boottime)
        for each in THEMES:
            self.register_theme(each)
        self.theme = theme

    def get_default_screen(self) -> Screen[None]:
        """Begin before the shut door: an empty screen below it would be styled and drawn first."""
        return self.shut

    def on_mount(self) -> None:
        """Load what opening needs while somebody types."""
        self.take_signals()
        self.call_after_refresh(self.warm_up)

    @work(thread=True, group="warm-up")
    def warm_up(self) -> None:
        """Load what opening needs."""
        import pcc_desk.screens.door.lock  # noqa: F401

        self.door.warm_up()
        self.call_from_thread(self.read_styles)
        self.call_from_thread(self.close_memory)

    def read_styles(self) -> None:
        """Read how every screen and its widgets look, so that none has to when it is first shown."""
        from pcc_desk.widgets.field import Field
        from pcc_desk.widgets.keybar import KeyBar
        from pcc_desk.widgets.listing import Listing
        from pcc_desk.widgets.statusbar import StatusBar

        for path in sorted((Path(__file__).parent / "screens").rglob("*.tcss")):
            if not self.stylesheet.has_source(str(path), ""):
                self.stylesheet.read(path)
        for widget in (StatusBar(), KeyBar(), Listing(()), Field()):
            widget._post_register(self)
        self.stylesheet.reparse()
        self.stylesheet.update(self)

    async def on_unlock_opened(self, event: Unlock.Opened) -> None:
        """Open the places and begin with the queue. The collector rests until that stands."""
        from pcc_desk.screens.door.session import Session

        self.close_memory()
        gc.disable()
        try:
            self.session = Session(self, event.desk)
            await self.session.begin()
            self.gate = self.session.gate()
            self.locking.opened(event.desk)
        finally:
            gc.enable()

    def on_scanned(self, event: Scanned) -> None:
        """Take what a scanner read."""
        if self.session is not None and self.screen_stack:
            self.session.scanning.scanned(event)

    def on_go_to(self, event: "GoTo") -> None:
        """Go where a screen asks to; keys typed meanwhile are meant for that place."""
        self.hold_keys()
        self.go(event)

    @work(exclusive=True, group="go")
    async def go(self, to: "GoTo") -> None:
        """Go to a place."""
        try:
            if self.session is not None:
                await self.session.go(to)
        finally:
            await self.release_keys()

    @work(exclusive=True, group="go")
    async def action_places(self) -> None:
        """Show the places."""
        if self.session is not None:
            await self.session.choose_place()

    def action_outage(self) -> None:
        """Show what is known of the outage, or the last one."""
        if self.session is not None:
            self.session.show_outage()

    def action_help(self) -> None:
        """Show the keys of this screen and those that work everywhere; pressed again, close them."""
        from pcc_desk.screens.dialogs import Help
        from pcc_desk.screens.help import at_cursor, declared, help_lines

        if isinstance(self.screen, Help):
            self.screen.action_close()
        else:
            title = f"Keys · {getattr(self.screen, 'CALLED', type(self.screen).__name__)}"
            works = {each.binding.id for each in self.screen.active_bindings.values()}
            own = declared(self.screen.BINDINGS)
            here = (*at_cursor(self.screen, own), *(each for each in own if each.id in works))
            above = (each for each in declared(self.BINDINGS) if each.priority or each.id in works)
            everywhere = (each for each in above if self.check_action(each.action, ()))
            self.push_screen(Help(title, help_lines(here, everywhere)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let the registry be unplugged in the practice shop only, and leave alone what needs an open desk."""
        if action == "unplug":
            return self.session is not None and self.session.desk.practice is not None
        return self.session is not None or action not in NEEDS_OPEN_DESK

    @work(exclusive=True, group="leave")
    async def action_leave(self) -> None:
        """Leave the desk, asking when something is not saved."""
        if self.session is None or await self.session.may_leave():
            self.exit()

    def on_terminal_gone(self) -> None:
        """Leave, since nobody can see or type any more."""
        self.end()

    @work(exclusive=True, group="unplug")
    async def action_unplug(self) -> None:
        """Practice: take the registry away, or bring it back."""
        if self.session is not None:
            await self.session.toggle_registry()

    async def on_unmount(self) -> None:
        """Shut the door behind whoever leaves."""
        if self._lock is not None:
            self._lock.ended()
        await self.door.shut("Left.")

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Yield what the palette offers: the keys of this screen, those of everywhere, and the themes."""
        from pcc_desk.screens.help import declared

        owners: tuple[App[None] | Screen[object], ...] = (screen, self)
        for owner in owners:
            for each in declared(owner.BINDINGS):
                if not each.action.startswith(UNSPOKEN) and owner.check_action(each.action, ()):
                    yield SystemCommand(each.description, each.tooltip, self._doing(each.action, owner))
        if self.session is not None:
            yield SystemCommand("End of shift", "Lock, and forget even what memory still holds", self.end_shift)
        if self.session is not None and self.session.may_back_up:
            yield SystemCommand("Back up now", "Copy the record and prove the copy", self.session.back_up)
        if self.session is not None and self.session.has_own_secret:
            tip = "Your passphrase, or your PIN for this computer"
            yield SystemCommand("Change my own secret", tip, self.session.change_own_secret)
        yield SystemCommand("Dark theme", "How the screen looks", lambda: self.take_theme("pcc-dark"))
        yield SystemCommand("Light theme", "How the screen looks", lambda: self.take_theme("pcc-light"))

    def _doing(self, action: str, owner: "App[None] | Screen[object]") -> Callable[[], object]:
        return lambda: self.call_later(self.run_action, action, owner)

    def take_theme(self, name: str) -> None:
        """Change how the screen looks, and remember it."""
        self.theme = name
        self.door.keep_theme(name)
