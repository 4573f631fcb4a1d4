"""Number 22: the disk is full at every stage of a sale; what is there then is whole, and every sale has its entry."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from trust.figures import Figure, Run, measures, not_measured, nothing_wrong
from trust.looking import look, lost
from trust.shop import make_template

NAME = "disk full at every stage of a sale: state wrong, or no entry"
GOAL = "0"

ON_A_SMALL_DISK = """
import os, subprocess, sys
from pathlib import Path
from trust.shop import put_template
folder, template, free = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
size = template.stat().st_size + free
size += 4096 - size % 4096
subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "tmpfs", str(folder)], check=True)
put_template(template, folder)
sys.argv = ["worker", str(folder), "11", "3", "--retry"]
from trust.worker import main
main()
for each in folder.glob("store.db*"):
    (folder.with_name(folder.name + "-kept") / each.name).write_bytes(each.read_bytes())
"""


def alone() -> list[str] | None:
    """Return a command whose mounts end with it; None: this computer lets nobody mount."""
    command = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-rm"]
    try:
        done = subprocess.run([*command, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, check=False)
    except OSError:
        return None
    return command if done.returncode == 0 else None


@measures(22)
def full_disk(run: Run) -> Iterator[Figure]:
    """Let the disk run full a few pages further on each time, while visits are lived."""
    command = alone()
    if command is None:
        yield not_measured(22, NAME, GOAL, "nobody may mount a disk of their own here")
        return
    template = make_template(run.new_folder("template"))
    wrong: list[str] = []
    sizes = range(45_000, 1_200_000, 36_000) if not run.is_short else (60_000, 300_000)
    met = 0
    for free in sizes:
        folder = run.new_folder("small")
        kept = folder.with_name(f"{folder.name}-kept")
        kept.mkdir()
        arguments = [str(folder), str(template), str(free)]
        done = subprocess.run(
            [*command, sys.executable, "-c", ON_A_SMALL_DISK, *arguments], capture_output=True, text=True, check=False
        )
        said = [line.split(maxsplit=1) for line in done.stdout.splitlines()]
        met += any("disk is full" in words[1] or "so full" in words[1] for words in said if len(words) > 1)
        wrong += [f"{free} free: {each}" for each in (*_of(done, said, kept),)]
        run.done_with(folder)
        run.done_with(kept)
    of = f"{len(sizes)} disks, {met} of them full in the middle"
    yield nothing_wrong(22, NAME, wrong, GOAL, of, is_enough=met >= run.times(15, 1))


def _of(done: "subprocess.CompletedProcess[str]", said: list[list[str]], kept: Path) -> list[str]:
    if done.returncode or done.stderr:
        return [(done.stderr.strip().splitlines() or [f"ended with {done.returncode}"])[-1]]
    saved = [UUID(words[1]) for words in said if words[0] == "ACK"]
    refused = [UUID(words[1]) for words in said if words[0] == "NOT"]
    seen = look(kept, is_thorough=True)
    return [*seen.wrong, *lost(saved, seen), *(f"{each} is saved" for each in refused if each in seen.acts)]
