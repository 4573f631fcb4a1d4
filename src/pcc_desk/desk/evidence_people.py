"""Keeps people out of the evidence of a day: their numbers become hashes, and no words about them go along.

Two numbers of one person, a renewed one or one that a state masks, become the same hash, so that the two sides can be
compared again from the packet alone. What a state masks so that it may be several people's stays the end of each.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping

from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.sides import Sides
from pcc_desk.domain.answers import Unanswered
from pcc_desk.domain.people import Holder
from pcc_desk.domain.reconciling.classes import FindingClass
from pcc_desk.domain.reconciling.findings import Finding

People = Mapping[str, tuple[str, ...]]
"""One number for each person, by each of their numbers; behind it the ends of it by which several may be meant."""

PERSONAL = frozenset(
    {FindingClass.PATIENT, FindingClass.CAREGIVER, FindingClass.CUSTOMER_TYPE, FindingClass.EXPIRED_CARD}
)
"""Classes whose words tell the end of a number."""


def neutral(finding: Finding) -> str:
    """Return what a finding says without anything by which a person is known."""
    return finding.kind.words if finding.kind in PERSONAL else finding.what


def people_of(ledger: Ledger, sides: Sides) -> People:
    """Return which of the numbers of a day are one person's, as far as is on record."""
    known: dict[str, str] = {}
    numbers = sorted(_numbers(sides), key=lambda each: (-len(each), each))
    for number in numbers:
        cards = [each for each in ledger.cards_numbered(number) if each.holder is Holder.PATIENT]
        own = sorted({each.key for card in cards for each in ledger.cards(card.patient_id)} or {number})
        known.setdefault(number, next((known[each] for each in own if each in known), number))
    ends: list[str] = []
    for number in numbers:  # a number that another one ends with may be that one, masked
        whole = {known[each] for each in numbers if each != number and each.endswith(number)}
        if len(whole) == 1:
            known[number] = whole.pop()
        elif whole:
            ends.append(number)
    masked: dict[str, list[str]] = {}
    for end in ends:
        for person in sorted({known[each] for each in numbers if each != end and each.endswith(end)}):
            masked.setdefault(person, []).append(end)
    return {number: (person, *masked.get(person, ())) for number, person in known.items()}


def _numbers(sides: Sides) -> set[str]:
    sales = () if isinstance(sides.sales, Unanswered) else sides.sales.sales
    receipts = () if isinstance(sides.receipts, Unanswered) else sides.receipts
    told = {number for each in sales for number in (each.patient_key, each.caregiver_key)}
    told |= {number for each in receipts for number in (each.patient_key, each.caregiver_key)}
    told |= {number for each in sides.own for number in (each.patient_key, each.caregiver_key)}
    return told - {""}


def hasher(people: People) -> Callable[[str], str]:
    """Return what makes a number a hash of 16 characters, under a key that nobody keeps.

    One of which the end may be meant for another's too is longer, and ends with the hash of that end.
    """
    key = secrets.token_bytes(32)

    def hashed(number: str) -> str:
        parts = people.get(number, (number,)) if number else ()
        return "".join(hmac.digest(key, each.encode(), hashlib.sha256).hex()[:16] for each in parts)

    return hashed
