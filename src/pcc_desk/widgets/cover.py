"""What is put before everything on the screen at once, also while the application is too busy to draw."""

from typing import Protocol, cast

from textual.app import App


class Covers(Protocol):
    """A terminal whose screen can be covered at once, from any thread."""

    keeps_terminal: bool

    def cover(self, lines: tuple[str, ...]) -> None:
        """Show some lines and nothing else."""
        ...

    def uncover(self) -> None:
        """Let the application draw again."""
        ...


class Cover:
    """The cover of an application's terminal. Where there is no terminal, only whether it is there is known."""

    def __init__(self, app: App[None]) -> None:
        self._app = app
        self.is_there = False

    @property
    def _terminal(self) -> Covers | None:
        driver = self._app._driver
        return cast("Covers", driver) if hasattr(driver, "cover") else None

    def put(self, lines: tuple[str, ...]) -> None:
        """Take everything off the screen but some lines. May be called from any thread."""
        self.is_there = True
        terminal = self._terminal
        if terminal is not None:
            terminal.cover(lines)

    def take_away(self) -> None:
        """Show again what the application draws."""
        self.is_there = False
        terminal = self._terminal
        if terminal is not None:
            terminal.uncover()
            self._app.refresh()
            self._app.screen.refresh()

    def hand_over(self) -> None:
        """Leave it there for the next process on this terminal."""
        terminal = self._terminal
        if terminal is not None:
            terminal.keeps_terminal = True
