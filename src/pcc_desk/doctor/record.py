"""The record itself, looked at with somebody's secret: every page, every entry. The desk must be shut meanwhile."""

from collections.abc import Iterator
from pathlib import Path

from pcc_desk.desk.errors import DeskError
from pcc_desk.doctor.findings import Check, Finding, Found
from pcc_desk.settings import is_practice
from pcc_desk.store.connection import STORE_FILE
from pcc_desk.store.elsewhere import keyring_place
from pcc_desk.store.examining import Examined, examine_store
from pcc_desk.store.lock import StoreInUse
from pcc_desk.store.vault import Opened, SayWho, owner_named, unlock

RESTORE = "Keep a copy of the folder as it is, then restore the last backup that was proved."

FINE = {
    "pages": "Each of {counted:,} pages passes its seal.",
    "tree": "Every table and index is whole.",
    "journal": "{counted:,} entries, each sealed and chained to the one before.",
    "tables": "Every table is, row for row, what the journal gives.",
    "anchor": "The journal goes on from where it was known to be.",
    "keyring": "This computer's keyring knows no later end of the journal.",
    "slots": "Nobody but the desk changed who can open the store.",
    "copies": "The newest copy that was proved is {counted} h old.",
}
WRONG = {
    "pages": "A page of the store does not pass its seal: {complaint}.",
    "tree": "The tables do not fit together: {complaint}.",
    "journal": "The journal does not hold: {complaint}.",
    "tables": "These tables are not what the journal gives: {complaint}.",
}
TO_DO = {
    "anchor": "A manager explains it: pcc-desk journal explain.",
    "keyring": "A manager looks into it: pcc-desk journal verify.",
    "slots": "Let a manager look at pcc-desk staff list, and answer for it: pcc-desk staff seal.",
    "copies": "Make one: pcc-desk backup.",
}
"""What to do beside restoring the last backup."""


def record_check(secret: str, who: str | None = None) -> Check:
    """Return the check that opens the store with a secret; `who` is the name of whose it is."""

    def record(home: Path) -> Iterator[Finding]:
        if not (home / STORE_FILE).exists():
            yield Finding("record", Found.INFORMATION, "There is no store to look into.")
            return
        opened = unlock(home, secret, None if who is None else owner_named(home, who).id)
        if isinstance(opened, SayWho):
            says = f"The passphrase may be anybody's: {', '.join(opened.names)}."
            yield Finding("record", Found.WARNING, says, "Say whose it is with --as.")
            return
        if not isinstance(opened, Opened):
            yield Finding("record", Found.TROUBLE, opened.reason, "Run pcc-desk doctor again with the right secret.")
            return
        try:
            examined = examine_store(home, opened, None if is_practice(home) else keyring_place(home))
        except StoreInUse as error:
            yield Finding("record", Found.WARNING, str(error), "Then run pcc-desk doctor again.")
            return
        except DeskError as error:
            yield Finding("record", Found.TROUBLE, str(error), RESTORE)
            return
        yield from map(_finding, examined)

    return record


def _finding(examined: Examined) -> Finding:
    facts = {"counted": str(examined.counted)}
    if examined.complaint:
        says = WRONG.get(examined.check, "{complaint}.").format(complaint=examined.complaint.rstrip("."))
        found = Found.WARNING if examined.check == "copies" else Found.TROUBLE
        return Finding(examined.check, found, says, TO_DO.get(examined.check, RESTORE), facts)
    if examined.remark:
        return Finding(examined.check, Found.INFORMATION, examined.remark, facts=facts)
    return Finding(examined.check, Found.FINE, FINE[examined.check].format(counted=examined.counted), facts=facts)
