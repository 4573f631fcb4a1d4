"""What a person types of a person: names, birth dates, cards, telephone numbers. Each is a value, or a sentence."""

import re
import unicodedata
from datetime import date

from pcc_desk.domain.people import card_key, name_key
from pcc_desk.domain.rules import CardShape
from pcc_desk.domain.what_if import NotUnderstood

LONGEST_NAME = 80
OLDEST = 120
"""Years. Nobody on record anywhere was much older."""

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

SHORTEST_PHONE, LONGEST_PHONE = 7, 15
"""Digits: the shortest that is dialled without an area, and the longest there is (ITU-T E.164)."""

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_YEAR_FIRST = re.compile(r"(?P<year>[0-9]{4})[-/.](?P<month>[0-9]{1,2})[-/.](?P<day>[0-9]{1,2})")
_MONTH_FIRST = re.compile(r"(?P<month>[0-9]{1,2})[-/.](?P<day>[0-9]{1,2})[-/.](?P<year>[0-9]{4})")
_PLAIN = re.compile(r"(?P<month>[0-9]{2})(?P<day>[0-9]{2})(?P<year>[0-9]{4})")
_WORDS = re.compile(r"(?P<day>[0-9]{1,2})\.? +(?P<month>[a-z]{3,9})\.?,? +(?P<year>[0-9]{4})")
_WORDS_FIRST = re.compile(r"(?P<month>[a-z]{3,9})\.? +(?P<day>[0-9]{1,2}),? +(?P<year>[0-9]{4})")
_TWO_DIGITS = re.compile(r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2}")


def typed_name(text: str, what: str) -> str | NotUnderstood:
    """Return a part of a name with single blanks, as it is kept. `what`: "family name"."""
    words = " ".join(unicodedata.normalize("NFC", text).split())
    if not words:
        return NotUnderstood(f"Type the {what}.")
    if len(words) > LONGEST_NAME:
        return NotUnderstood(f"This {what} has {len(words)} characters; at most {LONGEST_NAME} are kept. Shorten it.")
    if not words.isprintable():
        return NotUnderstood(f"There is a character in the {what} that cannot be seen. Type the name again.")
    if not name_key(words):
        return NotUnderstood(f"There is no letter in the {what}.")
    return words


def typed_date(text: str) -> date | NotUnderstood:
    """Return a day typed in any usual way: 1958-03-11, 3/11/1958, 03111958, 11 Mar 1958, March 11, 1958.

    Of two numbers before the year the month is the first, as it is written in the United States.
    """
    words = text.strip().casefold()
    if not words:
        return NotUnderstood("Type the day, such as 1958-03-11 or 3/11/1958.")
    if _TWO_DIGITS.fullmatch(words):
        return NotUnderstood("Type the year with four digits: 1958-03-11 or 3/11/1958.")
    for shape in (_YEAR_FIRST, _MONTH_FIRST, _PLAIN, _WORDS, _WORDS_FIRST):
        found = shape.fullmatch(words)
        if found is not None:
            return _day(int(found["year"]), found["month"], int(found["day"]))
    return NotUnderstood("That is no day. Type it as 1958-03-11 or 3/11/1958.")


def _day(year: int, month_typed: str, day: int) -> date | NotUnderstood:
    if month_typed.isdecimal():
        month = int(month_typed)
    elif month_typed[:3] in MONTHS:
        month = MONTHS.index(month_typed[:3]) + 1
    else:
        return NotUnderstood(f"There is no month “{month_typed}”.")
    try:
        return date(year, month, day)
    except ValueError:
        if not 1 <= month <= len(MONTHS):
            return NotUnderstood(f"There is no month {month}. Type the day as 1958-03-11 or 3/11/1958.")
        return NotUnderstood(f"There is no day {year:04}-{month:02}-{day:02} in the calendar.")


def typed_birth(text: str, today: date) -> date | NotUnderstood:
    """Return a birth date: a day of the calendar, not after today, and of nobody older than people get."""
    day = typed_date(text)
    if isinstance(day, NotUnderstood):
        return NotUnderstood("Type the birth date, such as 1958-03-11.") if not text.strip() else day
    if day > today:
        return NotUnderstood(f"{day} is in the future. Look at the year on the card.")
    if today.year - day.year > OLDEST:
        return NotUnderstood(f"{day} is more than {OLDEST} years ago. Look at the year on the card.")
    return day


def typed_card_number(text: str) -> str | NotUnderstood:
    """Return a card number as printed: with single blanks, and at least a letter or digit."""
    words = " ".join(text.split())
    if not card_key(words):
        return NotUnderstood("There is no letter or digit in that card number. Type what is printed on the card.")
    if not words.isprintable():
        return NotUnderstood("There is a character in the card number that cannot be seen. Type it again.")
    return words


def card_doubt(number: str, shape: CardShape | None) -> str:
    """Return what is odd about a card number, as a sentence; empty where nothing is, or no shape is known.

    Nothing is refused for it: the registry is the judge.
    """
    if shape is None or not number or re.fullmatch(shape.pattern, card_key(number)):
        return ""
    return f"Card numbers here are {shape.words}. Look at it once more; it can be saved as it is."


def typed_phone(text: str) -> str | NotUnderstood:
    """Return a telephone number as it was typed, with as many digits as one can have; empty stays empty."""
    words = " ".join(text.split())
    digits = phone_key(words)
    if words and not SHORTEST_PHONE <= len(digits) <= LONGEST_PHONE:
        many = f"{len(digits)} digit{'' if len(digits) == 1 else 's'}"
        return NotUnderstood(f"A telephone number has {SHORTEST_PHONE} to {LONGEST_PHONE} digits; this has {many}.")
    return words


def typed_email(text: str) -> str | NotUnderstood:
    """Return an e-mail address as it was typed, where it looks like one; empty stays empty."""
    words = text.strip()
    if words and not (_EMAIL.fullmatch(words) and words.isprintable()):
        return NotUnderstood("An e-mail address looks like chi@example.org: a name, an @, a place. Type it again.")
    return words


def phone_key(phone: str) -> str:
    """Return what telephone numbers are compared by: the digits, without the United States' own 1 before ten."""
    digits = "".join(each for each in phone if each.isascii() and each.isdecimal())
    return digits[1:] if len(digits) == 11 and digits[0] == "1" else digits
