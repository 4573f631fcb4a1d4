"""What is odd about each point of sale, and what the desk makes of it (POS reference, 2 to 4 and 13)."""

from dataclasses import replace
from datetime import date
from typing import Any

import httpx
import pytest

from pcc_desk.adapters.pos.cova import connect as connect_cova
from pcc_desk.adapters.pos.dutchie import connect as connect_dutchie
from pcc_desk.adapters.pos.flowhub import connect as connect_flowhub
from pcc_desk.desk.ports_outside import PointOfSale
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.people import card_key
from pcc_desk.domain.sales import NOT_TOLD, Buyer, Kind, LineUnit, Pull, Sale
from pcc_desk.simulator.world import World
from tests.adapters.outside import CARD, DREAM
from tests.adapters.outside_pos import TODAY, YESTERDAY, Loopback, cova, dutchie, flowhub, line, pieces, rung_up, till


async def day_of(pos: PointOfSale, day: date = TODAY) -> Pull:
    pull = await pos.sales(day)
    assert isinstance(pull, Pull), pull
    return pull


async def sales_of(pos: PointOfSale, day: date = TODAY) -> dict[str, Sale]:
    return {each.number: each for each in (await day_of(pos, day)).sales}


async def why_not(asked: Any) -> str:
    answer = await asked
    assert isinstance(answer, Unanswered), answer
    return answer.reason


def with_pos(made: World, **pos: Any) -> World:
    made.books["pos"] = pos
    return made


# Dutchie


async def test_names_are_read_in_any_case() -> None:
    made = till(rung_up("4401", "2026-03-12T10:00", card=CARD))
    camel = await day_of(dutchie(Loopback(made), made))
    pascal = await day_of(dutchie(Loopback(made), with_pos(made, pascal=True)))
    assert camel.sales == pascal.sales
    assert len(camel.sales) == 1


async def test_the_noise_of_doubles_is_no_money_and_half_a_cent_is_refused() -> None:
    made = till(rung_up("4401", "2026-03-12T10:00", line(price="51.99")))
    (sale,) = (await day_of(dutchie(Loopback(made), with_pos(made, noise=True)))).sales
    assert sale.lines[0].price_cents == 5199
    made.till[0]["lines"][0]["price"] = "51.995"
    assert "is no amount in cents" in await why_not(dutchie(Loopback(made), made).sales(TODAY))


async def test_a_return_that_is_told_twice_counts_once() -> None:
    made = till()
    each = pieces(made)
    made.till = [
        rung_up("4400", "2026-03-12T09:00", line(), line(each, "2", "36.00", returned_by="4401")),
        rung_up("4401", "2026-03-12T12:00", line(each, "2", "36.00"), return_of="4400"),
    ]
    pull = await day_of(dutchie(Loopback(made), made))
    sold, back = pull.sales
    assert [one.is_returned for one in sold.lines] == [False, True]
    assert (back.kind, back.refers_to, back.lines) == (Kind.RETURN, "4400", ())
    assert (pull.totals.cents, dict(pull.totals.units)) == (5200, {DREAM: 3500})


async def test_a_part_that_came_back_is_the_return_s_and_not_the_whole_line_s() -> None:
    made = till()
    each = pieces(made)
    made.till = [
        rung_up("4400", "2026-03-12T09:00", line(each, "3", "10.00", returned_by="4401")),
        rung_up("4401", "2026-03-12T12:00", line(each, "1", "3.33"), return_of="4400"),
    ]
    pull = await day_of(dutchie(Loopback(made), made))
    sold, back = pull.sales
    assert not sold.lines[0].is_returned
    assert (back.lines[0].milli, back.lines[0].price_cents) == (-1000, -333)
    assert (pull.totals.cents, dict(pull.totals.units)) == (667, {each: 2000})


async def test_a_later_return_shows_on_the_day_of_the_sale() -> None:
    made = till(
        rung_up("4400", "2026-03-11T09:00", line(returned_by="4401")),
        rung_up("4401", "2026-03-12T12:00", line(), return_of="4400"),
    )
    pos = dutchie(Loopback(made), made)
    assert (await sales_of(pos, YESTERDAY))["4400"].lines[0].is_returned
    assert (await sales_of(pos))["4401"].lines == ()


async def test_a_return_of_long_ago_bears_its_own_figures() -> None:
    made = till(rung_up("4401", "2026-03-12T12:00", line(), return_of="1200"))
    back = (await sales_of(dutchie(Loopback(made), made)))["4401"]
    assert (back.kind, back.refers_to, back.lines[0].milli, back.lines[0].price_cents) == (
        Kind.RETURN,
        "1200",
        -3500,
        -5200,
    )


async def test_a_void_keeps_its_day_and_the_year_1900_is_no_void() -> None:
    made = till(
        rung_up("4401", "2026-03-12T10:00", voided_at="2026-03-12T10:05:00-04:00"), rung_up("4402", "2026-03-12T11:00")
    )
    found = await sales_of(dutchie(Loopback(made), made))
    assert (found["4401"].kind, str(found["4401"].voided_at)) == (Kind.VOID, "2026-03-12 10:05:00-04:00")
    assert (found["4402"].kind, found["4402"].voided_at) == (Kind.SALE, None)


async def test_a_coupon_bears_no_tag_and_transfers_are_no_sales() -> None:
    made = till(
        rung_up("4401", "2026-03-12T10:00", line(), line("", "1", "-5.00", coupon=True)),
        rung_up("4402", "2026-03-12T11:00", kind="WholesaleOrder"),
        rung_up("4403", "2026-03-12T12:00", line("", "1", "4.00")),
    )
    found = await sales_of(dutchie(Loopback(made), made))
    assert [(one.label, one.product) for one in found["4401"].lines] == [(DREAM, ""), ("", "coupon")]
    assert [each.kind for each in found.values()] == [Kind.SALE, Kind.TRANSFER, Kind.NON_CANNABIS]


@pytest.mark.parametrize("gross", [False, True])
async def test_which_price_a_line_holds_shows_in_the_sums(gross: bool) -> None:
    made = till(rung_up("4401", "2026-03-12T10:00", line(price="47.00", discount="5.00", tax="2.82")), gross=gross)
    (sale,) = (await day_of(dutchie(Loopback(made), made))).sales
    assert (sale.lines[0].price_cents, sale.lines[0].discount_cents, sale.lines[0].tax_cents) == (4700, 500, 282)


async def test_lines_that_add_up_to_nothing_known_are_not_taken() -> None:
    def other_totals(request: httpx.Request) -> httpx.Response:
        row = {
            "transactionId": 1, "transactionDate": "2026-03-12T15:00:00", "totalBeforeTax": 99.0, "isVoid": False,
            "items": [{"quantity": 1, "totalPrice": 10.0, "packageId": "1A4"}],
        }  # fmt: skip
        return httpx.Response(200, json=[row] if "transactions" in str(request.url) else [])

    pos = dutchie(httpx.MockTransport(other_totals), till())
    assert "do not add up to their totals by any known rule" in await why_not(pos.sales(TODAY))


async def test_a_zone_that_is_not_the_shop_s_is_found_by_the_local_twin() -> None:
    from zoneinfo import ZoneInfo

    made = till(rung_up("4401", "2026-03-12T10:00"))
    pos = dutchie(Loopback(made), made, zone=ZoneInfo("America/Phoenix"))
    reason = await why_not(pos.sales(TODAY))
    assert "its clock showed 10:00 where America/Phoenix has 07:00; correct the zone in the settings file" in reason


async def test_the_hour_that_comes_twice_is_told_apart_by_utc() -> None:
    made = till(rung_up("4401", "2026-11-01T01:30:00-04:00"), rung_up("4402", "2026-11-01T01:30:00-05:00"))
    pull = await day_of(dutchie(Loopback(made), made), date(2026, 11, 1))
    assert [(each.number, str(each.sold_at)) for each in pull.sales] == [
        ("4401", "2026-11-01 01:30:00-04:00"),
        ("4402", "2026-11-01 01:30:00-05:00"),
    ]


async def test_whose_card_it_was_follows_merges() -> None:
    made = till(rung_up("4401", "2026-03-12T10:00", card=CARD))
    customer = str(7000 + [each.number for each in made.training.cards].index(CARD))
    other = made.training.cards[0].number
    with_pos(made, merged={customer: 7000})
    (sale,) = (await day_of(dutchie(Loopback(made), made))).sales
    assert (sale.patient_key, sale.buyer) == (card_key(other), Buyer.MEDICAL)


async def test_a_day_compared_again_asks_for_nobody_who_is_known() -> None:
    made = till(rung_up("4401", "2026-03-12T10:00", card=CARD))
    wire = Loopback(made)
    pos = dutchie(wire, made)
    first = await day_of(pos)
    asked = sum("customers" in each.url.path for each in wire.requests)
    assert await day_of(pos) == first
    assert sum("customers" in each.url.path for each in wire.requests) == asked == 1


async def test_a_key_without_the_role_customer_leaves_the_card_unknown_and_nothing_else() -> None:
    made = till(rung_up("4401", "2026-03-12T10:00", card=CARD))
    whole = await day_of(dutchie(Loopback(made), made))
    with_pos(made, roles=["Reporting"])
    part = await day_of(dutchie(Loopback(made), made))
    assert whole.sales[0].patient_key == card_key(CARD)
    assert part.sales == tuple(replace(each, patient_key="") for each in whole.sales)
    queue = await dutchie(Loopback(made), made).queue()
    assert isinstance(queue, Unanswered)
    assert (queue.kind, "the role Customer" in queue.reason) == (Silence.WITHHELD, True)


async def test_a_key_of_another_location_is_denied() -> None:
    made = till()
    reason = await why_not(dutchie(Loopback(made), made, licence="PC-999999").ping())
    assert "is for Birchwood" in reason or "is for " in reason
    assert "and not for licence PC-999999" in reason


async def test_the_queue_hides_rooms_and_old_check_ins() -> None:
    guest = {"customerId": 7001, "name": "N. Vance", "checkinDateUTC": "2026-03-12T16:00:00Z", "status": "Waiting"}
    made = till(
        guests=[
            {**guest, "room": "lobby"},
            {**guest, "checkinDateUTC": "2026-03-12T16:30:00Z", "transactionId": 9, "room": "lobby"},
            {**guest, "customerId": 7002, "name": "C. Lind", "room": "on hold"},
        ]
    )
    queue = await dutchie(Loopback(made), made).queue()
    assert isinstance(queue, tuple)
    assert [(each.name, f"{each.checked_in_at:%H:%M}", each.number) for each in queue] == [("N. Vance", "12:30", "9")]


async def test_a_day_too_large_for_one_answer_is_asked_for_in_halves() -> None:
    made = till(rung_up("4401", "2026-03-12T03:00"), rung_up("4402", "2026-03-12T10:00"))
    loopback = Loopback(made)
    asked: list[tuple[str, str]] = []

    async def limited(request: httpx.Request) -> httpx.Response:
        span = request.url.params.get("FromDateUTC", ""), request.url.params.get("ToDateUTC", "")
        if request.url.path.endswith("/transactions"):
            asked.append(span)
            if span[0][:13] != span[1][:13] and len(asked) == 3:
                return httpx.Response(200, content=b"[" + b" " * 9_000_000 + b"]")
        return await loopback.handle_async_request(request)

    pos = dutchie(httpx.MockTransport(limited), made)
    assert list(await sales_of(pos)) == ["4401", "4402"]
    assert len(asked) == 8


async def test_stock_tells_tags_prices_and_no_1900() -> None:
    made = till()
    stock = await dutchie(Loopback(made), made).stock()
    assert isinstance(stock, tuple)
    by_tag = {each.label: each for each in stock}
    dream = by_tag[DREAM]
    assert (dream.unit, dream.milli) == (LineUnit.GRAMS, int(made.remaining[DREAM] * 1000))
    assert all(each.expires_on is None or each.expires_on.year > 2000 for each in stock)
    prices = await dutchie(Loopback(made), made).prices()
    assert isinstance(prices, dict)
    assert prices[DREAM] == made.packages[DREAM].package.unit_price_cents


# Flowhub


async def test_an_order_opened_before_midnight_and_paid_after_it_is_of_the_day_it_was_paid() -> None:
    made = till(rung_up("4401", "2026-03-12T00:10", opened_at="2026-03-11T23:50:00-04:00"))
    pos = flowhub(Loopback(made), made)
    (sale,) = (await sales_of(pos)).values()
    assert (sale.number, sale.business_day) == ("4401", TODAY)


async def test_orders_are_asked_for_by_days_and_by_the_import_id() -> None:
    made = till(rung_up("4401", "2026-03-12T10:00"))
    wire = Loopback(made)
    await day_of(flowhub(wire, made))
    asked = [each.url for each in wire.requests if "findByLocationId" in each.url.path]
    assert [each.params["created_after"] for each in asked] == ["2026-03-11"]
    assert asked[0].path.endswith("/imp-9041")


async def test_every_page_is_read_and_a_page_that_is_missing_leaves_the_day_untold() -> None:
    made = till(*(rung_up(str(4000 + each), "2026-03-12T10:00", line(price="1.00")) for each in range(250)))
    pull = await day_of(flowhub(Loopback(made), made))
    assert (len(pull.sales), pull.rows) == (250, 250)
    with_pos(made, forgets=3)
    assert "told of 250 orders and sent 247" in await why_not(flowhub(Loopback(made), made).sales(TODAY))


async def test_no_tag_is_told_and_the_stock_says_whether_there_is_one_and_what_it_may_be() -> None:
    made = till()
    other = next(tag for tag in made.packages if tag != DREAM)
    made.till = [rung_up("4401", "2026-03-12T10:00", line(), line("", "1", "4.00"))]
    pull = await day_of(flowhub(Loopback(made), made))
    assert [(one.label, one.may_be) for one in pull.sales[0].lines] == [(NOT_TOLD, (DREAM,)), ("", ())]
    assert pull.is_complete
    from pcc_desk.simulator.pos_flowhub import variant

    with_pos(made, variants={other: variant(DREAM)})
    pull = await day_of(flowhub(Loopback(made), made))
    assert pull.sales[0].lines[0].may_be == tuple(sorted((DREAM, other)))
    assert pull.is_complete


async def test_a_product_that_the_stock_does_not_have_leaves_the_day_not_whole() -> None:
    made = till(rung_up("4401", "2026-03-12T10:00", line()))
    with_pos(made, variants={DREAM: "another"})
    part = await day_of(flowhub(Loopback(made), made))
    assert not part.is_complete
    assert part.why_partial.startswith("one line of its sales has no package tag")


async def test_money_is_cents_status_is_in_any_case_and_discounts_show_in_the_sums() -> None:
    made = till(
        rung_up("4401", "2026-03-12T10:00", line(price="47.00", discount="5.00", tax="2.82"), card=CARD),
        rung_up("4402", "2026-03-12T10:00", kind="cancelled"),
    )
    (sale,) = (await day_of(flowhub(Loopback(made), made))).sales
    assert (sale.lines[0].price_cents, sale.lines[0].unit, sale.buyer) == (4700, LineUnit.GRAMS, Buyer.MEDICAL)


async def test_a_return_of_flowhub_names_its_sale_by_the_number_that_the_sale_has_here() -> None:
    made = till(rung_up("4401", "2026-03-12T10:00"), rung_up("4402", "2026-03-12T11:00", return_of="4401"))
    found = await sales_of(flowhub(Loopback(made), made))
    assert (found["4402"].kind, found["4402"].refers_to) == (Kind.RETURN, "4401")


async def test_voids_and_returns_of_flowhub_are_told_as_such() -> None:
    made = till(
        rung_up("4401", "2026-03-12T10:00", voided_at="2026-03-12T10:05:00-04:00"),
        rung_up("4402", "2026-03-12T11:00", return_of="4300"),
    )
    found = await sales_of(flowhub(Loopback(made), made))
    assert (found["4401"].kind, found["4402"].kind, found["4402"].refers_to) == (Kind.VOID, Kind.RETURN, "id-4300")
    assert found["4402"].lines[0].milli == -3500


async def test_a_key_of_several_locations_needs_ours_named() -> None:
    made = till(rung_up("4401", "2026-03-12T10:00"), locations=3)
    reason = await why_not(flowhub(Loopback(made), made).sales(TODAY))
    assert "is for 3 locations; name ours in the settings file (location)" in reason
    assert list(await sales_of(flowhub(Loopback(made), made, location="LOC-417"))) == ["4401"]
    assert "is not for location Nowhere" in await why_not(flowhub(Loopback(made), made, location="Nowhere").ping())


async def test_a_store_in_another_zone_is_not_compared() -> None:
    made = till(rung_up("4401", "2026-03-12T10:00"), time_zone="America/Phoenix")
    assert "is in the zone America/Phoenix" in await why_not(flowhub(Loopback(made), made).sales(TODAY))
    with_pos(made, time_zone="America/New_York")
    assert list(await sales_of(flowhub(Loopback(made), made))) == ["4401"]


# Cova


async def test_cova_says_that_it_was_verified_with_no_shop() -> None:
    made = till()
    assert cova(Loopback(made), made).name == "Cova (modelled, unverified with any shop)"


async def test_without_a_field_for_the_tag_a_day_is_not_whole() -> None:
    made = till(rung_up("4401", "2026-03-12T10:00"))
    pull = await day_of(cova(Loopback(made), made, tag_field=""))
    assert not pull.is_complete
    assert "name it in the settings file (tag_field)" in pull.why_partial


@pytest.mark.parametrize("summaries_only", [False, True])
async def test_invoices_come_newest_first_and_are_read_back_to_the_day(summaries_only: bool) -> None:
    made = till(
        *(rung_up(str(3000 + each), "2026-03-09T10:00", line(price="1.00")) for each in range(150)),
        *(rung_up(str(4000 + each), "2026-03-12T10:00", line(price="1.00")) for each in range(110)),
        summaries_only=summaries_only,
    )
    wire = Loopback(made)
    pull = await day_of(cova(wire, made))
    assert len(pull.sales) == 110
    assert sum("InvoiceSummaries" in each.url.path for each in wire.requests) == 2


class ShortPages(Loopback):
    """Sends fewer rows to a page than are asked for, as a system may that was told to by its operator."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if "InvoiceSummaries" in request.url.path:
            request.url = request.url.copy_set_param("$top", "40")
        return await super().handle_async_request(request)


async def test_a_page_that_is_shorter_than_asked_for_is_not_taken_for_the_last() -> None:
    made = till(*(rung_up(str(4000 + each), "2026-03-12T10:00", line(price="1.00")) for each in range(110)))
    assert len((await day_of(cova(ShortPages(made), made))).sales) == 110


async def test_a_token_that_ended_is_asked_for_anew_and_a_refund_names_its_invoice() -> None:
    made = till(
        rung_up("4401", "2026-03-12T10:00"), rung_up("4402", "2026-03-12T11:00", return_of="4401"), tokens_end=True
    )
    found = await sales_of(cova(Loopback(made), made))
    assert (found["4402"].kind, found["4402"].refers_to, found["4402"].lines[0].milli) == (Kind.RETURN, "4401", -3500)


async def test_the_password_goes_to_the_accounts_only_and_never_into_an_address() -> None:
    made = till(rung_up("4401", "2026-03-12T10:00"))
    wire = Loopback(made)
    await day_of(cova(wire, made))
    with_password = [each for each in wire.requests if b"password=" in each.content]
    assert [each.url.path.rpartition("/")[2] for each in with_password] == ["token"]


async def test_stock_of_cova_is_told_by_product_without_tags() -> None:
    made = till()
    stock = await cova(Loopback(made), made).stock()
    assert isinstance(stock, tuple)
    assert {each.label for each in stock} == {""}
    assert len(stock) == len(made.packages)


# Connecting


@pytest.mark.parametrize(
    ("connect", "settings"),
    [
        (connect_dutchie, {}),
        (connect_flowhub, {"location": "loc-1", "days_before": "3"}),
        (connect_cova, {"company": "293892", "location": "293894"}),
    ],
)
async def test_each_connects_by_its_settings_to_its_own_address(connect: Any, settings: dict[str, str]) -> None:
    pos: PointOfSale = connect({**settings, "zone": "America/Detroit", "name": "Till"}, {"key_ends": "2027-01-31"})
    assert pos.name.startswith("Till")
    assert pos.key_ends == date(2027, 1, 31)  # type: ignore[attr-defined]
    await pos.close()


@pytest.mark.parametrize(
    ("connect", "settings"),
    [
        (connect_dutchie, {"base_url": "http://pos.example"}),
        (connect_flowhub, {"days_before": "0"}),
        (connect_flowhub, {"days_before": "many"}),
        (connect_cova, {"company": "x", "location": "1"}),
    ],
)
def test_settings_that_cannot_be_used_are_refused(connect: Any, settings: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"."):
        connect({"zone": "America/Detroit", **settings}, {})
