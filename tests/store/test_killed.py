"""The power goes: what was said to be saved is there once, and what was not leaves nothing by half."""

import signal
import subprocess
import sys
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from pcc_desk.store import journal
from pcc_desk.store.connection import Connection
from pcc_desk.store.vault import derived
from tests.store.stores import KEY, open_store

ROOT = Path(__file__).parents[2]


def killed_after(folder: Path, acknowledged: int) -> list[str]:
    """Let a process write until it said so many acts are saved, kill it, and return every act it ever said was."""
    writer = subprocess.Popen(
        [sys.executable, "-m", "tests.store.writer", str(folder)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert writer.stdout is not None
    with writer.stdout as said:
        heard = list(islice(said, 1 + acknowledged))
        writer.kill()
        heard += said
        writer.wait()
    assert writer.returncode == -signal.SIGKILL
    assert heard[0] == "begins\n"
    return [line.strip() for line in heard[1:] if line.endswith("\n")]


@dataclass(frozen=True)
class Seen:
    """What lies in a store after its desk was killed."""

    recorded: list[str]
    patients: list[str]
    cards: list[str]
    chain: int | journal.Broken
    complaints: list[str]


def look(connection: Connection) -> Seen:
    def column(statement: str) -> list[str]:
        return [value for (value,) in connection.execute(statement)]

    return Seen(
        recorded=column("SELECT id FROM journal ORDER BY seq"),
        patients=column("SELECT id FROM patient ORDER BY id"),
        cards=column("SELECT patient_id FROM card ORDER BY patient_id"),
        chain=journal.verify(connection, derived(KEY, "audit")),
        complaints=column("PRAGMA integrity_check") + column("PRAGMA cipher_integrity_check"),
    )


def test_whatever_was_acknowledged_survives_a_kill_whole_and_once(tmp_path: Path) -> None:
    before: list[str] = []
    for acknowledged in (0, 1, 2, 3, 5, 8, 13, 40):
        saved = killed_after(tmp_path, acknowledged)
        assert len(saved) >= acknowledged
        store = open_store(tmp_path)
        seen = store.on_connection(look)
        store.close()
        assert seen.complaints == ["ok"]
        assert seen.chain == len(seen.recorded)
        assert seen.patients == seen.cards == sorted(seen.recorded)
        under_way = seen.recorded[len(before) + len(saved) :]
        assert seen.recorded == before + saved + under_way
        assert len(under_way) <= 1
        before = seen.recorded
