"""What is known of a patient, in lines to read."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import TypeVar

from pcc_desk.desk.identity import Known
from pcc_desk.domain.identity import CareLink, Consent, FormerName, PatientStatus
from pcc_desk.domain.people import age_on
from pcc_desk.domain.requests import Request
from pcc_desk.domain.withheld import Withheld
from pcc_desk.screens.people.request_words import ASKED, clock_words
from pcc_desk.widgets.sheet import Line

T = TypeVar("T")

WIDTH = 22


def row(label: str, words: str, tone: str = "") -> Line:
    """Return a line of a label and what there is to say."""
    return ((f"{label:<{WIDTH}} ", "muted"), (words or "–", tone if words else "muted"))


def person_lines(known: Known, today: date) -> tuple[Line, ...]:
    """Return everything that is known of a patient."""
    return tuple(_lines(known, today))


def _lines(known: Known, today: date) -> Iterator[Line]:
    patient, details = known.patient, known.details
    called = f" ({details.preferred_name})" if details.preferred_name else ""
    yield ((f"{patient.name}{called}", "heading"), (f"   born {patient.born} ({age_on(patient.born, today)})", ""))
    yield _status(known)
    yield ()
    yield row("pronouns", details.pronouns)
    yield row("language", details.language)
    yield row("needs", details.accessibility)
    yield row("telephone", patient.phone)
    yield row("address", details.address)
    yield row("e-mail", details.email)
    shared = details.shared_contact
    if shared and not isinstance(shared, Withheld):
        shared = f"shared: {shared}"
    yield _row_of("wants to be reached by", details.contact_by, shared)
    yield _row_of("in an emergency", details.emergency_name, details.emergency_relation, details.emergency_phone)
    if details.home_jurisdiction:
        yield row("visitor from", f"{details.home_jurisdiction}: what was bought there is not known here", "warning")
    yield from _physician(known)
    yield ()
    for card in known.cards:
        renewed = f", renewed as {card.renewed_as}" if card.renewed_as else ""
        yield row(f"card ({card.holder})", f"{card.number}, to {card.expires_on}{renewed}")
    for link, caregiver in known.caregivers:
        yield row("guardian" if link.is_guardian else "caregiver", f"{caregiver.name}, {_span(link, today)}")
    yield from _each("was called", known.former_names, _former)
    for merge, other in known.merges:
        name = f"{other.name}, born {other.born}" if other else "a record"
        yield row("counts with it", f"{name}: {merge.why}")
    yield ()
    yield row("intake", str(known.intake) if known.intake else "not begun", "" if known.intake else "warning")
    yield from _each("consents", known.consents, _consent_line)
    yield from _each("asked", known.requests, lambda request: _request(request, today))


def _row_of(label: str, *parts: str) -> Line:
    """Return a row of several parts, as far as there is something to say; that they are withheld is said once."""
    return row(label, " · ".join(dict.fromkeys(each for each in parts if each)))


def _physician(known: Known) -> Iterator[Line]:
    """Return who certifies the patient, and where they are reached."""
    who = known.physician
    if who is None:
        yield row("physician", known.patient.certified_by)
        return
    licence, npi = who.licence and f"licence {who.licence}", who.npi and f"NPI {who.npi}"
    yield row("physician", " · ".join(each for each in (who.name, licence, npi) if each))
    fax = who.fax and f"fax {who.fax}"
    yield row("reached at", " · ".join(each for each in (who.practice, fax, who.secure_address) if each))


def _each(label: str, told: tuple[T, ...] | Withheld, line: Callable[[T], Line]) -> Iterator[Line]:
    """Return a line for each of what is told, or one that it is withheld."""
    if isinstance(told, Withheld):
        yield row(label, told, "muted")
    else:
        yield from map(line, told)


def _former(former: FormerName) -> Line:
    why = f" ({former.why})" if former.why else ""
    return row("was called", f"{former.family_name}, {former.given_name}, born {former.born}{why}")


def _consent_line(consent: Consent) -> Line:
    return row(f"consent of {consent.day}", _consent(consent), "" if consent.holds else "muted")


def _status(known: Known) -> Line:
    stands = known.standing
    tone = {PatientStatus.ACTIVE: "good"}.get(stands.status, "warning")
    why = f": {stands.why}" if stands.why else ""
    return ((f"{stands.status}{why}", tone if stands.status.is_served else "danger"),)


def _span(link: CareLink, today: date) -> str:
    until = f" to {link.ends}" if link.ends else ""
    state = "" if link.holds_on(today) else (" · not yet" if today < link.starts else " · ended")
    return f"from {link.starts}{until}{state}"


def _consent(consent: Consent) -> str:
    purpose = consent.purpose.replace("_", " ")
    if not consent.is_given:
        return f"{purpose}: refused"
    by_whom = f" by {consent.by_whom}" if consent.by_whom else ""
    if consent.withdrawn_on is not None:
        return f"{purpose}: withdrawn {consent.withdrawn_on} ({consent.withdrawn_why})"
    return f"{purpose}: given{by_whom}, words of {consent.version}"


def _request(request: Request, today: date) -> Line:
    label = f"asked {request.made_on}"
    what = ASKED[request.kind]
    if request.outcome is not None:
        told = f" ({request.settled_words})" if request.settled_words else ""
        return row(label, f"{what}: {request.words} · {request.outcome}{told}")
    clock, tone = clock_words(request, today)
    return row(label, f"{what}: {request.words} · {clock}", tone)
