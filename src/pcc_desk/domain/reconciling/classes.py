"""The classes of difference that really occur, each with its cause, its accepted fix and the forbidden one.

Codes, causes and fixes are those of the POS reference, section 9.
"""

from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """How much a difference weighs."""

    CRITICAL = "critical"
    """A rule for the protection of people or of the licence is broken: it is reported, whatever else is done."""
    HIGH = "high"
    """The state's record lacks a sale, or has one too many."""
    MEDIUM = "medium"
    """The state's record has the sale, and says something else of it."""
    LOW = "low"
    """Nothing a patient's allotment depends on."""
    INFO = "info"
    """To be explained, or waited for: not an error."""


class FindingClass(StrEnum):
    """The classes, worst first."""

    OVER_LIMIT = "OVER_LIMIT"
    PACKAGE_HOLD = "PACKAGE_HOLD"
    EXPIRED_CARD = "EXPIRED_CARD"
    HOURS = "HOURS"
    MISSING_IN_STATE = "MISSING_IN_STATE"
    PACKAGE_FINISHED = "PACKAGE_FINISHED"
    TAG_UNKNOWN = "TAG_UNKNOWN"
    DUPLICATE = "DUPLICATE"
    VOID_NOT_PROPAGATED = "VOID_NOT_PROPAGATED"
    UNEXPECTED_IN_STATE = "UNEXPECTED_IN_STATE"
    PARTIAL_RECEIPT = "PARTIAL_RECEIPT"
    RETURN_NOT_PROPAGATED = "RETURN_NOT_PROPAGATED"
    RETURN_DOUBLE = "RETURN_DOUBLE"
    UNIT = "UNIT"
    QTY = "QTY"
    TAG = "TAG"
    PATIENT = "PATIENT"
    CUSTOMER_TYPE = "CUSTOMER_TYPE"
    CAREGIVER = "CAREGIVER"
    EQUIVALENCY = "EQUIVALENCY"
    NEGATIVE_PACKAGE = "NEGATIVE_PACKAGE"
    PRICE = "PRICE"
    FREE_ITEM = "FREE_ITEM"
    LATE = "LATE"
    DAY = "DAY"
    NOT_YET_VISIBLE = "NOT_YET_VISIBLE"
    PULL_FAILED = "PULL_FAILED"

    @property
    def words(self) -> str:
        """What the class means, for a person."""
        return ABOUT[self].words

    @property
    def severity(self) -> Severity:
        """How much it weighs."""
        return ABOUT[self].severity

    @property
    def rank(self) -> int:
        """Its place among the classes, the worst being 0."""
        return _RANKS[self]


class About(NamedTuple):
    """What is known of a class."""

    severity: Severity
    words: str
    cause: str
    """How it usually comes about, a sentence."""
    fix: str
    never: str
    """What is not to be done."""


NEVER_ADJUST = "Never adjust the package: a sales error is put right on the receipt."
NEVER_POST_TWICE = "Never post it again before looking whether it is there under another number."
NEVER_CHANGE_TIME = "Never change the time to make it fit."

ABOUT: dict[FindingClass, About] = {
    FindingClass.OVER_LIMIT: About(
        Severity.CRITICAL,
        "more was sold than the patient may have",
        "The allotment was asked too early, two shops sold at once, or somebody overrode it.",
        "Report it as the state asks. The manager looks into how it came about.",
        "Never take it back by a return that did not happen.",
    ),
    FindingClass.PACKAGE_HOLD: About(
        Severity.CRITICAL,
        "sold while the package was held",
        "The point of sale had not yet learnt that the package is held, in testing or recalled.",
        "Stop selling it. List the patients who have it and call them; report it.",
        "Never release the hold to make the sale fit.",
    ),
    FindingClass.EXPIRED_CARD: About(
        Severity.CRITICAL,
        "sold on a card that had lapsed",
        "The card or certification ended before the sale; by some settings it ends as its last day begins.",
        "Report it, and see how the check was passed.",
        "Never move the sale to a day on which the card was good.",
    ),
    FindingClass.HOURS: About(
        Severity.CRITICAL,
        "sold outside the legal hours",
        "A clock or a zone is wrong, or the sale was really made then.",
        "When the clock was wrong, correct the time with its reason. When it is real, report it.",
        NEVER_CHANGE_TIME,
    ),
    FindingClass.MISSING_IN_STATE: About(
        Severity.HIGH,
        "sold, but not in the state's record",
        "The call failed and was not tried again, or it was skipped because a line lacked a bar code.",
        "Post it again from the point of sale's log, or enter it by hand with its own time; the clock has 24 hours.",
        NEVER_ADJUST,
    ),
    FindingClass.PACKAGE_FINISHED: About(
        Severity.HIGH,
        "not taken by the state, because the package is finished there",
        "The package was finished in the tracker while units of it remained.",
        "Unfinish the package, post the sale, finish it again; then count it.",
        NEVER_ADJUST,
    ),
    FindingClass.TAG_UNKNOWN: About(
        Severity.HIGH,
        "sold from a tag that the state does not know",
        "The tag was mistyped, or belongs to another licence.",
        "Correct or retire the point of sale's record of the package.",
        "Never make a package in the tracker for it.",
    ),
    FindingClass.DUPLICATE: About(
        Severity.HIGH,
        "in the state's record twice",
        "It was posted again after a time-out, or pushed at night after it was entered by hand.",
        "Void the later one; keep the one whose number the point of sale knows.",
        "Never void both.",
    ),
    FindingClass.VOID_NOT_PROPAGATED: About(
        Severity.HIGH,
        "void at the till, active in the state's record",
        "The void was sent and not heard, or was skipped because the sale had no receipt number.",
        "Void the receipt. In BioTrack, after the day has ended: document it and ask the state.",
        "Never ring the sale up again to make it fit.",
    ),
    FindingClass.UNEXPECTED_IN_STATE: About(
        Severity.HIGH,
        "in the state's record, but not sold",
        "A retry posted a sale that was void by then, or an outage's paper slips were entered twice.",
        "Look for a void or a paper slip first; then void the receipt with its reason.",
        NEVER_ADJUST,
    ),
    FindingClass.PARTIAL_RECEIPT: About(
        Severity.MEDIUM,
        "the receipt lacks a line of the sale",
        "Lines without a bar code are left out of the posting.",
        "Edit the receipt and add the line.",
        NEVER_POST_TWICE,
    ),
    FindingClass.RETURN_NOT_PROPAGATED: About(
        Severity.MEDIUM,
        "taken back at the till, unchanged in the state's record",
        "The tracker knows no return: a return is an edited receipt or a receipt below zero.",
        "Edit the receipt's quantity, or record the return as the state asks; what came back goes to quarantine.",
        "Never put what came back on the shelf to make the count fit.",
    ),
    FindingClass.RETURN_DOUBLE: About(
        Severity.MEDIUM,
        "one return counted twice",
        "A return is a transaction of its own and a mark on the line it takes back; both were counted.",
        "Count one of the two, and put the receipt's quantity back.",
        NEVER_ADJUST,
    ),
    FindingClass.UNIT: About(
        Severity.MEDIUM,
        "the same amount in different units",
        "The package changed its unit, the category is wrong, or an ounce was taken for so many grams.",
        "Correct how the item is mapped, then the receipt.",
        NEVER_ADJUST,
    ),
    FindingClass.QTY: About(
        Severity.MEDIUM,
        "quantities differ",
        "A pack was sold as one piece, pre-rolls were split, or a number was keyed by hand.",
        "Count what is really there, then edit the receipt.",
        NEVER_ADJUST,
    ),
    FindingClass.TAG: About(
        Severity.MEDIUM,
        "sold from one package, recorded from another",
        "The unit was not scanned, and the point of sale took the oldest package.",
        "Edit both lines, then count both packages.",
        NEVER_ADJUST,
    ),
    FindingClass.PATIENT: About(
        Severity.MEDIUM,
        "the patient's number differs",
        "A renewed card has a new number, profiles were merged, or the number was not sent.",
        "Edit the receipt's customer fields; check the allotment of both patients.",
        "Never void and post again only for the number.",
    ),
    FindingClass.CUSTOMER_TYPE: About(
        Severity.MEDIUM,
        "the kind of customer differs",
        "The till's usual kind of customer was left as it was.",
        "Edit the receipt: the kind decides on tax and on limits.",
        "Never leave it for the tax's sake.",
    ),
    FindingClass.CAREGIVER: About(
        Severity.MEDIUM,
        "the caregiver is not in the record",
        "A caregiver picked up, and the sale was rung up to the patient alone.",
        "Edit the receipt: where a caregiver picks up, both numbers are required.",
        "Never put the caregiver in the patient's place.",
    ),
    FindingClass.EQUIVALENCY: About(
        Severity.MEDIUM,
        "the same goods weigh differently against the allotment",
        "Grams, flower equivalent or concentration are missing or wrong in the catalogue.",
        "Correct the catalogue; void and ring up again where the state requires it.",
        "Never balance it with another sale.",
    ),
    FindingClass.NEGATIVE_PACKAGE: About(
        Severity.LOW,
        "more was sold than the package held",
        "It was taken in with too little.",
        "Correct the intake, after a count.",
        "Never adjust it to zero without a count.",
    ),
    FindingClass.PRICE: About(
        Severity.LOW,
        "prices differ",
        "Tax was included, loyalty was taken for a discount, or a partial refund was rounded for each unit.",
        "The point of sale is usually right: edit the receipt's price.",
        NEVER_ADJUST,
    ),
    FindingClass.FREE_ITEM: About(
        Severity.LOW,
        "given away",
        "A sample, or part of a bundle.",
        "Some states forbid it: set the price that is usual there ($0.01) from now on, and note why it was free.",
        "Never leave the line out of the receipt.",
    ),
    FindingClass.LATE: About(
        Severity.LOW,
        "posted after the time allowed",
        "The state's system was down, or nobody looked.",
        "Keep the outage's log and the notice to the state with the day.",
        NEVER_CHANGE_TIME,
    ),
    FindingClass.DAY: About(
        Severity.INFO,
        "recorded on another day",
        "Midnight of UTC, paid after midnight, posted again at its own date, an edited date, or a push at night.",
        "Explain it; do not “fix” it, unless the state counts the allotment by the day.",
        NEVER_CHANGE_TIME,
    ),
    FindingClass.NOT_YET_VISIBLE: About(
        Severity.INFO,
        "sold a moment ago, and not listed yet",
        "The sale is still on its way: lists and batches trail by some minutes.",
        "Wait, and read the state's record again. It is no error.",
        NEVER_POST_TWICE,
    ),
    FindingClass.PULL_FAILED: About(
        Severity.INFO,
        "not compared",
        "A side could not be read, or not whole.",
        "Read it again. Nothing can be said of the day before.",
        "Never take an empty answer for an empty day.",
    ),
}

_RANKS = {kind: place for place, kind in enumerate(FindingClass)}
