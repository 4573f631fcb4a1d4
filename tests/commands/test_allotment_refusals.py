"""What `pcc-desk allotment` cannot use it refuses in a sentence: where, what is wrong, what to write. Never a trace."""

import json
import string
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.commands.asking import refusal, run, written
from tests.domain.random_rules import examples

DAY = ("--jurisdiction", "MT", "--at", "2026-03-12")
GOOD: dict[str, Any] = {"on": "2026-03-01", "cat": "flower", "q": {"net_g": "3.5"}}


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ((), "Give --jurisdiction CODE, or --rules FILE."),
        (("--jurisdiction", "MT"), "Give --at DATE, or --history-of with one day or several."),
        (("--jurisdiction", "MT", "--rules", "x.toml", "--at", "2026-03-12"), "Give --jurisdiction CODE, or"),
        (("--jurisdiction", "MT", "--at", "2026-03-12", "2026-03-13"), "2026-03-13 stands by itself."),
        (("--jurisdiction", "ZZ", "--at", "2026-03-12"), "There is no rule file for “ZZ”."),
        (("--jurisdiction", "", "--at", "2026-03-12"), "There is no rule file for “”."),
        (("--jurisdiction", "MT", "--at", ""), "“” is no day. Write it as 2026-03-12"),
        (("--jurisdiction", "MT", "--at", "12.3.2026"), "“12.3.2026” is no day."),
        (("--jurisdiction", "MT", "--at", "2026-02-30"), "“2026-02-30” is no day."),
        (("--jurisdiction", "MT", "--at", "9999-12-31"), "Write a year from 1900 to 2199."),
        (("--jurisdiction", "MT", "--at", "0001-01-01T00:00+14:00"), "Write a year from 1900 to 2199."),
        (("--jurisdiction", "MT", "--at", "1999-01-01"), "no rules for 1999-01-01"),
        ((*DAY, "--anchor", "soon"), "--anchor: “soon” is no day."),
        ((*DAY, "--born", ""), "--born: “” is no day."),
        ((*DAY, "--born", "2030-01-01"), "--born: 2030-01-01 is after 2026-03-12."),
        ((*DAY, "--order-began", "x"), "--order-began: “x” is no day."),
        ((*DAY, "--zone", "Denver"), "“Denver” is no time zone; write one such as America/Detroit"),
        ((*DAY, "--zone", "../etc/passwd"), "is no time zone"),
        ((*DAY, "--cohort", "veteran"), "know no group “veteran”. They know: none."),
        ((*DAY, "--cohort", "age=²"), "is no age in whole years. Write age=19."),
        ((*DAY, "--cohort", "age="), "is no age in whole years."),
        ((*DAY, "--cohort", "age=" + "9" * 5000), "is no age in whole years."),
        ((*DAY, "--amount", "mt-day"), "--amount: write LIMIT=N, such as mt-day=8"),
        ((*DAY, "--amount", "mt-dya=8"), "--amount: these rules have no limit “mt-dya”. They have: mt-day, mt-30d."),
        ((*DAY, "--waiver", "mt-day=much"), "--waiver mt-day: “much” is no number."),
        ((*DAY, "--amount", "mt-day=none"), "--amount mt-day: “none” is no number."),
        ((*DAY, "--amount", "mt-day=-1"), "is below zero"),
        ((*DAY, "--waiver", "mt-day=8@soon..later"), "--waiver: “soon” is no day."),
        ((*DAY, "--purchases", "/nowhere/at/all"), "/nowhere/at/all cannot be read: No such file"),
        ((*DAY, "--purchases", "/"), "/ cannot be read: Is a directory."),
        ((*DAY, "--purchases", ""), "cannot be read"),
        ((*DAY, "--rules", "x"), "Give --jurisdiction CODE, or --rules FILE."),
        (("--rules", "/nowhere.toml", "--at", "2026-03-12"), "nowhere.toml cannot be read"),
    ],
)
def test_an_option_that_cannot_be_used_is_refused_in_a_sentence(arguments: tuple[str, ...], why: str) -> None:
    assert why in refusal(*arguments)


def line(**changed: Any) -> list[Any]:
    """Return purchases of which the second line is changed; None takes a field out."""
    return [GOOD, {name: each for name, each in {**GOOD, **changed}.items() if each is not None}]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("{", "file is no JSON: line 1: "),
        ("[1e5000000000]", "line 1 of the list: it must be an object"),
        ("[" * 100_000, "nested too deeply"),
        (f"[{'9' * 5000}]", "with a number that is too long"),
        ('[{"on": "2026-03-01", "on": "2026-03-02"}]', "names a field twice"),
        ('{"sales": []}', "it must hold a list of purchases"),
        ("[5]", "line 1 of the list: it must be an object"),
        (line(weight="3"), "line 2 of the list: weight is not known. Known are: on, cat"),
        (line(on=None), '"on" is missing. Write the day'),
        (line(on=5), "“5” is no day"),
        (line(on=[]), '"on" is missing'),
        (line(on="2026-13-01"), "line 2 of the list, on: “2026-13-01” is no day."),
        (line(on="9999-12-31"), "Write a year from 1900 to 2199."),
        (line(cat=None), '"cat" is missing'),
        (line(cat=["flower"]), '"cat" is missing'),
        (line(q=None), '"q" must say how much'),
        (line(q={}), '"q" must say how much'),
        (line(q={"grams": "3"}), "“grams” is no basis. Known are: net_g"),
        (line(q={"visit": "1"}), "“visit” is no basis."),
        (line(q={"net_g": "three"}), "net_g: “three” is no number."),
        (line(q={"net_g": None}), "net_g: this is no number."),
        (line(q={"net_g": True}), "this is no number"),
        (line(q={"net_g": "NaN"}), "is no number"),
        (line(q={"net_g": "1e999999"}), "is no number"),
        (line(q={"net_g": "1" * 60}), "this is no number"),
        (line(q={"net_g": "-3"}), 'is below zero. What was brought back is written as kind = "return".'),
        (line(q={"net_g": "28.3495", "net_oz": "2"}), "q gives the same measure twice"),
        (line(thc_pct="101"), "thc_pct is above 100."),
        (line(thc_pct="x"), "thc_pct: “x” is no number"),
        (line(kind="gift"), "“gift” is no kind of line. Known are: sale, return, void."),
        (line(kind=[]), "is no kind of line"),
        (line(kind="a\nb"), "is no kind of line"),
        (line(product={}), '"product" must be text'),
        (line(dispensary=1.5), '"dispensary" must be text'),
        (line(posted_at=5.5), '"posted_at" must be text'),
        (line(posted_at="later"), "posted_at: “later” is no day"),
        ("", "the first line must name the columns."),
        ("on,cat,grams\n", "Not known: grams. Known are: basis, cat"),
        ("on,cat,net_g,net_g\n", "names a column twice"),
        ("on,cat,net_g\n2026-03-01,flower\n", "line 2: it has not as many cells as the first line has names"),
        ("on,cat,net_g\n2026-03-01,flower,1,2\n", "line 2: it has not as many cells"),
        ('on,cat,net_g\n"2026-03-01,flower,1\n', "unexpected end of data"),
        ('"on,cat', "line 1: unexpected end of data"),
        ("on,cat,net_g\n2026-03-01,flower,x\n", "line 2, net_g: “x” is no number"),
        ("on,cat,net_g\n,flower,1\n", '"on" is missing'),
        ("on,cat,net_g\n2026-03-01,flower,\n", '"q" must say how much'),
    ],
)
def test_a_line_that_cannot_be_used_is_refused_with_its_place(tmp_path: Path, content: Any, why: str) -> None:
    told = refusal(*DAY, "--purchases", written(tmp_path, "file", content))
    assert told.startswith("file")
    assert why in told


def test_a_basket_of_nothing_is_refused(tmp_path: Path) -> None:
    file = written(tmp_path, "basket", [{"cat": "flower", "q": {"net_g": "0"}}])
    assert "a basket line of nothing" in refusal(*DAY, "--proposed", file)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "picture"
    path.write_bytes(b"\x89PNG\xff")
    assert "is no text in UTF-8. Save it as UTF-8." in refusal(*DAY, "--purchases", str(path))


# -- anything at all

words = st.text(string.printable, max_size=12) | st.sampled_from(
    ("2026-03-01", "flower", "net_g", "3.5", "return", "NaN", "-1", "2026-03-01T25:00", "1e99", "\x00", "\x1b[2J")
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | words,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(("on", "cat", "q", "kind", "thc_pct", "posted_at", "product", "net_g")), inner
        )
    ),
    max_leaves=8,
)
lines = st.lists(
    st.fixed_dictionaries(
        {
            "on": words | values,
            "cat": words | values,
            "q": st.dictionaries(st.sampled_from(("net_g", "thc_mg")), values),
        },
        optional={"kind": values, "thc_pct": values, "posted_at": values, "product": values, "dispensary": values},
    ),
    max_size=3,
)
tables = st.lists(st.lists(words, min_size=1, max_size=4).map(",".join), max_size=4).map(
    lambda rows: "\n".join(("on,cat,net_g", *rows))
)
registries = values | st.fixed_dictionaries(
    {}, optional={"asked_at": values, "limits": values, "windows": values, "grams": values, "active": values}
)


def ends_well(*arguments: str) -> None:
    """Assert that the command answers, or refuses in a sentence."""
    if run(*arguments).exit_code != 0:
        refusal(*arguments)


@settings(parent=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(purchases=values | lines, basket=values | lines, registry=registries)
def test_whatever_is_in_the_files_is_answered_or_refused_in_a_sentence(
    tmp_path: Path, purchases: Any, basket: Any, registry: Any
) -> None:
    files = []
    for option, content in (("--purchases", purchases), ("--proposed", basket), ("--registry", registry)):
        ends_well(*DAY, option, written(tmp_path, option[2:], json.dumps(content)), "--json")
        files += [option, str(tmp_path / option[2:])]
    ends_well(*DAY, *files)


@settings(parent=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=tables | st.text(max_size=40))
def test_whatever_is_in_a_table_is_answered_or_refused_in_a_sentence(tmp_path: Path, text: str) -> None:
    ends_well(*DAY, "--purchases", written(tmp_path, "table", text.encode("utf-8", "replace").decode()))


OPTIONS = ("--at", "--zone", "--anchor", "--born", "--order-began", "--cohort", "--amount", "--waiver", "--dispensary")
typed = words | st.sampled_from(("mt-day=8", "mt-day=", "=8", "mt-day=8@2026-01-01..", "age=20", "UTC", "mt-30d=1/3"))


@settings(parent=examples(60))
@given(given_options=st.lists(st.tuples(st.sampled_from(OPTIONS), typed), max_size=4))
def test_whatever_is_typed_is_answered_or_refused_in_a_sentence(given_options: list[tuple[str, str]]) -> None:
    ends_well(*DAY, *(f"{option}={value}" for option, value in given_options))
