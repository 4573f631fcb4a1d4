"""What every screen does about rights: its keys show what may be done, and a refusal is said instead of failing."""

from collections.abc import Mapping
from typing import ClassVar

from textual.message import Message
from textual.screen import Screen, ScreenResultType

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.errors import NotSaved
from pcc_desk.desk.rights import NotPermitted, NotProved, Right


class Permitting(Screen[ScreenResultType]):
    """A screen over a desk. The use cases refuse; here is only shown beforehand what they would refuse."""

    NEEDS: ClassVar[Mapping[str, Right]] = {}
    """Which right an action needs, by the action as its binding has it; with or without what it is called with."""

    desk: Desk

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let a key work only for those who may do what it does."""
        called = f"{action}({', '.join(map(repr, parameters))})" if parameters else action
        right = self.NEEDS.get(called) or self.NEEDS.get(action)
        return right is None or self.desk.may(right)

    async def _dispatch_message(self, message: Message) -> None:
        """Say who may do what was refused, or that something was not saved; the screen goes on."""
        try:
            await super()._dispatch_message(message)
        except (NotPermitted, NotProved, NotSaved) as refusal:
            self.app.notify(str(refusal), severity="warning", markup=False)
