"""What of the fake ledger finds patients by who they are."""

from datetime import date
from uuid import UUID

from pcc_desk.domain.people import Patient, name_key


class FakeFinding:
    """Implements `desk.ports_search.Finding` by looking at everybody."""

    patients: dict[UUID, Patient]

    def patients_born(self, day: date, limit: int) -> tuple[Patient, ...]:
        """Return who was born on a day, by name."""
        found = [each for each in self.patients.values() if each.born == day]
        return tuple(sorted(found, key=_by_name)[:limit])

    def patients_named(self, family_key: str, given_key: str, limit: int) -> tuple[Patient, ...]:
        """Return whose family name is this one and whose given names begin so."""
        found = [
            each
            for each in self.patients.values()
            if name_key(each.family_name) == family_key and name_key(each.given_name).startswith(given_key)
        ]
        return tuple(sorted(found, key=_by_name)[:limit])


def _by_name(patient: Patient) -> tuple[str, str, str]:
    return name_key(patient.family_name), name_key(patient.given_name), patient.id.hex
