"""Reads one rule file, strictly: everything in it is understood, or it is refused with a line for each problem."""

import re
import tomllib
from datetime import date, time, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

from pcc_desk.domain.people import OF_AGE
from pcc_desk.domain.rules import AgeBar, CardEnds, CardShape, Confidence, OutageRule
from pcc_desk.rulebook.files import RuleFile, RuleFileError, RuleSet
from pcc_desk.rulebook.limits import CONFIDENCE, read_categories, read_limits
from pcc_desk.rulebook.outages import read_outage
from pcc_desk.rulebook.tables import Page, Table, clean, shown

SCHEMA = "limits/1"

LARGEST_FILE = 1_000_000
"""Bytes. The largest that ships has a hundredth of it."""

_CODE = re.compile(r"[A-Z]{2}", re.ASCII)
_FILE_NAME = re.compile(r"us-([a-z]{2})\.toml", re.ASCII)
_HOUR = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_AT_LINE = re.compile(r"(.*?)\s*\(at (?:line (\d+), column \d+|end of document)\)")
_DAY = timedelta(days=1)
_NOTHING_SAID: tuple[OutageRule, tuple[tuple[str, str], ...]] = (OutageRule(sales_allowed=False, why=""), ())


def read_file(path: Path) -> RuleFile:
    """Return all that a rule file says. Raises `RuleFileError` with everything that is wrong with it."""
    page, document = _open(path)
    top = Table(page, (), "", document)
    top.choice("schema", (SCHEMA,))
    below = top.table("jurisdiction", "", needed="a table [jurisdiction.XX], XX being the code")
    top.end("a rule file")
    read = None
    if below is not None and len(below.data) != 1:
        top.refuse("jurisdiction", f"a file speaks of one jurisdiction; this one speaks of {len(below.data)}")
    elif below is not None:
        read = _only(below, path)
    if len(page) or read is None:
        raise RuleFileError(*page.problems)
    return read


def _only(below: Table, path: Path) -> RuleFile | None:
    """Return what is said of the one jurisdiction of a file."""
    code = next(iter(below.data))
    named = _FILE_NAME.fullmatch(path.name)
    if not _CODE.fullmatch(code):
        below.refuse(code, f"{shown(code)} is no code; write two capital letters: [jurisdiction.MI]")
    elif named and named[1].upper() != code:
        below.refuse(code, f"the file is called for {named[1].upper()} and speaks of {code}; name it alike")
    table = below.table(code, "", needed="a table")
    return _jurisdiction(table, path, code) if table is not None else None


def problems_of(path: Path) -> tuple[str, ...]:
    """Return everything that is wrong with a rule file, a sentence for each; nothing when it is good."""
    try:
        read_file(path)
    except RuleFileError as error:
        return error.problems
    return ()


def _open(path: Path) -> tuple[Page, dict[str, Any]]:
    name = clean(path.name)
    try:
        content = path.read_bytes()
        if len(content) > LARGEST_FILE:
            raise RuleFileError(f"{name} is larger than {LARGEST_FILE} bytes, so it is no rule file.")
        text = content.decode("utf-8")
        return Page(name, text), tomllib.loads(text, parse_float=Decimal)
    except OSError as error:
        raise RuleFileError(f"{name} cannot be read: {error.strerror or 'the system gives no reason'}.") from error
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise RuleFileError(f"{name}, line {line}: the text is not UTF-8; save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise RuleFileError(_not_toml(name, text, str(error))) from error
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise RuleFileError(f"{name} cannot be read: a value in it is too long or too deep.") from error


def _not_toml(name: str, text: str, told: str) -> str:
    found = _AT_LINE.fullmatch(told)
    says, line = (found[1], found[2] or str(text.count("\n") + 1)) if found else (told, "")
    where = f", line {line}" if line else ""
    return clean(f"{name}{where}: this is not TOML ({says}); write key = value, texts and numbers in quotes.")


def _jurisdiction(table: Table, path: Path, code: str) -> RuleFile:
    ounce_mg = (table.number("oz_g") or Fraction(1)) * 1000
    people = [(key, table.text(key, needed=False)) for key in ("caregiver", "minors", "visiting", "override")]
    offline = table.table("offline", "offline", needed='{ policy = "unknown" }')
    card_ends, is_card_end_read, card_shape = _card(table)
    outage, more = read_outage(offline, code, ounce_mg) if offline is not None else _NOTHING_SAID
    read = RuleFile(
        path=path,
        code=code,
        name=table.text("name"),
        program=table.text("program"),
        authority=table.text("authority"),
        tracking=table.text("s2s"),
        confidence=Confidence(table.choice("confidence", CONFIDENCE)),
        as_of=table.day("as_of", needed=True) or date.min,
        ounce_mg=ounce_mg,
        ounce_basis=table.text("oz_basis", needed=False),
        citation=table.texts("citation", needed=True),
        source=table.texts("source", needed=True),
        people=(*((who, words) for who, words in people if words), *more),
        outage=outage,
        notes=table.texts("notes"),
        card_ends=card_ends,
        is_card_end_read=is_card_end_read,
        card_shape=card_shape,
        day_begins=_hour(table),
        gives_back=_gives_back(table),
        retention_years=table.whole("retention_years", most=100),
        of_age=table.whole("of_age", most=30) or OF_AGE,
        not_below=_not_below(table),
        sets=_sets(table, ounce_mg),
    )
    table.end("a jurisdiction")
    return read


def _card(table: Table) -> tuple[CardEnds, bool, CardShape | None]:
    """Return when a card ends, whether the file says so, and how its number looks where the file says that."""
    card = table.table("card", "card", needed='{ ends = "end_of_day" }' if table.has("card") else "")
    if card is None:
        return CardEnds.END_OF_DAY, False, None
    is_read = card.has("ends") or not card.has("shape")
    ends = CardEnds(card.choice("ends", tuple(CardEnds))) if is_read else CardEnds.END_OF_DAY
    pattern, words = card.text("shape", needed=False), card.text("shape_says", needed=card.has("shape"))
    try:
        re.compile(pattern)
    except re.error:
        card.refuse("shape", 'is no regular expression; write one such as "[A-Z0-9]{10}"')
        pattern = ""
    card.end("a card")
    return ends, is_read, CardShape(pattern, words) if pattern else None


def _not_below(table: Table) -> tuple[AgeBar, ...]:
    """Return the forms of product for which one must be older."""
    read = []
    for each in table.tables("not_below", lambda position, _: f"not_below {position + 1}"):
        age = each.whole("age", needed=True, most=30) or 0
        read.append(AgeBar(age, read_categories(each, "cat", needed=True), each.text("says")))
        each.end("a form that is kept from the young")
    return tuple(read)


def _hour(table: Table) -> time:
    written = table.text("day_begins", needed=False)
    found = _HOUR.fullmatch(written)
    if written and found is None:
        table.refuse("day_begins", f'{shown(written)} is no time of day; write day_begins = "03:00"')
    return time(int(found[1]), int(found[2])) if found else time()


def _gives_back(table: Table) -> frozenset[str]:
    named = table.texts("gives_back")
    for each in named:
        if each not in {"return", "void"}:
            table.refuse("gives_back", f'{shown(each)} is not known here; write ["return"], ["void"] or both')
    return frozenset(named)


def _sets(table: Table, ounce_mg: Fraction) -> tuple[RuleSet, ...]:
    def name(position: int, data: dict[str, Any]) -> str:
        called = data.get("id")
        return f"set {called}" if isinstance(called, str) and called else f"set {position + 1}"

    wanted = f"a table [[{'.'.join(map(str, table.place))}.ruleset]]"
    read = [(each, _set(each, ounce_mg)) for each in table.tables("ruleset", name, needed=wanted)]
    if table.has("ruleset") and not read and table.data["ruleset"] == []:
        table.refuse("ruleset", f"is empty; write {wanted}")
    names = [chosen.id for _, chosen in read]
    for position, (each, chosen) in enumerate(read):
        if chosen.id and chosen.id in names[:position]:
            each.refuse("id", "two sets are called so; give each a name of its own")
    read.sort(key=lambda each: each[1].first or date.min)
    for (_, before), (each, after) in pairwise(read):
        _follow(each, before, after)
    if read and (first := read[0][1]).orders_before:
        read[0][0].refuse("orders_before", f"no set is in force before {first.id}; take the key out")
    return tuple(chosen for _, chosen in read)


def _set(table: Table, ounce_mg: Fraction) -> RuleSet:
    first, last = table.day("effective_from"), table.day("effective_to")
    if first and last and first > last:
        table.refuse("effective_to", f"is before effective_from; write {first} or a later day")
        first = last = None
    confidence = table.choice("confidence", CONFIDENCE, "") if table.has("confidence") else ""
    called = table.text("id")
    limits = read_limits(table, ounce_mg, table.name)
    if not table.data.get("limit"):
        table.refuse("limit", f"there is none; write a table [[{'.'.join(map(str, table.place[:-1]))}.limit]] for each")
    read = RuleSet(
        id=called,
        first=first,
        last=last,
        dates_note=table.text("effective_note", needed=False),
        ignores_before=table.day("ignore_purchases_before"),
        orders_before=table.day("orders_before"),
        confidence=Confidence(confidence) if confidence else None,
        limits=limits,
        gap_before=table.text("gap_before", needed=False),
    )
    table.end("a rule set")
    return read


def _follow(table: Table, before: RuleSet, after: RuleSet) -> None:
    """Refuse two sets, in the order of their dates, that overlap or leave a day without rules."""
    if after.first is None or before.last is None or before.last >= after.first:
        end = (
            f"write effective_to = {after.first - _DAY} into {before.id}"
            if after.first and after.first > date.min
            else (f"write effective_from into {after.id}, and effective_to into {before.id}")
        )
        table.refuse("effective_from", f"{before.id} is still in force then, so two sets would hold at once; {end}")
    elif before.last + _DAY < after.first and not after.gap_before:
        table.refuse(
            "effective_from",
            f"no set is in force from {before.last + _DAY} to {after.first - _DAY}; write effective_from = "
            f'{before.last + _DAY}, or gap_before = "…" with the reason why there was no law',
        )
