"""The part of the ledger in memory that is about who people are."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from pcc_desk.desk.ports_people import RecordLine
from pcc_desk.domain import people_entries as told
from pcc_desk.domain.entries import Act, NoteSigned
from pcc_desk.domain.identity import (
    NO_DETAILS,
    Caregiver,
    CareLink,
    Consent,
    Details,
    FormerName,
    Merge,
    Parting,
    PatientStatus,
    Physician,
    Standing,
    standing_with,
)
from pcc_desk.domain.intake import Intake, IntakeState
from pcc_desk.domain.people import BEGINNING, Card, Patient, Person, card_key, name_key
from pcc_desk.domain.requests import Request, RequestOutcome
from pcc_desk.domain.standing_alarms import AlarmSeen, StandingAlarm, with_seen
from pcc_desk.domain.told import told_of
from pcc_desk.domain.typed_people import phone_key


class FakePeople:
    """Implements `desk.ports_people.PeopleLedger` with what `FakeLedger` holds, and over the acts that it recorded."""

    acts: dict[UUID, tuple[Any, Act]]
    patients: dict[UUID, Patient]
    all_cards: list[Card]
    merged: dict[UUID, Merge]
    noted_of: dict[UUID, list[UUID]]
    """Every record of the person when a note was signed, by the act."""
    parted: list[Parting]
    staff: dict[UUID, Person]
    former: list[tuple[UUID, FormerName, UUID]]

    def record_people(self, entry: Any, act: Act) -> None:
        """Apply an entry to what is not read from the acts."""
        if isinstance(entry, told.IntakeVerified | told.PhysicianNoted):
            entry = told.PatientChanged(entry.patient, "")
        match entry:
            case told.PatientChanged(patient=patient) if patient.id in self.patients:
                before = self.patients[patient.id]
                called = (before.family_name, before.given_name, before.born)
                if called != (patient.family_name, patient.given_name, patient.born):
                    self.former.append((patient.id, FormerName(*called, act.at, entry.why), act.id))
                self.patients[patient.id] = patient
            case told.CardNoted(card=card, replaces=replaces):
                self._put_card(card)
                old = card_key(replaces)
                self.all_cards[:] = [
                    replace(each, renewed_as=card.number)
                    if replaces and each.patient_id == card.patient_id and each.key == old and old != card.key
                    else each
                    for each in self.all_cards
                ]
            case told.CaregiverLinked(card=card):
                self._put_card(card)
            case told.PatientsMerged():
                self.merged[entry.merged_id] = Merge(entry.merged_id, entry.patient_id, act.at, act.by, entry.why)
            case told.MergeUndone(patient_id=kept, merged_id=gone):
                if gone in self.merged and self.merged[gone].kept_id == kept:
                    self.parted.append(Parting(gone, kept, self.merged.pop(gone).at, act.at))

    def _put_card(self, card: Card) -> None:
        self.all_cards[:] = [
            each for each in self.all_cards if (each.patient_id, each.key) != (card.patient_id, card.key)
        ]
        self.all_cards.append(card)

    def patients_like(self, patient: Patient, cards: tuple[Card, ...]) -> tuple[Patient, ...]:
        """Return the patients among whom one that is like this may be, by id."""
        family, given = name_key(patient.family_name), name_key(patient.given_name)
        keys = {each.key for each in cards}
        on_cards = {each.patient_id for each in self.all_cards if each.key in keys}
        phone = phone_key(patient.phone)
        found = [
            each
            for each in self.patients.values()
            if each.born == patient.born
            or each.id in on_cards
            or (phone and phone_key(each.phone) == phone)
            or _begins(each, family, given)
            or _begins(each, given, family)
        ]
        return tuple(sorted(found, key=lambda each: each.id.hex))

    def namesakes(self, patient: Patient) -> tuple[Patient, ...]:
        """Return the patients of the same birth date and names, by id."""
        wanted = patient.born, name_key(patient.family_name), name_key(patient.given_name)
        found = [
            each
            for each in self.patients.values()
            if (each.born, name_key(each.family_name), name_key(each.given_name)) == wanted
        ]
        return tuple(sorted(found, key=lambda each: each.id.hex))

    def kept_as(self, patient_id: UUID) -> UUID:
        """Return under which record a person is kept."""
        seen = [patient_id]
        while (into := self.merged.get(seen[-1])) is not None and into.kept_id not in seen:
            seen.append(into.kept_id)
        return seen[-1]

    def unmerged(self, patient_id: UUID) -> Patient | None:
        """Return the patient of one record as it stands."""
        return self.patients.get(patient_id)

    def of_one(self, patient_id: UUID) -> list[UUID]:
        """Return every record of a person, the one that is kept first."""
        found = [self.kept_as(patient_id)]
        for each in found:
            found += [one for one, into in self.merged.items() if into.kept_id == each and one not in found]
        return found

    def merges(self, patient_id: UUID) -> tuple[Merge, ...]:
        """Return which records were merged into one."""
        found = [each for each in self.merged.values() if each.kept_id == patient_id]
        return tuple(sorted(found, key=lambda each: (each.at, each.merged_id.hex)))

    def former_names(self, patient_id: UUID) -> tuple[FormerName, ...]:
        """Return what a patient was called, the last first."""
        found: list[FormerName] = []
        for one in self.of_one(patient_id):
            theirs = [(each, key) for of, each, key in self.former if of == one]
            found += [each for each, _ in sorted(theirs, key=lambda each: (each[0].until, each[1].hex), reverse=True)]
        return tuple(found)

    def _told(self, *kinds: type[Any]) -> list[tuple[Any, Act]]:
        return [(entry, act) for entry, act in self.acts.values() if isinstance(entry, kinds)]

    def patient_status(self, patient_id: UUID) -> Standing:
        """Return how a patient stands with the shop."""
        return self._stands(self.kept_as(patient_id), set())

    def _stands(self, record: UUID, seen: set[UUID]) -> Standing:
        seen.add(record)
        found = [(each, act) for each, act in self._told(told.PatientStatusSet) if each.patient_id == record]
        own = Standing(found[-1][0].status, found[-1][1].at, found[-1][0].why) if found else None
        theirs = [each for each in self.merges(record) if each.merged_id not in seen]
        others = [(each.at, self._stands(each.merged_id, seen)) for each in theirs]
        return standing_with(own or Standing(PatientStatus.ACTIVE), others)

    def while_one(self, patient_id: UUID) -> dict[UUID, list[Parting]]:
        """Return which other records counted as a person's once."""
        own = set(self.of_one(patient_id))
        found: dict[UUID, list[Parting]] = {}
        to_ask = [*own]
        while to_ask:
            one = to_ask.pop()
            for each in self.parted:
                if one in {each.merged_id, each.kept_id}:
                    for other in self.of_one(each.other(one)):
                        if other not in own and each not in found.setdefault(other, []):
                            found[other].append(each)
                            to_ask.append(other)
        return found

    def details(self, patient_id: UUID) -> Details:
        """Return what is known of a patient."""
        noted: dict[UUID, Details] = {}
        for each, _ in self._told(told.DetailsNoted, told.IntakeVerified, told.PhysicianNoted):
            noted[each.patient.id if isinstance(each, told.IntakeVerified) else each.patient_id] = each.details
        known = (noted.get(one, NO_DETAILS) for one in self.of_one(patient_id))
        return next((each for each in known if each != NO_DETAILS), NO_DETAILS)

    def caregivers(self, patient_id: UUID) -> tuple[tuple[CareLink, Caregiver], ...]:
        """Return who may buy for a patient, or might once."""
        found = []
        for one in self.of_one(patient_id):
            links = {
                link.caregiver_id: link
                for each, _ in self._told(told.CaregiverLinked)
                for link in each.links
                if link.patient_id == one
            }
            pairs = [(link, who) for link in links.values() if (who := self.caregiver(link.caregiver_id)) is not None]
            found += sorted(pairs, key=lambda each: (name_key(each[1].name), each[1].id.hex))
        return tuple(found)

    def cared_for(self, caregiver_id: UUID) -> tuple[CareLink, ...]:
        """Return for whom a caregiver may buy, or might once."""
        links = {
            link.patient_id: link
            for each, _ in self._told(told.CaregiverLinked)
            for link in each.links
            if link.caregiver_id == caregiver_id
        }
        return tuple(links[each] for each in sorted(links, key=lambda each: each.hex))

    def caregiver(self, caregiver_id: UUID) -> Caregiver | None:
        """Return a caregiver."""
        found = [
            each.caregiver
            for each, _ in self._told(told.CaregiverKept, told.CaregiverLinked)
            if each.caregiver.id == caregiver_id
        ]
        return found[-1] if found else None

    def caregivers_on(self, number: str) -> tuple[Caregiver, ...]:
        """Return the caregivers with a card of this number."""
        ids = {each.caregiver.id for each, _ in self._told(told.CaregiverKept, told.CaregiverLinked)}
        found = [who for each in ids if (who := self.caregiver(each)) is not None]
        theirs = [each for each in found if card_key(each.card_number) == card_key(number)]
        return tuple(sorted(theirs, key=lambda each: each.id.hex))

    def physician(self, physician_id: UUID) -> Physician | None:
        """Return a physician."""
        return self._physicians().get(physician_id)

    def _physicians(self) -> dict[UUID, Physician]:
        kept = (each.physician for each, _ in self._told(told.PhysicianKept, told.PhysicianNoted, told.IntakeVerified))
        return {each.id: each for each in kept if each is not None}

    def physicians(self, typed: str, limit: int) -> tuple[Physician, ...]:
        """Return the physicians whose names begin with what was typed."""
        found = [each for each in self._physicians().values() if name_key(each.name).startswith(name_key(typed))]
        return tuple(sorted(found, key=lambda each: (name_key(each.name), each.id.hex)))[:limit]

    def physicians_numbered(self, npi: str) -> tuple[Physician, ...]:
        """Return the physicians with a National Provider Identifier."""
        found = [each for each in self._physicians().values() if each.npi == npi]
        return tuple(sorted(found, key=lambda each: each.id.hex))

    def consents(self, patient_id: UUID) -> tuple[Consent, ...]:
        """Return what a patient agreed to or not."""
        found: list[Consent] = []
        for one in self.of_one(patient_id):
            found += sorted(self._consents_of(one), key=lambda each: (each.day, each.id.hex))
        return tuple(found)

    def _consents_of(self, patient_id: UUID) -> list[Consent]:
        found: dict[UUID, Consent] = {}
        for entry, _ in self._told(told.ConsentNoted, told.ConsentWithdrawn, told.IntakeVerified):
            if entry.patient_id != patient_id:
                continue
            match entry:
                case told.ConsentNoted(consent=consent):
                    found[consent.id] = consent
                case told.IntakeVerified(consents=consents):
                    found |= {each.id: each for each in consents}
                case told.ConsentWithdrawn(consent_id=gone) if gone in found:
                    found[gone] = replace(found[gone], withdrawn_on=entry.day, withdrawn_why=entry.why)
        return list(found.values())

    def intake(self, patient_id: UUID) -> Intake | None:
        """Return the last intake of a patient."""
        ids = self.of_one(patient_id)
        found: dict[UUID, Intake] = {}
        for entry, act in self._told(told.IntakeBegun, told.IntakeAnswered, told.IntakeVerified):
            if entry.patient_id not in ids:
                continue
            match entry:
                case told.IntakeBegun(intake_id=key):
                    found.setdefault(key, Intake(key, entry.patient_id, entry.form, act.at))
                case told.IntakeAnswered(intake_id=key) if key in found:
                    answers = {**found[key].answers, entry.field: entry.answer}
                    answers = {field: each for field, each in answers.items() if each}
                    found[key] = replace(found[key], answers=answers, last_field=entry.field)
                case told.IntakeVerified(intake_id=key) if key in found:
                    found[key] = replace(found[key], state=IntakeState.VERIFIED)
        return max(found.values(), key=lambda each: (each.begun_at, each.id.hex), default=None)

    def standing_alarms(self, patient_id: UUID) -> tuple[StandingAlarm, ...]:
        """Return what has to be done at once for a patient."""
        ids = self.of_one(patient_id)
        found: list[StandingAlarm] = []
        for entry, act in self._told(told.IntakeAnswered, NoteSigned):
            if entry.patient_id not in ids:
                continue
            if isinstance(entry, NoteSigned):
                found = [each for each in found if each.patient_id not in self.noted_of[act.id]]
            elif entry.alarm:
                found.append(StandingAlarm(entry.patient_id, act.at, act.id, entry.alarm))
        told_of_it = [
            AlarmSeen(act.at, self.staff[act.by].name if act.by in self.staff else "", entry.text, entry.alarms)
            for entry, act in self._told(told.AlarmAcknowledged)
            if entry.patient_id in ids
        ]
        return with_seen(found, told_of_it)

    def requests(self, patient_id: UUID) -> tuple[Request, ...]:
        """Return what a patient asked of their record."""
        theirs = [
            sorted((each for each in self._requests() if each.patient_id == one), key=_by_day)
            for one in self.of_one(patient_id)
        ]
        return tuple(each for some in theirs for each in some)

    def patient_columns(self, header: str) -> dict[str, str]:
        """Return under which title each field of a file of patients stands, as somebody said last."""
        said = [each for each, _ in self._told(told.PatientColumnsSaid) if each.header == header]
        return dict(said[-1].columns) if said else {}

    def record_of(self, patient_id: UUID) -> tuple[RecordLine, ...]:
        """Return every entry about a patient, of every record of the person, by time."""
        ids = self.of_one(patient_id)
        found = [
            RecordLine(number, act.at, self.staff[act.by].name if act.by in self.staff else "", entry)
            for number, (entry, act) in enumerate(self.acts.values(), 1)
            if told_of(entry).patient_id in ids
        ]
        return tuple(sorted(found, key=lambda each: (each.at, each.seq)))

    def open_requests(self) -> tuple[Request, ...]:
        """Return the requests that are not settled."""
        return tuple(sorted((each for each in self._requests() if each.outcome is None), key=_by_day))

    def _requests(self) -> list[Request]:
        found: dict[tuple[UUID, UUID], Request] = {}
        for entry, _ in self._told(told.RequestNoted, told.RequestSettled):
            match entry:
                case told.RequestNoted(request=request):
                    found[entry.patient_id, request.id] = replace(request, patient_id=entry.patient_id)
                case told.RequestSettled() if (entry.patient_id, entry.request_id) in found:
                    key = entry.patient_id, entry.request_id
                    is_longer = entry.outcome is RequestOutcome.EXTENDED
                    found[key] = replace(
                        found[key],
                        is_extended=is_longer or found[key].is_extended,
                        outcome=None if is_longer else entry.outcome,
                        settled_words=entry.words,
                    )
        return list(found.values())


def _by_day(request: Request) -> tuple[Any, ...]:
    return request.made_on, request.id.hex


def _begins(patient: Patient, family: str, given: str) -> bool:
    is_family = name_key(patient.family_name).startswith(family[:BEGINNING])
    return is_family and name_key(patient.given_name).startswith(given[:1])
