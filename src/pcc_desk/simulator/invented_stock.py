"""The packages of the practice shop, of every kind, some of which may not be sold."""

import random
from typing import Any

FLOWER = (
    "Blue Dream",
    "Harbor Haze",
    "Northern Lake",
    "Copper Kush",
    "Sleeping Bear OG",
    "Cherry Pier",
    "Dune Diesel",
    "Superior Skunk",
    "Petoskey Pie",
    "Mackinac Mint",
    "Cadillac Cookies",
    "Isle Royale",
)


def packages(chance: random.Random) -> list[dict[str, Any]]:
    """Return about forty packages of every kind, some of which may not be sold."""
    made: list[dict[str, Any]] = []

    def add(product: str, category: str, metrc: str, amount: tuple[str, str], price: str, **more: Any) -> None:
        quantity, unit = amount
        label = f"1A4050100000{chance.randint(0, 999_999):06d}{len(made) + 401:06d}"
        made.append(
            {
                "label": label,
                "product": product,
                "category": category,
                "metrc_category": metrc,
                "unit": unit,
                "quantity": quantity,
                "price": price,
                **more,
            }
        )

    for name in FLOWER:
        percent = f"{chance.randint(140, 290) / 10:.1f}"
        add(
            name,
            "flower",
            "Buds",
            (f"{chance.randint(300, 2600)}.{chance.randint(0, 9)}", "Grams"),
            f"{chance.randint(7, 15)}.00",
            thc_percent=percent,
            expires_in=chance.randint(60, 300),
        )
    add("Harbor Shake", "shake", "Shake/Trim", ("640", "Grams"), "4.00", thc_percent="12.5", expires_in=120)
    for name in ("Blue Dream pre-roll 1 g", "Cherry Pier pre-roll 1 g", "Dune Diesel pre-roll 0.5 g"):
        weight = "0.5" if "0.5" in name else "1"
        add(
            name,
            "preroll",
            "Raw Pre-Rolls",
            (str(chance.randint(30, 160)), "Each"),
            "8.00",
            weight_g=weight,
            expires_in=150,
        )
    for name, weight in (
        ("Lake Breeze vape 0.5 g", "0.5"),
        ("Copper Kush vape 1 g", "1"),
        ("CBD Calm vape 0.5 g", "0.5"),
    ):
        add(
            name,
            "vape",
            "Vape Cartridge",
            (str(chance.randint(20, 70)), "Each"),
            "32.00",
            weight_g=weight,
            thc_mg="410",
        )
    for name, weight, thc in (
        ("Cherry gummies 10 x 10 mg", "45", "100"),
        ("Lemon gummies 20 x 5 mg", "60", "100"),
        ("Dark chocolate 100 mg", "50", "100"),
        ("Oat cookie 50 mg", "40", "50"),
        ("CBD gummies 1:10", "45", "10"),
    ):
        add(
            name,
            "edible",
            "Infused Edible",
            (str(chance.randint(25, 120)), "Each"),
            "18.00",
            weight_g=weight,
            thc_mg=thc,
        )
    for name, volume, thc in (
        ("Night tincture 30 mL", "30", "300"),
        ("Day tincture 1:1 30 mL", "30", "150"),
        ("Linalool tincture 15 mL", "15", "75"),
    ):
        add(name, "tincture", "Tincture", (str(chance.randint(15, 60)), "Each"), "44.00", volume_ml=volume, thc_mg=thc)
    for name, thc in (("Capsules 30 x 2.5 mg", "75"), ("Capsules 30 x 5 mg", "150")):
        add(name, "capsule", "Capsule", (str(chance.randint(20, 60)), "Each"), "39.00", weight_g="12", thc_mg=thc)
    add("Lakeside balm 50 g", "topical", "Infused Topicals", ("34", "Each"), "28.00", weight_g="50", thc_mg="200")
    add("Wintergreen roll-on 30 g", "topical", "Infused Topicals", ("22", "Each"), "22.00", weight_g="30", thc_mg="100")
    add("Seltzer 355 mL 5 mg", "liquid", "Infused Beverage", ("96", "Each"), "6.00", volume_ml="355", thc_mg="5")
    add("Live resin 1 g", "concentrate", "Concentrate", ("85", "Grams"), "40.00", thc_percent="74.0")
    add("Bubble hash", "concentrate", "Concentrate", ("40", "Grams"), "30.00", thc_percent="51.0")
    add("Held Haze", "flower", "Buds", ("410", "Grams"), "11.00", thc_percent="18.1", on_hold=True)
    add(
        "Recalled gummies 100 mg",
        "edible",
        "Infused Edible",
        ("60", "Each"),
        "15.00",
        weight_g="45",
        thc_mg="100",
        recalled=True,
    )
    add(
        "Fresh Harvest, untested",
        "flower",
        "Buds",
        ("900", "Grams"),
        "9.00",
        thc_percent="20.0",
        lab_state="SubmittedForTesting",
    )
    add("Last of the Kush", "flower", "Buds", ("2.5", "Grams"), "10.00", thc_percent="22.4")
    add(
        "Expired cookie 50 mg",
        "edible",
        "Infused Edible",
        ("8", "Each"),
        "9.00",
        weight_g="40",
        thc_mg="50",
        expires_in=-4,
    )
    add("Mystery distillate kit", "unknown", "Kit", ("5", "Each"), "60.00")
    return made
