"""How METRC puts its answers: envelopes, messages, the case of names, unset dates (2.3, 2.4)."""

from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from pcc_desk.simulator.exact import ExactResponse, read_exactly
from pcc_desk.simulator.switches import Switches

LARGEST_PAGE = 20
LARGEST_BODY = 10
LONGEST_WINDOW = timedelta(hours=24)
SENTINEL = "0001-01-01T00:00:00+00:00"


class Unreadable(ValueError):
    """A parameter cannot be read; the text says which."""


def message(status: int, words: str) -> Response:
    """Return a refusal in JSON."""
    return ExactResponse({"Message": words}, status)


def is_v1(request: Request) -> bool:
    """Whether version 1 was asked: bare arrays, no pages, empty answers to what is written (2.12)."""
    return "v1" in request.url.path.split("/")


def listed(request: Request, rows: list[dict[str, Any]]) -> Response:
    """Return a list: bare in version 1; a page in the envelope of eight names in version 2."""
    if is_v1(request):
        return ExactResponse(rows)
    size = _count(request, "pageSize", 0)
    page = _count(request, "pageNumber", 1)
    if size > LARGEST_PAGE:
        return message(400, f"pageSize must not exceed {LARGEST_PAGE}.")
    shown = rows[(page - 1) * size : page * size] if size else rows
    return ExactResponse(
        {
            "Data": shown,
            "Total": len(rows),
            "TotalRecords": len(rows),
            "PageSize": size or len(rows),
            "RecordsOnPage": len(shown),
            "Page": page,
            "CurrentPage": page,
            "TotalPages": -(-len(rows) // size) if size else 1,
        }
    )


def _count(request: Request, name: str, otherwise: int) -> int:
    text = request.query_params.get(name)
    if text is None:
        return otherwise
    if not text.isdecimal() or not 0 < len(text) <= 9 or int(text) < 1:
        raise Unreadable(f"{name} must be a number above zero.")
    return int(text)


def instant(request: Request, name: str) -> datetime | None:
    """Return a time that was asked for. Raises `Unreadable`."""
    text = request.query_params.get(name)
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Unreadable(f"{name} must be a time in ISO 8601, a + in it written as %2B.") from error


async def objects(request: Request) -> list[Any] | Response:
    """Return the array that was sent, or why it is not accepted. How long it may be in version 1 is unknown."""
    try:
        sent = read_exactly(await request.body())
    except (ValueError, RecursionError):
        return message(400, "The body is not JSON.")
    if not isinstance(sent, list):
        return message(400, "An array is expected.")
    if len(sent) > LARGEST_BODY and not is_v1(request):
        return message(413, f"At most {LARGEST_BODY} objects are accepted.")
    return sent


def written(request: Request, ids: list[int]) -> Response:
    """Return the answer to a POST: the numbers in the order of what was sent; in version 1, nothing at all."""
    return Response(status_code=200) if is_v1(request) else ExactResponse({"Ids": ids, "Warnings": None})


def in_the_states_way(answer: Response, switches: Switches) -> Response:
    """Return an answer with the case of names and the unset dates that the switches ask for."""
    if not isinstance(answer, ExactResponse) or not (switches.camel_case or switches.sentinel_dates):
        return answer
    return ExactResponse(_changed(answer.content, switches), answer.status_code)


def _changed(value: Any, switches: Switches) -> Any:
    if isinstance(value, list):
        return [_changed(each, switches) for each in value]
    if not isinstance(value, dict):
        return value
    changed = {}
    for name, each in value.items():
        is_unset = each is None and switches.sentinel_dates and name.endswith(("Date", "DateTime"))
        key = name[:1].lower() + name[1:] if switches.camel_case else name
        changed[key] = SENTINEL if is_unset else _changed(each, switches)
    return changed
