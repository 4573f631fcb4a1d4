"""Rare forms over the SQLModel tables, on the store's own connection. Loads SQLAlchemy when it is first needed."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, func, select
from sqlalchemy.pool import StaticPool
from sqlmodel import Session, SQLModel

from pcc_desk.store import tables
from pcc_desk.store.connection import Connection


@contextmanager
def session_on(connection: Connection) -> Iterator[Session]:
    """Yield a session on a connection that is open. What it fails on is told without the values it failed with."""
    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool, hide_parameters=True)
    with Session(engine) as session:
        yield session


def counts(session: Session) -> dict[str, int]:
    """Return how many rows each table holds, by name."""
    known: list[type[SQLModel]] = tables.ALL
    return {
        str(table.__tablename__): session.execute(select(func.count()).select_from(table)).scalar_one()
        for table in known
    }
