"""The registry's figure beside our own record, under random rules: read, lessened by what it cannot know."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from pcc_desk.domain.allotment import CannotTell, Figure, Purchase, Standing, evaluate
from pcc_desk.domain.categories import left_on
from pcc_desk.domain.entitlement import ORDINARY
from pcc_desk.domain.registry import RegistryStanding, RegistryWindow
from pcc_desk.domain.rules import Limit, RegistryFigure, Rules
from tests.domain import slow
from tests.domain.random_rules import TODAYS, examples, histories, rule_sets
from tests.domain.slow_days import counting

READ_AS = {"flower": "flower", "concentrate": "concentrate", "infused": "edible", "thc": "edible"}
COLUMNS = tuple(READ_AS)


@st.composite
def places(draw: st.DrawFn) -> RegistryFigure | None:
    """Return where the registry's figure stands: nowhere, in a row and column, or as the one number in grams."""
    decimals = draw(st.none() | st.integers(0, 3))
    match draw(st.sampled_from(("row", "row", "grams", "nowhere"))):
        case "row":
            return RegistryFigure(draw(st.sampled_from((1, 30))), draw(st.sampled_from(COLUMNS)), decimals)
        case "grams":
            return RegistryFigure(None, None, decimals)
    return None


def ruled(rules: Rules, where: Sequence[RegistryFigure | None]) -> Rules:
    pairs = zip(rules.limits, where, strict=False)
    return replace(rules, limits=tuple(replace(limit, registry=place) for limit, place in pairs))


figures = st.decimals("-1", "9", places=2)


@st.composite
def answers(draw: st.DrawFn) -> RegistryStanding:
    rows = draw(st.lists(st.tuples(st.sampled_from((1, 30)), st.sampled_from(COLUMNS), figures), max_size=4))
    typed = draw(st.dictionaries(st.sampled_from(("limit-0", "limit-1")), figures, max_size=1))
    return RegistryStanding(
        "C-1",
        active=True,
        windows=tuple(RegistryWindow(Decimal(days), ((column, figure),)) for days, column, figure in rows),
        grams=draw(st.none() | figures),
        by_limit=tuple(typed.items()),
    )


def slow_said(rules: Rules, limit: Limit, answer: RegistryStanding) -> Fraction | None:
    """Return what the registry says of a limit, in its unit: the lowest it may have meant."""
    typed = dict(answer.by_limit).get(limit.id)
    if typed is not None:
        return Fraction(typed)
    place = limit.registry
    if place is None:
        return None
    half_a_step = Fraction(0) if place.decimals is None else Fraction(1, 2) / 10**place.decimals
    if place.column is None:
        if answer.grams is None:
            return None
        smallest, category = (Fraction(answer.grams) - half_a_step) * 1000, "flower"
    else:
        rows = [
            Fraction(dict(each.available)[place.column])
            for each in answer.windows
            if each.days == place.days and place.column in dict(each.available)
        ]
        if not rows:
            return None
        smallest, category = (min(rows) - half_a_step) * rules.ounce_mg, READ_AS[place.column]
        if place.column == "thc":
            smallest *= 1000
    term = next((each for each in limit.terms if category in each.categories), None)
    return None if term is None else smallest / term.per


def slow_unseen(
    rules: Rules, limit: Limit, bought: Sequence[Purchase], asked_at: datetime, today: date
) -> Fraction | None:
    """Return what was dispensed here since the registry was asked, a minute of its memory allowed for."""
    days = counting(
        limit,
        today,
        sorted(each.on for each in bought if slow.counts(rules, limit, each.category) is not False),
        None,
        False,
    )
    sales: dict[datetime, list[Purchase]] = {}
    for each in bought:
        is_seen = each.posted_at is not None and asked_at - each.posted_at >= timedelta(seconds=60)
        is_counted = slow.counts(rules, limit, each.category) is not False
        if not is_seen and is_counted and (days is None or days.has(each.on)):
            sales.setdefault(each.at, []).append(each)
    shares = [slow.share(rules, limit, each) for each in sales.values()]
    return None if None in shares else sum((each for each in shares if each is not None), Fraction(0))


@st.composite
def cases(draw: st.DrawFn) -> tuple[date, Rules, list[Purchase], RegistryStanding, datetime]:
    today = draw(st.sampled_from(TODAYS))
    rules = ruled(draw(rule_sets(today, most=2)), [draw(places()) for _ in range(2)])
    rules = replace(rules, ignores_before=None)
    asked_at = datetime.combine(today, time(15, 1), UTC)
    bought = []
    for each in draw(histories(today, with_returns=False)):
        seconds = draw(st.sampled_from((None, 0, 1, 3600)))
        posted_at = None if seconds is None else each.at + timedelta(seconds=seconds)
        bought.append(replace(each, posted_at=posted_at))
    return today, rules, bought, draw(answers()), asked_at


def ask(case: tuple[date, Rules, list[Purchase], RegistryStanding, datetime]) -> Standing:
    today, rules, bought, answer, asked_at = case
    return evaluate(rules, bought, answer, asked_at, today, strict=False)


def told(figure: Figure) -> Fraction | None:
    """Return a figure, or None when it says why nobody knows it."""
    if isinstance(figure, CannotTell):
        assert figure.reason
        return None
    assert isinstance(figure, Fraction)
    return figure


@examples(90)
@given(cases())
def test_a_slow_reading_of_the_registrys_answer_agrees(
    case: tuple[date, Rules, list[Purchase], RegistryStanding, datetime],
) -> None:
    today, rules, bought, answer, asked_at = case
    for each in ask(case).limits:
        said = slow_said(rules, each.limit, answer)
        unseen = slow_unseen(rules, each.limit, bought, asked_at, today)
        expected = None if said is None or unseen is None else said - unseen
        assert told(each.registry_left) == expected
        own = slow.figures(rules, each.limit, bought, today, ORDINARY, strict=False)
        assert told(each.own_left) == own.own_left
        if expected is not None:
            lower = expected if own.own_left is None else min(expected, own.own_left)
            assert told(each.left) == max(lower, Fraction(0))
        elif not isinstance(each.left, CannotTell):
            assert each.left == own.left
            assert str(each.limit.window) in ("one sale", "held at one time")


@examples(36)
@given(cases(), st.integers(1, 60))
def test_no_more_is_promised_for_a_later_day_than_our_own_record_will_have(
    case: tuple[date, Rules, list[Purchase], RegistryStanding, datetime], days: int
) -> None:
    today, rules, bought, _, _ = case
    day = today + timedelta(days=days)
    for each in ask(case).limits:
        promised = left_on(each, day)
        own = slow.figures(rules, each.limit, bought, day, ORDINARY, strict=False)
        if not isinstance(promised, CannotTell):
            assert promised >= 0
            assert own.left is None or promised <= own.left
            if not isinstance(each.left, CannotTell) and each.limit.first_amount is None:
                assert promised >= each.left or own.left is not None
