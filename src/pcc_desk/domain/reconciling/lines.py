"""The lines of a sale beside those of its receipt: where they differ, and by which class."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from pcc_desk.domain.quantity import Thousandths, money, size, thousandths
from pcc_desk.domain.reconciling.classes import FindingClass
from pcc_desk.domain.reconciling.terms import Terms
from pcc_desk.domain.sales import NOT_TOLD, LineUnit, SoldLine, short_tag

HINTS = ((28_349_523_125, 10**9), (283_495, 10**4), (2835, 100), (28, 1), (7, 2), (1000, 1))
"""Ratios that speak of a unit and not of a count: the ounces that occur in shops (POS reference, 8.3), an eighth of
one, a thousand (8.2, 5). Each as what stands above and below its line."""
ROUNDED = 200
"""Which part of a hint a converted amount may be off: three decimals of an ounce."""
WEIGHED_ALIKE = 200
"""Weights of one line that differ by less than such a part are roundings."""


class Amount(NamedTuple):
    """All lines of one tag together."""

    tag: str
    milli: Thousandths
    cents: int
    lines: int
    unit: LineUnit
    weight_mg: int | None
    equivalent_mg: int | None
    product: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference of lines, in words."""

    kind: FindingClass
    what: str
    tag: str = ""
    cause: str = ""
    """What others that came about by the same have in common; empty: nothing can be told."""


def are_alike(sold: tuple[SoldLine, ...], reported: tuple[SoldLine, ...]) -> bool:
    """Whether two sides say the same line by line, so that nothing is to be looked for. False says nothing."""
    if len(sold) != len(reported):
        return False
    for one, other in zip(sold, reported, strict=True):
        if one.label != other.label or one.milli != other.milli or one.price_cents != other.price_cents:
            return False
        if one.unit is not other.unit or one.weight_mg != other.weight_mg or one.equivalent_mg != other.equivalent_mg:
            return False
        if one.is_returned:
            return False
    return True


def amounts(lines: tuple[SoldLine, ...]) -> dict[str, Amount]:
    """Return the tagged lines by tag; those whose tag is not told by product and unit, since each is another package.

    A weight that one of the lines lacks is not known.
    """
    if len(lines) == 1:
        return {line.label: _amount_of(line) for line in lines if line.label}
    by_tag: dict[str, list[SoldLine]] = {}
    for line in lines:
        if line.label:
            by_tag.setdefault(line.label if line.label != NOT_TOLD else _untold(line), []).append(line)
    return {
        tag: Amount(
            some[0].label,
            sum(each.milli for each in some),
            sum(each.price_cents for each in some),
            len(some),
            some[0].unit,
            _sum([each.weight_mg for each in some]),
            _sum([each.equivalent_mg for each in some]),
            next((each.product for each in some if each.product), ""),
        )
        for tag, some in by_tag.items()
    }


def _untold(line: SoldLine) -> str:
    return f"{NOT_TOLD} {line.product} {line.unit.value}"


def _amount_of(line: SoldLine) -> Amount:
    return Amount(
        line.label, line.milli, line.price_cents, 1, line.unit, line.weight_mg, line.equivalent_mg, line.product
    )


def _sum(figures: list[int | None]) -> int | None:
    known = [each for each in figures if each is not None]
    return sum(known) if len(known) == len(figures) else None


def differences(
    sold: dict[str, Amount],
    reported: dict[str, Amount],
    terms: Terms,
    *,
    sayers: tuple[str, str] = ("sold", "reported"),
) -> Iterator[Difference]:
    """Yield every difference between two sides of one sale, by tag."""
    for tag in sorted(sold.keys() & reported.keys()):
        yield from _of_a_tag(sold[tag], reported[tag], terms, sayers)
    if sold.keys() == reported.keys():
        return
    only_sold = [sold[tag] for tag in sorted(sold.keys() - reported.keys())]
    only_reported = [reported[tag] for tag in sorted(reported.keys() - sold.keys())]
    for one in list(only_sold):
        other = _recorded_from(one, only_reported)
        if other is not None:
            only_sold.remove(one)
            only_reported.remove(other)
            yield _from_another(one, other, sayers)
    for one in only_sold:
        what = f"{_words(one)} {sayers[0]}, and not in what was {sayers[1]}"
        yield Difference(FindingClass.PARTIAL_RECEIPT, what, one.tag)
    for one in only_reported:
        what = f"{_words(one)} {sayers[1]}, and not in what was {sayers[0]}"
        yield Difference(FindingClass.UNEXPECTED_IN_STATE, what, one.tag)


def _of_a_tag(sold: Amount, reported: Amount, terms: Terms, sayers: tuple[str, str]) -> Iterator[Difference]:
    """Yield how the lines of one tag differ: in what they count, or else in price and in weight."""
    is_other_unit = sold.unit is not reported.unit and bool(sold.unit and reported.unit)
    if is_other_unit or size(sold.milli - reported.milli) > terms.quantity_milli:
        both = f"{short_tag(sold.tag)}: {_amount(sold)} {sayers[0]}, {_amount(reported)} {sayers[1]}"
        if is_other_unit or speaks_of_units(sold.milli, reported.milli):
            yield Difference(FindingClass.UNIT, both, sold.tag, f"the unit of {short_tag(sold.tag)}")
        else:
            yield Difference(FindingClass.QTY, both, sold.tag)
        return
    gap = sold.cents - reported.cents
    if abs(gap) > terms.price_cents * max(sold.lines, reported.lines):
        what = f"{short_tag(sold.tag)}: {money(sold.cents)} {sayers[0]}, {money(reported.cents)} {sayers[1]}"
        yield Difference(FindingClass.PRICE, what, sold.tag, _price_cause(sold.cents, reported.cents))
    for name, one, other in (
        ("weighs", sold.weight_mg, reported.weight_mg),
        ("counts for", sold.equivalent_mg, reported.equivalent_mg),
    ):
        if one is not None and other is not None and not _weighed_alike(one, other):
            tag, figures = short_tag(sold.tag), (f"{thousandths(one)} g", f"{thousandths(other)} g")
            what = f"{tag}: {name} {figures[0]} as {sayers[0]}, {figures[1]} as {sayers[1]}"
            yield Difference(FindingClass.EQUIVALENCY, what, sold.tag, f"the catalogue's figures of {tag}")
            return


def speaks_of_units(one: Thousandths, other: Thousandths) -> bool:
    """Whether two amounts differ by a ratio that speaks of a unit: an ounce, an eighth, a thousand."""
    small, large = sorted((size(one), size(other)))
    if not small or (one < 0) != (other < 0):
        return False
    return any(size(large * below - above * small) * ROUNDED <= above * small for above, below in HINTS)


def _weighed_alike(one: int, other: int) -> bool:
    return abs(one - other) * WEIGHED_ALIKE <= max(one, other)


def _price_cause(sold: int, reported: int) -> str:
    """Return what prices that differ by one and the same share have in common, such as a tax."""
    if sold <= 0 or reported <= 0:
        return ""
    from fractions import Fraction  # noqa: PLC0415 - most days have no such price

    return f"prices times {Fraction(reported, sold).limit_denominator(100)}"


def _recorded_from(one: Amount, others: list[Amount]) -> Amount | None:
    """Return the line that is this one under another tag: as much of it, at the same price if there is one."""
    same = [each for each in others if each.milli == one.milli]
    return min(same, key=lambda each: (each.cents != one.cents, each.product != one.product, each.tag), default=None)


def _from_another(sold: Amount, reported: Amount, sayers: tuple[str, str]) -> Difference:
    one, other = short_tag(sold.tag), short_tag(reported.tag)
    what = f"{_amount(sold)} {sayers[0]} from {one}, {sayers[1]} from {other}"
    return Difference(FindingClass.TAG, what, sold.tag, f"{other} taken for {one}")


def _amount(one: Amount) -> str:
    return f"{thousandths(one.milli)} {one.unit.sign}".rstrip()


def _words(one: Amount) -> str:
    product = f" {one.product}" if one.product else ""
    return f"{_amount(one)}{product} ({short_tag(one.tag)})"
