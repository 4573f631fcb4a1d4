"""What was put right after it was handed over: corrected or struck, and how the limits count it from then on."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from pcc_desk.domain.dispensing import Dispensation, DispensedLine, Posting, PostingState, PostKind
from pcc_desk.domain.products import Measures
from pcc_desk.domain.purchases import PurchaseKind
from pcc_desk.domain.quantity import Quantity, money
from pcc_desk.domain.sales import short_tag


@dataclass(frozen=True, slots=True)
class Amendment:
    """A correction or a void of a dispensation, at an instant in UTC. A later one takes an earlier one's place."""

    id: UUID
    dispensation_id: UUID
    patient_id: UUID
    kind: PostKind
    """A correction or a void; never a sale."""
    at: datetime
    by: UUID
    why: str
    lines: tuple[DispensedLine, ...]
    """What was really handed over, all of it; of a void nothing."""

    @property
    def summary(self) -> str:
        """What it says, in one line, with its reason."""
        if not self.lines:
            return self.why
        parts = (f"{line.quantity} {line.product} ({short_tag(line.label)})" for line in self.lines)
        return f"{', '.join(parts)} · {money(sum(line.price_cents for line in self.lines))} · {self.why}"


@dataclass(frozen=True, slots=True)
class Amended:
    """An amendment, and when the state's acceptance of it was recorded; None when it was not."""

    amendment: Amendment
    posted_at: datetime | None


@dataclass(frozen=True, slots=True)
class CountedLine:
    """A part of a dispensation as the limits count it."""

    line: DispensedLine
    kind: PurchaseKind
    posted_at: datetime | None


def as_it_stands(given: Dispensation, amendments: Sequence[Amendment]) -> Dispensation:
    """Return a dispensation with what was really handed over. What was struck is told as it was before that."""
    corrections = [each for each in amendments if each.kind is PostKind.CORRECTION]
    return replace(given, lines=corrections[-1].lines) if corrections else given


def counted_lines(
    lines: Sequence[DispensedLine], posted_at: datetime | None, amended: Iterable[Amended]
) -> tuple[CountedLine, ...]:
    """Return a dispensation's lines after its amendments, oldest first, by which rules decide what counts.

    What was struck, or corrected away, stays as a void line: whether it gives allowance back is the law's. What a
    correction adds is a sale that the state knows of only once the correction is accepted. Split, each measure of
    what stays is rounded up.
    """
    parts = [CountedLine(line, PurchaseKind.SALE, posted_at) for line in lines]
    for each in amended:
        if each.amendment.kind is PostKind.VOID:
            parts = [replace(part, kind=PurchaseKind.VOID) for part in parts]
        else:
            parts = _corrected(parts, each)
    return tuple(parts)


def as_told(patient_id: UUID) -> UUID:
    """Return a record as it is: where nobody knows of merged ones."""
    return patient_id


def whose_turn(
    unsettled: Iterable[Posting], at: datetime, kept_as: Callable[[UUID], UUID] = as_told
) -> tuple[Posting, ...]:
    """Return the postings to work on at an instant, of those not settled, oldest first: of each patient only the first.

    One that is parked, or whose next try is later, holds up whatever comes after it of the same patient. `kept_as` says
    which records are one person's.
    """
    first = first_in_line(unsettled, kept_as)
    return tuple(each for each in first if each.state is not PostingState.PARKED and each.next_try_at <= at)


def first_in_line(unsettled: Iterable[Posting], kept_as: Callable[[UUID], UUID] = as_told) -> tuple[Posting, ...]:
    """Return of each patient the first of the postings that are not settled, in the order in which they come."""
    first: dict[UUID, Posting] = {}
    for each in unsettled:
        first.setdefault(kept_as(each.patient_id), each)
    return tuple(first.values())


def _corrected(parts: list[CountedLine], amended: Amended) -> list[CountedLine]:
    wanted: dict[str, DispensedLine] = {}
    for line in amended.amendment.lines:
        wanted[line.label] = _together(wanted[line.label], line) if line.label in wanted else line
    found: list[CountedLine] = []
    room = {label: line.quantity.milli for label, line in wanted.items()}
    had: dict[str, Measures] = {}
    for part in parts:
        label, milli = part.line.label, part.line.quantity.milli
        left = room.get(label, 0)
        if part.kind is not PurchaseKind.SALE:
            found.append(part)
        elif milli <= left:
            room[label] = left - milli
            had[label] = _sum(had[label], part.line.measures) if label in had else part.line.measures
            found.append(part)
        else:
            room[label] = 0
            found += _split(part, left)
    for label, milli in room.items():
        if milli > 0:
            line = wanted[label]
            measures = _less(line.measures, had[label]) if label in had else line.measures
            extra = replace(line, quantity=Quantity(milli, line.quantity.unit), measures=measures)
            found.append(CountedLine(extra, PurchaseKind.SALE, amended.posted_at))
    return found


def added(
    lines: Sequence[DispensedLine], amendments: Iterable[Amendment], amendment_id: UUID
) -> Iterable[tuple[str, int]]:
    """Yield what one correction took out of packages beyond what had been recorded before it, by package label.

    Nothing once the dispensation was struck.
    """
    amendments = tuple(amendments)
    before = lines
    for each in amendments:
        if each.id == amendment_id and all(other.kind is not PostKind.VOID for other in amendments):
            had, has = _by_label(before), _by_label(each.lines)
            yield from ((label, milli - had[label]) for label, milli in has.items() if milli > had[label])
        before = each.lines


def _by_label(lines: Iterable[DispensedLine]) -> Counter[str]:
    amounts: Counter[str] = Counter()
    for line in lines:
        amounts[line.label] += line.quantity.milli
    return amounts


def _split(part: CountedLine, kept: int) -> list[CountedLine]:
    line = part.line
    whole = line.quantity.milli
    stays = line.measures.times(kept, whole)
    gone = replace(line, quantity=Quantity(whole - kept, line.quantity.unit), measures=_less(line.measures, stays))
    void = CountedLine(gone, PurchaseKind.VOID, part.posted_at)
    if kept == 0:
        return [void]
    rest = replace(line, quantity=Quantity(kept, line.quantity.unit), measures=stays)
    return [replace(part, line=rest), void]


def _together(one: DispensedLine, other: DispensedLine) -> DispensedLine:
    quantity = Quantity(one.quantity.milli + other.quantity.milli, one.quantity.unit)
    return replace(one, quantity=quantity, measures=_sum(one.measures, other.measures))


def _sum(one: Measures, other: Measures) -> Measures:
    return Measures(*(None if a is None or b is None else a + b for a, b in zip(one.all, other.all, strict=True)))


def _less(one: Measures, other: Measures) -> Measures:
    pairs = zip(one.all, other.all, strict=True)
    return Measures(*(None if a is None else max(a - (b or 0), 0) for a, b in pairs))
