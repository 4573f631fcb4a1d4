"""How events and what is out of the ordinary read in the Audit place."""

from collections.abc import Iterable

from pcc_desk.desk.anomalies import Anomaly, Kind
from pcc_desk.desk.asking import Asked, act_words
from pcc_desk.desk.audit import Explained, NoReason
from pcc_desk.desk.records import Event, Review
from pcc_desk.desk.reviewing import AlreadyReviewed, NothingNew, NotSigned, Overview, OwnBreakGlass
from pcc_desk.domain.people import THE_DESK_ITSELF
from pcc_desk.domain.shop import Shop
from pcc_desk.widgets.listing import Column, Row
from pcc_desk.widgets.sheet import Line

EVENTS = (
    Column("When", 16),
    Column("Who", 13),
    Column("Did", 18),
    Column("Whom", 15),
    Column("How it came out", 12, grow=True),
)
ANOMALIES = (
    Column("When", 16),
    Column("What", 17),
    Column("Who", 13),
    Column("Whom", 15),
    Column("How often", 9, grow=True),
)

MEANINGS = {
    Kind.BREAK_GLASS: "The store was opened with the recovery sheet, and this was done under it.",
    Kind.STORE: "A copy was put in the place of the store, or it was older than was known; somebody said why.",
    Kind.ANCHOR: "The mark of how far the record had come was gone, or was not ours: an older one could pass unseen.",
    Kind.FAILED: "A secret was tried that was not right. Once may be a slip; ask the person whether it was theirs.",
    Kind.DENIED: "Somebody tried what their role may not do. It was not done.",
    Kind.OWN_RECORD: "The person and the patient have the same name: perhaps their own record.",
    Kind.RELATIVE: "The person and the patient have the same family name: perhaps a relative.",
    Kind.NO_VISIT: "The record was looked at, and the patient had no visit on that day.",
    Kind.MANY: "More patients were looked up in one day than this shop calls usual.",
    Kind.AFTER_HOURS: "It was done while the shop is closed.",
    Kind.EXPORT: "Something of patients left the desk: printed, written out, or disclosed.",
}
"""What each means, and why somebody should look."""


def who_words(event_by: object, name: str) -> str:
    """Return who did it; the program itself and whoever nobody knows have words of their own."""
    return "the desk" if event_by == THE_DESK_ITSELF else name or "nobody known"


def event_row(event: Event, shop: Shop) -> Row:
    """Return the row of an event."""
    tone = "warning" if event.outcome in {"failed", "denied", "missing", "unsound"} else ""
    outcome = event.outcome if event.outcome != "done" or not event.changed else f"done: {', '.join(event.changed)}"
    when = f"{shop.local(event.at):%Y-%m-%d %H:%M}"
    return Row(
        str(event.seq),
        (when, who_words(event.by, event.by_name), act_words(event.act), event.patient_name, outcome),
        tone,
    )


def event_details(event: Event, shop: Shop) -> tuple[Line, ...]:
    """Return what is known of an event."""
    role = f", {event.by_role}" if event.by_role else ""
    whom = f" · {event.patient_name}" if event.patient_name else ""
    fields = f"set: {', '.join(event.changed)}" if event.changed else "nothing was changed by it"
    return (
        ((f"{act_words(event.act).capitalize()} · {who_words(event.by, event.by_name)}{role}{whom}", "heading"),),
        ((f"entry {event.seq:,} of the journal, {shop.local(event.at):%a %Y-%m-%d %H:%M:%S %z}, {event.outcome}", ""),),
        ((fields, "muted"),),
    )


def anomaly_row(number: int, anomaly: Anomaly, shop: Shop) -> Row:
    """Return the row of something out of the ordinary."""
    when = f"{shop.local(anomaly.at):%Y-%m-%d %H:%M}"
    unit = "patients" if anomaly.kind is Kind.MANY else "times"
    often = "once" if anomaly.count == 1 else f"{anomaly.count:,} {unit}"
    words = f"{often}: {act_words(anomaly.act)}"
    cells = when, anomaly.kind.value, who_words(anomaly.by, anomaly.by_name), anomaly.patient_name, words
    return Row(str(number), cells, "warning" if anomaly.kind in {Kind.BREAK_GLASS, Kind.STORE, Kind.ANCHOR} else "")


def anomaly_details(anomaly: Anomaly) -> tuple[Line, ...]:
    """Return what something out of the ordinary means, and where it stands."""
    since = f"From entry {anomaly.seq:,} of the journal on. Enter shows what was done that day."
    heading = ((anomaly.kind.value.capitalize(), "heading"),)
    return (heading, ((MEANINGS[anomaly.kind], ""),), ((since, "muted"),))


def asked_words(asked: Asked, count: int, shop: Shop) -> str:
    """Return the head of the list: how many, of what."""
    events = asked.events
    parts = [f"by {asked.by}" if asked.by else "", f"of {asked.of}" if asked.of else ""]
    parts.append(f"“{act_words(events.act)}”" if events.act else "")
    parts.append(f"from {shop.local(events.since):%Y-%m-%d}" if events.since.year > 1970 else "")
    parts.append(f"before {shop.local(events.until):%Y-%m-%d}" if events.until.year < 9000 else "")
    told = ", ".join(each for each in parts if each)
    number = "1 event" if count == 1 else f"{count:,} events"
    return f"{number}{f' {told}' if told else ' on record'}"


def overview_words(seen: Overview, last: Review | None, shop: Shop) -> Iterable[str]:
    """Yield the head of the review: what is out of the ordinary, in how much, since when."""
    out = "1 thing" if len(seen.anomalies) == 1 else f"{len(seen.anomalies)} things"
    found = f"{out} out of the ordinary" if seen.anomalies else "Nothing out of the ordinary"
    if seen.count <= 0:
        yield "Nothing happened since the last review."
    else:
        entries = "1 entry" if seen.count == 1 else f"{seen.count:,} entries"
        yield f"{found} in {entries} (to entry {seen.last:,})."
    if last is None:
        yield "Nobody has signed a review yet."
    else:
        signed = shop.local(last.signed_at)
        yield (
            f"Last {last.meaning} by {last.by_name or 'nobody known'} on {signed:%Y-%m-%d %H:%M %z}, "
            f"to entry {last.last:,}, {last.anomalies} shown."
        )


def signed_words(outcome: Review | NotSigned, shop: Shop) -> tuple[str, str]:
    """Return what became of a signature."""
    match outcome:
        case Review():
            signed = shop.local(outcome.signed_at)
            return (
                f"Saved {signed:%H:%M:%S}: {outcome.meaning} by {outcome.by_name}, entries {outcome.first:,} to "
                f"{outcome.last:,}, {outcome.anomalies} shown.",
                "good",
            )
        case AlreadyReviewed(review=review):
            words = (
                f"{review.by_name} signed for this on {shop.local(review.signed_at):%Y-%m-%d %H:%M}. Read again (f5)."
            )
            return f"Not signed. {words}", "warning"
        case NothingNew():
            return "Not signed. Nothing happened since the last review.", "warning"
        case OwnBreakGlass():
            return (
                "Not signed. An emergency is reviewed by somebody else than whoever opened the store in it.",
                "danger",
            )


def explained_words(outcome: Explained | NoReason) -> tuple[str, str]:
    """Return what became of an explanation."""
    if isinstance(outcome, NoReason):
        return "Type why: it goes on record.", "warning"
    return "Saved: it is on record, and the record is written again.", "good"
