"""What the desk may rely on from any point of sale: the fake, the files, and each interface before the simulator.

What one does not offer it says in its capabilities, and its call says `Unanswered` of kind `ABSENT`.
"""

import re
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from pcc_desk.adapters.http import WHOLE_S
from pcc_desk.adapters.loading import POINTS_OF_SALE
from pcc_desk.desk.ports_outside import PointOfSale
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.capabilities import PosCall
from pcc_desk.domain.sales import NOT_TOLD, Closing, Kind, Pull, SoldLine
from pcc_desk.domain.shelf import ShelfPackage
from pcc_desk.simulator.faults import Does, Fault
from pcc_desk.simulator.world import World
from tests.adapters.outside import DREAM
from tests.adapters.outside_pos import APIS, TODAY, YESTERDAY, Loopback, csv, line, pieces, rung_up, till

KINDS = ("csv", *APIS)


def connected(kind: str, made: World, folder: Path) -> PointOfSale:
    return csv(folder, made) if kind == "csv" else APIS[kind].connect(Loopback(made), made, WHOLE_S)


def a_day() -> World:
    """Return a day with a neighbour on each side of midnight."""
    made = till()
    each = pieces(made)
    made.till = [
        rung_up("4400", "2026-03-11T23:59", line(price="10.00")),
        rung_up("4401", "2026-03-12T00:10", opened_at="2026-03-11T23:50:00-04:00"),
        rung_up("4402", "2026-03-12T14:30", line(price="29.99"), line(each, "2", "36.50")),
        rung_up("4403", "2026-03-12T23:58", line(each, "1", "0.01")),
        rung_up("4404", "2026-03-13T00:01", line(price="11.00")),
    ]
    return made


async def read(pos: PointOfSale) -> Pull:
    pull = await pos.sales(TODAY)
    assert isinstance(pull, Pull), pull
    return pull


def test_every_adapter_that_is_installed_is_under_contract() -> None:
    ours = {each.name for each in entry_points(group=POINTS_OF_SALE) if each.dist and each.dist.name == "pcc-desk"}
    assert ours == set(KINDS)


def tag_of(line: SoldLine, kind: str) -> str:
    """Return the tag of a line; of a till that tells none, the only one that it may be."""
    if kind == "flowhub" and line.label == NOT_TOLD:
        (only,) = line.may_be
        return only
    return line.label


@pytest.mark.parametrize("kind", KINDS)
async def test_a_business_day_is_told_whole_and_exactly(kind: str, tmp_path: Path) -> None:
    made = a_day()
    each = pieces(made)
    pull = await read(connected(kind, made, tmp_path))
    of_day = [sale for sale in pull.sales if sale.business_day == TODAY]
    assert [sale.number for sale in of_day] == ["4401", "4402", "4403"]
    told = [[(tag_of(one, kind), one.milli, one.price_cents) for one in sale.lines] for sale in of_day]
    assert told == [[(DREAM, 3500, 5200)], [(DREAM, 3500, 2999), (each, 2000, 3650)], [(each, 1000, 1)]]
    assert all(type(one.milli) is type(one.price_cents) is int for sale in pull.sales for one in sale.lines)
    assert [str(sale.sold_at) for sale in of_day] == [
        "2026-03-12 00:10:00-04:00",
        "2026-03-12 14:30:00-04:00",
        "2026-03-12 23:58:00-04:00",
    ]
    assert {sale.kind for sale in pull.sales} == {Kind.SALE}
    assert pull.is_complete
    assert pull.zone == "America/Detroit"


@pytest.mark.parametrize("kind", KINDS)
async def test_what_was_sold_around_a_day_is_told_too(kind: str, tmp_path: Path) -> None:
    """A sale at 00:01 may be of a business day that ends in the night, and a receipt of it may bear either date."""
    pull = await read(connected(kind, a_day(), tmp_path))
    assert [sale.number for sale in pull.sales] == ["4400", "4401", "4402", "4403", "4404"]


@pytest.mark.parametrize("kind", KINDS)
async def test_the_evidence_of_a_pull_is_kept(kind: str, tmp_path: Path) -> None:
    pull = await read(connected(kind, a_day(), tmp_path))
    assert re.fullmatch(r"[0-9a-f]{64}", pull.sha256)
    assert pull.rows >= 3
    assert pull.source


@pytest.mark.parametrize("kind", KINDS)
async def test_a_day_read_twice_says_the_same(kind: str, tmp_path: Path) -> None:
    pos = connected(kind, a_day(), tmp_path)
    assert await read(pos) == await read(pos)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_day_without_sales_is_one(kind: str, tmp_path: Path) -> None:
    made = till()
    assert (await read(connected(kind, made, tmp_path))).sales == ()


@pytest.mark.parametrize("kind", KINDS)
async def test_what_is_offered_is_answered_and_what_is_not_is_absent(kind: str, tmp_path: Path) -> None:
    pos = connected(kind, a_day(), tmp_path)
    offers = {each.call: each for each in await pos.capabilities()}
    assert set(offers) == set(PosCall)
    assert all(each.why for each in offers.values())
    for call, answer in {
        PosCall.SALES: await pos.sales(TODAY),
        PosCall.CLOSING: await pos.closing(YESTERDAY),
        PosCall.STOCK: await pos.stock(),
        PosCall.QUEUE: await pos.queue(),
        PosCall.PRICES: await pos.prices(),
    }.items():
        is_absent = isinstance(answer, Unanswered) and answer.kind is Silence.ABSENT
        assert is_absent is not offers[call].is_offered, call
        assert is_absent or not isinstance(answer, Unanswered), answer


@pytest.mark.parametrize("kind", KINDS)
async def test_the_key_s_health_is_asked_for_cheaply(kind: str, tmp_path: Path) -> None:
    pos = connected(kind, a_day(), tmp_path)
    answer = await pos.ping()
    assert isinstance(answer, str)
    assert answer


@pytest.mark.parametrize("kind", APIS)
async def test_a_wrong_key_is_denied_on_every_call_that_is_offered(kind: str) -> None:
    made = a_day()
    pos = APIS[kind].wrong_key(Loopback(made), made)
    offered = {each.call for each in await pos.capabilities() if each.is_offered}
    for call, ask in (
        (None, pos.ping),
        (PosCall.SALES, lambda: pos.sales(TODAY)),
        (PosCall.CLOSING, lambda: pos.closing(TODAY)),
        (PosCall.STOCK, pos.stock),
        (PosCall.QUEUE, pos.queue),
    ):
        answer = await ask()
        if call is None or call in offered:
            assert isinstance(answer, Unanswered)
            assert answer.kind is Silence.DENIED
            assert "another" not in answer.reason


@pytest.mark.parametrize("kind", APIS)
@pytest.mark.parametrize(
    ("fault", "silence"),
    [
        (Fault(Does.ANSWER, status=503), Silence.DOWN),
        (Fault(Does.ANSWER, status=500), Silence.DOWN),
        (Fault(Does.ANSWER, status=429, retry_after=7), Silence.BUSY),
        (Fault(Does.ANSWER, status=200), Silence.UNREADABLE),
        (Fault(Does.TRUNCATE), Silence.UNREADABLE),
        (Fault(Does.RESET_BEFORE), Silence.TIMED_OUT),
    ],
    ids=["503", "500", "429", "a page with 200", "half a page", "reset"],
)
async def test_what_befalls_a_pull_is_told_apart(kind: str, fault: Fault, silence: Silence) -> None:
    made = a_day()
    made.faults.add(fault)
    answer = await APIS[kind].connect(Loopback(made), made, WHOLE_S).sales(TODAY)
    assert isinstance(answer, Unanswered)
    assert answer.kind is silence
    assert answer.again_in_s == (7 if silence is Silence.BUSY else 0)


@pytest.mark.parametrize("kind", APIS)
async def test_a_point_of_sale_goes_on_while_the_state_is_down(kind: str) -> None:
    made = a_day()
    made.mode = type(made.mode).DOWN
    assert (await read(APIS[kind].connect(Loopback(made), made, WHOLE_S))).sales


@pytest.mark.parametrize("kind", APIS)
async def test_what_is_on_the_shelf_is_told_exactly(kind: str) -> None:
    made = a_day()
    stock = await APIS[kind].connect(Loopback(made), made, WHOLE_S).stock()
    assert isinstance(stock, tuple)
    assert all(isinstance(each, ShelfPackage) and type(each.milli) is int for each in stock)
    assert {each.product for each in stock} >= {each.package.product for each in made.packages.values()}


async def test_the_closing_report_of_dutchie_is_a_control_total() -> None:
    made = a_day()
    closing = await APIS["dutchie"].connect(Loopback(made), made, WHOLE_S).closing(TODAY)
    assert isinstance(closing, Closing)
    assert (closing.sales, closing.cents, closing.voids) == (3, 5200 + 2999 + 3650 + 1, 0)


@pytest.mark.parametrize("kind", APIS)
async def test_a_key_is_in_no_answer(kind: str) -> None:
    made = a_day()
    wire = Loopback(made)
    answers = [
        await APIS[kind].connect(wire, made, WHOLE_S).sales(TODAY),
        await APIS[kind].wrong_key(wire, made).ping(),
    ]
    secret = made.keys[0]
    assert not any(secret in repr(each) for each in answers)
    assert not any(secret in str(each.url) for each in wire.requests)
