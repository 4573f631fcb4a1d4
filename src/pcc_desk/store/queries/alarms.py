"""What has to be done at once for patients, and who saw to it."""

import json
from uuid import UUID

from pcc_desk.desk.records import Happening, HappeningKind
from pcc_desk.domain.standing_alarms import AlarmSeen, StandingAlarm, with_seen
from pcc_desk.store.connection import Connection
from pcc_desk.store.instants import instant

ALARMED = "SELECT DISTINCT patient_id FROM standing_alarm"
"""There are few: each goes when a note is signed under its record."""
STANDING = "SELECT at, id, words FROM standing_alarm WHERE patient_id = ? ORDER BY at, id"
ENDED = "SELECT id, noted_under FROM alarm_ended WHERE patient_id = ?"
SEEN = """
SELECT a.at, s.name, a.words, a.alarms FROM alarm_seen a LEFT JOIN staff s ON s.id = a.by_person
WHERE a.patient_id = ? ORDER BY a.at DESC, a.id DESC LIMIT ?"""
MOST = 100


def alarmed(connection: Connection) -> frozenset[UUID]:
    """Return the records of patients for whom something has to be done at once."""
    return frozenset(UUID(row[0]) for row in connection.execute(ALARMED))


def standing(connection: Connection, ids: tuple[UUID, ...]) -> tuple[StandingAlarm, ...]:
    """Return what has to be done at once for a person by any of their records, the first first."""
    ended = _ended(connection, ids)
    alarms = [
        StandingAlarm(one, instant(at), UUID(key), words)
        for one in ids
        for at, key, words in connection.execute(STANDING, (one.hex,))
        if (one, key) not in ended
    ]
    return with_seen(alarms, [each for one in ids for each in _seen(connection, one, MOST)] if alarms else ())


def _ended(connection: Connection, ids: tuple[UUID, ...]) -> set[tuple[UUID, str]]:
    """Return what was ended by a note under another of the records of a person, by record and id."""
    return {(one, key) for one in ids for key, under in connection.execute(ENDED, (one.hex,)) if UUID(under) in ids}


def acknowledged(connection: Connection, patient_id: UUID, limit: int) -> list[Happening]:
    """Return who saw to it, as lines of a timeline, the newest first."""
    seen = _seen(connection, patient_id, limit)
    return [Happening(each.at, HappeningKind.AT_ONCE, each.words, each.by) for each in seen]


def _seen(connection: Connection, patient_id: UUID, limit: int) -> list[AlarmSeen]:
    rows = connection.execute(SEEN, (patient_id.hex, limit))
    return [
        AlarmSeen(instant(at), name or "", words, tuple(map(UUID, json.loads(alarms))))
        for at, name, words, alarms in rows
    ]
