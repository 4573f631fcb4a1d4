"""A place with a search line: any patient by card number, part of a name, or birth date."""

from uuid import UUID

from textual import on, work

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.queue import find_patients
from pcc_desk.desk.records import FoundPatient
from pcc_desk.screens.frame import Place
from pcc_desk.screens.looking import Looking, nobody_words
from pcc_desk.widgets.field import Field
from pcc_desk.widgets.listing import Listing


class Finder(Place):
    """Looks for patients as they are typed. What enter opens was found by all that was typed, never by less."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.looking = Looking(self, desk)

    def show_searching(self, is_searching: bool) -> None:
        """Make room for what is found, or show again what stood there before."""
        raise NotImplementedError

    def show_found(self, found: tuple[FoundPatient, ...]) -> None:
        """Show who was found, in the one list of the screen."""
        raise NotImplementedError

    def registered(self, patient_id: UUID, card_number: str, said: str) -> None:
        """Go on with a patient who was just put on record, or was found to be there."""
        raise NotImplementedError

    def take(self, key: str) -> None:
        """Open the row under the cursor of the list; the key is empty when there is none."""
        raise NotImplementedError

    def nobody(self, otherwise: str) -> str:
        """Return what stands in the list where nobody is found."""
        return nobody_words(self.looking.found_by, self.desk, otherwise)

    @property
    def is_searching(self) -> bool:
        """Whether something is typed in the search line."""
        return bool(self.query_one(Field).value.strip())

    @on(Field.Changed, "#search")
    def search(self) -> None:
        """Look for what is typed, or leave the search when nothing is."""
        typed, is_searching = self.query_one(Field).value, self.is_searching
        if not is_searching:
            self.looking.leave()
        self.show_searching(is_searching)
        if is_searching and typed != self.looking.found_by:
            self.look_for(typed)

    @work(exclusive=True, group="search")
    async def look_for(self, typed: str) -> None:
        """Ask the store; the newest question wins."""
        await self.find(typed)

    async def find(self, typed: str) -> None:
        """Show who is found by what was typed, unless something else stands there by now."""
        found = await self.desk.store.read(find_patients, typed, act=self.desk.act())
        if typed == self.query_one(Field).value:
            self.looking.found(typed, len(found))
            self.show_found(found)

    async def finish_looking(self) -> None:
        """Put on record what was looked for and is not on record yet."""
        await self.looking.finish()

    def on_screen_suspend(self) -> None:
        """Leave the search where another screen comes before it."""
        self.looking.settle()

    @on(Field.Submitted, "#search")
    async def choose_first(self, event: Field.Submitted) -> None:
        """Open what the cursor of the list is on."""
        if self.is_searching and self.looking.found_by != event.value:
            await self.find(event.value)
        if event.value == self.query_one(Field).value:
            self.looking.settle()
            self.take(self.query_one(Listing).cursor_key)

    @on(Listing.Chosen)
    def choose(self, event: Listing.Chosen) -> None:
        """Open what enter was pressed on."""
        self.looking.settle()
        self.take(event.key)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let a slash be typed where one is typing: 3/11/1958.

        Elsewhere it goes before every other key, so that what a scanner sends behind it is already typed in.
        """
        is_typing = action == "search" and isinstance(self.focused, Field)
        return not is_typing and super().check_action(action, parameters)

    def action_search(self) -> None:
        """Put the cursor into the search line."""
        self.set_focus(self.query_one(Field))

    @work(exclusive=True, group="register")
    async def action_register(self) -> None:
        """Put a patient on record, beginning with what was typed to find them."""
        from pcc_desk.screens.people.register import Register  # noqa: PLC0415 - not needed for the first frame

        await self.finish_looking()
        screen = Register(self.desk, self.PLACE, self.query_one(Field).value)
        said = await self.app.push_screen_wait(screen) or ""
        if screen.patient_id is not None:
            self.query_one(Field).value = ""
            self.registered(screen.patient_id, screen.card_number, said)

    def action_move(self, by: int) -> None:
        """Move the list's cursor while the search line has the focus."""
        self.query_one(Listing).move(by)
