"""What was taken back where the till does not tell of which packages: by a receipt below zero, or by the sale's own."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pcc_desk.domain.quantity import Thousandths, size
from pcc_desk.domain.reconciling.contents import microseconds
from pcc_desk.domain.reconciling.lent import Lent, is_untold
from pcc_desk.domain.reconciling.records import Reckoning
from pcc_desk.domain.reconciling.sides import known_as
from pcc_desk.domain.reconciling.taking_over import taken_over
from pcc_desk.domain.reconciling.terms import Terms
from pcc_desk.domain.reconciling.waiting import Offered, Step, Waiting, may_be_one, paired
from pcc_desk.domain.sales import NOT_TOLD, Kind, Sale, SoldLine


@dataclass(slots=True)
class Kept:
    """What is left of a sale when something was taken back of it."""

    place: int
    lines: list[SoldLine]
    sold: tuple[SoldLine, ...]
    off: set[int] = field(default_factory=set)
    """The lines that were taken back whole and that no receipt has: neither side has anything of them any more."""

    @property
    def is_tied(self) -> bool:
        """Whether a line is of a package."""
        return any(each.label not in {"", NOT_TOLD} for each in self.lines)

    def can_be_of(self, tags: frozenset[str]) -> bool:
        """Whether packages are the sale's own, or may be those of its lines that have none."""
        labels = [each.label for each in self.lines]
        return len(tags.difference(labels)) <= labels.count(NOT_TOLD)


def returns_with_tags(
    found: list[Sale], lent: Lent, below_zero: Sequence[Offered], reckoning: Reckoning, terms: Terms
) -> None:
    """Let what was taken back bear the tags of a receipt below zero that tells it, or else those of its sale."""
    places = [place for place, each in enumerate(found) if each.kind is Kind.RETURN and is_untold(each)]
    kept = _kept(found, lent) if places else {}
    waiting = [Waiting.of(place, found[place], reckoning) for place in places]
    theirs = {one.place: other.record.of.lines for one, other in paired(waiting, below_zero, _steps(kept, terms))}
    for place in sorted(places, key=lambda place: (place not in theirs, found[place].sold_at, found[place].number)):
        each = found[place]
        lines = taken_over(each.lines, _signed_as(each.lines, theirs[place])) if place in theirs else each.lines
        of = kept.get(each.refers_to)
        if of is not None:
            lines = tuple(part for line in lines for part in _taken_back(line, of))
            if any(line.label == NOT_TOLD for line in found[of.place].lines):
                _tell(found, lent, of.place, lines)
        _put(found, lent, place, lines)
    for of in {of.place: of for of in kept.values() if of.off}.values():
        lines = found[of.place].lines
        lines = tuple(replace(line, label="") if at in of.off else line for at, line in enumerate(lines))
        _put(found, lent, of.place, lines)


def _kept(found: Sequence[Sale], lent: Lent) -> dict[str, Kept]:
    """Return the sales of which the till tells no packages, by their numbers."""
    kept = {
        each.number: Kept(place, list(each.lines), each.lines)
        for place, each in enumerate(found)
        if each.kind is not Kind.RETURN and (id(each) in lent.told or is_untold(each))
    }
    known = known_as(found[each.place] for each in kept.values())
    return {other: kept[number] for other, number in known.items()}


def _steps(kept: Mapping[str, Kept], terms: Terms) -> Iterator[Step]:
    """Yield by what a return and a receipt below zero belong together: as much at the same price, the nearest first."""

    def fits(one: Waiting, other: Offered) -> bool:
        of = kept.get(one.record.of.refers_to)
        return may_be_one(one, other) and (of is None or of.can_be_of(other.tags))

    for is_likely in (True, False):
        for within in (terms.near, terms.far):
            yield Step(lambda each: (_without_sign(each),), fits, microseconds(within), is_likely)


def _without_sign(each: Waiting | Offered) -> tuple[tuple[Thousandths, int], ...]:
    return tuple(sorted((size(milli), abs(cents)) for milli, cents in each.priced))


def _signed_as(lines: Sequence[SoldLine], theirs: Sequence[SoldLine]) -> tuple[SoldLine, ...]:
    """Return the lines of a receipt below zero as the till writes what was taken back."""
    if sum(line.milli for line in lines) < 0:
        return tuple(theirs)
    return tuple(replace(each, milli=-each.milli, price_cents=-each.price_cents) for each in theirs)


def _taken_back(line: SoldLine, of: Kept) -> list[SoldLine]:
    """Return what was taken back by the packages of its product, and take it out of what is kept of the sale.

    A line of the sale that its receipt does not have any more is taken back before one that stands there.
    """
    kept = of.lines
    if line.label != NOT_TOLD:
        same = [place for place, each in enumerate(kept) if each.label == line.label]
    else:
        same = [place for place, each in enumerate(kept) if each.label and each.product == line.product]
        same.sort(key=lambda place: kept[place].label != NOT_TOLD)
    if not same:
        return [line]
    whole = left = size(line.milli)
    back = []
    off: set[int] = set()
    for place in same:
        part = min(left, kept[place].milli)
        if part > 0:
            left -= part
            label = kept[place].label
            if label == NOT_TOLD and part == of.sold[place].milli and of.is_tied:
                off.add(place)
                label = ""
            kept[place] = replace(kept[place], milli=kept[place].milli - part)
            milli, cents = -part if line.milli < 0 else part, line.price_cents * part // whole
            back.append(replace(line, label=label, milli=milli, price_cents=cents))
    if not back or left:
        return [replace(line, label=kept[same[0]].label)]
    of.off |= off
    return back


def _tell(found: list[Sale], lent: Lent, place: int, back: Sequence[SoldLine]) -> None:
    """Let a line of a sale that has no package be of the one that was taken back of its product."""
    lines = list(found[place].lines)
    for each in back:
        if each.label and all(line.label != each.label for line in lines):
            open_ = [at for at, line in enumerate(lines) if line.label == NOT_TOLD and line.product == each.product]
            if open_:
                at = min(open_, key=lambda at: abs(lines[at].milli) != abs(each.milli))
                lines[at] = replace(lines[at], label=each.label)
    _put(found, lent, place, tuple(lines))


def _put(found: list[Sale], lent: Lent, place: int, lines: tuple[SoldLine, ...]) -> None:
    """Keep a sale with other lines, and how the till told it."""
    sale = found[place]
    if lines != sale.lines:
        found[place] = made = replace(sale, lines=lines)
        lent.told[id(made)] = lent.told.pop(id(sale), sale)
