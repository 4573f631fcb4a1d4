"""What the status line says of an outage: that one lasts and what may be done, or what is owed after it."""

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.links import Link, LinkState
from pcc_desk.desk.pulse import OutageGlance
from pcc_desk.domain.outages import duties, exception_in_force
from pcc_desk.domain.rules import OutagePolicy
from pcc_desk.screens.outages.outage_words import left_words, moment


def down_words(desk: Desk, link: Link) -> tuple[str, ...]:
    """Return the sentence for a system that is out of reach, in ever fewer words."""
    glance = next((each for each in desk.pulse.outages if each.outage.ended_at is None), None)
    since = glance.outage.since if glance and link.state is LinkState.DOWN else link.since
    head = f"{link.name} {link.state} since {desk.shop.local(since or desk.clock.now()):%H:%M}"
    law, short_law = _law(desk, link.state, has_notice=glance is not None and glance.has_notice)
    posts = _posts(desk, glance)
    key = " f6 outage"
    return (
        f"{head} ({link.reason}). {law}.{posts}{key}",
        f"{head}. {law}.{posts}{key}",
        f"{head}. {short_law}.{posts}{key}",
        f"{head}. {short_law}.{key}",
        f"{head}.{key}",
    )


def _posts(desk: Desk, glance: OutageGlance | None) -> str:
    if glance is not None and glance.sold:
        return f" {glance.sold} recorded so far."
    waiting = desk.pulse.posts_waiting
    return f" {waiting} {'post' if waiting == 1 else 'posts'} waiting." if waiting else ""


def _law(desk: Desk, state: LinkState, *, has_notice: bool) -> tuple[str, str]:
    """Return what may be done meanwhile, and the same in fewer words."""
    rules, outage = desk.rules, desk.rules.outage
    if state is not LinkState.DOWN:
        return "Nothing may be dispensed until it answers", "No sales until it answers"
    exception = exception_in_force(desk.pulse.exceptions, rules, desk.clock.now())
    if exception is not None:
        until = moment(exception.ends, desk.shop)
        return f"{rules.name}: an exception is in force until {until}", f"Exception until {until}"
    if outage.policy is OutagePolicy.AGENCY_EXCEPTION_ONLY:
        return f"{rules.name}: no sales unless the agency announces an exception", "No sales without an exception"
    if not outage.sales_allowed:
        return f"{rules.name}: no sales until it is back", "No sales until it is back"
    hours = outage.entry_deadline_hours
    deadline = f"; enter them within {hours} h of its return" if hours else ""
    if outage.notice_first and not has_notice:
        return f"{rules.name}: sales may go on once notice is noted{deadline}", "Notice first, then sales"
    return f"{rules.name}: sales may go on{deadline}", f"Sales go on{f', {hours} h to enter' if hours else ''}"


def owed_words(desk: Desk) -> tuple[str, ...]:
    """Return the sentence for what is owed after an outage, in ever fewer words; empty when nothing is."""
    now = desk.clock.now()
    for glance in desk.pulse.outages:
        owed = duties(glance.outage, desk.rules.outage)
        if glance.outage.ended_at is None:
            continue
        back = f"{glance.outage.system} was out until {moment(glance.outage.ended_at, desk.shop)}"
        if glance.not_entered:
            sales = "1 sale" if glance.not_entered == 1 else f"{glance.not_entered} sales"
            time = f": {left_words(owed.enter_by, now)}" if owed.enter_by else ""
            until = f" by {moment(owed.enter_by, desk.shop)}" if owed.enter_by else ""
            return (
                f"{back}. {sales} of the outage to enter{until}{time}. f6 outage",
                f"{sales} of the outage to enter{until}{time}. f6 outage",
                f"{sales} to enter{time}. f6 outage",
            )
        time = f": {left_words(owed.report_by, now)}" if owed.report_by else ""
        if glance.to_report:
            sales = "1 sale" if glance.to_report == 1 else f"{glance.to_report} sales"
            return f"{back}. {sales} of the outage to report{time}. f6 outage", f"{sales} to report{time}. f6 outage"
        if owed.report_by is not None:
            return (
                f"{back}. Its sales are to be judged again, over-sales reported{time}. f6 outage",
                f"Outage sales to judge again, over-sales to report{time}. f6 outage",
                f"Outage sales to judge again{time}. f6 outage",
            )
    return ()
