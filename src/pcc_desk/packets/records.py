"""Sales, receipts and dispensings as a packet holds them, read back into the domain's own form."""

import json
import re
import types
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from fractions import Fraction
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from pcc_desk.domain.quantity import Thousandths
from pcc_desk.domain.sales import Dispensed, Receipt, Sale

R = TypeVar("R", Sale, Receipt, Dispensed)

_PARTS = re.compile(r"-?\d{1,18}(/[1-9]\d{0,5})?", re.ASCII)
"""Thousandths that were no whole number, by themselves or before they were added up: 56699/2."""


def records(kind: type[R], content: bytes) -> tuple[R, ...]:
    """Return the records of a document, one in each line. Raises `ValueError`, `KeyError` or `TypeError`."""
    return tuple(_records(kind, content))


def _records(kind: type[R], content: bytes) -> Iterator[R]:
    for line in content.decode().split("\n")[:-1]:
        record: R = _read(kind, json.loads(line))
        yield record


def _read(hint: Any, plain: Any) -> Any:  # noqa: PLR0911 - one way for each
    if hint == Thousandths and isinstance(plain, str) and _PARTS.fullmatch(plain):
        return Fraction(plain)
    if get_origin(hint) in {Union, types.UnionType}:
        inner = next(each for each in get_args(hint) if each is not type(None))
        return None if plain is None else _read(inner, plain)
    if get_origin(hint) is tuple:
        return tuple(_read(get_args(hint)[0], each) for each in plain)
    if hint is datetime:
        return datetime.fromisoformat(plain)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(plain)
    if isinstance(hint, type) and is_dataclass(hint):
        hints = get_type_hints(hint)
        known = {each.name for each in fields(hint)} & plain.keys()
        make: Any = hint
        return make(**{name: _read(hints[name], plain[name]) for name in known})
    if not isinstance(plain, hint):
        raise TypeError(f"{plain!r} stands where {hint.__name__} belongs")
    return plain
