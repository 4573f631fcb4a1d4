"""The hands of the practice shop: what its people do outside the desk. Light: it loads no server."""

import json
import subprocess
import sys
import urllib.request
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pcc_desk.desk.errors import DeskError
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.dispensing import Dispensation
from pcc_desk.domain.quantity import money, plain

PATIENCE_S = 30.0


class NoSimulator(DeskError):
    """The simulated world cannot be reached, or did not start."""


def tell(control_url: str, mode: str) -> None:
    """Make the state system behave: up, down, silent, lost_answer. Raises `NoSimulator`."""
    _send(f"{control_url}/registry", {"mode": mode})


def _send(url: str, body: dict[str, Any] | None) -> None:
    if not url.startswith("http://127.0.0.1:"):
        raise NoSimulator("A simulator is only told what to do on this computer: http://127.0.0.1:PORT/practice.")
    data = json.dumps(body or {}).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method="POST")  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:  # noqa: S310 - loopback only, see above
            answer.read()
    except OSError as error:
        raise NoSimulator(f"There is no simulator at {url}. Start it, or correct the address.") from error


class PracticeClient:
    """Implements `desk.ports_outside.PracticeWorld` by asking the simulator."""

    def __init__(self, control_url: str) -> None:
        self._url = control_url

    async def unplug(self) -> Unanswered | None:
        """Take the state system away."""
        return await self._ask("registry", {"mode": "down"})

    async def plug_in(self) -> Unanswered | None:
        """Bring the state system back."""
        return await self._ask("registry", {"mode": "up"})

    async def ring_up(self, dispensation: Dispensation) -> Unanswered | None:
        """Sell at the till what was dispensed, as the cashier does."""
        lines = [
            {
                "label": line.label,
                "quantity": plain(line.quantity.amount),
                "price": money(line.price_cents),
            }
            for line in dispensation.lines
        ]
        sale = {
            "number": dispensation.external_number[-6:],
            "at": dispensation.at.isoformat(),
            "reference": dispensation.external_number,
            "customer_type": "Caregiver" if dispensation.caregiver_card else "Patient",
            "lines": lines,
        }
        return await self._ask("till/sales", sale)

    async def export_sales(self, day: date) -> Unanswered | None:
        """Let the point of sale write its sales report, as the cashier does."""
        return await self._ask(f"pos/export?day={day}", None)

    async def _ask(self, path: str, body: dict[str, Any] | None) -> Unanswered | None:
        import asyncio  # noqa: PLC0415 - the command line uses `tell` without it

        try:
            await asyncio.to_thread(_send, f"{self._url}/{path}", body)
        except NoSimulator:
            return Unanswered(Silence.DOWN, "the practice shop's outside is gone; leave and open it again")
        return None


class RunningWorld:
    """A simulator in a process of its own, which ends with this one."""

    def __init__(self, home: Path, exports: Path, *more: str) -> None:
        """Start it and wait until it is ready. Raises `NoSimulator`."""
        command = [sys.executable, "-m", "pcc_desk.simulator", "--with-parent", "--daily", "--home", str(home)]
        self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell
            [*command, "--exports", str(exports), *more],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            self.stop()
            raise NoSimulator("The simulated world did not start. Run pcc-desk doctor.")
        self.ready: dict[str, Any] = json.loads(line)

    def stop(self) -> None:
        """End it, by closing what it listens to; then by its own process id."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            self._process.wait(PATIENCE_S / 10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""
        self.stop()
