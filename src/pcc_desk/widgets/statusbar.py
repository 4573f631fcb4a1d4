"""The two lines on top: where one is, who, which systems answer, what waits."""

from dataclasses import dataclass

from rich.cells import cell_len

from pcc_desk.widgets.drawn import Drawn, Line, Span
from pcc_desk.widgets.plain import fit, visible

WRONG = frozenset({"warning", "danger"})
"""Tones of what somebody is to look at."""


@dataclass(frozen=True, slots=True)
class PlaceTab:
    """A place, what waits there, and whether it is this one."""

    name: str
    badge: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class StatusView:
    """Everything the two lines say."""

    places: tuple[PlaceTab, ...]
    shop: str
    person: str
    systems: tuple[Span, ...]
    alert: tuple[str, ...]
    """A sentence that takes the systems' place, the longest wording first; empty when all is well."""
    clock: str


class StatusBar(Drawn):
    """Shows one `StatusView`."""

    DEFAULT_CSS = """
    StatusBar {
        height: 3;
        padding: 0 1;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.view: StatusView | None = None

    def show(self, view: StatusView) -> None:
        """Show another view; what is the same is not painted."""
        if view == self.view:
            return
        before = self.view
        self.view = view
        if before is None:
            self.refresh()
            return
        is_first_same = (before.places, before.shop, before.person) == (view.places, view.shop, view.person)
        self.paint((1,) if is_first_same else (0, 1))

    @property
    def text(self) -> str:
        """What is shown, as plain lines."""
        return "\n".join("".join(text for text, _ in self.line(y)).rstrip() for y in (0, 1))

    def line(self, y: int) -> Line:
        """Return the places, the systems, or the rule below them."""
        if self.view is None or y > 1:
            return (("─" * self.size.width, "muted"),) if y == 2 else ()
        return self._places(self.view) if y == 0 else self._systems(self.view)

    def _places(self, view: StatusView) -> Line:
        spans: list[Span] = []
        for tab in view.places:
            name = f"{tab.name} {tab.badge}" if tab.badge else tab.name
            spans.append((f"[{name}]" if tab.is_current else f" {name} ", "heading" if tab.is_current else ""))
        for right in (f"{view.shop}   {view.person}", view.person, ""):
            filled = self._filled(spans, right)
            if filled is not None:
                return filled
        return tuple(spans)

    def _systems(self, view: StatusView) -> Line:
        if view.alert:
            room = self.size.width - cell_len(view.clock) - 1
            words = next((each for each in view.alert if cell_len(visible(each)) <= room), view.alert[-1])
            return ((fit(words, room), "warning"), (f" {view.clock}", ""))
        systems = list(view.systems)
        while systems:
            spans: list[Span] = []
            for text, tone in systems:
                spans += [(text, tone), ("   ", "")]
            filled = self._filled(spans, view.clock)
            if filled is not None:
                return filled
            del systems[_least(systems)]
        return ((view.clock, ""),)

    def _filled(self, spans: list[Span], right: str) -> Line | None:
        """Return the line with `right` at its end, or None when there is no room for both."""
        right = visible(right)
        space = self.size.width - sum(cell_len(visible(text)) for text, _ in spans) - cell_len(right)
        return (*spans, (" " * space, ""), (right, "")) if space >= 1 else None


def _least(systems: list[Span]) -> int:
    """Return the place of what is left out first: what is wrong stays longest, and the first to the end."""
    order: list[int] = [*range(len(systems) - 2, 0, -1), len(systems) - 1]
    calm = [place for place in order if systems[place][1] not in WRONG]
    return (calm or order)[0]
