"""METRC, version 2 of its API.

Sections named below are those of the state-systems reference.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import httpx

from pcc_desk.adapters.clean import cleaned
from pcc_desk.adapters.http import WHOLE_S, Response, Wire
from pcc_desk.adapters.state import metrc_packages
from pcc_desk.adapters.state import metrc_wire as wire
from pcc_desk.adapters.state.fields import NotUnderstood, identifier, inside, text, understood
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.capabilities import Call, Offer
from pcc_desk.domain.dispensing import Dispensation, NotPosted, Posted, PostRefused, Voided
from pcc_desk.domain.products import Package
from pcc_desk.domain.reconciling.terms import KnownPackage
from pcc_desk.domain.registry import CardNotFound, CaregiverAnswer, RegistryAnswer
from pcc_desk.domain.sales import Receipt

PAGE_SIZE = 20
MOST_PAGES = 500
AT_ONCE = 2
"""What one desk allows itself (2.5); the shop shares the facility's rate with its other systems."""

WINDOW = timedelta(hours=24)
OVERLAP = timedelta(minutes=65)
"""Windows of last change are read oldest first and overlap by about an hour, for clocks that drift (2.3)."""


class Metrc:
    """Implements `desk.ports_outside.StateSystem`."""

    version = "v2"
    key_ends: date | None = None

    def __init__(
        self,
        *,
        name: str,
        base_url: str,
        licence: str,
        zone: ZoneInfo,
        keys: tuple[str, str],
        categories: Mapping[str, str],
        transport: httpx.AsyncBaseTransport | None = None,
        whole_s: float = WHOLE_S,
    ) -> None:
        self.name = name
        self._licence = licence
        self._zone = zone
        self._categories = categories
        params = {"licenseNumber": licence}
        self._wire = Wire(name, base_url, auth=keys, params=params, transport=transport, whole_s=whole_s)
        self._turn = asyncio.Semaphore(AT_ONCE)

    @understood
    async def ping(self) -> str | Unanswered:
        """Ask for the facilities of this key (2.2); ours must be among them."""
        answer = await self._get(f"/facilities/{self.version}")
        if isinstance(answer, Unanswered):
            return answer
        refused = self._refusal(answer)
        if refused is not None:
            return refused
        for facility in wire.rows(answer.body):
            licence = text(inside(facility, "License"), "Number")
            if not licence:
                raise NotUnderstood("a facility has no licence")
            if licence == self._licence:
                return text(facility, "DisplayName") or text(facility, "Name") or self._licence
        return Unanswered(Silence.DENIED, f"this key of {self.name} is not for licence {cleaned(self._licence, 40)}")

    @understood
    async def standing(self, card_number: str) -> RegistryAnswer:
        """Ask what a card may buy (2.7). 404 and an empty list both say that there is no such card."""
        answer = await self._get(f"/patients/{self.version}/statuses/{_piece(card_number)}")
        if isinstance(answer, Unanswered):
            return answer
        if answer.status == 404:
            return CardNotFound(card_number)
        refused = await self._not_told(answer, "Lookup Patients")
        if refused is not None:
            return refused
        return wire.standing(card_number, answer.body)

    async def post(self, dispensation: Dispensation) -> Posted | PostRefused | Unanswered:
        """Record a receipt (2.9): an array of one, in the shop's local time, numbers as they are."""
        text = wire.receipt_text(dispensation, self._zone)
        async with self._turn:
            answer = await self._wire.post(f"/sales/{self.version}/receipts", text)
        if isinstance(answer, Unanswered):
            return answer
        not_written = self._written(answer)
        return not_written or await self._posted(answer, dispensation.external_number)

    async def _posted(self, answer: Response, external_number: str) -> Posted | Unanswered:
        """Return the number that a posting was given. It was taken: without a number it is in doubt."""
        receipt = wire.first_id(answer.body)
        if receipt is None:
            return Unanswered(Silence.TIMED_OUT, f"{self.name} took it and gave no number")
        return Posted(receipt)

    async def capabilities(self) -> tuple[Offer, ...]:
        """Return what the documents of version 2 list (2.7 to 2.11); which state enables what is found by asking."""
        return tuple(Offer(call, True, "METRC's documents of version 2 list it") for call in Call)

    @understood
    async def caregiver(self, card_number: str) -> CaregiverAnswer:
        """Ask for a caregiver's card (2.7): one object, whose list of patients is new and may be absent."""
        answer = await self._get(f"/caregivers/{self.version}/status/{_piece(card_number)}")
        if isinstance(answer, Unanswered):
            return answer
        if answer.status == 404:
            return CardNotFound(card_number)
        refused = await self._not_told(answer, "Lookup Caregivers")
        if refused is not None:
            return refused
        return wire.caregiver(card_number, answer.body)

    async def correct(self, receipt: str, dispensation: Dispensation) -> Posted | PostRefused | Unanswered:
        """Replace a receipt as a whole (2.9)."""
        async with self._turn:
            text = wire.receipt_text(dispensation, self._zone, receipt)
            answer = await self._wire.put(f"/sales/{self.version}/receipts", text)
        if isinstance(answer, Unanswered):
            return answer
        return self._changed(answer) or Posted(receipt)

    async def void(self, receipt: str, why: str) -> Voided | PostRefused | Unanswered:
        """Archive a receipt (2.9). METRC keeps no reason; one that is archived already stays so."""
        async with self._turn:
            answer = await self._wire.delete(f"/sales/{self.version}/receipts/{_piece(receipt)}")
        if isinstance(answer, Unanswered):
            return answer
        return self._changed(answer) or Voided(receipt)

    def _written(self, answer: Response) -> PostRefused | Unanswered | None:
        """Return why something was not written; None when it was."""
        if answer.status in {401, 403}:
            return self._denied(answer.status, "Manage Sales")
        if answer.status >= 400:
            return PostRefused(wire.complaint(answer.body) or f"HTTP {answer.status}")
        return None

    def _changed(self, answer: Response) -> PostRefused | Unanswered | None:
        """Return why a receipt was not changed, or why nobody can tell; None when it was."""
        not_written = self._written(answer)
        complaint = wire.complaint(answer.body)
        if not_written is not None or not complaint:
            return not_written
        return Unanswered(Silence.TIMED_OUT, f"{self.name} took it and complained all the same: {complaint}")

    @understood
    async def find_posted(self, external_number: str) -> Posted | NotPosted | Unanswered:
        """Look up our own number (2.6). A receipt that was voided stands: it is not sent again.

        Not there may be 404 or 401; with 401 the key is tried on something else before it is believed.
        """
        answer = await self._get(f"/sales/{self.version}/receipts/external/{_piece(external_number)}")
        if isinstance(answer, Unanswered):
            return answer
        if answer.status == 404:
            return NotPosted()
        if answer.status == 401:
            reached = await self.ping()
            return reached if isinstance(reached, Unanswered) else NotPosted()
        refused = self._refusal(answer)
        if refused is not None:
            return refused
        found = wire.rows(answer.body)
        if any(said != external_number for row in found if (said := identifier(row, "ExternalReceiptNumber"))):
            raise NotUnderstood("it speaks of another receipt")
        return Posted(wire.receipt_number(found[0])) if found else NotPosted()

    @understood
    async def posted_on(self, day: date, now: datetime) -> tuple[Receipt, ...] | Unanswered:
        """Read every receipt of a local day (2.9): open and closed ones, by windows of last change up to `now`.

        A page that is missing makes the whole day unanswered: half a day compares to nothing.
        """
        newest: dict[str, dict[str, Any]] = {}
        start = datetime.combine(day, datetime.min.time(), self._zone).astimezone(UTC)
        now += timedelta(microseconds=-now.microsecond % 1_000_000)  # questions speak of whole seconds
        while start < now:
            end = min(start + WINDOW, now)
            span = {"lastModifiedStart": wire.query_time(start), "lastModifiedEnd": wire.query_time(end)}
            for which in ("active", "inactive"):
                rows = await self._all(f"/sales/{self.version}/receipts/{which}", span)
                if isinstance(rows, Unanswered):
                    return rows
                for row in rows:
                    known = newest.get(number := wire.receipt_number(row))
                    if known is None or wire.changed_at(row) >= wire.changed_at(known):
                        newest[number] = row
            start = end if end == now else end - OVERLAP
        return await self._receipts(day, list(newest.values()))

    async def _receipts(self, day: date, rows: list[dict[str, Any]]) -> tuple[Receipt, ...] | Unanswered:
        receipts = []
        for row in rows:
            if wire.sold_at(row, self._zone).date() != day:
                continue
            whole = row if wire.lines_of(row) else await self._one(row)
            if isinstance(whole, Unanswered):
                return whole
            receipts.append(wire.receipt(whole, self._zone))
        return tuple(sorted(receipts, key=lambda each: (each.sold_at, each.number)))

    async def _one(self, row: dict[str, Any]) -> dict[str, Any] | Unanswered:
        """Fetch a receipt by its number, since lists may leave its lines out."""
        answer = await self._get(f"/sales/{self.version}/receipts/{wire.receipt_number(row)}")
        if isinstance(answer, Unanswered):
            return answer
        refused = self._refusal(answer)
        if refused is not None:
            return refused
        found = wire.rows(answer.body)
        return found[0] if found else row

    @understood
    async def stock(self) -> tuple[Package, ...] | Unanswered:
        """Read the active packages (2.11)."""
        rows = await self._all(f"/packages/{self.version}/active", {})
        if isinstance(rows, Unanswered):
            return rows
        return tuple(metrc_packages.package(row, self._categories) for row in rows)

    @understood
    async def look_up_package(self, label: str) -> KnownPackage | Unanswered | None:
        """Look a package up by its label (2.11). None: it is not found, or this licence is not told of it."""
        answer = await self._get(f"/packages/{self.version}/{_piece(label)}")
        if isinstance(answer, Unanswered):
            return answer
        is_untold = answer.status in {401, 404}
        refused = await self._out_of_reach() if is_untold else self._refusal(answer)
        if refused is not None:
            return refused
        told = [] if is_untold else [metrc_packages.known_package(row, self._zone) for row in wire.rows(answer.body)]
        if any(package.label != label for package in told):
            raise NotUnderstood("it speaks of another package")
        return told[0] if told else None

    async def _out_of_reach(self) -> Unanswered | None:
        """Return why nothing at all is told; None: the key is good, and what was asked for is not told (2.2)."""
        reached = await self.ping()
        return reached if isinstance(reached, Unanswered) else None

    async def close(self) -> None:
        """Let go of connections."""
        await self._wire.close()

    async def _get(self, path: str, params: Mapping[str, str] | None = None) -> Response | Unanswered:
        async with self._turn:
            return await self._wire.get(path, params)

    async def _all(self, path: str, params: Mapping[str, str]) -> list[dict[str, Any]] | Unanswered:
        found: list[dict[str, Any]] = []
        last: list[dict[str, Any]] = []
        async for page in self._pages(path, params):
            if isinstance(page, Unanswered):
                return page
            if page and page == last:
                raise NotUnderstood("the same page came twice")
            found += page
            last = page
        return found

    async def _pages(self, path: str, params: Mapping[str, str]) -> AsyncIterator[list[dict[str, Any]] | Unanswered]:
        for number in range(1, MOST_PAGES + 1):
            answer = await self._get(path, {**params, "pageNumber": str(number), "pageSize": str(PAGE_SIZE)})
            if isinstance(answer, Unanswered):
                yield answer
                return
            refused = self._refusal(answer)
            if refused is not None:
                yield refused
                return
            yield wire.rows(answer.body)
            if number >= wire.total_pages(answer.body):
                return
        yield Unanswered(Silence.UNREADABLE, f"{self.name} has more than {MOST_PAGES} pages")

    async def _not_told(self, answer: Response, right: str) -> Unanswered | None:
        """Return why a look-up tells nothing. 401 has two meanings (2.2): the key is tried on something cheap."""
        refused = self._refusal(answer, right)
        if answer.status != 401:
            return refused
        reached = await self.ping()
        if isinstance(reached, Unanswered):
            return reached
        why = f"it is not for this licence, or this employee lacks “{right}” there (HTTP 401)"
        return Unanswered(Silence.WITHHELD, f"{self.name} accepts this key and does not tell it of this card: {why}")

    def _refusal(self, answer: Response, right: str = "") -> Unanswered | None:
        """Return why an answer that should hold something does not. `right`: the permission that it takes (2.2)."""
        if answer.status in {401, 403}:
            return self._denied(answer.status, right)
        if answer.status == 404:
            return Unanswered(Silence.ABSENT, f"{self.name} does not offer this call here")
        if answer.status >= 400:
            why = wire.complaint(answer.body) or f"HTTP {answer.status}"
            return Unanswered(Silence.UNREADABLE, f"{self.name} did not accept the question: {why}")
        if answer.body is None:
            return Unanswered(Silence.UNREADABLE, f"{self.name} sent an empty answer")
        return None

    def _denied(self, status: int, right: str = "") -> Unanswered:
        if status == 401:
            return Unanswered(
                Silence.DENIED, f"{self.name} does not accept this key; check it with the state (HTTP 401)"
            )
        give = f"have “{right}” given to it there" if right else "have its permissions looked at there"
        return Unanswered(
            Silence.WITHHELD, f"{self.name} accepts this employee's key and does not let it do that; {give} (HTTP 403)"
        )


def _piece(number: str) -> str:
    """Return a number as one piece of an address."""
    return quote(number, safe="", errors="replace")
