"""What of the fake ledger finds patients by who they are: slowly, by looking at everybody."""

from datetime import UTC, date, datetime
from uuid import UUID

from pcc_desk.domain.people import Patient, name_key
from pcc_desk.domain.typed_people import phone_key

FEW = 5
FORMS = ("%Y-%m-%d", "%m/%d/%Y", "%m%d%Y", "%Y%m%d")


class FakeFinding:
    """Implements `desk.ports_search.Finding`, and what a search finds beside the beginnings of names."""

    patients: dict[UUID, Patient]

    def patients_born(self, day: date, limit: int) -> tuple[Patient, ...]:
        """Return who was born on a day, by name."""
        found = [each for each in self.patients.values() if each.born == day]
        return tuple(sorted(found, key=by_name)[:limit])

    def patients_named(self, family_key: str, given_key: str, limit: int) -> tuple[Patient, ...]:
        """Return whose family name is this one and whose given names begin so."""
        found = [
            each
            for each in self.patients.values()
            if name_key(each.family_name) == family_key and name_key(each.given_name).startswith(given_key)
        ]
        return tuple(sorted(found, key=by_name)[:limit])

    def numbered(self, typed: str) -> list[Patient]:
        """Return whose birth date or telephone number begins so, of the one first, then of the other."""
        is_date = typed[:2] in {"19", "20"} and typed.replace("-", "").isdecimal() and _is_beginning(typed)
        born = [each for each in self.patients.values() if is_date and each.born.isoformat().startswith(typed)]
        phone = phone_key(typed)
        is_phone = len(phone) >= 4 and not any(each.isalpha() for each in typed)
        called = [each for each in self.patients.values() if is_phone and phone_key(each.phone).startswith(phone)]
        return [
            *sorted(born, key=lambda each: (each.born, *by_name(each))),
            *sorted(called, key=lambda each: (phone_key(each.phone), each.id.hex)),
        ]

    def nearly(self, typed: str) -> list[Patient]:
        """Return who has what was typed inside their name or number; or else, of names, who is called nearly so."""
        words = name_key(typed).split()
        told = {
            each.id: " ".join((*by_name(each)[:2], phone_key(each.phone))).strip() for each in self.patients.values()
        }
        inside = [of for of, said in told.items() if all(word in said for word in words)]
        if not any(len(word) >= 3 for word in words):
            inside = []
        if inside or any(each.isdigit() for each in typed):
            return [self.patients[of] for of in sorted(inside, key=lambda of: (told[of], of.hex))]
        judged = []
        for each in self.patients.values():
            slips = _slips(words, by_name(each)[:2])
            if slips is not None:
                judged.append((slips, " ".join(by_name(each)[:2]), each.id.hex, each))
        return [each for *_, each in sorted(judged, key=lambda one: one[:3])]


def by_name(patient: Patient) -> tuple[str, str, str]:
    """Return in which order lists are."""
    return name_key(patient.family_name), name_key(patient.given_name), patient.id.hex


def begins_so(patient: Patient, first: str, second: str, *, is_family: bool) -> bool:
    """Whether family name and given names begin so, or the other way round."""
    one, other = by_name(patient)[:2] if is_family else by_name(patient)[1::-1]
    return one.startswith(first) and other.startswith(second)


def begins_parts(patient: Patient, typed: str) -> bool:
    """Whether each word that was typed begins a part of the name."""
    parts = " ".join(by_name(patient)[:2]).split()
    return all(any(part.startswith(word) for part in parts) for word in name_key(typed).split())


def whole_date(typed: str) -> date | None:
    """Return the date that was typed, where it is a whole one."""
    for form in FORMS:
        if typed.isdecimal() and len(typed) != 8:
            continue
        try:
            found = datetime.strptime(typed, form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
        if form != "%m%d%Y" or typed[:2] not in {"19", "20"}:
            return found
    return None


def _is_beginning(typed: str) -> bool:
    year, *others = (len(each) for each in typed.split("-"))
    return year == 4 and tuple(others) in {(), (0,), (1,), (2,), (0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1)}


def _slips(words: list[str], names: tuple[str, str]) -> int | None:
    """Return by how many slips of the hand every word is the beginning of a part; None: not, or not to be found so.

    To be found, one of the long words has its first two letters right and the whole family name near it, or every long
    word has one of its halves in the names.
    """
    if not any(len(word) > 3 for word in words):
        return None
    parts = " ".join(names).split()
    least = [
        min((0 if part.startswith(word) else _distance(word, part) for part in parts), default=9) for word in words
    ]
    if any(slips > _allowed(word) for slips, word in zip(least, words, strict=True)):
        return None
    long = [word for word in words if len(word) > 3]
    by_beginning = any(names[0][:2] == word[:2] and _distance(word, names[0]) <= _allowed(word) for word in long)
    by_halves = all(any(half in " ".join(names) for half in _halves(word)) for word in long)
    return sum(least) if by_beginning or by_halves else None


def _halves(word: str) -> tuple[str, str]:
    return (word[: len(word) // 2], word[len(word) // 2 :]) if len(word) >= 6 else (word[:3], word[-3:])


def _allowed(word: str) -> int:
    return 0 if len(word) <= 3 else 1 if len(word) < 8 else 2


def _distance(one: str, other: str) -> int:
    """Return how many letters were lost, added, taken for others or changed with the next."""
    rows = [list(range(len(other) + 1))]
    for at, letter in enumerate(one, 1):
        row = [at]
        for to, its in enumerate(other, 1):
            least = min(rows[-1][to] + 1, row[-1] + 1, rows[-1][to - 1] + (letter != its))
            if at > 1 and to > 1 and letter == other[to - 2] and one[at - 2] == its:
                least = min(least, rows[-2][to - 2] + 1)
            row.append(least)
        rows.append(row)
    return rows[-1][-1]
