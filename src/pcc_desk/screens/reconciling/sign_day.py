"""SignDay: the list before closing, what a signature says, and the signature."""

from datetime import date
from typing import ClassVar, assert_never

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.screen import ModalScreen

from pcc_desk.desk.closing import (
    AlreadySigned,
    CannotSign,
    DayOnRecord,
    NotASigner,
    NotAsSeen,
    NotReady,
)
from pcc_desk.desk.day_end import Signed, has_packet, read_day, sign_and_close, write_packet
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.rights import Right
from pcc_desk.domain.answers import Unanswered
from pcc_desk.domain.closing import Check, CheckState
from pcc_desk.domain.people import Role
from pcc_desk.domain.signatures import MEANINGS, SIGNERS, DaySignature, DayState
from pcc_desk.screens.door.permitting import Permitting
from pcc_desk.screens.door.re_enter import NOT_PROVED, proved_act
from pcc_desk.screens.words import day_words, local_time
from pcc_desk.widgets.keybar import KeyBar
from pcc_desk.widgets.sheet import Line, Sheet

MARKS = {CheckState.TO_DO: ("[ ]", "warning"), CheckState.NOT_KNOWN: ("[?]", "muted"), CheckState.DONE: ("[x]", "good")}
"""In the order in which they stand there: what keeps the day open first."""


class SignDay(ModalScreen[str], Permitting[str]):
    """Reads both sides once more, then lets whoever may sign. Closes with what to say; empty when nothing was done."""

    CSS_PATH = "decide.tcss"
    CALLED = "The signature under a day"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "sign", "Sign", id="sign_day.sign", tooltip="Sign for the day as it stands here"),
        Binding("escape", "close", "Back", id="sign_day.close", tooltip="Sign nothing"),
    ]

    known: reactive[DayOnRecord | None] = reactive(None, init=False, always_update=True)

    def __init__(self, desk: Desk, day: date) -> None:
        super().__init__()
        self.desk = desk
        self.day = day

    def compose(self) -> ComposeResult:
        """Draw the list and the line that answers."""
        yield Sheet(id="about", wraps=True, can_focus=True)
        yield Sheet(id="said", wraps=True)
        yield KeyBar()

    def on_mount(self) -> None:
        """Read both sides once more: what is signed for is what is so now."""
        self.query_one("#about", Sheet).show((((f"Sign {day_words(self.day)}", "heading"),),))
        self.look()

    @work(exclusive=True, group="look")
    async def look(self, refused: str = "") -> None:
        """Compare, then show the list. What was refused before that stays to be read."""
        self.say(f"{refused} Reading both sides of {day_words(self.day)} once more …".lstrip(), "muted")
        self.known = await read_day(self.desk, self.day)
        words, tone = self._verdict(self.known)
        self.say(*((refused, "warning") if refused and refused not in words else (words, tone)))

    def watch_known(self, known: DayOnRecord | None) -> None:
        """Draw what a signature says, who signed, and the list: what does not fit below scrolls."""
        if known is None:
            return
        lines: list[Line] = [((f"Sign {day_words(self.day)}", "heading"),)]
        meaning = MEANINGS.get(self.desk.person.role)
        if meaning:
            lines += [((("You sign: ", "muted"), (f"“{meaning}”", "")))]
        for role in SIGNERS:
            lines.append(self._role_line(known, role))
        lines += [(), *(_check_line(each) for each in sorted(known.checks, key=_to_do_first))]
        self.query_one("#about", Sheet).show(tuple(lines))
        self.refresh_bindings()

    def _role_line(self, known: DayOnRecord, role: Role) -> Line:
        """Return who signed as one of the two; whose signature was for something else is told too."""
        name = (f"{role.value}: ", "")
        signed = next((each for each in known.signatures if each.role is role), None)
        if signed is not None:
            return (name, (f"{signed.name}, {self._when(signed)}", "good"))
        before = next((each for each in known.lapsed if each.role is role), None)
        since = f"; {before.name} signed {self._when(before)}, and something changed since" if before else ""
        return (name, (f"not signed{since}", "warning"))

    def _when(self, signed: DaySignature) -> str:
        return f"{self.desk.shop.local(signed.at):%a %H:%M}"

    def _verdict(self, known: DayOnRecord) -> tuple[str, str]:
        if known.state is DayState.CLOSED and not has_packet(known):
            return "The day is closed, and its packet was not written. f2 writes it now.", "warning"
        if known.state is DayState.CLOSED:
            return "The day is closed: both have signed for what stands here.", "good"
        if not known.may_close:
            return "Not ready to be signed: see what is left to do above.", "warning"
        if self.desk.person.role not in SIGNERS:
            return _refused(NotASigner(self.desk.person.role)), "warning"
        same = known.signed_already(self.desk.person)
        if same is not None:
            return f"{_refused(AlreadySigned(same))} The other signature is still missing.", ""
        return "f2 signs, after your secret.", ""

    @work(exclusive=True, group="sign")
    async def action_sign(self) -> None:
        """Sign, after the secret was typed again."""
        known = self.known
        if known is None or self.is_looking:
            return
        if known.state is DayState.CLOSED:
            await self.write_missing(known)
            return
        may_sign = self.desk.person.role in SIGNERS and known.signed_already(self.desk.person) is None
        if not known.may_close or not may_sign:
            self.say(*self._verdict(known))
            return
        act = await proved_act(self.app, self.desk, Right.SIGN_DAY)
        if act is None:
            self.say(NOT_PROVED, "warning")
            return
        self.say("Signing …", "muted")
        outcome = await sign_and_close(self.desk, self.day, known.digest, act)
        if isinstance(outcome, Signed):
            self.dismiss(self._done(outcome))
        else:
            self.look(_refused(outcome))

    async def write_missing(self, known: DayOnRecord) -> None:
        """Write the packet of a closed day that has none."""
        if has_packet(known):
            self.say(*self._verdict(known))
            return
        packet = await write_packet(self.desk, self.day)
        if isinstance(packet, Unanswered):
            self.say(f"Not written: {packet.reason}.", "warning")
        else:
            self.dismiss(f"Saved {local_time(self.desk.clock.now(), self.desk.shop)}: the packet is {packet}.")

    @property
    def is_looking(self) -> bool:
        """Whether both sides are being read."""
        return any(each.node is self and each.group == "look" and not each.is_finished for each in self.workers)

    def _done(self, signed: Signed) -> str:
        """Return what became of it."""
        at = local_time(signed.signature.at, self.desk.shop)
        if not signed.is_closed:
            return f"Saved {at}: signed by you. The other signature is still missing."
        packet = signed.packet
        if packet is None or isinstance(packet, Unanswered):
            why = packet.reason if isinstance(packet, Unanswered) else "nothing was read to put into it"
            told = f"Its packet was not written: {why}"
        else:
            told = f"Its packet is {packet}, the journal's end {signed.head or 'is kept nowhere'}"
        copy = f"; {signed.copy}" if signed.copy else ""
        return f"Saved {at}: the day is closed. {told}{copy}."

    def say(self, words: str, tone: str) -> None:
        """Answer in the last line."""
        self.query_one("#said", Sheet).show((((words, tone),),))

    def action_close(self) -> None:
        """Sign nothing."""
        self.dismiss("")


def _to_do_first(check: Check) -> int:
    return list(MARKS).index(check.state)


def _check_line(check: Check) -> Line:
    mark, tone = MARKS[check.state]
    return ((f"{mark} ", tone), (f"{check.what}: ", ""), (check.words, tone))


def _refused(outcome: CannotSign) -> str:
    match outcome:
        case NotReady(checks=checks):
            return f"Not signed. Left to do: {'; '.join(each.what for each in checks)}."
        case NotASigner(role=role):
            who = " and ".join(f"{'an' if each.value[0] in 'aeiou' else 'a'} {each.value}" for each in SIGNERS)
            return f"A day is signed by {who}; you are here as {role.value}."
        case AlreadySigned(signature=signature):
            return f"{signature.name} has signed already as {signature.role.value}."
        case NotAsSeen():
            return "Not signed: something changed meanwhile. Look at it as it is now, then sign."
        case _:
            assert_never(outcome)
