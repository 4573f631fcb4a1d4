"""Stands before the simulated state system, and lets each call fare as the world's mode and its faults say."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC
from decimal import Decimal
from email.utils import format_datetime
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pcc_desk.simulator.exact import ExactResponse, exact_json, read_exactly
from pcc_desk.simulator.faults import Does, Fault
from pcc_desk.simulator.systems import System
from pcc_desk.simulator.world import Mode, World

CONTROL = "/practice"
POINTS_OF_SALE = "/pos/"
"""What stands below this is not the state system's, and goes on while that is down; faults by path befall it too."""
PAGE = "<html><head><title>{status}</title></head><body><h1>Service unavailable</h1></body></html>"
MAINTENANCE = (
    "<html><head><title>503 Service Unavailable</title></head><body><h1>Down for maintenance</h1></body></html>"
)
LEAKED = b"Content-Type: text/plain\n\n"
CHUNK = 4096


class Befalling:
    """An ASGI application around another."""

    def __init__(self, app: ASGIApp, world: World, system: System) -> None:
        self.app = app
        self.world = world
        self.system = system

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, refuse, keep silent, or spoil the answer."""
        if scope["type"] != "http" or scope["path"].startswith(CONTROL):
            await self.app(scope, receive, send)
            return
        path = scope["path"].rstrip("/") or "/"
        scope = {**scope, "path": path, "raw_path": path.encode()}
        body = await Request(scope, receive).body()
        call = _Call(self, scope, body, receive, self._dated(send))
        match Mode.UP if path.startswith(POINTS_OF_SALE) else self.world.mode:
            case Mode.UP:
                await call.fare(self.world.faults.met(scope["method"], path, _action(body)))
            case Mode.DOWN:
                await call.say(Response(MAINTENANCE, 503, media_type="text/html"))
            case Mode.SILENT:
                await call.keep_silent()
            case Mode.LOST_ANSWER:
                await call.done()
                await call.keep_silent()

    def _dated(self, send: Send) -> Send:
        """Let answers carry the date of the server's own clock."""

        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["date"] = format_datetime(self.world.clock().astimezone(UTC), usegmt=True)
            await send(message)

        return dated


class _Call:
    """A call, and what befalls it."""

    def __init__(self, around: Befalling, scope: Scope, body: bytes, receive: Receive, send: Send) -> None:
        self.around = around
        self.world = around.world
        self.scope = scope
        self.body = body
        self.receive = receive
        self.send = send

    async def fare(self, faults: list[Fault]) -> None:
        """Turn switches and let others sell; then let the first fault that concerns the answer have its way."""
        after = []
        late = max((each.shows_after_s for each in faults if each.does is Does.LATE), default=0)
        last: Fault | None = None
        for fault in faults:
            if fault.does is Does.SWITCH:
                self._turn(fault)
            elif fault.does is Does.ELSEWHERE and fault.when == "after":
                after.append(fault)
            elif fault.does is Does.ELSEWHERE:
                self._elsewhere(fault)
            elif fault.does is not Does.LATE:
                last = last or fault
        if last is None and not after and not late:
            await self.around.app(self.scope, self._replayed(), self.send)
            return
        await self._befall(last, after, late)

    async def _befall(self, fault: Fault | None, after: list[Fault], late: int) -> None:
        answer: Answer | None = None
        if fault is None or fault.does not in UNDONE or fault.processed:
            noted = len(self.world.notes)
            answer = await self.done()
            if late:
                self.world.keep_back([each["receipt"] for each in self.world.notes[noted:]], late)
            for each in after:
                self._elsewhere(each)
        if fault is None:
            await self.give(answer or Answer())
            return
        match fault.does:
            case Does.HANG | Does.HANG_AFTER:
                await self.keep_silent()
            case Does.RESET_BEFORE | Does.RESET_AFTER:
                await self._reset()
            case Does.REFUSE:
                self.world.line_to_clients.refuse(float(fault.seconds))
                await self._reset()
            case Does.ANSWER:
                await self.say(_other_answer(fault))
            case _:
                await self._spoil(fault, answer or Answer())

    async def _spoil(self, fault: Fault, answer: "Answer") -> None:
        match fault.does:
            case Does.SLOW:
                await self.give(answer, pause_s=float(fault.seconds))
            case Does.CUT_OFF:
                await self.give(answer, up_to=len(answer.body) // 2)
                await self._reset()
            case _:
                answer.body = SPOILT[fault.does](answer.body)
                answer.measure()
                await self.give(answer)

    # What a call comes to

    async def done(self) -> "Answer":
        """Let the state system do it, and keep the answer back."""
        answer = Answer()
        await self.around.app(self.scope, self._replayed(), answer.take)
        return answer

    async def say(self, response: Response) -> None:
        """Give an answer that is not the state system's."""
        await response(self.scope, self.receive, self.send)

    async def give(self, answer: "Answer", *, pause_s: float = 0.0, up_to: int | None = None) -> None:
        """Send an answer; byte by byte when there is a pause, and only so much of it when told so."""
        await self.send(answer.start)
        step = 1 if pause_s else CHUNK
        body = answer.body[:up_to]
        for place in range(0, len(body), step):
            await self.send({"type": "http.response.body", "body": body[place : place + step], "more_body": True})
            await asyncio.sleep(pause_s)
        if up_to is None:
            await self.send({"type": "http.response.body", "body": b"", "more_body": False})

    async def keep_silent(self) -> None:
        """Wait until whoever asked goes away."""
        while (await self.receive())["type"] != "http.disconnect":
            await asyncio.sleep(0)

    async def _reset(self) -> None:
        """Reset the connection. Without one, in a test that has no network, raise what that comes to."""
        await asyncio.sleep(0)
        if not self.world.line_to_clients.reset(self.scope.get("client")):
            raise ConnectionResetError
        while (await self.receive())["type"] != "http.disconnect":
            continue

    def _turn(self, fault: Fault) -> None:
        before = asdict(self.world.switches)
        self.world.turn(fault.switches)
        if fault.seconds:
            back = {name: before[name] for name in fault.switches}
            asyncio.get_running_loop().call_later(float(fault.seconds), self.world.turn, back)

    def _elsewhere(self, fault: Fault) -> None:
        self.around.system.sell_elsewhere(self.world, fault.card, fault.label, fault.quantity)

    def _replayed(self) -> Receive:
        """Return what was sent, once more, for the state system to read."""
        left = [{"type": "http.request", "body": self.body, "more_body": False}]

        async def again() -> Message:
            return left.pop() if left else await self.receive()

        return again


class Answer:
    """An answer that was kept back."""

    def __init__(self) -> None:
        self.start: Message = {"type": "http.response.start", "status": 200, "headers": []}
        self.body = b""

    async def take(self, message: Message) -> None:
        """Keep a part of it."""
        if message["type"] == "http.response.start":
            self.start = message
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")

    def measure(self) -> None:
        """Let the headers tell the length as it is now."""
        MutableHeaders(scope=self.start)["content-length"] = str(len(self.body))


UNDONE = {Does.HANG, Does.RESET_BEFORE, Does.REFUSE, Does.ANSWER}
"""Faults with which nothing is done; another answer may say otherwise."""


def _keyed(body: bytes) -> bytes:
    """Return JSON with arrays named `data` as objects."""
    try:
        said = read_exactly(body)
    except ValueError:
        return body
    if isinstance(said, dict) and isinstance(said.get("data"), list):
        said["data"] = {str(place): each for place, each in enumerate(said["data"])}
    return exact_json(said).encode()


SPOILT: dict[Does, Callable[[bytes], bytes]] = {
    Does.TRUNCATE: lambda body: body[: len(body) // 2],
    Does.EMPTY: lambda body: b"",
    Does.LEAK_HEADER: lambda body: LEAKED + body,
    Does.KEYED: _keyed,
}


def _other_answer(fault: Fault) -> Response:
    headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
    if fault.location:
        headers["Location"] = fault.location
    match fault.body:
        case "json":
            return ExactResponse({"Message": "An error has occurred."}, fault.status, headers)
        case "html":
            return Response(PAGE.format(status=fault.status), fault.status, headers, "text/html")
        case _:
            return Response(None, fault.status, headers)


def _action(body: bytes) -> str:
    """Return the `action` of a call in BioTrack's way; empty when there is none."""
    if b'"action"' not in body:
        return ""
    try:
        said: Any = json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError):
        return ""
    return str(said.get("action", "")) if isinstance(said, dict) else ""
