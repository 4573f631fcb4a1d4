"""A patient's requests about their own record: to see it, and to have it amended, each with its clock."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID


class RequestKind(StrEnum):
    """What a patient asks for."""

    ACCESS = "access"
    AMENDMENT = "amendment"


class RequestOutcome(StrEnum):
    """What became of a request."""

    GIVEN = "given"
    AMENDED = "amended"
    DENIED = "denied"
    """In writing, with the reason, and how to disagree (45 CFR 164.524(d), 164.526(d))."""
    EXTENDED = "extended"
    """Once, by 30 days, with the reason told in writing (45 CFR 164.524(b)(2)(iii), 164.526(b)(2)(ii))."""


DAYS = {RequestKind.ACCESS: 30, RequestKind.AMENDMENT: 60}
"""Within how many days a request is acted on (45 CFR 164.524(b)(2), 164.526(b)(2))."""

EXTENSION_DAYS = 30


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it was made. `words`: what was asked, as exactly as the patient said it."""

    id: UUID
    patient_id: UUID
    kind: RequestKind
    made_on: date
    words: str
    is_extended: bool = False
    outcome: RequestOutcome | None = None
    """None: it is not settled."""
    settled_words: str = ""

    @property
    def due(self) -> date:
        """The last day on which it may be acted on."""
        days = DAYS[self.kind] + (EXTENSION_DAYS if self.is_extended else 0)
        return self.made_on + timedelta(days=days)
