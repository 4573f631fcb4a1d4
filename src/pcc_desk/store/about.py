"""What can be said of the store's library and file without opening the store."""

from pathlib import Path

from sqlcipher3 import dbapi2 as sqlcipher

from pcc_desk.store.connection import PLAIN_HEADER


def cipher_versions() -> dict[str, str]:
    """Return the versions of `sqlcipher`, `sqlite` and the `provider` of the ciphers; empty when it cannot encrypt."""
    connection = sqlcipher.connect(":memory:")
    try:
        connection.set_key(bytearray(b"a library says what it enciphers with once it has a key"))
        said = {
            name: connection.execute(f"PRAGMA {pragma}").fetchone()
            for name, pragma in (("sqlcipher", "cipher_version"), ("provider", "cipher_provider_version"))
        }
    finally:
        connection.close()
    versions = {name: str(row[0]) if row else "" for name, row in said.items()}
    return {"sqlcipher": versions["sqlcipher"], "sqlite": sqlcipher.sqlite_version, "provider": versions["provider"]}


def is_plain(path: Path) -> bool:
    """Return whether a database file lies there that anybody can read. Raises `OSError`."""
    with path.open("rb") as file:
        return file.read(len(PLAIN_HEADER)) == PLAIN_HEADER
