"""The check before the shop opens."""
