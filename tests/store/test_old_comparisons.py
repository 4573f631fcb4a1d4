"""A comparison that an earlier desk kept is read as it was."""

from datetime import UTC, date, datetime

from pcc_desk.domain.entries import DayCompared
from pcc_desk.domain.reconciling.classes import FindingClass
from pcc_desk.domain.reconciling.findings import DayComparison, DayTotals, Finding, LookedAt
from pcc_desk.domain.sales import NOT_TOLD, Receipt, Sale, SoldLine
from pcc_desk.store import codec

BODY = (
    '{"comparison":{"compared_at":"2026-03-11T22:00:00.000000+00:00","day":"2026-03-11","findings":[{"fix":"Correct '
    'it.","kind":"QTY","receipt":{"external_number":"PCC-1","is_void":false,"lines":[{"label":"1A40","milli":7000,'
    '"price_cents":5200,"product":"Blue Dream"}],"number":"90","sold_at":"2026-03-11T18:00:00.000000+00:00"},"sale":'
    '{"external_number":"PCC-1","lines":[{"label":"1A40","milli":3500,"price_cents":5200,"product":"Blue Dream"}],'
    '"number":"1","sold_at":"2026-03-11T18:00:00.000000+00:00"},"what":"3.5 sold, 7 reported"}],"matched":0,'
    '"not_compared":[],"receipts":1,"sales":1,"source":"sales.csv","zone":"America/Detroit"}}'
)
AT = datetime(2026, 3, 11, 18, tzinfo=UTC)


def test_a_body_of_the_first_version_is_still_read() -> None:
    sale = Sale("1", AT, (SoldLine("1A40", 3500, 5200, "Blue Dream"),), "PCC-1")
    receipt = Receipt("90", "PCC-1", AT, (SoldLine("1A40", 7000, 5200, "Blue Dream"),))
    finding = Finding(FindingClass.QTY, sale, receipt, "3.5 sold, 7 reported", "Correct it.")
    entry = codec.read("day.compared", 1, BODY)
    assert isinstance(entry, DayCompared)
    assert entry.comparison == DayComparison(
        day=date(2026, 3, 11),
        zone="America/Detroit",
        compared_at=datetime(2026, 3, 11, 22, tzinfo=UTC),
        sales=1,
        receipts=1,
        matched=0,
        findings=(finding,),
        not_compared=(),
        source="sales.csv",
    )


def test_how_far_a_comparison_looked_and_what_a_till_did_not_tell_are_kept() -> None:
    sale = Sale("1", AT, (SoldLine(NOT_TOLD, 3500, 5200, "Blue Dream", may_be=("1A40", "1A41")),))
    finding = Finding(FindingClass.MISSING_IN_STATE, sale, None, "3.5 Blue Dream", "Post it again.")
    comparison = DayComparison(
        day=date(2026, 3, 11),
        zone="America/Detroit",
        compared_at=datetime(2026, 3, 11, 22, tzinfo=UTC),
        sales=1,
        receipts=0,
        matched=0,
        findings=(finding,),
        not_compared=(),
        totals=DayTotals(sales=1, untold=1),
        looked_at=(LookedAt(FindingClass.HOURS, 0, 1, "legal hours not set"),),
    )
    entry = DayCompared(comparison)
    assert codec.read(entry.name, entry.version, codec.written(entry)) == entry
