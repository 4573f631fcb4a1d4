"""The journal is the record: folding it gives the tables again, and nobody changes it unnoticed."""

import json
import types
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlcipher3 import dbapi2 as sqlcipher

from pcc_desk.domain.entries import Act, Entry, PatientRegistered, StaffAdded, StandingAsked, VisitBooked
from pcc_desk.domain.people_entries import CardNoted, CaregiverLinked, PatientChanged
from pcc_desk.domain.withheld import WITHHELD, Withheld
from pcc_desk.store import codec, journal, projection
from pcc_desk.store.connection import Connection
from pcc_desk.store.folding import NOT_FOLDED, unlike_the_journal
from pcc_desk.store.journal import Breach, Broken
from pcc_desk.store.ledger import SqlLedger
from pcc_desk.store.queries import patients
from tests.fakes import ANA, NOON, a_card
from tests.store.stores import JOURNAL_KEY, a_patient, act, arrived, in_memory
from tests.store.stores import given as handed

FEW_IDS = st.sampled_from([UUID(int=number) for number in range(1, 4)])
"""So that things meet, replace each other and collide."""

VALUES: dict[Any, st.SearchStrategy[Any]] = {
    UUID: FEW_IDS,
    str: st.sampled_from(["", "Okafor", "Núñez", "MI-P-1", "accepted"]) | st.text(max_size=8),
    bool: st.booleans(),
    int: st.integers(-(2**63), 2**63 - 1),
    date: st.dates(),
    datetime: st.datetimes(
        datetime(1900, 1, 1),  # noqa: DTZ001 - bounds are given without a zone
        datetime(2200, 1, 1),  # noqa: DTZ001
        timezones=st.sampled_from([UTC, timezone(timedelta(hours=-5))]),
    ),
    Decimal: st.decimals(allow_nan=False, allow_infinity=False),
    Fraction: st.fractions(),
    type(None): st.none(),
}


@cache
def any_value(hint: Any) -> st.SearchStrategy[Any]:
    """Return everything that a field of this annotation may hold."""
    if hint in VALUES:
        return VALUES[hint]
    arguments = get_args(hint)
    if get_origin(hint) in {Union, types.UnionType}:
        return st.one_of(*(any_value(each) for each in arguments if each is not Withheld))
    if get_origin(hint) is tuple and arguments[-1] is Ellipsis:
        return st.lists(any_value(arguments[0]), max_size=2).map(tuple)
    if get_origin(hint) is tuple:
        return st.tuples(*map(any_value, arguments))
    if issubclass(hint, Enum):
        return st.sampled_from(list(hint))
    assert isinstance(hint, type), hint
    assert is_dataclass(hint), hint
    hints = get_type_hints(hint)
    return st.builds(hint, **{each.name: any_value(hints[each.name]) for each in fields(hint)})


OF_CARDS: Any = PatientRegistered | CardNoted | CaregiverLinked | PatientChanged
HISTORIES = st.lists(st.tuples(any_value(Entry), any_value(Act)), max_size=12)


def tables(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table that the journal gives."""
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {
        name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr)  # noqa: S608
        for name in names
        if name not in NOT_FOLDED
    }


def live(connection: Connection, history: list[tuple[Entry, Act]]) -> int:
    """Record a history as a store does, each act in a transaction of its own; return how many acts were possible."""
    ledger, kept = SqlLedger(connection, JOURNAL_KEY), 0
    for number, (entry, by) in enumerate(history):
        connection.execute("BEGIN IMMEDIATE")
        try:
            ledger.record(entry, Act(UUID(int=number), by.at, by.by, by.counter))
        except sqlcipher.IntegrityError:
            connection.execute("ROLLBACK")
        else:
            connection.execute("COMMIT")
            kept += 1
    return kept


@settings(max_examples=150)
@given(HISTORIES)
def test_folding_the_journal_gives_every_table_row_for_row(history: list[tuple[Entry, Act]]) -> None:
    lived, folded = in_memory(), in_memory()
    kept = live(lived, history)
    assert journal.verify(lived, JOURNAL_KEY) == kept
    for seq, (entry, by) in enumerate(journal.entries(lived), 1):
        projection.follow(folded, seq, entry, by)
    assert tables(folded) == tables(lived)
    assert unlike_the_journal(lived) == ()
    lived.close()
    folded.close()


@settings(max_examples=150)
@given(st.lists(st.tuples(any_value(OF_CARDS), any_value(Act)), max_size=12))
def test_lists_show_the_best_of_a_patients_cards_whatever_becomes_of_them(history: list[tuple[Entry, Act]]) -> None:
    connection = in_memory()
    live(connection, history)
    for patient in patients.after(connection, None, 9):
        best = next(iter(patients.cards(connection, patient.id)), None)
        shown = patients.found_one(connection, patient.id)
        assert shown is not None
        assert (shown.name, shown.born) == (patient.name, patient.born)
        assert (shown.card_number, shown.card_expires) == ((best.number, best.expires_on) if best else ("", None))
    connection.close()


def test_a_table_that_is_not_what_the_journal_gives_is_named() -> None:
    connection = in_memory()
    ledger = SqlLedger(connection, JOURNAL_KEY)
    patient = a_patient()
    ledger.record(StaffAdded(ANA), act())
    ledger.record(PatientRegistered(patient, (a_card(patient),)), act())
    assert unlike_the_journal(connection) == ()
    connection.execute("UPDATE patient SET phone = '313-555-0199'")
    connection.execute("DELETE FROM card")
    assert unlike_the_journal(connection) == ("card", "patient")


@pytest.mark.parametrize("kind", get_args(Entry))
def test_every_kind_of_entry_is_read_back_exactly_as_it_was_written(kind: Any) -> None:
    @settings(max_examples=25)
    @given(any_value(kind))
    def holds(entry: Entry) -> None:
        body = codec.written(entry)
        again = codec.read(entry.name, entry.version, body)
        assert again == entry
        assert codec.written(again) == body

    holds()


def test_what_was_dispensed_before_there_were_holds_is_read_and_folded_still() -> None:
    patient = a_patient()
    recorded = handed(patient)
    body = json.loads(codec.written(recorded))
    for later in ("rules", "rules_known", "hold_id", "draws"):
        del body[later]
    again = codec.read(recorded.name, recorded.version, json.dumps(body))
    assert again == recorded
    connection = in_memory()
    projection.apply(again, connection, act())
    assert SqlLedger(connection, None).dispensation(recorded.dispensation.id) == recorded.dispensation
    assert SqlLedger(connection, None).known_rules(ANA.id) == ""


def test_what_was_withheld_from_somebody_is_never_put_on_record() -> None:
    seen = replace(a_patient(), phone=WITHHELD)
    with pytest.raises(TypeError, match="withheld"):
        codec.written(PatientRegistered(seen, ()))


def test_no_two_kinds_of_entry_share_a_name_and_version() -> None:
    assert len(codec.KINDS) == len(get_args(Entry))


# The chain


@pytest.fixture
def sealed() -> Connection:
    """Return a journal of six entries, as somebody holds it who has the file, its key, and took the triggers away."""
    connection = in_memory()
    ledger = SqlLedger(connection, JOURNAL_KEY)
    ledger.record(StaffAdded(ANA), act())
    for number in range(5):
        patient = a_patient(f"Person {number}")
        ledger.record(PatientRegistered(patient, (a_card(patient),)), act())
    connection.execute("DROP TRIGGER journal_keeps_what_it_has")
    connection.execute("DROP TRIGGER journal_keeps_every_row")
    return connection


def test_a_journal_left_alone_holds(sealed: Connection) -> None:
    assert journal.verify(sealed, JOURNAL_KEY) == 6
    assert journal.verify(in_memory(), JOURNAL_KEY) == 0


def test_a_journal_is_not_sealed_by_a_key_that_somebody_else_holds(sealed: Connection) -> None:
    assert journal.verify(sealed, b"another key") == Broken(1, "entry 1 was changed")


@pytest.mark.parametrize("seq", [1, 3, 6])
@pytest.mark.parametrize(
    "change",
    [
        "id = '00000000000000000000000000000001'",
        "at = at + 1",
        "by_person = '00000000000000000000000000000001'",
        "counter = 'counter-2'",
        "name = 'chart.opened'",
        "version = 2",
        "body = replace(body, 'e', 'é')",
        "body = body || ' '",
        "mac = zeroblob(32)",
        "mac = ''",
        "mac = 'not a seal'",
    ],
)
def test_a_changed_entry_is_found(sealed: Connection, change: str, seq: int) -> None:
    sealed.execute(f"UPDATE journal SET {change} WHERE seq = ?", (seq,))  # noqa: S608
    assert journal.verify(sealed, JOURNAL_KEY) == Broken(seq, f"entry {seq} was changed")


@pytest.mark.parametrize("seq", [1, 3, 5])
def test_a_deleted_entry_is_found_and_so_is_the_gap_closed_over_it(sealed: Connection, seq: int) -> None:
    sealed.execute("DELETE FROM journal WHERE seq = ?", (seq,))
    assert journal.verify(sealed, JOURNAL_KEY) == Broken(seq, f"entry {seq} is missing", Breach.DELETED)
    for later in range(seq + 1, 7):
        sealed.execute("UPDATE journal SET seq = ? WHERE seq = ?", (later - 1, later))
    found = journal.verify(sealed, JOURNAL_KEY)
    if seq == 5:  # the last that is left has nothing behind it that could tell
        assert found == Broken(5, "entry 5 was changed")
    else:
        assert found == Broken(seq, f"one or more entries before entry {seq} were taken out", Breach.DELETED)


def test_entries_that_changed_places_are_found(sealed: Connection) -> None:
    for of, to in ((3, 0), (4, 3), (0, 4)):
        sealed.execute("UPDATE journal SET seq = ? WHERE seq = ?", (to, of))
    assert journal.verify(sealed, JOURNAL_KEY) == Broken(3, "where entry 3 belongs stands entry 4", Breach.MOVED)


@pytest.mark.parametrize(("one", "other"), [(1, 6), (2, 5), (5, 6)])
def test_entries_exchanged_over_a_distance_are_told_from_changed_ones(sealed: Connection, one: int, other: int) -> None:
    for of, to in ((one, 0), (other, one), (0, other)):
        sealed.execute("UPDATE journal SET seq = ? WHERE seq = ?", (to, of))
    found = journal.verify(sealed, JOURNAL_KEY)
    assert found == Broken(one, f"where entry {one} belongs stands entry {other}", Breach.MOVED)


def test_text_that_is_none_any_more_is_a_changed_entry(sealed: Connection) -> None:
    sealed.execute("UPDATE journal SET body = CAST(x'fffe41' AS TEXT) WHERE seq = 4")
    assert journal.verify(sealed, JOURNAL_KEY) == Broken(4, "entry 4 was changed")


def test_each_entry_may_be_sealed_by_a_key_of_its_own_time(sealed: Connection) -> None:
    asked: list[int] = []

    def key_of(seq: int) -> bytes:
        asked.append(seq)
        return JOURNAL_KEY

    assert journal.verify(sealed, key_of) == 6
    assert asked == [1, 2, 3, 4, 5, 6]


def test_an_entry_of_another_history_under_the_same_key_is_found(sealed: Connection) -> None:
    other = in_memory()
    for number in range(6):
        SqlLedger(other, JOURNAL_KEY).record(StaffAdded(replace(ANA, id=UUID(int=number))), act())
    row = other.execute("SELECT * FROM journal WHERE seq = 6").fetchone()
    sealed.execute("DELETE FROM journal WHERE seq = 6")
    sealed.execute("INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    assert journal.verify(sealed, JOURNAL_KEY) == Broken(6, "entry 6 was changed")


def test_an_entry_copied_from_elsewhere_in_the_journal_is_found(sealed: Connection) -> None:
    copied = "SELECT 7, '1', at, by_person, counter, name, version, body, mac FROM journal WHERE seq = 6"
    sealed.execute(f"INSERT INTO journal {copied}")
    assert journal.verify(sealed, JOURNAL_KEY) == Broken(7, "entry 7 was changed")


@pytest.mark.parametrize(
    "statement", ["UPDATE journal SET body = ''", "UPDATE journal SET seq = 9", "DELETE FROM journal"]
)
def test_the_journal_only_grows(statement: str) -> None:
    connection = in_memory()
    SqlLedger(connection, JOURNAL_KEY).record(StaffAdded(ANA), act())
    with pytest.raises(sqlcipher.IntegrityError, match="the journal only grows"):
        connection.execute(statement)
    assert journal.verify(connection, JOURNAL_KEY) == 1


def test_what_replaces_an_entry_past_the_triggers_is_found() -> None:
    connection = in_memory()
    for person in (ANA, replace(ANA, id=UUID(int=2))):
        SqlLedger(connection, JOURNAL_KEY).record(StaffAdded(person), act())
    columns = "'1', at, by_person, counter, name, version, body, mac"
    connection.execute(f"INSERT OR REPLACE INTO journal SELECT 1, {columns} FROM journal WHERE seq = 2")  # noqa: S608
    assert journal.verify(connection, JOURNAL_KEY) == Broken(1, "entry 1 was changed")


def test_a_journal_that_was_cut_short_holds_fewer_entries(sealed: Connection) -> None:
    sealed.execute("DELETE FROM journal WHERE seq > 4")
    assert journal.verify(sealed, JOURNAL_KEY) == 4


def test_a_naive_instant_is_refused_before_anything_is_written() -> None:
    connection = in_memory()
    ledger = SqlLedger(connection, JOURNAL_KEY)
    naive, visit = NOON.replace(tzinfo=None), arrived(a_patient(), 0)
    with pytest.raises(ValueError, match="time zone"):
        ledger.record(StaffAdded(ANA), act(naive))
    with pytest.raises(ValueError, match="time zone"):
        ledger.record(VisitBooked(replace(visit, arrived_at=naive)), act())
    assert journal.verify(connection, JOURNAL_KEY) == 0


def test_a_verification_of_before_anybody_read_by_hand_is_read_as_asked_of_the_system() -> None:
    body = (
        '{"verification":{"answer":{"active":true,"by_limit":[],"card_expires":null,"card_number":"MI-P-1",'
        '"grams":null,"is":"RegistryStanding","windows":[]},"asked_at":"2026-03-12T14:00:00.000000+00:00",'
        '"card_number":"MI-P-1","id":"00000000000000000000000000000001",'
        '"patient_id":"00000000000000000000000000000002","system":"METRC","visit_id":null}}'
    )
    asked = codec.read(StandingAsked.name, 1, body)
    assert isinstance(asked, StandingAsked)
    assert (asked.verification.read, asked.verification.source) == (None, "METRC")
