"""What is typed in a form and not saved: kept in the store for whoever typed it, and for nobody else."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.records import HappeningKind
from pcc_desk.domain.entries import Act, FormKept

VERSION = 1
"""Of the content: what wrote another version is not taken up."""

NEWEST = 20
"""How far back in a record is looked for what was dispensed."""

Typed = Mapping[str, Any]
"""What a form gives and takes: JSON values by names of its own."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft. `ground` is what the form rested on when it was kept; it may have moved since."""

    typed: Typed
    ground: str


def written(typed: Typed, ground: str) -> str:
    """Return what is typed as it is kept; empty when nothing is."""
    if not typed:
        return ""
    whole = {"version": VERSION, "ground": ground, "typed": typed}
    return json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def keep_form(ledger: Ledger, form: str, about: UUID, patient_id: UUID | None, content: str, *, act: Act) -> None:
    """Keep what a person typed in a form; empty content says that it is no longer needed."""
    kept = ledger.form_draft(act.by, form, about)
    if content != (kept.content if kept else ""):
        ledger.record(FormKept(form, about, patient_id, act.by, content), act)


def kept_form(ledger: Ledger, form: str, about: UUID, person_id: UUID) -> Kept | None:
    """Return what a person typed in a form and did not save; None where nothing is, or it cannot be understood."""
    kept = ledger.form_draft(person_id, form, about)
    if kept is None:
        return None
    whole = json.loads(kept.content)
    if whole["version"] != VERSION:
        return None
    return Kept(whole["typed"], whole["ground"])


def last_dispensed(ledger: Ledger, patient_id: UUID) -> str:
    """Return which dispensation to a patient, correction or void is the newest; empty when there is none lately."""
    kinds = {HappeningKind.DISPENSED, HappeningKind.CORRECTED, HappeningKind.VOIDED}
    newest = (each for each in ledger.timeline(patient_id, NEWEST) if each.kind in kinds)
    return next((f"{each.kind} {each.at.isoformat()} {each.dispensation_id}" for each in newest), "")
