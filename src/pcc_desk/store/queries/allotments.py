"""What a patient's allotment rests on beside purchases: papers, holds, and the rules on record."""

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from pcc_desk.desk.records import Confirmation, RulesOnRecord
from pcc_desk.domain.holds import HeldAmount, Hold
from pcc_desk.domain.papers import PaperAmount, Papers
from pcc_desk.store.connection import Connection
from pcc_desk.store.instants import instant

ENTITLEMENT = "SELECT cohorts, anchor, order_began FROM entitlement WHERE patient_id = ?"
AMOUNTS = """
SELECT limit_id, amount, is_waiver, starts, ends, paper FROM set_amount WHERE patient_id = ?
ORDER BY limit_id, is_waiver, starts"""
HOLDS = "SELECT id, visit_id, day, is_open FROM hold WHERE patient_id = ? AND day >= ? ORDER BY day, visit_id"
HELD = "SELECT limit_id, amount, used FROM held_amount WHERE patient_id = ? AND hold_id = ? ORDER BY limit_id"
RULES = """
SELECT r.fingerprint, r.jurisdiction, r.ruleset, r.text, r.taken_up_at, c.confirmed_at, c.remark, s.name
FROM rules r LEFT JOIN rules_confirmed c ON c.fingerprint = r.fingerprint LEFT JOIN staff s ON s.id = c.by_person
WHERE r.fingerprint = ?"""
IS_CONFIRMED = "SELECT 1 FROM rules_confirmed WHERE fingerprint = ?"
KNOWN_RULES = "SELECT fingerprint FROM rules_known WHERE person_id = ?"


def entitlement(connection: Connection, patient_id: UUID) -> Papers:
    """Return what is on record of a patient beside what was bought."""
    row = connection.execute(ENTITLEMENT, (patient_id.hex,)).fetchone() or ("[]", None, None)
    amounts = tuple(_amount(each) for each in connection.execute(AMOUNTS, (patient_id.hex,)))
    return Papers(tuple(json.loads(row[0])), _maybe_day(row[1]), _maybe_day(row[2]), amounts)


def _maybe_day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def _amount(row: tuple[Any, ...]) -> PaperAmount:
    return PaperAmount(
        limit_id=row[0],
        amount=None if row[1] is None else Decimal(row[1]),
        is_waiver=bool(row[2]),
        starts=date.fromisoformat(row[3]),
        ends=date.fromisoformat(row[4]),
        paper=row[5],
    )


def holds(connection: Connection, patient_id: UUID, since: date) -> tuple[Hold, ...]:
    """Return the holds for a patient of a day and later ones, closed ones included."""
    rows = connection.execute(HOLDS, (patient_id.hex, since.isoformat())).fetchall()
    return tuple(
        Hold(
            id=UUID(row[0]),
            patient_id=patient_id,
            visit_id=UUID(row[1]),
            day=date.fromisoformat(row[2]),
            amounts=tuple(
                HeldAmount(limit_id, Fraction(amount), Fraction(used))
                for limit_id, amount, used in connection.execute(HELD, (patient_id.hex, row[0]))
            ),
            is_open=bool(row[3]),
        )
        for row in rows
    )


def rules_on_record(connection: Connection, fingerprint: str) -> RulesOnRecord | None:
    """Return rules that came into use at this shop."""
    row = connection.execute(RULES, (fingerprint,)).fetchone()
    if row is None:
        return None
    confirmed = None if row[5] is None else Confirmation(instant(row[5]), row[7] or "", row[6])
    return RulesOnRecord(row[0], row[1], row[2], row[3], instant(row[4]), confirmed)


def is_confirmed(connection: Connection, fingerprint: str) -> bool:
    """Return whether the shop answers for these rules."""
    return connection.execute(IS_CONFIRMED, (fingerprint,)).fetchone() is not None


def known_rules(connection: Connection, person_id: UUID) -> str:
    """Return the fingerprint of the rules that a person knew last; empty when they never knew any."""
    row = connection.execute(KNOWN_RULES, (person_id.hex,)).fetchone()
    return str(row[0]) if row else ""
