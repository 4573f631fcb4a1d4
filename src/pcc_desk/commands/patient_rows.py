"""Rows of a table of patients: what stands in them, and each put on record or named."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import assert_never

from uuid6 import uuid7

from pcc_desk.adapters.pos.tables import Table
from pcc_desk.desk.bringing import Brought, CardOfSomebody, LikeSomebody, ThereAlready, Tried, bring_along
from pcc_desk.desk.people import NotRegistered, newcomer_of
from pcc_desk.desk.ports import Ledger
from pcc_desk.domain.columns import title_key
from pcc_desk.domain.crowd import Crowd
from pcc_desk.domain.entries import Act
from pcc_desk.domain.look_alikes import Alikeness

BATCH = 500
"""Rows in one transaction: a kill loses at most so many, and the same file brings them the next time."""

TITLES: dict[str, tuple[str, ...]] = {
    "family_name": ("lastname", "last name", "last_name", "family name", "surname"),
    "given_name": ("firstname", "first name", "first_name", "given name", "given names"),
    "born": ("dateofbirth", "date of birth", "birth date", "birthdate", "dob", "date_of_birth"),
    "card_number": (
        "mmjidnumber",
        "mmj id number",
        "mmj id",
        "patient id",
        "patient card",
        "card number",
        "medical id",
    ),
    "card_expires": ("mmjidexpirationdate", "mmj id expiration date", "card expires", "card expiration", "expires"),
    "phone": ("phone", "phone number", "cellphone", "cell phone", "mobile"),
    "certified_by": ("physician", "certified by", "doctor", "recommending physician"),
    "certification_expires": ("certification expires", "recommendation expires", "certification expiration"),
    "remarks": ("notes", "remarks"),
    "merged": ("mergedintocustomerid",),
}
"""Under which titles a field may stand: as Dutchie names what it knows of a customer, and as people do."""

LIKE = "like somebody"
"""What stands in the place of a field where it is about the whole row."""

ALIKE = {
    Alikeness.SAME: "Somebody of these names and this birth date is on record with another card.",
    Alikeness.LIKELY: "Somebody on record is probably the same person: a name or the birth date is a little different.",
    Alikeness.TWIN: "Somebody on record has this family name and birth date: twins, or one person with two names?",
    Alikeness.SAME_NAME: "Somebody on record has these names and another birth date.",
    Alikeness.SAME_PHONE: "Somebody on record has this telephone number.",
}
"""How somebody is like them, without a word of what stands in the row."""

HOW = "Put them on record at the counter, or read the file again with --anyway."

NEEDED = ("family_name", "given_name", "born")
EMPTY = frozenset({"n/a", "null", "none", "-"})
"""What stands in old exports where nothing is known."""

NO_DAY = re.compile(r"1900-01-01|0?1/0?1/1900")
_TIME_BEHIND = re.compile(r"[T ][0-9]{1,2}:.*$")

Numbered = tuple[int, Mapping[str, str]]
"""What stands in a row, with its number in the file."""


@dataclass(slots=True)
class Tally:
    """What became of rows. `wrong`: the number of a row, the field, and a sentence without what stood there."""

    new: int = 0
    there: int = 0
    merged: int = 0
    held: int = 0
    wrong: list[tuple[int, str, str]] = field(default_factory=list)
    alike: list[tuple[int, str, str]] = field(default_factory=list)
    """The same of rows that were brought along though somebody on record is like them."""

    def add(self, other: "Tally") -> None:
        """Count other rows too."""
        self.new, self.there, self.merged = self.new + other.new, self.there + other.there, self.merged + other.merged
        self.held += other.held
        self.wrong += other.wrong
        self.alike += other.alike


def typed_in(row: Sequence[str], titles: Sequence[str], columns: Mapping[str, str]) -> dict[str, str]:
    """Return what stands in a row, by fields, as a person would type it."""
    keys = [title_key(each) for each in titles]
    typed = {}
    for name, title in columns.items():
        words = " ".join(row[keys.index(title)].split())
        if words.casefold() in EMPTY:
            words = ""
        if name in {"born", "card_expires", "certification_expires"}:
            words = _TIME_BEHIND.sub("", words)
            words = "" if name != "born" and NO_DAY.fullmatch(words) else words
        typed[name] = words
    return typed


def batches(table: Table, columns: Mapping[str, str]) -> Iterator[Sequence[Numbered]]:
    """Yield the rows of a table by some hundred."""
    rows = ((number, typed_in(row, table.titles, columns)) for number, row in table.rows)
    while batch := list(islice(rows, BATCH)):
        yield batch


def brought(
    ledger: Ledger,
    batch: Sequence[Numbered],
    crowd: Crowd,
    act: Act,
    today: date,
    *,
    tried: Tried | None,
    anyway: bool,
) -> Tally:
    """Put the patients of some rows on record, or with `tried` only say what would become of each.

    Each that is brought along joins the crowd with which the next are compared.
    """
    tally = Tally()
    for number, typed in batch:
        if typed.get("merged"):
            tally.merged += 1
            continue
        one = Act(uuid7(), act.at, act.by, act.counter, act.proof)
        who = newcomer_of(typed, one.id, today)
        if isinstance(who, NotRegistered):
            tally.wrong += [(number, key, _without_values(sentence, typed)) for key, sentence in who.wrong.items()]
            continue
        outcome = bring_along(ledger, who, crowd, act=one, anyway=anyway, tried=tried)
        match outcome:
            case Brought(alike=alike):
                tally.new += 1
                crowd.add(who.patient)
                if alike is not None:
                    tally.alike.append((number, LIKE, f"Brought along. {ALIKE[alike]}"))
            case LikeSomebody(alike=alike):
                tally.held += 1
                tally.wrong.append((number, LIKE, f"Held back. {ALIKE[alike]} {HOW}"))
            case ThereAlready():
                tally.there += 1
            case CardOfSomebody():
                tally.wrong.append((number, "card_number", "The card is on record for somebody else."))
            case _:
                assert_never(outcome)
    return tally


def _without_values(sentence: str, typed: Mapping[str, str]) -> str:
    """Return a sentence with nothing in it of what stood in the row."""
    for words in sorted((each for each in typed.values() if each), key=len, reverse=True):
        sentence = sentence.replace(words, "…")
    return re.sub(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "…", sentence)


def as_csv(wrong: Sequence[tuple[int, str, str]]) -> str:
    """Return which rows are wrong as a table of three columns."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(("row", "field", "what is wrong"))
    writer.writerows(wrong)
    return text.getvalue()
