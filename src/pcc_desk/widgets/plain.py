"""Text from people and wires, made safe to draw: never markup, never control of the terminal, cut by cells."""

from rich.cells import cell_len, set_cell_size

UNSHOWABLE = "�"
"""Stands for a character that would steer the terminal or reorder the line."""

_TABLE: dict[int, str] = {
    **{code: chr(0x2400 + code) for code in range(0x20)},
    0x7F: "␡",
    **dict.fromkeys(range(0x80, 0xA0), UNSHOWABLE),
    **dict.fromkeys((0x061C, 0x200B, 0x200E, 0x200F, 0x2028, 0x2029, 0xFEFF), UNSHOWABLE),
    **dict.fromkeys(range(0x202A, 0x202F), UNSHOWABLE),
    **dict.fromkeys(range(0x2066, 0x206A), UNSHOWABLE),
}


def visible(text: str) -> str:
    """Return text in which control, C1 and reordering characters are pictures of themselves."""
    if text.isprintable():
        return text
    return text.translate(_TABLE)


def fit(text: str, width: int, align: str = "left") -> str:
    """Return text of exactly `width` cells: cut with an ellipsis, or filled with spaces on the other side."""
    if width <= 0:
        return ""
    text = visible(text)
    length = len(text) if text.isascii() else cell_len(text)
    if length > width:
        return set_cell_size(text, width - 1) + "…"
    space = " " * (width - length)
    return space + text if align == "right" else text + space
