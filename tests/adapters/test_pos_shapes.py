"""What is known of each system's reports is data, cited, with how sure it is; what is not known is not invented."""

from pathlib import Path

import pytest

from pcc_desk.adapters.pos.shapes import CONFIDENCE, PLAIN, Shape, proposed, read_shapes, shapes
from pcc_desk.domain.columns import NEEDED


def test_every_system_of_the_reference_is_told_of() -> None:
    told = {each.pos for each in shapes()}
    assert told >= {"Dutchie", "Flowhub", "BLAZE", "Treez", "Cova", "MJ Platform", "Green Check", "Metrc"}


@pytest.mark.parametrize("shape", shapes(), ids=lambda each: each.id)
def test_each_says_how_sure_it_is_and_from_where(shape: Shape) -> None:
    assert shape.confidence in CONFIDENCE
    assert shape.source
    assert bool(shape.columns) is (shape.rows == "lines")
    assert shape.columns or shape.notes


@pytest.mark.parametrize("shape", [each for each in shapes() if each.confidence == "?"], ids=lambda each: each.id)
def test_titles_that_were_not_found_are_not_invented(shape: Shape) -> None:
    assert shape.titles == frozenset()


def test_a_shape_that_holds_all_that_is_needed_needs_no_question() -> None:
    for shape in shapes():
        if shape.id == PLAIN or set(NEEDED) - set(shape.columns):
            continue
        titles = [names[0] for names in shape.columns.values()] + sorted(shape.others)
        found = proposed(titles)
        assert found.is_sure
        assert found.shape == shape


def test_a_file_that_is_no_shape_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('schema = "pos/2"\npos = "X"\nshape = []\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"mine\.toml cannot be used: its schema is not pos/1"):
        read_shapes(tmp_path)
