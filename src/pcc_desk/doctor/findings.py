"""What the doctor says, and in which forms."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from pcc_desk import __version__

SCHEMA = "doctor/1"
"""Names the form of the JSON document. A change that a reader would notice gets another number."""


class Found(StrEnum):
    """How a finding is to be taken."""

    FINE = "fine"
    INFORMATION = "information"
    WARNING = "warning"
    """The desk works, and somebody should do something about it."""
    TROUBLE = "trouble"
    """The desk does not work as it should until somebody does something about it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. `says` and `what_to_do` are sentences; `facts` are for programs."""

    subject: str
    found: Found
    says: str
    what_to_do: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def needs_somebody(self) -> bool:
        """Whether something should be done."""
        return self.found in {Found.WARNING, Found.TROUBLE}


Check = Callable[[Path], Iterator[Finding]]
"""Examines one thing, given the data folder."""


def examine(home: Path, checks: Sequence[Check]) -> tuple[Finding, ...]:
    """Return what the checks find. A check that fails itself is a finding too."""
    return tuple(finding for check in checks for finding in _run(check, home))


def _run(check: Check, home: Path) -> Iterator[Finding]:
    try:
        yield from check(home)
    except Exception as error:  # what the doctor cannot examine is told, like all it finds
        subject = check.__name__.replace("_", " ")
        says = f"Could not be examined: {type(error).__name__}: {error}."
        yield Finding(subject, Found.TROUBLE, says, "Report this with the lines around it.")


def as_lines(findings: tuple[Finding, ...]) -> str:
    """Return the report for a person: a line for each finding, what to do beneath it, and a count."""
    width = max(len(each.subject) for each in findings)
    lines = []
    for each in findings:
        lines.append(f"{_MARKS[each.found]} {each.subject:<{width}}  {each.says}")
        if each.what_to_do:
            lines.append(f"{'':<{width + 14}}{each.what_to_do}")
    wanting = sum(each.needs_somebody for each in findings)
    lines += ["", f"{wanting} of {len(findings)} need somebody." if wanting else "Nothing needs to be done."]
    return "\n".join(lines)


def status_of_findings(findings: Sequence[Finding]) -> int:
    """Return the exit status of the command: 0 when nothing needs to be done, 1 after a warning, 2 in trouble."""
    worst = {each.found for each in findings}
    return 2 if Found.TROUBLE in worst else 1 if Found.WARNING in worst else 0


_MARKS = {
    Found.FINE: "fine       ",
    Found.INFORMATION: "to know    ",
    Found.WARNING: "! warning  ",
    Found.TROUBLE: "!! trouble ",
}


def as_document(findings: tuple[Finding, ...]) -> str:
    """Return the report as one JSON object: `schema`, `version`, `ok`, and `findings` in a fixed order.

    Each finding has `subject`, `found`, `says`, `what_to_do` (may be empty) and `facts` (text by name).
    """
    document = {
        "schema": SCHEMA,
        "version": __version__,
        "ok": not any(each.needs_somebody for each in findings),
        "findings": [
            {
                "subject": each.subject,
                "found": each.found.value,
                "says": each.says,
                "what_to_do": each.what_to_do,
                "facts": dict(each.facts),
            }
            for each in findings
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2)
