"""Rows of the table: a ratio against its goal first, the figures behind it as information."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One goal. `ratio` is what was measured of what `goal` allows at most; both in `unit`."""

    name: str
    ratio: float | None
    """None: it could not be measured here; `behind` says why."""
    goal: float
    unit: str
    behind: str

    @property
    def is_met(self) -> bool:
        """Whether the goal is met. What could not be measured is not called met."""
        return self.ratio is not None and self.ratio <= self.goal

    @property
    def line(self) -> str:
        """The row as it is printed."""
        mark = "ok  " if self.is_met else "n/a " if self.ratio is None else "OVER"
        measured = "–" if self.ratio is None else f"{self.ratio:.2f}"
        return f"{mark} {self.name:<46}{measured:>8} of {self.goal:<5g} {self.unit:<14} {self.behind}"


def percentile(figures: Sequence[float], share: float) -> float:
    """Return the figure that `share` of all do not exceed; with few figures the greatest."""
    ordered = sorted(figures)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def spread(figures: Sequence[float]) -> str:
    """Return median, p95, p99 and the number of figures, in milliseconds from seconds."""
    p50, p95, p99 = statistics.median(figures), percentile(figures, 0.95), percentile(figures, 0.99)
    return f"p50 {p50 * 1000:.2f}  p95 {p95 * 1000:.2f}  p99 {p99 * 1000:.2f} ms  n {len(figures)}"
