"""Who may be one person, and who will be taken for another: flagged, and never decided."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from pcc_desk.domain.look_alikes import Alikeness, look_alikes
from pcc_desk.domain.people import Card, Holder, Patient

ANA = Patient(UUID(int=1), "Díaz Romero", "Ana María", date(1985, 3, 11), "313-555-0100")
CARD = Card("MI-P-0001-0001", ANA.id, Holder.PATIENT, "", date(2027, 1, 1))


def alike(other: Patient, *cards: Card) -> Alikeness | None:
    found = look_alikes(ANA, (CARD,), (replace(other, id=UUID(int=2)),), cards)
    return found[0].alikeness if found else None


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (replace(ANA, family_name="DIAZ ROMERO", given_name="ana maria"), Alikeness.SAME),
        (replace(ANA, family_name="Dias Romero"), Alikeness.LIKELY),
        (replace(ANA, family_name="Ana María", given_name="Díaz Romero"), Alikeness.LIKELY),
        (replace(ANA, family_name="Brandt"), Alikeness.LIKELY),
        (replace(ANA, born=date(1985, 11, 3)), Alikeness.LIKELY),
        (replace(ANA, born=date(1958, 3, 11)), Alikeness.LIKELY),
        (replace(ANA, born=date(1985, 3, 17)), Alikeness.LIKELY),
        (replace(ANA, given_name="Beatriz"), Alikeness.TWIN),
        (replace(ANA, born=date(1961, 7, 20)), Alikeness.SAME_NAME),
        (replace(ANA, family_name="Brandt", given_name="Elke", born=date(1961, 7, 20)), Alikeness.SAME_PHONE),
        (replace(ANA, family_name="Brandt", given_name="Elke", born=date(1961, 7, 20), phone=""), None),
    ],
)
def test_each_kind_of_likeness_is_told_apart(other: Patient, expected: Alikeness | None) -> None:
    assert alike(other) is expected


def test_the_same_own_card_is_one_person_and_a_caregiver_s_is_not() -> None:
    stranger = Patient(UUID(int=2), "Brandt", "Elke", date(1961, 7, 20))
    theirs = replace(CARD, patient_id=stranger.id)
    assert alike(stranger, theirs) is Alikeness.SAME
    own = replace(CARD, holder=Holder.CAREGIVER)
    assert look_alikes(ANA, (own,), (stranger,), (theirs,)) == ()


def test_nobody_is_like_themselves_and_the_nearest_come_first() -> None:
    far = replace(ANA, id=UUID(int=2), born=date(1961, 7, 20))
    near = replace(ANA, id=UUID(int=3), family_name="Dias Romero")
    found = look_alikes(ANA, (CARD,), (ANA, far, near), ())
    assert [each.patient.id.int for each in found] == [3, 2]
