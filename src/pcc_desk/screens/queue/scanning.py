"""What is done with a scan, from whatever place: shown as read, taken where one stands, or a check-in is opened."""

from typing import assert_never
from uuid import UUID

from textual.app import App
from textual.events import Paste
from textual.screen import ModalScreen

from pcc_desk.desk.audit import on_record
from pcc_desk.desk.check_in import NOT_CHECKED_IN
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.matching import ExactMatch, Match, how_many, match_card, match_licence, note_scan
from pcc_desk.desk.people import BORN
from pcc_desk.desk.queue import visit_of
from pcc_desk.desk.rights import Right
from pcc_desk.domain.audit_entries import Typed
from pcc_desk.domain.licences import Licence, LicenceNotRead
from pcc_desk.domain.scans import (
    Scan,
    ScannedCard,
    ScannedLicence,
    ScannedLink,
    ScannedTag,
    ScannedUnknown,
    scan_of,
    words_of,
)
from pcc_desk.screens.frame import Framed, GoTo
from pcc_desk.screens.queue.check_in import CheckIn, CheckInOutcome
from pcc_desk.screens.queue.scan_words import Shown
from pcc_desk.screens.queue.who_is_it import Chosen, SomebodyNew, WhoIsIt
from pcc_desk.widgets.scanning import Scanned

OF_A_SCAN = (CheckIn, WhoIsIt)
"""Dialogs that another scan replaces."""


class Scanning:
    """Does with scans what is due, in one application over one desk."""

    def __init__(self, app: App[None], desk: Desk) -> None:
        self.app = app
        self.desk = desk

    def scanned(self, event: Scanned) -> None:
        """Take what a scanner read where it can be taken, and say what it was otherwise."""
        scan = scan_of(event.text, self.desk.issuers, self.desk.today, self.desk.rules.card_shape)
        if event.is_cut:
            self.say("The scan took too long and was cut. Scan it again, closer, or type it.", is_good=False)
        elif not self._is_taken(scan):
            self._go_on(scan, event.text)

    def _is_taken(self, scan: Scan) -> bool:
        screen = self.app.screen
        return isinstance(screen, Framed | CheckIn) and screen.takes_scan(scan)

    def _go_on(self, scan: Scan, text: str) -> None:
        match scan:
            case ScannedLicence(licence=LicenceNotRead(reason=reason)):
                self.say(reason, is_good=False)
            case ScannedLicence() | ScannedCard():
                self._open(scan)
            case ScannedTag(tag=tag):
                self.say(f"Scanned package tag {tag}. Tags go into a basket: open Dispense in the patient’s chart.")
            case ScannedLink():
                self.say(f"Scanned {words_of(scan)}")
            case ScannedUnknown():
                self._give_back(scan, text)
            case _:
                assert_never(scan)

    def _give_back(self, scan: Scan, text: str) -> None:
        """Put what has no known shape into the field that one types in; elsewhere say that nothing was done."""
        focused = self.app.focused
        if focused is not None and focused.check_consume_key("a", "a"):
            words = "".join(each for each in text if each.isprintable() or each == "\n").strip()
            self.app.post_message(Paste(words))  # past the widget it would come up again, and be pasted twice
        else:
            self.say(f"Scanned {words_of(scan)}. Nothing was done with it.", is_good=False)

    def _open(self, scan: Scan) -> None:
        screen = self.app.screen
        if not self.desk.may(Right.CHECK_IN):
            self.say(f"Scanned {words_of(scan)}. Checking in is for those at the counter.", is_good=False)
        elif isinstance(screen, ModalScreen) and not isinstance(screen, OF_A_SCAN):
            self.say(f"Scanned {words_of(scan)}. Answer what is asked here first, then scan again.", is_good=False)
        else:
            self.app.run_worker(self.check_in(scan), group="scan", exclusive=True)

    async def check_in(self, scan: Scan) -> None:
        """Find whose it is, ask where that is not certain, and check them in."""
        while isinstance(self.app.screen, OF_A_SCAN):
            await self.app.screen.dismiss(None)
        found = await self.find(scan)
        alike = found.alike if isinstance(found, ExactMatch) else ()
        shown = Shown(scan, alike)
        if isinstance(found, ExactMatch):
            patient_id, card_number = found.candidate.patient.id, found.candidate.card_number
        else:
            may_register = self.desk.may(Right.REGISTER)
            chosen = await self.app.push_screen_wait(WhoIsIt(shown, found, self.desk.today, may_register=may_register))
            if isinstance(chosen, SomebodyNew):
                chosen = await self._registered(scan)
            if chosen is None:
                return
            patient_id, card_number = chosen
        if isinstance(scan, ScannedCard) and await self._is_here(patient_id):
            self.app.post_message(GoTo("Chart", patient_id))
            return
        outcome = await self.app.push_screen_wait(CheckIn(self.desk, patient_id, card_number, shown))
        if outcome is not None:
            self._checked_in(patient_id, outcome)

    async def _registered(self, scan: Scan) -> Chosen | None:
        """Put somebody on record, beginning with what was scanned; return who it is."""
        from pcc_desk.screens.people.register import Register  # noqa: PLC0415 - not needed for the first frame

        place = self.app.screen.place if isinstance(self.app.screen, Framed) else "Queue"
        read = scan.licence if isinstance(scan, ScannedLicence) else None
        number = scan.number if isinstance(scan, ScannedCard) else ""
        screen = Register(self.desk, place, read.name if isinstance(read, Licence) else number)
        if isinstance(read, Licence):
            screen.looked_for |= {BORN: read.born.isoformat()}
        said = await self.app.push_screen_wait(screen)
        if said:
            self.say(said)
        return Chosen(screen.patient_id, screen.card_number) if said and screen.patient_id else None

    async def find(self, scan: Scan) -> Match:
        """Look for whose it is, which goes on record."""
        act = self.desk.act()
        if isinstance(scan, ScannedLicence) and isinstance(scan.licence, Licence):
            found = await self.desk.store.read(match_licence, scan.licence, act=act)
            typed = Typed.LICENCE
        else:
            assert isinstance(scan, ScannedCard)  # noqa: S101 - nothing else opens a check-in
            found = await self.desk.store.read(match_card, scan.number, act=act)
            typed = Typed.CARD
        await on_record(self.desk, note_scan, typed, how_many(found), act=act)
        return found

    async def _is_here(self, patient_id: UUID) -> bool:
        """Whether the patient's visit is under way, so that a scan of the card means their chart."""
        if not self.desk.may(Right.OPEN_CHART):
            return False
        visit = await self.desk.store.read(visit_of, patient_id, self.desk.today, act=self.desk.act())
        return visit is not None and visit.state not in NOT_CHECKED_IN

    def _checked_in(self, patient_id: UUID, outcome: CheckInOutcome) -> None:
        screen = self.app.screen
        if isinstance(screen, Framed):
            screen.changed()
        self.say(outcome.said)
        if outcome.goes_to_chart:
            self.app.post_message(GoTo("Chart", patient_id))

    def say(self, words: str, *, is_good: bool = True) -> None:
        """Say something in the corner of whatever stands there."""
        self.app.notify(words, severity="information" if is_good else "warning", markup=False)
