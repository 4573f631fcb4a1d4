"""What a system outside the desk can say, and the ways in which it can say nothing."""

from dataclasses import dataclass
from enum import StrEnum


class Silence(StrEnum):
    """Why there is no answer. They are told apart because what may be done next differs."""

    ABSENT = "absent"
    """The state offers no such call."""
    DISABLED = "disabled"
    """The regulator switched the call off for everyone."""
    DENIED = "denied"
    """The key is refused, or nobody can say that it is not."""
    WITHHELD = "withheld"
    """The key is good, and this is not told by it: a permission lacks, or it is not this licence's. All else may go."""
    DOWN = "down"
    """The system could not be reached, or said that it is not serving. Nothing was done there."""
    BUSY = "busy"
    """It is there and is asked too often; nothing was done there. No outage: whoever asks less is answered."""
    TIMED_OUT = "timed_out"
    """The request may have arrived. For a posting: it may have been done."""
    UNREADABLE = "unreadable"
    """Something came back that is not an answer."""
    DAMAGED = "damaged"
    """A report is there and cannot be used. Whatever wrote it may do well: that is not known, and no outage."""
    BY_HAND = "by_hand"
    """No program asks here: a person looks at the state's page."""
    NOT_ASKED = "not_asked"
    """Nobody asked yet."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Could not tell. Never zero, never fine.

    `reason` is a clause to be read aloud: "METRC did not answer within 10 s".
    """

    kind: Silence
    reason: str
    again_in_s: int = 0
    """After how many seconds it wants to be asked again, as it said; 0: it did not say."""

    @property
    def is_outage(self) -> bool:
        """Whether the system as a whole is out of reach, which the outage rule of a jurisdiction speaks of."""
        return self.kind in {Silence.DOWN, Silence.TIMED_OUT, Silence.UNREADABLE}

    @property
    def is_for_a_person(self) -> bool:
        """Whether no program can ask, so that a person looks where the state shows it."""
        return self.kind in {Silence.ABSENT, Silence.BY_HAND}


@dataclass(frozen=True, slots=True)
class CannotTell:
    """A figure nobody knows. `reason` is a clause to be read aloud."""

    reason: str
