"""Applies entries about rules, papers and what is set aside to their tables; `projection` calls it."""

import json
from fractions import Fraction

from pcc_desk.domain import entries as happened
from pcc_desk.domain.entries import Act
from pcc_desk.store.connection import Connection
from pcc_desk.store.instants import micros


def entitlement(entry: happened.EntitlementNoted, connection: Connection, act: Act) -> None:
    """Remember what a patient's papers say, in the place of what they said."""
    connection.execute(
        "INSERT OR REPLACE INTO entitlement VALUES (?, ?, ?, ?)",
        (
            entry.patient_id.hex,
            json.dumps(sorted(set(entry.groups)), ensure_ascii=False),
            entry.anchor.isoformat() if entry.anchor else None,
            entry.order_began.isoformat() if entry.order_began else None,
        ),
    )


def amount_set(entry: happened.AmountSet, connection: Connection, act: Act) -> None:
    """Remember an amount that was set for a patient."""
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


def taken_up(entry: happened.RulesTakenUp, connection: Connection, act: Act) -> None:
    """Put rules there that the shop goes by."""
    connection.execute(
        "INSERT OR REPLACE INTO rules VALUES (?, ?, ?, ?, ?)",
        (entry.fingerprint, entry.jurisdiction, entry.ruleset, entry.text, micros(act.at)),
    )


def acknowledged(entry: happened.RulesAcknowledged, connection: Connection, act: Act) -> None:
    """Remember that the person who acts read the rules."""
    know(connection, entry.fingerprint, act)


def know(connection: Connection, fingerprint: str, act: Act) -> None:
    """Keep by which rules the person who acts goes from now on."""
    connection.execute("INSERT OR REPLACE INTO rules_known VALUES (?, ?, ?)", (act.by.hex, fingerprint, micros(act.at)))


def confirmed(entry: happened.RulesConfirmed, connection: Connection, act: Act) -> None:
    """Remember who answers for rules of low confidence."""
    connection.execute(
        "INSERT OR REPLACE INTO rules_confirmed VALUES (?, ?, ?, ?)",
        (entry.fingerprint, act.by.hex, micros(act.at), entry.remark),
    )


def held(entry: happened.HoldPlaced, connection: Connection, act: Act) -> None:
    """Set aside for a visit what a hold says, in the place of what was."""
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


def draw(connection: Connection, key: tuple[str, str, str], amount: Fraction) -> None:
    """Add to what was drawn of a hold. One that is not there has nothing to draw."""
    of_key = "WHERE patient_id = ? AND hold_id = ? AND limit_id = ?"
    row = connection.execute(f"SELECT used FROM held_amount {of_key}", key).fetchone()  # noqa: S608 - no data in it
    if row is not None:
        used = str(Fraction(row[0]) + amount)
        connection.execute(f"UPDATE held_amount SET used = ? {of_key}", (used, *key))  # noqa: S608 - nor here


def closed(entry: happened.HoldClosed, connection: Connection, act: Act) -> None:
    """Give back what was set aside for a visit."""
    connection.execute(
        "UPDATE hold SET is_open = 0 WHERE patient_id = ? AND day = ? AND visit_id = ?",
        (entry.patient_id.hex, entry.day.isoformat(), entry.visit_id.hex),
    )
