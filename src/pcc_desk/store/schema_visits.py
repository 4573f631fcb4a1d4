"""What was added for appointments and the morning check, as SQL that never changes again."""

SCHEMA_VISITS = """
ALTER TABLE visit ADD COLUMN minutes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE visit ADD COLUMN link TEXT NOT NULL DEFAULT '';
ALTER TABLE visit ADD COLUMN origin TEXT NOT NULL DEFAULT '';
CREATE INDEX visit_lingering ON visit (day, patient_id)
    WHERE state NOT IN ('expected', 'done', 'left', 'no show', 'cancelled');
CREATE INDEX visit_by_origin ON visit (origin) WHERE origin <> '';
CREATE INDEX card_by_expiry ON card (expires_on, patient_id) WHERE renewed_as = '';
CREATE INDEX patient_by_certification ON patient (certification_expires, id)
    WHERE certification_expires IS NOT NULL;

CREATE TABLE morning_check (
    day DATE NOT NULL,
    at INTEGER NOT NULL,
    id CHAR(32) NOT NULL,
    by_person CHAR(32) NOT NULL,
    PRIMARY KEY (day, at, id)
) WITHOUT ROWID;
"""

SCHEMA_MORNINGS = """
CREATE TABLE morning_missed (
    day DATE NOT NULL,
    at INTEGER NOT NULL,
    id CHAR(32) NOT NULL,
    by_person CHAR(32) NOT NULL,
    why TEXT NOT NULL,
    PRIMARY KEY (day, at, id)
) WITHOUT ROWID;
CREATE INDEX dispensation_by_day ON dispensation (day);
"""
