"""Cova, as far as public code and its older platform's pages show it. Sections are those of the POS reference.

The weakest evidence of all (4): names of invoices come from the older platform [C], that an invoice bears a package tag
is documented nowhere [?]. It is modelled so, verified with no shop, and says so in its name. Where the settings do not
say in which field of an item the tag stands, a day's sales are told as incomplete: its Invoice Report is the other way.
It holds a person's password (14.3): give it one that may read only.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime
from functools import partial
from time import monotonic
from typing import Any
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

import httpx

from pcc_desk.adapters.http import WHOLE_S, Response, Wire
from pcc_desk.adapters.keys import KEY_ENDS, key_end, takes
from pcc_desk.adapters.pos import cova_wire as wire
from pcc_desk.adapters.pos.wire import Evidence, day_window, identity, refused, rows_of, words
from pcc_desk.adapters.state.fields import NotUnderstood, field, inside, number, understood
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.capabilities import Offer, PosCall
from pcc_desk.domain.sales import Closing, Pull, is_around
from pcc_desk.domain.shelf import Guest, ShelfPackage

LABEL = "modelled, unverified with any shop"
INVOICES = "https://invoice.iqmetrix.net"
ACCOUNTS = "https://accounts.iqmetrix.net"
DATA = "https://api.covasoft.net"
PAGE = 100
PRODUCTS = 500
MOST_PAGES = 300
TOKEN_SPARE_S = 60
"""A token this near to its end is asked for anew."""
RIGHT = "what it asks for; have the right added there"

Row = dict[str, Any]
Ask = Callable[[Mapping[str, str]], Awaitable[Response | Unanswered]]
"""Asks with the headers that it is given."""


@takes("client_id", "client_secret", "username", "password", KEY_ENDS)
def connect(settings: Mapping[str, str], credentials: Mapping[str, str]) -> "Cova":
    """Return a connection. Settings: zone, company, location; name, tag_field; base_url, accounts_url, data_url.

    Company and location are Cova's numbers of them; `tag_field` is the field of an invoice's item in which this shop's
    tags stand. Credentials: client_id, client_secret, username, password, key_ends. Raises `ValueError`.
    """
    connection = Cova(
        name=settings.get("name", "Cova"),
        addresses=(
            settings.get("base_url", INVOICES),
            settings.get("accounts_url", ACCOUNTS),
            settings.get("data_url", DATA),
        ),
        zone=ZoneInfo(settings["zone"]),
        company=wire.whole(settings["company"]),
        location=wire.whole(settings["location"]),
        keys={each: credentials.get(each, "") for each in ("client_id", "client_secret", "username", "password")},
        tag_field=settings.get("tag_field", ""),
    )
    connection.key_ends = key_end(settings, credentials)
    return connection


class Cova:
    """Implements `desk.ports_outside.PointOfSale`."""

    key_ends: date | None = None

    def __init__(
        self,
        *,
        name: str,
        addresses: tuple[str, str, str],
        zone: ZoneInfo,
        company: int,
        location: int,
        keys: Mapping[str, str],
        tag_field: str = "",
        transport: httpx.AsyncBaseTransport | None = None,
        whole_s: float = WHOLE_S,
    ) -> None:
        self.name = f"{name} ({LABEL})"
        self._zone = zone
        self._company = company
        self._location = location
        self._keys = keys
        self._tag_field = tag_field
        form = "application/x-www-form-urlencoded"
        self._invoices = Wire(self.name, addresses[0], transport=transport, whole_s=whole_s)
        self._accounts = Wire(self.name, addresses[1], media_type=form, transport=transport, whole_s=whole_s)
        self._data = Wire(self.name, addresses[2], transport=transport, whole_s=whole_s)
        self._token = ""
        self._token_ends = 0.0
        self._turn = asyncio.Lock()

    @understood
    async def ping(self) -> str | Unanswered:
        """Ask for one invoice of the location: what needs both the password and the right."""
        answer = await self._get(self._summaries(), self._page(0, 1))
        if isinstance(answer, Unanswered):
            return answer
        for row in rows_of(answer.body):
            self._judge_place(row)
        return f"location {self._location}"

    async def capabilities(self) -> tuple[Offer, ...]:
        """Return what is modelled; none of it was tried with a shop."""
        told = f"tags in {self._tag_field}"
        tags = told if self._tag_field else "no field is known to hold the tag: name it (tag_field)"
        none = "nothing public describes such a call"
        return (
            Offer(PosCall.SALES, is_offered=True, why=f"modelled after the older platform's invoices; {tags}"),
            Offer(PosCall.STOCK, is_offered=True, why="seen in public code; products, without their tags"),
            *(Offer(each, is_offered=False, why=none) for each in (PosCall.CLOSING, PosCall.QUEUE, PosCall.PRICES)),
        )

    @understood
    async def sales(self, day: date) -> Pull | Unanswered:
        """Read invoices, newest first, back to a day before the one asked for, with those around the day.

        What a register sold while the cloud was away is missing until it was processed (4): it comes with a later pull.
        """
        window = day_window(day, self._zone, before=1, after=1)
        evidence = Evidence()
        rows = await self._since(window.start, evidence)
        if isinstance(rows, Unanswered):
            return rows
        numbers = {identity(each, "Id", "an invoice"): words(each, "PrintableId") for each in rows}
        invoices = []
        for row in rows:
            if is_around(day, wire.created_at(row, self._zone)):
                invoice = await self._whole(row, evidence)
                if isinstance(invoice, Unanswered):
                    return invoice
                invoices.append(invoice)
        sales = wire.sales_of(invoices, numbers, self._tag_field, self._zone)
        why = "" if self._tag_field or not sales else wire.NO_TAGS
        return Pull(
            sales,
            f"{self.name}, invoices of {day}",
            evidence.sha256,
            evidence.rows,
            is_complete=not why,
            why_partial=why,
            window=window,
            zone=self._zone.key,
        )

    async def closing(self, day: date) -> Closing | Unanswered:
        """Say that none is known."""
        return Unanswered(Silence.ABSENT, f"nothing public describes a closing report of {self.name}")

    @understood
    async def stock(self) -> tuple[ShelfPackage, ...] | Unanswered:
        """Read the products with how many of each are there. Their packages' tags are described nowhere."""
        found: list[ShelfPackage] = []
        read = 0
        for _ in range(MOST_PAGES):
            wanted = {
                "LocationId": self._location,
                "IncludeAvailability": True,
                "IncludePackageDetails": True,
                "Skip": read,
                "Top": PRODUCTS,
            }
            path = f"/dataplatform/v1/companies/{self._company}/DetailedProductData"
            answer = await self._asked(partial(self._data.ask, path, json.dumps(wanted)))
            if isinstance(answer, Unanswered):
                return answer
            rows = rows_of(field(answer.body, "Products"))
            read += len(rows)
            found += [each for row in rows if (each := wire.product(row, self._location)) is not None]
            if not rows:
                return tuple(found)
        return Unanswered(Silence.UNREADABLE, f"{self.name} sent more than {MOST_PAGES} pages of products")

    async def queue(self) -> tuple[Guest, ...] | Unanswered:
        """Say that none is known."""
        return Unanswered(Silence.ABSENT, f"nothing public describes a queue of {self.name}")

    async def prices(self) -> dict[str, int] | Unanswered:
        """Say that none are known by tag."""
        return Unanswered(Silence.ABSENT, f"{self.name} tells prices by product, not by package")

    async def close(self) -> None:
        """Let go of connections."""
        for each in (self._invoices, self._accounts, self._data):
            await each.close()

    # Asking

    def _summaries(self) -> str:
        return f"/v1/Companies({self._company})/InvoiceSummaries"

    def _page(self, skip: int, top: int = PAGE) -> dict[str, str]:
        return {"$filter": f"LocationId eq {self._location}", "$skip": str(skip), "$top": str(top)}

    async def _get(self, path: str, params: Mapping[str, str] | None = None) -> Response | Unanswered:
        return await self._asked(partial(self._invoices.get, path, params))

    async def _asked(
        self, ask: Callable[[Mapping[str, str]], Awaitable[Response | Unanswered]]
    ) -> Response | Unanswered:
        """Ask with a token; one that is no longer taken is asked for anew, once."""
        async with self._turn:
            for is_last in (False, True):
                token = await self._signed_in()
                if isinstance(token, Unanswered):
                    return token
                answer = await ask({"Authorization": f"Bearer {token}"})
                if isinstance(answer, Unanswered) or answer.status != 401 or is_last:
                    break
                self._token = ""
        return answer if isinstance(answer, Unanswered) else refused(self.name, answer, RIGHT) or answer

    async def _signed_in(self) -> str | Unanswered:
        """Return a token, by the password grant (4)."""
        now = monotonic()
        if self._token and now < self._token_ends - TOKEN_SPARE_S:
            return self._token
        answer = await self._accounts.ask("/v1/oauth2/token", urlencode({"grant_type": "password", **self._keys}))
        if isinstance(answer, Unanswered):
            return answer
        if answer.status in {400, 401, 403}:
            return Unanswered(Silence.DENIED, f"{self.name} does not take this user, or this client")
        token, lasts = words(answer.body, "access_token", 8000), number(answer.body, "expires_in")
        if answer.status >= 400 or not token or any(each.isspace() for each in token):
            return Unanswered(Silence.UNREADABLE, f"{self.name} let nobody in and did not say why")
        self._token = token
        self._token_ends = now + int(min(max(lasts or 0, 0), 86_400))
        return token

    def _judge_place(self, row: Row) -> None:
        """Raise `NotUnderstood` for an invoice of another location: a filter that is not kept."""
        place = number(row, "LocationId")
        if place is not None and place != self._location:
            raise NotUnderstood("it speaks of another location")

    async def _since(self, start: datetime, evidence: Evidence) -> list[Row] | Unanswered:
        """Return the invoices since an instant. They come newest first; while they do, the first older one ends it."""
        found: dict[str, Row] = {}
        read = 0
        for _ in range(MOST_PAGES):
            answer = await self._get(self._summaries(), self._page(read))
            if isinstance(answer, Unanswered):
                return answer
            rows = rows_of(answer.body)
            evidence.take(answer, len(rows))
            read += len(rows)
            times = [wire.created_at(each, self._zone) for each in rows]
            for row in rows:
                self._judge_place(row)
                found[identity(row, "Id", "an invoice")] = row
            is_sorted = times == sorted(times, reverse=True)
            if not rows or (is_sorted and times[-1] < start):  # a page may hold fewer than were asked for
                return list(found.values())
        return Unanswered(Silence.UNREADABLE, f"{self.name} sent more than {MOST_PAGES} pages of invoices")

    async def _whole(self, row: Row, evidence: Evidence) -> Row | Unanswered:
        """Return an invoice with its items: as it is, or asked for by its id where the summary has none."""
        if isinstance(field(row, "Orders"), list):
            return row
        key = identity(row, "Id", "an invoice")
        answer = await self._get(f"/v1/Companies({self._company})/Invoices({quote(key, safe='')})")
        if isinstance(answer, Unanswered):
            return answer
        evidence.take(answer, 1)
        invoice = answer.body if isinstance(answer.body, dict) else inside(answer.body, "Invoice")
        if words(invoice, "Id") != key:
            raise NotUnderstood("it speaks of another invoice")
        return invoice
