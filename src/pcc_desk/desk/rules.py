"""The rules on record: which ones are in use, who knows them, and for which the shop answers."""

import asyncio
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.records import RulesOnRecord
from pcc_desk.desk.rights import Right, require
from pcc_desk.domain.entries import Act, RulesAcknowledged, RulesConfirmed, RulesTakenUp
from pcc_desk.domain.rules import Rules


@dataclass(frozen=True, slots=True)
class Known:
    """The rules are on record, as is what was to be recorded of them."""

    rules: RulesOnRecord


@dataclass(frozen=True, slots=True)
class NotOnRecord:
    """No rules of that fingerprint came into use at this shop."""

    fingerprint: str


@dataclass(frozen=True, slots=True)
class RulesChanged:
    """Whoever acts knew other rules last. They read what is different before they dispense again.

    The texts are those of `RulesTakenUp`; empty when one was not kept.
    """

    known_text: str
    new_text: str
    fingerprint: str
    """Of the new rules: what is acknowledged."""


def take_up_rules(ledger: Ledger, rules: Rules, text: str, *, act: Act) -> RulesOnRecord | None:
    """Put on record that rules are in use, once for each fingerprint. None: made by hand, they have none."""
    require(ledger, act, Right.TAKE_UP_RULES)
    if not rules.fingerprint:
        return None
    if ledger.rules_on_record(rules.fingerprint) is None:
        ledger.record(RulesTakenUp(rules.jurisdiction, rules.ruleset, rules.fingerprint, text), act)
    return ledger.rules_on_record(rules.fingerprint)


def acknowledge_rules(ledger: Ledger, fingerprint: str, *, act: Act) -> Known | NotOnRecord:
    """Put on record that whoever acts has read what is different in the rules."""
    require(ledger, act, Right.KNOW_RULES)
    rules = ledger.rules_on_record(fingerprint)
    if rules is None:
        return NotOnRecord(fingerprint)
    if ledger.known_rules(act.by) != fingerprint:
        ledger.record(RulesAcknowledged(fingerprint), act)
    return Known(rules)


def confirm_rules(ledger: Ledger, fingerprint: str, remark: str, *, act: Act) -> Known | NotOnRecord:
    """Let the shop answer for rules: a compliance officer or manager compared them with the law."""
    require(ledger, act, Right.CONFIRM_RULES)
    rules = ledger.rules_on_record(fingerprint)
    if rules is None:
        return NotOnRecord(fingerprint)
    if rules.confirmed is None:
        ledger.record(RulesConfirmed(fingerprint, remark.strip()), act)
    return Known(ledger.rules_on_record(fingerprint) or rules)


def rules_changed(ledger: Ledger, rules: Rules, person_id: UUID) -> RulesChanged | None:
    """Return that a person knew other rules last than these; None when they know these, or never knew any."""
    known = ledger.known_rules(person_id)
    if not known or not rules.fingerprint or known == rules.fingerprint:
        return None
    before, now = ledger.rules_on_record(known), ledger.rules_on_record(rules.fingerprint)
    return RulesChanged(before.text if before else "", now.text if now else "", rules.fingerprint)


def needs_taking_up(ledger: Ledger, rules: Rules) -> bool:
    """Return whether rules are in use and not on record yet."""
    return bool(rules.fingerprint) and ledger.rules_on_record(rules.fingerprint) is None


async def take_up(desk: Desk, order_began: date | None = None) -> None:
    """Put the rules of today on record unless they are, or the older ones that an order is under.

    What takes a while is done beside the desk's work.
    """
    rules = await asyncio.to_thread(desk.rules_on, desk.today, order_began)
    if await desk.store.read(needs_taking_up, rules):
        text = await asyncio.to_thread(desk.text_of, rules)
        await desk.store.write(take_up_rules, rules, text, act=desk.act_by_itself())


def on_record(ledger: Ledger, fingerprint: str) -> RulesOnRecord | None:
    """Return what is on record of rules; None when they did not come into use here yet."""
    return ledger.rules_on_record(fingerprint)
