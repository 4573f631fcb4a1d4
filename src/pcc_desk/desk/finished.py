"""Why sales are missing: the packages that the state has finished, asked for by their tags."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.ports_outside import TellsPackages
from pcc_desk.domain.answers import Unanswered
from pcc_desk.domain.reconciling.alone import may_be_of_its_package
from pcc_desk.domain.reconciling.classes import FindingClass
from pcc_desk.domain.reconciling.findings import DayComparison, LookedAt
from pcc_desk.domain.reconciling.terms import KnownPackage
from pcc_desk.domain.sales import NOT_TOLD, Sale

MOST_ASKED: Final = 40
"""For so many tags a state system is asked in one comparison: a day on which all is missing has another cause."""


@dataclass(frozen=True, slots=True)
class Packages:
    """What the state says of the packages of what is missing, and of how many sales it told."""

    told: Mapping[str, KnownPackage]
    looked_at: LookedAt


async def packages_of_missing(desk: Desk, comparison: DayComparison) -> Packages:
    """Ask the state system for the packages of the sales that its record lacks, where nothing else tells why."""
    missing = [each.sale for each in comparison.findings if each.sale is not None and may_be_of_its_package(each)]
    tags = sorted({tag for sale in missing for tag in _tags(sale) - {NOT_TOLD}})
    answers, silence = await _asked(desk, tags[:MOST_ASKED])

    def why_not(sale: Sale) -> str:
        if NOT_TOLD in _tags(sale):
            return f"{desk.pos.name} does not tell of which packages they are"
        if not _tags(sale) <= answers.keys():
            return silence or f"{desk.state.name} is asked for {MOST_ASKED} packages at most"
        is_whole = all(answers[tag] is not None for tag in _tags(sale))
        return "" if is_whole else f"{desk.state.name} did not tell of all their packages"

    reasons = [why_not(sale) for sale in missing]
    why = "; ".join(dict.fromkeys(filter(None, reasons)))
    told = {tag: each for tag, each in answers.items() if each is not None}
    return Packages(told, LookedAt(FindingClass.PACKAGE_FINISHED, reasons.count(""), len(missing), why))


async def _asked(desk: Desk, tags: Sequence[str]) -> tuple[Mapping[str, KnownPackage | None], str]:
    """Ask for packages one by one. Return what was answered, and why it was not asked further; empty: it was."""
    answers: dict[str, KnownPackage | None] = {}
    if not isinstance(desk.state, TellsPackages):
        return answers, f"{desk.state.name} does not tell when a package was finished"
    for tag in tags:
        answer = await desk.state.look_up_package(tag)
        if isinstance(answer, Unanswered):
            return answers, answer.reason
        answers[tag] = answer
    return answers, ""


def _tags(sale: Sale) -> set[str]:
    return {line.label for line in sale.lines if line.label}
