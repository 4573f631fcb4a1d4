"""The second way to find somebody, where few are called what was typed: the middle of a name, or a slip of the hand.

Never asked for more than a bounded number of rows, and never ordered by rank over all.
"""

from uuid import UUID

from rapidfuzz.distance import OSA

from pcc_desk.domain.people import name_key
from pcc_desk.store.connection import Connection

INSIDE = "SELECT words, patient_id FROM name_inside WHERE name_inside MATCH ? LIMIT ?"
FAMILIES = """
WITH RECURSIVE named (family_key) AS (
    SELECT min(family_key) FROM patient INDEXED BY patient_by_family WHERE family_key >= ?1 AND family_key < ?2
    UNION ALL
    SELECT (SELECT min(n.family_key) FROM patient n INDEXED BY patient_by_family
            WHERE n.family_key > named.family_key AND n.family_key < ?2)
    FROM named WHERE named.family_key IS NOT NULL)
SELECT family_key FROM named WHERE family_key IS NOT NULL LIMIT ?3"""
OF_FAMILY = """
SELECT given_key, id FROM patient INDEXED BY patient_by_family WHERE family_key = ? ORDER BY given_key, id LIMIT ?"""

GRAM = 3
MOST_LOOKED_AT = 400
"""Names that are compared with what was typed."""
MOST_FAMILIES = 600
LAST = "\U0010ffff"
NUMBER = " 0123456789"
"""Of what telephone numbers are made, which stand behind the names."""


def inside(connection: Connection, typed: str, limit: int) -> list[UUID]:
    """Return who has every word that was typed somewhere in their name or telephone number, by name."""
    words = name_key(typed).split()
    long = [each for each in words if len(each) >= GRAM]
    if not long:
        return []
    found = connection.execute(INSIDE, (" AND ".join(f'"{each}"' for each in long), MOST_LOOKED_AT))
    named = sorted((told, of) for told, of in found if all(each in told for each in words))
    return [UUID(of) for _, of in named[:limit]]


def mistyped(connection: Connection, typed: str, limit: int) -> list[UUID]:
    """Return whose name differs by slips of the hand from what was typed, the fewest slips first, then by name.

    A slip is a letter lost, added, taken for another, or changed with the next; one in a word of four letters or more,
    two in one of eight. The first two letters are right, or else one half of the word is.
    """
    words = name_key(typed).split()
    if not words or max(map(len, words)) <= GRAM:
        return []
    found = {**_by_halves(connection, words), **_by_beginning(connection, words)}
    judged = [(slips, told, of) for of, told in found.items() if (slips := _slips(words, told.split())) is not None]
    return [UUID(of) for _, _, of in sorted(judged)[:limit]]


def _by_halves(connection: Connection, words: list[str]) -> dict[str, str]:
    """Return names that hold one half of each long word: one slip leaves the other half as it was."""
    parts = []
    for word in words:
        if len(word) >= 2 * GRAM:
            middle = len(word) // 2
            parts.append(f'("{word[:middle]}" OR "{word[middle:]}")')
        elif len(word) > GRAM:
            parts.append(f'("{word[:GRAM]}" OR "{word[-GRAM:]}")')
    found = connection.execute(INSIDE, (" AND ".join(parts), MOST_LOOKED_AT))
    return {of: told.rstrip(NUMBER) for told, of in found}


def _by_beginning(connection: Connection, words: list[str]) -> dict[str, str]:
    """Return names whose family name begins with the first two letters of a word, and is near it."""
    found: dict[str, str] = {}
    for word in words:
        if len(word) <= GRAM:
            continue
        begins = word[:2]
        for (family,) in connection.execute(FAMILIES, (begins, begins + LAST, MOST_FAMILIES)).fetchall():
            if _near(word, family):
                rows = connection.execute(OF_FAMILY, (family, MOST_LOOKED_AT))
                found |= {of: f"{family} {given}" for given, of in rows}
    return found


def _slips(words: list[str], parts: list[str]) -> int | None:
    """Return by how many slips every word is the beginning of a part, or near one; None when one is of none."""
    total = 0
    for word in words:
        if any(part.startswith(word) for part in parts):
            continue
        near = [_distance(word, part) for part in parts if _near(word, part)]
        if not near:
            return None
        total += min(near)
    return total


def _near(word: str, part: str) -> bool:
    return _distance(word, part) <= _allowed(word)


def _distance(word: str, part: str) -> int:
    return OSA.distance(word, part, score_cutoff=2)


def _allowed(word: str) -> int:
    return 0 if len(word) <= GRAM else 1 if len(word) < 8 else 2
