"""Who comes today with what each needs, and whose papers end soon, as rows of one list."""

from datetime import date

from pcc_desk.desk.care import RequestWaiting
from pcc_desk.desk.morning import Low
from pcc_desk.desk.ports_visits import MissedMorning
from pcc_desk.desk.today import MISSED_DAYS, Lapsing, NotRead, Prepared, Rest
from pcc_desk.domain.answers import CannotTell
from pcc_desk.domain.lapses import STEPS, ClockKind, Lapse
from pcc_desk.domain.preparing import Need, NeedKind
from pcc_desk.domain.shop import Shop
from pcc_desk.domain.visits import QueueRow, VisitState
from pcc_desk.screens.people.request_words import ASKED, clock_words
from pcc_desk.screens.today.lights import READING
from pcc_desk.screens.words import asked_words, day_words, figure, short_unit, until
from pcc_desk.widgets.listing import Column, Row

COLUMNS = (
    Column("At", 6, align="right"),
    Column("Name", 24),
    Column("For", 13),
    Column("Needs", 12, grow=True),
)

CLOCKS = {ClockKind.CARD: "cards", ClockKind.CERTIFICATION: "certifications"}
LAPSE = "lapse"
"""What the key of a row begins with that is about a paper and not about a visit."""


MISSED = "missed"
"""What the key of a row begins with that is about a morning without a check."""

EXPLAINED = "explained"
"""What the key of a row begins with that is about a morning of which somebody said why it had none."""

REQUEST = "request"
"""What the key of a row begins with that is about a request for a patient's own record."""

MISSED_SHOWN = 3
"""Mornings that are listed, so that they do not push away who comes today; the others are counted."""


def day_rows(
    rows: tuple[QueueRow, ...],
    rest: Rest,
    shop: Shop,
    today: date,
    *,
    missed: tuple[date, ...] = (),
    explained: tuple[MissedMorning, ...] = (),
) -> tuple[Row, ...]:
    """Return mornings without a check, requests, appointments, each clock with its steps, and why others had none."""
    prepared = {each.visit.id: each for each in rest.prepared}
    listed = [
        *_missed(missed),
        *_requests(rest.requests, today),
        Row("", ("", f"appointments {len(rows)}", "", ""), "heading"),
        *(_visit(row, prepared.get(row.visit.id), shop, today) for row in rows),
    ]
    for kind in ClockKind:
        listed += _clock(kind, rest.lapsing, today)
    return tuple(listed + _explained(explained, shop, today))


def _missed(days: tuple[date, ...]) -> list[Row]:
    if not days:
        return []
    shown = days[:MISSED_SHOWN]
    more = f", the last {len(shown)} of them" if len(days) > len(shown) else ""
    return [
        Row("", ("", f"mornings without a check {len(days)}{more}", "", ""), "heading"),
        *(Row(f"{MISSED}|{day}", ("", day_words(day), "no check", "m notes why"), "warning") for day in shown),
    ]


def _requests(requests: tuple[RequestWaiting, ...] | NotRead, today: date) -> list[Row]:
    if isinstance(requests, NotRead) or not requests:
        return []
    return [
        Row("", ("", f"requests about their own record {len(requests)}", "", ""), "heading"),
        *(_request(each, today) for each in requests),
    ]


def _request(waiting: RequestWaiting, today: date) -> Row:
    request = waiting.request
    clock, tone = clock_words(request, today)
    cells = ("", waiting.name, "request", f"{clock} · {ASKED[request.kind]}")
    return Row(f"{REQUEST}|{request.id}|{request.patient_id}", cells, tone)


def _explained(mornings: tuple[MissedMorning, ...], shop: Shop, today: date) -> list[Row]:
    if not mornings:
        return []
    rows = (
        Row(
            f"{EXPLAINED}|{number}",
            ("", day_words(each.day), "no check", f"{said_words(each, shop, today)}: {each.why}"),
        )
        for number, each in enumerate(mornings)
    )
    return [Row("", ("", f"why there was no check, last {MISSED_DAYS} d {len(mornings)}", "", ""), "heading"), *rows]


def said_words(morning: MissedMorning, shop: Shop, today: date) -> str:
    """Return who said why a morning had no check, and when."""
    return f"{morning.by_name}, {asked_words(morning.at, shop, today)}".lstrip(", ")


def _visit(row: QueueRow, prepared: Prepared | None, shop: Shop, today: date) -> Row:
    visit = row.visit
    at = f"{shop.local(visit.appointment_at):%H:%M}" if visit.appointment_at else "–"
    needs = READING if prepared is None else needs_words(prepared, today)
    is_here = visit.state is not VisitState.EXPECTED
    where = f"{visit.state.value} · " if is_here else ""
    tone = "muted" if visit.state.is_over else ""
    return Row(str(visit.id), (at, row.patient.name, visit.reason.value, f"{where}{needs}"), tone)


def needs_words(prepared: Prepared, today: date) -> str:
    """Return what a visit needs, in words; that there is nothing to see to is said too."""
    words = [_need(each, today) for each in prepared.needs if each.kind is not NeedKind.FOLLOW_UP]
    if prepared.low is not None:
        words.append(low_words(prepared.low))
    return " · ".join(words) or "nothing to prepare"


def low_words(low: Low) -> str:
    """Return how little is left of a limit, and when more comes back."""
    if isinstance(low.left, CannotTell):
        return f"allotment: cannot tell ({low.left.reason})"
    back = f" until {day_words(low.then.on)}" if low.then else ""
    return f"allotment low: {figure(low.left)} {short_unit(low.limit.unit)}{back}"


def _need(need: Need, today: date) -> str:
    day = need.day
    match need.kind:
        case NeedKind.NEW:
            return "first visit"
        case NeedKind.MINOR:
            return "minor: with guardian"
        case NeedKind.CAREGIVER:
            return "caregiver: for whom?"
        case NeedKind.CARD_ENDS | NeedKind.CERTIFICATION_ENDS if day is not None:
            left = until(day, today)
            return f"{need.kind} {left if left.startswith(('lapsed', 'last')) else f'ends in {left}'}"
        case NeedKind.UNSIGNED if day is not None:
            return f"note unsigned from {day_words(day)}"
        case _:
            return need.kind.value


def _clock(kind: ClockKind, lapsing: Lapsing | NotRead, today: date) -> list[Row]:
    name = CLOCKS[kind]
    if isinstance(lapsing, NotRead):
        return [Row("", ("", f"{name} that end soon: {READING}", "", ""), "heading")]
    counts = {each.within_days: each.count for each in lapsing.counts if each.kind is kind}
    steps = " · ".join(f"{step} d {counts.get(step, 0)}" for step in STEPS)
    soonest = [each for each in lapsing.soonest if each.kind is kind]
    rows = [Row("", ("", f"{name} that end within {steps}", "", ""), "heading")]
    return [*rows, *(_lapse(number, each, today) for number, each in enumerate(soonest))]


def _lapse(number: int, lapse: Lapse, today: date) -> Row:
    left = (lapse.last_day - today).days
    words = "last day today" if left == 0 else f"last day {day_words(lapse.last_day)}"
    through = f" · {lapse.holder}'s, as caregiver" if lapse.holder else ""
    key = f"{LAPSE}|{lapse.kind}|{number}|{lapse.patient_id}"
    return Row(key, (f"{left} d", lapse.name, lapse.kind.value, f"{words}{through}"))
