"""The patients of the practice shop: some with a story, others by chance to fill the list."""

import random
from typing import Any

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
