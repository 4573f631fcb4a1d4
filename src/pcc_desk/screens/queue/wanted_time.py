"""The time of an appointment that somebody is asked to type, and what stands in its way."""

from dataclasses import dataclass
from uuid import UUID

from pcc_desk.desk.appointments import InTheWay
from pcc_desk.desk.desk import Desk
from pcc_desk.domain.typed_appointments import NotUnderstood, TypedAppointment, understand


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody is asked to type the time of. What the line does not say is as in `unsaid`, but for the link."""

    title: str
    typed: str
    unsaid: TypedAppointment
    patient_id: UUID
    moving: UUID | None = None
    """The appointment that is moved; None: a new one is booked."""

    def read(self, line: str) -> TypedAppointment | NotUnderstood:
        """Return what a line says."""
        return understand(line, self.unsaid.at.date(), self.unsaid.minutes, self.unsaid.reason)

    def trouble(self, line: str) -> str:
        """Return why a line cannot be used; empty where it can."""
        read = self.read(line)
        return read.why if isinstance(read, NotUnderstood) else ""


def way_words(way: InTheWay, desk: Desk) -> str:
    """Return what stands at that time already, in a sentence or two."""
    words = []
    if way.closed:
        words.append(f"{way.closed[0].upper()}{way.closed[1:]}.")
    if way.others:
        names = [
            f"{row.patient.name} at {desk.shop.local(row.visit.appointment_at):%H:%M}"
            for row in way.others
            if row.visit.appointment_at is not None
        ]
        words.append(f"Booked then already: {', '.join(names[:3])}.")
    return " ".join(words)
