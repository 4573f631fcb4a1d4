"""An outage from the first call that fails to the over-sale report."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from uuid import UUID

import pytest

from pcc_desk.desk.amending import PutRight, void_dispensation
from pcc_desk.desk.announced_exceptions import (
    Announced,
    BadTime,
    NoDocument,
    NoExceptionsHere,
    Withdrawn,
    announce_exception,
    withdraw_exception,
)
from pcc_desk.desk.dispensing import Recorded, Refusal, hand_over
from pcc_desk.desk.errors import NoSuchRecord
from pcc_desk.desk.judging_again import StillOut, review_outage
from pcc_desk.desk.links import LONGEST_WAIT, Circuit, LinkState
from pcc_desk.desk.monitor import PROBE_S, begin_outage, watch
from pcc_desk.desk.outages import (
    NoOutage,
    Noted,
    NothingTyped,
    give_sheet,
    note_outage,
    print_outage_sheet,
    read_outage,
)
from pcc_desk.desk.outbox_acts import give_up
from pcc_desk.desk.postman import make_round
from pcc_desk.desk.pulse import glances, take_pulse
from pcc_desk.desk.reconcile import compare_day
from pcc_desk.desk.rights import NotPermitted
from pcc_desk.desk.standing import read_standing
from pcc_desk.desk.stock import read_stock
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.basket import OverLimit
from pcc_desk.domain.dispensing import Posting
from pcc_desk.domain.entries import DispensationRecorded, EntitlementNoted, StaffAdded
from pcc_desk.domain.outages import (
    CapKind,
    CapTerm,
    NoteKind,
    Outage,
    OutageReview,
    Verdict,
    duties,
)
from pcc_desk.domain.people import Person, Role
from pcc_desk.domain.people_entries import PatientsMerged
from pcc_desk.domain.products import Basis
from pcc_desk.domain.quantity import Quantity, Unit
from pcc_desk.domain.registry import CardNotFound
from pcc_desk.domain.rules import OutagePolicy, Rules
from pcc_desk.domain.typed_exceptions import LONGEST, TypedException
from pcc_desk.domain.verification import NotVerified, UnderOutage
from pcc_desk.rulebook import rules_for
from tests.desk.counter import (
    ANA,
    CHIDI,
    CHIDIS_CARD,
    MARA,
    MARAS_CARD,
    OPENING,
    SHOP,
    TODAY,
    Counter,
    grams,
    pieces,
    says,
)
from tests.fakes_outside import Fault

HOUR = timedelta(hours=1)
IDA = Person(UUID(int=0xDA), "Ida Nkemelu", Role.MANAGER)


def by_the_rules_of(counter: Counter, code: str) -> Rules:
    """Put the counter under the law of another jurisdiction."""
    rules = rules_for(code, TODAY)
    counter.desk.rules_on = lambda on, order_began=None: rules
    counter.put(StaffAdded(IDA))
    return rules


def the_outage(counter: Counter) -> Outage:
    outage = counter.ledger.open_outage("METRC")
    assert outage is not None
    return outage


async def sell(counter: Counter, amount: str = "3.5") -> Recorded | Refusal:
    return await hand_over(counter.desk, MARA.id, (grams(amount),), counter.desk.act())


async def come_back(counter: Counter) -> None:
    """Let the registry be found again."""
    counter.state.heal()
    counter.clock.advance(counter.desk.look_every * LONGEST_WAIT)
    await make_round(counter.desk)
    await watch(counter.desk)


# The monitor


async def test_a_call_that_failed_and_a_probe_that_failed_are_an_outage_with_its_evidence(counter: Counter) -> None:
    counter.state.is_down = True
    await counter.ask()
    outage = the_outage(counter)
    assert (outage.system, outage.since, outage.ended_at) == ("METRC", OPENING, None)
    assert [(each.at, each.kind, each.reason) for each in outage.evidence] == [
        (OPENING, Silence.DOWN, "METRC cannot be reached")
    ] * 2
    assert counter.state.asked[-2:] == [f"standing {MARAS_CARD.number}", "ping"]


async def test_one_call_that_failed_is_no_outage_when_the_probe_is_answered(counter: Counter) -> None:
    counter.state.will(Fault.LOST)
    await counter.ask()
    assert counter.ledger.outages(9) == ()
    link = counter.desk.links.of("METRC")
    assert (link.state, link.remark) == (LinkState.DEGRADED, "1 of 2 calls failed lately")
    assert isinstance(await sell(counter), NotVerified)


async def test_an_outage_is_one_record_however_often_the_registry_is_asked(counter: Counter) -> None:
    counter.state.is_down = True
    for _ in range(4):
        await counter.ask()
        await watch(counter.desk)
        counter.clock.advance(HOUR)
    assert counter.recorded("outage.began") == 1


def test_who_comes_second_to_begin_an_outage_finds_the_first(counter: Counter) -> None:
    first = begin_outage(counter.ledger, "METRC", (), act=counter.desk.act_by_itself())
    assert begin_outage(counter.ledger, "METRC", (), act=counter.desk.act_by_itself()) == first
    assert counter.recorded("outage.began") == 1


async def test_the_first_good_answer_ends_it_once(counter: Counter) -> None:
    await counter.lose_the_registry()
    outage = the_outage(counter)
    counter.clock.advance(HOUR)
    counter.state.heal()
    await counter.ask()
    assert await watch(counter.desk) is False
    ended = counter.ledger.outage(outage.id)
    assert ended is not None
    assert ended.ended_at == OPENING + HOUR
    assert counter.recorded("outage.ended") == 1


async def test_a_second_outage_is_a_second_record(counter: Counter) -> None:
    await counter.lose_the_registry()
    counter.clock.advance(HOUR)
    await come_back(counter)
    counter.clock.advance(HOUR)
    await counter.lose_the_registry()
    newest, oldest = counter.ledger.outages(9)
    assert (newest.since > oldest.since, newest.ended_at, oldest.ended_at is None) == (True, None, False)


async def test_a_desk_opened_again_in_the_middle_goes_on_with_the_same_outage(counter: Counter) -> None:
    await counter.lose_the_registry()
    outage = the_outage(counter)
    counter.desk = counter.desk_of(ANA)
    assert await watch(counter.desk) is False
    counter.clock.advance(HOUR)
    await counter.ask()
    assert the_outage(counter) == outage
    await come_back(counter)
    assert counter.ledger.open_outage("METRC") is None


@pytest.mark.parametrize("kind", [Silence.DENIED, Silence.DISABLED, Silence.ABSENT])
async def test_a_key_that_may_not_ask_begins_no_outage(counter: Counter, kind: Silence) -> None:
    counter.state.standings[MARAS_CARD.number] = Unanswered(kind, "METRC refused the key")
    await counter.ask()
    await watch(counter.desk)
    assert counter.ledger.outages(9) == ()


async def test_while_it_lasts_only_a_probe_goes_after_waits_that_grow(counter: Counter) -> None:
    await counter.lose_the_registry()
    pings = []
    began = counter.clock.now()
    for _ in range(60):
        counter.clock.advance(counter.desk.look_every)
        before = len(counter.state.asked)
        await make_round(counter.desk)
        if counter.state.asked[before:]:
            assert counter.state.asked[before:] == ["ping"]
            pings.append((counter.clock.now() - began) / counter.desk.look_every)
    assert pings[:6] == [1, 3, 7, 15, 23, 31]
    link = counter.desk.links.of("METRC")
    assert link.circuit(counter.clock.now(), counter.desk.look_every) is Circuit.OPEN


async def test_a_probe_keeps_nobody_waiting_for_long(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pcc_desk.desk.monitor.PROBE_S", 0.0)

    async def never() -> str:
        import asyncio

        await asyncio.Event().wait()
        return ""

    monkeypatch.setattr(counter.state, "ping", never)
    counter.state.will(Fault.LOST)
    await counter.ask()
    assert the_outage(counter).evidence[1].kind is Silence.TIMED_OUT
    assert PROBE_S <= 5


async def test_while_it_lasts_a_probe_goes_before_stock_or_receipts_are_read(
    counter: Counter,
) -> None:
    await counter.lose_the_registry()
    before = len(counter.state.asked)
    unread = await read_stock(counter.desk)
    assert isinstance(unread, Unanswered)
    await compare_day(counter.desk, TODAY)
    assert counter.state.asked[before:] == ["ping", "ping"]
    counter.state.heal()
    assert await read_stock(counter.desk) is None
    assert counter.state.asked[-2:] == ["ping", "stock"]


# What the law says


async def test_in_michigan_nothing_is_sold_before_the_notice_is_noted(counter: Counter) -> None:
    counter.state.is_down = True
    await counter.ask()
    refused = await sell(counter)
    assert isinstance(refused, NotVerified)
    assert "Sales may go on once the agency's notice, or your own report, is noted" in refused.reason
    outage = the_outage(counter)
    note_outage(counter.ledger, outage.id, NoteKind.DONE, "called the help line", act=counter.act())
    assert isinstance(await sell(counter), NotVerified)
    note_outage(counter.ledger, outage.id, NoteKind.OWN_REPORT, "power cut, reported 10:05", act=counter.act())
    assert isinstance(await sell(counter), Recorded)


async def test_every_sale_under_an_outage_refers_to_it_and_no_other_does(counter: Counter) -> None:
    await counter.give(grams("1"))
    await counter.lose_the_registry()
    first, second = await sell(counter), await sell(counter)
    assert isinstance(first, Recorded)
    assert isinstance(second, Recorded)
    outage = the_outage(counter)
    assert counter.ledger.outage_sales(outage.id) == (first.dispensation.id, second.dispensation.id)
    await come_back(counter)
    await counter.give(grams("1"))
    assert len(counter.ledger.outage_sales(outage.id)) == 2


async def test_a_sale_on_an_answer_from_just_before_belongs_to_the_outage_too_since_it_is_entered_late(
    counter: Counter,
) -> None:
    await counter.ask()
    await counter.lose_the_registry(CHIDIS_CARD)
    sold = await sell(counter)
    assert isinstance(sold, Recorded)
    assert sold.dispensation.outage == ""
    assert counter.ledger.outage_sales(the_outage(counter).id) == (sold.dispensation.id,)


@pytest.mark.parametrize(
    ("code", "policy"),
    [
        ("AR", OutagePolicy.PROHIBITED),
        ("AZ", OutagePolicy.PROHIBITED_IMPLIED),
        ("FL", OutagePolicy.UNKNOWN),
        ("MD", OutagePolicy.AGENCY_EXCEPTION_ONLY),
    ],
)
async def test_where_the_law_says_no_nothing_goes_out_whatever_is_noted(
    counter: Counter, code: str, policy: OutagePolicy
) -> None:
    assert by_the_rules_of(counter, code).outage.policy is policy
    await counter.lose_the_registry()
    assert isinstance(await sell(counter, "1"), NotVerified)
    assert counter.recorded("dispensation.recorded") == 0


async def test_in_washington_the_smaller_amounts_bind_and_only_what_they_name_is_sold(counter: Counter) -> None:
    by_the_rules_of(counter, "WA")
    counter.put(EntitlementNoted(MARA.id, ("recognition card",), None, None))
    await counter.lose_the_registry()
    refused = await sell(counter, "28.36")
    assert isinstance(refused, OverLimit)
    assert refused.limit.id == "wa-outage-usable"
    assert isinstance(await sell(counter, "28.34"), Recorded)


# The announced exception


TWELVE = TypedException(
    OPENING,
    OPENING + 6 * HOUR,
    CapKind.TYPED,
    (CapTerm(("flower", "preroll", "shake"), Basis.NET_G, Fraction(12_000)),),
    "Bulletin 26-04",
)


async def announced(counter: Counter, typed: TypedException = TWELVE) -> Announced:
    rules = counter.desk.rules
    outcome = announce_exception(counter.ledger, typed, rules=rules, act=counter.act(IDA))
    assert isinstance(outcome, Announced)
    return outcome


async def test_an_announced_exception_lets_sales_go_on_under_its_cap(counter: Counter) -> None:
    by_the_rules_of(counter, "MD")
    await counter.lose_the_registry()
    exception = (await announced(counter)).exception
    assert (exception.by, exception.announced_at, exception.document) == (IDA.id, OPENING, "Bulletin 26-04")
    over = await sell(counter, "12.01")
    assert isinstance(over, OverLimit)
    assert over.limit.id == "exception"
    sold = await sell(counter, "12")
    assert isinstance(sold, Recorded)
    ((entry, _),) = [each for each in counter.ledger.acts.values() if each[0].name == "dispensation.recorded"]
    assert getattr(entry, "exception_id") == exception.id  # noqa: B009 - an entry of one kind among many
    assert counter.ledger.outage_sales(the_outage(counter).id) == (sold.dispensation.id,)


async def test_what_a_cap_does_not_name_is_not_sold_under_it(counter: Counter) -> None:
    by_the_rules_of(counter, "MD")
    await counter.lose_the_registry()
    await announced(counter)
    outcome = await hand_over(counter.desk, MARA.id, (pieces(1),), counter.desk.act())
    assert not isinstance(outcome, Recorded)


async def test_an_exception_begins_and_expires_by_itself_to_the_instant(counter: Counter) -> None:
    by_the_rules_of(counter, "MD")
    await counter.lose_the_registry()
    await announced(counter, replace(TWELVE, starts=OPENING + HOUR, ends=OPENING + 2 * HOUR))
    outcomes = []
    for passed in (
        HOUR - timedelta(seconds=1),
        timedelta(seconds=1),
        HOUR - timedelta(seconds=1),
        timedelta(seconds=1),
    ):
        counter.clock.advance(passed)
        await counter.ask()
        outcomes.append(isinstance((await read_standing(counter.desk, MARA.id)).proof, UnderOutage))
    assert outcomes == [False, True, True, False]


async def test_an_exception_carries_nothing_while_the_registry_answers(counter: Counter) -> None:
    by_the_rules_of(counter, "MD")
    await announced(counter)
    counter.state.standings[MARAS_CARD.number] = CardNotFound(MARAS_CARD.number)
    await counter.ask()
    assert isinstance(await sell(counter, "1"), NotVerified)


async def test_of_two_exceptions_the_one_entered_last_is_gone_by(counter: Counter) -> None:
    by_the_rules_of(counter, "MD")
    await counter.lose_the_registry()
    await announced(counter)
    counter.clock.advance(timedelta(minutes=1))
    await announced(counter, replace(TWELVE, cap=(replace(TWELVE.cap[0], at_most=Fraction(2000)),), document="26-05"))
    assert isinstance(await sell(counter, "2.01"), OverLimit)
    assert isinstance(await sell(counter, "2"), Recorded)


async def test_a_withdrawn_exception_carries_nothing_from_that_instant(counter: Counter) -> None:
    by_the_rules_of(counter, "MD")
    await counter.lose_the_registry()
    exception = (await announced(counter)).exception
    with pytest.raises(NotPermitted):
        withdraw_exception(counter.ledger, exception.id, "typed wrongly", act=counter.act())
    assert withdraw_exception(counter.ledger, exception.id, " ", act=counter.act(IDA)) == NothingTyped()
    assert isinstance(await sell(counter, "1"), Recorded)
    assert isinstance(
        withdraw_exception(counter.ledger, exception.id, "typed wrongly", act=counter.act(IDA)), Withdrawn
    )
    assert isinstance(await sell(counter, "1"), NotVerified)
    with pytest.raises(NoSuchRecord):
        withdraw_exception(counter.ledger, exception.id, "again", act=counter.act(IDA))


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        (replace(TWELVE, ends=OPENING), BadTime),
        (replace(TWELVE, starts=OPENING - 2 * HOUR, ends=OPENING - HOUR), BadTime),
        (replace(TWELVE, ends=OPENING + LONGEST + HOUR), BadTime),
        (replace(TWELVE, document=""), NoDocument),
    ],
)
async def test_an_exception_needs_a_time_and_a_document(
    counter: Counter, typed: TypedException, refusal: type[BadTime | NoDocument]
) -> None:
    rules = by_the_rules_of(counter, "MD")
    assert isinstance(announce_exception(counter.ledger, typed, rules=rules, act=counter.act(IDA)), refusal)
    assert counter.recorded("exception.announced") == 0


async def test_only_a_manager_enters_one_and_only_where_the_law_knows_such(counter: Counter) -> None:
    rules = by_the_rules_of(counter, "MD")
    with pytest.raises(NotPermitted, match="Announcing exceptions and taking them back is for a manager"):
        announce_exception(counter.ledger, TWELVE, rules=rules, act=counter.act())
    for code in ("MI", "AR", "FL", "OK"):
        refused = announce_exception(counter.ledger, TWELVE, rules=rules_for(code, TODAY), act=counter.act(IDA))
        assert isinstance(refused, NoExceptionsHere)
    assert counter.recorded("exception.announced") == 0


# Afterwards


async def test_a_whole_outage_in_michigan(counter: Counter) -> None:
    await counter.lose_the_registry()
    sold = await sell(counter, "7")
    assert isinstance(sold, Recorded)
    counter.clock.advance(timedelta(minutes=10))
    await counter.ask(CHIDIS_CARD)
    other = await hand_over(counter.desk, CHIDI.id, (pieces(2),), counter.desk.act())
    assert isinstance(other, Recorded)
    outage = the_outage(counter)
    (glance,) = take_pulse(counter.ledger, TODAY).outages
    assert (glance.sold, glance.not_entered, glance.has_notice, glance.is_settled) == (2, 2, True, False)
    assert duties(outage, counter.desk.rules.outage).enter_by is None

    await come_back(counter)
    ended = counter.ledger.outage(outage.id)
    assert ended is not None
    owed = duties(ended, counter.desk.rules.outage)
    assert ended.ended_at is not None
    assert owed.enter_by == ended.ended_at + 24 * HOUR
    assert owed.report_by == ended.ended_at + 72 * HOUR

    for _ in range(3):
        counter.clock.advance(timedelta(minutes=5))
        await make_round(counter.desk)
    (glance,) = take_pulse(counter.ledger, TODAY).outages
    assert (glance.sold, glance.not_entered, glance.is_settled) == (2, 0, False)

    sheet = give_sheet(counter.ledger, outage.id, "printed", SHOP, act=counter.act())
    assert isinstance(sheet, tuple)
    text = "\n".join(sheet)
    assert text.index(sold.dispensation.external_number) < text.index(other.dispensation.external_number)
    assert "2 sold, 2 of them in the state's record" in text
    assert MARAS_CARD.number in text

    counter.state.standings[MARAS_CARD.number] = says(MARAS_CARD, "-0.25", "7")
    counter.clock.advance(timedelta(minutes=2))
    asked = len([each for each in counter.state.asked if each.startswith("standing")])
    review = await review_outage(counter.desk, outage.id, lambda done, total: None)
    assert isinstance(review, OutageReview)
    assert [each.verdict for each in review.sales] == [Verdict.OVER, Verdict.WITHIN]
    assert review.sales[0].words.startswith("by the registry")
    assert len([each for each in counter.state.asked if each.startswith("standing")]) == asked + 2
    (glance,) = take_pulse(counter.ledger, TODAY).outages
    assert glance.to_report == 1
    note_outage(counter.ledger, outage.id, NoteKind.OWN_REPORT, "reported by mail", act=counter.act())
    assert take_pulse(counter.ledger, TODAY).outages == ()


async def test_what_was_struck_before_the_state_knew_of_it_is_not_owed_to_anybody(counter: Counter) -> None:
    await counter.lose_the_registry()
    sold = await sell(counter)
    assert isinstance(sold, Recorded)
    outage = the_outage(counter)
    assert isinstance(
        void_dispensation(counter.ledger, sold.dispensation.id, "the wrong jar", act=counter.act()), PutRight
    )
    await come_back(counter)
    counter.clock.advance(timedelta(minutes=5))
    await make_round(counter.desk)
    assert counter.ledger.unposted() == ()
    assert counter.state.done == []
    (glance,) = (each for each in glances(counter.ledger) if each.outage.id == outage.id)
    assert (glance.sold, glance.struck, glance.not_entered, glance.is_settled) == (0, 1, 0, True)
    assert take_pulse(counter.ledger, TODAY).outages == ()
    sheet = "\n".join(str(line) for line in give_sheet(counter.ledger, outage.id, "p", SHOP, act=counter.act()))  # type: ignore[union-attr]
    assert "0 sold (1 more struck), 0 of them in the state's record" in sheet
    assert "struck: nothing to be entered" in sheet
    review = await review_outage(counter.desk, outage.id, lambda done, total: None)
    assert isinstance(review, OutageReview)
    assert [each.verdict for each in review.sales] == [Verdict.WITHIN]


async def test_what_was_given_up_is_not_to_be_entered_and_is_judged_by_our_own_record(
    counter: Counter,
) -> None:
    await counter.lose_the_registry()
    sold = await sell(counter)
    assert isinstance(sold, Recorded)
    outage = the_outage(counter)
    (before,) = glances(counter.ledger)
    assert (before.sold, before.not_entered) == (1, 1)
    assert isinstance(give_up(counter.ledger, sold.dispensation.id, "kept on paper", act=counter.act()), Posting)
    await come_back(counter)
    (glance,) = glances(counter.ledger)
    assert (glance.sold, glance.not_entered, glance.is_settled) == (1, 0, False)
    review = await review_outage(counter.desk, outage.id, lambda done, total: None)
    assert isinstance(review, OutageReview)
    (judged,) = review.sales
    assert (judged.verdict, judged.words) == (
        Verdict.WITHIN,
        "by our own record; nothing of it is sent: kept on paper",
    )
    assert take_pulse(counter.ledger, TODAY).outages == ()


async def test_a_review_waits_for_the_registry_and_tells_what_it_could_not_judge(counter: Counter) -> None:
    await counter.lose_the_registry()
    await sell(counter)
    outage = the_outage(counter)
    assert await review_outage(counter.desk, outage.id, lambda done, total: None) == StillOut()
    assert await review_outage(counter.desk, UUID(int=1), lambda done, total: None) == NoOutage()
    counter.state.heal()
    await counter.ask()
    counter.state.is_down = True
    review = await review_outage(counter.desk, outage.id, lambda done, total: None)
    assert isinstance(review, OutageReview)
    assert ([each.verdict for each in review.sales], review.is_whole) == ([Verdict.UNKNOWN], False)
    assert len(take_pulse(counter.ledger, TODAY).outages) == 2


async def test_a_sale_is_judged_by_what_was_sold_until_then_and_not_by_what_came_later(counter: Counter) -> None:
    await counter.lose_the_registry()
    sold = await sell(counter, "1")
    assert isinstance(sold, Recorded)
    outage, line = the_outage(counter), sold.dispensation.lines[0]
    much = replace(line, quantity=Quantity(71_000, Unit.GRAMS), measures=replace(line.measures, net_mg=71_000))
    later = replace(
        sold.dispensation,
        id=UUID(int=0x1A7E),
        external_number="PCC-later",
        at=OPENING + timedelta(minutes=5),
        lines=(much,),
    )
    counter.put(DispensationRecorded(later, TODAY, UUID(int=1), outage_id=outage.id))
    await come_back(counter)
    review = await review_outage(counter.desk, outage.id, lambda done, total: None)
    assert isinstance(review, OutageReview)
    assert ["own record" in each.words for each in review.sales] == [False, True]
    assert review.sales[1].verdict is Verdict.OVER


async def test_the_sale_of_one_person_with_two_cards_is_judged_by_the_lower_answer_or_not_at_all(
    counter: Counter,
) -> None:
    counter.put(PatientsMerged(MARA.id, CHIDI.id, "the same passport"))
    await counter.lose_the_registry()
    await sell(counter)
    outage = the_outage(counter)
    await come_back(counter)
    counter.state.standings[CHIDIS_CARD.number] = says(CHIDIS_CARD, "-0.25", "7")
    counter.clock.advance(timedelta(minutes=2))
    review = await review_outage(counter.desk, outage.id, lambda done, total: None)
    assert isinstance(review, OutageReview)
    assert [each.verdict for each in review.sales] == [Verdict.OVER]
    counter.state.standings[CHIDIS_CARD.number] = Unanswered(Silence.BUSY, "METRC is busy")
    review = await review_outage(counter.desk, outage.id, lambda done, total: None)
    assert isinstance(review, OutageReview)
    assert [each.verdict for each in review.sales] == [Verdict.UNKNOWN]


async def test_when_the_registry_goes_away_in_a_review_nobody_else_is_asked_for(counter: Counter) -> None:
    await counter.lose_the_registry()
    await sell(counter)
    await counter.ask(CHIDIS_CARD)
    await hand_over(counter.desk, CHIDI.id, (pieces(1),), counter.desk.act())
    outage = the_outage(counter)
    await come_back(counter)
    counter.state.is_down = True
    before = len(counter.state.asked)
    review = await review_outage(counter.desk, outage.id, lambda done, total: None)
    assert isinstance(review, OutageReview)
    assert counter.state.asked[before:] == [f"standing {MARAS_CARD.number}", "ping"]
    assert [each.words for each in review.sales] == ["METRC cannot be reached", "the registry was not asked"]


async def test_what_is_noted_is_kept_with_who_noted_it_also_afterwards(counter: Counter) -> None:
    await counter.lose_the_registry()
    outage = the_outage(counter)
    await come_back(counter)
    outcome = note_outage(counter.ledger, outage.id, NoteKind.DONE, " reported two sales ", act=counter.act())
    assert isinstance(outcome, Noted)
    assert (outcome.note.text, outcome.note.by) == ("reported two sales", ANA.id)
    assert note_outage(counter.ledger, outage.id, NoteKind.DONE, "  ", act=counter.act()) == NothingTyped()
    assert note_outage(counter.ledger, UUID(int=1), NoteKind.DONE, "x", act=counter.act()) == NoOutage()
    look = (await read_outage(counter.desk)).look
    assert look is not None
    assert [each.kind for each in look.notes] == [NoteKind.NOTICE, NoteKind.DONE]
    assert look.names[ANA.id] == ANA.name


async def test_a_sheet_is_on_record_before_it_is_on_paper(counter: Counter) -> None:
    await counter.lose_the_registry()
    await sell(counter)
    outage = the_outage(counter)
    refused = await print_outage_sheet(counter.desk, outage.id, counter.act())
    assert isinstance(refused, Unanswered)
    assert counter.recorded("outage.sheet_given") == 0
    printer = Paper()
    counter.desk.printer = printer
    assert await print_outage_sheet(counter.desk, outage.id, counter.act()) is None
    assert counter.recorded("outage.sheet_given") == 1
    assert "1 sold, 0 of them in the state's record" in printer.text
    assert await print_outage_sheet(counter.desk, UUID(int=1), counter.act()) == NoOutage()


class Paper:
    """A printer whose paper can be read."""

    def __init__(self) -> None:
        self.text = ""

    async def print(self, text: str) -> None:
        """Keep the text."""
        self.text += text
