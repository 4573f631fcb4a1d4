"""Why sales are missing: the packages that the state has finished, asked for by their tags."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.ports import TellsPackages
from pcc_desk.domain.answers import Unanswered
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
    """Ask the state system for the packages of the sales that its record lacks."""
    missing = [each.sale for each in comparison.findings if each.kind is FindingClass.MISSING_IN_STATE and each.sale]
    tags = sorted({tag for sale in missing for tag in _told(sale)})
    if not tags:
        return _untold(missing, f"{desk.pos.name} does not tell of which packages they are" if missing else "")
    if not isinstance(desk.state, TellsPackages):
        return _untold(missing, f"{desk.state.name} does not tell when a package was finished")
    answer = await desk.state.look_up_packages(tags[:MOST_ASKED])
    if isinstance(answer, Unanswered):
        return _untold(missing, answer.reason)
    told = {each.label: each for each in answer}
    looked = sum(told.keys() >= _tags(sale) for sale in missing)
    why = "" if looked == len(missing) else f"{desk.state.name} did not tell of all their packages"
    return Packages(told, LookedAt(FindingClass.PACKAGE_FINISHED, looked, len(missing), why))


def _untold(missing: list[Sale], why: str) -> Packages:
    return Packages({}, LookedAt(FindingClass.PACKAGE_FINISHED, 0, len(missing), why))


def _tags(sale: Sale) -> set[str]:
    return {line.label for line in sale.lines if line.label}


def _told(sale: Sale) -> set[str]:
    """Return the tags that a system can be asked for."""
    return _tags(sale) - {NOT_TOLD}
