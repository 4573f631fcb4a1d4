"""The lock in a real terminal: what stands on it, in which mode it is left, and what memory still holds."""

import os
import re
import shutil
import signal
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pcc_desk.practice import PASSPHRASE, refresh
from pcc_desk.store.lock import FolderLock
from tests.terminal import Terminal

NAMES = ("Lindqvist", "Okafor", "Reyes, Marisol")
"""Patients who wait at the practice shop in the morning."""

MODES = ("?1049", "?1000", "?1003", "?1006", "?1004", "?2004")
"""The desk's own screen, the mouse, and what else is on only while it runs."""

FLOOD = 20_000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("made") / "desk"
    home.mkdir(mode=0o700)
    refresh(home, datetime.now(UTC))
    return home


@pytest.fixture
def desk(made: Path, home: Path) -> Iterator[Terminal]:
    shutil.copytree(made, home)
    with Terminal([sys.executable, "-m", "pcc_desk", "--home", str(home), "demo"]) as terminal:
        unlock(terminal)
        yield terminal


def unlock(terminal: Terminal) -> None:
    terminal.see("passphrase")
    terminal.type(PASSPHRASE + "\r")
    terminal.see("[Today")
    terminal.press("q")
    terminal.see("Lindqvist")


def names_nobody(lines: list[str]) -> bool:
    return not any(name in line for line in lines for name in NAMES)


def desk_process(terminal: Terminal) -> int:
    """Return the process that shows the desk, which the one that was started keeps; 0 between one and the next."""
    pid = terminal.process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    told = {child: Path(f"/proc/{child}/cmdline").read_bytes() for child in children}
    return next((int(child) for child, words in told.items() if b"simulator" not in words), 0)


def wait_for(holds: Callable[[], bool], terminal: Terminal, within: float = 10.0) -> None:
    until = time.monotonic() + within
    while not holds():
        assert time.monotonic() < until, terminal.text
        terminal.listen(0.02)


def state(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]


def left_on(terminal: Terminal) -> list[str]:
    """Return the modes that are still on, as far as was written."""
    written = b"".join(piece for _, piece in terminal.chunks).decode(errors="replace")
    last = {mode: re.findall(rf"\x1b\[{re.escape(mode)}([hl])", written)[-1:] for mode in MODES}
    return [mode for mode, switch in last.items() if switch == ["h"]]


def test_the_curtain_covers_everybody_and_goes_back_to_the_same_place(desk: Terminal) -> None:
    desk.press("down")
    desk.settle()
    before = desk.lines[3:]
    for _ in range(2):
        desk.press("f7")
        desk.see(lambda text: names_nobody(text.splitlines()))
        assert next(line.strip() for line in desk.lines if line) == "Lakeshore Wellness"
        desk.press("f7")
        desk.type(PASSPHRASE + "\r")
        desk.see("Lindqvist")
        desk.settle()
    assert desk.lines[3:] == before


def test_locking_takes_patients_off_the_screen_and_the_passphrase_brings_them_back(desk: Terminal) -> None:
    desk.press("f8")
    desk.see(lambda text: names_nobody(text.splitlines()))
    desk.see("Locked.")
    unlock(desk)


def test_a_flood_of_keys_does_not_put_off_the_lock(made: Path, home: Path) -> None:
    shutil.copytree(made, home)
    speed = 30
    with Terminal([sys.executable, "-m", "tests.end_to_end.hasty", str(speed), "--home", str(home), "demo"]) as desk:
        unlock(desk)
        ended: list[float] = []

        def flood() -> None:
            for _ in range(FLOOD // 500):
                desk.press(*["down"] * 250, *["up"] * 250)
            ended.append(time.monotonic())

        flooding = threading.Thread(target=flood)
        flooding.start()
        while flooding.is_alive():
            desk.listen(0.05)
        assert not names_nobody(desk.lines), "the desk locked while somebody touched it"
        gone = desk.first_seen(names_nobody, 8.0)
        assert gone is not None
        late = gone - ended[0] - 120 / speed
        assert -0.5 <= late <= 3.0, late  # at a millisecond a key it would be twenty
        desk.see("Locked: nobody had touched the desk.")


def test_a_desk_that_is_stopped_by_the_shell_stops_locked_and_goes_on_locked(desk: Terminal, home: Path) -> None:
    keeper, shown = desk.process.pid, desk_process(desk)
    os.kill(keeper, signal.SIGTSTP)
    wait_for(lambda: state(keeper) == state(shown) == "T", desk)
    desk.settle()
    assert names_nobody(desk.lines)
    assert left_on(desk) == []
    FolderLock(home).release()  # the store is closed
    os.kill(keeper, signal.SIGCONT)
    desk.see("Locked.")
    unlock(desk)


def test_a_desk_that_was_stopped_unasked_is_locked_when_it_goes_on(desk: Terminal) -> None:
    keeper, shown = desk.process.pid, desk_process(desk)
    os.kill(shown, signal.SIGSTOP)
    wait_for(lambda: state(keeper) == "T", desk)
    os.kill(keeper, signal.SIGCONT)
    desk.see("Locked: the desk was stopped.")
    unlock(desk)


@pytest.mark.parametrize("way", ["TERM", "INT", "QUIT", "HUP", "KILL", "SEGV", "KILL of its keeper", "f10"])
def test_whatever_ends_the_desk_leaves_no_patient_and_no_mode_on_the_terminal(desk: Terminal, way: str) -> None:
    cooked = termios.ECHO | termios.ICANON
    if way == "f10":
        desk.press("f10")
    elif way == "KILL of its keeper":
        desk.process.kill()
    elif way in {"KILL", "SEGV"}:
        os.kill(desk_process(desk), getattr(signal, f"SIG{way}"))
    else:
        os.kill(desk.process.pid, getattr(signal, f"SIG{way}"))
    status = desk.end()
    desk.settle()
    assert names_nobody(desk.lines), desk.text
    assert left_on(desk) == []
    if way != "KILL of its keeper":
        assert termios.tcgetattr(desk._ours)[3] & cooked == cooked
        assert status == {"KILL": 137, "SEGV": 139}.get(way, 0)
    if way in {"KILL", "SEGV"}:
        assert "The desk was ended from outside" in desk.text


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may look into a closed memory")
def test_locking_twice_leaves_no_name_in_any_memory_and_shows_no_shell_between(desk: Terminal) -> None:
    desk.press("enter")
    desk.see("born 1958-03-11")
    before = desk_process(desk)
    assert found_in_memory(before) > 0
    desk.press("f8")
    desk.see("Locked.")
    begun = len(desk.chunks)
    desk.press("f8")
    wait_for(lambda: desk_process(desk) not in {0, before}, desk)
    desk.see(lambda text: "passphrase" in text and "Locked." not in text)
    assert found_in_memory(desk_process(desk)) == 0
    assert found_in_memory(desk.process.pid) == 0
    assert b"\x1b[?1049l" not in b"".join(piece for _, piece in desk.chunks[begun:])
    unlock(desk)
    desk.press("f10")
    assert desk.end() == 0
    assert termios.tcgetattr(desk._ours)[3] & termios.ECHO


def found_in_memory(pid: int) -> int:
    """Return how often a process's memory names a patient, or the passphrase."""
    wanted = [word.encode() for word in ("Lindqvist", "Okafor", "MI-P-0140")]
    hits = 0
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text(encoding="utf-8").splitlines():
            place, modes = line.split()[:2]
            if "w" not in modes:
                continue
            begin, end = (int(part, 16) for part in place.split("-"))
            try:
                memory.seek(begin)
                content = memory.read(end - begin)
            except (OSError, ValueError):
                continue
            hits += sum(content.count(word) for word in wanted)
    return hits


def test_a_basket_whose_terminal_goes_away_is_there_for_its_writer_and_in_no_file_in_clear(
    desk: Terminal, home: Path
) -> None:
    desk.press("enter")
    desk.see("born 1958-03-11")
    desk.press("d")
    desk.see("Cadillac Cookies")
    desk.type("blue dream\r3.5\r")
    desk.see(lambda text: " 1      3.5 g" in text)
    desk.type("cherry gummies\r")
    desk.see("how much of")
    desk.hang_up()
    assert desk.process.wait(timeout=20) == 0
    for path in home.rglob("*"):
        assert path.parent.name == "world" or not path.is_file() or b"Okafor" not in path.read_bytes()
    with Terminal([sys.executable, "-m", "pcc_desk", "--home", str(home), "demo"]) as again:
        unlock(again)
        again.press("enter")
        again.see("born 1958-03-11")
        again.press("d")
        text = again.see("Taken up from your draft.")
        assert " 1      3.5 g" in text
        assert "how much of" in text


def test_no_core_file_is_left_and_nobody_else_may_look_into_the_memory() -> None:
    asked = (
        "import ctypes, resource\n"
        "from pcc_desk.keeper import close_memory, no_core_files\n"
        "assert no_core_files() and close_memory()\n"
        "print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), *resource.getrlimit(resource.RLIMIT_CORE))\n"
    )
    told = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True)
    assert told.stdout.split() == ["0", "0", "0"]
