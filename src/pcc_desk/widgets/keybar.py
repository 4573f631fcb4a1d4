"""The line of keys at the bottom: drawn from the bindings that work at this moment."""

from textual.screen import Screen

from pcc_desk.widgets.drawn import Drawn, Line, Span

AT_MOST = 7

NAMES = {
    "slash": "/",
    "space": "space",
    "enter": "enter",
    "escape": "esc",
    "pagedown": "page down",
    "pageup": "page up",
    "left": "←",
    "right": "→",
    "up": "↑",
    "shift+tab": "shift tab",
    "down": "↓",
}


def key_name(key: str) -> str:
    """Return a key as it stands on a keyboard, ctrl as ^."""
    return NAMES.get(key, key.replace("ctrl+", "^"))


class KeyBar(Drawn):
    """At most seven keys of the screen; at the right, the two that always work."""

    DEFAULT_CSS = """
    KeyBar {
        height: 1;
        padding: 0 1;
    }
    """

    ALWAYS: Line = (("^g", "key"), (" go   ", "muted"), ("f1", "key"), (" help", "muted"))

    def __init__(self) -> None:
        super().__init__()
        self._keys: tuple[tuple[str, str], ...] = ()

    def on_mount(self) -> None:
        """Follow the screen's bindings."""
        self.screen.bindings_updated_signal.subscribe(self, self._read)
        self.call_after_refresh(self._read, self.screen)

    def _read(self, screen: Screen[object]) -> None:
        keys: dict[str, tuple[str, str]] = {}
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if binding.show and active.enabled:
                keys.setdefault(binding.action, (key_name(binding.key), binding.description))
        shown = tuple(keys.values())[:AT_MOST]
        if shown != self._keys:
            self._keys = shown
            self.refresh()

    @property
    def text(self) -> str:
        """What is shown, as plain text."""
        return "   ".join(f"{key} {words.lower()}" for key, words in self._keys)

    def line(self, y: int) -> Line:
        """Return the keys, as many as fit."""
        always = sum(len(text) for text, _ in self.ALWAYS)
        room = self.size.width - always - 2
        spans: list[Span] = []
        used = 0
        for key, words in self._keys:
            length = len(key) + len(words) + 4
            if used + length > room + 3:
                break
            spans += [(key, "key"), (f" {words.lower()}   ", "")]
            used += length
        return (*spans, (" " * max(self.size.width - always - used, 0), ""), *self.ALWAYS)
