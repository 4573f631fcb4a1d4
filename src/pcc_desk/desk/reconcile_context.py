"""What the desk knows beside the lists of a day: cards and their holders, outages, what was over a limit."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.sides import Sides
from pcc_desk.domain.answers import Unanswered
from pcc_desk.domain.people import Card, Holder
from pcc_desk.domain.reconciling.terms import Context, KnownCard, OutageSpan, Terms
from pcc_desk.domain.rules import Rules
from pcc_desk.domain.shop import Shop

OUTAGES_LOOKED_AT = 20


def terms_of(shop: Shop, rules: Rules) -> Terms:
    """Return by what a day of the shop is compared: its business day, and how long entering late may take.

    Legal hours are in no rule file, so nothing is said of them.
    """
    deadline = rules.outage.entry_deadline_hours
    return Terms(day_begins=shop.day_begins, posting_window=timedelta(hours=deadline) if deadline else None)


def context_of(ledger: Ledger, day: date, sides: Sides, shop: Shop) -> Context:
    """Return what is on record of the people of a day, and of the outages around it."""
    held = [card for key in _card_keys(sides) for card in ledger.cards_numbered(key) if card.holder is Holder.PATIENT]
    return Context(
        now=sides.read_at,
        cards={card.key: KnownCard(card.expires_on) for card in held},
        same_person=_same_person(ledger, held),
        outages=_outages(ledger, shop.starts(day) - timedelta(days=1), shop.ends(day) + timedelta(days=1)),
    )


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
