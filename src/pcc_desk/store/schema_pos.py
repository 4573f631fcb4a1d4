"""The table of what is kept of points of sale, as SQL that never changes again."""

SCHEMA_POS = """
CREATE TABLE pos_columns (
    header TEXT NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    by_person CHAR(32) NOT NULL,
    body TEXT NOT NULL
) WITHOUT ROWID;
"""
