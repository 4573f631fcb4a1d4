"""The staff: who is on it, what they are, and by what they open the desk."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from pcc_desk.desk.errors import NoSuchRecord
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.rights import Right, require
from pcc_desk.domain.entries import Act, StaffAdded
from pcc_desk.domain.people import Person, Role, SecretKind, name_key
from pcc_desk.domain.staff_entries import (
    GlassBroken,
    RoleGiven,
    SecretGiven,
    SecretTaken,
    SlotsSealed,
    StaffLeft,
    TriesAllowed,
    VaultTrouble,
    VaultWanting,
)

GLASS_BROKEN_FOR = timedelta(hours=4)
"""For how long the recovery sheet opens the desk at a time."""


@dataclass(frozen=True, slots=True)
class NameTaken:
    """Somebody of the staff is called so: two persons are told apart by their names when they sign in."""

    name: str


@dataclass(frozen=True, slots=True)
class HasLeft:
    """They are not on the staff any more."""

    name: str


@dataclass(frozen=True, slots=True)
class Oneself:
    """Nobody takes themselves off the staff, or takes their own role away."""


@dataclass(frozen=True, slots=True)
class LastManager:
    """Nobody would be left who may change the staff."""


def staff(ledger: Ledger) -> tuple[Person, ...]:
    """Return everybody who is or was on the staff, the recovery sheet aside."""
    return tuple(each for each in ledger.everybody() if each.role.is_held)


def named(ledger: Ledger, name: str) -> Person | None:
    """Return the member of staff of a name, whatever its case and accents; those who are still here come first."""
    wanted = name_key(name)
    return next((each for each in staff(ledger) if name_key(each.name) == wanted), None)


@dataclass(frozen=True, slots=True)
class Seen:
    """A member of staff as the list of them shows one. `last`: when they signed in last; None: never."""

    person: Person
    last: datetime | None


def staff_seen(ledger: Ledger) -> tuple[Seen, ...]:
    """Return everybody who is or was on the staff, those who are still here first, by their names."""
    seen = (Seen(each, ledger.last_sign_in(each.id)) for each in staff(ledger))
    return tuple(sorted(seen, key=lambda each: (each.person.has_left, name_key(each.person.name))))


def may_change(ledger: Ledger, *, act: Act) -> None:
    """Raise `NotPermitted` or `NotProved` before anything is done that is in no transaction of ours."""
    require(ledger, act, Right.STAFF)


def break_glass(ledger: Ledger, who: str, why: str, *, act: Act) -> None:
    """Put on record who opened the desk with the recovery sheet, and why. It stays open for `GLASS_BROKEN_FOR`."""
    ledger.record(GlassBroken(who, why, act.at + GLASS_BROKEN_FOR), act)


def add_person(ledger: Ledger, name: str, role: Role, *, act: Act) -> Person | NameTaken:
    """Put somebody on the staff. They get the act's id, which nobody had before; a secret is given to them apart."""
    require(ledger, act, Right.STAFF)
    known = named(ledger, name)
    if known is not None and not known.has_left:
        return NameTaken(known.name)
    person = Person(act.id, " ".join(name.split()), role)
    ledger.record(StaffAdded(person), act)
    return person


def let_go(ledger: Ledger, person_id: UUID, *, act: Act) -> Person | HasLeft | Oneself | LastManager:
    """Take somebody off the staff: from now on they may do nothing. The key of the store has to be changed after it.

    Raises `NoSuchRecord` for an unknown id.
    """
    require(ledger, act, Right.STAFF)
    person = _one(ledger, person_id)
    refusal = _why_not(ledger, person, act, is_manager_after=False)
    if refusal is not None:
        return refusal
    ledger.record(StaffLeft(person.id), act)
    return person


def give_role(ledger: Ledger, person_id: UUID, role: Role, *, act: Act) -> Person | HasLeft | Oneself | LastManager:
    """Give a member of staff another role. Raises `NoSuchRecord` for an unknown id."""
    require(ledger, act, Right.STAFF)
    person = _one(ledger, person_id)
    refusal = _why_not(ledger, person, act, is_manager_after=role is Role.MANAGER)
    if refusal is not None:
        return refusal
    ledger.record(RoleGiven(person.id, role), act)
    return Person(person.id, person.name, role)


def _why_not(
    ledger: Ledger, person: Person, act: Act, *, is_manager_after: bool
) -> HasLeft | Oneself | LastManager | None:
    """Return why what somebody is may not be changed; None: it may."""
    if person.has_left:
        return HasLeft(person.name)
    if person.id == act.by:
        return Oneself()
    return LastManager() if not is_manager_after and _is_last_manager(ledger, person) else None


def needed_for_secret(person_id: UUID, by: UUID) -> Right:
    """Return the right by which somebody changes a person's PIN or passphrase."""
    return Right.OWN_SECRET if person_id == by else Right.STAFF


def note_secret(ledger: Ledger, person_id: UUID, kind: SecretKind, *, act: Act) -> None:
    """Put on record that a secret was made for somebody: by a manager, or one's own. Raises `NoSuchRecord`.

    The recovery sheet is a manager's, also for who came in by it.
    """
    require(ledger, act, Right.STAFF if kind is SecretKind.RECOVERY else needed_for_secret(person_id, act.by))
    if kind is not SecretKind.RECOVERY:
        _one(ledger, person_id)
    ledger.record(SecretGiven(person_id, kind), act)


def note_pin_taken(ledger: Ledger, person_id: UUID, *, act: Act) -> None:
    """Put on record that somebody's PIN opens nothing any more."""
    require(ledger, act, needed_for_secret(person_id, act.by))
    ledger.record(SecretTaken(person_id, SecretKind.PIN), act)


def allow_tries(ledger: Ledger, person_id: UUID, *, act: Act) -> None:
    """Put on record that somebody's secrets are taken again, though they were tried too often."""
    require(ledger, act, Right.STAFF)
    ledger.record(TriesAllowed(person_id), act)


def seal_slots(ledger: Ledger, reason: str, troubles: tuple[VaultTrouble, ...], *, act: Act) -> None:
    """Put on record what was found of the slot file, and that a manager answers for who can open the store now."""
    require(ledger, act, Right.STAFF)
    for trouble in troubles:
        ledger.record(VaultWanting(trouble), replace(act, id=uuid5(act.id, trouble.value)))
    ledger.record(SlotsSealed(reason), act)


def _one(ledger: Ledger, person_id: UUID) -> Person:
    person = ledger.person(person_id)
    if person is None or not person.role.is_held:
        raise NoSuchRecord(f"There is nobody {person_id} on the staff.")
    return person


def _is_last_manager(ledger: Ledger, person: Person) -> bool:
    managers = [each for each in staff(ledger) if each.role is Role.MANAGER and not each.has_left]
    return managers == [person]
