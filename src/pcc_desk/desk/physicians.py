"""The physician who certifies a patient: who they are, and where they are reached."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from pcc_desk.desk.errors import NoSuchRecord
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.rights import Right, require
from pcc_desk.domain.entries import Act
from pcc_desk.domain.identity import Physician, npi_fault
from pcc_desk.domain.people import Patient, name_key
from pcc_desk.domain.people_entries import PhysicianNoted
from pcc_desk.domain.typed_people import typed_name, typed_phone
from pcc_desk.domain.what_if import NotUnderstood

NAME, LICENCE, NPI = "name", "licence", "npi"
PRACTICE, FAX, SECURE = "practice", "fax", "secure_address"
WORDS = (LICENCE, PRACTICE, SECURE)
THEIR_OWN = (LICENCE, PRACTICE, FAX, SECURE)
"""What is known of a physician beside whom the name and the NPI say that they are."""

MOST = 50


@dataclass(frozen=True, slots=True)
class Certified:
    """The physician certifies the patient."""

    patient: Patient
    physician: Physician
    is_known: bool
    """Whether they were on record already: what was typed is true for all their patients."""
    is_changed: bool
    """Whether something of them is otherwise now than it was on record."""
    left_out: tuple[str, ...] = ()
    """The fields in which what was typed is still the former physician's, and was not taken over."""


@dataclass(frozen=True, slots=True)
class OtherName:
    """The NPI is still that of the patient's physician, and the name is another: theirs anew, or somebody else's."""

    physician: Physician
    """As they are on record."""


@dataclass(frozen=True, slots=True)
class NotNoted:
    """What was typed cannot be used. A sentence for each field, by its key."""

    wrong: Mapping[str, str]


def note_physician(
    ledger: Ledger, patient_id: UUID, typed: Mapping[str, str], *, act: Act, is_renamed: bool = False
) -> Certified | NotNoted | OtherName:
    """Put on record who certifies a patient, and what is known of them.

    A physician is one person for all their patients: whom the National Provider Identifier names, or else the name
    with the licence. So another name without the same identifier is another physician, and nobody else's patients get
    one by it; with the same it is theirs for all their patients once somebody said so (`is_renamed`). Of somebody who
    is on record, but not this patient's yet, an empty field keeps what is known. What was typed of another physician
    and is word for word that of the patient's former one, because it stood there, is not taken for theirs.
    Raises `NoSuchRecord` for an unknown patient.
    """
    require(ledger, act, Right.CHANGE_PEOPLE, patient_id)
    patient = ledger.patient(patient_id)
    if patient is None:
        raise NoSuchRecord(f"There is no patient {patient_id}.")
    whole = _told(typed, act.id)
    if isinstance(whole, NotNoted):
        return whole
    details = ledger.details(patient.id)
    current = ledger.physician(details.physician_id) if details.physician_id else None
    told = _apart(whole, current) if current is not None and _is_named_otherwise(whole, current) else whole
    known = on_record(ledger, told, current)
    if isinstance(known, NotNoted):
        return known
    if known is not None and name_key(known.name) != name_key(told.name) and not is_renamed:
        return OtherName(known)
    if known is not None:
        told = replace(told, id=known.id) if known is current else with_known(_apart(told, current), known)
    after = replace(patient, certified_by=told.name), replace(details, physician_id=told.id)
    if (*after, told) != (patient, details, known):
        ledger.record(PhysicianNoted(patient.id, after[0], told, after[1]), act)
    left_out = tuple(key for key in THEIR_OWN if getattr(whole, key) and getattr(told, key) != getattr(whole, key))
    is_known = known is not None
    return Certified(after[0], told, is_known=is_known, is_changed=is_known and known != told, left_out=left_out)


def _told(typed: Mapping[str, str], new_id: UUID) -> Physician | NotNoted:
    """Return the physician who was typed, or what is wrong at which field."""
    words = {key: " ".join(typed.get(key, "").split()) for key in (NAME, *WORDS, NPI, FAX)}
    wrong = {
        key: "There is a character that cannot be seen. Type it again." for key in words if not _is_seen(words[key])
    }
    for key, read in ((NAME, typed_name(words[NAME], "physician’s name")), (FAX, typed_phone(words[FAX]))):
        if isinstance(read, NotUnderstood):
            wrong[key] = read.why
    npi = words[NPI].replace(" ", "").replace("-", "")
    if npi and (fault := npi_fault(npi)):
        wrong[NPI] = fault
    if wrong:
        return NotNoted(wrong)
    return Physician(new_id, words[NAME], words[LICENCE], npi, words[PRACTICE], words[FAX], words[SECURE])


def _is_seen(words: str) -> bool:
    return words.isprintable()


def _is_named_otherwise(told: Physician, current: Physician) -> bool:
    return name_key(told.name) != name_key(current.name) and not _is_same(told, current)


def _apart(told: Physician, current: Physician | None) -> Physician:
    """Return another physician without what is word for word that of the patient's physician so far."""
    if current is None:
        return told
    licence, practice, fax, secure = (
        "" if getattr(told, key) == getattr(current, key) else getattr(told, key) for key in THEIR_OWN
    )
    return replace(told, licence=licence, practice=practice, fax=fax, secure_address=secure)


def _is_same(told: Physician, known: Physician) -> bool:
    """Whether it is one physician: by the identifier where both have one, else by the name with the licence."""
    if told.npi and known.npi:
        return told.npi == known.npi
    return name_key(told.name) == name_key(known.name) and (
        told.licence == known.licence or not (told.licence and known.licence)
    )


def on_record(ledger: Ledger, told: Physician, current: Physician | None) -> Physician | NotNoted | None:
    """Return the physician on record who was typed; None: nobody; or why it cannot be told who.

    `current` is who certifies the patient so far, and the only one whose name may be typed otherwise.
    """
    numbered = ledger.physicians_numbered(told.npi) if told.npi else ()
    if current is not None and _is_same(told, current) and (not numbered or current in numbered):
        return current
    if numbered and name_key(numbered[0].name) != name_key(told.name):
        return of_another(numbered[0])
    if numbered:
        return numbered[0]
    same = [
        each
        for each in ledger.physicians(told.name, MOST)
        if name_key(each.name) == name_key(told.name) and _is_same(told, each)
    ]
    if len(same) > 1:
        licences = "; ".join(each.licence or "none known" for each in same)
        return NotNoted({LICENCE: f"{len(same)} of that name are on record (licences: {licences}). Type the licence."})
    return same[0] if same else None


def of_another(known: Physician) -> NotNoted:
    """Return that the NPI is that of a physician of another name."""
    return NotNoted({NPI: f"This NPI is {known.name}’s, on record. Type that name, or read the NPI again."})


def with_known(told: Physician, known: Physician) -> Physician:
    """Return somebody who is on record with what was typed, and for the rest with what is known."""
    return Physician(
        known.id,
        told.name,
        told.licence or known.licence,
        told.npi or known.npi,
        told.practice or known.practice,
        told.fax or known.fax,
        told.secure_address or known.secure_address,
    )
