"""What the columns of a point of sale's report mean, and how a report is known again (POS reference, 7.2).

A report is known by the titles of its columns, whatever their order: users drag them about.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class SaleField(StrEnum):
    """What a column can hold of a line of a sale."""

    NUMBER = "number"
    TIME = "time"
    LABEL = "label"
    QUANTITY = "quantity"
    PRICE = "price"
    UNIT = "unit"
    PRODUCT = "product"
    LINE = "line"
    STORE = "store"
    OPENED = "opened"
    RECORDED = "recorded"
    WEIGHT = "weight-g"
    DISCOUNT = "discount"
    TAX = "tax"
    BATCH = "batch"
    SOURCE_LABEL = "source-label"
    BUYER = "buyer"
    PATIENT = "patient"
    CAREGIVER = "caregiver"
    RETURNED = "returned"
    VOIDED = "voided"
    KIND = "kind"
    REFERS_TO = "refers-to"
    EXTERNAL = "external"
    RECEIPT = "receipt"
    STATUS = "status"

    @property
    def words(self) -> str:
        """What it is, for a person."""
        return _WORDS[self]


_WORDS: Mapping[SaleField, str] = {
    SaleField.NUMBER: "the number of the sale",
    SaleField.TIME: "when it was paid",
    SaleField.LABEL: "the state's package tag",
    SaleField.QUANTITY: "how much of the package",
    SaleField.PRICE: "the line's total before tax, after discount",
    SaleField.UNIT: "the unit of the quantity",
    SaleField.PRODUCT: "the name of the product",
    SaleField.LINE: "the number of the line in its sale",
    SaleField.STORE: "the store",
    SaleField.OPENED: "when it was opened",
    SaleField.RECORDED: "when it came into the records",
    SaleField.WEIGHT: "what the line weighs altogether, in grams",
    SaleField.DISCOUNT: "the line's discount",
    SaleField.TAX: "the line's tax",
    SaleField.BATCH: "the batch",
    SaleField.SOURCE_LABEL: "the tag of the package it was made from",
    SaleField.BUYER: "patient, caregiver or consumer",
    SaleField.PATIENT: "the patient's card number",
    SaleField.CAREGIVER: "the caregiver's card number",
    SaleField.RETURNED: "when the line was taken back",
    SaleField.VOIDED: "when, or whether, the sale was struck",
    SaleField.KIND: "sale, return or transfer",
    SaleField.REFERS_TO: "the sale that a return takes back",
    SaleField.EXTERNAL: "this desk's own number",
    SaleField.RECEIPT: "the state's number of the receipt",
    SaleField.STATUS: "how far the posting to the state is",
}

NEEDED = (SaleField.NUMBER, SaleField.TIME, SaleField.LABEL, SaleField.QUANTITY, SaleField.PRICE)
"""Without these a sale cannot be laid beside a receipt."""

PERSONAL = ("customer name", "patient", "caregiver", "customer id", "phone", "birth", "dob", "address", "mail", "card")
"""Words in titles of columns that may tell who somebody is."""

LONGEST_TITLE = 120
MOST_COLUMNS = 400


def title_key(title: str) -> str:
    """Return a title for comparison: no case, single spaces, no byte order mark before it."""
    return " ".join(title.replace("\ufeff", "").lower().split())


def is_personal(title: str, field: SaleField | None = None) -> bool:
    """Whether what stands in a column may tell who somebody is: it is no preview for anybody."""
    key = title_key(title)
    return field in {SaleField.PATIENT, SaleField.CAREGIVER} or any(each in key for each in PERSONAL)


def header_hash(titles: Iterable[str]) -> str:
    """Return by what a report is known again: the SHA-256 of its titles, in whatever order they stand."""
    keys = sorted(key for title in titles if (key := title_key(title)))
    return hashlib.sha256("\x1f".join(keys).encode("utf-8", "surrogatepass")).hexdigest()


class WrongColumns(ValueError):
    """What columns are said to mean cannot be used; the text says why, in a sentence."""


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Under which title each field stands. Titles as `title_key` makes them, in the order of the fields."""

    titles: tuple[tuple[SaleField, str], ...]

    def title_of(self, field: SaleField) -> str:
        """Return the title of a field; empty when the report has no such column."""
        return dict(self.titles).get(field, "")

    @property
    def lacks(self) -> tuple[SaleField, ...]:
        """The needed fields that no column holds."""
        held = {field for field, _ in self.titles}
        return tuple(each for each in NEEDED if each not in held)


def column_map(chosen: Mapping[SaleField, str], titles: Iterable[str]) -> ColumnMap:
    """Return what somebody says the columns of a report mean. Raises `WrongColumns`.

    A needed field without a column, a title that the report has not, or has twice, and one column for two fields are
    refused. A line's discount and tax may be left out: they are not compared.
    """
    keys = [title_key(each) for each in titles]
    made = {field: title_key(title) for field, title in chosen.items() if title.strip()}
    for field, key in made.items():
        if key not in keys:
            raise WrongColumns(f"The report has no column “{key[:60]}” for {field.words}. Look at its row of titles.")
        if keys.count(key) > 1:
            raise WrongColumns(f"The report has the column “{key[:60]}” twice. Name one of the two otherwise there.")
        others = [each for each, title in made.items() if title == key and each is not field]
        if others:
            raise WrongColumns(f"“{key[:60]}” cannot be both {field.words} and {others[0].words}. Choose one.")
    found = ColumnMap(tuple((each, made[each]) for each in SaleField if each in made))
    if found.lacks:
        words = "; ".join(each.words for each in found.lacks)
        raise WrongColumns(f"No column is named for: {words}. Without it a sale cannot be laid beside a receipt.")
    return found


@dataclass(frozen=True, slots=True)
class Report:
    """The beginning of a report, for a person to say what its columns mean."""

    source: str
    header: str
    """By what this kind of report is known again, see `header_hash`."""
    header_at: int
    """The row in which its titles stand."""
    titles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """The first rows below the titles, as many cells each as there are titles."""
    columns: ColumnMap
    """What they mean: as somebody said, or as it seems."""
    is_known: bool
    """Whether somebody said it, or this kind of report is known."""
    looks_like: str
    """Whose report it seems to be; empty when nothing is known of it."""
    remarks: tuple[str, ...] = ()
    """What is known of that kind of report."""
