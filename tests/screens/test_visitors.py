"""Whose card is from elsewhere: told at check-in, and bound by the visitors' limit without a paper."""

from datetime import date

import pytest

from pcc_desk.desk.entitlements import entitlement_on
from pcc_desk.desk.identity import note_details
from pcc_desk.desk.standing import read_standing
from pcc_desk.domain.identity import Details
from pcc_desk.rulebook import rules_for
from pcc_desk.screens.visitor_words import visitor_lines
from tests.desk.counter import CHIDI, MARA, TODAY, Counter
from tests.screens.seat import NARROW, at_the_queue

ON = date(2026, 11, 26)


def limits(counter: Counter, home: str, code: str = "KY") -> set[str]:
    rules = rules_for(code, ON)
    note_details(counter.ledger, MARA.id, Details(home_jurisdiction=home), act=counter.act())
    papers = counter.ledger.entitlement(MARA.id)
    return {each.id for each in entitlement_on(counter.ledger, MARA, papers, rules, ON).binding(rules, ON)}


@pytest.mark.parametrize("home", ["OH", "ohio", "somewhere"])
def test_a_visitors_limit_binds_who_is_noted_as_one_without_a_paper(counter: Counter, home: str) -> None:
    assert "ky-visiting-10d" in limits(counter, home)
    assert "ms-held-nonres" in limits(counter, home, "MS")


@pytest.mark.parametrize("home", ["", " ", "KY", "kentucky"])
def test_it_does_not_bind_who_is_at_home_here(counter: Counter, home: str) -> None:
    assert "ky-visiting-10d" not in limits(counter, home)


async def test_what_a_visitor_may_have_is_judged_by_it(counter: Counter) -> None:
    rules = rules_for("KY", TODAY)
    counter.desk.rules_on = lambda on, order_began=None: rules
    note_details(counter.ledger, MARA.id, Details(home_jurisdiction="OH"), act=counter.act())
    known = await read_standing(counter.desk, MARA.id)
    assert "ky-visiting-10d" in {each.limit.id for each in known.standing.limits}


async def test_who_is_from_elsewhere_is_told_at_check_in_with_what_the_rules_say(counter: Counter) -> None:
    note_details(counter.ledger, CHIDI.id, Details(home_jurisdiction="OH"), act=counter.act())
    async with at_the_queue(counter, size=NARROW) as seat:
        await seat.type("/okafor\r")
        await seat.see("Card from OH. Michigan says of visitors: out-of-state medical cards accepted")
        await seat.see("The desk checks none of it: that is")


@pytest.mark.parametrize(
    ("code", "home", "says"),
    [
        ("KY", "OH", "says of visitors: 10-day supply. Their own limit counts; the rest is yours to check."),
        ("PA", "OH", "Pennsylvania says of visitors: none. The desk checks none of it"),
        ("MI", "MI", ""),
        ("MI", "", ""),
    ],
)
def test_what_the_rules_say_stands_as_it_is(code: str, home: str, says: str) -> None:
    told = "".join(words for line in visitor_lines(rules_for(code, ON), home) for words, _ in line)
    assert says in told
    assert bool(says) is bool(told)
