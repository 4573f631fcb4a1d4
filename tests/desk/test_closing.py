"""The end of a day at the desk: what is decided, who signs, what opens a closed day again, and the evidence of it."""

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from pcc_desk.desk.closing import (
    AlreadySigned,
    DayOnRecord,
    FindingChanged,
    Intent,
    NoSuchFinding,
    NotASigner,
    NotAsSeen,
    NotDecided,
    NotReady,
    day_on_record,
    days_on_record,
    decide,
    sign_day,
)
from pcc_desk.desk.day_end import Signed, has_packet, read_day, sign_and_close, write_packet
from pcc_desk.desk.early import look_early
from pcc_desk.desk.evidence import print_day
from pcc_desk.desk.evidence_people import hasher, people_of
from pcc_desk.desk.evidence_report import report_lines
from pcc_desk.desk.fixing import Behind, behind
from pcc_desk.desk.outbox import post_due
from pcc_desk.desk.ports_closing import ReportLine
from pcc_desk.desk.reconcile import read_sides
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.closing import CheckState, Decided, Decision, Fate
from pcc_desk.domain.early import Early
from pcc_desk.domain.entries import DraftKept, PatientRegistered, StaffAdded
from pcc_desk.domain.people import Card, Holder, Patient, Person, Role
from pcc_desk.domain.quantity import finely
from pcc_desk.domain.reconciling.classes import FindingClass
from pcc_desk.domain.reconciling.terms import Hours, KnownPackage
from pcc_desk.domain.sales import Closing, Receipt, Sale, SoldLine
from pcc_desk.domain.signatures import Closed, DaySignature, DayState
from pcc_desk.packets.checking import checked
from pcc_desk.packets.keeping import PacketFolder
from pcc_desk.packets.reading import read_packet
from tests.desk.counter import (
    ANA,
    BEN,
    CHIDIS_CARD,
    CHIDIS_OLD_CARD,
    DREAM,
    MARA,
    MARAS_CARD,
    OPENING,
    SHOP,
    TODAY,
    Counter,
    expected,
    grams,
    pieces,
    says,
)
from tests.fakes_outside import ZONE, Fault

NOOR = Person(UUID(int=0xD4), "Noor Haddad", Role.INVENTORY)
SAID = Intent(Decision.EXPLAINED, "Posted again on the 13th", ANA.id, TODAY)


class Keys:
    """Keeps keys as the store does."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, str]] = {}

    async def credentials(self, system: str) -> dict[str, str]:
        """Return the keys kept under a name."""
        return dict(self.kept.get(system, {}))

    def keep_credential(self, system: str, name: str, value: str) -> None:
        """Keep a key."""
        self.kept.setdefault(system, {})[name] = value


@pytest.fixture
def counter() -> Counter:
    counter = Counter()
    counter.put(StaffAdded(NOOR))
    return counter


async def a_day(counter: Counter) -> None:
    """Two sales, rung up and posted."""
    given = [await counter.give(grams("3.5")), await counter.give(pieces(2), card=CHIDIS_CARD)]
    counter.pos.ring_up(given)
    assert await post_due(counter.desk) == 2


async def a_day_with_a_difference(counter: Counter) -> DayOnRecord:
    """Two sales that agree, and one of another till that the state has not."""
    await a_day(counter)
    counter.pos.rung_up.append(replace(counter.pos.rung_up[0], number="5000", external_number=""))
    return await read_day(counter.desk, TODAY)


def known(counter: Counter) -> DayOnRecord:
    return day_on_record(counter.ledger, TODAY, act=counter.act())


def signed(counter: Counter, person: Person, seen: str | None = None) -> object:
    digest = known(counter).digest if seen is None else seen
    return sign_day(counter.ledger, TODAY, digest, act=counter.act(person))


def to_do(day: DayOnRecord) -> list[str]:
    return [each.what for each in day.checks if each.state is CheckState.TO_DO]


async def test_a_day_that_was_never_compared_cannot_be_signed(counter: Counter) -> None:
    assert to_do(known(counter)) == ["Both sides read whole"]
    assert isinstance(signed(counter, ANA), NotAsSeen)


async def test_a_day_that_agrees_is_closed_by_two_people(counter: Counter) -> None:
    await a_day(counter)
    day = await read_day(counter.desk, TODAY)
    assert day.may_close
    assert isinstance(signed(counter, ANA), DaySignature)
    assert known(counter).state is DayState.HALF_SIGNED
    assert isinstance(signed(counter, NOOR), DaySignature)
    closed = known(counter)
    assert closed.state is DayState.CLOSED
    assert [each.name for each in closed.closings[0].signatures] == [ANA.name, NOOR.name]


async def test_a_signature_says_what_it_means_and_is_for_what_was_seen(counter: Counter) -> None:
    await a_day(counter)
    day = await read_day(counter.desk, TODAY)
    signature = signed(counter, NOOR)
    assert isinstance(signature, DaySignature)
    assert "no package was adjusted for an error of a sale" in signature.meaning
    assert (signature.digest, signature.comparison_id) == (day.digest, day.comparison_id)
    assert isinstance(signed(counter, ANA, seen="something else"), NotAsSeen)


async def test_one_person_or_one_role_does_not_sign_twice(counter: Counter) -> None:
    await a_day(counter)
    await read_day(counter.desk, TODAY)
    signed(counter, ANA)
    assert isinstance(signed(counter, ANA), AlreadySigned)
    other = Person(UUID(int=0xA2), "Ada Moss", Role.COORDINATOR)
    counter.put(StaffAdded(other))
    assert isinstance(signed(counter, other), AlreadySigned)


async def test_a_difference_keeps_the_day_open_until_it_is_in_somebodys_hands(counter: Counter) -> None:
    day = await a_day_with_a_difference(counter)
    (found,) = day.findings
    assert isinstance(signed(counter, ANA), NotReady)
    outcome = decide(counter.ledger, TODAY, found.key, SAID, act=counter.act())
    assert isinstance(outcome, Decided)
    assert known(counter).findings[0].fate is Fate.EXPLAINED
    assert isinstance(signed(counter, ANA), DaySignature)


async def test_what_was_put_right_is_verified_by_the_next_comparison_only(counter: Counter) -> None:
    day = await a_day_with_a_difference(counter)
    fixed = Intent(Decision.FIXED, "it was a training sale; voided at the till")
    decide(counter.ledger, TODAY, day.findings[0].key, fixed, act=counter.act())
    assert (known(counter).findings[0].fate, known(counter).may_close) == (Fate.FIXING, False)
    counter.clock.advance(timedelta(minutes=1))
    counter.pos.rung_up.pop()
    again = await read_day(counter.desk, TODAY)
    assert (again.findings[0].fate, again.may_close) == (Fate.VERIFIED, True)


async def test_a_fix_that_did_not_help_is_told(counter: Counter) -> None:
    day = await a_day_with_a_difference(counter)
    decide(counter.ledger, TODAY, day.findings[0].key, Intent(Decision.FIXED, "done"), act=counter.act())
    counter.clock.advance(timedelta(minutes=1))
    again = await read_day(counter.desk, TODAY)
    assert (again.findings[0].fate, again.findings[0].outlived_its_fix) == (Fate.OPEN, True)


async def test_a_day_that_could_not_be_compared_again_is_not_signed(counter: Counter) -> None:
    await a_day(counter)
    await read_day(counter.desk, TODAY)
    counter.clock.advance(timedelta(minutes=1))
    counter.pos.silence = Unanswered(Silence.ABSENT, "there is no report")
    day = await read_day(counter.desk, TODAY)
    assert not day.may_close
    assert "not compared (POS export: there is no report)" in day.checks[0].words
    assert isinstance(signed(counter, ANA), NotReady)


@pytest.mark.parametrize(
    ("intent", "why"),
    [
        (Intent(Decision.FIXED, "  "), "Say in words what was done, or why it stays."),
        (Intent(Decision.FIXED, "x" * 501), "That is 501 characters long; at most 500 are kept."),
        (replace(SAID, owner=None), "Say who answers for it: somebody on the staff."),
        (replace(SAID, owner=UUID(int=0xDEAD)), "Say who answers for it: somebody on the staff."),
        (replace(SAID, due=None), "Say until when: a date."),
        (replace(SAID, due=TODAY - timedelta(days=1)), "The date lies before the day itself."),
    ],
)
async def test_a_decision_that_lacks_something_is_not_kept(counter: Counter, intent: Intent, why: str) -> None:
    day = await a_day_with_a_difference(counter)
    assert decide(counter.ledger, TODAY, day.findings[0].key, intent, act=counter.act()) == NotDecided(why)
    assert known(counter).findings[0].decided == ()


async def test_nothing_is_decided_about_a_difference_that_is_not_there(counter: Counter) -> None:
    await a_day(counter)
    await read_day(counter.desk, TODAY)
    outcome = decide(counter.ledger, TODAY, "QTY|1|2", Intent(Decision.FIXED, "done"), act=counter.act())
    assert outcome == NoSuchFinding()


async def test_only_a_coordinator_and_an_inventory_manager_sign(counter: Counter) -> None:
    await a_day(counter)
    await read_day(counter.desk, TODAY)
    counter.put(StaffAdded(replace(BEN, id=UUID(int=0xB9))))
    with pytest.raises(Exception, match="Signing days is for a coordinator or inventory manager"):
        signed(counter, BEN)
    assert NotASigner(Role.MANAGER).role is Role.MANAGER


async def test_an_unsigned_note_of_the_day_is_left_to_do(counter: Counter) -> None:
    await a_day(counter)
    visit = counter.book(expected(MARA, 5))
    counter.put(DraftKept(visit.id, MARA.id, ANA.id, "pain less"))
    day = await read_day(counter.desk, TODAY)
    assert to_do(day) == ["Notes of this day signed"]


async def test_a_post_that_waits_is_left_to_do_until_somebody_has_it(counter: Counter) -> None:
    await a_day(counter)
    counter.state.is_down = True
    counter.pos.ring_up([await counter.give(grams("1"))])
    await post_due(counter.desk)
    counter.state.heal()
    day = await read_day(counter.desk, TODAY)
    assert "Posts of this day in the state's record" in to_do(day)
    decide(counter.ledger, TODAY, day.findings[0].key, replace(SAID, decision=Decision.ASSIGNED), act=counter.act())
    assert to_do(known(counter)) == []


async def test_what_cannot_be_told_keeps_nobody_from_closing(counter: Counter) -> None:
    await a_day(counter)
    day = await read_day(counter.desk, TODAY)
    untold = [each for each in day.checks if each.state is CheckState.NOT_KNOWN]
    assert [each.what for each in untold] == [
        "The till's closing report says the same",
        "Sold within the legal hours",
        "Care plans and their stamps",
    ]
    assert day.may_close


async def test_a_late_return_opens_a_closed_day_again_and_says_what_changed(counter: Counter) -> None:
    await a_day(counter)
    await read_day(counter.desk, TODAY)
    signed(counter, ANA)
    signed(counter, NOOR)
    counter.clock.advance(timedelta(hours=20))
    sale = counter.pos.rung_up[0]
    counter.pos.rung_up[0] = replace(sale, lines=(replace(sale.lines[0], is_returned=True),))
    day = await read_day(counter.desk, TODAY)
    assert day.state is DayState.REOPENED
    assert day.changes is not None
    assert [(each.side, each.number) for each in day.changes] == [("POS export", sale.number)]
    assert (day.signatures, len(day.closings)) == ((), 1)


async def test_comparing_a_closed_day_again_changes_nothing_when_nothing_changed(counter: Counter) -> None:
    await a_day(counter)
    await read_day(counter.desk, TODAY)
    signed(counter, ANA)
    signed(counter, NOOR)
    counter.clock.advance(timedelta(hours=20))
    day = await read_day(counter.desk, TODAY)
    assert (day.state, day.changes) == (DayState.CLOSED, ())
    (told,) = days_on_record(counter.ledger, TODAY, act=counter.act())
    assert told == day


async def test_the_records_of_a_day_are_kept_once_however_often_it_is_compared(counter: Counter) -> None:
    await a_day(counter)
    for _ in range(3):
        await read_day(counter.desk, TODAY)
        counter.clock.advance(timedelta(minutes=1))
    kept = [each.entry.prints for each in counter.ledger.comparisons_of(TODAY)]
    assert [bool(each) for each in kept] == [True, False, False]


async def test_what_this_desk_dispensed_is_found_behind_a_difference(counter: Counter) -> None:
    await a_day(counter)
    counter.state.is_down = True
    late = await counter.give(grams("1"))
    counter.pos.ring_up([late])
    counter.state.heal()
    day = await read_day(counter.desk, TODAY)
    found = behind(counter.ledger, day.findings[0].latest.finding, act=counter.act())
    assert isinstance(found, Behind)
    assert (found.given.id, found.who) == (late.id, MARA.name)


async def test_behind_a_sale_of_another_till_there_is_nothing(counter: Counter) -> None:
    day = await a_day_with_a_difference(counter)
    assert behind(counter.ledger, day.findings[0].latest.finding, act=counter.act()) is None


# The evidence


async def closed(counter: Counter, home: Path) -> Signed:
    """Let both sign at their own desks; return what came of the second signature."""
    day = await a_day_with_a_difference(counter)
    decide(counter.ledger, TODAY, day.findings[0].key, SAID, act=counter.act())
    keys = Keys()
    counter.desk.packets = lambda: PacketFolder(home, keys)
    digest = known(counter).digest
    first = await sign_and_close(counter.desk, TODAY, digest, counter.act())
    assert isinstance(first, Signed)
    assert (first.is_closed, first.packet) == (False, None)
    counter.desk.person = NOOR
    second = await sign_and_close(counter.desk, TODAY, digest, counter.act(NOOR))
    assert isinstance(second, Signed)
    return second


async def test_the_second_signature_writes_the_evidence(counter: Counter, tmp_path: Path) -> None:
    second = await closed(counter, tmp_path)
    assert (second.is_closed, second.packet) == (True, f"{TODAY}.zip")
    path = tmp_path / "packets" / f"{TODAY}.zip"
    assert path.stat().st_mode & 0o777 == 0o600
    packet = read_packet(path)
    result = checked(packet)
    assert result.is_sound, result.checks
    (on_record,) = known(counter).packets
    assert (on_record.file, on_record.digest) == (path.name, packet.manifest["signed_for"])
    assert packet.documents["report.pdf"].startswith(b"%PDF-")


async def test_the_evidence_of_an_ounce_is_exact(counter: Counter, tmp_path: Path) -> None:
    ounce = SoldLine("1A4050100000001", finely("28.3495"), 20000)
    await a_day(counter)
    counter.pos.rung_up.append(replace(counter.pos.rung_up[0], number="6000", external_number="", lines=(ounce,)))
    await read_day(counter.desk, TODAY)
    result = checked(read_packet(await packet_of(counter, tmp_path)))
    assert result.is_sound, result.checks
    assert (await read_day(counter.desk, TODAY)).state is DayState.CLOSED


async def test_what_was_found_by_more_than_the_two_sides_is_borne_out_by_the_packet(
    counter: Counter, tmp_path: Path
) -> None:
    await a_day(counter)
    line = SoldLine(DREAM.label, 71_000, 1485, "Blue Dream")
    sale = Sale("5001", OPENING.astimezone(ZONE), (line,), patient_key=MARAS_CARD.key)
    counter.pos.rung_up.append(sale)
    counter.clock.advance(timedelta(minutes=10))
    counter.state.known_packages = (KnownPackage(DREAM.label, finished_on=TODAY),)
    counter.desk.legal_hours = (Hours(time(11), time(20)),) * 7
    day = await read_day(counter.desk, TODAY)
    kinds = {each.latest.finding.kind for each in day.findings}
    assert kinds > {FindingClass.HOURS, FindingClass.OVER_LIMIT, FindingClass.PACKAGE_FINISHED}
    result = checked(read_packet(await packet_of(counter, tmp_path)))
    assert result.is_sound, result.checks


async def test_a_look_up_of_packages_that_fails_later_opens_no_closed_day(counter: Counter, tmp_path: Path) -> None:
    await a_day(counter)
    sale = replace(counter.pos.rung_up[0], number="5001", external_number="", sold_at=OPENING.astimezone(ZONE))
    counter.pos.rung_up.append(sale)
    counter.clock.advance(timedelta(minutes=10))
    counter.state.known_packages = (KnownPackage(DREAM.label, finished_on=TODAY),)
    await read_day(counter.desk, TODAY)
    await packet_of(counter, tmp_path)
    counter.state.fate = lambda question: Fault.BUSY if question.startswith("package") else None
    day = await read_day(counter.desk, TODAY)
    assert [each.latest.finding.kind for each in day.findings] == [FindingClass.MISSING_IN_STATE]
    assert day.findings[0].first.finding.kind is FindingClass.PACKAGE_FINISHED
    assert (day.findings[0].fate, day.state) == (Fate.EXPLAINED, DayState.CLOSED)


def test_a_report_tells_which_records_of_other_days_are_in_its_packet_and_a_printed_sheet_does_not(
    counter: Counter,
) -> None:
    day = replace(known(counter), closings=(Closed(counter.clock.now(), ()),))
    told = ["".join(text for _, text in report_lines(day, SHOP, {}, "", around)) for around in (None, (), ("sale 1",))]
    assert "The packet holds" not in told[0]
    assert "none of the days around it" in told[1]
    assert "and 1 of the days around it:sale 1" in told[2]


async def packet_of(counter: Counter, home: Path) -> Path:
    """Explain every difference, let both sign, and return the packet."""
    for found in known(counter).findings:
        decide(counter.ledger, TODAY, found.key, SAID, act=counter.act())
    keys = Keys()
    counter.desk.packets = lambda: PacketFolder(home, keys)
    digest = known(counter).digest
    for person in (ANA, NOOR):
        counter.desk.person = person
        signed = await sign_and_close(counter.desk, TODAY, digest, counter.act(person))
    assert isinstance(signed, Signed)
    assert isinstance(signed.packet, str), signed.packet
    return home / "packets" / signed.packet


async def test_the_evidence_names_no_patient_and_no_card(counter: Counter, tmp_path: Path) -> None:
    counter.pos.rung_up = []
    await closed(counter, tmp_path)
    packet = read_packet(tmp_path / "packets" / f"{TODAY}.zip")
    told = b"".join(content for name, content in packet.documents.items() if name != "report.pdf")
    for marker in (MARA.family_name, MARAS_CARD.number, MARAS_CARD.key, CHIDIS_CARD.number, CHIDIS_CARD.key):
        assert marker.encode() not in told


async def test_the_evidence_tells_every_decision_and_who_took_it(counter: Counter, tmp_path: Path) -> None:
    await closed(counter, tmp_path)
    packet = read_packet(tmp_path / "packets" / f"{TODAY}.zip")
    (finding,) = json.loads(packet.documents["findings.json"])
    (decision,) = finding["decisions"]
    assert (decision["by"], decision["words"], decision["decision"]) == (ANA.name, SAID.words, "explained")
    assert {each["name"] for each in json.loads(packet.documents["signatures.json"])} == {ANA.name, NOOR.name}


async def test_a_day_closed_again_has_a_packet_of_its_own(counter: Counter, tmp_path: Path) -> None:
    await closed(counter, tmp_path)
    counter.clock.advance(timedelta(hours=20))
    counter.desk.person = ANA
    counter.pos.rung_up.pop()
    day = await read_day(counter.desk, TODAY)
    assert day.state is DayState.REOPENED
    for person in (ANA, NOOR):
        counter.desk.person = person
        outcome = await sign_and_close(counter.desk, TODAY, day.digest, counter.act(person))
    assert isinstance(outcome, Signed)
    assert outcome.packet == f"{TODAY}-2.zip"
    assert len(known(counter).packets) == 2


class NoRoom:
    """A place in which nothing can be written."""

    async def fingerprint(self) -> str:
        """Return nothing that anybody compares."""
        return ""

    async def write(
        self, name: str, about: Mapping[str, Any], documents: Mapping[str, Any], report: tuple[ReportLine, ...]
    ) -> tuple[str, str] | Unanswered:
        """Write nothing, and say so."""
        return Unanswered(Silence.UNREADABLE, f"packets/{name} cannot be written (No space left on device)")


async def test_a_day_is_closed_even_where_its_packet_cannot_be_written_and_that_is_said(counter: Counter) -> None:
    await a_day(counter)
    day = await read_day(counter.desk, TODAY)
    counter.desk.packets = NoRoom
    for person in (ANA, NOOR):
        counter.desk.person = person
        outcome = await sign_and_close(counter.desk, TODAY, day.digest, counter.act(person))
    assert isinstance(outcome, Signed)
    assert outcome.is_closed
    assert isinstance(outcome.packet, Unanswered)
    assert known(counter).packets == ()


async def test_a_closing_report_that_says_otherwise_keeps_the_day_open(counter: Counter) -> None:
    await a_day(counter)
    counter.pos.closing_report = Closing("closing-report.csv", None, sales=3)
    day = await read_day(counter.desk, TODAY)
    assert to_do(day) == ["The till's closing report says the same"]
    counter.pos.closing_report = Closing("closing-report.csv", None, sales=2)
    assert to_do(await read_day(counter.desk, TODAY)) == []


# While the day goes on


async def test_a_sale_that_should_be_in_the_states_record_by_now_is_told_early(counter: Counter) -> None:
    await a_day(counter)
    counter.pos.rung_up.append(replace(counter.pos.rung_up[0], number="5000", external_number=""))
    counter.clock.advance(timedelta(minutes=14))
    assert await look_early(counter.desk) == Early(counter.clock.now(), 0, None)
    counter.clock.advance(timedelta(minutes=2))
    early = await look_early(counter.desk)
    assert early is not None
    assert (early.late, early.since) == (1, counter.pos.rung_up[0].sold_at)
    assert counter.ledger.comparisons_of(TODAY) == (), "it is no comparison of the day"


async def test_a_morning_of_which_the_state_has_nothing_at_all_is_told_early(counter: Counter) -> None:
    """No list of the state is compared with: but it was read, and what was sold is not in it."""
    sold_at = counter.clock.now()
    counter.pos.rung_up = [
        Sale(str(number), counter.desk.shop.local(sold_at), (SoldLine(DREAM.label, 3500, 5200),)) for number in range(7)
    ]
    counter.clock.advance(timedelta(minutes=14))
    assert await look_early(counter.desk) == Early(counter.clock.now(), 0, None)
    counter.clock.advance(timedelta(minutes=2))
    assert await look_early(counter.desk) == Early(counter.clock.now(), 7, sold_at)


class LookedThrough(tuple[SoldLine, ...]):
    """Lines that remember who looked through them."""

    by: set[int]

    def __iter__(self) -> Iterator[SoldLine]:
        self.by.add(threading.get_ident())
        return super().__iter__()


async def test_what_is_late_is_looked_for_beside_the_screen_so_that_it_never_stands_still(counter: Counter) -> None:
    await a_day(counter)
    lines = LookedThrough(counter.pos.rung_up[1].lines)
    lines.by = set()
    counter.pos.rung_up[1] = replace(counter.pos.rung_up[1], lines=lines)
    assert await look_early(counter.desk) is not None
    assert lines.by
    assert threading.get_ident() not in lines.by


async def test_a_side_that_cannot_be_read_says_nothing_early(counter: Counter) -> None:
    await a_day(counter)
    counter.pos.silence = Unanswered(Silence.ABSENT, "there is no report yet")
    assert await look_early(counter.desk) is None
    counter.pos.silence = None
    counter.state.is_down = True
    assert await look_early(counter.desk) is None


class Paper:
    """A printer that keeps what it printed."""

    def __init__(self) -> None:
        self.printed: list[str] = []

    async def print(self, text: str) -> Unanswered | None:
        """Keep it."""
        self.printed.append(text)
        return None


async def test_the_sheet_of_a_closed_day_is_on_record_before_it_is_on_paper(counter: Counter, tmp_path: Path) -> None:
    await closed(counter, tmp_path)
    counter.desk.printer = paper = Paper()
    assert await print_day(counter.desk, known(counter)) is None
    assert counter.recorded("day.sheet_printed") == 1
    assert f"{ANA.name}, coordinator" in paper.printed[0]
    assert MARA.family_name not in paper.printed[0]


async def test_without_a_printer_nothing_is_on_record(counter: Counter, tmp_path: Path) -> None:
    await closed(counter, tmp_path)
    outcome = await print_day(counter.desk, known(counter))
    assert isinstance(outcome, Unanswered)
    assert counter.recorded("day.sheet_printed") == 0


# What must not come between


async def test_a_decision_about_something_that_changed_meanwhile_is_not_kept(counter: Counter) -> None:
    day = await a_day_with_a_difference(counter)
    seen = day.findings[0].latest.digest
    counter.clock.advance(timedelta(minutes=1))
    sale = counter.pos.rung_up[-1]
    counter.pos.rung_up[-1] = replace(sale, lines=(replace(sale.lines[0], milli=31_500),))
    await read_day(counter.desk, TODAY)
    outcome = decide(counter.ledger, TODAY, day.findings[0].key, replace(SAID, seen=seen), act=counter.act())
    assert outcome == FindingChanged()
    assert not known(counter).may_close


async def test_a_closed_day_that_cannot_be_read_again_stays_closed(counter: Counter) -> None:
    await a_day(counter)
    await read_day(counter.desk, TODAY)
    signed(counter, ANA)
    signed(counter, NOOR)
    counter.clock.advance(timedelta(minutes=1))
    counter.state.is_down = True
    day = await read_day(counter.desk, TODAY)
    assert (day.state, day.changes, day.may_close) == (DayState.CLOSED, (), False)


async def test_a_closing_report_that_comes_after_the_signatures_opens_the_day_again(counter: Counter) -> None:
    await a_day(counter)
    await read_day(counter.desk, TODAY)
    signed(counter, ANA)
    signed(counter, NOOR)
    counter.clock.advance(timedelta(minutes=1))
    counter.pos.closing_report = Closing("closing-report.csv", None, sales=61)
    assert (await read_day(counter.desk, TODAY)).state is DayState.REOPENED


async def test_a_packet_that_was_not_written_is_written_later(counter: Counter, tmp_path: Path) -> None:
    await a_day(counter)
    day = await read_day(counter.desk, TODAY)
    counter.desk.packets = NoRoom
    for person in (ANA, NOOR):
        counter.desk.person = person
        await sign_and_close(counter.desk, TODAY, day.digest, counter.act(person))
    assert not has_packet(known(counter))
    keys = Keys()
    counter.desk.packets = lambda: PacketFolder(tmp_path, keys)
    assert await write_packet(counter.desk, TODAY) == f"{TODAY}.zip"
    assert has_packet(known(counter))
    assert checked(read_packet(tmp_path / "packets" / f"{TODAY}.zip")).is_sound


async def test_no_packet_is_written_of_other_records_than_were_signed_for(counter: Counter, tmp_path: Path) -> None:
    await a_day(counter)
    day = await read_day(counter.desk, TODAY)
    keys = Keys()
    counter.desk.packets = lambda: PacketFolder(tmp_path, keys)
    await sign_and_close(counter.desk, TODAY, day.digest, counter.act())
    counter.pos.rung_up.pop()
    await read_sides(counter.desk, TODAY, counter.clock.now())
    counter.desk.person = NOOR
    outcome = await sign_and_close(counter.desk, TODAY, day.digest, counter.act(NOOR))
    assert isinstance(outcome, Signed)
    assert isinstance(outcome.packet, Unanswered)
    assert not (tmp_path / "packets").exists()


async def test_a_renewed_and_a_masked_number_are_one_person_in_the_packet(counter: Counter) -> None:
    await a_day(counter)
    till = counter.pos.rung_up
    till[0] = replace(till[0], patient_key=MARAS_CARD.key)
    till[1] = replace(till[1], patient_key=CHIDIS_OLD_CARD.key)
    await read_day(counter.desk, TODAY)
    sides = counter.desk.sides[TODAY]
    assert not isinstance(sides.receipts, Unanswered)
    first, second = sides.receipts
    masked = replace(sides, receipts=(replace(first, patient_key=MARAS_CARD.key[-4:]), second))
    hashed = hasher(people_of(counter.ledger, masked))
    assert hashed(MARAS_CARD.key) == hashed(MARAS_CARD.key[-4:])
    assert hashed(CHIDIS_OLD_CARD.key) == hashed(CHIDIS_CARD.key) != hashed(MARAS_CARD.key)
    assert hashed("") == ""


async def two_who_end_alike(counter: Counter) -> None:
    """Compare a day of a state that tells the end of a number only, where that of two patients is the same."""
    for place, number in enumerate(("MI-P-0032-0011", "MI-P-0041-0011")):
        who = Patient(UUID(int=0x900 + place), "Haddad", f"Nora {place}", date(1984, 5, 5))
        card = Card(number, who.id, Holder.PATIENT, who.name, date(2027, 6, 30))
        counter.put(PatientRegistered(who, (card,)))
        counter.state.standings[number] = says(card)
        counter.pos.ring_up([await counter.give(grams("3.5"), card=card)])
        counter.pos.rung_up[place] = replace(counter.pos.rung_up[place], patient_key=card.key)
    await post_due(counter.desk)
    told = counter.state.posted_on

    async def masking(day: date, now: datetime) -> tuple[Receipt, ...] | Unanswered:
        receipts = await told(day, now)
        masked = receipts if not isinstance(receipts, Unanswered) else ()
        return tuple(replace(each, patient_key="0011") for each in masked)

    counter.state.posted_on = masking  # type: ignore[method-assign]
    day = await read_day(counter.desk, TODAY)
    assert day.comparison is not None
    assert (day.comparison.matched, day.findings) == (2, ())


async def test_a_packet_in_which_a_masked_number_may_be_two_people_s_comes_out_again(
    counter: Counter, tmp_path: Path
) -> None:
    await two_who_end_alike(counter)
    packet = read_packet(await packet_of(counter, tmp_path))
    assert json.loads(packet.documents["terms.json"])["is_exact"]
    assert checked(packet).is_sound
    (one, other), (mask, same) = (
        [json.loads(line)["patient_key"] for line in packet.documents[name].splitlines()]
        for name in ("pos.jsonl", "state.jsonl")
    )
    assert (one != other, mask == same) == (True, True)
    assert one.endswith(mask)
    assert other.endswith(mask)
    fewer = packet.documents["state.jsonl"].splitlines(keepends=True)[0]
    changed = replace(packet, documents={**packet.documents, "state.jsonl": fewer})
    assert "1 match, the comparison says 2" in checked(changed).checks[-1].words


async def test_words_about_a_person_do_not_go_into_the_packet(counter: Counter, tmp_path: Path) -> None:
    await a_day(counter)
    counter.pos.rung_up[:] = [replace(each, patient_key=CHIDIS_CARD.key) for each in counter.pos.rung_up]
    day = await read_day(counter.desk, TODAY)
    (found,) = day.findings
    assert CHIDIS_CARD.key[-4:] in found.latest.finding.what
    decide(counter.ledger, TODAY, found.key, SAID, act=counter.act())
    keys = Keys()
    counter.desk.packets = lambda: PacketFolder(tmp_path, keys)
    digest = known(counter).digest
    for person in (ANA, NOOR):
        counter.desk.person = person
        await sign_and_close(counter.desk, TODAY, digest, counter.act(person))
    packet = read_packet(tmp_path / "packets" / f"{TODAY}.zip")
    assert CHIDIS_CARD.key[-4:].encode() not in packet.documents["findings.json"]
    assert CHIDIS_CARD.key[-4:] not in "".join(text for _, text in report_lines(known(counter), SHOP, {}, ""))
    assert checked(packet).is_sound
