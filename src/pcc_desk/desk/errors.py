"""Faults, as opposed to outcomes: what no correct use of the desk runs into."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pcc_desk.domain.entries import Act, Entry


class DeskError(Exception):
    """The base of the desk's own exceptions. The message is a sentence for a person."""

    is_refusal = False
    """Whether it says what somebody may not do, instead of what went wrong: told, and the desk goes on."""

    on_record: "tuple[Entry, Act] | None" = None
    """What is to be put on record of it once the transaction it came from is rolled back. The store does so."""

    exit_status: int | None = None
    """With what a command ends that it stops; None: as is usual for faults of its kind."""


class AlreadyRecorded(DeskError):
    """An act of this id is in the journal already."""


class NoSuchRecord(DeskError):
    """An id names nothing in the store."""


class NotSaved(DeskError):
    """Something was not saved, or could not be read. The desk goes on; the message says what is true and what to do."""


class ReadOnly(NotSaved):
    """The record can be read and not written. The message says why, and what to do."""
