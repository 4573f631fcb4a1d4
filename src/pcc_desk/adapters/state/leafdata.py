"""Leaf Data Systems in Washington's shape, the only one that is public: modelled, unverified with any state.

Sections named below are those of the state-systems reference. Nothing public describes a call for patients, so that
standing is read on the state's own page.
"""

import asyncio
import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import httpx

from pcc_desk.adapters.clean import cleaned
from pcc_desk.adapters.http import WHOLE_S, Response, Wire
from pcc_desk.adapters.keys import KEY_ENDS, key_end, takes
from pcc_desk.adapters.state import leafdata_wire as wire
from pcc_desk.adapters.state.fields import NotUnderstood, understood
from pcc_desk.adapters.state.leafdata_stock import Shelf, package
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.capabilities import Call, Offer
from pcc_desk.domain.dispensing import Dispensation, NotPosted, Posted, PostRefused, Voided
from pcc_desk.domain.products import Package
from pcc_desk.domain.sales import Receipt

LABEL = "modelled, unverified with any state"
MOST_PAGES = 100
"""A page holds 2500 (4.2)."""
AT_ONCE = 2
MFA = "its account asks for a second factor; have that switched off for the account of this key at the state's site"

ABSENT = {
    Call.STANDING: "offers no look-up of patients; read the patient's standing on the state's own page",
    Call.CAREGIVER: "offers no look-up of caregivers; read the card on the state's own page",
}


@takes("key", "mme_code", KEY_ENDS)
def connect(settings: Mapping[str, str], credentials: Mapping[str, str]) -> "LeafData":
    """Return a connection. Settings: base_url, zone; name, licence, sold_by, categories (JSON).

    Credentials: key, mme_code where the licensee's code is not the licence, and key_ends, the key's last day.
    `categories` goes by the intermediate type of an inventory's type, or by its batch's type. Raises `ValueError`
    for an address that is not safe to use.
    """
    connection = LeafData(
        name=settings.get("name", "Leaf Data"),
        base_url=settings["base_url"],
        zone=ZoneInfo(settings["zone"]),
        mme_code=credentials.get("mme_code") or settings.get("licence", ""),
        key=credentials.get("key", ""),
        sold_by=settings.get("sold_by", ""),
        categories=json.loads(settings.get("categories", "{}")),
    )
    connection.key_ends = key_end(settings, credentials)
    return connection


class LeafData:
    """Implements `desk.ports_outside.StateSystem`."""

    key_ends: date | None = None

    def __init__(
        self,
        *,
        name: str,
        base_url: str,
        zone: ZoneInfo,
        mme_code: str,
        key: str,
        sold_by: str = "",
        categories: Mapping[str, str],
        transport: httpx.AsyncBaseTransport | None = None,
        whole_s: float = WHOLE_S,
    ) -> None:
        self.name = f"{name} ({LABEL})"
        self._mme_code = mme_code
        self._zone = zone
        self._sold_by = sold_by
        self._categories = categories
        headers = {"x-mjf-mme-code": mme_code, "x-mjf-key": key, "Content-Type": "application/json"}
        self._wire = Wire(self.name, base_url, headers=headers, elsewhere=MFA, transport=transport, whole_s=whole_s)
        self._turn = asyncio.Semaphore(AT_ONCE)

    @understood
    async def ping(self) -> str | Unanswered:
        """Ask for our licensee (4.2), or for areas where that is not offered; its code stands for an untold name."""
        code = cleaned(self._mme_code, 40) or self.name
        answer = self._answered(await self._get("/mmes", {"f_mme_code": self._mme_code}))
        if isinstance(answer, Unanswered):
            areas = await self._all("/areas", {}) if answer.kind is Silence.ABSENT else answer
            return areas if isinstance(areas, Unanswered) else code
        found = wire.rows(answer.body)
        codes = ("mme_code", "code", "global_id")
        ours = [row for row in found if self._mme_code in {wire.words(row, each) for each in codes}]
        names = (wire.words(row, "name") for row in ours or found[: len(found) == 1])
        return next(filter(None, names), code)

    async def capabilities(self) -> tuple[Offer, ...]:
        """Return what Washington's clients have called (4.1 to 4.3). Nothing public says what another state offers."""
        known, absent = f"Washington's clients called it; {LABEL}", f"nothing public knows of such a call; {LABEL}"
        return tuple(Offer(call, call not in ABSENT, absent if call in ABSENT else known) for call in Call)

    async def standing(self, card_number: str) -> Unanswered:
        """Return that there is no such call (4.1)."""
        return Unanswered(Silence.ABSENT, f"{self.name} {ABSENT[Call.STANDING]}")

    async def caregiver(self, card_number: str) -> Unanswered:
        """Return that there is no such call (4.1)."""
        return Unanswered(Silence.ABSENT, f"{self.name} {ABSENT[Call.CAREGIVER]}")

    async def post(self, dispensation: Dispensation) -> Posted | PostRefused | Unanswered:
        """Record a sale (4.3), unless one stands under our number already: the state may well take it twice."""
        there = await self.find_posted(dispensation.external_number)
        if not isinstance(there, NotPosted):
            return there
        text = wire.sale_text(dispensation, self._zone, sold_by=self._sold_by)
        written = self._written(await self._post("/sales", text))
        if not isinstance(written, Response):
            return written
        try:
            number = wire.created(written.body, dispensation.external_number)
        except NotUnderstood:
            return Unanswered(Silence.TIMED_OUT, f"{self.name} took it and gave no number")
        return Posted(number)

    @understood
    async def find_posted(self, external_number: str) -> Posted | NotPosted | Unanswered:
        """Look up our own number (4.2). A sale that was struck stands: it is not sent again.

        Nothing says that a number may be used once only. Of several sales, the one that was not struck is meant; where
        more than one was not, a person has to strike the others.
        """
        found = await self._all("/sales", {"f_external_id": external_number})
        if isinstance(found, Unanswered):
            return found
        ours = [row for row in found if wire.words(row, "external_id") == external_number]
        if found and not ours:
            raise NotUnderstood("it speaks of another sale")
        standing = [row for row in ours if not wire.is_struck(row)] or ours[:1]
        if len(standing) > 1:
            numbers = ", ".join(wire.sale_number(row) for row in standing[:5])
            reason = f"{self.name} holds {len(standing)} sales under our number ({numbers}); strike all but one of them"
            return Unanswered(Silence.ABSENT, reason)  # no call tells which of them is meant; the system is not down
        return Posted(wire.sale_number(standing[0])) if standing else NotPosted()

    async def correct(self, receipt: str, dispensation: Dispensation) -> Posted | PostRefused | Unanswered:
        """Put what was really dispensed in the place of a sale (4.2)."""
        text = wire.sale_text(dispensation, self._zone, sold_by=self._sold_by, receipt=receipt)
        written = self._written(await self._post("/sales/update", text))
        return Posted(receipt) if isinstance(written, Response) else written

    @understood
    async def void(self, receipt: str, why: str) -> Voided | PostRefused | Unanswered:
        """Delete a sale (4.2). No reason is kept; one that is not there any more is looked up."""
        async with self._turn:
            answer = await self._wire.delete(f"/sales/{quote(receipt, safe='', errors='replace')}")
        written = self._written(answer)
        if isinstance(written, Response):
            return Voided(receipt)
        if isinstance(answer, Response) and answer.status == 404:
            found = await self._all("/sales", {"f_global_id": receipt})
            if not isinstance(found, Unanswered) and any(
                wire.words(row, "global_id") == receipt and wire.is_struck(row) for row in found
            ):
                return Voided(receipt)
        return written

    @understood
    async def posted_on(self, day: date, now: datetime) -> tuple[Receipt, ...] | Unanswered:
        """Read every sale of a local day. The filter may go by the day of posting: it reaches until tomorrow."""
        until = max(day, now.astimezone(self._zone).date()) + timedelta(days=1)
        found = await self._all("/sales", {"f_date1": wire.day_text(day), "f_date2": wire.day_text(until)})
        if isinstance(found, Unanswered):
            return found
        receipts = []
        for row in found:
            if wire.sold_at(row, self._zone).date() != day:
                continue
            whole = row if wire.items_of(row) else await self._one(row)
            if isinstance(whole, Unanswered):
                return whole
            receipts.append(wire.receipt(whole, self._zone))
        return tuple(sorted(receipts, key=lambda each: (each.sold_at, each.number)))

    async def _one(self, row: dict[str, Any]) -> dict[str, Any] | Unanswered:
        """Fetch a sale by its number, since nothing says that lists have the items."""
        number = wire.sale_number(row)
        found = await self._all("/sales", {"f_global_id": number})
        if isinstance(found, Unanswered):
            return found
        return next((each for each in found if wire.sale_number(each) == number), row)

    @understood
    async def stock(self) -> tuple[Package, ...] | Unanswered:
        """Read the inventories with what is known of their types, areas and laboratory results (4.3).

        A list that is not there, or not for this key, leaves what it would have said unknown; one that did not come
        leaves all of it unanswered.
        """
        inventories = await self._all("/inventories", {})
        if isinstance(inventories, Unanswered):
            return inventories
        beside: list[dict[str, dict[str, Any]]] = []
        for path in ("/inventory_types", "/lab_results", "/areas"):
            found = await self._all(path, {})
            if isinstance(found, Unanswered):
                if found.kind not in {Silence.DENIED, Silence.WITHHELD, Silence.ABSENT}:
                    return found
                found = []
            beside.append({number: row for row in found if (number := wire.words(row, "global_id"))})
        shelf = Shelf(self._categories, *beside)
        return tuple(package(row, shelf, self._zone) for row in inventories if not wire.is_deleted(row))

    async def close(self) -> None:
        """Let go of connections."""
        await self._wire.close()

    async def _get(self, path: str, params: Mapping[str, str]) -> Response | Unanswered:
        asked = {name: value.encode(errors="replace").decode() for name, value in params.items()}
        async with self._turn:
            return await self._wire.get(path, asked)

    async def _post(self, path: str, text: str) -> Response | Unanswered:
        async with self._turn:
            return await self._wire.post(path, text)

    async def _all(self, path: str, params: Mapping[str, str]) -> list[dict[str, Any]] | Unanswered:
        """Read every page of a list; of a row that moved while it was read, the last change counts."""
        newest: dict[str, dict[str, Any]] = {}
        unnumbered: list[dict[str, Any]] = []
        for asked_for in range(1, MOST_PAGES + 1):
            more = {"page": str(asked_for)} if asked_for > 1 else {}
            answer = self._answered(await self._get(path, {**params, **more}))
            if isinstance(answer, Unanswered):
                return answer
            for row in wire.rows(answer.body):
                number = wire.words(row, "global_id")
                known = newest.get(number)
                if not number:
                    unnumbered.append(row)
                elif known is None or wire.changed_at(row) >= wire.changed_at(known):
                    newest[number] = row
            page = wire.page(answer.body, asked_for)
            if asked_for >= page.of:
                found = [*newest.values(), *unnumbered]
                if page.total is not None and len(found) < page.total:
                    raise NotUnderstood(f"of {page.total} rows only {len(found)} came")
                return found
        return Unanswered(Silence.UNREADABLE, f"{self.name} has more than {MOST_PAGES} pages")

    def _answered(self, answer: Response | Unanswered) -> Response | Unanswered:
        """Return an answer that holds something, or why it does not."""
        if isinstance(answer, Unanswered):
            return answer
        if answer.status in {401, 403}:
            return self._denied(answer.status)
        if answer.status == 404:
            return Unanswered(Silence.ABSENT, f"{self.name} does not offer this call here")
        if answer.status >= 400 or wire.is_error(answer.body):
            why = wire.complaint(answer.body) or f"HTTP {answer.status}"
            return Unanswered(Silence.UNREADABLE, f"{self.name} did not accept the question: {why}")
        if answer.body is None:
            return Unanswered(Silence.UNREADABLE, f"{self.name} sent an empty answer")
        return answer

    def _written(self, answer: Response | Unanswered) -> Response | PostRefused | Unanswered:
        """Return the answer to something that was written, or why it was not."""
        if isinstance(answer, Unanswered):
            return answer
        if answer.status in {401, 403}:
            return self._denied(answer.status)
        if answer.status >= 400 or wire.is_error(answer.body):
            return PostRefused(wire.complaint(answer.body) or f"HTTP {answer.status}")
        return answer

    def _denied(self, status: int) -> Unanswered:
        is_known = status == 403
        words = "does not let this key do that" if is_known else "does not accept this key"
        kind = Silence.WITHHELD if is_known else Silence.DENIED
        return Unanswered(kind, f"{self.name} {words}; check it with the state (HTTP {status})")
