"""Tables of the staff's coming and going, and of the keys that seal the journal, as SQL that never changes again."""

SCHEMA_STAFF_AND_KEYS = """
CREATE TABLE staff_left (
    id CHAR(32) NOT NULL PRIMARY KEY,
    left_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE journal_generation (
    under INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    first_seq INTEGER NOT NULL,
    wrapped TEXT NOT NULL,
    PRIMARY KEY (under, generation)
) WITHOUT ROWID;
"""

SCHEMA_VAULT_MARKS = """
CREATE TABLE vault_mark (
    name TEXT NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
) WITHOUT ROWID;
"""
