"""Each system in words: how it does, how old its last good answer is, and what works without it."""

from dataclasses import dataclass

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.key_ends import KnowsItsKey, key_notices, key_words
from pcc_desk.desk.links import Link, LinkState
from pcc_desk.desk.ports_visits import MorningCheck
from pcc_desk.desk.today import DayGlance, NotRead, Rest, StockGlance
from pcc_desk.domain.outages import exception_in_force
from pcc_desk.screens.backup_words import what_to_do
from pcc_desk.screens.words import age, day_words
from pcc_desk.widgets.sheet import Line

READING = "reading …"
"""What stands in the place of what is read still: never a number."""

WHAT = 15
"""Cells of the first column."""

STALE_STOCK_H = 12
"""From how many hours on what is known of packages is old: a hold is not known until it is read (S18)."""


@dataclass(frozen=True, slots=True)
class Light:
    """One line of the check. A light that is not good says so in its words as well as by its tone."""

    what: str
    words: str
    tone: str = "good"
    without: str = ""
    """What works without it, or what is wrong with it besides."""
    keys: str = ""
    """By which keys something is done about it. No paper has keys: there it is left out."""

    @property
    def is_good(self) -> bool:
        """Whether nothing has to be done about it."""
        return self.tone == "good"

    @property
    def line(self) -> Line:
        """The line as it is drawn."""
        more = "".join(f" {each}" for each in (self.without, self.keys) if each)
        return ((f"{self.what:<{WHAT}}", ""), (self.words, self.tone), (f" {more}" if more else "", "muted"))

    @property
    def on_paper(self) -> str:
        """The line as it is printed."""
        more = f". {self.without.rstrip('.')}." if self.without and not self.is_good else ""
        return f"{self.what}: {self.words}{more}"


def lights(desk: Desk, rest: Rest) -> tuple[Light, ...]:
    """Return every line of the check, in the order in which the morning goes."""
    return (
        _system(desk, desk.links.of(desk.state.name), _without_state(desk), "(f6)."),
        _key(desk),
        _system(desk, desk.links.of(desk.pos.name), "Without it: dispensing goes on."),
        _posts(desk),
        _yesterday(desk, rest.yesterday),
        _stock(desk, rest.stock),
        _backup(desk),
        Light("Plan products", "not known", "muted", "No care plans are kept yet to match with stock."),
    )


def check_line(desk: Desk, check: MorningCheck | None, doing: str) -> Line:
    """Return the first line: whether the check was done, and by whom; or what is being read now."""
    if doing:
        return ((f"{doing[0].upper()}{doing[1:]} …", "heading"), ("   esc stops", "muted"))
    if check is not None and check.day == desk.today:
        at = desk.shop.local(check.at)
        return ((f"Checked today at {at:%H:%M} by {check.by_name or 'nobody known'}.", "good"),)
    last = f"Last: {day_words(check.day)}, {check.by_name or 'nobody known'}." if check else "There never was one."
    return (("The morning check is not done yet.", "warning"), (f" {last}  f5 asks all, f2 done", "muted"))


def _system(desk: Desk, link: Link, without: str, keys: str = "") -> Light:
    now = desk.clock.now()
    passed = f", last answer {age(now - link.last_good)} ago" if link.last_good else ""
    match link.state:
        case LinkState.UP:
            return Light(link.name, f"up{passed}")
        case LinkState.DEGRADED:
            return Light(link.name, f"up, {link.remark}{passed}", "warning")
        case LinkState.BY_HAND:
            return Light(link.name, f"read by hand{passed}", "good")
        case LinkState.UNKNOWN:
            return Light(link.name, "not asked yet", "warning", keys="f5 asks it.")
        case LinkState.ABSENT:
            return Light(link.name, "not connected", "muted", without)
        case _:
            return Light(link.name, f"{link.state}{passed or ', never answered'}", "danger", without, keys)


def _without_state(desk: Desk) -> str:
    """Return what the law lets a shop do while the state's system is away."""
    rules, outage = desk.rules, desk.rules.outage
    if exception_in_force(desk.pulse.exceptions, rules, desk.clock.now()) is not None:
        return "Without it: sales by exception"
    if not outage.sales_allowed:
        return "Without it: no sales"
    if outage.notice_first:
        return "Without it: notice first, then sales"
    return "Without it: sales go on"


def _key(desk: Desk) -> Light:
    """Return how the key to the state's system does: which one fails tomorrow is to be known today."""
    name = f"Key to {desk.state.name}"
    link = desk.links.of(desk.state.name)
    notices = key_notices(desk.state, link, desk.today)
    if notices:
        return Light(name, notices[0], "warning")
    if link.state in {LinkState.BY_HAND, LinkState.ABSENT}:
        return Light(name, "none: no program asks there", "muted")
    ends = desk.state.key_ends if isinstance(desk.state, KnowsItsKey) else None
    until = f"ends {ends:%a} {ends.day} {ends:%b %Y}" if ends else "nobody knows when it ends"
    if link.last_good is None:
        return Light(name, f"not tried yet; {until}", "warning", keys="f5 tries it.")
    return Light(name, f"taken; {key_words(desk.state, desk.today) or until}")


def _posts(desk: Desk) -> Light:
    pulse = desk.pulse
    if not pulse.posts_waiting:
        return Light("Posts", "none waits for the state's record")
    words = "1 waits" if pulse.posts_waiting == 1 else f"{pulse.posts_waiting} wait"
    if pulse.posts_parked:
        return Light("Posts", f"{words}, {pulse.posts_parked} for a person to decide", "danger", keys="^g, o decides.")
    return Light("Posts", f"{words} to go out by {'itself' if pulse.posts_waiting == 1 else 'themselves'}", "warning")


def _yesterday(desk: Desk, glance: DayGlance | NotRead) -> Light:
    if isinstance(glance, NotRead):
        return Light("Day before", READING, "muted")
    if glance.day is None or glance.compared_at is None:
        return Light("Day before", "no day was compared lately", "warning", keys="^g, r compares.")
    compared = desk.shop.local(glance.compared_at)
    head = f"{day_words(glance.day)}, compared {compared:%a %H:%M}"
    if glance.not_compared:
        return Light("Day before", f"{head}: could not be compared", "danger", keys="^g, r compares.")
    if glance.findings:
        return Light("Day before", f"{head}: {_many(glance.findings, 'difference')}", "danger", keys="^g, r shows.")
    signed = f"{glance.signed} of 2 signed"
    if glance.compared_at < desk.shop.ends(glance.day):
        words = f"{day_words(glance.day)}, compared before its end ({compared:%a %H:%M}), {signed}"
        return Light("Day before", words, "warning", keys="^g, r compares.")
    return Light("Day before", f"{head}: nothing different, {signed}")


def _stock(desk: Desk, glance: StockGlance | NotRead) -> Light:
    if isinstance(glance, NotRead):
        return Light("Packages", READING, "muted")
    if glance.read_at is None:
        return Light("Packages", "none on record", "danger", keys="f5 reads them.")
    passed = desk.clock.now() - glance.read_at
    is_old = passed.total_seconds() >= STALE_STOCK_H * 3600
    held = f", {_many(len(glance.blocked), 'product')} not to be sold" if glance.blocked else ""
    words = f"{_many(glance.packages, 'package')} read {age(passed)} ago{held}"
    return Light("Packages", words, "warning" if is_old else "good", keys="Old: f5 reads holds anew." if is_old else "")


def _backup(desk: Desk) -> Light:
    state = desk.backups
    if state is None:
        return Light("Backup", "not looked at yet" if desk.copies else "this desk keeps no copies", "muted")
    now = desk.clock.now()
    passed = state.age(now)
    if passed is None:
        return Light("Backup", "there is no proved backup", "danger", keys=what_to_do(desk))
    tone = "warning" if state.is_late(now) or state.trouble else "good"
    return Light("Backup", f"proved, {age(passed)} old", tone, state.trouble)


def _many(number: int, what: str) -> str:
    return f"1 {what}" if number == 1 else f"{number:,} {what}s"
