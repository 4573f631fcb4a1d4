"""Sales in the desk's own form."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pcc_desk.domain.sales import (
    Buyer,
    Kind,
    LineUnit,
    Receipt,
    Sale,
    SoldLine,
    Totals,
    in_zone,
    instant_key,
    line_unit,
    short_tag,
    tag_key,
    totals_of,
)

DETROIT = ZoneInfo("America/Detroit")
TAG = "1A4050100000111000000417"
OTHER = "1A4050100000111000000933"
LINE = SoldLine(TAG, 3500, 5200)
SALE = Sale("4471", datetime(2026, 3, 11, 14, tzinfo=DETROIT), (LINE,))


def test_the_business_day_is_the_shops_and_not_that_of_utc() -> None:
    late = replace(SALE, sold_at=in_zone(datetime(2026, 3, 12, 3, 58, tzinfo=UTC), DETROIT))
    assert late.business_day == date(2026, 3, 11)


@pytest.mark.parametrize("zone", ["America/Phoenix", "America/Indiana/Indianapolis", "America/Detroit"])
def test_every_shop_has_a_day_of_its_own(zone: str) -> None:
    """Arizona keeps one time the whole year, Indiana does not."""
    noon = datetime(2026, 7, 1, 6, 30, tzinfo=UTC)
    own = replace(SALE, sold_at=in_zone(noon, ZoneInfo(zone)))
    assert own.business_day == (date(2026, 6, 30) if zone == "America/Phoenix" else date(2026, 7, 1))


def test_a_sale_opened_before_midnight_and_paid_after_belongs_to_when_it_was_paid() -> None:
    opened = datetime(2026, 3, 11, 23, 50, tzinfo=DETROIT)
    paid = replace(SALE, opened_at=opened, sold_at=opened + timedelta(minutes=20))
    assert paid.business_day == date(2026, 3, 12)


def test_the_hour_that_comes_twice_is_an_hour_apart() -> None:
    first, second = (datetime(2026, 11, 1, 1, 30, tzinfo=DETROIT, fold=fold) for fold in (0, 1))
    assert instant_key(second) - instant_key(first) == timedelta(hours=1)


def test_an_instant_without_a_zone_is_no_instant() -> None:
    with pytest.raises(ValueError, match="needs a time zone"):
        in_zone(datetime(2026, 3, 11), DETROIT)  # noqa: DTZ001 - that is what is refused


@pytest.mark.parametrize(
    ("text", "unit"),
    [("Grams", LineUnit.GRAMS), (" g ", LineUnit.GRAMS), ("EACH", LineUnit.EACH), ("fl  oz", LineUnit.FLUID_OUNCES)],
)
def test_units_are_known_by_name_and_sign(text: str, unit: LineUnit) -> None:
    assert line_unit(text) is unit


def test_a_unit_that_nobody_knows_is_unknown_and_not_a_guess() -> None:
    assert line_unit("handfuls") is LineUnit.UNKNOWN
    assert line_unit("") is LineUnit.UNKNOWN


def test_tags_are_compared_in_capitals_and_without_spaces_around() -> None:
    assert tag_key(" 1a40501\t") == "1A40501"
    assert short_tag(TAG) == "1A40…0417"


def test_totals_count_what_stands_and_nothing_else() -> None:
    coupon = SoldLine("", 1000, -500)
    back = replace(LINE, is_returned=True)
    sales = [
        replace(SALE, lines=(LINE, SoldLine(OTHER, 1000, 2500), coupon)),
        replace(SALE, lines=(back, LINE)),
        replace(SALE, kind=Kind.VOID),
    ]
    assert totals_of(sales) == Totals(2, 4, 5200 + 2500 - 500 + 5200, ((TAG, 7000), (OTHER, 1000)))


def test_numbers_of_people_are_not_in_what_a_log_would_show() -> None:
    known = replace(SALE, patient_key="MIP00417723", caregiver_key="MIC1")
    receipt = Receipt("90", "", SALE.sold_at, (LINE,), patient_key="MIP00417723")
    assert "7723" not in repr(known) + repr(receipt)
    assert "MIC1" not in repr(known)


def test_a_till_that_says_medical_agrees_with_patients_and_caregivers_and_not_with_consumers() -> None:
    medical = Buyer.MEDICAL
    assert all(medical.agrees_with(each) and each.agrees_with(medical) for each in Buyer if each is not Buyer.CONSUMER)
    assert not medical.agrees_with(Buyer.CONSUMER)
    assert not Buyer.PATIENT.agrees_with(Buyer.CAREGIVER)
    assert [each for each in Buyer if not each.is_exact] == [Buyer.MEDICAL, Buyer.UNKNOWN]
