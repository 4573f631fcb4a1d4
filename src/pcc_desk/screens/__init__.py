"""What a person sees: one module per screen. A screen is handed a desk, and decides nothing."""
