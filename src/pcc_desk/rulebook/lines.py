"""On which line of a TOML text each key and each element stands, so that what is wrong can be pointed at."""

import re
from bisect import bisect_right

Place = tuple[str | int, ...]
"""The keys and the positions that lead to a value."""

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY = re.compile(r"""\s*(?:"((?:[^"\\\n]|\\.)*)"|'([^'\n]*)'|([A-Za-z0-9_-]+))\s*""")
_TEXT = re.compile(
    r'''"""(?:[^\\]|\\.)*?"{3,5}(?!")|\'\'\'.*?\'{3,5}(?!\')|"(?:[^"\\\n]|\\.)*"|'[^'\n]*\'''', re.DOTALL
)
_BARE = re.compile(r"[^,\]}\n#]*")


def lines_of(text: str) -> dict[Place, int]:
    """Return the line, from 1, of each table, key and element of a TOML text that is known to be well formed.

    What it cannot follow, it leaves out: a missing line is better than a wrong one.
    """
    scanner = _Scanner(text.replace("\r\n", " \n"))
    try:
        scanner.scan()
    except (ValueError, RecursionError):
        return {}
    return scanner.lines


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.lines: dict[Place, int] = {}
        self._ends = [place for place, letter in enumerate(text) if letter == "\n"]
        self._counts: dict[Place, int] = {}

    def scan(self) -> None:
        table: Place = ()
        self._skip()
        while self.at < len(self.text):
            if self.text.startswith("[", self.at):
                table = self._header()
            else:
                self._pair(table)
            self._skip()

    def _skip(self) -> None:
        if found := _BLANK.match(self.text, self.at):
            self.at = found.end()

    def _note(self, place: Place) -> None:
        self.lines.setdefault(place, bisect_right(self._ends, self.at) + 1)

    def _header(self) -> Place:
        start = self.at
        is_array = self.text.startswith("[[", self.at)
        self.at += 2 if is_array else 1
        keys = self._keys()
        self._expect("]]" if is_array else "]")
        place: Place = ()
        for position, key in enumerate(keys):
            place += (key,)
            if is_array and position == len(keys) - 1:
                self._counts[place] = self._counts.get(place, 0) + 1
            if place in self._counts:
                place += (self._counts[place] - 1,)
        end, self.at = self.at, start
        self._note(place)
        self.at = end
        return place

    def _pair(self, table: Place) -> None:
        start = self.at
        place = table + self._keys()
        end, self.at = self.at, start
        self._note(place)
        self.at = end
        self._expect("=")
        self._skip()
        self._value(place)

    def _keys(self) -> tuple[str, ...]:
        keys = []
        while True:
            found = _KEY.match(self.text, self.at)
            if found is None:
                raise ValueError
            keys.append(next(each for each in found.groups() if each is not None))
            self.at = found.end()
            if not self.text.startswith(".", self.at):
                return tuple(keys)
            self.at += 1

    def _expect(self, sign: str) -> None:
        if not self.text.startswith(sign, self.at):
            raise ValueError
        self.at += len(sign)

    def _value(self, place: Place) -> None:
        letter = self.text[self.at : self.at + 1]
        if letter == "[":
            self._array(place)
        elif letter == "{":
            self._inline(place)
        else:
            found = (_TEXT if letter in {'"', "'"} else _BARE).match(self.text, self.at)
            if found is None or not found.group():
                raise ValueError
            self.at = found.end()

    def _array(self, place: Place) -> None:
        self._expect("[")
        position = 0
        self._skip()
        while not self.text.startswith("]", self.at):
            self._note((*place, position))
            self._value((*place, position))
            position += 1
            self._comma("]")
        self._expect("]")

    def _inline(self, place: Place) -> None:
        self._expect("{")
        self._skip()
        while not self.text.startswith("}", self.at):
            self._pair(place)
            self._comma("}")
        self._expect("}")

    def _comma(self, closing: str) -> None:
        self._skip()
        if not self.text.startswith(closing, self.at):
            self._expect(",")
            self._skip()
