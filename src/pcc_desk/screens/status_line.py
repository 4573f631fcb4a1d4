"""What the two lines on top say: the places, the systems, what waits; and the sentence for what is wrong."""

from datetime import timedelta

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.key_ends import key_words
from pcc_desk.desk.links import Link, LinkState
from pcc_desk.desk.pulse import Pulse
from pcc_desk.desk.room import room_words
from pcc_desk.screens.backup_words import backup_alert, backup_span
from pcc_desk.screens.outages.outage_alert import down_words, owed_words
from pcc_desk.screens.places import OPEN_TO, PLACES
from pcc_desk.screens.words import age
from pcc_desk.widgets.statusbar import PlaceTab, StatusView

SAYS_FOR = timedelta(minutes=40)
"""A look that is older says nothing of now: the one after it was not answered."""


def status_view(desk: Desk, place: str) -> StatusView:
    """Return what the two lines on top say."""
    now = desk.clock.now()
    local = desk.shop.local(now)
    posts, tone = _posts(desk.pulse)
    systems = tuple(_system(desk, desk.links.of(name)) for name in (desk.state.name, desk.pos.name))
    return StatusView(
        places=tuple(PlaceTab(name, _badge(name, desk.pulse), name == place) for name in _places(desk, place)),
        shop=f"{desk.shop.jurisdiction} · {desk.shop.name}",
        person=desk.person.name if desk.locks_in is None else f"{desk.person.name}, locks in {desk.locks_in} s",
        systems=(*systems, *backup_span(desk), *_early(desk), (posts, tone)),
        alert=_alert(desk),
        clock=f"{local:%a} {local.day} {local:%b %H:%M}",
    )


def _places(desk: Desk, place: str) -> tuple[str, ...]:
    places = tuple(each for each in PLACES if desk.may(OPEN_TO[each]))
    return places if place in places else (*places, place)


def _badge(name: str, pulse: Pulse) -> str:
    match name:
        case "Today":
            return "" if pulse.is_checked else "!"
        case "Queue":
            return str(pulse.visits_waiting) if pulse.visits_waiting else ""
        case "Reconcile":
            return "?" if pulse.is_not_compared else f"!{pulse.findings}" if pulse.findings else ""
        case _:
            return ""


def _early(desk: Desk) -> tuple[tuple[str, str], ...]:
    """Return that sales are late on their way to the state; nothing when none is, or nobody looked."""
    early = desk.early
    if early is None or early.since is None or desk.clock.now() - early.looked_at > SAYS_FOR:
        return ()
    what = "1 sale" if early.late == 1 else f"{early.late} sales"
    return ((f"{what} since {desk.shop.local(early.since):%H:%M} not in {desk.state.name}", "danger"),)


def _posts(pulse: Pulse) -> tuple[str, str]:
    if pulse.posts_waiting == 0:
        return "no posts waiting", "muted"
    words = "1 post waiting" if pulse.posts_waiting == 1 else f"{pulse.posts_waiting} posts waiting"
    if pulse.posts_parked:
        return f"{words}, {pulse.posts_parked} for you to decide", "warning"
    return words, "warning"


def _system(desk: Desk, link: Link) -> tuple[str, str]:
    passed = f", answered {age(desk.clock.now() - link.last_good)} ago" if link.last_good else ""
    key = key_words(desk.state if link.name == desk.state.name else desk.pos, desk.today)
    match link.state:
        case LinkState.UP:
            return f"{link.name} up{passed}{f', {key}' if key else ''}", "warning" if key else ""
        case LinkState.DEGRADED:
            return f"{link.name} up, {link.remark}", "warning"
        case LinkState.BY_HAND:
            last = f", last {age(desk.clock.now() - link.last_good)} ago" if link.last_good else ""
            return f"{link.name} read by hand{last}", ""
        case LinkState.UNKNOWN:
            return f"{link.name} not asked yet", "muted"
        case _:
            return f"{link.name} {link.state}{passed}", "warning"


def _alert(desk: Desk) -> tuple[str, ...]:
    """Return the sentence that takes the systems' place while something is wrong, in ever fewer words."""
    if desk.store.read_only:
        first = desk.store.read_only.split(". ")[0].split(":")[0].rstrip(".")
        return (f"READ ONLY. {desk.store.read_only}", f"READ ONLY. {first}.", "READ ONLY: nothing is saved.")
    room = desk.room()
    if room.is_too_little:
        left = f"The disk has {room_words(room)} left"
        return (f"{left}: make room. Nothing new is handed over until then.", f"{left}: nothing new is handed over.")
    link = desk.links.of(desk.state.name)
    if link.state.is_trouble:
        return down_words(desk, link)
    low = (f"The disk has {room_words(room)} left: make room.",) if room.is_low else ()
    return owed_words(desk) or low or _glass_alert(desk) or backup_alert(desk)


def _glass_alert(desk: Desk) -> tuple[str, ...]:
    """Return that the recovery sheet keeps the desk open; whose name stands on top says so whatever else is wrong."""
    if desk.glass_broken_until is None:
        return ()
    ends = f"{desk.shop.local(desk.glass_broken_until):%H:%M}"
    return (
        f"OPENED WITH THE RECOVERY SHEET. Every act is marked, to be reviewed. The desk locks at {ends}.",
        f"OPENED WITH THE RECOVERY SHEET until {ends}. Every act is marked.",
        f"RECOVERY SHEET until {ends}.",
    )
