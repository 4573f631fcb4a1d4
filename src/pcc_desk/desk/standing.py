"""What a patient may still be dispensed, and on what that rests."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.errors import NoSuchRecord
from pcc_desk.desk.ports import Ledger
from pcc_desk.domain.allotment import Purchase, Standing, evaluate
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.entries import Act, StandingAsked
from pcc_desk.domain.people import Card, Patient
from pcc_desk.domain.registry import Verification
from pcc_desk.domain.rules import Rules
from pcc_desk.domain.verification import NotVerified, Proof, UnderOutage, proof

LOOK_BACK = timedelta(days=400)
"""Longer than any window that the rules of this version can name, and a year."""


@dataclass(frozen=True, slots=True)
class PatientStanding:
    """A patient with cards, the newest verification, what it is worth now, and the figures."""

    patient: Patient
    cards: tuple[Card, ...]
    verification: Verification | None
    proof: Proof
    standing: Standing
    purchases: tuple[Purchase, ...]


def standing_of(
    ledger: Ledger,
    patient_id: UUID,
    *,
    rules: Rules,
    day: date,
    now: datetime,
    fresh_for: timedelta,
    is_out: bool,
) -> PatientStanding:
    """Return a patient's standing as far as the desk knows it at `now`.

    A verification that is no longer fresh counts as not asked. `is_out`: the registry is out of reach now.
    Raises `NoSuchRecord` for an unknown id.
    """
    patient = ledger.patient(patient_id)
    if patient is None:
        raise NoSuchRecord(f"There is no patient {patient_id}.")
    verification = ledger.last_verification(patient_id)
    worth = proof(verification, now, fresh_for, rules.outage, is_out=is_out)
    purchases = ledger.purchases(patient_id, day - LOOK_BACK)
    if verification is None or (isinstance(worth, NotVerified) and not isinstance(verification.answer, Unanswered)):
        answer, asked_at = Unanswered(Silence.NOT_ASKED, _not_asked(verification, now)), None
        standing = evaluate(rules, purchases, answer, asked_at, day)
    else:
        standing = evaluate(
            rules,
            purchases,
            verification.answer,
            verification.asked_at,
            day,
            go_by_own_record=isinstance(worth, UnderOutage),
        )
    return PatientStanding(patient, ledger.cards(patient_id), verification, worth, standing, purchases)


def _not_asked(verification: Verification | None, now: datetime) -> str:
    if verification is None:
        return "the registry was not asked yet"
    minutes = int((now - verification.asked_at).total_seconds() // 60)
    return f"the registry was last asked {minutes} min ago, which is too long"


def keep_verification(ledger: Ledger, verification: Verification, *, act: Act) -> Verification:
    """Put on record that standing was asked, and what came back."""
    ledger.record(StandingAsked(verification), act)
    return verification


async def ask_standing(desk: Desk, patient_id: UUID, card_number: str, visit_id: UUID | None = None) -> Verification:
    """Ask the state system once for a card and keep the answer, also when there is none."""
    act = desk.act()
    answer = await desk.state.standing(card_number)
    desk.links.heard(desk.state.name, answer, desk.clock.now())
    verification = Verification(act.id, patient_id, card_number, act.at, desk.state.name, answer, visit_id)
    return await desk.store.write(keep_verification, verification, act=act)


async def read_standing(desk: Desk, patient_id: UUID) -> PatientStanding:
    """Return a patient's standing as far as the desk knows it, asking nobody."""
    return await desk.store.read(
        standing_of,
        patient_id,
        rules=desk.rules,
        day=desk.today,
        now=desk.clock.now(),
        fresh_for=desk.fresh_for,
        is_out=desk.registry_is_out,
    )
