"""The situations of a computer's keyring, with the real daemon on a bus of its own where this machine has both.

Nothing is installed for it. Stand-ins for each stand in `test_secrets`, and always run.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

HAS_DAEMON = all(shutil.which(each) for each in ("gnome-keyring-daemon", "dbus-run-session", "dbus-send"))
with_daemon = pytest.mark.skipif(not HAS_DAEMON, reason="this machine has no gnome-keyring and dbus to try it with")

ASK = """
import sys
from pcc_desk.store.vault import device
device.LONGEST_S = float(sys.argv[2])
def told(found):
    return getattr(found, "reason", "the secret" if isinstance(found, bytes) else repr(found))
match sys.argv[1]:
    case "make":
        print(told(device.made_device_secret("a vault")))
    case "read":
        print(told(device.device_secret("a vault")))
    case "anchor":
        print(device.keep_text("a journal", "entry 7"), told(device.kept_text("a journal")))
    case "lose":
        import keyring
        keyring.delete_password(device.SERVICE, "a vault")
"""

UNLOCKED = "printf 'a password\\n' | gnome-keyring-daemon --unlock --components=secrets > /dev/null\n"
NOT_UNLOCKED = "gnome-keyring-daemon --daemonize --components=secrets > /dev/null\n"
ITS_ID = (
    "pid=$(dbus-send --print-reply=literal --dest=org.freedesktop.DBus / "
    "org.freedesktop.DBus.GetConnectionUnixProcessID string:org.freedesktop.secrets | awk '{print $2}')\n"
)


@pytest.fixture
def folder() -> Iterator[Path]:
    """Return a home of its own, with a short name: sockets lie in it."""
    with tempfile.TemporaryDirectory(prefix="keyring") as name:
        yield Path(name)


def said(folder: Path, script: str, *, has_bus: bool = True, backend: str = "") -> list[str]:
    """Run a script in a session of its own, with that home; return the lines it wrote."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DBUS", "PYTHON_KEYRING"))}
    own = {name: str(folder) for name in ("HOME", "XDG_RUNTIME_DIR", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}
    environment = {**kept, **own, **({"PYTHON_KEYRING_BACKEND": backend} if backend else {})}
    (folder / "ask.py").write_text(ASK)
    ask = f'ask() {{ "{sys.executable}" "{folder}/ask.py" "$1" "${{2:-5}}"; }}\nset -e\n'
    command = ["dbus-run-session", "--"] if has_bus else []
    result = subprocess.run(
        [*command, "bash", "-c", ask + script], env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    return result.stdout.splitlines()


def test_without_a_bus_there_is_no_keyring(folder: Path) -> None:
    (told,) = said(folder, "ask make", has_bus=False)
    assert told == "This computer has no keyring. Use your passphrase."


def test_a_backend_that_keeps_nothing_is_refused(folder: Path) -> None:
    (told,) = said(folder, "ask make", has_bus=False, backend="keyring.backends.null.Keyring")
    assert "is not one that is known to keep secrets" in told


@with_daemon
def test_an_unlocked_one_keeps_the_secret_and_the_anchor_and_what_is_lost_is_not_made_anew(folder: Path) -> None:
    script = UNLOCKED + "ask make; ask read; ask anchor; ask lose; ask read; ask read"
    made, read, anchor, lost, still = said(folder, script)
    assert (made, read, anchor) == ("the secret", "the secret", "None 'entry 7'")
    assert lost == still
    assert "holds no secret of this shop any more" in lost


@with_daemon
def test_a_locked_one_says_to_unlock_it_and_has_the_secret_again_when_it_is(folder: Path) -> None:
    made, *_ = said(folder, UNLOCKED + "ask make")
    (told,) = said(folder, NOT_UNLOCKED + "ask read")
    (again,) = said(folder, UNLOCKED + "ask read")
    assert (made, again) == ("the secret", "the secret")
    assert "locked: unlock it first. Use your passphrase." in told


@with_daemon
def test_one_that_was_never_set_up_says_so(folder: Path) -> None:
    (told,) = said(folder, NOT_UNLOCKED + "ask make")
    assert told == "This computer's keyring was never set up, or is locked: unlock it first. Use your passphrase."


@with_daemon
def test_one_that_hangs_holds_nobody_up(folder: Path) -> None:
    script = UNLOCKED + "ask make\n" + ITS_ID + "kill -STOP $pid; ask read 0.5; kill -CONT $pid; ask read"
    made, told, again = said(folder, script)
    assert (made, again) == ("the secret", "the secret")
    assert told == "This computer's keyring does not answer. Use your passphrase."
