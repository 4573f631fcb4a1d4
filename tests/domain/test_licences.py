"""A licence is read whole, or every doubt about it is told; what is wrong is never taken for right."""

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcc_desk.domain.licences import Licence, LicenceNotRead, licence_date, read_licence
from tests.domain.printed_licences import CHIDI, CR, ISSUERS, LF, RS, changed, printed

TODAY = date(2026, 11, 24)
WHOLE = Licence("OKAFOR", "CHIDI", "EMEKA", date(1958, 3, 11), date(2028, 3, 11), "7723", "MI")
LOST = "the characters between its parts were lost; set the scanner to send control characters"
CUT = "not all of it came: the scan was cut, or keys were lost"


def read(text: str) -> Licence:
    """Return the licence that must be read of a text."""
    outcome = read_licence(text, ISSUERS, TODAY)
    assert isinstance(outcome, Licence), outcome
    return outcome


def refused(text: str) -> str:
    """Return why a text was not read."""
    outcome = read_licence(text, ISSUERS, TODAY)
    assert isinstance(outcome, LicenceNotRead), outcome
    return outcome.reason


def identity(licence: Licence) -> tuple[str, str, str, date]:
    return licence.family_name, licence.given_name, licence.middle_name, licence.born


def test_a_licence_as_printed_is_read_whole() -> None:
    assert read(printed()) == WHOLE
    assert read(printed()).is_whole


@pytest.mark.parametrize("version", range(2, 11))
def test_every_version_with_parted_names_is_read(version: int) -> None:
    assert read(printed(version=version)) == WHOLE


@pytest.mark.parametrize("kind", ["ID", "EN"])
def test_an_identity_card_and_an_enhanced_licence_are_read_alike(kind: str) -> None:
    assert read(printed(kind=kind)) == WHOLE


def test_version_1_has_one_full_name_and_its_dates_the_year_first() -> None:
    elements = (
        ("DAQ", "O123456787723"),
        ("DAA", "OKAFOR,CHIDI,EMEKA"),
        ("DBB", "19580311"),
        ("DBA", "20280311"),
    )
    assert read(printed(elements, version=1)) == WHOLE


def test_a_full_name_without_commas_is_read_with_a_doubt_about_its_order() -> None:
    elements = (("DAQ", "O123456787723"), ("DAA", "CHIDI EMEKA OKAFOR"), ("DBB", "19580311"), ("DBA", "20280311"))
    licence = read(printed(elements, version=1))
    assert licence.doubts == ("which of its names is the family name could not be told",)


def test_given_names_in_one_element_are_parted_at_the_comma() -> None:
    elements = tuple(each for each in CHIDI if each[0] not in {"DAC", "DAD", "DDE", "DDF", "DDG"})
    licence = read(printed((*elements, ("DCT", "CHIDI,EMEKA")), version=3))
    assert identity(licence) == identity(WHOLE)


def test_a_canadian_licence_has_the_year_first() -> None:
    elements = changed(("DBB", "19580311"), ("DBA", "20280311"), ("DBD", "20240312"), ("DCG", "CAN"))
    licence = read(printed(elements, issuer="604428"))
    assert (licence.born, licence.expires_on, licence.issuer) == (date(1958, 3, 11), date(2028, 3, 11), "QC")
    assert licence.is_whole


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(lambda text: text.replace(RS, ""), id="no RS"),
        pytest.param(lambda text: text.replace(LF, CR), id="enter for LF"),
        pytest.param(lambda text: text.replace(LF, CR + LF), id="CR LF for LF"),
        pytest.param(lambda text: CR + text, id="CR first"),
        pytest.param(lambda text: text.rstrip(CR), id="without its end"),
        pytest.param(lambda text: text.replace("@\n\x1e\r", "@"), id="nothing behind the @"),
        pytest.param(lambda text: text.removeprefix("@"), id="no @"),
        pytest.param(lambda text: text.replace("ANSI ", "ANSI"), id="no blank"),
    ],
)
def test_what_scanners_make_of_control_characters_changes_nothing(sent: object) -> None:
    assert callable(sent)
    assert read(sent(printed())) == WHOLE


@pytest.mark.parametrize("lost", [(LF,), (LF, RS), (LF, RS, CR)])
def test_without_what_parts_the_elements_it_is_read_by_their_ids_and_says_so(lost: tuple[str, ...]) -> None:
    text = printed()
    for each in lost:
        text = text.replace(each, "")
    licence = read(text)
    assert identity(licence) == identity(WHOLE)
    assert licence.expires_on == WHOLE.expires_on
    assert licence.doubts == (LOST,)


@pytest.mark.parametrize(("family", "given_name"), [("DADE", "DAGMAR"), ("MCDACEY", "DAKOTA"), ("DAYE", "CANDACE")])
def test_a_name_that_looks_like_an_element_is_read_right_where_lines_are_parted(family: str, given_name: str) -> None:
    licence = read(printed(changed(("DCS", family), ("DAC", given_name))))
    assert (licence.family_name, licence.given_name, licence.doubts) == (family, given_name, ())


def test_positions_in_the_header_are_not_believed() -> None:
    assert read(printed(offset=9999)) == WHOLE


def test_the_wrong_keyboard_layout_is_read_and_told() -> None:
    licence = read(printed().replace("@", '"'))
    assert identity(licence) == identity(WHOLE)
    assert "keyboard layout" in licence.doubts[0]


@pytest.mark.parametrize(("flag", "is_cut"), [("T", True), ("U", True), ("N", False)])
def test_a_name_that_was_cut_to_fit_says_so(flag: str, is_cut: bool) -> None:
    licence = read(printed(changed(("DDE", flag))))
    assert (licence.family_is_cut, licence.given_is_cut) == (is_cut, False)
    assert read(printed(changed(("DDF", flag)))).given_is_cut is is_cut


@pytest.mark.parametrize(
    "text",
    [
        "02311985",
        "00001985",
        "13011985",
        "1985023",
        "021985",
        "N/A",
        "",
        "0229190" + "0",
        "１２１２１９８５",
        "01011899",
    ],
)
def test_what_is_no_date_is_no_date(text: str) -> None:
    assert licence_date(text) is None


def test_a_birth_date_of_31_february_is_refused_and_shown() -> None:
    assert "birth date “02311958” is no date" in refused(printed(changed(("DBB", "02311958"))))


def test_a_birth_date_in_the_future_is_refused() -> None:
    assert "is no date" in refused(printed(changed(("DBB", "11252026"))))


def test_an_expiry_date_that_is_none_is_not_known_and_told() -> None:
    licence = read(printed(changed(("DBA", "02312028"))))
    assert licence.expires_on is None
    assert licence.doubts == ("its expiry date could not be read",)


def test_an_issuer_that_is_not_on_the_list_is_told() -> None:
    licence = read(printed(issuer="999999"))
    assert (licence.issuer, licence.doubts) == ("", ("who issued it is not known",))


@pytest.mark.parametrize("text", ["", "https://example.org/verify/0041", "MI-P-0041-7723", "@", "lindqvist", "ANSI 12"])
def test_what_is_no_licence_is_not_read(text: str) -> None:
    assert "not the bar code of a licence" in refused(text)


def test_fields_alone_as_some_scanners_send_them_are_read_with_a_doubt() -> None:
    licence = read("DCSOKAFOR\rDACCHIDI\rDADEMEKA\rDBB03111958\rDBA03112028\rDAQO123456787723\r")
    assert identity(licence) == identity(WHOLE)
    assert "its beginning is missing" in licence.doubts


@pytest.mark.parametrize("end", range(30, len(printed(own="")) - 1, 7))
def test_a_scan_cut_anywhere_is_never_taken_for_a_whole_one(end: int) -> None:
    outcome = read_licence(printed(own="")[:end], ISSUERS, TODAY)
    assert isinstance(outcome, LicenceNotRead) or CUT in outcome.doubts


def test_nothing_else_of_the_payload_is_kept() -> None:
    kept = repr(read(printed()))
    for private in ("BIRCH", "LANSING", "48933", "O12345678", "070 IN", "4F1A99C2"):
        assert private not in kept


# Bytes lost, doubled, in another order

BASES = [printed(), printed(own=""), printed(version=4), printed(changed(("DCS", "DADE"), ("DAC", "DAGMAR")))]
TRUTHS = {text: identity(read(text)) for text in BASES}
places = st.lists(st.integers(0, 10_000), min_size=1, max_size=12)


def never_wrong(base: str, text: str) -> None:
    outcome = read_licence(text, ISSUERS, TODAY)
    if isinstance(outcome, Licence) and outcome.is_whole:
        assert identity(outcome) == TRUTHS[base]


@given(st.sampled_from(BASES), places)
def test_lost_keys_never_make_a_wrong_name_or_date_without_a_doubt(base: str, lost: list[int]) -> None:
    gone = {each % len(base) for each in lost}
    never_wrong(base, "".join(letter for at, letter in enumerate(base) if at not in gone))


@given(st.sampled_from(BASES), places)
def test_doubled_keys_never_make_a_wrong_name_or_date_without_a_doubt(base: str, twice: list[int]) -> None:
    again = {each % len(base) for each in twice}
    never_wrong(base, "".join(letter * (2 if at in again else 1) for at, letter in enumerate(base)))


@given(st.sampled_from(BASES), st.integers(0, 500), st.sampled_from([LF, CR, LF + CR, CR + LF, ""]))
def test_keys_lost_behind_any_change_of_what_parts_the_elements_are_told_too(base: str, lost: int, by: str) -> None:
    at = lost % len(base)
    never_wrong(base, (base[:at] + base[at + 1 :]).replace(LF, by))


@given(st.randoms(use_true_random=False))
def test_elements_in_any_order_say_the_same(rng: random.Random) -> None:
    elements = list(CHIDI)
    rng.shuffle(elements)
    assert read(printed(elements)) == WHOLE


@given(st.sampled_from(BASES), st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), max_size=6), places)
def test_keys_in_any_order_crash_nothing_and_invent_no_letter(
    base: str, swaps: list[tuple[int, int]], lost: list[int]
) -> None:
    letters = list(base)
    for one, other in swaps:
        at, to = one % len(letters), other % len(letters)
        letters[at], letters[to] = letters[to], letters[at]
    for each in lost[:2]:
        del letters[each % len(letters)]
    outcome = read_licence("".join(letters), ISSUERS, TODAY)
    if isinstance(outcome, Licence):
        assert set(outcome.family_name + outcome.given_name) <= set(base)


@given(st.text(max_size=300))
def test_no_text_at_all_crashes_it(text: str) -> None:
    read_licence(text, ISSUERS, TODAY)
    read_licence(f"@\n\x1e\rANSI 636032100101DL00310100DL{text}", ISSUERS, TODAY)
