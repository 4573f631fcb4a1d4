"""The standing in plain words, for the patient to take along."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import ClassVar

from textual.binding import Binding, BindingType

from pcc_desk.desk.desk import Desk
from pcc_desk.desk.printing import print_sheet
from pcc_desk.desk.rights import Right
from pcc_desk.desk.standing import PatientStanding
from pcc_desk.domain.allotment import CannotTell, CategoryStanding, NotForAge, NotLimited
from pcc_desk.domain.answers import Unanswered
from pcc_desk.domain.entries import Act
from pcc_desk.domain.registry import RegistryStanding
from pcc_desk.domain.shop import Shop
from pcc_desk.domain.withheld import Withheld
from pcc_desk.screens.allotments.standing_sheet import rows_together
from pcc_desk.screens.paper import PaperSheet
from pcc_desk.screens.words import amount, day_words


class PatientSheet(PaperSheet):
    """What is printed for a patient, as it will stand on the paper."""

    CSS_PATH = "../dialogs.tcss"
    CALLED = "The patient's sheet"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "print", "Print", id="sheet.print", tooltip="Send it to the shop's printer; the record says so"),
        Binding("escape", "close", "Close", id="sheet.close", tooltip="Back to the standing"),
    ]
    NEEDS: ClassVar[Mapping[str, Right]] = {"print": Right.PRINT}

    def __init__(self, desk: Desk, known: PatientStanding) -> None:
        super().__init__(desk)
        self.known = known

    def text_at(self, at: datetime) -> tuple[str, ...]:
        """Return the sheet as it is at an instant."""
        return tuple(sheet_lines(self.known, self.desk.shop, at))

    async def send(self, text: str, act: Act) -> Unanswered | None:
        """Print it."""
        return await print_sheet(self.desk, self.known.patient.id, text, act)


def sheet_lines(known: PatientStanding, shop: Shop, now: datetime) -> list[str]:
    """Return the sheet, line by line, without a word of our trade."""
    local = shop.local(now)
    today = local.date()
    return [
        shop.name,
        f"{local:%A} {local.day} {local:%B %Y}, {local:%H:%M}",
        "",
        f"For {known.patient.given_name} {known.patient.family_name}",
        "",
        "What you may buy today",
        *_now(known),
        "",
        *_later(known, today),
        *_rests_on(known, shop),
        *_card(known, today),
        "",
        "These amounts change with everything you buy, here or elsewhere. Ask us when in doubt.",
    ]


def _now(known: PatientStanding) -> Iterator[str]:
    for name, each in rows_together(known):
        yield f"  {name}: {_allowed(each)}"
    yield "  Each line is what you may buy of it alone; together they share one allowance where the rules say so."


def _allowed(each: CategoryStanding) -> str:
    match each.now:
        case CannotTell():
            return "we cannot tell today; please ask"
        case NotLimited():
            return "no limit"
        case NotForAge(bar=bar):
            return str(bar)
        case 0:
            return "nothing today"
        case int(now):
            return f"up to {amount(now, each.basis)}"


def _later(known: PatientStanding, today: date) -> Iterator[str]:
    rows = [(name, each) for name, each in rows_together(known) if each.releases]
    if not rows:
        return
    yield "What comes back"
    for name, each in rows:
        days = [
            f"from {_day(back.on, today)} {amount(int(back.amount), each.basis)} more" for back in each.releases[:3]
        ]
        yield f"  {name}: {', '.join(days)}"
    yield ""


def _day(day: date, today: date) -> str:
    return "tomorrow" if (day - today).days == 1 else day_words(day)


def _date(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _rests_on(known: PatientStanding, shop: Shop) -> Iterator[str]:
    verification = known.verification
    if known.standing.rests_on_own_record:
        yield "The state's system could not be reached. The amounts rest on what you bought here."
    elif verification is not None and isinstance(verification.answer, RegistryStanding):
        asked = shop.local(verification.asked_at)
        how = f"We read it in {verification.read.page}" if verification.read else "The state's system was asked"
        yield f"{how} on {_date(asked.date())} at {asked:%H:%M}."
    else:
        yield "The state's system has not told us your amounts yet."


def _card(known: PatientStanding, today: date) -> Iterator[str]:
    card = next((each for each in known.cards if not each.renewed_as), None)
    if card is not None:
        left = (card.expires_on - today).days
        soon = f" That is in {left} days: please renew it in time." if 0 <= left <= 45 else ""
        yield f"Your card is good until {_date(card.expires_on)}.{soon}"
    ends = known.patient.certification_expires
    if ends is not None and not isinstance(ends, Withheld):
        yield f"Your certification is good until {_date(ends)}."
