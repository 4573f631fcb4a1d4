"""What is wrong with a file is told by file, line and place, with what to write instead."""

from datetime import date
from pathlib import Path

import pytest

from pcc_desk.rulebook import RuleFileError, problems_of, rules_in
from tests.rulebook.invented import DAY, GOOD, TERMS, WINDOW, changed, told, written

UNIT = 'unit = "oz"'
TIERS = (
    '[{ cat = ["flower"], basis = "net_g", per = "1", where = { thc_pct_max = "23" } }, '
    '{ cat = ["flower"], basis = "net_g", per = "2", where = { thc_pct_min_excl = "OTHER" } }]'
)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        # keys
        (
            UNIT,
            'unit = "oz"\nrounding = "up"',
            "line 20, limit xx-30d, rounding: is no key of a limit; take it out, or",
        ),
        ('s2s = "Metrc"', 's2s = "Metrc"\nsurprise = 1', "line 7, surprise: is no key of a jurisdiction;"),
        ('per = "1"', 'per = "1", extra = 1', "line 21, limit xx-30d, term 1, extra: is no key of a term;"),
        ('why = "nothing', 'when = "x", why = "nothing', "line 12, offline, when: is no key of the outage rule;"),
        ('schema = "limits/1"', 'schema = "limits/1"\nother = 1', "line 2, other: is no key of a rule file;"),
        ('id = "xx-1"', 'id = "xx-1"\nnumber = 1', "line 15, set xx-1, number: is no key of a rule set;"),
        (
            "days = 30, returns = 30",
            "days = 30, anchor = 1, returns = 30",
            "window, anchor: is no key of the window roll",
        ),
        ('citation = ["Rule 1"]\n', "", 'line 2, citation: is missing; write citation = ["…"].'),
        ('id = "xx-1"\n', "", 'line 13, set 1, id: is missing; write id = "…".'),
        ('unit = "oz"\n', "", 'line 16, limit xx-30d, unit: is missing; write unit = "…".'),
        ('id = "xx-30d"\n', "", "line 16, limit 1 of set xx-1, id: is missing;"),
        ('oz_g = "28"\n', "", 'line 2, oz_g: is missing; write oz_g = "2.5".'),
        ('name = "Examplia"', 'name = " "', "line 3, name: is empty; write what it is."),
        ('name = "Examplia"', "name = 4", 'line 3, name: 4 is no text; write it in quotes: name = "…".'),
        ('["Rule 1"]', '"Rule 1"', "line 10, citation: “Rule 1” is no list of texts;"),
        (
            'schema = "limits/1"',
            'schema = "limits/2"',
            'line 1, schema: “limits/2” is not known here; write "limits/1".',
        ),
        # what is kept from the young
        (
            'oz_g = "28"',
            'oz_g = "28"\nnot_below = [{ age = 21, cat = ["weed"], says = "x" }]',
            "“weed” is no category;",
        ),
        ('oz_g = "28"', 'oz_g = "28"\nnot_below = [{ age = 99, cat = ["seed"], says = "x" }]', "99 is out of reach;"),
        ('oz_g = "28"', 'oz_g = "28"\nnot_below = [{ age = 21, cat = ["seed"] }]', "says: is missing;"),
        (
            'oz_g = "28"',
            'oz_g = "28"\nnot_below = [{ age = 21, cat = ["seed"], says = "x", b = 1 }]',
            "b: is no key of",
        ),
        # numbers
        (
            'amount = "2.5"',
            "amount = 2.5",
            "line 18, limit xx-30d, amount: 2.5 is a bare number; write it in quotes, so",
        ),
        ('amount = "2.5"', "amount = 2", "amount: 2 is a bare number;"),
        ('amount = "2.5"', 'amount = "two"', "amount: “two” is no plain decimal number; write digits,"),
        ('amount = "2.5"', 'amount = "nan"', "amount: “nan” is no plain decimal number;"),
        ('amount = "2.5"', "amount = nan", "amount: NaN is a bare number;"),
        ('amount = "2.5"', 'amount = "inf"', "amount: “inf” is no plain decimal number;"),
        ('amount = "2.5"', 'amount = "1e3"', "amount: “1e3” is no plain decimal number;"),
        ('amount = "2.5"', 'amount = "1_000"', "amount: “1_000” is no plain decimal number;"),
        ('amount = "2.5"', 'amount = "٣"', "amount: “٣” is no plain decimal number;"),
        ('amount = "2.5"', f'amount = "{"9" * 31}"', "is no plain decimal number;"),
        ('amount = "2.5"', 'amount = "0.0"', "amount: must be above zero;"),
        ('amount = "2.5"', 'amount = "-1"', "amount: “-1” is below zero; write a number above zero,"),
        ('amount = "2.5"', "amount = true", "amount: true is no number;"),
        ('amount = "2.5"', "amount = [1]", "amount: a list is no number;"),
        ('per = "1"', 'per = "0"', "line 21, limit xx-30d, term 1, per: must be above zero;"),
        (', per = "1"', "", 'limit xx-30d, term 1, per: is missing; write per = "2.5".'),
        ('oz_g = "28"', "oz_g = 28.35", "line 9, oz_g: 28.35 is a bare number;"),
        # who sets the amount
        ('amount = "2.5"\n', "", 'amount: is missing; write amount = "2.5", or source_of_amount = "practitioner"'),
        ('amount = "2.5"', 'amount = "2.5"\nsource_of_amount = "law"', "source_of_amount: “law” is not known here;"),
        ('amount = "2.5"', 'amount = "2.5"\nceiling = true', "ceiling: is for an amount above which no practitioner"),
        ('amount = "2.5"', 'amount = "2.5"\nceiling = 1', "ceiling: 1 is neither true nor false;"),
        (
            'amount = "2.5"',
            'amount = "2.5"\nfirst_amount = "3"',
            "first_amount: is for the first of several fixed periods",
        ),
        # categories and terms
        ('cat = ["flower"]', 'cat = ["flour"]', "term 1, cat: “flour” is no category; write one of flower, preroll,"),
        ('cat = ["flower"]', "cat = []", "term 1, cat: is empty;"),
        ('cat = ["flower"]', 'cat = ["flower", "flower"]', "term 1, cat: lists flower more than once; leave it once."),
        (
            'unknown = ["concentrate"]',
            'unknown = ["flower"]',
            "line 22, limit xx-30d, unknown: flower stands in another",
        ),
        ('excluded = ["seed"]', 'excluded = ["concentrate"]', "excluded: concentrate stands in another list"),
        ('excluded = ["seed"]', 'excluded = ["flower"]', "line 23, limit xx-30d, excluded: flower stands in another"),
        ('basis = "net_oz"', 'basis = "doses"', "term 1, basis: “doses” is not known here; write"),
        (f"terms = {TERMS}\n", "", "line 16, limit xx-30d, terms: is missing; write terms = [{"),
        (TERMS, "{}", "terms: a table is no list of tables;"),
        (
            TERMS,
            f"{TERMS[:-1]}, {TERMS[1:]}",
            "term 2, cat: flower would count twice: an earlier term weighs it by the",
        ),
        (
            TERMS,
            TIERS.replace("OTHER", "22"),
            "term 2, cat: flower would count twice: an earlier term weighs it by the ",
        ),
        (TERMS, TIERS.replace("OTHER", "101"), "term 2, where: holds no product: write percents up to 100"),
        ('per = "1"', 'per = "1", where = {}', "term 1, where: names no THC content;"),
        ('per = "1"', 'per = "1", round = "up"', 'round: “up” is not known here; write "ceil_per_product_id".'),
        # windows
        (WINDOW, '{ kind = "fortnight" }', "line 20, limit xx-30d, window, kind: “fortnight” is not known here; write"),
        (WINDOW, '"day"', 'window: “day” is no table; write window = { kind = "calendar_day" }.'),
        (f"window = {WINDOW}\n", "", "limit xx-30d, window: is missing;"),
        (WINDOW, '{ kind = "calendar_day", days = 1 }', "window, days: is no key of the window calendar_day;"),
        (WINDOW, '{ kind = "calendar_week" }', 'window, starts: is missing; write starts = "monday" or "tuesday"'),
        (WINDOW, '{ kind = "rolling_days", days = 0 }', "window, days: 0 is out of reach; write a whole number from 1"),
        (WINDOW, '{ kind = "rolling_days", days = 30.5 }', "window, days: 30.5 is no whole number;"),
        (WINDOW, '{ kind = "rolling_days", days = true }', "window, days: true is no whole number;"),
        (WINDOW, '{ kind = "rolling_days" }', "window, days: is missing;"),
        (
            'returns_conf = "high"',
            'returns_conf = "medium"',
            "returns_safe: is missing, and returns_conf is medium; write",
        ),
        (
            'returns_conf = "high"',
            'returns_conf = "high", returns_safe = 29',
            "returns_safe: is a day before returns; write 3",
        ),
        (
            WINDOW,
            '{ kind = "fixed_period", days = 30 }',
            'window, anchor: is missing; write anchor = "first_purchase" or',
        ),
        (WINDOW, '{ kind = "refill", supply_days = 30 }', "window: does not say when the next supply may be had;"),
        (
            WINDOW,
            '{ kind = "refill", supply_days = 7, early_days = 7 }',
            "early_days: is no less than the supply itself;",
        ),
        (WINDOW, '{ kind = "order", refills = 4 }', "window, refills: needs the length of a fill;"),
        (WINDOW, '{ kind = "order", partial_fills = false }', "window, partial_fills: cannot be forbidden yet;"),
        # cohorts and the rest of a limit
        (UNIT, f'{UNIT}\ncohort = "visiting"', "cohort: “visiting” is no list of texts;"),
        (UNIT, f"{UNIT}\ncohort = []", "cohort: is empty; name whom the limit binds,"),
        (UNIT, f'{UNIT}\ncohort = ["age twelve"]', 'cohort: “age twelve” is no age; write "age>=21", "age<18" or'),
        (UNIT, f'{UNIT}\ncohort = ["age 20-18"]', "cohort: “age 20-18” ends before it begins;"),
        (
            UNIT,
            f'{UNIT}\ncohort = ["visiting"]\nreplaces = "xx"',
            "replaces: set xx-1 has no other limit “xx”; write one",
        ),
        (UNIT, f'{UNIT}\nscope = "shop"', 'scope: “shop” is not known here; write "state" or "dispensary".'),
        (UNIT, f'{UNIT}\nconfidence = "certain"', "limit xx-30d, confidence: “certain” is not known here;"),
        (UNIT, f'{UNIT}\nregistry = {{ column = "gold" }}', "registry, column: “gold” is not known here;"),
        # the jurisdiction
        ('confidence = "high"', 'confidence = "certain"', "line 7, confidence: “certain” is not known here; write"),
        (
            "as_of = 2026-01-01",
            'as_of = "2026-01-01"',
            "line 8, as_of: “2026-01-01” is no day; write it without quotes",
        ),
        ("as_of = 2026-01-01", "as_of = 2026-01-01T10:00:00", "as_of: 2026-01-01 10:00:00 is no day;"),
        ('oz_g = "28"', 'oz_g = "28"\nday_begins = "25:00"', "line 10, day_begins: “25:00” is no time of day;"),
        ('oz_g = "28"', 'oz_g = "28"\ngives_back = ["exchange"]', "gives_back: “exchange” is not known here;"),
        (
            'oz_g = "28"',
            'oz_g = "28"\ncard = { ends = "noon" }',
            'ends: “noon” is not known here; write "end_of_day" or',
        ),
        ('oz_g = "28"', 'oz_g = "28"\nretention_years = 0', "retention_years: 0 is out of reach;"),
        ("[jurisdiction.XX]", "[jurisdiction.YY]", "speaks of 2"),
        # outages
        ('policy = "prohibited"', 'policy = "maybe"', "line 12, offline, policy: “maybe” is not known here; write"),
        ('policy = "prohibited"', 'policy = "allowed_capped"', "offline: does not say how much is allowed;"),
        (
            'why = "nothing',
            'manual_override = "never", why = "nothing',
            "manual_override: must begin with one of two words;",
        ),
        (
            'why = "nothing',
            'entry_deadline_hours = "24", why = "nothing',
            "entry_deadline_hours: “24” is no whole number;",
        ),
        # dates
        ("effective_from = 2025-01-01", "effective_to = 2025-13-01", "line 15: this is not TOML"),
        (
            "effective_from = 2025-01-01",
            "effective_from = 2025-01-02\neffective_to = 2025-01-01",
            "line 16, set xx-1, effective_to: is before effective_from; write 2025-01-02 or a later day.",
        ),
        ("effective_from = 2025-01-01", "orders_before = 2025-01-01", "orders_before: no set is in force before xx-1;"),
    ],
)
def test_what_is_wrong_is_told_by_its_place(tmp_path: Path, old: str, new: str, says: str) -> None:
    line = told(changed(tmp_path, old, new))
    assert says in line
    assert line.startswith("us-xx.toml")
    assert line.endswith(".")
    assert "\n" not in line


def test_a_file_that_is_wrong_is_never_used_and_says_the_first_thing(tmp_path: Path) -> None:
    path = changed(tmp_path, 'amount = "2.5"', "amount = 2.5")
    with pytest.raises(RuleFileError) as caught:
        rules_in(path, DAY)
    assert str(caught.value) == told(path)


def test_everything_that_is_wrong_is_told_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = GOOD.replace('"28"', "28").replace('amount = "2.5"', "amount = 2.5").replace('["seed"]', '["sead"]')
    lines = problems_of(written(tmp_path, text))
    assert [line.split(":")[0] for line in lines] == [
        "us-xx.toml, line 9, oz_g",
        "us-xx.toml, line 18, limit xx-30d, amount",
        "us-xx.toml, line 23, limit xx-30d, excluded",
    ]


def test_tiers_that_do_not_overlap_and_terms_of_another_basis_may_share_a_category(tmp_path: Path) -> None:
    assert not problems_of(changed(tmp_path, TERMS, TIERS.replace("OTHER", "23")))
    other = '{ cat = ["flower"], basis = "thc_mg", per = "100" }'
    assert not problems_of(changed(tmp_path, TERMS, f"{TERMS[:-1]}, {other}]"))


def test_two_limits_of_one_name_are_refused(tmp_path: Path) -> None:
    limit = GOOD[GOOD.index("[[jurisdiction.XX.ruleset.limit]]") :]
    assert "line 25, limit xx-30d, id: two limits of set xx-1 are called so;" in told(written(tmp_path, GOOD + limit))


def test_a_limit_for_everybody_replaces_none(tmp_path: Path) -> None:
    limit = GOOD[GOOD.index("[[jurisdiction.XX.ruleset.limit]]") :].replace(
        'id = "xx-30d"', 'id = "b"\nreplaces = "xx-30d"'
    )
    assert "only a limit for some may replace one for all" in told(written(tmp_path, GOOD + limit))


# -- dates of the sets


def two_sets(folder: Path, first_ends: str, second_begins: str, more: str = "") -> Path:
    second = GOOD[GOOD.index("[[jurisdiction.XX.ruleset]]") :]
    first = GOOD.replace("effective_from = 2025-01-01", f"effective_to = {first_ends}")
    second = second.replace("effective_from = 2025-01-01", f"effective_from = {second_begins}\n{more}")
    return written(folder, first + second.replace("xx-1", "xx-2"))


def test_the_last_day_of_the_old_and_the_first_of_the_new_have_their_own_rules(tmp_path: Path) -> None:
    path = two_sets(tmp_path, "2026-03-11", "2026-03-12")
    assert rules_in(path, date(2026, 3, 11)).ruleset == "xx-1"
    assert rules_in(path, date(2026, 3, 12)).ruleset == "xx-2"


def test_a_day_of_two_sets_is_refused_with_the_day_to_write(tmp_path: Path) -> None:
    line = told(two_sets(tmp_path, "2026-03-12", "2026-03-12"))
    assert "line 26, set xx-2, effective_from: xx-1 is still in force then, so two sets would hold at once;" in line
    assert "write effective_to = 2026-03-11 into xx-1." in line


def test_a_set_without_an_end_before_another_is_refused(tmp_path: Path) -> None:
    second = GOOD[GOOD.index("[[jurisdiction.XX.ruleset]]") :].replace("xx-1", "xx-2")
    assert "xx-1 is still in force then" in told(written(tmp_path, GOOD + second.replace("2025-01", "2026-01")))


def test_a_day_without_rules_between_two_sets_is_refused_unless_the_law_had_none(tmp_path: Path) -> None:
    line = told(two_sets(tmp_path, "2026-03-10", "2026-03-12"))
    assert "no set is in force from 2026-03-11 to 2026-03-11; write effective_from = 2026-03-11, or gap_before" in line
    path = two_sets(tmp_path, "2026-03-10", "2026-03-12", 'gap_before = "the rule was struck down"')
    with pytest.raises(RuleFileError) as caught:
        rules_in(path, date(2026, 3, 11))
    assert str(caught.value) == (
        "us-xx.toml has no rules for 2026-03-11; the rule was struck down; the next began on 2026-03-12."
    )


def test_a_day_before_the_first_rules_is_told_when_they_begin(tmp_path: Path) -> None:
    with pytest.raises(RuleFileError) as caught:
        rules_in(written(tmp_path, GOOD), date(2024, 12, 31))
    assert str(caught.value) == ("us-xx.toml has no rules for 2024-12-31; the first that it knows begin on 2025-01-01.")


def test_a_day_after_the_last_rules_is_told_when_they_ended(tmp_path: Path) -> None:
    path = changed(tmp_path, "effective_from = 2025-01-01", "effective_to = 2025-12-31")
    with pytest.raises(RuleFileError, match=r"the last that it knows ended on 2025-12-31\."):
        rules_in(path, DAY)


# -- files that are no rule files


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (b"schema = ", "line 1: this is not TOML (Invalid value); write key = value,"),
        (b"a = 1\n\xff\xfe", "line 2: the text is not UTF-8; save it as UTF-8."),
        (b"", "schema: is missing"),
        (b"schema = 'limits/1'\n[jurisdiction]\n", "a file speaks of one jurisdiction; this one speaks of 0."),
        (b"a = " + b"[" * 5000 + b"]" * 5000, "a value in it is too long or too deep"),
        (b"a = " + b"9" * 5000, "a value in it is too long or too deep"),
        (b"#" * 1_000_001, "is larger than 1000000 bytes"),
    ],
)
def test_a_file_that_cannot_be_read_says_so(tmp_path: Path, damage: bytes, says: str) -> None:
    path = tmp_path / "us-xx.toml"
    path.write_bytes(damage)
    assert says in problems_of(path)[0]


def test_a_file_that_is_not_there_or_is_a_folder_says_so(tmp_path: Path) -> None:
    assert told(tmp_path / "us-xx.toml") == "us-xx.toml cannot be read: No such file or directory."
    (tmp_path / "us-xx.toml").mkdir()
    assert told(tmp_path / "us-xx.toml") == "us-xx.toml cannot be read: Is a directory."


def test_a_file_is_named_for_the_jurisdiction_it_speaks_of(tmp_path: Path) -> None:
    assert "the file is called for YY and speaks of XX" in told(written(tmp_path, GOOD, "us-yy.toml"))
    assert not problems_of(written(tmp_path, GOOD, "corrected.toml"))


def test_what_a_file_holds_never_reaches_the_terminal_as_control(tmp_path: Path) -> None:
    line = told(changed(tmp_path, 'amount = "2.5"', 'amount = "\\u001b[2J\\u202e\\n2"'))
    assert line.isprintable()
