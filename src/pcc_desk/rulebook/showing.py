"""The rules of a jurisdiction on a day, in words for a person."""

import textwrap
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from pcc_desk.domain.rules import CardEnds, Confidence, Limit, OutagePolicy, Rules
from pcc_desk.rulebook.files import RuleFile
from pcc_desk.rulebook.tables import clean
from pcc_desk.rulebook.words import amount_words, measured, number, registry_words, unit_of, window_words

WIDTH = 100

_TRUST = {
    Confidence.HIGH: "high: official text or guidance was seen for the amounts and the time",
    Confidence.MEDIUM: "medium: several sources agree, or one part of the official text is missing",
    Confidence.LOW: "low: a number or the time is unconfirmed; the registry or a person decides",
}

_OUTAGE = {
    OutagePolicy.PROHIBITED: "Nothing is sold.",
    OutagePolicy.PROHIBITED_IMPLIED: "Nothing is sold: the law orders a look-up or an entry before the sale.",
    OutagePolicy.ALLOWED: "Sales go on, with duties.",
    OutagePolicy.ALLOWED_CAPPED: "Sales go on, up to a smaller amount.",
    OutagePolicy.AGENCY_EXCEPTION_ONLY: "Nothing is sold until the agency announces an exception.",
    OutagePolicy.NOT_REGISTRY_BOUND: "Sales go on: the limits do not rest on the registry.",
    OutagePolicy.UNKNOWN: "Nothing was found in the law, so nothing is sold.",
}


def as_lines(rules: Rules, on: date, file: RuleFile | None = None) -> list[str]:
    """Return what the rules of a day say, wrapped to `WIDTH`; with their file, also what it says of itself."""
    return [wrapped for line in told(rules, on, file) for wrapped in _wrapped(line)]


def told(rules: Rules, on: date, file: RuleFile | None = None) -> list[str]:
    """Return what the rules of a day say, in lines as long as they come."""
    lines = [f"{rules.name} ({rules.jurisdiction}) on {on}: {rules.ruleset}", rules.program]
    if rules.is_shops_own:
        name = f" {file.path.name}" if file else ""
        lines.append(f"From the shop's own file{name}, which goes before the one that comes with the desk.")
    lines += [
        f"In force {_dates(rules)}.",
        f"Confidence {_TRUST[rules.confidence]}.",
        f"Evidence of {rules.as_of}." + (f" Authority: {file.authority}. System: {file.tracking}." if file else ""),
        "",
        "Limits",
    ]
    for limit in rules.limits:
        lines += _limit(limit, rules.ounce_mg)
    lines += ["", "When the registry is out", *_outage(rules)]
    lines += ["", "Also", *_also(rules, file.ounce_basis if file else "")]
    for heading, listed in (("Citations", rules.citation), ("Sources", rules.source), ("Notes", rules.notes)):
        if listed:
            lines += ["", heading, *(f"  - {each}" for each in listed)]
    lines += ["", f"Fingerprint {rules.fingerprint}"]
    return [clean(line) for line in lines]


def _wrapped(line: str) -> list[str]:
    indent = " " * (len(line) - len(line.lstrip(" -")))
    return textwrap.wrap(line, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False) or [""]


def _dates(rules: Rules) -> str:
    begins = f"from {rules.effective_from}" if rules.effective_from else "from a day that is not known"
    return f"{begins} until {rules.effective_to}" if rules.effective_to else f"{begins} on"


def _limit(limit: Limit, ounce_mg: Fraction) -> Iterator[str]:
    yield f"  {limit.id}: {amount_words(limit)}. Counts in {window_words(limit.window)}."
    if limit.cohort:
        instead = f", and takes the place of {limit.replaces}" if limit.replaces else ""
        yield f"    Binds only: {' and '.join(each.name for each in limit.cohort)}{instead}."
    if limit.is_per_dispensary:
        yield "    Counts only what was bought at the same dispensary."
    if limit.is_per_item:
        yield "    Bounds each item by itself."
    for term in limit.terms:
        yield f"    1 {unit_of(limit.unit)} = {measured(term, ounce_mg)}: {', '.join(term.categories)}"
    if limit.unknown:
        yield f"    Counts by a conversion that nobody published: {', '.join(sorted(limit.unknown))}"
    if limit.excluded:
        yield f"    Does not count: {', '.join(sorted(limit.excluded))}"
    if limit.registry is not None:
        yield f"    The registry's figure: {registry_words(limit.registry)}."
    if limit.confidence is not Confidence.HIGH:
        yield f"    Confidence of this limit: {limit.confidence.value}."


def _outage(rules: Rules) -> Iterator[str]:
    outage = rules.outage
    yield f"  {_OUTAGE[outage.policy]}"
    yield f"  Why: {outage.why}."
    if outage.notice_first:
        yield "  The agency's notice, or the shop's own report, comes first."
    if outage.entry_deadline_hours is not None:
        yield f"  Sales are entered within {outage.entry_deadline_hours} hours after it."
    if outage.oversale_report_hours is not None:
        yield f"  A sale over a limit is reported within {outage.oversale_report_hours} hours."
    for limit in outage.limits:
        yield from _limit(limit, rules.ounce_mg)


def _also(rules: Rules, ounce_basis: str) -> Iterator[str]:
    basis = f" ({ounce_basis})" if ounce_basis else ""
    yield f"  An ounce is {number(rules.ounce_mg / 1000)} g{basis}."
    ends = "at its end" if rules.card_ends is CardEnds.END_OF_DAY else "when it begins"
    yield f"  A card ends on the day printed on it, {ends}."
    if rules.card_shape is not None:
        yield f"  Card numbers are {rules.card_shape.words}."
    if rules.day_begins.hour or rules.day_begins.minute:
        yield f"  A day begins at {rules.day_begins:%H:%M}."
    back = " and a ".join(sorted(rules.gives_back))
    yield f"  A {back} gives allowance back." if back else "  Neither a return nor a void gives allowance back."
    if rules.outage.override_forbidden:
        yield "  Nobody may let a sale over a limit out by hand."
    if rules.ignores_before:
        yield f"  Purchases before {rules.ignores_before} do not count."
    if rules.orders_before:
        yield f"  Orders that began before {rules.orders_before} stay under the rules before these."
    if rules.retention_years is not None:
        yield f"  Records are kept for {rules.retention_years} years."
    for bar in rules.not_below:
        yield f"  Nobody below {bar.age} is sold {', '.join(bar.categories)}: {bar.says}."
    for who, words in rules.people:
        yield f"  {who.capitalize()}: {words}."
