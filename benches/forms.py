"""How soon a long form stands: one drawn widget with one editor, beside as many pairs of a label and an input."""

import asyncio
import gc
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from textual.app import App
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, Label

from benches.figures import Row, spread
from pcc_desk.widgets.environment import settle
from pcc_desk.widgets.form import FormSheet, Question
from pcc_desk.widgets.theme import DARK

ROOT = Path(__file__).parents[1]
FIELDS = 40
RUNS = 12
SIZE = (120, 40)


class Pairs(Screen[None]):
    """Forty labels, each with an input beside it."""

    DEFAULT_CSS = """
    Pairs VerticalScroll {
        layout: grid;
        grid-size: 2;
        grid-columns: 40 1fr;
        grid-rows: 3;
    }
    """

    def compose(self) -> Iterable[Widget]:
        """Return them in a column that scrolls."""
        with VerticalScroll():
            for number in range(FIELDS):
                yield Label(f"question {number}")
                yield Input()


class Drawn(Screen[None]):
    """Forty questions in one widget."""

    def compose(self) -> Iterable[Widget]:
        """Return it."""
        yield FormSheet(tuple(Question(f"q{number}", f"question {number}") for number in range(FIELDS)))


class _Empty(App[None]):
    """An application with nothing in it, in the desk's own colours."""

    def on_mount(self) -> None:
        """Take the colours."""
        self.register_theme(DARK)
        self.theme = DARK.name


async def _openings(kinds: tuple[Callable[[], Screen[None]], ...]) -> tuple[list[float], ...]:
    """Return how long each took, one after the other again and again, from pushing it until it was drawn."""
    took: tuple[list[float], ...] = tuple([] for _ in kinds)
    app = _Empty()
    async with app.run_test(size=SIZE) as pilot:
        for _ in range(RUNS):
            for kind, figures in zip(kinds, took, strict=True):
                gc.collect()
                figures.append(await _opening(app, kind()))
                await app.pop_screen()
                await pilot.pause()
    return took


async def _opening(app: App[None], screen: Screen[None]) -> float:
    drawn = asyncio.Event()
    before = time.perf_counter()
    await app.push_screen(screen)
    screen.call_after_refresh(drawn.set)
    await drawn.wait()
    screen._compositor.render_strips()
    return time.perf_counter() - before


def form_rows() -> list[Row]:
    """Measure both in one process of their own, drawing as soon as the desk does, and a screen with nothing on it."""
    environ = dict(os.environ)
    settle(environ)
    done = subprocess.run(
        [sys.executable, "-m", "benches.forms"], capture_output=True, text=True, cwd=ROOT, env=environ, check=True
    )
    empty, pairs, drawn = json.loads(done.stdout)
    whole = statistics.median(drawn) / statistics.median(pairs)
    base = statistics.median(empty)
    beyond = (statistics.median(drawn) - base) / (statistics.median(pairs) - base)
    behind = (
        f"{beyond:.2f} beyond an empty screen: drawn {spread(drawn)}; widgets {spread(pairs)}; empty {spread(empty)}"
    )
    return [Row(f"a form of {FIELDS} fields opened", whole, 1 / 8, "of widgets", behind)]


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_openings((Screen, Pairs, Drawn)))))
