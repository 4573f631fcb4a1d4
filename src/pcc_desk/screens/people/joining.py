"""The forms by which two records count as one person's, and by themselves again."""

from collections.abc import Mapping
from typing import assert_never
from uuid import UUID

from pcc_desk.desk.audit import note_search, on_record
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.identity import Changed, Known, NoReason
from pcc_desk.desk.merging import (
    Beside,
    PapersSince,
    PapersStand,
    SameRecord,
    UnderWay,
    beside,
    merge,
    part,
)
from pcc_desk.desk.queue import find_patients
from pcc_desk.desk.records import FoundPatient
from pcc_desk.domain.people import Patient
from pcc_desk.screens.people.ask import NEEDS_WHY, WHOLE_FORM, WHY, Answer, Ask, saved_words
from pcc_desk.widgets.form import Question

SERVED_JUST_NOW = "The person is being served just now. End the visit first."


async def merge_form(desk: Desk, known: Known) -> Ask:
    """Return the form that lets another record count with this one, which is kept."""
    asked = (Question("other", "the other record", "card number, name or birth date"), WHY)
    shown: set[UUID] = set()

    async def save(typed: Mapping[str, str]) -> Answer:
        other = await _other(desk, known, typed["other"])
        if not isinstance(other, FoundPatient):
            return other
        if not typed["why"].strip():
            return {"why": f"{_called(other)}: say by what you know that it is one person."}
        if other.patient_id not in shown:
            told = await desk.store.read(beside, known.patient.id, other.patient_id, act=desk.act())
            shown.clear()
            shown.add(other.patient_id)
            return {WHOLE_FORM: _before_merging(told)}
        act = desk.act()
        outcome = await desk.store.write(merge, known.patient.id, other.patient_id, typed["why"], desk.today, act=act)
        if isinstance(outcome, Changed):
            return saved_words(desk, act, f"{_called(other)}, counts with {known.patient.name}.")
        return _not_merged(outcome, _called(other))

    lead = (
        "This record is kept. Both histories count from then on, and it can be undone. "
        "Who is banned or deceased by one of them is not served."
    )
    return Ask(desk, known.patient, "Merge with another record", lead, asked, save=save)


async def _other(desk: Desk, known: Known, typed: str) -> FoundPatient | Mapping[str, str]:
    """Return the one other patient who is found by what was typed, or what to type instead."""
    if not typed:
        return {"other": "Type the card number of the other record, its name, or its birth date."}
    found = await desk.store.read(find_patients, typed, act=desk.act())
    others = {each.patient_id: each for each in found if each.patient_id != known.patient.id}
    await on_record(desk, note_search, typed, len(others), act=desk.act())
    if len(others) != 1:
        names = "; ".join(f"{each.name}, born {each.born}" for each in list(others.values())[:4])
        return {"other": f"{len(others)} others are found by that{f': {names}' if names else ''}. Type its card."}
    (other,) = others.values()
    return other


def _called(patient: Patient | FoundPatient) -> str:
    return f"{patient.name}, born {patient.born}"


def _before_merging(told: Beside) -> str:
    """Return whom a person is about to take for one, and what will not be as it was."""
    words = [f"{_called(told.other)}, and {_called(told.kept)}: are they one person?"]
    if told.kept.born != told.other.born:
        words.append("Their birth dates are not the same.")
    if not told.standing.status.is_served:
        words.append(f"The other is {told.standing.status} ({told.standing.why}): so are both, once merged.")
    if told.intake is not None:
        words.append(f"The other has an intake ({told.intake}); the one that was begun last counts.")
    if told.differing:
        names = ", ".join(each.replace("_", " ") for each in told.differing)
        words.append(f"They differ in {names}; what stands in this record counts.")
    return " ".join([*words, "Press f2 again to merge them."])


def _not_merged(outcome: NoReason | SameRecord | UnderWay | PapersStand, other: str) -> Mapping[str, str]:
    """Return why two records do not count together, and what to do."""
    match outcome:
        case NoReason():
            return {"why": f"{other}: say by what you know that it is one person."}
        case SameRecord():
            return {"other": "That is this record."}
        case UnderWay():
            return {WHOLE_FORM: "One of the two is being served just now. End the visit first."}
        case PapersStand(patient=patient):
            return {WHOLE_FORM: f"{patient.name} has papers that this record lacks. Merge from that record."}
        case _:
            assert_never(outcome)


async def part_form(desk: Desk, known: Known) -> Ask:
    """Return the form that undoes a merge."""
    names = {f"{other.name}, born {other.born}": each for each, other in known.merges if other is not None}
    asked = (Question("other", "which record", choices=tuple(names)), WHY)

    async def save(typed: Mapping[str, str]) -> Answer:
        undone = names.get(typed["other"])
        if undone is None:
            return {"other": f"Type the beginning of one of: {'; '.join(names)}."}
        act = desk.act()
        outcome = await desk.store.write(part, known.patient.id, undone.merged_id, typed["why"], desk.today, act=act)
        match outcome:
            case Changed():
                return saved_words(desk, act, f"{typed['other']} counts by itself again.")
            case NoReason():
                return NEEDS_WHY
            case UnderWay():
                return {WHOLE_FORM: SERVED_JUST_NOW}
            case PapersSince():
                return {WHOLE_FORM: _papers_words(outcome)}
            case _:
                assert_never(outcome)

    lead = (
        "Each record has then what was put under its own name. What was handed over while they counted as one "
        "counts for both."
    )
    stands = {"other": next(iter(names))} if len(names) == 1 else {}
    return Ask(desk, known.patient, "Part two records", lead, asked, save=save, values=stands)


def _papers_words(since: PapersSince) -> str:
    """Return which papers keep two records together, and what to do."""
    if since.amounts:
        amounts = "; ".join(
            f"{'waiver' if each.is_waiver else 'amount'} for {each.limit_id} ({each.paper})" for each in since.amounts
        )
        return (
            f"Since the merge were noted: {amounts}. Nobody can tell whose they are: end each before today in Papers, "
            "part the two, then note it for the one whose it is."
        )
    groups = ", ".join(since.before.groups) or "none"
    return (
        f"Groups or first days were noted since the merge. Put them back in Papers as they were (groups: {groups}; "
        f"first day: {since.before.anchor or 'none'}; order from: {since.before.order_began or 'none'}), part the two, "
        "then note them for the one whose they are."
    )
