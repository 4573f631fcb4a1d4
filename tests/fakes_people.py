"""The part of the ledger in memory that is about who people are."""

from uuid import UUID

from pcc_desk.desk.ports_people import BEGINNING
from pcc_desk.domain.people import Card, Patient, name_key


class FakePeople:
    """Implements `desk.ports_people.PeopleLedger` with dictionaries."""

    patients: dict[UUID, Patient]
    all_cards: list[Card]

    def patients_like(self, patient: Patient, cards: tuple[Card, ...]) -> tuple[Patient, ...]:
        """Return the patients among whom one that is like this may be, by id."""
        family, given = name_key(patient.family_name), name_key(patient.given_name)
        keys = {each.key for each in cards}
        on_cards = {each.patient_id for each in self.all_cards if each.key in keys}
        found = [
            each
            for each in self.patients.values()
            if each.born == patient.born
            or each.id in on_cards
            or _begins(each, family, given)
            or _begins(each, given, family)
        ]
        return tuple(sorted(found, key=lambda each: each.id.hex))


def _begins(patient: Patient, family: str, given: str) -> bool:
    is_family = name_key(patient.family_name).startswith(family[:BEGINNING])
    return is_family and name_key(patient.given_name).startswith(given[:1])
