"""An outage at the desk: notes, the announced exception, the sheet, and the sales judged again afterwards."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.errors import NoSuchRecord
from pcc_desk.desk.ports import Ledger, RulesOn
from pcc_desk.desk.pulse import OutageGlance, glances, is_struck_unknown
from pcc_desk.desk.rights import Right, require
from pcc_desk.desk.standing import counted_answer
from pcc_desk.desk.verifying import ask_standing
from pcc_desk.domain.allotment import evaluate
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.entitling import entitlement_of
from pcc_desk.domain.entries import (
    Act,
    ExceptionAnnounced,
    ExceptionWithdrawn,
    OutageNoted,
    OutageReviewed,
    OutageSheetGiven,
)
from pcc_desk.domain.looking_back import look_back
from pcc_desk.domain.outage_sheet import OutageSale, sheet_lines
from pcc_desk.domain.outages import (
    AnnouncedException,
    NoteKind,
    OutageNote,
    OutageReview,
    ReviewedSale,
    exception_in_force,
)
from pcc_desk.domain.oversales import judged_again
from pcc_desk.domain.registry import RegistryAnswer
from pcc_desk.domain.rules import OutagePolicy, Rules
from pcc_desk.domain.shop import Shop
from pcc_desk.domain.typed_exceptions import LONGEST, TypedException

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


# The announced exception


@dataclass(frozen=True, slots=True)
class Announced:
    """It is on record, and expires by itself."""

    exception: AnnouncedException


@dataclass(frozen=True, slots=True)
class NoExceptionsHere:
    """The law of the jurisdiction knows no announced exception; its policy is another."""

    policy: OutagePolicy


@dataclass(frozen=True, slots=True)
class BadTime:
    """It ends before it begins, is over already, or lasts for longer than any exception does. `why` is a sentence."""

    why: str


@dataclass(frozen=True, slots=True)
class NoDocument:
    """No document was named: an exception rests on one."""


ExceptionRefusal = NoExceptionsHere | BadTime | NoDocument


def announce_exception(
    ledger: Ledger, typed: TypedException, *, rules: Rules, act: Act
) -> Announced | ExceptionRefusal:
    """Put on record that the agency lets sales go on for a time: by a manager, from a document."""
    require(ledger, act, Right.ANNOUNCE_EXCEPTIONS)
    if rules.outage.policy is not OutagePolicy.AGENCY_EXCEPTION_ONLY:
        return NoExceptionsHere(rules.outage.policy)
    why = _bad_time(typed, act.at)
    if why:
        return BadTime(why)
    if not typed.document:
        return NoDocument()
    exception = AnnouncedException(
        act.id, rules.jurisdiction, typed.document, typed.starts, typed.ends, typed.cap_kind, typed.cap, act.at, act.by
    )
    ledger.record(ExceptionAnnounced(exception), act)
    return Announced(exception)


def _bad_time(typed: TypedException, now: datetime) -> str:
    if typed.ends <= typed.starts:
        return "It would end before it begins. Change one of the two."
    if typed.ends <= now:
        return "It is over already. Nothing would rest on it."
    if typed.ends - typed.starts > LONGEST:
        return f"It would last for more than {LONGEST.days} days. Type the days of the announcement."
    return ""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Nothing rests on it any more."""

    exception: AnnouncedException


def withdraw_exception(ledger: Ledger, exception_id: UUID, why: str, *, act: Act) -> Withdrawn | NothingTyped:
    """Take an exception back before it ends. Raises `NoSuchRecord` when none of that id is there to be taken back."""
    require(ledger, act, Right.ANNOUNCE_EXCEPTIONS)
    if not why.strip():
        return NothingTyped()
    known = next((each for each in ledger.exceptions(act.at) if each.id == exception_id), None)
    if known is None or known.withdrawn_at is not None:
        raise NoSuchRecord(f"There is no exception {exception_id} to take back.")
    ledger.record(ExceptionWithdrawn(exception_id, why.strip()), act)
    return Withdrawn(known)


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


# Judging again


@dataclass(frozen=True, slots=True)
class StillOut:
    """The registry is out of reach still: there is nobody to judge by."""


Answers = dict[UUID, tuple[RegistryAnswer, datetime]]
"""What the registry says of each patient, and when it was asked."""


def keep_review(
    ledger: Ledger, outage_id: UUID, answers: Answers, *, rules_on: RulesOn, shop: Shop, act: Act
) -> OutageReview:
    """Judge every sale of an outage again by what the registry says now, and keep what came of it.

    A patient who was not asked for cannot be told.
    """
    require(ledger, act, Right.JUDGE_OUTAGES)
    sales = tuple(
        _judged(ledger, each, answers, rules_on=rules_on, shop=shop, now=act.at) for each in sales_of(ledger, outage_id)
    )
    review = OutageReview(outage_id, act.at, sales)
    ledger.record(OutageReviewed(review), act)
    return review


def _judged(
    ledger: Ledger, sale: OutageSale, answers: Answers, *, rules_on: RulesOn, shop: Shop, now: datetime
) -> ReviewedSale:
    given = sale.dispensation
    patient = ledger.patient(given.patient_id)
    if patient is None:
        raise NoSuchRecord(f"There is no patient {given.patient_id}.")
    papers = ledger.entitlement(patient.id)
    sold_on, today = shop.day(given.at), shop.day(now)
    then_rules, rules = rules_on(sold_on, papers.order_began), rules_on(today, papers.order_began)
    until_then = tuple(
        each for each in ledger.purchases(patient.id, look_back(then_rules, sold_on)) if each.at <= given.at
    )
    not_asked = Unanswered(Silence.NOT_ASKED, "the registry was not asked"), now
    answer, asked_at = answers.get(given.patient_id, not_asked)
    then = evaluate(
        then_rules, until_then, None, None, sold_on, entitlement=entitlement_of(papers, patient.born, sold_on)
    )
    now_known = evaluate(
        rules,
        ledger.purchases(patient.id, look_back(rules, today)),
        answer,
        asked_at,
        today,
        entitlement=entitlement_of(papers, patient.born, today),
    )
    verdict, words = judged_again(
        then, now_known, answer, sold_on, is_entered=sale.is_entered, never_there=sale.never_there
    )
    return ReviewedSale(given.id, given.external_number, verdict, words)


async def review_outage(
    desk: Desk, outage_id: UUID, on_progress: Callable[[int, int], None]
) -> OutageReview | StillOut | NoOutage:
    """Ask the registry once for each patient of an outage, and judge its sales again.

    `on_progress` is told how many of how many patients were asked for. When the registry goes away meanwhile, the rest
    is not asked: what is known is kept, and the others cannot be told.
    """
    act = desk.act()
    await desk.store.read(require, act, Right.JUDGE_OUTAGES)
    outage = await desk.store.read(lambda ledger: ledger.outage(outage_id))
    if outage is None:
        return NoOutage()
    if outage.ended_at is None or not desk.links.of(desk.state.name).state.answers:
        return StillOut()
    sales = await desk.store.read(sales_of, outage_id)
    cards = {each.dispensation.patient_id: each.dispensation.card_number for each in sales}
    answers: Answers = {}
    for done, (patient_id, card) in enumerate(cards.items()):
        on_progress(done, len(cards))
        if desk.registry_is_out:
            break
        asked = await ask_standing(desk, patient_id, card)
        answers[patient_id] = await desk.store.read(
            counted_answer, asked, rules=desk.rules, day=desk.today, fresh_for=desk.fresh_for
        )
    return await desk.store.write(
        keep_review, outage_id, answers, rules_on=desk.rules_on, shop=desk.shop, act=replace(act, at=desk.clock.now())
    )


async def read_outage(desk: Desk) -> OutageView:
    """Return what there is to see of outages now."""
    return await desk.store.read(outage_view, desk.rules, act=desk.act())
