"""The door of the desk: shut until somebody proves who they are."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

if TYPE_CHECKING:
    from pcc_desk.desk.desk import Desk


@dataclass(frozen=True, slots=True)
class StaysShut:
    """The desk was not opened. `reason` is a sentence that ends with what to do."""

    reason: str


@dataclass(frozen=True, slots=True)
class Sitters:
    """Who may open the desk, as the first screen lists them: ids and names."""

    people: tuple[tuple[UUID, str], ...] = ()
    at: int = 0
    """Who was last."""
    has_sheet: bool = False
    """Whether a recovery sheet opens it too."""


@dataclass(frozen=True, slots=True)
class Emergency:
    """Why the desk is opened with the recovery sheet, and by whom, as they say."""

    who: str
    why: str


class Door(Protocol):
    """Opens and shuts one desk. The composition root hands it to the app."""

    shop_name: str
    hint: str
    """What the practice shop says of its own passphrase; empty in a real one."""

    def warm_up(self) -> None:
        """Load what opening needs. Called in a thread while the person types; may be called again."""
        ...

    def who(self) -> Sitters:
        """Return who may open the desk. Quick: the first screen waits for it."""
        ...

    async def open(self, secret: str, person_id: UUID | None = None) -> "Desk | StaysShut":
        """Open the desk with a person's secret; without `person_id` it is the only person's there is."""
        ...

    async def open_by_sheet(self, code: str, emergency: Emergency) -> "Desk | StaysShut":
        """Open the desk with the code of the recovery sheet, for a few hours, every act marked."""
        ...

    async def prove(self, secret: str) -> "bool | StaysShut":
        """Whether this is the secret of the person whose desk is open; why it cannot be told, or not tried now."""
        ...

    async def shut(self, why: str = "") -> None:
        """Close the store and forget its key; `why` goes on record. Nothing happens when it is shut."""
        ...

    def keep_theme(self, name: str) -> None:
        """Remember how the screen looks."""
        ...
