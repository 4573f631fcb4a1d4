"""`pcc-desk adapters`: to which state systems and points of sale the desk can be connected, and what each offers."""

import asyncio
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

import click

from pcc_desk.adapters.clean import cleaned
from pcc_desk.adapters.loading import POINTS_OF_SALE, STATE_SYSTEMS, NoSuchAdapter, loaded
from pcc_desk.desk.ports_outside import PointOfSale, StateSystem
from pcc_desk.domain.capabilities import Offer
from pcc_desk.home import usual_home
from pcc_desk.settings import Settings, SettingsMissing, SettingsWrong, load_settings

FINE = 0
FOUND = 1
SCHEMA = "adapters/1"
GROUPS = {STATE_SYSTEMS: "state system", POINTS_OF_SALE: "point of sale"}

ANYWHERE = {
    "base_url": "https://adapter.invalid",
    "licence": "none",
    "zone": "UTC",
    "folder": ".",
    "company": "0",
    "location": "0",
}
"""Settings that lead nowhere, for asking an adapter what it offers without a connection."""

LONGEST_S = 5.0
"""How long an adapter that is somebody else's may take to say what it offers."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An installed adapter."""

    kind: str
    name: str
    package: str
    version: str
    is_used: bool
    why_not: str = ""
    """Why it does not load; empty when it does."""
    offers: tuple[Offer, ...] = field(default=())
    """What it says of itself without a connection."""


@click.command(short_help="List what the desk can be connected to.")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object, for programs.")
@click.pass_context
def adapters(context: click.Context, as_json: bool) -> None:
    """List the installed adapters for state systems and points of sale.

    Each with its package, what it offers as far as it can tell without a connection, and whether the shop uses it. One
    that does not load is listed with why. `docs/adapters.md` says how to write one.
    """
    home: Path | None = context.find_root().obj
    settings, problem = _settings(home or usual_home(os.environ))
    listed = [
        _listed(group, each, settings) for group in GROUPS for each in sorted(entry_points(group=group), key=_place)
    ]
    if as_json:
        click.echo(json.dumps(_document(listed, problem), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_lines(listed, problem)))
    context.exit(FOUND if problem or any(each.why_not for each in listed) else FINE)


def installed_lines(group: str, home: Path) -> list[str]:
    """Return what is installed of a group, and what each offers, for people."""
    settings, problem = _settings(home)
    return _lines([_listed(group, each, settings) for each in sorted(entry_points(group=group), key=_place)], problem)


def _place(each: EntryPoint) -> tuple[str, str]:
    return each.name, each.value


def _settings(home: Path) -> tuple[Settings | None, str]:
    """Return the shop's settings, and what is wrong with them."""
    try:
        return load_settings(home), ""
    except SettingsMissing:
        return None, ""
    except SettingsWrong as error:
        return None, str(error)


def _listed(group: str, entry: EntryPoint, settings: Settings | None) -> Listed:
    chosen = (settings.state_system if group == STATE_SYSTEMS else settings.pos) if settings else None
    is_used = chosen is not None and chosen.adapter == entry.name
    package = entry.dist
    listed = Listed(
        kind=GROUPS[group],
        name=cleaned(entry.name, 40),
        package=cleaned(package.name, 60) if package else "",
        version=cleaned(package.version, 30) if package else "",
        is_used=is_used,
    )
    try:
        connect = loaded(entry)
    except NoSuchAdapter as error:
        return replace(listed, why_not=str(error))
    connection = {**ANYWHERE, **(chosen.connection() if is_used and chosen else {})}
    return replace(listed, offers=_offers(group, connect, connection))


def _offers(group: str, connect: Any, settings: Mapping[str, str]) -> tuple[Offer, ...]:
    """Return what a system says it offers; nothing when it cannot say so by itself."""
    try:
        return asyncio.run(_asked(connect(settings, {})))
    except Exception:  # whatever another's adapter needs before it can tell
        return ()


async def _asked(system: StateSystem | PointOfSale) -> tuple[Offer, ...]:
    async with asyncio.timeout(LONGEST_S):
        try:
            return await system.capabilities()
        finally:
            await system.close()


def _document(listed: list[Listed], problem: str) -> dict[str, object]:
    return {
        "schema": SCHEMA,
        "adapters": [
            {
                "kind": each.kind,
                "name": each.name,
                "package": each.package,
                "version": each.version,
                "is_used": each.is_used,
                "loads": not each.why_not,
                "why_not": each.why_not,
                "offers": [
                    {"call": offer.call.value, "is_offered": offer.is_offered, "why": offer.why}
                    for offer in each.offers
                ],
            }
            for each in listed
        ],
        "problem": problem,
    }


def _lines(listed: list[Listed], problem: str) -> list[str]:
    lines: list[str] = []
    for each in listed:
        used = "   the shop's own" if each.is_used else ""
        lines.append(f"{each.name:<12}{each.kind:<16}{each.package} {each.version}{used}".rstrip())
        if each.why_not:
            lines.append(f"  {each.why_not}")
        lines += _told(each)
    return [*lines, *(["", problem] if problem else [])]


def _told(each: Listed) -> list[str]:
    """Return what it offers: the calls that need no word together, then those that do."""
    if each.why_not:
        return []
    if not each.offers:
        return ["  says what it offers when it is connected"]
    words = {True: "offers", False: "does not offer", None: "not tried yet"}
    by_why: dict[tuple[str, str], list[str]] = {}
    for offer in each.offers:
        by_why.setdefault((words[offer.is_offered], cleaned(offer.why, 200)), []).append(offer.call.value)
    return [f"  {how} {', '.join(calls)}: {why}" for (how, why), calls in by_why.items()]
