"""What a day was, in short, and what changed since."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pcc_desk.domain import prints
from pcc_desk.domain.prints import Print, changes, print_of
from pcc_desk.domain.quantity import finely
from pcc_desk.domain.sales import Dispensed, Kind, LineUnit, Receipt, Sale, SoldLine

AT = datetime(2026, 11, 23, 19, 12, tzinfo=UTC)
SALE = Sale("4471", AT, (SoldLine("1A4050100000001", 3500, 5200, "Blue Dream", unit=LineUnit.GRAMS),), patient_key="P1")

some_prints = st.lists(
    st.builds(
        Print,
        st.sampled_from(("POS", "METRC")),
        st.text("0123456789-#é", min_size=1, max_size=6),
        st.datetimes(timezones=st.just(UTC)).map(lambda at: at.replace(microsecond=0)),
        st.integers(),
        st.integers(),
        st.text("0123456789abcdef", min_size=8, max_size=8),
        st.text("0123456789", max_size=4),
        st.booleans(),
    )
)


@given(some_prints)
def test_what_is_written_is_read_again(given_prints: list[Print]) -> None:
    assert sorted(prints.read(prints.written(given_prints)), key=repr) == sorted(given_prints, key=repr)


@given(some_prints, st.randoms())
def test_the_order_makes_no_difference(given_prints: list[Print], random: object) -> None:
    turned = given_prints[::-1]
    assert prints.written(turned) == prints.written(given_prints)
    assert changes(given_prints, turned) == ()


@given(some_prints, some_prints)
def test_changes_turned_round_are_the_same_changes_turned_round(was: list[Print], now: list[Print]) -> None:
    back = changes(now, was)
    assert [(each.was, each.now) for each in changes(was, now)] == [(each.now, each.was) for each in back]


def test_a_quantity_finer_than_thousandths_is_read_again() -> None:
    ounce = print_of("POS", replace(SALE, lines=(replace(SALE.lines[0], milli=finely("28.3495")),)))
    assert prints.read(prints.written([ounce])) == (ounce,)


def test_a_late_return_is_a_change_of_its_sale() -> None:
    returned = replace(SALE, lines=(replace(SALE.lines[0], is_returned=True),))
    (change,) = changes([print_of("POS", SALE)], [print_of("POS", returned)])
    assert (change.side, change.number) == ("POS", "4471")
    assert change.was is not None
    assert change.now is not None


def test_a_new_sale_and_one_that_is_gone_are_told_apart() -> None:
    other = replace(SALE, number="4472")
    gone, new = changes([print_of("POS", SALE)], [print_of("POS", other)])
    assert (gone.number, gone.now, new.number, new.was) == ("4471", None, "4472", None)


def test_a_receipt_is_called_by_the_number_by_which_a_person_finds_it() -> None:
    receipt = Receipt("90255", "", AT, SALE.lines, printed="0000090255")
    (gone,) = changes([print_of("METRC", receipt)], [])
    assert gone.number == "0000090255"
    (new,) = changes([], prints.read(prints.written([print_of("METRC", receipt)])))
    assert new.number == "0000090255"


def test_what_was_struck_says_so_when_it_is_read_again() -> None:
    receipt = Receipt("90255", "", AT, SALE.lines, is_void=True)
    (read,) = prints.read(prints.written([print_of("METRC", receipt)]))
    assert read.is_void
    with pytest.raises(ValueError, match="six fields, or eight"):
        prints.read(f"{prints.written([print_of('METRC', receipt)])}\tmore")


def test_what_was_kept_before_that_number_was_known_is_the_same_day_still() -> None:
    before = [print_of("METRC", Receipt("90255", "", AT, SALE.lines)), print_of("POS", SALE)]
    now = [print_of("METRC", Receipt("90255", "", AT, SALE.lines, printed="0000090255")), print_of("POS", SALE)]
    assert changes(before, now) == ()
    assert prints.fingerprint(prints.written(before)) == prints.fingerprint(prints.written(now))
    edited = replace(SALE, lines=())
    other = [now[0], print_of("POS", edited)]
    assert prints.fingerprint(prints.written(other)) != prints.fingerprint(prints.written(now))


def test_everything_that_a_sale_says_is_in_its_print() -> None:
    first = print_of("POS", SALE)
    line = SALE.lines[0]
    others = (
        replace(SALE, sold_at=AT + timedelta(seconds=1)),
        replace(SALE, kind=Kind.VOID),
        replace(SALE, patient_key="P2"),
        replace(SALE, caregiver_key="C1"),
        replace(SALE, lines=(replace(line, label="1A4050100000002"),)),
        replace(SALE, lines=(replace(line, milli=3501),)),
        replace(SALE, lines=(replace(line, price_cents=5201),)),
        replace(SALE, lines=(replace(line, unit=LineUnit.OUNCES),)),
        replace(SALE, lines=()),
    )
    assert all(print_of("POS", each).digest != first.digest for each in others)


def test_how_far_a_posting_is_changes_nothing() -> None:
    waiting = Dispensed("PCC-1", AT, SALE.lines, why_unposted="no answer")
    assert print_of("desk", waiting) == print_of("desk", replace(waiting, why_unposted="", receipt="90217"))
    receipt = Receipt("90217", "PCC-1", AT, SALE.lines)
    assert print_of("METRC", receipt) == print_of("METRC", replace(receipt, recorded_at=AT, is_final=True))


def test_two_of_one_number_hide_nothing_of_each_other() -> None:
    twice = [print_of("METRC", Receipt("90217", "", AT, SALE.lines)), print_of("METRC", Receipt("90217", "", AT, ()))]
    assert len(changes([], twice)) == 2
    assert changes(twice, twice[:1])
    assert changes(twice, twice[1:])
