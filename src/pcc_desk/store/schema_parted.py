"""The table of records that counted as one person's once, as SQL that never changes again."""

SCHEMA_PARTED = """
CREATE TABLE parted (
    merged_id CHAR(32) NOT NULL,
    kept_id CHAR(32) NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (merged_id, kept_id, since)
) WITHOUT ROWID;
CREATE INDEX parted_by_kept ON parted (kept_id);
"""
