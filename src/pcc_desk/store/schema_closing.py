"""The tables of the end of a day, as SQL that never changes again."""

SCHEMA_CLOSING = """
CREATE TABLE finding_decision (
    day DATE NOT NULL,
    at INTEGER NOT NULL,
    id CHAR(32) NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (day, at, id)
) WITHOUT ROWID;

CREATE TABLE day_signature (
    day DATE NOT NULL,
    at INTEGER NOT NULL,
    id CHAR(32) NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (day, at, id)
) WITHOUT ROWID;

CREATE TABLE day_packet (
    day DATE NOT NULL,
    at INTEGER NOT NULL,
    id CHAR(32) NOT NULL,
    file TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (day, at, id)
) WITHOUT ROWID;
"""
