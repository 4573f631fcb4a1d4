"""What has to be done at once for a patient, in the chart's head."""

from pcc_desk.desk.chart import Chart
from pcc_desk.domain.withheld import Withheld
from pcc_desk.widgets.sheet import Line


def at_once_lines(record: Chart) -> tuple[Line, ...]:
    """Return a line that says what has to be done; none where nothing has. It stands until a note is signed."""
    if not record.at_once:
        return ()
    words = record.at_once if isinstance(record.at_once, Withheld) else " ".join(record.at_once)
    return (((f"AT ONCE: {words} A signed note ends this.", "danger"),),)
