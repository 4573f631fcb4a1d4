"""What somebody looks for in a search line, which goes on record once."""

from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from pcc_desk.desk.audit import note_search, on_record
from pcc_desk.desk.desk import Desk
from pcc_desk.domain.birth_dates import typed_birth_date
from pcc_desk.domain.entries import Act

if TYPE_CHECKING:
    from textual.timer import Timer

SETTLES_S = 2.0
"""What is typed for so long is no longer being typed: somebody reads who was found."""

BY_ITS_BEGINNING = "Nobody: a card or telephone is found by its beginning, not its end."


def nobody_words(typed: str, desk: Desk, otherwise: str) -> str:
    """Return what stands where nobody is found: the end of a number, as the masked lists show it, finds nobody."""
    is_number = any(each.isdigit() for each in typed) and typed_birth_date(typed, desk.today) is None
    return BY_ITS_BEGINNING if is_number else otherwise


class Looking:
    """A search of a screen. It is on record when it is chosen from, left, or looked at for a while."""

    def __init__(self, screen: Screen[Any], desk: Desk) -> None:
        self.found_by = ""
        """What was typed for what is shown as found; empty while nobody is looked for."""
        self.count = 0
        self._screen = screen
        self._desk = desk
        self._noted = ""
        """The search that is on record already."""
        self._settling: Timer | None = None

    def found(self, typed: str, count: int) -> None:
        """Take what is shown as found now."""
        self.found_by, self.count = typed, count
        if self._settling is not None:
            self._settling.stop()
        self._settling = self._screen.set_timer(SETTLES_S, self.settle)

    def leave(self) -> None:
        """Put it on record, and look for nobody from now on."""
        self.settle()
        self.found_by = self._noted = ""

    def settle(self) -> None:
        """Put it on record, once for what is typed."""
        searched = self._searched()
        if searched is not None:
            self._screen.run_worker(self._note(*searched), group="note")

    async def finish(self) -> None:
        """Put it on record, and wait until it is."""
        searched = self._searched()
        if searched is not None:
            await self._note(*searched)

    def _searched(self) -> tuple[str, int, Act] | None:
        """Return the search that is to go on record, once."""
        if self._settling is not None:
            self._settling.stop()
            self._settling = None
        if not self.found_by or self.found_by == self._noted:
            return None
        self._noted = self.found_by
        return self.found_by, self.count, self._desk.act()

    async def _note(self, typed: str, found: int, act: Act) -> None:
        await on_record(self._desk, note_search, typed, found, act=act)


class Looks:
    """A dialog in which somebody is looked for."""

    looking: Looking

    async def finish_looking(self) -> None:
        """Put on record what was looked for and is not on record yet."""
        await self.looking.finish()
