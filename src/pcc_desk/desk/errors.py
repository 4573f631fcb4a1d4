"""Faults, as opposed to outcomes: what no correct use of the desk runs into."""


class DeskError(Exception):
    """The base of the desk's own exceptions. The message is a sentence for a person."""


class AlreadyRecorded(DeskError):
    """An act of this id is in the journal already."""


class NoSuchRecord(DeskError):
    """An id names nothing in the store."""


class ReadOnly(DeskError):
    """The record can be read and not written. The message says why, and what to do."""
