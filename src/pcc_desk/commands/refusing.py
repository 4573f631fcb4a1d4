"""How a command refuses what it is given, and writes what comes from files."""

from collections.abc import Iterator
from contextlib import contextmanager

from pcc_desk.desk.errors import DeskError


def printable(words: str) -> str:
    """Return words without line ends and without characters that cannot be seen or would steer a terminal."""
    if words.isprintable():
        return words
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in words)


class InputRefused(DeskError):
    """A file or an option cannot be used. The message says in one line where, what is wrong, and what to write."""

    def __init__(self, message: str) -> None:
        super().__init__(printable(message))


@contextmanager
def failing_with(status: int) -> Iterator[None]:
    """Let whatever keeps a command from its answer end it with this status, where 1 is an answer."""
    try:
        yield
    except (Exception, KeyboardInterrupt) as error:
        vars(error)["exit_status"] = status
        raise
