"""A report of sales as a file, whole or not at all, in the desk's own form. Sections are those of the POS reference."""

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from math import ceil
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from pcc_desk.adapters.clean import cleaned
from pcc_desk.adapters.pos.cells import Instants, cents, identity, in_row, is_nothing, milli, tag, word
from pcc_desk.adapters.pos.cut import LastCell
from pcc_desk.adapters.pos.lines import SaleMade, sales_of
from pcc_desk.adapters.pos.shapes import known_titles, proposed
from pcc_desk.adapters.pos.tables import Damaged, Row, Source, Table, is_footer, is_sum, open_table
from pcc_desk.domain.card_keys import card_key
from pcc_desk.domain.columns import NEEDED, ColumnMap, SaleField, title_key
from pcc_desk.domain.reconciling.records import is_known_other
from pcc_desk.domain.sales import Buyer, Pull, Sale, SoldLine, line_unit, tag_key

__all__ = ["Damaged", "Reader", "UnknownColumns", "read_sales"]

BUYERS = {
    "patient": Buyer.PATIENT,
    "medicinalstate": Buyer.PATIENT,
    "medical": Buyer.MEDICAL,
    "medcustomer": Buyer.MEDICAL,
    "minor": Buyer.MEDICAL,
    "medical-underage": Buyer.MEDICAL,
    "terminal patient": Buyer.MEDICAL,
    "caregiver": Buyer.CAREGIVER,
    "medicinalthirdparty": Buyer.CAREGIVER,
    "externalpatient": Buyer.VISITOR,
    "medical-out of state": Buyer.VISITOR,
    "consumer": Buyer.CONSUMER,
    "adult use": Buyer.CONSUMER,
    "adultuse": Buyer.CONSUMER,
    "recreational": Buyer.CONSUMER,
    "reccustomer": Buyer.CONSUMER,
    "rec": Buyer.CONSUMER,
}
"""How systems call who bought (2.8, 5). An order is the patient's even where a caregiver picks it up: what is said to
be medical tells no more than that. What is not among them is not known."""

NAMES = {
    SaleField.EXTERNAL: "external",
    SaleField.REFERS_TO: "refers_to",
    SaleField.RECEIPT: "receipt",
    SaleField.PATIENT: "patient",
    SaleField.CAREGIVER: "caregiver",
}
WORDS = {SaleField.STATUS: "status", SaleField.KIND: "said_kind"}
"""Where what a column says of a whole sale is put."""

SHORT = {
    *NEEDED,
    *NAMES,
    *WORDS,
    SaleField.PRODUCT,
    SaleField.RETURNED,
    SaleField.STORE,
    SaleField.OPENED,
    SaleField.RECORDED,
}
"""Columns besides which a line has nothing more to tell."""

Put = Callable[[SaleMade, int, str, SaleField], None]

EXACT_DIGITS = 15
"""How many digits of a number a spreadsheet keeps."""


class UnknownColumns(Damaged):
    """What the columns of a report mean is not known yet. `header` is by what it is known once somebody has said it."""

    def __init__(self, why: str, header: str) -> None:
        super().__init__(why)
        self.header = header


class Mapped(Protocol):
    """Says what the columns of a report mean, by its `header_hash`; None: nobody said it."""

    def __call__(self, header: str, /) -> ColumnMap | None: ...


def read_sales(
    source: Source,
    zone: ZoneInfo,
    columns: ColumnMap | Mapping[str, ColumnMap] | None = None,
    *,
    name: str = "",
    guess: bool = False,
) -> Pull:
    """Return the sales of a report: a file, or its bytes. `columns` says what they mean, or by header for many reports.

    Without it the report must be of a known kind; with `guess`, or where its titles say it plainly. Raises
    `UnknownColumns` when nobody knows, `Damaged` with the row for what cannot be used, and `OSError`.
    """
    accepted = columns if isinstance(columns, Mapping) else {}
    with open_table(source, known_titles(), accepted) as table, collector_resting():
        chosen = columns if isinstance(columns, ColumnMap) else accepted.get(table.header)
        chosen = chosen or _known(table, guess=guess)
        sales, rows = Reader(table, chosen, zone).read()
        label = name or (source.name if isinstance(source, Path) else "a file")
        return Pull(sales, label, table.bytes.sha256, rows, zone=zone.key)


def _known(table: Table, *, guess: bool) -> ColumnMap:
    found = proposed(table.titles)
    if found.columns.lacks:
        note = f" (it looks like {found.shape.pos}’s {found.shape.name.lower()})" if found.shape.pos else ""
        raise UnknownColumns(f"{found.why_not}{note}; its titles stand in row {table.header_at}", table.header)
    if not (found.is_sure or guess):
        raise UnknownColumns(found.why_not, table.header)
    return found.columns


@contextmanager
def collector_resting() -> Iterator[None]:
    """Let the collector of garbage rest: a million lines are no garbage, and looking them through again costs most."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class Reader:
    """Reads the rows of one report."""

    def __init__(self, table: Table, columns: ColumnMap, zone: ZoneInfo) -> None:
        self._table = table
        keys = [title_key(each) for each in table.titles]
        self._at: dict[SaleField, int] = {}
        for field, title in columns.titles:
            if keys.count(title) > 1:
                raise Damaged(f"the column “{title}” is there twice")
            if title in keys:
                self._at[field] = keys.index(title)
        gone = [title for field, title in columns.titles if field not in self._at]
        if gone:
            raise Damaged(f"columns are missing: {', '.join(gone)}")
        self._of_sale = tuple((field, put) for field, put in self._putting().items() if field in self._at)
        self._is_short = set(self._at) <= SHORT
        self._instants = Instants(zone)
        self._returns = Instants(zone)
        self._others = Instants(zone)
        self._made: dict[tuple[str, str], SaleMade] = {}
        self._labels: set[str] = set()

    def read(self) -> tuple[tuple[Sale, ...], int]:
        """Return the sales by time, and how many rows there are. Raises `Damaged`."""
        count = 0
        cell = LastCell(len(self._table.titles) - 1)
        watches, is_line = not self._table.bytes.ends_its_line, False
        for row in self._table.rows:
            is_line = self._take(row)
            count += is_line
            if watches and is_line:
                cell.take(row[1][cell.place])
        if is_line and watches and cell.is_cut:
            raise Damaged(f"its last cell, “{cleaned(cell.last, 40)}”, seems cut; export it again")
        self._refuse_lost_digits()
        return sales_of(self._made.values()), count

    def _cell(self, row: list[str], field: SaleField) -> str:
        place = self._at.get(field)
        return "" if place is None else row[place]

    def _take(self, numbered: Row) -> bool:
        """Take a row; return whether it is a line of a sale."""
        number, row = numbered
        at = self._at
        sale_no = identity(number, row[at[SaleField.NUMBER]], "the number of the sale")
        label = tag(number, row[at[SaleField.LABEL]])
        if not label and (is_footer(row) or self._is_no_line(row, sale_no)):
            return False
        if not sale_no:
            raise Damaged(f"row {number} has no order number")
        store = word(self._cell(row, SaleField.STORE)) if SaleField.STORE in at else ""
        made = self._made.get((store, sale_no))
        if made is None:
            made = self._made[store, sale_no] = self._begin(number, row, store, sale_no)
        elif SaleField.VOIDED in at and self._is_void(number, row) != made.is_void:
            raise Damaged(f"row {number}: of the sale {made.number} some rows are void and others are not")
        elif SaleField.PATIENT in at and (patient := row[at[SaleField.PATIENT]]) != made.patient and patient:
            self._be_of(made, number, identity(number, patient, SaleField.PATIENT.words))
        made.take(self._line(number, row, label, len(made.lines) + 1))
        return True

    def _is_no_line(self, row: list[str], sale_no: str) -> bool:
        """Whether a row without a tag is of no sale: a sum, wherever the word for it stands, or nothing at all."""
        return is_nothing(row[self._at[SaleField.TIME]]) and (not sale_no or any(map(is_sum, row)))

    @staticmethod
    def _be_of(made: SaleMade, number: int, patient: str) -> None:
        """Take note of whom a further row says a sale is of. Raises `Damaged` where that is somebody else."""
        if is_known_other(card_key(made.patient), card_key(patient)):
            raise Damaged(
                f"row {number}: it is of another patient than the rows of the same number ({made.number}) above; "
                "a number that two sales bear tells neither: export the report again, or give one of them another"
            )
        made.patient = made.patient or patient

    def _begin(self, number: int, row: list[str], store: str, sale_no: str) -> SaleMade:
        """Return a sale of which this is the first row."""
        sold_at = self._instants.needed(number, row[self._at[SaleField.TIME]])
        made = SaleMade(sale_no, sold_at, store)
        for field, put in self._of_sale:
            put(made, number, row[self._at[field]], field)
        return made

    def _putting(self) -> Mapping[SaleField, Put]:
        """Return how each column about a whole sale is put to it, from the sale's first row."""

        def name_of(made: SaleMade, number: int, text: str, field: SaleField) -> None:
            setattr(made, NAMES[field], identity(number, text, field.words) if text else "")

        def opened(made: SaleMade, number: int, text: str, field: SaleField) -> None:
            made.opened_at = self._maybe(number, text, field, self._others)

        def recorded(made: SaleMade, number: int, text: str, field: SaleField) -> None:
            made.recorded_at = self._maybe(number, text, field, self._others)

        def words_of(made: SaleMade, number: int, text: str, field: SaleField) -> None:
            setattr(made, WORDS[field], word(text))

        def buyer(made: SaleMade, number: int, text: str, field: SaleField) -> None:
            made.buyer = BUYERS.get(word(text).lower(), Buyer.UNKNOWN)

        def voided(made: SaleMade, number: int, text: str, field: SaleField) -> None:
            made.is_void, made.voided_at = self._flag(number, text, field, self._others)

        return {
            **dict.fromkeys(NAMES, name_of),
            **dict.fromkeys(WORDS, words_of),
            SaleField.OPENED: opened,
            SaleField.RECORDED: recorded,
            SaleField.BUYER: buyer,
            SaleField.VOIDED: voided,
        }

    def _line(self, number: int, row: list[str], label: str, place: int) -> SoldLine:
        at = self._at
        quantity, price = row[at[SaleField.QUANTITY]], row[at[SaleField.PRICE]]
        if label:
            self._labels.add(label)
        else:  # a fee or a coupon is there once and free, whatever the file leaves out
            quantity, price = quantity if quantity.strip() else "1", price if price.strip() else "0"
        amount = in_row(milli, number, quantity, SaleField.QUANTITY.words)
        money = in_row(cents, number, price, SaleField.PRICE.words)
        product = word(self._cell(row, SaleField.PRODUCT), 120)
        written = row[at[SaleField.LABEL]]
        raw = "" if written == label else word(written)
        is_returned = bool(self._cell(row, SaleField.RETURNED)) and self._returned(number, row)
        if self._is_short:
            return SoldLine(label, amount, money, product, str(place), is_returned=is_returned, raw_label=raw)
        return SoldLine(
            label=label,
            milli=amount,
            price_cents=money,
            product=product,
            number=word(self._cell(row, SaleField.LINE)) or str(place),
            unit=line_unit(self._cell(row, SaleField.UNIT)),
            weight_mg=self._weight(number, row),
            discount_cents=self._money(number, row, SaleField.DISCOUNT),
            tax_cents=self._money(number, row, SaleField.TAX),
            is_returned=is_returned,
            raw_label=raw,
            source_label=tag_key(identity(number, self._cell(row, SaleField.SOURCE_LABEL), "the tag")),
            batch=word(self._cell(row, SaleField.BATCH)),
        )

    def _returned(self, number: int, row: list[str]) -> bool:
        return self._flag(number, self._cell(row, SaleField.RETURNED), SaleField.RETURNED, self._returns)[0]

    def _is_void(self, number: int, row: list[str]) -> bool:
        return self._flag(number, self._cell(row, SaleField.VOIDED), SaleField.VOIDED, self._others)[0]

    def _money(self, number: int, row: list[str], field: SaleField) -> int | None:
        text = self._cell(row, field)
        return None if is_nothing(text) else in_row(cents, number, text, field.words)

    def _weight(self, number: int, row: list[str]) -> int | None:
        text = self._cell(row, SaleField.WEIGHT)
        return None if is_nothing(text) else ceil(in_row(milli, number, text, SaleField.WEIGHT.words))

    def _maybe(self, number: int, text: str, field: SaleField, instants: Instants) -> datetime | None:
        try:
            return instants.at(text)
        except (ValueError, OverflowError) as error:
            raise Damaged(f"row {number}: “{cleaned(text, 40)}” is no time ({field.words})") from error

    def _flag(self, number: int, text: str, field: SaleField, instants: Instants) -> tuple[bool, datetime | None]:
        """Return whether something happened, and when: the cell holds a date, or a yes or no. 1900 is no date."""
        text = text.strip()
        if not text:
            return False, None
        said = FLAGS.get(text.lower())
        if said is not None:
            return said, None
        if _is_a_day(text):
            return not text.endswith(("1900", "0001")) and not text.startswith(("1900", "0001")), None
        at = self._maybe(number, text, field, instants)
        return at is not None, at

    def _refuse_lost_digits(self) -> None:
        """Raise `Damaged` where every long number of digits ends in zeros: a spreadsheet keeps fifteen digits only."""
        long = [each for each in self._labels if len(each) > EXACT_DIGITS and each.isdigit()]
        if len(long) > 2 and all(set(each[EXACT_DIGITS:]) == {"0"} for each in long):
            raise Damaged(
                f"every tag ends in zeros after {EXACT_DIGITS} digits: a spreadsheet cut them; export the report again "
                "and do not open it before"
            )


FLAGS = {
    "true": True, "yes": True, "y": True, "1": True, "x": True, "voided": True, "void": True, "returned": True,
    "false": False, "no": False, "n": False, "0": False, "n/a": False, "na": False, "null": False, "none": False,
    "-": False, "–": False,
}  # fmt: skip
"""What is written for yes and no."""


def _is_a_day(text: str) -> bool:
    return (
        len(text) <= 10
        and text.count("/" if "/" in text else "-") == 2
        and text.replace("/", "").replace("-", "").isdigit()
    )
