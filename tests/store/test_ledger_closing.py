"""What every ledger keeps of the ends of days: comparisons, decisions, signatures, packets."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.records import ComparedOnRecord
from pcc_desk.domain.closing import Decided, Decision
from pcc_desk.domain.closing_entries import DaySigned, FindingDecided, PacketWritten
from pcc_desk.domain.entries import Act, DayCompared
from pcc_desk.domain.people import Role
from pcc_desk.domain.quantity import finely
from pcc_desk.domain.reconciling.classes import FindingClass
from pcc_desk.domain.reconciling.findings import DayComparison, Finding
from pcc_desk.domain.sales import Receipt, Sale, SoldLine
from pcc_desk.domain.signatures import DaySignature
from tests.fakes import ANA, NOON
from tests.store.stores import DAY, MINUTE, act, new_id

COMPARED = DayComparison(DAY, "America/Detroit", NOON, 3, 3, 3, (), ())
NEXT_DAY = DAY + timedelta(days=1)


def recorded(ledger: Ledger, entry: DayCompared | FindingDecided | DaySigned | PacketWritten, minutes: int = 0) -> Act:
    did = act(NOON + minutes * MINUTE)
    ledger.record(entry, did)
    return did


def a_decision(day: date = DAY, words: str = "posted late") -> Decided:
    return Decided(new_id(), day, "MISSING_IN_STATE|4471|", "ab12", Decision.ASSIGNED, words, ANA.id, day, NOON, ANA.id)


def a_signature(day: date = DAY, role: Role = Role.COORDINATOR) -> DaySignature:
    return DaySignature(new_id(), day, NOON, ANA.id, ANA.name, role, "all is well", UUID(int=9), "digest")


def test_a_ledger_without_days_knows_none(ledger: Ledger) -> None:
    assert (ledger.comparisons_of(DAY), ledger.decisions(DAY), ledger.day_signatures(DAY)) == ((), (), ())
    assert (ledger.packets_of(DAY), ledger.compared_days(date.min)) == ((), ())


def test_every_comparison_of_a_day_is_kept_oldest_first(ledger: Ledger) -> None:
    late = DayCompared(replace(COMPARED, compared_at=NOON + MINUTE), "s2", "prints")
    early = DayCompared(COMPARED, "s1")
    other = DayCompared(replace(COMPARED, day=NEXT_DAY))
    ids = [recorded(ledger, each, number).id for number, each in enumerate((late, early, other))]
    assert ledger.comparisons_of(DAY) == (ComparedOnRecord(ids[1], early), ComparedOnRecord(ids[0], late))


def test_a_quantity_comes_back_to_the_last_figure_of_it(ledger: Ledger) -> None:
    lines = (SoldLine("1A4050", finely("28.3495"), 5200), SoldLine("1A4051", 3500, 5200))
    found = Finding(FindingClass.MISSING_IN_STATE, Sale("4471", NOON, lines), None, "", "")
    recorded(ledger, DayCompared(replace(COMPARED, findings=(found,))))
    (kept,) = ledger.comparisons_of(DAY)
    (told,) = kept.entry.comparison.findings
    assert told.sale is not None
    assert told.sale.lines == lines


def test_a_difference_comes_back_by_the_clock_of_its_shop(ledger: Ledger) -> None:
    zone = ZoneInfo("America/Detroit")
    sale = Sale("4471", NOON.astimezone(zone), ())
    found = Finding(FindingClass.MISSING_IN_STATE, sale, Receipt("1", "", NOON.astimezone(zone), ()), "", "")
    recorded(ledger, DayCompared(replace(COMPARED, findings=(found,))))
    (kept,) = ledger.comparisons_of(DAY)
    (told,) = kept.entry.comparison.findings
    assert told.sale is not None
    assert told.receipt is not None
    assert str(told.sale.sold_at) == str(told.receipt.sold_at) == str(sale.sold_at)
    assert ledger.last_comparison(DAY) == kept.entry.comparison


def test_the_days_that_were_compared_come_last_first_each_once(ledger: Ledger) -> None:
    for minutes, day in enumerate((DAY, NEXT_DAY, DAY)):
        recorded(ledger, DayCompared(replace(COMPARED, day=day, compared_at=NOON + minutes * MINUTE)), minutes)
    assert ledger.compared_days(DAY) == (NEXT_DAY, DAY)
    assert ledger.compared_days(NEXT_DAY) == (NEXT_DAY,)


def test_decisions_and_signatures_of_a_day_come_by_their_time(ledger: Ledger) -> None:
    second, first, elsewhere = a_decision(words="second"), a_decision(words="first"), a_decision(NEXT_DAY)
    for minutes, each in ((2, second), (1, first), (0, elsewhere)):
        recorded(ledger, FindingDecided(each), minutes)
    assert ledger.decisions(DAY) == (first, second)
    bens, anas = a_signature(role=Role.INVENTORY), a_signature()
    recorded(ledger, DaySigned(bens), 4)
    recorded(ledger, DaySigned(anas), 3)
    assert ledger.day_signatures(DAY) == (anas, bens)
    assert ledger.day_signatures(NEXT_DAY) == ()


def test_a_packet_that_was_written_is_known_by_its_hash(ledger: Ledger) -> None:
    did = recorded(ledger, PacketWritten(DAY, "2026-11-23.zip", "ab" * 32, "digest"))
    (packet,) = ledger.packets_of(DAY)
    assert (packet.day, packet.at, packet.file, packet.sha256) == (DAY, did.at, "2026-11-23.zip", "ab" * 32)
