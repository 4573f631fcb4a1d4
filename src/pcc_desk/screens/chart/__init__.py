"""One patient: what is on record, and what is written into it."""
