"""What goes on while the desk is open: the places, the way from one to another, the post, the lock.

Loaded after the first frame, by the door's warm-up; the application itself stays small.
"""

from contextlib import suppress
from typing import TYPE_CHECKING, Literal

from textual.app import App
from textual.worker import WorkerError, get_current_worker

from pcc_desk.desk.audit import look_elsewhere
from pcc_desk.desk.backups import keep_backed_up
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.early import keep_looking_early
from pcc_desk.desk.errors import DeskError
from pcc_desk.desk.monitor import watch
from pcc_desk.desk.outbox import look_for_return
from pcc_desk.desk.postman import keep_posting
from pcc_desk.desk.rights import Right
from pcc_desk.desk.rules import take_up
from pcc_desk.domain.scans import holds_words, is_shaped
from pcc_desk.screens.allotments.allotment import Allotment
from pcc_desk.screens.auditing.audit import Audit
from pcc_desk.screens.backup_words import made_words
from pcc_desk.screens.chart.chart import Chart
from pcc_desk.screens.dialogs import Confirm, GoToPlace
from pcc_desk.screens.frame import Framed, GoTo, Place, ShiftEnds
from pcc_desk.screens.looking import Looks
from pcc_desk.screens.outages.outage import OutageScreen
from pcc_desk.screens.outages.outbox import Outbox
from pcc_desk.screens.places import OPEN_TO
from pcc_desk.screens.queue.queue import Queue
from pcc_desk.screens.queue.scanning import Scanning
from pcc_desk.screens.reconciling.reconcile import Reconcile
from pcc_desk.screens.staffing.own_secret import change_own_secret
from pcc_desk.screens.staffing.staff import Staff
from pcc_desk.screens.task import Task
from pcc_desk.screens.today.today import Today
from pcc_desk.widgets.gate import Gate

if TYPE_CHECKING:
    from textual.timer import Timer

PLACES = (
    ("t", Today, "the check before the shop opens"),
    ("q", Queue, "who waits, who is expected, anyone else"),
    ("a", Allotment, "what a patient may be dispensed now"),
    ("c", Chart, "the patient's record, note, dispensing"),
    ("r", Reconcile, "the day's sales beside the state's record"),
    ("s", Staff, "who works here, and by what they open the desk"),
    ("u", Audit, "who did what to whom; what is out of the ordinary"),
    ("o", Outbox, "what is not in the state's record yet, and why"),
)
"""Letter, place, and what it is for."""

HOMES = ("Today", "Queue", "Reconcile", "Chart")
"""Where the desk begins: in the first of these that is open to the person."""

OF_THE_APPLICATION = frozenset({"warm-up", "suspend", "end"})
"""Groups of work that go on when a desk is shut."""

OWN_SECRET = ("m", "My own secret", "change your passphrase or your PIN")
SHIFT_END = ("e", "End of shift", "lock, and forget even what memory still holds")
"""These stand below the places."""

LOST = "What is typed and not saved is lost."


class Session:
    """An open desk in the application, from unlocking to locking."""

    def __init__(self, app: App[None], desk: Desk) -> None:
        self.app = app
        self.desk = desk
        self.open = tuple(each for each in PLACES if desk.may(OPEN_TO[each[1].PLACE]))
        self.places: dict[str, Place] = {kind.PLACE: kind(desk) for _, kind, _ in self.open}
        self.home = next(each for each in HOMES if each in self.places)
        self.is_unplugged = False
        self.is_at_work = False
        """The post goes out, and rules are taken up: not while the store is read only."""
        self.scanning = Scanning(app, desk)
        self._ticking: Timer | None = None

    def gate(self) -> Gate:
        """Return what tells a scanner's keys from a person's at this desk."""
        return Gate(is_shaped, self.desk.scanner_prefix, holds_words)

    async def begin(self) -> None:
        """Show Today, or where else the person begins; keep posting, and let the ages in the status line grow."""
        for name, place in self.places.items():
            self.app.install_screen(place, name)
        await self.places[self.home].prepare()
        await self.app.push_screen(self.home)
        self._ticking = self.app.set_interval(1.0, self.tick)
        self.desk.links.when_changed = self.system_changed
        self.app.screen.call_after_refresh(self.go_to_work)
        self.app.screen.call_after_refresh(self.tell)
        self.app.run_worker(self.look_elsewhere(), group="elsewhere")

    async def look_elsewhere(self) -> None:
        """Compare the record with what this computer's keyring knows, which may take seconds; say what is wrong."""
        found = await look_elsewhere(self.desk)
        if found.words:
            self.app.notify(found.words, severity="warning" if found.is_alarming else "information", markup=False)
            self.tick()

    def tell(self) -> None:
        """Say who was here last and what is wrong, over the first place."""
        if self.desk.notice:
            severity: Literal["information", "warning"] = "warning" if self.desk.is_alarming else "information"
            self.app.notify(self.desk.notice, severity=severity, timeout=8, markup=False)

    def go_to_work(self) -> None:
        """Keep posting, and take up the rules of today, once the store is written."""
        if not self.is_at_work and not self.desk.store.read_only:
            self.is_at_work = True
            self.app.run_worker(keep_posting(self.desk, self.told), group="postman", exclusive=True)
            if self.desk.copies is not None:
                self.app.run_worker(keep_backed_up(self.desk, self.tick), group="copies")
            self.app.run_worker(keep_looking_early(self.desk, self.tick), group="early")
            self.take_up_rules()

    def take_up_rules(self) -> None:
        """Put the rules of today on record when they are new, now that the first screen stands."""
        self.app.run_worker(take_up(self.desk), group="rules")

    @property
    def may_back_up(self) -> bool:
        """Whether whoever sits at the desk may make copies."""
        return self.desk.copies is not None and self.desk.may(Right.BACK_UP)

    def back_up(self) -> None:
        """Make a copy of the record now, while the desk goes on, and say what became of it."""
        if any(each.group == "back up" and not each.is_finished for each in self.app.workers):
            self.app.notify("A copy is being made.", markup=False)
        else:
            self.app.notify("A copy is being made and proved. Go on meanwhile.", markup=False)
            self.app.run_worker(self._back_up(), group="back up")

    async def _back_up(self) -> None:
        words, is_good = await made_words(self.desk)
        self.tick()
        self.app.notify(words, severity="information" if is_good else "warning", markup=False)

    def told(self, accepted: int) -> None:
        """Count again after each round of the post; after one that brought something, read again."""
        if not self.app.screen_stack:
            return  # the desk is being left
        screen = self._framed()
        if screen is self.app.screen and screen is not None:
            if accepted:
                screen.changed()
            else:
                screen.count_again()
        if not any(each.group == "outage" and not each.is_finished for each in self.app.workers):
            self.app.run_worker(self.watch(), group="outage")

    async def watch(self) -> None:
        """Bring the record of outages to what is known, and show what became of it."""
        if await watch(self.desk):
            self.draw_again()

    def draw_again(self) -> None:
        """Read again what is shown, because an outage began or ended."""
        framed = self._framed()
        if framed is not None:
            framed.changed()

    def _framed(self) -> Framed | None:
        """Return the uppermost screen with a frame that stands; one that is only now being drawn reads by itself."""
        screens = (each for each in reversed(self.app.screen_stack) if isinstance(each, Framed))
        return next((each for each in screens if each.is_mounted), None)

    def show_outage(self) -> None:
        """Show what is known of the outage, above whatever stands there."""
        screen = self.app.screen
        if isinstance(screen, Framed) and not isinstance(screen, OutageScreen):
            self.app.push_screen(OutageScreen(self.desk, screen.place))

    def tick(self) -> None:
        """Draw the status line as things are now, also where a dialog stands before it."""
        self.go_to_work()
        framed = self._framed()
        if framed is not None:
            framed.show_status()

    def system_changed(self) -> None:
        """Draw the status line once whatever learned that a system went away or came back is done with it."""
        self.app.call_later(self.tick)

    async def go(self, to: GoTo) -> None:
        """Leave what stands above the places, asking when something is not saved, and go."""
        if not await self.may_leave():
            return
        await self.clear_to_place()
        name = to.place if to.place in self.places else self.home
        place = self.places[name]
        if to.patient_id is not None:
            place.turn_to(to.patient_id)
        if self.app.screen is not place:
            place.is_fresh = to.patient_id is not None  # it is read below
            await self.app.switch_screen(name)
        if to.patient_id is not None:
            await place.read_patient()
        if to.doing and name == to.place:
            await place.run_action(to.doing)

    async def choose_place(self) -> None:
        """Show the list of places and go to the one that is chosen."""
        if isinstance(self.app.screen, GoToPlace):
            return
        listed = tuple((letter, kind.PLACE, purpose) for letter, kind, purpose in self.open)
        name = await self.app.push_screen_wait(
            GoToPlace((*listed, *((OWN_SECRET,) if self.has_own_secret else ()), SHIFT_END))
        )
        if name == SHIFT_END[1]:
            self.app.post_message(ShiftEnds())
        elif name == OWN_SECRET[1]:
            self.change_own_secret()
        elif name:
            await self.go(GoTo(name))

    @property
    def has_own_secret(self) -> bool:
        """Whether who sits there has a secret that they may change here."""
        return self.desk.secrets is not None and self.desk.may(Right.OWN_SECRET)

    def change_own_secret(self) -> None:
        """Let who sits there change their secret, above whatever stands there."""
        if not any(each.group == "own secret" and not each.is_finished for each in self.app.workers):
            self.app.run_worker(self._change_own_secret(), group="own secret")

    async def _change_own_secret(self) -> None:
        outcome = await change_own_secret(self.app, self.desk)
        if outcome is not None:
            words, is_good = outcome
            self.app.notify(words, severity="information" if is_good else "warning", markup=False)

    async def clear_to_place(self) -> None:
        """Close everything that stands above the place."""
        while not isinstance(self.app.screen, Place):
            await self.app.screen.dismiss(None)

    async def may_leave(self) -> bool:
        """Put away what is typed; where something is not saved, ask, and once only."""
        not_kept = await self.put_away()
        if not_kept:
            is_yes: bool = await self.app.push_screen_wait(Confirm(f"{not_kept} Leave all the same?", LOST))
            return is_yes
        for screen in self._tasks():
            if not await screen.may_be_left():
                return False
        return True

    async def put_away(self) -> str:
        """Keep what is typed, and note what was looked for. Return why some of it could not be kept, or nothing."""
        not_kept = ""
        for keep in (
            *(each.finish_looking for each in self.places.values()),
            *(each.finish_looking for each in self.app.screen_stack if isinstance(each, Looks)),
            *(each.put_away for each in self._tasks()),
        ):
            try:
                await keep()
            except DeskError as fault:
                not_kept = str(fault)
        if not self.desk.keeps_drafts and any(each.unsaved() for each in self._tasks()):
            not_kept = not_kept or "With the recovery sheet nothing that is typed is kept for later."
        return not_kept

    def _tasks(self) -> list[Task]:
        return [screen for screen in self.app.screen_stack if isinstance(screen, Task)]

    async def toggle_registry(self) -> None:
        """Practice: take the registry away, or bring it back."""
        practice = self.desk.practice
        if practice is None:
            return
        not_done = await (practice.plug_in() if self.is_unplugged else practice.unplug())
        if not_done is None:
            self.is_unplugged = not self.is_unplugged
            words = "unplugged" if self.is_unplugged else "plugged in again"
            self.app.notify(f"{self.desk.state.name} is {words}. f9 changes it.", markup=False)
            if self.is_unplugged:  # known at once; that it is back is for the post to find, which then sends what waits
                await look_for_return(self.desk)
                await self.watch()
            self.desk.links.let_probe(self.desk.state.name)
        else:
            self.app.notify(f"Nothing changed: {not_done.reason}.", severity="warning", markup=False)
        self.desk.bell.set()

    async def end(self) -> str:
        """Keep what can be kept and stop; the places are left for `forget`. Return what to say before the shut door."""
        not_kept = await self.put_away()
        has_draft = any(screen.has_draft for screen in self._tasks())
        for place in self.places.values():
            place.is_shut = True
        if self._ticking is not None:
            self._ticking.stop()
        self.desk.links.when_changed = None
        await self.stop_work()
        await self.clear_to_place()
        if not_kept:
            return f"{not_kept} {LOST}"
        return f"Draft kept for {self.desk.person.name[:1]}." if has_draft else ""

    async def stop_work(self) -> None:
        """Give up what the screens and the postman are at: what is being written is written, what is read is not.

        A task that closes lets the place below go on with what it was at; that ends here too, before the store is shut.
        """
        mine = get_current_worker()
        others = [
            each
            for each in self.app.workers
            if each is not mine and not each.is_finished and each.group not in OF_THE_APPLICATION
        ]
        for each in others:
            each.cancel()
        for each in others:
            with suppress(WorkerError):
                await each.wait()

    async def forget(self) -> None:
        """Take the places, and with them what they show, out of the application."""
        await self.stop_work()
        for name, place in self.places.items():
            self.app.uninstall_screen(name)
            if place.is_running:
                await place.remove()
        self.places.clear()
