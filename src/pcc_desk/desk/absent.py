"""Systems that a shop has not connected yet: each says so, and is never mistaken for an empty one."""

from datetime import date, datetime

from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.capabilities import Call, Offer, PosCall
from pcc_desk.domain.dispensing import Dispensation


class NoStateSystem:
    """The place of a state system in a shop that has connected none."""

    name = "State system"

    def _absent(self) -> Unanswered:
        return Unanswered(Silence.ABSENT, "no state system is connected; the settings file names one")

    async def ping(self) -> Unanswered:
        """Return that there is none."""
        return self._absent()

    async def standing(self, card_number: str) -> Unanswered:
        """Return that there is none."""
        return self._absent()

    async def capabilities(self) -> tuple[Offer, ...]:
        """Return that nothing is offered."""
        return tuple(Offer(call, False, self._absent().reason) for call in Call)

    async def caregiver(self, card_number: str) -> Unanswered:
        """Return that there is none."""
        return self._absent()

    async def correct(self, receipt: str, dispensation: Dispensation) -> Unanswered:
        """Return that there is none."""
        return self._absent()

    async def void(self, receipt: str, why: str) -> Unanswered:
        """Return that there is none."""
        return self._absent()

    async def post(self, dispensation: Dispensation) -> Unanswered:
        """Return that there is none."""
        return self._absent()

    async def find_posted(self, external_number: str) -> Unanswered:
        """Return that there is none."""
        return self._absent()

    async def posted_on(self, day: date, now: datetime) -> Unanswered:
        """Return that there is none."""
        return self._absent()

    async def stock(self) -> Unanswered:
        """Return that there is none."""
        return self._absent()

    async def close(self) -> None:
        """Let go of nothing."""


class NoPointOfSale:
    """The place of a point of sale in a shop that has connected none."""

    name = "POS"

    def _absent(self) -> Unanswered:
        return Unanswered(Silence.ABSENT, "no point of sale is connected; the settings file names one")

    async def ping(self) -> Unanswered:
        """Return that there is none."""
        return self._absent()

    async def capabilities(self) -> tuple[Offer, ...]:
        """Return that nothing is offered."""
        return tuple(Offer(each, is_offered=False, why=self._absent().reason) for each in PosCall)

    async def sales(self, day: date) -> Unanswered:
        """Return that there is none."""
        return self._absent()

    async def closing(self, day: date) -> Unanswered:
        """Return that there is none."""
        return self._absent()

    async def stock(self) -> Unanswered:
        """Return that there is none."""
        return self._absent()

    async def queue(self) -> Unanswered:
        """Return that there is none."""
        return self._absent()

    async def prices(self) -> Unanswered:
        """Return that there is none."""
        return self._absent()

    async def close(self) -> None:
        """Let go of nothing."""
