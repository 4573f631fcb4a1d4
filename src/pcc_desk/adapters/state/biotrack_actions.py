"""The legacy interface of BioTrack: one address, to which each call posts an action (3.1)."""

import asyncio
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pcc_desk.adapters.http import Response, Wire
from pcc_desk.adapters.state import biotrack_wire as wire
from pcc_desk.adapters.state.fields import NotUnderstood, number, text
from pcc_desk.domain.answers import Silence, Unanswered

PATH = "/serverjson.asp"
VERSION = "4.0"
MEDIA_TYPE = "text/JSON"
"""What the server wants (3.1)."""

LEAKED = b"content-type: text/plain"
"""A line of the server's own headers that may stand before the JSON (3.1)."""

NOT_ALLOWED = frozenset({17, 62, 63, 200})
"""Wrong version, missing privilege, no session or not this licence, laboratories only (3.1): all of them about us."""
MISSING_PRIVILEGE = 62
SESSION_OR_LICENCE = 63
SESSION_OVER = re.compile(r"session\b.*\bexpired", re.IGNORECASE)

AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Account:
    """Who logs in. `company` is the company's number, not the shop's (3.1)."""

    company: str = field(repr=False)
    username: str = field(repr=False)
    password: str = field(repr=False)

    @property
    def all(self) -> tuple[str, str, str]:
        """Everything that must not be repeated."""
        return self.company, self.username, self.password


@dataclass(frozen=True, slots=True)
class Refused:
    """The server answered and will not do it, in its own words."""

    code: int | None
    words: str

    @property
    def is_about_us(self) -> bool:
        """Whether it is about our account, not about what was asked."""
        return self.code in NOT_ALLOWED or self.is_session_over

    @property
    def is_session_over(self) -> bool:
        """Whether logging in again may help. Code 63 stands for a wrong licence too, which does no harm."""
        return self.code == SESSION_OR_LICENCE or SESSION_OVER.search(self.words) is not None


def without_leaked_header(raw: bytes) -> bytes:
    """Return a body without the server's header before the JSON. Text inside the JSON is left as it is."""
    before, brace, after = raw.partition(b"{")
    return brace + after if before.strip().lower().startswith(LEAKED) else raw


class Actions:
    """A session with the legacy interface.

    When it has ended it is opened again, once, and the action is sent again: the server said in so many words that it
    was not done. Nothing else is ever sent a second time.
    """

    def __init__(self, connection: Wire, account: Account, *, is_session_free: bool = False) -> None:
        self.name = connection.name
        self._wire = connection
        self._account = account
        self._is_session_free = is_session_free
        self._session = ""
        self._opening = asyncio.Lock()
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def ask(self, action: str, more: Mapping[str, Any]) -> dict[str, Any] | Refused | Unanswered:
        """Ask for something."""
        return await self._act(action, more, asks=True)

    async def do(self, action: str, more: Mapping[str, Any]) -> dict[str, Any] | Refused | Unanswered:
        """Have something done. `Unanswered` of kind `TIMED_OUT` says that it may have been done."""
        return await self._act(action, more, asks=False)

    async def close(self) -> None:
        """Let go of connections."""
        await self._wire.close()

    async def _act(self, action: str, more: Mapping[str, Any], *, asks: bool) -> dict[str, Any] | Refused | Unanswered:
        used = ""
        for _ in range(2):
            who = await self._who(ended=used)
            if isinstance(who, Unanswered):
                return who if asks else wire.nothing_sent(who)
            answer = await self._send(action, {**who, **more}, asks=asks)
            used = who.get("sessionid", "")
            if not (used and isinstance(answer, Refused) and answer.is_session_over):
                return answer
        return answer

    async def _who(self, ended: str) -> dict[str, Any] | Unanswered:
        """Return what says who we are; a session that has `ended` is opened anew."""
        if self._is_session_free:
            company, username, password = self._account.all
            return {"nosession": 1, "license_number": company, "username": username, "password": password}
        async with self._opening:
            if not self._session or self._session == ended:
                opened = await self._log_in()
                if isinstance(opened, Unanswered):
                    self._session = ""
                    return opened
                self._session = opened
            return {"sessionid": self._session}

    async def _log_in(self) -> str | Unanswered:
        company, username, password = self._account.all
        who = {"license_number": company, "username": username, "password": password}
        answer = await self._send("login", who, asks=True)
        match answer:
            case Unanswered():
                return answer
            case Refused(words=words):
                said = wire.without(words, *self._account.all) or "it gave no reason"
                return Unanswered(Silence.DENIED, f"{self.name} does not let this account in: {said.removesuffix('.')}")
        session = wire.token(answer, "sessionid")
        return session or Unanswered(Silence.UNREADABLE, f"{self.name} let us in without a session")

    async def _send(self, action: str, more: Mapping[str, Any], *, asks: bool) -> dict[str, Any] | Refused | Unanswered:
        body = wire.written({"API": VERSION, "action": action, "nonce": secrets.token_hex(20), **more})
        async with self._turn:
            answer = await (self._wire.ask if asks else self._wire.post)(PATH, body)
        return answer if isinstance(answer, Unanswered) else self._said(answer, asks=asks)

    def _said(self, answer: Response, *, asks: bool) -> dict[str, Any] | Refused | Unanswered:
        """Tell success from refusal by the body, since the status says nothing; what says neither is in doubt."""
        unclear = Silence.UNREADABLE if asks else Silence.TIMED_OUT
        if asks and answer.status in {401, 403}:
            return Unanswered(Silence.DENIED, f"{self.name} does not let us ask (HTTP {answer.status})")
        if answer.body is None:
            words = "an empty answer" if answer.status < 400 else f"nothing but a status (HTTP {answer.status})"
            return Unanswered(unclear, f"{self.name} sent {words}")
        try:
            is_success = wire.flag(answer.body, "success")
        except NotUnderstood as error:
            return Unanswered(unclear, f"{self.name} sent an answer that cannot be understood: {error}")
        if is_success is False:
            return Refused(_code(answer.body), text(answer.body, "error"))
        if is_success is None or answer.status >= 400:
            return Unanswered(unclear, f"{self.name} sent something that says neither yes nor no")
        return dict(answer.body)

    def denied(self, refused: Refused, *secrets_of_ours: str) -> Unanswered:
        """Return a refusal that is about our account, or about a question, in their words and ours."""
        said = wire.without(refused.words, *self._account.all, *secrets_of_ours) or "it gave no reason"
        code = "" if refused.code is None else f" (code {refused.code})"
        kind = Silence.DENIED if refused.is_about_us and refused.code != MISSING_PRIVILEGE else Silence.WITHHELD
        return Unanswered(kind, f"{self.name} refused to answer: {said}{code}")


def _code(body: Any) -> int | None:
    """Return the number of an error; None where it has none, such as for a wrong password (3.1)."""
    try:
        code = number(body, "errorcode")
    except NotUnderstood:
        return None
    return None if code is None else int(code)
