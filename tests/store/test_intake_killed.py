"""The power goes at every field of an intake: it goes on there, with every answer that was said to be saved."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from pcc_desk.domain.entries import PatientRegistered, StaffAdded
from pcc_desk.domain.intake import is_asked
from pcc_desk.domain.people import Patient
from tests.fakes import ANA
from tests.store.answerer import RULES, WHO
from tests.store.stores import DAY, ledger_of, open_store, put

ROOT = Path(__file__).parents[2]
ASKED = [each.key for each in RULES.form.fields if is_asked(each, {"minor": "yes"}) and each.key != "papers_differ"]
"""Of a patient who is new and a minor: born on the day of the intake."""


def test_an_intake_killed_at_every_field_goes_on_there_with_every_answer(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    put(ledger_of(store), StaffAdded(ANA), PatientRegistered(Patient(WHO, "Okafor", "Chidi", DAY), ()))
    store.close()
    command = [sys.executable, "-m", "tests.store.answerer", str(tmp_path)]
    begun_at: list[str] = []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as nursery:
        assert nursery.stdin is not None
        assert nursery.stdout is not None
        for _ in ASKED:
            print("go on", file=nursery.stdin, flush=True)
            process, place = nursery.stdout.readline().split()
            assert nursery.stdout.readline().strip() == place
            os.kill(int(process), signal.SIGKILL)
            begun_at.append(place)
        nursery.stdin.close()
        nursery.wait()
    assert begun_at == ASKED
    store = open_store(tmp_path)
    kept = ledger_of(store).intake(WHO)
    store.close()
    assert kept is not None
    assert kept.answers == {key: f"answer to {key}" for key in ASKED}
