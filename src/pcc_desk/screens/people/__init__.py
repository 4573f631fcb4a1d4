"""People: putting a patient on record, and what is known of who comes to the counter."""
