"""The file of `pcc-desk reconcile --rules`: tolerances, hours, windows, and what else is known of the day."""

import tomllib
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pcc_desk.adapters.clean import cleaned
from pcc_desk.commands.refusing import InputRefused
from pcc_desk.domain.card_keys import card_key
from pcc_desk.domain.quantity import QuantityError, milli
from pcc_desk.domain.reconciling.terms import Context, Hours, KnownCard, KnownPackage, OutageSpan, Terms
from pcc_desk.domain.sales import tag_key

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
USUAL_WINDOW = timedelta(hours=24)
"""After which a receipt is late where no rules say otherwise (POS reference, 9, LATE)."""
ANY_TIME = Hours(time(), time.max)
ALL_DAY = 'they end as they begin; the whole day is written "00:00" to "24:00"'
LARGEST = 16 * 1024 * 1024


class _Table:
    """One table of the file, of which every key must be taken."""

    def __init__(self, name: str, content: Mapping[str, Any], zone: ZoneInfo) -> None:
        self._name = name
        self._left = dict(content)
        self._zone = zone

    def take(self, key: str, read: Callable[[Any], Any], usual: Any = None) -> Any:
        """Return what a key says, read by a function that raises `ValueError` with a clause; without it the usual."""
        if key not in self._left:
            return usual
        value = self._left.pop(key)
        try:
            return read(value)
        except (ValueError, TypeError, QuantityError) as error:
            raise InputRefused(f"--rules: {self._name}{key}: {str(error).rstrip('.')}.") from error
        except OverflowError as error:
            raise InputRefused(f"--rules: {self._name}{key}: it is too large.") from error

    def done(self) -> None:
        """Refuse what nobody took: a misspelt rule would be no rule."""
        if self._left:
            raise InputRefused(f"--rules: there is no rule “{self._name}{cleaned(next(iter(self._left)), 60)}”.")

    def tables(self, key: str) -> list["_Table"]:
        """Return the tables of a list of tables."""
        found = self._left.pop(key, [])
        if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            raise InputRefused(f"--rules: {key} is written [[{key}]].")
        return [_Table(f"{key}.", each, self._zone) for each in found]

    def table(self, key: str) -> "_Table":
        """Return a table; an empty one when it is not there."""
        found = self._left.pop(key, {})
        if not isinstance(found, dict):
            raise InputRefused(f"--rules: {key} is written [{key}].")
        return _Table(f"{key}.", found, self._zone)

    def instant(self, value: object) -> datetime:
        """Return an instant; one without an offset is by the shop's clock."""
        at = value if isinstance(value, datetime) else datetime.fromisoformat(_text(value))
        return at.replace(tzinfo=self._zone) if at.tzinfo is None else at.astimezone(self._zone)


def read_rules(path: Path | None, zone: ZoneInfo) -> tuple[Terms, Context]:
    """Return what a file of rules says; without one the usual. Raises `InputRefused`."""
    if path is None:
        return Terms(posting_window=USUAL_WINDOW), Context()
    try:
        if path.stat().st_size > LARGEST:
            raise InputRefused(f"--rules: {path.name} is larger than {LARGEST // 1024 // 1024} MB.")
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputRefused(f"--rules: {path.name} cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise InputRefused(f"--rules: {path.name} is not written in UTF-8; save it so.") from error
    except ValueError as error:
        raise InputRefused(f"--rules: {path.name} is no TOML: {cleaned(str(error), 160)}.") from error
    top = _Table("", content, zone)
    terms, context = _terms(top), _context(top)
    top.done()
    return terms, context


def _terms(top: _Table) -> Terms:
    tolerance, matching, posting = top.table("tolerance"), top.table("matching"), top.table("posting")
    usual = Terms()
    hours = top.table("hours")
    terms = Terms(
        price_cents=tolerance.take("price_cents", _count, usual.price_cents),
        quantity_milli=tolerance.take("quantity", lambda value: _at_least_0(milli(_text(value))), 0),
        near=matching.take("near_minutes", lambda value: timedelta(minutes=_count(value)), usual.near),
        far=matching.take("far_hours", lambda value: timedelta(hours=_count(value)), usual.far),
        visible_after=matching.take(
            "visible_after_minutes", lambda value: timedelta(minutes=_count(value)), usual.visible_after
        ),
        posting_window=posting.take("window_hours", lambda value: timedelta(hours=_count(value)), USUAL_WINDOW),
        hours=_hours(hours),
        day_begins=top.take("day_begins", _time, usual.day_begins),
        least_cents=top.take("least_cents", _count, usual.least_cents),
    )
    for each in (tolerance, matching, posting, hours):
        each.done()
    return terms


def _hours(table: _Table) -> tuple[Hours | None, ...]:
    """Return the hours of each weekday: `opens` and `closes` for all, a weekday's own before them.

    Of a weekday for which neither is told nothing is said: it is open the whole day.
    """
    opens, closes = table.take("opens", _time), table.take("closes", _end)
    if (opens is None) != (closes is None):
        raise InputRefused("--rules: hours: opens and closes go together.")
    if opens is not None and opens == closes:
        raise InputRefused(f"--rules: hours: {ALL_DAY}.")
    every = Hours(opens, closes) if opens is not None else ANY_TIME
    own = tuple(table.take(day, _day_hours, every) for day in WEEKDAYS)
    return () if all(each is ANY_TIME for each in own) else own


def _day_hours(value: object) -> Hours | None:
    if value == "closed":
        return None
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError('hours are written ["08:00", "21:00"], or "closed"')
    opens, closes = _time(value[0]), _end(value[1])
    if opens == closes:
        raise ValueError(ALL_DAY)
    return Hours(opens, closes)


def _context(top: _Table) -> Context:
    packages = [_package(each) for each in top.tables("package")]
    return Context(
        now=top.take("now", top.instant),
        packages={each.label: each for each in packages} if packages else None,
        cards=dict(_card(each) for each in top.tables("card")),
        same_person=tuple(_person(each) for each in top.tables("same_person")),
        over_limit=dict(_over(each) for each in top.tables("over_limit")),
        outages=tuple(_outage(each) for each in top.tables("outage")),
    )


def _package(table: _Table) -> KnownPackage:
    package = KnownPackage(
        label=tag_key(table.take("tag", _text, "")),
        finished_at=table.take("finished_at", table.instant),
        held_from=table.take("held_from", table.instant),
        held_until=table.take("held_until", table.instant),
        held_why=table.take("held_why", _text, ""),
        balance_milli=table.take("balance", lambda value: milli(_text(value))),
    )
    table.done()
    return package


def _card(table: _Table) -> tuple[str, KnownCard]:
    number = card_key(table.take("number", _text, ""))
    card = KnownCard(table.take("expires", _date, date.max), table.take("ends_with_the_day", bool, usual=True))
    table.done()
    return number, card


def _person(table: _Table) -> frozenset[str]:
    numbers = frozenset(card_key(_text(each)) for each in table.take("numbers", list, []))
    table.done()
    return numbers


def _over(table: _Table) -> tuple[str, str]:
    found = table.take("sale", _text, ""), table.take("why", _text, "over the limit")
    table.done()
    return found


def _outage(table: _Table) -> OutageSpan:
    began = table.take("began", table.instant)
    if began is None:
        raise InputRefused("--rules: outage: it says not when it began.")
    outage = OutageSpan(table.take("name", _text, "The state's system"), began, table.take("ended", table.instant))
    table.done()
    return outage


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("it is written as text, in quotes")
    return cleaned(value, 200)


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("it is a whole number")
    return _at_least_0(value)


def _at_least_0(value: int) -> int:
    if value < 0:
        raise ValueError("it cannot be below zero")
    return value


def _time(value: object) -> time:
    return value if isinstance(value, time) else time.fromisoformat(_text(value))


def _end(value: object) -> time:
    """Return when hours end; 24:00 is the end of the day."""
    return time.max if value == "24:00" else _time(value)


def _date(value: object) -> date:
    return value if isinstance(value, date) and not isinstance(value, datetime) else date.fromisoformat(_text(value))
