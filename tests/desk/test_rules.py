"""The rules on record: taken up once, known by each person, confirmed by those who answer for them."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from pcc_desk.desk.dispensing import Recorded, Refusal, hand_over
from pcc_desk.desk.records import RulesOnRecord
from pcc_desk.desk.rights import NotPermitted
from pcc_desk.desk.rules import (
    Known,
    NotOnRecord,
    RulesChanged,
    acknowledge_rules,
    confirm_rules,
    take_up,
    take_up_rules,
)
from pcc_desk.desk.standing import read_standing
from pcc_desk.domain.allotment import CannotTell
from pcc_desk.domain.entries import DispensationRecorded, StaffAdded
from pcc_desk.domain.people import Person, Role
from pcc_desk.domain.rules import Confidence, Rules
from pcc_desk.rulebook import differences, fingerprint, rules_for, rules_text
from tests.desk.counter import ANA, BEN, MARA, MARAS_CARD, TODAY, Counter, grams

MICHIGAN = rules_for("MI", TODAY)
STRICTER = replace(MICHIGAN, gives_back=frozenset({"return"}))
STRICTER = replace(STRICTER, fingerprint=fingerprint(STRICTER))


def go_by(counter: Counter, rules: Rules) -> None:
    counter.desk.rules_on = lambda on, order_began=None: rules


async def give(counter: Counter, person: Person = ANA) -> Recorded | Refusal:
    desk = counter.desk_of(person)
    desk.rules_on, desk.links = counter.desk.rules_on, counter.desk.links
    await counter.ask()
    return await hand_over(desk, MARA.id, (grams("1"),), desk.act())


def last_recorded(counter: Counter) -> DispensationRecorded:
    found = [entry for entry, _ in counter.ledger.acts.values() if isinstance(entry, DispensationRecorded)]
    return found[-1]


# Taking up


async def test_rules_are_put_on_record_once_with_all_that_they_say(counter: Counter) -> None:
    await take_up(counter.desk)
    await take_up(counter.desk)
    assert counter.recorded("rules.taken_up") == 1
    kept = counter.ledger.rules_on_record(MICHIGAN.fingerprint)
    at = counter.clock.now()
    assert kept == RulesOnRecord(MICHIGAN.fingerprint, "MI", MICHIGAN.ruleset, rules_text(MICHIGAN), at, None)


async def test_rules_that_changed_are_put_on_record_beside_the_old(counter: Counter) -> None:
    await take_up(counter.desk)
    go_by(counter, STRICTER)
    await take_up(counter.desk)
    assert counter.recorded("rules.taken_up") == 2
    assert set(counter.ledger.rules) == {MICHIGAN.fingerprint, STRICTER.fingerprint}


async def test_rules_made_by_hand_are_not_put_on_record(counter: Counter) -> None:
    by_hand = replace(MICHIGAN, fingerprint="")
    go_by(counter, by_hand)
    await take_up(counter.desk)
    assert take_up_rules(counter.ledger, by_hand, "text", act=counter.desk.act_by_itself()) is None
    assert counter.recorded("rules.taken_up") == 0


# Knowing


async def test_who_never_dispensed_knows_the_rules_with_the_first_dispensing(counter: Counter) -> None:
    assert isinstance(await give(counter), Recorded)
    assert counter.ledger.known_rules(ANA.id) == MICHIGAN.fingerprint
    assert counter.ledger.known_rules(BEN.id) == ""
    recorded = last_recorded(counter)
    assert (recorded.rules, recorded.rules_known) == (MICHIGAN.fingerprint, MICHIGAN.fingerprint)


async def test_after_a_change_nobody_dispenses_before_they_have_read_of_it(counter: Counter) -> None:
    await give(counter)
    go_by(counter, STRICTER)
    changed = await give(counter)
    assert changed == RulesChanged(rules_text(MICHIGAN), rules_text(STRICTER), STRICTER.fingerprint)
    assert differences(changed.known_text, changed.new_text)
    assert counter.recorded("dispensation.recorded") == 1
    outcome = acknowledge_rules(counter.ledger, changed.fingerprint, act=counter.act())
    assert isinstance(outcome, Known)
    assert isinstance(await give(counter), Recorded)
    assert last_recorded(counter).rules == STRICTER.fingerprint


async def test_each_person_reads_of_a_change_for_themselves(counter: Counter) -> None:
    await give(counter, ANA)
    await give(counter, BEN)
    go_by(counter, STRICTER)
    assert isinstance(await give(counter, ANA), RulesChanged)
    acknowledge_rules(counter.ledger, STRICTER.fingerprint, act=counter.act(ANA))
    assert isinstance(await give(counter, BEN), RulesChanged)
    assert isinstance(await give(counter, ANA), Recorded)


async def test_rules_that_are_changed_back_are_a_change_too(counter: Counter) -> None:
    await give(counter)
    go_by(counter, STRICTER)
    await give(counter)
    acknowledge_rules(counter.ledger, STRICTER.fingerprint, act=counter.act())
    go_by(counter, MICHIGAN)
    assert isinstance(await give(counter), RulesChanged)


async def test_who_has_not_read_of_a_change_yet_may_go_back_to_the_rules_they_know(counter: Counter) -> None:
    await give(counter)
    go_by(counter, STRICTER)
    await give(counter)
    go_by(counter, MICHIGAN)
    assert isinstance(await give(counter), Recorded)


async def test_rules_without_a_fingerprint_are_never_compared(counter: Counter) -> None:
    await give(counter)
    go_by(counter, replace(STRICTER, fingerprint=""))
    assert isinstance(await give(counter), Recorded)
    assert counter.ledger.known_rules(ANA.id) == MICHIGAN.fingerprint


async def test_words_that_change_no_sale_are_not_a_change(counter: Counter) -> None:
    await give(counter)
    go_by(counter, replace(MICHIGAN, notes=("Seen again.",), as_of=TODAY))
    assert isinstance(await give(counter), Recorded)


async def test_a_patient_under_older_rules_changes_nothing_in_what_a_person_knows(counter: Counter) -> None:
    counter.desk.rules_on = lambda on, order_began=None: STRICTER if order_began else MICHIGAN
    await give(counter)
    counter.ledger.papers[MARA.id] = replace(counter.ledger.entitlement(MARA.id), order_began=date(2024, 1, 1))
    assert isinstance(await give(counter), Recorded)
    recorded = last_recorded(counter)
    assert (recorded.rules, recorded.rules_known) == (STRICTER.fingerprint, MICHIGAN.fingerprint)
    assert counter.ledger.rules_on_record(STRICTER.fingerprint) is not None
    del counter.ledger.papers[MARA.id]
    assert isinstance(await give(counter), Recorded)


async def test_reading_of_a_change_twice_is_on_record_once(counter: Counter) -> None:
    await take_up(counter.desk)
    for _ in range(2):
        assert isinstance(acknowledge_rules(counter.ledger, MICHIGAN.fingerprint, act=counter.act()), Known)
    assert counter.recorded("rules.acknowledged") == 1


def test_what_is_not_on_record_is_neither_acknowledged_nor_confirmed(counter: Counter) -> None:
    assert acknowledge_rules(counter.ledger, "abc", act=counter.act()) == NotOnRecord("abc")
    ida = Person(UUID(int=0xF0), "Ida Nkemelu", Role.MANAGER)
    counter.put(StaffAdded(ida))
    assert confirm_rules(counter.ledger, "abc", "", act=counter.act(ida)) == NotOnRecord("abc")


# Confirming


@pytest.mark.parametrize("role", Role)
async def test_rules_are_confirmed_by_a_compliance_officer_or_a_manager(counter: Counter, role: Role) -> None:
    person = Person(UUID(int=0xF0), "Noor Haddad", role)
    counter.put(StaffAdded(person))
    await take_up(counter.desk)
    act = counter.act(person)
    if role not in {Role.COMPLIANCE, Role.MANAGER, Role.RECOVERY}:
        with pytest.raises(NotPermitted, match="Confirming rules is for a compliance officer or manager"):
            confirm_rules(counter.ledger, MICHIGAN.fingerprint, "", act=act)
        assert not counter.ledger.is_confirmed(MICHIGAN.fingerprint)
        return
    outcome = confirm_rules(counter.ledger, MICHIGAN.fingerprint, " compared with the rule ", act=act)
    assert counter.ledger.is_confirmed(MICHIGAN.fingerprint)
    assert isinstance(outcome, Known)
    assert outcome.rules.confirmed is not None
    assert (outcome.rules.confirmed.by, outcome.rules.confirmed.remark) == ("Noor Haddad", "compared with the rule")
    confirm_rules(counter.ledger, MICHIGAN.fingerprint, "again", act=counter.act(person))
    assert counter.recorded("rules.confirmed") == 1


async def test_rules_of_low_confidence_decide_in_an_outage_once_they_are_confirmed(counter: Counter) -> None:
    unsure = replace(MICHIGAN, confidence=Confidence.LOW)
    go_by(counter, unsure)
    officer = Person(UUID(int=0xF0), "Noor Haddad", Role.COMPLIANCE)
    counter.put(StaffAdded(officer))
    await take_up(counter.desk)
    await counter.lose_the_registry()

    async def left() -> Any:
        return (await read_standing(counter.desk, MARA.id)).standing.limits[0].left

    assert isinstance(await left(), CannotTell)
    confirm_rules(counter.ledger, unsure.fingerprint, "", act=counter.act(officer))
    assert await left() == MICHIGAN.limits[0].amount


async def test_rules_of_the_day_are_on_record_before_anything_is_handed_over_under_them(counter: Counter) -> None:
    await counter.give(grams("1"), card=MARAS_CARD)
    assert counter.ledger.rules_on_record(MICHIGAN.fingerprint) is not None
