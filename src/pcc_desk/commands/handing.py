"""Gives the code of a recovery sheet out, once."""

import os

import click


def hand_out(code: str, descriptor: int | None) -> None:
    """Give the code of a recovery sheet out: to a descriptor, else to whoever looks at the terminal."""
    if descriptor is not None:
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(code.encode() + b"\n")
        except OSError as error:
            raise click.UsageError(f"File descriptor {descriptor} cannot be written.") from error
        return
    click.echo(
        "\nThe recovery sheet. Write this down twice, in two sealed envelopes, kept apart, away from this computer:\n"
        f"\n  {code}\n\nIt opens the desk when nobody's secret does, and restores a backup on a new computer. It is not"
        "\nshown again, and kept nowhere."
    )
