"""What is typed in a form and not saved: whose it is, and what becomes of it."""

from pcc_desk.desk.drafts import keep_form, kept_form, last_dispensed, written
from pcc_desk.domain.entries import DISPENSE_FORM
from tests.desk.counter import ANA, BEN, MARA, Counter, grams

BASKET = written({"lines": [["1A4", 3500, "G", 4500]]}, "")


def test_a_draft_is_its_writers_and_nobody_elses(counter: Counter) -> None:
    keep_form(counter.ledger, DISPENSE_FORM, MARA.id, MARA.id, BASKET, act=counter.act(ANA))
    kept = kept_form(counter.ledger, DISPENSE_FORM, MARA.id, ANA.id)
    assert kept is not None
    assert kept.typed == {"lines": [["1A4", 3500, "G", 4500]]}
    assert kept_form(counter.ledger, DISPENSE_FORM, MARA.id, BEN.id) is None
    assert kept_form(counter.ledger, "papers", MARA.id, ANA.id) is None


def test_what_is_kept_already_is_not_put_on_record_again(counter: Counter) -> None:
    first, again, dropped, dropped_again = (counter.act() for _ in range(4))
    keep_form(counter.ledger, "papers", MARA.id, MARA.id, BASKET, act=first)
    keep_form(counter.ledger, "papers", MARA.id, MARA.id, BASKET, act=again)
    keep_form(counter.ledger, "papers", MARA.id, MARA.id, "", act=dropped)
    keep_form(counter.ledger, "papers", MARA.id, MARA.id, "", act=dropped_again)
    assert [counter.ledger.is_recorded(each.id) for each in (first, again, dropped, dropped_again)] == [
        True,
        False,
        True,
        False,
    ]


def test_a_draft_of_a_version_that_nobody_knows_is_not_taken_up(counter: Counter) -> None:
    later = BASKET.replace('"version":1', '"version":99')
    keep_form(counter.ledger, DISPENSE_FORM, MARA.id, MARA.id, later, act=counter.act())
    assert kept_form(counter.ledger, DISPENSE_FORM, MARA.id, ANA.id) is None


async def test_a_sale_takes_the_draft_of_its_basket_with_it(counter: Counter) -> None:
    keep_form(counter.ledger, DISPENSE_FORM, MARA.id, MARA.id, BASKET, act=counter.act(ANA))
    before = last_dispensed(counter.ledger, MARA.id)
    await counter.give(grams("3"))
    assert kept_form(counter.ledger, DISPENSE_FORM, MARA.id, ANA.id) is None
    assert last_dispensed(counter.ledger, MARA.id) != before
