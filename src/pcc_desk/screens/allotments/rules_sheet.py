"""The rules in force: what they say, on what they rest, and whether the shop answers for them."""

from collections.abc import Mapping
from typing import ClassVar, assert_never

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.records import RulesOnRecord
from pcc_desk.desk.rights import Right, why_not
from pcc_desk.desk.rules import Known, NotOnRecord, confirm_rules, on_record, take_up
from pcc_desk.domain.rules import Confidence
from pcc_desk.rulebook.showing import told
from pcc_desk.screens.door.permitting import Permitting
from pcc_desk.screens.door.re_enter import NOT_PROVED, proved_act
from pcc_desk.screens.words import day_words
from pcc_desk.widgets.keybar import KeyBar
from pcc_desk.widgets.sheet import Line, Sheet


class RulesSheet(ModalScreen[None], Permitting[None]):
    """Everything that the rules of today say, in words; a compliance officer may confirm them here."""

    CSS_PATH = "../dialogs.tcss"
    CALLED = "The rules"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "confirm", "Confirm", id="rules.confirm", tooltip="Compliance: compared with the law, and right"),
        Binding("escape", "close", "Close", id="rules.close", tooltip="Back to where you were"),
    ]
    NEEDS: ClassVar[Mapping[str, Right]] = {"confirm": Right.CONFIRM_RULES}

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.rules = desk.rules

    def compose(self) -> ComposeResult:
        """Draw the text; it scrolls."""
        yield Sheet(id="help", can_focus=True, wraps=True)
        yield KeyBar()

    async def on_mount(self) -> None:
        """Show the rules with what is on record of them."""
        self.set_focus(self.query_one(Sheet))
        await take_up(self.desk)
        self.show(await self.desk.store.read(on_record, self.rules.fingerprint), "")

    def show(self, record: RulesOnRecord | None, said: str) -> None:
        """Show the rules, and first of all whether the shop answers for them."""
        lines = told(self.rules, self.desk.today)
        answer: tuple[Line, ...] = (((said, "warning"),), ()) if said else ()
        self.query_one(Sheet).show(
            (
                ((lines[0], "heading"),),
                self._confirmed(record),
                (),
                *answer,
                *(((line, "heading" if line and not line.startswith(" ") else ""),) for line in lines[1:]),
            )
        )

    def _confirmed(self, record: RulesOnRecord | None) -> Line:
        if record is not None and record.confirmed is not None:
            day = day_words(self.desk.shop.day(record.confirmed.at))
            return ((f"Confirmed by {record.confirmed.by} on {day}.", "good"),)
        if self.rules.confidence is Confidence.LOW:
            return (("Not confirmed by the shop: only the registry's figures count until it is.", "warning"),)
        who = "" if self.desk.may(Right.CONFIRM_RULES) else f" {why_not(Right.CONFIRM_RULES)}"
        return ((f"Not confirmed by the shop yet; compare it with the law.{who}", "muted"),)

    @work(exclusive=True, group="confirm")
    async def action_confirm(self) -> None:
        """Put on record that these rules were compared with the law."""
        desk, fingerprint = self.desk, self.rules.fingerprint
        act = await proved_act(self.app, desk, Right.CONFIRM_RULES)
        if act is None:
            self.show(await desk.store.read(on_record, fingerprint), NOT_PROVED)
            return
        outcome = await desk.store.write(confirm_rules, fingerprint, "", act=act)
        match outcome:
            case Known(rules=rules):
                self.show(rules, "Saved: the shop answers for these rules.")
            case NotOnRecord():
                self.show(None, "These rules were made by hand and cannot be put on record.")
            case _:
                assert_never(outcome)

    def action_close(self) -> None:
        """Close."""
        self.dismiss(None)
