"""What somebody asks about before there is a basket: "3.5 g flower + 2 x 100 mg gummies", "0.5 g flower a day"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from pcc_desk.domain.answers import CannotTell
from pcc_desk.domain.basket import Proposed, Wanted, steps_that_fit, weighed
from pcc_desk.domain.people import name_key
from pcc_desk.domain.products import FLUID_OUNCE_UL, Measures, Package
from pcc_desk.domain.quantity import Quantity, Unit, plain, rounded_down
from pcc_desk.domain.rules import Limit
from pcc_desk.domain.scalable import Scalable
from pcc_desk.domain.standing import LimitStanding, NotForAge, Standing
from pcc_desk.domain.windows import CalendarDay, Transaction

WEIGHED = frozenset({"flower", "preroll", "shake"})
"""Categories of which milligrams are weight; of all others they are THC."""

LARGEST = Decimal(1_000_000)

_PART = re.compile(
    r"^(?:(?P<count>\d+)\s*[x×]\s+)?(?P<amount>\d+(?:[.,]\d+)?)\s*(?P<unit>mg|ml|g|oz|fl\.?\s?oz|x|×)?\s+(?P<words>.+?)$"
)
_A_DAY = re.compile(r"\s+(?:a|per)\s+day$|/day$")


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """What was typed cannot be judged. `why` is a sentence that says what to type."""

    why: str


@dataclass(frozen=True, slots=True)
class Line:
    """One part of what was typed, as it was understood."""

    wanted: Wanted
    words: str
    """How it was understood."""
    step_words: str
    """What one step of it is called: "g", "mg THC", "pieces"."""
    per_step: Fraction


@dataclass(frozen=True, slots=True)
class Question:
    """What was typed, understood."""

    lines: tuple[Line, ...]
    is_daily: bool
    """Whether it is an amount for each day."""


@dataclass(frozen=True, slots=True)
class Fitting:
    """Everything fits. `left` is what remains of the tightest limit; None when none counts it."""

    limit: Limit | None
    left: Fraction


@dataclass(frozen=True, slots=True)
class NotFitting:
    """Over a limit by so much, with the most of each line that fits beside the others."""

    limit: Limit
    over: Fraction
    fitting: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lasting:
    """For how many days what may be dispensed now would last. `limit` is the one that ends it."""

    days: int | None
    """None: no limit over several days counts it."""
    limit: Limit | None
    share: Fraction
    """What one day's amount takes of the whole limit."""


Answer = Fitting | NotFitting | Lasting | NotForAge | CannotTell


def understand(typed: str, standing: Standing, stock: Sequence[Package]) -> Question | NotUnderstood:
    """Return what was typed: amounts parted by "+", each of a category of the rules or of a product in stock."""
    text = " ".join(typed.lower().split())
    is_daily = _A_DAY.search(text) is not None
    parts = [part.strip() for part in re.split(r"[+;]", _A_DAY.sub("", text)) if part.strip()]
    if not parts:
        return NotUnderstood("Type an amount and what of: 3.5 g flower, 2 x 100 mg edible, 0.5 g flower a day.")
    lines: list[Line] = []
    for part in parts:
        line = _line(part, standing, stock, f"line {len(lines) + 1}")
        if isinstance(line, NotUnderstood):
            return line
        lines.append(line)
    return Question(tuple(lines), is_daily)


def _line(part: str, standing: Standing, stock: Sequence[Package], name: str) -> Line | NotUnderstood:
    found = _PART.match(part)
    amount = _number(found["amount"]) if found else None
    if found is None or amount is None:
        return NotUnderstood(f"“{part}” is not understood. Type an amount and what of: 3.5 g flower, 2 gummies.")
    count = int(found["count"]) if found["count"] else None
    if not 0 < amount <= LARGEST or (count is not None and not 0 < count <= LARGEST):
        return NotUnderstood("Type an amount above zero that somebody could buy.")
    unit = re.sub(r"[\s.]", "", found["unit"] or "").replace("×", "x")
    said = _Said(amount, unit, count, name_key(found["words"]))
    if not said.words or said.words in _UNITS:
        return NotUnderstood(f"{part} of what? Type it behind the amount: {part} flower.")
    category = _category(said.words, standing)
    return _of_category(category, said, standing, name) if category else _of_product(said, stock)


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None


@dataclass(frozen=True, slots=True)
class _Said:
    """One part, taken apart."""

    amount: Decimal
    unit: str
    count: int | None
    """How many pieces of that amount each; None: it was not said."""
    words: str


def _category(words: str, standing: Standing) -> str:
    """Return the category that is meant: its name or the beginning of it, in one or many; empty when none is."""
    typed = words.replace(" ", "")
    known = {each.replace("_", ""): each for each in (*standing.rules.categories, *sorted(standing.rules.excluded))}
    for wanted in (typed, typed.removesuffix("s")):
        if wanted in known:
            return known[wanted]
    beginning = [each for name, each in known.items() if len(typed) >= 3 and name.startswith(typed.removesuffix("s"))]
    return beginning[0] if len(beginning) == 1 else ""


def _of_category(category: str, said: _Said, standing: Standing, name: str) -> Line | NotUnderstood:
    each = _measures(category, said, standing)
    if each is None:
        return NotUnderstood(f"Say of what unit {plain(said.amount)} is: g, mg, oz, mL, or a whole number of pieces.")
    measures, sign, step = each
    if said.count is not None:
        whole = Measures(*(None if part is None else part * said.count for part in measures.all))
        whole = replace(whole, count_milli=said.count * 1000)
        line = Scalable(category, name, whole, Fraction(1, said.count), pieces=said.count)
        sign = f"× {plain(said.amount)} {sign}"
        return Line(line, f"{said.count} {sign} {category}", sign, Fraction(1))
    line = Scalable(category, name, measures, step / Fraction(said.amount))
    return Line(line, f"{plain(said.amount)} {sign} {category}", sign, step)


def _measures(category: str, said: _Said, standing: Standing) -> tuple[Measures, str, Fraction] | None:
    """Return what the amount measures, what its unit is called, and its step; None when its unit is not known."""
    unit = "mg weight" if said.unit == "mg" and category in WEIGHED else said.unit
    name, smallest, sign, step = _UNITS.get(unit, _UNITS[""])
    if unit == "oz":
        smallest = standing.rules.ounce_mg
    exact = Fraction(said.amount)
    if sign == "pieces" and exact.denominator != 1:
        return None
    whole = _down(exact * smallest) if unit in {"oz", "floz"} else _up(exact * smallest)
    return replace(_NOTHING_KNOWN, **{name: whole}), sign, step


_NOTHING_KNOWN = Measures(None, None, None, None)

_UNITS: dict[str, tuple[str, Fraction, str, Fraction]] = {
    "": ("count_milli", Fraction(1000), "pieces", Fraction(1)),
    "g": ("net_mg", Fraction(1000), "g", Fraction(1, 100)),
    "oz": ("net_mg", Fraction(28_350), "oz", Fraction(1, 1000)),
    "mg weight": ("net_mg", Fraction(1), "mg", Fraction(10)),
    "mg": ("thc_ug", Fraction(1000), "mg THC", Fraction(1)),
    "ml": ("volume_ul", Fraction(1000), "mL", Fraction(1, 100)),
    "floz": ("volume_ul", FLUID_OUNCE_UL, "fl oz", Fraction(1, 1000)),
}
"""What is measured by a unit, how many smallest units it has, what it is called, and the step.

An ounce is the rules' own; so much of it as the scale can show is meant, so that an ounce is never more than one.
"""


def _of_product(said: _Said, stock: Sequence[Package]) -> Line | NotUnderstood:
    wanted = [word.removesuffix("s") if len(word) > 3 else word for word in said.words.split()]
    known = [each for each in stock if all(word in f"{name_key(each.product)} {each.label.lower()}" for word in wanted)]
    amount = said.amount
    if said.unit == "mg":
        micrograms = Fraction(amount) * 1000
        known = [each for each in known if each.unit_thc_ug == micrograms and each.remaining.unit is Unit.EACH]
        amount = Decimal(said.count or 1)
    elif said.count is not None:
        return NotUnderstood(f"Type “{said.count} {said.words}” for pieces, or “2 x 100 mg …” for those of a strength.")
    if not known:
        return NotUnderstood(f"Neither the rules nor the stock know “{said.words}”. Type a category or a product.")
    package = _meant([each for each in known if not each.blocked] or known, said)
    if isinstance(package, NotUnderstood):
        return package
    is_weighed = package.remaining.unit is Unit.GRAMS
    allowed = {"", "g"} if is_weighed else {"", "x", "mg"}
    if said.unit not in allowed or (not is_weighed and amount != int(amount)):
        return NotUnderstood(f"{package.product} is counted in {package.remaining.unit.value.lower()}.")
    quantity = Quantity(int(amount * 1000), package.remaining.unit)
    line = Proposed(package, quantity)
    return Line(line, f"{quantity} {package.product}", quantity.unit.sign, Fraction(line.step, 1000))


def _meant(known: Sequence[Package], said: _Said) -> Package | NotUnderstood:
    """Return the package that is meant, the fullest of its product.

    Of several products of one strength it is that which counts for the most, whatever a limit counts by.
    """
    named = {each.product: each for each in sorted(known, key=lambda each: each.remaining.milli)}
    if said.unit == "mg":
        for package in named.values():
            if all(_counts_for_less(each, package) for each in named.values()):
                return package
    if len(named) == 1:
        return next(iter(named.values()))
    some, more = sorted(named)[:3], " …" if len(named) > 3 else ""
    return NotUnderstood(f"“{said.words}” may be {', '.join(some)}{more}. Type more of the name.")


def _counts_for_less(one: Package, other: Package) -> bool:
    """Whether a piece counts for no more than one of another package, by each measure that is known of both or none."""
    a_piece = Quantity(1000, Unit.EACH)
    pairs = zip(one.measures(a_piece).all, other.measures(a_piece).all, strict=True)
    return one.category == other.category and all(
        mine is theirs is None or (mine is not None and theirs is not None and mine <= theirs) for mine, theirs in pairs
    )


def _down(value: Fraction) -> int:
    return value.numerator // value.denominator


def _up(value: Fraction) -> int:
    return -(-value.numerator // value.denominator)


def answer(question: Question, standing: Standing) -> Answer:
    """Return whether it all fits now, or for how many days it lasts; what nobody knows is said so."""
    lines = [each.wanted for each in question.lines]
    bars = (standing.rules.barred(each.category, standing.years) for each in lines)
    bar = next((each for each in bars if each is not None), None)
    if bar is not None:
        return NotForAge(bar)
    found = weighed(standing, lines)
    if isinstance(found, CannotTell):
        return found
    if question.is_daily:
        return _lasting(found)
    over = [(each, -after) for each, after in found if after < 0]
    if over:
        worst, by = max(over, key=lambda pair: _share(pair[0].amount, pair[1]))
        return NotFitting(worst.limit, by, tuple(_most(question, standing, index) for index in range(len(lines))))
    if not found:
        return Fitting(None, Fraction(0))
    tightest, after = min(found, key=lambda pair: _share(pair[0].amount, pair[1]))
    return Fitting(tightest.limit, after)


def _share(amount: Fraction | CannotTell, part: Fraction) -> Fraction:
    return part / amount if isinstance(amount, Fraction) and amount else part


def _most(question: Question, standing: Standing, index: int) -> str:
    line = question.lines[index]
    steps = steps_that_fit(standing, [each.wanted for each in question.lines], index)
    amount = steps * line.per_step
    return f"{plain(rounded_down(amount, 3))} {line.step_words}"


def _lasting(found: Sequence[tuple[LimitStanding, Fraction]]) -> Answer:
    """Return for how many days one day's amount can be taken out of what may be dispensed now."""
    ends = []
    for each, after in found:
        if isinstance(each.left, CannotTell):
            return each.left
        day = each.left - after
        if day > 0 and not isinstance(each.limit.window, CalendarDay | Transaction):
            ends.append((int(each.left // day), each, _share(each.amount, day)))
    if not ends:
        return Lasting(None, None, Fraction(0))
    days, tightest, share = min(ends, key=lambda end: end[0])
    return Lasting(days, tightest.limit, share)
