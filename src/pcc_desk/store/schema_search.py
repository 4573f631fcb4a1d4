"""What finds a name by any three letters in it, as SQL that never changes again."""

SCHEMA_SEARCH = """
CREATE VIRTUAL TABLE name_inside USING fts5(words, patient_id UNINDEXED, tokenize = 'trigram');
CREATE INDEX dispensed_line_by_label ON dispensed_line (label, patient_id);
"""

INDEX_TABLES = (
    "name_inside",
    "name_inside_config",
    "name_inside_content",
    "name_inside_data",
    "name_inside_docsize",
    "name_inside_idx",
)
"""The index and the tables in which SQLite keeps it. They hold nothing that `patient` does not, and are no record."""

INDEX_CONTENT = "name_inside_content"
"""What is indexed, row for row as the journal gives it; how it is indexed lies otherwise each time it is made."""
