"""The rows of a patient's papers: what can be on record, what is, and how it is typed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from pcc_desk.desk.rights import GRANTS, Right, why_not
from pcc_desk.desk.standing import PatientStanding
from pcc_desk.domain.entitling import begun_by, groups_of, limits_of
from pcc_desk.domain.papers import PaperAmount
from pcc_desk.domain.people import Person
from pcc_desk.domain.quantity import plain
from pcc_desk.domain.rules import Limit, Rules, Source
from pcc_desk.screens.words import figure, short_unit
from pcc_desk.widgets.listing import Row
from pcc_desk.widgets.sheet import Line

NOTHING = "–"
OPEN = "open"
"""Stands for a first or last day that the paper does not name."""

TOLD = 2
"""Of how many amounts on record each is told."""


@dataclass(frozen=True, slots=True)
class InGroup:
    """Whether the patient belongs to a group that the rules know."""

    group: str

    @property
    def key(self) -> str:
        """The row's key."""
        return f"group {self.group}"

    @property
    def words(self) -> str:
        """What it is called in a sentence."""
        return self.group


@dataclass(frozen=True, slots=True)
class StrangeGroups:
    """Groups on record that the rules in force do not know."""

    groups: tuple[str, ...]
    key = "strange groups"
    words = "groups that these rules do not know"


@dataclass(frozen=True, slots=True)
class FirstDay:
    """The first day of what the rules count from. `of` is empty when they need none."""

    of: tuple[str, ...]
    key = "first day"

    @property
    def words(self) -> str:
        """What it is called in a sentence."""
        return f"first day of {' or '.join(self.of)}" if self.of else "first day of a paper"


@dataclass(frozen=True, slots=True)
class OrderBegan:
    """When the practitioner's order began. `before`: older ones stay under older rules; None: no such rule today."""

    before: date | None
    key = "order began"
    words = "the day the order began"


@dataclass(frozen=True, slots=True)
class Amount:
    """A practitioner's amount for a limit, or a waiver of it."""

    limit: Limit
    is_waiver: bool

    @property
    def key(self) -> str:
        """The row's key."""
        return f"{'waiver' if self.is_waiver else 'amount'} {self.limit.id}"

    @property
    def kind(self) -> str:
        """What it is called in the list."""
        return "waiver" if self.is_waiver else "practitioner's amount"

    @property
    def words(self) -> str:
        """What it is called in a sentence."""
        return f"{self.kind} for {self.limit.window}"


Item = InGroup | StrangeGroups | FirstDay | OrderBegan | Amount


def items(known: PatientStanding, today: Rules) -> Iterator[Item]:
    """Yield what can be on record, in the order of the list. `today`: the rules of today, whatever the order began."""
    rules, papers = known.standing.rules, known.papers
    groups = groups_of(rules)
    yield from (InGroup(each) for each in groups)
    strange = tuple(each for each in papers.groups if each not in groups)
    if strange:
        yield StrangeGroups(strange)
    yield FirstDay(tuple(dict.fromkeys(begun for each in limits_of(rules) if (begun := begun_by(each)))))
    if today.orders_before is not None or papers.order_began is not None:
        yield OrderBegan(today.orders_before)
    for limit in limits_of(rules):
        if limit.source is not Source.FIXED or papers.set_for(limit.id, is_waiver=False):
            yield Amount(limit, is_waiver=False)
        yield Amount(limit, is_waiver=True)


def rows(known: PatientStanding, shown: tuple[Item, ...], day: date) -> Iterator[Row]:
    """Yield the rows of a list, each kind under its heading."""
    before = ""
    for each in shown:
        heading = _heading(each)
        if heading != before:
            yield Row("", (heading,), "heading")
        before = heading
        yield _row(each, known, day)


def _heading(item: Item) -> str:
    match item:
        case InGroup() | StrangeGroups():
            return "groups"
        case FirstDay() | OrderBegan():
            return "days"
        case Amount(limit=limit):
            only = f" · only {', '.join(each.name for each in limit.cohort)}" if limit.cohort else ""
            amount = "" if limit.amount is None else f"{figure(limit.amount)} "
            return f"{limit.window}: {amount}{limit.unit}{only}"
        case _:
            assert_never(item)


def _row(item: Item, known: PatientStanding, day: date) -> Row:
    papers = known.papers
    match item:
        case InGroup(group=group):
            return Row(item.key, (group, "yes" if group in papers.groups else "no", "", "", ""))
        case StrangeGroups(groups=groups):
            return Row(item.key, (", ".join(groups), "yes", "", "", "not in the rules"), "warning")
        case FirstDay(of=of):
            name = " / ".join(each.removeprefix("the ") for each in of) or "first day"
            on_record = str(papers.anchor or NOTHING)
            return Row(item.key, (name, on_record, "", "", "" if of else "not needed"), "" if of else "muted")
        case OrderBegan():
            return Row(item.key, ("order began", str(papers.order_began or NOTHING), "", "", ""))
        case Amount(limit=limit, is_waiver=is_waiver):
            paper = papers.in_force(limit.id, day, is_waiver=is_waiver)
            if paper is not None:
                return Row(item.key, (item.kind, amount_of(paper, limit), *_days(paper), paper.paper))
            all_set = papers.set_for(limit.id, is_waiver=is_waiver)
            remark = "none is in force" if all_set else ""
            return Row(item.key, (item.kind, NOTHING, "", "", remark))
        case _:
            assert_never(item)


def _days(paper: PaperAmount) -> tuple[str, str]:
    starts = OPEN if paper.starts == date.min else str(paper.starts)
    return starts, OPEN if paper.ends == date.max else str(paper.ends)


def _span(paper: PaperAmount) -> str:
    """Return the days of a paper as they are typed; empty when it names none."""
    if (paper.starts, paper.ends) == (date.min, date.max):
        return ""
    return "..".join(each.replace(OPEN, "") for each in _days(paper))


def amount_of(paper: PaperAmount, limit: Limit) -> str:
    """Return what a paper allows, exactly and in the limit's unit."""
    return "no limit" if paper.amount is None else f"{plain(paper.amount)} {short_unit(limit.unit)}"


def example(item: Item, year: int) -> str:
    """Return how a row is typed; empty where nothing is."""
    match item:
        case InGroup() | StrangeGroups():
            return ""
        case FirstDay():
            return f"{item.words}: {year}-06-01, or none"
        case OrderBegan():
            return f"{item.words}: {year - 4}-06-01, or none"
        case Amount(is_waiver=True):
            return f"such as: none {year}-01-01..{year}-12-31 Agency, letter 17 of 2 Jan"
        case Amount():
            return f"such as: 8 {year}-01-01..{year}-12-31 Dr. Mensah, letter of 2 Jan"
        case _:
            assert_never(item)


def details(item: Item, known: PatientStanding, day: date, person: Person) -> tuple[Line, ...]:
    """Return what a row means, and everything that is on record for it."""
    limits = limits_of(known.standing.rules)
    match item:
        case InGroup(group=group):
            bound = ", ".join(str(each.window) for each in limits if group in {one.name for one in each.cohort})
            return ((("Enter changes it. ", ""), (f"There are limits for this group only: {bound}.", "muted")),)
        case StrangeGroups():
            return ((("They count for nothing under these rules. Enter takes them off.", ""),),)
        case FirstDay(of=()):
            return ((("These rules do not need it: no limit counts from a first day on a paper.", "muted"),),)
        case FirstDay():
            counting = ", ".join(str(each.window) for each in limits if begun_by(each))
            return (((f"The {item.words}. ", ""), (f"Counted from it: {counting}.", "muted")),)
        case OrderBegan(before=before):
            older = f"One from before {before} stays under older rules." if before else "These rules do not need it."
            return (((f"When the practitioner's order began. {older}", ""),),)
        case Amount():
            return tuple(_about_amount(item, known, day, person))
        case _:
            assert_never(item)


def _about_amount(item: Amount, known: PatientStanding, day: date, person: Person) -> Iterator[Line]:
    limit = item.limit
    unit = short_unit(limit.unit)
    ruled = "The rules name no amount" if limit.amount is None else f"The rules: {figure(limit.amount)} {unit}"
    if item.is_waiver:
        yield ((f"What the agency allows instead, in {unit}, or none. {ruled}.", ""),)
        if person.role not in GRANTS[Right.WAIVE]:
            yield ((why_not(Right.WAIVE), "warning"),)
    else:
        most = " at most" if limit.is_ceiling else ""
        yield ((f"What the practitioner's order sets, in {unit}. {ruled}{most}.", ""),)
    newest_first = known.papers.set_for(limit.id, is_waiver=item.is_waiver)[::-1]
    in_force = known.papers.in_force(limit.id, day, is_waiver=item.is_waiver)
    for each in newest_first[:TOLD]:
        is_over = "over" if each.ends < day else "not yet" if each.starts > day else "an older paper"
        state = "in force" if each == in_force else is_over
        yield (
            (" ".join(part for part in (amount_of(each, limit), _span(each), each.paper) if part), ""),
            (f"   {state}", "muted"),
        )
    if len(newest_first) > TOLD:
        yield ((f"{len(newest_first) - TOLD} older on record", "muted"),)


def asked_for(shown: tuple[Item, ...], rules: Rules) -> str:
    """Return what the rules ask for, beside a waiver that any of them may have."""
    groups = [each.group for each in shown if isinstance(each, InGroup)]
    amounts = [
        str(each.limit.window)
        for each in shown
        if isinstance(each, Amount) and not each.is_waiver and each.limit.source is not Source.FIXED
    ]
    asked = [f"the group {' or '.join(groups)}"] if groups else []
    asked += [each.words for each in shown if isinstance(each, FirstDay) and each.of]
    asked += [each.words for each in shown if isinstance(each, OrderBegan) and each.before]
    asked += [f"a practitioner's amount for {_few(list(dict.fromkeys(amounts)))}"] if amounts else []
    if not asked:
        return f"{rules.name}, rules {rules.ruleset}, ask for no paper. A waiver may set a limit aside."
    return f"{rules.name}, rules {rules.ruleset}, ask for {'; '.join(asked)}."


def _few(words: list[str]) -> str:
    """Return words one after another; of many, the first two and how many more."""
    return ", ".join(words) if len(words) <= 3 else f"{words[0]}, {words[1]} and {len(words) - 2} more"
