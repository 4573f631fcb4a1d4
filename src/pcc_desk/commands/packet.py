"""`pcc-desk packet`: whether the evidence of a day is whole, and by whose key it was signed. Needs no store."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from pcc_desk.commands.refusing import printable
from pcc_desk.packets.checking import Result, checked
from pcc_desk.packets.reading import NoPacket, read_packet

UNSOUND, UNREADABLE = 1, 2
MARKS = {True: "ok ", False: "NOT", None: " ? "}


@click.group(short_help="Check the evidence of a closed day.")
def packet() -> None:
    """Check the evidence of a closed day: one file, without the desk and without its key."""


@packet.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--key", metavar="FINGERPRINT", help="The shop's fingerprint, as its sheets show it: must be the same.")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object, for programs.")
@click.pass_context
def verify(context: click.Context, file: Path, key: str | None, as_json: bool) -> None:
    """Check a packet: its signature, every document, the signatures of people, and that its inputs compare as it says.

    Anybody can write a packet with a key of their own: only the fingerprint, compared with one that you had before,
    tells whose it is. Status 0: sound; 1: not; 2: not a packet.
    """
    try:
        result = checked(read_packet(file), key)
    except NoPacket as error:
        click.echo(printable(f"{file.name} cannot be checked: {error}."), err=True)
        context.exit(UNREADABLE)
    click.echo(json.dumps(_document(result)) if as_json else "\n".join(map(printable, _lines(file.name, result))))
    context.exit(0 if result.is_sound else UNSOUND)


def _document(result: Result) -> dict[str, object]:
    return {"sound": result.is_sound, **asdict(result)}


def _lines(name: str, result: Result) -> list[str]:
    lines = [f"{name}: {result.shop}, {result.day}"]
    lines += [f"  {MARKS[each.is_fine]}  {each.what}: {each.words}" for each in result.checks]
    return [*lines, f"  Key: {result.fingerprint}", _verdict(result)]


def _verdict(result: Result) -> str:
    if not result.is_sound:
        return "Not sound: do not rely on it. Ask the shop for the packet anew."
    return "Sound." if result.is_told_whole else "Sound. What is marked ? could not be told."
