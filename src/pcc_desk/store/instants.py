"""Instants as whole microseconds since 1970 in UTC: sortable, exact, the same in every database."""

from datetime import UTC, datetime, timedelta

_START = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(at: datetime) -> int:
    """Return an instant as microseconds. Raises `ValueError` for a naive one."""
    if at.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return (at - _START) // _MICROSECOND


def instant(stored: int) -> datetime:
    """Return the instant of so many microseconds, in UTC."""
    return _START + timedelta(microseconds=stored)


def maybe_micros(at: datetime | None) -> int | None:
    """Return an instant as microseconds, or None."""
    return None if at is None else micros(at)


def maybe_instant(stored: int | None) -> datetime | None:
    """Return the instant of so many microseconds, or None."""
    return None if stored is None else instant(stored)
