"""Tells by its shape what a scanner read: a licence, a patient's card, a package's tag, a web address."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pcc_desk.domain.licences import Licence, LicenceNotRead, read_licence
from pcc_desk.domain.people import card_key
from pcc_desk.domain.rules import CardShape

LONGEST_SHOWN = 60

_LICENCE = re.compile(r"[@\"]?[\x00-\x20]*(?:ANSI|AAMVA)[\x00-\x20]*[0-9]{4}|[@\"][\x00-\x20]*\n")
_TAG = re.compile(r"1A4[0-9A-Z]{21}", re.ASCII)
_LINK = re.compile(r"(?:https?:|www\.)\S+", re.IGNORECASE)
_CARD = re.compile(r"(?=(?:[^0-9]*[0-9]){4})[A-Z0-9](?:[A-Z0-9 -]{4,38})[A-Z0-9]", re.ASCII | re.IGNORECASE)
LONGEST_LETTERS = 2
"""Letters that stand by themselves in a card's number, as in MI P 0041 7723; more are a word that somebody typed."""
_BIRTH_DATE = re.compile(r"(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}|[0-9]{8}")


@dataclass(frozen=True, slots=True)
class ScannedLicence:
    """A driver licence or identity card, as far as it could be read."""

    licence: Licence | LicenceNotRead


@dataclass(frozen=True, slots=True)
class ScannedCard:
    """What may be the number of a registry card."""

    number: str
    """As it was read."""
    warning: str = ""
    """What is odd about its shape, as a clause. It warns and blocks nothing: the registry is the judge."""


@dataclass(frozen=True, slots=True)
class ScannedTag:
    """The state's tag of a package."""

    tag: str


@dataclass(frozen=True, slots=True)
class ScannedLink:
    """A web address. It is shown and never opened."""

    address: str


@dataclass(frozen=True, slots=True)
class ScannedUnknown:
    """Something else."""

    text: str


Scan = ScannedLicence | ScannedCard | ScannedTag | ScannedLink | ScannedUnknown


def is_shaped(text: str) -> bool:
    """Whether a text is one that only a scanner types so fast: a card's number, a tag, an address, a licence."""
    told = _told(text)
    if _LICENCE.match(text) or _TAG.fullmatch(told.upper()) or _LINK.fullmatch(told) or _is_card(told):
        return True
    return "ANSI " in text[:20] or isinstance(read_licence(text, {}, date.max), Licence)


def holds_words(text: str) -> bool:
    """Whether a text that could be a card's number holds words, as somebody types them into a field."""
    told = _told(text)
    return _is_card(told) and any(len(each) > LONGEST_LETTERS and each.isalpha() for each in told.split())


def scan_of(text: str, issuers: Mapping[str, str], today: date, shape: CardShape | None = None) -> Scan:
    """Return what was read. `shape`: how cards are numbered here; None: not known, so nothing is odd about any."""
    told = _told(text)
    if _LICENCE.match(text) or "ANSI " in text[:20]:
        return ScannedLicence(read_licence(text, issuers, today))
    if _TAG.fullmatch(told.upper()):
        return ScannedTag(told.upper())
    if _LINK.fullmatch(told):
        return ScannedLink(told)
    if _is_card(told):
        return ScannedCard(told, odd_about(told, shape))
    read = read_licence(text, issuers, today)
    return ScannedLicence(read) if isinstance(read, Licence) else ScannedUnknown(told)


def odd_about(number: str, shape: CardShape | None) -> str:
    """Return what is odd about the shape of a card's number, as a clause; nothing where no shape is known."""
    if shape is None or re.fullmatch(shape.pattern, card_key(number)):
        return ""
    return f"card numbers here are {shape.words}"


def _is_card(text: str) -> bool:
    return bool(_CARD.fullmatch(text)) and not _TAG.fullmatch(text.upper()) and not _BIRTH_DATE.fullmatch(text)


def _told(text: str) -> str:
    return text.strip("\x00\x02\x03\t\r\n\x1c\x1d\x1e\x1f ")


def words_of(scan: Scan) -> str:
    """Return what was read, for people: "driver licence, MI, read whole"."""
    match scan:
        case ScannedLicence(licence=Licence() as licence):
            whole = "read whole" if licence.is_whole else "read with doubts"
            return f"driver licence, {licence.issuer or 'issuer not known'}, {whole}"
        case ScannedLicence():
            return "driver licence, not read"
        case ScannedCard(number=number):
            return f"card {number[:LONGEST_SHOWN]}"
        case ScannedTag(tag=tag):
            return f"package tag {tag}"
        case ScannedLink(address=address):
            return f"a web address, not opened: {address[:LONGEST_SHOWN]}"
        case ScannedUnknown(text=text):
            return f"{len(text)} characters of no shape that is known here"
