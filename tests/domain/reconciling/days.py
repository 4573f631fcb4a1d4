"""Invented days compared, and held against their keys."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from pcc_desk.domain.reconciling.classes import FindingClass
from pcc_desk.domain.reconciling.comparing import compare
from pcc_desk.domain.reconciling.findings import Compared, Finding
from pcc_desk.domain.sales import Pull, ReceiptPull
from pcc_desk.simulator.seeded.making import Day, agreeing_day
from pcc_desk.simulator.seeded.seeds import SEEDS, seeded

DAY = date(2026, 3, 11)
DETROIT = ZoneInfo("America/Detroit")
KINDS = tuple(SEEDS)


def day_with(*kinds: FindingClass, count: int = 24, seed: int = 1, has_people: bool = True) -> Day:
    return seeded(agreeing_day(DAY, DETROIT, count, seed, has_people=has_people), kinds)


def compared(made: Day) -> Compared:
    pos = Pull(tuple(made.all_sales()), "POS", "", len(made.sales))
    state = ReceiptPull(tuple(made.all_receipts()), "state")
    return compare(pos, state, made.day, desk=made.desk, terms=made.terms, context=made.context)


def said(found: Finding) -> tuple[str, str, str]:
    return found.kind.value, found.sale.number if found.sale else "", found.receipt.number if found.receipt else ""


@dataclass(frozen=True)
class Score:
    """How a comparison does against a key."""

    found: int
    invented: tuple[tuple[str, str, str], ...]
    missed: tuple[tuple[str, str, str], ...]

    @property
    def precision(self) -> float:
        return self.found / (self.found + len(self.invented)) if self.found or self.invented else 1.0

    @property
    def recall(self) -> float:
        return self.found / (self.found + len(self.missed)) if self.found or self.missed else 1.0


def score(made: Day, outcome: Compared) -> Score:
    """Hold what was found against the key: the class and the sale, and the receipt where the key names one."""
    assert outcome.not_compared == ()
    told = Counter(said(each) for each in outcome.findings)
    wanted = Counter((each.kind.value, each.sale, each.receipt) for each in made.key)
    loose = Counter((kind, sale, "") for kind, sale, receipt in told.elements())
    for kind, sale, receipt in list(wanted):
        if not receipt and not told[kind, sale, receipt] and loose[kind, sale, ""]:
            match = next(each for each in told if each[:2] == (kind, sale) and told[each])
            told[match] -= 1
            told[kind, sale, ""] += 1
    told = +told
    return Score((told & wanted).total(), tuple((told - wanted).elements()), tuple((wanted - told).elements()))
