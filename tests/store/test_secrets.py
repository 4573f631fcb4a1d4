"""What a secret has to be, how often it may be tried, and what a PIN rests on."""

import json
import shutil
import threading
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcc_desk.domain.people import Person, Role, SecretKind
from pcc_desk.store.vault import (
    Attempts,
    Cost,
    Mistyped,
    MustWait,
    NoDeviceSecret,
    Opened,
    Owner,
    Secret,
    SecretRefused,
    SlotFile,
    SlotOff,
    WrongSecret,
    create_vault,
    device,
    judged,
    load,
    new_passphrase,
    secrets,
    unlock,
    unlock_by_recovery,
)
from pcc_desk.store.vault.attempts import ATTEMPTS_FILE, WAITS_S
from pcc_desk.store.vault.secrets import kind_of, new_recovery_code, recovery_words
from pcc_desk.store.vault.slots import Slot
from pcc_desk.store.vault.staffing import SlotRefused, allow_again, give_recovery, give_secret, take_pin
from tests.store.keyrings import Chain, Failing, Forgetful, Hanging, PlaintextKeyring, SystemKeyring

pytestmark = pytest.mark.usefixtures("quick_secrets")

ANA = Person(UUID(int=0xA1), "Ana Ruiz", Role.COORDINATOR)
OWNER = Owner(ANA.id, ANA.name)
SHEET = Owner(UUID(int=0x5EE7), "Recovery sheet")
SECRET, PIN = "correct horse, zwölf staples", "385912"


@dataclass
class FixedUptime:
    """A computer's time since it was started, as a test sets it."""

    at: float = 100.0
    start: str = field(default="first start")

    def boot(self) -> str:
        return self.start

    def seconds(self) -> float:
        return self.at


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SystemKeyring, str]:
    """Return a vault with a passphrase, a PIN and a recovery sheet, its keyring, and the sheet's code."""
    folder, keyring = tmp_path_factory.mktemp("secrets") / "shop", SystemKeyring()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(device, "_systems", lambda: keyring)
        opened = create_vault(folder, ANA, SECRET)
        give_secret(folder, opened, OWNER, Secret(SecretKind.PIN, PIN, Cost()))
        return folder, keyring, give_recovery(folder, opened, SHEET, Cost())


@pytest.fixture
def folder(made: tuple[Path, SystemKeyring, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the vault, on a computer that has its keyring."""
    shutil.copytree(made[0], tmp_path / "shop", ignore=shutil.ignore_patterns(ATTEMPTS_FILE))
    monkeypatch.setattr(device, "_systems", lambda: made[1])
    return tmp_path / "shop"


def slot_of(folder: Path, kind: SecretKind) -> Slot:
    file = load(folder)
    assert isinstance(file, SlotFile)
    return next(each for each in file.slots if each.kind is kind)


def wrong(kind: SecretKind) -> str:
    return "741963" if kind is SecretKind.PIN else "not this passphrase"


# What a secret has to be


@pytest.mark.parametrize(
    ("pin", "why"),
    [
        ("12345", "6 to 12 digits"),
        ("1234567890123", "6 to 12 digits"),
        ("38591a", "6 to 12 digits"),
        ("٣٨٥٩١٢", "6 to 12 digits"),
        ("111111", "repeats a digit"),
        ("345678", "counts"),
        ("147258", "tried first"),
        ("8675309", "tried first"),
        ("987654", "counts"),
        ("890123", "counts"),
        ("135791", "counts"),
        ("121212", "repeats itself"),
        ("112211", "repeats itself"),
        ("385385", "repeats itself"),
        ("198512", "a year"),
        ("031974", "a year"),
    ],
)
def test_a_pin_that_is_tried_first_is_refused(pin: str, why: str) -> None:
    with pytest.raises(SecretRefused, match=why):
        judged(pin, SecretKind.PIN)


@pytest.mark.parametrize(
    ("secret", "why"),
    [
        ("fourteen chars", "at least 15 characters; this one has 14"),
        ("123456789012345678", "more than digits"),
        ("aaaaaaaaaaaaaaaa", "repeats itself"),
        ("abcdabcdabcdabcd", "repeats itself"),
        ("Ana Ruiz 1 Ana Ruiz 2", "anybody here knows"),
        ("This is my passphrase!", "tried first"),
        ("Leave me alone 2026!", "tried first"),
        ("Correct-Horse battery staple 2026", "tried first"),
        ("Butterfly 8273 6491 5530", "tried first"),
    ],
)
def test_a_passphrase_that_is_soon_guessed_is_refused(secret: str, why: str) -> None:
    with pytest.raises(SecretRefused, match=why):
        judged(secret, SecretKind.PASSPHRASE, (ANA.name,))


def test_what_is_said_to_be_tried_first_is_written_as_it_is_compared_and_no_other_rule_refuses_all_of_it() -> None:
    commonest = secrets._commonest()
    assert len(commonest) > 20_000
    assert all(each.isalnum() and each == each.casefold() for each in commonest)
    assert all(each.isdigit() or not each[-1].isdigit() for each in commonest)
    assert min(map(len, commonest)) == secrets.SHORTEST_PIN


@pytest.mark.parametrize("secret", ["love 8273 6491 5530", "a8 2736 4915 5301 77"])
def test_a_short_word_before_many_digits_is_not_tried_first(secret: str) -> None:
    assert judged(secret, SecretKind.PASSPHRASE, (ANA.name,)) == secret


def test_six_words_that_the_desk_makes_are_a_passphrase() -> None:
    first, second = new_passphrase(), new_passphrase()
    assert judged(first, SecretKind.PASSPHRASE, ("Ana Ruiz",)) == first
    assert len(first.split()) == 6
    assert first != second


def test_what_is_typed_is_a_pin_when_it_is_short_and_digits() -> None:
    assert [kind_of(each) for each in (PIN, SECRET, "123456789012345", "")] == [
        SecretKind.PIN,
        SecretKind.PASSPHRASE,
        SecretKind.PASSPHRASE,
        SecretKind.PASSPHRASE,
    ]


ON_A_SHEET = new_recovery_code()


@given(st.data())
def test_a_code_from_a_sheet_with_a_letter_wrong_is_told_before_it_is_tried(data: st.DataObject) -> None:
    code = ON_A_SHEET.replace("-", "")
    at = data.draw(st.integers(0, len(code) - 1))
    other = data.draw(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567").filter(lambda it: it != code[at]))
    with pytest.raises(Mistyped, match="a letter is wrong"):
        recovery_words(code[:at] + other + code[at + 1 :])


def test_a_code_from_a_sheet_is_read_however_it_is_written() -> None:
    code = new_recovery_code()
    assert len(code.split("-")) == 9
    shown = code.replace("O", "0").replace("I", "1").replace("B", "8")
    assert recovery_words(shown.lower().replace("-", " ")) == recovery_words(code)
    with pytest.raises(Mistyped, match="has 36 letters and digits; this one has 35"):
        recovery_words(code[:-1])


# How often it may be tried


@pytest.mark.parametrize("kind", [SecretKind.PIN, SecretKind.PASSPHRASE, SecretKind.RECOVERY])
def test_each_kind_of_secret_opens_the_same_store(
    folder: Path, made: tuple[Path, SystemKeyring, str], kind: SecretKind
) -> None:
    passphrase = unlock(folder, SECRET, ANA.id)
    opened = (
        unlock_by_recovery(folder, made[2])
        if kind is SecretKind.RECOVERY
        else unlock(folder, PIN if kind is SecretKind.PIN else SECRET, ANA.id)
    )
    assert isinstance(passphrase, Opened)
    assert isinstance(opened, Opened)
    assert (opened.key, opened.kind, opened.is_whole) == (passphrase.key, kind, True)
    assert opened.owner == (SHEET if kind is SecretKind.RECOVERY else OWNER)


def test_a_pin_is_off_after_ten_wrong_tries_and_the_passphrase_still_opens(folder: Path) -> None:
    uptime = FixedUptime()
    attempts = Attempts(folder, uptime)
    for number in range(10):
        if number >= 3:
            refused = unlock(folder, PIN, ANA.id, attempts)
            assert refused == MustWait(WAITS_S[number - 3])
            uptime.at += WAITS_S[number - 3]
        assert isinstance(unlock(folder, "741963", ANA.id, attempts), WrongSecret)
    uptime.at += 10 * WAITS_S[-1]
    assert unlock(folder, PIN, ANA.id, attempts) == SlotOff(SecretKind.PIN)
    assert isinstance(unlock(folder, SECRET, ANA.id, attempts), Opened)
    assert allow_again(folder, ANA.id) == 2
    assert isinstance(unlock(folder, PIN, ANA.id, attempts), Opened)


def test_a_try_is_counted_before_it_is_made_so_that_a_kill_gains_none(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class KilledError(Exception):
        pass

    def killed(*_: object) -> bytes:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr("pcc_desk.store.vault.opening.open_private", killed)
        for _ in range(3):
            with pytest.raises(KilledError):
                unlock(folder, "741963", ANA.id)
    assert Attempts(folder).of(slot_of(folder, SecretKind.PIN)).wrong == 3
    assert isinstance(unlock(folder, PIN, ANA.id), MustWait)


def test_tries_at_the_same_moment_are_counted_each(folder: Path) -> None:
    slot, refused = slot_of(folder, SecretKind.PASSPHRASE), []
    uptime = FixedUptime()

    def guess() -> None:
        refused.append(Attempts(folder, uptime).begin(slot))

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert refused.count(None) == Attempts(folder, uptime).of(slot).tried == 3


def test_starting_the_computer_anew_gains_no_try(folder: Path) -> None:
    uptime = FixedUptime(at=9000.0)
    attempts, slot = Attempts(folder, uptime), slot_of(folder, SecretKind.PIN)
    for _ in range(3):
        assert attempts.begin(slot) is None
    uptime.start, uptime.at = "second start", 2.0
    assert attempts.begin(slot) == MustWait(3)
    uptime.at = 5.0
    assert attempts.begin(slot) is None


def test_a_right_secret_lets_the_count_begin_anew_and_tells_what_failed(folder: Path) -> None:
    for _ in range(2):
        unlock(folder, "not this passphrase", ANA.id)
    opened = unlock(folder, SECRET, ANA.id)
    assert isinstance(opened, Opened)
    assert opened.tries is not None
    assert (opened.tries.wrong, opened.tries.tried, len(opened.tries.failed_at)) == (2, 3, 2)
    unrecorded = unlock(folder, SECRET, ANA.id)
    assert isinstance(unrecorded, Opened)
    assert unrecorded.tries is not None
    assert unrecorded.tries.failed_at == opened.tries.failed_at
    Attempts(folder).told(opened.tries.salt)
    again = unlock(folder, SECRET, ANA.id)
    assert isinstance(again, Opened)
    assert again.tries is not None
    assert (again.tries.wrong, again.tries.tried, again.tries.failed_at) == (0, 5, ())


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"slots": {"x": 3}}', b"\xff"])
def test_a_count_that_cannot_be_read_stops_nobody(folder: Path, content: bytes) -> None:
    (folder / ATTEMPTS_FILE).write_bytes(content)
    assert isinstance(unlock(folder, SECRET, ANA.id), Opened)
    assert json.loads((folder / ATTEMPTS_FILE).read_text())["format"] == 1


def test_a_code_that_was_mistyped_is_not_counted(folder: Path) -> None:
    said = unlock_by_recovery(folder, "ABCD-EFGH")
    assert isinstance(said, WrongSecret)
    assert "this one has 8" in said.reason
    assert Attempts(folder).of(slot_of(folder, SecretKind.RECOVERY)).tried == 0


def test_another_code_than_the_sheets_is_counted_and_opens_nothing(folder: Path) -> None:
    said = unlock_by_recovery(folder, new_recovery_code())
    assert isinstance(said, WrongSecret)
    assert "not the code of a recovery sheet" in said.reason
    assert Attempts(folder).of(slot_of(folder, SecretKind.RECOVERY)).wrong == 1


def test_a_new_sheet_takes_the_place_of_the_one_before(folder: Path, made: tuple[Path, SystemKeyring, str]) -> None:
    opened = unlock(folder, SECRET, ANA.id)
    assert isinstance(opened, Opened)
    code = give_recovery(folder, opened, SHEET, Cost())
    assert isinstance(unlock_by_recovery(folder, made[2]), WrongSecret)
    assert isinstance(unlock_by_recovery(folder, code), Opened)


# What a PIN rests on


def test_a_pin_opens_nothing_on_a_computer_without_this_ones_keyring(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(device, "_systems", SystemKeyring)
    said = unlock(folder, PIN, ANA.id)
    assert isinstance(said, NoDeviceSecret)
    assert said.reason.endswith("Use your passphrase.")
    assert isinstance(unlock(folder, SECRET, ANA.id), Opened)


def test_the_keyring_alone_opens_nothing(folder: Path, made: tuple[Path, SystemKeyring, str]) -> None:
    assert made[1].kept
    assert isinstance(unlock(folder, "741963", ANA.id), WrongSecret)


def test_a_secret_of_this_computer_that_is_gone_is_not_made_anew(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = SystemKeyring()
    monkeypatch.setattr(device, "_systems", lambda: empty)
    opened = unlock(folder, SECRET, ANA.id)
    assert isinstance(opened, Opened)
    with pytest.raises(SlotRefused, match="no secret of this shop any more"):
        give_secret(folder, opened, OWNER, Secret(SecretKind.PIN, "402857", Cost()))
    assert empty.kept == {}


def test_a_pin_that_was_taken_away_opens_nothing(folder: Path) -> None:
    opened = unlock(folder, SECRET, ANA.id)
    assert isinstance(opened, Opened)
    assert take_pin(folder, opened, ANA.id)
    assert not take_pin(folder, opened, ANA.id)
    assert isinstance(unlock(folder, PIN, ANA.id), WrongSecret)


@pytest.mark.parametrize(
    ("keyring", "says"),
    [
        (PlaintextKeyring(), "not one that is known to keep secrets"),
        (Chain(PlaintextKeyring(), SystemKeyring()), "not one that is known to keep secrets"),
        (Chain(), "not one that is known to keep secrets"),
        (Forgetful(), "did not keep it"),
        (Failing("KeyringLocked"), "is locked"),
        (Failing("InitError"), "was never set up, or is locked"),
        (Failing("NoKeyringError"), "has no keyring"),
        (Failing("OSError"), "failed"),
        (Hanging(), "does not answer"),
    ],
)
def test_a_keyring_that_cannot_be_trusted_is_said_to_be_none(
    monkeypatch: pytest.MonkeyPatch, keyring: device.Keyring, says: str
) -> None:
    monkeypatch.setattr(device, "LONGEST_S", 0.2)
    said = device.made_device_secret("a vault", keyring)
    assert isinstance(said, NoDeviceSecret)
    assert says in said.reason
    assert said.reason.endswith("Use your passphrase.")


@pytest.mark.parametrize(
    ("backend", "says"),
    [("keyring.backends.null.Keyring", "not one that is known"), ("keyring.backends.fail.Keyring", "has no keyring")],
)
def test_the_backends_that_keep_nothing_are_refused_by_their_names(
    monkeypatch: pytest.MonkeyPatch, backend: str, says: str
) -> None:
    import keyring

    before = keyring.get_keyring()
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", backend)
    try:
        keyring.core.init_backend()
        said = device.made_device_secret("a vault")
    finally:
        keyring.set_keyring(before)
    assert isinstance(said, NoDeviceSecret)
    assert says in said.reason


def test_a_chain_of_keyrings_that_can_all_be_trusted_is_trusted() -> None:
    assert device.unusable(Chain(SystemKeyring(), SystemKeyring())) is None
    assert isinstance(device.made_device_secret("a vault", Chain(SystemKeyring())), bytes)


def test_what_the_keyring_keeps_under_our_name_and_is_not_ours_is_said_so() -> None:
    keyring = SystemKeyring()
    keyring.kept[device.SERVICE, "a vault"] = "AAAA"
    said = device.device_secret("a vault", keyring)
    assert isinstance(said, NoDeviceSecret)
    assert "is not the shop's" in said.reason
