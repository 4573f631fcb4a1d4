"""New Mexico's generation of BioTrack, version 3 (state-systems reference, 3.3)."""

import time
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pcc_desk.adapters.http import Response
from pcc_desk.adapters.state import biotrack_wire as wire
from pcc_desk.adapters.state.biotrack_json import BioTrackJson
from pcc_desk.adapters.state.biotrack_rest import Rest
from pcc_desk.adapters.state.fields import NotUnderstood, field, identifier, number, text, understood
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.capabilities import Call, Offer
from pcc_desk.domain.dispensing import Dispensation, NotPosted, Posted, PostRefused, Voided
from pcc_desk.domain.people import card_key
from pcc_desk.domain.products import Package
from pcc_desk.domain.registry import CardNotFound, CaregiverAnswer, RegistryAnswer, RegistryStanding
from pcc_desk.domain.sales import Receipt

KEY_KEPT_S = 3600.0
"""A key of a card lives about three hours (3.3); one that is older than this is asked for anew before a sale."""

FINDS = "no look-up by a number of the shop is published"
OFFERS = {
    Call.STANDING: (True, "the patient look-up of version 3"),
    Call.CAREGIVER: (False, "no call for caregivers' cards is published"),
    Call.POST: (True, "the dispense call of version 3"),
    Call.FIND_POSTED: (False, FINDS),
}
OLDER = "the legacy interface, whose numbers of sales are taken to be the same"
NO_OLDER = "version 3 has no such call, and no address of the legacy interface is set"


class BioTrackNewMexico:
    """Implements `desk.ports_outside.StateSystem`. What version 3 lacks goes through the legacy interface, if set."""

    key_ends: date | None = None

    def __init__(
        self,
        rest: Rest,
        *,
        licence: str,
        zone: ZoneInfo,
        terminal: str,
        older: BioTrackJson | None,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = rest.name
        self._rest = rest
        self._licence = licence
        self._zone = zone
        self._terminal = terminal
        self._older = older
        self._ticks = ticks
        self._keys: dict[str, tuple[str, float]] = {}

    @understood
    async def ping(self) -> str | Unanswered:
        """Ask for the heartbeat, with a token that is no older than an hour."""
        answer = await self._rest.get("/heartbeat")
        if isinstance(answer, Unanswered):
            return answer
        refused = self._rest.refusal(answer)
        if refused is not None:
            return refused
        if text(answer.body, "Status").lower() != "success":
            return Unanswered(Silence.UNREADABLE, f"{self.name} does not say that it is well")
        return self._licence

    async def capabilities(self) -> tuple[Offer, ...]:
        """Return what is known of this generation from public sources; what was inferred is found by asking."""
        rest = (False, NO_OLDER) if self._older is None else (None, OLDER)
        return tuple(Offer(call, *OFFERS.get(call, rest)) for call in Call)

    @understood
    async def standing(self, card_number: str) -> RegistryAnswer:
        """Look a card up: active or not, until when, and one number of grams."""
        answer = await self._look_up(card_number)
        if isinstance(answer, CardNotFound | Unanswered):
            return answer
        is_active = wire.flag(answer, "CardActive")
        if is_active is None:
            raise NotUnderstood("it does not say whether the card is active")
        grams = number(answer, "CardLimit")
        return RegistryStanding(card_number, is_active, (), _day(field(answer, "CardExpiration")), grams)

    async def caregiver(self, card_number: str) -> CaregiverAnswer:
        """Return that no such call is published."""
        return Unanswered(Silence.ABSENT, f"{self.name} has no look-up for caregivers' cards")

    @understood
    async def post(self, dispensation: Dispensation) -> Posted | PostRefused | Unanswered:
        """Record a sale with the key of a look-up; the dispensation's own id is that of the request, however often."""
        key = await self._key(dispensation.card_number)
        if isinstance(key, PostRefused | Unanswered):
            return key
        sale = {
            "LocationLicense": self._licence,
            "Type": "MEDICAL",
            "TerminalID": self._terminal,
            "Datetime": dispensation.at.astimezone(self._zone).isoformat(timespec="seconds"),
            "ExternalID": dispensation.external_number,
            "RequestID": str(dispensation.id),
            **({"PatientCardKey": key} if key else {}),
            "Items": wire.number_lines(dispensation, "Tax"),
        }
        answer = await self._rest.post("/v1/dispense", sale)
        if isinstance(answer, Unanswered):
            return answer
        refused = self._rest.not_written(answer, dispensation.card_number, key)
        if refused is not None:
            self._keys.pop(dispensation.card_number, None)
            return refused
        return self._posted(answer, dispensation)

    async def find_posted(self, external_number: str) -> Posted | NotPosted | Unanswered:
        """Return that there is no such look-up: the legacy interface does not hand our number back (3.3)."""
        return Unanswered(Silence.ABSENT, f"{self.name}: {FINDS}")

    async def correct(self, receipt: str, dispensation: Dispensation) -> Posted | PostRefused | Unanswered:
        """Correct by the legacy interface (inferred)."""
        return self._absent() if self._older is None else await self._older.correct(receipt, dispensation)

    async def void(self, receipt: str, why: str) -> Voided | PostRefused | Unanswered:
        """Void by the legacy interface (inferred)."""
        return self._absent() if self._older is None else await self._older.void(receipt, why)

    async def posted_on(self, day: date, now: datetime) -> tuple[Receipt, ...] | Unanswered:
        """Read the day by the legacy interface, by the time at which the state took a sale (inferred)."""
        return self._absent() if self._older is None else await self._older.posted_on(day, now)

    async def stock(self) -> tuple[Package, ...] | Unanswered:
        """Read the stock by the legacy interface (inferred)."""
        return self._absent() if self._older is None else await self._older.stock()

    async def close(self) -> None:
        """Let go of connections."""
        await self._rest.close()
        if self._older is not None:
            await self._older.close()

    def _absent(self) -> Unanswered:
        return Unanswered(Silence.ABSENT, f"{self.name}: {NO_OLDER}")

    async def _look_up(self, card: str) -> dict[str, Any] | CardNotFound | Unanswered:
        """Look a card up and keep its key.

        That 404 in the state's own words stands for an unknown card is inferred; 400 leaves it untold.
        """
        answer = await self._rest.ask("/v1/patient/lookup", {"CardID": card, "LocationLicense": self._licence})
        if isinstance(answer, Unanswered):
            return answer
        if answer.status == 404 and text(answer.body, "Error"):
            return CardNotFound(card)
        refused = self._rest.refusal(answer, card)
        if refused is not None:
            return refused
        said = identifier(answer.body, "CardID")
        if said and card_key(said) != card_key(card):
            raise NotUnderstood("it speaks of another card")
        key = wire.token(answer.body, "CardKey")
        if key:
            self._keys[card] = key, self._ticks()
        return dict(answer.body)

    async def _key(self, card: str) -> str | PostRefused | Unanswered:
        """Return the key of a card, empty when the look-up gives none. Until here nothing was sent."""
        kept, at = self._keys.get(card, ("", 0.0))
        if kept and self._ticks() - at < KEY_KEPT_S:
            return kept
        self._keys.pop(card, None)
        try:
            answer = await self._look_up(card)
        except NotUnderstood as error:
            return Unanswered(Silence.DOWN, f"{self.name} sent an answer that cannot be understood: {error}")
        match answer:
            case CardNotFound():
                return PostRefused("the registry knows no such card")
            case Unanswered():
                return wire.nothing_sent(answer)
        return self._keys.get(card, ("", 0.0))[0]

    def _posted(self, answer: Response, dispensation: Dispensation) -> Posted | Unanswered:
        """Return the number that was given, when the answer is to this sale."""
        try:
            echo = identifier(answer.body, "ExternalID")
            if echo and echo != dispensation.external_number:
                return Unanswered(Silence.TIMED_OUT, f"{self.name} answered for another sale")
            return Posted(wire.needed(answer.body, "TransactionID"))
        except NotUnderstood:
            return Unanswered(Silence.TIMED_OUT, f"{self.name} took it and gave no number")


def _day(value: Any) -> date | None:
    """Return a day written as Year, Month and Day; None when it is absent. Raises `NotUnderstood`."""
    if value is None:
        return None
    parts = [number(value, name) for name in ("Year", "Month", "Day")]
    if any(each is None or each != int(each) for each in parts):
        raise NotUnderstood("CardExpiration is no date")
    try:
        return date(*(int(each) for each in parts if each is not None))
    except (ValueError, OverflowError) as error:
        raise NotUnderstood("CardExpiration is no date") from error
