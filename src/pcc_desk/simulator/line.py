"""The connections to the simulator: they can be reset, and refused for a time."""

import asyncio
import socket
import struct
from collections.abc import Callable
from typing import Any

CLOSE_HARD = struct.pack("ii", 1, 0)
"""Linger of no seconds: a closed socket sends a reset, not a farewell."""


class Line:
    """What connections there are. A world that nobody serves has none."""

    def __init__(self) -> None:
        self.transports: dict[tuple[str, int], asyncio.Transport] = {}
        self.shut: Callable[[float], None] | None = None

    def reset(self, client: Any) -> bool:
        """Reset a client's connection; return whether it has one."""
        transport = self.transports.pop(tuple(client), None) if client else None
        if transport is None:
            return False
        held = transport.get_extra_info("socket")
        if held is not None:
            held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, CLOSE_HARD)
        transport.abort()
        return True

    def refuse(self, seconds: float) -> bool:
        """Refuse connections for so many seconds; return whether there is anybody to refuse them."""
        if self.shut is None:
            return False
        self.shut(seconds)
        return True
