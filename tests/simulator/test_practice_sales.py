"""The practice shop's till and registry differ by the honest mistakes that were put there, whoever tells the sales."""

from datetime import date
from pathlib import Path

import pytest

from pcc_desk.desk.ports_outside import PointOfSale
from pcc_desk.domain.reconciling.comparing import compare
from pcc_desk.domain.sales import Pull, ReceiptPull
from pcc_desk.simulator.world import World
from tests.adapters.outside import NOW, metrc, simulated, world
from tests.adapters.outside_pos import TODAY, YESTERDAY, Loopback, csv, dutchie, flowhub


def told_by(kind: str, made: World, folder: Path) -> PointOfSale:
    match kind:
        case "csv":
            return csv(folder, made)
        case "dutchie":
            return dutchie(Loopback(made), made)
    return flowhub(Loopback(made), made)


@pytest.mark.parametrize("kind", ["csv", "dutchie", "flowhub"])
@pytest.mark.parametrize(
    ("day", "classes"),
    [(TODAY, ["MISSING_IN_STATE", "PRICE", "QTY"]), (YESTERDAY, ["UNEXPECTED_IN_STATE"])],
    ids=["today", "yesterday"],
)
async def test_only_what_went_wrong_is_found(kind: str, day: date, classes: list[str], tmp_path: Path) -> None:
    made = world()
    pull = await told_by(kind, made, tmp_path).sales(day)
    assert isinstance(pull, Pull), pull
    receipts = await metrc(simulated(made, tmp_path), made).posted_on(day, NOW)
    assert isinstance(receipts, tuple)
    outcome = compare(pull, ReceiptPull(receipts, "METRC", read_at=NOW), day)
    assert sorted(each.kind.value for each in outcome.findings) == classes
    assert outcome.matched > 5
