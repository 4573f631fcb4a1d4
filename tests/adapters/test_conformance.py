"""The suite that other packages run against their adapters, run against ours, and against some that are wrong."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pcc_desk.adapters.state.manual import Manual
from pcc_desk.desk.ports_outside import StateSystem
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.capabilities import Call, Offer
from pcc_desk.domain.dispensing import Dispensation, NotPosted, Posted, PostRefused
from pcc_desk.domain.registry import RegistryAnswer
from pcc_desk.testing import Known, Outside, StateSystemContract
from tests.adapters.outside import CARD, DREAM, KEYS, NOW
from tests.adapters.test_state_contract import (
    CAREGIVER,
    LAPSED,
    UNKNOWN,
    FakeOutside,
    SimulatedBioTrack,
    SimulatedLicensee,
    SimulatedNewMexico,
    SimulatedOutside,
)
from tests.fakes import FixedClock
from tests.fakes_outside import FakeStateSystem

KNOWN = Known(
    now=NOW,
    zone="America/Detroit",
    active_card=CARD,
    unknown_card=UNKNOWN,
    label=DREAM,
    lapsed_card=LAPSED,
    caregiver_card=CAREGIVER,
    held_label="",
    secrets=KEYS,
)


class Before:
    """A state system of our own tests, as the suite wants it."""

    known = KNOWN

    def __init__(self, there: FakeOutside | SimulatedOutside) -> None:
        self._there = there

    @property
    def system(self) -> StateSystem:
        return self._there.system

    def goes_down(self) -> None:
        self._there.goes_down()

    def falls_silent(self) -> None:
        self._there.falls_silent()

    def loses_the_answer(self) -> None:
        self._there.loses_answers()

    def comes_back(self) -> None:
        self._there.comes_back()

    def voids(self, receipt: str) -> None:
        self._there.voids(receipt)


class Page:
    """A page that people read. Nothing befalls it that the desk would know of."""

    known = KNOWN
    system: StateSystem = Manual("OARRS")

    def goes_down(self) -> None: ...
    def falls_silent(self) -> None: ...
    def loses_the_answer(self) -> None: ...
    def comes_back(self) -> None: ...
    def voids(self, receipt: str) -> None: ...


class TestTheFake(StateSystemContract):
    @pytest.fixture
    def outside(self) -> Outside:
        there = FakeOutside()
        held = "1A4050100000000000000436"
        before = Before(there)
        before.known = replace(KNOWN, held_label=held)
        return before


class TestMetrcBeforeTheSimulator(StateSystemContract):
    @pytest.fixture
    def outside(self, tmp_path: Path) -> Outside:
        return Before(SimulatedOutside(tmp_path))


class BeforeBioTrack(Before):
    """One of BioTrack's generations. The answer that is lost is that to a sale, before which others are asked for."""

    def __init__(self, there: SimulatedBioTrack) -> None:
        super().__init__(there)
        self._biotrack = there
        self.known = replace(
            KNOWN,
            label=there.label,
            caregiver_card="",
            keeps_our_number=there.keeps_our_number,
            keeps_time_of_sale=there.keeps_time_of_sale,
            tells_unknown_cards=there.tells_unknown_cards,
            adds_to_receipts=there.adds_to_receipts,
        )

    def loses_the_answer(self) -> None:
        self._biotrack.loses_the_answer_to_a_sale()


class TestBioTracksLegacyInterface(StateSystemContract):
    @pytest.fixture
    def outside(self, tmp_path: Path) -> Outside:
        return BeforeBioTrack(SimulatedBioTrack(tmp_path))


class TestBioTrackInNewMexico(StateSystemContract):
    @pytest.fixture
    def outside(self, tmp_path: Path) -> Outside:
        return BeforeBioTrack(SimulatedNewMexico(tmp_path))


class TestBioTrackForLicensees(StateSystemContract):
    @pytest.fixture
    def outside(self, tmp_path: Path) -> Outside:
        return BeforeBioTrack(SimulatedLicensee(tmp_path))


class TestAPageThatPeopleRead(StateSystemContract):
    @pytest.fixture
    def outside(self) -> Outside:
        return Page()


# What the suite is for: it finds what is wrong with an adapter


class Forgetful(FakeStateSystem):
    """Says that it is posted, and posts nothing."""

    async def post(self, dispensation: Dispensation) -> Posted | PostRefused | Unanswered:
        return Posted("1")


class Eager(FakeStateSystem):
    """Sends again what was answered."""

    async def post(self, dispensation: Dispensation) -> Posted | PostRefused | Unanswered:
        await super().post(dispensation)
        return await super().post(dispensation)


class Optimist(FakeStateSystem):
    """Takes an outage for “no such thing”."""

    async def find_posted(self, external_number: str) -> Posted | NotPosted | Unanswered:
        found = await super().find_posted(external_number)
        return NotPosted() if isinstance(found, Unanswered) else found


class Chatty(FakeStateSystem):
    """Repeats a card in its reasons."""

    async def standing(self, card_number: str) -> RegistryAnswer:
        answer = await super().standing(card_number)
        return Unanswered(answer.kind, f"METRC: {card_number}") if isinstance(answer, Unanswered) else answer


class Silent(FakeStateSystem):
    """Does not say of every call whether it is offered."""

    async def capabilities(self) -> tuple[Offer, ...]:
        return (Offer(Call.POST, True, "always"),)


class Doubtless(FakeStateSystem):
    """Takes a lost answer for something that was not done."""

    async def post(self, dispensation: Dispensation) -> Posted | PostRefused | Unanswered:
        answer = await super().post(dispensation)
        return replace(answer, kind=Silence.DOWN) if isinstance(answer, Unanswered) else answer


SUITE = StateSystemContract()
WRONG: list[tuple[type[FakeStateSystem], Any, dict[str, Any]]] = [
    (Forgetful, SUITE.test_what_was_posted_is_found_by_our_number_and_what_was_not_is_not, {}),
    (Forgetful, SUITE.test_a_post_is_sent_once, {}),
    (Eager, SUITE.test_a_post_is_sent_once, {}),
    (Optimist, SUITE.test_no_call_takes_an_outage_for_an_answer, {"trouble": "down", "call": Call.FIND_POSTED}),
    (Chatty, SUITE.test_no_call_takes_an_outage_for_an_answer, {"trouble": "down", "call": Call.STANDING}),
    (Silent, SUITE.test_it_has_a_name_and_says_of_every_call_whether_it_is_offered_and_how_that_is_known, {}),
    (Doubtless, SUITE.test_a_post_whose_answer_was_lost_may_have_arrived_and_says_so, {}),
]


@pytest.mark.parametrize(("kind", "test", "arguments"), WRONG, ids=lambda each: getattr(each, "__name__", ""))
async def test_an_adapter_that_is_wrong_is_found_out(
    kind: type[FakeStateSystem], test: Any, arguments: dict[str, Any]
) -> None:
    right, wrong = FakeOutside(), FakeOutside()
    wrong.system = kind(FixedClock(NOW))
    wrong.system.standings, wrong.system.packages = right.system.standings, right.system.packages
    await test(Before(right), **arguments)
    with pytest.raises(AssertionError):
        await test(Before(wrong), **arguments)


def test_a_class_without_an_outside_is_told_what_it_lacks() -> None:
    assert "outside" in vars(StateSystemContract)
    with pytest.raises(NotImplementedError, match="give your class a fixture"):
        StateSystemContract.outside.__wrapped__(SUITE)  # type: ignore[attr-defined]
