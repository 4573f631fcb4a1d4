"""The places one can go to, by letter."""

from pcc_desk.desk.desk import Desk
from pcc_desk.screens.allotment import Allotment
from pcc_desk.screens.chart import Chart
from pcc_desk.screens.frame import Place
from pcc_desk.screens.queue import Queue
from pcc_desk.screens.reconcile import Reconcile

LETTERS = (
    ("q", "Queue", "who waits, who is expected, anyone else"),
    ("a", "Allotment", "what a patient may be dispensed now"),
    ("c", "Chart", "the patient's record, note, dispensing"),
    ("r", "Reconcile", "the day's sales beside the state's record"),
)


def make_places(desk: Desk) -> dict[str, Place]:
    """Return every place of a desk, by name."""
    return {"Queue": Queue(desk), "Allotment": Allotment(desk), "Chart": Chart(desk), "Reconcile": Reconcile(desk)}
