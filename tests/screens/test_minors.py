"""What the rules keep from the young: refused with their citation, and never said to be checked where it is not."""

from dataclasses import replace
from datetime import date

import pytest

from pcc_desk.desk.dispensing import NotForSale, Recorded, hand_over, judge_now
from pcc_desk.desk.standing import read_standing
from pcc_desk.domain.rules import AgeBar, Rules
from pcc_desk.domain.standing import NotForAge
from pcc_desk.domain.what_if import Question, answer, understand
from pcc_desk.rulebook import rules_for
from pcc_desk.screens.young_words import young_lines
from tests.desk.counter import DREAM, EVA, MARA, TODAY, TOMAS_CARD, Counter, grams, pieces
from tests.screens.seat import NARROW, at_the_queue

NO_SMOKE = AgeBar(21, ("flower", "preroll"), "no smokable form")


@pytest.fixture
def strict(counter: Counter) -> Counter:
    """Return a counter in a state that keeps flower from the young."""
    rules = replace(rules_for("MI", TODAY), not_below=(NO_SMOKE,), people=(("minors", "under 21: no smokable form"),))
    counter.desk.rules_on = lambda on, order_began=None: rules
    return counter


async def test_a_minor_gets_no_flower_whoever_comes_for_them_and_is_told_by_which_law(strict: Counter) -> None:
    await strict.ask(TOMAS_CARD)
    desk = strict.desk
    refused = await hand_over(desk, EVA.id, (pieces(1), grams("1")), desk.act())
    why = "not for anybody below 21: no smokable form (Michigan: MCL 333.26424(c); Mich. Admin. Code R 420.505"
    assert isinstance(refused, NotForSale)
    assert refused.label == DREAM.label
    assert refused.why.startswith(why)
    assert refused == await judge_now(desk, EVA.id, (pieces(1), grams("1")))
    assert strict.recorded("dispensation.recorded") == 0
    assert isinstance(await hand_over(desk, EVA.id, (pieces(1),), desk.act()), Recorded)


async def test_who_is_old_enough_gets_it(strict: Counter) -> None:
    await strict.ask()
    assert isinstance(await hand_over(strict.desk, MARA.id, (grams("1"),), strict.desk.act()), Recorded)


async def test_what_may_be_dispensed_shows_no_amount_of_what_is_kept_from_them(strict: Counter) -> None:
    await strict.ask(TOMAS_CARD)
    async with at_the_queue(strict, NARROW) as seat:
        await seat.press("slash")
        await seat.type(TOMAS_CARD.number)
        await seat.see("Reyes, Eva")
        await seat.press("enter")
        await seat.see("13 years. Michigan says: under 21: no smokable form.")
        await seat.see(lambda text: "refuses flower, preroll below 21; the rest is" in " ".join(text.split()))
        await seat.press("i", "p", "c", "enter")
        await seat.see("checked in.")
        await seat.press("enter")
        await seat.see("Reyes, Eva   born")
        await seat.press("a")
        await seat.see("too young   not for anybody below 21: no smokable form")
        await seat.press("w")
        await seat.type("3.5 g flower\r")
        await seat.see("no: not for anybody below 21: no smokable form.")


async def test_the_basket_begins_with_the_words_and_a_barred_package_is_refused_when_it_is_chosen(
    strict: Counter,
) -> None:
    async with at_the_queue(strict) as seat:
        await seat.press("slash")
        await seat.type(TOMAS_CARD.number)
        await seat.see("Reyes, Eva")
        await seat.press("enter")
        await seat.see("of caregiver")
        await seat.press("i", "p", "c", "enter")
        await seat.see("checked in.")
        await seat.press("enter")
        await seat.see("Reyes, Eva   born")
        await seat.press("d")
        await seat.see("13 years. Michigan says: under 21: no smokable form.")
        await seat.see("too young")
        await seat.type("blue\r")
        await seat.see("Blue Dream may not go out: not for anybody below 21: no smokable form")


def test_before_the_birthday_on_which_they_are_old_enough_it_is_kept_from_them() -> None:
    rules = replace(rules_for("MI", TODAY), not_below=(NO_SMOKE,))
    assert [rules.barred("flower", years) for years in (20, 21, None)] == [NO_SMOKE, None, None]
    assert rules.barred("edible", 3) is None


async def test_what_somebody_asks_before_there_is_a_basket_is_answered_so_too(strict: Counter) -> None:
    await strict.ask(TOMAS_CARD)
    known = (await read_standing(strict.desk, EVA.id)).standing
    asked = understand("2 x 100 mg edible + 1 g flower", known, ())
    assert isinstance(asked, Question)
    assert answer(asked, known) == NotForAge(NO_SMOKE)


@pytest.mark.parametrize(
    ("code", "years", "says"),
    [
        ("AR", 20, "Arkansas says: under 21: no smokable form; under 18: parent as caregiver. The desk refuses flower"),
        ("FL", 17, "(general knowledge, not read). The desk checks no product by age: you do."),
        ("MN", 20, "raw flower from age 21 in the original rule. The desk checks no product by age: you do."),
        ("KY", 20, "The desk refuses vape below 21; the rest is yours to check."),
        ("GA", 21, "The desk refuses vape below 22; the rest is yours to check."),
        ("MI", 17, "What may not go to the young in Michigan is not in these rules: look it up."),
        ("MI", 18, ""),
        ("AR", 22, ""),
    ],
)
def test_what_is_only_words_is_shown_as_it_stands_and_never_said_to_be_checked(
    code: str, years: int, says: str
) -> None:
    lines = young_lines(rules(code), years)
    told = "".join(words for line in lines for words, _ in line)
    assert says in told
    assert bool(says) is bool(told)


def rules(code: str) -> Rules:
    return rules_for(code, date(2026, 11, 26))


def test_only_what_the_reference_says_of_a_form_and_an_age_is_kept_from_anybody() -> None:
    bars = {
        code: [(each.age, each.categories) for each in rules(code).not_below] for code in ("AR", "GA", "KY", "LA", "AL")
    }
    assert bars == {
        "AR": [(21, ("flower", "preroll", "shake", "infused_preroll"))],
        "GA": [(22, ("vape",))],
        "KY": [(21, ("vape",))],
        "LA": [],
        "AL": [],
    }
