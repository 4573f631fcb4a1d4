"""The files that ship: all there, all good, and what the reference says of the days on which rules changed."""

import tomllib
from datetime import date, timedelta
from fractions import Fraction

import pytest

from pcc_desk.domain.products import Basis
from pcc_desk.domain.rules import CardEnds, Confidence, OutagePolicy, RegistryFigure, Rules, Source
from pcc_desk.domain.windows import CalendarDay, CalendarMonth, FixedPeriod, Possession, RollingDays
from pcc_desk.rulebook import RuleFileError, jurisdictions, problems_of, read_file, rule_files, rules_for
from pcc_desk.shipped import data_folder
from tests.rulebook.invented import DAY, by_id

LIMITS = {
    "AK": 4, "AL": 3, "AR": 1, "AZ": 2, "CA": 2, "CO": 6, "CT": 5, "DC": 3, "DE": 2, "FL": 13, "GA": 3, "GU":
    1, "HI": 2, "IA": 1, "IL": 2, "KY": 3, "LA": 2, "MA": 2, "MD": 1, "ME": 2, "MI": 2, "MN": 1, "MO": 3,
    "MP": 4, "MS": 7, "MT": 4, "ND": 6, "NE": 4, "NH": 2, "NJ": 2, "NM": 2, "NV": 2, "NY": 2, "OH": 2, "OK":
    6, "OR": 7, "PA": 2, "PR": 1, "RI": 2, "SD": 2, "TX": 4, "UT": 2, "VA": 2, "VI": 2, "VT": 1, "WA": 8,
    "WV": 1,
}  # fmt: skip
"""How many limits each file has, over all its sets."""

CODES = sorted(LIMITS)

FIRST_DAYS = {
    "FL": date(2019, 3, 18),
    "IA": date(2020, 7, 1),
    "KY": date(2025, 1, 1),
    "LA": date(2022, 1, 1),
    "MI": date(2020, 6, 22),
    "MS": date(2022, 7, 1),
    "MT": date(2020, 6, 2),
    "ND": date(2019, 8, 1),
    "NE": date(2025, 10, 1),
    "NM": date(2016, 6, 1),
    "OH": date(2019, 1, 16),
    "WA": date(2016, 7, 1),
}
"""Before these days nothing is known. The others have rules of every day."""


def test_forty_seven_jurisdictions_ship_and_every_file_is_good() -> None:
    files = rule_files()
    assert sorted(files) == sorted(CODES)
    assert [problem for path in files.values() for problem in problems_of(path)] == []
    assert [each.name for each in jurisdictions()][:3] == ["Alabama", "Alaska", "Arizona"]


def test_how_far_they_are_to_be_trusted_is_as_in_the_reference() -> None:
    counts = dict.fromkeys(Confidence, 0)
    for each in jurisdictions():
        counts[Confidence(each.confidence)] += 1
    assert counts == {Confidence.HIGH: 20, Confidence.MEDIUM: 20, Confidence.LOW: 7}


@pytest.mark.parametrize("code", CODES)
def test_a_file_has_all_its_limits_sources_and_rules_of_every_day(code: str) -> None:
    file = read_file(rule_files()[code])
    assert sum(len(each.limits) for each in file.sets) == LIMITS[code]
    assert file.citation
    assert file.source
    assert not any(each.gap_before for each in file.sets)
    assert file.sets[0].first == FIRST_DAYS.get(code)
    assert file.sets[-1].last is None
    for before, after in zip(file.sets, file.sets[1:], strict=False):
        assert before.last is not None
        assert before.last + timedelta(days=1) == after.first


def policies(policy: OutagePolicy) -> set[str]:
    return {code for code in CODES if rules_for(code, DAY).outage.policy is policy}


def test_what_the_law_says_of_outages_is_as_in_the_reference() -> None:
    assert policies(OutagePolicy.PROHIBITED) == {"AR", "PA"}
    assert policies(OutagePolicy.PROHIBITED_IMPLIED) == {"AL", "AZ", "CT", "KY", "MA", "MS", "NV", "UT", "WV"}
    assert policies(OutagePolicy.AGENCY_EXCEPTION_ONLY) == {"MD", "OH", "IL"}
    assert policies(OutagePolicy.ALLOWED) == {"MI", "CO", "CA", "HI"}
    assert policies(OutagePolicy.ALLOWED_CAPPED) == {"WA"}
    assert policies(OutagePolicy.NOT_REGISTRY_BOUND) == {"AK", "GA", "ME", "MP", "OK", "OR"}
    assert len(policies(OutagePolicy.UNKNOWN)) == 22
    assert [code for code in CODES if rules_for(code, DAY).outage.override_forbidden] == ["HI"]


def test_the_amounts_of_an_outage_are_limits_of_one_sale() -> None:
    def capped(code: str) -> dict[str, tuple[Fraction | None, list[str]]]:
        return {
            each.id: (each.amount, [f"{term.per / 1000} {term.basis}" for term in each.terms])
            for each in rules_for(code, DAY).outage.limits
        }

    assert {code for code in CODES if capped(code)} == {"MD", "OH", "WA"}
    assert capped("MD") == {"md-outage": (Fraction(1), ["12 net_g", "2500 thc_mg"])}
    assert {name: amount for name, (amount, _) in capped("WA").items()} == {
        "wa-outage-usable": 1,
        "wa-outage-solid": 16,
        "wa-outage-liquid": 72,
        "wa-outage-conc": 7,
    }
    assert capped("OH")["oh-outage"][0] == 4


def test_what_was_added_to_the_reference_is_what_it_says_elsewhere() -> None:
    assert [(code, years) for code in CODES if (years := rules_for(code, DAY).retention_years)] == [
        ("AZ", 5),
        ("CA", 7),
        ("CT", 3),
    ]
    assert rules_for("CT", DAY).card_ends is CardEnds.END_OF_DAY
    assert not any(rules_for(code, DAY).gives_back for code in CODES)


def test_in_washington_the_cards_limits_take_the_place_of_the_adult_ones() -> None:
    rules = rules_for("WA", DAY)
    replaced = {each.replaces for each in rules.limits if each.cohort}
    assert replaced == {each.id for each in rules.limits if not each.cohort}


# -- the days on which rules changed


def amount(rules: Rules, limit_id: str) -> str:
    limit = by_id(rules, limit_id)
    return f"{limit.amount} {limit.window}"


@pytest.mark.parametrize(
    ("code", "changed_on", "before", "after"),
    [
        ("OR", date(2018, 8, 24), {"or-day-24": "24 a day"}, {"or-day-1": "1 a day"}),
        ("OR", date(2018, 12, 28), {"or-day-1": "1 a day"}, {"or-day-8": "8 a day", "or-month-32": "32 a month"}),
        ("ME", date(2018, 12, 13), {"me-2.5oz": "5/2 held at one time"}, {"me-8lb": "8 held at one time"}),
        ("NJ", date(2019, 7, 2), {"nj-2oz": "56 30 days"}, {"nj-84g": "84 30 days"}),
        ("OH", date(2020, 4, 17), {"oh-90": "90 90 days"}, {"oh-45": "45 45-day period"}),
        ("MT", date(2022, 1, 1), {"mt-month": "5 a month"}, {"mt-month-b": "5 a month"}),
        ("MT", date(2022, 3, 1), {"mt-month-b": "5 a month"}, {"mt-day": "1 a day", "mt-30d": "5 30 days"}),
        ("CT", date(2021, 10, 18), {"ct-2.5": "5/2 30-day period"}, {"ct-3.0": "3 30-day period"}),
        (
            "CT",
            date(2022, 2, 18),
            {"ct-3.0": "3 30-day period"},
            {"ct-3.5": "7/2 30-day period", "ct-txn-2.5": "5/2 one sale"},
        ),
        ("CT", date(2023, 7, 1), {"ct-3.5": "7/2 30-day period"}, {"ct-5.0": "141.7475 30-day period"}),
        ("CO", date(2022, 1, 1), {"co-16-conc": "40 a day"}, {"co-conc-21": "8 a day", "co-conc-18-20": "2 a day"}),
        ("NY", date(2022, 1, 24), {"ny-30d": "30 30-day supply"}, {"ny-60d": "60 60-day supply"}),
        ("FL", date(2022, 3, 1), {"fl-smoke-fixed35": "5/2 35-day period"}, {"fl-smoke-trans": "5/2 35 days"}),
        ("FL", date(2022, 4, 5), {"fl-smoke-trans": "5/2 35 days"}, {"fl-smoke-r": "5/2 35 days"}),
        (
            "FL",
            date(2022, 8, 29),
            {"fl-smoke-r": "5/2 35 days"},
            {"fl-edible": "4200 70 days", "fl-oral": "14000 70 days"},
        ),
        ("DC", date(2022, 8, 17), {"dc-4oz": "4 30 days"}, {"dc-8oz": "8 30 days"}),
        ("MO", date(2022, 12, 8), {"mo-32": "32 30 days"}, {"mo-48": "48 30 days"}),
        ("PA", date(2023, 3, 4), {"pa-30d": "30 30-day supply"}, {"pa-192u": "192 90-day supply"}),
        ("ND", date(2023, 8, 1), {"nd-thc-4000": "4000 30 days"}, {"nd-thc": "6000 30 days"}),
        ("MS", date(2024, 7, 1), {"ms-7d": "6 7 days", "ms-30d-a": "24 30 days"}, {"ms-30d-b": "24 30 days"}),
        ("MS", date(2025, 7, 1), {"ms-30d-b": "24 30 days"}, {"ms-30d": "24 30 days"}),
        ("IL", date(2025, 7, 1), {"il-14d-old": "5/2 14 days"}, {"il-14d": "5/2 14 days"}),
        (
            "TX",
            date(2025, 9, 1),
            {"tx-old-rx": "None the order"},
            {"tx-90d-rx": "90 the order", "tx-package": "1000 one sale"},
        ),
        ("GA", date(2026, 7, 1), {"ga-20floz": "20 held at one time"}, {"ga-12000mg": "12000 held at one time"}),
    ],
)
def test_on_the_day_a_rule_changed_the_new_one_holds_and_on_the_day_before_the_old_one(
    code: str, changed_on: date, before: dict[str, str], after: dict[str, str]
) -> None:
    old, new = rules_for(code, changed_on - timedelta(days=1)), rules_for(code, changed_on)
    assert {name: amount(old, name) for name in before} == {name: _exact(words) for name, words in before.items()}
    assert {name: amount(new, name) for name in after} == {name: _exact(words) for name, words in after.items()}
    assert new.effective_from == changed_on
    assert old.fingerprint != new.fingerprint


def _exact(words: str) -> str:
    number, _, window = words.partition(" ")
    return f"{number if number == 'None' else Fraction(number)} {window}"


@pytest.mark.parametrize("code", sorted(FIRST_DAYS))
def test_before_the_first_known_day_there_are_no_rules_and_it_is_said_when_they_begin(code: str) -> None:
    first = FIRST_DAYS[code]
    assert rules_for(code, first).limits
    with pytest.raises(RuleFileError, match=f"the first that it knows begin on {first}"):
        rules_for(code, first - timedelta(days=1))


def test_in_mississippi_concentrate_counts_by_its_thc_since_july_2025() -> None:
    def weighed(on: date) -> tuple[Basis, Fraction]:
        limit = next(each for each in rules_for("MS", on).limits if each.amount == 24)
        term = limit.term("concentrate")
        assert term is not None
        return term.basis, term.per

    assert weighed(date(2025, 6, 30)) == (Basis.NET_G, Fraction(1000))
    assert weighed(date(2025, 7, 1)) == (Basis.THC_MG, Fraction(1_000_000))


def test_in_montana_the_measure_of_concentrate_changed_before_its_window_did() -> None:
    first, second = (rules_for("MT", day).limits[0] for day in (date(2021, 12, 31), date(2022, 1, 1)))
    assert first.window == second.window == CalendarMonth()
    assert [limit.term("vape").basis for limit in (first, second) if limit.term("vape")] == [  # type: ignore[union-attr]
        Basis.THC_MG,
        Basis.NET_G,
    ]
    assert by_id(rules_for("MT", date(2022, 3, 1)), "mt-30d").source is Source.REGISTRY


def test_floridas_transition_forgets_what_was_bought_before_it() -> None:
    assert rules_for("FL", date(2022, 3, 1)).ignores_before == date(2022, 3, 1)
    assert rules_for("FL", date(2022, 4, 5)).ignores_before is None


def test_an_order_that_began_before_the_route_amounts_stays_under_the_older_rules() -> None:
    on = date(2022, 9, 15)
    assert rules_for("FL", on).ruleset == "fl-64er22-8"
    assert rules_for("FL", on, order_began=date(2022, 8, 29)).ruleset == "fl-64er22-8"
    assert rules_for("FL", on, order_began=date(2022, 8, 28)).ruleset == "fl-rolling"


# -- single facts


def test_every_jurisdiction_has_its_own_ounce() -> None:
    ounces = {code: rules_for(code, DAY).ounce_mg for code in CODES}
    assert {code: ounce for code, ounce in ounces.items() if ounce != Fraction("28349.5")} == {
        "AR": Fraction("28349.6"),
        "FL": 28350,
        "MO": 28000,
        "MS": 28000,
        "ND": 28348,
        "NJ": 28000,
        "NV": 28350,
        "OH": 28350,
        "OK": 28300,
        "PR": 28000,
    }


def test_michigans_file_says_what_the_statute_says() -> None:
    day, month = rules_for("mi", DAY).limits
    assert (day.id, day.amount, day.window) == ("mi-day", Fraction(5, 2), CalendarDay())
    assert (month.id, month.amount, month.window) == ("mi-30d", Fraction(10), RollingDays(30, 30, 31))
    assert [day.registry, month.registry] == [RegistryFigure(1, "flower"), RegistryFigure(30, "flower")]
    assert (day.terms, day.unknown) == (month.terms, month.unknown)
    per = {category: (term.basis, term.per) for term in day.terms for category in term.categories}
    assert per["flower"] == (Basis.NET_OZ, Fraction("28349.5"))
    assert per["edible"] == (Basis.NET_OZ, 16 * Fraction("28349.5"))
    assert per["vape"] == (Basis.NET_G, Fraction(7000))
    assert per["tincture"] == (Basis.NET_FLOZ, 36 * Fraction("29573.5295625"))
    outage = rules_for("MI", DAY).outage
    assert (outage.sales_allowed, outage.entry_deadline_hours, outage.oversale_report_hours) == (True, 24, 72)


def test_ohios_first_fill_is_a_day_longer_and_rounds_up_by_product() -> None:
    limit = by_id(rules_for("OH", DAY), "oh-45")
    assert isinstance(limit.window, FixedPeriod)
    assert (limit.window.first_days, limit.window.periods, limit.first_amount) == (46, 8, Fraction(46))
    assert all(term.rounds_up for term in limit.terms)


def test_the_registry_decides_where_the_reference_says_so() -> None:
    decided = {code for code in CODES for each in rules_for(code, DAY).limits if each.source is Source.REGISTRY}
    assert decided == {"FL", "MT", "NM", "SD", "VI", "VT", "WV"}
    assert by_id(rules_for("FL", DAY), "fl-order-left").amount is None


def test_what_a_patient_holds_is_told_from_what_a_patient_buys() -> None:
    held = {code for code in CODES for each in rules_for(code, DAY).limits if isinstance(each.window, Possession)}
    assert {"AL", "GA", "ME", "MP", "MO"} <= held


def test_the_worked_examples_ship_beside_the_rules_and_are_no_rules() -> None:
    path = data_folder() / "jurisdictions" / "worked-examples.toml"
    examples = tomllib.loads(path.read_text(encoding="utf-8"))["vector"]
    assert len(examples) == 19
    assert {each["jurisdiction"] for each in examples} <= set(CODES)
    assert path not in rule_files().values()
