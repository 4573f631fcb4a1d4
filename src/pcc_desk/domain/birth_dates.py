"""Reads a birth date in any form in which people here type one."""

import re
from datetime import date

EARLIEST = 1880

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/. ])([0-9]{1,2})\2([0-9]{1,2})", re.ASCII)
_MONTH_FIRST = re.compile(r"([0-9]{1,2})([-/. ])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})", re.ASCII)
_PLAIN = re.compile(r"[0-9]{8}", re.ASCII)
_MONTH_NAMED = re.compile(r"([a-z]{3,9})\.?\s*([0-9]{1,2})(?:st|nd|rd|th)?,?\s*([0-9]{4})", re.ASCII)
_DAY_NAMED = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?\.?\s*([a-z]{3,9})\.?,?\s*([0-9]{4})", re.ASCII)


def typed_birth_date(typed: str, today: date) -> date | None:
    """Return a whole birth date: 1958-03-11, 3/11/1958, 3/11/58, 03111958, 19580311, 11 Mar 1958, March 11, 1958.

    Month before day where both are numbers, as everybody in the States writes it. A year of two digits is the last one
    that is not in the future. None for anything else, and for a day that is not over yet.
    """
    text = " ".join(typed.lower().split())
    return next((each for each in _readings(text, today) if each is not None and each <= today), None)


def _readings(text: str, today: date) -> tuple[date | None, ...]:
    if found := _YEAR_FIRST.fullmatch(text):
        return (_day(found[1], found[3], found[4]),)
    if found := _MONTH_FIRST.fullmatch(text):
        return (_day(_whole_year(found[4], today), found[1], found[3]),)
    if _PLAIN.fullmatch(text):
        return _day(text[4:], text[:2], text[2:4]), _day(text[:4], text[4:6], text[6:])
    if found := _MONTH_NAMED.fullmatch(text):
        return (_day(found[3], _month(found[1]), found[2]),)
    if found := _DAY_NAMED.fullmatch(text):
        return (_day(found[3], _month(found[2]), found[1]),)
    return ()


def _whole_year(year: str, today: date) -> str:
    if len(year) == 4:
        return year
    century = today.year - today.year % 100
    return str(century + int(year) - (100 if century + int(year) > today.year else 0))


def _month(word: str) -> str:
    return str(_MONTHS.index(word[:3]) + 1) if word[:3] in _MONTHS else ""


def _day(year: str, month: str, day: str) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if found.year >= EARLIEST else None
