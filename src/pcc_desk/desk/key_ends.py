"""When the key to a system outside ends, and what is wrong with it, said before the day begins."""

from datetime import date
from typing import Protocol, runtime_checkable

from pcc_desk.desk.links import Link, LinkState

KEY_ENDS_SOON = 14
"""From how many days on the end of a key is told."""


@runtime_checkable
class KnowsItsKey(Protocol):
    """A system that can tell on which day the key to it ends; None: it does not know."""

    @property
    def key_ends(self) -> date | None:
        """The last day of the key."""
        ...


def key_notices(system: object, link: Link, today: date) -> tuple[str, ...]:
    """Return what is wrong with the key to a system, or soon will be, in sentences that end with what to do."""
    found = []
    if link.state is LinkState.REFUSED:
        found.append(f"{link.reason}. Get a key that is good, and enter it with pcc-desk keys.")
    words, ends = key_words(system, today), _end_of(system)
    if words and ends is not None:
        on = f"{ends:%a} {ends.day} {ends:%b %Y}"
        found.append(f"{link.name}: {words}, on {on}. Get a new one from the state; enter it with pcc-desk keys.")
    found += [f"{reason}." for _, reason in link.withheld]
    return tuple(found)


def _end_of(system: object) -> date | None:
    return system.key_ends if isinstance(system, KnowsItsKey) else None


def key_words(system: object, today: date) -> str:
    """Return that the key to a system ends soon, or has ended; empty when it does not, or nobody knows."""
    ends = _end_of(system)
    if ends is None:
        return ""
    days = (ends - today).days
    if days < 0:
        return f"key ended {-days} d ago"
    if days > KEY_ENDS_SOON:
        return ""
    return f"key ends in {days} d" if days else "key ends today"
