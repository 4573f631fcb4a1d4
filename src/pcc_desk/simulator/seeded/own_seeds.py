"""What the desk itself handed out on an invented day, and the differences that only its own file shows."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from pcc_desk.domain.reconciling.classes import FindingClass
from pcc_desk.domain.sales import Buyer, Dispensed, LineUnit, SoldLine
from pcc_desk.simulator.seeded.making import Day

OwnSeed = Callable[[Day, int, Dispensed], None]
"""Puts a difference into the sale of a place, which the desk dispensed."""

WAITS = "METRC cannot be reached"
REFUSED = "METRC refused it: the package is not in this facility"


def with_desk(made: Day, kinds: Sequence[FindingClass], seed: int) -> Day:
    """Let the desk have dispensed about half of the sales on which both sides agree, with differences put in.

    Sales that have a difference already are left as they are.
    """
    dice = random.Random(f"desk {seed}")  # noqa: S311 - invented dispensings
    touched = {number for each in made.key for number in (each.sale, each.receipt)}
    places = [
        place
        for place, sale in made.sales.items()
        if place in made.receipts and not {sale.number, made.receipts[place].number} & touched
    ]
    dice.shuffle(places)
    for kind, place in zip(kinds, places, strict=False):
        OWN_SEEDS[kind](made, place, _dispensed(made, place))
    for place in sorted(places[len(kinds) :]):
        if dice.randrange(2):
            made.desk.append(_dispensed(made, place))
    made.desk.sort(key=lambda each: (each.sold_at, each.number))
    return made


def _dispensed(made: Day, place: int) -> Dispensed:
    """Return a sale as the desk handed it out: a minute before it was rung up, posted under our number."""
    sale = made.sales[place]
    lines = tuple(replace(each, number="", weight_mg=None) for each in sale.lines)
    return Dispensed(
        number=f"PCC-{made.day:%Y%m%d}-{int(sale.number):010d}",
        sold_at=sale.sold_at - timedelta(minutes=1),
        lines=lines,
        receipt=made.receipts[place].number,
        buyer=sale.buyer,
        patient_key=sale.patient_key,
    )


def _first_line(own: Dispensed, **change: object) -> tuple[SoldLine, ...]:
    return (replace(own.lines[0], **change), *own.lines[1:])  # type: ignore[arg-type]


def _other(made: Day, place: int, own: Dispensed, kind: FindingClass) -> None:
    """Note what the desk says otherwise than both sides, which agree."""
    made.desk.append(own)
    made.put(kind, made.sales[place], made.receipts[place], own)


def _missing(made: Day, place: int, own: Dispensed) -> None:
    """By turns: what was refused by the state and never rung up; what was rung up while its post waits."""
    del made.receipts[place]
    if len(made.desk) % 2:
        made.desk.append(replace(own, receipt="", why_unposted=WAITS))
        made.put(FindingClass.MISSING_IN_STATE, made.sales[place])
        return
    del made.sales[place]
    made.desk.append(replace(own, receipt="", why_unposted=REFUSED))
    made.put(FindingClass.MISSING_IN_STATE, desk=own)


def _fresh(made: Day, place: int, own: Dispensed) -> None:
    del made.sales[place], made.receipts[place]
    made.desk.append(replace(own, receipt="", sold_at=made.now - timedelta(minutes=2)))
    made.put(FindingClass.NOT_YET_VISIBLE, desk=own)


def _not_rung_up(made: Day, place: int, own: Dispensed) -> None:
    del made.sales[place]
    made.desk.append(own)
    made.put(FindingClass.UNEXPECTED_IN_STATE, None, made.receipts[place])


def _struck(made: Day, place: int, own: Dispensed) -> None:
    _other(made, place, replace(own, is_void=True), FindingClass.VOID_NOT_PROPAGATED)


def _quantity(made: Day, place: int, own: Dispensed) -> None:
    _other(made, place, replace(own, lines=_first_line(own, milli=own.lines[0].milli + 2000)), FindingClass.QTY)


def _price(made: Day, place: int, own: Dispensed) -> None:
    cents = own.lines[0].price_cents + 150
    _other(made, place, replace(own, lines=_first_line(own, price_cents=cents)), FindingClass.PRICE)


def _tag(made: Day, place: int, own: Dispensed) -> None:
    _other(made, place, replace(own, lines=_first_line(own, label=made.new_tag())), FindingClass.TAG)


def _line_left_out(made: Day, place: int, own: Dispensed) -> None:
    extra = SoldLine(made.new_tag(), 1000, 2500, "Plum Gummies", unit=LineUnit.EACH)
    _other(made, place, replace(own, lines=(*own.lines, extra)), FindingClass.PARTIAL_RECEIPT)


def _patient(made: Day, place: int, own: Dispensed) -> None:
    _other(made, place, replace(own, patient_key=f"MIP9{int(made.new_number()):09d}"), FindingClass.PATIENT)


def _caregiver(made: Day, place: int, own: Dispensed) -> None:
    caregiver = f"MIC{int(made.new_number()):09d}"
    _other(made, place, replace(own, caregiver_key=caregiver, buyer=Buyer.CAREGIVER), FindingClass.CAREGIVER)


OWN_SEEDS: dict[FindingClass, OwnSeed] = {
    FindingClass.MISSING_IN_STATE: _missing,
    FindingClass.NOT_YET_VISIBLE: _fresh,
    FindingClass.UNEXPECTED_IN_STATE: _not_rung_up,
    FindingClass.VOID_NOT_PROPAGATED: _struck,
    FindingClass.QTY: _quantity,
    FindingClass.PRICE: _price,
    FindingClass.TAG: _tag,
    FindingClass.PARTIAL_RECEIPT: _line_left_out,
    FindingClass.PATIENT: _patient,
    FindingClass.CAREGIVER: _caregiver,
}
"""What the desk's own file tells, where the two sides do not."""
