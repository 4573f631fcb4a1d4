"""The part of the ledger over the encrypted database that is about who people are."""

from pcc_desk.domain.people import Card, Patient
from pcc_desk.store.connection import Connection
from pcc_desk.store.queries import people


class PeopleOnRecord:
    """Implements `desk.ports_people.PeopleLedger`."""

    _connection: Connection

    def patients_like(self, patient: Patient, cards: tuple[Card, ...]) -> tuple[Patient, ...]:
        """Return the patients among whom one that is like this may be, by id."""
        return people.like(self._connection, patient, cards)
