"""How like a patient on record is to what a licence says. Nothing here decides who somebody is: a person does."""

from dataclasses import dataclass
from enum import Enum

from rapidfuzz.distance import OSA

from pcc_desk.domain.licences import Licence
from pcc_desk.domain.people import Patient, name_key


class Alike(Enum):
    """How like."""

    SAME = "same"
    """Birth date, family name and first given name agree, and no other given name speaks against it."""
    NEAR = "near"
    """The birth date agrees and the names may."""
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like, and why no more than that, as a clause; empty when the same."""

    alike: Alike
    why: str = ""


NOT_ALIKE = Likeness(Alike.NOT)


def likeness(licence: Licence, patient: Patient) -> Likeness:
    """Compare names without accents and case. A name that was cut is never the same.

    A middle name that only one of both has is left aside; two that have nothing in common may be of twins.
    """
    if patient.born != licence.born:
        return NOT_ALIKE
    why = _difference(
        licence.family_is_cut or licence.given_is_cut,
        (name_key(licence.family_name), name_key(f"{licence.given_name} {licence.middle_name}").split() or [""]),
        (name_key(patient.family_name), name_key(patient.given_name).split() or [""]),
    )
    return NOT_ALIKE if why is None else Likeness(Alike.NEAR if why else Alike.SAME, why)


_Names = tuple[str, list[str]]


def _difference(is_cut: bool, licence: _Names, record: _Names) -> str | None:
    """Return in what the names differ, as a clause; empty: in nothing. None: in all."""
    (family, given), (on_record, given_on_record) = licence, record
    first, first_on_record = given[0], given_on_record[0]
    if is_cut:
        fits = on_record.startswith(family) and first_on_record.startswith(first)
        return "name cut to fit: compare it all" if fits else None
    if family == on_record and first == first_on_record:
        why: str | None = "other second name: a twin?" if _contradict(given[1:], given_on_record[1:]) else ""
    elif family == on_record:
        is_other = not (first_on_record in given or first in given_on_record or is_near(first, first_on_record))
        twin = "other given name: a twin?"
        why = twin if is_other else "given name written otherwise"
    elif first == first_on_record:
        is_spelled = is_near(family, on_record)
        why = "family name written otherwise" if is_spelled else "other family name: changed?"
    else:
        is_turned = (family, first) == (first_on_record, on_record)
        why = "the names changed places" if is_turned else None
    return why


def _contradict(further: list[str], on_record: list[str]) -> bool:
    """Whether both have further given names, and none is shared, written otherwise, or the other's initial."""

    def agree(one: str, other: str) -> bool:
        is_initial = 1 in (len(one), len(other)) and one[:1] == other[:1]
        return one == other or is_initial or is_near(one, other)

    return bool(further and on_record) and not any(agree(one, other) for one in further for other in on_record)


def is_near(one: str, other: str) -> bool:
    """Whether two words are one slip of the hand apart, long ones two, or the longer begins with the shorter."""
    if not one or not other:
        return False
    if min(len(one), len(other)) >= 3 and (one.startswith(other) or other.startswith(one)):
        return True
    allowed = 0 if max(len(one), len(other)) < 4 else 1 if max(len(one), len(other)) < 8 else 2
    return OSA.distance(one, other, score_cutoff=allowed) <= allowed
