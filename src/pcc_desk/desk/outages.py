"""An outage at the desk: what there is to see of it, what is noted, and the sheet of what was sold under it."""

from dataclasses import dataclass
from uuid import UUID

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.errors import NoSuchRecord
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.pulse import OutageGlance, glances, is_struck_unknown
from pcc_desk.desk.rights import Right, require
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.entries import (
    Act,
    OutageNoted,
    OutageSheetGiven,
)
from pcc_desk.domain.outage_sheet import OutageSale, sheet_lines
from pcc_desk.domain.outages import (
    AnnouncedException,
    NoteKind,
    OutageNote,
    OutageReview,
    exception_in_force,
)
from pcc_desk.domain.rules import Rules
from pcc_desk.domain.shop import Shop

NOTHING_LONGER = 2000
"""Characters of a note."""


# Looking


@dataclass(frozen=True, slots=True)
class OutageLook:
    """An outage with everything on record of it. `names` are those of whom it speaks."""

    glance: OutageGlance
    notes: tuple[OutageNote, ...]
    sales: tuple[OutageSale, ...]
    review: OutageReview | None
    names: dict[UUID, str]


@dataclass(frozen=True, slots=True)
class OutageView:
    """What there is to see: the outage that lasts or of which most is owed, and the exceptions that have not ended."""

    look: OutageLook | None
    earlier: tuple[OutageGlance, ...]
    exceptions: tuple[AnnouncedException, ...]
    in_force: AnnouncedException | None
    names: dict[UUID, str]


def outage_view(ledger: Ledger, rules: Rules, *, act: Act) -> OutageView:
    """Return the outage that lasts, else the newest of which something is owed, else the newest; and the others."""
    require(ledger, act, Right.SEE_OUTAGES)
    now = act.at
    known = glances(ledger)
    first = next((each for each in known if not each.is_settled), known[0] if known else None)
    exceptions = tuple(each for each in ledger.exceptions(now) if each.withdrawn_at is None)
    return OutageView(
        look=_look(ledger, first) if first else None,
        earlier=tuple(each for each in known if each is not first),
        exceptions=exceptions,
        in_force=exception_in_force(exceptions, rules, now),
        names=_names(ledger, {each.by for each in exceptions}),
    )


async def read_outage(desk: Desk) -> OutageView:
    """Return what there is to see of outages now."""
    return await desk.store.read(outage_view, desk.rules, act=desk.act())


def _look(ledger: Ledger, glance: OutageGlance) -> OutageLook:
    notes = ledger.outage_notes(glance.outage.id)
    return OutageLook(
        glance,
        notes,
        sales_of(ledger, glance.outage.id),
        ledger.outage_review(glance.outage.id),
        _names(ledger, {each.by for each in notes}),
    )


def _names(ledger: Ledger, people: set[UUID]) -> dict[UUID, str]:
    known = {each: ledger.person(each) for each in people}
    return {key: person.name for key, person in known.items() if person is not None}


def sales_of(ledger: Ledger, outage_id: UUID) -> tuple[OutageSale, ...]:
    """Return what was dispensed under an outage, by time of sale."""
    sales = []
    for each in ledger.outage_sales(outage_id):
        dispensation, posting = ledger.dispensation(each), ledger.posting(each)
        if dispensation is None or posting is None:
            raise NoSuchRecord(f"Nothing was dispensed under {each}.")
        sales.append(OutageSale(dispensation, posting, is_struck_unknown(ledger, posting)))
    return tuple(sales)


# Notes


@dataclass(frozen=True, slots=True)
class Noted:
    """It is on record."""

    note: OutageNote


@dataclass(frozen=True, slots=True)
class NothingTyped:
    """There is nothing to note."""


@dataclass(frozen=True, slots=True)
class NoOutage:
    """There is no such outage on record."""


def note_outage(
    ledger: Ledger, outage_id: UUID, kind: NoteKind, text: str, *, act: Act
) -> Noted | NothingTyped | NoOutage:
    """Write down what the state wants kept of an outage; afterwards too, since a report may come then."""
    require(ledger, act, Right.NOTE_OUTAGES)
    words = text.strip()[:NOTHING_LONGER]
    if not words:
        return NothingTyped()
    if ledger.outage(outage_id) is None:
        return NoOutage()
    note = OutageNote(act.id, outage_id, act.at, act.by, kind, words)
    ledger.record(OutageNoted(note), act)
    return Noted(note)


# The sheet


def give_sheet(ledger: Ledger, outage_id: UUID, where: str, shop: Shop, *, act: Act) -> tuple[str, ...] | NoOutage:
    """Return the sheet of an outage, and put on record that it leaves the desk."""
    require(ledger, act, Right.HAND_OUT_OUTAGES)
    outage = ledger.outage(outage_id)
    if outage is None:
        return NoOutage()
    ledger.record(OutageSheetGiven(outage_id, where), act)
    return tuple(sheet_lines(outage, sales_of(ledger, outage_id), shop))


async def print_outage_sheet(desk: Desk, outage_id: UUID, act: Act) -> Unanswered | NoOutage | None:
    """Print the sheet of an outage. It is on record before it is on paper; return why it was not printed."""
    if desk.printer is None:
        return Unanswered(Silence.ABSENT, "no printer is set up; print_command in the settings file names one")
    lines = await desk.store.write(give_sheet, outage_id, "printed", desk.shop, act=act)
    return lines if isinstance(lines, NoOutage) else await desk.printer.print("\n".join(lines) + "\n")
