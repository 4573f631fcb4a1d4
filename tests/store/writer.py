"""Writes one act after another into the store of a folder and says each id once the store has it. Ends when killed.

python -m tests.store.writer FOLDER
"""

import sys
from pathlib import Path
from uuid import uuid4

from pcc_desk.desk.ports import Ledger
from pcc_desk.domain.entries import Act, PatientRegistered
from pcc_desk.domain.people import Patient
from tests.fakes import ANA, NOON, SHOP, a_card
from tests.store.stores import DAY, open_store


def say(what: str) -> None:
    """Tell whoever listens, at once."""
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def register(ledger: Ledger, act: Act) -> None:
    """Put a patient on record whose id is the act's, with a card: rows of several tables."""
    patient = Patient(act.id, "Okafor", "Chidi", DAY, remarks="x" * 2000)
    ledger.record(PatientRegistered(patient, (a_card(patient, act.id.hex),)), act)


def main() -> None:
    """Write until killed."""
    say("begins")
    store = open_store(Path(sys.argv[1]))
    while True:
        act = Act(uuid4(), NOON, ANA.id, SHOP.counter)
        store.write_now(register, act)
        say(act.id.hex)


if __name__ == "__main__":
    main()
