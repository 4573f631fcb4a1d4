"""Rows of a report put together into sales, and what kind of sale each is (POS reference, 2.3 and 7.2)."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from pcc_desk.domain.card_keys import card_key
from pcc_desk.domain.sales import Buyer, Kind, Pull, Sale, SoldLine, instant_key

KINDS = {
    "return": Kind.RETURN,
    "refund": Kind.RETURN,
    "void": Kind.VOID,
    "voided": Kind.VOID,
    "exchange": Kind.EXCHANGE,
    "adjustment": Kind.ADJUSTMENT,
    "transfer": Kind.TRANSFER,
    "wholesale": Kind.TRANSFER,
    "wholesaleorder": Kind.TRANSFER,
}
"""How reports call what is not a sale."""


@dataclass(slots=True)
class SaleMade:
    """A sale that is being put together, row by row."""

    number: str
    sold_at: datetime
    store: str = ""
    lines: list[SoldLine] = field(default_factory=list)
    opened_at: datetime | None = None
    recorded_at: datetime | None = None
    external: str = ""
    refers_to: str = ""
    receipt: str = ""
    status: str = ""
    said_kind: str = ""
    buyer: Buyer = Buyer.UNKNOWN
    patient: str = ""
    caregiver: str = ""
    is_void: bool = False
    voided_at: datetime | None = None

    def take(self, line: SoldLine) -> None:
        """Put a line to it."""
        self.lines.append(line)

    def made(self) -> Sale:
        """Return the sale."""
        return Sale(
            number=self.number,
            sold_at=self.sold_at,
            lines=tuple(self.lines),
            external_number=self.external,
            kind=kind_of(self.lines, self.said_kind.lower(), is_void=self.is_void),
            refers_to=self.refers_to,
            store=self.store,
            opened_at=self.opened_at,
            recorded_at=self.recorded_at,
            voided_at=self.voided_at,
            buyer=self.buyer,
            patient_key=card_key(self.patient) if self.patient else "",
            caregiver_key=card_key(self.caregiver) if self.caregiver else "",
            state_receipt=self.receipt,
            submit_status=self.status,
        )


def kind_of(lines: Iterable[SoldLine], said: str = "", *, is_void: bool = False) -> Kind:
    """Return what a sale is: as it is said to be, else by its lines.

    Some systems put a return as rows below zero, others mark the row of the sale (7.2, rule 6). Rows that all are below
    zero are a return; some of them, an exchange. What bears no tag at all is nothing the state tracks (rule 7).
    """
    if is_void:
        return Kind.VOID
    if said in KINDS:
        return KINDS[said]
    tagged = [each.milli < 0 for each in lines if each.label]
    if not tagged:
        return Kind.NON_CANNABIS
    if all(tagged):
        return Kind.RETURN
    return Kind.EXCHANGE if any(tagged) else Kind.SALE


def sales_of(made: Iterable[SaleMade]) -> tuple[Sale, ...]:
    """Return sales by the time they were paid, then by number."""
    sales = [each.made() for each in made]
    sales.sort(key=lambda each: (instant_key(each.sold_at), each.number))
    return tuple(sales)


def merged(pulls: Iterable[Pull], key: Callable[[Sale], bool] = lambda sale: True) -> tuple[Sale, ...]:
    """Return the sales of several reports, the later one right where two tell the same line (7.2, rule 10).

    A line is the same by store, sale and number of the line. Where a report numbers no lines, they are known by nothing
    but their places, and what it tells of a sale takes the place of the whole. A report twice is harmless.
    """
    found: dict[tuple[str, str], Sale] = {}
    seen: set[str] = set()
    for pull in pulls:
        if pull.sha256 in seen:
            continue
        seen.add(pull.sha256)
        for sale in pull.sales:
            if not key(sale):
                continue
            place = sale.store, sale.number
            before = found.get(place)
            found[place] = sale if before is None else _laid_over(before, sale)
    return tuple(sorted(found.values(), key=lambda each: (each.sold_at, each.number)))


def _laid_over(before: Sale, after: Sale) -> Sale:
    if _are_places(after.lines):
        return after
    return replace(after, lines=tuple((_by_number(before.lines) | _by_number(after.lines)).values()))


def _are_places(lines: tuple[SoldLine, ...]) -> bool:
    """Whether the numbers of lines say no more than their places."""
    return all(line.number == str(place) for place, line in enumerate(lines, start=1))


def _by_number(lines: tuple[SoldLine, ...]) -> dict[tuple[str, int], SoldLine]:
    """Return lines by their numbers; of several under one number, the first, the second and so on stay apart."""
    found: dict[tuple[str, int], SoldLine] = {}
    seen: Counter[str] = Counter()
    for line in lines:
        found[line.number, seen[line.number]] = line
        seen[line.number] += 1
    return found
