"""Handing over: judged and recorded in one transaction, together with the posting that tells the state."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.entitlements import papers_of
from pcc_desk.desk.errors import NoSuchRecord
from pcc_desk.desk.ports import Ledger, RulesOn
from pcc_desk.desk.rights import Right, require
from pcc_desk.desk.room import NoRoom
from pcc_desk.desk.rules import RulesChanged, rules_changed, take_up
from pcc_desk.desk.standing import PatientStanding, standing_of
from pcc_desk.desk.who_buys import CardLapsed, verified_by
from pcc_desk.domain.answers import CannotTell
from pcc_desk.domain.basket import Fits, OverLimit, Proposed, judge
from pcc_desk.domain.dispensing import Dispensation, DispensedLine
from pcc_desk.domain.entries import Act, DispensationRecorded
from pcc_desk.domain.people import Card, Holder
from pcc_desk.domain.products import Package
from pcc_desk.domain.quantity import Quantity
from pcc_desk.domain.rules import Rules
from pcc_desk.domain.setting_aside import draws
from pcc_desk.domain.shop import Shop
from pcc_desk.domain.standing import Standing
from pcc_desk.domain.verification import (
    CaregiverUntold,
    NotVerified,
    UnderOutage,
    Verified,
)


@dataclass(frozen=True, slots=True)
class BasketLine:
    """A quantity of a package and its total price before tax, as the coordinator entered them."""

    label: str
    quantity: Quantity
    price_cents: int


@dataclass(frozen=True, slots=True)
class Recorded:
    """It is in the record; the state will be told."""

    dispensation: Dispensation
    fits: Fits
    remark: str = ""
    """A sentence on what did not go as it should beside it; empty when nothing."""


@dataclass(frozen=True, slots=True)
class EmptyBasket:
    """There is nothing to hand over."""


@dataclass(frozen=True, slots=True)
class NotForSale:
    """A package may not be sold, or does not hold that much."""

    label: str
    product: str
    why: str


Refusal = (
    NoRoom
    | RulesChanged
    | EmptyBasket
    | NotForSale
    | CardLapsed
    | NotVerified
    | CaregiverUntold
    | OverLimit
    | CannotTell
)


def judge_basket(
    ledger: Ledger, lines: tuple[BasketLine, ...], standing: Standing, day: date
) -> Fits | EmptyBasket | NotForSale | OverLimit | CannotTell:
    """Return whether a basket may go out by stock and allotment: the one judgement, while typing and at the end."""
    proposed = _proposed(ledger, lines, standing, day)
    return judge(standing, proposed) if isinstance(proposed, tuple) else proposed


def _proposed(
    ledger: Ledger, lines: tuple[BasketLine, ...], standing: Standing, day: date
) -> tuple[Proposed, ...] | EmptyBasket | NotForSale:
    if not lines:
        return EmptyBasket()
    taken: Counter[str] = Counter()
    proposed = []
    for line in lines:
        package = ledger.package(line.label)
        if package is None:
            return NotForSale(line.label, line.label, "not in stock")
        taken[line.label] += line.quantity.milli
        why_not = _why_not(package, line, taken[line.label], day) or too_young_for(
            package, standing.rules, standing.years
        )
        if why_not:
            return NotForSale(line.label, package.product, why_not)
        proposed.append(Proposed(package, line.quantity))
    return tuple(proposed)


def too_young_for(package: Package, rules: Rules, years: int | None) -> str:
    """Return why somebody of an age may not have a package, with what the rules cite for it; empty when they may.

    The patient's age counts, whoever comes for it.
    """
    bar = rules.barred(package.category, years)
    return f"{bar} ({rules.name}: {'; '.join(rules.citation)})" if bar is not None else ""


def _why_not(package: Package, line: BasketLine, taken_milli: int, day: date) -> str:
    why_not = package.why_not_sold(day)
    if why_not:
        return why_not
    if line.quantity.unit is not package.remaining.unit:
        return f"counted in {package.remaining.unit.value.lower()}"
    if taken_milli > package.remaining.milli:
        return f"only {package.remaining} left"
    if line.quantity.milli <= 0:
        return "nothing of it in the basket"
    return ""


def dispense(
    ledger: Ledger,
    patient_id: UUID,
    lines: tuple[BasketLine, ...],
    *,
    rules_on: RulesOn,
    shop: Shop,
    fresh_for: timedelta,
    act: Act,
    is_out: bool,
    by_the_card_itself: bool = False,
) -> Recorded | Refusal:
    """Record what is handed to a patient, or say why it may not be.

    Everything is read and judged in this transaction: a standing seen on the screen a minute ago decides nothing. The
    dispensation gets the act's id, and draws on what is set aside for the visit. `by_the_card_itself`: a person looked
    at the caregiver's card and answers for it where nobody could tell of it. Raises `NoSuchRecord` for an unknown
    patient.
    """
    require(ledger, act, Right.DISPENSE, patient_id)
    stands = ledger.patient_status(patient_id)
    if not stands.status.is_served:
        return NotVerified(f"The patient is noted as {stands.status} ({stands.why}). Nothing is handed over.")
    day = shop.day(act.at)
    rules = rules_on(day)
    changed = rules_changed(ledger, rules, act.by)
    if changed is not None:
        return changed
    known = standing_of(ledger, patient_id, rules_on=rules_on, day=day, now=act.at, fresh_for=fresh_for, is_out=is_out)
    verified = verified_by(ledger, known, day, by_the_card_itself=by_the_card_itself)
    if not isinstance(verified, tuple):
        return verified
    card, worth, untold = verified
    proposed = _proposed(ledger, lines, known.standing, day)
    if not isinstance(proposed, tuple):
        return proposed
    verdict = judge(known.standing, proposed)
    if not isinstance(verdict, Fits):
        return verdict
    dispensation = _dispensation(ledger, known, lines, card, worth, day=day, act=act)
    drawn = draws(known.hold, known.standing, proposed) if known.hold else ()
    recorded = DispensationRecorded(
        dispensation,
        day,
        worth.verification.id,
        rules=known.standing.rules.fingerprint,
        rules_known=rules.fingerprint,
        hold_id=known.hold.id if known.hold and drawn else None,
        draws=drawn,
        outage_id=known.outage.id if known.outage else None,
        exception_id=known.exception.id if known.exception and isinstance(worth, UnderOutage) else None,
        caregiver_untold=untold,
    )
    ledger.record(recorded, act)
    return Recorded(dispensation, verdict)


def external_number(act: Act, day: date) -> str:
    """Return our own number for a dispensation: the day, and enough of the act's id to be used only once."""
    return f"PCC-{day:%Y%m%d}-{act.id.hex[-10:].upper()}"


def _dispensation(
    ledger: Ledger,
    known: PatientStanding,
    lines: tuple[BasketLine, ...],
    card: Card,
    worth: Verified | UnderOutage,
    *,
    day: date,
    act: Act,
) -> Dispensation:
    patient_id = known.patient.id
    visit = ledger.open_visit(patient_id, day)
    own = next((each for each in known.cards if each.holder is Holder.PATIENT), None)
    return Dispensation(
        id=act.id,
        patient_id=patient_id,
        visit_id=visit.id if visit else None,
        card_number=own.number if own and card.holder is Holder.CAREGIVER else worth.verification.card_number,
        caregiver_card=known.through.card.number if known.through else "",
        at=act.at,
        by=act.by,
        external_number=external_number(act, day),
        lines=tuple(_line(ledger, each) for each in lines),
        outage=worth.why if isinstance(worth, UnderOutage) else "",
    )


def _line(ledger: Ledger, line: BasketLine) -> DispensedLine:
    package = ledger.package(line.label)
    if package is None:
        raise NoSuchRecord(f"There is no package {line.label}.")
    return DispensedLine(
        label=package.label,
        product=package.product,
        category=package.category,
        quantity=line.quantity,
        measures=package.measures(line.quantity),
        price_cents=line.price_cents,
    )


async def judge_now(
    desk: Desk, patient_id: UUID, lines: tuple[BasketLine, ...]
) -> Fits | EmptyBasket | NotForSale | OverLimit | CannotTell:
    """Judge a basket as it stands, for showing while it is put together. Nothing is recorded."""
    return await desk.store.read(
        _judge_as_it_stands,
        patient_id,
        lines,
        rules_on=desk.rules_on,
        shop=desk.shop,
        fresh_for=desk.fresh_for,
        act=desk.act(),
        is_out=desk.registry_is_out,
    )


def _judge_as_it_stands(
    ledger: Ledger,
    patient_id: UUID,
    lines: tuple[BasketLine, ...],
    *,
    rules_on: RulesOn,
    shop: Shop,
    fresh_for: timedelta,
    act: Act,
    is_out: bool,
) -> Fits | EmptyBasket | NotForSale | OverLimit | CannotTell:
    require(ledger, act, Right.SEE_ALLOTMENT, patient_id)
    day = shop.day(act.at)
    known = standing_of(ledger, patient_id, rules_on=rules_on, day=day, now=act.at, fresh_for=fresh_for, is_out=is_out)
    return judge_basket(ledger, lines, known.standing, day)


async def hand_over(
    desk: Desk, patient_id: UUID, lines: tuple[BasketLine, ...], act: Act, *, by_the_card_itself: bool = False
) -> Recorded | Refusal:
    """Dispense by rules that are on record, and ring for the posting. In the practice shop the till rings it up too.

    With too little room on the disk nothing is begun; what was handed over already is posted all the same.
    """
    room = desk.room()
    if room.is_too_little:
        return NoRoom(room)
    papers = await desk.store.read(papers_of, patient_id)
    for order_began in {None, papers.order_began}:
        await take_up(desk, order_began)
    outcome = await desk.store.write(
        dispense,
        patient_id,
        lines,
        rules_on=desk.rules_on,
        shop=desk.shop,
        fresh_for=desk.fresh_for,
        act=act,
        is_out=desk.registry_is_out,
        by_the_card_itself=by_the_card_itself,
    )
    if isinstance(outcome, Recorded):
        desk.bell.set()
        not_rung = await desk.practice.ring_up(outcome.dispensation) if desk.practice is not None else None
        if not_rung is not None:
            return replace(outcome, remark=f"The till did not ring it up: {not_rung.reason}.")
    return outcome
