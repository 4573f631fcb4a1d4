"""The desk as each role finds it: its places, its keys, and no way for a refusal to end it."""

from uuid import UUID

import pytest

from pcc_desk.desk.rights import GRANTS
from pcc_desk.domain.entries import StaffAdded
from pcc_desk.domain.people import Person, Role
from pcc_desk.domain.people_entries import IntakeAnswered, RequestNoted
from pcc_desk.domain.requests import Request, RequestKind
from pcc_desk.screens.frame import GoTo
from pcc_desk.screens.places import OPEN_TO
from tests.desk.counter import MARA, TODAY, Counter
from tests.screens.seat import at_the_queue


def sit_down(counter: Counter, role: Role) -> None:
    """Let somebody of a role sit at the desk."""
    person = Person(UUID(int=0xF0), "Noor Haddad", role)
    counter.put(StaffAdded(person))
    counter.desk = counter.desk_of(person)


@pytest.mark.parametrize("role", Role)
async def test_the_desk_begins_where_the_role_works_and_lists_only_its_places(counter: Counter, role: Role) -> None:
    sit_down(counter, role)
    async with at_the_queue(counter) as seat:
        is_at_the_counter = role in GRANTS[OPEN_TO["Queue"]]
        assert ("[Queue" in seat.text) is is_at_the_counter
        await seat.press("ctrl+g")
        await seat.see("Go to")
        for place, right in OPEN_TO.items():
            assert (f" {place} " in seat.text) is (role in GRANTS[right]), place
        assert counter.recorded("act.denied") == 0


@pytest.mark.parametrize("role", Role)
async def test_the_keys_of_a_chart_are_those_that_the_role_may_press(counter: Counter, role: Role) -> None:
    sit_down(counter, role)
    counter.put(IntakeAnswered(MARA.id, UUID(int=7), "phq9_9", "1", "Stay with the patient."))
    async with at_the_queue(counter) as seat:
        seat.app.post_message(GoTo("Chart", MARA.id))
        await seat.see("Lindqvist, Mara   born")
        keys = {each.binding.id for each in seat.app.screen.active_bindings.values()}
        needs = seat.app.screen.NEEDS  # type: ignore[attr-defined]
        for each in seat.app.screen.BINDINGS:
            if getattr(each, "action", "") in needs and each.action not in {"number", "send_again"}:  # type: ignore[union-attr]
                assert (each.id in keys) is (role in GRANTS[needs[each.action]]), each  # type: ignore[union-attr]
        await seat.press("f1")
        assert ("Write and sign the consultation note" in seat.text) is (role in GRANTS[needs["note"]])
        assert counter.recorded("act.denied") == 0


async def test_a_compliance_officer_sees_how_requests_are_answered_and_once_what_is_withheld(counter: Counter) -> None:
    sit_down(counter, Role.COMPLIANCE)
    counter.put(RequestNoted(MARA.id, Request(UUID(int=9), MARA.id, RequestKind.AMENDMENT, TODAY, "the hip")))
    async with at_the_queue(counter) as seat:
        seat.app.post_message(GoTo("Chart", MARA.id))
        await seat.see("Lindqvist, Mara   born")
        await seat.press("p")
        text = await seat.see("to amend: the hip")
        (emergency,) = (line for line in text.splitlines() if "in an emergency" in line)
        assert emergency.count("withheld") == 1
        assert "shared: withheld" not in text
        assert "a answer   w write out" in text


async def test_who_lost_a_right_meanwhile_is_told_who_has_it_and_the_desk_goes_on(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        counter.ledger.staff[counter.desk.person.id] = Person(counter.desk.person.id, "Ana Ruiz", Role.INVENTORY)
        await seat.press("space")
        await seat.hear("Checking patients in and moving their visits is for a coordinator, pharmacist or manager.")
        assert counter.recorded("act.denied") >= 1
        await seat.press("down", "enter")
        await seat.hear("is for a coordinator, pharmacist or manager.")
        await seat.press("escape", "ctrl+g")
        await seat.see("Go to")
