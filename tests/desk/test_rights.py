"""Who may do what: every use case tried by everybody, and nothing handed to a role that it does not need."""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from pcc_desk.desk.errors import NoSuchRecord
from pcc_desk.desk.rights import (
    ASKS_AGAIN,
    BY_ITSELF,
    GRANTS,
    NotPermitted,
    NotProved,
    Right,
    is_proved,
    only_for,
    proved,
    why_not,
)
from pcc_desk.domain.entries import Act, ActDenied, ProofFailed, StaffAdded
from pcc_desk.domain.people import THE_DESK_ITSELF, Person, Role
from pcc_desk.domain.proof import LASTS
from pcc_desk.domain.staff_entries import StaffLeft
from pcc_desk.domain.withheld import Withheld
from tests.desk.counter import OPENING
from tests.desk.every_use_case import (
    ASK_NOBODY,
    NEED_NO_RIGHT,
    NORA,
    NOTE,
    PAPER,
    READS,
    WRITES,
    Try,
    World,
    a_world,
    all_use_cases,
)
from tests.fakes import FakeStore

DOCS = Path(__file__).parents[2] / "docs" / "roles.md"
SCREENS = Path(__file__).parents[2] / "src" / "pcc_desk" / "screens"

EVERY_ONE = WRITES | READS


def refused(world: World, attempt: Try, act: Act) -> NotPermitted | NotProved | None:
    """Try a use case as the store runs one; return why who acts may not, or nothing."""
    try:
        FakeStore(world.counter.ledger).write_now(lambda ledger: attempt(world, act))
    except (NotPermitted, NotProved) as refusal:
        return refusal
    except NoSuchRecord:
        return None
    return None


def is_refused(world: World, attempt: Try, act: Act) -> bool:
    """Return whether who acts may not."""
    return isinstance(refused(world, attempt, act), NotPermitted)


# The table is whole


def test_every_use_case_is_told_who_acts_or_hands_nothing_out() -> None:
    told, untold = all_use_cases()
    listed = {name.partition(",")[0] for name in EVERY_ONE}
    assert told == listed | set(NEED_NO_RIGHT)
    assert untold == set(ASK_NOBODY)


def test_every_right_is_granted_to_somebody_or_is_the_desk_s_own() -> None:
    assert set(GRANTS) == set(Right)
    for right, roles in GRANTS.items():
        assert roles or right in BY_ITSELF, right


def test_no_screen_goes_round_the_use_cases() -> None:
    known = {name.rpartition(".")[2].partition(",")[0] for name in (*EVERY_ONE, *NEED_NO_RIGHT, *ASK_NOBODY)}
    for path in SCREENS.rglob("*.py"):
        for used in re.findall(r"store\.(?:read|write)\(\s*(\w+)", path.read_text(encoding="utf-8")):
            assert used in known, f"{path.name} reads or writes by {used}"


def test_the_recovery_sheet_may_what_those_may_in_whose_place_it_is() -> None:
    in_their_place = {Role.COORDINATOR, Role.PHARMACIST, Role.MANAGER}
    for right, roles in GRANTS.items():
        assert (Role.RECOVERY in roles) is bool(roles & in_their_place), right


CALLS = re.compile(r"(?:proved_act|in_hand)\(")

BY_COMMAND = {Right.KEYS}
"""What no screen does: a command opens the store with the secret of whoever does it, each time."""


def test_whatever_asks_for_the_secret_again_is_asked_for_on_the_screen_that_does_it() -> None:
    asking = [text for each in SCREENS.rglob("*.py") if CALLS.search(text := each.read_text(encoding="utf-8"))]
    asked = {right for right in ASKS_AGAIN if any(re.search(rf"Right\.{right.name}\b", text) for text in asking)}
    assert asked == ASKS_AGAIN - BY_COMMAND


# Every use case by everybody


@pytest.mark.parametrize("name", EVERY_ONE)
async def test_a_use_case_is_for_those_who_have_its_right_and_for_nobody_else(name: str) -> None:
    right, attempt = EVERY_ONE[name]
    fresh = await a_world()
    for role in Role:
        world = deepcopy(fresh)
        ledger = world.counter.ledger
        act = Act(UUID(int=0xABC), world.counter.clock.now(), world.somebody(role).id, "counter-1")
        act = proved(act, right, act.at)
        before = deepcopy(ledger)
        assert is_refused(world, attempt, act) is (role not in GRANTS[right]), role
        if role not in GRANTS[right]:
            assert set(ledger.acts) - set(before.acts) != {act.id}
            (denied,) = (ledger.acts[each] for each in ledger.acts if each not in before.acts)
            assert isinstance(denied[0], ActDenied)
            assert (denied[0].right, denied[1].by) == (right.name.lower(), act.by)
            assert {**vars(ledger), "acts": None} == {**vars(before), "acts": None}


@pytest.mark.parametrize("name", EVERY_ONE)
async def test_nobody_may_who_is_not_on_the_staff_or_has_left(name: str) -> None:
    right, attempt = EVERY_ONE[name]
    world = await a_world()
    leaver = Person(UUID(int=0x1EA), "Lea Lang", Role.MANAGER)
    world.counter.put(StaffAdded(leaver), StaffLeft(leaver.id))
    for by in (UUID(int=0xDEAD), leaver.id):
        act = Act(world.counter.desk.new_id(), world.counter.clock.now(), by, "counter-1")
        assert is_refused(world, attempt, proved(act, right, act.at))
        assert world.counter.ledger.is_recorded(act.id) is False


@pytest.mark.parametrize("name", EVERY_ONE)
async def test_the_desk_itself_does_only_what_is_its_own(name: str) -> None:
    right, attempt = EVERY_ONE[name]
    world = await a_world()
    act = world.counter.desk.act_by_itself()
    assert act.by == THE_DESK_ITSELF
    assert is_refused(world, attempt, act) is (right not in BY_ITSELF)


# The secret again


def proofs_that_are_none(act: Act, right: Right) -> Iterator[Act]:
    """Yield an act without a proof, and with each proof that is not one of it."""
    yield act
    proof = proved(act, right, act.at).proof
    assert proof is not None
    other = next(each for each in Right if each is not right)
    for wrong in (
        replace(proof, by=UUID(int=0xB0D)),
        replace(proof, right=other.name.lower()),
        replace(proof, act_id=UUID(int=0xABD)),
        replace(proof, at=act.at - LASTS - timedelta(seconds=1)),
        replace(proof, at=act.at + timedelta(seconds=1)),
    ):
        yield replace(act, proof=wrong)


@pytest.mark.parametrize("name", EVERY_ONE)
async def test_a_risky_use_case_refuses_an_act_without_a_fresh_proof_of_its_own_and_no_other_does(name: str) -> None:
    right, attempt = EVERY_ONE[name]
    fresh = await a_world()
    for role in sorted(GRANTS[right]):
        by = fresh.somebody(role).id
        for act in proofs_that_are_none(Act(UUID(int=0xABC), fresh.counter.clock.now(), by, "counter-1"), right):
            world = deepcopy(fresh)
            before = deepcopy(world.counter.ledger)
            refusal = refused(world, attempt, act)
            assert isinstance(refusal, NotProved) is (right in ASKS_AGAIN)
            if refusal is not None:
                assert right.value in str(refusal)
                (failed,) = (it for key, it in world.counter.ledger.acts.items() if key not in before.acts)
                assert (failed[0], failed[1].by) == (ProofFailed(right.name.lower()), by)
                assert {**vars(world.counter.ledger), "acts": None} == {**vars(before), "acts": None}


@pytest.mark.parametrize("passed", [timedelta(0), LASTS])
def test_a_proof_is_good_for_its_act_for_two_minutes(passed: timedelta) -> None:
    act = Act(UUID(int=0xABC), OPENING, UUID(int=0xA1), "counter-1")
    assert is_proved(proved(act, Right.VOID, act.at - passed), Right.VOID)
    assert proved(act, Right.VOID, act.at) == act, "it is kept nowhere, so what is read back has none"


# What is handed out


CERTIFIED = str(NORA.certification_expires)
FIELDS = {
    NORA.phone: Right.READ_CONTACT,
    NORA.remarks: Right.READ_CONTACT,
    NORA.certified_by: Right.READ_PAPERS,
    CERTIFIED: Right.READ_PAPERS,
    NOTE: Right.READ_NOTES,
    PAPER: Right.SEE_ALLOTMENT,
}


def leaves(value: Any) -> Iterator[str]:
    """Yield everything that stands anywhere in what a read returned, as text."""
    if is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            yield from leaves(getattr(value, each.name))
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from leaves(key)
            yield from leaves(each)
    elif isinstance(value, tuple | list | set | frozenset):
        for each in value:
            yield from leaves(each)
    elif isinstance(value, str | date):
        yield str(value)


@pytest.mark.parametrize("role", Role)
async def test_a_role_is_handed_no_field_that_it_does_not_need(role: Role) -> None:
    world = await a_world()
    handed = set()
    for right, attempt in READS.values():
        if role in GRANTS[right]:
            act = world.counter.act(world.somebody(role))
            handed |= set(leaves(attempt(world, act)))
    for field, right in FIELDS.items():
        assert any(field in each for each in handed) is (role in GRANTS[right]), field


async def test_what_is_withheld_is_never_taken_for_empty() -> None:
    world = await a_world()
    act = world.counter.act(world.somebody(Role.INVENTORY))
    _, attempt = READS["chart.look_into"]
    record: Any = attempt(world, act)
    for each in (
        record.patient.phone,
        record.patient.remarks,
        record.patient.certified_by,
        record.patient.certification_expires,
        record.known,
    ):
        assert isinstance(each, Withheld)
        assert each
    (note,) = (each.text for each in record.timeline if each.kind == "note")
    assert note == only_for(Right.READ_NOTES) == "withheld: for a coordinator or pharmacist"


# In words


def test_a_denial_says_who_may() -> None:
    assert why_not(Right.ANNOUNCE_EXCEPTIONS) == "Announcing exceptions and taking them back is for a manager."
    assert why_not(Right.KEYS) == "Entering keys of systems is for an inventory manager or manager."
    assert why_not(Right.POST) == "Posting is done by the desk itself."


def table() -> list[str]:
    """Return the table of docs/roles.md as GRANTS has it, without the reasons."""
    held = [each for each in Role if each.is_held]
    return [
        f"| {right.value} | {' | '.join('yes' if each in GRANTS[right] else '–' for each in held)} |"
        for right in Right
        if GRANTS[right]
    ]


def test_the_page_about_roles_says_what_is_granted_and_why() -> None:
    lines = DOCS.read_text(encoding="utf-8").splitlines()
    rows = [each for each in lines if re.match(r"\| [a-z]", each)]
    assert [each.rpartition(" | ")[0] + " |" for each in rows] == table()
    for each in rows:
        assert len(each.rpartition(" | ")[2]) > len("because |"), f"{each} gives no reason"
