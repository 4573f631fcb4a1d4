"""Puts a difference right from the desk: the post goes out, or a correction, or a void. Each after a person says so."""

from textual.screen import Screen

from pcc_desk.desk.fixing import Behind
from pcc_desk.desk.outbox_acts import MayBeThere, try_now
from pcc_desk.domain.reconciling.classes import FindingClass
from pcc_desk.domain.reconciling.findings import Finding
from pcc_desk.screens.chart.correct import Correct
from pcc_desk.screens.chart.strike import Strike
from pcc_desk.screens.dialogs import Confirm
from pcc_desk.screens.frame import Place
from pcc_desk.screens.outages.outbox_words import decided_words
from pcc_desk.screens.words import local_time

ONE_TOO_MANY = frozenset({FindingClass.UNEXPECTED_IN_STATE, FindingClass.DUPLICATE, FindingClass.VOID_NOT_PROPAGATED})
"""The state's record has something that was not sold, or once too often."""

SAYS_OTHER = frozenset(
    {
        FindingClass.PARTIAL_RECEIPT,
        FindingClass.UNIT,
        FindingClass.QTY,
        FindingClass.TAG,
        FindingClass.PRICE,
        FindingClass.FREE_ITEM,
        FindingClass.RETURN_NOT_PROPAGATED,
    }
)
"""The state's record says something else of a sale than what was sold."""


async def mend(place: Place, finding: Finding, mine: Behind) -> tuple[str, str]:
    """Let a person put it right, in the way that its class asks for. Return what to say of it and how."""
    if finding.kind is FindingClass.MISSING_IN_STATE:
        return await _post(place, mine)
    was_handed_out = finding.desk is not None and not finding.desk.is_void
    if finding.kind is FindingClass.UNEXPECTED_IN_STATE and was_handed_out:
        return f"{finding.fix} Then v verifies it.", "warning"
    if finding.kind in ONE_TOO_MANY:
        screen: Screen[str] = Strike(place.desk, mine.given, mine.who)
    elif finding.kind in SAYS_OTHER:
        screen = Correct(place.desk, mine.given, mine.who)
    else:
        return f"That is not put right by a post. {finding.fix}", "warning"
    said = await place.app.push_screen_wait(screen)
    return (f"{said} v verifies it." if said else "Nothing was done."), "good" if said else ""


async def _post(place: Place, mine: Behind) -> tuple[str, str]:
    desk, posting = place.desk, mine.posting
    if posting.state.is_settled:
        receipt = posting.receipt or "none"
        return f"{desk.state.name} has it already, by our record: receipt {receipt}. v looks again.", "warning"
    question = f"Post {posting.external_number} to {desk.state.name} now?"
    if not await place.app.push_screen_wait(Confirm(question, f"{mine.given.summary}, with its own time.")):
        return "Nothing was done.", ""
    act = desk.act()
    outcome = await desk.store.write(try_now, posting.dispensation_id, act=act)
    if isinstance(outcome, MayBeThere):
        return "It may be there already: look it up first, in the Outbox.", "warning"
    desk.bell.set()
    return decided_words(outcome, f"{local_time(act.at, desk.shop)}: it is tried now. v verifies it.")
