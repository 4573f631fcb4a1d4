"""What the coordinator waits for is found through an index, with or without statistics, however full the store is."""

import re
import types
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.dispensing import PostingState
from pcc_desk.domain.entitlement import ORDINARY
from pcc_desk.domain.entries import (
    AmountSet,
    DayCompared,
    DraftKept,
    EntitlementNoted,
    HoldPlaced,
    NoteSigned,
    PatientRegistered,
    RulesAcknowledged,
    RulesConfirmed,
    RulesTakenUp,
    ShopOpened,
    StaffAdded,
    StandingAsked,
    StockRead,
    VisitBooked,
)
from pcc_desk.domain.holds import HeldAmount, Hold
from pcc_desk.domain.papers import PaperAmount
from pcc_desk.domain.reconciling.findings import DayComparison
from pcc_desk.domain.totals import sums_for
from pcc_desk.rulebook import rules_for
from pcc_desk.store import engine, journal, search_rows, warming
from pcc_desk.store import ledger as plain_ledger
from pcc_desk.store.connection import Connection
from pcc_desk.store.ledger import SqlLedger
from pcc_desk.store.queries import (
    alarms,
    allotments,
    closings,
    inside,
    merged,
    mornings,
    outages,
    patients,
    people,
    posts,
    records,
    reports,
    search,
    totals,
    trail,
    visits,
)
from tests.fakes import ANA, NOON, SHOP, a_card
from tests.store.stores import (
    DAY,
    DREAM,
    GUMMIES,
    JOURNAL_KEY,
    a_patient,
    act,
    arrived,
    asked,
    given,
    in_memory,
    line,
    moved,
    new_id,
    put_right,
)

PATIENTS = 300
MODULES = (
    engine,
    journal,
    inside,
    search,
    search_rows,
    plain_ledger,
    alarms,
    allotments,
    closings,
    mornings,
    merged,
    outages,
    patients,
    people,
    posts,
    records,
    reports,
    totals,
    trail,
    visits,
    warming,
)
PARTS = {
    "patients._FOUND",
    "people._OF_PATIENT",
    "merged._PARTED",
    "people._REQUEST",
    "visits._ROW",
    "trail._COLUMNS",
    "trail._COUNT",
}
"""The beginning of other queries, and no query."""

BEST_CARD = (
    "SEARCH c USING PRIMARY KEY (patient_id=? AND number_key=?) LEFT-JOIN",
    "SEARCH b USING PRIMARY KEY (patient_id=?)",
)
LINES_OF = "SEARCH l USING PRIMARY KEY (patient_id=? AND day=? AND dispensation_id=?)"
ITS_SALE = "SEARCH d USING INDEX dispensation_by_id (id=?)"
WHO = "SEARCH s USING PRIMARY KEY (id=?) LEFT-JOIN"
IS_MERGED = "SEARCH m USING PRIMARY KEY (merged_id=?)"
HAS_STATUS = "SEARCH s USING PRIMARY KEY (patient_id=?)"

REST_OF_THE_QUEUE = (
    "SEARCH p USING PRIMARY KEY (id=?)",
    *BEST_CARD,
    WHO,
    "SEARCH d USING PRIMARY KEY (patient_id=?)",
)

BY_WHOM_OF_WHOM = (WHO, "SEARCH p USING PRIMARY KEY (id=?) LEFT-JOIN")

WAYS: dict[str, tuple[str, ...]] = {
    "allotments.ENTITLEMENT": ("SEARCH entitlement USING PRIMARY KEY (patient_id=?)",),
    "allotments.AMOUNTS": ("SEARCH set_amount USING PRIMARY KEY (patient_id=?)",),
    "allotments.HOLDS": ("SEARCH hold USING PRIMARY KEY (patient_id=? AND day>?)",),
    "allotments.HELD": ("SEARCH held_amount USING PRIMARY KEY (patient_id=? AND hold_id=?)",),
    "allotments.RULES": (
        "SEARCH r USING PRIMARY KEY (fingerprint=?)",
        "SEARCH c USING PRIMARY KEY (fingerprint=?) LEFT-JOIN",
        WHO,
    ),
    "allotments.IS_CONFIRMED": ("SEARCH rules_confirmed USING PRIMARY KEY (fingerprint=?)",),
    "allotments.KNOWN_RULES": ("SEARCH rules_known USING PRIMARY KEY (person_id=?)",),
    "closings.COMPARISONS": ("SEARCH day_comparison USING PRIMARY KEY (day=?)",),
    "closings.DAYS": ("SEARCH day_comparison USING PRIMARY KEY (day>?)",),
    "closings.DECISIONS": ("SEARCH finding_decision USING PRIMARY KEY (day=?)",),
    "closings.SIGNATURES": ("SEARCH day_signature USING PRIMARY KEY (day=?)",),
    "closings.UNSIGNED": ("SCAN d", "SEARCH v USING INDEX visit_by_id (id=?)"),
    "closings.OURS": ("SEARCH dispensation USING COVERING INDEX dispensation_by_number (external_number=?)",),
    "closings.PACKETS": ("SEARCH day_packet USING PRIMARY KEY (day=?)",),
    "engine.READ_CREDENTIALS": ("SEARCH credential USING PRIMARY KEY (system=?)",),
    "journal._LAST": ("SCAN journal",),
    "journal._ALL": ("SCAN journal",),
    "journal._IS_RECORDED": ("SEARCH journal USING COVERING INDEX journal_id (id=?)",),
    "journal._SET_BACK": (
        "SEARCH journal USING INTEGER PRIMARY KEY (rowid>?)",
        "SEARCH journal USING COVERING INDEX journal_id (id=?)",
    ),
    "ledger.SHOP": ("SCAN shop",),
    "ledger.PERSON": ("SEARCH s USING PRIMARY KEY (id=?)", "SEARCH l USING PRIMARY KEY (id=?) LEFT-JOIN"),
    "ledger.EVERYBODY": ("SCAN s", "SEARCH l USING PRIMARY KEY (id=?) LEFT-JOIN"),
    "reports.SAID": ("SCAN pos_columns",),
    "closings.LAST": ("SEARCH day_comparison USING PRIMARY KEY (day=?)",),
    "patients.AFTER": ("SEARCH patient USING PRIMARY KEY (id>?)", IS_MERGED),
    "patients.COUNT": ("SCAN patient USING COVERING INDEX patient_by_birth",),
    "patients.FOUND_ONE": ("SEARCH patient USING PRIMARY KEY (id=?)",),
    "patients.ONE": ("SEARCH patient USING PRIMARY KEY (id=?)",),
    "patients.CARDS": ("SEARCH card USING PRIMARY KEY (patient_id=?)",),
    "patients.CARDS_NUMBERED": ("SEARCH card USING INDEX card_by_number (number_key=?)",),
    "inside.FAMILIES": (
        "SEARCH patient USING COVERING INDEX patient_by_family (family_key>? AND family_key<?)",
        "SCAN named",
        "SEARCH n USING COVERING INDEX patient_by_family (family_key>? AND family_key<?)",
        "SCAN named",
    ),
    "inside.INSIDE": ("SCAN name_inside VIRTUAL TABLE INDEX 0:M2",),
    "inside.OF_FAMILY": ("SEARCH patient USING COVERING INDEX patient_by_family (family_key=?)",),
    "merged.ANY_MERGED": ("SCAN merged USING COVERING INDEX merged_by_kept",),
    "patients.BY_BIRTH_BEGINNING": ("SEARCH p USING COVERING INDEX patient_by_birth (born>? AND born<?)",),
    "patients.BY_BOTH_GIVEN_FIRST": (
        "SEARCH patient USING COVERING INDEX patient_by_given (given_key>? AND given_key<?)",
        "SCAN named",
        "SEARCH n USING COVERING INDEX patient_by_given (given_key>? AND given_key<?)",
        "SCAN named",
        "SEARCH p USING COVERING INDEX patient_by_given (given_key=? AND family_key>? AND family_key<?)",
    ),
    "patients.BY_PHONE": (
        "SEARCH t USING COVERING INDEX patient_phone_by_key (phone_key>? AND phone_key<?)",
        "SEARCH p USING PRIMARY KEY (id=?)",
    ),
    "patients.BY_TAG": (
        "SEARCH dispensed_line USING COVERING INDEX dispensed_line_by_label (label=?)",
        "SCAN t",
        "SEARCH p USING PRIMARY KEY (id=?)",
    ),
    "search.BORN": ("SEARCH patient USING INDEX patient_by_birth (born=?)",),
    "search.NAMED": ("SEARCH patient USING INDEX patient_by_family (family_key=? AND given_key>? AND given_key<?)",),
    "patients.BY_FAMILY": ("SEARCH p USING COVERING INDEX patient_by_family (family_key>? AND family_key<?)",),
    "patients.BY_GIVEN": ("SEARCH p USING COVERING INDEX patient_by_given (given_key>? AND given_key<?)",),
    "patients.BY_BIRTH": ("SEARCH p USING COVERING INDEX patient_by_birth (born=?)",),
    "patients.BY_CARD": (
        "SEARCH c USING INDEX card_by_number (number_key>? AND number_key<?)",
        "SEARCH p USING PRIMARY KEY (id=?)",
    ),
    "alarms.ALARMED": ("SCAN standing_alarm",),
    "alarms.STANDING": ("SEARCH standing_alarm USING PRIMARY KEY (patient_id=?)",),
    "alarms.ENDED": ("SEARCH alarm_ended USING PRIMARY KEY (patient_id=?)",),
    "alarms.SEEN": (
        "SEARCH a USING PRIMARY KEY (patient_id=?)",
        "SEARCH s USING PRIMARY KEY (id=?) LEFT-JOIN",
    ),
    "merged.KEPT_AS": ("SEARCH merged USING PRIMARY KEY (merged_id=?)",),
    "merged.MERGED_INTO": ("SEARCH merged USING COVERING INDEX merged_by_kept (kept_id=?)",),
    "merged.PARTED_FROM": ("SEARCH parted USING PRIMARY KEY (merged_id=?)",),
    "merged.PARTED_INTO": ("SEARCH parted USING INDEX parted_by_kept (kept_id=?)",),
    "merged.MERGES": ("SEARCH merged USING INDEX merged_by_kept (kept_id=?)",),
    "merged.FORMER_FAMILY": (
        "SEARCH former_name USING COVERING INDEX former_name_by_family (family_key>? AND family_key<?)",
    ),
    "merged.FORMER_GIVEN": (
        "SEARCH former_name USING COVERING INDEX former_name_by_given (given_key>? AND given_key<?)",
    ),
    "people.NAMESAKES": ("SEARCH patient USING INDEX patient_by_birth (born=? AND family_key=? AND given_key=?)",),
    "people.COLUMNS_SAID": ("SCAN journal",),
    "people.RECORD": (
        "SEARCH e USING INDEX event_by_patient (patient_id=?)",
        "SEARCH j USING INTEGER PRIMARY KEY (rowid=?)",
        "SEARCH s USING PRIMARY KEY (id=?) LEFT-JOIN",
    ),
    "people.LIKE_BORN": ("SEARCH patient USING INDEX patient_by_birth (born=?)",),
    "people.LIKE_NAMED": ("SEARCH patient USING INDEX patient_by_family (family_key>? AND family_key<?)",),
    "people.LIKE_CARD": (
        "SEARCH c USING COVERING INDEX card_by_number (number_key=?)",
        "SEARCH p USING PRIMARY KEY (id=?)",
    ),
    "people.LIKE_PHONE": (
        "SEARCH n USING COVERING INDEX patient_phone_by_key (phone_key=?)",
        "SEARCH p USING PRIMARY KEY (id=?)",
    ),
    "people.FORMER_NAMES": ("SEARCH former_name USING PRIMARY KEY (patient_id=?)",),
    "people.STATUS": ("SEARCH patient_status USING PRIMARY KEY (patient_id=?)",),
    "people.DETAILS": ("SEARCH patient_details USING PRIMARY KEY (patient_id=?)",),
    "people.CARE_OF": (
        "SEARCH l USING PRIMARY KEY (patient_id=?)",
        "SEARCH c USING PRIMARY KEY (id=?)",
    ),
    "people.CARED_BY": ("SEARCH l USING INDEX care_link_by_caregiver (caregiver_id=?)",),
    "people.CAREGIVER": ("SEARCH caregiver USING PRIMARY KEY (id=?)",),
    "people.BY_CARD": ("SEARCH caregiver USING INDEX caregiver_by_card (card_key=?)",),
    "people.PHYSICIAN": ("SEARCH physician USING PRIMARY KEY (id=?)",),
    "people.PHYSICIANS": ("SEARCH physician USING INDEX physician_by_name (name_key>? AND name_key<?)",),
    "people.PHYSICIANS_NUMBERED": ("SCAN physician",),
    "people.CONSENTS": ("SEARCH consent USING PRIMARY KEY (patient_id=?)",),
    "people.INTAKE": ("SEARCH intake USING PRIMARY KEY (patient_id=?)",),
    "people.ANSWERS": ("SEARCH intake_answer USING PRIMARY KEY (patient_id=? AND intake_id=?)",),
    "people.REQUESTS": ("SEARCH record_request USING PRIMARY KEY (patient_id=?)",),
    "people.OPEN_REQUESTS": ("SCAN record_request USING INDEX record_request_open",),
    "outages.NEWEST": ("SCAN outage USING INDEX outage_by_since",),
    "outages.ONE": ("SEARCH outage USING PRIMARY KEY (id=?)",),
    "outages.OPEN": ("SEARCH outage USING INDEX outage_open (system=?)",),
    "outages.NOTES": ("SEARCH outage_note USING PRIMARY KEY (outage_id=?)",),
    "outages.SALES": ("SEARCH outage_sale USING PRIMARY KEY (outage_id=?)",),
    "outages.REVIEW": ("SEARCH outage_review USING PRIMARY KEY (outage_id=?)",),
    "outages.EXCEPTIONS": ("SEARCH announced_exception USING INDEX announced_exception_by_end (ends>?)",),
    "posts.ONE_POSTING": ("SEARCH dispensation USING INDEX dispensation_by_id (id=?)",),
    "posts.UNPOSTED": ("SCAN dispensation USING INDEX dispensation_unposted",),
    "posts.GIVEN_UP": ("SCAN dispensation USING INDEX dispensation_unposted",),
    "posts.UNPOSTED_AMENDING": ("SCAN a USING INDEX amendment_unposted", ITS_SALE),
    "posts.COUNT_UNPOSTED": ("SCAN dispensation USING INDEX dispensation_unposted",),
    "posts.COUNT_UNPOSTED_AMENDING": ("SCAN amendment USING INDEX amendment_unposted",),
    "posts.ONE_AMENDING": ("SEARCH a USING INDEX amendment_by_id (id=?)", ITS_SALE),
    "posts.POSTINGS_UNDER": ("SEARCH dispensation USING INDEX dispensation_by_receipt (receipt=?)",),
    "posts.AMENDMENTS": ("SEARCH amendment USING INDEX amendment_by_dispensation (dispensation_id=?)",),
    "posts.AMENDED_LINES": ("SEARCH amended_line USING PRIMARY KEY (patient_id=? AND amendment_id=?)",),
    "posts.CORRECTED_LATELY": (
        "SEARCH a USING INDEX amendment_by_posting (posted_at=?)",
        "SEARCH a USING INDEX amendment_by_posting (posted_at>?)",
    ),
    "posts.STAFF_NAME": ("SEARCH staff USING PRIMARY KEY (id=?)",),
    "posts.ACCEPTED_SINCE": ("SEARCH dispensation USING INDEX dispensation_by_posting (posted_at>?)",),
    "posts.DISPENSATION": ("SEARCH dispensation USING INDEX dispensation_by_id (id=?)",),
    "posts.LINES": ("SEARCH d USING INDEX dispensation_by_id (id=?)", LINES_OF),
    "posts.PACKAGES": ("SCAN package",),
    "posts.ONE_PACKAGE": ("SEARCH package USING PRIMARY KEY (label=?)",),
    "posts.TAKEN": (
        "SEARCH d USING INDEX dispensation_by_posting (posted_at=?)",
        "SEARCH a USING INDEX amendment_by_dispensation (dispensation_id=?)",
        LINES_OF,
        "SEARCH d USING INDEX dispensation_by_posting (posted_at>?)",
        LINES_OF,
    ),
    "records.LAST_ASKED": ("SCAN journal",),  # from the end on, as far as the last few
    "records.LAST_VERIFICATION": ("SEARCH verification USING PRIMARY KEY (patient_id=?)",),
    "records.VERIFICATION": ("SEARCH verification USING PRIMARY KEY (patient_id=?)",),
    "records.VERIFIED_SINCE": ("SEARCH verification USING PRIMARY KEY (patient_id=? AND asked_at>?)",),
    "records.PURCHASES": (
        "SEARCH l USING PRIMARY KEY (patient_id=? AND day>?)",
        "SEARCH d USING INDEX dispensation_by_id (id=?)",
    ),
    "records.HAS_BOUGHT": ("SEARCH dispensation USING PRIMARY KEY (patient_id=?)",),
    "records.AMENDED": ("SEARCH amendment USING PRIMARY KEY (patient_id=?)",),
    "records.AMENDINGS": ("SEARCH a USING PRIMARY KEY (patient_id=?)", WHO),
    "records.LINES_OF_SALE": (
        "SEARCH dispensed_line USING PRIMARY KEY (patient_id=? AND day=? AND dispensation_id=?)",
    ),
    "records.FORM_DRAFT": ("SEARCH form_draft USING PRIMARY KEY (person_id=? AND form=? AND about=?)",),
    "records.DRAFT": ("SEARCH draft USING PRIMARY KEY (visit_id=? AND person_id=?)",),
    "records.NOTES": ("SEARCH n USING PRIMARY KEY (patient_id=?)", WHO),
    "records.DISPENSED": ("SEARCH d USING PRIMARY KEY (patient_id=?)", WHO),
    "records.ASKED": ("SEARCH verification USING PRIMARY KEY (patient_id=?)",),
    "records.VISITS": ("SEARCH visit USING PRIMARY KEY (patient_id=?)",),
    "trail.BY_TIME": ("SEARCH e USING INDEX event_by_time (at>? AND at<?)", *BY_WHOM_OF_WHOM),
    "trail.OF_PATIENT": (
        "SEARCH e USING INDEX event_by_patient (patient_id=? AND at>? AND at<?)",
        *BY_WHOM_OF_WHOM,
    ),
    "trail.BY_PERSON": ("SEARCH e USING INDEX event_by_person (by_person=? AND at>? AND at<?)", *BY_WHOM_OF_WHOM),
    "trail.BY_ACT": ("SEARCH e USING INDEX event_by_act (act=? AND at>? AND at<?)", *BY_WHOM_OF_WHOM),
    "trail.COUNT_BY_TIME": ("SEARCH e USING COVERING INDEX event_by_time (at>? AND at<?)",),
    "trail.COUNT_OF_PATIENT": ("SEARCH e USING INDEX event_by_patient (patient_id=? AND at>? AND at<?)",),
    "trail.COUNT_BY_PERSON": ("SEARCH e USING INDEX event_by_person (by_person=? AND at>? AND at<?)",),
    "trail.COUNT_BY_ACT": ("SEARCH e USING INDEX event_by_act (act=? AND at>? AND at<?)",),
    "trail.AFTER": ("SEARCH e USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)", *BY_WHOM_OF_WHOM),
    "trail.LAST_SEQ": ("SEARCH event",),
    "trail.ACTS": (
        "SEARCH event USING COVERING INDEX event_by_act",
        "SCAN kinds",
        "SEARCH e USING COVERING INDEX event_by_act (act>?)",
        "SCAN kinds",
    ),
    "trail.LAST_SIGN_IN": ("SEARCH event USING INDEX event_by_act (act=?)",),
    "trail.GLASS_BROKEN": (
        "SEARCH e USING COVERING INDEX event_by_act (act=?)",
        "SEARCH j USING INTEGER PRIMARY KEY (rowid=?)",
    ),
    "trail.HAD_VISIT": ("SEARCH visit USING COVERING INDEX visit_by_day (day=? AND patient_id=?)",),
    "trail.REVIEWS": ("SCAN r", WHO),
    "trail.DISCLOSURES": ("SEARCH d USING PRIMARY KEY (patient_id=? AND made_on>?)", WHO),
    "journal._ONE": ("SEARCH journal USING INTEGER PRIMARY KEY (rowid=?)",),
    "visits.QUEUE": (
        "SEARCH v USING INDEX visit_by_day (day=?)",
        *REST_OF_THE_QUEUE,
    ),
    "visits.LINGERING": ("SEARCH v USING INDEX visit_lingering (day<?)", *REST_OF_THE_QUEUE),
    "visits.BETWEEN": ("SEARCH v USING INDEX visit_by_day (day>? AND day<?)", *REST_OF_THE_QUEUE),
    "visits.FROM_ORIGIN": ("SEARCH visit USING INDEX visit_by_origin (origin=?)",),
    "mornings.LAST_CHECK": ("SEARCH m USING PRIMARY KEY (day<?)", WHO),
    "mornings.MISSED": (
        "SEARCH visit USING INDEX visit_by_day (day>? AND day<?)",
        "SEARCH dispensation USING COVERING INDEX dispensation_by_day (day>? AND day<?)",
        "SEARCH morning_check USING PRIMARY KEY (day>? AND day<?)",
        "SEARCH morning_missed USING PRIMARY KEY (day>? AND day<?)",
    ),
    "mornings.EXPLAINED": ("SEARCH m USING PRIMARY KEY (day>? AND day<?)", WHO),
    "mornings.UNSIGNED": (
        "SEARCH v USING PRIMARY KEY (patient_id=?)",
        "SEARCH d USING PRIMARY KEY (visit_id=?)",
    ),
    "mornings.CARD_LAPSES": (
        "SEARCH c USING INDEX card_by_expiry (expires_on>? AND expires_on<?)",
        HAS_STATUS,
        "SEARCH p USING PRIMARY KEY (id=?)",
    ),
    "mornings.CERTIFICATION_LAPSES": (
        "SEARCH patient USING INDEX patient_by_certification (certification_expires>? AND certification_expires<?)",
        IS_MERGED,
        HAS_STATUS,
    ),
    "mornings.COUNT_CARDS": (
        "SEARCH card USING COVERING INDEX card_by_expiry (expires_on>? AND expires_on<?)",
        HAS_STATUS,
    ),
    "mornings.COUNT_CERTIFICATIONS": (
        "SEARCH patient USING COVERING INDEX patient_by_certification "
        "(certification_expires>? AND certification_expires<?)",
        IS_MERGED,
        HAS_STATUS,
    ),
    "warming.FAMILIES": ("SEARCH patient USING COVERING INDEX patient_by_family ((family_key,given_key,id)>(?,?,?))",),
    "warming.GIVEN": ("SEARCH patient USING COVERING INDEX patient_by_given ((given_key,family_key,id)>(?,?,?))",),
    "warming.BIRTHS": (
        "SEARCH patient USING COVERING INDEX patient_by_birth ((born,family_key,given_key,id)>(?,?,?,?))",
    ),
    "warming.PATIENTS": ("SEARCH patient USING PRIMARY KEY (id>?)",),
    "warming.INSIDE": ("SCAN name_inside VIRTUAL TABLE INDEX 64:>",),
    "mornings.STOCK_READ_AT": ("SEARCH package USING PRIMARY KEY",),
    "visits.ONE": ("SEARCH visit USING INDEX visit_by_id (id=?)",),
    "visits.OPEN": ("SEARCH visit USING PRIMARY KEY (patient_id=?)",),
}
"""How each query comes to its rows. Read from one end to the other are only: the one row of the shop, the stock, what
the columns of a few reports mean, the indexes of what is not posted yet, an index to count by, and the journal, when it
is checked and for its last row."""

JUST_AS_GOOD = {
    "visits.OPEN": ("SEARCH visit USING INDEX visit_by_day (day=? AND patient_id=?)",),
    "posts.GIVEN_UP": ("SEARCH dispensation USING INDEX dispensation_unposted (ANY(next_try_at) AND at>? AND at<?)",),
}
"""What statistics may prefer."""

IN_ORDER = (
    "warming.FAMILIES",
    "warming.GIVEN",
    "warming.BIRTHS",
    "warming.PATIENTS",
    "warming.INSIDE",
    "closings.COMPARISONS",
    "closings.DAYS",
    "closings.DECISIONS",
    "closings.SIGNATURES",
    "closings.PACKETS",
    "mornings.LAST_CHECK",
    "mornings.EXPLAINED",
    "mornings.CARD_LAPSES",
    "mornings.CERTIFICATION_LAPSES",
    "outages.NEWEST",
    "outages.OPEN",
    "outages.NOTES",
    "outages.SALES",
    "outages.REVIEW",
    "allotments.AMOUNTS",
    "allotments.HOLDS",
    "allotments.HELD",
    "journal._LAST",
    "records.LAST_VERIFICATION",
    "records.NOTES",
    "records.DISPENSED",
    "records.AMENDED",
    "records.AMENDINGS",
    "records.LINES_OF_SALE",
    "records.ASKED",
    "posts.AMENDED_LINES",
    "trail.BY_TIME",
    "trail.OF_PATIENT",
    "trail.BY_PERSON",
    "trail.BY_ACT",
    "trail.AFTER",
    "trail.LAST_SIGN_IN",
    "trail.REVIEWS",
    "trail.DISCLOSURES",
)
"""These read no more than they give, because rows lie in that order."""


def statements() -> Iterator[tuple[str, str]]:
    for module in MODULES:
        yield from statements_of(module)


def statements_of(module: types.ModuleType) -> Iterator[tuple[str, str]]:
    for name, value in vars(module).items():
        key = f"{module.__name__.rpartition('.')[2]}.{name}"
        if isinstance(value, str) and value.lstrip().startswith(("SELECT", "WITH")) and key not in PARTS:
            yield key, value


STATEMENTS = dict(statements())


@pytest.fixture(scope="module")
def filled() -> Connection:
    """Return a database with a year of a shop's work in small."""
    connection = in_memory()
    ledger = SqlLedger(connection, JOURNAL_KEY)
    connection.execute("BEGIN")
    ledger.record(ShopOpened(SHOP), act())
    ledger.record(StaffAdded(ANA), act())
    ledger.record(StockRead((DREAM, GUMMIES), "METRC"), act())
    ledger.record(RulesTakenUp("MI", "mi-2026", "f" * 64, "{}"), act())
    ledger.record(RulesConfirmed("f" * 64, ""), act())
    ledger.record(RulesAcknowledged("f" * 64), act())
    for number in range(PATIENTS):
        patient = a_patient(f"Family {number % 97}", f"Given {number % 53}", date(1940 + number % 60, 1, 1))
        ledger.record(PatientRegistered(patient, (a_card(patient, f"MI-P-{number:04d}"),)), act())
        ledger.record(EntitlementNoted(patient.id, (), None, None), act())
        paper = PaperAmount("mi-day", Decimal(2), False, DAY, date.max, "Dr. I. Mensah")
        ledger.record(AmountSet(patient.id, paper), act())
        for days in (0, 30, 60):
            at = NOON - timedelta(days=days)
            visit = arrived(patient, -1440 * days)
            ledger.record(VisitBooked(visit), act(at))
            aside = HeldAmount("mi-day", Fraction(5, 2)), HeldAmount("mi-30", Fraction(10))
            ledger.record(HoldPlaced(Hold(new_id(), patient.id, visit.id, visit.day, aside)), act(at))
            ledger.record(DraftKept(new_id(), patient.id, ANA.id, "Sleeps"), act(at))
            ledger.record(StandingAsked(asked(patient, Unanswered(Silence.DOWN, "down"), at)), act(at))
            ledger.record(NoteSigned(new_id(), patient.id, visit.id, new_id(), "Sleeps better."), act(at))
            recorded = given(patient, at=at)
            ledger.record(recorded, act(at))
            if days:
                ledger.record(moved(recorded, PostingState.ACCEPTED), act(at))
                ledger.record(put_right(recorded, line(1000)), act(at))
    ledger.record(DayCompared(DayComparison(DAY, SHOP.zone, NOON, 0, 0, 0, (), ())), act())
    connection.execute("COMMIT")
    return connection


@pytest.fixture(scope="module", params=["empty", "filled", "filled, with statistics"])
def database(request: pytest.FixtureRequest) -> Connection:
    if request.param == "empty":
        return in_memory()
    connection: Connection = request.getfixturevalue("filled")
    if request.param == "filled, with statistics":
        connection.execute("ANALYZE")
    return connection


def plan(connection: Connection, name: str) -> list[str]:
    statement = STATEMENTS[name]
    numbered = {int(each) for each in re.findall(r"\?([0-9]+)", statement)}
    values = (None,) * max(numbered, default=statement.count("?"))
    return [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", values)]


def test_every_query_of_the_store_is_held_to_a_way() -> None:
    assert set(STATEMENTS) == set(WAYS)


@pytest.mark.parametrize("name", WAYS)
def test_a_query_goes_the_way_that_was_meant(database: Connection, name: str) -> None:
    way = tuple(step for step in plan(database, name) if step.startswith(("SEARCH", "SCAN")))
    assert way in {WAYS[name], JUST_AS_GOOD.get(name, ())}


@pytest.mark.parametrize("name", IN_ORDER)
def test_rows_are_read_in_the_order_in_which_they_lie(database: Connection, name: str) -> None:
    assert not [step for step in plan(database, name) if "TEMP B-TREE" in step]


def test_the_sums_of_all_limits_are_one_walk_along_a_patients_own_rows(database: Connection) -> None:
    sums = sums_for(rules_for("FL", DAY), DAY, ORDINARY)
    assert sums is not None
    statement, values = totals.statement_for(sums)
    rows = database.execute(f"EXPLAIN QUERY PLAN {statement}", (*values, "id", "2026-01-01"))
    assert [row[3] for row in rows] == ["SEARCH dispensed_line USING PRIMARY KEY (patient_id=? AND day>?)"]
