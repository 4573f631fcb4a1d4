"""Keeps the simulated world over a restart, and writes down what it accepted."""

import os
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pcc_desk.simulator.exact import exact_json, read_exactly

if TYPE_CHECKING:
    from pcc_desk.simulator.world import World


def save(world: "World") -> None:
    """Write what happened since the training data, whole or not at all."""
    if world.file is None:
        return
    fresh = world.file.with_suffix(".new")
    text = exact_json(
        {
            "day": world.today.isoformat(),
            "born": world.born,
            "keys": list(world.keys),
            "receipts": world.receipts,
            "till": world.till,
            "remaining": {label: str(amount) for label, amount in world.remaining.items()},
            "books": world.books,
            "notes": world.notes,
        }
    )
    with _private(fresh, os.O_TRUNC) as out:
        out.write(text)
    fresh.replace(world.file)


def read(file: Path) -> dict[str, Any] | None:
    """Return what was kept; None when there is nothing that can be read."""
    try:
        kept = read_exactly(file.read_bytes())
        return kept if isinstance(kept, dict) else None
    except (OSError, ValueError, RecursionError):
        return None


def load(world: "World", *, other_days: bool) -> bool:
    """Take up what was kept; return whether there was anything that can be read."""
    kept = read(world.file) if world.file else None
    try:
        if kept is None or (kept["day"] != world.today.isoformat() and not other_days):
            return False
        receipts, till = kept["receipts"], kept["till"]
        remaining = {label: Decimal(amount) for label, amount in kept["remaining"].items()}
        for receipt in receipts:
            receipt["TotalPrice"] = Decimal(receipt["TotalPrice"])
    except (KeyError, TypeError, AttributeError, ArithmeticError):
        return False
    world.receipts, world.till, world.remaining = receipts, till, remaining
    world.books = kept.get("books", {})
    world.notes = kept.get("notes", [])
    world.born = kept.get("born") or world.born
    return True


def write_ledger(world: "World") -> None:
    """Append to the ledger what it does not hold yet of this world's notes.

    The world is kept first: what a kill in between leaves out is made up for at the next start.
    """
    if world.ledger is None:
        return
    if world.written is None:
        world.written = _written(world)
    left = world.notes[world.written :]
    if not left and world.ledger.exists():
        return
    with _private(world.ledger, os.O_APPEND) as out:
        out.writelines(exact_json(note) + "\n" for note in left)
    world.written = len(world.notes)


def _written(world: "World") -> int:
    """Return how many notes of this world the ledger holds. A last line without its end is finished."""
    path = world.ledger
    if path is None or not path.exists():
        return 0
    raw = path.read_bytes()
    if raw and not raw.endswith(b"\n"):
        whole = raw[: raw.rfind(b"\n") + 1]
        os.truncate(path, len(whole))
        raw = whole
    last = 0
    for line in raw.splitlines():
        try:
            note = read_exactly(line)
        except ValueError:
            continue
        if isinstance(note, dict) and note.get("world") == world.born:
            last = max(last, int(note.get("n", 0)))
    return last


def _private(path: Path, how: int) -> Any:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | how, 0o600), "w", encoding="utf-8")


def began(kept: dict[str, Any]) -> datetime | None:
    """Return when a kept world began; None when it does not say."""
    try:
        return datetime.fromisoformat(str(kept["born"]).partition("/")[0])
    except (KeyError, ValueError):
        return None


def keys(kept: dict[str, Any]) -> tuple[str, str] | None:
    """Return the keys of a kept world; None when it does not say."""
    match kept.get("keys"):
        case [str(vendor), str(user)]:
            return vendor, user
        case _:
            return None
