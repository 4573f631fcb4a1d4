"""What was scanned is told by its shape; what is odd about it warns and blocks nothing."""

from datetime import date

import pytest

from pcc_desk.domain.birth_dates import typed_birth_date
from pcc_desk.domain.licences import Licence
from pcc_desk.domain.rules import CardShape
from pcc_desk.domain.scans import (
    Scan,
    ScannedCard,
    ScannedLicence,
    ScannedLink,
    ScannedTag,
    ScannedUnknown,
    holds_words,
    is_shaped,
    odd_about,
    scan_of,
    words_of,
)
from pcc_desk.rulebook import licence_issuers, rules_for
from tests.domain.printed_licences import ISSUERS, printed

TODAY = date(2026, 11, 24)
TAG = "1A4050100000111000000417"


@pytest.mark.parametrize(
    ("text", "scan", "words"),
    [
        ("MI-P-0041-7723\r", ScannedCard("MI-P-0041-7723"), "card MI-P-0041-7723"),
        (f"{TAG}\r\n", ScannedTag(TAG), f"package tag {TAG}"),
        (TAG.lower(), ScannedTag(TAG), f"package tag {TAG}"),
        ("https://example.org/c/1\r", ScannedLink("https://example.org/c/1"), "a web address, not opened: https://example.org/c/1"),
        ("okafor", ScannedUnknown("okafor"), "6 characters of no shape that is known here"),
    ],
)  # fmt: skip
def test_each_thing_is_known_by_its_shape(text: str, scan: Scan, words: str) -> None:
    assert scan_of(text, ISSUERS, TODAY) == scan
    assert words_of(scan) == words
    assert is_shaped(text) is not isinstance(scan, ScannedUnknown)


def test_a_licence_is_one_whatever_it_lost() -> None:
    for text in (printed(), printed().replace("@", '"'), printed().replace("\n", ""), "\r" + printed()):
        scan = scan_of(text, ISSUERS, TODAY)
        assert isinstance(scan, ScannedLicence)
        assert isinstance(scan.licence, Licence)
    assert words_of(scan_of(printed(), ISSUERS, TODAY)) == "driver licence, MI, read whole"


@pytest.mark.parametrize("text", ["3/11/1958", "1958-03-11", "03111958", "o'brien, pat", "3.5 @ 45.00", "lindqvist m"])
def test_what_people_type_has_no_shape_of_a_scan(text: str) -> None:
    assert not is_shaped(text)


@pytest.mark.parametrize("text", ["everything since 2024", "okafor 03111958\r", "born 1958 03 11"])
def test_words_with_figures_among_them_are_words_to_whoever_types_them(text: str) -> None:
    assert holds_words(text)


@pytest.mark.parametrize("text", ["MI-P-0041-7723\r", "MI P 0041 7723", TAG, "https://example.org/c/1", printed()])
def test_what_a_scanner_reads_holds_no_words(text: str) -> None:
    assert is_shaped(text)
    assert not holds_words(text)


def test_a_card_of_another_shape_than_the_states_warns() -> None:
    shape = CardShape("[A-Z0-9]{10}", "ten letters and digits")
    assert odd_about("AB12-CD34-EF", shape) == ""
    assert odd_about("AB12-CD34", shape) == "card numbers here are ten letters and digits"
    assert odd_about("AB12-CD34", None) == ""
    assert scan_of("AB12-CD34", ISSUERS, TODAY, shape) == ScannedCard(
        "AB12-CD34", "card numbers here are ten letters and digits"
    )


def test_south_dakotas_cards_have_the_shape_that_its_rules_give() -> None:
    shape = rules_for("SD", TODAY).card_shape
    assert odd_about("A1B2C3D4E5", shape) == ""
    assert "at least four of each" in odd_about("ABCDEFGH12", shape)
    assert rules_for("MI", TODAY).card_shape is None


def test_the_issuers_that_ship_are_states_and_provinces_of_two_letters() -> None:
    issuers = licence_issuers()
    assert issuers["636032"] == "MI"
    assert all(len(number) == 6 and len(code) == 2 and code.isupper() for number, code in issuers.items())
    assert len(set(issuers.values())) == len(issuers) == 69


@pytest.mark.parametrize(
    "typed",
    [
        "1958-03-11",
        "1958/3/11",
        "3/11/1958",
        "03-11-1958",
        "3.11.1958",
        "3/11/58",
        "03111958",
        "19580311",
        "11 Mar 1958",
        "11 march 1958",
        "Mar 11, 1958",
        "March 11th 1958",
        "  3 / 11 / 1958 ".replace(" / ", "/"),
    ],
)
def test_a_birth_date_is_understood_in_every_usual_form(typed: str) -> None:
    assert typed_birth_date(typed, TODAY) == date(1958, 3, 11)


@pytest.mark.parametrize(
    "typed", ["", "okafor", "1958", "1958-03", "31/31/1958", "2/31/1958", "2027-01-01", "3/11-1958", "11 foo 1958"]
)
def test_what_is_no_birth_date_is_none(typed: str) -> None:
    assert typed_birth_date(typed, TODAY) is None
