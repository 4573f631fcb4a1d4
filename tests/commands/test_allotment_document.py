"""docs/allotment-json.md tells the truth: its example is run, and it names every field and status that there is."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from pcc_desk.domain.products import Basis
from pcc_desk.rulebook.words import CATEGORIES
from tests.commands.asking import run, written

DOCUMENT = (Path(__file__).parents[2] / "docs" / "allotment-json.md").read_text("utf-8")


def example(name: str) -> str:
    """Return one of the document's examples."""
    found = re.search(rf"<!-- example: {name} -->\n```\w+\n(.*?)```", DOCUMENT, re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture
def answered(tmp_path: Path) -> Any:
    files = {
        "p.json": written(tmp_path, "p.json", example("purchases")),
        "b.json": written(tmp_path, "b.json", example("proposed")),
    }
    program, command, *arguments = shlex.split(example("command"))
    assert (program, command) == ("pcc-desk", "allotment")
    result = run(*(files.get(each, each) for each in arguments))
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_the_example_of_the_document_is_what_the_command_answers(answered: Any) -> None:
    shown = json.loads(example("answer"))
    for several, name in (("limits", "id"), ("categories", "cat")):
        by_name = {each[name]: each for each in answered[several]}
        assert [by_name[each[name]] for each in shown[several]] == shown[several]
        shown[several] = answered[several]
    shown["rules"]["fingerprint"] = answered["rules"]["fingerprint"]
    assert shown == answered
    assert len(answered["limits"]) == 2
    assert len(answered["categories"]) == 12


def test_the_document_names_every_field_status_category_and_basis(answered: Any) -> None:
    words = set(re.findall(r"`([a-z_]+)`", DOCUMENT))
    parts = (answered, answered["rules"], answered["limits"][0], answered["categories"][0], answered["basket"])
    fields = {name for part in (*parts, answered["basket"]["lines"][0]) for name in part}
    statuses = {"ok", "none", "unconfirmed", "cannot_tell", "at_most", "not_limited", "allowed", "refused"}
    bases = {basis.value for basis in Basis if basis is not Basis.VISIT}
    assert (fields | statuses | bases | set(CATEGORIES)) - words == set()
