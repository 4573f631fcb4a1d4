"""The key table of the README, from the bindings themselves. `python -m tests.keys` writes it anew."""

from pathlib import Path

from textual.binding import BindingType

from pcc_desk.app import DeskApp
from pcc_desk.screens.allotments.allotment import Allotment
from pcc_desk.screens.allotments.by_hand import ByHand, StatesNumber
from pcc_desk.screens.allotments.low_list import LowAllotments
from pcc_desk.screens.allotments.papers import PatientPapers
from pcc_desk.screens.allotments.patient_sheet import PatientSheet
from pcc_desk.screens.allotments.rules_changed import ReadChanges
from pcc_desk.screens.allotments.rules_sheet import RulesSheet
from pcc_desk.screens.auditing.audit import Audit
from pcc_desk.screens.auditing.disclosures import Disclosures
from pcc_desk.screens.auditing.waiting_requests import WaitingRequests
from pcc_desk.screens.chart.chart import Chart
from pcc_desk.screens.chart.correct import Correct
from pcc_desk.screens.chart.dispense import Dispense
from pcc_desk.screens.chart.note import Note
from pcc_desk.screens.chart.strike import Strike
from pcc_desk.screens.chart.type_package import TypePackage
from pcc_desk.screens.dialogs import Confirm
from pcc_desk.screens.door.break_glass import BreakGlass
from pcc_desk.screens.door.re_enter import ReEnter
from pcc_desk.screens.help import declared, key_words
from pcc_desk.screens.outages.outage import OutageScreen
from pcc_desk.screens.outages.outage_sheet import OutageSheet
from pcc_desk.screens.outages.outbox import Outbox
from pcc_desk.screens.people.alike import AlikeFound
from pcc_desk.screens.people.ask import Ask
from pcc_desk.screens.people.intake import TakeIntake
from pcc_desk.screens.people.person import WhoTheyAre
from pcc_desk.screens.people.register import Register
from pcc_desk.screens.queue.appointments import Appointments
from pcc_desk.screens.queue.ask_line import AskLine
from pcc_desk.screens.queue.check_in import CheckIn
from pcc_desk.screens.queue.pick_patient import PickPatient
from pcc_desk.screens.queue.queue import Queue
from pcc_desk.screens.queue.who_is_it import WhoIsIt
from pcc_desk.screens.reconciling.decide import Decide
from pcc_desk.screens.reconciling.mapping import Mapping
from pcc_desk.screens.reconciling.packages import Packages
from pcc_desk.screens.reconciling.past_days import PastDays
from pcc_desk.screens.reconciling.reconcile import Reconcile
from pcc_desk.screens.reconciling.sign_day import SignDay
from pcc_desk.screens.staffing.asking import ChooseOne, NewSecret, ShownOnce
from pcc_desk.screens.staffing.staff import Staff
from pcc_desk.screens.today.brief_sheet import BriefSheet
from pcc_desk.screens.today.today import Today
from pcc_desk.widgets.listing import Listing

README = Path(__file__).parents[1] / "README.md"
START, END = "<!-- keys:start -->\n", "<!-- keys:end -->\n"

WHERE: tuple[tuple[str, list[BindingType]], ...] = (
    ("Everywhere", DeskApp.BINDINGS),
    ("Today", Today.BINDINGS),
    ("The brief", BriefSheet.BINDINGS),
    ("Queue", Queue.BINDINGS),
    ("A new patient", Register.BINDINGS),
    ("Somebody like them", AlikeFound.BINDINGS),
    ("An intake", TakeIntake.BINDINGS),
    ("Who a patient is", WhoTheyAre.BINDINGS),
    ("A form about a patient", Ask.BINDINGS),
    ("Appointments", Appointments.BINDINGS),
    ("Whose appointment", PickPatient.BINDINGS),
    ("A line that is asked for", AskLine.BINDINGS),
    ("Check-in", CheckIn.BINDINGS),
    ("Who is it", WhoIsIt.BINDINGS),
    ("Allotment", Allotment.BINDINGS),
    ("Chart", Chart.BINDINGS),
    ("Note", Note.BINDINGS),
    ("Dispense", Dispense.BINDINGS),
    ("A package that is typed", TypePackage.BINDINGS),
    ("Reconcile", Reconcile.BINDINGS),
    ("What columns mean", Mapping.BINDINGS),
    ("What becomes of a difference", Decide.BINDINGS),
    ("The signature under a day", SignDay.BINDINGS),
    ("Days of late", PastDays.BINDINGS),
    ("Packages, till and state", Packages.BINDINGS),
    ("Outage", OutageScreen.BINDINGS),
    ("The sheet of an outage", OutageSheet.BINDINGS),
    ("The recovery sheet", BreakGlass.BINDINGS),
    ("Audit", Audit.BINDINGS),
    ("Staff", Staff.BINDINGS),
    ("A choice", ChooseOne.BINDINGS),
    ("A new secret", NewSecret.BINDINGS),
    ("A new recovery sheet", ShownOnce.BINDINGS),
    ("Outbox", Outbox.BINDINGS),
    ("Disclosures", Disclosures.BINDINGS),
    ("A correction", Correct.BINDINGS),
    ("A void", Strike.BINDINGS),
    ("Your secret again", ReEnter.BINDINGS),
    ("A patient's papers", PatientPapers.BINDINGS),
    ("What is read by hand", ByHand.BINDINGS),
    ("The state's number", StatesNumber.BINDINGS),
    ("Who is low", LowAllotments.BINDINGS),
    ("Requests that wait", WaitingRequests.BINDINGS),
    ("The patient's sheet", PatientSheet.BINDINGS),
    ("The rules", RulesSheet.BINDINGS),
    ("Changed rules", ReadChanges.BINDINGS),
    ("A question", Confirm.BINDINGS),
    ("Any list", Listing.BINDINGS),
)


def table() -> str:
    """Return the table: a line for each place, its keys in order."""
    lines = ["| Where | Keys |", "|---|---|"]
    for where, bindings in WHERE:
        keys = (f"`{key_words(each.key)}` {each.description.lower()}" for each in declared(bindings))
        lines.append(f"| {where} | {' · '.join(keys)} |")
    return "\n".join(lines) + "\n"


def written() -> str:
    """Return the table that stands in the README."""
    return README.read_text(encoding="utf-8").split(START)[1].split(END)[0]


def main() -> None:
    """Write the table into the README."""
    text = README.read_text(encoding="utf-8")
    README.write_text(text.replace(START + written() + END, START + table() + END), encoding="utf-8")


if __name__ == "__main__":
    main()
