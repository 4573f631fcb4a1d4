"""What of a patient each role is given: nothing that it does not need leaves the record."""

from collections.abc import Callable
from dataclasses import replace

from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.rights import Right, may
from pcc_desk.domain.entries import Act
from pcc_desk.domain.people import Patient
from pcc_desk.domain.withheld import WITHHELD

Sight = Callable[[Patient], Patient]


def sight_of(ledger: Ledger, act: Act) -> Sight:
    """Return what makes of a patient what whoever acts is given; the rest is marked as withheld, even when empty."""
    reads_contact = may(ledger, act.by, Right.READ_CONTACT)
    reads_papers = may(ledger, act.by, Right.READ_PAPERS)

    def seen(patient: Patient) -> Patient:
        if not reads_contact:
            patient = replace(patient, phone=WITHHELD, remarks=WITHHELD)
        if not reads_papers:
            patient = replace(patient, certification_expires=WITHHELD, certified_by=WITHHELD)
        return patient

    return seen
