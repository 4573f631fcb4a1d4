"""Reserve, dispense, close: what a patient may still buy is set aside for a visit, and given back when it ends.

The form for one counter: reserving and dispensing are transactions on the one store, so nothing comes between what is
counted and what is set aside. `dispense` draws on the hold of its visit in its own transaction; `move_visit` gives back
what is left when it ends the visit.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.errors import NoSuchRecord
from pcc_desk.desk.ports import Ledger, RulesOn
from pcc_desk.desk.rights import Right, require
from pcc_desk.desk.standing import standing_of
from pcc_desk.desk.verifying import ToBeRead, ask_or_read
from pcc_desk.domain.answers import CannotTell
from pcc_desk.domain.entries import Act, HoldClosed, HoldPlaced
from pcc_desk.domain.holds import Hold
from pcc_desk.domain.setting_aside import adds_up, sized
from pcc_desk.domain.shop import Shop
from pcc_desk.domain.standing import Standing
from pcc_desk.domain.visits import Visit, VisitState


@dataclass(frozen=True, slots=True)
class Held:
    """Something is set aside for the visit."""

    hold: Hold


@dataclass(frozen=True, slots=True)
class NothingToHold:
    """Nothing is set aside, and why: a clause to be read aloud."""

    why: str


@dataclass(frozen=True, slots=True)
class HeldElsewhere:
    """All that is left is set aside for other visits of the patient."""

    holds: tuple[Hold, ...]


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What was left of a hold is free again."""

    hold: Hold


def reserve(
    ledger: Ledger,
    patient_id: UUID,
    visit_id: UUID,
    *,
    rules_on: RulesOn,
    shop: Shop,
    fresh_for: timedelta,
    act: Act,
    is_out: bool,
) -> Held | NothingToHold | HeldElsewhere:
    """Set aside for a visit all that the patient may still buy, until the end of the business day.

    A visit has one hold: asked again, it is the same one, sized anew when other figures are known by now. What was
    drawn of it stays drawn. Raises `NoSuchRecord` for a visit that the patient has not.
    """
    require(ledger, act, Right.SET_ASIDE, patient_id)
    visit = _visit(ledger, visit_id)
    if ledger.kept_as(visit.patient_id) != ledger.kept_as(patient_id):
        raise NoSuchRecord(f"Visit {visit_id} is another patient's.")
    day = shop.day(act.at)
    if visit.state.is_over:
        return NothingToHold("the visit is over")
    if visit.day != day:
        return NothingToHold(f"the visit is one of {visit.day}")
    known = standing_of(
        ledger,
        patient_id,
        rules_on=rules_on,
        day=day,
        now=act.at,
        fresh_for=fresh_for,
        is_out=is_out,
        visit_id=visit_id,
    )
    holds = ledger.holds(patient_id, day)
    before = next((each for each in holds if each.visit_id == visit_id and each.day == day), None)
    hold = before or Hold(act.id, patient_id, visit_id, day, ())
    hold = replace(hold, amounts=sized(before, known.standing), is_open=True)
    if hold != before and (hold.has_left or (before is not None and before.is_live(day))):
        ledger.record(HoldPlaced(hold), act)
    if hold.has_left:
        return Held(hold)
    others = tuple(each for each in holds if each.visit_id != visit_id and each.is_live(day) and each.has_left)
    return HeldElsewhere(others) if others else NothingToHold(_why_nothing(known.standing))


def _why_nothing(standing: Standing) -> str:
    limits = [each for each in standing.limits if adds_up(each.limit)]
    if not limits:
        return "no limit here adds up over the visits"
    untold = (each.left.reason for each in limits if isinstance(each.left, CannotTell))
    return next(untold, "nothing is left")


def close(ledger: Ledger, visit_id: UUID, *, act: Act) -> GivenBack | NothingToHold:
    """Give back what is left of a visit's hold before the visit ends. Raises `NoSuchRecord` for an unknown visit."""
    require(ledger, act, Right.SET_ASIDE)
    visit = _visit(ledger, visit_id)
    hold = next((each for each in ledger.holds(visit.patient_id, visit.day) if each.visit_id == visit_id), None)
    if hold is None or not hold.is_open:
        return NothingToHold("nothing is set aside for the visit")
    ledger.record(HoldClosed(hold.id, hold.patient_id, hold.visit_id, hold.day), act)
    return GivenBack(replace(hold, is_open=False))


def _visit(ledger: Ledger, visit_id: UUID) -> Visit:
    visit = ledger.visit(visit_id)
    if visit is None:
        raise NoSuchRecord(f"There is no visit {visit_id}.")
    return visit


async def set_aside(desk: Desk, patient_id: UUID, visit_id: UUID) -> Held | NothingToHold | HeldElsewhere:
    """Reserve for a visit as things are now."""
    return await desk.store.write(
        reserve,
        patient_id,
        visit_id,
        rules_on=desk.rules_on,
        shop=desk.shop,
        fresh_for=desk.fresh_for,
        act=desk.act(),
        is_out=desk.registry_is_out,
    )


async def ask_and_set_aside(
    desk: Desk, patient_id: UUID, card_number: str
) -> Held | NothingToHold | HeldElsewhere | ToBeRead | None:
    """Ask the registry for a card, and size what is set aside for the visit under way anew; None when there is none.

    Where a person must read what the state shows, nothing is done yet.
    """
    visit = await desk.store.read(lambda ledger: ledger.open_visit(patient_id, desk.today))
    asked = await ask_or_read(desk, patient_id, card_number, visit.id if visit else None)
    return asked if isinstance(asked, ToBeRead) else await size_anew(desk, patient_id, visit)


async def size_anew(desk: Desk, patient_id: UUID, visit: Visit | None) -> Held | NothingToHold | HeldElsewhere | None:
    """Size what is set aside for a visit under way by what is known now; None when there is none."""
    if visit is None or visit.state in {VisitState.EXPECTED, VisitState.ARRIVED}:
        return None
    return await set_aside(desk, patient_id, visit.id)
