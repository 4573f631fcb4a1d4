"""What an open store knows of how far its journal came, and of the files that say who can open it."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Concatenate, ParamSpec, TypeVar

from sqlcipher3 import dbapi2 as sqlcipher

from pcc_desk.desk.errors import ReadOnly
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.records import Elsewhere, RollBack
from pcc_desk.domain.audit_entries import AnchorState
from pcc_desk.domain.staff_entries import VaultTrouble
from pcc_desk.store import journal, marks
from pcc_desk.store.anchor import Agrees, Finding, Place, RolledBack, Wanting, paper_form
from pcc_desk.store.connection import Connection
from pcc_desk.store.elsewhere import Heard, elsewhere_words, heard
from pcc_desk.store.ledger import SqlLedger
from pcc_desk.store.marks import SLOTS_REASON
from pcc_desk.store.running import Running
from pcc_desk.store.vault.attempts import Attempts, Tries

P = ParamSpec("P")
T = TypeVar("T")


class Watched(Running):
    """A store whose journal and slots are held against what is known of them elsewhere."""

    second_place: Place | None = None
    """Where else the anchor is kept, which may be slow; None: nowhere."""
    heard = Heard()
    """What it answered last."""
    found_elsewhere: Finding = Agrees()
    """How the journal stood to that."""
    _may_keep_elsewhere = False

    @property
    def anchor_finding(self) -> Finding:
        """How the journal stood to its anchor when the store was opened, until that is settled."""
        return self._anchors.finding

    @property
    def roll_back(self) -> RollBack | None:
        """What was found when the store was opened, until somebody explains it."""
        found = self._anchors.finding
        if not isinstance(found, RolledBack):
            return None
        known, last = found.known, found.found
        return RollBack(known.seq, known.mac.hex(), last.seq, last.mac.hex(), found.reason)

    def paper_head(self) -> str:
        """Return the number and the seal of the last entry as 20 characters for paper."""
        return self._submit(lambda it: paper_form(*journal.head(it))).result()

    @property
    def anchor_wanting(self) -> AnchorState | None:
        """What is to be put on record of an anchor that was gone or not ours; then call `settle_anchor`."""
        finding = self._anchors.finding
        return finding.state if isinstance(finding, Wanting) else None

    def settle_anchor(self) -> None:
        """Anchor the journal as it stands, now that what was found of its anchor is on record."""
        self._anchors.settle()
        self.keep_anchor()

    def keep_anchor(self) -> None:
        """Write the anchor now, wherever it is kept: the day is closed."""
        self._submit(self._anchors.keep).result()
        self.keep_elsewhere()

    # The second place

    async def look_elsewhere(self) -> Elsewhere:
        """Compare the journal with what the second place knows of it, and keep it there; it may take seconds."""
        return await asyncio.to_thread(self.look_elsewhere_now)

    def look_elsewhere_now(self, *, is_at_desk: bool = True) -> Elsewhere:
        """Do the same, and wait for it. A place that cannot be asked is told of at the desk, once until it can be."""
        if self.second_place is None:
            return Elsewhere()
        self.heard = heard(self.second_place)
        if self.heard.silence:
            return self._submit(self._silent).result() if is_at_desk else Elsewhere()
        self.found_elsewhere = self._submit(self._judge).result()
        self._may_keep_elsewhere = not isinstance(self.found_elsewhere, RolledBack)
        self.keep_elsewhere()
        return elsewhere_words(self.found_elsewhere)

    def _judge(self, connection: Connection) -> Finding:
        was_kept = marks.is_known(connection, marks.KEPT_ELSEWHERE)
        found = self._anchors.judge(connection, self.heard.text, was_kept=was_kept)
        if isinstance(found, RolledBack) and not self.read_only:
            self.read_only = found.reason
        return found

    def _silent(self, connection: Connection) -> Elsewhere:
        if marks.is_known(connection, marks.SILENCE_TOLD):
            return Elsewhere()
        self._learn(connection, marks.SILENCE_TOLD)
        return Elsewhere(f"{self.heard.silence} How far the record came is kept beside the store only.", None, False)

    def _learn(self, connection: Connection, name: str, forget: str = "") -> None:
        """Remember what was told. Where nothing is written now, it is told once more."""
        if not self.read_only:
            with suppress(sqlcipher.Error):
                marks.learn(connection, name, forget)

    def keep_elsewhere(self) -> None:
        """Keep how far the journal came in the second place too, where that was asked and answered."""
        if self._may_keep_elsewhere and self._is_open:
            self._put_elsewhere(self._submit(self._anchors.text).result())
            self._submit(lambda it: self._learn(it, marks.KEPT_ELSEWHERE, forget=marks.SILENCE_TOLD)).result()

    def _put_elsewhere(self, text: str | None) -> None:
        """Put a text there. One that is not taken is left: an anchor that lags is one, and the next is tried."""
        if self.second_place is not None and text is not None and text != self.heard.text:
            with suppress(OSError):
                self.second_place.write(text)
                self.heard = Heard(text)

    def explain_now(self, use_case: Callable[Concatenate[Ledger, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run the use case that says why the journal is not the one its anchor knew, though nothing else is written.

        It records that, or refuses; afterwards, when something was recorded, the store is written again.
        """
        return self._submit(lambda it: self._run_explaining(it, use_case, *args, **kwargs)).result()

    async def explain(self, use_case: Callable[Concatenate[Ledger, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do the same without holding up who waits. Cancelling the caller does not stop it."""
        future = self._submit(lambda it: self._run_explaining(it, use_case, *args, **kwargs))
        return await asyncio.shield(asyncio.wrap_future(future))

    @property
    def _vault_reason(self) -> str:
        """Return why nothing is written, where that is because of the slot file."""
        return SLOTS_REASON if set(self.vault_troubles) & {VaultTrouble.SLOTS_CHANGED, VaultTrouble.SLOTS_BACK} else ""

    def seal_now(self, use_case: Callable[Concatenate[Ledger, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run the use case by which a manager answers for who can open the store, though nothing else is written."""

        def run(connection: Connection) -> T:
            if self.read_only and self.read_only != self._vault_reason:
                raise ReadOnly(self.read_only)
            with (
                self._telling(connection, is_explaining=True),
                self._transaction(connection, "BEGIN IMMEDIATE", "COMMIT"),
            ):
                outcome = use_case(SqlLedger(connection, bytes(self._keys.audit)), *args, **kwargs)
            self.vault_troubles, self.read_only = (), ""
            return outcome

        return self._submit(run).result()

    def close(self) -> None:
        """Finish what was begun, move the log into the file, close it and forget the key; keep how far it came."""
        if self._is_open:
            super().close()
            if self._may_keep_elsewhere:
                self._put_elsewhere(self.last_text)

    def told_of(self, tries: Tries | None) -> None:
        """Go on from what was found at the opening, now that it is on record: of the anchor, of tries that failed."""
        if tries is not None and VaultTrouble.TRIES_BACK in self.vault_troubles:
            self._submit(lambda it: marks.keep_tries(it, tries)).result()
        if tries is not None and tries.failed_at:
            with suppress(OSError):  # they are told once more then
                Attempts(self._reopening.path.parent).told(tries.salt)
        if self.anchor_wanting is not None:
            self.settle_anchor()

    def keep_generation(self, generation: int) -> None:
        """Remember how far the slot file came, so that an older one put in its place is noticed."""
        self._submit(lambda it: marks.keep_generation(it, generation)).result()

    def _run_explaining(
        self, connection: Connection, use_case: Callable[Concatenate[Ledger, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        found, ledger = self._anchors.finding, SqlLedger(connection, bytes(self._keys.audit))
        if self.read_only and not (isinstance(found, RolledBack) and self.read_only == found.reason):
            raise ReadOnly(self.read_only)
        with self._telling(connection, is_explaining=True), self._transaction(connection, "BEGIN IMMEDIATE", "COMMIT"):
            outcome = use_case(ledger, *args, **kwargs)
        if ledger.recorded:
            self.read_only = ""
            self._anchors.settle()
            self._anchors.keep(connection)
            self._may_keep_elsewhere = isinstance(self.found_elsewhere, RolledBack) or self._may_keep_elsewhere
        return outcome
