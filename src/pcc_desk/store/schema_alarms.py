"""What was added for answers that somebody has to act on at once, as SQL that never changes again."""

SCHEMA_ALARMS = """
CREATE TABLE standing_alarm (
    patient_id CHAR(32) NOT NULL,
    at INTEGER NOT NULL,
    id CHAR(32) NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY (patient_id, at, id)
) WITHOUT ROWID;
"""

SCHEMA_ALARMS_SEEN = """
CREATE TABLE alarm_seen (
    patient_id CHAR(32) NOT NULL,
    at INTEGER NOT NULL,
    id CHAR(32) NOT NULL,
    by_person CHAR(32) NOT NULL,
    words TEXT NOT NULL,
    alarms TEXT NOT NULL,
    PRIMARY KEY (patient_id, at, id)
) WITHOUT ROWID;
CREATE TABLE alarm_ended (
    patient_id CHAR(32) NOT NULL,
    id CHAR(32) NOT NULL,
    noted_under CHAR(32) NOT NULL,
    PRIMARY KEY (patient_id, id, noted_under)
) WITHOUT ROWID;
"""
