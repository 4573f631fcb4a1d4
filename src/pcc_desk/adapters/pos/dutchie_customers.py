"""Dutchie's customers and guests (2.5, 2.6)."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from pcc_desk.adapters.pos.wire import identity, in_shop, needed, utc, words
from pcc_desk.domain.shelf import Guest

Row = dict[str, Any]

MOST_MERGES = 20


class Customers:
    """Whose card is which, and who was merged into whom: a customer's number does not last."""

    def __init__(self) -> None:
        self._cards: dict[str, str] = {}
        self._into: dict[str, str] = {}

    def take(self, rows: Iterable[Row]) -> None:
        """Note customers. Raises `NotUnderstood`."""
        for row in rows:
            key = identity(row, "customerId", "a customer")
            self._cards[key] = words(row, "mmjidNumber", 60)
            into = words(row, "mergedIntoCustomerId")
            if into not in {"", "0", key}:
                self._into[key] = into

    def _last(self, customer: str) -> str:
        for _ in range(MOST_MERGES):
            customer = self._into.get(customer, customer)
        return customer

    def knows(self, customers: Iterable[str]) -> bool:
        """Whether nothing more has to be read for these."""
        return all(self._last(each) in self._cards for each in customers)

    def card_of(self, customer: str) -> str:
        """Return the card of a customer, or of whom they were merged into; empty when it is not known."""
        return self._cards.get(self._last(customer), "")


def guest(row: Row, zone: ZoneInfo) -> Guest:
    """Return somebody who is checked in (2.5). Raises `NotUnderstood`."""
    return Guest(
        name=words(row, "name"),
        checked_in_at=in_shop(needed(utc(row, "checkinDateUTC"), "a guest's check-in"), zone),
        status=words(row, "status"),
        buyer=words(row, "customerType"),
        customer=words(row, "customerId"),
        number=words(row, "transactionReferenceNumber") or words(row, "transactionId"),
        phone=words(row, "cellPhone") or words(row, "phone"),
        terminal=words(row, "terminalName"),
    )
