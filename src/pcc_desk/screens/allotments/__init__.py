"""What may be dispensed, by which rules and papers."""
