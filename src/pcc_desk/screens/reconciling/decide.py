"""Decide: what becomes of a difference, in words that go on record."""

from dataclasses import replace
from datetime import date, timedelta
from typing import ClassVar, assert_never

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from pcc_desk.desk.closing import FindingChanged, Intent, NoSuchFinding, NotDecided, decide
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.staff import staff
from pcc_desk.domain.closing import DayFinding, Decided, Decision
from pcc_desk.domain.people import Person, name_key
from pcc_desk.domain.typed_papers import typed_day
from pcc_desk.domain.what_if import NotUnderstood
from pcc_desk.screens.dialogs import Confirm
from pcc_desk.screens.door.permitting import Permitting
from pcc_desk.screens.reconciling.finding_words import about_words
from pcc_desk.screens.words import local_time
from pcc_desk.widgets.field import Field
from pcc_desk.widgets.keybar import KeyBar
from pcc_desk.widgets.sheet import Sheet

HEADINGS = {
    Decision.FIXED: "Put right",
    Decision.EXPLAINED: "Explain why it stays",
    Decision.ASSIGNED: "Give it into somebody's hands",
    Decision.OPEN: "Open it again",
}
ASKED = {
    Decision.FIXED: ("what was done, such as: receipt 90217 edited to 2 each",),
    Decision.EXPLAINED: (
        "why it stays, such as: posted again on the 24th, the state shows its own date",
        "who answers for it; empty: you",
        "until when, such as 2026-12-01; empty: today",
    ),
    Decision.ASSIGNED: (
        "what is to be done, such as: count both packages, then edit the receipt",
        "who has it in hand; empty: you",
        "until when, such as 2026-12-01; empty: tomorrow",
    ),
    Decision.OPEN: ("why it is open again",),
}
"""What is typed, one after another."""

BECOMES = {
    Decision.FIXED: "It counts as put right once a comparison made after this finds it no more (v).",
    Decision.EXPLAINED: "It stays on the day's report with your name. Only what lawfully stays is explained.",
    Decision.ASSIGNED: "The day may be signed; it stays on the list until it is gone.",
    Decision.OPEN: "Whatever was decided before stays on record.",
}


class Decide(ModalScreen[str], Permitting[str]):
    """Closes with a sentence on what was saved; empty when nothing was."""

    CSS_PATH = "decide.tcss"
    CALLED = "What becomes of a difference"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "save", "Save", id="decide.save", tooltip="Go on, as enter does; after the last part save"),
        Binding("escape", "close", "Back", id="decide.close", tooltip="Leave it as it is"),
    ]

    def __init__(
        self, desk: Desk, day: date, found: DayFinding, decision: Decision, alike: tuple[DayFinding, ...] = ()
    ) -> None:
        """Take what it is about, and the others of one cause with it that may be decided alike."""
        super().__init__()
        self.alike = alike
        self.desk = desk
        self.day = day
        self.found = found
        self.decision = decision
        self.typed: list[str] = []
        self.people: tuple[Person, ...] = ()

    def compose(self) -> ComposeResult:
        """Draw what it is about, the field, and the line that answers."""
        yield Sheet(id="about", wraps=True)
        yield Field(id="entry", takes=self.entered, max_length=600)
        yield Sheet(id="said", wraps=True)
        yield KeyBar()

    async def on_mount(self) -> None:
        """Say what it is about, and ask."""
        self.query_one("#about", Sheet).show(
            (
                ((HEADINGS[self.decision], "heading"),),
                ((about_words(self.found.latest.finding), ""),),
                ((BECOMES[self.decision], "muted"),),
            )
        )
        self.ask()
        self.people = tuple(each for each in await self.desk.store.read(staff) if not each.has_left)

    def ask(self) -> None:
        """Ask for the next part."""
        field = self.query_one(Field)
        field.value = ""
        field.placeholder = ASKED[self.decision][len(self.typed)]
        self.set_focus(field)

    def entered(self, typed: str) -> None:
        """Take a part, or say why not. Pressed again meanwhile, the key does nothing."""
        if any(each.node is self and not each.is_finished for each in self.workers):
            return
        wrong = self._wrong(typed.strip())
        if wrong:
            self.say(wrong, "warning")
            return
        self.typed.append(typed.strip())
        if len(self.typed) < len(ASKED[self.decision]):
            self.say(f"{len(self.typed)} of {len(ASKED[self.decision])}: {' · '.join(self.typed)}", "muted")
            self.ask()
        else:
            self.save()

    def _wrong(self, typed: str) -> str:
        """Return what is wrong with the part that is being typed; empty when nothing is."""
        match len(self.typed):
            case 0:
                return "" if typed else "Say it in words: they are what an auditor reads."
            case 1:
                return "" if self._person(typed) else self._who()
            case _:
                day = typed_day(typed) if typed else None
                return day.why if isinstance(day, NotUnderstood) else ""

    def _who(self) -> str:
        names = ", ".join(each.name for each in self.people)
        return f"Nobody, or more than one, on the staff is called so. On it are: {names}."

    def _person(self, typed: str) -> Person | None:
        """Return whom a name, or the beginning of a part of it, means; nobody when it means several."""
        if not typed:
            return self.desk.person
        key = name_key(typed)
        found = [each for each in self.people if f" {name_key(each.name)}".find(f" {key}") >= 0]
        return found[0] if len(found) == 1 else None

    @work(group="save")
    async def save(self) -> None:
        """Put it on record, or say why not and ask for it anew."""
        act, intent = self.desk.act(), self._intent()
        outcome = await self.desk.store.write(decide, self.day, self.found.key, intent, act=act)
        match outcome:
            case Decided():
                alike = await self._decide_alike(intent)
                self.dismiss(f"Saved {local_time(act.at, self.desk.shop)}: {outcome.decision.value}{alike}.")
            case NotDecided(why=why):
                self.typed.pop()
                self.ask()
                self.say(f"Not saved. {why}", "warning")
            case FindingChanged():
                self.dismiss("Not saved: the difference is another by now. Look at it again.")
            case NoSuchFinding():
                self.dismiss("Not saved: that difference is no longer there.")
            case _:
                assert_never(outcome)

    async def _decide_alike(self, intent: Intent) -> str:
        """Decide the others of one cause too, where a person says so; return how many became of it, a clause."""
        if not self.alike or intent.decision is Decision.OPEN:
            return ""
        count = len(self.alike)
        question = f"{count} more of this cause {'is' if count == 1 else 'are'} open. Say the same of {_them(count)}?"
        if not await self.app.push_screen_wait(Confirm(question, f"{self.found.latest.finding.group}: {intent.words}")):
            return ""
        done = 0
        for each in self.alike:
            own = replace(intent, seen=each.latest.digest)
            outcome = await self.desk.store.write(decide, self.day, each.key, own, act=self.desk.act())
            done += isinstance(outcome, Decided)
        left = f", {count - done} changed meanwhile" if done < count else ""
        return f", with {done} more of its cause{left}"

    def _intent(self) -> Intent:
        words = self.typed[0]
        seen = self.found.latest.digest
        if len(self.typed) == 1:
            return Intent(self.decision, words, seen=seen)
        owner = self._person(self.typed[1])
        usual = self.desk.today + timedelta(days=self.decision is Decision.ASSIGNED)
        day = typed_day(self.typed[2]) if self.typed[2] else None
        due = usual if day is None or isinstance(day, NotUnderstood) else day.day
        return Intent(self.decision, words, owner.id if owner else None, due, seen)

    def say(self, words: str, tone: str) -> None:
        """Answer below the field."""
        self.query_one("#said", Sheet).show((((words, tone),),))

    def action_save(self) -> None:
        """Take what is typed."""
        self.entered(self.query_one(Field).value)

    def action_close(self) -> None:
        """Leave it as it is."""
        self.dismiss("")


def _them(count: int) -> str:
    return "it" if count == 1 else "them"
