"""What leaves the desk on paper: put on record, then sent to the printer."""

from uuid import UUID

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.errors import NoSuchRecord
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.rights import Right, require
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.entries import Act, SheetPrinted


def note_printing(ledger: Ledger, patient_id: UUID, what: str, *, act: Act) -> None:
    """Put on record that something of a patient goes to the printer. Raises `NoSuchRecord` for an unknown id."""
    require(ledger, act, Right.PRINT, patient_id)
    if ledger.patient(patient_id) is None:
        raise NoSuchRecord(f"There is no patient {patient_id}.")
    ledger.record(SheetPrinted(patient_id, what), act)


async def print_sheet(desk: Desk, patient_id: UUID, text: str, act: Act) -> Unanswered | None:
    """Print a patient's standing. It is on record before it is on paper; return why it was not printed."""
    if desk.printer is None:
        return Unanswered(Silence.ABSENT, "no printer is set up; print_command in the settings file names one")
    await desk.store.write(note_printing, patient_id, "standing", act=act)
    return await desk.printer.print(text)
