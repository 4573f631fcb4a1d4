"""One patient's whole record, to be read by a person, and as a document for a program: two files in a folder."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pcc_desk.domain.entries import Act
from pcc_desk.domain.identity import Physician
from pcc_desk.domain.people import Patient, name_key
from pcc_desk.domain.people_entries import RequestNoted, RequestSettled
from pcc_desk.domain.shop import Shop
from pcc_desk.domain.withheld import as_far_as_given
from pcc_desk.home import write_private
from pcc_desk.store import codec

if TYPE_CHECKING:
    from pcc_desk.desk.bringing import WholeRecord

WORDS = {
    "patient.registered": "was put on record",
    "patient.changed": "name or other data were changed",
    "patient.details": "details were noted",
    "patient.status_set": "the status was set",
    "card.noted": "a card was noted",
    "caregiver.linked": "a caregiver was noted",
    "patient.physician": "the certifying physician was noted",
    "consent.noted": "a consent was given or refused",
    "consent.withdrawn": "a consent was taken back",
    "intake.answered": "a question was answered",
    "intake.verified": "the intake was finished",
    "alarm.acknowledged": "somebody saw what had to be done at once, and said what was done",
    "visit.booked": "an appointment was booked",
    "patient.checked_in": "came in",
    "visit.moved": "the visit went on",
    "standing.asked": "the registry was asked",
    "note.signed": "a consultation note was signed",
    "dispensation.recorded": "something was handed over",
    "dispensation.corrected": "what was handed over was corrected",
    "dispensation.voided": "what was handed over was struck",
    "disclosure.made": "something was disclosed",
    "disclosures.told": "an accounting of disclosures was made",
    "patients.merged": "another record was found to be of the same person",
    "patients.merge_undone": "a record that was taken for the same person's stands by itself again",
    "intake.begun": "an intake was begun",
    "appointment.moved": "an appointment was moved or changed",
    "entitlement.noted": "what the certification or the state allows was noted",
    "amount.set": "an amount of the allotment was set",
    "hold.placed": "a part of the allotment was set aside",
    "hold.closed": "what was set aside of the allotment was taken up or let go",
    "posting.moved": "the report of what was handed over went on its way to the state, or arrived",
    "request.noted": "a request about the record was made",
    "request.settled": "a request about the record was answered",
    "record.given": "the whole record was written out",
    "record.looked_at": "the record was looked at",
    "trail.looked_at": "who did what with the record was looked at",
    "chart.opened": "the record was opened",
    "sheet.printed": "a sheet was printed",
    "draft.kept": "a note that was not finished was kept",
    "form.kept": "a form that was not finished was kept",
    "act.denied": "something that a role may not do was refused",
}
"""What the kinds of entries about a patient mean."""


class RecordFiles:
    """Implements `desk.bringing.RecordsOut`: files that only whoever runs the desk can read."""

    def why_not(self, folder: str) -> str:
        """Return why nothing can be written into a folder; empty when it can, as far as is seen."""
        if not folder.strip():
            return "Type the folder for the two files."
        try:
            is_there = Path(folder).expanduser().is_dir()
        except (OSError, RuntimeError, ValueError):
            is_there = False
        return "" if is_there else "There is no such folder. Make it, or type another."

    async def write(self, whole: "WholeRecord", shop: Shop, act: Act, folder: str) -> str:
        """Write a record into a folder; return where, without the ending. Raises `OSError`."""
        return str(await asyncio.to_thread(write_record, whole, shop, act, Path(folder).expanduser()))


def write_record(whole: "WholeRecord", shop: Shop, act: Act, folder: Path) -> Path:
    """Write a record that an act handed out, as .txt and .json; return where, without the ending.

    Both lie there, or neither. Raises `OSError`, which names what could not be taken away again.
    """
    name = folder / f"record-{shop.day(act.at)}-{act.id.hex[-8:]}"
    texts = {
        ".txt": "\n".join(as_lines(whole, shop, act.at)) + "\n",
        ".json": json.dumps(as_document(whole, shop, act.at), ensure_ascii=False, indent=1) + "\n",
    }
    files = {folder / f"{name.name}{end}": text for end, text in texts.items()}
    try:
        for file, text in files.items():
            write_private(file, text.encode())
    except OSError as error:
        left = [file.name for file in files if not _is_gone(file)]
        if left:
            why = f"{error.strerror or 'it failed'}; {', '.join(left)} may lie there still, to be deleted"
            raise OSError(error.errno, why) from error
        raise
    return name


def _is_gone(file: Path) -> bool:
    """Take a file away, and tell whether it is."""
    try:
        file.unlink(missing_ok=True)
    except OSError:
        return False
    return True


def as_document(whole: "WholeRecord", shop: Shop, at: datetime) -> dict[str, Any]:
    """Return the record as plain values: every entry as the journal holds it, with when and by whom."""
    return {
        "shop": {"name": shop.name, "licence": shop.licence, "jurisdiction": shop.jurisdiction},
        "written_at": at.isoformat(),
        "patient": {
            "family_name": whole.known.patient.family_name,
            "given_name": whole.known.patient.given_name,
            "born": whole.known.patient.born.isoformat(),
            "status": whole.known.standing.status.value,
            "cards": [
                {"number": each.number, "holder": each.holder.value, "expires": each.expires_on.isoformat()}
                for each in whole.known.cards
            ],
        },
        "entries": [
            {
                "number": each.seq,
                "at": each.at.isoformat(),
                "by": each.by_name or "the desk itself",
                "kind": each.entry.name,
                "content": json.loads(codec.written(each.entry)),
            }
            for each in whole.lines
        ],
    }


def as_lines(whole: "WholeRecord", shop: Shop, at: datetime) -> Iterator[str]:
    """Yield the record as lines to read."""
    patient, details = whole.known.patient, whole.known.details
    yield f"{shop.name}, licence {shop.licence}. The record of one patient, written {shop.written(at)}."
    yield "You may see it, have a copy of it (45 CFR 164.524) and ask that it be amended (45 CFR 164.526)."
    yield ""
    yield f"{patient.name}, born {patient.born}. Status: {whole.known.standing.status}."
    told = {
        "Telephone": patient.phone,
        "Address": details.address,
        "E-mail": details.email,
        "Language": details.language,
        "Needs": details.accessibility,
        "Certified by": _certified(patient, whole.known.physician),
    }
    yield from (f"{label}: {words}" for label, words in told.items() if words)
    yield from (f"Card {each.number} ({each.holder}), to {each.expires_on}" for each in whole.known.cards)
    yield from (
        f"Was called {each.family_name}, {each.given_name}" for each in as_far_as_given(whole.known.former_names)
    )
    for consent in as_far_as_given(whole.known.consents):
        state = "holds" if consent.holds else "refused or withdrawn"
        yield f"Consent, {consent.purpose.replace('_', ' ')}, words of {consent.version}: {state}"
    if whole.intake is not None:
        yield ""
        yield f"Intake, {whole.intake.state}:"
        yield from _answers(whole.intake.answers, whole.asked)
    yield ""
    yield "What happened, by time:"
    for each in whole.lines:
        by = f", {each.by_name}" if each.by_name else ""
        what = WORDS.get(each.entry.name, each.entry.name)
        yield f"{shop.written(each.at)}{by}: {what}{_rest(each.entry, whole.asked)}"


def _certified(patient: Patient, physician: Physician | None) -> str:
    """Return who certifies a patient: as typed for them, and as that physician is called now where it differs."""
    if physician is None or name_key(physician.name) == name_key(patient.certified_by):
        return patient.certified_by
    return f"{patient.certified_by or 'not told'}; physician on record: {physician.name}"


def _answers(answers: Mapping[str, str], asked: Mapping[str, str]) -> Iterator[str]:
    """Yield what was answered, in the order in which it is asked; by its key what is asked no more."""
    keys = [*(each for each in asked if each in answers), *sorted(each for each in answers if each not in asked)]
    yield from (f"  {asked.get(key, key)}: {answers[key]}" for key in keys)


def _rest(entry: Any, asked: Mapping[str, str]) -> str:
    """Return what an entry says in words of its own: a note, what was handed over, an answer, a request."""
    given = getattr(entry, "dispensation", None) or getattr(entry, "amendment", None)
    words = getattr(given, "summary", "") or getattr(entry, "text", "")
    match entry:
        case RequestNoted():
            words = f"{entry.request.kind}: {entry.request.words}"
        case RequestSettled():
            words = f"{entry.outcome}: {entry.words}" if entry.words else entry.outcome.value
    if not words and hasattr(entry, "field"):
        words = f"{asked.get(entry.field, entry.field)}: {entry.answer}"
    return f". {' '.join(str(words).split())}" if words else ""
