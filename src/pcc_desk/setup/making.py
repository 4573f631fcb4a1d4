"""Makes the data folder of a shop: whole, or not at all."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from uuid6 import uuid7

from pcc_desk.desk.errors import DeskError
from pcc_desk.desk.ports import Ledger
from pcc_desk.domain.entries import Act, ShopOpened, StaffAdded
from pcc_desk.domain.people import RECOVERY_NAME, Person, Role, SecretKind
from pcc_desk.domain.shop import Shop
from pcc_desk.domain.staff_entries import SecretGiven
from pcc_desk.home import SETTINGS_FILE, make_private, sync_folder
from pcc_desk.settings import (
    Settings,
    ShopSettings,
    StateSystemSettings,
    save_settings,
)
from pcc_desk.setup.pos_answers import pos_keys, pos_settings
from pcc_desk.setup.questions import MANUAL, METRC, Answers
from pcc_desk.store.ballast import take_ballast
from pcc_desk.store.engine import EncryptedStore
from pcc_desk.store.vault import Cost, Owner, calibrated, create_vault
from pcc_desk.store.vault.staffing import give_recovery


class CannotSetUp(DeskError):
    """No shop can be set up in this folder. The message says why and what to do."""


def refuse_taken(home: Path) -> None:
    """Raise `CannotSetUp` unless the folder is free: absent or empty."""
    if (home / SETTINGS_FILE).exists():
        raise CannotSetUp(f"A shop is set up in {home} already. Name another folder with --home.")
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise CannotSetUp(f"{home} holds something else. Name an empty or new folder with --home.")


def set_up(home: Path, answers: Answers, cost: Cost | None = None) -> str:
    """Make the data folder of a shop from judged answers, and return the code of its recovery sheet.

    Raises `CannotSetUp` or another `DeskError`. `cost` is what it costs to try a secret; None: as much as this computer
    bears.

    Everything is made in a folder beside it, which takes its name at the end: a set-up that fails half way, or whose
    computer loses power, leaves nothing that blocks the next.
    """
    home = home.absolute()
    make_private_parent(home)
    with _alone(home.parent):
        refuse_taken(home)
        unfinished = home.with_name(f".{home.name}.unfinished")
        if unfinished.exists():
            shutil.rmtree(unfinished)
        try:
            make_private(unfinished)
            code = _fill(unfinished, answers, cost or calibrated())
            sync_folder(unfinished)
            unfinished.replace(home)
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
        sync_folder(home.parent)
    return code


def make_private_parent(home: Path) -> None:
    """Make the folder in which the data folder will lie, when it is not there. An existing one is left as it is."""
    if not home.parent.is_dir():
        make_private(home.parent)


@contextmanager
def _alone(parent: Path) -> Iterator[None]:
    """Hold a lock that only one set-up below a folder can have."""
    descriptor = os.open(parent, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise CannotSetUp(f"Another set-up is at work in {parent}. Let it finish.") from error
    finally:
        os.close(descriptor)


def _fill(folder: Path, answers: Answers, cost: Cost) -> str:
    settings = settings_from(answers)
    person = Person(uuid7(), answers["person_name"], Role(answers["role"]))
    recovery = Person(uuid7(), RECOVERY_NAME, Role.RECOVERY)
    opened = create_vault(folder, person, answers["passphrase"], cost)
    code = give_recovery(folder, opened, Owner(recovery.id, recovery.name), cost)
    store = EncryptedStore.make(folder, opened)
    try:
        store.write_now(_open_shop, shop_of(settings), person, recovery)
        if settings.state_system is not None and settings.state_system.adapter == METRC:
            for name in ("vendor_key", "user_key"):
                store.keep_credential(settings.state_system.adapter, name, answers[name])
        for name, value in pos_keys(answers).items():
            store.keep_credential(answers["pos"], name, value)
    finally:
        store.close()
    save_settings(folder, settings)
    take_ballast(folder)
    return code


def _open_shop(ledger: Ledger, shop: Shop, person: Person, recovery: Person) -> None:
    at = datetime.now(UTC)
    ledger.record(ShopOpened(shop), Act(uuid7(), at, person.id, shop.counter))
    for entry in (
        StaffAdded(person),
        SecretGiven(person.id, SecretKind.PASSPHRASE),
        StaffAdded(recovery),
        SecretGiven(recovery.id, SecretKind.RECOVERY),
    ):
        ledger.record(entry, Act(uuid7(), at, person.id, shop.counter))


def shop_of(settings: Settings) -> Shop:
    """Return the shop that the settings describe."""
    return Shop(**settings.shop.model_dump())


def settings_from(answers: Answers) -> Settings:
    """Return the settings that judged answers amount to. Secrets have no place in them."""
    return Settings(
        shop=ShopSettings(
            name=answers["shop_name"],
            licence=answers["licence"],
            jurisdiction=answers["jurisdiction"],
            zone=answers["zone"],
        ),
        state_system=_state_system(answers),
        pos=pos_settings(answers),
    )


def _state_system(answers: Answers) -> StateSystemSettings | None:
    if answers["state_system"] == METRC:
        return StateSystemSettings(adapter=METRC, name="METRC", base_url=answers["state_url"])
    if answers["state_system"] == MANUAL:
        return StateSystemSettings(adapter=MANUAL, name=answers["state_page"])
    return None
