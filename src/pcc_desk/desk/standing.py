"""What a patient may still be dispensed, and on what that rests."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from pcc_desk.desk.believing import believed, newest
from pcc_desk.desk.caregivers import Through, through_whom
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.entitlements import entitlement_on
from pcc_desk.desk.errors import NoSuchRecord
from pcc_desk.desk.ports import Ledger, RulesOn
from pcc_desk.desk.rights import Right, require
from pcc_desk.desk.sight import sight_of
from pcc_desk.domain.allotment import Entitlement, Purchase, Standing, evaluate
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.entries import Act
from pcc_desk.domain.holds import Hold, set_aside_elsewhere
from pcc_desk.domain.looking_back import look_back
from pcc_desk.domain.outages import AnnouncedException, Outage, carried, exception_in_force, under_exception
from pcc_desk.domain.papers import Papers
from pcc_desk.domain.people import Card, Holder, Patient, card_key
from pcc_desk.domain.registry import RegistryAnswer, RegistryStanding, Verification
from pcc_desk.domain.rules import Rules
from pcc_desk.domain.several_cards import Besides, lowest, worth_with
from pcc_desk.domain.verification import NotVerified, Proof, UnderOutage, Verified, how_long, proof


@dataclass(frozen=True, slots=True)
class PatientStanding:
    """A patient with cards, the newest verification, what it is worth now, and the figures."""

    patient: Patient
    cards: tuple[Card, ...]
    verification: Verification | None
    proof: Proof
    standing: Standing
    purchases: tuple[Purchase, ...]
    """As far back as a limit can count."""
    papers: Papers
    entitlement: Entitlement
    """What the papers and the age come to for the limits today."""
    hold: Hold | None
    """What is set aside for the visit under way; `standing` does not count it against the patient."""
    outage: Outage | None = None
    """The outage that lasts: the proof may rest on it, and what is dispensed meanwhile belongs to it."""
    exception: AnnouncedException | None = None
    """The announced exception that is in force."""
    through: Through | None = None
    """The caregiver's card through which the patient is served; None: the patient came in person."""
    beside: tuple[Verification, ...] = ()
    """What was asked just now for other cards of the person that are good still."""


def standing_of(
    ledger: Ledger,
    patient_id: UUID,
    *,
    rules_on: RulesOn,
    day: date,
    now: datetime,
    fresh_for: timedelta,
    is_out: bool,
    visit_id: UUID | None = None,
) -> PatientStanding:
    """Return a patient's standing as far as the desk knows it at `now`.

    A verification that is no longer fresh counts as not asked. `is_out`: the registry is out of reach now. What is set
    aside for other visits than `visit_id` (None: the one of today that is not over) is not there to be had.
    Raises `NoSuchRecord` for an unknown id.
    """
    patient = ledger.patient(patient_id)
    if patient is None:
        raise NoSuchRecord(f"There is no patient {patient_id}.")
    papers = ledger.entitlement(patient_id)
    rules = rules_on(day, papers.order_began)
    exception = exception_in_force(ledger.exceptions(now), rules, now)
    rules = under_exception(rules, exception)
    entitlement = entitlement_on(ledger, patient, papers, rules, day)
    verification, lie = newest(ledger, patient_id, now, fresh_for)
    worth = lie or proof(verification, now, fresh_for, rules.outage, is_out=is_out)
    outage = ledger.open_outage(verification.system) if verification is not None and is_out else None
    worth = carried(worth, rules.outage, outage, ledger.outage_notes(outage.id) if outage else ())
    purchases = ledger.purchases(patient_id, look_back(rules, day))
    visit = ledger.open_visit(patient_id, day)
    if visit_id is None:
        visit_id = visit.id if visit else None
    cards = ledger.cards(patient_id)
    holds = ledger.holds(patient_id, day)
    beside = _beside(ledger, cards, verification, rules=rules, day=day, since=now - fresh_for)
    if isinstance(worth, Verified) and worth.verification.is_good:
        worth = worth_with(worth, beside)
    answer, asked_at = _what_counts(verification, worth, now)
    if isinstance(answer, RegistryStanding) and asked_at is not None and not isinstance(worth, NotVerified):
        answer, asked_at = lowest(answer, asked_at, beside.values())
    standing = evaluate(
        rules,
        purchases,
        answer,
        asked_at,
        day,
        go_by_own_record=isinstance(worth, UnderOutage),
        entitlement=entitlement,
        held=set_aside_elsewhere(holds, visit_id, day),
        is_confirmed=ledger.is_confirmed(rules.fingerprint),
    )
    return PatientStanding(
        patient=patient,
        cards=cards,
        verification=verification,
        proof=worth,
        standing=standing,
        purchases=purchases,
        papers=papers,
        entitlement=entitlement,
        hold=next((each for each in holds if each.visit_id == visit_id and each.is_live(day)), None),
        outage=outage,
        exception=exception,
        through=through_whom(cards, visit, verification),
        beside=tuple(each for each in beside.values() if each is not None),
    )


def standing_seen(
    ledger: Ledger,
    patient_id: UUID,
    *,
    rules_on: RulesOn,
    day: date,
    fresh_for: timedelta,
    is_out: bool,
    act: Act,
) -> PatientStanding:
    """Return a patient's standing to somebody who asks for it, with what their role is given of the patient."""
    require(ledger, act, Right.SEE_ALLOTMENT, patient_id)
    known = standing_of(ledger, patient_id, rules_on=rules_on, day=day, now=act.at, fresh_for=fresh_for, is_out=is_out)
    return replace(known, patient=sight_of(ledger, act)(known.patient))


def last_asked(ledger: Ledger, patient_id: UUID, *, act: Act) -> Verification | None:
    """Return the newest verification of a patient, to somebody who asks for it."""
    require(ledger, act, Right.SEE_ALLOTMENT, patient_id)
    return ledger.last_verification(patient_id)


def _what_counts(
    verification: Verification | None, worth: Proof, now: datetime
) -> tuple[RegistryAnswer, datetime | None]:
    """Return the registry's answer and when it was asked; one that is no longer fresh counts as not asked."""
    if verification is None:
        return Unanswered(Silence.NOT_ASKED, "the registry was not asked yet"), None
    if isinstance(worth, NotVerified) and not isinstance(verification.answer, Unanswered):
        return Unanswered(Silence.NOT_ASKED, _why_not(worth, verification, now)), None
    return verification.answer, verification.asked_at


def _beside(
    ledger: Ledger,
    cards: tuple[Card, ...],
    verification: Verification | None,
    *,
    rules: Rules,
    day: date,
    since: datetime,
) -> Besides:
    """Return what was asked last, and since an instant, for each other card of the person that is good still.

    A person whose records were merged may have two cards that the registry does not know to be one person's. Nothing is
    looked for where it was asked by no good card of theirs: nothing goes out by that.
    """
    good = {
        each.key: each
        for each in cards
        if each.holder is Holder.PATIENT
        and not each.renewed_as
        and not rules.card_ends.has_lapsed(each.expires_on, day)
    }
    if verification is None or good.pop(card_key(verification.card_number), None) is None:
        return {}
    others = tuple(good.values())
    fresh = tuple(believed(ledger, ledger.verifications(verification.patient_id, since))) if others else ()
    return {each: next((one for one in fresh if card_key(one.card_number) == each.key), None) for each in others}


def counted_answer(
    ledger: Ledger, asked: Verification, *, rules: Rules, day: date, fresh_for: timedelta
) -> tuple[RegistryAnswer, datetime]:
    """Return what counts of an answer beside those for the person's other good cards, and when it was asked."""
    if not isinstance(asked.answer, RegistryStanding) or not asked.answer.active:
        return asked.answer, asked.asked_at
    cards, since = ledger.cards(asked.patient_id), asked.asked_at - fresh_for
    beside = _beside(ledger, cards, asked, rules=rules, day=day, since=since)
    worth = worth_with(Verified(asked), beside)
    if isinstance(worth, NotVerified):
        return Unanswered(Silence.NOT_ASKED, worth.reason), asked.asked_at
    return lowest(asked.answer, asked.asked_at, beside.values())


def _why_not(worth: NotVerified, verification: Verification, now: datetime) -> str:
    """Return why what the registry said counts as not asked, as a clause."""
    if worth.of_another:
        return "another card of theirs has no fresh answer"
    if worth.of_clock:
        return "the clock was set back since the registry was asked"
    if verification.asked_at > now:
        return "what the registry said is dated in the future"
    return f"the registry's answer is {how_long(now - verification.asked_at)} old, too old"


async def read_standing(desk: Desk, patient_id: UUID) -> PatientStanding:
    """Return a patient's standing as far as the desk knows it, asking nobody."""
    return await desk.store.read(
        standing_seen,
        patient_id,
        rules_on=desk.rules_on,
        day=desk.today,
        fresh_for=desk.fresh_for,
        is_out=desk.registry_is_out,
        act=desk.act(),
    )
