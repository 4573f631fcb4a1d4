"""The REST interfaces of BioTrack: a log-in, and a token with each call (state-systems reference, 3.3 and 3.4)."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from pcc_desk.adapters.clean import cleaned
from pcc_desk.adapters.http import Response, Wire
from pcc_desk.adapters.state import biotrack_wire as wire
from pcc_desk.adapters.state.biotrack_actions import Account
from pcc_desk.adapters.state.fields import field, text
from pcc_desk.domain.answers import Silence, Unanswered
from pcc_desk.domain.dispensing import PostRefused

TOKEN_KEPT_S = 3600.0
"""An integrator logs in anew every hour (3.3), though tokens live for days."""

AT_ONCE = 2

Call = Callable[[Mapping[str, str]], Awaitable[Response | Unanswered]]


class Rest:
    """A logged-in connection.

    A call that is answered with 401 is made once more after a new log-in: the server said that it was not done. Nothing
    else is ever sent a second time.
    """

    def __init__(
        self,
        connection: Wire,
        account: Account,
        *,
        log_in: tuple[str, Mapping[str, str], str],
        headers: Callable[[str], Mapping[str, str]],
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        """Set up. `log_in`: its path, its body, the name of the token in its answer. `headers` go with each call."""
        self.name = connection.name
        self._wire = connection
        self._account = account
        self._log_in_path, self._log_in_body, self._token_name = log_in
        self._headers = headers
        self._ticks = ticks
        self._token = ""
        self._token_at = 0.0
        self._opening = asyncio.Lock()
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def get(self, path: str, params: Mapping[str, str] | None = None) -> Response | Unanswered:
        """Ask for something."""
        return await self._with_token(lambda headers: self._wire.get(path, params, headers))

    async def ask(self, path: str, body: Mapping[str, Any]) -> Response | Unanswered:
        """Ask for something by a post."""
        return await self._with_token(lambda headers: self._wire.ask(path, wire.written(body), headers))

    async def post(self, path: str, body: Mapping[str, Any]) -> Response | Unanswered:
        """Have something done. `Unanswered` of kind `TIMED_OUT` says that it may have been done."""
        return await self._with_token(lambda headers: self._wire.post(path, wire.written(body), headers), writes=True)

    async def put(self, path: str, body: Mapping[str, Any]) -> Response | Unanswered:
        """Put something in the place of what is there. Unclear ends are those of a posting."""
        return await self._with_token(lambda headers: self._wire.put(path, wire.written(body), headers), writes=True)

    async def close(self) -> None:
        """Let go of connections."""
        await self._wire.close()

    async def _with_token(self, call: Call, *, writes: bool = False) -> Response | Unanswered:
        answer: Response | Unanswered = Response(401, None)
        used = ""
        for _ in range(2):
            token = await self._fresh_token(refused=used)
            if isinstance(token, Unanswered):
                return wire.nothing_sent(token) if writes else token
            async with self._turn:
                answer = await call(self._headers(token))
            used = token
            if isinstance(answer, Unanswered) or answer.status != 401:
                return answer
        return answer

    async def _fresh_token(self, refused: str) -> str | Unanswered:
        async with self._opening:
            is_old = self._ticks() - self._token_at >= TOKEN_KEPT_S
            if not self._token or self._token == refused or is_old:
                self._token = ""
                async with self._turn:
                    answer = await self._wire.ask(self._log_in_path, wire.written(self._log_in_body), self._headers(""))
                token = answer if isinstance(answer, Unanswered) else self._token_of(answer)
                if isinstance(token, Unanswered):
                    return token
                self._token, self._token_at = token, self._ticks()
            return self._token

    def _token_of(self, answer: Response) -> str | Unanswered:
        if answer.status >= 400:
            said = self.complaint(answer) or f"HTTP {answer.status}"
            return Unanswered(Silence.DENIED, f"{self.name} does not let this account in: {said.removesuffix('.')}")
        token = wire.token(answer.body, self._token_name)
        return token or Unanswered(Silence.UNREADABLE, f"{self.name} let us in without a session")

    def complaint(self, answer: Response, *ours: str) -> str:
        """Return what the state says is wrong, in its own words: as a whole, or for each part (3.4)."""
        said = [text(answer.body, "Error")]
        parts = field(answer.body, "Data")
        said += [text(each, "Message") for each in parts] if isinstance(parts, list) else []
        return wire.without(cleaned("; ".join(each for each in said if each)), *self._account.all, *ours)

    def refusal(self, answer: Response, *ours: str) -> Unanswered | None:
        """Return why an answer that should hold something does not."""
        said = self.complaint(answer, *ours)
        if answer.status in {401, 403}:
            return self.denied(answer, said)
        if answer.status == 404:
            return Unanswered(Silence.ABSENT, f"{self.name} does not offer this call here")
        if answer.status >= 400:
            return Unanswered(Silence.WITHHELD, f"{self.name} refused to answer: {said or f'HTTP {answer.status}'}")
        if not isinstance(answer.body, dict):
            return Unanswered(Silence.UNREADABLE, f"{self.name} sent something that is no answer")
        return None

    def denied(self, answer: Response, said: str) -> Unanswered:
        """Return that our account may not do that."""
        words = f": {said}" if said else ""
        kind = Silence.WITHHELD if answer.status == 403 else Silence.DENIED
        return Unanswered(kind, f"{self.name} does not let this account do that (HTTP {answer.status}){words}")

    def not_written(self, answer: Response, *ours: str) -> PostRefused | Unanswered | None:
        """Return why something was not written; None when it was."""
        said = self.complaint(answer, *ours)
        if answer.status in {401, 403}:
            return self.denied(answer, said)
        if answer.status >= 400:
            return PostRefused(said or f"HTTP {answer.status}")
        if not isinstance(answer.body, dict):
            return Unanswered(Silence.TIMED_OUT, f"{self.name} sent something that says neither yes nor no")
        return PostRefused(said) if said else None
