"""The licensee generation of BioTrack, Florida's and once New York's, for sales (state-systems reference, 3.4).

What is sent with a sale is not published: it is modelled on the shape in which sales are read, and offered as untried.
"""

from collections.abc import AsyncIterator, Mapping
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pcc_desk.adapters.http import Response
from pcc_desk.adapters.state import biotrack_wire as wire
from pcc_desk.adapters.state.biotrack_rest import Rest
from pcc_desk.adapters.state.fields import NotUnderstood, field, identifier, number, text, understood, written_day
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.capabilities import Call, Offer
from pcc_desk.domain.dispensing import Dispensation, NotPosted, Posted, PostRefused, Voided
from pcc_desk.domain.products import Package
from pcc_desk.domain.quantity import Unit
from pcc_desk.domain.registry import CaregiverAnswer, RegistryAnswer
from pcc_desk.domain.sales import Receipt, SoldLine

MOST_PAGES = 500

NO_PATIENTS = "no call for patients is published"
MODELLED = "what is sent with it is not published; it is modelled on the shape in which sales are read"
OFFERS = {
    Call.STANDING: (False, NO_PATIENTS),
    Call.CAREGIVER: (False, NO_PATIENTS),
    Call.POST: (None, MODELLED),
    Call.FIND_POSTED: (True, "the list of sales, by ExternalID"),
    Call.CORRECT: (None, MODELLED),
    Call.VOID: (True, "the void of a sale"),
    Call.POSTED_ON: (True, "the list of sales, by the time at which the state took them"),
    Call.STOCK: (True, "the list of the inventory"),
}

BLOCKED = (("Seized", "seized"), ("Destroyed", "destroyed"), ("IsSample", "a sample"), ("Quarantine", "in quarantine"))


Done = TypeVar("Done", Posted, Voided)


class BioTrackLicensee:
    """Implements `desk.ports_outside.StateSystem`."""

    key_ends: date | None = None

    def __init__(
        self, rest: Rest, *, licence: str, zone: ZoneInfo, categories: Mapping[str, str], cursor: str = "cursor"
    ) -> None:
        """Set up. `cursor` is the name by which the next page is asked for, which is not published."""
        self.name = rest.name
        self._rest = rest
        self._licence = licence
        self._zone = zone
        self._categories = categories
        self._cursor = cursor

    @understood
    async def ping(self) -> str | Unanswered:
        """Ask for the shop's rooms."""
        answer = await self._rest.get("/v1/inventory/room")
        if isinstance(answer, Unanswered):
            return answer
        refused = self._rest.refusal(answer)
        if refused is None:
            wire.rows(answer.body, "Room")
        return refused or self._licence

    async def capabilities(self) -> tuple[Offer, ...]:
        """Return what is known of this generation from public sources."""
        return tuple(Offer(call, *OFFERS[call]) for call in Call)

    async def standing(self, card_number: str) -> RegistryAnswer:
        """Return that no such call is published."""
        return Unanswered(Silence.ABSENT, f"{self.name}: {NO_PATIENTS}")

    async def caregiver(self, card_number: str) -> CaregiverAnswer:
        """Return that no such call is published."""
        return Unanswered(Silence.ABSENT, f"{self.name}: {NO_PATIENTS}")

    async def post(self, dispensation: Dispensation) -> Posted | PostRefused | Unanswered:
        """Record a sale. The dispensation's own id is that of the request, however often it is sent."""
        answer = await self._rest.post("/v1/sale", _sale(dispensation))
        if isinstance(answer, Unanswered):
            return answer
        refused = self._rest.not_written(answer, dispensation.card_number)
        if refused is not None:
            return refused
        try:
            (made,) = wire.rows(answer.body, "Sale")
            return Posted(wire.needed(made, "ID"))
        except (NotUnderstood, ValueError):
            return Unanswered(Silence.TIMED_OUT, f"{self.name} took it and gave no number")

    @understood
    async def find_posted(self, external_number: str) -> Posted | NotPosted | Unanswered:
        """Look for our own number through the whole list. A sale that was deleted stands: it is not sent again."""
        found: Posted | NotPosted = NotPosted()
        async for page in self._pages("/v1/sale", "Sale"):
            if isinstance(page, Unanswered):
                return page
            for each in page:
                if identifier(each, "ExternalID") == external_number:
                    found = Posted(wire.needed(each, "ID"))
        return found

    async def correct(self, receipt: str, dispensation: Dispensation) -> Posted | PostRefused | Unanswered:
        """Put a sale in the place of what the state has; told again, it is as it was."""
        if not _is_number(receipt):
            return PostRefused("that is no number of a sale")
        answer = await self._rest.put(f"/v1/sale/{receipt}", _sale(dispensation))
        if isinstance(answer, Unanswered):
            return answer
        refused = self._rest.not_written(answer, dispensation.card_number)
        return refused or self._said_of(receipt, answer, "ID", Posted(receipt))

    @understood
    async def void(self, receipt: str, why: str) -> Voided | PostRefused | Unanswered:
        """Void a sale, with the reason. One that is void already is told as such."""
        if not _is_number(receipt):
            return PostRefused("that is no number of a sale")
        answer = await self._rest.put(f"/v1/sale/{receipt}/void", {"VoidReason": why})
        if isinstance(answer, Unanswered):
            return answer
        refused = self._rest.not_written(answer)
        if isinstance(refused, PostRefused):
            return Voided(receipt) if await self._is_void(receipt) else refused
        return refused or self._said_of(receipt, answer, "transactionID", Voided(receipt))

    @understood
    async def posted_on(self, day: date, now: datetime) -> tuple[Receipt, ...] | Unanswered:
        """Read the sales that the state took on a local day.

        The state keeps the time at which it took a sale, not the one at which it was made (3.5): what was posted after
        an outage stands under the day of the posting, and is missing under its own.
        """
        receipts = []
        async for page in self._pages("/v1/sale", "Sale"):
            if isinstance(page, Unanswered):
                return page
            receipts += [_receipt(each, self._zone) for each in page if _taken_at(each, self._zone).date() == day]
        return tuple(sorted(receipts, key=lambda each: (each.sold_at, each.number)))

    @understood
    async def stock(self) -> tuple[Package, ...] | Unanswered:
        """Read the inventory, without what was deleted."""
        packages = []
        async for page in self._pages("/v1/inventory", "Inventory"):
            if isinstance(page, Unanswered):
                return page
            packages += [_package(each, self._categories) for each in page if not wire.flag(each, "Deleted")]
        return tuple({each.label: each for each in packages}.values())

    async def close(self) -> None:
        """Let go of connections."""
        await self._rest.close()

    def _said_of(self, receipt: str, answer: Response, name: str, done: Done) -> Done | Unanswered:
        """Return what was done, when the answer has the number that says so: a transaction, or the sale's own."""
        try:
            said = wire.needed(answer.body, name)
        except NotUnderstood:
            said = ""
        if not said or (name == "ID" and said != receipt):
            return Unanswered(Silence.TIMED_OUT, f"{self.name} sent something that says neither yes nor no")
        return done

    async def _is_void(self, receipt: str) -> bool:
        answer = await self._rest.get(f"/v1/sale/{receipt}")
        if not isinstance(answer, Response) or answer.status >= 400:
            return False
        return _receipt(field(answer.body, "Sale"), self._zone).is_void

    async def _pages(self, path: str, name: str) -> AsyncIterator[list[dict[str, Any]] | Unanswered]:
        """Read a list page by page, until no next one is named."""
        seen = {""}
        params: dict[str, str] = {}
        for _ in range(MOST_PAGES):
            answer = await self._rest.get(path, params)
            refused = answer if isinstance(answer, Unanswered) else self._rest.refusal(answer)
            if isinstance(answer, Unanswered) or refused is not None:
                yield refused or Unanswered(Silence.UNREADABLE, f"{self.name} sent something that is no answer")
                return
            yield wire.rows(answer.body, name)
            following = identifier(answer.body, "NextCursor")
            if following in {"", "0"}:
                return
            if following in seen:
                raise NotUnderstood("the same page came twice")
            seen.add(following)
            params = {self._cursor: following}
        yield Unanswered(Silence.UNREADABLE, f"{self.name} has more than {MOST_PAGES} pages")


def _is_number(receipt: str) -> bool:
    return receipt.isascii() and receipt.isdigit()


def _sale(dispensation: Dispensation) -> dict[str, Any]:
    return {
        "CardID": dispensation.card_number,
        "ExternalID": dispensation.external_number,
        "RequestID": str(dispensation.id),
        "Type": "MEDICAL",
        "Item": wire.number_lines(dispensation, "TaxCollected"),
    }


def _taken_at(row: Any, zone: ZoneInfo) -> datetime:
    """Return when the state took a sale, on the shop's clock: ISO 8601 with its zone, or seconds since 1970."""
    written = text(row, "CreatedOn")
    if not written or written.isdigit():
        return wire.unix_time(row, "CreatedOn", zone)
    try:
        at = datetime.fromisoformat(written)
        if at.tzinfo is None:
            raise NotUnderstood("the time of a sale has no zone")
        return at.astimezone(zone)
    except (ValueError, OverflowError) as error:
        raise error if isinstance(error, NotUnderstood) else NotUnderstood("CreatedOn is no time") from error


def _receipt(row: Any, zone: ZoneInfo) -> Receipt:
    """Return a sale as a receipt: void when it is deleted, or when each of its lines has a reason for a void."""
    items = wire.rows(row, "Item")
    left = [each for each in items if not text(each, "VoidReason")]
    return Receipt(
        number=wire.needed(row, "ID"),
        external_number=identifier(row, "ExternalID"),
        sold_at=_taken_at(row, zone),
        lines=tuple(_line(each) for each in (left or items)),
        is_void=wire.flag(row, "Deleted") is True or bool(items and not left),
    )


def _line(row: Any) -> SoldLine:
    return wire.line(identifier(row, "Barcode").upper(), number(row, "Quantity"), number(row, "Price"))


def _package(row: Any, categories: Mapping[str, str]) -> Package:
    kind, unit_words = identifier(row, "InventoryType"), text(row, "UOM").lower()
    remaining = number(row, "RemainingAmount")
    if remaining is None:
        raise NotUnderstood("a package has no quantity")
    is_counted = wire.flag(row, "UnitBased") is True or unit_words in wire.EACH_NAMES
    unit = Unit.EACH if is_counted else Unit.GRAMS if unit_words in wire.GRAM_NAMES else None
    state = text(row, "QAStatus")
    failed = f"not released by the laboratory ({state})" if "fail" in state.lower() else ""
    stocked = wire.Stocked(
        label=wire.needed(row, "ID").upper(),
        product=text(row, "ProductName") or text(row, "Strain"),
        kind=kind,
        remaining=remaining,
        unit=unit,
        unit_words=unit_words or "no unit",
        piece_g=wire.first_of(row, ("MedUsableWeight", "UsableWeight", "RecUsableWeight")),
        blocked=wire.why_blocked(row, BLOCKED) or failed,
        expires_on=written_day(row, "ExpirationDate"),
    )
    return wire.package(stocked, categories)
