"""A difference in words: its sides beside each other, what is other, and where it stands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from pcc_desk.domain.closing import DayFinding, Fate
from pcc_desk.domain.quantity import Thousandths, money, thousandths
from pcc_desk.domain.reconciling.findings import Finding
from pcc_desk.domain.reconciling.lines import amounts
from pcc_desk.domain.reconciling.taking_over import taken_over
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
    receipt = f"receipt {finding.receipt.shown}" if finding.receipt else ""
    return f"{finding.kind.words.capitalize()}: {', '.join(filter(None, (sale, receipt)))} · {finding.what}"


def side_by_side(finding: Finding, system: str, width: int = 98) -> tuple[Line, ...]:
    """Return both sides, line against line, with a mark where they are other. `width` is that of the screen."""
    sold, reported = finding.sale, finding.receipt
    column = min(COLUMN, (width - UNLIKE) // 2)
    head: Line = ((f"{'POINT OF SALE':<{column}}", "heading"), (f"  {system.upper()}", "heading"))
    lines: list[Line] = [head, _pair(_head(sold), _head(reported), "", column)]
    pairs = _paired(sold.lines if sold else (), reported.lines if reported else ())
    lines += [
        _pair(_line_words(each.one, each.own), _line_words(each.other), each.unlike, column)
        for each in pairs[:MOST_LINES]
    ]
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
    number = side.shown if isinstance(side, Receipt) else side.number
    return f"{number}  {side.sold_at:%d %b %H:%M}  {total}{struck}"


@dataclass(frozen=True, slots=True)
class _Pair:
    """A line of each side, as far as there is one."""

    one: SoldLine | None
    """With the tag of the other side where the till tells none; of several packages it is one part for each."""
    own: SoldLine | None
    """The line as the till told it."""
    other: SoldLine | None
    unlike: str
    """What is other; empty: nothing."""


def _paired(sold: tuple[SoldLine, ...], reported: tuple[SoldLine, ...]) -> tuple[_Pair, ...]:
    """Return the lines of both sides by their tags; what the other side lacks stands alone.

    Where the till tells no tags they are paired as they are judged. Several lines of one tag that come to the same on
    both sides are not other.
    """
    left, taken = list(reported), taken_over(sold, reported)
    one_side, other_side = amounts(taken), amounts(reported)
    alike = {
        tag
        for tag, each in one_side.items()
        if tag in other_side and not _differing(each.milli, other_side[tag].milli, each.cents, other_side[tag].cents)
    }
    pairs: list[_Pair] = []
    for line, own in _with_own(taken, sold):
        same = [each for each in left if each.label == line.label]
        other = next((each for each in same if each.milli == line.milli), same[0] if same else None)
        if other is not None:
            left.remove(other)
        pairs.append(_Pair(line, own, other, _unlike(line, other, is_alike=line.label in alike)))
    return (*pairs, *(_Pair(None, None, each, _unlike(None, each, is_alike=each.label in alike)) for each in left))


def _with_own(taken: tuple[SoldLine, ...], sold: tuple[SoldLine, ...]) -> Iterator[tuple[SoldLine, SoldLine]]:
    """Yield lines that took over tags, each with the line that it is, or is a part of."""
    rest = iter(taken)
    for own in sold:
        line = next(rest)
        milli = line.milli
        yield line, own
        while milli != own.milli:
            line = next(rest)
            milli += line.milli
            yield line, own


def _line_words(line: SoldLine | None, own: SoldLine | None = None) -> str:
    """Return a line in words; `own` is how the till told it, where it is shown by the other side's tag."""
    if line is None:
        return "–"
    whole = f" of {thousandths(own.milli)}" if own is not None and own.milli != line.milli else ""
    unit = f" {line.unit.sign}" if line.unit.sign else ""
    back = " returned" if line.is_returned else ""
    tag = short_tag(own.label if own is not None else line.label) or "no tag"
    return f"{tag}  {thousandths(line.milli)}{whole}{unit}  {money(line.price_cents)}  {line.product[:14]}{back}"


def _unlike(one: SoldLine | None, other: SoldLine | None, *, is_alike: bool) -> str:
    """Return what is other of two lines; `is_alike` where all lines of their tag come to the same."""
    if one is None or other is None:
        return "" if is_alike else "only here" if one is None else "only at the till"
    unlike = _differing(one.milli, other.milli, one.price_cents, other.price_cents) if not is_alike else []
    if one.unit != other.unit and one.unit and other.unit:
        unlike.append("unit")
    return ", ".join(unlike)


def _differing(milli: Thousandths, other_milli: Thousandths, cents: int, other_cents: int) -> list[str]:
    is_other_price = abs(cents - other_cents) > 1
    return [*(["quantity"] if milli != other_milli else []), *(["price"] if is_other_price else [])]


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
