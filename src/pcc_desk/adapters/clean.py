"""Text from the wire, cleaned before it goes any further."""

import unicodedata

LONGEST = 500


def cleaned(text: object, longest: int = LONGEST) -> str:
    """Return text on one line without control or reordering characters, at most `longest` characters.

    Anything that is not text becomes empty.
    """
    if not isinstance(text, str):
        return ""
    if text.isascii() and text.isprintable():  # most of what comes: nothing in it can do harm
        return " ".join(text[: longest * 4].split())[:longest]
    normal = unicodedata.normalize("NFC", text[: longest * 4])
    kept = "".join(" " if each.isspace() else each for each in normal if each.isspace() or _is_harmless(each))
    return " ".join(kept.split())[:longest]


def _is_harmless(character: str) -> bool:
    return unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn"} or character in "\u200c\u200d"
