"""What the Staff place says."""

from typing import assert_never

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.ports_secrets import SecretSeen
from pcc_desk.desk.staff import HasLeft, LastManager, NameTaken, Oneself, Seen
from pcc_desk.domain.people import Person, Role, SecretKind
from pcc_desk.screens.words import day_words
from pcc_desk.widgets.listing import Column, Row

STAFF = (
    Column("Name", 18),
    Column("Role", 18),
    Column("Opens by", 18),
    Column("Last here", 10),
    Column("Tries left", 10, grow=True),
)

ROLES: tuple[tuple[str, str], ...] = (
    (Role.COORDINATOR.value, "checks in, consults, dispenses"),
    (Role.PHARMACIST.value, "as a coordinator, and enters waivers"),
    (Role.INVENTORY.value, "keeps the stock and what the state is told"),
    (Role.COMPLIANCE.value, "reviews the record, exports, makes backups"),
    (Role.MANAGER.value, "as a coordinator, and decides who works here"),
)

ADVICE = {
    SecretKind.PASSPHRASE: "15 characters or more. For example, and by nobody's choice: {proposed}",
    SecretKind.PIN: "6 to 12 digits, no runs, repeats or years. It works on this computer only, beside the passphrase.",
}


def staff_row(seen: Seen, secrets: tuple[SecretSeen, ...], desk: Desk) -> Row:
    """Return how one of the staff stands in the list."""
    person = seen.person
    last = day_words(desk.shop.day(seen.last)) if seen.last else "never"
    if person.has_left:
        return Row(str(person.id), (person.name, person.role.value, "has left", last, ""), "muted")
    by = " and ".join(each.kind.value for each in secrets) or "no secret yet"
    off = any(each.tries_left == 0 for each in secrets)
    return Row(str(person.id), (person.name, person.role.value, by, last, _tries(secrets)), "warning" if off else "")


def _tries(secrets: tuple[SecretSeen, ...]) -> str:
    return ", ".join(f"{each.tries_left}" if each.tries_left else "off" for each in secrets)


def head_words(people: tuple[Seen, ...], desk: Desk) -> tuple[str, str]:
    """Return what stands above the list, and its tone."""
    if desk.secrets is not None and desk.secrets.troubles:
        told = ", ".join(desk.secrets.troubles)
        return f"Somebody touched who can open the desk: {told}. Look at the list, then answer for it (z).", "danger"
    here = sum(not each.person.has_left for each in people)
    return f"{here} on the staff. Every change is on record, and asks for your secret.", "muted"


def refused_words(outcome: NameTaken | HasLeft | Oneself | LastManager) -> str:
    """Return why nothing was changed, and what to do."""
    match outcome:
        case NameTaken(name=name):
            return f"{name} is on the staff already. Add a second name or an initial."
        case HasLeft(name=name):
            return f"{name} has left already; nothing that they have opens the desk."
        case Oneself():
            return "Nobody does that to themselves. Ask another manager, or use the recovery sheet."
        case LastManager():
            return "They are the only manager: nobody could change the staff any more. Name another one first."
        case _:
            assert_never(outcome)


def secret_words(person: Person, kind: SecretKind) -> str:
    """Return what a new secret is called: The new PIN of Ana Reyes."""
    return f"The new {'PIN' if kind is SecretKind.PIN else kind.value} of {person.name}"


def enciphering_words(size: int, seconds: float) -> str:
    """Return how far the change of the key may have come: about 2 s for 100 MB, and one at least."""
    whole = max(size / 45e6, 1.0)
    passed = f"{seconds:.0f} s of about {whole:.0f} s"
    return f"Enciphering {size / 1e6:,.0f} MB anew: {passed}. Nothing else is done meanwhile."
