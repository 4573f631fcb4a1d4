"""A shop with a vault of its own, a manager, a recovery sheet and a record, for tests of copies."""

import atexit
import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from pcc_desk.domain.backups import CopyMade
from pcc_desk.domain.entries import Act, PatientRegistered, ShopOpened, StaffAdded
from pcc_desk.domain.people import Person, Role
from pcc_desk.home import make_private, write_private
from pcc_desk.store.backups.copies import StoreCopies
from pcc_desk.store.backups.folders import CopyFolder
from pcc_desk.store.engine import EncryptedStore
from pcc_desk.store.vault import Cost, Opened, Owner, SlotFile, create_vault, load, unlock
from pcc_desk.store.vault.staffing import give_recovery
from tests.fakes import NOON, SHOP, a_card
from tests.store.stores import a_patient, new_id, put

IDA = Person(UUID(int=0x1DA), "Ida Nkemelu", Role.MANAGER)
SHEET = Person(UUID(int=0x5EE7), "Recovery sheet", Role.RECOVERY)
PASSPHRASE = "seven lamps over the harbor"
SETTINGS = """[shop]
name = "Birchwood Relief"
licence = "PC-000911"
jurisdiction = "MI"
zone = "America/Detroit"
"""


@dataclass
class KeptShop:
    """A data folder, and the open store in it."""

    home: Path
    code: str
    store: EncryptedStore

    @property
    def copies(self) -> StoreCopies:
        """The copies of the open store."""
        return StoreCopies(self.store, self.home)

    @property
    def folder(self) -> CopyFolder:
        """Where they lie."""
        return self.copies.folder

    def copy(self, at: datetime = NOON) -> CopyMade:
        """Make a copy that has to come about."""
        made = self.copies.make_now(at)
        assert isinstance(made, CopyMade), made
        return made

    def register(self, family: str) -> None:
        """Put somebody on record."""
        patient = a_patient(family)
        entry = PatientRegistered(patient, (a_card(patient),))
        self.store.write_now(lambda ledger: ledger.record(entry, Act(new_id(), NOON, IDA.id, SHOP.counter)))

    def open_again(self) -> None:
        """Open the store anew with the manager's passphrase."""
        self.store = EncryptedStore.open(self.home, self.unlocked(), NOON + timedelta(hours=1))

    def unlocked(self) -> Opened:
        """Return what the manager's passphrase opens."""
        outcome = unlock(self.home, PASSPHRASE, IDA.id)
        assert isinstance(outcome, Opened), outcome
        return outcome


def make_shop(home: Path, patients: int = 3) -> KeptShop:
    """Make a shop with so many patients; its store is open. Its vault, which costs, is made once."""
    code, key = _vault()
    shutil.copytree(_TEMPLATE["folder"], home)
    opened = Opened(bytearray(key), _salt(home), Owner(IDA.id, IDA.name))
    write_private(home / "settings.toml", SETTINGS.encode())
    make_private(home / "jurisdictions")
    write_private(home / "jurisdictions" / "us-mi.toml", b"# the shop's own\n")
    shop = KeptShop(home, code, EncryptedStore.make(home, opened, NOON))
    shop.store.write_now(lambda ledger: put(ledger, ShopOpened(SHOP), StaffAdded(IDA), StaffAdded(SHEET)))
    for number in range(patients):
        shop.register(f"Okafor{number}")
    return shop


def another_vault(home: Path) -> None:
    """Put a vault of another shop into an empty folder."""
    create_vault(home, IDA, PASSPHRASE, Cost()).wipe()


_TEMPLATE: dict[str, str] = {}


def _vault() -> tuple[str, bytes]:
    if not _TEMPLATE:
        folder = Path(tempfile.mkdtemp(prefix="vault-of-tests-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        opened = create_vault(folder, IDA, PASSPHRASE, Cost())
        code = give_recovery(folder, opened, Owner(SHEET.id, SHEET.name), Cost())
        _TEMPLATE.update(folder=str(folder), code=code, key=opened.key.hex())
    return _TEMPLATE["code"], bytes.fromhex(_TEMPLATE["key"])


def _salt(home: Path) -> bytes:
    file = load(home)
    assert isinstance(file, SlotFile)
    return file.salt
