"""The whole check of a journal: every seal, its end against its anchor, and what it says itself of a restore."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Self

from pcc_desk.domain.audit_entries import RollBackExplained, StoreRestored
from pcc_desk.store import codec, journal
from pcc_desk.store.anchor import ACCOUNTS, Finding, RolledBack, Wanting, read_paper, says_the_same
from pcc_desk.store.connection import Connection
from pcc_desk.store.elsewhere import elsewhere_words
from pcc_desk.store.watched import Watched

Account = StoreRestored | RollBackExplained


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it should be. `seq` is the entry at which; zero where that is not known."""

    kind: str
    """changed, deleted, moved, cut off, rolled back, other journal, anchor missing, anchor unsound, paper."""
    seq: int
    words: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check came to."""

    entries: int
    findings: tuple[Fault, ...]
    accounts: tuple[Account, ...]
    """What the journal says itself of copies that were put back, newest first."""
    not_compared: str = ""
    """Why the keyring of this computer was not asked, as a sentence; empty when it was, and in the practice shop."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


@dataclass(frozen=True, slots=True)
class Known:
    """How a journal stood to its anchor when the store was opened, and to the second place of it."""

    beside: Finding
    elsewhere: Finding
    not_compared: str
    """Why that place was not asked, as a sentence."""

    @classmethod
    def of(cls, store: Watched) -> Self:
        """Return what an open store knows."""
        return cls(store.anchor_finding, store.found_elsewhere, store.heard.silence)


def check(connection: Connection, key: Callable[[int], bytes], known: Known, paper: str | None) -> Checked:
    """Check a journal, and its end against what is known of it."""
    faults = list(_faults(connection, key, known.beside, paper))
    if isinstance(known.elsewhere, Wanting):
        faults.append(Fault(f"keyring {known.elsewhere.state}", 0, elsewhere_words(known.elsewhere).words.rstrip(".")))
    accounts = tuple(_accounts(connection)) if not faults else ()
    return Checked(journal.head(connection)[0], tuple(faults), accounts, known.not_compared)


def _faults(
    connection: Connection, key: Callable[[int], bytes], finding: Finding, paper: str | None
) -> Iterator[Fault]:
    held = journal.verify(connection, key)
    if isinstance(held, journal.Broken):
        yield Fault(held.breach.value, held.seq, held.why)
    match finding:
        case RolledBack(known=known, found=found):
            kind = "cut off" if finding.is_cut else "rolled back" if finding.is_behind else "other journal"
            words = f"it ends at entry {found.seq:,}, and entry {known.seq:,} of {known.at:%Y-%m-%d %H:%M} UTC is known"
            yield Fault(kind, found.seq, words)
        case Wanting():
            yield Fault(f"anchor {finding.state}", 0, finding.reason.rstrip("."))
        case _:
            pass
    events, entries = connection.execute(
        "SELECT (SELECT count(*) FROM event), (SELECT count(*) FROM journal)"
    ).fetchone()
    if events != entries and not isinstance(held, journal.Broken) and not isinstance(finding, RolledBack):
        yield Fault("cut off", entries, f"{events:,} events are told of {entries:,} entries")
    if paper is not None:
        read = read_paper(paper)
        if read is None:
            yield Fault("paper", 0, "a character of what was typed from the paper must be wrong; look again")
        elif not says_the_same(connection, read):
            yield Fault("paper", read.seq, f"entry {read.seq:,} is not the one of which the paper was printed")


def _accounts(connection: Connection) -> Iterator[Account]:
    for act in ("store.restored", "roll_back.explained"):
        for name, version, body, _ in connection.execute(ACCOUNTS, (act,)):
            entry = codec.read(name, version, body)
            if isinstance(entry, Account):
                yield entry
