"""Numbers 5, 8, 10, 12, 13 and 14: who gets in, how long it takes, how often one may guess, what a leaver has."""

import os
import shutil
import signal
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from pcc_desk.domain.entries import Act, StaffAdded
from pcc_desk.domain.people import Person, Role, SecretKind
from pcc_desk.store.connection import STORE_FILE, StoreDamaged, connect
from pcc_desk.store.engine import EncryptedStore
from pcc_desk.store.vault import (
    SLOT_FILES,
    Attempts,
    Cost,
    NoDeviceSecret,
    NotOpened,
    Opened,
    Owner,
    Secret,
    SlotOff,
    calibrated,
    create_vault,
    device,
    unlock,
)
from pcc_desk.store.vault.attempts import ATTEMPTS_FILE
from pcc_desk.store.vault.staffing import begin_key_change, give_secret
from pcc_desk.store.vault_in_hand import VaultInHand
from trust.copies import _act, _open_shop, _sign
from trust.figures import Figure, Run, measures, nothing_wrong

IDA = Person(UUID(int=0x1DA), "Ida Nkemelu", Role.MANAGER)
BEN = Person(UUID(int=0xBE7), "Ben Osei", Role.COORDINATOR)
SECRET, BENS, PIN = "seven lamps over the harbor", "eleven quiet herons", "385912"
NOBODY = UUID(int=9)
TRIES = 9
SHORTEST_S, LONGEST_S, APART = 0.3, 1.0, 0.15
MOST_GUESSES = 10
BYTES, MOST_S = 400_000_000, 15


class Keyring:
    """Stands in for the keyring of a computer: it keeps what it is given."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        """Return what is kept under a name."""
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep something under a name."""
        self.kept[service, username] = password


class Forgetful(Keyring):
    """Says nothing, and keeps nothing."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep nothing."""


class Failing(Keyring):
    """Fails in one way."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.error = type(name, (Exception,), {})

    def get_password(self, service: str, username: str) -> str | None:
        """Fail."""
        raise self.error


class Hanging(Keyring):
    """Does not answer."""

    def get_password(self, service: str, username: str) -> str | None:
        """Wait longer than anybody does."""
        time.sleep(device.LONGEST_S + 5)
        return None


class Plain(Keyring):
    """Of a class that is known to keep plain text."""


for _each in (Keyring, Forgetful, Failing, Hanging):
    _each.__module__, _each.__qualname__ = "keyring.backends.SecretService", "Keyring"
Plain.__module__, Plain.__qualname__ = "keyrings.alt.file", "PlaintextKeyring"


@dataclass
class SetUptime:
    """A computer's time since its start, as it is set."""

    at: float
    start: str = "one"

    def boot(self) -> str:
        """Return which start it is."""
        return self.start

    def seconds(self) -> float:
        """Return the seconds since then."""
        return self.at


def _with_pin(run: Run, keyring: Keyring) -> Path:
    """Return the vault of a shop where Ida has a passphrase and a PIN."""
    home = run.new_folder("door")
    device._systems = lambda: keyring
    opened = create_vault(home, IDA, SECRET)
    give_secret(home, opened, Owner(IDA.id, IDA.name), Secret(SecretKind.PIN, PIN, Cost()))
    opened.wipe()
    return home


@measures(5, in_short=False)
def unlocking_takes_its_time(run: Run) -> Iterator[Figure]:
    """Unlock with the right secret, a wrong one, and as nobody, in turn, at the cost this computer is set up with."""
    home = run.new_folder("timing")
    create_vault(home, IDA, SECRET, calibrated()).wipe()
    took: dict[str, list[float]] = {"right": [], "wrong": [], "nobody": []}
    asked = {"right": (SECRET, IDA.id), "wrong": ("not this passphrase", IDA.id), "nobody": (SECRET, NOBODY)}
    for _ in range(TRIES):
        for name, (secret, who) in asked.items():
            (home / "attempts.json").unlink(missing_ok=True)
            before = time.perf_counter()
            unlock(home, secret, who)
            took[name].append(time.perf_counter() - before)
    slowest = statistics.quantiles(took["right"], n=20)[-1]
    yield Figure(5, "unlocking, p95", "0.3 to 1.0 s", f"{slowest:.2f} s", is_met=SHORTEST_S <= slowest <= LONGEST_S)
    best = {name: min(each) for name, each in took.items()}
    apart = max(best.values()) / min(best.values()) - 1
    told = ", ".join(f"{name} {each * 1000:.0f} ms" for name, each in best.items())
    yield Figure(5, "right, wrong and unknown, fastest of 9", "within 15 %", f"{apart:.1%} ({told})", apart <= APART)


@measures(8)
def guesses_are_counted(run: Run) -> Iterator[Figure]:
    """Guess a PIN, killed in the middle of each guess, with the computer started anew in between, until it is off."""
    keyring, dice = Keyring(), run.dice("guesses")
    home = _with_pin(run, keyring)
    uptime, guesses, gained = SetUptime(100.0), 0, []
    while guesses <= MOST_GUESSES + 2:
        outcome = _guess_and_kill(home, uptime, dice.uniform(0.0, 0.2))
        if outcome == "off":
            break
        guesses += 1
        if guesses >= 3:
            if _guess_and_kill(home, uptime, 5.0) not in {"wait", "off"}:
                gained.append(f"guess {guesses + 1} was taken at once")
            uptime.start, uptime.at = f"start {guesses}", 1.0
            if _guess_and_kill(home, uptime, 5.0) not in {"wait", "off"}:
                gained.append(f"guess {guesses + 1} was taken after a new start")
            uptime.at += 4000.0
    is_exact = guesses == MOST_GUESSES
    yield Figure(8, "guesses before a PIN is off, kill -9 in each", "exactly 10", f"{guesses}", is_exact)
    yield nothing_wrong(8, "guesses gained by starting the computer anew", gained, "0", f"{2 * (guesses - 2)} tries")


def _guess_and_kill(home: Path, uptime: SetUptime, after_s: float) -> str:
    """Guess in a process of its own; kill it when it takes a guess, else return why it takes none."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        outcome = unlock(home, "741963", IDA.id, Attempts(home, uptime))
        word = "off" if isinstance(outcome, SlotOff) else "wait" if not isinstance(outcome, Opened) else "open"
        told = "guess" if "Try again" in getattr(outcome, "reason", "") else word
        os.write(writing, told.encode())
        os._exit(0)
    os.close(writing)
    deadline = time.monotonic() + after_s
    counted = home / "attempts.json"
    before = counted.read_bytes() if counted.exists() else b""
    while time.monotonic() < deadline or (counted.read_bytes() if counted.exists() else b"") == before:
        done, _ = os.waitpid(child, os.WNOHANG)
        if done:
            break
        time.sleep(0.002)
    else:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    with os.fdopen(reading) as file:
        return file.read() or "killed"


@measures(12)
def a_thief_gets_nowhere(run: Run) -> Iterator[Figure]:
    """Carry the disk off with the right PIN and no keyring; and the disk with the keyring, without the PIN."""
    keyring = Keyring()
    home = _with_pin(run, keyring)
    device._systems = Keyring
    opened: list[str] = [] if isinstance(unlock(home, PIN, IDA.id), NoDeviceSecret) else ["the PIN without its keyring"]
    device._systems = lambda: keyring
    dice, uptime = run.dice("thief"), SetUptime(0.0)
    for number in range(8):
        pin = f"{dice.randrange(10**6):06}"
        uptime.at += 4000
        if pin != PIN and isinstance(unlock(home, pin, IDA.id, Attempts(home, uptime)), Opened):
            opened.append(f"PIN {number}")
    shutil.rmtree(home / "attempts.json", ignore_errors=True)
    yield nothing_wrong(12, "a stolen disk opened: PIN alone, keyring alone", opened, "never", "9 tries")


@measures(13)
def no_keyring_is_trusted_silently(run: Run) -> Iterator[Figure]:
    """Ask for a PIN's secret in the eight situations that a keyring can be in."""
    shown: dict[str, Callable[[], Keyring]] = {
        "none": lambda: Failing("NoKeyringError"),
        "null": lambda: _backend("keyring.backends.null"),
        "plain text": Plain,
        "locked": lambda: Failing("KeyringLocked"),
        "never set up": lambda: Failing("InitError"),
        "keeps nothing": Forgetful,
        "hangs": Hanging,
    }
    silent = []
    for name, make in shown.items():
        said = device.made_device_secret("a vault", make())
        if not isinstance(said, NoDeviceSecret) or not said.reason.endswith("."):
            silent.append(name)
    said = device.device_secret("a vault", Keyring())
    if not isinstance(said, NoDeviceSecret):
        silent.append("gone since")
    yield nothing_wrong(
        13, "keyrings trusted silently (stand-ins, by class name)", silent, "0", f"{len(shown) + 1} situations"
    )


def _backend(module: str) -> Keyring:
    from importlib import import_module

    found: Keyring = import_module(module).Keyring()
    return found


def _shop_of_two(run: Run, size: int = 0) -> Path:
    home = run.new_folder("leaving")
    opened = create_vault(home, IDA, SECRET)
    give_secret(home, opened, Owner(BEN.id, BEN.name), Secret(SecretKind.PASSPHRASE, BENS, Cost()))
    store = EncryptedStore.make(home, opened)
    store.write_now(_open_shop)
    store.write_now(lambda ledger: ledger.record(StaffAdded(BEN), _act()))
    store.write_now(_sign, 200)
    while (home / STORE_FILE).stat().st_size < size:
        store.write_now(_sign, 500)
    store.close()
    return home


def _see_ben_off(home: Path, act: Act) -> float:
    """Change the key as a manager does, leaving Ben out; return how long it took."""
    opened = _opened(home, SECRET, IDA)
    mine = opened.copy()
    store = EncryptedStore.open(home, opened)
    before = time.perf_counter()
    store.change_key(mine, begin_key_change(home, mine, frozenset({BEN.id})), act)
    took = time.perf_counter() - before
    store.close()
    return took


def _opened(home: Path, secret: str, person: Person) -> Opened:
    outcome: Opened | NotOpened = unlock(home, secret, person.id)
    if not isinstance(outcome, Opened):
        raise TypeError(outcome.reason)
    return outcome


@measures(14)
def a_leaver_is_kept_out(run: Run) -> Iterator[Figure]:
    """Kill the change of the key at points in it: who stays opens the store, whoever left does not."""
    rounds, dice, wrong = run.times(100, 4), run.dice("leaving"), []
    base = _shop_of_two(run)
    copied = run.new_folder("measured")
    shutil.copytree(base, copied, dirs_exist_ok=True)
    whole = _see_ben_off(copied, _act())
    begun = 0
    for number in range(rounds):
        home = run.new_folder("killed")
        shutil.copytree(base, home, dirs_exist_ok=True)
        kept = _opened(home, BENS, BEN)
        child = os.fork()
        if child == 0:
            _see_ben_off(home, _act())
            os._exit(0)
        slots = (home / "slots.json").read_bytes()
        while (home / "slots.json").read_bytes() == slots and not os.waitpid(child, os.WNOHANG)[0]:
            time.sleep(0.0005)
        time.sleep(dice.uniform(0.0, whole * 1.2))
        begun += _ended(child)
        wrong += _after_a_kill(home, kept, number)
        run.done_with(home)
    yield nothing_wrong(
        14,
        f"changes of the key killed ({begun} in the middle)",
        wrong,
        "0 of 100",
        f"{rounds} kills",
        is_enough=run.is_short or rounds >= 100,
    )


def _ended(child: int) -> int:
    """Kill a process; return whether it was still at it."""
    try:
        os.kill(child, signal.SIGKILL)
        return int(os.WIFSIGNALED(os.waitpid(child, 0)[1]))
    except (ProcessLookupError, ChildProcessError):
        return 0


def _after_a_kill(home: Path, kept: Opened, number: int) -> list[str]:
    """Return what is wrong after a kill: Ida gets in, with the whole record, and Ben's old key is worth nothing."""
    try:
        store = EncryptedStore.open(home, _opened(home, SECRET, IDA))
    except Exception as error:
        return [f"kill {number}: {type(error).__name__}"]
    try:
        count = store.on_connection(lambda it: it.execute("SELECT count(*) FROM note").fetchone()[0])
    finally:
        store.close()
    found = [] if count == 200 else [f"kill {number}: {count} notes of 200"]
    try:
        connect(home / STORE_FILE, kept.key, kept.salt).close()
    except StoreDamaged:
        return found
    return [*found, f"kill {number}: the old key opens it"]


@measures(14, in_short=False)
def leaving_is_quick(run: Run) -> Iterator[Figure]:
    """Change the key of a big store."""
    home = _shop_of_two(run, BYTES)
    size = (home / STORE_FILE).stat().st_size / 1e6
    took = _see_ben_off(home, _act())
    yield Figure(14, f"the key of {size:.0f} MB changed, checks included", "15 s", f"{took:.1f} s", took <= MOST_S)
    run.done_with(home)


@measures(10)
def older_files_of_the_vault(run: Run) -> Iterator[Figure]:
    """Put an older list of people, and an older count of tries, in place; take the count away; cut the trail."""
    home = run.new_folder("older")
    opened = create_vault(home, IDA, SECRET)
    store = EncryptedStore.make(home, opened)
    store.write_now(_open_shop)
    store.close()
    earlier = {name: (home / name).read_bytes() for name in (*SLOT_FILES, ATTEMPTS_FILE) if (home / name).exists()}
    give = _opened(home, SECRET, IDA)
    kept = give.copy()
    store = EncryptedStore.open(home, give)
    VaultInHand(home, store, kept, Cost()).give_secret(IDA, SecretKind.PASSPHRASE, SECRET)
    store.close()
    for _ in range(2):
        store = EncryptedStore.open(home, _opened(home, SECRET, IDA))
        store.close()
    older = (home / ATTEMPTS_FILE).read_bytes().replace(b'"tried": 2', b'"tried": 0')
    ways: dict[str, Callable[[], object]] = {
        "older slots": lambda: [(home / name).write_bytes(earlier[name]) for name in SLOT_FILES],
        "an older count of tries": lambda: (home / ATTEMPTS_FILE).write_bytes(older),
        "no count of tries": (home / ATTEMPTS_FILE).unlink,
        "the end of the trail": lambda: _cut_trail(home),
    }
    missed = []
    for name, put_back in ways.items():
        whole = {each.name: each.read_bytes() for each in home.iterdir() if each.is_file()}
        put_back()
        if not _is_noticed(home):
            missed.append(name)
        for each in home.iterdir():
            each.unlink()
        for file, content in whole.items():
            (home / file).write_bytes(content)
    yield nothing_wrong(10, "older slots, counts or a cut trail not noticed", missed, "0", f"{len(ways)} ways")


def _is_noticed(home: Path) -> bool:
    store = EncryptedStore.open(home, _opened(home, SECRET, IDA))
    try:
        return bool(store.vault_troubles) or bool(store.read_only)
    finally:
        store.close()


def _cut_trail(home: Path) -> None:
    """Take the last entries out of the journal and what they told, as somebody with the key and a tool would."""
    opened = _opened(home, SECRET, IDA)
    connection = connect(home / STORE_FILE, opened.key, opened.salt)
    for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {trigger}")
    connection.execute("DELETE FROM journal WHERE seq > 1")
    connection.execute("DELETE FROM event WHERE seq > 1")
    connection.close()
