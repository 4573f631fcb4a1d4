"""Reads the rule files of `data/jurisdictions`, strictly, into the domain's rules.

One file per jurisdiction, in the schema "limits/1". What a file says and this version cannot apply is refused by name:
a limit is never dropped.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.functional_validators import BeforeValidator

from pcc_desk.desk.errors import DeskError
from pcc_desk.domain.products import Basis
from pcc_desk.domain.rules import (
    CalendarDay,
    Limit,
    OutageRule,
    RegistryColumn,
    RollingDays,
    Rules,
    Term,
    Window,
)
from pcc_desk.shipped import data_folder

FLUID_OUNCE_ML = Fraction("29.5735295625")
"""One US fluid ounce: 231 cubic inches / 128, exactly."""


class RuleFileError(DeskError):
    """A rule file cannot be used. The message names the file, the place and what is wrong."""


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """What can be said of a jurisdiction without a day: for choosing one."""

    code: str
    name: str
    program: str
    confidence: str
    path: Path


def jurisdictions() -> tuple[Jurisdiction, ...]:
    """Return the jurisdictions whose rule files are there, by name. Raises `RuleFileError`."""
    found = []
    for path in sorted((data_folder() / "jurisdictions").glob("*.toml")):
        code, parsed = _parse(path)
        found.append(Jurisdiction(code, parsed.name, parsed.program, parsed.confidence, path))
    return tuple(sorted(found, key=lambda each: each.name))


def rules_for(code: str, on: date) -> Rules:
    """Return the rules of a jurisdiction in force on a day. Raises `RuleFileError`."""
    path = data_folder() / "jurisdictions" / f"us-{code.lower()}.toml"
    if not path.is_file():
        known = ", ".join(each.code for each in jurisdictions())
        raise RuleFileError(f"There is no rule file for “{code}”. There are: {known}.")
    return rules_in(path, on)


def rules_in(path: Path, on: date) -> Rules:
    """Return the rules of one file in force on a day. Raises `RuleFileError`."""
    code, parsed = _parse(path)
    in_force = [each for each in parsed.ruleset if each.is_in_force(on)]
    if len(in_force) != 1:
        raise RuleFileError(f"{path.name}: {len(in_force)} rule sets are in force on {on}; there must be one.")
    ruleset = in_force[0]
    names = [each.id for each in ruleset.limit]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise RuleFileError(f"{path.name}: {ruleset.id} names a limit {', '.join(twice)} more than once.")
    ounce_mg = parsed.oz_g * 1000
    return Rules(
        jurisdiction=code,
        name=parsed.name,
        ruleset=ruleset.id,
        as_of=parsed.as_of,
        citation=tuple(parsed.citation),
        limits=tuple(_limit(path, each, ounce_mg) for each in ruleset.limit),
        outage=OutageRule(
            sales_allowed=parsed.offline.policy in {"allowed", "not_registry_bound"},
            why=parsed.offline.why,
            entry_deadline_hours=parsed.offline.entry_deadline_hours,
        ),
    )


def _exact(value: Any) -> Fraction:
    if not isinstance(value, str):
        raise ValueError('a number is written as a string, such as "2.5"')  # noqa: TRY004 - pydantic wants ValueError
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        raise ValueError('not a number; write it as a string of digits, such as "2.5"') from error
    if not number.is_finite() or number <= 0:
        raise ValueError("must be a number above zero")
    return Fraction(number)


Exact = Annotated[Fraction, BeforeValidator(_exact)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, arbitrary_types_allowed=True)


class _Window(_Strict):
    kind: str
    days: int | None = Field(default=None, ge=1)
    returns: int | None = Field(default=None, ge=1)
    returns_conf: Literal["high", "medium", "low"] | None = None
    returns_safe: int | None = None


class _Term(_Strict):
    cat: list[str]
    basis: str
    per: Exact


class _Registry(_Strict):
    days: int
    column: Literal["flower", "thc", "concentrate", "infused"]


class _Limit(_Strict):
    id: str
    amount: Exact
    unit: str
    window: _Window
    terms: list[_Term]
    unknown: list[str] = []
    excluded: list[str] = []
    registry: _Registry | None = None


class _Ruleset(_Strict):
    id: str
    effective_from: date | None = None
    effective_to: date | None = None
    limit: list[_Limit] = Field(min_length=1)

    def is_in_force(self, on: date) -> bool:
        """Whether `on` lies in the dates of this set, both included."""
        return (self.effective_from or date.min) <= on <= (self.effective_to or date.max)


class _Offline(_Strict):
    policy: Literal[
        "prohibited",
        "prohibited_implied",
        "allowed",
        "allowed_capped",
        "agency_exception_only",
        "not_registry_bound",
        "unknown",
    ]
    why: str
    entry_deadline_hours: int | None = None
    oversale_report_hours: int | None = None
    notice_first: bool = False


class _Jurisdiction(_Strict):
    name: str
    program: str
    authority: str
    s2s: str
    confidence: Literal["high", "medium", "low"]
    as_of: date
    oz_g: Exact
    oz_basis: str = ""
    citation: list[str]
    source: list[str]
    caregiver: str = ""
    visiting: str = ""
    offline: _Offline
    notes: list[str] = []
    ruleset: list[_Ruleset] = Field(min_length=1)


class _File(_Strict):
    schema_: Literal["limits/1"] = Field(alias="schema")
    jurisdiction: dict[str, _Jurisdiction]


def _parse(path: Path) -> tuple[str, _Jurisdiction]:
    try:
        parsed = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise RuleFileError(f"{path.name} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RuleFileError(f"{path.name} cannot be read: {error}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise RuleFileError(f"{path.name}: {place}: {first['msg']}.") from error
    if len(parsed.jurisdiction) != 1:
        raise RuleFileError(f"{path.name} must speak of one jurisdiction; it speaks of {len(parsed.jurisdiction)}.")
    return next(iter(parsed.jurisdiction.items()))


def _limit(path: Path, limit: _Limit, ounce_mg: Fraction) -> Limit:
    listed = [category for term in limit.terms for category in term.cat] + limit.unknown + limit.excluded
    twice = sorted({category for category in listed if listed.count(category) > 1})
    if twice:
        raise RuleFileError(f"{path.name}: limit {limit.id} lists {', '.join(twice)} more than once.")
    return Limit(
        id=limit.id,
        amount=limit.amount,
        unit=limit.unit,
        window=_window(path, limit),
        terms=tuple(_term(path, limit.id, term, ounce_mg) for term in limit.terms),
        unknown=frozenset(limit.unknown),
        excluded=frozenset(limit.excluded),
        registry=RegistryColumn(limit.registry.days, limit.registry.column) if limit.registry else None,
    )


def _window(path: Path, limit: _Limit) -> Window:
    match limit.window:
        case _Window(kind="calendar_day", days=None, returns=None):
            return CalendarDay()
        case _Window(kind="rolling_days", days=int(days), returns=int(returns), returns_conf=sure, returns_safe=safe):
            if sure != "high" and safe is None:
                raise RuleFileError(
                    f"{path.name}: limit {limit.id} must say returns_safe, as its return day is unsure."
                )
            return RollingDays(days, returns, max(safe or returns, returns))
        case _Window(kind=kind):
            raise RuleFileError(f"{path.name}: limit {limit.id} has a window “{kind}” that this version cannot apply.")


def _term(path: Path, limit_id: str, term: _Term, ounce_mg: Fraction) -> Term:
    smallest = {
        "net_g": Fraction(1000),
        "net_oz": ounce_mg,
        "net_ml": Fraction(1000),
        "net_floz": FLUID_OUNCE_ML * 1000,
        "thc_mg": Fraction(1000),
        "count": Fraction(1000),
    }
    if term.basis not in smallest:
        raise RuleFileError(f"{path.name}: limit {limit_id} weighs by “{term.basis}”, which this version cannot apply.")
    return Term(tuple(term.cat), Basis(term.basis), term.per * smallest[term.basis])
