"""A day of sales beside the state's record and the desk's own: the whole comparison.

Both sides are sorted out, matched in the order of the POS reference, 8.2, and what differs is named. The order of the
input is nothing to it. Numbers are a bonus: what they tie must have something in common.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from pcc_desk.domain.reconciling.alone import (
    Doubles,
    Void,
    certain_doubles,
    doubled,
    is_of,
    missing,
    standing_voids,
    struck_but_standing,
    unexpected,
    untied,
)
from pcc_desk.domain.reconciling.aside import Aside
from pcc_desk.domain.reconciling.classes import FindingClass
from pcc_desk.domain.reconciling.contents import by_another_person, by_contents, the_same
from pcc_desk.domain.reconciling.exchanging import parted
from pcc_desk.domain.reconciling.facts import below_zero, facts, is_doubtful, late, oversold_tags
from pcc_desk.domain.reconciling.findings import Compared, DayTotals, Finding, NotCompared, worst_first
from pcc_desk.domain.reconciling.groups import grouped
from pcc_desk.domain.reconciling.judging import Told, agrees, judged
from pcc_desk.domain.reconciling.lent import Lent, is_untold
from pcc_desk.domain.reconciling.likeness import by_likeness, by_sums
from pcc_desk.domain.reconciling.numbers import by_numbers
from pcc_desk.domain.reconciling.own import Own, besides, own_records, unheard_of
from pcc_desk.domain.reconciling.pool import Match, Pool
from pcc_desk.domain.reconciling.records import AnyRecord, Reckoning, Record
from pcc_desk.domain.reconciling.returning import told_by_receipts
from pcc_desk.domain.reconciling.sides import Sides, counts, sorted_out
from pcc_desk.domain.reconciling.terms import Context, Terms
from pcc_desk.domain.reconciling.totals import control, why_not_compared
from pcc_desk.domain.sales import Closing, Dispensed, Pull, Receipt, ReceiptPull, Sale

NOTHING_KNOWN = Context()
USUAL = Terms()
RETURNS = {FindingClass.RETURN_NOT_PROPAGATED, FindingClass.RETURN_DOUBLE}


def compare(
    pos: Pull | NotCompared,
    state: ReceiptPull | NotCompared,
    day: date,
    *,
    desk: Sequence[Dispensed] = (),
    terms: Terms = USUAL,
    context: Context = NOTHING_KNOWN,
    closing: Closing | None = None,
    names: tuple[str, str] = ("POS", "state"),
    aside: Aside | None = None,
) -> Compared:
    """Compare one business day. `names` is how the point of sale and the state's system are called.

    `aside` is what was paired before, so that it is not in the lists any more.

    A side that could not be read, or not whole, or that holds nothing of the day, compares nothing. Sales and receipts
    around the day are used to find what the day's are; only what is of the day on one side at least is told, and what
    was taken back or struck on it.
    """
    silent = why_not_compared(pos, state, day, Reckoning(day_begins=terms.day_begins), names=names, aside=aside)
    if silent or isinstance(pos, NotCompared) or isinstance(state, NotCompared):
        return Compared(0, (), silent, DayTotals())
    return Comparing(pos.sales, state.receipts, day, desk, terms, context, closing, aside).outcome()


@dataclass(slots=True)
class Comparing:
    """One comparison while it is made."""

    pos: Sequence[Sale]
    state: Sequence[Receipt]
    day: date
    desk: Sequence[Dispensed]
    terms: Terms
    context: Context
    closing: Closing | None = None
    aside: Aside | None = None
    reckoning: Reckoning = field(init=False)
    sides: Sides = field(init=False)
    pool: Pool = field(init=False)
    voids: list[Void] = field(init=False)
    doubles: list[tuple[Match, Record[Receipt]]] = field(init=False)
    own: Own = field(init=False)
    told: Told = field(init=False)
    untold: list[Sale] = field(init=False)
    lent: Lent = field(init=False)

    def outcome(self) -> Compared:
        """Match, judge, and return what was found."""
        self._match()
        sales = [each for each in self.sides.sales if each.day == self.day]
        own_matches = [match for match in self.pool.matches if match.is_of(self.day)]
        looked_at = own_matches if self.desk else [match for match in own_matches if not agrees(match)]
        differing = {id(match): found for match in looked_at if (found := [*self._judged(match)])}
        found = [each for some in differing.values() for each in some]
        found += self._taken_back_of_other_days()
        found += self._facts(sales, {id(sale): match.receipts for match in own_matches for sale in match.sales})
        found += self._alone()
        found += unheard_of(self.own, self.terms, self.context)
        found = _without_weaker(found)
        matched = sum(len(match.sales) for match in own_matches if id(match) not in differing)
        between = self.aside.between if self.aside else None
        found = [self._as_told(each) for each in grouped(found, sales, self.context, between)]
        ordered = sorted(found, key=worst_first)
        matched += self.aside.days.get(self.day, 0) if self.aside else 0
        return Compared(matched, tuple(ordered), (), self._totals(sales, own_matches))

    def _match(self) -> None:
        self.reckoning = Reckoning(self.context.same_person, self.terms.day_begins)
        self.untold = [each for each in self.pos if is_untold(each)]
        self.lent = parted(self._lent() if self.untold else Lent(self.pos), self.state)
        aside = self.aside.days if self.aside else {}
        self.sides = sorted_out(self.lent.sales, self.state, self.day, self.reckoning, aside)
        self.told = self._what_is_told()
        strays = told_by_receipts(self.sides, self.terms)
        self.pool = pool = Pool(self.sides.sales, self.sides.receipts)
        by_numbers(pool, self.aside.agreeing if self.aside else 0)
        the_same(pool, tells_people=self.told.sales_people and self.told.receipts_people)
        by_contents(pool, self.terms, is_near=True)
        by_contents(pool, self.terms, before_returns=True, is_near=True)
        by_sums(pool, self.terms, is_near=True)
        by_contents(pool, self.terms)
        by_contents(pool, self.terms, before_returns=True)
        by_sums(pool, self.terms)
        self.voids = standing_voids(pool, self.sides.voids, self.terms)
        self.doubles = certain_doubles(pool, Doubles(pool, self.terms, is_near=True))
        by_another_person(pool, self.terms)
        by_likeness(pool, self.terms, is_near=True)
        self.doubles += certain_doubles(pool, Doubles(pool, self.terms))
        by_likeness(pool, self.terms)
        by_another_person(pool, self.terms)
        again = Doubles(pool, self.terms)
        self.doubles += [(match, each) for each in pool.receipts if (match := again.of(each)) is not None]
        gone = {id(receipt) for _, receipt in self.doubles}
        pool.receipts = [each for each in pool.receipts if id(each) not in gone] + strays
        records = [*self.sides.sales], [*self.sides.receipts, *strays]
        self.own = own_records(self.desk, self.reckoning, records, pool.matches, terms=self.terms)

    def _lent(self) -> Lent:
        """Return the sales with tags, also those of which the till tells none: what that takes few tills need."""
        from pcc_desk.domain.reconciling.untold import with_tags

        return with_tags(self.pos, self.state, self.reckoning, self.terms, self.desk)

    def _as_told(self, found: Finding) -> Finding:
        """Return a finding with its sale as the till told it."""
        sale = self.lent.as_told(found.sale)
        return found if sale is found.sale else replace(found, sale=sale)

    def _judged(self, match: Match) -> Iterator[Finding]:
        """Yield how the records of one sale differ; the desk's own beside them where those two agree."""
        found = [] if self.desk and agrees(match) else [*judged(match, self.terms, self.told)]
        yield from found
        mine = self.own.by_side.get(id(match.sale)) if self.desk else None
        if mine is not None and not any(each.kind is not FindingClass.DAY for each in found):
            yield from besides(match, mine, self.terms)

    def _taken_back_of_other_days(self) -> Iterator[Finding]:
        """Yield what was taken back on the day of sales of another day, where the receipt does not say it."""
        for match in self.pool.matches if self.sides.taken_back else ():
            if not any(each.number in self.sides.taken_back for each in match.sales):
                continue
            if not match.is_of(self.day):
                yield from (each for each in judged(match, self.terms, self.told) if each.kind in RETURNS)

    def _what_is_told(self) -> Told:
        told = Told(
            sales_people=any(each.person for each in self.sides.sales),
            receipts_people=any(each.person for each in self.sides.receipts),
            sales_caregivers=any(each.caregiver for each in self.sides.sales),
            receipts_caregivers=any(each.caregiver for each in self.sides.receipts),
        )
        return told.and_so(self.aside.told) if self.aside else told

    def _facts(
        self, sales: Sequence[Record[Sale]], receipts: dict[int, tuple[Record[Receipt], ...]]
    ) -> Iterator[Finding]:
        last_sold: dict[str, Record[Sale]] = {}
        oversold = oversold_tags(self.context)
        for sale in sales:
            of = receipts.get(id(sale), ())
            receipt = of[0] if of else None
            if is_doubtful(sale, receipt, self.terms, self.context):
                yield from facts(sale, receipt, self.terms, self.context)
            for each in of[1:] if len(of) > 1 else ():
                yield from late(sale, each, self.terms)
            for tag, _ in sale.whole if oversold else ():
                last = last_sold.get(tag)
                if tag in oversold and (last is None or last.at <= sale.at):
                    last_sold[tag] = sale
        yield from below_zero(last_sold, self.context)

    def _alone(self) -> Iterator[Finding]:
        """Yield what has no counterpart and is of the day."""
        for void in self.voids:
            if is_of(self.day, void.sale, void.receipt) or self._is_struck_today(void):
                yield struck_but_standing(void, self.own.of(void.sale, void.receipt))
        for change in self.sides.untied:
            if change.day == self.day and change.whole:
                yield untied(change)
        for match, receipt in self.doubles:
            if is_of(self.day, receipt, match.sale):
                yield doubled(match, receipt, self.own.of(receipt))
        for sale in self.pool.sales:
            if sale.day == self.day and sale.content:
                said = self.pool.contradicted.get(id(sale), "")
                yield missing(
                    sale, said, struck=self.sides.struck, terms=self.terms, context=self.context, desk=self.own.of(sale)
                )
        for each in self.pool.receipts:
            if each.day == self.day:
                yield unexpected(each, self.pool.contradicted.get(id(each), ""), self.own.of(each))

    def _is_struck_today(self, void: Void) -> bool:
        """Whether a sale of another day was struck on this one: nobody looks at that day again."""
        at = void.sale.of.voided_at
        return at is not None and self.reckoning.day(at.astimezone(void.sale.of.sold_at.tzinfo)) == self.day

    def _totals(self, sales: Sequence[Record[Sale]], matches: Sequence[Match]) -> DayTotals:
        receipts = [each for each in self.sides.receipts if each.day == self.day]
        sold = [line.price_cents for each in sales for line in each.of.lines if not line.is_returned]
        pairs, cents = (_of(self.aside.days, self.day), _of(self.aside.cents, self.day)) if self.aside else (0, 0)
        return DayTotals(
            sales=len(sales) + pairs,
            receipts=len(receipts) + pairs,
            dispensed=sum(each.day == self.day for each in self.own.dispensed),
            sales_cents=sum(sold) + cents,
            receipts_cents=sum(each.cents for each in receipts) + cents,
            voids=_count(self.day, self.sides.voids),
            returns=_count(self.day, self.sides.returns) + sum(map(self._is_marked_alone, sales)),
            ignored=self.sides.ignored,
            split=sum(len(match.receipts) > 1 for match in matches),
            merged=sum(len(match.sales) > 1 for match in matches),
            untold=sum(counts(each) and self.reckoning.day(each.sold_at) == self.day for each in self.untold),
            unlike=control(self.pos, self.day, self.closing, self.reckoning) if self.closing is not None else (),
            is_controlled=self.closing is not None,
        )

    def _is_marked_alone(self, sale: Record[Sale]) -> bool:
        """Whether only the marks on its lines tell that something of a sale was taken back."""
        return bool(sale.back or sale.told_back) and sale.number not in self.sides.returned


def _of(by_day: Mapping[date, int], day: date) -> int:
    return by_day.get(day, 0)


def _count(day: date, records: Sequence[AnyRecord]) -> int:
    return sum(each.day == day for each in records)


def _without_weaker(found: Sequence[Finding]) -> list[Finding]:
    """Leave out what another finding of the same sale explains: another tag, where the sale's is no tag at all."""
    unknown = {id(each.sale) for each in found if each.kind is FindingClass.TAG_UNKNOWN}
    return [each for each in found if not (each.kind is FindingClass.TAG and id(each.sale) in unknown)]
