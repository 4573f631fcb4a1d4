"""The accounting of disclosures (45 CFR 164.528): what was given to whom, outside of care, payment and our own work."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from pcc_desk.desk.errors import NoSuchRecord
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.records import Disclosure
from pcc_desk.desk.rights import Right, require
from pcc_desk.desk.sight import sight_of
from pcc_desk.domain.audit_entries import Disclosed, DisclosuresTold
from pcc_desk.domain.entries import Act
from pcc_desk.domain.people import Patient
from pcc_desk.domain.shop import Shop

YEARS = 6


@dataclass(frozen=True, slots=True)
class Given:
    """What is typed of a disclosure."""

    made_on: date
    recipient: str
    address: str
    what: str
    purpose: str
    corrects: UUID | None = None


@dataclass(frozen=True, slots=True)
class Wanting:
    """Something that the law wants kept was left out. `what` names it."""

    what: str


@dataclass(frozen=True, slots=True)
class NotYet:
    """The day is still to come."""


@dataclass(frozen=True, slots=True)
class Accounting:
    """A patient's disclosures of the last six years, corrections beside what they correct."""

    patient: Patient
    since: date
    disclosures: tuple[Disclosure, ...]

    def correction_of(self, disclosure: Disclosure) -> Disclosure | None:
        """Return what says a disclosure better."""
        return next((each for each in reversed(self.disclosures) if each.corrects == disclosure.id), None)


def disclose(ledger: Ledger, patient_id: UUID, given: Given, today: date, *, act: Act) -> Disclosed | Wanting | NotYet:
    """Put a disclosure on record; what it corrects stays. Raises `NoSuchRecord` or `NotPermitted`."""
    require(ledger, act, Right.OPEN_CHART, patient_id)
    if ledger.patient(patient_id) is None:
        raise NoSuchRecord(f"There is no patient {patient_id}.")
    if given.made_on > today:
        return NotYet()
    texts = {name: " ".join(getattr(given, name).split()) for name in ("recipient", "address", "what", "purpose")}
    for name, text in texts.items():
        if not text:
            return Wanting(name)
    entry = Disclosed(act.id, patient_id, given.made_on, **texts, corrects=given.corrects)
    ledger.record(entry, act)
    return entry


def accounting(ledger: Ledger, patient_id: UUID, today: date, *, act: Act) -> Accounting:
    """Return what was disclosed of a patient in the six years that end today. Raises `NoSuchRecord`, `NotPermitted`."""
    require(ledger, act, Right.OPEN_CHART, patient_id)
    return _accounting(ledger, patient_id, today, act)


def _accounting(ledger: Ledger, patient_id: UUID, today: date, act: Act) -> Accounting:
    patient = ledger.patient(patient_id)
    if patient is None:
        raise NoSuchRecord(f"There is no patient {patient_id}.")
    since = _years_before(today)
    return Accounting(sight_of(ledger, act)(patient), since, ledger.disclosures(patient_id, since))


def give_accounting(ledger: Ledger, patient_id: UUID, where: str, today: date, *, act: Act) -> Accounting:
    """Let the accounting leave the desk, which is on record. Raises `NoSuchRecord` or `NotPermitted`."""
    require(ledger, act, Right.EXPORT, patient_id)
    told = _accounting(ledger, patient_id, today, act)
    ledger.record(DisclosuresTold(patient_id, where), act)
    return told


def _years_before(day: date) -> date:
    """Return the same day six years ago; of a 29 February that was none, the first of March."""
    try:
        return day.replace(year=day.year - YEARS)
    except ValueError:
        return date(day.year - YEARS, 3, 1)


def accounting_lines(told: Accounting, shop: Shop, today: date) -> Iterator[str]:
    """Yield the accounting as it stands on paper."""
    patient = told.patient
    yield f"{shop.name} · licence {shop.licence}"
    yield "Accounting of disclosures of protected health information (45 CFR 164.528)"
    yield f"{patient.given_name} {patient.family_name}, born {patient.born}"
    yield f"{told.since} to {today}"
    yield ""
    if not told.disclosures:
        yield "Nothing was disclosed that is to be accounted for."
    for each in told.disclosures:
        better = told.correction_of(each)
        yield f"{each.made_on}  {each.recipient}"
        yield f"            {each.address}"
        yield f"            What:    {each.what}"
        yield f"            Purpose: {each.purpose}"
        if each.corrects is not None:
            yield "            This entry corrects an earlier one, which is kept."
        if better is not None:
            yield f"            Corrected by the entry of {shop.local(better.recorded_at):%Y-%m-%d %H:%M}."
        yield f"            Recorded {shop.local(each.recorded_at):%Y-%m-%d %H:%M} by {each.by or 'nobody known'}"
        yield ""
