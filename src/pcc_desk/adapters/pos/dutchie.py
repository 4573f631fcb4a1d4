"""Dutchie POS, through its API of version 1. Sections are those of the POS reference.

A key is one location's and carries roles (2.1): Reporting for sales, closings and stock, Customer for the queue and for
whose card a sale was. Without the latter the card is not known, and everything else is.
"""

import asyncio
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from pcc_desk.adapters.clean import cleaned
from pcc_desk.adapters.http import WHOLE_S, Response, Wire, is_too_much
from pcc_desk.adapters.keys import KEY_ENDS, key_end, takes
from pcc_desk.adapters.pos import dutchie_wire as wire
from pcc_desk.adapters.pos.dutchie_customers import Customers, guest
from pcc_desk.adapters.pos.dutchie_reports import closing, package
from pcc_desk.adapters.pos.wire import Evidence, day_window, refused, rows_of, words
from pcc_desk.adapters.state.fields import NotUnderstood, understood
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.capabilities import Offer, PosCall
from pcc_desk.domain.people import card_key
from pcc_desk.domain.sales import Closing, Pull, Window
from pcc_desk.domain.shelf import Guest, ShelfPackage

ADDRESS = "https://api.pos.dutchie.com"
PIECE = timedelta(hours=12)
SHORTEST = timedelta(minutes=10)
"""A day's sales with their lines may be more than one answer holds: its time is halved, down to this."""
PAGE = 1000
MOST_PAGES = 200

ROLES = {
    "reporting": "the role Reporting; have it added where the key was issued",
    "customer": "the role Customer; have it added where the key was issued",
}

Row = dict[str, Any]


@takes("location_key", "integrator_key", KEY_ENDS)
def connect(settings: Mapping[str, str], credentials: Mapping[str, str]) -> "Dutchie":
    """Return a connection. Settings: zone; name, base_url, licence, customers (no: cards are not looked up).

    Credentials: location_key; integrator_key, which is empty today and may be asked for later (2.1); key_ends. Raises
    `ValueError` for an address that is not safe to use.
    """
    connection = Dutchie(
        name=settings.get("name", "Dutchie POS"),
        base_url=settings.get("base_url", ADDRESS),
        zone=ZoneInfo(settings["zone"]),
        licence=settings.get("licence", ""),
        keys=(credentials.get("location_key", ""), credentials.get("integrator_key", "")),
        asks_customers=settings.get("customers", "yes") != "no",
    )
    connection.key_ends = key_end(settings, credentials)
    return connection


class Dutchie:
    """Implements `desk.ports_outside.PointOfSale`."""

    key_ends: date | None = None

    def __init__(
        self,
        *,
        name: str,
        base_url: str,
        zone: ZoneInfo,
        licence: str,
        keys: tuple[str, str],
        asks_customers: bool = True,
        transport: httpx.AsyncBaseTransport | None = None,
        whole_s: float = WHOLE_S,
    ) -> None:
        self.name = name
        self._zone = zone
        self._licence = licence
        self._asks_customers = asks_customers
        self._wire = Wire(name, base_url, auth=keys, transport=transport, whole_s=whole_s)
        self._turn = asyncio.Semaphore(1)
        """One call at a time: the documents allow 600 a minute, an integrator saw 60 (2.2)."""
        self._customers = Customers()
        """As read last: a day compared again asks for nobody who is known."""

    @understood
    async def ping(self) -> str | Unanswered:
        """Ask whose key this is; another location's would tell another shop's sales."""
        answer = await self._get("/whoami", {}, "reporting")
        if isinstance(answer, Unanswered):
            return answer
        there, licence = words(answer.body, "locationName"), words(answer.body, "licenseNumber")
        if not there:
            raise NotUnderstood("it does not say which location this key is for")
        if self._licence and licence and card_key(licence) != card_key(self._licence):
            ours = cleaned(self._licence, 40)
            why = f"this key of {self.name} is for {there}, licence {licence}, and not for licence {ours}"
            return Unanswered(Silence.DENIED, why)
        return there

    async def capabilities(self) -> tuple[Offer, ...]:
        """Return what its documents list; which roles this key has is found by asking."""
        reporting, customer = "its documents list it, for keys with the role Reporting", "the role Customer"
        return (
            Offer(PosCall.SALES, is_offered=True, why=reporting),
            Offer(PosCall.CLOSING, is_offered=True, why=reporting),
            Offer(PosCall.STOCK, is_offered=True, why=reporting),
            Offer(PosCall.PRICES, is_offered=True, why=reporting),
            Offer(PosCall.QUEUE, is_offered=True, why=f"for keys with {customer}; hidden rooms are not in it"),
        )

    @understood
    async def sales(self, day: date) -> Pull | Unanswered:
        """Read a day with a day on each side, by windows of UTC, as it was paid."""
        window = day_window(day, self._zone, before=1, after=1)
        evidence = Evidence()
        found = await self._between(window.start, window.end, evidence)
        if isinstance(found, Unanswered):
            return found
        sold = wire.day_of(list(found.values()), day, self._zone)
        cards = await self._cards({words(each, "customerId") for each in sold.rows})
        if isinstance(cards, Unanswered):
            return cards
        sales = wire.sales_of(sold, cards, self._zone)
        source = f"{self.name}, transactions of {day}"
        return Pull(sales, source, evidence.sha256, evidence.rows, window=window, zone=self._zone.key)

    @understood
    async def closing(self, day: date) -> Closing | Unanswered:
        """Read the closing report of a day: a snapshot, kept for seven days, that may differ from others (2.4)."""
        answer = await self._get("/reporting/closing-report", _span(day_window(day, self._zone)), "reporting")
        return answer if isinstance(answer, Unanswered) else closing(answer.body, f"{self.name}, closing report")

    @understood
    async def stock(self) -> tuple[ShelfPackage, ...] | Unanswered:
        """Read the packages, by the reporting call: the other shows only what is enabled for the API (2.7)."""
        answer = await self._get("/reporting/inventory", {}, "reporting")
        return answer if isinstance(answer, Unanswered) else tuple(map(package, rows_of(answer.body)))

    @understood
    async def queue(self) -> tuple[Guest, ...] | Unanswered:
        """Read who is checked in. Hidden and on-hold rooms are not in it, and of each customer the last only (2.5)."""
        answer = await self._get("/guestlist", {}, "customer")
        if isinstance(answer, Unanswered):
            return answer
        guests = [guest(each, self._zone) for each in rows_of(answer.body)]
        return tuple(sorted(guests, key=lambda each: (each.checked_in_at, each.number)))

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

    async def _get(self, path: str, params: Mapping[str, str], role: str) -> Response | Unanswered:
        async with self._turn:
            answer = await self._wire.get(path, params)
        if isinstance(answer, Unanswered):
            return answer
        return refused(self.name, answer, ROLES[role]) or answer

    async def _between(self, start: datetime, end: datetime, evidence: Evidence) -> dict[str, Row] | Unanswered:
        """Return the transactions of a time by their numbers; one that is missing makes the whole unanswered."""
        found: dict[str, Row] = {}
        while start < end:
            until = min(start + PIECE, end)
            part = await self._piece(Window(start, until), evidence)
            if isinstance(part, Unanswered):
                return part
            for row in part:
                wire.keep_newest(found, row)
            start = until
        return found

    async def _piece(self, window: Window, evidence: Evidence) -> list[Row] | Unanswered:
        """Return the transactions of a piece of time, in halves where it holds too many."""
        wanted = {**_span(window, "FromDateUTC", "ToDateUTC"), "IncludeDetail": "true", "IncludeTaxes": "true"}
        answer = await self._get("/reporting/transactions", wanted, "reporting")
        if isinstance(answer, Unanswered):
            length = window.end - window.start
            if not is_too_much(answer) or length <= SHORTEST:
                return answer
            halves = []
            for half in (
                Window(window.start, window.start + length / 2),
                Window(window.start + length / 2, window.end),
            ):
                part = await self._piece(half, evidence)
                if isinstance(part, Unanswered):
                    return part
                halves += part
            return halves
        rows = rows_of(answer.body)
        evidence.take(answer, len(rows))
        return rows

    async def _cards(self, customers: set[str]) -> dict[str, str] | Unanswered:
        """Return the card of each customer, their merges followed (2.6). What a key may not know is not known."""
        customers.discard("")
        is_needed = self._asks_customers and not self._customers.knows(customers)
        book = Customers() if is_needed else self._customers
        for page in range(MOST_PAGES if is_needed else 0):
            params = {"PageNumber": str(page), "PageSize": str(PAGE), "includeAnonymous": "false"}
            answer = await self._get("/customer/customers-paginated", params, "customer")
            if isinstance(answer, Unanswered):
                if answer.kind in {Silence.WITHHELD, Silence.ABSENT}:
                    break
                return answer
            rows = rows_of(answer.body)
            book.take(rows)
            if not rows or book.knows(customers):
                self._customers = book
                break
        return {each: book.card_of(each) for each in customers}


def _span(window: Window, start: str = "fromDateUTC", end: str = "toDateUTC") -> dict[str, str]:
    return {start: wire.query_time(window.start), end: wire.query_time(window.end)}
