"""What finds somebody as their name is typed, as SQL that never changes again."""

SCHEMA_SEARCH = """
CREATE VIRTUAL TABLE name_inside USING fts5(words, patient_id UNINDEXED, tokenize = 'trigram');
CREATE INDEX dispensed_line_by_label ON dispensed_line (label, patient_id);
"""

SCHEMA_FOUND = """
ALTER TABLE patient ADD COLUMN card_number TEXT;
ALTER TABLE patient ADD COLUMN card_expires DATE;
UPDATE patient SET (card_number, card_expires) = (
    SELECT number, expires_on FROM card WHERE patient_id = patient.id
    ORDER BY holder = 'caregiver', renewed_as <> '', expires_on DESC, number_key LIMIT 1);
DROP INDEX patient_by_family;
DROP INDEX patient_by_given;
DROP INDEX patient_by_birth;
CREATE INDEX patient_by_family
    ON patient (family_key, given_key, id, born, family_name, given_name, card_number, card_expires);
CREATE INDEX patient_by_given
    ON patient (given_key, family_key, id, born, family_name, given_name, card_number, card_expires);
CREATE INDEX patient_by_birth
    ON patient (born, family_key, given_key, id, family_name, given_name, card_number, card_expires);
"""
"""Each index holds all that the list of who is found shows: nothing of a patient or a card has to be looked up."""

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
