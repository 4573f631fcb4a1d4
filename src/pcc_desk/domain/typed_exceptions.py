"""What a manager types of an announced exception: "now..2026-03-14 22:00 12 g flower + 2500 mg THC; Bulletin 26-04"."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from fractions import Fraction

from pcc_desk.domain.outages import CapKind, CapTerm
from pcc_desk.domain.products import Basis
from pcc_desk.domain.rules import Rules
from pcc_desk.domain.shop import Shop
from pcc_desk.domain.what_if import NotUnderstood

LONGEST = timedelta(days=31)
"""An exception that is longer was mistyped: it is announced for hours or days."""

FORM = "2026-03-12 14:00..2026-03-13 22:00 12 g flower + 2500 mg THC; Bulletin 26-04"

_MOMENT = r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T][0-9]{1,2}:[0-9]{2})?"
_WHOLE = re.compile(rf"\s*(?P<starts>now|{_MOMENT})\s*\.\.\s*(?P<ends>{_MOMENT})(?P<cap>[^;]*)(?:;(?P<document>.*))?$")
_PART = re.compile(r"(?P<amount>[0-9]{1,7}(?:\.[0-9]{1,4})?)\s*(?P<unit>mg|g|oz)\s+(?P<what>[a-z_ ]+)$")

_FLOWER = ("flower", "preroll", "shake")
_CONCENTRATE = ("concentrate", "vape")
_FORMS = (*_CONCENTRATE, "edible", "liquid", "tincture", "capsule", "suppository", "transdermal", "topical")
_GROUPS = {"flower": _FLOWER, "concentrate": _CONCENTRATE}


@dataclass(frozen=True, slots=True)
class TypedException:
    """The time (UTC), how much, and the document."""

    starts: datetime
    ends: datetime
    cap_kind: CapKind
    cap: tuple[CapTerm, ...]
    document: str


def typed_exception(text: str, rules: Rules, shop: Shop, now: datetime) -> TypedException | NotUnderstood:
    """Return what was typed; times are of the shop's clock, and a last day without a time is meant to its end."""
    whole = _WHOLE.match(text)
    if whole is None:
        return NotUnderstood(f"Type from..to, how much, a semicolon and the document: {FORM}")
    starts = now if whole["starts"] == "now" else _moment(whole["starts"], shop, is_end=False)
    ends = _moment(whole["ends"], shop, is_end=True)
    if isinstance(starts, NotUnderstood):
        return starts
    if isinstance(ends, NotUnderstood):
        return ends
    cap = _cap(whole["cap"].strip().lower(), rules)
    if isinstance(cap, NotUnderstood):
        return cap
    return TypedException(starts, ends, *cap, (whole["document"] or "").strip())


def _moment(words: str, shop: Shop, *, is_end: bool) -> datetime | NotUnderstood:
    has_time = ":" in words
    try:
        local = datetime.fromisoformat(_padded(words.replace("T", " ")))
    except ValueError:
        return NotUnderstood(f"“{words}” is no day or time. Type it such as 2026-03-13 22:00.")
    if not has_time and is_end:
        local = datetime.combine(local.date() + timedelta(days=1), time())
    return shop.instant(local)


def _padded(words: str) -> str:
    day, _, clock = words.partition(" ")
    return f"{day} {clock:>05}" if clock else day


def _cap(words: str, rules: Rules) -> tuple[CapKind, tuple[CapTerm, ...]] | NotUnderstood:
    if words == "unchanged":
        return CapKind.UNCHANGED, ()
    if words in {"", "file"}:
        if rules.outage.limits:
            return CapKind.FILE, ()
        return NotUnderstood(
            f"Type how much may be sold, such as 12 g flower, or unchanged: {rules.name}'s file names no amount."
        )
    terms: list[CapTerm] = []
    for part in re.split(r"\s*(?:\+|,|\bor\b|\band\b)\s*", words):
        term = _term(part, rules)
        if isinstance(term, NotUnderstood):
            return term
        terms.append(term)
    named = [category for each in terms for category in each.categories]
    if len(named) != len(set(named)):
        return NotUnderstood("The same kind of product is named twice. Type one amount for each kind.")
    return CapKind.TYPED, tuple(terms)


def _term(part: str, rules: Rules) -> CapTerm | NotUnderstood:
    found = _PART.match(part.strip())
    if found is None:
        return NotUnderstood(f"“{part}” is no amount. Type such as 12 g flower + 2500 mg THC, or unchanged.")
    amount, unit, what = Fraction(found["amount"]), found["unit"], found["what"].strip()
    if amount <= 0:
        return NotUnderstood(f"“{part}” is nothing. Type how much may be sold.")
    if what == "thc" and unit != "mg":
        return NotUnderstood(f"“{part}”: THC is counted in mg.")
    if what == "thc":
        return CapTerm(_FORMS, Basis.THC_MG, amount * 1000)
    milligrams = {"mg": Fraction(1), "g": Fraction(1000), "oz": rules.ounce_mg}
    categories = _GROUPS.get(what) or ((what,) if what in rules.listed else ())
    if not categories:
        return NotUnderstood(f"“{what}” is no kind of product here. Known: flower, concentrate, THC.")
    return CapTerm(categories, Basis.NET_G, amount * milligrams[unit])
