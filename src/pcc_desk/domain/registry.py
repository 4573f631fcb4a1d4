"""What a state registry says of a card: standing, as asked, with its time."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from pcc_desk.domain.answers import Unanswered
from pcc_desk.domain.people import card_key


@dataclass(frozen=True, slots=True)
class RegistryWindow:
    """One row of the registry's answer: what may still be bought in a window of so many days.

    Figures are ounces as the registry wrote them, by its own column ("flower", "thc", "concentrate", "infused").
    A column that is absent was not said; it is not zero.
    """

    days: Decimal | None
    available: tuple[tuple[str, Decimal], ...]

    def figure(self, column: str) -> Decimal | None:
        """Return what is available in a column, or None when the registry did not say."""
        return dict(self.available).get(column)


@dataclass(frozen=True, slots=True)
class RegistryStanding:
    """The registry's answer for one card."""

    card_number: str
    active: bool
    windows: tuple[RegistryWindow, ...]
    card_expires: date | None = None
    grams: Decimal | None = None
    """What may still be bought in all, in grams, where the registry says one number."""
    by_limit: tuple[tuple[str, Decimal], ...] = ()
    """What is left by limit, in the limit's own unit, where a person read it off the registry's page."""


def lower_of(one: RegistryStanding, other: RegistryStanding) -> RegistryStanding:
    """Return what the registry says of one card with each figure that it says lower of another card of the person.

    A figure that it tells of one of them only is left out: of the other it may be lower, and nobody can tell.
    """
    return replace(
        one,
        windows=tuple(
            RegistryWindow(days, tuple(_lower(_told(one, days), _told(other, days)).items()))
            for days in dict.fromkeys(each.days for each in one.windows)
        ),
        grams=None if one.grams is None or other.grams is None else min(one.grams, other.grams),
        by_limit=tuple(_lower(_lowest(one.by_limit), _lowest(other.by_limit)).items()),
    )


def _told(answer: RegistryStanding, days: Decimal | None) -> dict[str, Decimal]:
    """Return the figures of a window, the lowest of each column where the answer has the window several times."""
    return _lowest(pair for each in answer.windows if each.days == days for pair in each.available)


def _lowest(told: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    lowest: dict[str, Decimal] = {}
    for name, figure in told:
        lowest[name] = min(figure, lowest.get(name, figure))
    return lowest


def _lower(ones: dict[str, Decimal], others: dict[str, Decimal]) -> dict[str, Decimal]:
    return {name: min(figure, others[name]) for name, figure in ones.items() if name in others}


@dataclass(frozen=True, slots=True)
class CardNotFound:
    """The registry answered and knows no such card."""

    card_number: str


RegistryAnswer = RegistryStanding | CardNotFound | Unanswered


@dataclass(frozen=True, slots=True)
class CaregiverStanding:
    """What the registry says of a caregiver's card."""

    card_number: str
    active: bool
    patients: tuple[str, ...] | None
    """The cards of the patients it serves; None: the registry does not say."""


CaregiverAnswer = CaregiverStanding | CardNotFound | Unanswered


class CaregiverWord(StrEnum):
    """What the state's answer says of a caregiver's card for one patient."""

    GOOD = "good for this patient"
    GOOD_FOR_SOMEBODY = "active; for which patients is not said"
    """Older answers name no patients (state-systems reference, 2.7). Our own record alone says for whom it is."""
    NOT_FOR_THIS_PATIENT = "not for this patient"
    LAPSED = "not active"
    UNKNOWN = "not known"
    UNTOLD = "could not tell"

    @property
    def is_refusal(self) -> bool:
        """Whether the state answered, and nothing may go out through the card."""
        return self in {
            CaregiverWord.NOT_FOR_THIS_PATIENT,
            CaregiverWord.LAPSED,
            CaregiverWord.UNKNOWN,
        }


@dataclass(frozen=True, slots=True)
class CaregiverCheck:
    """That the state was asked about the caregiver's card through which a patient is served, and what came back."""

    card_number: str
    asked_at: datetime
    answer: CaregiverAnswer
    patient_cards: tuple[str, ...]
    """The patient's own cards, of which the answer must name one if it names any."""

    @property
    def word(self) -> CaregiverWord:
        """What it says. No answer is never good."""
        match self.answer:
            case Unanswered():
                return CaregiverWord.UNTOLD
            case CardNotFound():
                return CaregiverWord.UNKNOWN
            case CaregiverStanding(active=False):
                return CaregiverWord.LAPSED
            case CaregiverStanding(patients=None):
                return CaregiverWord.GOOD_FOR_SOMEBODY
            case CaregiverStanding(patients=patients):
                named = {card_key(each) for each in patients or ()}
                serves = any(card_key(each) in named for each in self.patient_cards)
                return CaregiverWord.GOOD if serves else CaregiverWord.NOT_FOR_THIS_PATIENT

    @property
    def remark(self) -> str:
        """What there is to tell of it; nothing when it is good."""
        if self.word is CaregiverWord.GOOD:
            return ""
        reason = f": {self.answer.reason}" if isinstance(self.answer, Unanswered) else ""
        return f"caregiver’s card {self.card_number} {self.word}{reason}"


@dataclass(frozen=True, slots=True)
class Reading:
    """That a person read the answer where the state shows it, and typed it."""

    by: str
    """The person's name, as it was then."""
    page: str
    """The page, portal or monitor on which it stood."""


@dataclass(frozen=True, slots=True)
class Verification:
    """A dated proof that standing was asked for a patient, with what came back.

    `asked_at` is the UTC instant just before the question was sent, or before somebody began to read: whatever happened
    at the registry later is not in the answer.
    """

    id: UUID
    patient_id: UUID
    card_number: str
    asked_at: datetime
    system: str
    answer: RegistryAnswer
    visit_id: UUID | None = None
    read: Reading | None = None
    """Who read it where; None: the system was asked."""
    caregiver: CaregiverCheck | None = None
    """What was said of the caregiver's card; None: the patient came in person, or nobody asked."""

    @property
    def source(self) -> str:
        """Who said it: the page that was read, or else the system that was asked."""
        return self.read.page if self.read else self.system

    @property
    def is_good(self) -> bool:
        """Whether the registry answered that the card is active."""
        return isinstance(self.answer, RegistryStanding) and self.answer.active

    @property
    def remark(self) -> str:
        """What there is to tell of it in a chart; nothing when the system answered and the cards are good."""
        parts = (self._own_remark, self.caregiver.remark if self.caregiver else "")
        return " · ".join(each for each in parts if each)

    @property
    def _own_remark(self) -> str:
        by = f", read by hand by {self.read.by}" if self.read else ""
        match self.answer:
            case Unanswered(reason=reason):
                return f"could not tell: {reason}"
            case CardNotFound(card_number=number):
                return f"{self.source} knows no card {number}{by}"
            case RegistryStanding(active=False):
                return f"{self.source}: card not active{by}"
            case RegistryStanding():
                return f"{self.source}: card active{by}" if by else ""
