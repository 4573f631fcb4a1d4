"""What this desk itself can put right of a difference: what it dispensed, and the post of it."""

from dataclasses import dataclass
from uuid import UUID

from pcc_desk.desk.amending import AlreadyVoided, what_stands
from pcc_desk.desk.outbox_work import posting_of
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.rights import Right, require
from pcc_desk.desk.sight import sight_of
from pcc_desk.domain.dispensing import Dispensation, Posting
from pcc_desk.domain.entries import Act
from pcc_desk.domain.reconciling.findings import Finding


@dataclass(frozen=True, slots=True)
class Behind:
    """What this desk dispensed, as it stands, behind a sale or a receipt."""

    given: Dispensation
    posting: Posting
    who: str
    """The patient's name."""


def behind(ledger: Ledger, finding: Finding, *, act: Act) -> Behind | AlreadyVoided | None:
    """Return what this desk dispensed behind a difference; None where it dispensed nothing of it.

    It is found by our own number, on the sale or on the receipt, or by the state's number of the receipt. Raises
    `NotPermitted`.
    """
    require(ledger, act, Right.RECONCILE)
    found = _dispensation(ledger, finding)
    if found is None:
        return None
    stands = what_stands(ledger, found, act=act)
    if isinstance(stands, AlreadyVoided):
        return stands
    patient = ledger.patient(stands.patient_id)
    who = sight_of(ledger, act)(patient).name if patient else "somebody who is not on record"
    return Behind(stands, posting_of(ledger, found), who)


def _dispensation(ledger: Ledger, finding: Finding) -> UUID | None:
    numbers = (
        finding.desk.number if finding.desk else "",
        finding.sale.external_number if finding.sale else "",
        finding.receipt.external_number if finding.receipt else "",
    )
    for number in numbers:
        found = ledger.dispensation_numbered(number) if number else None
        if found is not None:
            return found
    under = ledger.postings_under(finding.receipt.number) if finding.receipt else ()
    return under[0].dispensation_id if len(under) == 1 else None
