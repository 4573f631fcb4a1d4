"""An application at which a scanner types: what it reads is one message, and none of its keys presses anything."""

from typing import NamedTuple

from textual import events
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget

from pcc_desk.widgets.gate import A_PERSONS, CONTROL, Ended, Fate, Gate, Stroke
from pcc_desk.widgets.guard import MOST_KEYS_AHEAD, GuardedApp

MOST_KEYS_OF_A_SCAN = 4000
"""Keys that may wait while the desk is busy: a licence comes at once, and none of it may be dropped."""

AGAIN_S = 0.02

NO_SCANNERS = frozenset({*(f"f{number}" for number in range(1, 13)), "up", "down", "left", "right", "home", "end"})
"""Keys that no scanner sends. Behind text that came in one go, as over a slow line, they mean what they say."""


class Scanned(Message):
    """A scanner read something. The text may be anything, and is shown as text only."""

    def __init__(self, text: str, *, is_cut: bool = False) -> None:
        super().__init__()
        self.text = text
        self.is_cut = is_cut
        """It went on for longer than a scan lasts; the rest was dropped."""


class _Before(NamedTuple):
    """What stood in a field before letters of a scan were let into it."""

    widget: Widget
    text: str
    cursor: int | tuple[int, int]


class ScanningApp(GuardedApp):
    """Puts a gate before the keys, while there is one and `is_open_to_scans`."""

    gate: Gate | None = None

    def __init__(self) -> None:
        super().__init__()
        self._waiting: Timer | None = None
        self._before: _Before | None = None

    def is_open_to_scans(self) -> bool:
        """Whether something scanned now could be of use, and is no secret."""
        return True

    def key_arrives(self, key: str) -> bool:
        """Let a whole scan wait. Called from the thread that reads the terminal."""
        if self.gate is not None and self._keys_arrived - self._keys_seen < MOST_KEYS_OF_A_SCAN:
            self._keys_arrived += 1
            return True
        return super().key_arrives(key)

    async def on_event(self, event: events.Event) -> None:
        """Collect what a scanner types; let everything else through."""
        gate = self.gate
        is_its = isinstance(event, events.Key | events.Paste) and not event.is_forwarded
        if gate is None or not is_its or not self.screen_stack:
            await super().on_event(event)
        elif not self.is_open_to_scans():
            await self._finish()
            await super().on_event(event)
        elif isinstance(event, events.Paste):
            await self._pasted(gate, event)
        else:
            assert isinstance(event, events.Key)  # noqa: S101 - nothing else is left
            await self._key(gate, event)

    async def _pasted(self, gate: Gate, event: events.Paste) -> None:
        """Take a pasted scan for a scan; in a field only a licence, since numbers are pasted there on purpose."""
        is_licence = "ANSI " in event.text[:20] or "AAMVA" in event.text[:20]
        if is_licence or (self._field() is None and gate.is_shaped(event.text)):
            self.touched()
            self.post_message(Scanned(event.text))
        else:
            await super().on_event(event)

    async def _key(self, gate: Gate, event: events.Key) -> None:
        stroke = Stroke(event.key, _text_of(event), event.time, event)
        if gate.is_over(stroke.at):
            await self._finish()
        is_of_a_scan = bool(stroke.text) or event.key == gate.prefix
        is_a_persons = event.key in self.NEVER_DROPPED or event.key in NO_SCANNERS or self._ends_words(gate, stroke)
        if is_a_persons or (not is_of_a_scan and not gate.is_sure):
            await self._finish()
            await super().on_event(event)
            return
        field = self._field()
        if not gate.is_collecting:
            self._before = _before(field)
        if gate.key(stroke, is_typing=field is not None) is Fate.PASS:
            await super().on_event(event)
        else:
            self.touched()
            self._keys_seen += 1
        self._wait(gate.rest)

    def _ends_words(self, gate: Gate, stroke: Stroke) -> bool:
        """Whether it is enter or tab behind what a person typed into a field: no scan begins with these."""
        is_alone = not gate.is_collecting and stroke.key != gate.prefix
        return is_alone and stroke.text in {*A_PERSONS} and self._field() is not None

    def _wait(self, seconds: float) -> None:
        if self._waiting is not None:
            self._waiting.stop()
        self._waiting = self.set_timer(seconds, self._finish)

    async def _finish(self) -> None:
        """End what is being collected: a scan becomes a message, anything else goes on as the keys that it was."""
        if self._waiting is not None:
            self._waiting.stop()
            self._waiting = None
        if self.gate is None or not self.gate.is_collecting:
            return
        ended = self.gate.end()
        if not self.screen_stack:  # the desk is being left: what was typed is meant for nobody any more
            return
        keys = [each.event for each in ended.given_back if isinstance(each.event, events.Key)]
        await self.take_in_turn(keys[:MOST_KEYS_AHEAD] if ended.is_held_down else keys)
        if ended.is_scan:
            self._tell(ended)

    def _tell(self, ended: Ended) -> None:
        """Take back what was let into a field, once the keys let through are done with, and say what was read."""
        if self.screen_stack and ended.passed and (self._is_key_under_way or self._keys_ahead):
            self.set_timer(AGAIN_S, lambda: self._tell(ended))
            return
        before, self._before = self._before, None
        scanned = Scanned(ended.text, is_cut=ended.is_cut)

        def tell() -> None:
            if before is not None:
                _put_back(before)
            self.post_message(scanned)

        # Behind the letters that are on their way to the field, and before anything is put there by the scan.
        if not (ended.passed and before is not None and before.widget.call_later(tell)):
            self.post_message(scanned)

    def _field(self) -> Widget | None:
        """Return the field that letters go into; None: they are commands."""
        focused = self.focused
        is_field = focused is not None and focused.is_mounted and focused.check_consume_key("a", "a")
        return focused if is_field else None


def _text_of(event: events.Key) -> str:
    if event.key in CONTROL:
        return CONTROL[event.key]
    return event.character if event.character is not None and event.character.isprintable() else ""


def _before(widget: Widget | None) -> _Before | None:
    from textual.widgets import Input, TextArea  # noqa: PLC0415 - before the first frame there is none

    if isinstance(widget, Input):
        return _Before(widget, widget.value, widget.cursor_position)
    return _Before(widget, widget.text, widget.cursor_location) if isinstance(widget, TextArea) else None


def _put_back(before: _Before) -> None:
    from textual.widgets import Input, TextArea  # noqa: PLC0415 - before the first frame there is none

    widget, text, cursor = before
    if isinstance(widget, Input) and isinstance(cursor, int):
        widget.value, widget.cursor_position = text, cursor
    elif isinstance(widget, TextArea) and isinstance(cursor, tuple):
        widget.delete(cursor, widget.cursor_location)
        if widget.text != text:  # something that was marked was typed over
            widget.text = text
