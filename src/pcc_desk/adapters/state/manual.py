"""A state system that a person works: they read its page and type what it says, and enter there what was dispensed.

For states whose system no program may ask, or in which the allotment stands on another portal or monitor
(state-systems reference, section 6).
"""

from collections.abc import Mapping
from datetime import date, datetime

from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.capabilities import Call, Offer
from pcc_desk.domain.dispensing import Dispensation

NAME = "State page"


def connect(settings: Mapping[str, str], credentials: Mapping[str, str]) -> "Manual":
    """Return the system. Settings: name, what people call the page. It needs no address and no keys."""
    return Manual(settings.get("name") or NAME)


class Manual:
    """Implements `desk.ports_outside.StateSystem`. Nothing of it is ever up or down: it connects to nothing."""

    def __init__(self, name: str = NAME) -> None:
        self.name = name

    async def ping(self) -> Unanswered:
        """Return that nobody asks it but people."""
        return self._by_hand(f"a person works {self.name}; no program asks it")

    async def standing(self, card_number: str) -> Unanswered:
        """Return that a person reads it."""
        return self._by_hand(f"a person reads it in {self.name}")

    async def caregiver(self, card_number: str) -> Unanswered:
        """Return that a person reads it."""
        return self._by_hand(f"a person looks for the caregiver's card in {self.name}")

    async def post(self, dispensation: Dispensation) -> Unanswered:
        """Return that a person enters it. Nothing was done."""
        return self._by_hand(f"enter it in {self.name}, then type its number")

    async def capabilities(self) -> tuple[Offer, ...]:
        """Return what is done by hand, and what is not done at all."""
        by_hand = {
            Call.STANDING: f"by hand: read it in {self.name} and type it",
            Call.CAREGIVER: f"by hand: look for the card in {self.name}",
            Call.POST: f"by hand: enter it in {self.name}, then type its number",
        }
        return tuple(
            Offer(call, True, by_hand[call]) if call in by_hand else Offer(call, False, self._absent(call).reason)
            for call in Call
        )

    async def find_posted(self, external_number: str) -> Unanswered:
        """Return that there is no look-up."""
        return self._absent(Call.FIND_POSTED)

    async def correct(self, receipt: str, dispensation: Dispensation) -> Unanswered:
        """Return that there is none."""
        return self._absent(Call.CORRECT)

    async def void(self, receipt: str, why: str) -> Unanswered:
        """Return that there is none."""
        return self._absent(Call.VOID)

    async def posted_on(self, day: date, now: datetime) -> Unanswered:
        """Return that there is none."""
        return self._absent(Call.POSTED_ON)

    async def stock(self) -> Unanswered:
        """Return that there is none."""
        return self._absent(Call.STOCK)

    async def close(self) -> None:
        """Let go of nothing."""

    def _by_hand(self, reason: str) -> Unanswered:
        return Unanswered(Silence.BY_HAND, reason)

    def _absent(self, call: Call) -> Unanswered:
        return Unanswered(Silence.ABSENT, f"no program asks {self.name}; {_INSTEAD[call]}")


_INSTEAD = {
    Call.FIND_POSTED: "look for the number there",
    Call.CORRECT: "correct the receipt there",
    Call.VOID: "void the receipt there",
    Call.POSTED_ON: "compare the day with its report there",
    Call.STOCK: "count what it lists there",
}
"""What a person does instead, as a clause."""
