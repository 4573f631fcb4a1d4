"""What the desk relies on from any state system, as tests to run against an adapter of one.

Calls that the adapter says it does not offer are tested for saying so, and for nothing else.
"""

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from pcc_desk.desk.ports_outside import StateSystem
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.capabilities import Call
from pcc_desk.domain.dispensing import Dispensation, DispensedLine, NotPosted, Posted, PostRefused, Voided
from pcc_desk.domain.products import Measures, Package
from pcc_desk.domain.quantity import Quantity, Unit
from pcc_desk.domain.registry import CardNotFound, CaregiverStanding, RegistryStanding
from pcc_desk.domain.sales import Receipt

NOT_OFFERED = {Silence.ABSENT, Silence.DISABLED, Silence.DENIED, Silence.WITHHELD, Silence.BY_HAND}
"""How a call that is not offered may say so."""

NEVER_SENT = "PCC-NEVER-SENT"
NO_RECEIPT = "999999999"


@dataclass(frozen=True, slots=True)
class Known:
    """What stands in the state system before each test. All of it is invented.

    What is left empty is not tested: a state system without lapsed cards, or without packages on hold.
    """

    now: datetime
    """The present instant there (UTC), before noon and after one in the morning by the shop's clock."""
    zone: str
    """The shop's zone, as an IANA name."""
    active_card: str
    unknown_card: str
    label: str
    """The tag of a package of flower, counted in grams, of which 50 g may be sold."""
    lapsed_card: str = ""
    caregiver_card: str = ""
    held_label: str = ""
    """The tag of a package that may not be sold."""
    secrets: tuple[str, ...] = ()
    """Keys and passwords of the connection, which no answer may repeat."""
    takes_twice: bool = True
    """Whether what is posted twice is there twice. No state is known that takes it once under another number."""
    keeps_our_number: bool = True
    """Whether its receipts tell our own number."""
    keeps_time_of_sale: bool = True
    """Whether its receipts tell when a sale was made; otherwise they tell when the state took it."""
    tells_unknown_cards: bool = True
    """Whether it tells a card that nobody has from a question that it refuses."""
    adds_to_receipts: bool = True
    """Whether a correction may make a sale larger."""

    @property
    def today(self) -> date:
        """The day by the shop's clock."""
        return self.now.astimezone(ZoneInfo(self.zone)).date()


class Outside(Protocol):
    """The adapter before a state system of a test, and a hand on that."""

    @property
    def system(self) -> StateSystem:
        """The adapter, as it is to be asked now."""
        ...

    @property
    def known(self) -> Known:
        """What stands in it."""
        ...

    def goes_down(self) -> None:
        """Let it refuse every connection."""
        ...

    def falls_silent(self) -> None:
        """Let it take no question, so that none is answered in time. Let the adapter not wait long for it."""
        ...

    def loses_the_answer(self) -> None:
        """Let it do what it is asked next, and its answer be lost on the way."""
        ...

    def comes_back(self) -> None:
        """Let it work again."""
        ...

    def voids(self, receipt: str) -> None:
        """Strike a receipt, as somebody does on the state's page."""
        ...


def dispensed(
    known: Known, number: str, milligrams: int = 3500, at: datetime | None = None, cents: int = 2800
) -> Dispensation:
    """Return flower that was handed over out of the package, to the patient of the active card."""
    measures = Measures(milligrams, None, None, 0)
    quantity = Quantity(milligrams, Unit.GRAMS)
    line = DispensedLine(known.label, "Blue Dream", "flower", quantity, measures, cents)
    person, patient, own = UUID(int=9), UUID(int=8), UUID(int=7)
    return Dispensation(own, patient, None, known.active_card, "", at or known.now, person, number, (line,))


CALLS: dict[Call, Callable[[Outside], Awaitable[Any]]] = {
    Call.STANDING: lambda outside: outside.system.standing(outside.known.active_card),
    Call.CAREGIVER: lambda outside: outside.system.caregiver(outside.known.caregiver_card or "C-0"),
    Call.POST: lambda outside: outside.system.post(dispensed(outside.known, "PCC-1")),
    Call.FIND_POSTED: lambda outside: outside.system.find_posted(NEVER_SENT),
    Call.CORRECT: lambda outside: outside.system.correct(NO_RECEIPT, dispensed(outside.known, "PCC-1")),
    Call.VOID: lambda outside: outside.system.void(NO_RECEIPT, "rung up twice"),
    Call.POSTED_ON: lambda outside: outside.system.posted_on(outside.known.today, outside.known.now),
    Call.STOCK: lambda outside: outside.system.stock(),
}
"""Every call, asked in a way that changes nothing, a posting excepted."""

TROUBLES: dict[str, Callable[[Outside], None]] = {
    "down": lambda outside: outside.goes_down(),
    "silent": lambda outside: outside.falls_silent(),
}


async def offers(outside: Outside, *calls: Call) -> bool:
    """Return whether the adapter says that it offers all of these calls, and a program does them."""
    offered = {each.call for each in await outside.system.capabilities() if each.is_offered is not False}
    return offered >= set(calls) and not await _is_by_hand(outside)


async def needs(outside: Outside, *calls: Call) -> None:
    """Skip a test of what the state system does not offer."""
    if not await offers(outside, *calls):
        pytest.skip(f"{outside.system.name} does not offer {', '.join(calls)}")


async def _is_by_hand(outside: Outside) -> bool:
    reached = await outside.system.ping()
    return isinstance(reached, Unanswered) and reached.kind is Silence.BY_HAND


async def _receipts(outside: Outside) -> tuple[Receipt, ...]:
    receipts = await outside.system.posted_on(outside.known.today, outside.known.now)
    assert isinstance(receipts, tuple), receipts
    return receipts


@pytest.mark.asyncio
class StateSystemContract:
    """Inherit from it in a class whose name begins with `Test`, and give that a fixture `outside`.

    >>> class TestOurs(StateSystemContract):
    ...     @pytest.fixture
    ...     def outside(self) -> Outside:
    ...         return OurOutside()
    """

    @pytest.fixture
    def outside(self) -> Outside:
        """Return the adapter before a fresh state system. Yours to give."""
        raise NotImplementedError("give your class a fixture “outside”")

    # What it says of itself

    async def test_it_has_a_name_and_says_of_every_call_whether_it_is_offered_and_how_that_is_known(
        self, outside: Outside
    ) -> None:
        """Each call once, in any order, with a word on why."""
        assert outside.system.name.strip()
        offers_made = await outside.system.capabilities()
        assert sorted(each.call for each in offers_made) == sorted(Call)
        assert all(each.why.strip() for each in offers_made)

    async def test_every_call_of_the_port_is_there_and_waits_for_nobody(self, outside: Outside) -> None:
        """Each is a coroutine function, so that nothing blocks the desk."""
        names = [name for name, each in vars(StateSystem).items() if callable(each) and not name.startswith("_")]
        assert names
        for name in names:
            assert inspect.iscoroutinefunction(getattr(outside.system, name, None)), name

    async def test_what_is_not_offered_says_so_and_is_no_outage(self, outside: Outside) -> None:
        """It is `Unanswered`, never an empty answer, and its reason says what to do."""
        for call, ask in CALLS.items():
            if not await offers(outside, call):
                answer = await ask(outside)
                assert isinstance(answer, Unanswered), call
                assert answer.kind in NOT_OFFERED, call
                assert answer.reason.strip(), call
                assert not answer.is_outage, call

    async def test_a_good_key_learns_the_name_of_the_shop(self, outside: Outside) -> None:
        """A state system that people work has none."""
        if await _is_by_hand(outside):
            pytest.skip(f"people work {outside.system.name}")
        name = await outside.system.ping()
        assert isinstance(name, str)
        assert name.strip()

    # Cards

    async def test_a_card_that_is_good_is_active_and_its_figures_are_exact(self, outside: Outside) -> None:
        """No figure has gone through a float; a figure that was not said is not there."""
        await needs(outside, Call.STANDING)
        answer = await outside.system.standing(outside.known.active_card)
        assert isinstance(answer, RegistryStanding)
        assert (answer.card_number, answer.active) == (outside.known.active_card, True)
        figures = [figure for window in answer.windows for _, figure in window.available]
        figures += [figure for _, figure in answer.by_limit]
        figures += [] if answer.grams is None else [answer.grams]
        assert all(isinstance(figure, Decimal) and figure.is_finite() for figure in figures)

    async def test_a_card_that_lapsed_is_known_and_not_active(self, outside: Outside) -> None:
        """That it is known is an answer."""
        await needs(outside, Call.STANDING)
        if not outside.known.lapsed_card:
            pytest.skip("no lapsed card")
        answer = await outside.system.standing(outside.known.lapsed_card)
        assert isinstance(answer, RegistryStanding)
        assert not answer.active

    async def test_a_card_that_nobody_has_is_an_answer_and_no_silence(self, outside: Outside) -> None:
        """Not to be mistaken for an outage, nor for a card without allotment."""
        await needs(outside, Call.STANDING)
        answer = await outside.system.standing(outside.known.unknown_card)
        if outside.known.tells_unknown_cards:
            assert answer == CardNotFound(outside.known.unknown_card)
        else:
            assert isinstance(answer, Unanswered)
            assert not answer.is_outage

    async def test_a_caregivers_card_is_active_or_unknown(self, outside: Outside) -> None:
        """Whom it serves may be left out."""
        await needs(outside, Call.CAREGIVER)
        if not outside.known.caregiver_card:
            pytest.skip("no caregiver's card")
        answer = await outside.system.caregiver(outside.known.caregiver_card)
        assert isinstance(answer, CaregiverStanding)
        assert (answer.card_number, answer.active) == (outside.known.caregiver_card, True)
        assert await outside.system.caregiver(outside.known.unknown_card) == CardNotFound(outside.known.unknown_card)

    # Posts

    async def test_what_was_posted_is_found_by_our_number_and_what_was_not_is_not(self, outside: Outside) -> None:
        """Also not by a number that begins alike."""
        await needs(outside, Call.POST, Call.FIND_POSTED)
        assert await outside.system.find_posted("PCC-1") == NotPosted()
        posted = await outside.system.post(dispensed(outside.known, "PCC-1"))
        assert isinstance(posted, Posted)
        assert posted.receipt.strip()
        assert await outside.system.find_posted("PCC-1") == posted
        assert await outside.system.find_posted("PCC-10") == NotPosted()

    async def test_a_post_is_sent_once(self, outside: Outside) -> None:
        """The adapter repeats nothing: after a call, one receipt is there."""
        await needs(outside, Call.POST, Call.POSTED_ON)
        before = len(await _receipts(outside))
        assert isinstance(await outside.system.post(dispensed(outside.known, "PCC-1")), Posted)
        assert len(await _receipts(outside)) == before + 1

    async def test_the_same_posted_twice_is_there_as_often_as_the_state_takes_it(self, outside: Outside) -> None:
        """The adapter hides no double."""
        await needs(outside, Call.POST, Call.POSTED_ON)
        before = {each.number for each in await _receipts(outside)}
        first = await outside.system.post(dispensed(outside.known, "PCC-1"))
        second = await outside.system.post(dispensed(outside.known, "PCC-1"))
        assert isinstance(first, Posted)
        assert isinstance(second, Posted)
        now = {each.number for each in await _receipts(outside)}
        assert len(now - before) == (2 if outside.known.takes_twice else 1)

    async def test_a_post_whose_answer_was_lost_may_have_arrived_and_says_so(self, outside: Outside) -> None:
        """`TIMED_OUT`, and nothing else, says that something may have been done."""
        await needs(outside, Call.POST)
        outside.loses_the_answer()
        answer = await outside.system.post(dispensed(outside.known, "PCC-1"))
        assert isinstance(answer, Unanswered)
        assert answer.kind is Silence.TIMED_OUT
        outside.comes_back()
        if await offers(outside, Call.FIND_POSTED):
            assert isinstance(await outside.system.find_posted("PCC-1"), Posted)

    async def test_a_post_that_was_not_taken_for_want_of_a_connection_was_not_done(self, outside: Outside) -> None:
        """Nothing is in doubt that never left."""
        await needs(outside, Call.POST)
        outside.goes_down()
        answer = await outside.system.post(dispensed(outside.known, "PCC-1"))
        assert isinstance(answer, Unanswered)
        assert answer.is_outage
        outside.comes_back()
        if await offers(outside, Call.FIND_POSTED):
            assert await outside.system.find_posted("PCC-1") == NotPosted()

    # Receipts

    async def test_a_day_holds_its_receipts_to_the_milligram_and_the_cent(self, outside: Outside) -> None:
        """By the day of the sale on the shop's clock, whatever the wire's filter is."""
        await needs(outside, Call.POST, Call.POSTED_ON)
        before = {each.number for each in await _receipts(outside)}
        await outside.system.post(dispensed(outside.known, "PCC-KEPT", 3333, cents=2801))
        if outside.known.keeps_time_of_sale:
            earlier = dispensed(outside.known, "PCC-EARLIER", at=outside.known.now - timedelta(days=1))
            await outside.system.post(earlier)
        (receipt,) = [each for each in await _receipts(outside) if each.number not in before]
        (line,) = receipt.lines
        assert (line.label, line.milli, line.price_cents) == (outside.known.label, 3333, 2801)
        assert abs(receipt.sold_at - outside.known.now) < timedelta(minutes=1)
        assert receipt.sold_at.astimezone(ZoneInfo(outside.known.zone)).date() == outside.known.today
        if outside.known.keeps_our_number:
            assert receipt.external_number == "PCC-KEPT"

    async def test_a_receipt_that_was_voided_is_told_as_void_and_still_stands_under_our_number(
        self, outside: Outside
    ) -> None:
        """It is not sent again, and not counted as a sale."""
        await needs(outside, Call.POST, Call.POSTED_ON)
        posted = await outside.system.post(dispensed(outside.known, "PCC-1"))
        assert isinstance(posted, Posted)
        outside.voids(posted.receipt)
        assert all(each.is_void for each in await _receipts(outside) if each.number == posted.receipt)
        if await offers(outside, Call.FIND_POSTED):
            assert await outside.system.find_posted("PCC-1") == posted

    async def test_a_receipt_is_corrected_in_its_place_and_an_unknown_one_is_refused(self, outside: Outside) -> None:
        """What was really handed over takes the place of what it said."""
        await needs(outside, Call.POST, Call.CORRECT, Call.POSTED_ON)
        posted = await outside.system.post(dispensed(outside.known, "PCC-1", 3500))
        assert isinstance(posted, Posted)
        really = 7000 if outside.known.adds_to_receipts else 1750
        corrected = await outside.system.correct(posted.receipt, dispensed(outside.known, "PCC-1", really))
        assert isinstance(corrected, Posted)
        (receipt,) = [each for each in await _receipts(outside) if each.number == corrected.receipt]
        assert [line.milli for line in receipt.lines] == [really]
        assert isinstance(await outside.system.correct(NO_RECEIPT, dispensed(outside.known, "PCC-2")), PostRefused)

    async def test_a_receipt_is_struck_and_an_unknown_one_is_refused(self, outside: Outside) -> None:
        """Told again, it stays struck."""
        await needs(outside, Call.POST, Call.VOID, Call.POSTED_ON)
        posted = await outside.system.post(dispensed(outside.known, "PCC-1"))
        assert isinstance(posted, Posted)
        assert await outside.system.void(posted.receipt, "rung up twice") == Voided(posted.receipt)
        assert all(each.is_void for each in await _receipts(outside) if each.number == posted.receipt)
        assert isinstance(await outside.system.void(NO_RECEIPT, "never there"), PostRefused)

    # Stock

    async def test_stock_has_each_tag_once_and_says_of_what_may_not_be_sold_why(self, outside: Outside) -> None:
        """A hold is a reason of its own; a package that may go out has none."""
        await needs(outside, Call.STOCK)
        stock = await outside.system.stock()
        assert isinstance(stock, tuple)
        assert all(isinstance(each, Package) for each in stock)
        by_label = {each.label: each for each in stock}
        assert len(by_label) == len(stock)
        assert not by_label[outside.known.label].blocked
        if outside.known.held_label:
            assert by_label[outside.known.held_label].blocked

    # Outages

    @pytest.mark.parametrize("call", CALLS)
    @pytest.mark.parametrize("trouble", TROUBLES)
    async def test_no_call_takes_an_outage_for_an_answer(self, outside: Outside, trouble: str, call: Call) -> None:
        """It says so in one line, under the system's name, and repeats neither keys nor cards."""
        await needs(outside, call)
        TROUBLES[trouble](outside)
        answer = await CALLS[call](outside)
        assert isinstance(answer, Unanswered)
        assert answer.is_outage
        assert outside.system.name in answer.reason
        assert "\n" not in answer.reason
        told = (*outside.known.secrets, outside.known.active_card, outside.known.unknown_card)
        assert not any(secret in answer.reason for secret in told if secret)

    @pytest.mark.parametrize("call", CALLS)
    @pytest.mark.parametrize("trouble", TROUBLES)
    async def test_after_an_outage_every_call_answers_again(self, outside: Outside, trouble: str, call: Call) -> None:
        """Nothing stays broken behind it."""
        await needs(outside, call)
        TROUBLES[trouble](outside)
        await outside.system.ping()
        outside.comes_back()
        assert not isinstance(await CALLS[call](outside), Unanswered)


def noon(day: date, zone: str) -> datetime:
    """Return an instant (UTC) shortly before noon by the shop's clock, for `Known.now`."""
    return datetime(day.year, day.month, day.day, 11, 30, tzinfo=ZoneInfo(zone)).astimezone(UTC)
