"""The interfaces of the simulated till over real loopback, by the addresses and keys that the simulator tells."""

import pytest

from pcc_desk.adapters.loading import load_pos
from pcc_desk.domain.answers import Unanswered
from pcc_desk.domain.sales import Pull
from pcc_desk.simulator.pos_apis import connections
from tests.adapters.outside_pos import TODAY, rung_up, till
from tests.simulator.served import served


@pytest.mark.parametrize("name", ["dutchie", "flowhub", "cova"])
async def test_a_day_is_read_over_the_wire_and_a_refused_line_is_told(name: str) -> None:
    made = till(rung_up("4401", "2026-03-12T10:00"), rung_up("4402", "2026-03-12T14:30"))
    async with served(made) as outside:
        told = connections(made, outside.address)[name]
        pos = load_pos(name, {**told["settings"], "zone": "America/Detroit"}, told["credentials"])
        pull = await pos.sales(TODAY)
        assert isinstance(pull, Pull), pull
        assert [(each.number, each.lines[0].price_cents) for each in pull.sales] == [("4401", 5200), ("4402", 5200)]
        await outside.set(does="cut_off", route=f"* /pos/{name}/*")
        assert isinstance(await pos.sales(TODAY), Unanswered)
        await pos.close()
