"""The intake of a new patient: an hour's questions, each on record when its field is left."""

import asyncio
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from typing import ClassVar, assert_never

from textual import work
from textual.binding import Binding, BindingType
from textual.widget import Widget

from pcc_desk.desk.alarms import alarms_of
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.errors import DeskError, NotSaved
from pcc_desk.desk.intake import NotWhole, Opened, Verified, VerifiedAlready, answer, verify_intake
from pcc_desk.desk.rights import Right
from pcc_desk.domain.intake import (
    CERTIFICATION_ENDS,
    FieldKind,
    IntakeRules,
    IntakeState,
    alarm_of,
    alarms,
    goes_on_at,
    missing,
    scores,
    unusable,
    vague_points,
)
from pcc_desk.domain.standing_alarms import StandingAlarm, unseen
from pcc_desk.screens.chart.at_once import at_once_lines
from pcc_desk.screens.dialogs import Confirm
from pcc_desk.screens.people.acknowledging import acknowledge_form
from pcc_desk.screens.people.first_consultation import book_first
from pcc_desk.screens.people.intake_head import Shown, head_lines
from pcc_desk.screens.people.intake_questions import questions, why
from pcc_desk.screens.task import Task
from pcc_desk.screens.words import lapsed_doubt, lapsed_words, local_time
from pcc_desk.widgets.form import FormSheet, Question
from pcc_desk.widgets.sheet import Line, Sheet


class TakeIntake(Task):
    """Closes with a sentence on how far the intake is."""

    PLACE = "Chart"
    ON_LEAVING = "What is not saved is lost. All else is on record."
    CSS_PATH = "people.tcss"
    CALLED = "An intake"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "verify", "Finish", id="intake.verify", tooltip="Check that nothing is missing, and finish"),
        Binding("f4", "missing", "Missing", id="intake.missing", tooltip="To the next question without a good answer"),
        Binding("f3", "acknowledge", "Acknowledge", id="intake.acknowledge", tooltip="Say what was done at once"),
        Binding("escape", "leave", "Later", id="intake.leave", tooltip="Leave; the intake goes on where you leave it"),
    ]

    def __init__(self, desk: Desk, opened: Opened, place: str = "Chart") -> None:
        super().__init__(desk)
        self.came_from = place
        self.patient = opened.patient
        self.intake = opened.intake
        self.rules: IntakeRules = desk.intake_rules()
        self.by_key = {each.key: each for each in self.rules.form.fields}
        self.answers = dict(opened.intake.answers)
        self.is_resumed = not opened.is_new
        self.at_once: tuple[StandingAlarm, ...] = ()
        """What has to be done at once by what is on record, and who saw to it."""
        self.unkept: deque[tuple[str, str]] = deque()
        """Answers that are not known to be on record, by the keys of their fields, in the order in which they came."""
        self.keeping = asyncio.Lock()

    @property
    def place(self) -> str:
        """The place from which somebody came here."""
        return self.came_from

    @property
    def dangers(self) -> str:
        """What has to be done at once by what is answered; empty where nothing has, or somebody saw to all of it.

        A signed note ends what is on record, and nothing that is not: nobody was shown that anywhere but here.
        """
        is_waiting = any(alarm_of(self.rules, key, self.answers[key]) for key, _ in self.unkept)
        is_waiting = is_waiting or bool(unseen(self.at_once))
        return " ".join(alarms(self.rules, self.answers)) if is_waiting else ""

    @property
    def wrong(self) -> tuple[tuple[str, str], ...]:
        """The keys of the answers that cannot be used, each with what is wrong with it."""
        return unusable(self.rules.form, self.answers, self.desk.today)

    @property
    def doubted(self) -> dict[str, str]:
        """What is doubted of an answer and keeps nobody from finishing, by the key of its field."""
        said = lapsed_doubt(self.answers.get(CERTIFICATION_ENDS, ""), "certification", self.desk.today)
        return {CERTIFICATION_ENDS: said} if said and CERTIFICATION_ENDS not in dict(self.wrong) else {}

    @property
    def acknowledge_key(self) -> str:
        """The key by which somebody says what was done; empty where nothing on record waits for it, or not theirs."""
        return "f3" if unseen(self.at_once) and self.desk.may(Right.ACT_AT_ONCE) else ""

    @property
    def form(self) -> FormSheet:
        """The fields."""
        return self.query_one(FormSheet)

    def body(self) -> Iterable[Widget]:
        """Return the head, the form, what is asked at the cursor, and the line that answers."""
        yield Sheet(id="head", wraps=True)
        yield FormSheet(
            questions(self.rules, self.answers), left=self.left, finished=self.action_verify, arrived=self.arrived
        )
        yield Sheet(id="asked", wraps=True)
        yield Sheet(id="said", wraps=True)

    async def on_mount(self) -> None:
        """Go on where it was left."""
        self.form.fill({key: words for key, words in self.answers.items() if key in self.by_key})
        self.judge_all()
        self.form.go_to(goes_on_at(self.rules.form, self.intake))
        await self.read_alarms()
        self.ask(self.form.current)
        if self.intake.state is IntakeState.VERIFIED:
            self.say("This intake is finished. What it says is not changed any more.", "muted")
        elif self.is_resumed:
            self.say("Taken up where it was left.", "muted")

    async def read_alarms(self) -> None:
        """Read what has to be done at once, and who saw to it."""
        self.at_once = await self.desk.store.read(alarms_of, self.patient.id, act=self.desk.act())
        self.show_head()
        self.refresh_bindings()

    def show_head(self) -> None:
        """Say whose it is, what is missing, and what has to be done at once."""
        how = f"   {self.acknowledge_key}: say what was done." if self.acknowledge_key else ""
        at_once: tuple[Line, ...] = (((f"AT ONCE: {self.dangers}{how}", "danger"),),) if self.dangers else ()
        seen_to = at_once_lines(self.at_once, self.desk.shop, self.acknowledge_key) if self.at_once else ()
        shown = Shown(self.rules, self.answers, self.form.current.key, self.desk.today)
        self.query_one("#head", Sheet).show(head_lines(self.patient, shown, at_once or tuple(seen_to)))

    def arrived(self, question: Question) -> None:
        """Say what is asked here; what could not be saved when another field was left is tried again."""
        self.ask(question)
        if self.is_mounted:
            self.show_head()
        if self.unkept and self.intake.state is IntakeState.OPEN and not self.is_at("keep"):
            self.keep()

    def ask(self, question: Question) -> None:
        """Say in full what is asked at the cursor, and why."""
        field = self.by_key.get(question.key)
        if field is None:
            return
        heading = next((each for each in self.rules.form.sections if field in each.fields), None)
        scale = heading.title if heading is not None and field.kind is FieldKind.SCORE else ""
        more = field.example if field.kind is FieldKind.YES_NO else ""
        rest = " · ".join(each for each in (scale, more, "needed" if field.required else "", why(field)) if each)
        for sheet in self.query("#asked").results(Sheet):  # none before the screen stands
            sheet.show((((field.label, "heading"), (f"   {rest}", "muted")),))

    def say(self, words: str, tone: str) -> None:
        """Answer in the last line."""
        self.query_one("#said", Sheet).show((((words, tone),),))

    def left(self, key: str, value: str) -> None:
        """Put an answer on record now that its field is left."""
        if self.intake.state is IntakeState.VERIFIED:
            self.say("This intake is finished. What you changed is not kept; escape leaves it.", "warning")
            return
        self.answers[key] = value
        self.unkept.append((key, value))
        self.keep()
        self.judge_all()
        self.show_head()
        asked = questions(self.rules, self.answers)
        if asked != self.form.questions:
            self.form.ask_otherwise(asked)

    def judge_all(self) -> None:
        """Say under each answer what is wrong with it, or doubted."""
        self.form.tell({key: (said, "warning") for key, said in (*self.doubted.items(), *self.wrong)})

    @work(group="keep")
    async def keep(self) -> None:
        """Put on record what was answered, while somebody goes on; what fails is told."""
        await self.all_kept()

    async def all_kept(self) -> None:
        """Put on record what is not known to be there, one answer after the other. Raises why one is not."""
        async with self.keeping:
            try:
                while self.unkept:
                    await self._put_on_record(*self.unkept[0])
            except DeskError:
                is_open = self.intake.state is IntakeState.OPEN
                again = "Not saved, tried again with the next field" if is_open else "Not saved"
                self.say(f"{again}: {self._unkept_words()}.", "warning")
                raise

    async def _put_on_record(self, key: str, value: str) -> None:
        act = self.desk.act()
        outcome = await self.desk.store.write(answer, self.patient.id, key, value, self.rules, act=act)
        if isinstance(outcome, VerifiedAlready):
            self.intake = replace(self.intake, state=IntakeState.VERIFIED)
            raise NotSaved("Somebody finished this intake meanwhile. Your last answer was not saved.")
        if alarm_of(self.rules, key, value):
            await self.read_alarms()
        self.unkept.popleft()
        self.show_head()
        if not self.is_at("verify"):
            self.say(f"Saved {local_time(act.at, self.desk.shop)}", "muted")

    def unsaved(self) -> str:
        """Return which answers are not on record."""
        return f"Not saved of the intake of {self.patient.name}: {self._unkept_words()}" if self.unkept else ""

    def _unkept_words(self) -> str:
        labels = list(dict.fromkeys(self.by_key[key].label for key, _ in self.unkept))
        return f"{', '.join(labels[:3])}{' …' if len(labels) > 3 else ''}"

    async def put_away(self) -> None:
        """Keep what stands in the field, because the screen may go."""
        self.form.leave_field()
        await self.all_kept()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to say what was done at once while nobody has."""
        is_offered = action != "acknowledge" or bool(self.acknowledge_key)
        return is_offered and super().check_action(action, parameters)

    @work(exclusive=True, group="acknowledge")
    async def action_acknowledge(self) -> None:
        """Say what was done at once."""
        self.form.leave_field()
        await self.all_kept()
        said = await self.app.push_screen_wait(acknowledge_form(self.desk, self.patient, self.at_once))
        await self.read_alarms()
        if said:
            self.say(said, "good")

    def action_missing(self) -> None:
        """Go to the next question that keeps the intake from being finished, or else from the first on.

        It must be answered and is not, or its answer cannot be used.
        """
        self.form.leave_field()
        lacking = (each.key for each in missing(self.rules.form, self.answers))
        open_keys = {*lacking, *(key for key, _ in self.wrong), *(self.form.sentences.keys() - self.doubted.keys())}
        keys = [each.key for each in self.form.questions]
        at = keys.index(self.form.current.key)
        ahead = [key for key in (*keys[at + 1 :], *keys[: at + 1]) if key in open_keys]
        if ahead:
            self.form.go_to(ahead[0])
        else:
            self.say("Nothing that must be answered is missing.", "good")

    @work(exclusive=True, group="leave")
    async def action_leave(self) -> None:
        """Leave; the intake goes on here. What cannot be saved now either is not dropped without a question."""
        self.form.leave_field()
        with suppress(DeskError):
            await self.all_kept()
        if await self.may_be_left():
            self.dismiss(self.how_far())

    def how_far(self) -> str:
        """Return how far the intake is, and what has to be done at once."""
        at_once = f"AT ONCE: {self.dangers} " if self.dangers else ""
        if self.unkept:
            return f"{at_once}{self.unsaved()}."
        if self.intake.state is IntakeState.VERIFIED:
            return at_once
        lacking = len(missing(self.rules.form, self.answers))
        rest = f"{lacking} still missing" if lacking else "nothing is missing, and it is not finished"
        return f"{at_once}The intake of {self.patient.name} goes on where you left it: {rest}."

    def action_verify(self) -> None:
        """Finish, or say what keeps it from that. Pressed again meanwhile, the key does nothing."""
        if not self.is_at("verify"):
            self.form.leave_field()
            self.verify()

    @work(group="verify")
    async def verify(self) -> None:
        """Answer for the intake, and book the first consultation."""
        await self.all_kept()
        lacking = missing(self.rules.form, self.answers)
        if not lacking and not self.form.sentences.keys() - self.doubted.keys():
            question = "Finish this intake? You answer for it, and it is not changed afterwards."
            if not await self.app.push_screen_wait(Confirm(question, self._looked_at())):
                return
        act = self.desk.act()
        outcome = await self.desk.store.write(verify_intake, self.patient.id, self.rules, self.desk.today, act=act)
        match outcome:
            case Verified():
                booked = await book_first(self.desk, self.patient.id, self.answers)
                saved = local_time(act.at, self.desk.shop)
                at_once = f" AT ONCE: {self.dangers}" if self.dangers else ""
                self.dismiss(f"Saved {saved}: the intake of {self.patient.name} is finished. {booked}{at_once}")
            case NotWhole(missing=lacking, wrong=wrong):
                told = {**dict.fromkeys((each.key for each in lacking), "needed"), **self.doubted, **dict(wrong)}
                self.form.tell({key: (said, "warning") for key, said in told.items()})
                self.form.go_to(lacking[0].key if lacking else wrong[0][0])
                self.say(f"Not finished: {len(lacking)} missing, {len(wrong)} cannot be used. f4 goes on.", "warning")
            case VerifiedAlready():
                self.say("This intake is finished already.", "muted")
            case _:
                assert_never(outcome)

    def _looked_at(self) -> str:
        told = [f"{key}: {words}" for key, words in scores(self.rules, self.answers)]
        vague = vague_points(self.answers)
        asked = f"Vague in the certification: {', '.join(vague)}. " if vague else ""
        lapsed = lapsed_words(self.answers.get(CERTIFICATION_ENDS, ""), "certification", self.desk.today)
        return f"{lapsed}{' ' if lapsed else ''}{asked}{' · '.join(told)}"
