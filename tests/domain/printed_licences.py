"""Invented licences as an issuer prints them, and what scanners make of them."""

from collections.abc import Sequence

LF, RS, CR = "\n", "\x1e", "\r"

ISSUERS = {"636032": "MI", "604428": "QC", "636023": "OH"}

CHIDI: tuple[tuple[str, str], ...] = (
    ("DAQ", "O123456787723"),
    ("DCS", "OKAFOR"),
    ("DDE", "N"),
    ("DAC", "CHIDI"),
    ("DDF", "N"),
    ("DAD", "EMEKA"),
    ("DDG", "N"),
    ("DCA", "O"),
    ("DBD", "03122024"),
    ("DBB", "03111958"),
    ("DBA", "03112028"),
    ("DBC", "1"),
    ("DAU", "070 IN"),
    ("DAY", "BRO"),
    ("DAG", "118 BIRCH ST"),
    ("DAI", "LANSING"),
    ("DAJ", "MI"),
    ("DAK", "489330000  "),
    ("DCF", "4F1A99C2"),
    ("DCG", "USA"),
    ("DDK", "1"),
)


def printed(
    elements: Sequence[tuple[str, str]] = CHIDI,
    *,
    issuer: str = "636032",
    version: int = 10,
    kind: str = "DL",
    own: str = "ZM",
    offset: int | None = None,
) -> str:
    """Return a bar code's text, byte for byte as the standard has it; `own`: what the issuer adds, or nothing."""
    person = kind + LF.join(f"{name}{value}" for name, value in elements) + CR
    extra = f"{own}{own}A20240312{LF}{own}BX01{CR}" if own else ""
    others = 2 if own else 1
    numbers = f"{issuer}{version:02}{'' if version < 2 else '01'}{others:02}"
    lead = f"@{LF}{RS}{CR}{'AAMVA' if version < 2 else 'ANSI '}{numbers}"
    at = len(lead) + 10 * others if offset is None else offset
    files = f"{kind}{at:04}{len(person):04}" + (f"{own}{(at + len(person)) % 10_000:04}{len(extra):04}" if own else "")
    return lead + files + person + extra


def changed(*others: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    """Return Chidi's elements with some of them otherwise."""
    instead = dict(others)
    return tuple((name, instead.get(name, value)) for name, value in CHIDI)
