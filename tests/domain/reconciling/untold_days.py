"""Sales with their tags and without them, and what is said of both."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from pcc_desk.domain.reconciling.comparing import compare
from pcc_desk.domain.reconciling.findings import Compared
from pcc_desk.domain.reconciling.terms import Context, Terms
from pcc_desk.domain.sales import NOT_TOLD, Dispensed, Pull, Receipt, ReceiptPull, Sale, SoldLine
from pcc_desk.simulator.seeded.making import agreeing_day
from tests.domain.reconciling.days import DAY, DETROIT, said

NOON = agreeing_day(DAY, DETROIT, 1, 0).at(12)
DREAM, GUMMY = "1A4050100000111000000417", "1A4050100000111000000933"
HALF = SoldLine(DREAM, 3500, 5200, "Blue Dream")
WHOLE = SoldLine(DREAM, 7000, 10400, "Blue Dream")
OTHER_HALF = replace(HALF, label=GUMMY)
GUMMIES = SoldLine(GUMMY, 2000, 4000, "Gummies")
PEOPLE = pytest.mark.parametrize("patient", ["P1", ""])


def untold(sale: Sale) -> Sale:
    """Return a sale as a till without tags tells it: with the packages in its stock, of which one is the right one."""
    lines = (
        replace(each, label=NOT_TOLD, may_be=(f"{each.label}X", each.label)) if each.label else each
        for each in sale.lines
    )
    return replace(sale, lines=tuple(lines))


def sale(number: str, minutes: float = 0, *lines: SoldLine, **other: object) -> Sale:
    sold = Sale(number, NOON + timedelta(minutes=minutes), lines or (SoldLine(DREAM, 3500, 5200, "Blue Dream"),))
    return replace(sold, **other)  # type: ignore[arg-type]


def receipt(of: Sale, *lines: SoldLine, **other: object) -> Receipt:
    made = Receipt(f"9{of.number}", "", of.sold_at, lines or of.lines, patient_key=of.patient_key)
    return replace(made, **other)  # type: ignore[arg-type]


def handed_out(of: Sale, minutes: float = -1, why: str = "METRC cannot be reached", **other: object) -> Dispensed:
    """Return what the desk handed out of a sale, which waits for the state."""
    made = Dispensed(f"D{of.number}", of.sold_at + timedelta(minutes=minutes), of.lines, why_unposted=why)
    return replace(made, **{"patient_key": of.patient_key, **other})  # type: ignore[arg-type]


def outcome(
    sales: Sequence[Sale],
    receipts: Sequence[Receipt],
    context: Context | None = None,
    desk: Sequence[Dispensed] = (),
) -> Compared:
    sides = Pull(tuple(sales), "POS", "", 0), ReceiptPull(tuple(receipts), "state")
    return compare(*sides, DAY, desk=desk, terms=Terms(), context=context or Context())


def same_as_told(
    sales: Sequence[Sale], receipts: Sequence[Receipt], desk: Sequence[Dispensed] = ()
) -> list[tuple[str, str, str, str]]:
    """Return what is said of sales without tags, which is what is said of them with their tags."""
    said_of = [
        [(*said(each), each.fix) for each in outcome(some, receipts, desk=desk).findings]
        for some in (sales, list(map(untold, sales)))
    ]
    assert said_of[1] == said_of[0]
    return said_of[1]
