"""Sentences and figures as they stand on the screen: what is so, why, what to do."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import assert_never

from rich.cells import cell_len

from pcc_desk.desk.dispensing import EmptyBasket, NotForSale, Refusal
from pcc_desk.desk.entitlements import (
    AboveCeiling,
    AmountRefusal,
    EndsBeforeStarts,
    FixedByLaw,
    NoPaper,
    NoSuchAmount,
    UnknownGroup,
    UnknownLimit,
)
from pcc_desk.desk.holds import Held, HeldElsewhere, NothingToHold
from pcc_desk.desk.queue import SEARCH_LIMIT
from pcc_desk.desk.room import NoRoom, room_words
from pcc_desk.desk.rules import RulesChanged
from pcc_desk.desk.who_buys import CardLapsed
from pcc_desk.domain.allotment import CategoryStanding, Figure, NotForAge, NotLimited
from pcc_desk.domain.answers import CannotTell, Unanswered
from pcc_desk.domain.basket import Fits, OverLimit
from pcc_desk.domain.products import Basis
from pcc_desk.domain.quantity import Quantity, rounded_down
from pcc_desk.domain.registry import (
    CardNotFound,
    Reading,
    RegistryStanding,
    Verification,
)
from pcc_desk.domain.sales import short_tag
from pcc_desk.domain.shop import Shop
from pcc_desk.domain.typed_people import typed_date
from pcc_desk.domain.verification import CaregiverUntold, NotVerified, how_long


def age(passed: timedelta) -> str:
    """Return how long ago: 0:07 in minutes and seconds, then 12 min, then 3 h, then 2 d."""
    seconds = max(int(passed.total_seconds()), 0)
    if seconds < 600:
        return f"{seconds // 60}:{seconds % 60:02d}"
    return how_long(passed)


def wait(passed: timedelta) -> str:
    """Return a waiting time in hours and minutes: 0:22."""
    minutes = max(int(passed.total_seconds()) // 60, 0)
    return f"{minutes // 60}:{minutes % 60:02d}"


def day_words(day: date) -> str:
    """Return a day with its weekday: Thu 26 Nov."""
    return f"{day:%a} {day.day} {day:%b}"


def until(day: date, today: date) -> str:
    """Return how far a last day is: "lapsed 3 d ago", "last day today", "6 d", empty beyond 90 days."""
    days = (day - today).days
    if days < 0:
        return f"lapsed {-days} d ago"
    if days == 0:
        return "last day today"
    return f"{days} d" if days <= 90 else ""


def lapsed_words(typed: str, what: str, today: date) -> str:
    """Return that a last day which is typed is over already, as a sentence; empty where it is not, or is no day."""
    day = typed_date(typed)
    return f"This {what} {until(day, today)}." if isinstance(day, date) and day < today else ""


def lapsed_doubt(typed: str, what: str, today: date) -> str:
    """Return what is said at the field of a last day that is over already. It is a doubt and never a refusal."""
    said = lapsed_words(typed, what, today)
    return f"{said} Look at the day again; if it is right, ask for the new one." if said else ""


def amount(smallest: int, basis: Basis | None, *, short: bool = False) -> str:
    """Return an amount in its smallest unit as it is read aloud, rounded down: 3.50 g, 29.57 mL, 100 mg THC, 2.

    Short, hundreds go without decimals: 2661 mL.
    """
    thousand = Fraction(smallest, 1000)
    sign, is_counted = _SIGNS.get(basis, ("g", False)) if basis else ("g", False)
    decimals = 0 if is_counted or (short and thousand >= 100) else 2
    return f"{rounded_down(thousand, decimals)} {sign}".rstrip()


_SIGNS = {
    Basis.NET_ML: ("mL", False),
    Basis.NET_FLOZ: ("mL", False),
    Basis.THC_MG: ("mg THC", True),
    Basis.OTHER_CANNABINOID_MG: ("mg cannabinoids", True),
    Basis.COUNT: ("", True),
    Basis.DOSE: ("daily doses", True),
    Basis.VISIT: ("sales", True),
}
"""What is written after an amount, and whether it is told in whole numbers; of everything else it is grams."""


def now_words(standing: CategoryStanding) -> str:
    """Return how much of a category may be dispensed now."""
    match standing.now:
        case CannotTell():
            return "cannot tell"
        case NotLimited():
            return "no limit"
        case NotForAge():
            return "too young"
        case int(now):
            return amount(now, standing.basis)


def figure(value: Figure) -> str:
    """Return a figure of a limit, in its unit, rounded down to hundredths; what nobody knows is said so."""
    return "cannot tell" if isinstance(value, CannotTell) else f"{rounded_down(value, 2)}"


def used_figure(value: Figure) -> str:
    """Return what was used of a limit, rounded up to hundredths: rounding goes against the sale."""
    return "cannot tell" if isinstance(value, CannotTell) else f"{-rounded_down(-value, 2) + Decimal(0)}"


def short_unit(unit: str) -> str:
    """Return the unit of a limit in one or two words: oz, fl oz, mg, supply."""
    head = re.split(r"[(,]| on ", unit, maxsplit=1)[0].strip()
    words = head.split()
    if words[:2] == ["fl", "oz"]:
        return "fl oz"
    return words[0] if len(words) == 1 or words[0] in SHORT_UNITS else words[-1]


SHORT_UNITS = frozenset({"oz", "g", "mg", "lb", "days", "MMCEU", "MME"})
"""Units that are said before what they are of."""


def asked_words(at: datetime, shop: Shop, today: date) -> str:
    """Return when something was asked: the time, with the day when it is not today."""
    local = shop.local(at)
    return f"{local:%H:%M:%S}" if local.date() == today else f"{day_words(local.date())} {local:%H:%M}"


def answer_words(verification: Verification | None, shop: Shop, today: date) -> str:
    """Return what the registry said, and when it was asked."""
    if verification is None:
        return "not asked yet"
    at = asked_words(verification.asked_at, shop, today)
    if verification.read is not None:
        return _read_words(verification, verification.read, shop, today)
    match verification.answer:
        case Unanswered(reason=reason):
            return f"could not tell: {reason} (asked {at})"
        case CardNotFound(card_number=number):
            return f"{verification.system} knows no card {number} (asked {at})"
        case RegistryStanding(active=False):
            return f"{verification.system}: card not active (asked {at})"
        case RegistryStanding():
            return f"{verification.system} answered, asked {at}"


def _read_words(verification: Verification, read: Reading, shop: Shop, today: date) -> str:
    """Return what a person read, who it was, where and when: people read to the minute."""
    local = shop.local(verification.asked_at)
    at = f"{local:%H:%M}" if local.date() == today else f"{day_words(local.date())} {local:%H:%M}"
    by_hand = f"read by hand by {read.by} from {read.page}, {at}"
    match verification.answer:
        case Unanswered(reason=reason):
            return f"could not tell: {reason}, {at}"
        case CardNotFound(card_number=number):
            return f"no card {number}, {by_hand}"
        case RegistryStanding(active=False):
            return f"card not active, {by_hand}"
        case RegistryStanding():
            return by_hand


def verdict_words(verdict: Fits | EmptyBasket | NotForSale | OverLimit | CannotTell) -> tuple[str, str]:
    """Return a sentence on a basket, and its tone."""
    match verdict:
        case Fits(limit=limit, left=left):
            if limit is None:
                return "Fits. No limit counts it.", "good"
            return f"Fits. {rounded_down(left, 2)} {short_unit(limit.unit)} left of {limit.window} afterwards.", "good"
        case EmptyBasket():
            return "Nothing in the basket yet.", "muted"
        case NotForSale(label=label, product=product, why=why):
            return f"{product} ({short_tag(label)}) may not go out: {why}.", "danger"
        case OverLimit(limit=limit, largest=largest, held=held):
            aside = f" {figure(held)} {short_unit(limit.unit)} of it is set aside in another visit." if held else ""
            return f"No: {over_words(verdict)}.{aside} {_fitting_words(largest)}", "danger"
        case CannotTell(reason=reason):
            return f"Cannot tell: {reason}.", "warning"


def over_words(verdict: OverLimit) -> str:
    """Return by how much a limit would be passed."""
    excess = -rounded_down(-verdict.over, 2)
    return f"{verdict.limit.window} over by {excess} {short_unit(verdict.limit.unit)}"


def _fitting_words(largest: tuple[Quantity, ...]) -> str:
    """Return with how much of one line the basket would fit, the others staying as they are."""
    if len(largest) == 1:
        return f"At most {largest[0]} fits." if largest[0].milli > 0 else "Nothing of it fits."
    changes = [f"line {number} with {each}" for number, each in enumerate(largest, 1) if each.milli > 0]
    return f"It fits: {', or '.join(changes)}." if changes else "Take a line out."


def refusal_words(refusal: Refusal) -> str:  # noqa: PLR0911 - a sentence for each
    """Return why nothing was recorded, and what to do."""
    match refusal:
        case RulesChanged():
            return "The rules have changed since you last dispensed. Press f2 again and read what is different."
        case NotVerified(reason=reason):
            return reason
        case CaregiverUntold(card_number=number, reason=reason):
            return f"Could not tell of caregiver’s card {number}: {reason}. Press f2 again to answer for it."
        case CardLapsed(number=number, on=on):
            return f"Card {number} lapsed on {day_words(on)}. Nothing may be dispensed on it."
        case NoRoom(room=room):
            return f"The disk has {room_words(room)} left. Make room on it; until then nothing new is handed over."
        case EmptyBasket():
            return "The basket is empty. Type a product or a tag, then how much."
        case _:
            return "The line above says why."


def amount_words(refusal: AmountRefusal | UnknownGroup) -> str:  # noqa: PLR0911 - a sentence for each
    """Return why something particular to a patient was not put on record, and what to do."""
    match refusal:
        case UnknownGroup(group=group, known=known):
            return f"The rules know no group “{group}”. They know: {', '.join(known) or 'none'}."
        case UnknownLimit(limit_id=limit_id):
            return f"The rules of today have no limit {limit_id}. Choose one of those that are shown."
        case NoSuchAmount(why=why):
            return why
        case NoPaper():
            return "Type who set it and in which document."
        case EndsBeforeStarts(starts=starts, ends=ends):
            return f"The last day ({ends}) is before the first ({starts}). Change one of them."
        case FixedByLaw(limit=limit):
            return f"The amount for {limit.window} is the law's, and no practitioner sets it. Only a waiver changes it."
        case AboveCeiling(limit=limit, ceiling=ceiling):
            most = f"{rounded_down(ceiling, 2)} {short_unit(limit.unit)}"
            return f"For {limit.window} no practitioner may go above {most}. Only a waiver may."
        case _:
            assert_never(refusal)


def held_words(outcome: Held | NothingToHold | HeldElsewhere | None) -> str:
    """Return what a person must know of what was set aside; empty when nothing."""
    match outcome:
        case HeldElsewhere():
            return "What the patient may still buy is set aside for another visit of today. End that one first."
        case Held() | NothingToHold() | None:
            return ""
        case _:
            assert_never(outcome)


def card_end(number: str) -> str:
    """Return the end of a card's number, for a list of many: what stands on the card is for whoever opens one."""
    return f"card …{number[-4:]}" if number else "no card on record"


def more_words(found: int) -> str:
    """Return what to do when more may be found than are shown; empty when all are."""
    return f"Only the first {found} are shown. Type on to find fewer." if found >= SEARCH_LIMIT else ""


def local_time(at: datetime, shop: Shop) -> str:
    """Return an instant on the shop's clock: 10:31:07."""
    return f"{shop.local(at):%H:%M:%S}"


def with_link(noted: str, link: str, room: int) -> str:
    """Return what is noted of a visit, then its link; one that would not stand there whole is not begun."""
    if not link:
        return noted
    whole = " · ".join(each for each in (noted, f"Telehealth: {link}") if each)
    return (
        whole if cell_len(whole) <= room else " · ".join(each for each in ("telehealth (c: the link)", noted) if each)
    )
