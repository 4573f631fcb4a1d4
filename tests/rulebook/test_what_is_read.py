"""Everything that a rule file may say reaches the rules."""

from datetime import date, time
from fractions import Fraction
from pathlib import Path

import pytest

from pcc_desk.domain.cohorts import AgeGroup, Cohort, NamedGroup
from pcc_desk.domain.products import Basis
from pcc_desk.domain.rules import (
    AgeBar,
    CardEnds,
    Confidence,
    Limit,
    OutagePolicy,
    Potency,
    RegistryFigure,
    Source,
    Term,
)
from pcc_desk.domain.windows import (
    Anchor,
    CalendarDay,
    CalendarMonth,
    CalendarWeek,
    FixedPeriod,
    OrderLife,
    Possession,
    Refill,
    RollingDays,
    Transaction,
    Window,
)
from pcc_desk.rulebook import binding_differences, rules_in, rules_text
from pcc_desk.rulebook.showing import as_lines
from tests.rulebook.invented import DAY, GOOD, TERMS, WINDOW, changed, limit_with, written


def test_what_is_kept_from_the_young_is_read_and_shown_and_part_of_what_binds(tmp_path: Path) -> None:
    bar = 'not_below = [{ age = 21, cat = ["flower"], says = "no smokable form" }]'
    rules = rules_in(changed(tmp_path / "b", 'oz_g = "28"', f'oz_g = "28"\n{bar}'), DAY)
    assert rules.not_below == (AgeBar(21, ("flower",), "no smokable form"),)
    assert any("Nobody below 21 is sold flower: no smokable form." in line for line in as_lines(rules, DAY))
    plain = rules_in(written(tmp_path / "a", GOOD), DAY)
    assert binding_differences(rules_text(plain), rules_text(rules)) == (
        "kept from the young: nothing → below 21 no flower (no smokable form)",
    )
    assert plain.fingerprint != rules.fingerprint


def test_the_example_that_is_changed_in_each_test_is_good_itself(tmp_path: Path) -> None:
    rules = rules_in(written(tmp_path, GOOD), DAY)
    (limit,) = rules.limits
    assert limit == Limit(
        id="xx-30d",
        amount=Fraction(5, 2),
        unit="oz",
        window=RollingDays(30, 30, 30),
        terms=(Term(("flower",), Basis.NET_OZ, Fraction(28_000)),),
        unknown=frozenset({"concentrate"}),
        excluded=frozenset({"seed"}),
    )
    assert (rules.jurisdiction, rules.ruleset, rules.confidence) == ("XX", "xx-1", Confidence.HIGH)
    assert (rules.effective_from, rules.effective_to) == (date(2025, 1, 1), None)
    assert (rules.outage.sales_allowed, rules.outage.policy) == (False, OutagePolicy.PROHIBITED)
    assert rules.categories == ("flower", "concentrate")
    assert (rules.card_ends, rules.day_begins, rules.gives_back) == (CardEnds.END_OF_DAY, time(), frozenset())


@pytest.mark.parametrize(
    ("words", "window"),
    [
        ('kind = "calendar_day"', CalendarDay()),
        ('kind = "calendar_week", starts = "sunday"', CalendarWeek(6)),
        ('kind = "calendar_month"', CalendarMonth()),
        ('kind = "rolling_days", days = 90', RollingDays(90, 90, 91)),
        ('kind = "rolling_days", days = 30, returns = 31', RollingDays(30, 31, 32)),
        ('kind = "rolling_days", days = 30, returns = 30, returns_safe = 30', RollingDays(30, 30, 30)),
        (
            'kind = "rolling_days", days = 14, returns = 14, returns_conf = "low", returns_safe = 16',
            RollingDays(14, 14, 16),
        ),
        (
            'kind = "fixed_period", days = 30, anchor = "first_purchase"',
            FixedPeriod(30, 30, Anchor.FIRST_PURCHASE, False),
        ),
        (
            'kind = "fixed_period", days = 45, first_days = 46, anchor = "order_start", carry_over = true, periods = 8',
            FixedPeriod(45, 46, Anchor.ORDER_START, True, 8),
        ),
        ('kind = "refill", supply_days = 60, early_days = 0', Refill(60, 0, None)),
        ('kind = "refill", supply_days = 30, early_days = 7, remaining_days = 5', Refill(30, 7, 5)),
        ('kind = "transaction"', Transaction()),
        ('kind = "possession"', Possession()),
        ('kind = "order"', OrderLife()),
        ('kind = "order", supply_days = 90, refills = 4, partial_fills = true', OrderLife(90, 4)),
    ],
)
def test_every_kind_of_window_is_read(tmp_path: Path, words: str, window: Window) -> None:
    assert limit_with(tmp_path, WINDOW, f"{{ {words} }}").window == window


@pytest.mark.parametrize(
    ("basis", "per"),
    [
        ("net_g", 1000),
        ("net_oz", 28_000),
        ("net_ml", 1000),
        ("net_floz", Fraction("29573.5295625")),
        ("thc_mg", 1000),
        ("other_cannabinoid_mg", 1000),
        ("producer_equiv_g", 1000),
        ("count", 1000),
        ("dose", 1000),
        ("visit", 1000),
    ],
)
def test_every_basis_is_kept_in_its_smallest_unit(tmp_path: Path, basis: str, per: Fraction | int) -> None:
    (term,) = limit_with(tmp_path, 'basis = "net_oz"', f'basis = "{basis}"').terms
    assert (term.basis, term.per) == (Basis(basis), Fraction(per))


@pytest.mark.parametrize(
    ("written_as", "group"),
    [
        ("age>=21", AgeGroup(21, None, "age>=21")),
        ("age > 20", AgeGroup(21, None, "age > 20")),
        ("age<21", AgeGroup(None, 20, "age<21")),
        ("age<=18", AgeGroup(None, 18, "age<=18")),
        ("age 18-20", AgeGroup(18, 20, "age 18-20")),
        ("visiting", NamedGroup("visiting")),
        ("certification < 60 days", NamedGroup("certification < 60 days")),
        ("enhanced amount (e.g. cancer)", NamedGroup("enhanced amount (e.g. cancer)")),
        ("agent of a hospice", NamedGroup("agent of a hospice")),
    ],
)
def test_whom_a_limit_binds_is_an_age_or_a_group_by_name(tmp_path: Path, written_as: str, group: Cohort) -> None:
    assert limit_with(tmp_path, 'unit = "oz"', f'unit = "oz"\ncohort = ["{written_as}"]').cohort == (group,)


def test_who_sets_an_amount_and_what_bounds_it_are_read(tmp_path: Path) -> None:
    limit = limit_with(tmp_path, 'unit = "oz"', 'unit = "oz"\nsource_of_amount = "practitioner"\nceiling = true')
    assert (limit.source, limit.is_ceiling) == (Source.PRACTITIONER, True)
    limit = limit_with(tmp_path, 'amount = "2.5"', 'source_of_amount = "registry"')
    assert (limit.source, limit.amount) == (Source.REGISTRY, None)


def test_an_item_a_dispensary_and_the_registrys_figure_are_read(tmp_path: Path) -> None:
    more = 'per_item = true\nscope = "dispensary"\nregistry = { days = 30, column = "thc", decimals = 2 }'
    limit = limit_with(tmp_path, 'unit = "oz"', f'unit = "oz"\n{more}')
    assert (limit.is_per_item, limit.is_per_dispensary) == (True, True)
    assert limit.registry == RegistryFigure(30, "thc", 2)
    assert limit_with(tmp_path, 'unit = "oz"', 'unit = "oz"\nregistry = {}').registry == RegistryFigure()


def test_the_lower_of_two_confidences_holds_for_a_limit(tmp_path: Path) -> None:
    more = 'confidence = "medium"\nterms_confidence = "low"'
    assert limit_with(tmp_path, 'unit = "oz"', f'unit = "oz"\n{more}').confidence is Confidence.LOW
    more = 'confidence = "medium"\nterms_confidence = "high"'
    assert limit_with(tmp_path, 'unit = "oz"', f'unit = "oz"\n{more}').confidence is Confidence.MEDIUM


def test_the_confidence_of_a_set_goes_before_that_of_its_jurisdiction(tmp_path: Path) -> None:
    path = changed(tmp_path, 'id = "xx-1"', 'id = "xx-1"\nconfidence = "low"')
    assert rules_in(path, DAY).confidence is Confidence.LOW


def test_tiers_of_potency_and_rounding_are_read(tmp_path: Path) -> None:
    terms = """[
    { cat = ["flower"], basis = "net_g", per = "2.52", round = "ceil_per_product_id", where = { thc_pct_max = "23" } },
      { cat = ["flower"], basis = "net_g", per = "1.67", where = { thc_pct_min_excl = "23", thc_pct_max = "35" } },
      { cat = ["flower"], basis = "thc_mg", per = "100" },
    ]"""
    low, high, other = limit_with(tmp_path, TERMS, terms).terms
    assert (low.where, low.rounds_up, low.per) == (Potency(None, Fraction(23)), True, Fraction(2520))
    assert (high.where, high.rounds_up) == (Potency(Fraction(23), Fraction(35)), False)
    assert other.where is None


def test_a_limit_may_weigh_nothing(tmp_path: Path) -> None:
    assert limit_with(tmp_path, TERMS, "[]").terms == ()


def test_the_card_the_day_and_what_gives_back_are_read(tmp_path: Path) -> None:
    more = 'card = { ends = "start_of_day" }\nday_begins = "03:30"\ngives_back = ["void"]\nretention_years = 5'
    rules = rules_in(changed(tmp_path, 'oz_g = "28"', f'oz_g = "28"\n{more}'), DAY)
    assert (rules.card_ends, rules.day_begins) == (CardEnds.START_OF_DAY, time(3, 30))
    assert (rules.gives_back, rules.retention_years) == (frozenset({"void"}), 5)


def test_all_that_is_said_of_outages_is_read(tmp_path: Path) -> None:
    more = (
        'policy = "allowed", entry_deadline_hours = 24, oversale_report_hours = 72, notice_first = true, '
        'manual_override = "forbidden: by rule", own_system_failure = "suspend", entry_before_sale = true, '
        'exception_clause_exists = true, oversale_liability = "none if unintentional"'
    )
    rules = rules_in(changed(tmp_path, 'policy = "prohibited"', more), DAY)
    outage = rules.outage
    assert (outage.sales_allowed, outage.entry_deadline_hours, outage.oversale_report_hours) == (True, 24, 72)
    assert (outage.notice_first, outage.override_forbidden) == (True, True)
    assert dict(rules.people) == {
        "when the shop's own system fails": "suspend",
        "liability for an over-sale": "none if unintentional",
        "entry in the registry": "before the sale",
        "outages": "the law has a clause on them that was not read; ask the agency",
    }


def test_smaller_amounts_of_an_outage_are_limits_of_one_sale(tmp_path: Path) -> None:
    old = 'offline = { policy = "prohibited", why = "nothing without the registry" }\n'
    more = """[jurisdiction.XX.offline]
policy = "allowed_capped"
[[jurisdiction.XX.offline.limit]]
id = "xx-outage"
amount = "1"
unit = "oz"
window = { kind = "transaction" }
terms = [{ cat = ["flower"], basis = "net_oz", per = "1" }]
"""
    outage = rules_in(changed(tmp_path, old, more), DAY).outage
    assert outage.sales_allowed
    assert outage.why == "sales go on without the registry, up to a smaller amount"
    assert [(each.id, each.amount, each.window) for each in outage.limits] == [
        ("xx-outage", Fraction(1), Transaction())
    ]


def test_smaller_amounts_in_the_short_form_are_shares_of_one_amount(tmp_path: Path) -> None:
    more = 'policy = "allowed_capped", allowed_flower_g = "12", allowed_thc_mg = "2500"'
    (limit,) = rules_in(changed(tmp_path, 'policy = "prohibited"', more), DAY).outage.limits
    assert (limit.amount, limit.window) == (Fraction(1), Transaction())
    weighed = {category: (term.basis, term.per) for term in limit.terms for category in term.categories}
    assert weighed["flower"] == weighed["preroll"] == (Basis.NET_G, Fraction(12_000))
    assert weighed["edible"] == weighed["concentrate"] == (Basis.THC_MG, Fraction(2_500_000))
    more = 'policy = "allowed_capped", allowed_concentrate_g = "7", allowed_days_supply = "4"'
    (limit,) = rules_in(changed(tmp_path, 'policy = "prohibited"', more), DAY).outage.limits
    assert [(term.basis, term.per) for term in limit.terms] == [
        (Basis.NET_G, Fraction(7000)),
        (Basis.DOSE, Fraction(4000)),
    ]
