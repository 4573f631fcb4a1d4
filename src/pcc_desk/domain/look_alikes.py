"""Who on record may be the same person as somebody, or be taken for them. Nobody is merged by this."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

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
    kept = {each.patient.id: each for each in found if each is not None}
    return tuple(sorted(kept.values(), key=lambda each: (each.alikeness, each.patient.name, each.patient.id)))


def _compared(one: Patient, other: Patient, shared_card: str) -> LookAlike | None:  # noqa: PLR0911 - one for each kind
    if shared_card:
        return LookAlike(other, Alikeness.SAME, f"card {shared_card}")
    names, swapped = _names(one), _names(other)
    family_alike = fuzz.ratio(names[0], swapped[0]) >= ALIKE
    whole = fuzz.token_sort_ratio(" ".join(names), " ".join(swapped))
    if names == swapped and one.born == other.born:
        return LookAlike(other, Alikeness.SAME, "names and birth date")
    if one.born == other.born and whole >= ALIKE:
        return LookAlike(other, Alikeness.LIKELY, "birth date; names nearly")
    if one.born == other.born and names[1] == swapped[1]:
        return LookAlike(other, Alikeness.LIKELY, "birth date and given name")
    if one.born == other.born and family_alike:
        return LookAlike(other, Alikeness.TWIN, "family name, birth date: twins?")
    if whole >= ALIKE and _is_mistyped(one.born, other.born):
        return LookAlike(other, Alikeness.LIKELY, "names; birth date nearly")
    if names == swapped:
        return LookAlike(other, Alikeness.SAME_NAME, "names; another birth date")
    if phone_key(one.phone) and phone_key(one.phone) == phone_key(other.phone):
        return LookAlike(other, Alikeness.SAME_PHONE, "telephone number")
    return None


def _names(patient: Patient) -> tuple[str, str]:
    return name_key(patient.family_name), name_key(patient.given_name)


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


def has_own(cards: Iterable[Card], number: str) -> Card | None:
    """Return the patient's own card of a number, where one is among these."""
    key = card_key(number)
    return next((each for each in cards if each.key == key and each.holder is Holder.PATIENT), None)
