"""A package as METRC shows it."""

from decimal import Decimal
from typing import Any

from pcc_desk.simulator.training import TrainingPackage


def package_id(label: str) -> int:
    """Return METRC's number for a package, which is not its label."""
    return int(label[-6:]) if label[-6:].isdecimal() else 0


def packages_row(each: TrainingPackage, remaining: Decimal) -> dict[str, Any]:
    """Return a package as METRC lists it."""
    package = each.package
    number = package_id(package.label)
    return {
        "Id": number,
        "Label": package.label,
        "PackageType": "Product",
        "LocationName": "Sales floor",
        "Quantity": remaining,
        "UnitOfMeasureName": package.remaining.unit.value,
        "UnitOfMeasureAbbreviation": "g" if package.remaining.unit.value == "Grams" else "ea",
        "ExpirationDate": package.expires_on.isoformat() if package.expires_on else None,
        "SellByDate": None,
        "UseByDate": None,
        "LabTestingState": each.lab_state,
        "IsTradeSample": False,
        "IsDonation": False,
        "IsTestingSample": False,
        "IsOnHold": each.is_on_hold,
        "IsOnRecall": each.is_recalled,
        "IsOnRecallCombined": each.is_recalled,
        "IsOnInvestigation": False,
        "ArchivedDate": None,
        "IsFinished": False,
        "FinishedDate": None,
        "LastModified": "0001-01-01T00:00:00+00:00",
        "Item": _item(each, number),
        "ProductLabel": None,
    }


def _item(each: TrainingPackage, number: int) -> dict[str, Any]:
    return {
        "Id": 5000 + number,
        "Name": each.package.product,
        "ProductCategoryName": each.metrc_category,
        "ProductCategoryType": 1,
        "QuantityType": 1,
        "UnitOfMeasureName": each.package.remaining.unit.value,
        "UnitWeight": Decimal(each.weight_g) if each.weight_g else None,
        "UnitWeightUnitOfMeasureName": "Grams" if each.weight_g else None,
        "UnitVolume": Decimal(each.volume_ml) if each.volume_ml else None,
        "UnitVolumeUnitOfMeasureName": "Milliliters" if each.volume_ml else None,
        "UnitThcPercent": Decimal(each.thc_percent) if each.thc_percent else None,
        "UnitThcContent": Decimal(each.thc_mg) if each.thc_mg else None,
        "UnitThcContentUnitOfMeasureName": "Milligrams" if each.thc_mg else None,
    }
