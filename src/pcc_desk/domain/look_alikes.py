"""Who on record may be the same person as somebody, or be taken for them. Nobody is merged by this."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from functools import cache

from rapidfuzz import fuzz

from pcc_desk.domain.people import Card, Holder, Patient, card_key, name_key
from pcc_desk.domain.typed_people import phone_key

ALIKE = 88.0
"""Of 100: from here on names differ by what a hand mistypes, or by a second given name."""


class Alikeness(IntEnum):
    """How somebody is like another, the nearest first."""

    SAME = 1
    """The same names and birth date, or the same card of their own: one person, unless somebody knows better."""
    LIKELY = 2
    """Probably one person: a name mistyped, names the other way round, or a birth date with two digits swapped."""
    TWIN = 3
    """The same family name and birth date, and another given name: twins, or one person with two names."""
    SAME_NAME = 4
    """The same names and another birth date: somebody else who will be taken for them."""
    SAME_PHONE = 5
    """Only the telephone number is the same: a household, or one person under two names."""


@dataclass(frozen=True, slots=True)
class LookAlike:
    """Somebody on record who is like another."""

    patient: Patient
    alikeness: Alikeness
    why: str
    """What is the same, as a clause: "names and birth date"."""


def look_alikes(
    patient: Patient, cards: Iterable[Card], others: Iterable[Patient], cards_of_others: Iterable[Card]
) -> tuple[LookAlike, ...]:
    """Return who of `others` is like a patient, the nearest first; the patient themselves is left out."""
    own = {each.key for each in cards if each.holder is Holder.PATIENT}
    on_cards = {each.patient_id: each.number for each in cards_of_others if each.key in own}
    found = (
        _compared(patient, each, on_cards.get(each.id, "")) for each in others if each.id != patient.id
    )  # fmt: skip
    alike = nearest_first(each for each in found if each is not None)
    return nearest_first({each.patient.id: each for each in reversed(alike)}.values())


def nearest_first(alike: Iterable[LookAlike]) -> tuple[LookAlike, ...]:
    """Return those who are like somebody in the order in which they are to be looked at."""
    return tuple(sorted(alike, key=lambda each: (each.alikeness, each.patient.name, each.patient.id)))


def _compared(one: Patient, other: Patient, shared_card: str) -> LookAlike | None:
    if shared_card:
        return LookAlike(other, Alikeness.SAME, f"card {shared_card}")
    found = compared(brief_of(one), brief_of(other))
    return LookAlike(other, *found) if found is not None else None


@dataclass(frozen=True, slots=True)
class Brief:
    """What people are compared by: the keys of their names and of their telephone number, and the birth date."""

    family: str
    given: str
    born: date
    phone: str


def brief_of(patient: Patient) -> Brief:
    """Return what a patient is compared by."""
    return Brief(name_key(patient.family_name), name_key(patient.given_name), patient.born, phone_key(patient.phone))


def compared(one: Brief, other: Brief) -> tuple[Alikeness, str] | None:  # noqa: PLR0911 - one for each kind
    """Return how like two people are, and what is the same of them, as a clause; None: they are not."""
    is_same_day = one.born == other.born
    is_same_name = (one.family, one.given) == (other.family, other.given)
    whole = fuzz.token_sort_ratio(f"{one.family} {one.given}", f"{other.family} {other.given}")
    if is_same_name and is_same_day:
        return Alikeness.SAME, "names and birth date"
    if is_same_day and whole >= ALIKE:
        return Alikeness.LIKELY, "birth date; names nearly"
    if is_same_day and one.given == other.given:
        return Alikeness.LIKELY, "birth date and given name"
    if is_same_day and fuzz.ratio(one.family, other.family) >= ALIKE:
        return Alikeness.TWIN, "family name, birth date: twins?"
    if whole >= ALIKE and _is_mistyped(one.born, other.born):
        return Alikeness.LIKELY, "names; birth date nearly"
    if is_same_name:
        return Alikeness.SAME_NAME, "names; another birth date"
    if one.phone and one.phone == other.phone:
        return Alikeness.SAME_PHONE, "telephone number"
    return None


def _is_mistyped(one: date, other: date) -> bool:
    """Whether two birth dates differ by day and month swapped, by one digit, or by two digits beside each other."""
    if one.year == other.year and (one.day, one.month) == (other.month, other.day):
        return True
    digits = f"{one:%Y%m%d}", f"{other:%Y%m%d}"
    wrong = [at for at, (a, b) in enumerate(zip(*digits, strict=True)) if a != b]
    if len(wrong) == 2 and wrong[1] == wrong[0] + 1:
        first, second = wrong
        return digits[0][first] == digits[1][second] and digits[0][second] == digits[1][first]
    return len(wrong) <= 1


def day_number(day: date) -> int:
    """Return a day as the number that its digits make: 19580311."""
    return day.year * 10_000 + day.month * 100 + day.day


def slips_of(born: date) -> frozenset[int]:
    """Return what a slip of the hand makes of a birth date, as numbers of days; some are in no calendar."""
    year, month, day = born.year, born.month, born.day
    rest = month * 100 + day
    found = {year * 10_000 + month * 100 + each for each in _NEAR[day]}
    found.update(year * 10_000 + each * 100 + day for each in _NEAR[month])
    found.update(each * 10_000 + rest for each in _near_year(year))
    digits = f"{day_number(born):08}"
    found.update(int(f"{digits[:at]}{digits[at + 1]}{digits[at]}{digits[at + 2 :]}") for at in range(7))
    found.add(year * 10_000 + day * 100 + month)
    found.discard(day_number(born))
    return frozenset(found)


_NEAR = tuple(
    tuple(other for other in range(100) if (one // 10 == other // 10) != (one % 10 == other % 10)) for one in range(100)
)
"""Numbers of two digits that differ in one of them."""


@cache
def _near_year(year: int) -> tuple[int, ...]:
    digits = f"{year:04}"
    return tuple(
        int(f"{digits[:at]}{each}{digits[at + 1 :]}") for at in range(4) for each in "0123456789" if each != digits[at]
    )


def has_own(cards: Iterable[Card], number: str) -> Card | None:
    """Return the patient's own card of a number, where one is among these."""
    key = card_key(number)
    return next((each for each in cards if each.key == key and each.holder is Holder.PATIENT), None)
