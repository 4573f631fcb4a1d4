"""The files that say who can open the desk, in memory: secrets in clear, and a key that is changed by counting."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from pcc_desk.desk.door import StaysShut
from pcc_desk.desk.ports_secrets import SecretSeen
from pcc_desk.domain.entries import Act
from pcc_desk.domain.people import Person, SecretKind
from pcc_desk.domain.staff_entries import VaultTrouble
from pcc_desk.store.vault import judged
from tests.fakes import FakeLedger

CODE = "ABCD-EFGH-IJKL"


@dataclass
class FakeSecrets:
    """Implements `Secrets` and `Vault` of `desk.ports_secrets`: whoever types the one secret has it in hand."""

    ledger: FakeLedger
    secret: str
    kept: dict[UUID, dict[SecretKind, str]] = field(default_factory=dict)
    off: set[UUID] = field(default_factory=set)
    troubles: tuple[VaultTrouble, ...] = ()
    size: int = 368_000_000
    key: int = 1
    is_open: bool = False

    def seen(self) -> Mapping[UUID, tuple[SecretSeen, ...]]:
        """Return who has what; of who is off nothing may be tried."""
        return {
            who: tuple(SecretSeen(kind, 0 if who in self.off else 10) for kind in kinds)
            for who, kinds in self.kept.items()
        }

    def proposed(self) -> str:
        """Return some words."""
        return "birch stone river lamp cedar moon"

    async def in_hand(self, secret: str) -> "FakeSecrets | StaysShut":
        """Open to the one secret."""
        if secret != self.secret:
            return StaysShut("That is not the passphrase. Try again.")
        self.is_open = True
        return self

    def kinds(self) -> Mapping[UUID, tuple[SecretKind, ...]]:
        """Return by what each person opens the desk."""
        return {who: tuple(kinds) for who, kinds in self.kept.items()}

    def judge(self, name: str, kind: SecretKind, secret: str) -> None:
        """Judge as the real one."""
        judged(secret, kind, (name,))

    def give_secret(self, person: Person, kind: SecretKind, secret: str) -> None:
        """Keep it."""
        self.kept.setdefault(person.id, {})[kind] = secret

    def new_sheet(self, recovery: Person) -> str:
        """Return the one code."""
        return CODE

    def take_pin(self, person_id: UUID) -> bool:
        """Take it away."""
        return self.kept[person_id].pop(SecretKind.PIN, None) is not None

    def allow_again(self, person_id: UUID) -> None:
        """Let it be tried."""
        self.off.discard(person_id)

    def change_key(self, act: Act, left_out: frozenset[UUID] = frozenset()) -> None:
        """Count, and forget who leaves."""
        self.key += 1
        for each in left_out:
            self.kept.pop(each, None)

    def answer_for(self, use_case: Callable[..., None], reason: str, act: Act) -> None:
        """Run it; then nothing is wrong."""
        use_case(self.ledger, reason, self.troubles, act=act)
        self.troubles = ()

    def left_behind(self, left: frozenset[UUID]) -> frozenset[UUID]:
        """Return who has something still."""
        return left & self.kept.keys()

    def close(self) -> None:
        """Let it go."""
        self.is_open = False
