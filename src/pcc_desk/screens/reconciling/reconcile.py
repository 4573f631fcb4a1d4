"""Reconcile: a day of sales beside the state's record. Worst first; what was not compared is never called wrong."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.widget import Widget

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.reconcile import compare_day, last_comparison
from pcc_desk.desk.rights import Right
from pcc_desk.domain.quantity import money, thousandths
from pcc_desk.domain.reconciling.findings import DayComparison, Finding
from pcc_desk.domain.sales import Receipt, Sale, short_tag
from pcc_desk.screens.frame import Place
from pcc_desk.screens.words import day_words
from pcc_desk.widgets.listing import Column, Listing, Row
from pcc_desk.widgets.sheet import Line, Sheet

FINDINGS = (
    Column("Class", 20),
    Column("Sale", 9),
    Column("Receipt", 9),
    Column("What", 30, grow=True),
)

SIDE_LINES = 4


class Reconcile(Place):
    """One day: matched, different, not compared."""

    PLACE = "Reconcile"
    CSS_PATH = "reconcile.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "compare", "Compare", id="reconcile.compare", tooltip="Read both sides of the day and compare"),
        Binding("left", "day(-1)", "Day before", id="reconcile.before", tooltip="The day before"),
        Binding("right", "day(1)", "Day after", id="reconcile.after", tooltip="The day after"),
        Binding("t", "today", "Today", id="reconcile.today", tooltip="Back to today"),
    ]
    NEEDS: ClassVar[Mapping[str, Right]] = {
        "compare": Right.RECONCILE,
    }

    day: reactive[date] = reactive(date.min, init=False)
    comparison: reactive[DayComparison | None] = reactive(None, init=False, always_update=True)
    progress: reactive[str] = reactive("", init=False)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.set_reactive(Reconcile.day, desk.today)

    def body(self) -> Iterable[Widget]:
        """Return the day's sum, the differences, and both sides of the one under the cursor."""
        yield Sheet(id="sum")
        yield Listing(FINDINGS, id="findings", opens=False)
        yield Sheet(id="sides", wraps=True)

    async def on_mount(self) -> None:
        """Show the day as last compared."""
        self.set_focus(self.query_one(Listing))
        self.read_day()

    @work(exclusive=True, group="day")
    async def read_day(self) -> None:
        """Read the newest comparison of the day."""
        self.comparison = await self.desk.store.read(last_comparison, self.day, act=self.desk.act())

    @work(exclusive=True, group="day")
    async def action_compare(self) -> None:
        """Read both sides and compare. The day may be left meanwhile."""
        self.progress = f"Reading both sides of {day_words(self.day)} …"
        try:
            self.comparison = await compare_day(self.desk, self.day)
        finally:
            self.progress = ""
        self.count_again()

    def watch_day(self) -> None:
        """Show another day."""
        self.read_day()

    def watch_progress(self) -> None:
        """Draw that something is being read."""
        self.show_sum()

    def watch_comparison(self, comparison: DayComparison | None) -> None:
        """Draw the day."""
        self.show_sum()
        findings = comparison.findings if comparison else ()
        self.query_one(Listing).show(tuple(_row(index, each) for index, each in enumerate(findings)))
        if not findings:
            self.query_one("#sides", Sheet).show(())

    def show_sum(self) -> None:
        """Draw the lines on top: the sides, then matched, different, not compared."""
        comparison = self.comparison
        head: Line = ((f"{day_words(self.day)}   ", "heading"),)
        if self.progress:
            lines: tuple[Line, ...] = (head, ((self.progress, "muted"),))
        elif comparison is None:
            lines = (head, (("This day was not compared yet. f5 compares it.", "warning"),))
        else:
            lines = self._sum(head, comparison)
        self.query_one("#sum", Sheet).show(lines)

    def _sum(self, head: Line, comparison: DayComparison) -> tuple[Line, ...]:
        at = f"{self.desk.shop.local(comparison.compared_at):%a %H:%M:%S}"
        head = (*head, (f"compared {at} with zone {comparison.zone}", ""))
        if comparison.not_compared:
            why = "; ".join(f"{each.side}: {each.why}" for each in comparison.not_compared)
            return (
                head,
                ((f"NOT COMPARED. {why}.", "warning"),),
                (("Nothing can be said of this day yet. f5 tries again.", ""),),
            )
        different = len(comparison.findings)
        verdict: Line = (
            (f"{comparison.matched} matched   ", "good"),
            (f"{different} different   ", "danger" if different else ""),
            ("0 not compared   ", ""),
            (f"POS {comparison.sales} sales, state {comparison.receipts} receipts", "muted"),
        )
        return (head, verdict, ((comparison.source, "muted"),))

    @on(Listing.Highlighted, "#findings")
    def show_sides(self, event: Listing.Highlighted) -> None:
        """Draw both sides of a difference."""
        findings = self.comparison.findings if self.comparison else ()
        if event.key.isdecimal() and int(event.key) < len(findings):
            self.query_one("#sides", Sheet).show(_sides(findings[int(event.key)]))

    def action_day(self, by: int) -> None:
        """Go to another day, not beyond today."""
        self.day = min(self.day + timedelta(days=by), self.desk.today)

    def action_today(self) -> None:
        """Go to today."""
        self.day = self.desk.today


def _row(index: int, finding: Finding) -> Row:
    sale = finding.sale.number if finding.sale else "–"
    receipt = finding.receipt.number if finding.receipt else "–"
    return Row(str(index), (finding.kind.value, sale, receipt, finding.what))


def _sides(finding: Finding) -> tuple[Line, ...]:
    """Return both sides aligned, then what is so and what to do."""
    left = _side_lines(finding.sale)
    right = _side_lines(finding.receipt)
    rows = tuple(((f"{one:<46}", ""), (f"  {other}", "")) for one, other in zip(left, right, strict=True))
    return (
        ((f"{'POINT OF SALE':<46}", "heading"), ("  STATE", "heading")),
        *rows,
        ((f"{finding.kind.words.capitalize()}. ", "warning"), (f"Fix: {finding.fix}", "")),
    )


def _side_lines(side: Sale | Receipt | None) -> list[str]:
    if side is None:
        return ["nothing"] + [""] * (SIDE_LINES - 1)
    lines = [f"{side.number}  {side.sold_at:%H:%M}  {money(sum(each.price_cents for each in side.lines))}"]
    lines += [
        f"{short_tag(each.label)}  {thousandths(each.milli)}  {money(each.price_cents)}  {each.product[:18]}"
        for each in side.lines[: SIDE_LINES - 1]
    ]
    hidden = len(side.lines) - (SIDE_LINES - 1)
    if hidden > 0:
        lines[-1] = f"and {hidden + 1} more lines"
    return lines + [""] * (SIDE_LINES - len(lines))
