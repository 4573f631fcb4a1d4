"""By what a day was compared, as a packet holds it, read back into the domain's own form."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pcc_desk.domain.reconciling.terms import Context, Hours, KnownPackage, OutageSpan, Terms


@dataclass(frozen=True, slots=True)
class Told:
    """What a packet says of its comparison beside the records."""

    terms: Terms
    context: Context
    is_exact: bool
    """Whether every finding comes out again, but for the classes that no packet bears out."""


def told(document: dict[str, Any], day_begins: time, zone: ZoneInfo) -> Told:
    """Return what `terms.json` says. Raises `ValueError`, `KeyError` or `TypeError`."""
    usual = Terms(day_begins=day_begins)
    terms = replace(
        usual,
        price_cents=int(document["price_cents"]),
        quantity_milli=int(document["quantity_milli"]),
        near=timedelta(seconds=document["near_seconds"]),
        far=timedelta(seconds=document["far_seconds"]),
        visible_after=timedelta(seconds=document["visible_after_seconds"]),
        posting_window=_span(document["posting_window_seconds"]),
        least_cents=int(document["least_cents"]),
        hours=tuple(None if each is None else Hours(*map(time.fromisoformat, each)) for each in document["hours"]),
    )
    packages = document["packages"]
    context = Context(
        now=_instant(document["now"], zone),
        packages=None if packages is None else {each["label"]: _package(each, zone) for each in packages},
        knows_all_packages=False,
        over_limit={str(number): str(why) for number, why in document["over_limit"].items()},
        outages=tuple(_outage(each, zone) for each in document["outages"]),
    )
    return Told(terms, context, document["is_exact"] is True)


def _package(told_of: dict[str, Any], zone: ZoneInfo) -> KnownPackage:
    on = told_of["finished_on"]
    return KnownPackage(
        str(told_of["label"]),
        finished_at=_instant(told_of["finished_at"], zone),
        finished_on=date.fromisoformat(on) if on else None,
    )


def _outage(told_of: dict[str, Any], zone: ZoneInfo) -> OutageSpan:
    began = datetime.fromisoformat(told_of["began"]).astimezone(zone)
    return OutageSpan(str(told_of["name"]), began, _instant(told_of["ended"], zone))


def _instant(text: str | None, zone: ZoneInfo) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).astimezone(zone)


def _span(seconds: int | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)
