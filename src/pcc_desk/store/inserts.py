"""Puts a row into a table."""

from pcc_desk.store.connection import Connection


def insert(connection: Connection, table: str, *values: object) -> None:
    """Put a row of all its values into a table."""
    marks = ", ".join("?" * len(values))
    connection.execute(f"INSERT INTO {table} VALUES ({marks})", values)  # noqa: S608 - the table's name is ours
