"""What the store remembers of the vault's files, so that an older one put in their place is noticed.

A copied slot file or count of tries is as sound as the newer one. Only what lies elsewhere tells that it is older.
"""

from pcc_desk.domain.staff_entries import VaultTrouble
from pcc_desk.store.connection import Connection
from pcc_desk.store.vault import Opened
from pcc_desk.store.vault.attempts import Tries

SLOTS = "slots"
_ALL = "SELECT name, value FROM vault_mark"
_IS_KNOWN = "SELECT 1 FROM vault_mark WHERE name = ?"
_PUT = "INSERT OR REPLACE INTO vault_mark VALUES (?, ?)"

SLOTS_REASON = (
    "Somebody changed who can open the store, or put an older list back. Nothing is written until a manager has looked "
    "at pcc-desk staff list, and seals it: pcc-desk staff seal."
)


def troubles(connection: Connection, opened: Opened) -> tuple[VaultTrouble, ...]:
    """Return what is wrong with the vault's files, as the store remembers them."""
    known = dict(connection.execute(_ALL).fetchall())
    found = []
    if not opened.is_whole:
        found.append(VaultTrouble.SLOTS_CHANGED)
    if opened.generation < known.get(SLOTS, 0):
        found.append(VaultTrouble.SLOTS_BACK)
    tries = opened.tries
    if tries is not None and tries.tried <= known.get(_tried(tries.salt), 0):
        found.append(VaultTrouble.TRIES_BACK)
    return tuple(found)


def keep(connection: Connection, opened: Opened) -> None:
    """Remember the vault's files as they were when they opened the store."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        keep_generation(connection, opened.generation)
        if opened.tries is not None:
            keep_tries(connection, opened.tries)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def keep_generation(connection: Connection, generation: int) -> None:
    """Remember how far the slot file came."""
    connection.execute(_PUT, (SLOTS, generation))


def keep_tries(connection: Connection, tries: Tries) -> None:
    """Remember how often a slot was tried, also where that is less than it was: it is on record then."""
    connection.execute(_PUT, (_tried(tries.salt), tries.tried))


def forget_computer(connection: Connection) -> None:
    """Forget how often slots were tried, and what the keyring knew: a restored record comes without its computer."""
    connection.execute("DELETE FROM vault_mark WHERE name LIKE 'tried %' OR name LIKE 'keyring %'")


KEPT_ELSEWHERE = "keyring knows"
"""The keyring of this computer was told how far the journal came."""
SILENCE_TOLD = "keyring silent"
"""Whoever sits here was told that there is no keyring to be used."""


def is_known(connection: Connection, name: str) -> bool:
    """Return whether something is remembered."""
    return connection.execute(_IS_KNOWN, (name,)).fetchone() is not None


def learn(connection: Connection, name: str, forget: str = "") -> None:
    """Remember something, in the place of something else, where that is new."""
    if not is_known(connection, name):
        connection.execute(_PUT, (name, 1))
    if is_known(connection, forget):
        connection.execute("DELETE FROM vault_mark WHERE name = ?", (forget,))


def _tried(salt: str) -> str:
    return f"tried {salt}"
