"""Applies entries about what was dispensed, and how far its post is, to their tables; `projection` calls it."""

from pcc_desk.domain import entries as happened
from pcc_desk.domain.amendments import Amendment
from pcc_desk.domain.dispensing import DispensedLine, PostingState, Trouble
from pcc_desk.domain.entries import Act
from pcc_desk.store import allotment_rows, note_rows, outage_rows
from pcc_desk.store.connection import Connection
from pcc_desk.store.inserts import insert
from pcc_desk.store.instants import micros


def dispensed(entry: happened.DispensationRecorded, connection: Connection, act: Act) -> None:
    """Put a dispensation there; what was set aside for it is drawn, and the draft of its basket goes."""
    given = entry.dispensation
    note_rows.drop_form(connection, act.by.hex, happened.DISPENSE_FORM, given.patient_id.hex)
    insert(
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
        insert(connection, "dispensed_line", *key, *_of_line(line))
    if entry.hold_id is not None:
        for draw in entry.draws:
            allotment_rows.draw(connection, (given.patient_id.hex, entry.hold_id.hex, draw.limit_id), draw.amount)
    if entry.rules_known:
        allotment_rows.know(connection, entry.rules_known, act)
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


def corrected(entry: happened.DispensationCorrected, connection: Connection, act: Act) -> None:
    """Put a correction there, which is to be posted."""
    _amended(entry.amendment, connection)


def voided(entry: happened.DispensationVoided, connection: Connection, act: Act) -> None:
    """Put a void there, which is to be posted."""
    _amended(entry.amendment, connection)


def _amended(amendment: Amendment, connection: Connection) -> None:
    insert(
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
        insert(connection, "amended_line", *key, *_of_line(line))


def post_moved(entry: happened.PostingMoved, connection: Connection, act: Act) -> None:
    """Bring a post to where it is now."""
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
