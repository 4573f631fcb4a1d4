"""What the morning check is made of: who did it last, what lapses, what is unsigned, how old the stock is."""

from datetime import date, datetime, timedelta
from uuid import UUID

from pcc_desk.desk.ports_visits import MissedMorning, MorningCheck
from pcc_desk.domain.lapses import STEPS, ClockKind, Lapse, LapseCount, soonest_first
from pcc_desk.store.connection import Connection
from pcc_desk.store.instants import instant, maybe_instant

LAST_CHECK = """
SELECT m.day, m.at, s.name FROM morning_check m LEFT JOIN staff s ON s.id = m.by_person
WHERE m.day <= ? ORDER BY m.day DESC, m.at DESC, m.id DESC LIMIT 1"""
MISSED = """
SELECT day FROM visit INDEXED BY visit_by_day WHERE day >= ? AND day <= ? AND arrived_at IS NOT NULL
UNION SELECT day FROM dispensation INDEXED BY dispensation_by_day WHERE day >= ? AND day <= ?
EXCEPT SELECT day FROM morning_check WHERE day >= ? AND day <= ?
EXCEPT SELECT day FROM morning_missed WHERE day >= ? AND day <= ?"""
EXPLAINED = """
SELECT m.day, m.why, m.at, s.name FROM morning_missed m LEFT JOIN staff s ON s.id = m.by_person
WHERE m.day >= ? AND m.day <= ? ORDER BY m.day DESC, m.at DESC, m.id DESC"""
_IS_ALIVE = "NOT EXISTS (SELECT 1 FROM patient_status s WHERE s.patient_id = {} AND s.status = 'deceased')"
_IS_KEPT = "NOT EXISTS (SELECT 1 FROM merged m WHERE m.merged_id = patient.id)"
"""The certification of the record that is kept is the person's; a card counts under whichever record it stands."""
UNSIGNED = """
SELECT v.day, v.id FROM visit v CROSS JOIN draft d ON d.visit_id = v.id WHERE v.patient_id = ? ORDER BY v.id"""
CARD_LAPSES = f"""
SELECT c.patient_id, p.family_name, p.given_name, c.expires_on, CASE c.holder WHEN 'caregiver' THEN c.holder_name END
FROM card c INDEXED BY card_by_expiry CROSS JOIN patient p ON p.id = c.patient_id
WHERE c.renewed_as = '' AND c.expires_on >= ? AND c.expires_on <= ? AND {_IS_ALIVE.format("c.patient_id")}
ORDER BY c.expires_on, c.patient_id LIMIT ?"""
CERTIFICATION_LAPSES = f"""
SELECT id, family_name, given_name, certification_expires, NULL FROM patient INDEXED BY patient_by_certification
WHERE certification_expires >= ? AND certification_expires <= ? AND {_IS_KEPT} AND {_IS_ALIVE.format("patient.id")}
ORDER BY certification_expires, id LIMIT ?"""
COUNT_CARDS = f"""
SELECT count(*) FROM card INDEXED BY card_by_expiry
WHERE renewed_as = '' AND expires_on >= ? AND expires_on <= ? AND {_IS_ALIVE.format("card.patient_id")}"""
COUNT_CERTIFICATIONS = f"""
SELECT count(*) FROM patient INDEXED BY patient_by_certification
WHERE certification_expires >= ? AND certification_expires <= ? AND {_IS_KEPT} AND {_IS_ALIVE.format("patient.id")}"""
STOCK_READ_AT = "SELECT min(read_at) FROM package"


def last_check(connection: Connection, day: date) -> MorningCheck | None:
    """Return the newest check of a day, or of the last day before it that had one."""
    row = connection.execute(LAST_CHECK, (day.isoformat(),)).fetchone()
    return MorningCheck(date.fromisoformat(row[0]), instant(row[1]), row[2] or "") if row else None


def missed(connection: Connection, first: date, last: date) -> tuple[date, ...]:
    """Return the days on which somebody came or was sold to, nobody did the check, and nobody said why; last first."""
    rows = connection.execute(MISSED, (first.isoformat(), last.isoformat()) * 4)
    return tuple(sorted((date.fromisoformat(day) for (day,) in rows), reverse=True))


def explained(connection: Connection, first: date, last: date) -> tuple[MissedMorning, ...]:
    """Return what was said of some days whose check was never done, the last day first."""
    rows = connection.execute(EXPLAINED, (first.isoformat(), last.isoformat()))
    return tuple(MissedMorning(date.fromisoformat(row[0]), row[1], instant(row[2]), row[3] or "") for row in rows)


def unsigned_notes(connection: Connection, patient_id: UUID) -> tuple[date, ...]:
    """Return the days of a patient's visits with a note that was begun and not signed."""
    days = {row[0] for row in connection.execute(UNSIGNED, (patient_id.hex,))}
    return tuple(date.fromisoformat(day) for day in sorted(days))


def lapses(connection: Connection, first: date, last: date, limit: int) -> tuple[Lapse, ...]:
    """Return whose card or certification ends on the days from `first` to `last`, the soonest first."""
    found = []
    for kind, query in ((ClockKind.CARD, CARD_LAPSES), (ClockKind.CERTIFICATION, CERTIFICATION_LAPSES)):
        rows = connection.execute(query, (first.isoformat(), last.isoformat(), limit))
        found += [
            Lapse(kind, UUID(row[0]), f"{row[1]}, {row[2]}", date.fromisoformat(row[3]), row[4] or "") for row in rows
        ]
    return tuple(sorted(found, key=soonest_first))


def count_lapses(connection: Connection, day: date) -> tuple[LapseCount, ...]:
    """Return how many cards and certifications end within each step."""
    counts = []
    for kind, query in ((ClockKind.CARD, COUNT_CARDS), (ClockKind.CERTIFICATION, COUNT_CERTIFICATIONS)):
        for step in STEPS:
            row = connection.execute(query, (day.isoformat(), (day + timedelta(days=step)).isoformat())).fetchone()
            counts.append(LapseCount(kind, step, int(row[0])))
    return tuple(counts)


def stock_read_at(connection: Connection) -> datetime | None:
    """Return when the oldest package in stock was last read."""
    return maybe_instant(connection.execute(STOCK_READ_AT).fetchone()[0])
