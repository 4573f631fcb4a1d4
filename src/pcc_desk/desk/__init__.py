"""What a person at the desk can do: use cases over ports, one module per subject."""
