"""A patient's history, laid out once for counting: running totals by category along the days.

What is used of a limit on a day is then two look-ups and a multiplication for each category.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import groupby

from pcc_desk.domain.answers import CannotTell
from pcc_desk.domain.products import Basis
from pcc_desk.domain.purchases import Purchase
from pcc_desk.domain.returned import as_counted
from pcc_desk.domain.rules import Rules
from pcc_desk.domain.weighing import MEASURE_WORDS, Compiled, Parts, weigh
from pcc_desk.domain.windows import FOREVER


class _Totals:
    """Running totals along sorted days, with the places at which something is not known."""

    __slots__ = ("days", "sums", "unknown")

    def __init__(self, days: list[int], parts: Iterable[Parts]) -> None:
        self.days = days
        self.unknown: list[tuple[int, str]] = []
        """Index and reason."""
        total = 0
        self.sums = [0]
        for index, each in enumerate(parts):
            if isinstance(each, CannotTell):
                self.unknown.append((index, each.reason))
            else:
                total += each
            self.sums.append(total)

    def between(self, first: int, last: int) -> tuple[int, int]:
        """Return from which index to before which the days lie in a span."""
        days = self.days
        end = len(days) if last >= FOREVER else bisect_right(days, last)
        return bisect_left(days, first), end

    def sum(self, first: int, last: int) -> Parts:
        """Return the total over a span of days, both included."""
        start, end = self.between(first, last)
        if self.unknown:
            for index, reason in self.unknown:
                if start <= index < end:
                    return CannotTell(reason)
        return self.sums[end] - self.sums[start] if end > start else 0


class _Track:
    """The purchases of one category, by day."""

    __slots__ = ("_columns", "days", "lines")

    def __init__(self) -> None:
        self.days: list[int] = []
        self.lines: list[Purchase] = []
        self._columns: dict[Basis, _Totals] = {}

    def column(self, basis: Basis) -> _Totals:
        """Return the running totals of a measure, made when first asked for."""
        found = self._columns.get(basis)
        if found is None:
            measures = (_measure(line, basis) for line in self.lines)
            found = self._columns[basis] = _Totals(self.days, measures)
        return found


def _measure(line: Purchase, basis: Basis) -> Parts:
    measure = line.measures.of(basis)
    if measure is None:
        return _since(line, f"the {MEASURE_WORDS[basis]} of {line.product} is not known")
    return measure


def _since(line: Purchase, reason: str) -> CannotTell:
    return CannotTell(f"{line.product} was dispensed on {line.on:%d %b}, and {reason}")


class History:
    """What was dispensed to a patient, laid out for counting. Never changed once made."""

    def __init__(self, purchases: Iterable[Purchase]) -> None:
        self.lines: tuple[Purchase, ...] = tuple(sorted(purchases, key=lambda line: (line.on, line.at)))
        self._tracks: dict[str, _Track] = {}
        for line in self.lines:
            track = self._tracks.get(line.category)
            if track is None:
                track = self._tracks[line.category] = _Track()
            track.days.append(line.on.toordinal())
            track.lines.append(line)
        self._sales: dict[Compiled, _Totals] = {}
        self._at: dict[str, History] = {}

    def at(self, dispensary: str) -> "History":
        """Return what counts where each dispensary counts by itself; without a name, everything."""
        if not dispensary:
            return self
        found = self._at.get(dispensary)
        if found is None:
            found = self._at[dispensary] = History(line for line in self.lines if line.dispensary in {"", dispensary})
        return found

    def days(self, rule: Compiled) -> Sequence[int]:
        """Return the sorted days on which something was bought that a limit counts."""
        named = [
            track.days for category, track in self._tracks.items() if rule.weighs(category) or rule.puzzles(category)
        ]
        return named[0] if len(named) == 1 else sorted(day for days in named for day in days)

    def used(self, rule: Compiled, first: int, last: int) -> Parts:
        """Return what was used up of a limit from one day to another, both included, in its parts."""
        if not rule.is_linear:
            return self._by_sale(rule).sum(first, last)
        total = 0
        for category, track in self._tracks.items():
            weights = rule.weights.get(category)
            if weights is None:
                if rule.puzzles(category) and (start := _first_in(track, first, last)) is not None:
                    return _since(start, f"no conversion of {category} is published; ask the registry")
                continue
            for weight in weights:
                part = track.column(weight.measure).sum(first, last)
                if isinstance(part, CannotTell):
                    return part
                total += part * weight.parts
        return total

    def used_by_day(self, rule: Compiled, first: int, last: int) -> dict[int, int]:
        """Return what was used up on each day of a span, in parts; what cannot be told is left out."""
        found: dict[int, int] = {}
        for day, parts in self._pieces(rule, first, last):
            found[day] = found.get(day, 0) + parts
        return {day: found[day] for day in sorted(found) if found[day]}

    def _pieces(self, rule: Compiled, first: int, last: int) -> Iterable[tuple[int, int]]:
        if not rule.is_linear:
            totals = self._by_sale(rule)
            start, end = totals.between(first, last)
            for index in range(start, end):
                yield totals.days[index], totals.sums[index + 1] - totals.sums[index]
            return
        for category, track in self._tracks.items():
            for weight in rule.weights.get(category, ()):
                column = track.column(weight.measure)
                start, end = column.between(first, last)
                for index in range(start, end):
                    yield track.days[index], (column.sums[index + 1] - column.sums[index]) * weight.parts

    def counted(self, rule: Compiled, first: int, last: int) -> tuple[Purchase, ...]:
        """Return the lines of a span that count against a limit, known conversion or not, oldest first."""
        return tuple(
            line
            for line in self.lines
            if first <= line.on.toordinal() <= last and (rule.weighs(line.category) or rule.puzzles(line.category))
        )

    def _by_sale(self, rule: Compiled) -> _Totals:
        """Return what each sale used up of a limit that does not simply add up."""
        found = self._sales.get(rule)
        if found is None:
            days, parts = [], []
            for (on, _), lines in groupby(self.lines, key=lambda line: (line.on, line.at)):
                sale = tuple(lines)
                used = weigh(rule, sale)
                days.append(on.toordinal())
                parts.append(_since(sale[0], used.reason) if isinstance(used, CannotTell) else used)
            found = self._sales[rule] = _Totals(days, parts)
        return found


def _first_in(track: _Track, first: int, last: int) -> Purchase | None:
    start = bisect_left(track.days, first)
    return track.lines[start] if start < len(track.days) and track.days[start] <= last else None


def history_of(rules: Rules, purchases: Iterable[Purchase]) -> History:
    """Return the history as a jurisdiction counts it.

    What is brought back or struck from the record gives allowance back only where the rules say so; elsewhere the sale
    goes on counting. What the rules forget because it was before a day does not count at all.
    """
    return History(as_counted(rules, purchases))
