"""What a rule file says, once it has been read: the sets of a jurisdiction, and which of them is in force."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from fractions import Fraction
from pathlib import Path

from pcc_desk.desk.errors import DeskError
from pcc_desk.domain.rules import AgeBar, CardEnds, CardShape, Confidence, Limit, OutageRule, Rules
from pcc_desk.rulebook.tables import clean

_DAY = timedelta(days=1)


class RuleFileError(DeskError):
    """A rule file cannot be used. The message names the file, the place, what is wrong and what to write.

    `problems` are all that were found; the message is the first of them.
    """

    def __init__(self, *problems: str) -> None:
        super().__init__(problems[0])
        self.problems = problems


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The limits that are in force from one day to another, both included. None: no such end."""

    id: str
    first: date | None
    last: date | None
    dates_note: str
    ignores_before: date | None
    orders_before: date | None
    confidence: Confidence | None
    """None: as that of the jurisdiction."""
    limits: tuple[Limit, ...]
    gap_before: str
    """Why there was no law before it, where a day lies between it and the set before."""

    def holds(self, on: date) -> bool:
        """Whether a day lies in its dates."""
        return (self.first or date.min) <= on <= (self.last or date.max)


@dataclass(frozen=True, slots=True)
class RuleFile:
    """All that the file of a jurisdiction says. `sets` by date."""

    path: Path
    code: str
    name: str
    program: str
    authority: str
    tracking: str
    """The system of the state."""
    confidence: Confidence
    as_of: date
    ounce_mg: Fraction
    ounce_basis: str
    citation: tuple[str, ...]
    source: tuple[str, ...]
    people: tuple[tuple[str, str], ...]
    outage: OutageRule
    notes: tuple[str, ...]
    card_ends: CardEnds
    is_card_end_read: bool
    card_shape: CardShape | None
    day_begins: time
    gives_back: frozenset[str]
    retention_years: int | None
    of_age: int
    not_below: tuple[AgeBar, ...]
    sets: tuple[RuleSet, ...]

    def in_force(self, on: date) -> RuleSet:
        """Return the set in force on a day. Raises `RuleFileError`."""
        for each in self.sets:
            if each.holds(on):
                return each
        after = next((each for each in self.sets if each.first and each.first > on), None)
        if after is None:
            known = f"the last that it knows ended on {self.sets[-1].last}"
        elif after.gap_before:
            known = f"{after.gap_before}; the next began on {after.first}"
        else:
            known = f"the first that it knows begin on {after.first}"
        raise RuleFileError(clean(f"{self.path.name} has no rules for {on}; {known}."))

    def set_for(self, on: date, order_began: date | None = None) -> RuleSet:
        """Return the set in force on a day for an order: an old order may stay under older rules."""
        chosen = self.in_force(on)
        while chosen.orders_before and chosen.first and order_began and order_began < chosen.orders_before:
            chosen = self.in_force(chosen.first - _DAY)
        return chosen

    def rules(self, chosen: RuleSet, *, is_shops_own: bool = False) -> Rules:
        """Return the rules of one set. Their fingerprint is still to be taken."""
        notes = (f"Dates of these rules: {chosen.dates_note}.",) if chosen.dates_note else ()
        return Rules(
            jurisdiction=self.code,
            name=self.name,
            ruleset=chosen.id,
            as_of=self.as_of,
            citation=self.citation,
            limits=chosen.limits,
            outage=self.outage,
            ounce_mg=self.ounce_mg,
            confidence=chosen.confidence or self.confidence,
            program=self.program,
            source=self.source,
            notes=(*notes, *self.notes),
            people=self.people,
            effective_from=chosen.first,
            effective_to=chosen.last,
            ignores_before=chosen.ignores_before,
            orders_before=chosen.orders_before,
            gives_back=self.gives_back,
            card_ends=self.card_ends,
            is_card_end_read=self.is_card_end_read,
            card_shape=self.card_shape,
            day_begins=self.day_begins,
            retention_years=self.retention_years,
            of_age=self.of_age,
            not_below=self.not_below,
            is_shops_own=is_shops_own,
        )
