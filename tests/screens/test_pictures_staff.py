"""How the Staff place and its questions look, in both sizes. Beside it lies what was agreed."""

import pytest
from syrupy.assertion import SnapshotAssertion

from pcc_desk.domain.people import SecretKind
from tests.desk.counter import BEN, Counter
from tests.screens.seat import NARROW, SECRET, WIDE, at_the_queue
from tests.screens.test_staff_place import at_staff, managed, on, secrets_of

__all__ = ["managed"]

STEPS = {
    "staff": ("", "3 on the staff"),
    "staff_role": ("r", "What Ana Ruiz becomes"),
    "staff_new_pin": ("i", "The new PIN of Ana Ruiz"),
    "staff_removed": ("d", "Take Ana Ruiz off the staff?"),
    "staff_sheet": ("h", "Adding and removing staff"),
}


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["100x30", "80x24"])
@pytest.mark.parametrize("name", STEPS)
async def test_the_staff_place_looks_as_it_was_agreed(
    managed: Counter, snapshot: SnapshotAssertion, name: str, size: tuple[int, int]
) -> None:
    secrets_of(managed).kept[BEN.id][SecretKind.PIN] = "385912"
    secrets_of(managed).off.add(BEN.id)
    key, wanted = STEPS[name]
    async with at_the_queue(managed, size) as seat:
        await at_staff(seat)
        await on(seat, "Ana Ruiz")
        await seat.type(key)
        await seat.see(wanted)
        if name == "staff_sheet":
            await seat.type(SECRET + "\r")
            await seat.see("ABCD-EFGH")
        await seat.rest()
        assert all(len(line) <= size[0] for line in seat.lines)
        assert seat.text == snapshot
