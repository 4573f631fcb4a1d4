"""The hot SQL: plain, named, one module per subject, each statement held to its index by a test."""
