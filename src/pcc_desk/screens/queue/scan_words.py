"""What was scanned and whose it is, as it stands on the screen."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pcc_desk.domain.licences import Licence
from pcc_desk.domain.people import Patient
from pcc_desk.domain.scans import Scan, ScannedCard, ScannedLicence, words_of
from pcc_desk.widgets.sheet import Line

MOST_ALIKE = MOST_DOUBTS = 2


@dataclass(frozen=True, slots=True)
class Shown:
    """A scan with who is easily taken for the one whose it is."""

    scan: Scan
    alike: tuple[Patient, ...] = ()


def scan_lines(shown: Shown, today: date) -> Iterator[Line]:
    """Yield what was read, every doubt about it, and who else is called so."""
    yield ((f"Scanned: {words_of(shown.scan)}", "heading"),)
    match shown.scan:
        case ScannedLicence(licence=Licence() as licence):
            yield _licence_line(licence, today)
            for doubt in licence.doubts[:MOST_DOUBTS]:
                yield ((f"  ! {doubt}", "warning"),)
            if len(licence.doubts) > MOST_DOUBTS:
                yield (
                    (f"  ! and {len(licence.doubts) - MOST_DOUBTS} more doubts: go by the licence itself", "warning"),
                )
        case ScannedCard(warning=warning) if warning:
            yield ((f"  ! {warning}: compare it with the card", "warning"),)


def alike_lines(alike: tuple[Patient, ...], patient: Patient) -> Iterator[Line]:
    """Yield who is easily taken for a patient: a twin, somebody of the same name."""
    for each in alike[:MOST_ALIKE]:
        is_twin = each.born == patient.born
        words = "A twin?" if is_twin and each.name != patient.name else "Another of this name"
        yield ((f"  ! {words}: {each.name}, born {each.born if not is_twin else 'the same day'}", "warning"),)
    if len(alike) > MOST_ALIKE:
        yield ((f"  ! and {len(alike) - MOST_ALIKE} more of this name", "warning"),)


def _licence_line(licence: Licence, today: date) -> Line:
    if licence.expires_on is None:
        expires, tone = "expiry not read", "warning"
    elif licence.expires_on < today:
        expires, tone = f"expired {licence.expires_on}: as proof of who it is, ask for another", "warning"
    else:
        expires, tone = f"expires {licence.expires_on}", ""
    return ((f"  {licence.name}   born {licence.born}   {expires}", tone),)
