"""The differences that can be put into an invented day: one way at least for each class (POS reference, section 9)."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from pcc_desk.domain.reconciling.classes import FindingClass
from pcc_desk.domain.reconciling.terms import KnownCard
from pcc_desk.domain.sales import Buyer, Kind, LineUnit, Receipt, Sale, SoldLine
from pcc_desk.simulator.seeded.making import Day

Seed = Callable[[Day, int], None]


def seeded(made: Day, kinds: Sequence[FindingClass]) -> Day:
    """Put one difference of each class into a day, each into a sale of its own."""
    places = list(made.sales)
    made.dice.shuffle(places)
    for kind, place in zip(kinds, places, strict=False):
        SEEDS[kind](made, place)
    return made


def _first_line(record: Sale | Receipt, **change: object) -> tuple[SoldLine, ...]:
    return (replace(record.lines[0], **change), *record.lines[1:])  # type: ignore[arg-type]


def _both(made: Day, place: int, **change: object) -> tuple[Sale, Receipt]:
    """Change the first line of a sale and of its receipt alike."""
    sale, receipt = made.sales[place], made.receipts[place]
    sale = made.sales[place] = replace(sale, lines=_first_line(sale, **change))
    receipt = made.receipts[place] = replace(receipt, lines=_first_line(receipt, **change))
    return sale, receipt


def _reported(made: Day, place: int, **change: object) -> tuple[Sale, Receipt]:
    """Change the first line of a receipt."""
    receipt = made.receipts[place]
    receipt = made.receipts[place] = replace(receipt, lines=_first_line(receipt, **change))
    return made.sales[place], receipt


def _missing(made: Day, place: int) -> None:
    del made.receipts[place]
    made.put(FindingClass.MISSING_IN_STATE, made.sales[place])


def _partial(made: Day, place: int) -> None:
    extra = SoldLine(made.new_tag(), 1000, 2500, "Plum Gummies", "9", LineUnit.EACH, 3000)
    sale = made.sales[place] = replace(made.sales[place], lines=(*made.sales[place].lines, extra))
    made.put(FindingClass.PARTIAL_RECEIPT, sale, made.receipts[place])


def _unexpected(made: Day, place: int) -> None:
    del made.sales[place]
    made.put(FindingClass.UNEXPECTED_IN_STATE, None, made.receipts[place])


def _duplicate(made: Day, place: int) -> None:
    receipt = made.receipts[place]
    later = timedelta(seconds=made.dice.choice((30, 90, 300)))
    recorded = (receipt.recorded_at or receipt.sold_at) + later
    again = replace(receipt, number=made.new_number(), sold_at=receipt.sold_at + later, recorded_at=recorded)
    made.more_receipts.append(again)
    made.put(FindingClass.DUPLICATE, made.sales[place], again)


def _void(made: Day, place: int) -> None:
    sale = made.sales.pop(place)
    struck = replace(sale, kind=Kind.VOID, voided_at=sale.sold_at + timedelta(minutes=9))
    made.more_sales.append(struck)
    made.put(FindingClass.VOID_NOT_PROPAGATED, struck, made.receipts[place])


def _return(made: Day, place: int) -> None:
    sale = made.sales[place] = replace(made.sales[place], lines=_first_line(made.sales[place], is_returned=True))
    made.put(FindingClass.RETURN_NOT_PROPAGATED, sale, made.receipts[place])


def _return_twice(made: Day, place: int) -> None:
    sale, receipt = _both(made, place, milli=5000, unit=LineUnit.EACH, weight_mg=15000, price_cents=5000)
    back = replace(sale.lines[0], milli=-1000, price_cents=-1000, weight_mg=-3000)
    later = sale.sold_at + timedelta(minutes=30)
    made.more_sales.append(
        replace(sale, number=made.new_number(), kind=Kind.RETURN, refers_to=sale.number, lines=(back,), sold_at=later)
    )
    receipt = made.receipts[place] = replace(receipt, lines=_first_line(receipt, milli=3000, weight_mg=9000))
    made.put(FindingClass.RETURN_DOUBLE, sale, receipt)


def _quantity(made: Day, place: int) -> None:
    line = made.receipts[place].lines[0]
    made.put(FindingClass.QTY, *_reported(made, place, milli=line.milli + made.dice.choice((90, 2000, 11000))))


def _unit(made: Day, place: int) -> None:
    _both(made, place, milli=28350, unit=LineUnit.GRAMS, weight_mg=28350)
    made.put(FindingClass.UNIT, *_reported(made, place, milli=1000, unit=LineUnit.OUNCES, weight_mg=None))


def _weight(made: Day, place: int) -> None:
    """Let pieces weigh something else: of what is sold by weight the state tells no other weight."""
    _both(made, place, milli=4000, unit=LineUnit.EACH, weight_mg=12_000)
    made.put(FindingClass.EQUIVALENCY, *_reported(made, place, weight_mg=64_000))


def _tag(made: Day, place: int) -> None:
    made.put(FindingClass.TAG, *_reported(made, place, label=made.new_tag()))


def _unknown_tag(made: Day, place: int) -> None:
    sale = made.sales[place] = replace(
        made.sales[place], lines=_first_line(made.sales[place], label=f"1A4FF0X{made.dice.randrange(10**9):017d}")
    )
    made.put(FindingClass.TAG_UNKNOWN, sale, made.receipts[place])


def _finished(made: Day, place: int) -> None:
    sale, _ = _both(made, place, label=made.new_tag(finished_at=made.at(7)))
    del made.receipts[place]
    made.put(FindingClass.PACKAGE_FINISHED, sale)


def _held(made: Day, place: int) -> None:
    since = made.sales[place].sold_at - timedelta(minutes=1)
    made.put(FindingClass.PACKAGE_HOLD, *_both(made, place, label=made.new_tag(held_from=since, held_why="recalled")))


def _negative(made: Day, place: int) -> None:
    sale, _ = _both(made, place, label=made.new_tag(balance_milli=-2000))
    made.put(FindingClass.NEGATIVE_PACKAGE, sale)


def _patient(made: Day, place: int) -> None:
    way = made.dice.randrange(3)
    sale = made.sales[place]
    key = "" if way == 0 else f"MIP{made.dice.randrange(10**9):09d}"
    if way == 2:
        made.same_person.append(frozenset({sale.patient_key, key}))
    receipt = made.receipts[place] = replace(made.receipts[place], patient_key=key)
    made.put(FindingClass.PATIENT, sale, receipt)


def _type(made: Day, place: int) -> None:
    receipt = made.receipts[place] = replace(made.receipts[place], buyer=Buyer.CONSUMER, patient_key="")
    sale = made.sales[place] = replace(made.sales[place], buyer=Buyer.PATIENT)
    made.put(FindingClass.CUSTOMER_TYPE, sale, receipt)


def _caregiver(made: Day, place: int) -> None:
    caregiver = f"MIC{made.dice.randrange(10**9):09d}"
    sale = made.sales[place] = replace(made.sales[place], caregiver_key=caregiver, buyer=Buyer.CAREGIVER)
    receipt = made.receipts[place] = replace(made.receipts[place], buyer=Buyer.PATIENT)
    made.put(FindingClass.CAREGIVER, sale, receipt)


def _price(made: Day, place: int) -> None:
    cents = made.receipts[place].lines[0].price_cents
    made.put(FindingClass.PRICE, *_reported(made, place, price_cents=cents + made.dice.choice((2, -150, 499))))


def _free(made: Day, place: int) -> None:
    sale, _ = _both(made, place, price_cents=0)
    made.put(FindingClass.FREE_ITEM, sale)


def _day(made: Day, place: int) -> None:
    receipt = made.receipts[place]
    pushed = made.at(4) + timedelta(days=1)
    receipt = made.receipts[place] = replace(receipt, sold_at=pushed, recorded_at=pushed + timedelta(seconds=9))
    made.put(FindingClass.DAY, made.sales[place], receipt)


def _hours(made: Day, place: int) -> None:
    at = made.at(21, 1 + made.dice.randrange(40))
    sale = made.sales[place] = replace(made.sales[place], sold_at=at, opened_at=at - timedelta(minutes=6))
    made.receipts[place] = replace(made.receipts[place], sold_at=at, recorded_at=at + timedelta(seconds=9))
    made.put(FindingClass.HOURS, sale)


def _late(made: Day, place: int) -> None:
    receipt = made.receipts[place]
    recorded = made.sales[place].sold_at + timedelta(hours=24, seconds=1 + made.dice.randrange(9000))
    receipt = made.receipts[place] = replace(receipt, recorded_at=recorded)
    made.put(FindingClass.LATE, made.sales[place], receipt)


def _over(made: Day, place: int) -> None:
    sale = made.sales[place]
    made.over_limit[sale.number] = "0.01 oz over the limit of 2.5 oz in 14 days"
    made.put(FindingClass.OVER_LIMIT, sale, made.receipts[place])


def _expired(made: Day, place: int) -> None:
    ends_with_the_day = bool(made.dice.randrange(2))
    last = made.day - timedelta(days=1) if ends_with_the_day else made.day
    sale = made.sales[place] = replace(made.sales[place], patient_key=f"MIP{made.dice.randrange(10**9):09d}")
    receipt = made.receipts[place] = replace(made.receipts[place], patient_key=sale.patient_key)
    made.cards[sale.patient_key] = KnownCard(last, ends_with_the_day)
    made.put(FindingClass.EXPIRED_CARD, sale, receipt)


def _fresh(made: Day, place: int) -> None:
    del made.receipts[place]
    at = made.now - timedelta(minutes=2)
    sale = made.sales[place] = replace(made.sales[place], sold_at=at, opened_at=at - timedelta(minutes=6))
    made.put(FindingClass.NOT_YET_VISIBLE, sale)


SEEDS: dict[FindingClass, Seed] = {
    FindingClass.MISSING_IN_STATE: _missing,
    FindingClass.PARTIAL_RECEIPT: _partial,
    FindingClass.UNEXPECTED_IN_STATE: _unexpected,
    FindingClass.DUPLICATE: _duplicate,
    FindingClass.VOID_NOT_PROPAGATED: _void,
    FindingClass.RETURN_NOT_PROPAGATED: _return,
    FindingClass.RETURN_DOUBLE: _return_twice,
    FindingClass.QTY: _quantity,
    FindingClass.UNIT: _unit,
    FindingClass.EQUIVALENCY: _weight,
    FindingClass.TAG: _tag,
    FindingClass.TAG_UNKNOWN: _unknown_tag,
    FindingClass.PACKAGE_FINISHED: _finished,
    FindingClass.PACKAGE_HOLD: _held,
    FindingClass.NEGATIVE_PACKAGE: _negative,
    FindingClass.PATIENT: _patient,
    FindingClass.CUSTOMER_TYPE: _type,
    FindingClass.CAREGIVER: _caregiver,
    FindingClass.PRICE: _price,
    FindingClass.FREE_ITEM: _free,
    FindingClass.DAY: _day,
    FindingClass.HOURS: _hours,
    FindingClass.LATE: _late,
    FindingClass.OVER_LIMIT: _over,
    FindingClass.EXPIRED_CARD: _expired,
    FindingClass.NOT_YET_VISIBLE: _fresh,
}
"""Every class but `PULL_FAILED`, which is about a whole side."""
