"""What is on record of a patient: verifications, purchases, notes, the timeline."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from pcc_desk.desk.records import Draft, FormDraft, Happening, HappeningKind
from pcc_desk.domain.amendments import Amended, CountedLine, counted_lines
from pcc_desk.domain.dispensing import PostingState, PostKind
from pcc_desk.domain.entries import StandingAsked
from pcc_desk.domain.products import Measures
from pcc_desk.domain.purchases import Purchase
from pcc_desk.domain.quantity import Quantity, Unit
from pcc_desk.domain.registry import Verification
from pcc_desk.store import codec
from pcc_desk.store.connection import Connection
from pcc_desk.store.instants import instant, maybe_instant, micros
from pcc_desk.store.queries import alarms
from pcc_desk.store.queries.posts import amendment_of, line_of

VERIFIED_SINCE = """
SELECT body FROM verification WHERE patient_id = ? AND asked_at >= ? ORDER BY asked_at DESC, id DESC"""
LAST_VERIFICATION = "SELECT body FROM verification WHERE patient_id = ? ORDER BY asked_at DESC, id DESC LIMIT 1"
VERIFICATION = "SELECT body FROM verification WHERE patient_id = ? AND id = ?"
LAST_ASKED = "SELECT body FROM journal WHERE name = ? ORDER BY seq DESC LIMIT ?"
PURCHASES = """
SELECT l.day, d.at, l.category, l.net_mg, l.volume_ul, l.thc_ug, l.count_milli, l.product, l.milli, l.unit, d.posted_at,
    d.id
FROM dispensed_line l CROSS JOIN dispensation d INDEXED BY dispensation_by_id ON d.id = l.dispensation_id
WHERE l.patient_id = ? AND l.day >= ? ORDER BY d.at, l.dispensation_id, l.line"""
HAS_BOUGHT = "SELECT 1 FROM dispensation WHERE patient_id = ? LIMIT 1"
AMENDED = """
SELECT id, dispensation_id, patient_id, kind, at, by_person, reason, posted_at FROM amendment
WHERE patient_id = ? ORDER BY at, id"""
LINES_OF_SALE = """
SELECT label, product, category, milli, unit, net_mg, volume_ul, thc_ug, count_milli, price_cents
FROM dispensed_line WHERE patient_id = ? AND day = ? AND dispensation_id = ? ORDER BY line"""
FORM_DRAFT = "SELECT content, kept_at FROM form_draft WHERE person_id = ? AND form = ? AND about = ?"
DRAFT = "SELECT text, kept_at FROM draft WHERE visit_id = ? AND person_id = ?"

NOTES = """
SELECT n.signed_at, n.text, s.name FROM note n LEFT JOIN staff s ON s.id = n.signed_by
WHERE n.patient_id = ? ORDER BY n.signed_at DESC LIMIT ?"""
DISPENSED = """
SELECT d.at, d.summary, d.receipt, s.name, d.posting, d.next_try_at, d.id
FROM dispensation d LEFT JOIN staff s ON s.id = d.by_person
WHERE d.patient_id = ? ORDER BY d.at DESC LIMIT ?"""
AMENDINGS = """
SELECT a.at, a.summary, a.receipt, s.name, a.posting, a.next_try_at, a.dispensation_id, a.kind
FROM amendment a LEFT JOIN staff s ON s.id = a.by_person
WHERE a.patient_id = ? ORDER BY a.at DESC LIMIT ?"""
ASKED = "SELECT asked_at, remark FROM verification WHERE patient_id = ? AND remark <> '' ORDER BY asked_at DESC LIMIT ?"
VISITS = "SELECT arrived_at, reason, state, through FROM visit WHERE patient_id = ? AND arrived_at IS NOT NULL"

PAGES_LOOKED_BACK = 50
"""In how many of the last verifications a page is looked for."""


AMENDING_KINDS = {
    PostKind.CORRECTION.value: HappeningKind.CORRECTED,
    PostKind.VOID.value: HappeningKind.VOIDED,
}


def last_verification(connection: Connection, patient_id: UUID) -> Verification | None:
    """Return the newest verification."""
    return _verification(connection.execute(LAST_VERIFICATION, (patient_id.hex,)).fetchone())


def verifications(connection: Connection, patient_id: UUID, since: datetime) -> tuple[Verification, ...]:
    """Return the verifications since an instant, the newest first."""
    rows = connection.execute(VERIFIED_SINCE, (patient_id.hex, micros(since)))
    return tuple(each for row in rows if (each := _verification(row)) is not None)


def verification(connection: Connection, patient_id: UUID, verification_id: UUID) -> Verification | None:
    """Return a verification."""
    return _verification(connection.execute(VERIFICATION, (patient_id.hex, verification_id.hex)).fetchone())


def last_page(connection: Connection) -> str:
    """Return on which page a standing was last read by hand, among the last that were asked for."""
    for (body,) in connection.execute(LAST_ASKED, (StandingAsked.name, PAGES_LOOKED_BACK)):
        asked = codec.read(StandingAsked.name, StandingAsked.version, body)
        if isinstance(asked, StandingAsked) and asked.verification.read is not None:
            return asked.verification.read.page
    return ""


def _verification(row: tuple[str] | None) -> Verification | None:
    if row is None:
        return None
    asked = codec.read(StandingAsked.name, StandingAsked.version, row[0])
    if not isinstance(asked, StandingAsked):
        raise TypeError("a verification's row holds something else")
    return asked.verification


def purchases(connection: Connection, patient_id: UUID, since: date) -> tuple[Purchase, ...]:
    """Return what was dispensed on and after a day, oldest first; what was put right, as it then counts."""
    rows = connection.execute(PURCHASES, (patient_id.hex, since.isoformat()))
    amended = connection.execute(AMENDED, (patient_id.hex,)).fetchall()
    return _put_right(connection, patient_id, rows.fetchall(), amended) if amended else tuple(map(_purchase, rows))


def has_bought(connection: Connection, patient_id: UUID) -> bool:
    """Return whether anything was ever dispensed under a record."""
    return connection.execute(HAS_BOUGHT, (patient_id.hex,)).fetchone() is not None


def is_amended(connection: Connection, patient_id: UUID) -> bool:
    """Return whether anything that was dispensed to a patient was put right."""
    return connection.execute(AMENDED, (patient_id.hex,)).fetchone() is not None


def _put_right(
    connection: Connection, patient_id: UUID, rows: list[tuple[Any, ...]], amended: list[tuple[Any, ...]]
) -> tuple[Purchase, ...]:
    """Return purchases with those dispensations counted anew that were amended."""
    of_sale: dict[str, list[Amended]] = {}
    for row in amended:
        of_sale.setdefault(row[1], []).append(Amended(amendment_of(connection, row), maybe_instant(row[7])))
    found: list[Purchase] = []
    done: set[str] = set()
    for row in rows:
        sale = row[11]
        if sale not in of_sale:
            found.append(_purchase(row))
        elif sale not in done:
            done.add(sale)
            lines = tuple(line_of(each) for each in connection.execute(LINES_OF_SALE, (patient_id.hex, row[0], sale)))
            counted = counted_lines(lines, maybe_instant(row[10]), of_sale[sale])
            found += [_counted(row, each) for each in counted]
    return tuple(found)


def _counted(row: tuple[Any, ...], counted: CountedLine) -> Purchase:
    line = counted.line
    return Purchase(
        on=_day(row[0]),
        at=instant(row[1]),
        category=line.category,
        measures=line.measures,
        product=line.product,
        quantity=line.quantity,
        posted_at=counted.posted_at,
        kind=counted.kind,
    )


def _purchase(row: tuple[Any, ...]) -> Purchase:
    on, at, category, net_mg, volume_ul, thc_ug, count_milli, product, milli, unit, posted_at, _ = row
    return Purchase(
        _day(on),
        instant(at),
        category,
        _measures(net_mg, volume_ul, thc_ug, count_milli),
        product,
        _quantity(milli, unit),
        maybe_instant(posted_at),
    )


# Lines of a history are much alike: the same day, packages of the same size. Their values are made once.
_day = lru_cache(maxsize=1024)(date.fromisoformat)


@lru_cache(maxsize=1024)
def _measures(net_mg: int | None, volume_ul: int | None, thc_ug: int | None, count_milli: int) -> Measures:
    return Measures(net_mg, volume_ul, thc_ug, count_milli)


@lru_cache(maxsize=1024)
def _quantity(milli: int, unit: str) -> Quantity:
    return Quantity(milli, Unit(unit))


def form_draft(connection: Connection, person_id: UUID, form: str, about: UUID) -> FormDraft | None:
    """Return what a person typed in a form and did not save."""
    row = connection.execute(FORM_DRAFT, (person_id.hex, form, about.hex)).fetchone()
    return FormDraft(row[0], instant(row[1])) if row else None


def draft(connection: Connection, visit_id: UUID, person_id: UUID) -> Draft | None:
    """Return the words that a person left unsigned for a visit."""
    row = connection.execute(DRAFT, (visit_id.hex, person_id.hex)).fetchone()
    return Draft(visit_id, person_id, row[0], instant(row[1])) if row else None


def timeline(connection: Connection, patient_id: UUID, limit: int) -> tuple[Happening, ...]:
    """Return what happened to a patient, newest first."""
    key = patient_id.hex
    happenings = [
        *_notes(connection, key, limit),
        *alarms.acknowledged(connection, patient_id, limit),
        *_dispensed(connection, key, limit),
        *_amendings(connection, key, limit),
        *_asked(connection, key, limit),
        *_visits(connection, key),
    ]
    happenings.sort(key=lambda each: each.at, reverse=True)
    return tuple(happenings[:limit])


def _notes(connection: Connection, key: str, limit: int) -> list[Happening]:
    return [
        Happening(instant(at), HappeningKind.NOTE, " ".join(text[:400].split())[:200], name or "")
        for at, text, name in connection.execute(NOTES, (key, limit))
    ]


def _dispensed(connection: Connection, key: str, limit: int) -> list[Happening]:
    return [_told(HappeningKind.DISPENSED, row) for row in connection.execute(DISPENSED, (key, limit))]


def _amendings(connection: Connection, key: str, limit: int) -> list[Happening]:
    return [_told(AMENDING_KINDS[kind], tuple(row)) for *row, kind in connection.execute(AMENDINGS, (key, limit))]


def _told(kind: HappeningKind, row: tuple[Any, ...]) -> Happening:
    at, summary, receipt, name, posting, then, of = row
    state, next_try_at = PostingState(posting), instant(then)
    return Happening(instant(at), kind, summary, name or "", receipt, state, next_try_at, of)


def _asked(connection: Connection, key: str, limit: int) -> list[Happening]:
    """Return the look-ups that did not simply answer: the others are behind each act that rests on them."""
    return [
        Happening(instant(at), HappeningKind.STANDING, remark, "")
        for at, remark in connection.execute(ASKED, (key, limit))
    ]


def _visits(connection: Connection, key: str) -> list[Happening]:
    return [
        Happening(instant(at), HappeningKind.VISIT, f"{reason}{f' through {through}' if through else ''}: {state}", "")
        for at, reason, state, through in connection.execute(VISITS, (key,))
    ]
