"""What only some of the staff may do."""

from dataclasses import dataclass
from uuid import UUID

from pcc_desk.desk.ports import Ledger
from pcc_desk.domain.people import Role

MAY_WAIVE = (Role.PHARMACIST, Role.COMPLIANCE, Role.MANAGER)
MAY_CONFIRM = (Role.COMPLIANCE, Role.MANAGER)
MAY_ANNOUNCE = (Role.MANAGER,)


@dataclass(frozen=True, slots=True)
class NotAllowed:
    """A person may not do this; those who may."""

    allowed: tuple[Role, ...]


def not_allowed(ledger: Ledger, person_id: UUID, allowed: tuple[Role, ...]) -> NotAllowed | None:
    """Return a refusal for everybody who is not in one of the roles; for who is not on record, too."""
    person = ledger.person(person_id)
    return None if person is not None and person.role in allowed else NotAllowed(allowed)
