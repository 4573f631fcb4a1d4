"""The list before a day is closed: what is done, what is still to do, and what this desk cannot tell."""

from datetime import date

from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.records import ComparedOnRecord
from pcc_desk.domain.closing import Check, CheckState, DayFinding, Fate
from pcc_desk.domain.dispensing import Posting
from pcc_desk.domain.reconciling.classes import FindingClass
from pcc_desk.domain.reconciling.findings import LookedAt
from pcc_desk.domain.shop import Shop

BESIDE = {
    FindingClass.HOURS: "Sold within the legal hours",
    FindingClass.OVER_LIMIT: "Sold within what each patient may have",
    FindingClass.PACKAGE_FINISHED: "Packages of what is missing looked up",
}
"""What is looked for beside the lists of the two sides."""

PACKAGES = "Compared package by package"


def checks_of(
    ledger: Ledger, day: date, newest: ComparedOnRecord | None, findings: tuple[DayFinding, ...]
) -> tuple[Check, ...]:
    """Return the list for a day as it stands now."""
    shop = ledger.shop()
    return (
        _compared_whole(newest),
        _totals(newest),
        *_beside(newest),
        _differences(findings),
        _posts(_unsettled(ledger, day, shop) if shop else (), findings),
        _notes(ledger.notes_unsigned(day)),
        Check("Care plans and their stamps", CheckState.NOT_KNOWN, "this desk keeps no care plans yet"),
    )


def _compared_whole(newest: ComparedOnRecord | None) -> Check:
    what = "Both sides read whole"
    if newest is None:
        return Check(what, CheckState.TO_DO, "this day was not compared yet; f5 compares it")
    comparison = newest.entry.comparison
    if comparison.not_compared:
        why = "; ".join(f"{each.side}: {each.why}" for each in comparison.not_compared)
        return Check(what, CheckState.TO_DO, f"not compared ({why}); f5 tries again")
    return Check(what, CheckState.DONE, f"{comparison.sales} sales, {comparison.receipts} receipts")


def _totals(newest: ComparedOnRecord | None) -> Check:
    """Judge the control totals. A report that does not come to the same says that sales are missing from the list."""
    what = "The till's closing report says the same"
    unlike = newest.entry.comparison.totals.unlike if newest else ()
    if unlike:
        told = "; ".join(
            f"{each.what}: {each.one_says} in {each.one}, {each.other_says} in {each.other}" for each in unlike
        )
        return Check(what, CheckState.TO_DO, f"{told}; read the sales again")
    if newest is None or not newest.entry.comparison.totals.is_controlled:
        return Check(what, CheckState.NOT_KNOWN, "there is none to read")
    return Check(what, CheckState.DONE, "it does")


def _beside(newest: ComparedOnRecord | None) -> tuple[Check, ...]:
    """Tell how far was looked for what the lists do not tell by themselves; what was not looked at is never fine."""
    if newest is None or newest.entry.comparison.not_compared:
        return ()
    told = {each.kind: each for each in newest.entry.comparison.looked_at}
    untold = told.get(FindingClass.TAG)
    packages = (_looked(PACKAGES, untold),) if untold is not None else ()
    return *packages, *(_looked(what, told.get(kind)) for kind, what in BESIDE.items())


def _looked(what: str, told: LookedAt | None) -> Check:
    if told is None:
        return Check(what, CheckState.NOT_KNOWN, "not looked at")
    if told.looked == told.of and not told.why:
        words = f"looked at {told.of}" if told.of else "there was none to look at"
        return Check(what, CheckState.DONE, words)
    looked = f"looked at {told.looked} of {told.of}; not the others: {told.why}"
    return Check(what, CheckState.NOT_KNOWN, looked if told.looked else f"{told.why}: not looked at")


def _differences(findings: tuple[DayFinding, ...]) -> Check:
    what = "Every difference verified, explained or assigned"
    unsettled = [each for each in findings if not each.fate.lets_close]
    if not unsettled:
        return Check(what, CheckState.DONE, _counted(findings))
    fixing = sum(each.fate is Fate.FIXING for each in unsettled)
    more = f", {fixing} of them fixed and waiting for f5 to verify it" if fixing else ""
    return Check(what, CheckState.TO_DO, f"{len(unsettled)} left{more}")


def _counted(findings: tuple[DayFinding, ...]) -> str:
    counts = {fate: sum(each.fate is fate for each in findings) for fate in Fate if fate.lets_close}
    told = [f"{count} {fate.value}" for fate, count in counts.items() if count]
    return ", ".join(told) or "there was none"


def _unsettled(ledger: Ledger, day: date, shop: Shop) -> tuple[Posting, ...]:
    """Return the posts of what was dispensed on a day that the state does not have yet."""
    return tuple(
        each
        for each in ledger.unposted()
        if (given := ledger.dispensation(each.dispensation_id)) is not None and shop.day(given.at) == day
    )


def _posts(waiting: tuple[Posting, ...], findings: tuple[DayFinding, ...]) -> Check:
    """Judge the posts of the day. One whose difference is explained or assigned is in somebody's hands already."""
    what = "Posts of this day in the state's record"
    in_hand = {_our_number(each) for each in findings if each.fate in {Fate.EXPLAINED, Fate.ASSIGNED}}
    left = [each for each in waiting if each.external_number not in in_hand]
    if left:
        return Check(what, CheckState.TO_DO, f"{len(left)} not there yet; the Outbox says why")
    return Check(what, CheckState.DONE, f"{len(waiting)} in somebody's hands" if waiting else "none waits")


def _our_number(found: DayFinding) -> str:
    finding = found.latest.finding
    if finding.desk is not None:
        return finding.desk.number
    return finding.sale.external_number if finding.sale else ""


def _notes(unsigned: int) -> Check:
    what = "Notes of this day signed"
    if unsigned:
        return Check(what, CheckState.TO_DO, f"{unsigned} left unsigned, in the charts of those who wrote them")
    return Check(what, CheckState.DONE, "none is left unsigned")
