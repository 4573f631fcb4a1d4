"""A new patient is put on record, from what they say and what their card shows."""

from collections.abc import Iterable, Mapping
from typing import ClassVar, assert_never
from uuid import UUID

from textual import work
from textual.binding import Binding, BindingType
from textual.widget import Widget

from pcc_desk.desk.audit import kind_of, note_search, on_record
from pcc_desk.desk.desk import Desk
from pcc_desk.desk.drafts import Typed
from pcc_desk.desk.people import (
    BORN,
    CARD,
    CARD_UNTIL,
    CERTIFIED_BY,
    CERTIFIED_UNTIL,
    FAMILY,
    GIVEN,
    PHONE,
    REMARKS,
    AlikeOnRecord,
    CardOfAnother,
    Newcomer,
    NotRegistered,
    Registered,
    newcomer_of,
    register_patient,
)
from pcc_desk.domain.audit_entries import Typed as TypedKind
from pcc_desk.domain.entries import Act
from pcc_desk.domain.licences import Licence
from pcc_desk.domain.scans import Scan, ScannedCard, ScannedLicence, words_of
from pcc_desk.domain.typed_people import card_doubt
from pcc_desk.screens.people.alike import SOMEBODY_ELSE, AlikeFound
from pcc_desk.screens.task import Form
from pcc_desk.screens.words import lapsed_doubt, lapsed_words, local_time
from pcc_desk.widgets.form import FormSheet, Question
from pcc_desk.widgets.sheet import Sheet

QUESTIONS = (
    Question(FAMILY, "family name", "as on the card"),
    Question(GIVEN, "given names", "as on the card"),
    Question(BORN, "born", "1958-03-11 or 3/11/1958"),
    Question(CARD, "card number", "as printed; empty: there is no card yet"),
    Question(CARD_UNTIL, "card lapses on", "2027-02-28: the last day it is good"),
    Question(PHONE, "telephone", "may stay empty"),
    Question(CERTIFIED_BY, "certified by", "the physician on the certification; may stay empty"),
    Question(CERTIFIED_UNTIL, "certification lapses on", "2027-01-31; empty: not known"),
    Question(REMARKS, "to be remembered", "large print, interpreter; may stay empty"),
)

PAPERS = {CARD_UNTIL: "card", CERTIFIED_UNTIL: "certification"}
"""What has a last day, by the field in which it is typed."""

NOBODY_YET = UUID(int=0x9E0)
"""What the draft is about: there is no patient yet."""


class Register(Form):
    """Closes with a sentence on what was saved; empty when nothing was. `patient_id` is then who it is."""

    PLACE = "Queue"
    FORM = "register"
    ON_LEAVING = "What is typed is dropped."
    CSS_PATH = "people.tcss"
    CALLED = "A new patient"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "save", "Save", id="register.save", tooltip="Put the patient on record"),
        Binding("escape", "leave", "Back", id="register.leave", tooltip="Leave without saving"),
    ]

    def __init__(self, desk: Desk, place: str, looked_for: str = "") -> None:
        """Take the place somebody came from, and what they typed to find the patient."""
        super().__init__(desk)
        self.came_from = place
        self.looked_for = beginning(looked_for)
        self.patient_id: UUID | None = None
        self.card_number = ""
        self.told_apart: frozenset[UUID] = frozenset()
        """Of whom a person said that the new patient is somebody else."""
        self.told_of: tuple[str, ...] = ()
        """What identified the new patient when that was said: of anybody else it was not."""

    @property
    def place(self) -> str:
        """The place from which somebody came here."""
        return self.came_from

    @property
    def form(self) -> FormSheet:
        """The fields."""
        return self.query_one(FormSheet)

    def body(self) -> Iterable[Widget]:
        """Return the head, the form, and the line that answers."""
        yield Sheet(id="head", wraps=True)
        yield FormSheet(QUESTIONS, left=self.left, finished=self.action_save)
        yield Sheet(id="said", wraps=True)

    async def on_mount(self) -> None:
        """Begin with what was typed to find them, or with the draft."""
        self.query_one("#head", Sheet).show(
            (
                (("A new patient", "heading"),),
                (("Names, birth date and card are enough; the rest can follow in the intake.", "muted"),),
            )
        )
        self.form.fill(self.looked_for)
        await self.take_up_draft()

    @property
    def about(self) -> UUID:
        """Nobody who is on record yet."""
        return NOBODY_YET

    def typed_so_far(self) -> Typed:
        """Return what is typed in each field."""
        return {"fields": self.answers(), "at": self.form.current.key} if self.unsaved() else {}

    def take_up(self, typed: Typed) -> str:
        """Put back what was typed."""
        self.form.fill(typed["fields"])
        self.form.go_to(typed["at"])
        return ""

    def answers(self) -> Mapping[str, str]:
        """Return what is typed in each field, the one under the cursor included."""
        current = self.form.current
        typed = {**self.form.values, current.key: current.read(self.form.editor.value)}
        return {key: words for key, words in typed.items() if words}

    def left(self, key: str, value: str) -> None:
        """Keep what is typed, and say at once what is wrong with it."""
        self.keep_soon()
        told = newcomer_of(self.form.values, NOBODY_YET, self.desk.today)
        wrong = told.wrong.get(key, "") if isinstance(told, NotRegistered) and value else ""
        others = {each: said for each, said in self.form.sentences.items() if each != key}
        doubt = card_doubt(value, self.desk.rules.card_shape) if key == CARD and not wrong else ""
        what = PAPERS.get(key, "")
        said = wrong or doubt or (lapsed_doubt(value, what, self.desk.today) if what else "")
        self.form.tell({**others, key: (said, "warning")} if said else others)

    def takes_scan(self, scan: Scan) -> bool:
        """Put what a card or a licence says into the fields that are empty, and say which stand there otherwise."""
        values = scanned_values(scan)
        if not values:
            return False
        typed = self.answers()
        # what was begun by hand may be finished by a scan; anything else that is typed stays
        open_to = {key for key, value in values.items() if value.startswith(typed.get(key, ""))}
        unlike = [each.label for each in QUESTIONS if each.key in values and each.key not in open_to]
        self.form.leave_field()
        self.form.fill({key: value for key, value in values.items() if key in open_to})
        self.keep_soon()
        kept = f" Typed otherwise, and left so: {', '.join(unlike)}." if unlike else ""
        self.say(f"Scanned {words_of(scan)}. See that it is read right.{kept}", "warning" if unlike else "good")
        return True

    def say(self, words: str, tone: str) -> None:
        """Answer in the last line."""
        self.query_one("#said", Sheet).show((((words, tone),),))

    def unsaved(self) -> str:
        """Return what is typed and not saved."""
        return "The new patient is not saved" if self.answers() else ""

    def action_save(self) -> None:
        """Put the patient on record, or say at each field what is wrong. Pressed again meanwhile, nothing happens."""
        if self.is_at("save"):
            return
        self.form.leave_field()
        act = self.desk.act()
        who = newcomer_of(self.form.values, act.id, self.desk.today)
        if isinstance(who, Newcomer):
            self.save(who, act)
            return
        self.form.tell({key: (sentence, "warning") for key, sentence in who.wrong.items()})
        first = next(each for each in QUESTIONS if each.key in who.wrong)
        self.form.go_to(first.key)
        many = len(who.wrong)
        self.say(f"Not saved: {f'{many} fields' if many > 1 else first.label} cannot be used yet.", "warning")

    @work(group="save")
    async def save(self, who: Newcomer, act: Act) -> None:
        """Put it on record, once a person has looked at everybody who is like them."""
        if self.told_of != (told_of := _identity(who)):
            self.told_apart, self.told_of = frozenset(), told_of
        while True:
            outcome = await self.desk.store.write(register_patient, who, self.told_apart, act=act)
            match outcome:
                case Registered(patient=patient, card=card):
                    self.patient_id, self.card_number = patient.id, card.number if card else ""
                    saved = local_time(act.at, self.desk.shop)
                    self.dismiss(f"Saved {saved}: {patient.name} is on record. {self.lapsed()}".strip())
                    return
                case CardOfAnother(card=card, patient=patient):
                    await on_record(self.desk, note_search, card.number, 1, act=self.desk.act())
                    whose = f"{card.number} is the card of {patient.name}, born {patient.born}."
                    self.form.tell({CARD: (f"{whose} A card is one person's: look at the card again.", "warning")})
                    self.form.go_to(CARD)
                    self.say("Not saved: two patients cannot have one card.", "warning")
                    return
                case AlikeOnRecord(alike=alike):
                    if not await self.is_somebody_else(who, outcome):
                        return
                    self.told_apart |= {each.patient.id for each in alike}
                case _:
                    assert_never(outcome)

    def lapsed(self) -> str:
        """Return which of the papers that were typed lapsed already, as sentences."""
        told = (lapsed_words(self.form.values.get(key, ""), what, self.desk.today) for key, what in PAPERS.items())
        return " ".join(each for each in told if each)

    async def is_somebody_else(self, who: Newcomer, found: AlikeOnRecord) -> bool:
        """Ask whether the new patient is none of those who are like them; one who is chosen closes the form."""
        name = who.patient.name
        await on_record(self.desk, note_search, name, len(found.alike), act=self.desk.act())
        chosen = await self.app.push_screen_wait(AlikeFound(who.patient, found.alike))
        if chosen and chosen != SOMEBODY_ELSE:
            self.patient_id = UUID(chosen)
            self.dismiss("Nothing was saved: the patient is on record already.")
        elif not chosen:
            self.say("Not saved. Look at who is like them, or change what is typed.", "warning")
        return chosen == SOMEBODY_ELSE


def _identity(who: Newcomer) -> tuple[str, ...]:
    """Return everything by which somebody on record may be like a new patient."""
    patient = who.patient
    return patient.family_name, patient.given_name, str(patient.born), patient.phone, who.card.key if who.card else ""


def scanned_values(scan: Scan) -> dict[str, str]:
    """Return the fields that a card or a licence tells; a licence proves who somebody is and is no card."""
    match scan:
        case ScannedCard(number=number):
            return {CARD: number}
        case ScannedLicence(licence=Licence() as read):
            given = " ".join(filter(None, (read.given_name, read.middle_name)))
            return {FAMILY: read.family_name, GIVEN: given, BORN: read.born.isoformat()}
    return {}


def beginning(looked_for: str) -> dict[str, str]:
    """Return the fields that what was typed to find somebody goes into: a card, a birth date, or names."""
    words = " ".join(looked_for.split())
    if not words:
        return {}
    match kind_of(words):
        case TypedKind.CARD:
            return {CARD: words}
        case TypedKind.BIRTH_DATE:
            return {BORN: words}
    family, comma, given = words.partition(",")
    if not comma:
        *given_names, family = words.split(" ")
        given = " ".join(given_names)
    return {key: each.strip() for key, each in ((FAMILY, family), (GIVEN, given)) if each.strip()}
