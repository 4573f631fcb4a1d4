"""Which of the registry's answers may be believed to be as new as they look."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

from pcc_desk.desk.ports import Ledger
from pcc_desk.domain.registry import Verification
from pcc_desk.domain.registry_figures import REGISTRY_CACHE
from pcc_desk.domain.verification import NotVerified

SET_BACK = NotVerified(
    "The computer's clock was set back since the registry was asked. Press r to ask again.", of_clock=True
)


def newest(
    ledger: Ledger, patient_id: UUID, now: datetime, fresh_for: timedelta
) -> tuple[Verification | None, NotVerified | None]:
    """Return the newest verification of a patient, and why nothing rests on it where the clock gives it the lie.

    One that was dated by a clock that was set back since looks younger than it is: what was asked after that counts
    instead.
    """
    last = ledger.last_verification(patient_id)
    if last is None or now - last.asked_at > fresh_for or is_believed(ledger, last):
        return last, None
    since = next(believed(ledger, ledger.verifications(patient_id, now - fresh_for)), None)
    return (last, SET_BACK) if since is None else (since, None)


def believed(ledger: Ledger, asked: Iterable[Verification]) -> Iterator[Verification]:
    """Yield those verifications since which the clock was not set back."""
    return (each for each in asked if is_believed(ledger, each))


def is_believed(ledger: Ledger, asked: Verification) -> bool:
    """Whether nothing that was recorded after a verification is dated before it.

    Acts may take a while to be recorded: less than the registry's own figures may lag behind is not looked at.
    """
    return not ledger.was_set_back(asked.id, asked.asked_at - REGISTRY_CACHE)
