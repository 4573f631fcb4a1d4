"""The answer of `pcc-desk allotment` as a document, and as lines for a person. docs/allotment-json.md describes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from pcc_desk.commands.amounts import shown, step
from pcc_desk.commands.purchase_files import Row, taken
from pcc_desk.domain.allotment import (
    CannotTell,
    CategoryStanding,
    Figure,
    LimitStanding,
    NotForAge,
    NotLimited,
    Purchase,
    Release,
    Standing,
    counted,
)
from pcc_desk.domain.basket import fits, steps_that_fit, weighed
from pcc_desk.domain.products import Basis
from pcc_desk.domain.quantity import plain, rounded_down
from pcc_desk.domain.rules import Confidence
from pcc_desk.domain.scalable import Scalable
from pcc_desk.domain.windows import Possession
from pcc_desk.rulebook.words import BASIS_UNITS, number

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, and the standing that answers it."""

    at: str
    """As it was written."""
    standing: Standing
    parts: int
    """In how many parts of the smallest units quantities are counted."""
    rows: tuple[Row, ...]
    """The basket as its file has it."""
    lines: tuple[Scalable, ...] | None
    """The basket as it is judged; None when there is none."""
    names: dict[int, str]
    """Where each purchase stands in its file, by its identity."""
    is_strict: bool

    @property
    def ounce_mg(self) -> Fraction:
        """The jurisdiction's ounce in milligrams."""
        return self.standing.rules.ounce_mg / self.parts


def document(asked: Asked) -> Document:
    """Return the whole answer."""
    rules = asked.standing.rules
    found: Document = {
        "jurisdiction": rules.jurisdiction,
        "at": asked.at,
        "day": asked.standing.on.isoformat(),
        "ruleset": rules.ruleset,
        "rules": {
            "name": rules.name,
            "as_of": rules.as_of.isoformat(),
            "confidence": rules.confidence.value,
            "is_confirmed": asked.standing.is_trusted and rules.confidence is Confidence.LOW,
            "is_shops_own": rules.is_shops_own,
            "effective_from": _day(rules.effective_from),
            "effective_to": _day(rules.effective_to),
            "citation": list(rules.citation),
            "strict": asked.is_strict,
            "fingerprint": rules.fingerprint,
        },
        "limits": [_limit(asked, each) for each in asked.standing.limits],
        "categories": [_category(asked, each) for each in asked.standing.categories],
        "unchecked": [each.limit.id for each in unchecked(asked.standing)],
    }
    if asked.lines is not None:
        found["basket"] = _basket(asked, asked.lines)
    return found


def unchecked(standing: Standing) -> list[LimitStanding]:
    """Return the limits that bind as well, but weigh no category, so that a person must look at them."""
    return [each for each in standing.limits if not each.limit.terms]


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def figure(value: Figure) -> str | None:
    """Return a figure exactly; None when nobody knows it."""
    return None if isinstance(value, CannotTell) else number(value)


def _limit(asked: Asked, each: LimitStanding) -> Document:
    left, status, why = _left(each)
    return {
        "id": each.limit.id,
        "unit": each.limit.unit,
        "window": str(each.limit.window),
        "amount": figure(each.amount),
        "used": None if isinstance(each.limit.window, Possession) else figure(each.used),
        "left": left,
        "status": status,
        "why": why,
        "own_left": figure(each.own_left),
        "registry_left": figure(each.registry_left),
        "held": number(each.held),
        "releases": [_release(back, number(back.amount)) for back in each.releases],
        "purchases": [_purchase(asked, line, share) for line, share in counted(each)],
    }


def _left(each: LimitStanding) -> tuple[str | None, str, str]:
    """Return what is left, in which of the states it is, and why or from where."""
    if not isinstance(each.left, CannotTell):
        return number(each.left), "none" if each.left == 0 else "ok", _source(each)
    if "low confidence" in each.left.reason and not isinstance(each.own_left, CannotTell):
        return number(max(each.own_left, Fraction(0))), "unconfirmed", each.left.reason
    return None, "cannot_tell", each.left.reason


def _source(each: LimitStanding) -> str:
    said = not isinstance(each.registry_left, CannotTell)
    by = "the rules and the purchases given"
    if isinstance(each.limit.window, Possession):
        by = "the rules; what is held at home is not known, so it bounds one sale only"
    if said:
        is_lower = isinstance(each.own_left, CannotTell) or each.registry_left == each.left
        by = "the registry's figure" if is_lower else "the purchases given; the registry allows more"
    return f"{by}; {each.remark}" if each.remark else by


def _release(back: Release, amount: str) -> Document:
    return {"at": back.on.isoformat(), "amount": amount}


def _purchase(asked: Asked, line: Purchase, share: Figure) -> Document:
    return {
        "line": asked.names.get(id(line), ""),
        "on": line.on.isoformat(),
        "cat": line.category,
        "product": line.product,
        "share": figure(share),
    }


def _category(asked: Asked, each: CategoryStanding) -> Document:
    now, status, why = _now(asked, each)
    return {
        "cat": each.category,
        "basis": each.basis.value if each.basis else None,
        "now": now,
        "status": status,
        "why": why,
        "binding": each.binding.id if each.binding else None,
        "releases": [
            _release(back, _amount(asked, each.basis, back.amount)) for back in each.releases if each.basis is not None
        ],
        "beside": [
            {"basis": bound.basis.value, "now": _amount(asked, bound.basis, bound.amount), "binding": bound.limit.id}
            for bound in each.beside
        ],
    }


def _now(asked: Asked, each: CategoryStanding) -> tuple[str | None, str, str]:
    match each.now:
        case CannotTell(reason=reason):
            return None, "cannot_tell", reason
        case NotForAge(bar=bar):
            return None, "not_for_age", str(bar)
        case NotLimited():
            return None, "not_limited", "the rules do not count it"
        case int(now):
            shown_now = _amount(asked, each.basis, now)
            if now == 0:
                return shown_now, "none", "nothing is left"
            if each.is_at_most:
                return shown_now, "at_most", "something else of the product counts too; a product may be allowed less"
            return shown_now, "ok", ""


def _amount(asked: Asked, basis: Basis | None, amount: int | Fraction) -> str:
    parts = 1 if basis is Basis.VISIT else asked.parts
    return shown(basis or Basis.NET_G, Fraction(amount) / parts, asked.ounce_mg)


def _basket(asked: Asked, lines: Sequence[Scalable]) -> Document:
    standing = asked.standing
    found = weighed(standing, lines)
    is_told = not isinstance(found, CannotTell)
    is_too_young = any(standing.rules.barred(each.category, standing.years) for each in lines)
    over = [] if isinstance(found, CannotTell) else [(each.limit.id, -after) for each, after in found if after < 0]
    if isinstance(found, CannotTell):
        why = found.reason
    else:
        why = "over " + ", ".join(name for name, _ in over) if over else ""
    return {
        "allowed": not over if is_told else False if is_too_young else None,
        "status": ("refused" if over else "allowed") if is_told else "refused" if is_too_young else "cannot_tell",
        "why": why,
        "lines": [_line(asked, lines, index, is_told=is_told) for index in range(len(lines))],
        "refused_by": [{"limit": name, "over": number(amount)} for name, amount in over],
        "left": {}
        if isinstance(found, CannotTell)
        else {each.limit.id: number(max(after, Fraction(0))) for each, after in found},
    }


def _line(asked: Asked, lines: Sequence[Scalable], index: int, *, is_told: bool) -> Document:
    row = asked.rows[index]
    most = steps_that_fit(asked.standing, lines, index) if is_told else 0
    basis, quantity = row.quantities[0]
    quantities: dict[str, Fraction] | None = taken(row, most)
    if not is_told or most >= lines[index].most_steps:
        quantities = None
    elif most * step(basis) < quantity and fits(asked.standing, lines):
        quantities = {name.value: each for name, each in row.quantities}
    return {
        "cat": row.category,
        "product": row.product,
        "q": {name.value: number(each) for name, each in row.quantities},
        "fits": None if quantities is None else {name: number(each) for name, each in quantities.items()},
        "is_unlimited": is_told and quantities is None,
    }


def as_lines(asked: Asked) -> list[str]:
    """Return the answer as a person reads it: the answer first, then the evidence."""
    found = document(asked)
    rules = asked.standing.rules
    lines = [
        f"{rules.name}, rules {rules.ruleset} (as of {rules.as_of}, confidence {rules.confidence}), on {found['day']}",
        "",
        "May be dispensed",
    ]
    for each in found["categories"]:
        unit = BASIS_UNITS[Basis(each["basis"])] if each["basis"] else ""
        now = f"{each['now']} {unit}" if each["now"] is not None else each["status"].replace("_", " ")
        most = "at most " if each["status"] == "at_most" else ""
        back = each["releases"][:1]
        then = f"   {back[0]['at']} +{back[0]['amount']}" if back else ""
        by = f"   by {each['binding']}" if each["binding"] else ""
        why = f"   ({each['why']})" if each["status"] in {"cannot_tell", "at_most"} else ""
        lines.append(f"  {each['cat']:<16}{most + now:>24}{by}{then}{why}")
    if found["unchecked"]:
        lines.append(f"  Not checked, look at it yourself: {', '.join(found['unchecked'])}")
    lines += ["", "Limits"]
    for each in found["limits"]:
        lines.append(f"  {each['id']}: {_told(each['amount'])} {each['unit']}, {each['window']}")
        used = "" if each["used"] is None and each["left"] is not None else f"used {_told(each['used'])}, "
        lines.append(f"    {used}left {_told(each['left'])}: {each['why']}")
        lines += [f"    {back['at']} +{_told(back['amount'])}" for back in each["releases"]]
    if "basket" in found:
        lines += ["", *_basket_lines(found["basket"])]
    return lines


def _told(written: str | None) -> str:
    """Return an exact number for a person: a fraction without an end as about how much it is, beside itself."""
    if written is None:
        return "cannot tell"
    if "/" not in written:
        return written
    return f"{written} (about {plain(rounded_down(Fraction(written), 4))})"


def _basket_lines(basket: Document) -> list[str]:
    words = {"allowed": "The basket may go out.", "refused": "The basket may not go out", "cannot_tell": "Cannot tell"}
    lines = [words[basket["status"]] + (f": {basket['why']}." if basket["why"] else "")]
    lines += [f"  {each['limit']} over by {_told(each['over'])}" for each in basket["refused_by"]]
    for each in basket["lines"]:
        most = "how much fits cannot be told" if each["fits"] is None else f"at most {_amounts(each['fits'])} fits"
        lines.append(f"  {each['cat']}: {_amounts(each['q'])}; {'any amount fits' if each['is_unlimited'] else most}")
    return lines


def _amounts(quantities: dict[str, str]) -> str:
    return ", ".join(f"{_told(amount)} {BASIS_UNITS[Basis(basis)]}" for basis, amount in quantities.items())
