"""Sales that are late on their way into the state's record."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Early:
    """What was seen of a day that goes on. Instants are aware."""

    looked_at: datetime
    late: int
    """How many sales have no receipt that should have one by now."""
    since: datetime | None
    """When the oldest of them was made; None: there is none."""
