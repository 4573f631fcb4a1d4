"""The brief of the day on one page: numbers only, so that it may lie on the counter."""

from collections import Counter
from collections.abc import Iterator

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.ports_visits import MorningCheck
from pcc_desk.desk.today import NotRead, Rest
from pcc_desk.domain.lapses import ClockKind
from pcc_desk.domain.preparing import NeedKind
from pcc_desk.domain.visits import QueueRow
from pcc_desk.screens.today.day_rows import CLOCKS
from pcc_desk.screens.today.lights import lights

NEEDS = {
    NeedKind.NEW: "first visits",
    NeedKind.MINOR: "minors, who come with a guardian",
    NeedKind.CAREGIVER: "with a caregiver on record",
    NeedKind.TELEHEALTH: "by telehealth",
    NeedKind.NO_CARD: "without a card on record",
    NeedKind.CARD_ENDS: "whose card ends soon or has ended",
    NeedKind.NO_CERTIFICATION: "whose certification is not on record",
    NeedKind.CERTIFICATION_ENDS: "whose certification ends soon or has ended",
    NeedKind.UNSIGNED: "with an unsigned note",
}
"""How each need is counted on paper."""

MOST_LINES = 60
"""What fits on one page."""


def brief_lines(desk: Desk, rows: tuple[QueueRow, ...], rest: Rest, check: MorningCheck | None) -> tuple[str, ...]:
    """Return the brief, line by line. It names no patient, no card and no time of anybody's appointment."""
    return tuple(_lines(desk, rows, rest, check))[:MOST_LINES]


def _lines(desk: Desk, rows: tuple[QueueRow, ...], rest: Rest, check: MorningCheck | None) -> Iterator[str]:
    local = desk.shop.local(desk.clock.now())
    yield desk.shop.name
    yield f"Brief for {local:%A} {local.day} {local:%B %Y}, printed {local:%H:%M}"
    is_done = check is not None and check.day == desk.today
    yield f"Check before opening: {f'done by {check.by_name}' if check and is_done else 'NOT DONE YET'}"
    yield ""
    yield "Systems"
    for each in lights(desk, rest):
        yield f"  {each.on_paper}"
    yield ""
    yield from _visits(rows, rest)
    yield ""
    yield from _papers(rest)
    yield ""
    yield from _stock(rest)


def _visits(rows: tuple[QueueRow, ...], rest: Rest) -> Iterator[str]:
    yield f"Appointments: {len(rows)}"
    for reason, number in sorted(Counter(row.visit.reason.value for row in rows).items()):
        yield f"  {number} {reason}"
    if not rest.is_prepared:
        yield "  What they need was not read yet."
        return
    kinds = Counter(each.kind for one in rest.prepared for each in {need.kind: need for need in one.needs}.values())
    for kind, words in NEEDS.items():
        if kinds[kind]:
            yield f"  {kinds[kind]} {words}"
    low = sum(each.low is not None for each in rest.prepared)
    if low:
        yield f"  {low} with little allotment left, or none that can be told"


def _papers(rest: Rest) -> Iterator[str]:
    if isinstance(rest.lapsing, NotRead):
        yield "What ends soon was not read yet."
        return
    for kind in ClockKind:
        steps = [f"{each.count} in {each.within_days} days" for each in rest.lapsing.counts if each.kind is kind]
        yield f"{CLOCKS[kind].capitalize()} that end: {', '.join(steps)}"


def _stock(rest: Rest) -> Iterator[str]:
    if isinstance(rest.stock, NotRead):
        yield "Packages were not looked at yet."
        return
    yield "Not to be sold" if rest.stock.blocked else "No package is kept from sale."
    for each in rest.stock.blocked:
        yield f"  {each}"
