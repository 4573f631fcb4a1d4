"""What is particular to a patient is put on record from papers, by those who may."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest

from pcc_desk.desk.entitlements import (
    AboveCeiling,
    AmountRefusal,
    EndsBeforeStarts,
    FixedByLaw,
    NoPaper,
    NoSuchAmount,
    OnRecord,
    UnknownGroup,
    UnknownLimit,
    note_entitlement,
    set_amount,
)
from pcc_desk.desk.errors import NoSuchRecord
from pcc_desk.desk.rights import NotPermitted
from pcc_desk.desk.standing import read_standing
from pcc_desk.domain.cohorts import AgeGroup, NamedGroup
from pcc_desk.domain.entries import StaffAdded
from pcc_desk.domain.papers import PaperAmount, Papers
from pcc_desk.domain.people import Person, Role
from pcc_desk.domain.rules import Limit, Source
from pcc_desk.rulebook import rules_for
from tests.desk.counter import ANA, BEN, MARA, TODAY, Counter, grams

MICHIGAN = rules_for("MI", TODAY)
DAY, MONTH = MICHIGAN.limits
RULES = replace(
    MICHIGAN,
    fingerprint="",
    limits=(
        replace(DAY, source=Source.PRACTITIONER, is_ceiling=True, cohort=(NamedGroup("enhanced"),)),
        replace(MONTH, cohort=(AgeGroup(None, 17, "minor"),)),
    ),
)
ORDER = "Dr. I. Mensah, order of 3 March"


def put(
    counter: Counter, limit: Limit | str = DAY, amount: Decimal | None = Decimal(2), by: Person = ANA, **more: Any
) -> OnRecord | AmountRefusal:
    given = {"is_waiver": False, "paper": ORDER, **more}
    name = limit if isinstance(limit, str) else limit.id
    return set_amount(counter.ledger, MARA.id, name, amount, rules=RULES, act=counter.act(by), **given)


def test_groups_and_first_days_are_noted_as_a_whole(counter: Counter) -> None:
    def note(*groups: str, anchor: date | None = None, began: date | None = None) -> OnRecord | UnknownGroup:
        return note_entitlement(counter.ledger, MARA.id, groups, anchor, began, rules=RULES, act=counter.act())

    noted = note("enhanced", "enhanced", anchor=TODAY, began=date(2025, 1, 31))
    assert noted == OnRecord(Papers(("enhanced",), TODAY, date(2025, 1, 31)))
    assert note("enhanced", anchor=TODAY, began=date(2025, 1, 31)) == noted
    assert counter.recorded("entitlement.noted") == 1
    assert note() == OnRecord(Papers())
    assert counter.recorded("entitlement.noted") == 2


@pytest.mark.parametrize("group", ["minor", "enhanced ", ""])
def test_a_group_that_the_rules_do_not_know_is_refused_and_an_age_is_no_group(counter: Counter, group: str) -> None:
    outcome = note_entitlement(counter.ledger, MARA.id, ("enhanced", group), None, None, rules=RULES, act=counter.act())
    assert outcome == UnknownGroup(group, ("enhanced",))
    assert counter.recorded("entitlement.noted") == 0


def test_an_amount_is_kept_with_its_days_and_its_paper(counter: Counter) -> None:
    until = TODAY + timedelta(days=90)
    outcome = put(counter, amount=Decimal("1.5"), starts=TODAY, ends=until, paper=f"  {ORDER} ")
    kept = PaperAmount(DAY.id, Decimal("1.5"), False, TODAY, until, ORDER)
    assert outcome == OnRecord(Papers(amounts=(kept,)))
    assert put(counter, amount=Decimal("1.5"), starts=TODAY, ends=until) == outcome
    assert counter.recorded("amount.set") == 1


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"limit": "mi-year"}, UnknownLimit("mi-year")),
        ({"paper": "  "}, NoPaper()),
        ({"starts": TODAY, "ends": TODAY - timedelta(days=1)}, EndsBeforeStarts(TODAY, TODAY - timedelta(days=1))),
        ({"limit": MONTH}, FixedByLaw(RULES.limits[1])),
        ({"limit": MONTH, "amount": None}, FixedByLaw(RULES.limits[1])),
        ({"amount": Decimal("2.51")}, AboveCeiling(RULES.limits[0], Fraction("2.5"))),
    ],
)
def test_what_a_paper_cannot_set_is_refused_by_name(
    counter: Counter, given: dict[str, Any], refusal: AmountRefusal
) -> None:
    assert put(counter, **given) == refusal
    assert counter.recorded("amount.set") == 0


@pytest.mark.parametrize("amount", [None, Decimal("-0.1"), Decimal("NaN"), Decimal("Infinity")])
def test_what_is_no_amount_is_refused_with_the_reason(counter: Counter, amount: Decimal | None) -> None:
    outcome = put(counter, amount=amount)
    assert isinstance(outcome, NoSuchAmount)
    assert outcome.why.endswith(".")
    assert counter.recorded("amount.set") == 0


def test_the_ceiling_itself_and_nothing_at_all_are_amounts(counter: Counter) -> None:
    assert isinstance(put(counter, amount=Decimal("2.5")), OnRecord)
    assert isinstance(put(counter, amount=Decimal(0)), OnRecord)


@pytest.mark.parametrize("role", Role)
def test_a_waiver_is_put_on_record_only_by_those_who_answer_for_it(counter: Counter, role: Role) -> None:
    person = Person(UUID(int=0xF0), "Noor Haddad", role)
    counter.put(StaffAdded(person))
    if role in {Role.COORDINATOR, Role.INVENTORY}:
        with pytest.raises(NotPermitted, match="Entering waivers is for a pharmacist, compliance officer or manager"):
            put(counter, MONTH, None, person, is_waiver=True)
        assert counter.recorded("amount.set") == 0
    else:
        assert isinstance(put(counter, MONTH, None, person, is_waiver=True), OnRecord)


def test_who_is_not_on_record_waives_nothing(counter: Counter) -> None:
    stranger = replace(BEN, id=UUID(int=0xF1))
    with pytest.raises(NotPermitted, match="You are not on the staff"):
        put(counter, MONTH, None, stranger, is_waiver=True)


async def test_a_paper_counts_from_the_next_look_on(counter: Counter) -> None:
    counter.desk.rules_on = lambda on, order_began=None: replace(RULES, limits=(RULES.limits[0],))
    await counter.ask()
    known = await read_standing(counter.desk, MARA.id)
    assert known.standing.limits == ()
    note_entitlement(counter.ledger, MARA.id, ("enhanced",), None, None, rules=RULES, act=counter.act())
    assert isinstance(put(counter, amount=Decimal("0.5")), OnRecord)
    known = await read_standing(counter.desk, MARA.id)
    (only,) = known.standing.limits
    assert (only.amount, only.left, only.remark) == (
        Fraction("0.5"),
        Fraction("0.5"),
        f"practitioner's amount: {ORDER}",
    )
    assert known.entitlement.belongs.names == {"enhanced"}
    await counter.give(grams("14.17"))
    assert isinstance(put(counter, DAY, None, BEN, is_waiver=True, paper="Agency, letter 17"), OnRecord)
    assert (await read_standing(counter.desk, MARA.id)).standing.limits == ()


async def test_age_is_told_by_the_birth_date_on_the_business_day(counter: Counter) -> None:
    counter.desk.rules_on = lambda on, order_began=None: RULES
    known = await read_standing(counter.desk, MARA.id)
    assert known.entitlement.belongs.age == 35
    assert known.standing.limits == ()


async def test_an_old_order_stays_under_the_rules_that_it_began_under(counter: Counter) -> None:
    asked: list[date | None] = []

    def rules_on(on: date, order_began: date | None = None, /) -> Any:
        asked.append(order_began)
        return RULES if order_began is None else MICHIGAN

    counter.desk.rules_on = rules_on
    began = date(2024, 6, 1)
    note_entitlement(counter.ledger, MARA.id, (), None, began, rules=RULES, act=counter.act())
    assert (await read_standing(counter.desk, MARA.id)).standing.rules is MICHIGAN
    assert asked == [began]


def test_nothing_is_noted_of_a_patient_who_is_not_on_record(counter: Counter) -> None:
    nobody = UUID(int=0xDEAD)
    with pytest.raises(NoSuchRecord):
        note_entitlement(counter.ledger, nobody, (), None, None, rules=RULES, act=counter.act())
    with pytest.raises(NoSuchRecord):
        set_amount(
            counter.ledger, nobody, DAY.id, Decimal(1), is_waiver=False, paper=ORDER, rules=RULES, act=counter.act()
        )
