"""Every table, by the migration that made it, as SQL that never changes again."""

SCHEMA_1 = """
CREATE TABLE journal (
    seq INTEGER NOT NULL PRIMARY KEY,
    id CHAR(32) NOT NULL,
    at INTEGER NOT NULL,
    by_person CHAR(32) NOT NULL,
    counter TEXT NOT NULL,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    mac BLOB NOT NULL
);
CREATE UNIQUE INDEX journal_id ON journal (id);
CREATE TRIGGER journal_keeps_what_it_has BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END;
CREATE TRIGGER journal_keeps_every_row BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END;

CREATE TABLE credential (
    system TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (system, name)
) WITHOUT ROWID;

CREATE TABLE shop (
    counter TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    licence TEXT NOT NULL,
    jurisdiction TEXT NOT NULL,
    zone TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE staff (
    id CHAR(32) NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    role TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE patient (
    id CHAR(32) NOT NULL PRIMARY KEY,
    family_name TEXT NOT NULL,
    given_name TEXT NOT NULL,
    family_key TEXT NOT NULL,
    given_key TEXT NOT NULL,
    born DATE NOT NULL,
    phone TEXT NOT NULL,
    certification_expires DATE,
    certified_by TEXT NOT NULL,
    remarks TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX patient_by_family ON patient (family_key, given_key);
CREATE INDEX patient_by_given ON patient (given_key, family_key);
CREATE INDEX patient_by_birth ON patient (born, family_key, given_key);

CREATE TABLE card (
    patient_id CHAR(32) NOT NULL,
    number_key TEXT NOT NULL,
    number TEXT NOT NULL,
    holder TEXT NOT NULL,
    holder_name TEXT NOT NULL,
    expires_on DATE NOT NULL,
    renewed_as TEXT NOT NULL,
    PRIMARY KEY (patient_id, number_key)
) WITHOUT ROWID;
CREATE INDEX card_by_number ON card (number_key, patient_id);

CREATE TABLE visit (
    patient_id CHAR(32) NOT NULL,
    id CHAR(32) NOT NULL,
    day DATE NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    appointment_at INTEGER,
    arrived_at INTEGER,
    through TEXT NOT NULL,
    served_by CHAR(32),
    PRIMARY KEY (patient_id, id)
) WITHOUT ROWID;
CREATE INDEX visit_by_day ON visit (day, patient_id);
CREATE UNIQUE INDEX visit_by_id ON visit (id);

CREATE TABLE verification (
    patient_id CHAR(32) NOT NULL,
    asked_at INTEGER NOT NULL,
    id CHAR(32) NOT NULL,
    visit_id CHAR(32),
    card_number TEXT NOT NULL,
    system TEXT NOT NULL,
    remark TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (patient_id, asked_at, id)
) WITHOUT ROWID;

CREATE TABLE note (
    patient_id CHAR(32) NOT NULL,
    signed_at INTEGER NOT NULL,
    id CHAR(32) NOT NULL,
    visit_id CHAR(32) NOT NULL,
    verification_id CHAR(32) NOT NULL,
    signed_by CHAR(32) NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (patient_id, signed_at, id)
) WITHOUT ROWID;

CREATE TABLE draft (
    visit_id CHAR(32) NOT NULL,
    person_id CHAR(32) NOT NULL,
    text TEXT NOT NULL,
    kept_at INTEGER NOT NULL,
    PRIMARY KEY (visit_id, person_id)
) WITHOUT ROWID;

CREATE TABLE dispensation (
    patient_id CHAR(32) NOT NULL,
    at INTEGER NOT NULL,
    id CHAR(32) NOT NULL,
    day DATE NOT NULL,
    visit_id CHAR(32),
    by_person CHAR(32) NOT NULL,
    card_number TEXT NOT NULL,
    caregiver_card TEXT NOT NULL,
    external_number TEXT NOT NULL,
    outage TEXT NOT NULL,
    summary TEXT NOT NULL,
    verification_id CHAR(32) NOT NULL,
    posting TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    lookups_missed INTEGER NOT NULL,
    next_try_at INTEGER NOT NULL,
    receipt TEXT NOT NULL,
    posted_at INTEGER,
    why TEXT NOT NULL,
    PRIMARY KEY (patient_id, at, id),
    CHECK (typeof(attempts) = 'integer' AND typeof(lookups_missed) = 'integer')
) WITHOUT ROWID;
CREATE UNIQUE INDEX dispensation_by_id ON dispensation (id);
CREATE UNIQUE INDEX dispensation_by_number ON dispensation (external_number);
CREATE INDEX dispensation_unposted ON dispensation (next_try_at, at) WHERE posting <> 'accepted';
CREATE INDEX dispensation_by_posting ON dispensation (posted_at);

CREATE TABLE dispensed_line (
    patient_id CHAR(32) NOT NULL,
    day DATE NOT NULL,
    dispensation_id CHAR(32) NOT NULL,
    line INTEGER NOT NULL,
    label TEXT NOT NULL,
    product TEXT NOT NULL,
    category TEXT NOT NULL,
    milli INTEGER NOT NULL,
    unit TEXT NOT NULL,
    net_mg INTEGER,
    volume_ul INTEGER,
    thc_ug INTEGER,
    count_milli INTEGER NOT NULL,
    price_cents INTEGER NOT NULL,
    PRIMARY KEY (patient_id, day, dispensation_id, line),
    CHECK (typeof(milli) = 'integer' AND typeof(price_cents) = 'integer')
) WITHOUT ROWID;

CREATE TABLE package (
    label TEXT NOT NULL PRIMARY KEY,
    product TEXT NOT NULL,
    product_key TEXT NOT NULL,
    category TEXT NOT NULL,
    milli INTEGER NOT NULL,
    unit TEXT NOT NULL,
    unit_net_mg INTEGER,
    unit_volume_ul INTEGER,
    unit_thc_ug INTEGER,
    blocked TEXT NOT NULL,
    expires_on DATE,
    unit_price_cents INTEGER,
    read_at INTEGER NOT NULL,
    CHECK (typeof(milli) = 'integer')
) WITHOUT ROWID;

CREATE TABLE day_comparison (
    day DATE NOT NULL,
    compared_at INTEGER NOT NULL,
    id CHAR(32) NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (day, compared_at, id)
) WITHOUT ROWID;
"""

SCHEMA_2 = """
CREATE TABLE entitlement (
    patient_id CHAR(32) NOT NULL PRIMARY KEY,
    cohorts TEXT NOT NULL,
    anchor DATE,
    order_began DATE
) WITHOUT ROWID;

CREATE TABLE set_amount (
    patient_id CHAR(32) NOT NULL,
    limit_id TEXT NOT NULL,
    is_waiver INTEGER NOT NULL,
    starts DATE NOT NULL,
    ends DATE NOT NULL,
    amount TEXT,
    paper TEXT NOT NULL,
    PRIMARY KEY (patient_id, limit_id, is_waiver, starts),
    CHECK (typeof(is_waiver) = 'integer')
) WITHOUT ROWID;

CREATE TABLE rules (
    fingerprint TEXT NOT NULL PRIMARY KEY,
    jurisdiction TEXT NOT NULL,
    ruleset TEXT NOT NULL,
    text TEXT NOT NULL,
    taken_up_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE rules_known (
    person_id CHAR(32) NOT NULL PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    known_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE rules_confirmed (
    fingerprint TEXT NOT NULL PRIMARY KEY,
    by_person CHAR(32) NOT NULL,
    confirmed_at INTEGER NOT NULL,
    remark TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE hold (
    patient_id CHAR(32) NOT NULL,
    day DATE NOT NULL,
    visit_id CHAR(32) NOT NULL,
    id CHAR(32) NOT NULL,
    is_open INTEGER NOT NULL,
    PRIMARY KEY (patient_id, day, visit_id),
    CHECK (typeof(is_open) = 'integer')
) WITHOUT ROWID;

CREATE TABLE held_amount (
    patient_id CHAR(32) NOT NULL,
    hold_id CHAR(32) NOT NULL,
    limit_id TEXT NOT NULL,
    amount TEXT NOT NULL,
    used TEXT NOT NULL,
    PRIMARY KEY (patient_id, hold_id, limit_id)
) WITHOUT ROWID;
"""

SCHEMA_3 = """
ALTER TABLE dispensation ADD COLUMN trouble TEXT NOT NULL DEFAULT '';
ALTER TABLE dispensation ADD COLUMN entered_by CHAR(32);
CREATE INDEX dispensation_by_receipt ON dispensation (receipt);

CREATE TABLE amendment (
    patient_id CHAR(32) NOT NULL,
    at INTEGER NOT NULL,
    id CHAR(32) NOT NULL,
    dispensation_id CHAR(32) NOT NULL,
    kind TEXT NOT NULL,
    by_person CHAR(32) NOT NULL,
    reason TEXT NOT NULL,
    summary TEXT NOT NULL,
    posting TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    lookups_missed INTEGER NOT NULL,
    next_try_at INTEGER NOT NULL,
    receipt TEXT NOT NULL,
    posted_at INTEGER,
    why TEXT NOT NULL,
    trouble TEXT NOT NULL,
    entered_by CHAR(32),
    PRIMARY KEY (patient_id, at, id),
    CHECK (typeof(attempts) = 'integer' AND typeof(lookups_missed) = 'integer')
) WITHOUT ROWID;
CREATE UNIQUE INDEX amendment_by_id ON amendment (id);
CREATE INDEX amendment_by_dispensation ON amendment (dispensation_id, at);
CREATE INDEX amendment_unposted ON amendment (next_try_at, at) WHERE posting <> 'accepted';
CREATE INDEX amendment_by_posting ON amendment (posted_at);

CREATE TABLE amended_line (
    patient_id CHAR(32) NOT NULL,
    amendment_id CHAR(32) NOT NULL,
    line INTEGER NOT NULL,
    label TEXT NOT NULL,
    product TEXT NOT NULL,
    category TEXT NOT NULL,
    milli INTEGER NOT NULL,
    unit TEXT NOT NULL,
    net_mg INTEGER,
    volume_ul INTEGER,
    thc_ug INTEGER,
    count_milli INTEGER NOT NULL,
    price_cents INTEGER NOT NULL,
    PRIMARY KEY (patient_id, amendment_id, line),
    CHECK (typeof(milli) = 'integer' AND typeof(price_cents) = 'integer')
) WITHOUT ROWID;
"""

SCHEMA_4 = """
CREATE TABLE outage (
    id CHAR(32) NOT NULL PRIMARY KEY,
    system TEXT NOT NULL,
    since INTEGER NOT NULL,
    ended_at INTEGER,
    body TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX outage_by_since ON outage (since, id);
CREATE INDEX outage_open ON outage (system, since, id) WHERE ended_at IS NULL;

CREATE TABLE outage_note (
    outage_id CHAR(32) NOT NULL,
    at INTEGER NOT NULL,
    id CHAR(32) NOT NULL,
    by_person CHAR(32) NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (outage_id, at, id)
) WITHOUT ROWID;

CREATE TABLE outage_sale (
    outage_id CHAR(32) NOT NULL,
    at INTEGER NOT NULL,
    dispensation_id CHAR(32) NOT NULL,
    exception_id CHAR(32),
    PRIMARY KEY (outage_id, at, dispensation_id)
) WITHOUT ROWID;

CREATE TABLE outage_review (
    outage_id CHAR(32) NOT NULL,
    at INTEGER NOT NULL,
    id CHAR(32) NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (outage_id, at, id)
) WITHOUT ROWID;

CREATE TABLE announced_exception (
    id CHAR(32) NOT NULL PRIMARY KEY,
    ends INTEGER NOT NULL,
    announced_at INTEGER NOT NULL,
    withdrawn_at INTEGER,
    body TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX announced_exception_by_end ON announced_exception (ends);
"""

SCHEMA_5 = """
CREATE TABLE event (
    seq INTEGER NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    by_person CHAR(32) NOT NULL,
    act TEXT NOT NULL,
    patient_id CHAR(32),
    outcome TEXT NOT NULL,
    changed TEXT NOT NULL
);
CREATE INDEX event_by_time ON event (at);
CREATE INDEX event_by_person ON event (by_person, at);
CREATE INDEX event_by_act ON event (act, at);
CREATE INDEX event_by_patient ON event (patient_id, at) WHERE patient_id IS NOT NULL;

CREATE TABLE review (
    last INTEGER NOT NULL PRIMARY KEY,
    first INTEGER NOT NULL,
    id CHAR(32) NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    anomalies INTEGER NOT NULL,
    digest TEXT NOT NULL,
    meaning TEXT NOT NULL,
    by_person CHAR(32) NOT NULL,
    signed_at INTEGER NOT NULL
);

CREATE TABLE disclosure (
    patient_id CHAR(32) NOT NULL,
    made_on DATE NOT NULL,
    id CHAR(32) NOT NULL,
    recipient TEXT NOT NULL,
    address TEXT NOT NULL,
    what TEXT NOT NULL,
    purpose TEXT NOT NULL,
    corrects CHAR(32),
    by_person CHAR(32) NOT NULL,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (patient_id, made_on, id)
) WITHOUT ROWID;
"""

SCHEMA_COPIES = """
CREATE TABLE backup (
    copy TEXT NOT NULL PRIMARY KEY,
    made_at INTEGER NOT NULL,
    second TEXT NOT NULL,
    second_why TEXT NOT NULL,
    proved_at INTEGER,
    failed TEXT NOT NULL
) WITHOUT ROWID;
"""

SCHEMA_FORM_DRAFTS = """
CREATE TABLE form_draft (
    person_id CHAR(32) NOT NULL,
    form TEXT NOT NULL,
    about CHAR(32) NOT NULL,
    content TEXT NOT NULL,
    kept_at INTEGER NOT NULL,
    PRIMARY KEY (person_id, form, about)
) WITHOUT ROWID;
"""
