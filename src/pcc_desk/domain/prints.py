"""What a side of a day was at one instant, short enough to keep: so that what changed since can be told."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fractions import Fraction

from pcc_desk.domain.quantity import Thousandths
from pcc_desk.domain.sales import Dispensed, Receipt, Sale

SAID = 6
"""How many fields of a line in a text say what a record is."""


@dataclass(frozen=True, slots=True)
class Print:
    """One sale or receipt in short. `milli` adds up the thousandths of its lines, whatever their units."""

    side: str
    """Whose record it is of: POS, METRC, desk."""
    number: str
    at: datetime
    milli: Thousandths
    cents: int
    digest: str
    """Eight characters of a hash of all that it says."""
    shown: str = field(default="", compare=False)
    """The number by which a person finds it, where that is another one: how it is called, nothing of what it says."""
    is_void: bool = field(default=False, compare=False)
    """Whether it was struck, as far as that was kept. `digest` tells it too."""


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one sale or receipt. `was` None: it is new. `now` None: it is gone."""

    was: Print | None
    now: Print | None

    @property
    def side(self) -> str:
        """Whose record it is of."""
        return self._either.side

    @property
    def number(self) -> str:
        """Its number there: the one by which a person finds it."""
        told = (each.shown for each in (self.now, self.was) if each is not None and each.shown)
        return next(told, self._either.number)

    @property
    def _either(self) -> Print:
        either = self.now or self.was
        assert either is not None  # noqa: S101 - a change has at least one side
        return either


def print_of(side: str, record: Sale | Receipt | Dispensed) -> Print:
    """Return a record in short. How far its posting is, and when it was recorded, is nothing of what it says."""
    lines = sorted(
        (each.label, each.milli, each.unit.value, each.price_cents, each.is_returned, each.product)
        for each in record.lines
    )
    kind = record.kind.value if isinstance(record, Sale) else ""
    said = (record.number, _utc(record.sold_at), kind, record.is_void, record.patient_key, record.caregiver_key, lines)
    return Print(
        side=side,
        number=record.number,
        at=record.sold_at,
        milli=sum(each.milli for each in record.lines),
        cents=sum(each.price_cents for each in record.lines),
        digest=hashlib.sha256(json.dumps(said, ensure_ascii=False, default=str).encode()).hexdigest()[:8],
        shown=record.printed if isinstance(record, Receipt) and record.printed != record.number else "",
        is_void=record.is_void,
    )


def written(prints: Iterable[Print]) -> str:
    """Return prints as text, a line for each, in an order that does not hang on theirs."""
    return "\n".join(sorted("\t".join((_line(each), *_besides(each))) for each in prints))


def read(text: str) -> tuple[Print, ...]:
    """Return the prints of such a text. Raises `ValueError` for any other."""
    return tuple(_print(line) for line in text.split("\n") if line)


def fingerprint(text: str) -> str:
    """Return the hash by which two such texts are told apart, as 64 hexadecimal characters.

    How a person calls a record is not in it: a day that was signed for before that was kept is the same day still.
    """
    said = ("\t".join(line.split("\t")[:SAID]) for line in text.split("\n"))
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def changes(was: Iterable[Print], now: Iterable[Print]) -> tuple[Change, ...]:
    """Return what is new, gone or different, by side and number."""
    before, after = _by_place(was), _by_place(now)
    return tuple(
        Change(before.get(place), after.get(place))
        for place in sorted(before.keys() | after.keys())
        if before.get(place) != after.get(place)
    )


def _by_place(prints: Iterable[Print]) -> dict[tuple[str, str, int], Print]:
    """Return prints by side and number; of several under one number, the first, the second and so on by what they say.

    A number that comes twice is a difference of its own; here none of the two hides the other.
    """
    placed: dict[tuple[str, str, int], Print] = {}
    for each in sorted(prints, key=_line):
        count = 0
        while (each.side, each.number, count) in placed:
            count += 1
        placed[each.side, each.number, count] = each
    return placed


def _line(each: Print) -> str:
    return "\t".join(
        (_plain(each.side), _plain(each.number), _utc(each.at), str(each.milli), str(each.cents), each.digest)
    )


def _besides(each: Print) -> tuple[str, ...]:
    """Return what is kept beside what a record says: how it is called, and whether it was struck."""
    return (_plain(each.shown), "void" if each.is_void else "") if each.shown or each.is_void else ()


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _plain(text: str) -> str:
    return " ".join(text.split())


def _print(line: str) -> Print:
    side, number, at, milli, cents, digest, *besides = line.split("\t")
    match besides:
        case []:
            shown = struck = ""
        case [shown, ("" | "void") as struck]:
            pass
        case _:
            raise ValueError("a print has six fields, or eight")
    return Print(side, number, datetime.fromisoformat(at), _count(milli), int(cents), digest, shown, bool(struck))


def _count(milli: str) -> Thousandths:
    return int(milli) if "/" not in milli else Fraction(milli)
