"""The frame every place has: who and which systems above, keys below."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from typing import ClassVar
from uuid import UUID

from textual import work
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.message import Message
from textual.widget import Widget

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.drafts import Typed, keep_form, kept_form, written
from pcc_desk.desk.errors import NotSaved
from pcc_desk.desk.links import Link, LinkState, key_words
from pcc_desk.desk.pulse import Pulse, take_pulse
from pcc_desk.desk.rights import Right
from pcc_desk.desk.room import room_words
from pcc_desk.domain.scans import Scan
from pcc_desk.screens.backup_words import backup_alert, backup_span
from pcc_desk.screens.dialogs import Confirm
from pcc_desk.screens.door.permitting import Permitting
from pcc_desk.screens.outages.outage_alert import down_words, owed_words
from pcc_desk.screens.words import age
from pcc_desk.widgets.keybar import KeyBar
from pcc_desk.widgets.statusbar import PlaceTab, StatusBar, StatusView

PLACES = ("Today", "Queue", "Allotment", "Chart", "Reconcile")
"""In the order in which a visit goes through them. The outbox stands beside them only while somebody is there."""

OPEN_TO = {
    "Today": Right.CHECK_MORNING,
    "Queue": Right.SEE_QUEUE,
    "Allotment": Right.SEE_ALLOTMENT,
    "Chart": Right.OPEN_CHART,
    "Reconcile": Right.RECONCILE,
    "Outbox": Right.SEE_POSTS,
    "Audit": Right.AUDIT,
    "Staff": Right.STAFF,
}
"""The right that one needs to be in a place."""


class GoTo(Message):
    """Somebody wants to be in another place, with a patient when it is about one, and to begin something there."""

    def __init__(self, place: str, patient_id: UUID | None = None, doing: str = "") -> None:
        super().__init__()
        self.place = place
        self.patient_id = patient_id
        self.doing = doing
        """An action of the place, by its name."""


class ShiftEnds(Message):
    """Somebody's work at this desk is over for today."""


class Framed(Permitting[str]):
    """A full screen with the frame around it."""

    PLACE: ClassVar[str]
    """The place it is, or belongs to."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk

    @property
    def place(self) -> str:
        """The place that is marked in the line on top."""
        return self.PLACE

    def body(self) -> Iterable[Widget]:
        """Return what stands inside the frame."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Draw the frame around the body."""
        yield StatusBar()
        yield from self.body()
        yield KeyBar()

    async def on_mount(self) -> None:
        """Show the frame's figures at once."""
        self.show_status()

    def show_status(self) -> None:
        """Draw the status line as things are now, where it stands: before the first frame there is none."""
        for bar in self.query(StatusBar):
            bar.show(status_view(self.desk, self.place))

    def is_at(self, group: str) -> bool:
        """Whether something of a group of work is under way on this screen."""
        return any(each.node is self and each.group == group and not each.is_finished for each in self.workers)

    def takes_scan(self, scan: Scan) -> bool:
        """Take something that was scanned here; whether it did. What nobody takes opens the check-in."""
        return False

    def changed(self) -> None:
        """Read again, because something reached the state's record meanwhile."""
        self.count_again()

    @work(exclusive=True, group="count")
    async def count_again(self) -> None:
        """Read what waits and show it."""
        self.desk.pulse = await self.desk.store.read(take_pulse, self.desk.today)
        self.show_status()


class Place(Framed):
    """A screen that one can go to from anywhere."""

    is_shut = False
    """The desk is being locked: nothing is read for it any more."""

    is_fresh = False
    """What it shows was read just now, before there was a frame."""

    def on_screen_resume(self) -> None:
        """Read again what may have changed while another screen stood before it."""
        if not self.is_shut and not self.is_fresh:
            self.read_again()
        self.is_fresh = False

    def read_again(self) -> None:
        """Read again what is shown."""

    async def finish_looking(self) -> None:
        """Put on record what was looked for and is not on record yet."""

    async def prepare(self) -> None:
        """Read what the first frame shows, before there is one: an empty one first would cost another drawing."""

    def turn_to(self, patient_id: UUID) -> None:
        """Turn to a patient, where the place is about one: nothing of another stays in sight or under a key."""

    async def read_patient(self) -> None:
        """Read and show what is known of the patient."""


class Task(Framed):
    """A screen above the places in which something is being made. Closes with a sentence on what became of it.

    What is typed in it is kept for whoever typed it when the desk locks or its terminal goes, and taken up when the
    same person opens the same form about the same thing again. A form that is left by its own keys keeps nothing.
    """

    ON_LEAVING: ClassVar[str]
    """What happens to what is not saved when one leaves."""

    FORM: ClassVar[str] = ""
    """The name under which its draft is kept; empty: it keeps none, or in a way of its own."""

    MOVED: ClassVar[str] = "What you had typed here rests on something that is no longer so. It was not taken up."
    """What is said where the ground of a draft moved."""

    kept_words = ""
    """What is kept of it, as it was written last."""

    @property
    def about(self) -> UUID:
        """What the form is about: a patient, a dispensation."""
        raise NotImplementedError

    @property
    def about_patient(self) -> UUID | None:
        """The patient whom it is about; None: no single one."""
        return None

    def typed_so_far(self) -> Typed:
        """Return what is typed, as the form takes it up again; empty when nothing is."""
        return {}

    def ground(self, typed: Typed) -> str:
        """Return what something typed rests on. Where it moved since, the draft is not taken up."""
        return ""

    def take_up(self, typed: Typed) -> str:
        """Put back what was typed. Return why some of it could not be, as sentences."""
        return ""

    def say(self, words: str, tone: str) -> None:
        """Answer where the form answers."""
        raise NotImplementedError

    async def take_up_draft(self) -> None:
        """Put back what the same person typed here and did not save, and say so."""
        if not (self.FORM and self.desk.keeps_drafts):
            return
        kept = await self.desk.store.read(kept_form, self.FORM, self.about, self.desk.person.id)
        if kept is None:
            return
        self.kept_words = written(kept.typed, kept.ground)
        if kept.ground != self.ground(kept.typed):
            self.say(self.MOVED, "warning")
            return
        missing = self.take_up(kept.typed)
        self.say(f"Taken up from your draft. {missing}".strip(), "warning" if missing else "muted")

    def keep_soon(self) -> None:
        """Keep what is typed, now that something of it is whole."""
        if self.FORM:
            self.keep_quietly()

    @work(group="draft", exclusive=True)
    async def keep_quietly(self) -> None:
        """Keep what is typed, if that can be done: the form stands there, and is kept again when it goes."""
        with suppress(NotSaved):
            await self.keep_draft()

    async def keep_draft(self) -> None:
        """Keep what is typed for whoever typed it."""
        typed = self.typed_so_far()
        await self._keep(written(typed, self.ground(typed)) if typed else "")

    async def _keep(self, words: str) -> None:
        if words != self.kept_words and self.desk.keeps_drafts:
            await self.desk.store.write(
                keep_form, self.FORM, self.about, self.about_patient, words, act=self.desk.act()
            )
            self.kept_words = words

    async def drop_draft(self) -> None:
        """Keep nothing any more: it is saved, or somebody said that it may go."""
        if self.FORM:
            with suppress(NotSaved):
                await self._keep("")

    def dismiss(self, result: str | None = None) -> AwaitComplete:
        """Close. With something to say, even nothing, it is over and its draft goes; without, the desk locks."""
        if result is not None and self.kept_words:
            self.app.run_worker(self.drop_draft(), group="drafts")
        return super().dismiss(result)

    @property
    def has_draft(self) -> bool:
        """Whether something typed here is kept."""
        return bool(self.kept_words)

    def unsaved(self) -> str:
        """Return what is not saved, as a clause; empty when nothing is."""
        raise NotImplementedError

    async def put_away(self) -> None:
        """Keep what can be kept, because the screen may go."""
        if self.FORM:
            await self.keep_draft()

    async def may_be_left(self) -> bool:
        """Ask before what is not saved is dropped; whether nothing is, or somebody said yes."""
        unsaved = self.unsaved()
        if not unsaved:
            return True
        is_yes: bool = await self.app.push_screen_wait(Confirm(f"{unsaved}. Leave it?", self.ON_LEAVING))
        if is_yes:
            await self.drop_draft()
        return is_yes


class Form(Task):
    """A task that is typed row by row, saved by work of the group `save`, and left by one key."""

    @work(exclusive=True, group="leave")
    async def action_leave(self) -> None:
        """Leave; what is typed is not dropped without a question. While something is being saved, nothing happens."""
        if not self.is_at("save") and await self.may_be_left():
            self.dismiss("")


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


SAYS_FOR = timedelta(minutes=40)
"""A look that is older says nothing of now: the one after it was not answered."""


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
