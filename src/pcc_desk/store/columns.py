"""How columns of the SQLModel tables are declared: not null unless it is said, and whole numbers checked."""

from typing import Any

from sqlalchemy import CheckConstraint, Column
from sqlmodel import Field

CLUSTERED: dict[str, Any] = {"sqlite_with_rowid": False}
"""Rows lie in the order of their key: those of a patient together, so that a chart is one place on the disk."""


def column(kind: Any, *, key: bool = False) -> Any:
    """Return a column that is never null."""
    return Field(sa_column=Column(kind, primary_key=key, nullable=False))


def maybe(kind: Any) -> Any:
    """Return a column that may be null."""
    return Field(default=None, sa_column=Column(kind, nullable=True))


def whole(*names: str) -> CheckConstraint:
    """Return a check that columns hold integers, since SQLite would take text as well."""
    return CheckConstraint(" AND ".join(f"typeof({name}) = 'integer'" for name in names))
