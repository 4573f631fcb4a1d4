"""What is known of each system outside: whether it answers, since when, and what may still be sent to it.

A circuit for each: closed, everything goes; open, only a cheap probe goes, after a wait that grows; half-open, the wait
is over and the probe may go. One look-up for each encounter is asked all the same, whatever the circuit.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.outages import Evidence

SLOW = timedelta(seconds=5)
"""An answer that took longer is one of a system that does badly."""

LATELY = timedelta(minutes=5)
"""For how long a failed or slow call is held against a system that answers."""

RECENT_KEPT = 20
EVIDENCE_KEPT = 5
LONGEST_WAIT = 8
"""How many times the first wait the longest between two probes is."""


class LinkState(StrEnum):
    """How a system outside does."""

    UNKNOWN = "not asked yet"
    UP = "up"
    DEGRADED = "doing badly"
    """It answers, slowly or not always."""
    DOWN = "down"
    REFUSED = "key refused"
    DAMAGED = "report cannot be read"
    """It is known by its reports, and the last one could not be used."""
    DISABLED = "switched off by the regulator"
    BY_HAND = "read by hand"
    """No program asks: a person reads what the state shows."""
    ABSENT = "not connected"

    @property
    def answers(self) -> bool:
        """Whether work may be sent there."""
        return self in {LinkState.UP, LinkState.DEGRADED}

    @property
    def is_trouble(self) -> bool:
        """Whether nothing can be had from there, and should be."""
        return self in {LinkState.DOWN, LinkState.DAMAGED, LinkState.REFUSED, LinkState.DISABLED}


class Circuit(StrEnum):
    """What may be sent to a system."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half-open"


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of one call."""

    at: datetime
    failed: bool
    took: timedelta | None = None

    @property
    def is_bad(self) -> bool:
        """Whether it failed or was slow."""
        return self.failed or (self.took is not None and self.took >= SLOW)


@dataclass(frozen=True, slots=True)
class Link:
    """One system outside. Instants are UTC."""

    name: str
    state: LinkState = LinkState.UNKNOWN
    last_good: datetime | None = None
    since: datetime | None = None
    """When it came into this state."""
    reason: str = ""
    """Why it does not answer; empty while it does."""
    remark: str = ""
    """What is wrong with it while it answers."""
    evidence: tuple[Evidence, ...] = ()
    """The first calls that failed since the last good answer."""
    failed: int = 0
    """How many calls failed since the last good answer."""
    failed_at: datetime | None = None
    """When the last of them did."""
    back_at: datetime | None = None
    """The first good answer since it was out of reach, or since the desk was opened."""
    recent: tuple[Heard, ...] = ()
    withheld: tuple[tuple[str, str], ...] = ()
    """Of whom it tells this key nothing, and why, though the key is good."""
    left_alone_until: datetime | None = None
    """Until when it wants not to be asked by a program of itself; None: it never said so."""

    def wants_quiet(self, now: datetime) -> bool:
        """Whether nothing is sent to it that nobody waits for."""
        return self.left_alone_until is not None and now < self.left_alone_until

    @property
    def is_confirmed(self) -> bool:
        """Whether more than one call in a row found it out of reach: one alone may be a hiccup."""
        return self.state is LinkState.DOWN and self.failed > 1

    def circuit(self, now: datetime, first_wait: timedelta) -> Circuit:
        """Return what may be sent; after the first failure, and after each wait, a probe."""
        if not self.state.is_trouble:
            return Circuit.CLOSED
        if self.failed_at is None or self.failed <= 1:
            return Circuit.HALF_OPEN
        wait = first_wait * min(2 ** (self.failed - 2), LONGEST_WAIT)
        return Circuit.HALF_OPEN if now - self.failed_at >= wait else Circuit.OPEN


class Links:
    """Every system the desk has talked to, by name."""

    def __init__(self) -> None:
        self._links: dict[str, Link] = {}
        self.when_changed: Callable[[], None] | None = None
        """Called once a system has come into another state, so that what shows it need not wait to look again."""

    def all(self) -> tuple[Link, ...]:
        """Return the links in the order in which they were first heard of."""
        return tuple(self._links.values())

    def of(self, name: str) -> Link:
        """Return one link; one never heard of is unknown."""
        return self._links.get(name, Link(name))

    def heard(self, name: str, answer: object, at: datetime, took: timedelta | None = None) -> bool:
        """Take note of an answer, or of its absence, and how long it took. Return whether the system just came back.

        That one call is not offered says nothing of a system that is there.
        """
        before = self.of(name)
        if isinstance(answer, Unanswered) and answer.kind is Silence.BUSY:
            self._keep(name, _busy(before, answer, at))
            return False
        is_there = before.state.answers or before.state is LinkState.BY_HAND
        if is_there and isinstance(answer, Unanswered) and answer.kind is Silence.ABSENT:
            return False
        if isinstance(answer, Unanswered) and answer.kind is Silence.WITHHELD:
            answer = None  # it is there, and knows the key
        after = _silent(before, answer, at) if isinstance(answer, Unanswered) else _answered(before, at, took)
        if after.state is not before.state:
            after = replace(after, since=at)
        self._keep(name, after)
        return after.state.answers and before.state.is_trouble

    def told(self, name: str, about: str, answer: object) -> None:
        """Take note of whether this key is told `about` some people: it is a matter of one employee's permission."""
        link = self.of(name)
        others = tuple(each for each in link.withheld if each[0] != about)
        if isinstance(answer, Unanswered):
            if answer.kind is Silence.WITHHELD:
                self._links[name] = replace(link, withheld=(*others, (about, answer.reason)))
        elif others != link.withheld:
            self._links[name] = replace(link, withheld=others)

    def was_read(self, name: str, answer: object, at: datetime) -> None:
        """Take note of what a person saw of a system that no program asks, or that its page is down."""
        if isinstance(answer, Unanswered):
            self.heard(name, answer, at)
            seen = self.of(name)
            self._links[name] = replace(seen, failed=max(seen.failed, 2))  # no hiccup: somebody saw it
            return
        before = self.of(name)
        since = before.since if before.state is LinkState.BY_HAND else at
        self._keep(name, Link(name, LinkState.BY_HAND, last_good=at, since=since, reason=_NOBODY_ASKS))

    def let_probe(self, name: str) -> None:
        """Let the next probe go at once: somebody knows that the system may be back."""
        self._links[name] = replace(self.of(name), failed_at=None)

    def _keep(self, name: str, link: Link) -> None:
        before = self.of(name).state
        self._links[name] = link
        if link.state is not before and self.when_changed is not None:
            self.when_changed()


_NOBODY_ASKS = "a person reads it"

_STATES = {
    Silence.DENIED: LinkState.REFUSED,
    Silence.DISABLED: LinkState.DISABLED,
    Silence.DAMAGED: LinkState.DAMAGED,
    Silence.BY_HAND: LinkState.BY_HAND,
    Silence.ABSENT: LinkState.ABSENT,
}


def _busy(before: Link, answer: Unanswered, at: datetime) -> Link:
    """Return a system that is there and wants to be asked less. One that was out of reach is believed at its answer."""
    left_alone = at + timedelta(seconds=answer.again_in_s)
    remark = answer.reason.removeprefix(f"{before.name} is ")
    if before.state.is_trouble or before.state is LinkState.BY_HAND:
        return replace(before, left_alone_until=left_alone)
    since = before.since if before.state.answers else at
    return replace(before, state=LinkState.DEGRADED, since=since, remark=remark, left_alone_until=left_alone)


def _silent(before: Link, answer: Unanswered, at: datetime) -> Link:
    if answer.kind is Silence.BY_HAND:
        is_down = before.state is LinkState.DOWN  # a person found its page down, and only a person finds it up again
        return before if is_down else replace(before, state=LinkState.BY_HAND, reason=answer.reason)
    state = _STATES.get(answer.kind, LinkState.DOWN)
    is_read = answer.kind is Silence.DAMAGED  # what is wrong with a report is no call that failed
    is_first = before.failed == 0 or before.state is not state
    evidence = () if is_first else before.evidence
    if len(evidence) < EVIDENCE_KEPT:
        evidence = (*evidence, Evidence(at, answer.kind, answer.reason))
    return replace(
        before,
        state=state,
        reason=answer.reason,
        remark="",
        evidence=evidence,
        failed=1 if is_first else before.failed + 1,
        failed_at=at,
        recent=before.recent if is_read else (*before.recent, Heard(at, failed=True))[-RECENT_KEPT:],
    )


def _answered(before: Link, at: datetime, took: timedelta | None) -> Link:
    kept = () if before.is_confirmed else before.recent  # after an outage it begins anew
    recent = tuple(each for each in (*kept, Heard(at, failed=False, took=took)) if at - each.at <= LATELY)[
        -RECENT_KEPT:
    ]
    remark = _remark(recent)
    return replace(
        before,
        state=LinkState.DEGRADED if remark else LinkState.UP,
        last_good=at,
        reason="",
        remark=remark,
        failed=0,
        failed_at=None,
        back_at=before.back_at if before.state.answers else at,
        recent=recent,
    )


def _remark(recent: tuple[Heard, ...]) -> str:
    """Return what is wrong with a system that answers."""
    failed = sum(each.failed for each in recent)
    if failed:
        return f"{failed} of {len(recent)} calls failed lately"
    slow = recent[-1].took
    return f"it took {slow.total_seconds():.0f} s to answer" if slow is not None and recent[-1].is_bad else ""
