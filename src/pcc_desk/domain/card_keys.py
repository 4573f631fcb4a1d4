"""Card numbers as they are compared, however they were written."""

import unicodedata


def card_key(number: str) -> str:
    """Return a card number for comparison: upper case, letters and digits only."""
    if number.isascii():
        return number.upper() if number.isalnum() else number.upper().translate(_NO_SIGNS)
    return "".join(c for c in unicodedata.normalize("NFKC", number).upper() if c.isalnum())


_NO_SIGNS = {code: None for code in range(128) if not chr(code).isalnum()}
