"""Whose licence or card it is that was scanned: known for certain, likely, one of several, or nobody's on record."""

from dataclasses import dataclass
from uuid import UUID

from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.rights import Right, require
from pcc_desk.desk.sight import Sight, sight_of
from pcc_desk.domain.audit_entries import PatientsSearched, Typed
from pcc_desk.domain.entries import Act
from pcc_desk.domain.licences import Licence
from pcc_desk.domain.likeness import Alike, likeness
from pcc_desk.domain.people import Card, Holder, Patient, card_key, name_key

MOST_BORN = 500
"""Patients of one birth date that are compared. With a million on record there are about forty of each."""
MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be the one. `why`: why it is not certain, as a clause; empty when it is."""

    patient: Patient
    card_number: str
    """The card by which they were found, or else the best; empty: none is on record."""
    why: str = ""


@dataclass(frozen=True, slots=True)
class ExactMatch:
    """One patient, for certain as far as the record goes. `alike`: who else is easily taken for them."""

    candidate: Candidate
    alike: tuple[Patient, ...] = ()


@dataclass(frozen=True, slots=True)
class LikelyMatch:
    """It may be one of these; whoever it is says their birth date, and nobody guesses."""

    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class SeveralMatch:
    """It is certainly one of these. `why` says how that comes."""

    candidates: tuple[Candidate, ...]
    why: str


@dataclass(frozen=True, slots=True)
class NoMatch:
    """Nobody on record. `alike`: who has the same name, and another birth date."""

    alike: tuple[Patient, ...] = ()


Match = ExactMatch | LikelyMatch | SeveralMatch | NoMatch


def match_licence(ledger: Ledger, licence: Licence, *, act: Act) -> Match:
    """Return whose licence it is. The birth date must agree: one that differs is told as somebody alike, no more."""
    require(ledger, act, Right.FIND_PATIENT)
    seen = sight_of(ledger, act)
    same: dict[UUID, Candidate] = {}
    near: dict[UUID, Candidate] = {}
    for patient in ledger.patients_born(licence.born, MOST_BORN):
        found = likeness(licence, patient)
        kept = ledger.patient(patient.id) if found.alike is not Alike.NOT else None
        if kept is not None:
            group = same if found.alike is Alike.SAME else near
            group.setdefault(kept.id, _candidate(ledger, seen(kept), found.why))
    if len(same) > 1:
        return SeveralMatch(tuple(same.values()), "Two patients have this name and this birth date.")
    if same:
        (one,) = same.values()
        return ExactMatch(one, _alike(ledger, one.patient, [each.patient for each in near.values()], seen))
    return (
        LikelyMatch(tuple(near.values()))
        if near
        else NoMatch(_named(ledger, licence.family_name, licence.given_name, seen))
    )


def match_card(ledger: Ledger, number: str, *, act: Act) -> Match:
    """Return whose card it is. A caregiver's may serve several: for whom they come, they say."""
    require(ledger, act, Right.FIND_PATIENT)
    found: dict[UUID, Candidate] = {}
    seen = sight_of(ledger, act)
    cards = ledger.cards_numbered(card_key(number))
    for card in cards:
        patient = ledger.patient(card.patient_id)
        if patient is not None:
            found.setdefault(patient.id, Candidate(seen(patient), card.number))
    if len(found) > 1:
        is_carers = all(card.holder is Holder.CAREGIVER for card in cards)
        why = (
            "This caregiver comes for several. For whom today?" if is_carers else "Two patients have this card number."
        )
        return SeveralMatch(tuple(found.values()), why)
    one = next(iter(found.values()), None)
    return ExactMatch(one, _alike(ledger, one.patient, [], seen)) if one else NoMatch()


def note_scan(ledger: Ledger, typed: Typed, found: int, *, act: Act) -> None:
    """Put on record that somebody was looked for by a scan, without a word of what was scanned."""
    require(ledger, act, Right.FIND_PATIENT)
    ledger.record(PatientsSearched(typed, found), act)


def how_many(match: Match) -> int:
    """Return how many were found."""
    match match:
        case ExactMatch():
            return 1
        case LikelyMatch(candidates=candidates) | SeveralMatch(candidates=candidates):
            return len(candidates)
        case NoMatch():
            return 0


def _candidate(ledger: Ledger, patient: Patient, why: str = "") -> Candidate:
    card = best_card(ledger.cards(patient.id))
    return Candidate(patient, card.number if card else "", why)


def best_card(cards: tuple[Card, ...]) -> Card | None:
    """Return the card to ask the registry by: the first that was not replaced by another."""
    return next((each for each in cards if not each.renewed_as), None)


def taken_for(ledger: Ledger, patient: Patient, seen: Sight) -> tuple[Patient, ...]:
    """Return who is easily taken for a patient: a twin, by family name and birth date, or somebody of the same name."""
    family = name_key(patient.family_name)
    born = ledger.patients_born(patient.born, MOST_BORN)
    twins = [ledger.patient(each.id) for each in born if name_key(each.family_name) == family]
    return _alike(ledger, patient, [seen(each) for each in twins if each is not None], seen)


def _alike(ledger: Ledger, patient: Patient, twins: list[Patient], seen: Sight) -> tuple[Patient, ...]:
    named = _named(ledger, patient.family_name, patient.given_name, seen)
    others = {each.id: each for each in (*twins, *named) if each.id != patient.id}
    return tuple(others.values())


def _named(ledger: Ledger, family_name: str, given_name: str, seen: Sight) -> tuple[Patient, ...]:
    """Return who has this family name and this first given name."""
    first = name_key(given_name).split()[:1]
    found = ledger.patients_named(name_key(family_name), "".join(first), MOST_NAMED)
    kept = [ledger.patient(each.id) for each in found if name_key(each.given_name).split()[:1] == first]
    return tuple({each.id: seen(each) for each in kept if each is not None}.values())
