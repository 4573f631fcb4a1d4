"""The keys are as the README says, and each key of a place says what it does."""

import importlib
import pkgutil

import pytest
from textual.screen import Screen

from pcc_desk import screens
from pcc_desk.screens.help import declared
from tests.keys import WHERE, table, written


def test_the_readme_names_the_keys_that_work() -> None:
    assert written() == table(), "run python -m tests.keys"


def test_every_screen_with_keys_is_in_the_table_or_says_its_own() -> None:
    listed = {id(bindings) for _, bindings in WHERE}
    for module in pkgutil.walk_packages(screens.__path__, "pcc_desk.screens."):
        for value in vars(importlib.import_module(module.name)).values():
            is_ours = isinstance(value, type) and value.__module__.startswith("pcc_desk")
            if is_ours and issubclass(value, Screen) and "BINDINGS" in vars(value):
                assert id(value.BINDINGS) in listed or value.__name__ in {"GoToPlace", "Help", "Unlock"}, value


@pytest.mark.parametrize(("where", "bindings"), WHERE[:-1])
def test_a_key_of_a_place_has_one_meaning_there_and_a_sentence(where: str, bindings: list[object]) -> None:
    keys = [key for each in declared(bindings) for key in each.key.split(",")]  # type: ignore[arg-type]
    assert len(keys) == len(set(keys))
    assert all(each.tooltip and each.id for each in declared(bindings))  # type: ignore[arg-type]
