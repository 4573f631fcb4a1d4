"""The part of the fake ledger that knows appointments, what lapses, and the morning check."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from pcc_desk.desk.ports_visits import MissedMorning, MorningCheck
from pcc_desk.desk.records import Draft
from pcc_desk.domain import entries as happened
from pcc_desk.domain.entries import Act, Entry
from pcc_desk.domain.identity import PatientStatus
from pcc_desk.domain.lapses import STEPS, ClockKind, Lapse, LapseCount, soonest_first
from pcc_desk.domain.people import Card, Patient, Person
from pcc_desk.domain.people_entries import PatientStatusSet
from pcc_desk.domain.products import Package
from pcc_desk.domain.visit_entries import AppointmentMoved, MorningChecked, MorningsExplained
from pcc_desk.domain.visits import QueueRow, Visit, VisitState
from tests.fakes_people import FakePeople


class FakeVisits(FakePeople):
    """Implements `desk.ports_visits.VisitLedger` with dictionaries."""

    acts: dict[UUID, tuple[Entry, Act]]
    staff: dict[UUID, Person]
    patients: dict[UUID, Patient]
    all_cards: list[Card]
    visits: dict[UUID, Visit]
    drafts: dict[tuple[UUID, UUID], Draft]
    stock: dict[str, tuple[Package, datetime]]

    def _row(self, visit: Visit) -> QueueRow:
        raise NotImplementedError

    def _under_kept(self, row: QueueRow) -> QueueRow:
        raise NotImplementedError

    def _visit_moved(self, entry: happened.VisitMoved, act: Act) -> None:
        visit = self.visits[entry.visit_id]
        arrived_at = visit.arrived_at
        if entry.state is VisitState.ARRIVED and arrived_at is None:
            arrived_at = act.at
        self.visits[visit.id] = replace(visit, state=entry.state, served_by=entry.served_by, arrived_at=arrived_at)

    def _appointment_moved(self, entry: AppointmentMoved) -> None:
        visit = self.visits[entry.visit_id]
        self.visits[visit.id] = replace(
            visit,
            day=entry.day,
            appointment_at=entry.appointment_at,
            minutes=entry.minutes,
            link=entry.link,
            reason=entry.reason or visit.reason,
        )

    def visits_between(self, first: date, last: date) -> tuple[QueueRow, ...]:
        """Return the visits of some days that have a time, by that time."""
        timed = [(each.appointment_at, each) for each in self.visits.values() if first <= each.day <= last]
        found = sorted(((at, each) for at, each in timed if at), key=lambda each: (each[0], each[1].id.hex))
        return tuple(self._under_kept(self._row(each)) for _, each in found)

    def visit_from(self, origin: str) -> Visit | None:
        """Return the visit that came from somewhere."""
        found = (each for each in self.visits.values() if origin and each.origin == origin)
        return min(found, key=lambda each: each.id.hex, default=None)

    def last_morning_check(self, day: date) -> MorningCheck | None:
        """Return the newest check of a day, or of the last day before it that had one."""
        done = [(entry, act) for entry, act in self.acts.values() if isinstance(entry, MorningChecked)]
        done = [each for each in done if each[0].day <= day]
        if not done:
            return None
        entry, act = max(done, key=lambda each: (each[0].day, each[1].at, each[1].id.hex))
        return MorningCheck(entry.day, act.at, self.staff[act.by].name if act.by in self.staff else "")

    def missed_mornings(self, first: date, last: date) -> tuple[date, ...]:
        """Return the days at work whose check was never done and of which nobody said why, the last first."""
        at_work = {each.day for each in self.visits.values() if each.arrived_at is not None}
        settled: set[date] = set()
        for entry, _ in self.acts.values():
            match entry:
                case happened.DispensationRecorded(day=day):
                    at_work.add(day)
                case MorningChecked(day=day):
                    settled.add(day)
                case MorningsExplained(days=days):
                    settled.update(days)
        return tuple(sorted((each for each in at_work - settled if first <= each <= last), reverse=True))

    def explained_mornings(self, first: date, last: date) -> tuple[MissedMorning, ...]:
        """Return what was said of some days whose check was never done, the last day first."""
        said = [
            (day, act.at, act.id.hex, entry.why, self.staff[act.by].name if act.by in self.staff else "")
            for entry, act in self.acts.values()
            if isinstance(entry, MorningsExplained)
            for day in entry.days
            if first <= day <= last
        ]
        return tuple(MissedMorning(day, why, at, name) for day, at, _, why, name in sorted(said, reverse=True))

    def unsigned_notes(self, patient_id: UUID) -> tuple[date, ...]:
        """Return the days of a patient's visits with a note that was begun and not signed."""
        begun = {visit_id for visit_id, _ in self.drafts}
        ids = self.of_one(patient_id)
        theirs = (each for each in self.visits.values() if each.patient_id in ids)
        return tuple(sorted({each.day for each in theirs if each.id in begun}))

    def lapses(self, first: date, last: date, limit: int) -> tuple[Lapse, ...]:
        """Return whose card or certification ends on some days, the soonest first."""
        cards = [each for each in self._lapsing_cards() if first <= each.last_day <= last]
        papers = [each for each in self._lapsing_certifications() if first <= each.last_day <= last]
        cards.sort(key=lambda each: (each.last_day, each.patient_id.hex))
        papers.sort(key=lambda each: (each.last_day, each.patient_id.hex))
        found = [*cards[:limit], *papers[:limit]]
        kept = [(each, self.patients[self.kept_as(each.patient_id)]) for each in found]
        return tuple(sorted((replace(each, patient_id=who.id, name=who.name) for each, who in kept), key=soonest_first))

    def count_lapses(self, day: date) -> tuple[LapseCount, ...]:
        """Return how many cards and certifications end within each step."""
        counted = ((ClockKind.CARD, self._lapsing_cards()), (ClockKind.CERTIFICATION, self._lapsing_certifications()))
        return tuple(
            LapseCount(kind, step, sum(day <= each.last_day <= day + timedelta(days=step) for each in found))
            for kind, found in counted
            for step in STEPS
        )

    def _is_alive(self, record: UUID) -> bool:
        said = [each.status for each, _ in self._told(PatientStatusSet) if each.patient_id == record]
        return not said or said[-1] is not PatientStatus.DECEASED

    def _lapsing_cards(self) -> list[Lapse]:
        return [
            Lapse(
                ClockKind.CARD,
                each.patient_id,
                self.patients[each.patient_id].name,
                each.expires_on,
                each.holder_name if each.holder == "caregiver" else "",
            )
            for each in self.all_cards
            if not each.renewed_as and each.patient_id in self.patients and self._is_alive(each.patient_id)
        ]

    def _lapsing_certifications(self) -> list[Lapse]:
        return [
            Lapse(ClockKind.CERTIFICATION, each.id, each.name, each.certification_expires)
            for each in self.patients.values()
            if isinstance(each.certification_expires, date) and each.id not in self.merged and self._is_alive(each.id)
        ]

    def stock_read_at(self) -> datetime | None:
        """Return when the oldest package in stock was last read."""
        return min((at for _, at in self.stock.values()), default=None)


class FakePrinter:
    """Implements `desk.ports_outside.Printer`: keeps what it was given."""

    def __init__(self) -> None:
        self.printed: list[str] = []

    async def print(self, text: str) -> None:
        """Keep a text."""
        self.printed.append(text)
