"""What was installed: Python, packages, encryption, byte code, terminal, keyring."""

import importlib.util
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from pcc_desk.doctor.findings import Check, Finding, Found
from pcc_desk.store.about import cipher_versions

PACKAGES = ("textual", "rich", "click", "pydantic", "sqlcipher3", "sqlalchemy", "sqlmodel", "httpx", "cryptography")
OLDEST_PYTHON = (3, 11)
SMALLEST_TERMINAL = os.terminal_size((80, 24))


def python(_home: Path) -> Iterator[Finding]:
    """Which Python runs."""
    facts = {"python": platform.python_version(), "system": platform.system(), "machine": platform.machine()}
    says = f"Python {facts['python']} on {facts['system']} {facts['machine']}."
    if sys.version_info[:2] < OLDEST_PYTHON:
        yield Finding("python", Found.TROUBLE, says, "Install Python 3.11 or newer.", facts)
    else:
        yield Finding("python", Found.FINE, says, facts=facts)


def packages(_home: Path) -> Iterator[Finding]:
    """Which packages the desk stands on."""
    facts = {name: version(name) for name in PACKAGES}
    says = ", ".join(f"{name} {number}" for name, number in facts.items()) + "."
    yield Finding("packages", Found.FINE, says, facts=facts)


def encryption(_home: Path) -> Iterator[Finding]:
    """Whether the store's library encrypts at all."""
    facts = cipher_versions()
    if facts["sqlcipher"]:
        says = f"SQLCipher {facts['sqlcipher']}, SQLite {facts['sqlite']}, {facts['provider']}."
        yield Finding("encryption", Found.FINE, says, facts=facts)
    else:
        says = f"The library under sqlcipher3 is plain SQLite {facts['sqlite']} and cannot encrypt."
        yield Finding("encryption", Found.TROUBLE, says, "Install the wheel of sqlcipher3 that uv.lock names.", facts)


def byte_code(_home: Path) -> Iterator[Finding]:
    """Whether starting has to compile, which makes it three times slower."""
    stale = [name for name in ("textual.app", "pydantic.main", "pcc_desk.app") if not _is_compiled(name)]
    if stale:
        mend = f'Run env -u PYTHONDONTWRITEBYTECODE "{sys.executable}" -m compileall -q "{_site()}" "{_own()}"'
        yield Finding("byte code", Found.WARNING, f"Not compiled: {', '.join(stale)}; every start compiles anew.", mend)
    else:
        yield Finding("byte code", Found.FINE, "Compiled.")


def _is_compiled(module: str) -> bool:
    """Return whether the byte code of a module is there and made from the source beside it."""
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None or spec.cached is None:
        return False
    try:
        header = Path(spec.cached).read_bytes()[:16]
        source = Path(spec.origin).stat()
    except OSError:
        return False
    if header[:4] != importlib.util.MAGIC_NUMBER:
        return False
    if int.from_bytes(header[4:8], "little"):
        return True  # checked by the source's hash, or not at all
    made_from = int.from_bytes(header[8:12], "little"), int.from_bytes(header[12:16], "little")
    return made_from == (int(source.st_mtime) & 0xFFFFFFFF, source.st_size & 0xFFFFFFFF)


def _site() -> Path:
    spec = importlib.util.find_spec("click")
    return Path(spec.origin).parents[1] if spec and spec.origin else Path(sys.prefix)


def _own() -> Path:
    return Path(__file__).parents[1]


def terminal(_home: Path) -> Iterator[Finding]:
    """Whether this terminal is large enough and shows colours."""
    if not sys.stdout.isatty():
        yield Finding("terminal", Found.INFORMATION, "The output goes to a program, so no terminal was looked at.")
        return
    size = shutil.get_terminal_size()
    colours = "16 million colours" if os.environ.get("COLORTERM") in {"truecolor", "24bit"} else "256 colours or fewer"
    says = f"{size.columns}×{size.lines}, {colours}, TERM is {os.environ.get('TERM', 'not set')}."
    if size.columns < SMALLEST_TERMINAL.columns or size.lines < SMALLEST_TERMINAL.lines:
        yield Finding("terminal", Found.WARNING, says, "Enlarge the window to 80×24 at least; 100×30 is comfortable.")
    else:
        yield Finding("terminal", Found.FINE, says)


def keyring(_home: Path) -> Iterator[Finding]:
    """Whether the system's keyring can keep the secret of this computer, which PINs need; a passphrase needs none."""
    import keyring as library  # noqa: PLC0415 - slow to load, and only the doctor asks

    from pcc_desk.store.vault.device import unusable  # noqa: PLC0415 - likewise

    backend = type(library.get_keyring())
    name = f"{backend.__module__}.{backend.__qualname__}"
    why_not = unusable()
    facts = {"backend": name, "usable": "no" if why_not else "yes"}
    if why_not is None:
        yield Finding("keyring", Found.FINE, f"The system's keyring ({name}) can be used for PINs.", facts=facts)
    else:
        says = f"No PIN can be used here. {why_not.reason.removesuffix(' Use your passphrase.')}"
        yield Finding("keyring", Found.INFORMATION, says, "A passphrase opens the desk without one.", facts)


INSTALLATION_CHECKS: tuple[Check, ...] = (
    python,
    packages,
    encryption,
    byte_code,
    terminal,
    keyring,
)
