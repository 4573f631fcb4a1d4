"""Two sides paired by what fits: the best first, and as many as can be."""

from collections.abc import Iterable


def as_many_as_can_be(fitting: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return pairs of what fits, given the best first; who is left over gets one where others can move to theirs."""
    choices: dict[int, list[int]] = {}
    has: dict[int, int] = {}
    holder: dict[int, int] = {}
    for one, other in fitting:
        choices.setdefault(one, []).append(other)
        if one not in has and other not in holder:
            has[one], holder[other] = other, one
    in_vain: set[int] = set()
    for one in choices:
        if one not in has:
            _let_in(one, choices, has, holder, in_vain)
    return list(has.items())


def _let_in(
    newcomer: int, choices: dict[int, list[int]], has: dict[int, int], holder: dict[int, int], in_vain: set[int]
) -> None:
    """Pair one more, if those before can move on by one until something is free; else note what was tried in vain."""
    came_by: dict[int, int] = {}
    asked = [newcomer]
    for one in asked:
        for other in choices[one]:
            if other in came_by or other in in_vain:
                continue
            came_by[other] = one
            if other in holder:
                asked.append(holder[other])
                continue
            step: int | None = other
            while step is not None:
                mover = came_by[step]
                before = has.get(mover)
                has[mover], holder[step] = step, mover
                step = before
            return
    in_vain |= came_by.keys()
