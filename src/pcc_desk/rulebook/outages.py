"""Reads what a rule file says about selling while the registry is out of reach."""

from fractions import Fraction

from pcc_desk.domain.products import Basis
from pcc_desk.domain.rules import Limit, OutagePolicy, OutageRule, Term
from pcc_desk.domain.windows import Transaction
from pcc_desk.rulebook.limits import read_limits
from pcc_desk.rulebook.tables import Table
from pcc_desk.rulebook.words import CONCENTRATE_LIKE, FLOWER_LIKE, FORMS

SALES_GO_ON = {OutagePolicy.ALLOWED, OutagePolicy.ALLOWED_CAPPED, OutagePolicy.NOT_REGISTRY_BOUND}

_IN_GENERAL = {
    OutagePolicy.PROHIBITED: "nothing is sold without the registry",
    OutagePolicy.PROHIBITED_IMPLIED: "the law orders a look-up or an entry before the sale",
    OutagePolicy.ALLOWED: "sales go on without the registry",
    OutagePolicy.ALLOWED_CAPPED: "sales go on without the registry, up to a smaller amount",
    OutagePolicy.AGENCY_EXCEPTION_ONLY: "nothing is sold until the agency announces an exception",
    OutagePolicy.NOT_REGISTRY_BOUND: "the limits do not rest on the registry",
    OutagePolicy.UNKNOWN: "nothing was found on selling without the registry, so nothing is sold",
}
"""What is said where the file gives no reason of its own."""

_WORDS = (
    ("own_system_failure", "when the shop's own system fails"),
    ("oversale_liability", "liability for an over-sale"),
)


def read_outage(table: Table, code: str, ounce_mg: Fraction) -> tuple[OutageRule, tuple[tuple[str, str], ...]]:
    """Return the rule, and what else is said of outages: pairs of a subject and words."""
    policy = OutagePolicy(table.choice("policy", tuple(OutagePolicy)))
    limits = read_limits(table, ounce_mg, "the outage rule")
    short = _short_form(table, code, ounce_mg)
    for limit in limits:
        if not isinstance(limit.window, Transaction):
            table.refuse("limit", f'limit {limit.id} must bound one sale; write window = {{ kind = "transaction" }}')
    if short and limits:
        table.refuse("", "says twice what is allowed meanwhile; take the keys that begin with allowed_ out")
    if policy is OutagePolicy.ALLOWED_CAPPED and not (limits or short):
        table.refuse("", f"does not say how much is allowed; write a table [[jurisdiction.{code}.offline.limit]]")
    rule = OutageRule(
        sales_allowed=policy in SALES_GO_ON,
        why=table.text("why", needed=False) or _IN_GENERAL[policy],
        entry_deadline_hours=table.whole("entry_deadline_hours"),
        policy=policy,
        oversale_report_hours=table.whole("oversale_report_hours"),
        notice_first=table.flag("notice_first"),
        limits=limits or short,
        override_forbidden=_forbids_override(table),
    )
    words = [(subject, table.text(key, needed=False)) for key, subject in _WORDS]
    if table.flag("entry_before_sale"):
        words.append(("entry in the registry", "before the sale"))
    if table.flag("exception_clause_exists"):
        words.append(("outages", "the law has a clause on them that was not read; ask the agency"))
    table.end("the outage rule")
    return rule, tuple((subject, each) for subject, each in words if each)


def _forbids_override(table: Table) -> bool:
    words = table.text("manual_override", needed=False)
    if words and not words.startswith(("forbidden", "allowed")):
        table.refuse("manual_override", 'must begin with one of two words; write "forbidden: …" or "allowed: …"')
    return words.startswith("forbidden")


def _short_form(table: Table, code: str, ounce_mg: Fraction) -> tuple[Limit, ...]:
    """Return the limit that the keys `allowed_…` stand for: shares of one amount, which is never too much."""
    flower = table.number("allowed_flower_g", needed=False)
    concentrate = table.number("allowed_concentrate_g", needed=False)
    thc = table.number("allowed_thc_mg", needed=False)
    days = table.number("allowed_days_supply", needed=False)
    terms = []
    if flower is not None:
        terms.append(Term(FLOWER_LIKE, Basis.NET_G, flower * 1000))
    if concentrate is not None:
        terms.append(Term(CONCENTRATE_LIKE, Basis.NET_G, concentrate * 1000))
    if thc is not None:
        terms.append(Term(FORMS, Basis.THC_MG, thc * 1000))
    if days is not None:
        terms.append(Term((*FLOWER_LIKE, *FORMS), Basis.DOSE, days * 1000))
    if not terms:
        return ()
    name = f"{code.lower()}-outage"
    unit = "sale during an outage (share)"
    return (Limit(name, Fraction(1), unit, Transaction(), tuple(terms), frozenset(), frozenset()),)
