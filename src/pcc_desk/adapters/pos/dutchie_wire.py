"""Dutchie's JSON as our values. Names are read in any case: PascalCase was seen where camelCase is written (2.1)."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pcc_desk.adapters.pos.lines import kind_of
from pcc_desk.adapters.pos.wire import (
    Rule,
    dollars,
    flag,
    identity,
    in_shop,
    local_twin,
    needed,
    rows_of,
    rule_that_adds_up,
    same_clock,
    tag_of,
    thousandths,
    utc,
    words,
)
from pcc_desk.adapters.state.fields import NEVER, NotUnderstood, field, naming, number
from pcc_desk.domain.people import card_key
from pcc_desk.domain.quantity import Thousandths, size
from pcc_desk.domain.sales import Buyer, Kind, Sale, SoldLine, is_around, tag_key

Row = dict[str, Any]

RETAIL = "retail"


def query_time(at: datetime) -> str:
    """Return an instant as a query takes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def keep_newest(found: dict[str, Row], row: Row) -> None:
    """Keep a transaction by its number; of two states of one, the later."""
    key = identity(row, "transactionId", "a transaction")
    known = found.get(key)
    if known is None or changed_at(row) >= changed_at(known):
        found[key] = row


def changed_at(row: Row) -> datetime:
    """Return when a transaction was last changed; the beginning of time when it does not say."""
    try:
        return utc(row, "lastModifiedDateUTC") or NEVER
    except NotUnderstood:
        return NEVER


Back = tuple[str, str]
"""What was taken back: the number of the return, and the tag."""


@dataclass(frozen=True, slots=True)
class DaySold:
    """The transactions of a day and of those around it, and what is told of them."""

    rows: tuple[Row, ...]
    marked: frozenset[Back]
    """What lines of other transactions are marked with as taken back, wholly."""
    price: Rule[Row]


def day_of(rows: list[Row], day: date | None, zone: ZoneInfo) -> DaySold:
    """Return the transactions paid on a day or around it; None: on any. Raises `NotUnderstood`."""
    of_day = []
    for row in rows:
        with _named(row):
            at = paid_at(row, zone)
        if day is None or is_around(day, at):
            of_day.append(row)
    return DaySold(tuple(of_day), _marked(rows), rule_that_adds_up((_net, _as_is, _less_taxes), _sums(rows)))


def _named(row: Row) -> AbstractContextManager[None]:
    return naming(f"transaction {identity(row, 'transactionId', 'a transaction')}")


def _sums(rows: Iterable[Row]) -> Iterator[tuple[list[Row], int]]:
    """Yield the lines of what is a sale and no more, and what they come to before tax.

    Each rule is tried here already, so that what it does not understand is said of its transaction.
    """
    for row in rows:
        with _named(row):
            total = _before_tax(row) if _kind(row) is None else None
            goods = _goods(row) if total is not None else []
            for rule in (_net, _less_taxes):
                _ = [*map(rule, goods)]
        if total is not None:
            yield goods, total


def _marked(rows: list[Row]) -> frozenset[Back]:
    """Return what was taken back as a whole line, as that line is marked.

    A return is told twice: as a transaction, and on the line (2.3). Where both say the same amount, the mark counts and
    the transaction's line does not; where the transaction took back less, it counts, and the mark does not.
    """
    marks: dict[Back, Thousandths] = {}
    returns: dict[Back, Thousandths] = {}
    for row in rows:
        with _named(row):
            _mark(row, marks, returns)
    return frozenset(back for back, milli in marks.items() if returns.get(back, milli) == milli)


def _mark(row: Row, marks: dict[Back, Thousandths], returns: dict[Back, Thousandths]) -> None:
    """Put what a transaction takes back to the returns, and what its lines are marked with to the marks."""
    number_ = words(row, "transactionId")
    is_return = _kind(row) is Kind.RETURN
    for line in lines_of(row):
        label = tag_key(tag_of(line, "packageId"))
        by = words(line, "returnedByTransactionId")
        if is_return:
            returns[number_, label] = returns.get((number_, label), 0) + size(thousandths(line, "quantity"))
        elif flag(line, "isReturned"):
            marks[by, label] = marks.get((by, label), 0) + size(thousandths(line, "quantity"))


def _before_tax(row: Row) -> int | None:
    return dollars(row, "totalBeforeTax")


def paid_at(row: Row, zone: ZoneInfo) -> datetime:
    """Return when a transaction was paid, on the shop's clock; both twins must say the same. Raises `NotUnderstood`."""
    at = needed(utc(row, "transactionDate"), "a transaction's date")
    same_clock(at, local_twin(row, "transactionDateLocalTime"), zone)
    return in_shop(at, zone)


def lines_of(row: Row) -> list[Row]:
    """Return the lines of a transaction. Raises `NotUnderstood` where they were left out: it sold something."""
    items = field(row, "items")
    if items is None:
        raise NotUnderstood("a transaction has no list of lines")
    return rows_of(items)


def _goods(row: Row) -> list[Row]:
    return [each for each in lines_of(row) if not flag(each, "isCoupon")]


# The price of a line: which of these it is shows in the sums (2.2)


def _net(line: Row) -> int:
    """Less the discount that is still in it."""
    return _as_is(line) - (dollars(line, "totalDiscount") or 0)


def _as_is(line: Row) -> int:
    """Return it as it is told."""
    return needed(dollars(line, "totalPrice"), "a line's price")


def _less_taxes(line: Row) -> int:
    """Without the taxes that are in it, as the documents describe it."""
    return _as_is(line) - _taxes(line)


def _taxes(line: Row) -> int:
    taxes = field(line, "taxes")
    return 0 if taxes is None else sum(dollars(each, "amount") or 0 for each in rows_of(taxes))


def _kind(row: Row) -> Kind | None:
    """Return what a transaction is where it says so itself; None: its lines tell (2.2, 2.3)."""
    if flag(row, "isVoid") or utc(row, "voidDate") is not None:
        return Kind.VOID
    if flag(row, "isReturn") or words(row, "returnOnTransactionId"):
        return Kind.RETURN
    if words(row, "transactionType").lower() not in {RETAIL, ""}:
        return Kind.TRANSFER
    if words(row, "adjustmentForTransactionId"):
        return Kind.ADJUSTMENT
    if dollars(row, "subtotal") == 0 and any(dollars(each, "unitPrice") for each in _goods(row)):
        return Kind.TRANSFER  # what one operator found: lines with prices that come to nothing are stock that moved
    return None


def sales_of(sold: DaySold, cards: Mapping[str, str], zone: ZoneInfo) -> tuple[Sale, ...]:
    """Return the sales of a day by time. Raises `NotUnderstood`."""
    sales = []
    for row in sold.rows:
        with _named(row):
            sales.append(_sale(row, sold, cards, zone))
    return tuple(sorted(sales, key=lambda each: (each.sold_at.astimezone(UTC), each.number)))


def _sale(row: Row, sold: DaySold, cards: Mapping[str, str], zone: ZoneInfo) -> Sale:
    number_ = identity(row, "transactionId", "a transaction")
    kind = _kind(row)
    lines = tuple(_line(each, sold, is_back=kind is Kind.RETURN) for each in lines_of(row))
    if kind is Kind.RETURN:
        lines = tuple(each for each in lines if (number_, each.label) not in sold.marked)
    others = (words(row, name) for name in ("invoiceNumber", "referenceId", "invoiceName"))
    return Sale(
        number=number_,
        sold_at=paid_at(row, zone),
        lines=lines,
        kind=kind or kind_of(lines),
        refers_to=words(row, "returnOnTransactionId") or words(row, "adjustmentForTransactionId"),
        opened_at=_maybe_in_shop(row, "checkInDate", zone),
        changed_at=_maybe_in_shop(row, "lastModifiedDateUTC", zone),
        voided_at=_maybe_in_shop(row, "voidDate", zone),
        buyer=_buyer(row),
        patient_key=card_key(cards.get(words(row, "customerId"), "")),
        other_numbers=tuple(dict.fromkeys(each for each in others if each)),
    )


def _maybe_in_shop(row: Row, name: str, zone: ZoneInfo) -> datetime | None:
    at = utc(row, name)
    return None if at is None else in_shop(at, zone)


def _buyer(row: Row) -> Buyer:
    """Return who bought, as far as it says. An order is the patient's, whoever picks it up (2.8)."""
    said = field(row, "isMedical")
    return Buyer.UNKNOWN if not isinstance(said, bool) else Buyer.MEDICAL if said else Buyer.CONSUMER


def _line(row: Row, sold: DaySold, *, is_back: bool) -> SoldLine:
    """Return a line. Of a return it is below zero, whichever way it was told; a coupon bears no tag (2.2)."""
    is_coupon = flag(row, "isCoupon")
    written = "" if is_coupon else tag_of(row, "packageId")
    label = tag_key(written)
    milli, cents = thousandths(row, "quantity"), sold.price(row)
    back = words(row, "returnedByTransactionId"), label
    if is_back:
        milli, cents = -size(milli), -abs(cents)
    return SoldLine(
        label=label,
        milli=milli,
        price_cents=cents,
        product="coupon" if is_coupon else "",
        number=words(row, "transactionItemId", 60),
        weight_mg=_weight(row, milli),
        discount_cents=dollars(row, "totalDiscount"),
        tax_cents=_taxes(row) if field(row, "taxes") is not None else None,
        is_returned=flag(row, "isReturned") and back in sold.marked and not is_back,
        raw_label="" if written == label else written,
        source_label=tag_key(words(row, "sourcePackageId", 60)),
        batch=words(row, "batchName", 60),
    )


def _weight(row: Row, milli: Thousandths) -> int | None:
    """Return what a line weighs, in mg: pieces times the grams of one. Of flower the weight is told otherwise (2.2)."""
    grams = number(row, "unitWeight")
    if grams is None or grams <= 0 or words(row, "unitId") == "1" or words(row, "unitWeightUnit").lower() != "g":
        return None
    weight = grams * milli.numerator / milli.denominator
    return int(weight) if weight == int(weight) else None
