"""The Allotment place by keyboard: the answer, what makes it up, what would fit, the paper, the rules."""

from dataclasses import replace
from uuid import UUID

from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.entries import StaffAdded
from pcc_desk.domain.people import Person, Role
from pcc_desk.domain.rules import Confidence
from tests.desk.counter import Counter, grams, pieces
from tests.screens.seat import Seat, at_the_queue


class FakePrinter:
    """Keeps what it was given, or says why it prints nothing."""

    def __init__(self) -> None:
        self.papers: list[str] = []
        self.refusal: Unanswered | None = None

    async def print(self, text: str) -> Unanswered | None:
        """Take a text."""
        if self.refusal is None:
            self.papers.append(text)
        return self.refusal


async def at_maras_allotment(seat: Seat) -> None:
    await seat.press("a")
    await seat.press("r")
    await seat.see("METRC answered")


async def test_the_limit_that_binds_stands_first_and_the_timeline_shows_when_it_comes_back(counter: Counter) -> None:
    await counter.give(grams("7"), pieces(2))
    async with at_the_queue(counter) as seat:
        await at_maras_allotment(seat)
        lines = seat.lines
    limits = lines.index(next(line for line in lines if line.startswith(" LIMITS")))
    assert lines[limits + 1].lstrip().startswith("a day")
    back = next(line for line in lines if "▕" in line and "a day" in line)
    assert "▕·" in back


async def test_each_limit_shows_the_purchases_behind_its_figure(counter: Counter) -> None:
    await counter.give(grams("7"), pieces(2))
    async with at_the_queue(counter) as seat:
        await at_maras_allotment(seat)
        await seat.press("enter")
        first = await seat.see("limit 1 of 2")
        await seat.press("right")
        second = await seat.see("limit 2 of 2")
        await seat.press("right", "enter")
        await seat.see("MAY BE DISPENSED NOW")
    assert "a day: 0." in first
    assert "7 g" in first
    assert "30 days: 0." in second


async def test_what_is_asked_about_is_judged_while_it_is_typed(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await at_maras_allotment(seat)
        await seat.press("w")
        await seat.type("70 g flower")
        await seat.see("70 g flower: fits.")
        await seat.type(" + 2 oz flower")
        await seat.see("no: a day over by")
        await seat.press("escape")
        await seat.type("1.5 capsules")
        await seat.see("Say of what unit 1.5 is")
        await seat.press("escape")
        await seat.type("0.5 g flower/day")
        await seat.see("what may be dispensed now lasts")
        await seat.press("escape", "escape")
        await seat.press("enter")
        await seat.see("limit 1 of 2")


async def test_letters_typed_into_the_question_do_nothing_else(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await at_maras_allotment(seat)
        await seat.press("w")
        await seat.type("crslpw/")
        assert "crslpw/" in seat.text
        assert "[Allotment]" in seat.text


async def test_the_patients_sheet_says_it_in_plain_words_and_goes_to_the_printer_once_on_record(
    counter: Counter,
) -> None:
    printer = FakePrinter()
    counter.desk.printer = printer
    async with at_the_queue(counter) as seat:
        await at_maras_allotment(seat)
        await seat.press("s")
        shown = await seat.see("What you may buy today")
        await seat.press("p")
        await seat.see("Sent to the printer")
        await seat.press("escape")
        await seat.see("MAY BE DISPENSED NOW")
    assert "flower: up to 70.87 g" in shown
    assert "concentrate: we cannot tell today; please ask" in shown
    (paper,) = printer.papers
    assert "For Mara Lindqvist" in paper
    assert counter.recorded("sheet.printed") == 1


async def test_without_a_printer_the_sheet_says_which_setting_names_one(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await at_maras_allotment(seat)
        await seat.press("s")
        await seat.see("What you may buy today")
        await seat.press("p")
        await seat.see("print_command in the settings")
        assert counter.recorded("sheet.printed") == 0


async def test_a_printer_that_fails_is_said_with_its_reason(counter: Counter) -> None:
    printer = FakePrinter()
    printer.refusal = Unanswered(Silence.DOWN, "lp ended with status 1")
    counter.desk.printer = printer
    async with at_the_queue(counter) as seat:
        await at_maras_allotment(seat)
        await seat.press("s")
        await seat.see("What you may buy today")
        await seat.press("p")
        await seat.see("Not printed: lp ended with status 1.")


async def test_the_rules_are_shown_with_their_sources_and_only_some_may_confirm_them(counter: Counter) -> None:
    async with at_the_queue(counter) as seat:
        await at_maras_allotment(seat)
        await seat.press("l")
        await seat.see("mi-day: 2.5 oz usable-marihuana equivalent")
        await seat.see("for a compliance officer or manager.")
        await seat.press("y")
        assert "Confirmed by" not in seat.text
        assert counter.recorded("rules.confirmed") == 0
        await seat.press("escape")
        await seat.see("MAY BE DISPENSED NOW")


async def test_a_compliance_officer_confirms_the_rules_and_the_sheet_says_who(counter: Counter) -> None:
    officer = Person(UUID(int=0xC3), "Cora Lind", Role.COMPLIANCE)
    counter.put(StaffAdded(officer))
    counter.desk = counter.desk_of(officer)
    async with at_the_queue(counter) as seat:
        await seat.press("ctrl+g", "a", "slash")
        await seat.type("lindqv\r")
        await seat.see("MAY BE DISPENSED NOW")
        await seat.press("l")
        await seat.see("Not confirmed by the shop")
        await seat.press("y")
        await seat.prove()
        await seat.see("Confirmed by Cora Lind on Thu 12 Mar.")


async def test_rules_of_low_confidence_leave_the_figure_to_the_registry_and_say_so(counter: Counter) -> None:
    unsure = replace(counter.desk.rules, confidence=Confidence.LOW)
    counter.desk.rules_on = lambda day, order_began=None, /: unsure
    counter.state.is_down = True
    async with at_the_queue(counter) as seat:
        await seat.press("a")
        await seat.press("r")
        counter.note_notice()
        await seat.press("r")
        await seat.see("low confidence")
        assert "cannot tell" in seat.text


async def test_who_is_low_is_listed_for_the_morning_and_enter_opens_the_patient(counter: Counter) -> None:
    await counter.give(grams("60"))
    async with at_the_queue(counter) as seat:
        await seat.press("ctrl+g", "a")
        await seat.press("escape", "m")
        await seat.see("1 with less than a fifth left on Thu 12 Mar")
        await seat.press("enter")
        await seat.see("MAY BE DISPENSED NOW")
        assert "Lindqvist, Mara" in seat.text
        await seat.press("m")
        await seat.see("less than a fifth")
        await seat.press("escape")
        await seat.see("MAY BE DISPENSED NOW")
