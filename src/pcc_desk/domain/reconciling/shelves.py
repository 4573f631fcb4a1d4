"""Packages at the till, in the state's record and in the desk's own movements; and what in the catalogue cannot be.

The classes are those of the POS reference, section 9. Sales come first: a package that differs because a sale was not
posted is put right by posting the sale, never by adjusting the package.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from statistics import median

from pcc_desk.domain.products import Package
from pcc_desk.domain.quantity import Unit, thousandths
from pcc_desk.domain.reconciling.classes import ABOUT, FindingClass
from pcc_desk.domain.sales import LineUnit, tag_key
from pcc_desk.domain.shelf import ShelfPackage

FAR_OFF = 5
"""So many times more, or less, than the middle of its category in this shop is far off: 60 g for a gummy of 5 g."""

ENOUGH = 5
"""From so many products of a category on there is a middle to hold others against."""

BY_WEIGHT = {LineUnit.GRAMS, LineUnit.MILLIGRAMS, LineUnit.KILOGRAMS, LineUnit.OUNCES, LineUnit.POUNDS}
"""What is counted in them has no weight of a piece."""

UNITS = {Unit.GRAMS: LineUnit.GRAMS, Unit.EACH: LineUnit.EACH}


@dataclass(frozen=True, slots=True)
class PackageFinding:
    """What is other of a package, or cannot be. `till` and `state` are thousandths of the package's unit."""

    kind: FindingClass
    label: str
    product: str
    till: int | None
    """None: the till does not know the package."""
    state: int | None
    """None: the state's record of active packages does not hold it."""
    what: str

    @property
    def fix(self) -> str:
        """What is to be done."""
        return ABOUT[self.kind].fix

    @property
    def never(self) -> str:
        """What is not to be done."""
        return ABOUT[self.kind].never


def compare_packages(
    shelf: Sequence[ShelfPackage], state: Sequence[Package], on_the_way: Mapping[str, int]
) -> tuple[PackageFinding, ...]:
    """Return how the packages of the till differ from the state's, worst first.

    `on_the_way` are thousandths by tag that this desk dispensed and the state does not have yet: the till has sold
    them, the state's record still holds them, and that is no difference.
    """
    tills = _by_tag(shelf)
    records = {tag_key(each.label): each for each in state}
    found = [
        each
        for label in sorted(tills.keys() | records.keys())
        for till in tills.get(label, {LineUnit.UNKNOWN: None}).values()
        for each in _compared(till, records.get(label), on_the_way.get(label, 0))
    ]
    return tuple(sorted(found, key=_worst_first))


def _by_tag(shelf: Sequence[ShelfPackage]) -> dict[str, dict[LineUnit, ShelfPackage]]:
    """Return packages by tag and unit: what lies in several rooms is one package."""
    tills: dict[str, dict[LineUnit, ShelfPackage]] = {}
    for each in shelf:
        if each.label:
            of_tag = tills.setdefault(each.label, {})
            before = of_tag.get(each.unit)
            of_tag[each.unit] = each if before is None else _together(before, each)
    return tills


def _together(one: ShelfPackage, other: ShelfPackage) -> ShelfPackage:
    statuses = dict.fromkeys(status for status in (one.status, other.status) if status)
    return replace(one, milli=one.milli + other.milli, status=", ".join(statuses))


def _worst_first(found: PackageFinding) -> tuple[int, str]:
    return found.kind.rank, found.label


def _compared(till: ShelfPackage | None, record: Package | None, on_the_way: int) -> Iterator[PackageFinding]:
    if till is not None and record is not None:
        yield from _both(till, record, on_the_way)
    elif till is not None and till.milli:
        what = f"{_amount(till.milli, till.unit)} at the till; the state has no active package of that tag"
        yield PackageFinding(FindingClass.TAG_UNKNOWN, till.label, till.product, till.milli, None, what)
    elif record is not None and record.remaining.milli - on_the_way > 0:
        left = record.remaining.milli - on_the_way
        amount = _amount(left, UNITS[record.remaining.unit])
        what = f"{amount} in the state's record; the till does not have the package"
        yield PackageFinding(FindingClass.QTY, tag_key(record.label), record.product, None, left, what)


def _both(till: ShelfPackage, record: Package, on_the_way: int) -> Iterator[PackageFinding]:
    left, unit = record.remaining.milli - on_the_way, UNITS[record.remaining.unit]

    def told(kind: FindingClass, what: str) -> PackageFinding:
        return PackageFinding(kind, till.label, till.product or record.product, till.milli, left, what)

    if min(till.milli, left) < 0:
        what = f"{_amount(till.milli, till.unit)} at the till, {_amount(left, unit)} in the state's record"
        yield told(FindingClass.NEGATIVE_PACKAGE, what)
    if record.blocked and till.milli > 0:
        yield told(FindingClass.PACKAGE_HOLD, f"{record.blocked} in the state's record, {_for_sale(till)} at the till")
    if till.unit and till.unit is not unit:
        what = f"counted in {till.unit.value} at the till, in {unit.value} in the state's record"
        yield told(FindingClass.UNIT, what)
    elif till.milli != left:
        waits = f", {_amount(on_the_way, unit)} of it on the way" if on_the_way else ""
        what = f"{_amount(till.milli, unit)} at the till, {_amount(left, unit)} in the state's record{waits}"
        yield told(FindingClass.QTY, what)


def _for_sale(till: ShelfPackage) -> str:
    return till.status.lower() or "no hold known"


def _amount(milli: int, unit: LineUnit) -> str:
    return f"{thousandths(milli)} {unit.sign}".rstrip()


# What cannot be


def check_catalogue(shelf: Sequence[ShelfPackage]) -> tuple[PackageFinding, ...]:
    """Return what in the catalogue cannot be, or lies far off the rest of its category, worst first.

    There is no published table of what a product may weigh, so that a category is held against its own middle.
    """
    found = [each for package in shelf for each in _impossible(package)]
    found += _far_off(shelf, "weight of one", lambda each: each.unit_weight_mg)
    found += _far_off(shelf, "flower equivalent of one", lambda each: each.equivalent_mg)
    return tuple(sorted(found, key=_worst_first))


def _impossible(package: ShelfPackage) -> Iterator[PackageFinding]:
    for words in _words_of_impossible(package):
        yield _of_catalogue(package, words)


def _words_of_impossible(package: ShelfPackage) -> Iterator[str]:
    potency, weight = _number(package.potency_mg), package.unit_weight_mg
    if package.potency_mg and potency is None:
        yield f"its potency “{package.potency_mg[:20]}” is no number"
    if potency is not None and potency < 0:
        yield "its potency is below zero"
    if potency is not None and weight and potency > weight:
        yield f"its potency of {float(potency):g} mg is more than the {weight} mg that one weighs"
    if weight == 0 and package.unit not in BY_WEIGHT:
        yield "the catalogue holds no weight of one"
    if weight is not None and weight < 0:
        yield f"one weighs {weight} mg"
    if package.equivalent_mg is not None and package.equivalent_mg < 0:
        yield f"its flower equivalent is {package.equivalent_mg} mg"
    if package.packaged_on and package.expires_on and package.expires_on < package.packaged_on:
        yield f"it expires {_day(package.expires_on)}, before it was packaged {_day(package.packaged_on)}"


def _number(text: str) -> Fraction | None:
    try:
        return Fraction(text.strip()) if text.strip() else None
    except (ValueError, ZeroDivisionError):
        return None


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _far_off(
    shelf: Sequence[ShelfPackage], what: str, measure: Callable[[ShelfPackage], int | None]
) -> Iterator[PackageFinding]:
    kinds: dict[tuple[str, LineUnit], list[tuple[int, ShelfPackage]]] = defaultdict(list)
    for package in shelf:
        amount = measure(package)
        if package.category and amount is not None and amount > 0:
            kinds[package.category.lower(), package.unit].append((amount, package))
    for known in kinds.values():
        if len(known) < ENOUGH:
            continue
        middle = median(amount for amount, _ in known)
        for amount, package in known:
            if not middle / FAR_OFF <= amount <= middle * FAR_OFF:
                words = f"the {what} is {amount} mg; the middle of {package.category} here is {middle:g} mg"
                yield _of_catalogue(package, words)


def _of_catalogue(package: ShelfPackage, words: str) -> PackageFinding:
    return PackageFinding(FindingClass.EQUIVALENCY, package.label, package.product, package.milli, None, words)
