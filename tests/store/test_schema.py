"""Two descriptions of one schema: the SQL that never changes again, and the tables that rare forms use."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool
from sqlcipher3 import dbapi2 as sqlcipher
from sqlmodel import Session, SQLModel, select

from pcc_desk.desk.records import FoundPatient
from pcc_desk.domain.entries import PatientRegistered, StaffAdded, StandingAsked, StockRead, VisitBooked
from pcc_desk.domain.papers import NO_PAPERS
from pcc_desk.domain.people import Card, Patient, name_key
from pcc_desk.domain.registry import CardNotFound
from pcc_desk.store import journal, migrations, tables
from pcc_desk.store.connection import Connection
from pcc_desk.store.engine import STORE_FILE, EncryptedStore
from pcc_desk.store.folding import unlike_the_journal
from pcc_desk.store.ledger import SqlLedger
from pcc_desk.store.migrations import MIGRATIONS, NewerSchema, migrate
from pcc_desk.store.rare import counts
from pcc_desk.store.schema_search import INDEX_TABLES
from pcc_desk.store.tables import DispensationRow, PatientRow, StaffRow, VisitRow
from tests.fakes import ANA, NOON, a_card, a_caregivers_card
from tests.store.stores import DREAM, a_patient, act, arrived, asked, given, in_memory, ledger_of, open_store, put

NAMES = [str(each.__tablename__) for each in tables.ALL]


@pytest.fixture(scope="module")
def migrated() -> Connection:
    return in_memory()


@pytest.fixture(scope="module")
def modelled() -> Iterator[Connection]:
    connection = sqlcipher.connect(":memory:", isolation_level=None)
    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
    SQLModel.metadata.create_all(engine, tables=[each.__table__ for each in tables.ALL])  # type: ignore[attr-defined]
    yield connection
    engine.dispose()


def rows(connection: Connection, statement: str) -> list[tuple[Any, ...]]:
    return list(connection.execute(statement))


def made_by(connection: Connection, name: str) -> str:
    """Return the statement that made a table or an index, whatever its spaces and quotes."""
    statement = rows(connection, f"SELECT sql FROM sqlite_master WHERE name = '{name}'")[0][0]  # noqa: S608
    return re.sub(r"\s+", " ", statement).replace('"', "")


def checks(connection: Connection, table: str) -> list[str]:
    return sorted(re.findall(r"CHECK \((typeof.*?'integer')\)", made_by(connection, table)))


def test_both_know_the_same_tables(migrated: Connection, modelled: Connection) -> None:
    every = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
    assert rows(modelled, every) == sorted((name,) for name in NAMES)
    assert rows(migrated, every) == sorted((name,) for name in [*NAMES, *INDEX_TABLES, "schema_migration"])


@pytest.mark.parametrize("table", NAMES)
def test_the_columns_and_the_key_of_a_table_are_the_same(
    migrated: Connection, modelled: Connection, table: str
) -> None:
    columns = rows(migrated, f"PRAGMA table_xinfo({table})")
    assert columns == rows(modelled, f"PRAGMA table_xinfo({table})")
    assert any(column[5] for column in columns), "a table has a key"
    assert checks(migrated, table) == checks(modelled, table)


@pytest.mark.parametrize("table", NAMES)
def test_the_indexes_of_a_table_are_the_same(migrated: Connection, modelled: Connection, table: str) -> None:
    def described(connection: Connection) -> dict[str, Any]:
        return {
            name: (unique, origin, partial, rows(connection, f"PRAGMA index_info({name})"))
            for _, name, unique, origin, partial in rows(connection, f"PRAGMA index_list({table})")
        }

    indexes = described(migrated)
    assert indexes == described(modelled)
    for name in (name for name, (_, _, is_partial, _) in indexes.items() if is_partial):
        conditions = [made_by(each, name).partition(" WHERE ")[2] for each in (migrated, modelled)]
        assert conditions[0] == conditions[1] != ""


@pytest.mark.parametrize("table", NAMES)
def test_rows_lie_in_the_order_of_their_key(migrated: Connection, modelled: Connection, table: str) -> None:
    is_clustered = table not in {"journal", "event", "review"}
    for connection in (migrated, modelled):
        (described,) = rows(connection, f"PRAGMA table_list({table})")
        assert bool(described[4]) == is_clustered


@pytest.mark.parametrize(
    "table",
    [
        "card",
        "visit",
        "verification",
        "note",
        "dispensation",
        "dispensed_line",
        "amendment",
        "amended_line",
        "entitlement",
        "set_amount",
        "hold",
        "held_amount",
    ],
)
def test_what_belongs_to_a_patient_lies_with_the_patient(migrated: Connection, table: str) -> None:
    (first,) = (name for _, name, *_, place, _ in rows(migrated, f"PRAGMA table_xinfo({table})") if place == 1)
    assert first == "patient_id"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE dispensed_line SET milli = 'all of it'",
        "UPDATE dispensed_line SET price_cents = 12.5",
        "UPDATE dispensation SET attempts = 'many'",
        "UPDATE package SET milli = 'x'",
        "UPDATE patient SET born = NULL",
    ],
)
def test_a_table_refuses_what_is_no_whole_number(statement: str) -> None:
    connection, patient = in_memory(), a_patient()
    put(SqlLedger(connection, b"k" * 32), PatientRegistered(patient, ()), given(patient), StockRead((DREAM,), "METRC"))
    with pytest.raises(sqlcipher.IntegrityError):
        connection.execute(statement)


# Migrations


def test_an_empty_database_is_brought_to_todays_schema_once() -> None:
    connection = sqlcipher.connect(":memory:", isolation_level=None)
    assert migrate(connection, NOON) == len(MIGRATIONS)
    kept = rows(connection, "SELECT * FROM schema_migration")
    assert [(number, name) for number, name, _ in kept] == [(number, name) for number, name, _ in MIGRATIONS]
    before = rows(connection, "SELECT * FROM sqlite_master")
    assert migrate(connection, NOON) == 0
    assert rows(connection, "SELECT * FROM sqlite_master") == before
    assert rows(connection, "SELECT * FROM schema_migration") == kept


def test_a_store_of_the_first_desk_is_brought_to_todays_schema_with_all_that_is_in_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connection = sqlcipher.connect(":memory:", isolation_level=None)
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "MIGRATIONS", MIGRATIONS[:1])
        migrate(connection, NOON)
    patient, ledger = a_patient(), SqlLedger(connection, b"k" * 32)
    card = a_card(patient)
    cards = (a_caregivers_card(patient), card, a_card(patient, renewed_as=card.number))
    for entry in (PatientRegistered(patient, cards), StaffAdded(ANA)):
        journal.append(connection, b"k" * 32, entry, act())
    _write_as_the_first_desk(connection, patient, cards)
    assert migrate(connection, NOON) == len(MIGRATIONS) - 1
    assert rows(connection, "SELECT * FROM patient_phone") == [(patient.id.hex, "3135550100")]
    told = [(each.seq, each.act, each.patient_id, each.by_name) for each in ledger.events_after(0, 9, 9)]
    assert told == [(1, "patient.registered", patient.id, ANA.name), (2, "staff.added", None, ANA.name)]
    assert ledger.patient(patient.id) == patient
    assert unlike_the_journal(connection) == ()
    found = FoundPatient(patient.id, "Okafor", "Chidi", patient.born, card.number, card.expires_on)
    assert ledger.find_patients("chidi", 5) == ledger.find_patients("okafor", 5) == (found,)
    assert (ledger.entitlement(patient.id), ledger.holds(patient.id, patient.born)) == (NO_PAPERS, ())
    assert rows(connection, "SELECT sql FROM sqlite_master") == rows(in_memory(), "SELECT sql FROM sqlite_master")


def _write_as_the_first_desk(connection: Connection, patient: Patient, cards: tuple[Card, ...]) -> None:
    certified = str(patient.certification_expires) if patient.certification_expires else None
    keys = (name_key(patient.family_name), name_key(patient.given_name))
    names = (patient.id.hex, patient.family_name, patient.given_name, *keys, str(patient.born))
    row = (*names, patient.phone, certified, patient.certified_by, patient.remarks)
    connection.execute("INSERT INTO patient VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    for each in cards:
        of = (each.patient_id.hex, each.key, each.number, each.holder.value, each.holder_name)
        connection.execute(
            "INSERT INTO card VALUES (?, ?, ?, ?, ?, ?, ?)", (*of, str(each.expires_on), each.renewed_as)
        )
    connection.execute("INSERT INTO staff VALUES (?, ?, ?)", (ANA.id.hex, ANA.name, ANA.role.value))


def test_steps_are_numbered_without_a_gap() -> None:
    assert [number for number, _, _ in MIGRATIONS] == list(range(1, len(MIGRATIONS) + 1))


def test_a_step_that_fails_leaves_the_schema_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    def half(connection: Connection) -> None:
        connection.execute("CREATE TABLE halfway (x)")
        connection.execute("CREATE TABLE patient (x)")

    connection = in_memory()
    before = rows(connection, "SELECT * FROM sqlite_master")
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "MIGRATIONS", (*MIGRATIONS, (len(MIGRATIONS) + 1, "fail", half)))
        with pytest.raises(sqlcipher.OperationalError, match="already exists"):
            migrate(connection, NOON)
    assert rows(connection, "SELECT * FROM sqlite_master") == before
    assert migrate(connection, NOON) == 0


def test_a_store_of_a_newer_desk_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    newer = len(MIGRATIONS) + 1
    store.on_connection(lambda it: it.execute("INSERT INTO schema_migration VALUES (?, 'later', 0)", (newer,)))
    store.close()
    before = (tmp_path / STORE_FILE).read_bytes()
    for _ in range(2):
        with pytest.raises(NewerSchema, match=rf"newer version of the desk \(schema {newer}.*nothing was changed"):
            open_store(tmp_path)
    assert (tmp_path / STORE_FILE).read_bytes() == before


# Rare forms


def test_the_tables_read_what_the_plain_statements_wrote(store: EncryptedStore) -> None:
    patient = a_patient("Núñez", "María")
    recorded, visit = given(patient), arrived(patient, 5)
    put(ledger_of(store), StaffAdded(ANA), PatientRegistered(patient, (a_card(patient),)), recorded)
    put(ledger_of(store), VisitBooked(visit), StandingAsked(asked(patient, CardNotFound("MI-P-0"))))
    put(ledger_of(store), StockRead((DREAM,), "METRC"))

    def read(session: Session) -> tuple[dict[str, int], int, PatientRow, VisitRow, DispensationRow]:
        loaded = sum(len(session.exec(select(each)).all()) for each in tables.ALL)
        patient, visit, given = select(PatientRow), select(VisitRow), select(DispensationRow)
        return (
            counts(session),
            loaded,
            session.exec(patient).one(),
            session.exec(visit).one(),
            session.exec(given).one(),
        )

    numbers, loaded, patient_row, visit_row, dispensation_row = store.with_session(read)
    others = {"journal": 6, "event": 6, "vault_mark": 1, "patient_phone": 1}
    once = ("staff", "patient", "card", "dispensation", "dispensed_line", "visit", "verification", "package")
    assert numbers == dict.fromkeys(NAMES, 0) | dict.fromkeys(once, 1) | others
    assert loaded == sum(numbers.values())
    assert (patient_row.id, patient_row.family_name, patient_row.family_key) == (patient.id, "Núñez", "nunez")
    assert (patient_row.born, visit_row.arrived_at) == (patient.born, visit.arrived_at)
    assert (dispensation_row.at, dispensation_row.posted_at) == (recorded.dispensation.at, None)


def test_after_a_rare_form_the_store_goes_on(store: EncryptedStore) -> None:
    assert sum(store.with_session(counts).values()) == 1, "the slot file is remembered"
    assert not store.on_connection(lambda it: it.in_transaction)
    put(ledger_of(store), StaffAdded(ANA))
    assert store.with_session(counts)["staff"] == 1
    assert ledger_of(store).person(ANA.id) == ANA


def test_what_a_rare_form_fails_on_is_told_without_its_values(store: EncryptedStore) -> None:
    def spoil(session: Session) -> None:
        session.add(StaffRow(id=ANA.id, name="Ana Reyes"))
        session.commit()

    with pytest.raises(sqlcipher.IntegrityError) as caught:
        store.with_session(spoil)
    assert "Ana Reyes" not in str(caught.value)
    assert ledger_of(store).person(ANA.id) is None
    put(ledger_of(store), StaffAdded(ANA))
