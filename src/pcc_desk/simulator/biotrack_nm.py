"""New Mexico's version 3 of BioTrack (state-systems reference, 3.3).

Its own choices, where nothing public says how the real one does: an unknown card is answered with 404, a key that has
run out with 400, and a sale with a key is charged to the card of the key.
"""

import re

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from pcc_desk.simulator.biotrack_books import Books, Wrong
from pcc_desk.simulator.biotrack_rest import after, anybody, body, error, items, text
from pcc_desk.simulator.exact import ExactResponse

RFC_3339 = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})")


def routes(books: Books) -> list[BaseRoute]:
    """Return the routes."""
    return [
        Route("/v1/login", after(books, anybody, _log_in), methods=["POST"]),
        Route("/heartbeat", after(books, anybody, _heartbeat)),
        Route("/v1/patient/lookup", after(books, _bearer, _look_up), methods=["POST"]),
        Route("/v1/dispense", after(books, _bearer, _dispense), methods=["POST"]),
    ]


def _bearer(request: Request, books: Books) -> bool:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return kind == "Bearer" and books.is_open(token)


async def _log_in(request: Request, books: Books) -> Response:
    sent = await body(request)
    if not books.lets_in(sent.get("UBI"), sent.get("Username"), sent.get("Password")):
        return error(401, "Invalid credentials")
    return ExactResponse({"Session": books.open_session()})


async def _heartbeat(request: Request, books: Books) -> Response:
    return ExactResponse({"Status": "success"})


async def _look_up(request: Request, books: Books) -> Response:
    sent = await body(request)
    switches = books.world.switches
    if switches.lookup_absent:
        raise HTTPException(404)
    if switches.lookup_disabled or not switches.may_look_up_patients:
        return error(403, "Patient look-up is not available")
    if sent.get("LocationLicense") != books.world.training.shop.licence:
        return error(400, "Invalid location license")
    card = books.card(sent.get("CardID"))
    if card is None:
        return error(404, "Card not found")
    expires = card["expires"]
    return ExactResponse(
        {
            "CardActive": card["active"],
            "Sessiontime": int(books.now.timestamp()),
            "CardExpiration": {"Year": f"{expires:%Y}", "Month": f"{expires:%m}", "Day": f"{expires:%d}"},
            "CardLimit": books.grams_left(card["number"]),
            "Privileges": "Qualified Patient (QP)",
            "CardID": card["number"],
            "CardKey": books.make_key(card["number"]),
        }
    )


async def _dispense(request: Request, books: Books) -> Response:
    sent = await body(request)
    sold = sent.get("Datetime")
    if not isinstance(sold, str) or not RFC_3339.fullmatch(sold):
        raise Wrong(f'Error reading JSON body: parsing time "{sold}" as "2006-01-02T15:04:05Z07:00": cannot parse')
    if sent.get("LocationLicense") != books.world.training.shop.licence:
        raise Wrong("Invalid location license")
    card = books.card_of(sent.get("PatientCardKey"))
    if sent.get("Type") == "MEDICAL" and card is None:
        raise Wrong("Patient card key is invalid or expired")
    if sent.get("Type") not in {"MEDICAL", "RECREATIONAL"}:
        raise Wrong("Invalid type")
    sale = books.create(
        items(sent.get("Items")),
        external=text(sent, "ExternalID"),
        request=text(sent, "RequestID"),
        terminal=text(sent, "TerminalID"),
        card=card,
        type=sent["Type"],
        sold=sold,
    )
    answer = {"TransactionID": sale["transaction"], "RequestID": sale["request"], "ExternalID": sale["external"]}
    return ExactResponse(answer)
