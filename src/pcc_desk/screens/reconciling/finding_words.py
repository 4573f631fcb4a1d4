"""A difference in words: its sides beside each other, what is other, and where it stands."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from pcc_desk.domain.closing import DayFinding, Fate
from pcc_desk.domain.quantity import money, thousandths
from pcc_desk.domain.reconciling.findings import Finding
from pcc_desk.domain.sales import Receipt, Sale, SoldLine, short_tag
from pcc_desk.domain.shop import Shop
from pcc_desk.widgets.sheet import Line

COLUMN = 44
"""How wide one side is at most."""

UNLIKE = 16
"""How much room is kept for what is other."""

MOST_LINES = 6

Names = Mapping[UUID, str]
"""Who is who on the staff."""


def about_words(finding: Finding) -> str:
    """Return a difference in one line: its class in words, and what it is about."""
    sale = f"sale {finding.sale.number}" if finding.sale else ""
    receipt = f"receipt {finding.receipt.number}" if finding.receipt else ""
    return f"{finding.kind.words.capitalize()}: {', '.join(filter(None, (sale, receipt)))} · {finding.what}"


def side_by_side(finding: Finding, system: str, width: int = 98) -> tuple[Line, ...]:
    """Return both sides, line against line, with a mark where they are other. `width` is that of the screen."""
    sold, reported = finding.sale, finding.receipt
    column = min(COLUMN, (width - UNLIKE) // 2)
    head: Line = ((f"{'POINT OF SALE':<{column}}", "heading"), (f"  {system.upper()}", "heading"))
    lines: list[Line] = [head, _pair(_head(sold), _head(reported), "", column)]
    pairs = _paired(sold.lines if sold else (), reported.lines if reported else ())
    for one, other in pairs[:MOST_LINES]:
        lines.append(_pair(_line_words(one), _line_words(other), _unlike(one, other), column))
    if len(pairs) > MOST_LINES:
        lines.append(((f"and {len(pairs) - MOST_LINES} more lines", "muted"),))
    return tuple(lines)


def _pair(one: str, other: str, unlike: str, column: int) -> Line:
    mark = f"  ≠ {unlike}" if unlike else ""
    return ((f"{one[:column]:<{column}}", ""), (f"  {other[:column].rstrip()}", ""), (mark, "warning"))


def _head(side: Sale | Receipt | None) -> str:
    if side is None:
        return "nothing"
    total = money(sum(each.price_cents for each in side.lines))
    struck = "  void" if side.is_void else ""
    return f"{side.number}  {side.sold_at:%d %b %H:%M}  {total}{struck}"


def _paired(
    sold: tuple[SoldLine, ...], reported: tuple[SoldLine, ...]
) -> tuple[tuple[SoldLine | None, SoldLine | None], ...]:
    """Return the lines of both sides by their tags; what the other side lacks stands alone."""
    left = list(reported)
    pairs: list[tuple[SoldLine | None, SoldLine | None]] = []
    for line in sold:
        same = [each for each in left if each.label == line.label]
        other = next((each for each in same if each.milli == line.milli), same[0] if same else None)
        if other is not None:
            left.remove(other)
        pairs.append((line, other))
    return (*pairs, *((None, each) for each in left))


def _line_words(line: SoldLine | None) -> str:
    if line is None:
        return "–"
    unit = f" {line.unit.sign}" if line.unit.sign else ""
    back = " returned" if line.is_returned else ""
    tag = short_tag(line.label) or "no tag"
    return f"{tag}  {thousandths(line.milli)}{unit}  {money(line.price_cents)}  {line.product[:14]}{back}"


def _unlike(one: SoldLine | None, other: SoldLine | None) -> str:
    if one is None or other is None:
        return "only here" if one is None else "only at the till"
    unlike = [
        word
        for word, is_unlike in (
            ("quantity", one.milli != other.milli),
            ("unit", one.unit != other.unit and bool(one.unit and other.unit)),
            ("price", abs(one.price_cents - other.price_cents) > 1),
        )
        if is_unlike
    ]
    return ", ".join(unlike)


def fate_words(found: DayFinding, names: Names, shop: Shop, today: date) -> tuple[str, str]:
    """Return where a difference stands, in a clause and its tone."""
    last = found.decision
    match found.fate:
        case Fate.VERIFIED:
            at = f"{shop.local(found.gone_at):%a %H:%M}" if found.gone_at else ""
            return f"verified {at}: it is gone", "good"
        case Fate.OPEN:
            return ("still there after it was put right", "danger") if found.outlived_its_fix else ("open", "warning")
        case Fate.FIXING:
            return "put right, not verified: v reads both sides again", "warning"
    who = names.get(last.owner, "somebody") if last and last.owner else ""
    until = f" until {last.due}" if last and last.due else ""
    late = " · OVERDUE" if last and last.due and last.due < today and found.fate is Fate.ASSIGNED else ""
    return f"{found.fate.value}: {who}{until}{late}", "warning" if late else ""


def history_words(found: DayFinding, names: Names, shop: Shop) -> tuple[Line, ...]:
    """Return what was decided of a difference, oldest first, and that it was found otherwise first where it was."""
    lines: list[Line] = []
    if found.first.digest != found.latest.digest:
        first = found.first.finding
        lines.append(((f"First found {shop.local(found.first_at):%a %H:%M}: {first.what}", "muted"),))
    for each in found.decided:
        at, who = shop.local(each.at), names.get(each.by, "somebody")
        lines.append(((f"{at:%a %H:%M} {who}, {each.decision.value}: {each.words}", "muted"),))
    return tuple(lines)
