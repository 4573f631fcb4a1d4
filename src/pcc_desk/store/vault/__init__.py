"""The vault: a random database key, sealed to the people who may open the store.

    secret --argon2id--> wraps the person's X25519 private key --opens--> the database key, sealed to its public half

`slots` and `slot_file` are its shape, `secrets` and `attempts` what stands between a guess and the key, `device` the
secret of this computer, `opening` and `staffing` what is done with it.
"""

from pcc_desk.store.vault.attempts import Attempts, MustWait, SlotOff
from pcc_desk.store.vault.ciphers import Cost, calibrated, derived, seal, unseal, unwrap, warm_up, wrap
from pcc_desk.store.vault.device import NoDeviceSecret
from pcc_desk.store.vault.opening import (
    NotOpened,
    Opened,
    SayWho,
    VaultExists,
    WrongSecret,
    create_vault,
    owner_named,
    owners,
    unlock,
    unlock_by_recovery,
)
from pcc_desk.store.vault.secrets import SHORTEST_PASSPHRASE, Mistyped, SecretRefused, judged, new_passphrase
from pcc_desk.store.vault.slot_file import SLOT_FILES, SlotFile, VaultDamaged, load, parsed, save
from pcc_desk.store.vault.slots import Owner, Secret, Slot, open_private, sealed_keys
from pcc_desk.store.vault.staffing import recovery_slots

__all__ = [
    "SHORTEST_PASSPHRASE",
    "SLOT_FILES",
    "Attempts",
    "Cost",
    "Mistyped",
    "MustWait",
    "NoDeviceSecret",
    "NotOpened",
    "Opened",
    "Owner",
    "SayWho",
    "Secret",
    "SecretRefused",
    "Slot",
    "SlotFile",
    "SlotOff",
    "VaultDamaged",
    "VaultExists",
    "WrongSecret",
    "calibrated",
    "create_vault",
    "derived",
    "judged",
    "load",
    "new_passphrase",
    "open_private",
    "owner_named",
    "owners",
    "parsed",
    "recovery_slots",
    "save",
    "seal",
    "sealed_keys",
    "unlock",
    "unlock_by_recovery",
    "unseal",
    "unwrap",
    "warm_up",
    "wrap",
]
