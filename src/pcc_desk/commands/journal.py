"""`pcc-desk journal`: whether the record is whole, why it is older than it was, and what was disclosed of a patient."""

import json
import os
import time
from pathlib import Path
from typing import Any

import click

from pcc_desk.commands.unlocking import Entrance, act_of, entering, shop_of, signing_in, unlocked, with_vault
from pcc_desk.desk.audit import Explained, explain_roll_back
from pcc_desk.desk.disclosures import accounting_lines, give_accounting
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.rights import Right
from pcc_desk.domain.audit_entries import RollBackExplained, StoreRestored
from pcc_desk.domain.people import card_key
from pcc_desk.home import usual_home
from pcc_desk.store.checking import Checked, Known, check

FOUND = 1


@click.group(short_help="Check the record, and tell what was disclosed.")
def journal() -> None:
    """Check that the record is whole, say why it is older than it was, tell what was disclosed of a patient.

    The desk itself must be shut.
    """


def _home(context: click.Context) -> Path:
    home: Path = context.find_root().obj or usual_home(os.environ)
    return home


@journal.command()
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object, for programs.")
@click.option(
    "--paper", metavar="TEXT", help="What a day's sheet says of the journal: “1234 ABCD-EFGH-JKMN-PQRS-TVWX”."
)
@signing_in
@click.pass_context
def verify(
    context: click.Context, as_json: bool, paper: str | None, passphrase_fd: int | None, who: str | None
) -> None:
    """Check every entry and its seal, and the end against the anchor.

    Tells a changed entry, one taken out, one moved, an end that was cut off, and an older store in the place of a newer
    one from a copy that was restored and said so. Status 0: whole; 1: not; 5: the store does not open.
    """
    with unlocked(context, _home(context), passphrase_fd, who) as (store, _):
        keys = store.chain_keys()
        began = time.perf_counter()
        checked = store.on_connection(lambda it: check(it, keys.at, Known.of(store), paper))
        took = time.perf_counter() - began
        head = store.paper_head()
    click.echo(json.dumps(_document(checked, head, took)) if as_json else "\n".join(_lines(checked, head, took)))
    context.exit(0 if checked.is_whole else FOUND)


def _document(checked: Checked, head: str, took: float) -> dict[str, Any]:
    return {
        "whole": checked.is_whole,
        "entries": checked.entries,
        "findings": [{"kind": each.kind, "entry": each.seq, "words": each.words} for each in checked.findings],
        "accounts": [_account(each) for each in checked.accounts],
        "not_compared_with_keyring": checked.not_compared,
        "head": head,
        "seconds": round(took, 3),
    }


def _account(entry: StoreRestored | RollBackExplained) -> dict[str, Any]:
    if isinstance(entry, StoreRestored):
        return {"kind": "restored", "copy": entry.copy, "to": entry.copy_seq, "left": entry.left_seq}
    return {"kind": "explained", "known": entry.known_seq, "found": entry.found_seq, "reason": entry.reason}


def _lines(checked: Checked, head: str, took: float) -> list[str]:
    lines = [f"{each.kind}: {each.words}." for each in checked.findings]
    for each in checked.accounts:
        if isinstance(each, StoreRestored):
            left = f"; entry {each.left_seq:,} had been reached" if each.left_seq else ""
            lines.append(f"restored: the copy {each.copy} was put back, which ends at entry {each.copy_seq:,}{left}.")
        else:
            lines.append(f"explained: entry {each.found_seq:,} was found, {each.known_seq:,} known. {each.reason}")
    if checked.is_whole:
        lines.append(f"The journal is whole: {checked.entries:,} entries, checked in {took:.1f} s.")
    else:
        lines.append("The journal is not whole. Keep this store as it is, call a manager, and restore the last backup.")
    if checked.not_compared:
        lines.append(f"Not compared with this computer's keyring: {checked.not_compared.rstrip('.')}.")
    return [*lines, f"Its end, for paper: {head}"]


@journal.command()
@click.option("--reason", required=True, help="Why the record is older than it was.")
@entering
@click.pass_context
def explain(context: click.Context, *, reason: str, entrance: Entrance) -> None:
    """Say why the record is not the one that was known, so that it is written again. It is on record."""
    with with_vault(context, _home(context), entrance) as (store, person, _):
        found = store.roll_back
        if found is None:
            click.echo("There is nothing to explain: the record goes on from where it was known.")
            return
        outcome = store.explain_now(explain_roll_back, found, reason, act=act_of(store, person, Right.RESTORE))
    if isinstance(outcome, Explained):
        click.echo("It is on record, and the record is written again.")
    else:
        click.echo("Write why: it goes on record.", err=True)
        context.exit(FOUND)


@journal.command()
@click.option("--patient", "card", required=True, metavar="CARD", help="The number of the patient's card.")
@signing_in
@click.pass_context
def disclosures(context: click.Context, card: str, passphrase_fd: int | None, who: str | None) -> None:
    """Tell what was disclosed of a patient in the last six years. That it was written out goes on record."""
    with unlocked(context, _home(context), passphrase_fd, who) as (store, person):
        found = store.read_now(_patients, card)
        if len(found) != 1:
            many = f"{len(found)} patients are served by this card" if found else "No patient has this card"
            click.echo(f"{many}. Type the number of the patient's own card.", err=True)
            context.exit(FOUND)
        shop, act = store.read_now(shop_of), act_of(store, person, Right.EXPORT)
        today = shop.day(act.at)
        told = store.write_now(give_accounting, found[0], "written out", today, act=act)
        click.echo("\n".join(accounting_lines(told, shop, today)))


def _patients(ledger: Ledger, card: str) -> "tuple[Any, ...]":
    return tuple(dict.fromkeys(each.patient_id for each in ledger.cards_numbered(card_key(card))))
