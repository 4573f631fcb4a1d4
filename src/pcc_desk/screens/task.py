"""Screens in which something is being made: what is typed is kept as a draft, and not dropped without a question."""

from contextlib import suppress
from typing import ClassVar
from uuid import UUID

from textual import work
from textual.await_complete import AwaitComplete

from pcc_desk.desk.drafts import Typed, keep_form, kept_form, written
from pcc_desk.desk.errors import NotSaved
from pcc_desk.screens.dialogs import Confirm
from pcc_desk.screens.frame import Framed


class Task(Framed):
    """A screen above the places in which something is being made. Closes with a sentence on what became of it.

    What is typed in it is kept for whoever typed it when the desk locks or its terminal goes, and taken up when the
    same person opens the same form about the same thing again. A form that is left by its own keys keeps nothing.
    """

    ON_LEAVING: ClassVar[str]
    """What happens to what is not saved when one leaves."""

    FORM: ClassVar[str] = ""
    """The name under which its draft is kept; empty: it keeps none, or in a way of its own."""

    MOVED: ClassVar[str] = "What you had typed here rests on something that is no longer so. It was not taken up."
    """What is said where the ground of a draft moved."""

    kept_words = ""
    """What is kept of it, as it was written last."""

    @property
    def about(self) -> UUID:
        """What the form is about: a patient, a dispensation."""
        raise NotImplementedError

    @property
    def about_patient(self) -> UUID | None:
        """The patient whom it is about; None: no single one."""
        return None

    def typed_so_far(self) -> Typed:
        """Return what is typed, as the form takes it up again; empty when nothing is."""
        return {}

    def ground(self, typed: Typed) -> str:
        """Return what something typed rests on. Where it moved since, the draft is not taken up."""
        return ""

    def take_up(self, typed: Typed) -> str:
        """Put back what was typed. Return why some of it could not be, as sentences."""
        return ""

    def say(self, words: str, tone: str) -> None:
        """Answer where the form answers."""
        raise NotImplementedError

    async def take_up_draft(self) -> None:
        """Put back what the same person typed here and did not save, and say so."""
        if not (self.FORM and self.desk.keeps_drafts):
            return
        kept = await self.desk.store.read(kept_form, self.FORM, self.about, self.desk.person.id)
        if kept is None:
            return
        self.kept_words = written(kept.typed, kept.ground)
        if kept.ground != self.ground(kept.typed):
            self.say(self.MOVED, "warning")
            return
        missing = self.take_up(kept.typed)
        self.say(f"Taken up from your draft. {missing}".strip(), "warning" if missing else "muted")

    def keep_soon(self) -> None:
        """Keep what is typed, now that something of it is whole."""
        if self.FORM:
            self.keep_quietly()

    @work(group="draft", exclusive=True)
    async def keep_quietly(self) -> None:
        """Keep what is typed, if that can be done: the form stands there, and is kept again when it goes."""
        with suppress(NotSaved):
            await self.keep_draft()

    async def keep_draft(self) -> None:
        """Keep what is typed for whoever typed it."""
        typed = self.typed_so_far()
        await self._keep(written(typed, self.ground(typed)) if typed else "")

    async def _keep(self, words: str) -> None:
        if words != self.kept_words and self.desk.keeps_drafts:
            await self.desk.store.write(
                keep_form, self.FORM, self.about, self.about_patient, words, act=self.desk.act()
            )
            self.kept_words = words

    async def drop_draft(self) -> None:
        """Keep nothing any more: it is saved, or somebody said that it may go."""
        if self.FORM:
            with suppress(NotSaved):
                await self._keep("")

    def dismiss(self, result: str | None = None) -> AwaitComplete:
        """Close. With something to say, even nothing, it is over and its draft goes; without, the desk locks."""
        if result is not None and self.kept_words:
            self.app.run_worker(self.drop_draft(), group="drafts")
        return super().dismiss(result)

    @property
    def has_draft(self) -> bool:
        """Whether something typed here is kept."""
        return bool(self.kept_words)

    def unsaved(self) -> str:
        """Return what is not saved, as a clause; empty when nothing is."""
        raise NotImplementedError

    async def put_away(self) -> None:
        """Keep what can be kept, because the screen may go."""
        if self.FORM:
            await self.keep_draft()

    async def may_be_left(self) -> bool:
        """Ask before what is not saved is dropped; whether nothing is, or somebody said yes."""
        unsaved = self.unsaved()
        if not unsaved:
            return True
        is_yes: bool = await self.app.push_screen_wait(Confirm(f"{unsaved}. Leave it?", self.ON_LEAVING))
        if is_yes:
            await self.drop_draft()
        return is_yes


class Form(Task):
    """A task that is typed row by row, saved by work of the group `save`, and left by one key."""

    @work(exclusive=True, group="leave")
    async def action_leave(self) -> None:
        """Leave; what is typed is not dropped without a question. While something is being saved, nothing happens."""
        if not self.is_at("save") and await self.may_be_left():
            self.dismiss("")
