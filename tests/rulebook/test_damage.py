"""However a rule file is damaged, it is read or refused in sentences; and a line that is named is the right one."""

import tomllib
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcc_desk.rulebook import problems_of, rule_files, rules_text
from pcc_desk.rulebook.files import RuleFileError
from pcc_desk.rulebook.folders import rules_in
from pcc_desk.rulebook.lines import Place, lines_of
from tests.rulebook.invented import DAY, GOOD, TERMS

TEXTS = {code: path.read_text(encoding="utf-8") for code, path in rule_files().items()}
VALUES = ["1", "-1", "0", "1.5", "nan", "true", '""', '"x"', "[]", "{}", "2026-01-01", '["flower"]', "[1]", '"\\u0007"']


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("damaged")


def look(folder: Path, content: bytes) -> None:
    path = folder / "us-xx.toml"
    path.write_bytes(content)
    told = list(problems_of(path))
    if not told:
        with suppress(RuleFileError):  # there may be no rules for the day
            assert rules_text(rules_in(path, DAY))
    for problem in told:
        assert problem.startswith("us-xx.toml")
        assert problem.endswith(".")
        assert problem.isprintable()


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_in_a_sentence(folder: Path, content: bytes) -> None:
    look(folder, content)


@given(st.data())
def test_a_file_with_a_piece_cut_out_or_put_in_is_read_or_refused(folder: Path, data: st.DataObject) -> None:
    content = GOOD.encode()
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 40)))
    look(folder, content[:start] + data.draw(st.binary(max_size=8)) + content[end:])


@given(st.data())
def test_a_file_in_which_any_value_is_another_is_read_or_refused(folder: Path, data: st.DataObject) -> None:
    text = TEXTS[data.draw(st.sampled_from(sorted(TEXTS)))]
    lines = text.splitlines()
    number = data.draw(st.sampled_from([place for place, line in enumerate(lines) if " = " in line and line[0] != " "]))
    key = lines[number].split(" = ")[0]
    lines[number] = f"{key} = {data.draw(st.sampled_from(VALUES))}"
    look(folder, "\n".join(lines).encode())


@given(st.data())
def test_a_file_without_any_of_its_lines_is_read_or_refused(folder: Path, data: st.DataObject) -> None:
    lines = TEXTS[data.draw(st.sampled_from(sorted(TEXTS)))].splitlines()
    gone = data.draw(st.sets(st.integers(0, len(lines) - 1), max_size=4))
    look(folder, "\n".join(line for place, line in enumerate(lines) if place not in gone).encode())


@given(st.recursive(st.sampled_from([1, "x", True, [], {}, date(2026, 1, 1)]), lambda some: st.lists(some, max_size=3)))
def test_a_term_that_is_anything_is_read_or_refused(folder: Path, value: Any) -> None:
    look(folder, GOOD.replace(TERMS, str(value).replace("'", '"').lower()).encode())


# -- lines


def places(value: Any, place: Place = ()) -> dict[Place, Any]:
    found = {place: value} if place else {}
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in below:
        found |= places(each, (*place, key))
    return found


@pytest.mark.parametrize("code", sorted(TEXTS))
def test_every_value_of_a_file_is_found_on_a_line_that_has_its_key(code: str) -> None:
    text = TEXTS[code]
    lines = text.splitlines()
    found = lines_of(text)
    for place, value in places(tomllib.loads(text, parse_float=Decimal)).items():
        if place == ("jurisdiction",) or (
            isinstance(value, list) and value and isinstance(value[0], dict) and place not in found
        ):
            continue  # it is only named in the headings of what lies below it
        line = lines[found[place] - 1]
        key = place[-1]
        if isinstance(key, str):
            assert key in line
        elif isinstance(value, str):
            assert value.replace('"', '\\"') in line


@pytest.mark.parametrize(
    ("text", "place", "line"),
    [
        ("a = 1\nb = 2", ("b",), 2),
        ("a = 1\r\n\r\nb = 2", ("b",), 3),
        ('a = """\nb = 3\n"""\nb = 2', ("b",), 4),
        ("a = '''\nb = 3'''\nb = 2", ("b",), 3),
        ("a = [ # b = 1\n 1,\n 2 ]\nb = 2", ("a", 1), 3),
        ("a = [ # b = 1\n 1,\n 2 ]\nb = 2", ("b",), 4),
        ('"a b".c = 1', ("a b", "c"), 1),
        ('a = { b = { c = 1 }, d = "}" }\n[[e]]\nf = 1\n[[e]]\nf = 2', ("e", 1, "f"), 5),
        ('a = { b = { c = 1 }, d = "}" }', ("a", "b", "c"), 1),
        ("[[a]]\n[[a.b]]\n[[a]]\n[[a.b]]\nc = 1", ("a", 1, "b", 0, "c"), 5),
        ('a = "\\"b = 1"\nb = 1', ("b",), 2),
    ],
)
def test_lines_are_found_in_every_form_of_toml(text: str, place: Place, line: int) -> None:
    assert lines_of(text)[place] == line


@given(st.text(alphabet="ab=[]{}\"'\\#\n, 1.", max_size=40))
def test_what_cannot_be_followed_has_no_line(text: str) -> None:
    assert all(1 <= line <= text.count("\n") + 1 for line in lines_of(text).values())
