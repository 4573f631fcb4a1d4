"""Applies entries to the tables. Nothing is judged here: what the journal says has happened."""

from datetime import date
from functools import singledispatch
from typing import get_args

from pcc_desk.domain import entries as happened
from pcc_desk.domain.audit_entries import AuditEntry, Disclosed, ReviewSigned
from pcc_desk.domain.backups import BackupFailed, BackupMade, BackupNotProved, BackupProved, BackupsRemoved
from pcc_desk.domain.closing_entries import DaySheetPrinted, DaySigned, FindingDecided, PacketWritten, ShelvesCompared
from pcc_desk.domain.entries import Act, Entry
from pcc_desk.domain.people import name_key
from pcc_desk.domain.pos_entries import ColumnsSaid
from pcc_desk.domain.staff_entries import (
    GlassBroken,
    KeyChanged,
    RoleGiven,
    SecretGiven,
    SecretTaken,
    SlotsSealed,
    StaffLeft,
    TriesAllowed,
    VaultWanting,
)
from pcc_desk.domain.visit_entries import AppointmentMoved, BriefPrinted, MorningChecked, MorningsExplained
from pcc_desk.store import (
    allotment_rows,
    backup_rows,
    closing_rows,
    codec,
    dispensation_rows,
    note_rows,
    outage_rows,
    people_rows,
    pos_rows,
    stock_rows,
    trail,
    visit_rows,
)
from pcc_desk.store.connection import Connection
from pcc_desk.store.inserts import insert
from pcc_desk.store.instants import micros


def follow(connection: Connection, seq: int, entry: Entry, act: Act) -> None:
    """Bring every table to what it is after the entry of that number."""
    apply(entry, connection, act)
    trail.keep(connection, seq, entry, act)


@singledispatch
def apply(entry: Entry, connection: Connection, act: Act) -> None:
    """Bring the tables to what they are after an entry."""
    raise TypeError(f"nothing is known of {type(entry).__name__}")


@apply.register
def _shop(entry: happened.ShopOpened, connection: Connection, act: Act) -> None:
    shop = entry.shop
    connection.execute("DELETE FROM shop")
    insert(connection, "shop", shop.counter, shop.name, shop.licence, shop.jurisdiction, shop.zone)


@apply.register
def _staff(entry: happened.StaffAdded, connection: Connection, act: Act) -> None:
    insert(connection, "staff", entry.person.id.hex, entry.person.name, entry.person.role.value)


@apply.register
def _left(entry: StaffLeft, connection: Connection, act: Act) -> None:
    connection.execute("INSERT OR IGNORE INTO staff_left VALUES (?, ?)", (entry.person_id.hex, micros(act.at)))


@apply.register
def _role(entry: RoleGiven, connection: Connection, act: Act) -> None:
    connection.execute("UPDATE staff SET role = ? WHERE id = ?", (entry.role.value, entry.person_id.hex))


@apply.register(SecretGiven)
@apply.register(SecretTaken)
@apply.register(TriesAllowed)
@apply.register(KeyChanged)
@apply.register(GlassBroken)
@apply.register(VaultWanting)
@apply.register(SlotsSealed)
@apply.register(ShelvesCompared)
@apply.register(DaySheetPrinted)
def _told_only(entry: Entry, connection: Connection, act: Act) -> None:
    """Change no table: the journal alone keeps it."""


@apply.register
def _denied(entry: happened.ActDenied, connection: Connection, act: Act) -> None:
    """Change no table: what was denied has not happened."""


@apply.register
def _not_proved(entry: happened.ProofFailed, connection: Connection, act: Act) -> None:
    """Change no table: the journal's line is what there is to keep."""


@apply.register
def _patient(entry: happened.PatientRegistered, connection: Connection, act: Act) -> None:
    patient = entry.patient
    for card in entry.cards:
        insert(
            connection,
            "card",
            card.patient_id.hex,
            card.key,
            card.number,
            card.holder.value,
            card.holder_name,
            card.expires_on.isoformat(),
            card.renewed_as,
        )
    insert(
        connection,
        "patient",
        patient.id.hex,
        patient.family_name,
        patient.given_name,
        name_key(patient.family_name),
        name_key(patient.given_name),
        patient.born.isoformat(),
        patient.phone,
        patient.certification_expires.isoformat() if isinstance(patient.certification_expires, date) else None,
        patient.certified_by,
        patient.remarks,
        *people_rows.best_card(connection, patient.id),
    )
    people_rows.find_by_phone(connection, patient)
    for other in {card.patient_id for card in entry.cards} - {patient.id}:
        people_rows.show_best_card(connection, other)


@apply.register
def _booked(entry: happened.VisitBooked, connection: Connection, act: Act) -> None:
    visit_rows.put(connection, entry.visit)


@apply.register
def _checked_in(entry: happened.PatientCheckedIn, connection: Connection, act: Act) -> None:
    visit_rows.put(connection, entry.visit)


@apply.register
def _keys(entry: happened.KeysKept, connection: Connection, act: Act) -> None:
    """Change no table: the keys are kept beside the journal, so that none is ever in it."""


@apply.register
def _asked(entry: happened.StandingAsked, connection: Connection, act: Act) -> None:
    asked = entry.verification
    insert(
        connection,
        "verification",
        asked.patient_id.hex,
        micros(asked.asked_at),
        asked.id.hex,
        asked.visit_id.hex if asked.visit_id else None,
        asked.card_number,
        asked.system,
        asked.remark,
        codec.written(entry),
    )


@apply.register
def _compared(entry: happened.DayCompared, connection: Connection, act: Act) -> None:
    comparison = entry.comparison
    insert(
        connection,
        "day_comparison",
        comparison.day.isoformat(),
        micros(comparison.compared_at),
        act.id.hex,
        codec.written(entry),
    )


for _kind in (happened.ChartOpened, happened.SheetPrinted, *get_args(AuditEntry)):
    apply.register(_kind, trail.looked)
for _kind, _rows in people_rows.ROWS.items():
    apply.register(_kind, _rows)
apply.register(ReviewSigned, trail.reviewed)
apply.register(Disclosed, trail.disclosed)
apply.register(FindingDecided, closing_rows.decided)
apply.register(DaySigned, closing_rows.signed)
apply.register(PacketWritten, closing_rows.packed)
apply.register(ColumnsSaid, pos_rows.said)
apply.register(BackupMade, backup_rows.made)
apply.register(BackupFailed, backup_rows.failed)
apply.register(BackupProved, backup_rows.proved)
apply.register(BackupNotProved, backup_rows.not_proved)
apply.register(BackupsRemoved, backup_rows.removed)
apply.register(happened.OutageBegan, outage_rows.began)
apply.register(happened.OutageNoted, outage_rows.noted)
apply.register(happened.OutageEnded, outage_rows.ended)
apply.register(happened.OutageReviewed, outage_rows.reviewed)
apply.register(happened.OutageSheetGiven, outage_rows.sheet_given)
apply.register(happened.ExceptionAnnounced, outage_rows.announced)
apply.register(happened.ExceptionWithdrawn, outage_rows.withdrawn)
apply.register(happened.VisitMoved, visit_rows.moved)
apply.register(AppointmentMoved, visit_rows.rebooked)
apply.register(MorningChecked, visit_rows.checked)
apply.register(MorningsExplained, visit_rows.explained)
apply.register(BriefPrinted, visit_rows.printed)
apply.register(happened.NoteSigned, note_rows.signed)
apply.register(happened.DraftKept, note_rows.drafted)
apply.register(happened.FormKept, note_rows.kept_form)
apply.register(happened.DispensationRecorded, dispensation_rows.dispensed)
apply.register(happened.DispensationCorrected, dispensation_rows.corrected)
apply.register(happened.DispensationVoided, dispensation_rows.voided)
apply.register(happened.PostingMoved, dispensation_rows.post_moved)
apply.register(happened.StockRead, stock_rows.read)
apply.register(happened.PackageTyped, stock_rows.typed)
apply.register(happened.EntitlementNoted, allotment_rows.entitlement)
apply.register(happened.AmountSet, allotment_rows.amount_set)
apply.register(happened.RulesTakenUp, allotment_rows.taken_up)
apply.register(happened.RulesAcknowledged, allotment_rows.acknowledged)
apply.register(happened.RulesConfirmed, allotment_rows.confirmed)
apply.register(happened.HoldPlaced, allotment_rows.held)
apply.register(happened.HoldClosed, allotment_rows.closed)
