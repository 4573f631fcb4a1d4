"""What is wrong with a sale by itself, whatever the state's record says: hours, cards, holds, limits, prices."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from pcc_desk.domain.quantity import money, thousandths
from pcc_desk.domain.reconciling.alone import contents
from pcc_desk.domain.reconciling.classes import FindingClass
from pcc_desk.domain.reconciling.findings import Finding, finding
from pcc_desk.domain.reconciling.judging import masked
from pcc_desk.domain.reconciling.records import Record
from pcc_desk.domain.reconciling.terms import Context, Hours, KnownCard, Terms
from pcc_desk.domain.sales import NOT_TOLD, Receipt, Sale, short_tag


def is_doubtful(sale: Record[Sale], receipt: Record[Receipt] | None, terms: Terms, context: Context) -> bool:
    """Whether anything of a sale wants a closer look. False: there is nothing wrong with it by itself."""
    of = sale.of
    if terms.hours and not is_open(terms.hours, of.sold_at):
        return True
    for line in of.lines:
        if line.price_cents < terms.least_cents:
            return True
    packages = context.packages
    if packages is not None:
        for tag, _ in sale.whole:
            package = packages.get(tag)
            if tag == NOT_TOLD:
                continue
            if package.held_from is not None if package is not None else context.knows_all_packages:
                return True
    if receipt is not None and is_late(sale, receipt, terms):
        return True
    if context.cards and (of.patient_key in context.cards or sale.person in context.cards):
        return True
    return bool(context.over_limit) and (sale.number in context.over_limit or of.external_number in context.over_limit)


def facts(sale: Record[Sale], receipt: Record[Receipt] | None, terms: Terms, context: Context) -> Iterator[Finding]:
    """Yield what is wrong with a sale by itself."""
    yield from _hours(sale, terms)
    yield from _given_away(sale, terms)
    yield from _packages(sale, receipt, context)
    card = context.cards.get(sale.of.patient_key) or context.cards.get(sale.person)
    if card is not None and _has_lapsed(card, sale.of.sold_at):
        ending = masked(sale.of.patient_key)
        what = f"the card {ending} ended {card.expires:%d %b %Y}, sold {sale.of.sold_at:%d %b %H:%M}"
        group = f"the card that ends in {ending}"
        yield finding(FindingClass.EXPIRED_CARD, what, sale=sale.of, receipt=_of(receipt), group=group)
    over = context.over_limit.get(sale.number) or context.over_limit.get(sale.of.external_number)
    if over:
        yield finding(FindingClass.OVER_LIMIT, f"{contents(sale)}: {over}", sale=sale.of, receipt=_of(receipt))
    if receipt is not None:
        yield from late(sale, receipt, terms)


def _of(receipt: Record[Receipt] | None) -> Receipt | None:
    return receipt.of if receipt is not None else None


def is_late(sale: Record[Sale], receipt: Record[Receipt], terms: Terms) -> bool:
    """Whether a receipt was recorded after the time allowed; exactly at its end is in time."""
    recorded, window = receipt.of.recorded_at, terms.posting_window
    return window is not None and recorded is not None and recorded - sale.of.sold_at > window


def late(sale: Record[Sale], receipt: Record[Receipt], terms: Terms) -> Iterator[Finding]:
    """Yield that a receipt was recorded after the time allowed; exactly at its end is in time."""
    recorded, window = receipt.of.recorded_at, terms.posting_window
    if recorded is not None and window is not None and is_late(sale, receipt, terms):
        hours = (recorded - sale.of.sold_at).total_seconds() / 3600
        what = f"recorded {hours:.1f} h after the sale, {window.total_seconds() / 3600:g} h are allowed"
        yield finding(FindingClass.LATE, what, sale=sale.of, receipt=receipt.of)


def _hours(sale: Record[Sale], terms: Terms) -> Iterator[Finding]:
    at = sale.of.sold_at
    if not terms.hours or is_open(terms.hours, at):
        return
    hours = terms.hours[at.weekday()]
    if hours is None:
        yield finding(FindingClass.HOURS, f"sold {at:%a %H:%M}; the shop may not sell that day", sale=sale.of)
    else:
        yield finding(FindingClass.HOURS, f"sold {at:%H:%M}; legal hours are {hours.words}", sale=sale.of)


def is_open(hours: Sequence[Hours | None], at: datetime) -> bool:
    """Whether a shop may sell at a time on its clock, by the hours of Monday to Sunday.

    Hours that go on past midnight are those of the day on which they began.
    """
    time = at.time()
    today, before = hours[at.weekday()], hours[at.weekday() - 1]
    if before is not None and before.is_past_midnight and time <= before.closes:
        return True
    return today is not None and today.opens <= time and (today.is_past_midnight or time <= today.closes)


def _given_away(sale: Record[Sale], terms: Terms) -> Iterator[Finding]:
    for line in sale.of.lines:
        if line.label and line.price_cents < terms.least_cents and line.milli > 0 and not line.is_returned:
            amount = f"{thousandths(line.milli)} {line.unit.sign}".rstrip()
            price = money(line.price_cents) if line.price_cents else "nothing"
            what = f"{amount} {line.product or short_tag(line.label)} for {price}"
            yield finding(FindingClass.FREE_ITEM, what, sale=sale.of, tag=line.label)


def _has_lapsed(card: KnownCard, at: datetime) -> bool:
    day = at.date()
    return day > card.expires or (day == card.expires and not card.ends_with_the_day)


def _packages(sale: Record[Sale], receipt: Record[Receipt] | None, context: Context) -> Iterator[Finding]:
    """Yield what is wrong with the packages of a sale: held when it was sold, or not known to the state at all."""
    if context.packages is None:
        return
    reported = {tag for tag, _ in receipt.whole} if receipt is not None else set()
    at = sale.of.sold_at
    for tag, milli in sale.whole:
        package = context.packages.get(tag)
        if package is None:
            if receipt is not None and tag != NOT_TOLD and tag not in reported and context.knows_all_packages:
                what = f"{thousandths(milli)} sold from {short_tag(tag)}, which the state does not know"
                yield finding(
                    FindingClass.TAG_UNKNOWN, what, sale=sale.of, receipt=receipt.of, group=short_tag(tag), tag=tag
                )
            continue
        held = package.held_from is not None and package.held_from <= at
        if held and (package.held_until is None or at < package.held_until):
            since = f"{package.held_from:%d %b %H:%M}"
            why = package.held_why or "on hold"
            what = f"{thousandths(milli)} sold at {at:%H:%M} from {short_tag(tag)}, {why} since {since}"
            group = f"the hold of {short_tag(tag)}"
            yield finding(FindingClass.PACKAGE_HOLD, what, sale=sale.of, receipt=_of(receipt), group=group, tag=tag)


def oversold_tags(context: Context) -> set[str]:
    """Return the packages that have less than nothing left."""
    known = (context.packages or {}).items()
    return {tag for tag, each in known if each.balance_milli is not None and each.balance_milli < 0}


def below_zero(last_sold: dict[str, Record[Sale]], context: Context) -> Iterator[Finding]:
    """Yield which packages that were sold from have less than nothing left, each with the last sale of it."""
    for tag, sale in sorted(last_sold.items()):
        balance = (context.packages or {})[tag].balance_milli
        what = f"{short_tag(tag)} has {thousandths(balance or 0)} left"
        yield finding(FindingClass.NEGATIVE_PACKAGE, what, sale=sale.of, group=short_tag(tag), tag=tag)
