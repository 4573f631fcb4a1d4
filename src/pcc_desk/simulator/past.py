"""What happened in the simulated world before the desk was opened: six weeks of receipts, other counters' sales."""

import random
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from pcc_desk.domain.quantity import plain
from pcc_desk.simulator.world import World

OTHERS_TODAY = 12
OTHERS_YESTERDAY = 25
DAYS_OF_OTHERS = 3


def live_through(world: World, seed: int) -> None:
    """Let the past happen: the shop's history, then other counters' sales with a few honest mistakes among them."""
    _history(world)
    _others(world, random.Random(seed))  # noqa: S311 - invented sales need no secrecy
    world.save()


def _history(world: World) -> None:
    shop = world.training.shop
    for sale in world.training.sales:
        given = sale.dispensation
        wanted = {
            "SalesDateTime": shop.local(given.at).replace(tzinfo=None).isoformat(timespec="milliseconds"),
            "ExternalReceiptNumber": None if sale.is_elsewhere else given.external_number,
            "SalesCustomerType": "Caregiver" if given.caregiver_card else "Patient",
            "PatientLicenseNumber": given.card_number,
            "CaregiverLicenseNumber": given.caregiver_card or None,
            "Transactions": [
                {
                    "PackageLabel": line.label,
                    "Quantity": line.quantity.amount,
                    "UnitOfMeasure": line.quantity.unit.value,
                    "TotalAmount": Decimal(line.price_cents) / 100,
                }
                for line in given.lines
            ],
        }
        number = world.add_receipt(wanted, at=given.at, takes_stock=False)
        world.receipts[-1] |= {"Id": int(sale.receipt), "IsFinal": True}
        if not sale.is_elsewhere:
            world.till.append(till_sale(f"T{number}", given.at, wanted))
        else:
            world.receipts[-1]["IsElsewhere"] = True


def till_sale(number: str, at: datetime, wanted: dict[str, Any]) -> dict[str, Any]:
    """Return a sale as the till keeps it."""
    lines = [
        {
            "label": line["PackageLabel"],
            "quantity": plain(Decimal(line["Quantity"])),
            "price": f"{Decimal(line['TotalAmount']):.2f}",
        }
        for line in wanted["Transactions"]
    ]
    return {
        "number": number,
        "at": at.isoformat(),
        "reference": wanted.get("ExternalReceiptNumber") or "",
        "customer_type": wanted.get("SalesCustomerType", "Patient"),
        "lines": lines,
    }


def _others(world: World, chance: random.Random) -> None:
    now = world.clock()
    shop = world.training.shop
    for days_ago in range(DAYS_OF_OTHERS, -1, -1):
        day = world.today - timedelta(days=days_ago)
        if days_ago == 0:
            ago = [timedelta(minutes=11 + 13 * each) for each in reversed(range(OTHERS_TODAY))]
            closer = min((now - shop.starts(day)) / (ago[0] + timedelta(minutes=1)), 1)
            times = [now - each * closer for each in ago]  # soon after midnight they stand closer, all of the same day
        else:
            opening = shop.starts(day) + timedelta(hours=9)
            times = [opening + timedelta(minutes=23 * each) for each in range(OTHERS_YESTERDAY)]
        for place, at in enumerate(times):
            _other(world, chance, at, place, days_ago)


def _other(world: World, chance: random.Random, at: datetime, place: int, days_ago: int) -> None:
    """Sell something to somebody at another counter. Three went wrong today; one receipt of yesterday is nobody's."""
    shop = world.training.shop
    sold = chance.choice(
        [
            each.package
            for each in world.training.packages
            if each.lab_state == "TestPassed" and not each.package.why_not_sold(world.today)
        ]
    )
    quantity = Decimal("3.5") if sold.remaining.unit.value == "Grams" else Decimal(chance.randint(1, 2))
    if quantity > world.remaining[sold.label]:
        quantity = Decimal(1)
    total = Decimal(sold.unit_price_cents or 0) * quantity / 100
    wanted: dict[str, Any] = {
        "SalesDateTime": shop.local(at).replace(tzinfo=None).isoformat(timespec="milliseconds"),
        "ExternalReceiptNumber": None,
        "SalesCustomerType": "Consumer",
        "Transactions": [
            {
                "PackageLabel": sold.label,
                "Quantity": quantity,
                "UnitOfMeasure": sold.remaining.unit.value,
                "TotalAmount": total.quantize(Decimal("0.01")),
            }
        ],
    }
    mistake = {0: {2: "missing", 5: "quantity", 8: "price"}, 1: {20: "nobody's"}}.get(days_ago, {}).get(place, "")
    if mistake != "nobody's":
        world.till.append(till_sale(f"{4400 + 100 * days_ago + place}", at, wanted))
    line = wanted["Transactions"][0]
    if mistake == "quantity":
        line["Quantity"] = quantity * 2
    elif mistake == "price":
        line["TotalAmount"] = total.quantize(Decimal("0.01")) + 2
    if mistake != "missing":
        world.add_receipt(wanted, at=min(at + timedelta(seconds=40), world.clock()))
