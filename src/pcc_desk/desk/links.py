"""What is known of each system outside: up, down, since when, and the age of its last good answer."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from pcc_desk.domain.answers import Silence, Unanswered


class LinkState(StrEnum):
    """How a system outside does."""

    UNKNOWN = "not asked yet"
    UP = "up"
    DOWN = "down"
    REFUSED = "key refused"
    ABSENT = "not connected"


@dataclass(frozen=True, slots=True)
class Link:
    """One system outside. Instants are UTC."""

    name: str
    state: LinkState = LinkState.UNKNOWN
    last_good: datetime | None = None
    since: datetime | None = None
    """When it came into this state."""
    reason: str = ""
    """Why it is not up."""


class Links:
    """Every system the desk has talked to, by name."""

    def __init__(self) -> None:
        self._links: dict[str, Link] = {}

    def all(self) -> tuple[Link, ...]:
        """Return the links in the order in which they were first heard of."""
        return tuple(self._links.values())

    def of(self, name: str) -> Link:
        """Return one link; one never heard of is unknown."""
        return self._links.get(name, Link(name))

    def heard(self, name: str, answer: object, at: datetime) -> bool:
        """Take note of an answer, or of its absence. Return whether the system just came back."""
        before = self.of(name)
        after = _heard(before, answer, at)
        if after.state is not before.state:
            after = replace(after, since=at)
        self._links[name] = after
        return after.state is LinkState.UP and before.state in {LinkState.DOWN, LinkState.REFUSED}


_STATES = {
    Silence.DENIED: LinkState.REFUSED,
    Silence.DISABLED: LinkState.REFUSED,
    Silence.ABSENT: LinkState.ABSENT,
}


def _heard(before: Link, answer: object, at: datetime) -> Link:
    if isinstance(answer, Unanswered):
        return replace(before, state=_STATES.get(answer.kind, LinkState.DOWN), reason=answer.reason)
    return replace(before, state=LinkState.UP, last_good=at, reason="")
