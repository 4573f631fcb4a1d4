"""A history that does not fit into one answer is read in windows, and a day of it is known all the same."""

import json
from datetime import date, datetime, timedelta
from typing import Any

import httpx
import pytest

from pcc_desk.adapters.state import biotrack_history
from pcc_desk.adapters.state.biotrack_history import history
from pcc_desk.domain.answers import Silence, Unanswered
from tests.adapters.outside import NOW, ZONE
from tests.adapters.outside_biotrack import by_path, let_in

TODAY = date(2026, 3, 12)
TOO_MUCH = Unanswered(Silence.UNREADABLE, "BioTrack sent more than 8 MB")


class Server:
    """Has sales under transaction numbers, one a number, and gives so many rows at most in an answer."""

    def __init__(self, days: dict[int, date], most: int, *, ends_inside: bool = True) -> None:
        self.days = days
        self.most = most
        self.ends_inside = ends_inside
        self.asked: list[dict[str, Any]] = []

    async def ask(self, which: Any) -> list[dict[str, Any]] | Unanswered:
        self.asked.append(dict(which))
        last = which.get("transaction_end", 10**18) - (0 if self.ends_inside else 1)
        found = [each for each in self.days if which["transaction_start"] <= each <= last]
        return TOO_MUCH if len(found) > self.most else [{"n": each} for each in found]

    def newest(self, rows: list[dict[str, Any]]) -> date | None:
        return max((self.days[each["n"]] for each in rows), default=None)

    async def read(self, start: int = 0, until: date | None = TODAY) -> set[int] | Unanswered:
        rows = await history("BioTrack", self.ask, start, self.newest, until)
        return rows if isinstance(rows, Unanswered) else {each["n"] for each in rows}


def six_weeks(per_day: int, step: int = 1, first: int = 1) -> dict[int, date]:
    return {first + n * step: TODAY - timedelta(days=41 - n // per_day) for n in range(per_day * 42)}


async def test_what_fits_is_asked_for_once() -> None:
    server = Server(six_weeks(10), 1000)
    assert await server.read() == set(server.days)
    assert server.asked == [{"transaction_start": 0}]


@pytest.mark.parametrize("ends_inside", [True, False])
@pytest.mark.parametrize("step", [1, 37, 5000])
@pytest.mark.parametrize("first", [1, 700_001])
async def test_what_does_not_fit_is_read_whole_in_windows(step: int, first: int, ends_inside: bool) -> None:
    server = Server(six_weeks(100, step, first), 300, ends_inside=ends_inside)
    assert await server.read() == set(server.days)
    assert len(server.asked) < 120


async def test_a_day_without_sales_and_a_look_up_without_a_day_come_to_an_end() -> None:
    server = Server(six_weeks(50), 300)
    assert await server.read(until=TODAY + timedelta(days=3)) == set(server.days)
    assert await server.read(until=None) == set(server.days)


async def test_one_transaction_that_is_too_much_is_told_and_never_cut() -> None:
    server = Server({5: TODAY, 6: TODAY, 7: TODAY}, 0)
    assert await server.read() == TOO_MUCH


async def test_another_silence_ends_it_and_half_a_history_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    server, down = Server(six_weeks(100), 300), Unanswered(Silence.DOWN, "BioTrack is down")
    ask, asked = server.ask, []

    async def fails_at_the_fifth(which: Any) -> list[dict[str, Any]] | Unanswered:
        asked.append(which)
        return down if len(asked) == 5 else await ask(which)

    server.ask = fails_at_the_fifth  # type: ignore[method-assign]
    assert await server.read() == down
    server.ask = ask  # type: ignore[method-assign]
    monkeypatch.setattr(biotrack_history, "MOST_WINDOWS", 3)
    answer = await server.read()
    assert isinstance(answer, Unanswered)


async def test_a_day_is_compared_though_the_history_is_larger_than_an_answer_may_be() -> None:
    sold = datetime(2026, 3, 12, 11, tzinfo=ZONE)
    rows = [
        {
            "transactionid": str(number),
            "transactionid_original": str(number),
            "inventoryid": "90000178",
            "itemnumber": 1,
            "quantity": "1",
            "price": "10.00",
            "sessiontime": str(int((sold - timedelta(minutes=40_000 - number)).timestamp())),
            "padding": "x" * 250,
        }
        for number in range(1, 40_001)
    ]
    starts: list[int] = []

    def answers(request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        starts.append(body["transaction_start"])
        first, last = body["transaction_start"], body.get("transaction_end", 10**9)
        shown = rows[max(first - 1, 0) : last]
        return httpx.Response(200, json={"success": 1, "sale": shown})

    adapter = by_path(let_in(answers), "json")
    receipts = await adapter.posted_on(TODAY, NOW)
    assert isinstance(receipts, tuple)
    assert len(receipts) == 11 * 60 + 1
    assert len(starts) > 2
    starts.clear()
    again = await adapter.posted_on(TODAY, NOW)
    assert again == receipts
    assert starts == [40_000 - 660]
