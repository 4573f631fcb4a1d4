"""A state system that people work: it answers nothing by itself, and says what to do instead."""

import pytest

from pcc_desk.adapters.state.manual import Manual, connect
from pcc_desk.domain.answers import Silence
from pcc_desk.domain.capabilities import Call
from tests.adapters.outside import CARD, NOW, sale

PAGE = Manual("OARRS")


async def test_what_people_do_is_told_from_what_is_not_done_and_none_of_it_is_an_outage() -> None:
    by_hand = [await PAGE.ping(), await PAGE.standing(CARD), await PAGE.caregiver(CARD), await PAGE.post(sale())]
    absent = [
        await PAGE.find_posted("PCC-1"),
        await PAGE.correct("1", sale()),
        await PAGE.void("1", "rung up twice"),
        await PAGE.posted_on(NOW.date(), NOW),
        await PAGE.stock(),
    ]
    assert {each.kind for each in by_hand} == {Silence.BY_HAND}
    assert {each.kind for each in absent} == {Silence.ABSENT}
    assert all(each.is_for_a_person and not each.is_outage for each in (*by_hand, *absent))
    assert all("OARRS" in each.reason for each in (*by_hand, *absent))
    assert not any(CARD in each.reason for each in by_hand)


async def test_it_says_of_every_call_what_a_person_does() -> None:
    offers = await PAGE.capabilities()
    assert [each.call for each in offers] == list(Call)
    assert {each.call for each in offers if each.is_offered} == {Call.STANDING, Call.CAREGIVER, Call.POST}
    assert all(each.why for each in offers)


@pytest.mark.parametrize(
    ("settings", "name"), [({}, "State page"), ({"name": ""}, "State page"), ({"name": "PMP"}, "PMP")]
)
async def test_it_needs_nothing_but_a_name(settings: dict[str, str], name: str) -> None:
    page = connect(settings, {})
    assert page.name == name
    await page.close()
