"""What holds for every patient, every history and every answer of the registry.

Beside the domain stands a second evaluator: slow, obvious, written from the statute's table instead of from rule files.
"""

from datetime import datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from pcc_desk.domain.allotment import CannotTell, Figure, Purchase
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.basket import Fits, OverLimit, Proposed, judge, largest_fit
from pcc_desk.domain.categories import left_on
from pcc_desk.domain.products import Measures, Package
from pcc_desk.domain.quantity import Quantity, Unit
from pcc_desk.domain.registry import CardNotFound, RegistryAnswer, RegistryStanding, RegistryWindow
from tests.domain.michigan import CARD, FLUID_OUNCE_UL, NOW, OUNCE_MG, TODAY, known, left, of_limit, standing

PER_OUNCE = {
    **dict.fromkeys(("flower", "preroll", "shake"), OUNCE_MG),
    **dict.fromkeys(("edible", "capsule", "topical", "suppository", "transdermal"), 16 * OUNCE_MG),
    **dict.fromkeys(("liquid", "tincture"), 36 * FLUID_OUNCE_UL),
    "vape": Fraction(7000),
}
"""The statute's table: how much of each equals one ounce. In milligrams, liquids in microlitres."""

LIMITS = {"mi-day": Fraction("2.5"), "mi-30d": Fraction(10)}
KNOWN = tuple(PER_OUNCE)
LIQUID = ("liquid", "tincture")


def measures_of(category: str, amount: int) -> Measures:
    """Return `amount` mg or µL of a category."""
    return Measures(None, amount, None, 1000) if category in LIQUID else Measures(amount, None, None, 1000)


@st.composite
def purchases(draw: st.DrawFn, categories: tuple[str, ...] = KNOWN) -> Purchase:
    category = draw(st.sampled_from(categories))
    on = TODAY - timedelta(days=draw(st.integers(0, 40)))
    amount = draw(st.integers(1, 100_000))
    posted = draw(st.none() | st.integers(-120, 120))
    long_ago = datetime.combine(on, time(12), NOW.tzinfo)
    posted_at = None if posted is None else min(NOW - timedelta(seconds=posted), long_ago + timedelta(days=3))
    quantity = Quantity(amount, Unit.GRAMS)
    return Purchase(on, long_ago, category, measures_of(category, amount), category, quantity, posted_at)


histories = st.lists(purchases(), max_size=8)
any_histories = st.lists(purchases((*KNOWN, "concentrate", "unknown")), max_size=8)
figures = st.none() | st.decimals("-1", "12", places=4)


@st.composite
def registry_says(draw: st.DrawFn) -> RegistryStanding:
    rows = [(days, draw(figures)) for days in (1, 30)]
    windows = tuple(RegistryWindow(Decimal(days), (("flower", said),)) for days, said in rows if said is not None)
    return RegistryStanding(CARD, draw(st.sampled_from((True, True, True, False))), windows)


silences = st.sampled_from(list(Silence)).map(lambda kind: Unanswered(kind, "METRC kept silent"))
answers = st.one_of(registry_says(), silences, st.just(CardNotFound(CARD)))
full = RegistryStanding(
    CARD,
    True,
    (RegistryWindow(Decimal(1), (("flower", Decimal(99)),)), RegistryWindow(Decimal(30), (("flower", Decimal(99)),))),
)


@st.composite
def baskets(draw: st.DrawFn) -> list[Proposed]:
    lines = []
    for number in range(draw(st.integers(1, 3))):
        category = draw(st.sampled_from(KNOWN))
        if category == "flower":
            package = Package(f"tag{number}", "jar", category, Quantity(90_000, Unit.GRAMS))
            quantity = Quantity(draw(st.integers(1, 9000)) * 10, Unit.GRAMS)
        else:
            per_piece = draw(st.integers(1, 60_000))
            volume, weight = (per_piece, None) if category in LIQUID else (None, per_piece)
            package = Package(f"tag{number}", "box", category, Quantity(200_000, Unit.EACH), weight, volume)
            quantity = Quantity(draw(st.integers(1, 200)) * 1000, Unit.EACH)
        lines.append(Proposed(package, quantity))
    return lines


# -- the slow evaluator


def slow_ounces(category: str, measures: Measures) -> Fraction | None:
    if category not in PER_OUNCE:
        return None
    amount = measures.volume_ul if category in LIQUID else measures.net_mg
    return None if amount is None else Fraction(amount) / PER_OUNCE[category]


def slow_is_in(limit_id: str, purchase: Purchase) -> bool:
    if limit_id == "mi-day":
        return purchase.on == TODAY
    return purchase.on > TODAY - timedelta(days=31)


def slow_sum(bought: list[Purchase]) -> Fraction | None:
    total = Fraction(0)
    for each in bought:
        ounces = slow_ounces(each.category, each.measures)
        if ounces is None:
            return None
        total += ounces
    return total


def slow_left(limit_id: str, history: list[Purchase], answer: RegistryAnswer, own_record: bool) -> Fraction | None:
    """Return the ounces left of a limit; None when nobody knows."""
    counted = [each for each in history if slow_is_in(limit_id, each)]
    used = slow_sum(counted)
    own = None if used is None else LIMITS[limit_id] - used
    if isinstance(answer, Unanswered):
        outage = answer.kind in (Silence.DOWN, Silence.TIMED_OUT, Silence.UNREADABLE)
        return max(own, Fraction(0)) if own_record and outage and own is not None else None
    if isinstance(answer, CardNotFound) or not answer.active:
        return None
    said = {window.days: window.figure("flower") for window in answer.windows}.get(
        Decimal(1 if limit_id == "mi-day" else 30)
    )
    unseen = slow_sum([e for e in counted if e.posted_at is None or NOW - e.posted_at < timedelta(seconds=60)])
    if said is None or unseen is None:
        return None
    registry = Fraction(said) - unseen
    return max(registry if own is None else min(own, registry), Fraction(0))


def as_told(figure: Figure) -> Fraction | None:
    return None if isinstance(figure, CannotTell) else figure


# -- what always holds


@given(any_histories, answers, st.booleans())
def test_a_slow_evaluator_written_from_the_statute_agrees(
    history: list[Purchase], answer: RegistryAnswer, own_record: bool
) -> None:
    where = standing(history, answer, own_record=own_record)
    expected = {limit_id: slow_left(limit_id, history, answer, own_record) for limit_id in LIMITS}
    assert {limit_id: as_told(left(where, limit_id)) for limit_id in LIMITS} == expected
    by_day, by_month = expected.values()
    for found in where.categories:
        if found.category not in PER_OUNCE or by_day is None or by_month is None:
            assert isinstance(found.now, CannotTell)
        else:
            assert found.now == (min(by_day, by_month) * PER_OUNCE[found.category]).__floor__()


@given(any_histories, answers, st.booleans())
def test_what_is_left_is_never_below_zero_and_never_above_the_amount(
    history: list[Purchase], answer: RegistryAnswer, own_record: bool
) -> None:
    where = standing(history, answer, own_record=own_record)
    for each in where.limits:
        if not isinstance(each.left, CannotTell) and not isinstance(each.own_left, CannotTell):
            assert 0 <= each.left <= known(each.amount)
    for found in where.categories:
        if not isinstance(found.now, CannotTell) and not isinstance(found.whole, CannotTell):
            assert known(found.now) >= 0


@given(any_histories, answers, st.booleans())
def test_neither_the_registry_nor_our_own_record_raises_the_other(
    history: list[Purchase], answer: RegistryAnswer, own_record: bool
) -> None:
    for each in standing(history, answer, own_record=own_record).limits:
        if not isinstance(each.left, CannotTell):
            for figure in (each.own_left, each.registry_left):
                assert isinstance(figure, CannotTell) or each.left <= max(figure, Fraction(0))


@given(any_histories, purchases((*KNOWN, "concentrate")), answers, st.booleans())
def test_one_purchase_more_never_leaves_more(
    history: list[Purchase], another: Purchase, answer: RegistryAnswer, own_record: bool
) -> None:
    before = standing(history, answer, own_record=own_record)
    after = standing([*history, another], answer, own_record=own_record)
    for was, now in zip(before.limits, after.limits, strict=True):
        # Our own sum may become unknown; then the registry's word decides, and that is not lowered by guessing.
        if (
            not isinstance(now.left, CannotTell)
            and not isinstance(was.left, CannotTell)
            and not isinstance(now.own_left, CannotTell)
        ):
            assert now.left <= was.left
        assert not isinstance(was.left, CannotTell) or isinstance(now.left, CannotTell)


@given(any_histories, answers, st.booleans(), st.data())
def test_the_order_of_purchases_does_not_matter(
    history: list[Purchase], answer: RegistryAnswer, own_record: bool, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(history))
    one, other = (standing(each, answer, own_record=own_record) for each in (history, shuffled))
    for limit_id in LIMITS:
        assert as_told(left(one, limit_id)) == as_told(left(other, limit_id))
    assert [each.then for each in one.categories] == [each.then for each in other.categories]


@given(histories, st.integers(0, 45), st.integers(0, 45))
def test_waiting_never_leaves_less(history: list[Purchase], days: int, more: int) -> None:
    """With nothing bought meanwhile and the registry's word the same."""
    sooner, later = (
        standing(history, full, on=TODAY + timedelta(days=each), own_record=True) for each in (days, days + more)
    )
    for limit_id in LIMITS:
        before, after = as_told(left(sooner, limit_id)), as_told(left(later, limit_id))
        assert before is not None
        assert after is not None
        assert after >= before


@given(histories, registry_says(), baskets(), st.booleans())
def test_what_is_allowed_never_passes_any_limit_or_the_registrys_figure(
    history: list[Purchase], answer: RegistryStanding, basket: list[Proposed], in_outage: bool
) -> None:
    said: RegistryAnswer = Unanswered(Silence.DOWN, "METRC cannot be reached") if in_outage else answer
    verdict = judge(standing(history, said, own_record=in_outage), basket)
    sale = sum(
        (slow_ounces(e.package.category, e.package.measures(e.quantity)) or Fraction(0) for e in basket), Fraction(0)
    )
    for limit_id, amount in LIMITS.items():
        used = slow_sum([each for each in history if slow_is_in(limit_id, each)])
        assert used is not None
        may = slow_left(limit_id, history, said, in_outage)
        if isinstance(verdict, Fits):
            assert used + sale <= amount
            assert may is not None
            assert sale <= may
    if isinstance(verdict, OverLimit):
        may = slow_left(verdict.limit.id, history, said, in_outage)
        assert may is not None
        assert verdict.over == sale - may > 0


@given(histories, baskets(), st.data())
def test_the_largest_that_fits_fits_and_one_step_more_does_not(
    history: list[Purchase], basket: list[Proposed], data: st.DataObject
) -> None:
    where = standing(history, full)
    index = data.draw(st.integers(0, len(basket) - 1))
    chosen = basket[index]
    most = largest_fit(where, basket, index)
    step = 10 if most.unit is Unit.GRAMS else 1000

    def verdict_with(amount: int) -> object:
        lines = list(basket)
        lines[index] = Proposed(chosen.package, Quantity(amount, most.unit))
        return judge(where, lines)

    if most.milli:
        assert isinstance(verdict_with(most.milli), Fits)
    if most.milli + step <= chosen.package.remaining.milli:
        assert isinstance(verdict_with(most.milli + step), OverLimit)


@given(histories, st.integers(1, 40))
def test_what_is_promised_for_a_later_day_is_there_on_that_day(history: list[Purchase], days: int) -> None:
    """The promise is the least that is certain: the same patient asked again on that day has at least as much."""
    day = TODAY + timedelta(days=days)
    where = standing(history, Unanswered(Silence.DOWN, "METRC cannot be reached"), own_record=True)
    then = standing(history, Unanswered(Silence.DOWN, "METRC cannot be reached"), own_record=True, on=day)
    for limit_id in LIMITS:
        assert as_told(left_on(of_limit(where, limit_id), day)) == as_told(left(then, limit_id))
    for now, later in zip(where.categories, then.categories, strict=True):
        if now.then is not None and not isinstance(now.now, CannotTell) and now.then.on <= day:
            assert not isinstance(later.now, CannotTell)
            assert known(later.now) >= known(now.now) + now.then.amount


@st.composite
def eighths(draw: st.DrawFn) -> Purchase:
    """Return a purchase of so many eighths of an ounce, so that the registry can say exactly what is left."""
    count, days_ago = draw(st.integers(1, 12)), draw(st.integers(0, 40))
    mg = count * 2 * OUNCE_MG
    on = TODAY - timedelta(days=days_ago)
    at = datetime.combine(on, time(9), NOW.tzinfo)
    return Purchase(on, at, "edible", Measures(int(mg), None, None, 1000), "box", Quantity(1000, Unit.EACH), at)


@given(st.lists(eighths(), max_size=5), st.lists(eighths(), max_size=5), st.integers(1, 40), st.sampled_from((30, 31)))
def test_no_more_is_promised_than_the_registry_will_say_on_that_day(
    here: list[Purchase], elsewhere: list[Purchase], days: int, gives_back_after: int
) -> None:
    """A registry sees every shop, and may give back on either of the two days that the rule is disputed between."""

    def registry_left(offset: int) -> Fraction:
        day = TODAY + timedelta(days=offset)
        used = slow_sum([each for each in (*here, *elsewhere) if (day - each.on).days < gives_back_after])
        assert used is not None
        return 10 - used

    said = Decimal(int(registry_left(0) * 8)) / 8
    answer = RegistryStanding(CARD, True, (RegistryWindow(Decimal(30), (("flower", said),)),))
    thirty = of_limit(standing(here, answer), "mi-30d")
    assert thirty.registry_left == registry_left(0)
    promised = as_told(left_on(thirty, TODAY + timedelta(days=days)))
    assert promised is not None
    assert promised <= max(registry_left(days), Fraction(0))
