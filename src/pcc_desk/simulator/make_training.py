"""Makes `data/training` from a seed: the invented practice shop, with days counted from today.

Run `python -m pcc_desk.simulator.make_training --seed 1124`; the same seed gives the same files.
"""

import argparse
import random
from fractions import Fraction
from pathlib import Path
from typing import Any

import tomli_w

SEED = 1124

OUNCE_MG = Fraction("28349.5")
FAMILY = [
    "Abebe",
    "Baptiste",
    "Brandt",
    "Castellanos",
    "Chaudhry",
    "Dvořák",
    "Eriksen",
    "Fitzgerald",
    "Gallagher",
    "Goncalves",
    "Haddad",
    "Hakimi",
    "Ibarra",
    "Jablonski",
    "Kowalczyk",
    "Lindqvist",
    "Mbeki",
    "McAllister",
    "Nakamura",
    "Ndiaye",
    "Novak",
    "Okonkwo",
    "Oyelaran",
    "Paszkiewicz",
    "Petrosyan",
    "Quispe",
    "Rasmussen",
    "Sandoval",
    "Schreiber",
    "Tanaka",
    "Thibodeaux",
    "Ueda",
    "Vandermeer",
    "Villanueva",
    "Whitcombe",
    "Xiong",
    "Yıldız",
    "Zielinski",
]
GIVEN = [
    "Adaeze",
    "Anneliese",
    "Arturo",
    "Bronwyn",
    "Catalina",
    "Dieter",
    "Elke",
    "Esteban",
    "Farida",
    "Giorgi",
    "Hana",
    "Ingrid",
    "Ismail",
    "Jarosław",
    "Kateryna",
    "Leilani",
    "Mara",
    "Mateus",
    "Nneka",
    "Olumide",
    "Petra",
    "Quentin",
    "Rosalind",
    "Samir",
    "Tomasz",
    "Ursula",
    "Viktor",
    "Wanjiru",
    "Xochitl",
    "Yusuf",
    "Zuzana",
]
DOCTORS = ("Dr. I. Mensah", "Dr. R. Castellano", "Dr. H. Lindgren", "Dr. P. Okafor-Reid")

FIXED: tuple[dict[str, Any], ...] = (
    {
        "key": "okafor-1958",
        "family": "Okafor",
        "given": "Chidi",
        "born": "1958-03-11",
        "card": "MI-P-0041-7723",
        "certification_in": 6,
        "remarks": "first visit; wants English",
    },
    {
        "key": "okafor-1983",
        "family": "Okafor",
        "given": "Chidi",
        "born": "1983-09-30",
        "card": "MI-P-0038-2210",
        "remarks": "another Chidi Okafor is a patient too: ask for the birth date",
    },
    {
        "key": "lindqvist",
        "family": "Lindqvist",
        "given": "Mara",
        "born": "1990-07-02",
        "card": "MI-P-0032-1187",
        "certification_in": 41,
        "remarks": "close to the 30-day limit",
    },
    {
        "key": "haddad",
        "family": "Haddad",
        "given": "Samir",
        "born": "1945-12-24",
        "card": "MI-P-0027-9054",
        "certification_in": 6,
        "card_in": 91,
        "remarks": "large print",
    },
    {
        "key": "brandt",
        "family": "Brandt",
        "given": "Elke",
        "born": "1968-05-05",
        "card": "MI-P-0019-4471",
        "card_in": 7,
    },
    {
        "key": "reyes-m",
        "family": "Reyes",
        "given": "Marisol",
        "years": 16,
        "card": "MI-P-0052-0318",
        "caregiver": ("MI-C-0012-0931", "Tomás Reyes"),
        "remarks": "minor; the father is her caregiver",
    },
    {
        "key": "reyes-t",
        "family": "Reyes",
        "given": "Tomás",
        "born": "1971-01-19",
        "card": "MI-P-0052-0299",
        "remarks": "also the caregiver of Marisol and of Abuela Reyes: ask for whom today",
    },
    {
        "key": "reyes-a",
        "family": "Reyes",
        "given": "Abuela Consuelo",
        "born": "1939-08-15",
        "card": "MI-P-0052-0340",
        "caregiver": ("MI-C-0012-0931", "Tomás Reyes"),
    },
    {
        "key": "novak-renewed",
        "family": "Novák",
        "given": "Zuzana",
        "born": "1977-11-02",
        "card": "MI-P-0061-5520",
        "old_card": "MI-P-0024-1836",
    },
    {
        "key": "mcallister",
        "family": "O’Malley-McAllister",
        "given": "Rosalind Genevieve Anneliese",
        "born": "1964-02-29",
        "card": "MI-P-0033-7781",
        "old_card": "MI-P-0009-0012",
    },
    {
        "key": "lapsed-card",
        "family": "Thibodeaux",
        "given": "Quentin",
        "born": "1955-06-17",
        "card": "MI-P-0016-3345",
        "card_in": -12,
    },
    {
        "key": "lapsed-certification",
        "family": "Ueda",
        "given": "Hana",
        "born": "1988-04-09",
        "card": "MI-P-0044-9017",
        "certification_in": -3,
    },
    {
        "key": "lapses-today",
        "family": "Gallagher",
        "given": "Viktor",
        "born": "1949-09-01",
        "card": "MI-P-0021-6608",
        "card_in": 0,
    },
    {
        "key": "elsewhere-1",
        "family": "Sandoval",
        "given": "Esteban",
        "born": "1981-10-10",
        "card": "MI-P-0047-2253",
        "remarks": "buys elsewhere too",
    },
    {
        "key": "over-user",
        "family": "Petrosyan",
        "given": "Farida",
        "born": "1974-03-28",
        "card": "MI-P-0036-8840",
        "remarks": "buys at several shops",
    },
    {
        "key": "concentrate",
        "family": "Xiong",
        "given": "Dieter",
        "born": "1992-12-12",
        "card": "MI-P-0058-1129",
        "remarks": "bought a concentrate this month",
    },
    {"key": "script", "family": "Αγγελοπούλου", "given": "Ελένη", "born": "1985-01-06", "card": "MI-P-0055-4002"},
    {
        "key": "minor-2",
        "family": "Whitcombe",
        "given": "Bronwyn",
        "years": 9,
        "card": "MI-P-0060-7714",
        "caregiver": ("MI-C-0018-4460", "Ursula Whitcombe"),
        "remarks": "minor; only with her mother",
    },
    {
        "key": "inactive",
        "family": "Vandermeer",
        "given": "Giorgi",
        "born": "1966-07-21",
        "card": "MI-P-0013-5098",
        "inactive": True,
        "remarks": "the registry will say that the card is not active",
    },
)

HOW_MANY = 60


def patients(chance: random.Random) -> list[dict[str, Any]]:
    """Return the patients: those with a story first, then others to fill the list."""
    made = [_told(each, chance) for each in FIXED]
    names = {(each["family"], each["given"]) for each in made}
    number = 100
    while len(made) < HOW_MANY:
        family, given = chance.choice(FAMILY), chance.choice(GIVEN)
        if (family, given) in names:
            continue
        names.add((family, given))
        number += 1
        born = f"{chance.randint(1936, 2004)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
        told = {
            "key": f"p{number}",
            "family": family,
            "given": given,
            "born": born,
            "card": f"MI-P-{number:04d}-{chance.randint(0, 9999):04d}",
        }
        made.append(_told(told, chance))
    return made


def _told(told: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    patient: dict[str, Any] = {"key": told["key"], "family": told["family"], "given": told["given"]}
    if "years" in told:
        patient["born_years_ago"] = told["years"]
    else:
        patient["born"] = told["born"]
    patient["phone"] = f"313-555-01{chance.randint(0, 99):02d}"
    patient["certification_in"] = told.get("certification_in", chance.randint(60, 600))
    patient["certified_by"] = chance.choice(DOCTORS)
    patient["remarks"] = told.get("remarks", "")
    patient["active"] = not told.get("inactive", False)
    expires = told.get("card_in", chance.randint(100, 700))
    cards = [{"number": told["card"], "holder": "patient", "holder_name": "", "expires_in": expires}]
    if "old_card" in told:
        old = {"number": told["old_card"], "holder": "patient", "holder_name": "", "expires_in": -30}
        cards.append({**old, "renewed_as": told["card"]})
    if "caregiver" in told:
        number, name = told["caregiver"]
        cards.append({"number": number, "holder": "caregiver", "holder_name": name, "expires_in": 400})
    patient["cards"] = cards
    return patient


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


def appointments() -> list[dict[str, Any]]:
    """Return today's visits: who waits already, and who is expected when."""
    waiting = (
        ("okafor-1958", 22, "new patient", ""),
        ("lindqvist", 14, "refill", ""),
        ("reyes-m", 9, "pick-up", "Tomás Reyes"),
        ("okafor-1983", 3, "problem", ""),
    )
    expected = (
        ("haddad", "11:00", "follow-up"),
        ("brandt", "11:30", "follow-up"),
        ("novak-renewed", "12:00", "refill"),
        ("elsewhere-1", "13:00", "refill"),
        ("concentrate", "13:30", "refill"),
        ("lapses-today", "14:00", "pick-up"),
        ("mcallister", "14:30", "follow-up"),
        ("script", "15:00", "new patient"),
        ("lapsed-card", "15:30", "refill"),
        ("inactive", "16:00", "refill"),
    )
    made: list[dict[str, Any]] = [
        {"patient": key, "state": "waiting", "minutes_ago": ago, "reason": reason, "through": through}
        for key, ago, reason, through in waiting
    ]
    made += [{"patient": key, "state": "expected", "at": at, "reason": reason} for key, at, reason in expected]
    return made


def history(chance: random.Random, stock: list[dict[str, Any]], people: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return six weeks of what was dispensed; days count back from today. One went over a limit, at other shops."""
    by_product = {each["product"]: each for each in stock}
    saleable = [
        each
        for each in stock
        if each["category"] not in {"concentrate", "unknown"}
        and "on_hold" not in each
        and "recalled" not in each
        and "lab_state" not in each
        and each.get("expires_in", 1) > 0
        and each["product"] != "Last of the Kush"
    ]
    sales: list[dict[str, Any]] = []

    def add(patient: str, days_ago: int, at: str, lines: list[tuple[str, str]], *, where: str = "here") -> None:
        wanted = [{"label": by_product[product]["label"], "quantity": quantity} for product, quantity in lines]
        sales.append({"patient": patient, "days_ago": days_ago, "at": at, "shop": where, "lines": wanted})

    for days_ago in (27, 20, 12, 3):
        add("lindqvist", days_ago, "15:10", [("Blue Dream", "70")])
    add("concentrate", 9, "12:40", [("Live resin 1 g", "1"), ("Harbor Haze", "3.5")])
    add("elsewhere-1", 5, "11:05", [("Copper Kush", "14")])
    add("elsewhere-1", 4, "17:20", [("Copper Kush", "56")], where="elsewhere")
    for days_ago in (23, 17, 11, 6, 2):
        add("over-user", days_ago, "10:15", [("Harbor Haze", "70")], where="elsewhere")
    without = {"okafor-1958", "script", "lindqvist", "concentrate", "elsewhere-1", "minor-2", "inactive"}
    for patient in people:
        if patient["key"] in without:
            continue
        used = Fraction(0)
        for days_ago in sorted(chance.sample(range(1, 43), chance.randint(1, 6)), reverse=True):
            lines = []
            for each in chance.sample(saleable, chance.randint(1, 3)):
                lines.append((each["product"], _some(chance, each)))
                used += _ounces(each, lines[-1][1])
            if used > 8:
                break
            at = f"{chance.randint(9, 18):02d}:{chance.randint(0, 59):02d}"
            add(patient["key"], days_ago, at, lines)
    return sorted(sales, key=lambda each: (-each["days_ago"], each["at"], each["patient"]))


def _some(chance: random.Random, package: dict[str, Any]) -> str:
    return chance.choice(("1", "3.5", "3.5", "7")) if package["unit"] == "Grams" else str(chance.randint(1, 2))


def _ounces(package: dict[str, Any], quantity: str) -> Fraction:
    """Return what a quantity weighs against Michigan's limits, roughly and never too little."""
    if package["unit"] == "Grams":
        return Fraction(quantity) * 1000 / OUNCE_MG
    if "volume_ml" in package:
        return Fraction(quantity) * Fraction(package["volume_ml"]) / Fraction(29) / 36
    weight = Fraction(quantity) * Fraction(package["weight_g"])
    return weight / 7 if package["category"] == "vape" else weight * 1000 / OUNCE_MG


def make(seed: int) -> dict[str, str]:
    """Return the files, by name."""
    chance = random.Random(seed)  # noqa: S311 - invented people need no secrecy
    people = patients(chance)
    stock = packages(chance)
    content: dict[str, dict[str, Any]] = {
        "patients.toml": {"patient": people},
        "packages.toml": {"package": stock},
        "appointments.toml": {"visit": appointments()},
        "history.toml": {"sale": history(chance, stock, people)},
    }
    head = f"# Invented. Made by python -m pcc_desk.simulator.make_training --seed {seed}; days count from today.\n\n"
    return {name: head + tomli_w.dumps(each) for name, each in content.items()}


def main() -> None:
    """Write the files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--into", type=Path, default=Path(__file__).parents[3] / "data" / "training")
    given = parser.parse_args()
    given.into.mkdir(parents=True, exist_ok=True)
    for name, text in make(given.seed).items():
        (given.into / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
