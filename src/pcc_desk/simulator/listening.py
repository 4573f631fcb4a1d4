"""Listens on loopback: one port for the state system, which can refuse connections, one for people's hands."""

import asyncio
import socket

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from pcc_desk.simulator.line import Line

BACKLOG = 128


class PortTaken(Exception):
    """A port cannot be listened on."""


def protocol(line: Line) -> type[H11Protocol]:
    """Return a protocol for uvicorn that tells a line of its connections."""

    class Told(H11Protocol):
        """Speaks HTTP, and tells who is connected."""

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            if self.client is not None:
                line.transports[self.client] = transport

        def connection_lost(self, exc: Exception | None) -> None:
            if self.client is not None:
                line.transports.pop(self.client, None)
            super().connection_lost(exc)

    return Told


class Listening:
    """A server of an application on two ports."""

    def __init__(self, app: ASGIApp, line: Line, port: int) -> None:
        self._line = line
        self._sockets = [_socket(port), _socket(0)]
        self.port, self.control_port = (int(each.getsockname()[1]) for each in self._sockets)
        self._server = uvicorn.Server(
            uvicorn.Config(
                app,
                http=protocol(line),
                lifespan="off",
                log_level="critical",
                access_log=False,
                proxy_headers=False,
                server_header=False,
                date_header=False,
                timeout_graceful_shutdown=1,
            )
        )
        self._waiting: asyncio.TimerHandle | None = None
        self._opening: asyncio.Task[None] | None = None
        line.shut = self.refuse

    async def serve(self) -> None:
        """Serve until stopped."""
        await self._server.serve(sockets=self._sockets)

    async def ready(self, serving: asyncio.Task[None]) -> None:
        """Wait until connections are taken."""
        while not self._server.started:
            if serving.done():
                serving.result()
                raise PortTaken(f"Port {self.port} cannot be used; take another with --port.")
            await asyncio.sleep(0.01)

    def stop(self) -> None:
        """End it."""
        self._server.should_exit = True

    def refuse(self, seconds: float) -> None:
        """Take no connection to the state system for so many seconds, counted from now; those that stand end."""
        if self._waiting is None:
            self._server.servers[0].close()
        else:
            self._waiting.cancel()
        for client, transport in list(self._line.transports.items()):
            if transport.get_extra_info("sockname")[1] == self.port:
                self._line.reset(client)
        self._waiting = asyncio.get_running_loop().call_later(seconds, self._open)

    def _open(self) -> None:
        self._waiting = None
        self._opening = asyncio.create_task(self._listen_again())

    async def _listen_again(self) -> None:
        others = self._server.servers[1:]
        await self._server.startup(sockets=[_socket(self.port)])
        self._server.servers += others


def _socket(port: int) -> socket.socket:
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind(("127.0.0.1", port))
    except (OSError, OverflowError) as error:
        made.close()
        raise PortTaken(f"Port {port} cannot be used; take another with --port.") from error
    made.listen(BACKLOG)
    return made
