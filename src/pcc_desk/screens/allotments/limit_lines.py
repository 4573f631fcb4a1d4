"""The limits behind what a patient may be dispensed, in lines: the one that binds most first."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from pcc_desk.desk.standing import PatientStanding
from pcc_desk.domain.allotment import CannotTell, LimitStanding
from pcc_desk.domain.windows import Possession
from pcc_desk.screens.words import figure, short_unit, used_figure
from pcc_desk.widgets.sheet import Line


def limits(known: PatientStanding) -> Iterator[Line]:
    """Yield each limit, the one that binds most first, with what was used, what is left, and how that is known."""
    standings = by_tightness(known.standing.limits)
    names = limit_names(standings)
    wide = max(map(len, names), default=0) + 2
    yield (("LIMITS", "heading"), (f"{'amount':>{wide + 9}}{'own used':>13}{'left':>13}   known from", "muted"))
    for name, each in zip(names, standings, strict=True):
        whole = figure(each.amount) + ("" if isinstance(each.amount, CannotTell) else f" {short_unit(each.limit.unit)}")
        tone = "warning" if isinstance(each.left, CannotTell) else ""
        yield (
            (f"  {name:<{wide}}{whole:>13}{_used(each):>13}", ""),
            (f"{figure(each.left):>13}   ", tone),
            (_known_from(known, each), "muted"),
        )
        if _is_on_paper(known, each):
            yield ((f"      {each.remark}", "muted"),)


def by_tightness(limits: Sequence[LimitStanding]) -> list[LimitStanding]:
    """Return limits, the one that binds most first."""
    return sorted(limits, key=_tightness)


def _tightness(each: LimitStanding) -> tuple[int, Fraction]:
    """Return what limits are sorted by: the least share left first, what cannot be told last."""
    if isinstance(each.left, CannotTell) or isinstance(each.amount, CannotTell):
        return 1, Fraction(0)
    return 0, each.left / each.amount if each.amount else Fraction(0)


def _used(each: LimitStanding) -> str:
    """Return what was used; of what a patient holds at home nothing is seen."""
    return "not seen" if isinstance(each.limit.window, Possession) else used_figure(each.used)


LONGEST_NAME = 26


def limit_names(limits: Sequence[LimitStanding]) -> list[str]:
    """Return what limits are called: by their time, and by what they count where several have the same time."""
    times = [str(each.limit.window) for each in limits]
    names = []
    for time, each in zip(times, limits, strict=True):
        of_what = each.limit.unit.removeprefix(short_unit(each.limit.unit)).strip(" ,")
        name = f"{time} {of_what}".strip() if times.count(time) > 1 else time
        names.append(name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…")
    return names


def _is_on_paper(known: PatientStanding, each: LimitStanding) -> bool:
    """Whether the amount was set for this patient by a paper."""
    return any(amount.limit_id == each.limit.id for amount in known.entitlement.amounts)


def _known_from(known: PatientStanding, each: LimitStanding) -> str:
    aside = f" · {figure(each.held)} held in another visit" if each.held else ""
    remark = f" · {each.remark}" if each.remark and not _is_on_paper(known, each) else ""
    if known.standing.rests_on_own_record:
        return f"own record only{aside}{remark}"
    if isinstance(each.registry_left, CannotTell):
        is_own = isinstance(each.left, Fraction)
        return f"own rules, one sale at a time{remark}" if is_own else each.registry_left.reason
    system = known.verification.source if known.verification else "registry"
    if isinstance(each.own_left, CannotTell):
        return f"{system} {figure(each.registry_left)} · own sum: {each.own_left.reason}"
    said = f"{system} {figure(each.registry_left)} · own sum {figure(each.own_left)}"
    if each.registry_left == each.own_left:
        return f"{said}{aside}{remark}"
    return f"{said} · {system if each.registry_left < each.own_left else 'own sum'} counts{aside}{remark}"
