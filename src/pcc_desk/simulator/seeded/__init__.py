"""Invented days of sales and receipts with differences put in on purpose, and the key that says which."""
