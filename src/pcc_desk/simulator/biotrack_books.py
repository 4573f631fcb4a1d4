"""The sales that the simulated BioTrack holds, for all its generations: one transaction after the other, as JSON.

Its own choices, where nothing public says how the real system does: a correction takes the place of a line's row, which
keeps the time of the sale; a refund leaves what is left, and deletes a line of which nothing is; a package is found by
its whole tag as well; a request that is told twice is recorded twice, unless told otherwise.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from pcc_desk.simulator.world import OUNCE_G, WINDOWS, World

FIRST_TRANSACTION = 700_000
FIRST_ID = 5_000

Sale = dict[str, Any]
Line = tuple[str, Decimal, Decimal]
"""A barcode, a quantity, and the price of the line."""


class Wrong(ValueError):
    """What was sent cannot be recorded; the text is what the server says."""


def barcode(tag: str) -> str:
    """Return the barcode of a package: the last sixteen digits of its tag (3.1)."""
    return tag[-16:]


def amount(said: Any) -> Decimal:
    """Return a number, also one that is written as text. Raises `Wrong`."""
    if isinstance(said, bool) or not isinstance(said, int | str | Decimal):
        raise Wrong("A number is expected.")
    try:
        value = Decimal(said)
    except InvalidOperation as error:
        raise Wrong("A number is expected.") from error
    if not value.is_finite() or not -(10**12) < value < 10**12:
        raise Wrong("A number is expected.")
    return value


class Books:
    """What BioTrack holds of this world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.tags = {barcode(tag): tag for tag in world.packages} | {tag: tag for tag in world.packages}
        self.book: dict[str, Any] = world.books.setdefault("biotrack", {})
        if not self.book:
            self.book.update({"next": FIRST_TRANSACTION, "sales": [], "sessions": {}, "keys": {}, "nonces": {}})
            ours = (each for each in world.receipts if "IsElsewhere" not in each)
            for receipt in sorted(ours, key=lambda each: datetime.fromisoformat(each["RecordedDateTime"])):
                self._past(receipt)

    @property
    def now(self) -> datetime:
        """The server's time."""
        return self.world.clock()

    @property
    def sales(self) -> list[Sale]:
        """Every sale."""
        sales: list[Sale] = self.book["sales"]
        return sales

    def listed(self) -> list[Sale]:
        """Return the sales that lists show, which may lag."""
        until = self.now - timedelta(seconds=self.world.switches.list_lag_s)
        return [
            each
            for each in self.sales
            if datetime.fromisoformat(each["updated"]) <= until
            and not self.world.is_late(str(each[each.get("called_by", "transaction")]))
        ]

    def next_transaction(self) -> int:
        """Return the number of a new transaction."""
        self.book["next"] += 1
        return int(self.book["next"])

    # Who asks

    def account(self) -> tuple[str, str, str]:
        """Return the company, the user and the password that are let in."""
        return f"UBI-{self.world.training.shop.licence}", self.world.keys[0], self.world.keys[1]

    def lets_in(self, company: Any, username: Any, password: Any) -> bool:
        """Whether somebody is let in."""
        return not self.world.switches.key_expired and (company, username, password) == self.account()

    def open_session(self) -> str:
        """Return a new session."""
        session = secrets.token_hex(16)
        self.book["sessions"][session] = self.now.isoformat()
        self.world.save()
        return session

    def is_open(self, session: Any) -> bool:
        """Whether a session was opened and has not ended."""
        since = self.book["sessions"].get(session) if isinstance(session, str) else None
        lasts = timedelta(seconds=self.world.switches.session_s)
        return (
            since is not None
            and not self.world.switches.key_expired
            and self.now - datetime.fromisoformat(since) < lasts
        )

    # Patients

    def card(self, number: Any) -> dict[str, Any] | None:
        """Return what is known of a patient's card."""
        known = next(
            (each for each in self.world.training.cards if each.number == number and each.holder == "patient"), None
        )
        if known is None or known.renewed_as:
            return None
        is_active = known.number not in self.world.training.inactive_cards and known.expires_on >= self.world.today
        return {"number": known.number, "active": is_active, "expires": known.expires_on}

    def make_key(self, card: str) -> str:
        """Return a key for a sale to a card."""
        key = secrets.token_urlsafe(24)
        lasts = timedelta(seconds=self.world.switches.card_key_s)
        self.book["keys"][key] = {"card": card, "until": (self.now + lasts).isoformat()}
        self.world.save()
        return key

    def card_of(self, key: Any) -> str | None:
        """Return the card that a key is for; None when there is none, or it has run out."""
        kept = self.book["keys"].get(key) if isinstance(key, str) else None
        return str(kept["card"]) if kept and self.now < datetime.fromisoformat(kept["until"]) else None

    def grams_left(self, card: str) -> Decimal:
        """Return what a card may still buy in the longest window, in grams with five decimals."""
        days, allowed = WINDOWS[-1]
        left = (allowed - self.world.purchased(card, days) - self._bought(card, days)) * OUNCE_G
        return max(left, Decimal(0)).quantize(Decimal("0.00001"))

    def _bought(self, card: str, days: int) -> Decimal:
        since = self.now - timedelta(days=days)
        ounces = Decimal(0)
        for sale in self.sales:
            counts = not sale["is_past"] and not sale["deleted"] and self.world.owner.get(sale["card"])
            if counts and counts == self.world.owner.get(card) and datetime.fromisoformat(sale["at"]) > since:
                ounces += sum((self._ounces(each) for each in sale["lines"] if not each["deleted"]), Decimal(0))
        return ounces

    def _ounces(self, line: dict[str, Any]) -> Decimal:
        tag = self.tags[line["label"]]
        unit = self.world.packages[tag].package.remaining.unit.value
        return self.world.ounces({"PackageLabel": tag, "QuantitySold": line["quantity"], "UnitOfMeasureName": unit})

    # Sales

    def create(self, lines: list[Line], **said: Any) -> Sale:
        """Put a sale on record. Raises `Wrong`."""
        taken = [(self._known(label), quantity, price) for label, quantity, price in lines]
        self._check(taken, said)
        number = self.next_transaction()
        now = self.now.isoformat()
        sale: Sale = {"id": FIRST_ID + len(self.sales) + 1, "transaction": number, "deleted": False, "is_past": False}
        sale |= {
            name: said.get(name) or "" for name in ("external", "request", "card", "caregiver", "terminal", "type")
        }
        sale |= {"sold": said.get("sold") or now, "at": now, "updated": now}
        sale["called_by"] = said.get("called_by", "transaction")
        sale["lines"] = [self._line(each, number, place) for place, each in enumerate(taken)]
        self.sales.append(sale)
        self._take(sale, -1)
        self._tell("post", sale)
        return sale

    def reprice(self, sale: Sale, label: str, item: str, price: Decimal) -> int:
        """Change the price of a line; return the transaction. Raises `Wrong`."""
        line = self._line_of(sale, label, item)
        line.update(price=f"{price:.2f}", transaction=self.next_transaction())
        return self._corrected(sale, line["transaction"])

    def refund(self, sale: Sale, lines: Iterable[Line]) -> int:
        """Take back some of a sale; return the transaction. Raises `Wrong`."""
        back = [(self._line_of(sale, label, ""), quantity, price) for label, quantity, price in lines]
        if not back or any(not 0 < quantity <= Decimal(line["quantity"]) for line, quantity, _ in back):
            raise Wrong("Invalid quantity.")
        number = self.next_transaction()
        self._take(sale, 1)
        for line, quantity, price in back:
            left = Decimal(line["quantity"]) - quantity
            line.update(transaction=number, price=f"{Decimal(line['price']) - price:.2f}")
            line.update({"deleted": True} if not left else {"quantity": f"{left:f}"})
        self._take(sale, -1)
        return self._corrected(sale, number)

    def replace(self, sale: Sale, lines: list[Line], **said: Any) -> int:
        """Put other lines in the place of a sale's; return the transaction. Raises `Wrong`."""
        taken = [(self._known(label), quantity, price) for label, quantity, price in lines]
        self._take(sale, 1)
        try:
            self._check(taken, said, instead_of=sale)
        finally:
            self._take(sale, -1)
        number = self.next_transaction()
        self._take(sale, 1)
        sale["lines"] = [self._line(each, number, place) for place, each in enumerate(taken)]
        sale |= {name: said[name] for name in ("external", "card") if said.get(name)}
        self._take(sale, -1)
        return self._corrected(sale, number)

    def void(self, sale: Sale, why: str) -> int:
        """Void a sale; return the transaction. Raises `Wrong` for one that is void already."""
        if sale["deleted"]:
            raise Wrong("The sale was voided before.")
        number = self.next_transaction()
        self._take(sale, 1)
        sale.update(deleted=True, updated=self.now.isoformat())
        for line in sale["lines"]:
            line.update(deleted=True, void_reason=why, transaction=number)
        self._tell("void", sale)
        return number

    def find(self, name: str, number: Any) -> Sale | None:
        """Return a sale by its `id`, or by the `transaction` that it began with."""
        return next((each for each in self.sales if str(each[name]) == str(number)), None)

    def _corrected(self, sale: Sale, number: int) -> int:
        sale["updated"] = self.now.isoformat()
        self._tell("correct", sale)
        return number

    def _known(self, label: Any) -> str:
        tag = self.tags.get(str(label))
        if tag is None:
            raise Wrong("Invalid barcode.")
        return barcode(tag)

    def _check(self, lines: list[Line], said: dict[str, Any], instead_of: Sale | None = None) -> None:
        if not lines:
            raise Wrong("No items.")
        left = {label: self.world.remaining[self.tags[label]] for label, _, _ in lines}
        for label, quantity, price in lines:
            left[label] -= quantity
            if quantity <= 0 or price < 0 or left[label] < 0:
                raise Wrong("Invalid quantity.")
        external = said.get("external")
        used = any(each["external"] == external for each in self.sales if each is not instead_of)
        if self.world.switches.refuse_duplicates and external and used:
            raise Wrong("ExternalID was used before.")
        more = sum((self._ounces({"label": label, "quantity": quantity}) for label, quantity, _ in lines), Decimal(0))
        if (
            self.world.switches.refuse_over_limit
            and said.get("card")
            and more * OUNCE_G > self.grams_left(said["card"])
        ):
            raise Wrong("The sale exceeds the patient's limit.")

    def _line(self, line: Line, number: int, place: int) -> dict[str, Any]:
        label, quantity, price = line
        kept: dict[str, Any] = {"item": place, "label": label, "quantity": f"{quantity:f}", "price": f"{price:.2f}"}
        return kept | {"transaction": number, "deleted": False, "void_reason": ""}

    def _line_of(self, sale: Sale, label: Any, item: str) -> dict[str, Any]:
        known = self._known(label)
        for line in sale["lines"]:
            if line["label"] == known and not line["deleted"] and item in {"", str(line["item"])}:
                found: dict[str, Any] = line
                return found
        raise Wrong("The sale has no such item.")

    def _take(self, sale: Sale, times: int) -> None:
        for each in sale["lines"]:
            if not each["deleted"]:
                self.world.remaining[self.tags[each["label"]]] += times * Decimal(each["quantity"])

    def _tell(self, kind: str, sale: Sale) -> None:
        units = {label: self.world.packages[tag].package.remaining.unit.value for label, tag in self.tags.items()}
        self.world.accepted(
            kind,
            receipt=str(sale[sale.get("called_by", "transaction")]),
            external=sale["external"] or None,
            card=sale["card"] or None,
            lines=[
                (each["label"], Decimal(each["quantity"]), units[each["label"]], Decimal(each["price"]))
                for each in sale["lines"]
                if not each["deleted"] or sale["deleted"]
            ],
            numbers={"id": sale["id"], "transaction": sale["transaction"]},
        )
        self.world.save()

    def _past(self, receipt: dict[str, Any]) -> None:
        """Take over a sale of before the simulation began."""
        number, at = self.next_transaction(), receipt["RecordedDateTime"]
        sale: Sale = {"id": FIRST_ID + len(self.sales) + 1, "transaction": number, "deleted": False, "is_past": True}
        sale |= {"external": receipt["ExternalReceiptNumber"] or "", "request": "", "terminal": "1", "type": "MEDICAL"}
        sale |= {"card": receipt["PatientLicenseNumber"] or "", "caregiver": receipt["CaregiverLicenseNumber"] or ""}
        sale |= {"sold": at, "at": at, "updated": at}
        lines = [
            (barcode(each["PackageLabel"]), Decimal(each["QuantitySold"]), Decimal(each["TotalPrice"]))
            for each in receipt["Transactions"]
        ]
        sale["lines"] = [self._line(each, number, place) for place, each in enumerate(lines)]
        self.sales.append(sale)
