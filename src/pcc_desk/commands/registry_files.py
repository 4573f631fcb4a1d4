"""What the registry said, as a file: METRC's own answer, or figures by limit, by window, or as one number in grams."""

from dataclasses import replace
from datetime import datetime
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any

from pcc_desk.adapters.state.fields import NotUnderstood, text
from pcc_desk.adapters.state.metrc_wire import rows, standing
from pcc_desk.commands.amounts import read_exact
from pcc_desk.commands.clock import Clock
from pcc_desk.commands.refusing import InputRefused
from pcc_desk.domain.registry import RegistryAnswer, RegistryStanding, RegistryWindow
from pcc_desk.domain.rules import Rules

FIELDS = ("asked_at", "card", "active", "grams", "limits", "windows")
COLUMNS = ("flower", "thc", "concentrate", "infused")
_WIDE = Context(prec=1000)


def registry_answer(
    found: Any, rules: Rules, clock: Clock, latest: datetime, parts: int
) -> tuple[RegistryAnswer, datetime]:
    """Return what a file says the registry answered, and when it was asked; `latest` where it does not say.

    Grams are in `parts` of a gram, as all quantities are. Raises `InputRefused`.
    """
    if isinstance(found, list) or (isinstance(found, dict) and {"Data", "FlowerOuncesAvailable"} & set(found)):
        try:
            numbers = [text(row, "PatientLicenseNumber") for row in rows(found)]
            return standing(next(iter(numbers), ""), found), latest
        except NotUnderstood as error:
            raise InputRefused(f"--registry: METRC's answer is not understood: {error}.") from error
    if not isinstance(found, dict) or set(found) - set(FIELDS):
        raise InputRefused(f"--registry: an object is needed. Known are {', '.join(FIELDS)}.")
    asked_at = clock.moment(str(found["asked_at"]), "--registry, asked_at")[1] if "asked_at" in found else latest
    limits, windows, active = found.get("limits", {}), found.get("windows", []), found.get("active", True)
    if not isinstance(limits, dict):
        raise InputRefused('--registry: "limits" is written {"mt-30d": "1.2"}.')
    if not isinstance(windows, list):
        raise InputRefused('--registry: "windows" is a list such as [{"days": "30", "flower": "0.12"}].')
    if not isinstance(active, bool):
        raise InputRefused('--registry: "active" is true or false.')
    known = [limit.id for limit in rules.limits]
    for name in limits:
        if name not in known:
            raise InputRefused(f"--registry: these rules have no limit “{name}”. They have: {', '.join(known)}.")
    answer = RegistryStanding(
        str(found.get("card", "")),
        active,
        tuple(_window(each) for each in windows),
        grams=_grams(found.get("grams"), rules, parts),
        by_limit=tuple((name, _figure(each, name)) for name, each in limits.items()),
    )
    return answer, asked_at


def without_rounding_of_grams(rules: Rules) -> Rules:
    """Return the rules for grams off which the registry's rounding was taken already."""
    limits = (
        replace(each, registry=replace(each.registry, decimals=None))
        if each.registry is not None and each.registry.column is None
        else each
        for each in rules.limits
    )
    return replace(rules, limits=tuple(limits))


def _grams(written: Any, rules: Rules, parts: int) -> Decimal | None:
    if written is None:
        return None
    places = [
        each.registry.decimals
        for each in rules.limits
        if each.registry is not None and each.registry.column is None and each.registry.decimals is not None
    ]
    grams = Fraction(_figure(written, "grams"))
    if places:
        grams -= Fraction(1, 2 * 10 ** min(places))
    exactly = grams * parts
    return _WIDE.divide(Decimal(exactly.numerator), Decimal(exactly.denominator))


def _figure(value: Any, where: str) -> Decimal:
    """Return a figure exactly; the registry may say one below zero."""
    place = f"--registry, {where}"
    is_below = isinstance(value, str | int | Decimal) and str(value).strip().startswith("-")
    read_exact(str(value).strip()[1:] if is_below else value, place)
    return Decimal(str(value).strip())


def _window(found: Any) -> RegistryWindow:
    if not isinstance(found, dict) or "days" not in found or set(found) - {"days", *COLUMNS}:
        columns = ", ".join(COLUMNS)
        raise InputRefused(f'--registry: a window is written {{"days": "30", "flower": "0.12"}}. Columns: {columns}.')
    figures = tuple((name, _figure(found[name], name)) for name in COLUMNS if name in found)
    return RegistryWindow(_figure(found["days"], "days"), figures)
