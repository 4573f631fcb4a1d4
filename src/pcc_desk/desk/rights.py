"""Who may do what: one right for each function of the desk, granted to the roles whose work needs it.

The least that each role's work needs is granted (45 CFR 164.502(b), "minimum necessary"). docs/roles.md gives the
reason for each line.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid5

from pcc_desk.desk.errors import DeskError
from pcc_desk.desk.ports import Ledger
from pcc_desk.domain.entries import Act, ActDenied, ProofFailed
from pcc_desk.domain.people import THE_DESK_ITSELF, Role
from pcc_desk.domain.proof import Proof
from pcc_desk.domain.withheld import Withheld


class Right(StrEnum):
    """A function of the desk, as a sentence about it begins."""

    # At the counter
    SEE_QUEUE = "seeing the queue"
    FIND_PATIENT = "looking patients up"
    REGISTER = "putting patients on record"
    CHANGE_PEOPLE = "changing what is known of people"
    MERGE = "merging records of one person"
    INTAKE = "taking down a patient's history"
    SEE_REQUESTS = "seeing whose requests about their record wait"
    ANSWER_REQUESTS = "answering requests about a patient's record"
    BRING_ALONG = "bringing patients along from a file"
    CHECK_IN = "checking patients in and moving their visits"
    BOOK = "booking, moving and calling off appointments"
    CHECK_MORNING = "checking before the shop opens"
    OPEN_CHART = "opening a chart"
    SEE_ALLOTMENT = "seeing what a patient may be dispensed"
    READ_CONTACT = "reading phone numbers and remarks"
    READ_PAPERS = "reading certifications"
    READ_NOTES = "reading clinical notes"
    SIGN_NOTES = "writing and signing notes"
    ACT_AT_ONCE = "acknowledging what has to be done at once"
    ASK_REGISTRY = "asking the registry, or reading it by hand"
    SET_ASIDE = "setting aside for a visit"
    DISPENSE = "dispensing"
    CORRECT = "correcting what was dispensed"
    VOID = "striking what was dispensed"
    NOTE_PAPERS = "putting papers on record"
    WAIVE = "entering waivers"
    PRINT = "printing a patient's sheet"
    # The shop's record, and the state's
    SEE_POSTS = "seeing what the state was not told yet"
    DECIDE_POSTS = "deciding about posts"
    GIVE_UP_POSTS = "giving posts up"
    READ_STOCK = "reading the stock anew"
    RECONCILE = "reconciling days"
    SIGN_DAY = "signing days"
    KNOW_RULES = "reading what is different in the rules"
    CONFIRM_RULES = "confirming rules"
    SEE_OUTAGES = "seeing outages"
    NOTE_OUTAGES = "noting what the state wants kept of an outage"
    JUDGE_OUTAGES = "judging the sales of an outage again"
    HAND_OUT_OUTAGES = "letting the sheet of an outage leave the desk"
    ANNOUNCE_EXCEPTIONS = "announcing exceptions and taking them back"
    # The shop itself
    EXPORT = "exporting records"
    AUDIT = "reading and reviewing the trail"
    KEYS = "entering keys of systems"
    SETTINGS = "changing the shop's settings"
    STAFF = "adding and removing staff"
    OWN_SECRET = "changing one's own secret"  # noqa: S105 - a sentence
    BACK_UP = "making backups"
    RESTORE = "restoring a backup"
    # What the program does by itself
    POST = "posting"
    KEEP_OUTAGES = "letting outages begin and end"
    TAKE_UP_RULES = "taking up rules"


_SERVE = (Role.COORDINATOR, Role.PHARMACIST, Role.MANAGER)
_ALL = (Role.COORDINATOR, Role.PHARMACIST, Role.INVENTORY, Role.COMPLIANCE, Role.MANAGER)
_ALL_BUT_INVENTORY = (Role.COORDINATOR, Role.PHARMACIST, Role.COMPLIANCE, Role.MANAGER)
_ALL_BUT_COMPLIANCE = (Role.COORDINATOR, Role.PHARMACIST, Role.INVENTORY, Role.MANAGER)


def _to(*roles: Role) -> frozenset[Role]:
    """Return the roles, and the recovery sheet with those whose place it takes."""
    return frozenset((*roles, Role.RECOVERY) if set(roles) & set(_SERVE) else roles)


GRANTS: Mapping[Right, frozenset[Role]] = {
    Right.SEE_QUEUE: _to(*_SERVE),
    Right.FIND_PATIENT: _to(*_ALL_BUT_INVENTORY),
    Right.REGISTER: _to(*_SERVE),
    Right.CHANGE_PEOPLE: _to(*_SERVE),
    Right.MERGE: _to(*_SERVE),
    Right.INTAKE: _to(Role.COORDINATOR, Role.PHARMACIST),
    Right.SEE_REQUESTS: _to(*_ALL_BUT_INVENTORY),
    Right.ANSWER_REQUESTS: _to(Role.COMPLIANCE, Role.MANAGER),
    Right.BRING_ALONG: _to(Role.MANAGER),
    Right.CHECK_IN: _to(*_SERVE),
    Right.BOOK: _to(*_SERVE),
    Right.CHECK_MORNING: _to(*_SERVE),
    Right.OPEN_CHART: _to(*_ALL),
    Right.SEE_ALLOTMENT: _to(*_ALL_BUT_INVENTORY),
    Right.READ_CONTACT: _to(*_SERVE),
    Right.READ_PAPERS: _to(*_ALL_BUT_INVENTORY),
    Right.READ_NOTES: _to(Role.COORDINATOR, Role.PHARMACIST),
    Right.SIGN_NOTES: _to(Role.COORDINATOR, Role.PHARMACIST),
    Right.ACT_AT_ONCE: _to(Role.COORDINATOR, Role.PHARMACIST),
    Right.ASK_REGISTRY: _to(*_ALL_BUT_INVENTORY),
    Right.SET_ASIDE: _to(*_ALL_BUT_INVENTORY),
    Right.DISPENSE: _to(*_SERVE),
    Right.CORRECT: _to(*_ALL_BUT_COMPLIANCE),
    Right.VOID: _to(*_SERVE),
    Right.NOTE_PAPERS: _to(*_ALL_BUT_INVENTORY),
    Right.WAIVE: _to(Role.PHARMACIST, Role.COMPLIANCE, Role.MANAGER),
    Right.PRINT: _to(*_SERVE),
    Right.SEE_POSTS: _to(*_ALL),
    Right.DECIDE_POSTS: _to(*_ALL_BUT_COMPLIANCE),
    Right.GIVE_UP_POSTS: _to(*_ALL_BUT_COMPLIANCE),
    Right.READ_STOCK: _to(*_ALL_BUT_COMPLIANCE),
    Right.RECONCILE: _to(Role.COORDINATOR, Role.INVENTORY, Role.COMPLIANCE, Role.MANAGER),
    Right.SIGN_DAY: _to(Role.COORDINATOR, Role.INVENTORY),
    Right.KNOW_RULES: _to(*_ALL),
    Right.CONFIRM_RULES: _to(Role.COMPLIANCE, Role.MANAGER),
    Right.SEE_OUTAGES: _to(*_ALL),
    Right.NOTE_OUTAGES: _to(*_ALL_BUT_INVENTORY),
    Right.JUDGE_OUTAGES: _to(*_ALL_BUT_INVENTORY),
    Right.HAND_OUT_OUTAGES: _to(*_ALL_BUT_INVENTORY),
    Right.ANNOUNCE_EXCEPTIONS: _to(Role.MANAGER),
    Right.EXPORT: _to(Role.COMPLIANCE, Role.MANAGER),
    Right.AUDIT: _to(Role.COMPLIANCE, Role.MANAGER),
    Right.KEYS: _to(Role.INVENTORY, Role.MANAGER),
    Right.SETTINGS: _to(Role.MANAGER),
    Right.STAFF: _to(Role.MANAGER),
    Right.OWN_SECRET: _to(*_ALL),
    Right.BACK_UP: _to(Role.COMPLIANCE, Role.MANAGER),
    Right.RESTORE: _to(Role.MANAGER),
    Right.POST: frozenset(),
    Right.KEEP_OUTAGES: frozenset(),
    Right.TAKE_UP_RULES: frozenset(),
}
"""Which roles may do what."""

BY_ITSELF = frozenset({Right.POST, Right.KEEP_OUTAGES, Right.TAKE_UP_RULES, Right.BACK_UP})
"""What the program does for the shop whoever sits at the desk. No person acts as the program."""

ASKS_AGAIN = frozenset(
    {
        Right.WAIVE,
        Right.VOID,
        Right.GIVE_UP_POSTS,
        Right.CONFIRM_RULES,
        Right.ANNOUNCE_EXCEPTIONS,
        Right.HAND_OUT_OUTAGES,
        Right.SIGN_DAY,
        Right.EXPORT,
        Right.KEYS,
        Right.STAFF,
        Right.OWN_SECRET,
        Right.RESTORE,
    }
)
"""What is risky: whoever does it types their secret again, each time, and the act carries the proof of it."""


class NotPermitted(DeskError):
    """Whoever acts may not do this. The message says who may; the denial is to be put on record."""

    is_refusal = True

    def __init__(self, right: Right, act: Act, patient_id: UUID | None = None, *, is_on_staff: bool = True) -> None:
        super().__init__(f"{why_not(right)}{'' if is_on_staff else ' You are not on the staff of this shop.'}")
        self.right = right
        denied = Act(uuid5(act.id, "denied"), act.at, act.by, act.counter)
        self.on_record = ActDenied(right.name.lower(), patient_id), denied


class NotProved(DeskError):
    """A risky act carries no proof that whoever does it typed their secret for it just now."""

    is_refusal = True

    def __init__(self, right: Right, act: Act) -> None:
        super().__init__(f"Before {right.value}, type your secret again. Nothing was done.")
        self.right = right
        unproved = Act(uuid5(act.id, "not proved"), act.at, act.by, act.counter)
        self.on_record = ProofFailed(right.name.lower()), unproved


def proved(act: Act, right: Right, at: datetime) -> Act:
    """Return an act with the proof that whoever does it typed their secret for it, in UTC at `at`."""
    return replace(act, proof=Proof(act.by, right.name.lower(), at, act.id))


def is_proved(act: Act, right: Right) -> bool:
    """Return whether an act may go on as far as proofs go: it is not risky, or carries one of its own."""
    if right not in ASKS_AGAIN:
        return True
    return act.proof is not None and act.proof.carries(act.id, act.by, act.at, right.name.lower())


def why_not(right: Right) -> str:
    """Return the sentence that says for whom something is."""
    what = right.value[0].upper() + right.value[1:]
    return f"{what} is {f'for {who_may(right)}' if GRANTS[right] else 'done by the desk itself'}."


def who_may(right: Right) -> str:
    """Return for whom something is: "a pharmacist or manager"."""
    who = [each.value for each in Role if each.is_held and each in GRANTS[right]]
    if len(who) == len(_ALL):
        return "the staff"
    article = "an" if who[0][0] in "aeiou" else "a"
    return f"{article} {', '.join(who[:-1]) + ' or ' if len(who) > 1 else ''}{who[-1]}"


def only_for(right: Right) -> Withheld:
    """Return what stands in the place of what is read by another right."""
    return Withheld(f"withheld: for {who_may(right)}")


def may(ledger: Ledger, by: UUID, right: Right) -> bool:
    """Return whether somebody may do something. Who is not on the staff, or no longer, may nothing."""
    if by == THE_DESK_ITSELF:
        return right in BY_ITSELF
    person = ledger.person(by)
    return person is not None and not person.has_left and person.role in GRANTS[right]


def require(ledger: Ledger, act: Act, right: Right, patient_id: UUID | None = None) -> None:
    """Let an act go on only when whoever does it may, and proved again that it is them where it is risky.

    The first thing that a use case does. Raises `NotPermitted` or `NotProved`.
    """
    if not may(ledger, act.by, right):
        person = ledger.person(act.by)
        is_on_staff = act.by == THE_DESK_ITSELF or (person is not None and not person.has_left)
        raise NotPermitted(right, act, patient_id, is_on_staff=is_on_staff)
    if not is_proved(act, right):
        raise NotProved(right, act)
