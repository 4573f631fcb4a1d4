"""`pcc-desk outages`: which outages are on record, and what was sold under one, for entering it by hand."""

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import click

from pcc_desk.commands.unlocking import act_of, shop_of, signing_in, unlocked
from pcc_desk.desk.outages import NoOutage, give_sheet
from pcc_desk.desk.ports import Ledger
from pcc_desk.desk.pulse import OutageGlance, glances
from pcc_desk.desk.rights import Right
from pcc_desk.domain.outage_sheet import review_lines
from pcc_desk.domain.shop import Shop
from pcc_desk.home import usual_home

FOUND = 1
MOST = 200


@click.command(short_help="List outages, and write out what was sold under one.")
@click.option("--sheet", "number", type=click.IntRange(min=1), metavar="N", help="Write out the sales of outage N.")
@signing_in
@click.pass_context
def outages(context: click.Context, number: int | None, passphrase_fd: int | None, who: str | None) -> None:
    """List the outages on record, newest first; 1 is the newest. The desk itself must be shut.

    With --sheet N, everything sold under one, by time of sale: number, card, lines, quantities, whether it is in the
    state's record. That it was written out goes on record. The sheet names patients' cards: mind where it goes.
    """
    home: Path = context.find_root().obj or usual_home(os.environ)
    with unlocked(context, home, passphrase_fd, who) as (store, person):
        shop = store.read_now(shop_of)
        known = store.read_now(glances, MOST)
        if number is None:
            click.echo("\n".join(_listed(known, shop)))
            return
        if number > len(known):
            click.echo(f"There is no outage {number}: {len(known)} on record.", err=True)
            context.exit(FOUND)
        act = act_of(store, person, Right.HAND_OUT_OUTAGES)
        outage_id = known[number - 1].outage.id
        lines = store.write_now(give_sheet, outage_id, "written out", shop, act=act)
        told = () if isinstance(lines, NoOutage) else lines
        click.echo("\n".join((*told, *store.read_now(_review, outage_id, shop))))


def _listed(known: tuple[OutageGlance, ...], shop: Shop) -> Iterator[str]:
    if not known:
        yield "No outage is on record."
    for number, each in enumerate(known, 1):
        ended = f"to {shop.written(each.outage.ended_at)}" if each.outage.ended_at else "still out"
        is_told = each.is_reviewed or each.to_report > 0
        parts = (
            f"{each.to_report} to report" if is_told else "",
            "" if each.is_reviewed else "not all judged again yet",
        )
        report = ", ".join(part for part in parts if part)
        owed = "settled" if each.is_settled else f"{each.not_entered} not entered, {report}"
        began = shop.written(each.outage.since)
        yield f"{number:>3}  {each.outage.system}  {began} {ended}  {each.sold} sold, {owed}"


def _review(ledger: Ledger, outage_id: UUID, shop: Shop) -> tuple[str, ...]:
    review = ledger.outage_review(outage_id)
    return ("", *review_lines(review, shop)) if review else ()
