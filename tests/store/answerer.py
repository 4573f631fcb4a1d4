"""Takes an intake in the store of a folder, field by field from where it was left, as often as it is asked to.

python -m tests.store.answerer FOLDER

For each line of input a process of its own goes on: it says where that is, answers, and says once the answer is saved.
Then it sits at the next field until it is killed. Everything is loaded before, so that many kills take no time.
"""

import os
import signal
import sys
from pathlib import Path
from uuid import UUID, uuid4

from pcc_desk.desk.intake import answer, open_intake
from pcc_desk.domain.entries import Act
from pcc_desk.domain.intake import goes_on_at
from pcc_desk.rulebook.intake import intake_for
from tests.fakes import ANA, NOON, SHOP
from tests.store.stores import DAY, open_store
from tests.store.writer import say

WHO = UUID(int=0x1A7)
RULES = intake_for("MI")


def act() -> Act:
    """Return an act of Ana's under an id that nobody used before."""
    return Act(uuid4(), NOON, ANA.id, SHOP.counter)


def go_on(folder: Path) -> None:
    """Answer one field, where the intake was left, and then wait to be killed."""
    store = open_store(folder)
    opened = store.write_now(open_intake, WHO, RULES, DAY, act=act())
    key = goes_on_at(RULES.form, opened.intake)
    say(f"{os.getpid()} {key}")
    store.write_now(answer, WHO, key, f"answer to {key}", intake_for("MI"), act=act())
    say(key)
    signal.pause()


def main() -> None:
    """Go on once for each line of input."""
    for _ in sys.stdin:
        process = os.fork()
        if process == 0:
            go_on(Path(sys.argv[1]))
            os._exit(0)
        os.waitpid(process, 0)


if __name__ == "__main__":
    main()
