"""What a patient asks about their own record, and how much of its clock is left, in words."""

from datetime import date

from pcc_desk.domain.requests import Request, RequestKind
from pcc_desk.screens.words import day_words

ASKED = {RequestKind.ACCESS: "to see the record", RequestKind.AMENDMENT: "to amend"}

SOON_D = 7
"""So many days before its last day a request is a warning."""


def clock_words(request: Request, today: date) -> tuple[str, str]:
    """Return by when a request is to be answered, with the tone of it."""
    days = (request.due - today).days
    due = day_words(request.due)
    words = f"due {due}, in {days} d" if days > 0 else f"due {due}, today" if days == 0 else f"OVERDUE since {due}"
    return words, "warning" if days <= SOON_D else ""
