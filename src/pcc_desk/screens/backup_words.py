"""What the desk says of its copies: how old the newest good one is, what is wrong, what to do."""

from datetime import timedelta

from pcc_desk.desk.backups import BackedUp, back_up
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.errors import DeskError
from pcc_desk.desk.rights import Right
from pcc_desk.domain.backups import BackupState, NotProved
from pcc_desk.screens.words import age
from pcc_desk.widgets.drawn import Span


def backup_span(desk: Desk) -> tuple[Span, ...]:
    """Return how old the newest proved copy is, for the status line; nothing where that was not looked at yet."""
    state = desk.backups
    if state is None:
        return ()
    now = desk.clock.now()
    passed = state.age(now)
    words = "no backup yet" if passed is None else f"backup {_age(passed)}"
    return ((words, "warning" if state.is_late(now) or state.trouble else "muted"),)


def provided_words(desk: Desk) -> str:
    """Return how old the newest proved copy is, for the first place; empty where that was not looked at yet."""
    state = desk.backups
    if state is None:
        return ""
    passed = state.age(desk.clock.now())
    return "There is no proved backup yet." if passed is None else f"The newest proved backup is {_age(passed)} old."


def what_to_do(desk: Desk) -> str:
    """Return what whoever sits here can do about a record that is not provided for."""
    return "Ctrl+P, Back up now." if desk.may(Right.BACK_UP) else "Tell a manager."


def backup_alert(desk: Desk) -> tuple[str, ...]:
    """Return the sentence on a record that is not provided for, in ever fewer words; empty when it is."""
    state = desk.backups
    if state is None:
        return ()
    now = desk.clock.now()
    todo = what_to_do(desk)
    if state.is_late(now):
        how = _late_words(state, state.age(now))
        why = f" {state.trouble}" if state.trouble else ""
        return f"{how}.{why} {todo}", f"{how}. {todo}", how
    return (f"{state.trouble} {todo}", "The last backup has a flaw. " + todo) if state.trouble else ()


def _late_words(state: BackupState, passed: timedelta | None) -> str:
    return "There is no backup of this record" if passed is None else f"The newest good backup is {_age(passed)} old"


def _age(passed: timedelta) -> str:
    """Return an age in minutes, hours or days: seconds tell nothing here."""
    minutes = max(int(passed.total_seconds()) // 60, 0)
    return f"{minutes} min" if minutes < 90 else age(passed)


async def made_words(desk: Desk) -> tuple[str, bool]:
    """Make a copy as the person who sits here; return what became of it, and whether all is well."""
    try:
        outcome = await back_up(desk, desk.act)
    except DeskError as error:
        return str(error), False
    if not isinstance(outcome, BackedUp):
        return f"No copy was made. {outcome.why}", False
    size = f"{outcome.made.copy.size / 1_000_000:,.1f} MB"
    if isinstance(outcome.proof, NotProved):
        return f"A copy was made and is not good. {outcome.proof.why}", False
    words = f"Backed up and proved: {size}, {outcome.made.seq:,} entries."
    return f"{words} {outcome.trouble}".rstrip(), not outcome.trouble
