"""What the desk needs of the record about people."""

from typing import Protocol

from pcc_desk.domain.people import Card, Patient

BEGINNING = 3
"""Letters of the family name by which somebody is looked for: a hand that mistypes seldom does so at once."""


class PeopleLedger(Protocol):
    """The part of `desk.ports.Ledger` that is about who people are."""

    def patients_like(self, patient: Patient, cards: tuple[Card, ...]) -> tuple[Patient, ...]:
        """Return the patients among whom one that is like this may be, by id.

        Those of the same birth date, with a card of the same number, and those whose names begin as these do, in either
        order: three letters of the one, the first of the other.
        """
        ...
