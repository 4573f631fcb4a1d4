"""Writes rules down in one fixed form: to be kept, to be compared later, and to take a fingerprint of."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import fields
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

from pcc_desk.domain.people import OF_AGE
from pcc_desk.domain.rules import AgeBar, Limit, OutageRule, Potency, RegistryFigure, Rules, Term
from pcc_desk.domain.windows import (
    CalendarDay,
    CalendarMonth,
    CalendarWeek,
    FixedPeriod,
    OrderLife,
    Possession,
    Refill,
    RollingDays,
    Transaction,
    Window,
)
from pcc_desk.rulebook.words import number, smallest

SCHEMA = "rules/1"
"""Names the form of the text. A change that a reader would notice gets another number."""

Document = dict[str, Any]

KINDS: dict[str, Callable[..., Window]] = {
    "rolling_days": RollingDays,
    "calendar_day": CalendarDay,
    "calendar_week": CalendarWeek,
    "calendar_month": CalendarMonth,
    "fixed_period": FixedPeriod,
    "refill": Refill,
    "transaction": Transaction,
    "possession": Possession,
    "order": OrderLife,
}
"""Each kind of window by its word in the rule files."""

_KIND_OF = {kind: word for word, kind in KINDS.items()}


def rules_text(rules: Rules) -> str:
    """Return rules as one line of JSON, the same for the same rules whatever their file looks like.

    Under `binding` stands what a sale goes by; under `words` what explains it: names, dates, citations, sources, notes.
    """
    document = {
        "schema": SCHEMA,
        "jurisdiction": rules.jurisdiction,
        "binding": _binding(rules),
        "words": _words(rules),
    }
    return _json(document)


def fingerprint(rules: Rules) -> str:
    """Return a hash (SHA-256, hex) of all that a sale goes by.

    In it are the limits, the ounce, the outage rule and its duties, the card, the day, what gives allowance back, the
    confidence, what is kept from the young, and what the file says of caregivers, minors, visiting patients and
    overrides. Not in it are comments, the order of keys and limits, dates, names, citations, sources and notes: who
    mends those changes no rule.
    """
    return hashlib.sha256(_json({"jurisdiction": rules.jurisdiction, **_binding(rules)}).encode()).hexdigest()


def _json(document: Document) -> str:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _binding(rules: Rules) -> Document:
    return {
        "confidence": rules.confidence.value,
        "ounce_g": number(rules.ounce_mg / 1000),
        "limits": _limits(rules.limits, rules.ounce_mg),
        "outage": _outage(rules.outage, rules.ounce_mg),
        "card_ends": rules.card_ends.value,
        "day_begins": rules.day_begins.isoformat("minutes"),
        "gives_back": sorted(rules.gives_back),
        "ignores_before": _day(rules.ignores_before),
        "orders_before": _day(rules.orders_before),
        "people": sorted([who, words] for who, words in rules.people),
        **({"of_age": rules.of_age} if rules.of_age != OF_AGE else {}),
        **({"not_below": sorted(map(_bar, rules.not_below))} if rules.not_below else {}),
    }


def _bar(bar: AgeBar) -> str:
    return f"below {bar.age} no {', '.join(sorted(bar.categories))} ({bar.says})"


def _words(rules: Rules) -> Document:
    return {
        "ruleset": rules.ruleset,
        "name": rules.name,
        "program": rules.program,
        "as_of": _day(rules.as_of),
        "effective_from": _day(rules.effective_from),
        "effective_to": _day(rules.effective_to),
        "citation": list(rules.citation),
        "source": list(rules.source),
        "notes": list(rules.notes),
        "retention_years": rules.retention_years,
    }


def _outage(outage: OutageRule, ounce_mg: Fraction) -> Document:
    plain = {each.name: getattr(outage, each.name) for each in fields(outage) if each.name not in {"limits", "policy"}}
    return {**plain, "policy": outage.policy.value, "limits": _limits(outage.limits, ounce_mg)}


def _limits(limits: tuple[Limit, ...], ounce_mg: Fraction) -> Document:
    return {limit.id: _limit(limit, ounce_mg) for limit in limits}


def _limit(limit: Limit, ounce_mg: Fraction) -> Document:
    return {
        "amount": _number(limit.amount),
        "first_amount": _number(limit.first_amount),
        "unit": limit.unit,
        "source": limit.source.value,
        "is_ceiling": limit.is_ceiling,
        "window": _window(limit.window),
        "terms": sorted((_term(term, ounce_mg) for term in limit.terms), key=_json),
        "unknown": sorted(limit.unknown),
        "excluded": sorted(limit.excluded),
        "registry": _registry(limit.registry),
        "cohort": sorted(cohort.name for cohort in limit.cohort),
        "replaces": limit.replaces,
        "is_per_dispensary": limit.is_per_dispensary,
        "is_per_item": limit.is_per_item,
        "confidence": limit.confidence.value,
    }


def _window(window: Window) -> Document:
    plain = {each.name: getattr(window, each.name) for each in fields(window)}
    written = {key: value.value if isinstance(value, StrEnum) else value for key, value in plain.items()}
    return {"kind": _KIND_OF[type(window)], **written}


def _term(term: Term, ounce_mg: Fraction) -> Document:
    return {
        "cat": sorted(term.categories),
        "basis": term.basis.value,
        "per": number(term.per / smallest(term.basis, ounce_mg)),
        "where": _tier(term.where),
        "rounds_up": term.rounds_up,
    }


def _tier(where: Potency | None) -> Document | None:
    return None if where is None else {"above": _number(where.above), "at_most": _number(where.at_most)}


def _registry(figure: RegistryFigure | None) -> Document | None:
    return None if figure is None else {each.name: getattr(figure, each.name) for each in fields(figure)}


def _number(value: Fraction | None) -> str | None:
    return None if value is None else number(value)


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()
