"""Column types that hold the same value in every database."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CHAR, Integer
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from pcc_desk.store.instants import instant, micros


class UtcInstant(TypeDecorator[datetime]):
    """An instant, stored as whole microseconds; naive ones are refused with `ValueError`."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Return what is stored."""
        return None if value is None else micros(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """Return the instant that was stored, in UTC."""
        return None if value is None else instant(value)


class HexUuid(TypeDecorator[UUID]):
    """An id, stored as 32 hexadecimal digits."""

    impl = CHAR(32)
    cache_ok = True

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> str | None:
        """Return what is stored."""
        return None if value is None else value.hex

    def process_result_value(self, value: Any | None, dialect: Dialect) -> UUID | None:
        """Return the id that was stored."""
        return None if value is None else UUID(hex=value)
