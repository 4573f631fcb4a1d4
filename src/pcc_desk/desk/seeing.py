"""Looking whether the state has what was sent to it, when its answer stayed away."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.outbox_work import Work
from pcc_desk.domain.answers import Unanswered
from pcc_desk.domain.dispensing import Dispensation, NotPosted, Posted, PostKind
from pcc_desk.domain.quantity import Thousandths
from pcc_desk.domain.sales import Receipt

SAME_MOMENT = timedelta(minutes=1)
"""How far apart the times of one sale may be: some systems keep no seconds."""


@dataclass(frozen=True, slots=True)
class Found:
    """The state has it, as it was sent."""

    receipt: str


@dataclass(frozen=True, slots=True)
class Missing:
    """The state answers that it has not. `is_sure`: what it has shows that it was not done."""

    is_sure: bool = False


@dataclass(frozen=True, slots=True)
class SeenOtherwise:
    """What the state says contradicts itself, or what is known here."""

    why: str


Seen = Found | Missing | SeenOtherwise


async def look_for_sale(desk: Desk, work: Work) -> Seen | Unanswered:
    """Look our own number up."""
    answer = await desk.state.find_posted(work.posting.external_number)
    match answer:
        case Posted(receipt=receipt):
            return Found(receipt)
        case NotPosted():
            return Missing()
        case Unanswered():
            return answer


async def look_for_sale_twice(desk: Desk, work: Work) -> Seen | Unanswered:
    """Look our own number up, and when it is not there read the day's list too, where there is one.

    Only when both say no may it be sent again.
    """
    seen = await look_for_sale(desk, work)
    if not isinstance(seen, Missing):
        return seen
    given, system = work.dispensation, desk.state.name
    receipts = await _receipts(desk, given)
    if isinstance(receipts, Unanswered):
        return Missing() if receipts.is_for_a_person else receipts
    number = given.external_number
    ours = next((each for each in receipts if each.external_number == number), None)
    if ours is not None:
        return SeenOtherwise(f"{system} answers that it has no {number}, and lists it as receipt {ours.number}")
    alike = next((each for each in receipts if _is_alike(each, given)), None)
    if alike is not None:
        return SeenOtherwise(
            f"{system} has no {number}, but receipt {alike.number} of {_minute(desk, alike.sold_at)} "
            "says the same without a number of ours"
        )
    return Missing()


async def look_at_receipt(desk: Desk, work: Work) -> Seen | Unanswered:
    """Look at the receipt that was to be corrected or struck."""
    given, system = work.dispensation, desk.state.name
    receipts = await _receipts(desk, given)
    if isinstance(receipts, Unanswered):
        return receipts
    ours = [each for each in receipts if each.number == work.receipt or each.external_number == given.external_number]
    if not ours:
        return Missing()
    standing = [each for each in ours if not each.is_void]
    if work.posting.kind is PostKind.VOID:
        return Missing(is_sure=True) if standing else Found(ours[0].number)
    if not standing:
        return SeenOtherwise(f"{system} lists receipt {ours[0].number} as struck, and it was to be corrected")
    return Found(standing[0].number) if _says(standing[0], given) else Missing(is_sure=True)


async def _receipts(desk: Desk, given: Dispensation) -> tuple[Receipt, ...] | Unanswered:
    return await desk.state.posted_on(desk.shop.local(given.at).date(), desk.clock.now())


def _amounts(lines: Iterable[tuple[str, Thousandths, int]]) -> list[tuple[str, Thousandths, int]]:
    return sorted(lines)


def _says(receipt: Receipt, given: Dispensation) -> bool:
    """Whether a receipt says exactly what was handed over, prices included."""
    listed = _amounts((each.label, each.milli, each.price_cents) for each in receipt.lines)
    return listed == _amounts((each.label, each.quantity.milli, each.price_cents) for each in given.lines)


def _is_alike(receipt: Receipt, given: Dispensation) -> bool:
    """Whether a receipt without a number of ours may be this one: the same lines at the same moment."""
    is_near = abs(receipt.sold_at - given.at) <= SAME_MOMENT
    return not receipt.external_number and not receipt.is_void and is_near and _says(receipt, given)


def _minute(desk: Desk, at: datetime) -> str:
    return f"{desk.shop.local(at):%H:%M}"
