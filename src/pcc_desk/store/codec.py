"""Entries as canonical text, and back: sorted keys, no spaces, exact values.

A value of a union of dataclasses carries the name of its class under "is"; everything else is known from the field's
annotation.
"""

import json
import types
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from pcc_desk.domain import entries
from pcc_desk.domain.entries import Entry
from pcc_desk.domain.quantity import Thousandths
from pcc_desk.domain.withheld import Withheld

KINDS: dict[tuple[str, int], type[Entry]] = {(kind.name, kind.version): kind for kind in get_args(entries.Entry)}
"""Every entry the journal may hold, by its stable name and version."""

Reader = Callable[[Any], Any]


def written(entry: Entry) -> str:
    """Return an entry as the text that is stored and sealed."""
    return json.dumps(_plain(entry, tagged=False), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def read(name: str, version: int, body: str) -> Entry:
    """Return the entry that was stored. Raises `KeyError` for a kind this version does not know."""
    kind: Any = KINDS[name, version]
    entry: Entry = _reader(kind)(json.loads(body))
    return entry


def _plain(value: Any, *, tagged: bool) -> Any:  # noqa: PLR0911 - a value is whatever a field holds
    match value:
        case Enum():
            return value.value
        case Withheld():
            raise TypeError("the journal cannot hold what was withheld from somebody")
        case None | str() | bool() | int():
            return value
        case UUID():
            return value.hex
        case datetime():
            if value.tzinfo is None:
                raise ValueError("an instant needs a time zone")
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date():
            return value.isoformat()
        case Decimal() | Fraction():
            return str(value)
        case tuple():
            return [_plain(each, tagged=tagged) for each in value]
    if not is_dataclass(value):
        raise TypeError(f"the journal cannot hold a {type(value).__name__}")
    kind: Any = type(value)
    unions = _unions(kind)
    plain = {name: _plain(getattr(value, name), tagged=name in unions) for name in _names(kind)}
    if tagged:
        plain["is"] = type(value).__name__
    return plain


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))


@cache
def _hints(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {name: hints[name] for name in _names(kind)}


@cache
def _unions(kind: Any) -> frozenset[str]:
    return frozenset(name for name, hint in _hints(kind).items() if len(_members(hint)) > 1)


def _members(hint: Any) -> tuple[Any, ...]:
    """Return the members of a union other than None, and than what is never put on record."""
    if get_origin(hint) in (Union, types.UnionType):
        return tuple(each for each in get_args(hint) if each is not type(None) and each is not Withheld)
    return ()


@cache
def _reader(hint: Any) -> Reader:  # noqa: PLR0911 - one way for each kind of field
    if hint == Thousandths:
        return lambda plain: plain if isinstance(plain, int) else Fraction(plain)
    members = _members(hint)
    if len(members) == 1:
        inner = _reader(members[0])
        return lambda plain: None if plain is None else inner(plain)
    if members:
        tags = {each.__name__: each for each in members}
        return lambda plain: _reader(tags[plain["is"]])({key: plain[key] for key in plain if key != "is"})
    if get_origin(hint) is tuple:
        return _tuple_reader(get_args(hint))
    if hint is UUID:
        return lambda plain: UUID(hex=plain)
    if hint is datetime:
        return datetime.fromisoformat
    if hint is date:
        return date.fromisoformat
    if hint is Decimal:
        return Decimal
    if hint is Fraction:
        return Fraction
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    if is_dataclass(hint):
        return _dataclass_reader(hint)
    return lambda plain: plain


def _tuple_reader(arguments: tuple[Any, ...]) -> Reader:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        inner = _reader(arguments[0])
        return lambda plain: tuple(inner(each) for each in plain)
    readers = tuple(_reader(each) for each in arguments)
    return lambda plain: tuple(one(each) for one, each in zip(readers, plain, strict=True))


def _dataclass_reader(kind: Any) -> Reader:
    readers = {name: _reader(hint) for name, hint in _hints(kind).items()}
    return lambda plain: kind(**{name: one(plain[name]) for name, one in readers.items() if name in plain})
