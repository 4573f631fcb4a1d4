"""Which calls a system outside offers here: by the system, by the state, by this key."""

from dataclasses import dataclass
from enum import StrEnum


class Call(StrEnum):
    """The calls of a state system that not every one offers."""

    STANDING = "standing"
    CAREGIVER = "caregiver"
    POST = "post"
    FIND_POSTED = "find posted"
    CORRECT = "correct"
    VOID = "void"
    POSTED_ON = "posted on"
    STOCK = "stock"


class PosCall(StrEnum):
    """The calls of a point of sale that not every one offers."""

    SALES = "sales"
    CLOSING = "closing"
    STOCK = "stock"
    QUEUE = "queue"
    PRICES = "prices"


@dataclass(frozen=True, slots=True)
class Offer:
    """Whether a call is offered. `is_offered` None: it was not tried yet."""

    call: Call | PosCall
    is_offered: bool | None
    why: str
    """How it is known: the system's documents, an answer to a try, the settings."""
