"""`pcc-desk backup`, `prove` and `restore`: copies of the record, without a screen."""

import asyncio
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from uuid6 import uuid7

from pcc_desk.commands.unlocking import SHUT, secret_from, shop_of, signing_in, unlocked
from pcc_desk.desk.backups import BackedUp, back_up
from pcc_desk.desk.backups import prove as prove_copy
from pcc_desk.domain.backups import BackupState, CopyNotMade, CopyOnDisk, NotProved, Proved, Second
from pcc_desk.domain.entries import Act
from pcc_desk.domain.people import THE_DESK_ITSELF, Person
from pcc_desk.home import usual_home
from pcc_desk.settings import SettingsMissing, SettingsWrong, load_settings
from pcc_desk.store.backups.copies import StoreCopies
from pcc_desk.store.backups.folders import BACKUPS_FOLDER, CopyFolder
from pcc_desk.store.backups.record import CopyUnusable
from pcc_desk.store.backups.restoring import OwnSecret, Restoration, SheetCode, StaysShut
from pcc_desk.store.backups.restoring import restore as restore_copy
from pcc_desk.store.engine import EncryptedStore

REFUSED = 1
NEWEST = "newest"

STATUSES = """\b
Exit statuses:
  0  the copy is made and proved; the copy is good; the store is restored
  1  it was not made, is not good, or was refused; the message says why
  2  the command was not written as it should be
  3  the desk is open: leave it first
  5  the secret is wrong, or the copy or the store is damaged or newer
"""

_json = click.option("--json", "as_json", is_flag=True, help="Write one JSON object, for programs.")


@dataclass(slots=True)
class DeskWithoutScreen:
    """As much of a desk as copies need."""

    store: EncryptedStore
    copies: StoreCopies
    person: Person
    counter: str
    backups: BackupState | None = None
    backups_tried_at: datetime | None = None

    @property
    def clock(self) -> "DeskWithoutScreen":
        """The computer's clock."""
        return self

    def now(self) -> datetime:
        """Return the present instant."""
        return datetime.now(UTC)

    def act(self) -> Act:
        """Return that the person does something now."""
        return _act(self.now(), self.person.id, self.counter)

    def act_by_itself(self) -> Act:
        """Return that the program does something now."""
        return _act(self.now(), THE_DESK_ITSELF, self.counter)


def _act(at: datetime, by: UUID, counter: str) -> Act:
    return Act(uuid7(), at, by, counter)


@contextmanager
def _desk(context: click.Context, descriptor: int | None, who: str | None) -> Iterator[DeskWithoutScreen]:
    home: Path = context.find_root().obj or usual_home(os.environ)
    second = load_settings(home).backup_folder
    with unlocked(context, home, descriptor, who) as (store, person):
        copies = StoreCopies(store, home, Path(second) if second else None)
        yield DeskWithoutScreen(store, copies, person, store.read_now(shop_of).counter)


@click.command(epilog=STATUSES, short_help="Copy the record, and prove the copy.")
@signing_in
@_json
@click.pass_context
def backup(context: click.Context, passphrase_fd: int | None, who: str | None, as_json: bool) -> None:
    """Copy the record into the shop's folder of copies and the second one, and prove the copy. The desk must be shut.

    An open desk does this by itself at least every 24 hours.
    """
    with _desk(context, passphrase_fd, who) as desk:
        outcome = asyncio.run(back_up(desk, desk.act))
    if isinstance(outcome, CopyNotMade):
        click.echo(json.dumps({"copy": None, "why": outcome.why}) if as_json else outcome.why, err=not as_json)
        context.exit(REFUSED)
    click.echo(json.dumps(_made_document(outcome), indent=1) if as_json else _made_words(outcome))
    context.exit(0 if isinstance(outcome.proof, Proved) and outcome.made.second is not Second.FAILED else REFUSED)


def _made_document(outcome: BackedUp) -> dict[str, Any]:
    made, proof = outcome.made, outcome.proof
    return {
        "copy": made.copy.name,
        "made_at": made.copy.made_at.isoformat(),
        "bytes": made.copy.size,
        "entries": made.seq,
        "proved": isinstance(proof, Proved),
        "why": proof.why if isinstance(proof, NotProved) else "",
        "second": {"state": made.second.value, "why": made.why},
        "removed": list(outcome.removed),
    }


def _made_words(outcome: BackedUp) -> str:
    made = outcome.made
    lines = [f"{made.copy.name}: {made.copy.size / 1_000_000:,.1f} MB, {made.seq:,} entries."]
    lines.append("Proved." if isinstance(outcome.proof, Proved) else f"Not good: {outcome.proof.why}")
    if made.second is not Second.NOT_SET:
        lines.append("The second folder has it too." if made.second is Second.KEPT else f"No second copy: {made.why}")
    if outcome.removed:
        lines.append(f"Let go: {', '.join(outcome.removed)}.")
    return "\n".join(lines)


@click.command(epilog=STATUSES, short_help="Prove a copy by restoring it into a scratch file.")
@click.argument("copy", default=NEWEST)
@signing_in
@_json
@click.pass_context
def prove(context: click.Context, copy: str, passphrase_fd: int | None, who: str | None, as_json: bool) -> None:
    """Restore COPY, or the newest one, into a scratch file, and check every page, every row's count and the journal.

    What came of it is on record. The desk must be shut.
    """
    with _desk(context, passphrase_fd, who) as desk:
        listed = desk.copies.listed_now()
        found = next((each for each in listed if copy in {NEWEST, each.name}), None)
        if found is None and copy != NEWEST:
            found = CopyOnDisk(copy, desk.now(), 0)
        if found is None:
            click.echo("There is no copy yet. Make one: pcc-desk backup.", err=True)
            context.exit(REFUSED)
        proof = asyncio.run(prove_copy(desk, found, desk.act))
    is_good = isinstance(proof, Proved)
    if as_json:
        why = "" if isinstance(proof, Proved) else proof.why
        at = proof.made_at.isoformat() if proof.made_at else None
        click.echo(json.dumps({"copy": proof.copy, "made_at": at, "proved": is_good, "why": why}, indent=1))
    else:
        click.echo(f"{proof.copy}: {'proved.' if isinstance(proof, Proved) else f'not good. {proof.why}'}")
    context.exit(0 if is_good else REFUSED)


@click.command(epilog=STATUSES, short_help="Restore a copy, on a bare machine if need be.")
@click.argument("copy")
@click.option("--from", "source", type=click.Path(file_okay=False, path_type=Path), help="The folder with the copies.")
@click.option("--home", type=click.Path(file_okay=False, path_type=Path), help="The data folder to restore into.")
@click.option("--recovery-fd", type=click.IntRange(min=0), metavar="N", help="Read the recovery sheet's code here.")
@signing_in
@_json
@click.pass_context
def restore(  # noqa: PLR0917 - what can be said on the command line
    context: click.Context,
    copy: str,
    source: Path | None,
    home: Path | None,
    recovery_fd: int | None,
    passphrase_fd: int | None,
    who: str | None,
    as_json: bool,
) -> None:
    """Restore COPY (its name, or “newest”) into the data folder. Nothing is written over; the desk must be shut.

    On a bare machine the folder of copies and the code of the recovery sheet are enough: without --recovery-fd and
    --passphrase-fd the code is asked for. PINs do not work on another computer.
    """
    to: Path = home or context.find_root().obj or usual_home(os.environ)
    folder = CopyFolder(source or _folder_of(to))
    name = _named(folder, copy)
    secret: SheetCode | OwnSecret
    if passphrase_fd is not None:
        secret = OwnSecret(secret_from(passphrase_fd), who or "")
    elif recovery_fd is not None:
        secret = SheetCode(secret_from(recovery_fd, "a code"))
    else:
        secret = SheetCode(click.prompt("Code of the recovery sheet", hide_input=True, err=True))
    try:
        done = restore_copy(to, folder, name, secret, _act)
    except (CopyUnusable, StaysShut) as error:
        click.echo(str(error), err=True)
        context.exit(SHUT)
    click.echo(json.dumps(_document(to, done), indent=1) if as_json else _words(to, done))


def _folder_of(home: Path) -> Path:
    """Return the shop's own folder of copies, or the second one where that is empty."""
    own = home / BACKUPS_FOLDER
    if CopyFolder(own).names():
        return own
    try:
        second = load_settings(home).backup_folder
    except (SettingsMissing, SettingsWrong):
        second = None
    return Path(second) if second else own


def _named(folder: CopyFolder, copy: str) -> str:
    """Return the name of a copy. Raises `CopyUnusable`."""
    if copy != NEWEST:
        return Path(copy).with_suffix(".db").name
    found = []
    for name in folder.names():
        try:
            found.append(folder.read(name))
        except CopyUnusable as error:
            click.echo(f"{error} It is left out.", err=True)
    if not found:
        raise CopyUnusable(f"There is no whole copy in {folder.path}. Name the folder with --from.")
    if len({each.vault for each in found}) > 1:
        raise CopyUnusable(f"{folder.path} holds copies of several shops. Name the one that you want.")
    return max(found, key=lambda each: each.made_at).name


def _document(home: Path, done: Restoration) -> dict[str, Any]:
    return {
        "copy": done.record.name,
        "made_at": done.record.made_at.isoformat(),
        "home": str(home),
        "entries": done.record.seq,
        "seal": done.record.seal,
        "restored_as_entry": done.seq,
        "lost_entries": done.lost,
        "aside": str(done.aside) if done.aside else None,
        "without_pins": list(done.without_pins),
    }


def _words(home: Path, done: Restoration) -> str:
    lines = [
        f"Restored into {home}: the record as it was on {done.record.made_at:%Y-%m-%d at %H:%M} UTC, "
        f"{done.record.seq:,} entries, every one of them checked."
    ]
    if done.lost is None:
        lines.append("Whether anything came after that copy cannot be told: no later record was found.")
    elif done.lost:
        lines.append(f"{done.lost:,} entries came after that copy and are not in it. Enter them again.")
    else:
        lines.append("Nothing is known to have come after that copy.")
    if done.aside is not None:
        lines.append(f"What lay there before is in {done.aside}. Keep it until all is well.")
    if done.without_pins:
        lines.append(
            "PINs work only on the computer on which they were made. On another one use passphrases, and give new PINs "
            f"to: {', '.join(done.without_pins)}."
        )
    return "\n".join(lines)
