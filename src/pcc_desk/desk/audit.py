"""What is on record of looking, searching, coming and going, and the review of all that."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Concatenate, ParamSpec
from uuid import UUID

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.errors import AlreadyRecorded, NoSuchRecord, NotSaved, ReadOnly
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.records import Elsewhere, RollBack
from pcc_desk.desk.rights import Right, require
from pcc_desk.domain.audit_entries import (
    NOBODY,
    AnchorState,
    AnchorWanting,
    DeskLocked,
    PatientsListed,
    PatientsSearched,
    RecordLookedAt,
    RollBackExplained,
    Sight,
    SignedIn,
    SignInFailed,
    Typed,
)
from pcc_desk.domain.entries import Act
from pcc_desk.domain.shop import Shop
from pcc_desk.domain.staff_entries import VaultTrouble, VaultWanting

P = ParamSpec("P")

CARD_SIGNS = frozenset("0123456789")


NEEDED = {
    Sight.ALLOTMENT: Right.SEE_ALLOTMENT,
    Sight.PAPERS: Right.READ_PAPERS,
    Sight.CHECK_IN: Right.CHECK_IN,
    Sight.DISCLOSURES: Right.OPEN_CHART,
}
"""The right that one needs to look at a part of a patient's record."""


@dataclass(frozen=True, slots=True)
class FailedTry:
    """A secret that was not right. `person_id`: whose it was tried as; None: nobody said who they are."""

    at: datetime
    person_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class SignIn:
    """What somebody is told who comes in. `last`: when they came in before; None: never."""

    last: datetime | None
    failed: int
    last_failed: datetime | None
    wanting: AnchorState | None = None
    """What became of the anchor, where it was gone or not ours."""
    troubles: tuple[VaultTrouble, ...] = ()
    """What was done to the files that say who can open the store."""


def sign_in(
    ledger: Ledger,
    failed: Sequence[FailedTry],
    *,
    act: Act,
    new_id: Callable[[], UUID],
    where: str = "desk",
    wanting: AnchorState | None = None,
    troubles: tuple[VaultTrouble, ...] = (),
) -> SignIn:
    """Put on record that a person came in, and before it every try that failed while the store was shut.

    A failed try is an act at its own time, by the person it was tried as. `wanting` goes on record as well.
    """
    last = ledger.last_sign_in(act.by)
    for each in failed:
        ledger.record(SignInFailed(where), Act(new_id(), each.at, each.person_id or NOBODY, act.counter))
    if wanting is not None:
        ledger.record(AnchorWanting(wanting), Act(new_id(), act.at, act.by, act.counter))
    for trouble in troubles:
        ledger.record(VaultWanting(trouble), Act(new_id(), act.at, act.by, act.counter))
    ledger.record(SignedIn(where, len(failed)), act)
    return SignIn(last, len(failed), max((each.at for each in failed), default=None), wanting, troubles)


async def came_in(
    desk: Desk, failed: Sequence[FailedTry], wanting: AnchorState | None, troubles: tuple[VaultTrouble, ...] = ()
) -> None:
    """Put on record that the person at the desk came in, and keep what they are told first."""
    act = desk.act()

    def come_in(ledger: Ledger) -> SignIn:
        return sign_in(ledger, failed, act=act, new_id=desk.new_id, wanting=wanting, troubles=troubles)

    try:
        told = await desk.store.write(come_in)
    except ReadOnly as error:
        desk.owed.append(come_in)
        desk.notice, desk.is_alarming = str(error), True
        return
    desk.notice = notice_of(told, desk.shop)
    desk.is_alarming = bool(failed) or wanting is not None or bool(troubles)


def notice_of(told: SignIn, shop: Shop) -> str:
    """Return what somebody is told who comes in: when they were here last, what failed since, what is wrong."""
    last = f"Last sign-in {_moment(told.last, shop)}." if told.last else "First sign-in."
    tries = "1 try failed" if told.failed == 1 else f"{told.failed} tries failed"
    newest = f", the last {_moment(told.last_failed, shop)}" if told.last_failed else ""
    when = "since" if told.last else "before it"
    none_failed = " No try failed since." if told.last else ""
    since = f" {tries} {when}{newest}. If that was not you, tell a manager." if told.failed else none_failed
    if told.troubles:
        back = "The count of wrong tries is older than it was: somebody put it back. Tell a manager. It is on record."
        return f"{last}{since} {back}"
    match told.wanting:
        case None:
            return f"{last}{since}"
        case AnchorState.MISSING:
            what = "The anchor of the record is gone"
        case AnchorState.UNSOUND:
            what = "The anchor of the record was changed by somebody"
    return f"{last}{since} {what}: tell a manager. It is on record."


def _moment(at: datetime, shop: Shop) -> str:
    local = shop.local(at)
    return f"{local:%a} {local.day} {local:%b %H:%M}"


def note_wanting(ledger: Ledger, state: AnchorState, *, act: Act) -> None:
    """Put on record that the keyring of this computer knows nothing of the record any more, or something not ours."""
    ledger.record(AnchorWanting(state, "keyring"), act)


async def look_elsewhere(desk: Desk) -> Elsewhere:
    """Compare the record with what this computer knows of it outside of the data folder; return what is to be told."""
    if desk.keeper is None:
        return Elsewhere()
    found = await desk.keeper.look_elsewhere()
    if found.wanting is not None:
        await on_record(desk, note_wanting, found.wanting, act=desk.act())
    return found


def note_lock(ledger: Ledger, why: str, *, act: Act) -> None:
    """Put on record that the desk is shut, and why."""
    ledger.record(DeskLocked(why), act)


def note_look(ledger: Ledger, patient_id: UUID, sight: Sight, *, act: Act) -> None:
    """Put on record that somebody looks at a part of a patient's record.

    Raises `NotPermitted`, or `NoSuchRecord` for an unknown id.
    """
    require(ledger, act, NEEDED[sight], patient_id)
    if ledger.patient(patient_id) is None:
        raise NoSuchRecord(f"There is no patient {patient_id}.")
    ledger.record(RecordLookedAt(patient_id, sight), act)


def note_search(ledger: Ledger, typed: str, found: int, *, act: Act) -> None:
    """Put on record that somebody looked for patients, without a word of what was typed."""
    ledger.record(PatientsSearched(kind_of(typed), found), act)


def note_list(ledger: Ledger, what: str, found: int, *, act: Act) -> None:
    """Put on record that a list of many patients was drawn up."""
    ledger.record(PatientsListed(what, found), act)


def kind_of(typed: str) -> Typed:
    """Return what kind of thing was typed: digits with two strokes are a birth date, others a card; else a name."""
    words = typed.strip()
    if not CARD_SIGNS & set(words):
        return Typed.NAME
    parts = words.replace("/", "-").split("-")
    is_date = len(parts) == 3 and all(part.isascii() and part.isdigit() for part in parts)
    is_plain_date = len(words) == 8 and words.isascii() and words.isdigit()
    return Typed.BIRTH_DATE if is_date or is_plain_date else Typed.CARD


async def on_record(
    desk: Desk, use_case: Callable[Concatenate[Ledger, P], None], *args: P.args, **kwargs: P.kwargs
) -> None:
    """Put on record that somebody looks or searches. Where it cannot be saved now, it is owed until it can.

    A patient may be looked at while nothing is written: for whoever stands there it may be an emergency.
    """
    try:
        await desk.store.write(use_case, *args, **kwargs)
    except NotSaved:
        desk.owed.append(lambda ledger: use_case(ledger, *args, **kwargs))


async def pay(desk: Desk) -> None:
    """Put on record what was owed, each with its own time, in the order in which it happened."""
    with suppress(NotSaved):
        while desk.owed:
            with suppress(AlreadyRecorded):  # it was saved after all, though that could not be told
                await desk.store.write(desk.owed[0])
            del desk.owed[0]


@dataclass(frozen=True, slots=True)
class Explained:
    """The record is written again."""


@dataclass(frozen=True, slots=True)
class NoReason:
    """Nothing was typed."""


def explain_roll_back(ledger: Ledger, found: RollBack, reason: str, *, act: Act) -> Explained | NoReason:
    """Put on record why the journal is not the one its anchor knew. Raises `NotPermitted`: a manager does."""
    require(ledger, act, Right.RESTORE)
    words = " ".join(reason.split())
    if not words:
        return NoReason()
    ledger.record(RollBackExplained(found.known_seq, found.known_seal, found.found_seq, found.found_seal, words), act)
    return Explained()


async def explain(desk: Desk, reason: str, act: Act) -> Explained | NoReason:
    """Explain it, then put on record what was owed since."""
    keeper = desk.keeper
    if keeper is None or keeper.roll_back is None:
        return Explained()
    outcome = await keeper.explain(explain_roll_back, keeper.roll_back, reason, act=act)
    await pay(desk)
    return outcome
