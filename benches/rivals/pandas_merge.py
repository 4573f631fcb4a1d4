"""Merge two exports on day, card, package and quantity: two files in, how many lines are left on each side out."""

import sys
from typing import Any

import pandas as pd

KEYS = ["day", "card", "package", "quantity", "place"]


def read(path: str, titles: dict[str, str]) -> Any:
    frame = pd.read_csv(path, dtype=str).rename(columns=titles)
    frame["day"] = frame["time"].str[:10]
    frame["place"] = frame.groupby(KEYS[:4]).cumcount()
    return frame


SALES = {
    "Order Time": "time",
    "Patient Number": "card",
    "Package ID": "package",
    "Quantity": "quantity",
    "Net Sales": "price",
}
RECEIPTS = {
    "SalesDateTime": "time", "PatientLicenseNumber": "card", "PackageLabel": "package", "QuantitySold": "quantity",
    "TotalPrice": "price",
}  # fmt: skip

if __name__ == "__main__":
    merged = read(sys.argv[1], SALES).merge(read(sys.argv[2], RECEIPTS), on=KEYS, how="outer", indicator=True)
    print(int((merged["_merge"] == "left_only").sum()), int((merged["_merge"] == "right_only").sum()))
