"""What the desk knows beside the lists of a day: cards and their holders, outages, what was over a limit.

What is on record is read first, and the sales are judged by it afterwards, so that the store is free meanwhile.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pcc_desk.desk.over_limit import Buyers, buyers_of, over_limits
from pcc_desk.desk.ports import Ledger, RulesOn
from pcc_desk.desk.sides import Sides
from pcc_desk.desk.sold import SoldDay, sales_that_count
from pcc_desk.domain.answers import Unanswered
from pcc_desk.domain.people import Card, Holder
from pcc_desk.domain.reconciling.classes import FindingClass
from pcc_desk.domain.reconciling.findings import LookedAt
from pcc_desk.domain.reconciling.lent import is_untold
from pcc_desk.domain.reconciling.terms import Context, KnownCard, LegalHours, OutageSpan, Terms
from pcc_desk.domain.rules import Rules
from pcc_desk.domain.shop import Shop

OUTAGES_LOOKED_AT = 20


@dataclass(frozen=True, slots=True)
class OnRecord:
    """What is on record beside the lists of a day."""

    context: Context
    """Of the people and the outages; what was over a limit is not judged yet."""
    buyers: Buyers


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known beside the lists of a day, and how far that was looked for."""

    context: Context
    looked_at: tuple[LookedAt, ...]


def terms_of(shop: Shop, rules: Rules, hours: LegalHours = ()) -> Terms:
    """Return by what a day of the shop is compared: its business day, its hours, how long entering late may take.

    Legal hours are in no rule file: the shop says them in its settings, or nothing is said of hours.
    """
    deadline = rules.outage.entry_deadline_hours
    window = timedelta(hours=deadline) if deadline else None
    return Terms(day_begins=shop.day_begins, posting_window=window, hours=hours)


def on_record(ledger: Ledger, sides: Sides, sold: SoldDay, shop: Shop, *, rules_on: RulesOn) -> OnRecord:
    """Return what is on record of the people of a day, and of the outages around it."""
    day, rules = sides.day, rules_on(sides.day)
    held = [card for key in _card_keys(sides) for card in ledger.cards_numbered(key) if card.holder is Holder.PATIENT]
    context = Context(
        now=sides.read_at,
        cards={
            card.key: KnownCard(card.expires_on, not rules.card_ends.has_lapsed(card.expires_on, card.expires_on))
            for card in held
        },
        same_person=_same_person(ledger, held),
        outages=_outages(ledger, shop.starts(day) - timedelta(days=1), shop.ends(day) + timedelta(days=1)),
    )
    return OnRecord(context, buyers_of(ledger, sold, shop, rules_on=rules_on))


def beside(sides: Sides, known: OnRecord, fresh_for: timedelta, hours: LegalHours) -> Beside:
    """Return what is known beside the lists of a day, what was over a limit among it."""
    judged = over_limits(known.buyers, fresh_for)
    context = replace(known.context, over_limit=judged.over)
    return Beside(context, (_hours(sides, hours), judged.looked_at, *_packages(sides)))


def _hours(sides: Sides, hours: LegalHours) -> LookedAt:
    of = len(sales_that_count(sides))
    return LookedAt(FindingClass.HOURS, of if hours else 0, of, "" if hours else "legal hours not set")


def _packages(sides: Sides) -> tuple[LookedAt, ...]:
    """Tell how many sales were compared package by package; nothing where all were."""
    of = sales_that_count(sides)
    untold = sum(is_untold(each) for each in of)
    why = f"the till does not tell of which packages {'it is' if untold == 1 else 'they are'}"
    return (LookedAt(FindingClass.TAG, len(of) - untold, len(of), why),) if untold else ()


def _card_keys(sides: Sides) -> tuple[str, ...]:
    """Return the numbers of patients that stand anywhere on a day, each once."""
    sales = () if isinstance(sides.sales, Unanswered) else sides.sales.sales
    receipts = () if isinstance(sides.receipts, Unanswered) else sides.receipts
    told = [each.patient_key for each in sales]
    told += [each.patient_key for each in receipts]
    told += [each.patient_key for each in sides.own]
    return tuple(sorted(set(told) - {""}))


def _same_person(ledger: Ledger, held: Iterable[Card]) -> tuple[frozenset[str], ...]:
    """Return the numbers that are one person: a renewed card has a new one, and records may have been merged."""
    people = {card.patient_id for card in held}
    numbers = (frozenset(card.key for card in ledger.cards(each) if card.holder is Holder.PATIENT) for each in people)
    return tuple(sorted((each for each in numbers if len(each) > 1), key=sorted))


def _outages(ledger: Ledger, since: datetime, until: datetime) -> tuple[OutageSpan, ...]:
    return tuple(
        OutageSpan(each.system, each.since, each.ended_at)
        for each in ledger.outages(OUTAGES_LOOKED_AT)
        if each.since < until and (each.ended_at is None or each.ended_at > since)
    )
