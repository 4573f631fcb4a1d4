"""The consultation note: kept while it is written, signed on a verification."""

from datetime import timedelta
from uuid import UUID

import pytest

from pcc_desk.desk.check_in import CheckedIn, check_in
from pcc_desk.desk.errors import NoSuchRecord
from pcc_desk.desk.merging import merge, part
from pcc_desk.desk.notes import NOTE_LIMIT, NothingWritten, Signed, TooLong, draft_of, keep_draft, sign_note
from pcc_desk.desk.records import HappeningKind
from pcc_desk.desk.verifying import ask_standing
from pcc_desk.domain.entries import Act
from pcc_desk.domain.rules import OutageRule
from pcc_desk.domain.verification import NotVerified
from pcc_desk.domain.visits import Reason
from tests.desk.counter import ANA, BEN, CHIDI, CHIDIS_CARD, FRESH_FOR, MARA, MARAS_CARD, TODAY, Counter

WORDS = "Sleeps better; dry mouth. Step 2 from Friday."
SALES_STOP = OutageRule(sales_allowed=False, why="no sale without the registry")


def visit_of_mara(counter: Counter) -> UUID:
    outcome = check_in(counter.ledger, MARA.id, MARAS_CARD.number, Reason.REFILL, TODAY, act=counter.act())
    assert isinstance(outcome, CheckedIn)
    return outcome.visit.id


def sign(
    counter: Counter, visit_id: UUID, text: str, *, act: Act | None = None, outage: OutageRule | None = None
) -> object:
    return sign_note(
        counter.ledger,
        visit_id,
        text,
        outage=outage or counter.desk.rules.outage,
        fresh_for=FRESH_FOR,
        act=act or counter.act(),
        is_out=True,
    )


def notes(counter: Counter) -> list[str]:
    return [each.text for each in counter.ledger.timeline(MARA.id, 50) if each.kind is HappeningKind.NOTE]


async def test_a_note_is_signed_on_the_verification_of_its_patient(counter: Counter) -> None:
    visit_id = visit_of_mara(counter)
    await counter.ask()
    act = counter.act()
    assert sign(counter, visit_id, f"  {WORDS}\n", act=act) == Signed(act.id)
    assert notes(counter) == [WORDS]


def test_a_note_is_not_signed_while_the_registry_was_not_asked(counter: Counter) -> None:
    outcome = sign(counter, visit_of_mara(counter), WORDS)
    assert outcome == NotVerified("The registry was not asked for this patient. Press r to ask.")
    assert notes(counter) == []


async def test_a_note_is_not_signed_on_an_answer_that_is_too_old(counter: Counter) -> None:
    visit_id = visit_of_mara(counter)
    await counter.ask()
    counter.clock.advance(FRESH_FOR)
    assert isinstance(sign(counter, visit_id, WORDS), Signed)
    counter.clock.advance(timedelta(seconds=1))
    assert isinstance(sign(counter, visit_id, WORDS), NotVerified)


async def test_a_note_is_not_signed_on_what_was_asked_for_somebody_who_counted_as_the_same_person(
    counter: Counter,
) -> None:
    merge(counter.ledger, MARA.id, CHIDI.id, "the same passport", TODAY, act=counter.act())
    await ask_standing(counter.desk, MARA.id, CHIDIS_CARD.number)
    part(counter.ledger, MARA.id, CHIDI.id, "another birth date", TODAY, act=counter.act())
    visit_id = visit_of_mara(counter)
    outcome = sign(counter, visit_id, WORDS)
    assert isinstance(outcome, NotVerified)
    assert outcome.reason.startswith(f"The registry was asked for card {CHIDIS_CARD.number}, which is not on record")
    assert notes(counter) == []
    await counter.ask()
    assert isinstance(sign(counter, visit_id, WORDS), Signed)


async def test_a_note_is_not_signed_on_an_answer_since_which_the_clock_was_set_back(counter: Counter) -> None:
    counter.clock.advance(timedelta(hours=1))
    await counter.ask()
    counter.clock.advance(timedelta(hours=-1))
    visit_id = visit_of_mara(counter)
    counter.clock.advance(timedelta(hours=1, minutes=1))
    outcome = sign(counter, visit_id, WORDS)
    assert isinstance(outcome, NotVerified)
    assert outcome.of_clock


async def test_in_an_outage_a_note_is_signed_only_where_the_law_goes_on_without_the_registry(
    counter: Counter,
) -> None:
    visit_id = visit_of_mara(counter)
    counter.state.is_down = True
    await counter.ask()
    assert isinstance(sign(counter, visit_id, WORDS, outage=SALES_STOP), NotVerified)
    assert isinstance(sign(counter, visit_id, WORDS), Signed)


@pytest.mark.parametrize("text", ["", "   ", "\n\t \n"])
async def test_nothing_written_is_nothing_to_sign(counter: Counter, text: str) -> None:
    visit_id = visit_of_mara(counter)
    await counter.ask()
    assert sign(counter, visit_id, text) == NothingWritten()


async def test_a_note_has_a_largest_length_that_fits_and_one_sign_more_does_not(counter: Counter) -> None:
    visit_id = visit_of_mara(counter)
    await counter.ask()
    assert sign(counter, visit_id, "x" * (NOTE_LIMIT + 1)) == TooLong(NOTE_LIMIT + 1, NOTE_LIMIT)
    assert isinstance(sign(counter, visit_id, "x" * NOTE_LIMIT), Signed)


async def test_a_draft_is_kept_for_its_writer_and_gone_once_signed(counter: Counter) -> None:
    visit_id = visit_of_mara(counter)
    keep_draft(counter.ledger, visit_id, "Sleeps better", act=counter.act(ANA))
    keep_draft(counter.ledger, visit_id, "Ben's own words", act=counter.act(BEN))
    keep_draft(counter.ledger, visit_id, WORDS, act=counter.act(ANA))
    assert draft_of(counter.ledger, visit_id, act=counter.act()) == WORDS
    await counter.ask()
    assert isinstance(sign(counter, visit_id, WORDS, act=counter.act(ANA)), Signed)
    assert draft_of(counter.ledger, visit_id, act=counter.act()) == ""
    assert draft_of(counter.ledger, visit_id, act=counter.act(BEN)) == "Ben's own words"


def test_a_draft_survives_a_note_that_could_not_be_signed(counter: Counter) -> None:
    visit_id = visit_of_mara(counter)
    keep_draft(counter.ledger, visit_id, WORDS, act=counter.act())
    assert isinstance(sign(counter, visit_id, WORDS), NotVerified)
    assert draft_of(counter.ledger, visit_id, act=counter.act()) == WORDS


def test_keeping_the_same_words_again_puts_nothing_on_record(counter: Counter) -> None:
    visit_id = visit_of_mara(counter)
    keep_draft(counter.ledger, visit_id, WORDS, act=counter.act())
    again, emptied, emptied_again = counter.act(), counter.act(), counter.act()
    keep_draft(counter.ledger, visit_id, WORDS, act=again)
    assert not counter.ledger.is_recorded(again.id)
    keep_draft(counter.ledger, visit_id, "", act=emptied)
    assert draft_of(counter.ledger, visit_id, act=counter.act()) == ""
    keep_draft(counter.ledger, visit_id, "", act=emptied_again)
    assert counter.ledger.is_recorded(emptied.id)
    assert not counter.ledger.is_recorded(emptied_again.id)


def test_a_visit_that_is_not_there_has_no_note(counter: Counter) -> None:
    with pytest.raises(NoSuchRecord):
        sign(counter, UUID(int=0xDEAD), WORDS)
    with pytest.raises(NoSuchRecord):
        keep_draft(counter.ledger, UUID(int=0xDEAD), WORDS, act=counter.act())
