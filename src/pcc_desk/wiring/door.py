"""The door of a desk: who may open it, what is put together then, and what is shut again."""

import asyncio
import gc
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from pcc_desk.desk.door import Emergency, Sitters, StaysShut
from pcc_desk.desk.errors import DeskError
from pcc_desk.home import sitters
from pcc_desk.wiring.at_need import calendars_of, intake_of, record_files, rules_of
from pcc_desk.wiring.clock import SystemClock
from pcc_desk.wiring.once_open import finish_leaving_owed, mark_opened_by_sheet, sign_in, warm_soon
from pcc_desk.wiring.outside import point_of_sale, printer, state_system

if TYPE_CHECKING:
    from collections.abc import Callable

    from pcc_desk.desk.desk import Desk
    from pcc_desk.desk.ports_closing import Packets
    from pcc_desk.desk.ports_outside import PracticeWorld
    from pcc_desk.settings import Settings
    from pcc_desk.store.backups.copies import StoreCopies
    from pcc_desk.store.engine import EncryptedStore
    from pcc_desk.store.vault import NotOpened, Opened


LAST_PERSON = "last-person"
"""The file that says who opened the desk last, by an id."""


class StoreDoor:
    """The door of a desk whose store lies in a folder."""

    def __init__(self, home: Path, shop_name: str, practice: "PracticeWorld | None" = None, hint: str = "") -> None:
        self.home = home
        self.shop_name = shop_name
        self.practice = practice
        self.hint = hint
        self._store: EncryptedStore | None = None
        self._desk: Desk | None = None
        self._last = ""
        self._shutting = asyncio.Lock()
        """Whoever shuts it second waits until it is shut."""
        self._copies: StoreCopies | None = None
        self._warming: asyncio.Task[None] | None = None

    @cached_property
    def settings(self) -> "Settings":
        """The settings file, read and judged when something first rests on it. Raises `DeskError`."""
        from pcc_desk.settings import load_settings

        return load_settings(self.home)

    def warm_up(self) -> None:
        """Load what opening needs, and take what was loaded out of the collector's way."""
        import uuid6  # noqa: F401 - so are the next

        import pcc_desk.adapters.printer
        import pcc_desk.desk.absent
        import pcc_desk.desk.staffing
        import pcc_desk.rulebook
        import pcc_desk.screens.door.session
        import pcc_desk.store.backups.copies
        import pcc_desk.store.engine
        import pcc_desk.store.ledger
        import pcc_desk.store.vault_in_hand  # noqa: F401
        from pcc_desk.adapters.loading import POINTS_OF_SALE, STATE_SYSTEMS, find
        from pcc_desk.store.vault import warm_up

        warm_up()
        with suppress(DeskError):  # what is wrong with settings and adapters is said when the desk is opened
            for group, chosen in ((STATE_SYSTEMS, self.settings.state_system), (POINTS_OF_SALE, self.settings.pos)):
                if chosen is not None:
                    find(group, chosen.adapter)
            asks_pos = self.settings.pos is not None and self.settings.pos.folder is None
            if self.settings.state_system is not None or asks_pos:
                from pcc_desk.adapters.http import authorities

                authorities()
        gc.collect()
        gc.freeze()
        gc.enable()

    def who(self) -> Sitters:
        """Return who may open the desk, whoever was last marked."""
        people, has_sheet = sitters(self.home)
        ids = [each for each, _ in people]
        with suppress(OSError, ValueError):
            self._last = self._last or (self.home / LAST_PERSON).read_text(encoding="utf-8").strip()
        with suppress(ValueError):
            known = tuple((UUID(each), name) for each, name in people)
            return Sitters(known, ids.index(self._last) if self._last in ids else 0, has_sheet)
        return Sitters(has_sheet=has_sheet)

    async def open(self, secret: str, person_id: UUID | None = None) -> "Desk | StaysShut":
        """Unlock the vault in a thread, open the store, and connect what the settings name."""
        from pcc_desk.store.vault import unlock

        return await self._tried(lambda: unlock(self.home, secret, person_id))

    async def open_by_sheet(self, code: str, emergency: Emergency) -> "Desk | StaysShut":
        """Open the desk with the code of the recovery sheet, for a few hours, every act marked."""
        from pcc_desk.store.vault import unlock_by_recovery

        return await self._tried(lambda: unlock_by_recovery(self.home, code), emergency)

    async def _tried(
        self, unlocking: "Callable[[], Opened | NotOpened]", emergency: Emergency | None = None
    ) -> "Desk | StaysShut":
        from pcc_desk.store.vault import Opened

        try:
            outcome = await asyncio.to_thread(unlocking)
            if not isinstance(outcome, Opened):
                return StaysShut(outcome.reason)
            return await self._open(outcome, emergency)
        except DeskError as error:
            await self.shut()
            return StaysShut(str(error))

    async def _open(self, outcome: "Opened", emergency: Emergency | None) -> "Desk | StaysShut":
        kept = outcome.copy()
        try:
            return await self._opened(outcome, kept, emergency)
        finally:
            kept.wipe()

    async def _opened(self, outcome: "Opened", kept: "Opened", emergency: Emergency | None) -> "Desk | StaysShut":
        from uuid6 import uuid7

        from pcc_desk.desk.desk import Desk
        from pcc_desk.rulebook import licence_issuers, rules_text
        from pcc_desk.store.ballast import room_in, take_ballast
        from pcc_desk.store.elsewhere import keyring_place
        from pcc_desk.store.engine import EncryptedStore
        from pcc_desk.store.vault_in_hand import SecretsAtHand

        self._last = str(outcome.owner.id)
        self._store = EncryptedStore.open(self.home, outcome)
        self._store.second_place = None if self.settings.practice else keyring_place(self.home)
        shop, person, everybody = await self._store.read(
            lambda ledger: (ledger.shop(), ledger.person(outcome.owner.id), ledger.everybody())
        )
        if shop is None:
            await self.shut()
            return StaysShut("This store holds no shop: its set-up was not finished. Run pcc-desk setup again.")
        if person is None or person.has_left:
            await self.shut()
            return StaysShut(f"{outcome.owner.name} is not on the staff of this shop. Ask a manager.")
        rules_on = rules_of(shop.jurisdiction, self.home)
        begins = rules_on(shop.day(SystemClock().now())).day_begins
        shop = replace(shop, day_begins_minute=begins.hour * 60 + begins.minute)
        self._desk = Desk(
            store=self._store,
            state=await state_system(self.settings, self._store),
            pos=await point_of_sale(self.settings, self._store),
            clock=SystemClock(),
            shop=shop,
            person=person,
            rules_on=rules_on,
            text_of=rules_text,
            new_id=uuid7,
            fresh_for=timedelta(minutes=self.settings.verification_minutes),
            practice=self.practice,
            printer=printer(self.settings),
            room=lambda: room_in(self.home),
            copies=self._begin_copies(),
            secrets=SecretsAtHand(self.home, self._store, person.id, is_by_sheet=emergency is not None),
            prove=self.prove,
            look_every=timedelta(seconds=self.settings.look_every_seconds),
            lock_after=timedelta(minutes=self.settings.lock_after_minutes),
            session_limit=timedelta(hours=self.settings.session_hours),
            keeper=self._store,
            packets=self._packets,
            records_out=record_files,
            intake_rules=lambda: intake_of(shop.jurisdiction),
            review_rules=self.settings.review.rules(),
            hours=self.settings.opening.hours(),
            legal_hours=self.settings.legal_hours.hours() if self.settings.legal_hours else (),
            read_calendar=calendars_of(shop.zone),
            issuers=licence_issuers(),
            scanner_prefix=self.settings.scanner.key,
        )
        await sign_in(self.home, self._desk, self._store, outcome)
        if emergency is not None:
            await mark_opened_by_sheet(self._desk, emergency)
        left = {str(each.id) for each in everybody if each.has_left}
        if any(who in left for who, _ in sitters(self.home)[0]):
            kept.follow(self._store.key_generation)
            await finish_leaving_owed(self.home, self._desk, self._store, kept)
        asyncio.get_running_loop().run_in_executor(None, self._remember)
        self._warming = asyncio.create_task(warm_soon(self._store))
        if not self.settings.practice and not self._store.read_only:
            take_ballast(self.home)  # given back on a day when the disk was full, it is kept again once there is room
        return self._desk

    def _remember(self) -> None:
        """Keep who was last, for the first screen."""
        from pcc_desk.home import write_private

        with suppress(OSError):
            write_private(self.home / LAST_PERSON, self._last.encode())

    async def prove(self, secret: str) -> "bool | StaysShut":
        """Whether this is the secret of the person whose desk is open. The try is counted as any other."""
        from pcc_desk.store.vault import Opened, unlock, unlock_by_recovery

        desk = self._desk
        if desk is None:
            return False
        if desk.glass_broken_until is not None:
            outcome = await asyncio.to_thread(unlock_by_recovery, self.home, secret)
        else:
            outcome = await asyncio.to_thread(unlock, self.home, secret, desk.person.id)
        if not isinstance(outcome, Opened):
            return StaysShut(outcome.reason)
        outcome.wipe()
        return True

    def _begin_copies(self) -> "StoreCopies | None":
        from pcc_desk.store.backups.copies import StoreCopies

        if self._store is not None:
            second = self.settings.backup_folder
            self._copies = StoreCopies(self._store, self.home, Path(second) if second else None)
        return self._copies

    def _packets(self) -> "Packets":
        """Return where the evidence of closed days goes. What it needs is loaded when a day is closed."""
        from pcc_desk.packets.keeping import PacketFolder

        if self._store is None:
            raise DeskError("The desk is shut.")
        return PacketFolder(self.home, self._store)

    async def shut(self, why: str = "") -> None:
        """Close what was opened and forget the key. `why` goes on record."""
        async with self._shutting:
            await self._shut(why)

    async def _shut(self, why: str) -> None:
        desk, self._desk = self._desk, None
        if desk is not None and self._store is not None:
            from pcc_desk.desk.audit import note_lock, pay

            with suppress(DeskError):
                await pay(desk)
                await self._store.write(note_lock, why, act=desk.act())
        copies, self._copies = self._copies, None
        if copies is not None:
            copies.close()
            await asyncio.to_thread(copies.before_close, SystemClock().now())
        if self._warming is not None:
            self._warming.cancel()
        store, self._store = self._store, None
        if desk is not None:
            await desk.state.close()
            await desk.pos.close()
        if store is not None:
            await asyncio.to_thread(store.close)

    def keep_theme(self, name: str) -> None:
        """Write the theme into the settings file."""
        from pcc_desk.settings import save_settings

        self.settings = self.settings.model_copy(update={"theme": name})
        save_settings(self.home, self.settings)
