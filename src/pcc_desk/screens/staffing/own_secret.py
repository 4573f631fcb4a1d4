"""Changing one's own secret: the old one is asked for first, then the new one, twice."""

from textual.app import App

from pcc_desk.desk import staffing
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.errors import DeskError
from pcc_desk.desk.rights import Right
from pcc_desk.domain.people import SecretKind
from pcc_desk.screens.door.re_enter import NOT_PROVED, InHand, in_hand
from pcc_desk.screens.staffing.asking import ChooseOne, NewSecret
from pcc_desk.screens.staffing.staff_words import ADVICE, secret_words

WHAT = (
    ("passphrase", "a new one, in the place of the one before"),
    ("PIN", "for this computer, beside the passphrase"),
    ("no PIN", "take the PIN away"),
)


async def change_own_secret(app: App[None], desk: Desk) -> tuple[str, bool] | None:
    """Let whoever sits there change their secret; return what became of it and whether it is good. None: nothing."""
    if not desk.person.role.is_held:
        return "The recovery sheet has no secret of its own. A manager makes it anew in Staff.", False
    what = await app.push_screen_wait(ChooseOne("My own secret", WHAT))
    if not what:
        return None
    hand = await in_hand(app, desk, Right.OWN_SECRET)
    if hand is None:
        return NOT_PROVED, False
    try:
        return await _changed(app, desk, hand, what)
    except DeskError as error:
        return f"Not done. {error}", False
    finally:
        hand.vault.close()


async def _changed(app: App[None], desk: Desk, hand: InHand, what: str) -> tuple[str, bool] | None:
    if what == "no PIN":
        had = await staffing.take_pin(desk.store, hand.vault, desk.person.id, new_act=hand.new_act)
        return ("Your PIN opens nothing any more." if had else "You had no PIN."), had
    kind = SecretKind.PIN if what == "PIN" else SecretKind.PASSPHRASE
    proposed = desk.secrets.proposed() if desk.secrets is not None else ""
    dialog = NewSecret(secret_words(desk.person, kind), ADVICE[kind].format(proposed=proposed))
    secret = await app.push_screen_wait(dialog)
    if not secret:
        return None
    await staffing.give_secret(desk.store, hand.vault, desk.person, kind, secret, new_act=hand.new_act)
    return f"{secret_words(desk.person, kind)} is in use.", True
