"""Whether a dated answer of the registry still carries an act."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.registry import CardNotFound, Reading, RegistryAnswer, RegistryStanding, Verification
from pcc_desk.domain.rules import OutagePolicy, OutageRule
from pcc_desk.domain.verification import NotVerified, UnderOutage, Verified, may_buy, proof

ASKED = datetime(2026, 3, 12, 15, 30, tzinfo=UTC)
FRESH_FOR = timedelta(minutes=15)
SALES_GO_ON = OutageRule(sales_allowed=True, why="with duties", entry_deadline_hours=24)
SALES_STOP = OutageRule(sales_allowed=False, why="no sale without the registry")
ACTIVE = RegistryStanding("MI-P-0032-1187", True, (), date(2027, 6, 30))


def asked(answer: RegistryAnswer = ACTIVE) -> Verification:
    return Verification(UUID(int=1), UUID(int=2), "MI-P-0032-1187", ASKED, "METRC", answer)


@pytest.mark.parametrize("age", [timedelta(0), timedelta(minutes=14, seconds=59), FRESH_FOR])
def test_an_answer_carries_an_act_until_it_is_too_old_that_instant_included(age: timedelta) -> None:
    assert proof(asked(), ASKED + age, FRESH_FOR, SALES_STOP, is_out=True) == Verified(asked())


def test_an_answer_a_moment_too_old_carries_nothing() -> None:
    worth = proof(asked(), ASKED + FRESH_FOR + timedelta(microseconds=1), FRESH_FOR, SALES_GO_ON, is_out=True)
    assert worth == NotVerified("The registry was last asked more than 15 minutes ago. Press r to ask again.")


def test_an_answer_from_the_future_is_not_believed() -> None:
    worth = proof(asked(), ASKED - timedelta(microseconds=1), FRESH_FOR, SALES_GO_ON, is_out=True)
    assert isinstance(worth, NotVerified)
    assert "in the future" in worth.reason


def test_a_registry_that_was_never_asked_carries_nothing_even_in_an_outage() -> None:
    worth = proof(None, ASKED, FRESH_FOR, SALES_GO_ON, is_out=True)
    assert worth == NotVerified("The registry was not asked for this patient. Press r to ask.")


@pytest.mark.parametrize("kind", [Silence.DOWN, Silence.TIMED_OUT, Silence.UNREADABLE])
def test_an_outage_carries_an_act_only_where_the_law_lets_sales_go_on(kind: Silence) -> None:
    silent = asked(Unanswered(kind, "METRC did not answer within 10 s"))
    assert proof(silent, ASKED, FRESH_FOR, SALES_GO_ON, is_out=True) == UnderOutage(
        silent, "METRC did not answer within 10 s"
    )
    worth = proof(silent, ASKED, FRESH_FOR, SALES_STOP, is_out=True)
    assert worth == NotVerified(
        "Could not verify: METRC did not answer within 10 s. The rules here allow nothing without the registry."
    )


@pytest.mark.parametrize("kind", [Silence.DOWN, Silence.TIMED_OUT, Silence.UNREADABLE])
def test_an_outage_carries_nothing_once_the_registry_is_back(kind: Silence) -> None:
    silent = asked(Unanswered(kind, "METRC did not answer within 10 s"))
    worth = proof(silent, ASKED, FRESH_FOR, SALES_GO_ON, is_out=False)
    assert worth == NotVerified("The registry did not answer then, and is back now. Press r to ask again.")


def test_an_answer_carries_an_act_also_when_the_registry_went_away_since() -> None:
    assert proof(asked(), ASKED, FRESH_FOR, SALES_STOP, is_out=True) == Verified(asked())


def test_an_outage_that_was_seen_too_long_ago_must_be_seen_again() -> None:
    silent = asked(Unanswered(Silence.DOWN, "METRC cannot be reached"))
    assert isinstance(proof(silent, ASKED + timedelta(minutes=16), FRESH_FOR, SALES_GO_ON, is_out=True), NotVerified)


@pytest.mark.parametrize("kind", [Silence.ABSENT, Silence.DISABLED, Silence.DENIED, Silence.NOT_ASKED])
def test_a_key_that_may_not_ask_is_no_outage(kind: Silence) -> None:
    worth = proof(asked(Unanswered(kind, "the key was refused")), ASKED, FRESH_FOR, SALES_GO_ON, is_out=True)
    assert worth == NotVerified("Could not verify: the key was refused.")


def test_a_card_that_the_registry_does_not_know_or_that_is_not_active_may_buy_nothing() -> None:
    assert may_buy(Verified(asked())) is None
    unknown = may_buy(Verified(asked(CardNotFound("MI-P-0032-1187"))))
    assert unknown is not None
    assert unknown.reason.startswith("The registry knows no card MI-P-0032-1187.")
    inactive = may_buy(Verified(asked(RegistryStanding("MI-P-0032-1187", False, ()))))
    assert inactive is not None
    assert "is not active" in inactive.reason


def test_where_the_rules_rest_on_no_registry_its_absence_carries_an_act() -> None:
    absent = asked(Unanswered(Silence.ABSENT, "no state system is connected"))
    unbound = OutageRule(sales_allowed=True, why="one sale at a time", policy=OutagePolicy.NOT_REGISTRY_BOUND)
    assert proof(absent, ASKED, FRESH_FOR, unbound, is_out=False) == Verified(absent)
    assert isinstance(proof(absent, ASKED, FRESH_FOR, SALES_GO_ON, is_out=False), NotVerified)


def test_what_nobody_asks_by_program_carries_an_act_only_where_no_registry_binds() -> None:
    to_read = asked(Unanswered(Silence.BY_HAND, "a person reads it in OARRS"))
    free = OutageRule(sales_allowed=True, why="", policy=OutagePolicy.NOT_REGISTRY_BOUND)
    assert proof(to_read, ASKED, FRESH_FOR, free, is_out=False) == Verified(to_read)
    assert isinstance(proof(to_read, ASKED, FRESH_FOR, SALES_GO_ON, is_out=False), NotVerified)


def test_what_was_read_by_hand_is_told_with_the_page_and_the_person() -> None:
    read = Reading("Ana Ruiz", "OARRS")
    answers: list[RegistryAnswer] = [ACTIVE, replace(ACTIVE, active=False), CardNotFound("MI-P-0")]
    assert [replace(asked(each), read=read).remark for each in answers] == [
        "OARRS: card active, read by hand by Ana Ruiz",
        "OARRS: card not active, read by hand by Ana Ruiz",
        "OARRS knows no card MI-P-0, read by hand by Ana Ruiz",
    ]
    assert replace(asked(), read=read).source == "OARRS"
    assert asked().source == "METRC"
