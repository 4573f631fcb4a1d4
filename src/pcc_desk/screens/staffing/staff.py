"""Staff: who works here, what they are, and by what they open the desk; and every change of that."""

import time
from collections.abc import Awaitable, Callable, Iterable
from enum import Enum
from typing import ClassVar, TypeVar
from uuid import UUID

from textual import work
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.widget import Widget

from pcc_desk.desk import staffing
from pcc_desk.desk.errors import DeskError
from pcc_desk.desk.rights import Right
from pcc_desk.desk.staff import Seen, give_role, needed_for_secret, staff_seen
from pcc_desk.domain.people import Person, Role, SecretKind
from pcc_desk.screens.dialogs import Confirm
from pcc_desk.screens.door.re_enter import NOT_PROVED, InHand, in_hand
from pcc_desk.screens.frame import GoTo, Place
from pcc_desk.screens.staffing.asking import ChooseOne, NewSecret, ShownOnce
from pcc_desk.screens.staffing.staff_words import (
    ADVICE,
    ROLES,
    STAFF,
    enciphering_words,
    head_words,
    refused_words,
    secret_words,
    staff_row,
)
from pcc_desk.widgets.field import Field
from pcc_desk.widgets.listing import Listing
from pcc_desk.widgets.sheet import Sheet

T = TypeVar("T")

LEAVES = (
    "Nothing they have opens the desk from then on; the whole record is enciphered anew. What they did stays theirs."
)


class Typing(Enum):
    """What is being typed; the value is how to type it."""

    NAME = "the name of who comes on the staff, then enter"
    REASON = "what happened to the list, as far as it is known, then enter"


class Staff(Place):
    """Who is and was on the staff."""

    PLACE = "Staff"
    CSS_PATH = "staffing.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "type('NAME')", "Add", id="staff.add", tooltip="Put somebody on the staff"),
        Binding("r", "role", "Role", id="staff.role", tooltip="Give them another role, from their next sign-in on"),
        Binding("s", "secret('PASSPHRASE')", "Secret", id="staff.secret", tooltip="Give them a new passphrase"),
        Binding("i", "secret('PIN')", "PIN", id="staff.pin", tooltip="Give them a PIN for this computer", show=False),
        Binding("w", "take_pin", "No PIN", id="staff.no_pin", tooltip="Take their PIN away", show=False),
        Binding(
            "t", "allow", "Allow", id="staff.allow", tooltip="Let secrets that were tried too often be tried again"
        ),
        Binding("d", "remove", "Remove", id="staff.remove", tooltip="Take them off the staff, and change the key"),
        Binding("h", "sheet", "New sheet", id="staff.sheet", tooltip="Make the recovery sheet anew", show=False),
        Binding("k", "rekey", "Change key", id="staff.key", tooltip="Encipher the record under a new key", show=False),
        Binding("z", "type('REASON')", "Seal", id="staff.seal", tooltip="Answer for who can open the desk"),
        Binding("f5", "read_again", "Again", id="staff.again", tooltip="Read again", show=False),
        Binding("escape", "back", "Back", id="staff.back", tooltip="Leave what is typed, or the place"),
    ]

    typing: reactive[Typing | None] = reactive(None, init=False)
    people: reactive[tuple[Seen, ...]] = reactive((), init=False, always_update=True)

    def body(self) -> Iterable[Widget]:
        """Return the head, the list, the field, and the line that answers."""
        yield Sheet(id="head", wraps=True)
        yield Listing(STAFF, opens=False, empty="Nobody is on the staff.")
        yield Field(id="typed", takes=self.entered)
        yield Sheet(id="said", wraps=True)

    async def on_mount(self) -> None:
        """Begin in the list."""
        self.watch_typing(None)

    @property
    def chosen(self) -> Person | None:
        """Whom the cursor is on."""
        key = self.query_one(Listing).cursor_key
        return next((each.person for each in self.people if str(each.person.id) == key), None)

    def read_again(self) -> None:
        """Read again who works here."""
        self.read()

    @work(exclusive=True, group="read")
    async def read(self) -> None:
        """Read who works here."""
        self.people = await self.desk.store.read(staff_seen)

    def watch_people(self, people: tuple[Seen, ...]) -> None:
        """Show them."""
        seen = self.desk.secrets.seen() if self.desk.secrets is not None else {}
        rows = tuple(staff_row(each, seen.get(each.person.id, ()), self.desk) for each in people)
        self.query_one(Listing).show(rows)
        self.query_one("#head", Sheet).show(((head_words(people, self.desk),),))

    def watch_typing(self, typing: Typing | None) -> None:
        """Put the cursor into the field and say there what to type, or back into the list."""
        field = self.query_one(Field)
        field.value = ""
        field.disabled = typing is None
        field.placeholder = typing.value if typing else ""
        self.set_focus(self.query_one(Listing) if typing is None else field)

    def say(self, words: str, tone: str) -> None:
        """Answer in the last line."""
        self.query_one("#said", Sheet).show((((words, tone),),))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let letters be typed where one is typing; offer the seal where something is to be answered for."""
        if isinstance(self.focused, Field) and action not in {"back", "read_again"}:
            return False
        if parameters == ("REASON",):
            return self.desk.secrets is not None and bool(self.desk.secrets.troubles)
        return super().check_action(action, parameters)

    # What is typed and chosen

    def action_type(self, what: str) -> None:
        """Ask for a name or a reason."""
        self.say("", "")
        self.typing = Typing[what]

    def entered(self, typed: str) -> None:
        """Take what was typed. Pressed again meanwhile, the key does nothing."""
        if self.is_at("change") or self.typing is None:
            return
        words = " ".join(typed.split())
        if not words:
            self.say("Nothing is typed yet.", "warning")
        elif self.typing is Typing.NAME:
            self.add(words)
        else:
            self.seal(words)

    def action_back(self) -> None:
        """Leave what is typed; then the place."""
        if self.typing is not None:
            self.typing = None
        else:
            self.post_message(GoTo("Queue"))

    # Changes

    @work(group="change")
    async def add(self, name: str) -> None:
        """Put somebody on the staff: their role, their passphrase, then the manager's own."""
        role = await self.app.push_screen_wait(ChooseOne(f"What {name} is", ROLES))
        secret = (
            await self.new_secret(Person(UUID(int=0), name, Role.COORDINATOR), SecretKind.PASSPHRASE) if role else ""
        )
        if not secret:
            return

        async def take_on(hand: InHand) -> str:
            outcome = await staffing.take_on(
                self.desk.store, hand.vault, name, Role(role), secret, new_act=hand.new_act
            )
            if isinstance(outcome, Person):
                self.typing = None
                return f"{outcome.name} is on the staff as {role}."
            return f"Not added. {refused_words(outcome)}"

        await self.change(take_on)

    async def new_secret(self, person: Person, kind: SecretKind) -> str:
        """Ask for a new secret of somebody; nothing: none was given."""
        proposed = self.desk.secrets.proposed() if self.desk.secrets is not None else ""
        advice = ADVICE[kind].format(proposed=proposed)
        secret: str = await self.app.push_screen_wait(NewSecret(secret_words(person, kind), advice))
        return secret

    @work(group="change")
    async def action_role(self) -> None:
        """Give somebody another role."""
        person = self.chosen
        if person is None:
            return
        role = await self.app.push_screen_wait(ChooseOne(f"What {person.name} becomes", ROLES))
        if not role:
            return

        async def give(hand: InHand) -> str:
            outcome = await self.desk.store.write(give_role, person.id, Role(role), act=hand.new_act())
            done = f"{person.name} is {role} from their next sign-in on."
            return done if isinstance(outcome, Person) else f"Not changed. {refused_words(outcome)}"

        await self.change(give)

    @work(group="change")
    async def action_secret(self, kind: str) -> None:
        """Give somebody a passphrase or a PIN."""
        person, which = self.chosen, SecretKind[kind]
        if person is None or person.has_left:
            self.say("Choose somebody who is on the staff.", "warning")
            return
        secret = await self.new_secret(person, which)
        if not secret:
            return

        async def give(hand: InHand) -> str:
            await staffing.give_secret(self.desk.store, hand.vault, person, which, secret, new_act=hand.new_act)
            return f"{secret_words(person, which)} is in use."

        await self.change(give, needed_for_secret(person.id, self.desk.person.id))

    @work(group="change")
    async def action_take_pin(self) -> None:
        """Take somebody's PIN away."""
        person = self.chosen
        if person is None:
            return

        async def take(hand: InHand) -> str:
            had = await staffing.take_pin(self.desk.store, hand.vault, person.id, new_act=hand.new_act)
            return f"The PIN of {person.name} opens nothing any more." if had else f"{person.name} had no PIN."

        await self.change(take, needed_for_secret(person.id, self.desk.person.id))

    @work(group="change")
    async def action_allow(self) -> None:
        """Let somebody's secrets be tried again."""
        person = self.chosen
        if person is None:
            return

        async def allow(hand: InHand) -> str:
            await staffing.allow_again(self.desk.store, hand.vault, person.id, new_act=hand.new_act)
            return f"The secrets of {person.name} are taken again."

        await self.change(allow)

    @work(group="change")
    async def action_remove(self) -> None:
        """Take somebody off the staff, after a yes."""
        person = self.chosen
        if person is None or not await self.app.push_screen_wait(Confirm(f"Take {person.name} off the staff?", LEAVES)):
            return

        async def see_off(hand: InHand) -> str:
            outcome = await self.enciphering(
                staffing.see_off(self.desk.store, hand.vault, person.id, new_act=hand.new_act)
            )
            done = f"{person.name} is off the staff, and the key of the store is changed."
            return done if isinstance(outcome, Person) else f"Not changed. {refused_words(outcome)}"

        await self.change(see_off)

    @work(group="change")
    async def action_sheet(self) -> None:
        """Make the recovery sheet anew, and show its code once."""

        async def make(hand: InHand) -> str:
            code = await staffing.make_sheet(self.desk.store, hand.vault, new_act=hand.new_act)
            await self.app.push_screen_wait(ShownOnce(code))
            return "The recovery sheet is made anew; the one before opens nothing any more."

        await self.change(make)

    @work(group="change")
    async def action_rekey(self) -> None:
        """Change the key of the store, after a yes."""
        consequence = "The whole record is enciphered anew. Nobody's secret changes."
        if not await self.app.push_screen_wait(Confirm("Change the key of the store?", consequence)):
            return

        async def rekey(hand: InHand) -> str:
            await self.enciphering(staffing.change_key(self.desk.store, hand.vault, new_act=hand.new_act))
            return "The key of the store is changed."

        await self.change(rekey)

    @work(group="change")
    async def seal(self, reason: str) -> None:
        """Answer for who can open the desk."""

        async def answer(hand: InHand) -> str:
            await staffing.seal(hand.vault, reason, new_act=hand.new_act)
            self.typing = None
            return "The list of who can open the desk is sealed as it stands."

        await self.change(answer)

    async def change(self, change: Callable[[InHand], Awaitable[str]], right: Right = Right.STAFF) -> None:
        """Ask for the secret, change something with the vault in hand, and say what became of it."""
        hand = await in_hand(self.app, self.desk, right)
        if hand is None:
            self.say(NOT_PROVED, "warning")
            return
        self.say("Saving …", "muted")
        try:
            words = await change(hand)
            self.say(words, "warning" if words.startswith("Not ") else "good")
        except DeskError as error:
            self.say(f"Not done. {error}", "danger")
        finally:
            hand.vault.close()
        self.read()
        self.show_status()

    async def enciphering(self, change: Awaitable[T]) -> T:
        """Wait for a change of the key, and say how far it may have come."""
        began, size = time.monotonic(), self.desk.secrets.size if self.desk.secrets is not None else 0

        def show() -> None:
            self.say(enciphering_words(size, time.monotonic() - began), "muted")

        ticking = self.set_interval(0.25, show)
        show()
        try:
            return await change
        finally:
            ticking.stop()
