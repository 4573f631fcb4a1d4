"""`pcc-desk allotment`: the desk's own engine without a store, for auditors and for checking."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from pcc_desk.commands.allotment_answer import Asked, as_lines, document
from pcc_desk.commands.amounts import read_exact
from pcc_desk.commands.clock import Clock
from pcc_desk.commands.purchase_files import (
    Row,
    finer,
    in_finer_units,
    proposed,
    purchase,
    read_json,
    read_rows,
)
from pcc_desk.commands.refusing import InputRefused
from pcc_desk.commands.registry_files import registry_answer, without_rounding_of_grams
from pcc_desk.domain.allotment import Entitlement, SetAmount, evaluate
from pcc_desk.domain.cohorts import AgeGroup, Belongs
from pcc_desk.domain.people import age_on
from pcc_desk.domain.registry import RegistryAnswer
from pcc_desk.domain.rules import Rules
from pcc_desk.rulebook import rules_for, rules_in
from pcc_desk.rulebook.tables import clean
from pcc_desk.settings import known_zone

HELP = """\b
Files are JSON lists or CSV; "-" is the standard input. A purchase has
  on        the day, or the day and time (with --zone when it has an offset)
  cat       the category: flower, concentrate, edible …
  q         how much, by basis: {"net_g": "3.5"}; in CSV one column a basis
  product, thc_pct, dispensary, kind (sale, return, void), posted_at    where known

\b
A proposed line has cat, q and product. A registry answer is METRC's own, or
  {"asked_at": …, "grams": "12.5", "limits": {"mt-30d": "1.2"},
   "windows": [{"days": "30", "flower": "0.12"}]}

\b
docs/allotment-json.md describes the answer field by field.
"""


@dataclass(frozen=True, slots=True)
class Question:
    """Everything that is the same for each of the instants asked."""

    code: str
    rule_file: Path | None
    own: Path | None
    zone: ZoneInfo | None
    purchases: tuple[Row, ...]
    proposed: tuple[Row, ...] | None
    registry: Any
    cohorts: tuple[str, ...]
    born: date | None
    anchor: date | None
    order_began: date | None
    amounts: tuple[str, ...]
    waivers: tuple[str, ...]
    dispensary: str
    is_strict: bool
    is_confirmed: bool


@click.command(epilog=HELP, short_help="Work out an allotment from files, without a store.")
@click.argument("more_days", nargs=-1, metavar="[DATE]...")
@click.option("--jurisdiction", "code", metavar="CODE", help="The jurisdiction, such as MT.")
@click.option("--rules", "rule_file", type=click.Path(path_type=Path), help="A rule file instead of the installed one.")
@click.option("--at", "at", metavar="DATE", help="The day, or day and time, asked about.")
@click.option("--history-of", "history", multiple=True, metavar="DATE...", help="Ask about several, in one call.")
@click.option("--purchases", metavar="FILE", help="What was bought.")
@click.option("--proposed", "basket", metavar="FILE", help="What somebody wants to buy now.")
@click.option("--registry", metavar="FILE", help="What the registry said.")
@click.option("--cohort", "cohorts", multiple=True, metavar="NAME", help="A group the patient is in, or age=19.")
@click.option("--born", metavar="DATE", help="The patient's birth date, for limits by age.")
@click.option("--anchor", metavar="DATE", help="First day of the recommendation, order or present supply.")
@click.option("--order-began", metavar="DATE", help="The day the practitioner's order began, for older orders.")
@click.option("--amount", "amounts", multiple=True, metavar="LIMIT=N[@FROM..TO]", help="A practitioner's amount.")
@click.option("--waiver", "waivers", multiple=True, metavar="LIMIT=N[@FROM..TO]", help="A waiver; N or none.")
@click.option("--dispensary", default="", metavar="NAME", help="Who sells, for limits counted at each by itself.")
@click.option("--zone", metavar="AREA/CITY", help="The shop's time zone.")
@click.option("--strict", "is_strict", is_flag=True, help="Let amounts come back on the safe day where it is disputed.")
@click.option("--confirmed", "is_confirmed", is_flag=True, help="Rules of low confidence were confirmed by the shop.")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object, for programs.")
@click.pass_context
def allotment(context: click.Context, /, **given: Any) -> None:
    """Work out what may be dispensed on a day, from the rules and the purchases given, exactly."""
    at, history, more_days = given["at"], given["history"], given["more_days"]
    if (given["code"] is None) == (given["rule_file"] is None):
        raise click.UsageError("Give --jurisdiction CODE, or --rules FILE.")
    if more_days and not history:
        raise click.UsageError(f"{clean(more_days[0])} stands by itself. Several days follow --history-of.")
    if at is None and not history:
        raise click.UsageError("Give --at DATE, or --history-of with one day or several.")
    question = _question(given, context.find_root().obj)
    answers = [answer(question, each) for each in (*(() if at is None else (at,)), *history, *more_days)]
    _all_known(question, [each.standing.rules for each in answers])
    if given["as_json"]:
        click.echo(json.dumps(_documents(answers, is_history=bool(history), has_at=at is not None), indent=2))
    else:
        click.echo("\n\n".join("\n".join(map(clean, as_lines(each))) for each in answers))


def _question(given: Mapping[str, Any], home: Path | None) -> Question:
    purchases, basket, registry = given["purchases"], given["basket"], given["registry"]
    return Question(
        code=given["code"] or "",
        rule_file=given["rule_file"],
        own=home / "jurisdictions" if home else None,
        zone=_zone(given["zone"]),
        purchases=() if purchases is None else read_rows(purchases, "purchases", dated=True),
        proposed=None if basket is None else read_rows(basket, "proposed", dated=False),
        registry=None if registry is None else read_json(registry),
        cohorts=given["cohorts"],
        born=_date(given["born"], "--born"),
        anchor=_date(given["anchor"], "--anchor"),
        order_began=_date(given["order_began"], "--order-began"),
        amounts=given["amounts"],
        waivers=given["waivers"],
        dispensary=given["dispensary"],
        is_strict=given["is_strict"],
        is_confirmed=given["is_confirmed"],
    )


def _all_known(question: Question, asked: list[Rules]) -> None:
    """Refuse an amount for a limit that no rules asked about have: it would say nothing, in silence."""
    known = list(dict.fromkeys(limit.id for rules in asked for limit in rules.limits))
    for option, typed in (("--amount", question.amounts), ("--waiver", question.waivers)):
        for each in typed:
            name = each.partition("=")[0]
            if name not in known:
                raise InputRefused(f"{option}: these rules have no limit “{name}”. They have: {', '.join(known)}.")


def _documents(answers: list[Asked], *, is_history: bool, has_at: bool) -> dict[str, Any]:
    documents = [document(each) for each in answers]
    if not is_history:
        return documents[0]
    if has_at:
        return {**documents[0], "history": documents[1:]}
    return {"jurisdiction": documents[0]["jurisdiction"], "history": documents}


def answer(question: Question, at: str) -> Asked:
    """Return the standing at one instant: what was bought later had not happened yet. Raises `InputRefused`."""
    rough, _, _ = Clock(question.zone).moment(at, "--at")
    rules = _rules(question, rough)
    clock = Clock(question.zone, rules.day_begins)
    day, instant, is_whole_day = clock.moment(at, "--at")
    rules = _rules(question, day)
    parts = finer((*question.purchases, *(question.proposed or ())), rules.ounce_mg)
    counted_finer = without_rounding_of_grams(in_finer_units(rules, parts))
    bought, names = [], {}
    for row in question.purchases:
        line = purchase(row, clock, rules.ounce_mg, parts)
        has_happened = line.on <= day if is_whole_day else line.on < day or (line.on == day and line.at <= instant)
        if has_happened:
            bought.append(line)
            names[id(line)] = row.where
    known = evaluate(
        counted_finer,
        bought,
        *_registry(question, rules, clock, clock.end_of(day) if is_whole_day else instant, parts),
        day,
        entitlement=_entitlement(question, rules, day),
        strict=question.is_strict,
        is_confirmed=question.is_confirmed,
    )
    lines = None
    if question.proposed is not None:
        lines = tuple(proposed(row, rules.ounce_mg, parts) for row in question.proposed)
    return Asked(at, known, parts, question.proposed or (), lines, names, question.is_strict)


def _rules(question: Question, day: date) -> Rules:
    if question.rule_file is not None:
        return rules_in(question.rule_file, day)
    return rules_for(question.code, day, own=question.own, order_began=question.order_began)


def _zone(name: str | None) -> ZoneInfo | None:
    if name is None:
        return None
    try:
        return ZoneInfo(known_zone(name))
    except ValueError as error:
        raise click.UsageError(f"--zone: {clean(str(error))}.") from error


def _date(text: str | None, option: str) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise click.UsageError(f"{option}: “{clean(text)}” is no day. Write it as 2026-03-12.") from error


def _entitlement(question: Question, rules: Rules, day: date) -> Entitlement:
    age = None if question.born is None else _age(question.born, day)
    names: set[str] = set()
    for typed in question.cohorts:
        if typed.lower().startswith("age="):
            age = _typed_age(typed[4:])
            continue
        cohort = _cohort(typed, rules)
        if isinstance(cohort, AgeGroup):
            age = cohort.at_least if cohort.at_least is not None else cohort.at_most
        else:
            names.add(cohort.name)
    set_amounts = (
        *(_set_amount(each, rules, is_waiver=False) for each in question.amounts),
        *(_set_amount(each, rules, is_waiver=True) for each in question.waivers),
    )
    return Entitlement(
        Belongs(age, frozenset(names)), question.anchor, tuple(filter(None, set_amounts)), question.dispensary
    )


def _typed_age(years: str) -> int:
    if not (years.isascii() and years.isdecimal() and len(years) <= 3):
        raise InputRefused(f"--cohort: “{years}” is no age in whole years. Write age=19.")
    return int(years)


def _age(born: date, day: date) -> int:
    if born > day:
        raise InputRefused(f"--born: {born} is after {day}.")
    return age_on(born, day)


def _plain(name: str) -> str:
    return "".join(each for each in name.lower() if each.isalnum() or each in "<>=")


def _cohort(typed: str, rules: Rules) -> Any:
    """Return the group that is meant: by its whole name, or by the beginning of it that no other has."""
    known = {cohort.name: cohort for limit in rules.limits for cohort in limit.cohort}
    wanted = _plain(typed)
    exactly = [cohort for name, cohort in known.items() if _plain(name) == wanted]
    found = exactly or [cohort for name, cohort in known.items() if wanted and _plain(name).startswith(wanted)]
    if len(found) == 1:
        return found[0]
    listed = ", ".join(f"“{name}”" for name in known) or "none"
    raise InputRefused(f"--cohort: the rules {rules.ruleset} know no group “{typed}”. They know: {listed}.")


def _set_amount(typed: str, rules: Rules, *, is_waiver: bool) -> SetAmount | None:
    """Return an amount that was set, from LIMIT=N or LIMIT=N@FROM..TO; None when these rules lack the limit."""
    option = "--waiver" if is_waiver else "--amount"
    name, is_there, rest = typed.partition("=")
    number, _, days = rest.partition("@")
    first, _, last = days.partition("..")
    if not is_there or not number:
        raise InputRefused(
            f"{option}: write LIMIT=N, such as {rules.limits[0].id}=8, or LIMIT=N@2026-01-01..2026-06-30."
        )
    if name not in {limit.id for limit in rules.limits}:
        return None
    amount: Fraction | None = None
    if not (is_waiver and number == "none"):
        amount = read_exact(number, f"{option} {name}")
    return SetAmount(
        name,
        amount,
        is_waiver,
        _date(first, option) or date.min if first else date.min,
        _date(last, option) or date.max if last else date.max,
    )


def _registry(
    question: Question, rules: Rules, clock: Clock, latest: datetime, parts: int
) -> tuple[RegistryAnswer | None, datetime | None]:
    """Return what the registry said and when it was asked; nothing when no file was given."""
    if question.registry is None:
        return None, None
    return registry_answer(question.registry, rules, clock, latest, parts)
