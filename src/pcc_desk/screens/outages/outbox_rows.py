"""The posts in rows, and what is known of each: the state's own words, and ours."""

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.records import OutboxRow
from pcc_desk.domain.dispensing import PostingState
from pcc_desk.screens.outages.outbox_words import KINDS, meaning, next_words, now_words, since_words
from pcc_desk.widgets.listing import Column, Row
from pcc_desk.widgets.sheet import Line

POSTS = (
    Column("Since", 10),
    Column("Patient", 17),
    Column("What", 10),
    Column("Now", 15),
    Column("Next try", 9),
    Column("Said", 11, grow=True),
)


def post_row(desk: Desk, row: OutboxRow, *, is_first: bool, is_out: bool) -> Row:
    """Return a post. `is_first`: nothing earlier of the patient waits; `is_out`: nothing is sent now."""
    posting, now, shop = row.posting, desk.clock.now(), desk.shop
    cells = (
        since_words(row.made_at, shop, now),
        row.patient.name if row.patient else "",
        KINDS[posting.kind],
        now_words(posting, is_first=is_first),
        next_words(posting, now, shop, is_first=is_first, is_out=is_out),
        posting.why,
    )
    return Row(str(posting.id), cells, "warning" if posting.state is PostingState.PARKED else "")


def post_lines(desk: Desk, row: OutboxRow, *, is_first: bool) -> tuple[Line, ...]:
    """Return what is known of a post."""
    posting, system = row.posting, desk.state.name
    who = row.patient.name if row.patient else "somebody who is not on record"
    recorded = since_words(row.made_at, desk.shop, desk.clock.now())
    tries = {0: "not sent yet", 1: "sent once"}.get(posting.attempts, f"sent {posting.attempts} times")
    said = f"{posting.why}." if posting.why else "nothing yet."
    return (
        ((f"{KINDS[posting.kind].capitalize()} · {who} · ", "heading"), (row.summary, "")),
        ((f"recorded {recorded} by {row.by or 'nobody known'} as {posting.external_number}, {tries}", "muted"),),
        (("said: ", "muted"), (said, "warning" if posting.why else "muted")),
        ((meaning(posting, system, is_first=is_first), ""),),
    )
