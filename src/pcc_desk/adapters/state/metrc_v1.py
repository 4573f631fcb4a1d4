"""METRC, version 1 of its API: what differs from version 2 (state-systems reference, 2.12)."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from pcc_desk.adapters.http import Response
from pcc_desk.adapters.state import metrc_wire as wire
from pcc_desk.adapters.state.fields import NotUnderstood, text
from pcc_desk.adapters.state.metrc_v2 import Metrc
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.capabilities import Call, Offer
from pcc_desk.domain.dispensing import Posted

LISTED = "METRC's documents of version 1 list it; they list no finalizing of receipts"
NOT_LISTED = "METRC's documents of version 1 list no look-up of the shop's own number"


class MetrcV1(Metrc):
    """Lists are bare and whole, a posting answers with nothing, and our own number cannot be looked up."""

    version = "v1"

    async def capabilities(self) -> tuple[Offer, ...]:
        """Return what the documents of version 1 list (2.9)."""
        return tuple(
            Offer(each, each is not Call.FIND_POSTED, NOT_LISTED if each is Call.FIND_POSTED else LISTED)
            for each in Call
        )

    async def find_posted(self, external_number: str) -> Unanswered:
        """Return that there is no such call: what is in doubt stays so until a person has looked."""
        where = "has no look-up of our own number in version 1; look for it among its active receipts"
        return Unanswered(Silence.ABSENT, f"{self.name} {where}")

    async def look_up_package(self, label: str) -> Unanswered:
        """Return that nobody knows of such a call in version 1."""
        why = f"whether {self.name} tells of a package by its tag in version 1 is not known"
        return Unanswered(Silence.ABSENT, why)

    async def _posted(self, answer: Response, external_number: str) -> Posted | Unanswered:
        """Read the number off the active list; of several under our number, the newest.

        It was taken: whatever is wrong with the list leaves it in doubt, and never unsent.
        """
        try:
            found = await self._all("/sales/v1/receipts/active", {})
            why = found.reason if isinstance(found, Unanswered) else "its list does not show it yet"
            rows = [] if isinstance(found, Unanswered) else found
            ours = [row for row in rows if text(row, "ExternalReceiptNumber") == external_number]
            numbers = sorted((wire.receipt_number(row) for row in ours), key=int)
        except NotUnderstood as error:
            numbers, why = [], str(error)
        if not numbers:
            return Unanswered(Silence.TIMED_OUT, f"{self.name} took it and its number is not known: {why}")
        return Posted(numbers[-1])

    async def _pages(self, path: str, params: Mapping[str, str]) -> AsyncIterator[list[dict[str, Any]] | Unanswered]:
        """Read a list, which comes whole and bare."""
        answer = await self._get(path, params)
        refused = None if isinstance(answer, Unanswered) else self._refusal(answer)
        if isinstance(answer, Unanswered):
            yield answer
        elif refused is None and not isinstance(answer.body, list):
            raise NotUnderstood("it is no bare list")
        else:
            yield refused or wire.rows(answer.body)
