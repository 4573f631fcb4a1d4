"""Flowhub, through its public API. Sections are those of the POS reference; all of it was seen in public code (3) [B].

No line of a sale bears a tag. Through the stock it is known whether there is one, and of which packages the line may
be; which it was is not told, and nothing is compared as if it were.
"""

import asyncio
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import httpx

from pcc_desk.adapters.clean import cleaned
from pcc_desk.adapters.http import WHOLE_S, Response, Wire
from pcc_desk.adapters.keys import KEY_ENDS, key_end, takes
from pcc_desk.adapters.pos import flowhub_wire as wire
from pcc_desk.adapters.pos.wire import Evidence, day_window, refused, rows_of, words
from pcc_desk.adapters.state.fields import NotUnderstood, field, understood
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.capabilities import Offer, PosCall
from pcc_desk.domain.sales import Closing, Pull, is_around
from pcc_desk.domain.shelf import Guest, ShelfPackage

ADDRESS = "https://api.flowhub.co"
PAGE = 100
MOST_PAGES = 500
RIGHT = "what it asks for; have it added where the key was issued"

Row = dict[str, Any]


@takes("client_id", "key", KEY_ENDS)
def connect(settings: Mapping[str, str], credentials: Mapping[str, str]) -> "Flowhub":
    """Return a connection. Settings: zone; name, base_url, location (its id or name), days_before.

    `days_before` is how many days before a day its sales may have been opened: the list goes by when an order was
    opened, not by when it was paid. Credentials: client_id, key, and key_ends. Raises `ValueError`.
    """
    connection = Flowhub(
        name=settings.get("name", "Flowhub"),
        base_url=settings.get("base_url", ADDRESS),
        zone=ZoneInfo(settings["zone"]),
        location=settings.get("location", ""),
        keys=(credentials.get("client_id", ""), credentials.get("key", "")),
        days_before=int(settings.get("days_before", "1")),
    )
    connection.key_ends = key_end(settings, credentials)
    return connection


class Flowhub:
    """Implements `desk.ports_outside.PointOfSale`."""

    key_ends: date | None = None

    def __init__(
        self,
        *,
        name: str,
        base_url: str,
        zone: ZoneInfo,
        location: str,
        keys: tuple[str, str],
        days_before: int = 1,
        transport: httpx.AsyncBaseTransport | None = None,
        whole_s: float = WHOLE_S,
    ) -> None:
        if not 1 <= days_before <= 60:
            raise ValueError("orders are opened from 1 to 60 days before they are paid")
        self.name = name
        self._zone = zone
        self._location = location
        self._days_before = days_before
        headers = {"clientId": keys[0], "key": keys[1]}
        self._wire = Wire(name, base_url, headers=headers, transport=transport, whole_s=whole_s)
        self._turn = asyncio.Semaphore(1)

    @understood
    async def ping(self) -> str | Unanswered:
        """Ask for the locations of this key; ours must be among them."""
        found = await self._ours()
        return found if isinstance(found, Unanswered) else words(found, "locationName") or words(found, "locationId")

    async def capabilities(self) -> tuple[Offer, ...]:
        """Return what public code shows of it; nothing of it is published by the vendor for everybody."""
        seen = "seen in public code; lines bear no tag, so that packages are not compared"
        none = "its public API has no such call"
        return (
            Offer(PosCall.SALES, is_offered=True, why=seen),
            Offer(PosCall.STOCK, is_offered=True, why="seen in public code"),
            Offer(PosCall.PRICES, is_offered=True, why="seen in public code"),
            Offer(PosCall.CLOSING, is_offered=False, why=f"{none}; its report is a CSV file"),
            Offer(PosCall.QUEUE, is_offered=False, why=none),
        )

    @understood
    async def sales(self, day: date) -> Pull | Unanswered:
        """Read the orders opened on a day, before it and after it, page by page, with what was paid around the day.

        The bounds are days on the store's clock and go by when an order was opened: one opened at 23:50 and paid at
        00:10 lies in the day before (3).
        """
        location = await self._ours()
        if isinstance(location, Unanswered):
            return location
        self._same_zone(location, day)
        evidence = Evidence()
        first, last = day - timedelta(days=self._days_before), day + timedelta(days=1)
        orders = await self._orders(wire.needed_text(location, "importId"), first, last, evidence)
        if isinstance(orders, Unanswered):
            return orders
        paid = [each for each in orders if wire.is_sold(each) and is_around(day, wire.paid_at(each, self._zone))]
        stock = await self._packages(location) if paid else ()
        if isinstance(stock, Unanswered):
            return stock
        shelf = wire.Shelf(stock)
        sales = wire.sales_of(paid, shelf, self._zone)
        return Pull(
            sales,
            f"{self.name}, orders opened {first} to {last}",
            evidence.sha256,
            evidence.rows,
            is_complete=not shelf.unknown,
            why_partial=shelf.why_partial,
            partial_at=wire.unknown_at(sales),
            window=day_window(day, self._zone, before=self._days_before, after=1),
            zone=self._zone.key,
        )

    async def closing(self, day: date) -> Closing | Unanswered:
        """Say that there is none but as a file."""
        return Unanswered(Silence.ABSENT, f"{self.name} tells its closing report as a CSV file only")

    @understood
    async def stock(self) -> tuple[ShelfPackage, ...] | Unanswered:
        """Read the packages of the location."""
        location = await self._ours()
        if isinstance(location, Unanswered):
            return location
        return await self._packages(location)

    async def queue(self) -> tuple[Guest, ...] | Unanswered:
        """Say that there is none."""
        return Unanswered(Silence.ABSENT, f"the public API of {self.name} tells no queue")

    async def prices(self) -> dict[str, int] | Unanswered:
        """Return the prices of what is in stock."""
        stock = await self.stock()
        if isinstance(stock, Unanswered):
            return stock
        return {each.label: each.price_cents for each in stock if each.label and each.price_cents is not None}

    async def close(self) -> None:
        """Let go of connections."""
        await self._wire.close()

    # Asking

    async def _get(self, path: str, params: Mapping[str, str] | None = None) -> Response | Unanswered:
        async with self._turn:
            answer = await self._wire.get(path, params)
        return answer if isinstance(answer, Unanswered) else refused(self.name, answer, RIGHT) or answer

    async def _ours(self) -> Row | Unanswered:
        """Return the location of this shop: the one that the settings name, or the only one."""
        answer = await self._get("/v0/clientsLocations")
        if isinstance(answer, Unanswered):
            return answer
        all_of_them = rows_of(field(answer.body, "data"))
        wanted = cleaned(self._location).lower()
        ours = [
            each
            for each in all_of_them
            if wanted in {words(each, "locationId").lower(), words(each, "locationName").lower()} or not wanted
        ]
        if len(ours) == 1:
            return ours[0]
        if not wanted and len(ours) > 1:
            why = f"this key of {self.name} is for {len(ours)} locations; name ours in the settings file (location)"
            return Unanswered(Silence.WITHHELD, why)
        return Unanswered(Silence.DENIED, f"this key of {self.name} is not for location {cleaned(self._location, 60)}")

    def _same_zone(self, location: Row, day: date) -> None:
        """Raise `NotUnderstood` when the store's zone there is another than ours: its days would be others."""
        said = words(location, "timeZone", 60)
        try:
            theirs = ZoneInfo(said) if said else self._zone
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return
        noon = datetime.combine(day, time(12), UTC)
        if noon.astimezone(theirs).utcoffset() != noon.astimezone(self._zone).utcoffset():
            raise NotUnderstood(
                f"its location is in the zone {said}, this shop in {self._zone.key}; correct one of them"
            )

    async def _orders(self, import_id: str, first: date, last: date, evidence: Evidence) -> list[Row] | Unanswered:
        """Return every order opened in a span of days, each once: as many as it says there are."""
        found: dict[str, Row] = {}
        total = 0
        for page in range(1, MOST_PAGES + 1):
            params = {
                "created_after": first.isoformat(),
                "created_before": last.isoformat(),
                "page": str(page),
                "page_size": str(PAGE),
                "order_by": "asc",
            }
            answer = await self._get(f"/v1/orders/findByLocationId/{wire.piece(import_id)}", params)
            if isinstance(answer, Unanswered):
                return answer
            rows = rows_of(field(answer.body, "orders"))
            evidence.take(answer, len(rows))
            total = wire.total_of(answer.body)
            before = len(found)
            for row in rows:
                found[wire.needed_text(row, "id")] = row
            if len(found) >= total:
                return list(found.values())
            if len(found) == before:
                break
        return Unanswered(
            Silence.UNREADABLE, f"{self.name} told of {total} orders and sent {len(found)}; compare again"
        )

    async def _packages(self, location: Row) -> tuple[ShelfPackage, ...] | Unanswered:
        place = wire.piece(wire.needed_text(location, "locationId"))
        answer = await self._get(f"/v0/locations/{place}/inventory")
        if isinstance(answer, Unanswered):
            return answer
        return tuple(map(wire.package, rows_of(field(answer.body, "data"))))
