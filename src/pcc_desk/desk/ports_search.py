"""What of the ledger finds patients by who they are."""

from datetime import date
from typing import Protocol

from pcc_desk.domain.people import Patient


class Finding(Protocol):
    """Finds patients by birth date and by name."""

    def patients_born(self, day: date, limit: int) -> tuple[Patient, ...]:
        """Return who was born on a day, by name, at most `limit`."""
        ...

    def patients_named(self, family_key: str, given_key: str, limit: int) -> tuple[Patient, ...]:
        """Return whose family name is this one and whose given names begin so, both as `name_key` has them.

        By given name and birth date, at most `limit`.
        """
        ...
