"""State seed-to-sale systems, one module each."""
