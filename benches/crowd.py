"""As many invented patients as are asked for, put into a store at once, and who of them a search should find."""

import random
from bisect import bisect_left
from collections.abc import Iterator
from datetime import date, timedelta
from heapq import nsmallest
from itertools import product
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from benches.shop import ANSWERS, ENDS, ONSETS, VOWELS, open_store
from pcc_desk.domain.people import Card, Holder, Patient, name_key
from pcc_desk.setup.making import set_up
from pcc_desk.setup.questions import parse_answers
from pcc_desk.store.connection import Connection
from pcc_desk.store.queries.inside import MOST_LOOKED_AT
from pcc_desk.store.search_rows import number_of, words_of

GIVEN = 400
OLDEST = date(1940, 1, 1)
DAYS = 23_000
PAGE = 50
"""Found at once."""
FEW = 5
"""Of fewer it is looked inside the names too."""

INSERTS = {
    "patient": "INSERT INTO patient VALUES (?, ?, ?, ?, ?, ?, ?, NULL, '', '', ?, '2027-06-30')",
    "card": "INSERT INTO card VALUES (?, ?, ?, 'patient', '', '2027-06-30', '')",
    "patient_phone": "INSERT INTO patient_phone VALUES (?, ?)",
    "name_inside": "INSERT INTO name_inside (rowid, words, patient_id) VALUES (?, ?, ?)",
}
INDEXES = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql <> '' AND tbl_name = ?"


class One(NamedTuple):
    """A patient as a search sees them."""

    family: str
    given: str
    id: str
    born: str
    told: str


class Crowd:
    """Everybody of a store of this size, in the order of their names. Two people may share a name, as in any town."""

    def __init__(self, size: int, seed: int = 21) -> None:
        self._dice = dice = random.Random(seed)  # noqa: S311 - invented people
        parts = ["".join(each) for each in product(ONSETS, VOWELS, ENDS)]
        families = ["".join(dice.choices(parts, k=2)) for _ in range(max(100, min(size // 5, 40_000)))]
        given = ["".join(dice.choices(parts, k=2)) for _ in range(GIVEN)]
        self.everybody = sorted(self._one(dice.choice(families), dice.choice(given)) for _ in range(size))
        self._families = [each.family for each in self.everybody]

    def _one(self, family: str, given: str) -> One:
        born = (OLDEST + timedelta(days=self._dice.randrange(DAYS))).isoformat()
        id_, phone = f"{self._dice.getrandbits(128):032x}", f"517555{self._dice.randrange(10_000):04}"
        return One(family, given, id_, born, f"{family} {given} {phone}")

    def patients(self) -> Iterator[Patient]:
        """Yield everybody as they are put on record."""
        for each in self.everybody:
            yield patient_of(each)

    def found_by(self, typed: str) -> list[Patient]:
        """Return who should be found first, in order: slowly, and from nothing but the list."""
        typed = whole_day(typed)
        found = self._born(typed) if typed[0].isdigit() else self._named(typed)
        if len(found) < FEW:
            words = name_key(typed).split()
            if any(len(each) > 2 for each in words):
                long = [each for each in words if len(each) > 2]
                looked_at = [each for each in self.everybody if all(word in each.told for word in long)]
                looked_at = nsmallest(MOST_LOOKED_AT, looked_at, key=lambda each: number_of(UUID(each.id)))
                inside = [each for each in looked_at if all(word in each.told for word in words)]
                found += sorted(inside, key=lambda each: (each.told, each.id))
        return [patient_of(each) for each in list(dict.fromkeys(found))[:PAGE]]

    def _named(self, typed: str) -> list[One]:
        words = typed.split()
        ways = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words) + 1)]
        found: list[One] = []
        for first, second in ways:
            named = self.everybody[bisect_left(self._families, first) :]
            found += [each for each in named[: self._many(first)] if each.given.startswith(second)]
        for first, second in ways:
            if len(found) < PAGE:
                named = [x for x in self.everybody if x.given.startswith(first) and x.family.startswith(second)]
                found += nsmallest(PAGE, named, key=lambda each: (each.given, each.family, each.id))
        return found

    def _many(self, begins: str) -> int:
        return bisect_left(self._families, begins + "\uffff") - bisect_left(self._families, begins)

    def _born(self, typed: str) -> list[One]:
        found = [each for each in self.everybody if each.born.startswith(typed)]
        return nsmallest(PAGE, found, key=lambda each: (each.born, *each[:3]))


def whole_day(typed: str) -> str:
    """Return a birth date whose day is typed so far with one digit as the day that it is."""
    is_day = typed.count("-") == 2 and typed[-2] == "-" and typed[-1] != "0"
    return f"{typed[:-1]}0{typed[-1]}" if is_day else typed


def patient_of(one: One) -> Patient:
    """Return somebody as they are put on record."""
    name, given, phone = one.family.capitalize(), one.given.capitalize(), one.told[-10:]
    return Patient(UUID(one.id), name, given, date.fromisoformat(one.born), phone)


def make_crowd(home: Path, size: int) -> Crowd:
    """Set a shop up in a folder and put so many patients into its tables, past the journal: an hour's wait else."""
    set_up(home, parse_answers(ANSWERS.encode()))
    crowd = Crowd(size)
    store = open_store(home)
    try:
        store.on_connection(lambda connection: _fill(connection, crowd))
    finally:
        store.close()
    return crowd


def _fill(connection: Connection, crowd: Crowd) -> None:
    connection.execute("BEGIN IMMEDIATE")
    indexes = [each for table in INSERTS for each in connection.execute(INDEXES, (table,)).fetchall()]
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}")
    for table, rows in _rows(crowd).items():
        connection.executemany(INSERTS[table], rows)
    for _, sql in indexes:
        connection.execute(sql)
    connection.execute("COMMIT")


def _rows(crowd: Crowd) -> dict[str, Iterator[tuple[object, ...]]]:
    """Return the rows of each table as the ledger would write them, each in the order in which they are kept."""
    by_id = sorted(crowd.everybody, key=lambda each: each.id)
    cards = (
        Card(f"MI-P-{number:07}", UUID(each.id), Holder.PATIENT, "", date(2027, 6, 30), "")
        for number, each in enumerate(by_id)
    )
    patients = (patient_of(each) for each in by_id)
    inside = sorted(crowd.everybody, key=lambda each: int(each.id, 16) & 0x7FFF_FFFF_FFFF_FFFF)
    return {
        "patient": (
            (
                p.id.hex,
                p.family_name,
                p.given_name,
                name_key(p.family_name),
                name_key(p.given_name),
                str(p.born),
                p.phone,
                f"MI-P-{number:07}",
            )
            for number, p in enumerate(patients)
        ),
        "card": ((card.patient_id.hex, card.key, card.number) for card in cards),
        "patient_phone": ((each.id, each.told[-10:]) for each in by_id),
        "name_inside": ((number_of(p.id), words_of(p), p.id.hex) for p in map(patient_of, inside)),
    }
