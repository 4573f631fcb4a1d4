"""Reads the bar code of a driver licence or identity card (AAMVA, PDF417), as a scanner types it.

Scanners lose control characters, send others instead, or stop in the middle. So: what the header says of positions is
not believed, elements are known by their ids, and the length that the header announces is held against what came. Only
name, birth date, expiry, issuer and the end of the number are kept. A licence proves who somebody is; it never stands
for the medical card.

Sources: AAMVA DL/ID Card Design Standard, versions 1 to 10; the reference's §12.4 of the counter.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from pcc_desk.domain.licence_elements import Elements, Header, elements_of, header_of

EARLIEST = 1900
"""No older person comes, and no licence is so old: by it the two orders of a date are always told apart."""

_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ .'’,-])*")
_UNKNOWN_MIDDLE = frozenset({"NONE", "UNAVL", "UNAVAIL"})


@dataclass(frozen=True, slots=True)
class Licence:
    """What is kept of a licence. Names as printed; dates are calendar days."""

    family_name: str
    given_name: str
    middle_name: str
    born: date
    expires_on: date | None
    """None: could not be read. Never read as "does not expire"."""
    number_end: str
    """The last four characters of its number; empty: could not be read."""
    issuer: str
    """The code of the state or province: MI. Empty: not known."""
    family_is_cut: bool = False
    """The family name was cut to fit, or may have been: it is no longer compared exactly."""
    given_is_cut: bool = False
    doubts: tuple[str, ...] = ()
    """Why something of it may be wrong, each a clause; nothing: it was read whole."""

    @property
    def is_whole(self) -> bool:
        """Whether everything came that was announced, and all of it was understood."""
        return not self.doubts

    @property
    def name(self) -> str:
        """Family name first."""
        return f"{self.family_name}, {' '.join(each for each in (self.given_name, self.middle_name) if each)}"


@dataclass(frozen=True, slots=True)
class LicenceNotRead:
    """It is no licence, or what is needed of it could not be read. `reason` is a sentence that says what to do."""

    reason: str


def read_licence(text: str, issuers: Mapping[str, str], today: date) -> Licence | LicenceNotRead:
    """Return what a licence says, with every doubt about it.

    Two neighbouring letters that changed places cannot be told, since the bar code bears no check of its own once it
    is text: whoever looks at the licence compares the name, and an exact match with the record is asked for anyway.
    """
    header = header_of(text)
    elements = elements_of(text, header)
    if elements is None:
        return LicenceNotRead(
            "This is not the bar code of a licence. Scan the large one on its back, or type the name."
        )
    doubts = list(header.doubts + elements.doubts)
    read = _named(elements, doubts)
    if isinstance(read, LicenceNotRead):
        return read
    born = licence_date(elements.get("DBB"))
    if born is None or born > today:
        said = elements.get("DBB")
        wrong = f"its birth date “{said}” is no date" if said else "no birth date came"
        return LicenceNotRead(f"The licence was not read: {wrong}. Scan it again, or type name and birth date.")
    expires_on = licence_date(elements.get("DBA"))
    if expires_on is None or expires_on <= born:
        doubts.append("its expiry date could not be read")
        expires_on = None
    _compare_issued(elements, born, expires_on, doubts)
    number = "".join(each for each in elements.get("DAQ") if each.isalnum())
    if len(number) < 4:
        doubts.append("its number could not be read")
    issuer = issuers.get(header.issuer, "")
    if not issuer:
        doubts.append("who issued it is not known")
    return replace(
        read,
        born=born,
        expires_on=expires_on,
        number_end=number[-4:],
        issuer=issuer,
        doubts=tuple(dict.fromkeys(doubts)),
    )


def licence_date(text: str) -> date | None:
    """Return a date as a licence has it: MMDDCCYY of the States, or CCYYMMDD of Canada and of version 1.

    No text is a date in both orders: no year begins with a month. None for anything else, 31 February included.
    """
    if len(text) != 8 or not (text.isascii() and text.isdecimal()):
        return None
    for year, month, day in ((text[4:], text[:2], text[2:4]), (text[:4], text[4:6], text[6:])):
        try:
            found = date(int(year), int(month), int(day))
        except ValueError:
            continue
        if EARLIEST <= found.year < EARLIEST + 250:
            return found
    return None


def _named(elements: Elements, doubts: list[str]) -> Licence | LicenceNotRead:
    """Return the names alone; the rest is filled in by who asked."""
    family = elements.get("DCS") or elements.get("DAB")
    given = elements.get("DAC") or elements.get("DCT")
    middle = elements.get("DAD")
    if "DAC" not in elements.values and "," in given:
        given, _, middle = given.partition(",")
    if not family:
        family, given, middle = _parted(elements.get("DAA"), doubts)
    if not family:
        return LicenceNotRead("The licence was not read: no family name came. Scan it again, or type the name.")
    if not given:
        doubts.append("no given name came")
    if middle.upper() in _UNKNOWN_MIDDLE:
        middle = ""
    if any(each and not _NAME.fullmatch(each) for each in (family, given, middle)):
        doubts.append("its name holds something that is no letter")
    return Licence(
        family,
        given.strip(),
        middle.strip(),
        born=date.min,
        expires_on=None,
        number_end="",
        issuer="",
        family_is_cut=elements.get("DDE") in {"T", "U"},
        given_is_cut=elements.get("DDF") in {"T", "U"},
    )


def _parted(full: str, doubts: list[str]) -> tuple[str, str, str]:
    """Return family, given and middle name of a full one, as version 1 has it: parted by commas, family name first."""
    parts = [each.strip() for each in full.split(",")]
    if len(parts) > 1:
        return parts[0], parts[1], " ".join(each for each in parts[2:] if each)
    words = full.split()
    if len(words) > 1:
        doubts.append("which of its names is the family name could not be told")
    return (words[0], " ".join(words[1:]), "") if words else ("", "", "")


def _compare_issued(elements: Elements, born: date, expires_on: date | None, doubts: list[str]) -> None:
    said = elements.get("DBD")
    issued = licence_date(said)
    if said and (issued is None or issued < born or (expires_on is not None and issued > expires_on)):
        doubts.append("its dates do not go together")


__all__ = ["Header", "Licence", "LicenceNotRead", "licence_date", "read_licence"]
