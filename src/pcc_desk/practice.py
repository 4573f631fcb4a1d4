"""The practice shop: a real desk on invented people, beside a simulated state system and point of sale."""

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from pcc_desk.desk.errors import DeskError
from pcc_desk.desk.ports import Ledger
from pcc_desk.domain.dispensing import PostingState
from pcc_desk.domain.entries import (
    Act,
    DispensationRecorded,
    Entry,
    PatientRegistered,
    PostingMoved,
    ShopOpened,
    StaffAdded,
    StandingAsked,
    StockRead,
    VisitBooked,
)
from pcc_desk.domain.people import RECOVERY_NAME, Person, Role, SecretKind
from pcc_desk.domain.registry import RegistryStanding, Verification
from pcc_desk.domain.visit_entries import MorningChecked
from pcc_desk.home import SETTINGS_FILE, FirstLook, make_private, write_private
from pcc_desk.wiring import open_desk

if TYPE_CHECKING:
    from pcc_desk.simulator.training import PastSale, TrainingShop

PASSPHRASE = "practice at lakeshore"  # noqa: S105 - its own unlock screen says it
HINT = f"Practice, nobody here is real. Passphrase:  {PASSPHRASE}"
SHEET = "recovery-sheet.txt"
"""In the practice shop, and nowhere else, the code of the recovery sheet lies beside what it opens."""
WHO_USES_THE_SHEET = Person(UUID(int=0x5EE7), RECOVERY_NAME, Role.RECOVERY)
MADE_ON = "made-on"
LOOK_EVERY_S = 2


class RealShop(DeskError):
    """Practice was asked for in a folder that holds a real shop, or something else."""


def refuse_real(home: Path) -> None:
    """Raise `RealShop` unless a folder is free, or holds a practice shop: a practice shop is made anew each day.

    A store whose settings are gone may be a real one.
    """
    from pcc_desk.settings import load_settings
    from pcc_desk.store.engine import STORE_FILE

    if (home / SETTINGS_FILE).exists():
        if not load_settings(home).practice:
            raise RealShop(f"{home} holds a real shop. Practise in another folder: pcc-desk --home FOLDER demo.")
    elif (home / STORE_FILE).exists():
        raise RealShop(f"{home} holds a store without its settings. Practise in another folder: --home FOLDER.")


def open_practice(home: Path, keep: Callable[[Callable[[], int]], int]) -> int:
    """Run the practice shop in this terminal. It is made anew on the first start of a day, since its days move.

    `keep` runs something in a process of its own, and again where the desk asks for a fresh one: the simulated world
    goes on beside it meanwhile.
    """
    from pcc_desk.home import first_look
    from pcc_desk.simulator.control import PracticeClient, RunningWorld

    now = datetime.now(UTC)
    make_private(home)
    if status := keep(lambda: refresh(home, now)):
        return status
    with RunningWorld(home / "world", home / "exports") as world:
        if status := keep(lambda: connect(home, world.ready)):
            return status
        look = first_look(home) or FirstLook("PCC Desk", "pcc-dark", is_practice=True)
        return keep(lambda: open_desk(home, look, PracticeClient(str(world.ready["control_url"])), HINT))


def refresh(home: Path, now: datetime) -> int:
    """Make the practice shop when it is not there, or was made on another day. Return an exit status."""
    from pcc_desk.shipped import data_folder
    from pcc_desk.simulator.training import load_training

    training = load_training(data_folder() / "training", now)
    today = training.shop.day(now).isoformat()
    stamp = home / MADE_ON
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == today:
        return 0
    for name in ("world", "exports"):
        shutil.rmtree(home / name, ignore_errors=True)
    for path in home.glob("s[tl]o*"):  # the store, its log, and the slots
        path.unlink()
    make(home, training, now)
    write_private(stamp, today.encode())
    return 0


def make(home: Path, training: "TrainingShop", now: datetime) -> None:
    """Make the settings of the practice shop, then its encrypted store with six weeks of history.

    The settings come first: whatever a kill leaves behind says that it is a practice shop.
    """
    from pcc_desk.settings import PosSettings, Settings, ShopSettings, StateSystemSettings, save_settings
    from pcc_desk.store.engine import EncryptedStore
    from pcc_desk.store.vault import Cost, Owner, Secret, create_vault
    from pcc_desk.store.vault.staffing import give_recovery, give_secret

    shop = training.shop
    save_settings(
        home,
        Settings(
            shop=ShopSettings(name=shop.name, licence=shop.licence, jurisdiction=shop.jurisdiction, zone=shop.zone),
            state_system=StateSystemSettings(
                adapter="metrc", name="METRC", base_url="http://127.0.0.1:1", categories=training.categories
            ),
            pos=PosSettings(adapter="csv", name="POS", folder=str(home / "exports")),
            practice=True,
            look_every_seconds=LOOK_EVERY_S,
        ),
    )
    first, *others = training.people
    opened = create_vault(home, first, PASSPHRASE)
    for each in others:
        give_secret(home, opened, Owner(each.id, each.name), Secret(SecretKind.PASSPHRASE, PASSPHRASE, Cost()))
    sheet = give_recovery(home, opened, Owner(WHO_USES_THE_SHEET.id, WHO_USES_THE_SHEET.name), Cost())
    write_private(home / SHEET, f"{sheet}\n".encode())
    store = EncryptedStore.make(home, opened)
    try:
        store.write_now(furnish, training, now)
    finally:
        store.close()


def sitter(home: Path) -> UUID:
    """Return who sits at the practice shop's desk first."""
    from pcc_desk.store.vault import owners

    return owners(home)[0].id


def connect(home: Path, ready: dict[str, object]) -> int:
    """Let the settings and the store know where the simulator is this time, and by which keys. Return a status."""
    from pcc_desk.settings import load_settings, save_settings
    from pcc_desk.store.engine import EncryptedStore
    from pcc_desk.store.vault import Opened, unlock

    settings = load_settings(home)
    if settings.state_system is not None:
        system = settings.state_system.model_copy(update={"base_url": str(ready["base_url"])})
        save_settings(home, settings.model_copy(update={"state_system": system}))
    opened = unlock(home, PASSPHRASE, sitter(home))
    if isinstance(opened, Opened):
        store = EncryptedStore.open(home, opened)
        try:
            for name in ("vendor_key", "user_key"):
                store.keep_credential("metrc", name, str(ready[name]))
        finally:
            store.close()
    return 0


def furnish(ledger: Ledger, training: "TrainingShop", now: datetime) -> None:
    """Let the practice shop's past happen, entry by entry, in one transaction."""
    from uuid6 import uuid7

    ana = training.people[0].id
    counter = training.shop.counter

    def record(entry: Entry, at: datetime, by: UUID = ana) -> None:
        ledger.record(entry, Act(uuid7(), at, by, counter))

    opened_at = training.sales[0].dispensation.at
    record(ShopOpened(training.shop), opened_at)
    for person in (*training.people, WHO_USES_THE_SHEET):
        record(StaffAdded(person), opened_at)
    for patient in training.patients:
        cards = tuple(card for card in training.cards if card.patient_id == patient.id)
        record(PatientRegistered(patient, cards), opened_at)
    for sale in training.sales:
        if not sale.is_elsewhere:
            for entry in past_sale(sale):
                record(entry, sale.dispensation.at)
    for day, first in _first_sales(training, training.shop.day(now)).items():
        record(MorningChecked(day, ()), first - timedelta(minutes=30))
    for visit in training.visits:
        record(VisitBooked(visit), now)
    record(StockRead(tuple(each.package for each in training.packages), "METRC"), now)


def _first_sales(training: "TrainingShop", today: date) -> dict[date, datetime]:
    """Return the first sale of each past day but the last one, whose check was missed: there is one to explain."""
    firsts: dict[date, datetime] = {}
    for sale in training.sales:
        if not sale.is_elsewhere and sale.day < today:
            at = sale.dispensation.at
            firsts[sale.day] = min(firsts.get(sale.day, at), at)
    return dict(sorted(firsts.items())[:-1])


def past_sale(sale: "PastSale") -> tuple[Entry, ...]:
    """Return what the journal holds of something dispensed and posted earlier."""
    given = sale.dispensation
    proof = UUID(int=given.id.int ^ 1)
    answer = RegistryStanding(given.card_number, active=True, windows=())
    asked = Verification(proof, given.patient_id, given.card_number, given.at, "METRC", answer)
    accepted = PostingMoved(given.id, given.patient_id, PostingState.ACCEPTED, 1, 0, given.at, sale.receipt, "")
    return StandingAsked(asked), DispensationRecorded(given, sale.day, proof), accepted
