"""What is said of an outage on its screen: what is so and may be done, what is owed, the law and the evidence."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from fractions import Fraction
from typing import assert_never

from pcc_desk.desk.announced_exceptions import Announced, BadTime, ExceptionRefusal, NoDocument, NoExceptionsHere
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.outages import OutageLook, OutageView
from pcc_desk.domain.outage_sheet import review_lines
from pcc_desk.domain.outages import AnnouncedException, CapKind, NoteKind, Outage, duties
from pcc_desk.domain.products import Basis
from pcc_desk.domain.quantity import rounded_down
from pcc_desk.domain.rules import OutagePolicy
from pcc_desk.domain.shop import Shop
from pcc_desk.screens.words import day_words
from pcc_desk.widgets.sheet import Line

LAW = {
    OutagePolicy.PROHIBITED: "Nothing may be sold until it is back.",
    OutagePolicy.PROHIBITED_IMPLIED: "Nothing may be sold until it is back: the registry comes before the sale.",
    OutagePolicy.ALLOWED: "Sales may go on by our own record, within the ordinary limits.",
    OutagePolicy.ALLOWED_CAPPED: "Sales may go on by our own record, up to the smaller amounts below.",
    OutagePolicy.AGENCY_EXCEPTION_ONLY: "Nothing may be sold, unless the agency announces an exception.",
    OutagePolicy.NOT_REGISTRY_BOUND: "The limits do not rest on the registry. Sales go on by our own record.",
    OutagePolicy.UNKNOWN: "No rule was found for this. Nothing may be sold until it is back.",
}


def moment(at: datetime, shop: Shop) -> str:
    """Return an instant on the shop's clock with its day: Tue 24 Nov 10:14."""
    local = shop.local(at)
    return f"{day_words(local.date())} {local:%H:%M}"


def left_words(by: datetime, now: datetime) -> str:
    """Return how long there is until a deadline, rounded down: 23 h left, 40 min left, 3 h late."""
    late = now >= by
    minutes = int(abs(by - now) / timedelta(minutes=1))
    span = f"{minutes // 60} h" if minutes >= 90 else f"{minutes} min"
    return f"{span} {'late' if late else 'left'}"


def outage_lines(view: OutageView, desk: Desk) -> Iterator[Line]:
    """Yield everything the screen says: what is so and may be done, what is owed, then the law and the evidence."""
    look = view.look
    if look is None:
        link = desk.links.of(desk.state.name)
        why = link.reason or link.remark
        yield ((f"{link.name}: no outage on record", "heading"),)
        yield ((f"  {link.name} {link.state}{f': {why}' if why else ''}.", ""),)
    else:
        yield from _since(look.glance.outage, desk.shop)
    if look is None or look.glance.outage.ended_at is None:
        yield from _may_be_done(view, desk)
    if look is not None:
        yield ()
        yield from _recorded(look, desk)
        yield ()
        yield from _notes(look, desk.shop)
    yield ()
    yield from _law_lines(view, desk)
    if look is not None:
        yield ()
        yield (("WHAT SHOWED IT", "heading"),)
        for call in look.glance.outage.evidence:
            yield ((f"  {desk.shop.local(call.at):%H:%M:%S}  {call.reason}", "muted"),)
    if view.earlier:
        yield ()
        yield (("EARLIER", "heading"),)
        for each in view.earlier:
            yield ((f"  {_span_words(each.outage, desk.shop)}: {each.sold} sold, {each.not_entered} not entered", ""),)


def _span_words(outage: Outage, shop: Shop) -> str:
    ended = f"to {moment(outage.ended_at, shop)}" if outage.ended_at else "lasts"
    return f"{outage.system} from {moment(outage.since, shop)} {ended}"


def _since(outage: Outage, shop: Shop) -> Iterator[Line]:
    if outage.ended_at is None:
        why = outage.evidence[0].reason if outage.evidence else ""
        yield ((f"{outage.system} out of reach since {moment(outage.since, shop)}", "heading"), (f"   {why}", "muted"))
    else:
        span = f"from {moment(outage.since, shop)} to {moment(outage.ended_at, shop)}"
        yield ((f"{outage.system} was out of reach {span}", "heading"),)


def _law_lines(view: OutageView, desk: Desk) -> Iterator[Line]:
    rules = desk.rules
    outage = rules.outage
    yield ((f"THE LAW IN {rules.name.upper()}", "heading"),)
    yield ((f"  {LAW[outage.policy]}", "" if outage.sales_allowed or view.in_force else "warning"),)
    for each in view.exceptions:
        is_it = each is view.in_force
        yield ((f"  {exception_words(each, desk.shop)}", "good" if is_it else "muted"),)
        by = view.names.get(each.by, "somebody")
        state = "in force, expires by itself" if is_it else "not in force"
        yield ((f"    {state}; entered by {by}, {moment(each.announced_at, desk.shop)}", "muted"),)
    yield ((f"  Why: {outage.why}.", "muted"),)
    if outage.notice_first:
        yield (("  First the agency's notice, or your own report: nothing is sold before one is noted (n, o).", ""),)
    if outage.entry_deadline_hours is not None:
        yield ((f"  Sales are entered within {outage.entry_deadline_hours} h of its return.", ""),)
    if outage.oversale_report_hours is not None:
        yield ((f"  Sales over a limit are reported within {outage.oversale_report_hours} h of it.", ""),)
    for limit in outage.limits:
        terms = "; ".join(
            f"{_kinds(t.categories)} {_measure(t.basis, t.per * (limit.amount or 1))}" for t in limit.terms
        )
        is_announced = outage.policy is OutagePolicy.AGENCY_EXCEPTION_ONLY
        yield ((f"  {'The amounts of an exception' if is_announced else 'At most in one sale'}: {terms}.", ""),)
    forbidden = "The law forbids it. " if outage.override_forbidden else ""
    yield ((f"  {forbidden}Nobody can let a sale over a limit out by hand here.", "muted"),)
    for source in rules.citation[:2]:
        yield ((f"  {source}", "muted"),)


def exception_words(each: AnnouncedException, shop: Shop) -> str:
    """Return what an announced exception says."""
    match each.cap_kind:
        case CapKind.TYPED:
            parts = (f"{_kinds(t.categories)} {_measure(t.basis, t.at_most)}" for t in each.cap)
            cap = f"at most in one sale: {', or '.join(parts)}"
        case CapKind.FILE:
            cap = "up to the amounts of the rule file"
        case CapKind.UNCHANGED:
            cap = "within the ordinary limits"
    return f"Exception {each.document}: {moment(each.starts, shop)} to {moment(each.ends, shop)}, {cap}."


def _kinds(categories: tuple[str, ...]) -> str:
    names = [each.replace("_", " ") for each in categories]
    return names[0] if len(names) == 1 else f"{names[0]} and the like" if len(names) <= 3 else "other products"


def _measure(basis: Basis, amount: Fraction) -> str:
    """Return how much may be in one sale, from the smallest unit of the basis."""
    sign = "mg THC" if basis is Basis.THC_MG else "mL" if basis in {Basis.NET_ML, Basis.NET_FLOZ} else "g"
    whole = rounded_down(amount / 1000, 2)
    return f"{whole.normalize():f} {'times' if basis in {Basis.COUNT, Basis.DOSE, Basis.VISIT} else sign}"


def _may_be_done(view: OutageView, desk: Desk) -> Iterator[Line]:
    """Yield what may be done while it lasts; when none does, what could be done in one."""
    outage, look = desk.rules.outage, view.look
    is_out, has_notice = look is not None, look is not None and look.glance.has_notice
    if not (outage.sales_allowed or view.in_force is not None):
        yield (("  No dispensing while it is out: it is refused with the reason.", "warning" if is_out else ""),)
    elif outage.notice_first and not has_notice and is_out:
        yield (("  No dispensing before the agency's notice (n), or your own report (o), is noted.", "warning"),)
    else:
        yield (("  Dispensing in an outage: ask for the card once (r); the sale refers to the outage.", ""),)
    yield (("  Queue, check-in, intake, notes, education: as ever. Plans are marked “allotment not verified”.", ""),)


def _recorded(look: OutageLook, desk: Desk) -> Iterator[Line]:
    glance, now = look.glance, desk.clock.now()
    owed = duties(glance.outage, desk.rules.outage)
    yield (("SOLD MEANWHILE", "heading"),)
    entered = glance.sold - glance.not_entered
    if glance.struck:
        were = "was" if glance.struck == 1 else "were"
        struck = f"{glance.struck} {were} struck before {glance.outage.system} knew of it: nothing to enter."
        yield ((f"  {struck} s shows the sheet.", "muted"),)
    if glance.sold == 0:
        if not glance.struck:
            yield (("  Nothing.", "muted"),)
        return
    yield ((f"  {glance.sold} sold, {entered} of them in the state's record. s shows the sheet.", ""),)
    if owed.enter_by is not None and glance.not_entered:
        tone = "danger" if now >= owed.enter_by else "warning"
        yield ((f"  To be entered by {moment(owed.enter_by, desk.shop)}: {left_words(owed.enter_by, now)}.", tone),)
    if glance.outage.ended_at is None:
        return
    if owed.report_by is not None and not glance.is_reviewed:
        tone = "danger" if now >= owed.report_by else "warning"
        left = left_words(owed.report_by, now)
        yield ((f"  Over-sales, if any, to be reported by {moment(owed.report_by, desk.shop)}: {left}.", tone),)
    if glance.to_report:
        time = f" by {moment(owed.report_by, desk.shop)}: {left_words(owed.report_by, now)}" if owed.report_by else ""
        yield ((f"  {glance.to_report} to be reported to the state{time}. o notes that it was.", "warning"),)
    if look.review is None:
        yield (("  v judges each of these sales again with what the registry says now.", ""),)
        return
    for number, words in enumerate(review_lines(look.review, desk.shop)):
        yield ((f"  {words}", "" if number == 0 else "warning"),)


def _notes(look: OutageLook, shop: Shop) -> Iterator[Line]:
    yield (("NOTES", "heading"),)
    if not look.notes:
        yield (("  None yet. n the agency's notice, o your own report, d what was done.", "muted"),)
    for each in look.notes:
        by = look.names.get(each.by, "somebody")
        yield ((f"  {moment(each.at, shop)}  {NOTE_WORDS[each.kind]}: {each.text} ", ""), (f"({by})", "muted"))


NOTE_WORDS = {
    NoteKind.NOTICE: "agency's notice",
    NoteKind.OWN_REPORT: "own report",
    NoteKind.DONE: "what was done",
}


def announced_words(outcome: Announced | ExceptionRefusal, shop: Shop) -> tuple[str, str]:
    """Return what became of an exception that was typed, and its tone."""
    match outcome:
        case Announced(exception=exception):
            return f"Saved {shop.local(exception.announced_at):%H:%M:%S}: {exception_words(exception, shop)}", "good"
        case NoExceptionsHere():
            return "Not saved. The law here knows no announced exception. A corrected rule file would say so.", "danger"
        case BadTime(why=why):
            return f"Not saved. {why}", "danger"
        case NoDocument():
            return "Not saved. Type the document it is announced in, behind a semicolon.", "danger"
        case _:
            assert_never(outcome)
