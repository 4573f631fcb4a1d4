"""The tables about people, as SQL that never changes again."""

SCHEMA_PEOPLE = """
CREATE TABLE former_name (
    patient_id CHAR(32) NOT NULL,
    until INTEGER NOT NULL,
    id CHAR(32) NOT NULL,
    family_name TEXT NOT NULL,
    given_name TEXT NOT NULL,
    family_key TEXT NOT NULL,
    given_key TEXT NOT NULL,
    born DATE NOT NULL,
    why TEXT NOT NULL,
    PRIMARY KEY (patient_id, until, id)
) WITHOUT ROWID;
CREATE INDEX former_name_by_family ON former_name (family_key, given_key);
CREATE INDEX former_name_by_given ON former_name (given_key, family_key);

CREATE TABLE patient_phone (
    patient_id CHAR(32) NOT NULL PRIMARY KEY,
    phone_key TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX patient_phone_by_key ON patient_phone (phone_key);

CREATE TABLE patient_status (
    patient_id CHAR(32) NOT NULL PRIMARY KEY,
    status TEXT NOT NULL,
    since INTEGER NOT NULL,
    why TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE patient_details (
    patient_id CHAR(32) NOT NULL PRIMARY KEY,
    body TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE merged (
    merged_id CHAR(32) NOT NULL PRIMARY KEY,
    kept_id CHAR(32) NOT NULL,
    at INTEGER NOT NULL,
    by_person CHAR(32) NOT NULL,
    why TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX merged_by_kept ON merged (kept_id);

CREATE TABLE caregiver (
    id CHAR(32) NOT NULL PRIMARY KEY,
    card_key TEXT NOT NULL,
    name_key TEXT NOT NULL,
    patient_id CHAR(32),
    body TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX caregiver_by_card ON caregiver (card_key);
CREATE INDEX caregiver_by_name ON caregiver (name_key);

CREATE TABLE care_link (
    patient_id CHAR(32) NOT NULL,
    caregiver_id CHAR(32) NOT NULL,
    starts DATE NOT NULL,
    ends DATE,
    is_guardian INTEGER NOT NULL,
    PRIMARY KEY (patient_id, caregiver_id)
) WITHOUT ROWID;
CREATE INDEX care_link_by_caregiver ON care_link (caregiver_id, patient_id);

CREATE TABLE physician (
    id CHAR(32) NOT NULL PRIMARY KEY,
    name_key TEXT NOT NULL,
    npi TEXT NOT NULL,
    body TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX physician_by_name ON physician (name_key);

CREATE TABLE consent (
    patient_id CHAR(32) NOT NULL,
    day DATE NOT NULL,
    id CHAR(32) NOT NULL,
    purpose TEXT NOT NULL,
    version TEXT NOT NULL,
    is_given INTEGER NOT NULL,
    by_whom TEXT NOT NULL,
    withdrawn_on DATE,
    withdrawn_why TEXT NOT NULL,
    PRIMARY KEY (patient_id, day, id)
) WITHOUT ROWID;

CREATE TABLE intake (
    patient_id CHAR(32) NOT NULL,
    id CHAR(32) NOT NULL,
    form TEXT NOT NULL,
    begun_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    last_field TEXT NOT NULL,
    scores TEXT NOT NULL,
    alarms TEXT NOT NULL,
    PRIMARY KEY (patient_id, id)
) WITHOUT ROWID;

CREATE TABLE intake_answer (
    patient_id CHAR(32) NOT NULL,
    intake_id CHAR(32) NOT NULL,
    field TEXT NOT NULL,
    answer TEXT NOT NULL,
    by_person CHAR(32) NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (patient_id, intake_id, field)
) WITHOUT ROWID;

CREATE TABLE record_request (
    patient_id CHAR(32) NOT NULL,
    id CHAR(32) NOT NULL,
    kind TEXT NOT NULL,
    made_on DATE NOT NULL,
    words TEXT NOT NULL,
    is_extended INTEGER NOT NULL,
    outcome TEXT,
    settled_words TEXT NOT NULL,
    PRIMARY KEY (patient_id, id)
) WITHOUT ROWID;
CREATE INDEX record_request_open ON record_request (made_on, id) WHERE outcome IS NULL;
"""
