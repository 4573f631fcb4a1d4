"""Applies entries to the tables. Nothing is judged here: what the journal says has happened."""

import json
from datetime import date
from fractions import Fraction
from functools import singledispatch
from typing import get_args

from pcc_desk.domain import entries as happened
from pcc_desk.domain.amendments import Amendment
from pcc_desk.domain.audit_entries import AuditEntry, Disclosed, ReviewSigned
from pcc_desk.domain.backups import BackupFailed, BackupMade, BackupNotProved, BackupProved, BackupsRemoved
from pcc_desk.domain.closing_entries import DaySheetPrinted, DaySigned, FindingDecided, PacketWritten, ShelvesCompared
from pcc_desk.domain.dispensing import DispensedLine, PostingState, Trouble
from pcc_desk.domain.entries import Act, Entry
from pcc_desk.domain.people import name_key
from pcc_desk.domain.pos_entries import ColumnsSaid
from pcc_desk.domain.products import Package
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
from pcc_desk.store import backup_rows, closing_rows, codec, outage_rows, people_rows, pos_rows, trail, visit_rows
from pcc_desk.store.connection import Connection
from pcc_desk.store.instants import micros
from pcc_desk.store.queries import merged


def follow(connection: Connection, seq: int, entry: Entry, act: Act) -> None:
    """Bring every table to what it is after the entry of that number."""
    apply(entry, connection, act)
    trail.keep(connection, seq, entry, act)


@singledispatch
def apply(entry: Entry, connection: Connection, act: Act) -> None:
    """Bring the tables to what they are after an entry."""
    raise TypeError(f"nothing is known of {type(entry).__name__}")


def _insert(connection: Connection, table: str, *values: object) -> None:
    marks = ", ".join("?" * len(values))
    connection.execute(f"INSERT INTO {table} VALUES ({marks})", values)  # noqa: S608 - the table's name is ours


@apply.register
def _shop(entry: happened.ShopOpened, connection: Connection, act: Act) -> None:
    shop = entry.shop
    connection.execute("DELETE FROM shop")
    _insert(connection, "shop", shop.counter, shop.name, shop.licence, shop.jurisdiction, shop.zone)


@apply.register
def _staff(entry: happened.StaffAdded, connection: Connection, act: Act) -> None:
    _insert(connection, "staff", entry.person.id.hex, entry.person.name, entry.person.role.value)


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
        _insert(
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
    _insert(
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
    _insert(
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
def _signed(entry: happened.NoteSigned, connection: Connection, act: Act) -> None:
    _insert(
        connection,
        "note",
        entry.patient_id.hex,
        micros(act.at),
        entry.note_id.hex,
        entry.visit_id.hex,
        entry.verification_id.hex,
        act.by.hex,
        entry.text,
    )
    connection.execute("DELETE FROM draft WHERE visit_id = ? AND person_id = ?", (entry.visit_id.hex, act.by.hex))
    people_rows.noted(connection, entry.patient_id, merged.of_one(connection, entry.patient_id))


@apply.register
def _draft(entry: happened.DraftKept, connection: Connection, act: Act) -> None:
    key = (entry.visit_id.hex, entry.person_id.hex)
    connection.execute("DELETE FROM draft WHERE visit_id = ? AND person_id = ?", key)
    if entry.text:
        _insert(connection, "draft", *key, entry.text, micros(act.at))


@apply.register
def _form(entry: happened.FormKept, connection: Connection, act: Act) -> None:
    _drop_form(connection, entry.person_id.hex, entry.form, entry.about.hex)
    if entry.content:
        key = entry.person_id.hex, entry.form, entry.about.hex
        _insert(connection, "form_draft", *key, entry.content, micros(act.at))


def _drop_form(connection: Connection, *key: str) -> None:
    connection.execute("DELETE FROM form_draft WHERE person_id = ? AND form = ? AND about = ?", key)


@apply.register
def _dispensed(entry: happened.DispensationRecorded, connection: Connection, act: Act) -> None:
    given = entry.dispensation
    _drop_form(connection, act.by.hex, happened.DISPENSE_FORM, given.patient_id.hex)
    _insert(
        connection,
        "dispensation",
        given.patient_id.hex,
        micros(given.at),
        given.id.hex,
        entry.day.isoformat(),
        given.visit_id.hex if given.visit_id else None,
        given.by.hex,
        given.card_number,
        given.caregiver_card,
        given.external_number,
        given.outage,
        given.summary,
        entry.verification_id.hex,
        PostingState.WAITING.value,
        0,
        0,
        micros(given.at),
        "",
        None,
        "",
        Trouble.NONE.value,
        None,
    )
    for number, line in enumerate(given.lines):
        key = given.patient_id.hex, entry.day.isoformat(), given.id.hex, number
        _insert(connection, "dispensed_line", *key, *_of_line(line))
    if entry.hold_id is not None:
        for draw in entry.draws:
            _draw(connection, (given.patient_id.hex, entry.hold_id.hex, draw.limit_id), draw.amount)
    if entry.rules_known:
        _know(connection, entry.rules_known, act)
    if entry.outage_id is not None:
        outage_rows.sold(entry.outage_id, entry, connection)


def _of_line(line: DispensedLine) -> tuple[object, ...]:
    return (
        line.label,
        line.product,
        line.category,
        line.quantity.milli,
        line.quantity.unit.value,
        line.measures.net_mg,
        line.measures.volume_ul,
        line.measures.thc_ug,
        line.measures.count_milli,
        line.price_cents,
    )


@apply.register
def _corrected(entry: happened.DispensationCorrected, connection: Connection, act: Act) -> None:
    _amended(entry.amendment, connection)


@apply.register
def _voided(entry: happened.DispensationVoided, connection: Connection, act: Act) -> None:
    _amended(entry.amendment, connection)


def _amended(amendment: Amendment, connection: Connection) -> None:
    _insert(
        connection,
        "amendment",
        amendment.patient_id.hex,
        micros(amendment.at),
        amendment.id.hex,
        amendment.dispensation_id.hex,
        amendment.kind.value,
        amendment.by.hex,
        amendment.why,
        amendment.summary,
        PostingState.WAITING.value,
        0,
        0,
        micros(amendment.at),
        "",
        None,
        "",
        Trouble.NONE.value,
        None,
    )
    for number, line in enumerate(amendment.lines):
        key = amendment.patient_id.hex, amendment.id.hex, number
        _insert(connection, "amended_line", *key, *_of_line(line))


@apply.register
def _posting(entry: happened.PostingMoved, connection: Connection, act: Act) -> None:
    is_accepted = entry.state is PostingState.ACCEPTED
    table = "amendment" if entry.amendment_id else "dispensation"
    connection.execute(
        f"UPDATE {table} SET posting = ?, attempts = ?, lookups_missed = ?, next_try_at = ?, "  # noqa: S608 - ours
        "receipt = ?, posted_at = ?, why = ?, trouble = ?, entered_by = ? WHERE id = ?",
        (
            entry.state.value,
            entry.attempts,
            entry.lookups_missed,
            micros(entry.next_try_at),
            entry.receipt,
            micros(act.at) if is_accepted else None,
            entry.why,
            entry.trouble.value,
            entry.entered_by.hex if entry.entered_by else None,
            (entry.amendment_id or entry.dispensation_id).hex,
        ),
    )


@apply.register
def _stock(entry: happened.StockRead, connection: Connection, act: Act) -> None:
    connection.execute("DELETE FROM package")
    for package in entry.packages:
        _put_package(connection, package, act)


@apply.register
def _typed(entry: happened.PackageTyped, connection: Connection, act: Act) -> None:
    connection.execute("DELETE FROM package WHERE label = ?", (entry.package.label,))
    _put_package(connection, entry.package, act)


def _put_package(connection: Connection, package: Package, act: Act) -> None:
    _insert(
        connection,
        "package",
        package.label,
        package.product,
        name_key(package.product),
        package.category,
        package.remaining.milli,
        package.remaining.unit.value,
        package.unit_net_mg,
        package.unit_volume_ul,
        package.unit_thc_ug,
        package.blocked,
        package.expires_on.isoformat() if package.expires_on else None,
        package.unit_price_cents,
        micros(act.at),
    )


@apply.register
def _compared(entry: happened.DayCompared, connection: Connection, act: Act) -> None:
    comparison = entry.comparison
    _insert(
        connection,
        "day_comparison",
        comparison.day.isoformat(),
        micros(comparison.compared_at),
        act.id.hex,
        codec.written(entry),
    )


@apply.register
def _entitlement(entry: happened.EntitlementNoted, connection: Connection, act: Act) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO entitlement VALUES (?, ?, ?, ?)",
        (
            entry.patient_id.hex,
            json.dumps(sorted(set(entry.groups)), ensure_ascii=False),
            entry.anchor.isoformat() if entry.anchor else None,
            entry.order_began.isoformat() if entry.order_began else None,
        ),
    )


@apply.register
def _amount(entry: happened.AmountSet, connection: Connection, act: Act) -> None:
    given = entry.amount
    connection.execute(
        "INSERT OR REPLACE INTO set_amount VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            entry.patient_id.hex,
            given.limit_id,
            int(given.is_waiver),
            given.starts.isoformat(),
            given.ends.isoformat(),
            None if given.amount is None else str(given.amount),
            given.paper,
        ),
    )


@apply.register
def _taken_up(entry: happened.RulesTakenUp, connection: Connection, act: Act) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO rules VALUES (?, ?, ?, ?, ?)",
        (entry.fingerprint, entry.jurisdiction, entry.ruleset, entry.text, micros(act.at)),
    )


@apply.register
def _acknowledged(entry: happened.RulesAcknowledged, connection: Connection, act: Act) -> None:
    _know(connection, entry.fingerprint, act)


def _know(connection: Connection, fingerprint: str, act: Act) -> None:
    """Keep by which rules the person who acts goes from now on."""
    connection.execute("INSERT OR REPLACE INTO rules_known VALUES (?, ?, ?)", (act.by.hex, fingerprint, micros(act.at)))


@apply.register
def _confirmed(entry: happened.RulesConfirmed, connection: Connection, act: Act) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO rules_confirmed VALUES (?, ?, ?, ?)",
        (entry.fingerprint, act.by.hex, micros(act.at), entry.remark),
    )


@apply.register
def _held(entry: happened.HoldPlaced, connection: Connection, act: Act) -> None:
    hold = entry.hold
    patient, key = hold.patient_id.hex, hold.id.hex
    connection.execute(
        "INSERT OR REPLACE INTO hold VALUES (?, ?, ?, ?, ?)",
        (patient, hold.day.isoformat(), hold.visit_id.hex, key, int(hold.is_open)),
    )
    connection.execute("DELETE FROM held_amount WHERE patient_id = ? AND hold_id = ?", (patient, key))
    connection.executemany(
        "INSERT OR REPLACE INTO held_amount VALUES (?, ?, ?, ?, ?)",
        [(patient, key, each.limit_id, str(each.amount), str(each.used)) for each in hold.amounts],
    )


def _draw(connection: Connection, key: tuple[str, str, str], amount: Fraction) -> None:
    """Add to what was drawn of a hold. One that is not there has nothing to draw."""
    of_key = "WHERE patient_id = ? AND hold_id = ? AND limit_id = ?"
    row = connection.execute(f"SELECT used FROM held_amount {of_key}", key).fetchone()  # noqa: S608 - no data in it
    if row is not None:
        used = str(Fraction(row[0]) + amount)
        connection.execute(f"UPDATE held_amount SET used = ? {of_key}", (used, *key))  # noqa: S608 - nor here


@apply.register
def _closed(entry: happened.HoldClosed, connection: Connection, act: Act) -> None:
    connection.execute(
        "UPDATE hold SET is_open = 0 WHERE patient_id = ? AND day = ? AND visit_id = ?",
        (entry.patient_id.hex, entry.day.isoformat(), entry.visit_id.hex),
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
