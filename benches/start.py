"""From exec to a first screen that no longer changes: the desk, a Textual application of one line, and posting."""

import statistics
import subprocess
import sys
from pathlib import Path

from benches.figures import Row, percentile, spread
from tests.terminal import Terminal

ROOT = Path(__file__).parent.parent
POSTING = ("posting==2.11.1", "tree-sitter==0.25.*")
"""With the last tree-sitter that the languages it pulls in were built for."""
RUNS = 15
POSTING_RUNS = 5
QUIET_S = 0.4
LONGEST_S = 20.0
POSTING_QUIET_S = 0.45

ONE_STATIC = """
from textual.app import App
from textual.widgets import Static

class One(App):
    def compose(self):
        yield Static("passphrase")

One().run()
"""

Command = tuple[list[str], dict[str, str], float]


def started(command: Command) -> float:
    """Return the seconds from exec to the last change of the first screen.

    A program may be silent before its first frame. What it writes is drawn here only when it has settled: drawing takes
    as long as a frame does, and what came meanwhile would seem to come later.
    """
    arguments, environ, quiet = command
    with Terminal(arguments, environ) as terminal:
        end = terminal.began
        while not terminal.text.strip():
            if not terminal.listen(LONGEST_S):
                raise RuntimeError(f"{arguments[0]} drew nothing")
            end = terminal.settle(quiet)
        terminal.process.kill()
    return end - terminal.began


def rows(home: Path, folder: Path) -> list[Row]:
    """Measure the start, and the help of the command line."""
    desk = str(Path(sys.executable).parent / "pcc-desk")
    alone = folder / "one_static.py"
    alone.write_text(ONE_STATIC, encoding="utf-8")
    commands: dict[str, Command] = {
        "desk": ([desk, "--home", str(home)], {}, QUIET_S),
        "one Static": ([sys.executable, str(alone)], {}, QUIET_S),
    }
    posting = posting_command(folder)
    if isinstance(posting, list):
        commands["posting"] = (posting, {"HOME": str(folder), "XDG_DATA_HOME": str(folder)}, POSTING_QUIET_S)
    took: dict[str, list[float]] = {name: [] for name in commands}
    for command in commands.values():
        started(command)  # once without the clock, for the disk's sake
    for run in range(RUNS):
        for name, command in commands.items():
            if name != "posting" or run % (RUNS // POSTING_RUNS) == 0:
                took[name].append(started(command))
    median = {name: statistics.median(figures) for name, figures in took.items()}
    behind = f"desk {spread(took['desk'])}; one Static {spread(took['one Static'])}"
    beside = Row("start, settled / one-Static Textual", median["desk"] / median["one Static"], 1.1, "x", behind)
    if "posting" not in took:
        return [beside, Row("start, settled / posting", None, 0.25, "x", str(posting)), help_row(desk)]
    share = median["desk"] / median["posting"]
    return [beside, Row("start, settled / posting", share, 0.25, "x", spread(took["posting"])), help_row(desk)]


def posting_command(folder: Path) -> list[str] | str:
    """Return how to start posting, put into an environment of its own; or why it is not there."""
    place = ROOT / ".bench" / "posting"
    program = place / "bin" / "posting"
    if not (place / "whole").exists():
        tool = next((str(each) for each in (ROOT / ".uv/bin/uv",) if each.exists()), "uv")
        install = [tool, "pip", "install", "-q", "--compile-bytecode", "--python", str(place / "bin" / "python")]
        try:
            subprocess.run([tool, "venv", "-q", "--clear", str(place)], check=True, capture_output=True)
            subprocess.run([*install, *POSTING], check=True, capture_output=True)
            (place / "whole").touch()
        except (OSError, subprocess.CalledProcessError) as error:
            return f"{POSTING[0]} could not be installed ({error})"
    collection = folder / "collection"
    collection.mkdir(exist_ok=True)
    return [str(program), "--collection", str(collection)]


def help_row(desk: str) -> Row:
    """Measure `--help`, which a person waits for too."""
    took = []
    for _ in range(RUNS):
        with Terminal([desk, "--help"]) as terminal:
            terminal.end()
            took.append(terminal.chunks[-1][0] - terminal.began)
    return Row("--help", percentile(took, 0.95) * 1000, 150, "ms at p95", spread(took))
