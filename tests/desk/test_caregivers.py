"""A caregiver comes for a patient: the state is asked about both cards, and a bad one blocks."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from pcc_desk.desk.by_hand import Seen, keep_reading
from pcc_desk.desk.care import Linked, link_caregiver
from pcc_desk.desk.check_in import CareEnded, CheckedIn, check_in
from pcc_desk.desk.dispensing import Recorded, Refusal, hand_over
from pcc_desk.desk.verifying import ask_standing
from pcc_desk.desk.who_buys import CardLapsed
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.entries import DispensationRecorded
from pcc_desk.domain.identity import Caregiver, CareLink
from pcc_desk.domain.people import Patient
from pcc_desk.domain.people_entries import CaregiverLinked, PatientsMerged
from pcc_desk.domain.registry import (
    CardNotFound,
    CaregiverAnswer,
    CaregiverCheck,
    CaregiverStanding,
    CaregiverWord,
    Verification,
)
from pcc_desk.domain.typed_readings import CardSays
from pcc_desk.domain.verification import CaregiverUntold, NotVerified
from pcc_desk.domain.visits import Reason
from tests.desk.counter import EVA, EVAS_CARD, MARA, MARAS_CARD, TODAY, TOMAS_CARD, Counter, grams

TOMAS = TOMAS_CARD.number


def arrives(counter: Counter) -> None:
    """Let Tomás check Eva in."""
    outcome = check_in(counter.ledger, EVA.id, TOMAS, Reason.PICK_UP, TODAY, act=counter.act())
    assert isinstance(outcome, CheckedIn)


async def give(counter: Counter, *, by_the_card_itself: bool = False) -> Recorded | Refusal:
    act = counter.desk.act()
    return await hand_over(counter.desk, EVA.id, (grams("3.5"),), act, by_the_card_itself=by_the_card_itself)


def calls(counter: Counter) -> list[str]:
    return [each for each in counter.state.asked if not each.startswith("post")]


def last_check(counter: Counter) -> CaregiverCheck | None:
    verification = counter.ledger.last_verification(EVA.id)
    assert isinstance(verification, Verification)
    return verification.caregiver


async def test_each_card_is_asked_about_once_and_the_patients_standing_by_the_patients_own(counter: Counter) -> None:
    verification = await ask_standing(counter.desk, EVA.id, TOMAS)
    assert calls(counter) == [f"standing {EVAS_CARD.number}", f"caregiver {TOMAS}"]
    assert verification.card_number == EVAS_CARD.number
    answer = CaregiverStanding(TOMAS, True, (EVAS_CARD.number,))
    assert verification.caregiver == CaregiverCheck(TOMAS, counter.clock.now(), answer, (EVAS_CARD.number,))
    assert verification.caregiver.word is CaregiverWord.GOOD
    assert counter.ledger.last_verification(EVA.id) == verification


async def test_who_comes_in_person_is_asked_for_alone(counter: Counter) -> None:
    await ask_standing(counter.desk, EVA.id, EVAS_CARD.number)
    await ask_standing(counter.desk, MARA.id, MARAS_CARD.number)
    assert calls(counter) == [f"standing {EVAS_CARD.number}", f"standing {MARAS_CARD.number}"]
    assert last_check(counter) is None


async def test_what_the_caregiver_fetches_is_recorded_under_both_cards(counter: Counter) -> None:
    arrives(counter)
    await ask_standing(counter.desk, EVA.id, TOMAS)
    outcome = await give(counter)
    assert isinstance(outcome, Recorded)
    given = outcome.dispensation
    assert (given.card_number, given.caregiver_card) == (EVAS_CARD.number, TOMAS)


async def test_asking_again_by_the_patients_card_does_not_lose_the_caregiver(counter: Counter) -> None:
    arrives(counter)
    await ask_standing(counter.desk, EVA.id, EVAS_CARD.number)
    assert calls(counter)[-1] == f"caregiver {TOMAS}"
    outcome = await give(counter)
    assert isinstance(outcome, Recorded)
    assert outcome.dispensation.caregiver_card == TOMAS


async def test_nothing_goes_out_through_a_caregiver_whose_card_was_not_asked_about(counter: Counter) -> None:
    await ask_standing(counter.desk, EVA.id, EVAS_CARD.number)
    arrives(counter)
    refused = await give(counter, by_the_card_itself=True)
    assert refused == NotVerified(
        "The state was not asked about card MI-C-0007-3310 of caregiver Tomás Reyes. Press r to ask."
    )


@pytest.mark.parametrize(
    ("answer", "word", "sentence"),
    [
        (CaregiverStanding(TOMAS, False, (EVAS_CARD.number,)), CaregiverWord.LAPSED, "is not active"),
        (CardNotFound(TOMAS), CaregiverWord.UNKNOWN, "is not known to the state"),
        (
            CaregiverStanding(TOMAS, True, (MARAS_CARD.number,)),
            CaregiverWord.NOT_FOR_THIS_PATIENT,
            "is not for this patient",
        ),
        (CaregiverStanding(TOMAS, True, ()), CaregiverWord.NOT_FOR_THIS_PATIENT, "is not for this patient"),
    ],
)
async def test_a_card_that_the_state_refuses_blocks_whoever_answers_for_it(
    counter: Counter, answer: CaregiverAnswer, word: CaregiverWord, sentence: str
) -> None:
    counter.state.caregivers[TOMAS] = answer
    arrives(counter)
    verification = await ask_standing(counter.desk, EVA.id, TOMAS)
    assert verification.caregiver is not None
    assert verification.caregiver.word is word
    assert f"caregiver’s card {TOMAS} {word}" in verification.remark
    refused = await give(counter, by_the_card_itself=True)
    assert refused == NotVerified(f"Card {TOMAS} of caregiver Tomás Reyes {sentence}. Nothing may go out through it.")
    assert counter.recorded(DispensationRecorded.name) == 0


async def test_a_caregiver_is_found_by_the_number_however_it_is_written(counter: Counter) -> None:
    counter.state.caregivers[TOMAS] = CaregiverStanding(TOMAS, True, ("mi p 0057 9001",))
    verification = await ask_standing(counter.desk, EVA.id, TOMAS)
    assert verification.caregiver is not None
    assert verification.caregiver.word is CaregiverWord.GOOD


async def test_an_answer_that_names_no_patients_goes_but_never_without_a_word(counter: Counter) -> None:
    counter.state.caregivers[TOMAS] = CaregiverStanding(TOMAS, True, None)
    verification = await ask_standing(counter.desk, EVA.id, TOMAS)
    assert verification.remark == f"caregiver’s card {TOMAS} active; for which patients is not said"
    assert isinstance(await give(counter), Recorded)


async def test_of_two_cards_of_one_patient_the_sale_rests_on_the_one_to_which_the_state_links_the_caregiver(
    counter: Counter,
) -> None:
    counter.put(PatientsMerged(EVA.id, MARA.id, "the same passport"))
    theirs = {EVAS_CARD.number: MARAS_CARD.number, MARAS_CARD.number: EVAS_CARD.number}
    arrives(counter)
    for number, other in theirs.items():
        counter.state.caregivers[TOMAS] = CaregiverStanding(TOMAS, True, (number,))
        verification = await ask_standing(counter.desk, EVA.id, TOMAS)
        assert verification.card_number == number
        outcome = await give(counter)
        assert isinstance(outcome, Recorded)
        assert (outcome.dispensation.card_number, outcome.dispensation.caregiver_card) == (number, TOMAS)
        again = await ask_standing(counter.desk, EVA.id, other)
        assert (again.card_number, again.caregiver is not None) == (number, True)
        counter.clock.advance(timedelta(minutes=1))


async def test_a_card_that_is_not_good_any_more_is_never_asked_for_because_the_state_links_it(counter: Counter) -> None:
    lapsed = replace(MARAS_CARD, expires_on=TODAY - timedelta(days=1))
    counter.ledger.all_cards[counter.ledger.all_cards.index(MARAS_CARD)] = lapsed
    counter.put(PatientsMerged(EVA.id, MARA.id, "the same passport"))
    counter.state.caregivers[TOMAS] = CaregiverStanding(TOMAS, True, (lapsed.number,))
    verification = await ask_standing(counter.desk, EVA.id, TOMAS)
    assert calls(counter) == [f"standing {EVAS_CARD.number}", f"caregiver {TOMAS}"]
    assert verification.card_number == EVAS_CARD.number


@pytest.mark.parametrize("kind", [Silence.ABSENT, Silence.DENIED, Silence.DISABLED, Silence.BY_HAND])
async def test_where_nobody_can_tell_a_person_answers_for_the_card_and_that_is_on_record(
    counter: Counter, kind: Silence
) -> None:
    counter.state.caregivers[TOMAS] = Unanswered(kind, "METRC says nothing of it")
    arrives(counter)
    verification = await ask_standing(counter.desk, EVA.id, TOMAS)
    assert verification.caregiver is not None
    assert verification.caregiver.word is CaregiverWord.UNTOLD
    assert verification.remark.endswith("could not tell: METRC says nothing of it")
    assert await give(counter) == CaregiverUntold(TOMAS, "METRC says nothing of it")
    outcome = await give(counter, by_the_card_itself=True)
    assert isinstance(outcome, Recorded)
    entry, _ = counter.ledger.acts[outcome.dispensation.id]
    assert isinstance(entry, DispensationRecorded)
    assert entry.caregiver_untold == "METRC says nothing of it"


async def test_that_one_call_is_denied_says_nothing_of_the_link(counter: Counter) -> None:
    counter.state.caregivers[TOMAS] = Unanswered(Silence.DENIED, "METRC does not let this key ask that")
    await ask_standing(counter.desk, EVA.id, TOMAS)
    assert counter.desk.links.of("METRC").state.answers


async def test_a_state_that_is_asked_too_often_is_asked_again(counter: Counter) -> None:
    counter.state.caregivers[TOMAS] = Unanswered(Silence.BUSY, "METRC is asked too often")
    arrives(counter)
    await ask_standing(counter.desk, EVA.id, TOMAS)
    refused = await give(counter, by_the_card_itself=True)
    assert refused == NotVerified(
        "Could not tell of caregiver Tomás Reyes’s card: METRC is asked too often. Press r to ask again."
    )


async def test_a_registry_out_of_reach_is_not_waited_for_twice_and_the_outage_rule_decides(counter: Counter) -> None:
    arrives(counter)
    await counter.lose_the_registry(TOMAS_CARD)
    assert not [each for each in calls(counter) if each.startswith("caregiver")]
    check = last_check(counter)
    assert check is not None
    assert check.word is CaregiverWord.UNTOLD
    outcome = await give(counter)
    assert isinstance(outcome, Recorded)
    assert (outcome.dispensation.caregiver_card, bool(outcome.dispensation.outage)) == (TOMAS, True)


async def test_where_outages_allow_nothing_a_caregiver_of_whom_nobody_could_tell_gets_nothing(counter: Counter) -> None:
    rules_on = counter.desk.rules_on

    def strict(day: object, order_began: object = None) -> object:
        rules = rules_on(day, order_began)  # type: ignore[arg-type]
        return replace(rules, outage=replace(rules.outage, sales_allowed=False))

    counter.desk.rules_on = strict  # type: ignore[assignment]
    counter.state.caregivers[TOMAS] = Unanswered(Silence.TIMED_OUT, "METRC did not answer within 10 s")
    arrives(counter)
    await ask_standing(counter.desk, EVA.id, TOMAS)
    refused = await give(counter, by_the_card_itself=True)
    assert isinstance(refused, NotVerified)
    assert refused.reason.endswith("The rules here allow nothing without it.")


async def test_a_caregivers_card_that_lapsed_by_our_own_record_lets_nothing_out(counter: Counter) -> None:
    arrives(counter)
    await ask_standing(counter.desk, EVA.id, TOMAS)
    lapsed = replace(TOMAS_CARD, expires_on=TODAY - timedelta(days=1))
    counter.ledger.all_cards[counter.ledger.all_cards.index(TOMAS_CARD)] = lapsed
    assert await give(counter, by_the_card_itself=True) == CardLapsed(TOMAS, lapsed.expires_on)


def cares(counter: Counter, patient: Patient, ends: date | None) -> None:
    """Let Tomás care for a patient until a day."""
    tomas = Caregiver(UUID(int=7), "Reyes", "Tomás", None, "", TOMAS, TOMAS_CARD.expires_on)
    link = CareLink(patient.id, tomas.id, TODAY - timedelta(days=9), ends)
    counter.put(CaregiverLinked(patient.id, tomas, link, replace(TOMAS_CARD, patient_id=patient.id)))


async def test_nothing_goes_out_through_a_caregiver_whose_care_ended_since_they_arrived(counter: Counter) -> None:
    arrives(counter)
    await ask_standing(counter.desk, EVA.id, TOMAS)
    cares(counter, EVA, TODAY)
    assert isinstance(await give(counter), Recorded)
    cares(counter, EVA, TODAY - timedelta(days=1))
    refused = await give(counter, by_the_card_itself=True)
    assert isinstance(refused, NotVerified)
    assert refused.reason.startswith("Tomás Reyes may not buy for this patient today")


async def test_care_that_ended_under_either_record_of_a_person_has_ended(counter: Counter) -> None:
    cares(counter, EVA, TODAY - timedelta(days=1))
    cares(counter, MARA, None)
    counter.put(PatientsMerged(EVA.id, MARA.id, "the same passport"))
    assert isinstance(check_in(counter.ledger, EVA.id, TOMAS, Reason.PICK_UP, TODAY, act=counter.act()), CareEnded)


async def test_care_that_is_ended_after_a_merge_is_ended_under_every_record(counter: Counter) -> None:
    cares(counter, EVA, None)
    cares(counter, MARA, None)
    counter.put(PatientsMerged(EVA.id, MARA.id, "the same passport"))
    typed = {"family_name": "Reyes", "given_name": "Tomás", "card_number": TOMAS, "card_expires": "2026-12-31"}

    def until(ends: date) -> object:
        told = {**typed, "starts": "2026-01-01", "ends": str(ends)}
        assert isinstance(link_caregiver(counter.ledger, EVA.id, told, TODAY, act=counter.act()), Linked)
        return check_in(counter.ledger, MARA.id, TOMAS, Reason.PICK_UP, TODAY, act=counter.act())

    assert isinstance(until(TODAY - timedelta(days=1)), CareEnded)
    assert {link.ends for link, _ in counter.ledger.caregivers(EVA.id)} == {TODAY - timedelta(days=1)}
    assert isinstance(until(TODAY), CheckedIn)


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        (CardSays.ACTIVE, CaregiverWord.GOOD),
        (CardSays.NOT_ACTIVE, CaregiverWord.LAPSED),
        (CardSays.NO_SUCH_CARD, CaregiverWord.UNKNOWN),
        (None, CaregiverWord.UNTOLD),
    ],
)
def test_what_a_person_reads_of_the_caregivers_card_is_kept_and_nobody_looking_is_not_fine(
    counter: Counter, typed: CardSays | None, word: CaregiverWord
) -> None:
    act = counter.act()
    verification = keep_reading(
        counter.ledger,
        EVA.id,
        EVAS_CARD.number,
        Seen("State portal", CardSays.ACTIVE, caregiver=typed),
        system="OARRS",
        since=act.at,
        act=act,
        caregiver_card=TOMAS,
    )
    assert isinstance(verification, Verification)
    assert verification.caregiver is not None
    assert verification.caregiver.word is word
