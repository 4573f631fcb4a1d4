"""Dispense: packages from stock into a basket, judged while it grows, recorded by one key."""

from collections.abc import Iterable
from typing import ClassVar
from uuid import UUID

from textual import on, work
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.widget import Widget

from pcc_desk.desk.baskets import kept_lines, lines_again, sellable, typed_line
from pcc_desk.desk.by_hand import nothing_sends
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.dispensing import BasketLine, Recorded, hand_over, judge_now, too_young_for
from pcc_desk.desk.drafts import Typed, last_dispensed
from pcc_desk.desk.rules import RulesChanged, acknowledge_rules
from pcc_desk.desk.standing import PatientStanding, read_standing
from pcc_desk.desk.stock import packages, read_stock
from pcc_desk.domain.entries import DISPENSE_FORM
from pcc_desk.domain.people import Patient
from pcc_desk.domain.products import Package
from pcc_desk.domain.quantity import Unit, money
from pcc_desk.domain.sales import short_tag
from pcc_desk.domain.scans import Scan, ScannedTag
from pcc_desk.domain.verification import CaregiverUntold, UnderOutage
from pcc_desk.domain.what_if import NotUnderstood
from pcc_desk.screens.allotments.rules_changed import ReadChanges
from pcc_desk.screens.chart.basket_lines import STOCK, basket_lines, head_lines, stock_rows
from pcc_desk.screens.chart.type_package import TypePackage
from pcc_desk.screens.dialogs import Confirm
from pcc_desk.screens.queue.caregiver_words import untold_words
from pcc_desk.screens.task import Task
from pcc_desk.screens.words import local_time, refusal_words, verdict_words
from pcc_desk.widgets.field import Field
from pcc_desk.widgets.listing import Listing
from pcc_desk.widgets.sheet import Line, Sheet


class Dispense(Task):
    """Closes with a sentence on what was recorded; empty when nothing was."""

    PLACE = "Chart"
    FORM = DISPENSE_FORM
    MOVED = "Something was dispensed since your basket was kept. It was not taken up: look at the chart first."
    ON_LEAVING = "The basket is dropped."
    CSS_PATH = "dispense.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "record", "Record", id="dispense.record", tooltip="Record what is handed over and post it"),
        Binding("f3", "type_package", "Type package", id="dispense.type", tooltip="Type a package that is in stock"),
        Binding("f4", "take_out", "Take out", id="dispense.take_out", tooltip="Take the last line out of the basket"),
        Binding("f5", "read_again", "Read stock", id="dispense.stock", tooltip="Ask the state system for the stock"),
        Binding("escape", "leave", "Back", id="dispense.leave", tooltip="Back to the stock list, or to the chart"),
        Binding("down", "move(1)", "Down", id="dispense.down", tooltip="Down the list", show=False),
        Binding("up", "move(-1)", "Up", id="dispense.up", tooltip="Up the list", show=False),
        Binding("pagedown", "move(10)", "Page down", id="dispense.page_down", tooltip="Down a page", show=False),
        Binding("pageup", "move(-10)", "Page up", id="dispense.page_up", tooltip="Up a page", show=False),
    ]

    stock: reactive[tuple[Package, ...]] = reactive((), init=False)
    basket: reactive[tuple[BasketLine, ...]] = reactive((), init=False)
    chosen: reactive[Package | None] = reactive(None, init=False)

    def __init__(self, desk: Desk, patient: Patient) -> None:
        super().__init__(desk)
        self.patient = patient
        self.known: PatientStanding | None = None
        self.last_dispensed = ""
        self.answer: Line = ()
        self.verdict: Line = ()

    def body(self) -> Iterable[Widget]:
        """Return the head, one field, the stock, and the basket."""
        yield Sheet(id="head", wraps=True)
        yield Field(id="entry", takes=self.entered)
        yield Listing(STOCK, id="stock", empty="Nothing in stock is called so. f5 reads the stock again.")
        yield Sheet(id="basket", wraps=True)

    async def on_mount(self) -> None:
        """Show standing and stock as known; read the stock when none is."""
        self.watch_chosen(None)
        self.set_focus(self.query_one(Field))
        self.known = await read_standing(self.desk, self.patient.id)
        self.show_head()
        self.stock = await self.desk.store.read(packages)
        self.last_dispensed = await self.desk.store.read(last_dispensed, self.patient.id)
        self.show_basket()
        await self.take_up_draft()
        if not self.stock:
            self.action_read_again()

    def on_screen_resume(self) -> None:
        """Read again what is known: above it a notice may have been noted, without which nothing was sold."""
        if self.known is not None:
            self.read_known()

    def changed(self) -> None:
        """Read again what is known, because an outage began or ended, or something reached the state's record."""
        super().changed()
        self.read_known()

    @work(exclusive=True, group="known")
    async def read_known(self) -> None:
        """Read again what may be dispensed; what was answered for another reason than now is taken away."""
        before, self.known = self.known, await read_standing(self.desk, self.patient.id)
        self.show_head()
        if self.is_at("record"):
            return
        if before is not None and type(before.proof) is not type(self.known.proof):
            self.say("", "")
        self.judge()

    def show_head(self) -> None:
        """Draw who it is for and what may be dispensed."""
        if self.known is not None:
            self.query_one("#head", Sheet).show(head_lines(self.desk, self.patient, self.known))

    def unsaved(self) -> str:
        """Return what is in the basket and not recorded."""
        return f"The basket for {self.patient.name} is not recorded" if self.basket else ""

    @property
    def about(self) -> UUID:
        """The patient."""
        return self.patient.id

    @property
    def about_patient(self) -> UUID:
        """The patient."""
        return self.patient.id

    def typed_so_far(self) -> Typed:
        """Return the basket, and the line that is being typed."""
        lines = kept_lines(self.basket)
        chosen = self.chosen.label if self.chosen else ""
        typed = self.query_one(Field).value
        return {"lines": lines, "chosen": chosen, "typed": typed} if lines or chosen else {}

    def ground(self, typed: Typed) -> str:
        """Return what was dispensed last when this form was opened: nobody is offered a basket that went out."""
        return self.last_dispensed

    def take_up(self, typed: Typed) -> str:
        """Fill the basket again with what may still go out of stock."""
        by_label = sellable(self.stock, self.desk.today)
        self.basket, gone = lines_again(typed["lines"], by_label)
        self.chosen = by_label.get(typed["chosen"])
        if self.chosen is not None:
            self.query_one(Field).value = typed["typed"]
        return f"Left out, since it is not in stock so any more: {', '.join(map(short_tag, gone))}." if gone else ""

    def watch_stock(self) -> None:
        """Draw the stock."""
        self.show_stock(self.query_one(Field).value if self.chosen is None else "")

    def show_stock(self, typed: str) -> None:
        """Draw what is called as was typed: words of the product in any order, or the end of the tag."""
        self.query_one(Listing).show(stock_rows(self.stock, typed, self.desk.today, self.too_young_for))

    def watch_chosen(self, chosen: Package | None) -> None:
        """Make the field ask for a product, or for how much of the chosen one."""
        field = self.query_one(Field)
        field.value = ""
        if chosen is None:
            field.placeholder = "product or tag, then enter"
        else:
            price = "" if chosen.unit_price_cents is not None else ", then @ and the line's price"
            unit = chosen.remaining.unit.value.lower()
            field.placeholder = f"how much of {chosen.product}, in {unit} ({chosen.remaining} left){price}"

    @on(Field.Changed, "#entry")
    def typed(self) -> None:
        """Narrow the list while a product is looked for; by what stands there now, not by what stood there."""
        if self.chosen is None:
            self.show_stock(self.query_one(Field).value)

    def entered(self, typed: str) -> None:
        """Take the package under the cursor, or the quantity that was typed."""
        if self.chosen is None:
            self.show_stock(typed)
            self.choose(self.query_one(Listing).cursor_key)
        else:
            self.add(self.chosen, typed)

    @on(Listing.Chosen, "#stock")
    def picked(self, event: Listing.Chosen) -> None:
        """Take the package enter was pressed on."""
        self.choose(event.key)
        self.set_focus(self.query_one(Field))

    def choose(self, label: str) -> None:
        """Ask how much of a package, if it may be sold at all."""
        package = next((each for each in self.stock if each.label == label), None)
        if package is None:
            return
        why_not = package.why_not_sold(self.desk.today) or self.too_young_for(package)
        if why_not:
            self.say(f"{package.product} may not go out: {why_not}.", "warning")
            return
        self.say("", "")
        self.chosen = package

    def too_young_for(self, package: Package) -> str:
        """Return why the patient is too young for a package; empty when they are not, or nothing is known yet."""
        if self.known is None:
            return ""
        return too_young_for(package, self.known.standing.rules, self.known.standing.years)

    def takes_scan(self, scan: Scan) -> bool:
        """Take a package's tag: a piece goes into the basket, of weight it is asked how much."""
        if not isinstance(scan, ScannedTag):
            return False
        package = next((each for each in self.stock if each.label == scan.tag), None)
        if self.chosen is not None and self.query_one(Field).value.strip():
            self.say(
                f"Scanned {short_tag(scan.tag)}. First finish {self.chosen.product} (enter), or leave it (esc).",
                "warning",
            )
        elif package is None:
            self.say(f"Scanned tag {scan.tag}: no such package in stock. f5 reads the stock again.", "warning")
        else:
            self.choose(package.label)
            if self.chosen is package and package.remaining.unit is Unit.EACH:
                self.add(package, "1")
        return True

    def add(self, package: Package, typed: str) -> None:
        """Put a line into the basket: a quantity, and the line's price after an @ when it differs."""
        line = typed_line(package, typed)
        if isinstance(line, NotUnderstood):
            self.say(line.why, "warning")
            return
        self.basket = (*self.basket, line)
        self.say("", "")
        self.chosen = None

    def watch_basket(self) -> None:
        """Draw the basket and judge it."""
        self.judge()
        self.keep_soon()

    @work(exclusive=True, group="judge")
    async def judge(self) -> None:
        """Judge the basket as it stands."""
        words, tone = verdict_words(await judge_now(self.desk, self.patient.id, self.basket))
        self.verdict = ((words, tone),)
        self.show_basket()

    def say(self, words: str, tone: str) -> None:
        """Answer in the last line of the basket."""
        self.answer = ((words, tone),)
        self.show_basket()

    def show_basket(self) -> None:
        """Draw the basket: its lines, the sum, the verdict, the answer."""
        lines = basket_lines(self.basket, self.stock)
        self.query_one("#basket", Sheet).show((*lines, self.verdict, self.answer))

    def action_take_out(self) -> None:
        """Take the last line out of the basket, and with it what was answered about the basket as it was."""
        self.say("", "")
        self.basket = self.basket[:-1]

    def action_move(self, by: int) -> None:
        """Move the list's cursor while the field has the focus."""
        self.query_one(Listing).move(by)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let stock be typed where no program reads it, and read where one does."""
        if action in {"type_package", "read_again"}:
            return (action == "type_package") is nothing_sends(self.desk) and super().check_action(action, parameters)
        return super().check_action(action, parameters)

    @work(exclusive=True, group="stock")
    async def action_type_package(self) -> None:
        """Type a package that is in stock."""
        said = await self.app.push_screen_wait(TypePackage(self.desk))
        self.stock = await self.desk.store.read(packages)
        self.say(said or "", "muted")

    @work(exclusive=True, group="stock")
    async def action_read_again(self) -> None:
        """Ask for the stock."""
        self.say("Reading the stock …", "muted")
        unanswered = await read_stock(self.desk)
        self.refresh_bindings()
        self.stock = await self.desk.store.read(packages)
        if unanswered is None:
            packages_read = "1 package" if len(self.stock) == 1 else f"{len(self.stock)} packages"
            self.say(f"Stock read: {packages_read}.", "muted")
        elif nothing_sends(self.desk):
            self.say(f"{self.desk.state.name} is read by hand: type a package (f3), or import the stock.", "muted")
        else:
            self.say(f"The stock could not be read: {unanswered.reason}. It stands as last read.", "warning")

    def action_record(self) -> None:
        """Record the basket, or say why not. Pressed again meanwhile, the key does nothing."""
        if not self.is_at("record"):
            self.record()

    @work(group="record")
    async def record(self) -> None:
        """Record the basket. A person reads of changed rules first, and in an outage says yes to its duties."""
        self.known = await read_standing(self.desk, self.patient.id)
        self.show_head()
        if self.basket and isinstance(self.known.proof, UnderOutage):
            outage = self.desk.rules.outage
            question = f"{self.desk.state.name} is out of reach. Record this as an outage sale?"
            if not await self.app.push_screen_wait(Confirm(question, f"{self.desk.rules.name}: {outage.why}.")):
                return
        act = self.desk.act()
        outcome = await hand_over(self.desk, self.patient.id, self.basket, act)
        while isinstance(outcome, RulesChanged) and await self.app.push_screen_wait(ReadChanges(outcome)):
            await self.desk.store.write(acknowledge_rules, outcome.fingerprint, act=self.desk.act())
            act = self.desk.act()
            outcome = await hand_over(self.desk, self.patient.id, self.basket, act)
        if isinstance(outcome, CaregiverUntold):
            if not await self.app.push_screen_wait(Confirm(*untold_words(outcome, self.desk.rules))):
                self.say(f"Not recorded. {refusal_words(outcome)}", "warning")
                return
            act = self.desk.act()
            outcome = await hand_over(self.desk, self.patient.id, self.basket, act, by_the_card_itself=True)
        if isinstance(outcome, Recorded):
            total = money(outcome.dispensation.total_cents)
            saved = f"Saved {local_time(act.at, self.desk.shop)}: dispensed for {total}"
            self.dismiss(f"{saved} as {outcome.dispensation.external_number}. {outcome.remark}".strip())
        else:
            self.judge()
            self.say(f"Not recorded. {refusal_words(outcome)}", "danger")

    @work(exclusive=True, group="leave")
    async def action_leave(self) -> None:
        """Leave what is typed, then the quantity, then the screen; a basket is not dropped without a question."""
        if self.query_one(Field).value:
            self.query_one(Field).value = ""
            return
        if self.chosen is not None:
            self.chosen = None
            self.show_stock("")
            return
        if await self.may_be_left():
            self.dismiss("")
