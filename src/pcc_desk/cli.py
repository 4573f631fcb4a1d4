"""The command line: reads what is asked for, and calls what does it.

The commands load what they need when they run: `--help` loads nothing heavy.
"""

import gc
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pcc_desk import __version__
from pcc_desk.desk.errors import DeskError
from pcc_desk.home import HOME_VARIABLE, usual_home, usual_practice_home

if TYPE_CHECKING:
    from pcc_desk.setup.questions import Answers

FINE = 0
REFUSED = 1
USAGE = 2
IN_USE = 3
NO_TERMINAL = 4
STORE_SHUT = 5

EXIT_STATUSES = """\b
Exit statuses:
  0  all went well
  1  something was found or refused; the message says what
  2  the command was not written as it should be
  3  the store is in use by another desk
  4  there is no terminal to show the desk on
  5  the store cannot be opened: damaged, newer than this version, or a wrong secret
"""

ANSWERS_HELP = """\b
Without a screen: --answers-fd N reads one JSON object from file descriptor N.
  shop_name, licence, jurisdiction, zone, person_name, passphrase   always
  role            manager when left out
  state_system    metrc, or manual: people read the state's page; or none; manual when left out
  state_page      what people call that page, with manual; State page when left out
  state_url, vendor_key, user_key                                   with metrc
  pos             csv (its reports), dutchie, flowhub, cova, or none; csv when left out
  pos_folder      the folder of the POS's reports; none when left out
  pos_location_key                                                  with dutchie
  pos_client_id, pos_key, pos_location                              with flowhub
  pos_company, pos_location, pos_tag_field, pos_client_id,
  pos_client_secret, pos_username, pos_password                     with cova

\b
Secrets belong on that descriptor only, never on a command line. The recovery
sheet's code goes to the descriptor of --recovery-fd, or else to the terminal:
  pcc-desk setup --answers-fd 3 --recovery-fd 4 3< answers.json 4> sheet.txt
"""


LATER = (
    ("jurisdictions", "pcc_desk.commands.jurisdictions", "Look at the rules, and check a file of your own."),
    ("adapters", "pcc_desk.commands.adapters", "List what the desk can be connected to."),
    ("pos", "pcc_desk.commands.pos", "Read sales of the point of sale, and say what columns mean."),
    ("keys", "pcc_desk.commands.keys", "Enter or replace the keys of outside systems."),
    ("staff", "pcc_desk.commands.staff", "Say who works here, and by what they open the desk."),
    ("rekey", "pcc_desk.commands.staff", "Change the key of the store."),
    ("appointments", "pcc_desk.commands.appointments", "Take appointments from a calendar."),
    ("stock", "pcc_desk.commands.stock", "Tell the stock of a shop whose state system people read."),
    ("patients", "pcc_desk.commands.patients", "Bring patients along, and hand out one patient's record."),
    ("backup", "pcc_desk.commands.backup", "Copy the record, and prove the copy."),
    ("prove", "pcc_desk.commands.backup", "Prove a copy by restoring it into a scratch file."),
    ("restore", "pcc_desk.commands.backup", "Restore a copy, on a bare machine if need be."),
    ("outages", "pcc_desk.commands.outages", "List outages, and write out what was sold under one."),
    ("journal", "pcc_desk.commands.journal", "Check the record, and tell what was disclosed."),
    ("packet", "pcc_desk.commands.packet", "Check the evidence of a closed day."),
    ("allotment", "pcc_desk.commands.allotment", "Work out an allotment from files, without a store."),
    ("reconcile", "pcc_desk.commands.reconcile", "Compare a day's sales with the state's receipts, from files."),
    ("practice-day", "pcc_desk.practice_day", "Live a day of visits in the practice shop."),
    ("simulate", "pcc_desk.commands.simulate", "Run a simulated state system, or change one that runs."),
)
"""The commands of modules of their own: the name, which is that of the object as well (with _ for -), the module, what
help says."""


class NoTerminal(DeskError):
    """There is no terminal to show the desk on."""


class Later(click.Command):
    """A command whose module is loaded when it is called: help and completion of the others load nothing of it."""

    def __init__(self, name: str, module: str, short_help: str) -> None:
        super().__init__(name, short_help=short_help)
        self.module = module

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Return a context of the command itself."""
        from importlib import import_module

        gc.disable()  # what is loaded stays: there is no garbage in it to look for
        try:
            command: click.Command = getattr(import_module(self.module), str(self.name).replace("-", "_"))
        finally:
            gc.enable()
        return command.make_context(info_name, args, parent, **extra)


@click.group(invoke_without_command=True, epilog=EXIT_STATUSES)
@click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    envvar=HOME_VARIABLE,
    help=f"The data folder. Every file that the desk writes is in it. Also: {HOME_VARIABLE}.",
)
@click.version_option(__version__, prog_name="pcc-desk", message="%(prog)s %(version)s")
@click.pass_context
def desk(context: click.Context, home: Path | None) -> None:
    """Open the desk of a Patient Care Coordinator.

    Without a command the shop's own desk opens; when no shop is set up yet, it is set up first.
    """
    context.obj = home.expanduser() if home else None
    if context.invoked_subcommand is None:
        context.exit(open_shop(home_of(context)))


@desk.command(short_help="Open the practice shop.")
@click.pass_context
def demo(context: click.Context) -> None:
    """Open the practice shop: invented people, a simulated state system and point of sale."""
    require_terminal()
    from pcc_desk.practice import open_practice, refuse_real

    home = context.obj or usual_practice_home(os.environ)
    refuse_real(home)
    context.exit(open_practice(home, kept_apart))


@desk.command(epilog=ANSWERS_HELP, short_help="Set a shop up.")
@click.option("--answers-fd", type=click.IntRange(min=0), metavar="N", help="Read the answers from this descriptor.")
@click.option("--recovery-fd", type=click.IntRange(min=0), metavar="N", help="Write the recovery sheet's code here.")
@click.pass_context
def setup(context: click.Context, answers_fd: int | None, recovery_fd: int | None) -> None:
    """Set a shop up: its encrypted store, its first person, its connections."""
    home = home_of(context)
    if answers_fd is None:
        require_terminal()
    set_up_shop(home, answers_fd, recovery_fd)


@desk.command(short_help="Look at what the desk stands on.")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object, for programs.")
@click.option(
    "--passphrase-fd",
    "descriptor",
    type=click.IntRange(min=0),
    metavar="N",
    help="Read a passphrase from this descriptor, and look into the record too. The desk must be shut.",
)
@click.option("--as", "who", metavar="NAME", help="Whose passphrase it is, where several people work.")
@click.pass_context
def doctor(context: click.Context, as_json: bool, descriptor: int | None, who: str | None) -> None:
    """Look at what the desk stands on, and say what to do about each finding.

    Without a passphrase nothing is opened. With one every page of the store and every entry of the journal is checked,
    and the tables are made anew from the journal and compared, which takes about 2 s for 100 MB and more for a long
    history; the anchor, the slots and the copies are looked at. Nothing is put on record.

    Ends with 0 when nothing needs to be done, with 1 after a warning, with 2 when something is in trouble.
    """
    from pcc_desk.doctor import CHECKS, as_document, as_lines, examine, status_of_findings

    checks = CHECKS
    if descriptor is not None:
        from pcc_desk.commands.unlocking import secret_from
        from pcc_desk.doctor.record import record_check

        checks = (*CHECKS, record_check(secret_from(descriptor), who))
    findings = examine(home_of(context), checks)
    click.echo(as_document(findings) if as_json else as_lines(findings))
    context.exit(status_of_findings(findings))


for _name, _module, _help in LATER:
    desk.add_command(Later(_name, _module, _help))


def home_of(context: click.Context) -> Path:
    """Return the data folder that was named, or the usual one."""
    named: Path | None = context.find_root().obj
    return named or usual_home(os.environ)


def require_terminal() -> None:
    """Raise `NoTerminal` unless a person can see and type."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise NoTerminal("The desk needs a terminal to show itself and to be typed at. Start it in one.")
    if os.environ.get("TERM", "dumb") == "dumb":
        raise NoTerminal("This terminal can only write lines. Start the desk in one that can place text (TERM).")


def open_shop(home: Path) -> int:
    """Open the desk of a data folder, setting the shop up first when there is none. Return the exit status.

    The settings are judged when the desk is unlocked; the first screen stands before that. Only when they do not even
    say whose desk it is are they judged here, which ends in a sentence.
    """
    require_terminal()
    from pcc_desk.home import first_look
    from pcc_desk.store.lock import FolderLock

    look = first_look(home)
    if look is None:
        from pcc_desk.settings import SettingsMissing, load_settings

        try:
            load_settings(home)
        except SettingsMissing:
            click.echo(f"No shop is set up in {home} yet. A few questions first; ctrl+c stops.\n")
            set_up_shop(home, None)
        return open_shop(home)
    FolderLock(home).release()  # who comes second is told so before anything is drawn
    if look.is_practice:
        from pcc_desk.practice import open_practice

        return open_practice(home, kept_apart)

    def run() -> int:
        from pcc_desk.wiring import open_desk

        return open_desk(home, look)

    return kept_apart(run)


def set_up_shop(home: Path, answers_fd: int | None, recovery_fd: int | None = None) -> None:
    """Ask or read the answers and make the data folder of a shop; give out the code of its recovery sheet."""
    from pcc_desk.commands.handing import hand_out
    from pcc_desk.setup.asking import ask_answers
    from pcc_desk.setup.making import refuse_taken, set_up

    refuse_taken(home)
    answers = ask_answers() if answers_fd is None else read_answers(answers_fd)
    code = set_up(home, answers)
    hand_out(code, recovery_fd)
    click.echo(f"The shop is set up in {home}. Open it with pcc-desk.")


def read_answers(descriptor: int) -> "Answers":
    """Return the answers that a file descriptor holds. Raises `click.UsageError` when it cannot be read."""
    from pcc_desk.setup.questions import LONGEST_ANSWERS, AnswersRefused, parse_answers

    try:
        with os.fdopen(descriptor, "rb") as file:
            content = file.read(LONGEST_ANSWERS + 1)
    except OSError as error:
        raise click.UsageError(f"File descriptor {descriptor} cannot be read: {error.strerror}.") from error
    if len(content) > LONGEST_ANSWERS:
        raise AnswersRefused(f"The answers are longer than {LONGEST_ANSWERS} bytes. Nothing was set up.")
    return parse_answers(content)


def kept_apart(run: Callable[[], int]) -> int:
    """Run something in a process of its own, which a small one beside it outlives; return how it ended."""
    from pcc_desk.keeper import keep

    return keep(lambda: guarded(run))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status."""
    return guarded(lambda: desk.main(args=arguments, prog_name="pcc-desk", standalone_mode=False))


def guarded(run: Callable[[], object]) -> int:
    """Run something and return its exit status. Every fault ends in a sentence on the error stream."""
    try:
        status = run()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt) as stopped:
        click.echo("\nStopped.", err=True)
        return said_status(stopped.__cause__ or stopped)
    except DeskError as error:
        click.echo(str(error), err=True)
        return status_of(error)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        click.echo(f"{where}{error.strerror or error}. Run pcc-desk doctor.", err=True)
        return said_status(error)
    except Exception as error:
        click.echo(fault(error), err=True)
        return said_status(error)
    return status if isinstance(status, int) else FINE


def said_status(error: BaseException) -> int:
    """Return the exit status that a command said its failures end with (`commands.refusing.failing_with`)."""
    return getattr(error, "exit_status", REFUSED)


def fault(error: BaseException) -> str:
    """Return what to say of a fault of the program: where it was. Its words may hold anything and are left out."""
    frames = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append(f"  {'/'.join(Path(code.co_filename).parts[-2:])}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return "\n".join(
        ["The desk has a fault. Please report these lines.", f"  {type(error).__qualname__}", *frames[-8:]]
    )


def status_of(error: DeskError) -> int:
    """Return the exit status that a fault ends with."""
    if error.exit_status is not None:
        return error.exit_status
    if isinstance(error, NoTerminal):
        return NO_TERMINAL
    from pcc_desk.store.lock import StoreInUse

    if isinstance(error, StoreInUse):
        return IN_USE
    if "pcc_desk.store.engine" not in sys.modules:
        return REFUSED
    from pcc_desk.store.connection import StoreDamaged
    from pcc_desk.store.migrations import NewerSchema

    return STORE_SHUT if isinstance(error, StoreDamaged | NewerSchema) else REFUSED
