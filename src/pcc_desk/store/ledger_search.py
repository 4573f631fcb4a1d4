"""What of the ledger finds patients by who they are, over the encrypted database."""

from datetime import date

from pcc_desk.domain.people import Patient
from pcc_desk.store.connection import Connection
from pcc_desk.store.queries import search


class SqlFinding:
    """Implements `desk.ports_search.Finding`."""

    _connection: Connection

    def patients_born(self, day: date, limit: int) -> tuple[Patient, ...]:
        """Return who was born on a day, by name."""
        return search.born(self._connection, day, limit)

    def patients_named(self, family_key: str, given_key: str, limit: int) -> tuple[Patient, ...]:
        """Return whose family name is this one and whose given names begin so."""
        return search.named(self._connection, family_key, given_key, limit)
