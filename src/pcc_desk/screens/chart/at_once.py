"""What has to be done at once for a patient, in the head of the chart and of the intake."""

from typing import Any

from textual.app import App

from pcc_desk.domain.shop import Shop
from pcc_desk.domain.standing_alarms import AlarmSeen, StandingAlarm, unseen
from pcc_desk.screens.dialogs import Confirm
from pcc_desk.screens.words import day_words
from pcc_desk.widgets.sheet import Line


def at_once_lines(alarms: tuple[StandingAlarm, ...], shop: Shop, key: str) -> tuple[Line, ...]:
    """Return a line that says what has to be done, or who saw to it; none where nothing has.

    It stands until a note is signed. `key` is the one by which somebody says what was done; empty: not theirs.
    """
    waiting = " ".join(dict.fromkeys(each.words for each in unseen(alarms)))
    if waiting:
        how = f" {key}: say what was done." if key else ""
        return (((f"AT ONCE: {waiting}{how} A signed note ends this.", "danger"),),)
    if not alarms:
        return ()
    told = dict.fromkeys(_seen_words(of, shop) for each in alarms if (of := each.seen) is not None)
    was = " ".join(dict.fromkeys(each.words for each in alarms))
    return (((f"AT ONCE, acknowledged {'; '.join(told)}. A signed note ends this. It was: {was}", "warning"),),)


async def may_go(app: App[Any], name: str) -> bool:
    """Ask before somebody goes for whom nobody said what was done at once."""
    question = f"Something has to be done at once for {name}, and nobody said that it was. End the visit all the same?"
    is_yes: bool = await app.push_screen_wait(Confirm(question, "It leaves the queue, and stays in the chart."))
    return is_yes


def _seen_words(seen: AlarmSeen, shop: Shop) -> str:
    at = shop.local(seen.at)
    return f"{day_words(at.date())} {at:%H:%M} by {seen.by}: {seen.words}"
