"""When what a patient was dispensed comes back, limit by limit: a small timeline, then the days."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from pcc_desk.desk.standing import PatientStanding
from pcc_desk.domain.allotment import CannotTell, LimitStanding
from pcc_desk.screens.allotments.limit_lines import by_tightness, limit_names
from pcc_desk.screens.words import day_words, figure
from pcc_desk.widgets.sheet import Line

TIMELINE = 31
"""Cells of the small timeline."""

HEIGHTS = "▁▂▃▄▅▆▇█"


def comes_back(known: PatientStanding, today: date) -> Iterator[Line]:
    """Yield when our own purchases come back, limit by limit: a small timeline, then the days."""
    standings = [each for each in by_tightness(known.standing.limits) if each.releases]
    if not standings:
        is_untold = any(isinstance(each.used, CannotTell) for each in known.standing.limits)
        words = "cannot tell what counts now" if is_untold else "nothing: no purchase of here counts now"
        yield (("COMES BACK", "heading"), (f"   {words}", "muted"))
        return
    last = max(back.on for each in standings for back in each.releases)
    days = (last - today).days
    span = f"{days} days" if days != 1 else "tomorrow"
    yield (("COMES BACK", "heading"), (f"   of what was dispensed here, today to {day_words(last)} ({span})", "muted"))
    names = limit_names(standings)
    wide = max(map(len, names)) + 2
    for name, each in zip(names, standings, strict=True):
        told = [f"{day_words(back.on)} {figure(back.amount)}" for back in each.releases]
        words = " · ".join(told[:4]) + (f" · {len(told) - 4} more" if len(told) > 4 else "")
        yield ((f"  {name:<{wide}}", ""), (f"▕{timeline(each, today, days)}▏ ", "good"), (words, ""))


def timeline(standing: LimitStanding, today: date, days: int) -> str:
    """Return a row of cells from today on, each as high as the share of the limit that comes back in it."""
    per_cell = max(-(-days // TIMELINE), 1)
    cells = [Fraction(0)] * min(max(-(-(days + 1) // per_cell), 1), TIMELINE + 1)
    whole = standing.amount if isinstance(standing.amount, Fraction) and standing.amount else Fraction(1)
    for back in standing.releases:
        cells[max((back.on - today).days, 0) // per_cell] += back.amount / whole
    return "".join(HEIGHTS[min(int(share * len(HEIGHTS)), len(HEIGHTS) - 1)] if share else "·" for share in cells)
