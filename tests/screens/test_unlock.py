"""Before the shut door: who it is, their secret, and the recovery sheet for an emergency."""

from uuid import UUID

from pcc_desk.desk.door import Emergency, Sitters
from tests.desk.counter import Counter
from tests.screens.seat import CODE, NARROW, SECRET, seated

PEOPLE = tuple((UUID(int=number), name) for number, name in enumerate(("Ana Ruiz", "Ben Osei", "Cleo Marsh"), 1))


async def test_whoever_was_last_is_chosen_and_the_arrows_choose_another(counter: Counter) -> None:
    async with seated(counter) as seat:
        seat.door.sitters = Sitters(PEOPLE, at=1, has_sheet=True)
        seat.app.shut.look()
        seat.app.shut.draw()
        assert "› Ben Osei" in await seat.see("Cleo Marsh")
        await seat.press("down", "down")
        assert "› the recovery sheet" in seat.text
        await seat.press("up", "up", "up", "up", "up")
        assert "› Ana Ruiz" in seat.text
        await seat.press("down", "down")
        await seat.type(f"{SECRET}\r")
        await seat.see("Queue")
    assert seat.door.opened_as == PEOPLE[2][0]


async def test_what_was_typed_as_one_person_is_not_taken_for_another(counter: Counter) -> None:
    async with seated(counter) as seat:
        seat.door.sitters = Sitters(PEOPLE)
        seat.app.shut.look()
        await seat.type(SECRET)
        await seat.press("down", "enter")
        assert not seat.door.is_open


async def test_a_shop_with_one_person_asks_for_no_name(counter: Counter) -> None:
    async with seated(counter) as seat:
        seat.door.sitters = Sitters(PEOPLE[:1])
        seat.app.shut.look()
        seat.app.shut.draw()
        await seat.see("then enter.")
        assert "Ana Ruiz" not in seat.text
        await seat.type(f"{SECRET}\r")
        await seat.see("Queue")
    assert seat.door.opened_as == PEOPLE[0][0]


async def test_twelve_people_scroll_past_the_chosen_one(counter: Counter) -> None:
    async with seated(counter, NARROW) as seat:
        many = tuple((UUID(int=number), f"Person {number}") for number in range(1, 13))
        seat.door.sitters = Sitters(many, at=10, has_sheet=True)
        seat.app.shut.look()
        seat.app.shut.draw()
        await seat.see("› Person 11")
        assert "Person 1\n" not in seat.text
        assert "the recovery sheet" in seat.text


async def test_the_recovery_sheet_opens_the_desk_to_whoever_says_who_and_why(counter: Counter) -> None:
    async with seated(counter) as seat:
        seat.door.sitters = Sitters(PEOPLE[:1], has_sheet=True)
        seat.app.shut.look()
        seat.app.shut.draw()
        await seat.press("down", "enter")
        await seat.see("Open with the recovery sheet")
        await seat.press("down", "down", "enter")
        await seat.see("Type your name, and why, first")
        await seat.type("Ben Osei\rAna is ill, and nobody else is here\rnot the code\r")
        await seat.see("That is not the passphrase")
        await seat.type(f"{CODE}\r")
        await seat.see("Queue")
    assert seat.door.emergency == Emergency("Ben Osei", "Ana is ill, and nobody else is here")


async def test_the_desk_stays_shut_when_one_thinks_better_of_the_sheet(counter: Counter) -> None:
    async with seated(counter) as seat:
        seat.door.sitters = Sitters(PEOPLE[:1], has_sheet=True)
        seat.app.shut.look()
        await seat.press("down", "enter")
        await seat.see("Open with the recovery sheet")
        await seat.press("escape")
        await seat.see("↓ the recovery sheet.")
        assert seat.door.emergency is None


async def test_before_the_shut_door_help_names_no_key_that_needs_an_open_desk(counter: Counter) -> None:
    async with seated(counter) as seat:
        await seat.press("f1")
        await seat.see("Keys · Signing in")
        assert "f8" in seat.text
        assert not any(word in seat.text for word in ("Outage", "Curtain", "Go to a place"))
        await seat.press("escape")
        await seat.unlock()
        await seat.press("f1")
        await seat.see("Keys · Queue")
        await seat.press("pagedown")
        await seat.see("Curtain")
