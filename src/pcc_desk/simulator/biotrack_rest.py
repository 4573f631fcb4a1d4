"""What BioTrack's REST interfaces have in common (state-systems reference, 3.3 and 3.4)."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from pcc_desk.simulator.biotrack_books import Books, Line, Wrong, amount
from pcc_desk.simulator.exact import ExactResponse, read_exactly

Handler = Callable[[Request, Books], Awaitable[Response]]


def after(
    books: Books, lets_in: Callable[[Request, Books], bool], handler: Handler
) -> Callable[[Request], Awaitable[Response]]:
    """Return what answers once it is clear who asks."""

    async def answer(request: Request) -> Response:
        if not lets_in(request, books):
            return error(401, "Unauthorized")
        try:
            return await handler(request, books)
        except Wrong as wrong:
            return error(400, str(wrong))

    return answer


def error(status: int, words: str) -> Response:
    """Return an error as it is sent."""
    return ExactResponse({"Error": words}, status)


def anybody(request: Request, books: Books) -> bool:
    """Let everybody in."""
    return True


async def body(request: Request) -> dict[str, Any]:
    """Return the object that was sent. Raises `Wrong`."""
    try:
        sent = read_exactly(await request.body())
    except (ValueError, RecursionError) as wrong:
        raise Wrong("Error reading JSON body: invalid character") from wrong
    if not isinstance(sent, dict):
        raise Wrong("Error reading JSON body: json: cannot unmarshal array into Go value")
    return sent


def text(sent: dict[str, Any], name: str) -> str:
    """Return a text; empty when it is absent. Raises `Wrong`."""
    value = sent.get(name)
    if value is not None and not isinstance(value, str):
        raise Wrong(
            f"Error reading JSON body: json: cannot unmarshal number into Go struct field .{name} of type string"
        )
    return value or ""


def items(items: Any) -> list[Line]:
    """Return the lines of a sale; numbers must be numbers. Raises `Wrong`."""
    if not isinstance(items, list) or not items or not all(isinstance(each, dict) for each in items):
        raise Wrong("Items are required")
    for name in ("Price", "Quantity"):
        if any(isinstance(each.get(name), str) for each in items):
            raise Wrong(f"Error reading JSON body: json: cannot unmarshal string into Go struct field .Items.{name}")
    return [(str(each.get("Barcode")), amount(each.get("Quantity")), amount(each.get("Price"))) for each in items]
