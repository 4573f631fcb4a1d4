"""Parts what a scanner typed of a licence into its elements, and says what is wrong with it."""

import re
from dataclasses import dataclass, field

TYPES = ("DL", "ID", "EN")
"""The part with the person: of a driver licence, an identity card, an enhanced licence."""

_HEADER = re.compile(
    r"(?P<mark>[@\"]?)[\x00-\x20]*(?P<kind>ANSI|AAMVA)[\x00-\x20]*(?P<digits>[0-9]{6,14})(?P<files>(?:[A-Z]{2}[0-9]{8})*)"
)
_FILE = re.compile(r"([A-Z]{2})[0-9]{4}([0-9]{4})")
_BREAK = re.compile(r"[\r\n\x1c-\x1f]+")
_ID = re.compile(r"[DP][A-D][A-Z]")
_BEGIN = re.compile(rf"(?:{'|'.join(TYPES)})(?=[DP][A-D][A-Z])")
_DAYS = "DBA|DBB|DBD|DDB|DDC|DDH|DDI|DDJ"
_FREE = "DAA|DAB|DAC|DAD|DAE|DAG|DAH|DAI|DAQ|DCA|DCB|DCD|DCF|DCK|DCS|DCT|DCU"
_EMBEDDED = re.compile(
    rf"(?:{_DAYS})(?=[0-9]{{8}})|DD[EFG](?=[TNU])|DDA(?=[FN])|DD[DKL](?=[01])|DBC(?=[0129MFX])|DA[YZ](?=[A-Z]{{3}})"
    rf"|DAJ(?=[A-Z]{{2}})|DAK(?=[0-9A-Z]{{5}})|DAU(?=[0-9])|DAW(?=[0-9]{{2}})|DCG(?=USA|CAN|MEX)|{_FREE}"
)
"""Where an element may begin in text that lost what parts them. Some are known by what follows."""

NEEDED = (("DCS", "DAB", "DAA"), ("DBB",))
"""Of each of these one is needed, or there is nothing to know somebody by."""


@dataclass(frozen=True, slots=True)
class Header:
    """What stands before the elements."""

    issuer: str = ""
    """Six digits; empty: not known."""
    version: int | None = None
    types: tuple[str, ...] = ()
    length: int | None = None
    """The announced length of the part with the person. None: not known."""
    ends: int = 0
    """Where the elements begin in the text."""
    is_there: bool = False
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Elements:
    """The elements by their ids."""

    values: dict[str, str] = field(default_factory=dict)
    doubts: tuple[str, ...] = ()

    def get(self, name: str) -> str:
        """Return a value without blanks around it; empty when there is none."""
        return self.values.get(name, "").strip()


def header_of(text: str) -> Header:
    """Return the header, as far as it can be read."""
    found = _HEADER.search(text)
    if found is None:
        return Header(doubts=("its beginning is missing",))
    doubts = []
    if found["mark"] == '"':
        doubts.append("the scanner’s keyboard layout is not the computer’s, so letters may stand for others")
    digits, files = found["digits"], _FILE.findall(found["files"])
    version = int(digits[6:8]) if len(digits) == 12 or (len(digits) == 10 and digits[6:8] in {"00", "01"}) else None
    is_sound = version is not None and int(digits[-2:]) == len(files) > 0
    rest = text[found.end() :]
    length = next((int(each) for kind, each in files if kind in TYPES), None)
    if not is_sound or length is None or not rest.lstrip("\r\n\x1c\x1d\x1e\x1f").startswith(files[0][0]):
        doubts.append("its beginning is damaged")
        length = None
    issuer = digits[:6] if version is not None else ""
    return Header(issuer, version, tuple(kind for kind, _ in files), length, found.end(), True, tuple(doubts))


def elements_of(text: str, header: Header) -> Elements | None:
    """Return the elements; None when there is nothing of a licence in the text."""
    body = text[header.ends :]
    begin = _BEGIN.search(body)
    if begin is not None:
        body = body[begin.end() :]
    elif not header.is_there and len(_ID.findall(body)) < len(NEEDED) + 1:
        return None
    segment = _person_of(body, header)
    parts = [each for each in _BREAK.split(segment) if each]
    doubts = [] if begin is not None else ["the part with the person has no beginning"]
    missing = _missing(parts, segment, header)
    finer = [each for part in parts for each in _split(part)]
    if len(finer) > len(parts) and (missing != 0 or header.length is None) and _is_better(finer, parts, header):
        parts, missing = finer, _missing(finer, segment, header)
        doubts.append("the characters between its parts were lost; set the scanner to send control characters")
    values, wrong = _values(parts)
    if not header.is_there and any(not any(each in values for each in group) for group in NEEDED):
        return None
    return Elements(values, (*doubts, *wrong, *_length_doubts(missing, header)))


def _person_of(body: str, header: Header) -> str:
    """Return the part with the person: what the issuer adds behind it is nobody's business here."""
    for kind in header.types:
        if kind not in TYPES:
            found = re.search(rf"{kind}(?={kind}[A-Z])", body)
            if found:
                return body[: found.start()]
    return body


def _missing(parts: list[str], segment: str, header: Header) -> int:
    """Return how many characters did not come of those announced; below zero: so many too many.

    Whatever came between two parts counts for the one character that was printed there, and so does what did not come.
    """
    if header.length is None:
        return 0
    came = len(TYPES[0]) + sum(map(len, parts)) + len(parts)
    ends_twice = segment.endswith("\n\r") and "\r" not in segment[:-1]
    return 0 if ends_twice and header.length == came + 1 else header.length - came


def _split(part: str) -> list[str]:
    """Part text at every id in it; one that follows another at once is the beginning of a name, DADE or DAGMAR."""
    cuts = [0]
    for found in _EMBEDDED.finditer(part):
        if found.start() - cuts[-1] > 3:
            cuts.append(found.start())
    return [part[a:b] for a, b in zip(cuts, [*cuts[1:], len(part)], strict=True)]


def _is_better(finer: list[str], parts: list[str], header: Header) -> bool:
    """Whether parting at ids gives what is needed, or exactly the announced length."""
    has_all = [all(any(each.startswith(group) for each in some) for group in NEEDED) for some in (finer, parts)]
    came = len(TYPES[0]) + sum(map(len, finer)) + len(finer)
    return (has_all[0] and not has_all[1]) or came == header.length


def _values(parts: list[str]) -> tuple[dict[str, str], list[str]]:
    values: dict[str, str] = {}
    doubts = []
    for part in parts:
        if not _ID.match(part):
            doubts.append("a part of it was not understood")
        elif values.setdefault(part[:3], part[3:]) != part[3:]:
            doubts.append("it says two things of the same")
    return values, doubts


def _length_doubts(missing: int, header: Header) -> tuple[str, ...]:
    if header.length is None and header.is_there:
        return ("whether all of it came cannot be told",)
    if missing > 0:
        return ("not all of it came: the scan was cut, or keys were lost",)
    return ("more came than it announces: keys came twice",) if missing < 0 else ()
