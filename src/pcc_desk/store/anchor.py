"""The anchor: how far the journal had come, kept outside of the file, so that an older one put in its place is noticed.

    anchor.log beside the store · any further place in `Anchors.places` · 20 characters on paper (`paper_form`)

A chain tells of every change inside it, and nothing of an end that is gone. What of it is known elsewhere tells that.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from pcc_desk.domain.audit_entries import AnchorState
from pcc_desk.home import write_private
from pcc_desk.store import codec, journal
from pcc_desk.store.connection import Connection
from pcc_desk.store.instants import instant

ANCHOR_FILE = "anchor.log"
FORMAT = 1
LONG = 100
"""From so many entries on, a journal without an anchor is one whose anchor is gone."""

SINCE = "SELECT applied_at FROM schema_migration WHERE name = 'keep who did what to whom, reviews and disclosures'"
HEAD_AT = "SELECT at FROM journal WHERE seq = ?"
SEAL_AT = "SELECT mac FROM journal WHERE seq = ?"
ACCOUNTS = (
    "SELECT j.name, j.version, j.body, j.at FROM event e INDEXED BY event_by_act JOIN journal j ON j.seq = e.seq "
    "WHERE e.act = ? ORDER BY e.at DESC LIMIT 20"
)


@dataclass(frozen=True, slots=True)
class Anchor:
    """The number and the seal of the journal's last entry, and when that was made."""

    seq: int
    mac: bytes
    at: datetime


class Place(Protocol):
    """Where an anchor is kept as a line of text."""

    def read(self) -> str | None:
        """Return what is kept there; None when nothing is. Raises `OSError`."""
        ...

    def write(self, text: str) -> None:
        """Keep a text, whole or not at all. Raises `OSError`."""
        ...


@dataclass(frozen=True, slots=True)
class FilePlace:
    """The file beside the store."""

    folder: Path

    def read(self) -> str | None:
        """Return what the file holds; bytes that are no text come back as text that is no anchor."""
        try:
            return (self.folder / ANCHOR_FILE).read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return None

    def write(self, text: str) -> None:
        """Write the file anew."""
        write_private(self.folder / ANCHOR_FILE, text.encode())


def _written(anchor: Anchor, key: bytes | bytearray) -> str:
    content = {"format": FORMAT, "seq": anchor.seq, "mac": anchor.mac.hex(), "at": anchor.at.isoformat()}
    return json.dumps({**content, "seal": _sealed(content, key)}, sort_keys=True) + "\n"


def _sealed(content: dict[str, object], key: bytes | bytearray) -> str:
    return hmac.digest(key, json.dumps(content, sort_keys=True).encode(), "sha256").hex()


def _read(text: str, key: bytes | bytearray) -> Anchor | AnchorState:
    try:
        content = json.loads(text)
        seal = content.pop("seal")
        if not hmac.compare_digest(bytes.fromhex(seal), bytes.fromhex(_sealed(content, key))):
            return AnchorState.UNSOUND
        return _unsealed(text) or AnchorState.UNSOUND
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return AnchorState.UNSOUND


def _unsealed(text: str) -> Anchor | None:
    try:
        content = json.loads(text)
        return Anchor(int(content["seq"]), bytes.fromhex(content["mac"]), datetime.fromisoformat(content["at"]))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return None


@dataclass(frozen=True, slots=True)
class Agrees:
    """The journal goes on from its anchor, or stands where that is; or it says itself why it does not.

    A copy was restored then, or a manager explained it.
    """


@dataclass(frozen=True, slots=True)
class Wanting:
    """There is no anchor where there should be one, or one that is not ours: an older journal would not be noticed."""

    state: AnchorState

    @property
    def reason(self) -> str:
        """What to say."""
        if self.state is AnchorState.MISSING:
            return f"{ANCHOR_FILE} is gone: whether this store is older than it was cannot be told."
        return f"{ANCHOR_FILE} was changed by somebody: whether this store is older than it was cannot be told."


@dataclass(frozen=True, slots=True)
class RolledBack:
    """The journal is not the one that the anchor knew. `found` is its last entry as it was found.

    `is_cut`: what happened is known beyond the journal's end, so entries were taken off it; else the whole store is
    an older one, or another.
    """

    known: Anchor
    found: Anchor
    is_cut: bool

    @property
    def is_behind(self) -> bool:
        """Whether it ends before the anchor; else it went another way after the same number of entries."""
        return self.found.seq < self.known.seq

    @property
    def reason(self) -> str:
        """What to say: what is so, why, what to do."""
        known, found = self.known, self.found
        if not self.is_behind:
            what = f"This is not the journal that was here: entry {known.seq:,} is another one."
        elif self.is_cut:
            what = f"The journal was cut: it ends at entry {found.seq:,} of {known.seq:,}."
        else:
            what = (
                f"This store is older than it was: it ends at entry {found.seq:,} of {found.at:%Y-%m-%d %H:%M} UTC, "
                f"and entry {known.seq:,} of {known.at:%Y-%m-%d %H:%M} UTC is known."
            )
        return f"{what} Nothing is written until a manager says why: pcc-desk journal explain, or x in Audit (ctrl+g)."


Finding = Agrees | Wanting | RolledBack


@dataclass
class Anchors:
    """Where the journal's anchor is kept, and how the journal stands to it."""

    places: Sequence[Place]
    key: bytes | bytearray
    earlier: Sequence[bytes | bytearray] = ()
    """Keys by which an anchor may be sealed still, where a change of the key was not finished."""
    finding: Finding = field(default_factory=Agrees)
    _kept: int = -1
    """The entry that was anchored last by this desk."""

    def last(self) -> Anchor | AnchorState:
        """Return the anchor that is furthest on of those that are ours; else what became of them."""
        texts = [text for text in map(_text_in, self.places) if text is not None]
        read = [_read(text, key) for text in texts for key in (self.key, *self.earlier)]
        sound = [each for each in read if isinstance(each, Anchor)]
        if sound:
            return max(sound, key=lambda each: each.seq)
        return AnchorState.UNSOUND if texts else AnchorState.MISSING

    def look(self, connection: Connection, made_at: datetime | None = None) -> Finding:
        """Compare the journal with its anchor. `made_at`: when the store was opened; it may be from before anchors."""
        row = connection.execute(SINCE).fetchone()
        had_none = made_at is not None and row is not None and instant(row[0]) == made_at
        self.finding = compare(connection, self.last(), had_none=had_none)
        seq, _ = journal.head(connection)
        if all(self._stands(place, seq) for place in self.places):
            self._kept = seq
        return self.finding

    def judge(self, connection: Connection, text: str | None, *, was_kept: bool) -> Finding:
        """Compare the journal with what another place keeps. One that is older than all is what may not be written.

        A text that is sealed by an earlier key is ours where its entry is in this journal: nobody else makes that seal.
        """
        if text is None:
            return Wanting(AnchorState.MISSING) if was_kept else Agrees()
        known = _read(text, self.key)
        if isinstance(known, Anchor):
            found = compare(connection, known)
            if isinstance(found, RolledBack) and isinstance(self.finding, Agrees):
                self.finding = found
            return found
        unsealed = _unsealed(text)
        is_ours = unsealed is not None and hmac.compare_digest(_seal_at(connection, unsealed.seq), unsealed.mac)
        return Agrees() if is_ours else Wanting(AnchorState.UNSOUND)

    def text(self, connection: Connection) -> str | None:
        """Return the anchor as it is kept, as far as the journal goes now; None while something is not explained."""
        seq, mac = journal.head(connection)
        if not isinstance(self.finding, Agrees):
            return None
        return _written(Anchor(seq, mac, _made_at(connection, seq)), self.key)

    def _stands(self, place: Place, seq: int) -> bool:
        """Whether an entry is what a place knows as the last, under the key of today."""
        text = _text_in(place)
        known = None if text is None else _read(text, self.key)
        return isinstance(known, Anchor) and known.seq == seq

    def change_key(self, connection: Connection, key: bytes | bytearray) -> None:
        """Seal the anchor by another key, as far as the journal goes now."""
        self.key, self._kept = key, -1
        self.keep(connection)

    def settle(self) -> None:
        """Go on from where the journal stands: what was found is on record."""
        self.finding = Agrees()

    def keep(self, connection: Connection) -> None:
        """Write how far the journal has come, where it grew. What was found must be on record before.

        A place that cannot be written is left: an anchor that lags is one, and the next is tried.
        """
        seq, _ = journal.head(connection)
        if not isinstance(self.finding, Agrees) or seq == self._kept:
            return
        text = self.text(connection) or ""
        for place in self.places:
            with suppress(OSError):
                place.write(text)
        self._kept = seq


def compare(connection: Connection, known: Anchor | AnchorState, *, had_none: bool = False) -> Finding:
    """Return how a journal stands to an anchor."""
    seq, mac = journal.head(connection)
    if isinstance(known, AnchorState):
        is_new = known is AnchorState.MISSING and (had_none or seq < LONG)
        return Agrees() if is_new else Wanting(known)
    if seq >= known.seq and hmac.compare_digest(_seal_at(connection, known.seq), known.mac):
        return Agrees()
    found = Anchor(seq, mac, _made_at(connection, seq))
    if _is_accounted(connection, known):
        return Agrees()
    is_cut = (connection.execute("SELECT max(seq) FROM event").fetchone()[0] or 0) > seq
    return RolledBack(known, found, is_cut)


def _is_accounted(connection: Connection, known: Anchor) -> bool:
    """Whether the journal says itself that it was to leave this anchor: a restore, or what a manager explained.

    An anchor that lagged is left with what it lagged behind: it is of an earlier entry, made before that was said.
    """
    for act, seq, seal in (
        ("store.restored", "left_seq", "left_seal"),
        ("roll_back.explained", "known_seq", "known_seal"),
    ):
        for name, version, body, at in connection.execute(ACCOUNTS, (act,)):
            entry = codec.read(name, version, body)
            left = getattr(entry, seq)
            if (left, getattr(entry, seal)) == (known.seq, known.mac.hex()):
                return True
            if known.seq < left and known.at < instant(at):
                return True
    return False


def _seal_at(connection: Connection, seq: int) -> bytes:
    row = connection.execute(SEAL_AT, (seq,)).fetchone()
    mac = row[0] if row else journal.FIRST if seq == 0 else b""
    return mac if isinstance(mac, bytes) else b""


def _made_at(connection: Connection, seq: int) -> datetime:
    row = connection.execute(HEAD_AT, (seq,)).fetchone()
    return instant(row[0] if row else 0)


def _text_in(place: Place) -> str | None:
    try:
        return place.read()
    except OSError:
        return None


# On paper

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: no letter that is read as another."""
READ_AS = str.maketrans("ILOU", "110V")
_TO_SIGNS = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", SIGNS.encode())


def paper_form(seq: int, mac: bytes) -> str:
    """Return an entry's number and its seal as 20 characters for paper: 80 bits of it, and 20 to find a slip."""
    told = base64.b32encode(hashlib.sha256(b"pcc-desk paper" + str(seq).encode() + mac).digest()[:10])
    check = base64.b32encode(hashlib.sha256(b"check" + str(seq).encode() + told).digest()[:5])[:4]
    signs = (told + check).translate(_TO_SIGNS).decode()
    return f"{seq} " + "-".join(signs[at : at + 4] for at in range(0, 20, 4))


@dataclass(frozen=True, slots=True)
class OnPaper:
    """What somebody read off a paper."""

    seq: int
    signs: str


def read_paper(typed: str) -> OnPaper | None:
    """Return what was typed from a paper; None when a character of it must be wrong."""
    number, _, rest = typed.replace(",", "").strip().partition(" ")
    signs = "".join(each for each in rest.upper() if each.isalnum()).translate(READ_AS)
    if not number.isascii() or not number.isdigit() or len(signs) != 20 or not set(signs) <= set(SIGNS):
        return None
    told = signs[:16].encode().translate(bytes.maketrans(SIGNS.encode(), b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
    check = base64.b32encode(hashlib.sha256(b"check" + str(int(number)).encode() + told).digest()[:5])[:4]
    return OnPaper(int(number), signs) if check.translate(_TO_SIGNS).decode() == signs[16:] else None


def says_the_same(connection: Connection, paper: OnPaper) -> bool:
    """Whether the journal is still the one of which a paper was printed."""
    mac = _seal_at(connection, paper.seq)
    return bool(mac) and read_paper(paper_form(paper.seq, mac)) == paper
