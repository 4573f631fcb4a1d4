"""Everybody on record in brief, so that many newcomers are compared with all of them one after another, quickly."""

from collections import defaultdict
from collections.abc import Iterator

from pcc_desk.domain.look_alikes import Alikeness, Brief, brief_of, compared, day_number, slips_of
from pcc_desk.domain.people import BEGINNING, Patient

MOST = 200
"""Of each kind: who shares so much with more people than this is not told apart by it."""


class Crowd:
    """People by what they may have in common with somebody. Who is added is compared with those who come after.

    Whoever is compared is looked up under their birth date and what a slip of the hand makes of it, their names and
    their telephone number, so that the time for one does not grow with the number of all.
    """

    def __init__(self) -> None:
        self._born: defaultdict[int, list[Brief]] = defaultdict(list)
        self._begins: defaultdict[str, defaultdict[int, list[Brief]]] = defaultdict(lambda: defaultdict(list))
        """By how their names begin, then by birth date."""
        self._names: set[tuple[str, str]] = set()
        self._reached: defaultdict[str, list[Brief]] = defaultdict(list)

    def add(self, patient: Patient) -> None:
        """Take somebody in."""
        brief = brief_of(patient)
        day = day_number(brief.born)
        self._names.add((brief.family, brief.given))
        places = [self._born[day], self._begins[_beginning(brief.family, brief.given)][day]]
        if brief.phone:
            places.append(self._reached[brief.phone])
        for place in places:
            if len(place) < MOST:
                place.append(brief)

    def nearest(self, patient: Patient) -> Alikeness | None:
        """Return how like the likest of them is to somebody; None: nobody is."""
        brief = brief_of(patient)
        found = [each[0] for other in self._candidates(brief) if (each := compared(brief, other)) is not None]
        if (brief.family, brief.given) in self._names:
            found.append(Alikeness.SAME_NAME)
        return min(found, default=None)

    def _candidates(self, brief: Brief) -> Iterator[Brief]:
        yield from self._born.get(day_number(brief.born), ())
        yield from self._reached.get(brief.phone, ())
        slips = slips_of(brief.born)
        for names in {(brief.family, brief.given), (brief.given, brief.family)}:  # they may have changed places
            by_day = self._begins.get(_beginning(*names))
            if by_day is not None:
                for day in slips:
                    if day in by_day:
                        yield from by_day[day]


def _beginning(family: str, given: str) -> str:
    """Return by what of their names somebody is looked for, as when one newcomer is put on record."""
    return f"{family[:BEGINNING]} {given[:1]}"
