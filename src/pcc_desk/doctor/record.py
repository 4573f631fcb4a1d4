"""The record itself, looked at with somebody's secret: every page, every entry. The desk must be shut meanwhile."""

from collections.abc import Iterator
from pathlib import Path

from pcc_desk.desk.errors import DeskError
from pcc_desk.doctor.findings import Check, Finding, Found
from pcc_desk.store.connection import STORE_FILE
from pcc_desk.store.examining import Examined, examine_store
from pcc_desk.store.lock import StoreInUse
from pcc_desk.store.vault import Opened, unlock

RESTORE = "Keep a copy of the folder as it is, then restore the last backup that was proved."

FINE = {
    "pages": "Each of {counted:,} pages passes its seal.",
    "tree": "Every table and index is whole.",
    "journal": "{counted:,} entries, each sealed and chained to the one before.",
}
WRONG = {
    "pages": "A page of the store does not pass its seal: {complaint}.",
    "tree": "The tables do not fit together: {complaint}.",
    "journal": "The journal does not hold: {complaint}.",
}


def record_check(secret: str) -> Check:
    """Return the check that opens the store with a secret."""

    def record(home: Path) -> Iterator[Finding]:
        if not (home / STORE_FILE).exists():
            yield Finding("record", Found.INFORMATION, "There is no store to look into.")
            return
        opened = unlock(home, secret)
        if not isinstance(opened, Opened):
            yield Finding("record", Found.TROUBLE, opened.reason, "Run pcc-desk doctor again with the right secret.")
            return
        is_whole = opened.is_whole
        try:
            examined = examine_store(home, opened)
        except StoreInUse as error:
            yield Finding("record", Found.WARNING, str(error), "Then run pcc-desk doctor again.")
            return
        except DeskError as error:
            yield Finding("record", Found.TROUBLE, str(error), RESTORE)
            return
        if not is_whole:
            says = "Somebody changed the slot file: its seal does not hold, though the secret is right."
            yield Finding("slots", Found.TROUBLE, says, "Let a manager look at who can open the store: pcc-desk staff.")
        yield from map(_finding, examined)

    return record


def _finding(examined: Examined) -> Finding:
    facts = {"counted": str(examined.counted)}
    if examined.complaint:
        says = WRONG[examined.check].format(complaint=examined.complaint.rstrip("."))
        return Finding(examined.check, Found.TROUBLE, says, RESTORE, facts)
    return Finding(examined.check, Found.FINE, FINE[examined.check].format(counted=examined.counted), facts=facts)
