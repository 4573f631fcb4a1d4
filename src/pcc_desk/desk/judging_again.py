"""The sales of an outage, judged again by what the registry says once it is back."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.entitlements import entitlement_on
from pcc_desk.desk.errors import NoSuchRecord
from pcc_desk.desk.outages import NoOutage, sales_of
from pcc_desk.desk.ports import Ledger, RulesOn
from pcc_desk.desk.rights import Right, require
from pcc_desk.desk.standing import counted_answer
from pcc_desk.desk.verifying import ask_standing
from pcc_desk.domain.allotment import evaluate
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.entries import Act, OutageReviewed
from pcc_desk.domain.looking_back import look_back
from pcc_desk.domain.outage_sheet import OutageSale
from pcc_desk.domain.outages import OutageReview, ReviewedSale
from pcc_desk.domain.oversales import judged_again
from pcc_desk.domain.registry import RegistryAnswer
from pcc_desk.domain.shop import Shop


@dataclass(frozen=True, slots=True)
class StillOut:
    """The registry is out of reach still: there is nobody to judge by."""


Answers = dict[UUID, tuple[RegistryAnswer, datetime]]
"""What the registry says of each patient, and when it was asked."""


def keep_review(
    ledger: Ledger, outage_id: UUID, answers: Answers, *, rules_on: RulesOn, shop: Shop, act: Act
) -> OutageReview:
    """Judge every sale of an outage again by what the registry says now, and keep what came of it.

    A patient who was not asked for cannot be told.
    """
    require(ledger, act, Right.JUDGE_OUTAGES)
    sales = tuple(
        _judged(ledger, each, answers, rules_on=rules_on, shop=shop, now=act.at) for each in sales_of(ledger, outage_id)
    )
    review = OutageReview(outage_id, act.at, sales)
    ledger.record(OutageReviewed(review), act)
    return review


def _judged(
    ledger: Ledger, sale: OutageSale, answers: Answers, *, rules_on: RulesOn, shop: Shop, now: datetime
) -> ReviewedSale:
    given = sale.dispensation
    patient = ledger.patient(given.patient_id)
    if patient is None:
        raise NoSuchRecord(f"There is no patient {given.patient_id}.")
    papers = ledger.entitlement(patient.id)
    sold_on, today = shop.day(given.at), shop.day(now)
    then_rules, rules = rules_on(sold_on, papers.order_began), rules_on(today, papers.order_began)
    until_then = tuple(
        each for each in ledger.purchases(patient.id, look_back(then_rules, sold_on)) if each.at <= given.at
    )
    not_asked = Unanswered(Silence.NOT_ASKED, "the registry was not asked"), now
    answer, asked_at = answers.get(given.patient_id, not_asked)
    then = evaluate(
        then_rules,
        until_then,
        None,
        None,
        sold_on,
        entitlement=entitlement_on(ledger, patient, papers, then_rules, sold_on),
    )
    now_known = evaluate(
        rules,
        ledger.purchases(patient.id, look_back(rules, today)),
        answer,
        asked_at,
        today,
        entitlement=entitlement_on(ledger, patient, papers, rules, today),
    )
    verdict, words = judged_again(
        then, now_known, answer, sold_on, is_entered=sale.is_entered, never_there=sale.never_there
    )
    return ReviewedSale(given.id, given.external_number, verdict, words)


async def review_outage(
    desk: Desk, outage_id: UUID, on_progress: Callable[[int, int], None]
) -> OutageReview | StillOut | NoOutage:
    """Ask the registry once for each patient of an outage, and judge its sales again.

    `on_progress` is told how many of how many patients were asked for. When the registry goes away meanwhile, the rest
    is not asked: what is known is kept, and the others cannot be told.
    """
    act = desk.act()
    await desk.store.read(require, act, Right.JUDGE_OUTAGES)
    outage = await desk.store.read(lambda ledger: ledger.outage(outage_id))
    if outage is None:
        return NoOutage()
    if outage.ended_at is None or not desk.links.of(desk.state.name).state.answers:
        return StillOut()
    sales = await desk.store.read(sales_of, outage_id)
    cards = {each.dispensation.patient_id: each.dispensation.card_number for each in sales}
    answers: Answers = {}
    for done, (patient_id, card) in enumerate(cards.items()):
        on_progress(done, len(cards))
        if desk.registry_is_out:
            break
        asked = await ask_standing(desk, patient_id, card)
        answers[patient_id] = await desk.store.read(
            counted_answer, asked, rules=desk.rules, day=desk.today, fresh_for=desk.fresh_for
        )
    return await desk.store.write(
        keep_review, outage_id, answers, rules_on=desk.rules_on, shop=desk.shop, act=replace(act, at=desk.clock.now())
    )
