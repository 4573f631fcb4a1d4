"""Makes `data/training` from a seed: the invented practice shop, with days counted from today.

Run `python -m pcc_desk.simulator.make_training --seed 1124`; the same seed gives the same files.
"""

import argparse
import random
from fractions import Fraction
from pathlib import Path
from typing import Any

import tomli_w

from pcc_desk.simulator.invented_people import patients
from pcc_desk.simulator.invented_stock import packages

SEED = 1124

OUNCE_MG = Fraction("28349.5")


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
