"""Number 4: what patients are called, and what was noted of them, stands in no file in clear, whatever happened."""

import base64
import sys
from collections.abc import Iterator
from pathlib import Path

from pcc_desk.practice import PASSPHRASE
from pcc_desk.simulator.day import NOTES
from tests.terminal import Terminal
from trust.crashes import lived
from trust.figures import Figure, Run, measures, nothing_wrong
from trust.shop import training

CRASHES = 5
OUTSIDE = ("world", "exports")
"""The simulated registry and the till of the practice shop: their files are not the desk's."""
SHORTEST = 7
"""Of shorter names a random page may hold the letters by chance."""
TYPED = "Wants nobody at home to know of it."


@measures(4, in_short=False)
def traces(run: Run) -> Iterator[Figure]:
    """Live a day with crashes, in the program with a screen too, and look through every file that was made."""
    dice = run.dice("traces")
    place = run.new_folder("traces")
    home = place / "home"
    environ = {name: str(place / name.lower()) for name in ("TMPDIR", "HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")}
    for each in environ.values():
        Path(each).mkdir()
    acts = 0
    for _ in range(CRASHES - 1):
        acts += len(lived(home, dice.randrange(1000), 100, dice.randint(20, 80), environ))
    _crashed_at_the_screen(home, environ)
    wrong = list(_found(place))
    acts += len(lived(home, dice.randrange(1000), 3, None, environ))
    wrong += _found(place)
    files = [each for each in place.rglob("*") if each.is_file() and not _is_outside(each, home)]
    of = f"{len(files)} files, {acts} acts, {CRASHES} crashes, {len(markers())} words in 9 forms"
    yield nothing_wrong(4, "words of patients in any file in clear", wrong, "0", of, is_enough=acts > 100)


def _crashed_at_the_screen(home: Path, environ: dict[str, str]) -> None:
    """Open the desk in a terminal, type half a note, and kill it."""
    desk = str(Path(sys.executable).parent / "pcc-desk")
    with Terminal([desk, "--home", str(home), "demo"], environ) as terminal:
        terminal.see("passphrase")
        terminal.type(PASSPHRASE)
        terminal.press("enter")
        terminal.see("[Today")
        terminal.type("/MI-P-0032-1187\r")
        terminal.see("Lindqvist")
        terminal.press("i", "p", "c", "enter")
        terminal.press("n")
        terminal.type(TYPED)
        terminal.process.kill()


def markers() -> frozenset[str]:
    """Return what would be a patient's: names, card numbers, phones, words that were noted; and the secret."""
    shop = training()
    people = {name for each in shop.patients for name in (each.family_name, each.given_name, each.phone)}
    told = people | {each.number for each in shop.cards} | set(NOTES) | {PASSPHRASE, TYPED}
    return frozenset(each for each in told if len(each) >= SHORTEST)


def forms(word: str) -> Iterator[bytes]:
    """Yield a word in every form in which it would be a leak."""
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        yield word.encode(encoding)
    raw = word.encode()
    yield raw.hex().encode()
    yield raw.hex().upper().encode()
    yield word.lower().encode()
    for shift in range(3):
        whole = base64.b64encode(bytes(shift) + raw)
        yield whole[(shift * 8 + 5) // 6 : (len(raw) + shift) * 8 // 6]


def _is_outside(path: Path, home: Path) -> bool:
    return any(path.is_relative_to(home / each) for each in OUTSIDE)


def _found(place: Path) -> Iterator[str]:
    wanted = {form: word for word in markers() for form in forms(word)}
    for path in place.rglob("*"):
        if path.is_file() and not _is_outside(path, place / "home"):
            content = path.read_bytes()
            for form, word in wanted.items():
                if form in content:
                    yield f"“{word}” in {path.relative_to(place)}"
