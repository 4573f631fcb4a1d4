"""What a patient may still be dispensed, and on what that rests."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from pcc_desk.desk.caregivers import Through, ToAsk, ask_caregiver, through_whom, to_ask
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.errors import NoSuchRecord
from pcc_desk.desk.monitor import watch
from pcc_desk.desk.ports import Ledger, RulesOn
from pcc_desk.desk.rights import Right, require
from pcc_desk.desk.sight import sight_of
from pcc_desk.domain.allotment import Entitlement, Purchase, Standing, evaluate
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.entitling import entitlement_of
from pcc_desk.domain.entries import Act, StandingAsked
from pcc_desk.domain.holds import Hold, set_aside_elsewhere
from pcc_desk.domain.looking_back import look_back
from pcc_desk.domain.outages import AnnouncedException, Outage, carried, exception_in_force, under_exception
from pcc_desk.domain.papers import Papers
from pcc_desk.domain.people import Card, Holder, Patient, card_key
from pcc_desk.domain.registry import RegistryAnswer, RegistryStanding, Verification, lower_of
from pcc_desk.domain.rules import OutagePolicy, Rules
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
    entitlement = entitlement_of(papers, patient.born, day)
    verification = ledger.last_verification(patient_id)
    worth = proof(verification, now, fresh_for, rules.outage, is_out=is_out)
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
        worth = _worth_with(worth, beside)
    answer, asked_at = _what_counts(verification, worth, now)
    if isinstance(answer, RegistryStanding) and asked_at is not None and not isinstance(worth, NotVerified):
        answer, asked_at = _lowest(answer, asked_at, beside.values())
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


Besides = dict[Card, Verification | None]


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
    fresh = ledger.verifications(verification.patient_id, since) if others else ()
    return {each: next((one for one in fresh if card_key(one.card_number) == each.key), None) for each in others}


def _worth_with(worth: Verified, beside: Besides) -> Proof:
    """Return what a good answer is worth: nothing, before the registry also answered for the person's other cards.

    What it would say by another of them may be lower, and nobody can tell.
    """
    for card, other in beside.items():
        which = f"card {card.number}, which is theirs too"
        if other is None:
            return NotVerified(f"The registry was not asked for {which}. Press r to ask.", of_another=True)
        if isinstance(other.answer, Unanswered):
            why = other.answer.reason
            return NotVerified(f"Could not tell for {which}: {why}. Press r to ask again.", of_another=True)
    return worth


def _lowest(
    answer: RegistryStanding, asked_at: datetime, beside: Iterable[Verification | None]
) -> tuple[RegistryStanding, datetime]:
    """Return the lowest of what the registry said just now by each own card of the person, and when it was asked.

    A card that it does not know, or that is not active, says nothing of what may be bought by another.
    """
    for each in beside:
        if each is not None and isinstance(each.answer, RegistryStanding) and each.answer.active:
            answer, asked_at = lower_of(answer, each.answer), min(asked_at, each.asked_at)
    return answer, asked_at


def counted_answer(
    ledger: Ledger, asked: Verification, *, rules: Rules, day: date, fresh_for: timedelta
) -> tuple[RegistryAnswer, datetime]:
    """Return what counts of an answer beside those for the person's other good cards, and when it was asked."""
    if not isinstance(asked.answer, RegistryStanding) or not asked.answer.active:
        return asked.answer, asked.asked_at
    cards, since = ledger.cards(asked.patient_id), asked.asked_at - fresh_for
    beside = _beside(ledger, cards, asked, rules=rules, day=day, since=since)
    worth = _worth_with(Verified(asked), beside)
    if isinstance(worth, NotVerified):
        return Unanswered(Silence.NOT_ASKED, worth.reason), asked.asked_at
    return _lowest(asked.answer, asked.asked_at, beside.values())


def _why_not(worth: NotVerified, verification: Verification, now: datetime) -> str:
    """Return why what the registry said counts as not asked, as a clause."""
    if worth.of_another:
        return "another card of theirs has no fresh answer"
    if verification.asked_at > now:
        return "what the registry said is dated in the future"
    return f"the registry's answer is {how_long(now - verification.asked_at)} old, too old"


def keep_verification(ledger: Ledger, verification: Verification, *, act: Act) -> Verification:
    """Put on record that standing was asked, and what came back."""
    require(ledger, act, Right.ASK_REGISTRY, verification.patient_id)
    ledger.record(StandingAsked(verification), act)
    return verification


@dataclass(frozen=True, slots=True)
class ToBeRead:
    """No program can ask: a person looks where the state shows it. `why` is a clause."""

    why: str


async def ask_standing(desk: Desk, patient_id: UUID, card_number: str, visit_id: UUID | None = None) -> Verification:
    """Ask the state system once for a patient, by the card that was shown; keep the answer, also when there is none.

    A caregiver's card is asked about beside the patient's. Of a person with several cards that are good each is asked
    for, and answered for by an entry of its own; the card that was shown comes last, so that its answer is the newest.
    """
    act = desk.act()
    await desk.store.read(require, act, Right.ASK_REGISTRY, patient_id)
    asked = await desk.store.read(to_ask, patient_id, card_number, desk.today)
    for number in asked.beside:
        await _ask_beside(desk, patient_id, number, visit_id, act=act)
        act = desk.act()
    answer = await _asked(desk, asked.card_number)
    return await _kept(desk, patient_id, asked, answer, visit_id=visit_id, act=act)


async def _ask_beside(
    desk: Desk, patient_id: UUID, number: str, visit_id: UUID | None, *, act: Act, may_be_read: bool = False
) -> ToBeRead | None:
    """Ask for another card of a person, and keep the answer; with `may_be_read` none where a person has to read it."""
    answer = await _asked(desk, number)
    if may_be_read and isinstance(answer, Unanswered) and answer.is_for_a_person and is_registry_bound(desk.rules):
        return ToBeRead(answer.reason)
    asked = Verification(act.id, patient_id, number, act.at, desk.state.name, answer, visit_id)
    await desk.store.write(keep_verification, asked, act=act)
    return None


async def _kept(
    desk: Desk, patient_id: UUID, asked: ToAsk, answer: RegistryAnswer, *, visit_id: UUID | None, act: Act
) -> Verification:
    """Keep an answer; where the state links the caregiver to another good card only, that is asked for last."""
    number, check = asked.card_number, None
    if asked.caregiver_card:
        asked_at = desk.clock.now()
        check = asked.check(asked_at, await ask_caregiver(desk, asked.caregiver_card, answer))
        linked = asked.linked_to(check.answer)
        if linked:
            beside = Verification(act.id, patient_id, number, act.at, desk.state.name, answer, visit_id)
            await desk.store.write(keep_verification, beside, act=act)
            number, act = linked, desk.act()
            answer = await _asked(desk, linked)
    verification = Verification(act.id, patient_id, number, act.at, desk.state.name, answer, visit_id, caregiver=check)
    return await desk.store.write(keep_verification, verification, act=act)


async def ask_or_read(
    desk: Desk, patient_id: UUID, card_number: str, visit_id: UUID | None = None
) -> Verification | ToBeRead:
    """Ask the state system as `ask_standing` does, or say that a person must read it. Then nothing is kept yet.

    Where the rules rest on no registry, nobody has to look: that there is none to ask is the answer.
    """
    act = desk.act()
    await desk.store.read(require, act, Right.ASK_REGISTRY, patient_id)
    asked = await desk.store.read(to_ask, patient_id, card_number, desk.today)
    for number in asked.beside:
        to_be_read = await _ask_beside(desk, patient_id, number, visit_id, act=act, may_be_read=True)
        if to_be_read is not None:
            return to_be_read
        act = desk.act()
    answer = await _asked(desk, asked.card_number)
    if isinstance(answer, Unanswered) and answer.is_for_a_person and is_registry_bound(desk.rules):
        return ToBeRead(answer.reason)
    return await _kept(desk, patient_id, asked, answer, visit_id=visit_id, act=act)


async def _asked(desk: Desk, card_number: str) -> RegistryAnswer:
    asked_at = desk.clock.now()
    answer = await desk.state.standing(card_number)
    now = desk.clock.now()
    desk.links.told(desk.state.name, "patients", answer)
    is_back = desk.links.heard(desk.state.name, answer, now, now - asked_at)
    if is_back or desk.registry_is_out:
        await watch(desk)
    return answer


def is_registry_bound(rules: Rules) -> bool:
    """Whether the rules rest on what the registry says."""
    return rules.outage.policy is not OutagePolicy.NOT_REGISTRY_BOUND


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
