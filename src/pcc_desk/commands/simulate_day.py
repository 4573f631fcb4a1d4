"""`pcc-desk simulate day`: a day of sales and receipts with differences put in on purpose, and its answer key."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from pcc_desk.domain.reconciling.classes import FindingClass
from pcc_desk.settings import known_zone
from pcc_desk.simulator.seeded.making import agreeing_day
from pcc_desk.simulator.seeded.own_seeds import OWN_SEEDS, with_desk
from pcc_desk.simulator.seeded.seeds import SEEDS, seeded
from pcc_desk.simulator.seeded.writing import write_day

MOST_SALES = 1_000_000
ANY_DAY = date(2026, 3, 11)


@click.command(short_help="Write a day of sales and receipts with differences put in, and its key.")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--sales", "count", type=click.IntRange(1, MOST_SALES), default=200, show_default=True, help="How many.")
@click.option(
    "--class",
    "kinds",
    multiple=True,
    type=click.Choice([each.value for each in SEEDS]),
    help="A class to put in, once each time it is given. Without any, both sides agree.",
)
@click.option(
    "--desk-class",
    "own_kinds",
    multiple=True,
    type=click.Choice([each.value for each in OWN_SEEDS]),
    help="A class to put in that only the desk's own file tells, once each time it is given.",
)
@click.option("--every", type=click.IntRange(0, 1000), default=0, help="Put in so many of every class of both.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed makes the same day.")
@click.option("--day", "day_text", metavar="DATE", default=ANY_DAY.isoformat(), show_default=True)
@click.option("--zone", "zone_name", metavar="AREA/CITY", default="America/Detroit", show_default=True)
@click.option("--state-json", "as_json", is_flag=True, help="Write the receipts as METRC's JSON.")
def day(
    *,
    folder: Path,
    count: int,
    kinds: tuple[str, ...],
    own_kinds: tuple[str, ...],
    every: int,
    seed: int,
    day_text: str,
    zone_name: str,
    as_json: bool,
) -> None:
    """Write pos.csv, state.csv, desk.csv, rules.toml and key.json into FOLDER.

    desk.csv is what the desk itself handed out. Everybody and everything in them is invented.
    """
    chosen = [FindingClass(each) for each in kinds] + [kind for kind in SEEDS for _ in range(every)]
    own = [FindingClass(each) for each in own_kinds] + [kind for kind in OWN_SEEDS for _ in range(every)]
    needed = len(chosen) + len(own)
    if needed > count:
        raise click.UsageError(f"{needed} differences need as many sales: give --sales {needed} or more.")
    try:
        made = agreeing_day(date.fromisoformat(day_text), ZoneInfo(known_zone(zone_name)), count, seed)
    except ValueError as error:
        raise click.UsageError(f"{error}.") from error
    for path in write_day(with_desk(seeded(made, chosen), own, seed), folder, as_json=as_json):
        click.echo(path)
