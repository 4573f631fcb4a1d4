"""The legacy JSON generation of BioTrack (state-systems reference, 3.1 and 3.2)."""

import time
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pcc_desk.adapters.state import biotrack_sales as sales
from pcc_desk.adapters.state import biotrack_wire as wire
from pcc_desk.adapters.state.biotrack_actions import Actions, Refused
from pcc_desk.adapters.state.biotrack_history import history
from pcc_desk.adapters.state.fields import NotUnderstood, understood
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.capabilities import Call, Offer
from pcc_desk.domain.dispensing import Dispensation, NotPosted, Posted, PostRefused, Voided
from pcc_desk.domain.products import Package
from pcc_desk.domain.registry import CaregiverAnswer, RegistryAnswer, RegistryStanding
from pcc_desk.domain.sales import Receipt

KEY_KEPT_S = 3600.0
"""For how long the key of a look-up goes into a sale without a new look-up. How long the server keeps it is unknown."""

OFFERS = {
    Call.STANDING: (None, "card_lookup is named and its answer is not published; whether it tells is found by asking"),
    Call.CAREGIVER: (False, "no answer for a caregiver's card alone is published"),
    Call.POST: (True, "sale_dispense"),
    Call.FIND_POSTED: (False, "the state keeps no number of the shop's own"),
    Call.CORRECT: (True, "sale_modify and sale_refund: another price, or less than before"),
    Call.VOID: (True, "sale_void"),
    Call.POSTED_ON: (True, "sync_sale, by the time at which the state took a sale"),
    Call.STOCK: (True, "sync_inventory"),
}


class BioTrackJson:
    """Implements `desk.ports_outside.StateSystem`."""

    key_ends: date | None = None

    def __init__(
        self,
        actions: Actions,
        *,
        licence: str,
        zone: ZoneInfo,
        categories: Mapping[str, str],
        terminal: str,
        location: str = "",
        since: int = 0,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        """Set up. Sales are read from transaction `since` on, only those of `location` where one is named."""
        self.name = actions.name
        self._actions = actions
        self._licence = licence
        self._zone = zone
        self._categories = categories
        self._terminal = terminal
        self._location = location
        self._since = since
        self._ticks = ticks
        self._keys: dict[tuple[str, str], tuple[str, float]] = {}
        self._first_of_day: dict[date, int] = {}

    @understood
    async def ping(self) -> str | Unanswered:
        """Ask whether there are newer sales, which needs a session and downloads nothing."""
        newest = max(self._first_of_day.values(), default=self._since)
        table = {"table": "sale", "transaction_start": str(newest)}
        answer = await self._actions.ask("sync_check", {"download": "0", "data": [table]})
        if isinstance(answer, Refused):
            return self._actions.denied(answer)
        return answer if isinstance(answer, Unanswered) else self._licence

    async def capabilities(self) -> tuple[Offer, ...]:
        """Return what is known of this generation from public sources."""
        return tuple(Offer(call, *OFFERS[call]) for call in Call)

    @understood
    async def standing(self, card_number: str) -> RegistryAnswer:
        """Look a card up. Beyond `card_key` its answer is not published: without a clear word it cannot be told."""
        answer = await self._look_up(card_number, "")
        if isinstance(answer, Refused):
            return self._actions.denied(answer, card_number)
        if isinstance(answer, Unanswered):
            return answer
        is_active = wire.flag(answer, "active")
        if is_active is None:
            reason = f"{self.name}'s answer does not say whether the card is active; read it on the state's page"
            return Unanswered(Silence.ABSENT, reason)
        return RegistryStanding(card_number, is_active, ())

    async def caregiver(self, card_number: str) -> CaregiverAnswer:
        """Return that there is no such call: a caregiver's card is looked up beside the patient's."""
        return Unanswered(Silence.ABSENT, f"{self.name} has no look-up for a caregiver's card alone")

    @understood
    async def post(self, dispensation: Dispensation) -> Posted | PostRefused | Unanswered:
        """Record a sale, with the key of a look-up that is not old."""
        card, helper = dispensation.card_number, dispensation.caregiver_card
        key = await self._key(card, helper)
        if isinstance(key, PostRefused | Unanswered):
            return key
        who = {
            "card_id": card,
            **({"caregiver_card_id": helper} if helper else {}),
            **({"card_key": key} if key else {}),
        }
        sale = {"terminal_id": self._terminal, "sale_time": int(dispensation.at.timestamp()), **who}
        answer = await self._actions.do("sale_dispense", {**sale, "data": wire.text_lines(dispensation)})
        if isinstance(answer, Refused):
            self._keys.pop((card, helper), None)
        done = self._done(answer, card)
        return done if isinstance(done, PostRefused | Unanswered) else self._posted(done)

    async def find_posted(self, external_number: str) -> Posted | NotPosted | Unanswered:
        """Return that there is no such look-up: no number of ours is in the state's record (1)."""
        return Unanswered(
            Silence.ABSENT, f"{self.name} keeps no number of ours, so that a sale cannot be looked up by it"
        )

    @understood
    async def correct(self, receipt: str, dispensation: Dispensation) -> Posted | PostRefused | Unanswered:
        """Change prices and take back quantities, where that is all it takes; what is right already stays as it is.

        A step that was not answered may have been done: told again, the receipt is read first.
        """
        rows = await self._rows_of(receipt)
        if isinstance(rows, Unanswered):
            return wire.nothing_sent(rows)
        steps = sales.correction(rows, dispensation)
        if isinstance(steps, sales.Uncorrectable):
            return PostRefused(steps.why)
        for label, item, price in steps.prices:
            more = {"item_number": item} if item else {}
            step = {"transactionid": receipt, "barcodeid": label, "price": price, **more}
            done = self._done(await self._actions.do("sale_modify", step), dispensation.card_number)
            if isinstance(done, PostRefused | Unanswered):
                return done
        if steps.refunds:
            returned = {"transactionid": receipt, "data": steps.refunds}
            done = self._done(await self._actions.do("sale_refund", returned), dispensation.card_number)
            if isinstance(done, PostRefused | Unanswered):
                return done
        return Posted(receipt)

    @understood
    async def void(self, receipt: str, why: str) -> Voided | PostRefused | Unanswered:
        """Void a sale; the state keeps no reason. One that is void already is told as such."""
        done = self._done(await self._actions.do("sale_void", {"transactionid": receipt}))
        if isinstance(done, Unanswered):
            return done
        if isinstance(done, PostRefused):
            rows = await self._rows_of(receipt)
            is_void = not isinstance(rows, Unanswered) and rows and sales.receipt_of(receipt, rows).is_void
            return Voided(receipt) if is_void else done
        return Voided(receipt)

    @understood
    async def posted_on(self, day: date, now: datetime) -> tuple[Receipt, ...] | Unanswered:
        """Read the sales that the state took on a local day (3.2).

        The state keeps the time at which it took a sale, not the one at which it was made: what was posted after an
        outage stands under the day of the posting, and is missing under its own.
        """
        start = self._start(day)
        rows = await self._rows(start, day)
        if isinstance(rows, Unanswered):
            return rows
        for row in rows:
            if str(row.transaction) == row.sale:
                known = self._first_of_day.get(row.at.date(), row.transaction)
                self._first_of_day[row.at.date()] = min(known, row.transaction)
        return sales.receipts_on(day, [row for row in rows if self._is_here(row)], start)

    @understood
    async def stock(self) -> tuple[Package, ...] | Unanswered:
        """Read the inventory that is active."""
        found = await self._table("inventory", {"transaction_start": 0, "active": 1})
        return found if isinstance(found, Unanswered) else sales.packages(found, self._categories)

    async def close(self) -> None:
        """Let go of connections."""
        await self._actions.close()

    def _start(self, day: date) -> int:
        """Return the transaction from which on the sales of a day are surely read: the first of the last day known."""
        known = [first for each, first in self._first_of_day.items() if each <= day]
        return max(known, default=self._since)

    def _is_here(self, row: sales.SaleRow) -> bool:
        return not self._location or row.location == self._location

    async def _look_up(self, card: str, caregiver_card: str) -> dict[str, Any] | Refused | Unanswered:
        cards = {"card_id": card, **({"caregiver_card_id": caregiver_card} if caregiver_card else {})}
        answer = await self._actions.ask("card_lookup", cards)
        if isinstance(answer, dict):
            key = wire.token(answer, "card_key")
            if key:
                self._keys[card, caregiver_card] = key, self._ticks()
        return answer

    async def _key(self, card: str, caregiver_card: str) -> str | PostRefused | Unanswered:
        """Return the key for a sale, empty when the look-up gives none. Until here nothing was sent."""
        kept, at = self._keys.get((card, caregiver_card), ("", 0.0))
        if kept and self._ticks() - at < KEY_KEPT_S:
            return kept
        self._keys.pop((card, caregiver_card), None)
        try:
            answer = await self._look_up(card, caregiver_card)
        except NotUnderstood as error:
            return Unanswered(Silence.DOWN, f"{self.name} sent an answer that cannot be understood: {error}")
        match answer:
            case Unanswered():
                return wire.nothing_sent(answer)
            case Refused():
                denied = self._actions.denied(answer, card, caregiver_card)
                return denied if answer.is_about_us else PostRefused(denied.reason)
        return self._keys.get((card, caregiver_card), ("", 0.0))[0]

    def _done(
        self, answer: dict[str, Any] | Refused | Unanswered, card: str = ""
    ) -> dict[str, Any] | PostRefused | Unanswered:
        """Return why something was not done, or what was said when it was."""
        if not isinstance(answer, Refused):
            return answer
        if answer.is_about_us:
            return self._actions.denied(answer, card)
        return PostRefused(wire.without(answer.words, card) or f"code {answer.code}")

    def _posted(self, said: dict[str, Any]) -> Posted | Unanswered:
        try:
            return Posted(wire.needed(said, "transactionid"))
        except NotUnderstood:
            return Unanswered(Silence.TIMED_OUT, f"{self.name} took it and gave no number")

    async def _rows_of(self, receipt: str) -> list[sales.SaleRow] | Unanswered:
        """Return the rows of one sale; none for a number that cannot be one."""
        if not (receipt.isascii() and receipt.isdigit()):
            return []
        rows = await self._rows(int(receipt))
        return rows if isinstance(rows, Unanswered) else [row for row in rows if row.sale == str(int(receipt))]

    async def _rows(self, start: int, until: date | None = None) -> list[sales.SaleRow] | Unanswered:
        """Return every row of sales from a transaction on. `until`: the day from which on what follows is not much."""

        def newest_day(rows: list[dict[str, Any]]) -> date | None:
            return max((sales.sale_row(each, self._zone).at.date() for each in rows), default=None)

        found = await history(self.name, lambda which: self._table("sale", which), start, newest_day, until)
        return found if isinstance(found, Unanswered) else [sales.sale_row(each, self._zone) for each in found]

    async def _table(self, table: str, which: Mapping[str, Any]) -> list[dict[str, Any]] | Unanswered:
        answer = await self._actions.ask(f"sync_{table}", {"download": 1, **which})
        if isinstance(answer, Refused):
            return self._actions.denied(answer)
        return answer if isinstance(answer, Unanswered) else wire.rows(answer, table)
