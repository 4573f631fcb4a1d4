"""The purchases behind the figure of one limit."""

from pcc_desk.desk.standing import PatientStanding
from pcc_desk.domain.allotment import CannotTell, LimitStanding, Purchase, counted
from pcc_desk.screens.words import day_words, figure, short_unit, used_figure
from pcc_desk.widgets.sheet import Line


def purchase_lines(known: PatientStanding, standing: LimitStanding, name: str, place: str) -> tuple[Line, ...]:
    """Return what counts against a limit line by line, newest first, then what was dispensed and does not count."""
    unit = short_unit(standing.limit.unit)
    shares = counted(standing)
    counting = {id(line) for line, _ in shares}
    rest = [line for line in known.purchases if id(line) not in counting]
    used = f"{used_figure(standing.used)} of {figure(standing.amount)} {unit} used"
    lines: list[Line] = [
        ((f"{name}: {used}", "heading"), (f"   limit {place}; ← and → show the others", "muted")),
        ((standing.limit.unit, "muted"),),
        (),
    ]
    lines += [_line(line, f"{used_figure(share)} {unit}") for line, share in reversed(shares)]
    if not shares:
        lines.append((("Nothing that was dispensed here counts now.", "muted"),))
    if isinstance(standing.used, CannotTell):
        lines.append(((f"Cannot tell: {standing.used.reason}.", "warning"),))
    if rest:
        lines += [(), (("Dispensed here and not counted by it now", "heading"),)]
        lines += [_line(line, "") for line in reversed(rest)]
    return tuple(lines)


def _line(line: Purchase, share: str) -> Line:
    posted = "posted" if line.is_posted else "post waits"
    quantity = "" if line.quantity is None else str(line.quantity)
    return (
        (f"{day_words(line.on):<11}{quantity:>10}  {line.product[:20]:<22}", ""),
        (f"{line.category:<12}", "muted"),
        (f"{share:>12}  ", ""),
        (posted, "muted"),
    )
