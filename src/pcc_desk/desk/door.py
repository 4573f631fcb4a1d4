"""The door of the desk: shut until somebody proves who they are."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pcc_desk.desk.desk import Desk


@dataclass(frozen=True, slots=True)
class StaysShut:
    """The desk was not opened. `reason` is a sentence that ends with what to do."""

    reason: str


class Door(Protocol):
    """Opens and shuts one desk. The composition root hands it to the app."""

    shop_name: str
    hint: str
    """What the practice shop says of its own passphrase; empty in a real one."""

    def warm_up(self) -> None:
        """Load what opening needs. Called in a thread while the person types; may be called again."""
        ...

    async def open(self, secret: str) -> "Desk | StaysShut":
        """Open the desk with a person's secret."""
        ...

    async def prove(self, secret: str) -> "bool | StaysShut":
        """Whether this is the secret of the person whose desk is open; why it cannot be told, or not tried now."""
        ...

    async def shut(self) -> None:
        """Close the store and forget its key. Nothing happens when it is shut."""
        ...

    def keep_theme(self, name: str) -> None:
        """Remember how the screen looks."""
        ...
