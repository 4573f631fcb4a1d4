"""A point of sale that sells and writes reports in the shape of Dutchie's (POS reference, section 7.1)."""

import os
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pcc_desk.domain.cells import table_text
from pcc_desk.domain.products import Package
from pcc_desk.domain.quantity import money
from pcc_desk.simulator.exact import ExactResponse, read_exactly
from pcc_desk.simulator.systems import load_system
from pcc_desk.simulator.world import Mode, World

SALES_COLUMNS = (
    "Order ID", "Order Time", "Budtender Name", "Customer Name", "Customer Type", "Product Name", "Category",
    "Package ID", "Total Inventory Sold", "Gross Sales", "Discounted Amount", "Net Sales", "Return Date", "Reference",
)  # fmt: skip


CUSTOMER_TYPES = {"Patient": "Medical", "Caregiver": "Medical", "Consumer": "Adult Use"}
"""What it calls who bought, by the state's words: an order is the patient's, whoever picks it up."""


def routes(world: World, exports: Path | None) -> list[Route]:
    """Return the routes by which the practice shop's own hands work the till and the plug."""

    async def sell(request: Request) -> Response:
        sale: dict[str, Any] = read_exactly(await request.body())
        if not any(each["number"] == sale["number"] for each in world.till):
            world.till.append(sale)
            world.save()
        return ExactResponse({"sold": sale["number"]})

    async def export(request: Request) -> Response:
        if exports is None:
            return ExactResponse({"refused": "There is no folder for reports; start with --exports or --home."}, 400)
        day = date.fromisoformat(request.query_params["day"])
        path = write_sales(world, exports, day)
        write_catalogue(world, exports)
        return ExactResponse({"written": path.name})

    async def sales(request: Request) -> Response:
        return ExactResponse(sales_of(world, date.fromisoformat(request.query_params["day"])))

    async def registry(request: Request) -> Response:
        if request.method == "POST":
            try:
                world.mode = Mode(read_exactly(await request.body())["mode"])
            except (ValueError, TypeError, KeyError):
                modes = [each.value for each in Mode]
                return ExactResponse({"refused": f"The mode must be one of: {', '.join(modes)}.", "modes": modes}, 400)
        return ExactResponse({"mode": world.mode.value})

    return [
        Route("/practice/till/sales", sell, methods=["POST"]),
        Route("/practice/pos/export", export, methods=["POST"]),
        Route("/practice/pos/sales", sales),
        Route("/practice/registry", registry, methods=["GET", "POST"]),
    ]


def labelled(world: World) -> dict[str, Package]:
    """Return the packages by what the state system calls them: the shop's labels bear the state's numbers."""
    label = load_system(world.system).label
    return {label(world, tag).upper(): each.package for tag, each in world.packages.items()}


def called(world: World) -> dict[str, str]:
    """Return what the state system calls the packages by their tags in capitals, by which the past is in the till."""
    label = load_system(world.system).label
    return {tag.upper(): label(world, tag) for tag in world.packages}


def sales_of(world: World, day: date) -> list[dict[str, Any]]:
    """Return the sales of a day, by the shop's clock."""
    shop = world.training.shop
    return [each for each in world.till if shop.day(datetime.fromisoformat(each["at"])) == day]


def write_sales(world: World, exports: Path, day: date) -> Path:
    """Write the sales report of a day: four title rows, then a row for each line. Customers are not named."""
    rows: list[Sequence[str]] = [[world.training.shop.name], ["Sales report"], [f"From {day} to {day}"], []]
    rows.append(SALES_COLUMNS)
    known = {tag.upper(): each.package for tag, each in world.packages.items()} | labelled(world)
    names = called(world)
    for sale in sales_of(world, day):
        at = world.training.shop.local(datetime.fromisoformat(sale["at"]))
        kind = CUSTOMER_TYPES.get(sale.get("customer_type", ""), "")
        for line in sale["lines"]:
            package = known[line["label"].upper()]
            name = names.get(line["label"].upper(), line["label"])
            rows.append(
                [sale["number"], f"{at:%m/%d/%Y %I:%M:%S %p}", "", "", kind, package.product, package.category,
                 name, line["quantity"], f"${line['price']}", "$0.00", f"${line['price']}", "",
                 sale["reference"]]
            )  # fmt: skip
    return _write(exports / f"sales-{day}.csv", table_text(rows))


def write_catalogue(world: World, exports: Path) -> Path:
    """Write what everything costs."""
    rows = [["Package ID", "Product Name", "Category", "Unit Price"]]
    for label, package in labelled(world).items():
        price = money(package.unit_price_cents or 0)
        rows.append([label, package.product, package.category, f"${price}"])
    return _write(exports / "catalogue.csv", table_text(rows))


def _write(path: Path, text: str) -> Path:
    fresh = path.with_name(f".{path.name}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        file.write(text)
    return fresh.replace(path)
