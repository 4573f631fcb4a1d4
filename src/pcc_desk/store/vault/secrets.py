"""What a secret has to be, and how the desk makes one that nobody can guess."""

import base64
import hashlib
import secrets
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from itertools import pairwise

from pcc_desk.desk.errors import DeskError
from pcc_desk.domain.people import SecretKind
from pcc_desk.shipped import data_folder

SHORTEST_PASSPHRASE = 15
SHORTEST_PIN, LONGEST_PIN = 6, 12
WORDS = 6
RECOVERY_BYTES = 20
GROUP = 4
CHECK = GROUP
"""Characters at the end of a recovery code that show whether the others were typed rightly."""

_LIKE_LETTERS = str.maketrans("018", "OIB")


class SecretRefused(DeskError):
    """A secret is too short, or too easily guessed. The message says why and what to do."""


class Mistyped(DeskError):
    """A recovery code is not one that the desk ever made: a character is wrong or missing."""


def normal(secret: str) -> str:
    """Return a secret as it is stretched: the same whatever keyboard typed it."""
    return unicodedata.normalize("NFKC", secret)


def kind_of(secret: str) -> SecretKind:
    """Return which kind of secret somebody typed, by its shape."""
    words = normal(secret)
    return SecretKind.PIN if _is_digits(words) and len(words) < SHORTEST_PASSPHRASE else SecretKind.PASSPHRASE


def judged(secret: str, kind: SecretKind, known: Iterable[str] = ()) -> str:
    """Return a new secret as it is stretched. Raises `SecretRefused` with a sentence.

    `known` is what anybody would try first: the shop's name, the person's.
    """
    words = normal(secret)
    if kind is SecretKind.PIN:
        _judge_pin(words)
    else:
        _judge_passphrase(words, known)
    return words


def _is_digits(words: str) -> bool:
    return words.isascii() and words.isdigit()


def _judge_pin(pin: str) -> None:
    if not _is_digits(pin) or not SHORTEST_PIN <= len(pin) <= LONGEST_PIN:
        raise SecretRefused(f"A PIN has {SHORTEST_PIN} to {LONGEST_PIN} digits, and nothing else.")
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    if len(steps) == 1:
        raise SecretRefused("A PIN that repeats a digit, or counts, is the first one tried. Take another.")
    if len(set(pin)) < 3 or _is_repeated(pin):
        raise SecretRefused("A PIN that repeats itself is soon guessed. Take another.")
    if pin in _commonest():
        raise SecretRefused("That PIN is one of those that are tried first. Take another.")
    if any(1900 <= int(part) <= 2099 for part in (pin[:4], pin[-4:])):
        raise SecretRefused("A PIN with a year in it is soon guessed. Take another.")


def _judge_passphrase(words: str, known: Iterable[str]) -> None:
    if len(words) < SHORTEST_PASSPHRASE:
        raise SecretRefused(
            f"A passphrase has at least {SHORTEST_PASSPHRASE} characters; this one has {len(words)}. Take a few words."
        )
    if _is_digits(words):
        raise SecretRefused("A passphrase is more than digits. Take a few words.")
    plain = words.casefold()
    if len(set(plain)) < 6 or _is_repeated(plain):
        raise SecretRefused("A passphrase that repeats itself is soon guessed. Take a few different words.")
    if _core(plain) in _commonest():
        raise SecretRefused("That passphrase is one of those that are tried first. Take a few words of your own.")
    for name in known:
        for part in name.casefold().split():
            plain = plain.replace(part, "") if len(part) > 2 else plain
    if sum(letter.isalnum() for letter in plain) < SHORTEST_PASSPHRASE // 2:
        raise SecretRefused("Beside the names that anybody here knows, little is left of that. Take other words.")


@cache
def _commonest() -> frozenset[str]:
    """Return what is tried first (OWASP ASVS 6.2.4): our own list, and the 30,000 passwords seen most often in leaks.

    The latter come with zxcvbn, most seen first, among them some 1,500 PINs of a length that is taken here. One of
    which little is left without its digits ("love") tells nothing of a passphrase that ends with others.
    """
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # noqa: PLC0415 - a large module, for a rare moment

    lines = (data_folder() / "secrets" / "commonest.txt").read_text(encoding="utf-8").splitlines()
    ours = (each for each in lines if each and not each.startswith("#"))
    seen = (_core(each) for each in FREQUENCY_LISTS["passwords"] if len(each) >= SHORTEST_PIN)
    return frozenset({*ours, *(each for each in seen if len(each) >= SHORTEST_PIN)})


def _core(plain: str) -> str:
    """Return what counts of a secret: letters and digits, without the digits behind; of digits alone, all."""
    words = "".join(filter(str.isalnum, plain.casefold()))
    return words if words.isdigit() else words.rstrip("0123456789")


def _is_repeated(words: str) -> bool:
    """Whether it is one shorter text over and over."""
    return words in (words + words)[1:-1]


def new_passphrase() -> str:
    """Return six words, of 2,048 to the power of six possible."""
    words = _list_of_words()
    return " ".join(secrets.choice(words) for _ in range(WORDS))


def _list_of_words() -> list[str]:
    return (files("mnemonic") / "wordlist" / "english.txt").read_text(encoding="utf-8").split()


def new_recovery_code() -> str:
    """Return 160 bits as nine groups of four letters and digits; the last group checks the others."""
    code = base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode()
    whole = code + _check(code)
    return "-".join(whole[at : at + GROUP] for at in range(0, len(whole), GROUP))


def recovery_words(typed: str) -> str:
    """Return a typed recovery code as it is stretched: no spaces or hyphens, and 0, 1, 8 read as O, I, B.

    Raises `Mistyped`.
    """
    kept = "".join(letter for letter in normal(typed).upper() if letter.isalnum()).translate(_LIKE_LETTERS)
    expected = RECOVERY_BYTES * 8 // 5 + CHECK
    if len(kept) != expected:
        raise Mistyped(f"A recovery code has {expected} letters and digits; this one has {len(kept)}. Type it again.")
    code, check = kept[:-CHECK], kept[-CHECK:]
    if check != _check(code):
        raise Mistyped("That is not as it stands on a recovery sheet: a letter is wrong. Type it again.")
    return code


def _check(code: str) -> str:
    return base64.b32encode(hashlib.sha256(b"pcc-desk recovery " + code.encode()).digest()).decode()[:CHECK]
