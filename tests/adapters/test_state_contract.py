"""What the desk may rely on from any state system: the fake that its tests use, and the adapters before the simulator.

What a system does not offer it says in its capabilities, and its call says `Unanswered` of kind `ABSENT`.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

import pytest

from pcc_desk.adapters.http import WHOLE_S
from pcc_desk.adapters.state.metrc_v1 import MetrcV1
from pcc_desk.desk.ports_outside import StateSystem
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.capabilities import Call
from pcc_desk.domain.dispensing import Dispensation, NotPosted, Posted, PostRefused, Voided
from pcc_desk.domain.products import Package
from pcc_desk.domain.quantity import Quantity, Unit
from pcc_desk.domain.registry import CardNotFound, CaregiverStanding, RegistryStanding, RegistryWindow
from pcc_desk.domain.sales import Receipt
from pcc_desk.simulator.biotrack_books import Books
from pcc_desk.simulator.leafdata_sales import Sales
from pcc_desk.simulator.world import Mode
from tests.adapters import outside_biotrack, outside_leafdata
from tests.adapters.outside import CARD, DREAM, KEYS, NOW, Cut, metrc, sale, simulated, world
from tests.fakes import FixedClock
from tests.fakes_outside import FakeStateSystem, Fault

LAPSED = "MI-P-0016-3345"
CAREGIVER = "MI-C-0012-0931"
UNKNOWN = "MI-P-9999-0000"
HELD = "Held Haze"
TODAY = date(2026, 3, 12)


class Outside(Protocol):
    """A state system, and what befalls it."""

    label: str
    """The package of Blue Dream."""
    held: str
    """What is said of a package that is held."""
    takes_twice: bool
    """Whether what is posted twice is there twice."""
    tells_expiry: bool
    """Whether a standing says until when the card is good."""
    figures: str
    """What a standing has figures of: windows, grams, or nothing."""
    tells_unknown_cards: bool
    """Whether a card that nobody has is told from a question that was refused."""
    keeps_our_number: bool
    """Whether receipts tell our own number."""
    keeps_time_of_sale: bool
    """Whether receipts tell when a sale was made; else they tell when the state took it."""
    names_products: bool
    """Whether receipts name the products."""
    adds_to_receipts: bool
    """Whether a correction may make a sale larger."""

    @property
    def system(self) -> StateSystem: ...

    def goes_down(self) -> None: ...
    def falls_silent(self) -> None: ...
    def loses_answers(self) -> None: ...
    def loses_the_answer_to_a_post(self) -> None: ...
    def comes_back(self) -> None: ...
    def voids(self, receipt: str) -> None: ...


class Usual:
    """What most systems do."""

    label, held, takes_twice, tells_expiry, figures = DREAM, "on hold", True, True, "windows"
    tells_unknown_cards = keeps_our_number = keeps_time_of_sale = names_products = adds_to_receipts = True


class FakeOutside(Usual):
    """The fake."""

    def __init__(self) -> None:
        self.system = FakeStateSystem(FixedClock(NOW))
        windows = (RegistryWindow(Decimal(1), (("flower", Decimal("2.5")),)),)
        for card, is_active in ((CARD, True), (LAPSED, False)):
            self.system.standings[card] = RegistryStanding(card, is_active, windows, TODAY)
        self.system.caregivers[CAREGIVER] = CaregiverStanding(CAREGIVER, True, None)
        grams = Quantity(410_000, Unit.GRAMS)
        self.system.packages = (
            Package(DREAM, "Blue Dream", "flower", grams),
            Package("1A4050100000000000000436", HELD, "flower", grams, blocked="on hold"),
        )

    def goes_down(self) -> None:
        self.system.is_down = True

    def falls_silent(self) -> None:
        self.system.will(Fault.LOST)

    def loses_answers(self) -> None:
        self.system.will(Fault.ANSWER_LOST)

    def loses_the_answer_to_a_post(self) -> None:
        self.loses_answers()

    def comes_back(self) -> None:
        self.system.heal()

    def voids(self, receipt: str) -> None:
        self.system.voided.add(receipt)


class SimulatedOutside(Usual):
    """An adapter before the simulator's application."""

    def __init__(self, folder: Path) -> None:
        self._world = world()
        self._wire = self._connected(folder)
        self._patient = self._adapter()
        self._hasty = self._adapter(whole_s=0.01)
        self.system: StateSystem = self._patient

    def _connected(self, folder: Path) -> Cut:
        return simulated(self._world, folder)

    def _adapter(self, whole_s: float = WHOLE_S) -> StateSystem:
        return metrc(self._wire, self._world, whole_s=whole_s)

    def goes_down(self) -> None:
        self._world.mode = Mode.DOWN

    def falls_silent(self) -> None:
        self._world.mode = Mode.SILENT
        self.system = self._hasty

    def loses_answers(self) -> None:
        self._wire.lost = 1

    def loses_the_answer_to_a_post(self) -> None:
        self._wire.lost_posts = 1

    def comes_back(self) -> None:
        self._world.mode = Mode.UP
        self._wire.lost = self._wire.lost_posts = 0
        self.system = self._patient

    def voids(self, receipt: str) -> None:
        (theirs,) = [each for each in self._world.receipts if str(each["Id"]) == receipt]
        self._world.touch(theirs, ArchivedDate=TODAY.isoformat())


class SimulatedMetrcV1(SimulatedOutside):
    """METRC's version 1 before the simulator's application: a standing has five fields."""

    tells_expiry = False

    def _adapter(self, whole_s: float = WHOLE_S) -> StateSystem:
        return metrc(self._wire, self._world, whole_s=whole_s, kind=MetrcV1)


class SimulatedLeafData(SimulatedOutside):
    """Leaf Data before the simulator's application. Nothing is posted under a number that is there already."""

    label, held, takes_twice = outside_leafdata.DREAM_LOT, "in quarantine", False

    def _connected(self, folder: Path) -> Cut:
        return outside_leafdata.simulated(self._world, folder)

    def _adapter(self, whole_s: float = WHOLE_S) -> StateSystem:
        return outside_leafdata.leafdata(self._wire, self._world, whole_s=whole_s)

    def voids(self, receipt: str) -> None:
        Sales(self._world).delete(receipt)


class SimulatedBioTrack(SimulatedOutside):
    """BioTrack's legacy interface before the simulator's application.

    Beside what it does not offer, it keeps neither our number nor the time of a sale, and nothing is added to a sale.
    """

    generation, called_by = "json", "transaction"
    label, held, figures, tells_expiry = outside_biotrack.DREAM_CODE, "seized", "", False
    tells_unknown_cards = keeps_our_number = keeps_time_of_sale = names_products = adds_to_receipts = False

    def _connected(self, folder: Path) -> Cut:
        return outside_biotrack.simulated(self._world, folder)

    def _adapter(self, whole_s: float = WHOLE_S) -> StateSystem:
        return outside_biotrack.biotrack(self._wire, self.generation, self._world, whole_s=whole_s)

    def falls_silent(self) -> None:
        self._wire.is_silent = True

    def loses_the_answer_to_a_sale(self) -> None:
        self._wire.loses = outside_biotrack.is_sale

    def comes_back(self) -> None:
        super().comes_back()
        self._wire.is_silent = False
        self._wire.loses = lambda request: False

    def voids(self, receipt: str) -> None:
        books = Books(self._world)
        sale = books.find(self.called_by, receipt)
        assert sale is not None
        books.void(sale, "rung up twice")


class SimulatedNewMexico(SimulatedBioTrack):
    """New Mexico's version 3: one number of grams, and nothing is read back."""

    generation, figures, tells_expiry, tells_unknown_cards = "nm", "grams", True, True


class SimulatedNewMexicoWithItsLegacyInterface(SimulatedNewMexico):
    """New Mexico's version 3, read back by the legacy interface."""

    generation = "nm with its legacy interface"


class SimulatedLicensee(SimulatedBioTrack):
    """BioTrack's interface for licensees: no patients, and our own number."""

    generation, called_by = "licensee", "id"
    keeps_our_number = adds_to_receipts = True


OUTSIDES: dict[str, Callable[[Path], Outside]] = {
    "fake": lambda folder: FakeOutside(),
    "METRC before the simulator": SimulatedOutside,
    "METRC version 1 before the simulator": SimulatedMetrcV1,
    "Leaf Data before the simulator": SimulatedLeafData,
    "BioTrack's legacy JSON before the simulator": SimulatedBioTrack,
    "BioTrack in New Mexico before the simulator": SimulatedNewMexico,
    "BioTrack in New Mexico with its legacy interface": SimulatedNewMexicoWithItsLegacyInterface,
    "BioTrack for licensees before the simulator": SimulatedLicensee,
}


@pytest.fixture(params=OUTSIDES)
def outside(request: pytest.FixtureRequest, tmp_path: Path) -> Outside:
    return OUTSIDES[request.param](tmp_path)


async def offers(outside: Outside, call: Call) -> bool:
    return any(each.call is call and each.is_offered is not False for each in await outside.system.capabilities())


def of(outside: Outside, number: str, grams: int = 3500, at: datetime = NOW) -> Dispensation:
    """Return something that was dispensed out of a package that this system knows."""
    given = sale(number, grams, at=at)
    return replace(given, lines=tuple(replace(each, label=outside.label) for each in given.lines))


async def comes_to_the_counter(outside: Outside) -> None:
    """Let the desk have asked for the patient, as it always has before it dispenses."""
    await outside.system.ping()
    await outside.system.standing(CARD)


async def receipts_of(outside: Outside) -> tuple[Receipt, ...] | None:
    """Return the receipts of the day; None where none are read back, which must be said."""
    receipts = await outside.system.posted_on(TODAY, NOW)
    if not await offers(outside, Call.POSTED_ON):
        assert is_absent(receipts)
        return None
    assert isinstance(receipts, tuple)
    return receipts


def is_absent(answer: object) -> bool:
    return isinstance(answer, Unanswered) and answer.kind is Silence.ABSENT


CALLS: dict[str, tuple[Call | None, Callable[[StateSystem], Awaitable[Any]]]] = {
    "ping": (None, lambda system: system.ping()),
    "standing": (Call.STANDING, lambda system: system.standing(CARD)),
    "standing of an unknown card": (Call.STANDING, lambda system: system.standing(UNKNOWN)),
    "caregiver": (Call.CAREGIVER, lambda system: system.caregiver(CAREGIVER)),
    "post": (Call.POST, lambda system: system.post(sale())),
    "find_posted": (Call.FIND_POSTED, lambda system: system.find_posted("PCC-NEVER-SENT")),
    "posted_on": (Call.POSTED_ON, lambda system: system.posted_on(TODAY, NOW)),
    "stock": (Call.STOCK, lambda system: system.stock()),
}

TROUBLES: dict[str, Callable[[Outside], None]] = {
    "down": lambda outside: outside.goes_down(),
    "silent": lambda outside: outside.falls_silent(),
    "losing answers": lambda outside: outside.loses_answers(),
}


async def test_it_says_the_name_of_the_facility(outside: Outside) -> None:
    name = await outside.system.ping()
    assert isinstance(name, str)
    assert name


async def test_a_known_card_is_active_and_has_exact_figures(outside: Outside) -> None:
    if not await offers(outside, Call.STANDING):
        assert is_absent(await outside.system.standing(CARD))
        return
    answer = await outside.system.standing(CARD)
    assert isinstance(answer, RegistryStanding)
    assert (answer.card_number, answer.active) == (CARD, True)
    assert (answer.card_expires is not None) == outside.tells_expiry
    assert (answer.grams is not None) == (outside.figures == "grams")
    assert answer.grams is None or (isinstance(answer.grams, Decimal) and answer.grams > 200)
    assert bool(answer.windows) == (outside.figures == "windows")
    if answer.windows:
        assert answer.windows[0].days == 1
        assert answer.windows[0].figure("flower") == Decimal("2.5")
    assert all(isinstance(figure, Decimal) for window in answer.windows for _, figure in window.available)


async def test_a_lapsed_card_is_known_and_not_active(outside: Outside) -> None:
    if not await offers(outside, Call.STANDING):
        assert is_absent(await outside.system.standing(LAPSED))
        return
    answer = await outside.system.standing(LAPSED)
    assert isinstance(answer, RegistryStanding)
    assert not answer.active


async def test_an_unknown_card_is_an_answer_and_no_silence(outside: Outside) -> None:
    answer = await outside.system.standing(UNKNOWN)
    if outside.tells_unknown_cards:
        assert answer == CardNotFound(UNKNOWN) if await offers(outside, Call.STANDING) else is_absent(answer)
    else:
        assert isinstance(answer, Unanswered)
        assert not answer.is_outage


async def test_what_was_posted_is_found_by_our_number_and_what_was_not_is_not(outside: Outside) -> None:
    posted = await outside.system.post(of(outside, "PCC-1"))
    assert isinstance(posted, Posted)
    assert posted.receipt
    if not await offers(outside, Call.FIND_POSTED):
        assert is_absent(await outside.system.find_posted("PCC-1"))
        return
    assert await outside.system.find_posted("PCC-1") == posted
    assert await outside.system.find_posted("PCC-10") == NotPosted()


async def test_the_same_posted_twice_is_there_twice_for_all_to_see_or_once(outside: Outside) -> None:
    first, second = await outside.system.post(of(outside, "PCC-1")), await outside.system.post(of(outside, "PCC-1"))
    assert isinstance(first, Posted)
    assert isinstance(second, Posted)
    assert (first != second) == outside.takes_twice
    receipts = await receipts_of(outside)
    if receipts is None:
        return
    ours = [each for each in receipts if each.number in {first.receipt, second.receipt}]
    assert len(ours) == len({first.receipt, second.receipt})
    assert {each.external_number for each in ours} == {"PCC-1" if outside.keeps_our_number else ""}
    if await offers(outside, Call.FIND_POSTED):
        assert await outside.system.find_posted("PCC-1") in {first, second}


async def test_a_day_holds_its_receipts_to_the_milligram_and_the_cent_voided_ones_as_voided(outside: Outside) -> None:
    kept = await outside.system.post(of(outside, "PCC-KEPT", 3333))
    gone = await outside.system.post(of(outside, "PCC-VOIDED", 7000))
    earlier = await outside.system.post(of(outside, "PCC-YESTERDAY", at=NOW - timedelta(days=1)))
    assert isinstance(kept, Posted)
    assert isinstance(gone, Posted)
    assert isinstance(earlier, Posted)
    outside.voids(gone.receipt)
    receipts = await receipts_of(outside)
    if receipts is None:
        return
    ours = {each.number: each for each in receipts}
    assert (ours[kept.receipt].is_void, ours[gone.receipt].is_void) == (False, True)
    assert (earlier.receipt in ours) != outside.keeps_time_of_sale
    (line,) = ours[kept.receipt].lines
    assert (line.label, line.milli, line.price_cents) == (outside.label, 3333, 2800)
    assert line.product == ("Blue Dream" if outside.names_products else "")
    assert ours[kept.receipt].external_number == ("PCC-KEPT" if outside.keeps_our_number else "")
    assert ours[kept.receipt].sold_at == NOW
    assert ours[kept.receipt].sold_at.date() == TODAY


async def test_a_receipt_that_was_voided_still_stands_under_our_number(outside: Outside) -> None:
    posted = await outside.system.post(of(outside, "PCC-1"))
    assert isinstance(posted, Posted)
    outside.voids(posted.receipt)
    found = await outside.system.find_posted("PCC-1")
    assert found == posted if await offers(outside, Call.FIND_POSTED) else is_absent(found)


async def test_stock_has_each_tag_once_and_says_of_what_may_not_be_sold_why(outside: Outside) -> None:
    stock = await outside.system.stock()
    if not await offers(outside, Call.STOCK):
        assert is_absent(stock)
        return
    assert isinstance(stock, tuple)
    labels = [each.label for each in stock]
    assert len(labels) == len(set(labels))
    assert outside.label in labels
    assert {each.product: each.blocked for each in stock if each.product in {HELD, "Blue Dream"}} == {
        HELD: outside.held,
        "Blue Dream": "",
    }


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("trouble", TROUBLES)
async def test_no_call_takes_an_outage_for_an_answer(outside: Outside, trouble: str, call: str) -> None:
    TROUBLES[trouble](outside)
    offered, ask = CALLS[call]
    answer = await ask(outside.system)
    assert isinstance(answer, Unanswered)
    if offered is not None and not await offers(outside, offered):
        assert is_absent(answer)
        return
    assert answer.is_outage
    assert outside.system.name in answer.reason
    assert "\n" not in answer.reason
    assert not any(secret in answer.reason for secret in (*KEYS, CARD, UNKNOWN))


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("trouble", TROUBLES)
async def test_after_an_outage_every_call_answers_again(outside: Outside, trouble: str, call: str) -> None:
    TROUBLES[trouble](outside)
    await outside.system.ping()
    outside.comes_back()
    offered, ask = CALLS[call]
    answer = await ask(outside.system)
    if offered and not await offers(outside, offered):
        assert is_absent(answer)
    elif isinstance(answer, Unanswered):
        assert call == "standing of an unknown card"
        assert not answer.is_outage
        assert not outside.tells_unknown_cards


async def test_a_post_whose_answer_was_lost_is_in_doubt_and_is_found(outside: Outside) -> None:
    await comes_to_the_counter(outside)
    outside.loses_the_answer_to_a_post()
    answer = await outside.system.post(of(outside, "PCC-1"))
    assert isinstance(answer, Unanswered)
    assert answer.kind is Silence.TIMED_OUT
    outside.comes_back()
    found = await outside.system.find_posted("PCC-1")
    assert isinstance(found, Posted) if await offers(outside, Call.FIND_POSTED) else is_absent(found)


async def test_a_post_that_never_arrived_is_in_doubt_too_and_is_not_found(outside: Outside) -> None:
    await comes_to_the_counter(outside)
    outside.falls_silent()
    answer = await outside.system.post(of(outside, "PCC-1"))
    assert isinstance(answer, Unanswered)
    assert answer.kind is Silence.TIMED_OUT
    outside.comes_back()
    found = await outside.system.find_posted("PCC-1")
    assert found == NotPosted() if await offers(outside, Call.FIND_POSTED) else is_absent(found)


async def test_a_caregivers_card_is_active_or_unknown(outside: Outside) -> None:
    answer = await outside.system.caregiver(CAREGIVER)
    if not await offers(outside, Call.CAREGIVER):
        assert is_absent(answer)
        return
    assert isinstance(answer, CaregiverStanding)
    assert (answer.card_number, answer.active) == (CAREGIVER, True)
    assert await outside.system.caregiver(UNKNOWN) == CardNotFound(UNKNOWN)


async def test_a_receipt_is_corrected_in_its_place(outside: Outside) -> None:
    posted = await outside.system.post(of(outside, "PCC-1", 3500))
    assert isinstance(posted, Posted)
    really = of(outside, "PCC-1", 7000 if outside.adds_to_receipts else 1750)
    corrected = await outside.system.correct(posted.receipt, really)
    if not await offers(outside, Call.CORRECT):
        assert is_absent(corrected)
        return
    assert corrected == posted
    assert await outside.system.correct(posted.receipt, really) == posted
    (ours,) = [each for each in await receipts_of(outside) or () if each.number == posted.receipt]
    assert [line.milli for line in ours.lines] == [7000 if outside.adds_to_receipts else 1750]
    assert isinstance(await outside.system.correct("999999", of(outside, "PCC-2")), PostRefused)


async def test_a_receipt_is_struck_from_the_record_and_an_unknown_one_is_refused(outside: Outside) -> None:
    posted = await outside.system.post(of(outside, "PCC-1"))
    assert isinstance(posted, Posted)
    voided = await outside.system.void(posted.receipt, "rung up twice")
    if not await offers(outside, Call.VOID):
        assert is_absent(voided)
        return
    assert voided == Voided(posted.receipt)
    receipts = await receipts_of(outside) or ()
    assert [each.is_void for each in receipts if each.number == posted.receipt] == [True]
    assert isinstance(await outside.system.void("999999", "never there"), PostRefused)


async def test_a_system_names_every_call_and_whether_it_is_offered(outside: Outside) -> None:
    said = await outside.system.capabilities()
    assert [each.call for each in said] == list(Call)
    assert all(each.why for each in said)
    for offered, ask in CALLS.values():
        if offered is not None:
            assert is_absent(await ask(outside.system)) != await offers(outside, offered)
