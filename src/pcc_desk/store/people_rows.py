"""Applies entries about people to their tables; `projection` calls it."""

import json
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from pcc_desk.domain import people_entries as told
from pcc_desk.domain.entries import Act
from pcc_desk.domain.identity import Consent
from pcc_desk.domain.intake import IntakeState
from pcc_desk.domain.people import Card, Patient, card_key, name_key
from pcc_desk.domain.requests import RequestOutcome
from pcc_desk.domain.typed_people import phone_key
from pcc_desk.store import codec, search_rows
from pcc_desk.store.connection import Connection
from pcc_desk.store.instants import micros
from pcc_desk.store.queries import patients

FORMER = "SELECT family_name, given_name, family_key, given_key, born FROM patient WHERE id = ?"
KEEP_PARTED = (
    "INSERT OR REPLACE INTO parted SELECT merged_id, kept_id, at, ? FROM merged WHERE merged_id = ? AND kept_id = ?"
)
CARD = "INSERT OR REPLACE INTO card VALUES (?, ?, ?, ?, ?, ?, ?)"
SHOW_CARD = (
    "UPDATE patient SET card_number = ?, card_expires = ? WHERE id = ? AND (card_number, card_expires) IS NOT (?, ?)"
)


def find_by_phone(connection: Connection, patient: Patient) -> None:
    """Let a patient be found by their telephone number, or not any more, and by any part of it and of their name."""
    search_rows.keep(connection, patient)
    connection.execute("DELETE FROM patient_phone WHERE patient_id = ?", (patient.id.hex,))
    if phone_key(patient.phone):
        connection.execute("INSERT INTO patient_phone VALUES (?, ?)", (patient.id.hex, phone_key(patient.phone)))


def changed(entry: told.PatientChanged, connection: Connection, act: Act) -> None:
    """Change a patient; another name or birth date leaves the former one behind, by which they are found still."""
    patient = entry.patient
    before = connection.execute(FORMER, (patient.id.hex,)).fetchone()
    if before is None:
        return
    if before[:2] != (patient.family_name, patient.given_name) or before[4] != patient.born.isoformat():
        row = (patient.id.hex, micros(act.at), act.id.hex, *before, entry.why)
        connection.execute("INSERT INTO former_name VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    certified = patient.certification_expires
    connection.execute(
        "UPDATE patient SET family_name = ?, given_name = ?, family_key = ?, given_key = ?, born = ?, phone = ?, "
        "certification_expires = ?, certified_by = ?, remarks = ? WHERE id = ?",
        (
            patient.family_name,
            patient.given_name,
            name_key(patient.family_name),
            name_key(patient.given_name),
            patient.born.isoformat(),
            patient.phone,
            None if certified is None or isinstance(certified, str) else certified.isoformat(),
            patient.certified_by,
            patient.remarks,
            patient.id.hex,
        ),
    )
    find_by_phone(connection, patient)


def best_card(connection: Connection, patient_id: UUID) -> tuple[str | None, str | None]:
    """Return the number and the last day of the card that a patient is served by, which lists show."""
    best = next(iter(patients.cards(connection, patient_id)), None)
    return (best.number, best.expires_on.isoformat()) if best else (None, None)


def show_best_card(connection: Connection, patient_id: UUID) -> None:
    """Let lists show the best of a patient's cards, after one of them changed."""
    best = best_card(connection, patient_id)
    connection.execute(SHOW_CARD, (*best, patient_id.hex, *best))


def _put_card(connection: Connection, card: Card) -> None:
    row = (card.patient_id.hex, card.key, card.number, card.holder.value, card.holder_name)
    connection.execute(CARD, (*row, card.expires_on.isoformat(), card.renewed_as))
    show_best_card(connection, card.patient_id)


def card(entry: told.CardNoted, connection: Connection, act: Act) -> None:
    """Put a card there; the one that it renews points to it, so that the old number finds the patient still."""
    _put_card(connection, entry.card)
    if entry.replaces:
        old = card_key(entry.replaces)
        connection.execute(
            "UPDATE card SET renewed_as = ? WHERE patient_id = ? AND number_key = ? AND number_key <> ?",
            (entry.card.number, entry.card.patient_id.hex, old, entry.card.key),
        )
        show_best_card(connection, entry.card.patient_id)


def status(entry: told.PatientStatusSet, connection: Connection, act: Act) -> None:
    """Set how a patient stands."""
    row = (entry.patient_id.hex, entry.status.value, micros(act.at), entry.why)
    connection.execute("INSERT OR REPLACE INTO patient_status VALUES (?, ?, ?, ?)", row)


def details(entry: told.DetailsNoted, connection: Connection, act: Act) -> None:
    """Keep what is known of a patient."""
    connection.execute(
        "INSERT OR REPLACE INTO patient_details VALUES (?, ?)", (entry.patient_id.hex, codec.written(entry))
    )


def merged(entry: told.PatientsMerged, connection: Connection, act: Act) -> None:
    """Let one record count with another."""
    row = (entry.merged_id.hex, entry.patient_id.hex, micros(act.at), act.by.hex, entry.why)
    connection.execute("INSERT OR REPLACE INTO merged VALUES (?, ?, ?, ?, ?)", row)


def parted(entry: told.MergeUndone, connection: Connection, act: Act) -> None:
    """Let two records count by themselves again, and keep from when to when they did not."""
    keys = (entry.merged_id.hex, entry.patient_id.hex)
    connection.execute(KEEP_PARTED, (micros(act.at), *keys))
    connection.execute("DELETE FROM merged WHERE merged_id = ? AND kept_id = ?", keys)


def caregiver(entry: told.CaregiverKept, connection: Connection, act: Act) -> None:
    """Keep a caregiver."""
    who = entry.caregiver
    also = who.patient_id.hex if who.patient_id else None
    row = (who.id.hex, card_key(who.card_number), name_key(who.name), also, codec.written(entry))
    connection.execute("INSERT OR REPLACE INTO caregiver VALUES (?, ?, ?, ?, ?)", row)


def linked(entry: told.CaregiverLinked, connection: Connection, act: Act) -> None:
    """Keep for whom a caregiver may buy, and by which card."""
    caregiver(told.CaregiverKept(entry.caregiver), connection, act)
    for link in entry.links:
        ends = link.ends.isoformat() if link.ends else None
        row = (link.patient_id.hex, link.caregiver_id.hex, link.starts.isoformat(), ends, int(link.is_guardian))
        connection.execute("INSERT OR REPLACE INTO care_link VALUES (?, ?, ?, ?, ?)", row)
    _put_card(connection, entry.card)


def physician(entry: told.PhysicianKept, connection: Connection, act: Act) -> None:
    """Keep a physician."""
    who = entry.physician
    row = (who.id.hex, name_key(who.name), who.npi, codec.written(entry))
    connection.execute("INSERT OR REPLACE INTO physician VALUES (?, ?, ?, ?)", row)


def certified(entry: told.PhysicianNoted, connection: Connection, act: Act) -> None:
    """Keep a physician, and that they certify a patient."""
    physician(told.PhysicianKept(entry.physician), connection, act)
    details(told.DetailsNoted(entry.patient_id, entry.details), connection, act)
    changed(told.PatientChanged(entry.patient, ""), connection, act)


def _put_consent(connection: Connection, patient_id: UUID, consent: Consent) -> None:
    gone = consent.withdrawn_on.isoformat() if consent.withdrawn_on else None
    connection.execute(
        "INSERT OR REPLACE INTO consent VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            patient_id.hex,
            consent.day.isoformat(),
            consent.id.hex,
            consent.purpose,
            consent.version,
            int(consent.is_given),
            consent.by_whom,
            gone,
            consent.withdrawn_why,
        ),
    )


def consent(entry: told.ConsentNoted, connection: Connection, act: Act) -> None:
    """Keep a consent."""
    _put_consent(connection, entry.patient_id, entry.consent)


def withdrawn(entry: told.ConsentWithdrawn, connection: Connection, act: Act) -> None:
    """Note that a consent was taken back."""
    connection.execute(
        "UPDATE consent SET withdrawn_on = ?, withdrawn_why = ? WHERE patient_id = ? AND id = ?",
        (entry.day.isoformat(), entry.why, entry.patient_id.hex, entry.consent_id.hex),
    )


def begun(entry: told.IntakeBegun, connection: Connection, act: Act) -> None:
    """Begin an intake."""
    row = (entry.patient_id.hex, entry.intake_id.hex, entry.form, micros(act.at), IntakeState.OPEN.value)
    connection.execute("INSERT OR IGNORE INTO intake VALUES (?, ?, ?, ?, ?, '', '', '')", row)


def answered(entry: told.IntakeAnswered, connection: Connection, act: Act) -> None:
    """Keep an answer."""
    keys = (entry.patient_id.hex, entry.intake_id.hex)
    row = (*keys, entry.field, entry.answer, act.by.hex, micros(act.at))
    connection.execute("INSERT OR REPLACE INTO intake_answer VALUES (?, ?, ?, ?, ?, ?)", row)
    connection.execute("UPDATE intake SET last_field = ? WHERE patient_id = ? AND id = ?", (entry.field, *keys))
    if entry.alarm:
        alarm = (entry.patient_id.hex, micros(act.at), act.id.hex, entry.alarm)
        connection.execute("INSERT INTO standing_alarm VALUES (?, ?, ?, ?)", alarm)


def acknowledged(entry: told.AlarmAcknowledged, connection: Connection, act: Act) -> None:
    """Keep that somebody saw what has to be done at once."""
    seen = json.dumps([each.hex for each in entry.alarms])
    row = (entry.patient_id.hex, micros(act.at), act.id.hex, act.by.hex, entry.text, seen)
    connection.execute("INSERT INTO alarm_seen VALUES (?, ?, ?, ?, ?, ?)", row)


def noted(connection: Connection, patient_id: UUID, ids: Iterable[UUID]) -> None:
    """End what has to be done at once for a person of several records, as whoever signs a note has seen it.

    Under the record of the note it is over. Under the others it is as long as they are the same person's: a note about
    somebody else after all ends nothing.
    """
    for table in ("standing_alarm", "alarm_ended"):
        connection.execute(f"DELETE FROM {table} WHERE patient_id = ?", (patient_id.hex,))  # noqa: S608 - ours
    for each in ids:
        connection.execute(
            "INSERT OR IGNORE INTO alarm_ended SELECT patient_id, id, ? FROM standing_alarm WHERE patient_id = ?",
            (patient_id.hex, each.hex),
        )


def verified(entry: told.IntakeVerified, connection: Connection, act: Act) -> None:
    """Keep that somebody answers for an intake, and what follows from it."""
    connection.execute(
        "UPDATE intake SET state = ?, scores = ?, alarms = ? WHERE patient_id = ? AND id = ?",
        (
            IntakeState.VERIFIED.value,
            json.dumps(entry.scores, ensure_ascii=False),
            json.dumps(entry.alarms, ensure_ascii=False),
            entry.patient_id.hex,
            entry.intake_id.hex,
        ),
    )
    changed(told.PatientChanged(entry.patient, ""), connection, act)
    if entry.physician is not None:
        physician(told.PhysicianKept(entry.physician), connection, act)
    details(told.DetailsNoted(entry.patient.id, entry.details), connection, act)
    for each in entry.consents:
        _put_consent(connection, entry.patient_id, each)


def requested(entry: told.RequestNoted, connection: Connection, act: Act) -> None:
    """Keep a request."""
    asked = entry.request
    outcome = asked.outcome.value if asked.outcome else None
    row = (entry.patient_id.hex, asked.id.hex, asked.kind.value, asked.made_on.isoformat(), asked.words)
    connection.execute(
        "INSERT OR REPLACE INTO record_request VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (*row, int(asked.is_extended), outcome, asked.settled_words),
    )


def settled(entry: told.RequestSettled, connection: Connection, act: Act) -> None:
    """Settle a request, or give it 30 days more."""
    keys = (entry.words, entry.patient_id.hex, entry.request_id.hex)
    if entry.outcome is RequestOutcome.EXTENDED:
        sets = "is_extended = 1, settled_words = ?"
        connection.execute(f"UPDATE record_request SET {sets} WHERE patient_id = ? AND id = ?", keys)  # noqa: S608
    else:
        connection.execute(
            "UPDATE record_request SET outcome = ?, settled_words = ? WHERE patient_id = ? AND id = ?",
            (entry.outcome.value, *keys),
        )


def given(entry: told.RecordGiven | told.PatientColumnsSaid, connection: Connection, act: Act) -> None:
    """Change no table: the journal's line is what there is to keep."""


ROWS: dict[type[Any], Callable[..., None]] = {
    told.PatientChanged: changed,
    told.CardNoted: card,
    told.PatientStatusSet: status,
    told.DetailsNoted: details,
    told.PatientsMerged: merged,
    told.MergeUndone: parted,
    told.CaregiverKept: caregiver,
    told.CaregiverLinked: linked,
    told.PhysicianKept: physician,
    told.PhysicianNoted: certified,
    told.ConsentNoted: consent,
    told.ConsentWithdrawn: withdrawn,
    told.IntakeBegun: begun,
    told.IntakeAnswered: answered,
    told.AlarmAcknowledged: acknowledged,
    told.IntakeVerified: verified,
    told.RequestNoted: requested,
    told.RequestSettled: settled,
    told.RecordGiven: given,
    told.PatientColumnsSaid: given,
}
"""How each kind of entry is applied."""
