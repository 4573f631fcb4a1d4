"""That whoever does something risky has just shown, by their secret, that it is them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

LASTS = timedelta(minutes=2)
"""How long after the secret was typed an act may rest on it."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Somebody typed their secret: who, for what, when (UTC), and for which act. Good for that one act alone."""

    by: UUID
    right: str
    """For which function of the desk, by its name in the record."""
    at: datetime
    act_id: UUID

    def carries(self, act_id: UUID, by: UUID, at: datetime, right: str) -> bool:
        """Return whether an act may rest on it."""
        is_fresh = timedelta(0) <= at - self.at <= LASTS
        return is_fresh and (self.act_id, self.by, self.right) == (act_id, by, right)
