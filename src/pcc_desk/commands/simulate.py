"""`pcc-desk simulate`: a state system to practise and to test against, until it is told to stop."""

from pathlib import Path
from typing import Any

import click

SYSTEMS = (("metrc", "METRC"), ("biotrack", "BioTrackTHC"), ("leafdata", "Leaf Data"))


@click.group()
def simulate() -> None:
    """Run a simulated state system and point of sale on this computer, or change one that runs."""


@simulate.command()
@click.argument("mode", type=click.Choice(["up", "down", "silent"]))
@click.option("--at", "url", required=True, metavar="URL", help="The control_url that the simulator printed.")
def tell(mode: str, url: str) -> None:
    """Make a running simulator answer, refuse, or keep silent."""
    from pcc_desk.simulator.control import tell as tell_simulator  # noqa: PLC0415 - the others do without it

    tell_simulator(url, mode)
    click.echo(f"The simulated state system is {mode}.")


@click.pass_context
def _run(context: click.Context, arguments: tuple[str, ...]) -> None:
    given = [str(context.info_name), *arguments]
    folder: Path | None = context.find_root().obj
    if folder is not None and not any(each.split("=")[0] == "--home" for each in given):
        given += ["--home", str(folder / "simulator")]
    from pcc_desk.simulator.server import main  # noqa: PLC0415 - help and `tell` do without a server

    context.exit(main(given))


for _name, _title in SYSTEMS:
    simulate.add_command(
        click.Command(
            _name,
            params=[click.Argument(["arguments"], nargs=-1, type=click.UNPROCESSED)],
            callback=_run,
            context_settings={"ignore_unknown_options": True, "help_option_names": []},
            help=f"Run a state system that speaks as {_title} does; --help says with which options.",
            short_help=f"Run one that speaks as {_title} does.",
        )
    )


class _Day(click.Command):
    """`day`, whose module is loaded when it is called."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        from pcc_desk.commands.simulate_day import day  # noqa: PLC0415 - the others do without it

        return day.make_context(info_name, args, parent, **extra)


simulate.add_command(_Day("day", short_help="Write a day of sales and receipts with differences put in, and its key."))
