"""Records what a desk does to its disk, by strace, and plays every prefix of it back as a cut of the power leaves it.

The model: what was written before an fsync of the same file has reached the disk when that fsync returned; of what was
written since, each sector of 512 bytes may have, or not. Names appear and vanish at once.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from uuid import UUID

SECTOR = 512
CALLS = "openat,pwrite64,write,fsync,fdatasync,ftruncate,unlink"
_LINE = re.compile(r"^(\d+) +(\w+)\((.*)$")
_RESUMED = re.compile(r"^(\d+) +<\.\.\. (\w+) resumed>(.*)$")
_ON_FILE = re.compile(r"^(\d+)<((?:\\x[0-9a-f]{2})*)>(?:, )?(.*)$")
_PATH = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, in order. `file` is a name in the store's folder."""

    call: str
    """write, sync, cut, gone, or said."""
    file: str = ""
    at: int = 0
    data: bytes = b""


def strace() -> str | None:
    """Return where strace is; None: this computer has none, or lets nobody use it."""
    program = shutil.which("strace")
    if program is None:
        return None
    can = subprocess.run([program, "-o", "/dev/null", "true"], capture_output=True, check=False)
    return program if can.returncode == 0 else None


def recorded(program: str, folder: Path, trace: Path, seed: int, count: int) -> list[Event]:
    """Let a worker live visits under strace; return what it did to the files of a folder, and what it said."""
    command = [program, "-f", "--seccomp-bpf", "-y", "-xx", "-s", "1000000", "-e", f"trace={CALLS}", "-o", str(trace)]
    worker = [sys.executable, "-m", "trust.worker", str(folder), str(seed), str(count)]
    subprocess.run([*command, *worker], check=True, capture_output=True)
    return list(_events(trace, folder))


def _bytes(escaped: str) -> bytes:
    return bytes.fromhex(escaped.replace("\\x", ""))


def _events(trace: Path, folder: Path) -> Iterator[Event]:
    begun: dict[str, str] = {}
    with trace.open(encoding="ascii", errors="replace") as lines:
        for line in lines:
            resumed = _RESUMED.match(line)
            if resumed:
                thread, call, rest = resumed.groups()
                arguments = begun.pop(f"{thread}{call}", "") + rest
            elif (plain := _LINE.match(line)) is not None:
                thread, call, arguments = plain.groups()
                if arguments.rstrip().endswith("<unfinished ...>"):
                    begun[f"{thread}{call}"] = arguments.rstrip().removesuffix("<unfinished ...>").rstrip()
                    continue
            else:
                continue
            event = _event(call, arguments, folder)
            if event is not None:
                yield event


def _event(call: str, arguments: str, folder: Path) -> Event | None:
    """Return what a call did to a file of the folder, or said; None when it did neither."""
    if call in {"unlink", "openat"}:
        found = _PATH.search(arguments)
        path = Path(_bytes(found.group(1)).decode()) if found else Path()
        return Event("gone" if call == "unlink" else "open", path.name) if path.parent == folder else None
    on_file = _ON_FILE.match(arguments)
    if on_file is None:
        return None
    number, escaped, rest = on_file.groups()
    path, data = Path(_bytes(escaped).decode(errors="replace")), _PATH.search(rest)
    if call == "write":
        return Event("said", data=_bytes(data.group(1))) if number == "1" and data else None
    return _on(call, path.name, rest) if path.parent == folder else None


def _on(call: str, name: str, rest: str) -> Event | None:
    data = _PATH.search(rest)
    if call in {"fsync", "fdatasync"}:
        return Event("sync", name)
    if call == "ftruncate":
        return Event("cut", name, int(re.findall(r"\d+", rest)[0]))
    return Event("write", name, int(re.findall(r"\d+", rest[data.end() :])[1]), _bytes(data.group(1))) if data else None


class Disk:
    """The files of a folder as a disk holds them: what is on it for good, and what is only on its way."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self._for_good = {name: bytearray(content) for name, content in files.items()}
        self._on_its_way: dict[str, list[Event]] = {}
        self.acknowledged: list[UUID] = []

    def follow(self, event: Event) -> None:
        """Let one thing happen."""
        match event.call:
            case "said":
                for line in event.data.decode().splitlines():
                    if line.startswith("ACK "):
                        self.acknowledged.append(UUID(line.split()[1]))
            case "open":
                self._for_good.setdefault(event.file, bytearray())
            case "gone":
                self._for_good.pop(event.file, None)
                self._on_its_way.pop(event.file, None)
            case "sync":
                self._for_good[event.file] = self._with(event.file, self._on_its_way.pop(event.file, []))
            case _:
                self._on_its_way.setdefault(event.file, []).append(event)

    def _with(self, name: str, events: list[Event]) -> bytearray:
        content = bytearray(self._for_good.get(name, bytearray()))
        for each in events:
            if each.call == "cut":
                _cut(content, each.at)
            else:
                _put(content, each.at, each.data)
        return content

    def after_the_cut(self, kept: str, dice: Random) -> dict[str, bytes]:
        """Return the files when the power goes now. `kept` of what is on its way: none, all, or torn sectors."""
        files = {}
        for name in self._for_good.keys() | self._on_its_way.keys():
            pending = self._on_its_way.get(name, [])
            if kept == "none":
                pending = []
            elif kept == "torn":
                pending = [part for each in pending for part in _torn(each, dice)]
            files[name] = bytes(self._with(name, pending))
        return files


def _cut(content: bytearray, size: int) -> None:
    content.extend(bytes(max(size - len(content), 0)))
    del content[size:]


def _put(content: bytearray, at: int, data: bytes) -> None:
    content.extend(bytes(max(at + len(data) - len(content), 0)))
    content[at : at + len(data)] = data


def _torn(event: Event, dice: Random) -> Iterator[Event]:
    """Yield the sectors of a write that reached the disk, each by a throw of the dice; a cut did or did not."""
    if event.call == "cut":
        if dice.random() < 0.5:
            yield event
        return
    start = event.at
    end = event.at + len(event.data)
    while start < end:
        stop = min((start // SECTOR + 1) * SECTOR, end)
        if dice.random() < 0.5:
            yield Event("write", event.file, start, event.data[start - event.at : stop - event.at])
        start = stop
