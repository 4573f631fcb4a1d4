"""A desk in a process of its own, to be watched or hindered by strace: lives visits and says what is saved.

python -m trust.worker FOLDER SEED COUNT [--retry]

Says `ACK id` once an act is saved. With --retry, an act that is told not to be saved is tried again under its own id,
and `NOT id` is said when it is not saved in the end; `READ ONLY` ends the day.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar
from uuid import UUID

from pcc_desk.desk.errors import AlreadyRecorded, DeskError, NotSaved
from pcc_desk.desk.ports import Ledger, Store
from trust.shop import a_day, load_everything, open_store

P = ParamSpec("P")
T = TypeVar("T")

TRIES = 3


def say(words: str) -> None:
    """Say a line, whole."""
    os.write(1, f"{words}\n".encode())


class Retrying:
    """Implements `desk.ports.Store` over another: does again what was told not to be saved, as a person would."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def read_only(self) -> str:
        """Why nothing may be written."""
        return self._store.read_only

    async def read(self, use_case: Callable[Concatenate[Ledger, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case that only reads, once more when it could not be read."""
        try:
            return await self._store.read(use_case, *args, **kwargs)
        except NotSaved:
            return await self._store.read(use_case, *args, **kwargs)

    async def write(self, use_case: Callable[Concatenate[Ledger, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case, again with the same act while it is told not to be saved."""
        tried: set[UUID] = set()

        def noted(ledger: Ledger) -> T:
            outcome = use_case(ledger, *args, **kwargs)
            tried.update(getattr(ledger, "recorded", ()))
            return outcome

        for left in reversed(range(TRIES)):
            try:
                return await self._store.write(noted)
            except AlreadyRecorded as error:
                say(f"TWICE {error}")
                raise
            except NotSaved as fault:
                say(f"FAILED {fault}")
                if left == 0 or self.read_only:
                    for each in tried:
                        say(f"NOT {each}")
                    raise
        raise NotSaved("never tried")


def main() -> int:
    """Live the day."""
    folder, seed, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    load_everything()
    say("BEGINS")
    try:
        store = open_store(folder)
    except DeskError as error:
        say(f"SHUT {error}")
        return 3
    try:
        over: Store = Retrying(store) if "--retry" in sys.argv else store
        a_day(over, seed, count, lambda each: say(f"ACK {each}"))
    except DeskError as error:
        say(f"ENDED {error}")
    finally:
        store.close()
    say("CLOSED")
    return 0


if __name__ == "__main__":
    sys.exit(main())
