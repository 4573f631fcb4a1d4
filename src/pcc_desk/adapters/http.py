"""Calls that behave: bounded in time and size, never redirected, never repeated, and every failure an answer."""

import asyncio
import hashlib
import json
import logging
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpcore  # noqa: F401 - httpx would load it with its first client
import httpx

from pcc_desk.adapters.clean import cleaned
from pcc_desk.domain.answers import Silence, Unanswered

CONNECT_S = 5.0
READ_S = 20.0
"""Calls of several tens of seconds happen (state-systems reference, section 2.13); longer than this nobody waits."""
WHOLE_S = 45.0
"""For a whole call: an answer that comes drop by drop keeps within `READ_S` for ever."""

LONGEST_AGAIN_S = 3600
"""No state system is taken at its word for longer than that it wants to be left alone."""
LARGEST = 8 * 1024 * 1024
TOO_MUCH = f"sent more than {LARGEST // 1024 // 1024} MB"
DEEPEST = 40

for _name in ("httpx", "httpcore"):
    # They log addresses, which hold card numbers.
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)


def is_too_much(answer: Unanswered) -> bool:
    """Whether an answer was given up because it was too large: less may be asked for."""
    return answer.reason.endswith(TOO_MUCH)


LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@cache
def authorities() -> ssl.SSLContext:
    """Return whom we believe who a system is. Read once, because that takes longer than drawing a screen."""
    return httpx.create_ssl_context(trust_env=False)


@dataclass(frozen=True, slots=True)
class Response:
    """An answer that is for the adapter to understand: its status and its JSON, numbers exact."""

    status: int
    body: Any
    """None when there was no body, or one that is no JSON beside a status that says why."""
    sha256: str = field(default="", compare=False)
    """Of the bytes as they came, for evidence."""


class Wire:
    """One system's HTTP connection."""

    def __init__(
        self,
        name: str,
        base_url: str,
        *,
        auth: tuple[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        elsewhere: str = "",
        media_type: str = "application/json",
        tidy: Callable[[bytes], bytes] = bytes,
        transport: httpx.AsyncBaseTransport | None = None,
        whole_s: float = WHOLE_S,
    ) -> None:
        """Set up; nothing is sent. `media_type` is that of what we send, `tidy` takes off what is not of an answer.

        `elsewhere` is what a redirect means where it is this system's way to refuse a key, and what to do then.
        """
        parts = urlsplit(base_url)
        if parts.scheme != "https" and parts.hostname not in LOOPBACK:
            raise ValueError("an address outside this computer must begin with https://")
        self.name = name
        self._elsewhere = elsewhere
        self._media_type = media_type
        self._tidy = tidy
        self._whole_s = whole_s
        self._client = httpx.AsyncClient(
            base_url=base_url,
            auth=auth,
            params=params,
            verify=authorities(),
            transport=transport,
            timeout=httpx.Timeout(READ_S, connect=CONNECT_S),
            follow_redirects=False,
            trust_env=False,
            headers={"Accept": "application/json", **(headers or {})},
        )

    async def get(
        self, path: str, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> Response | Unanswered:
        """Ask for something. Asking again does no harm."""
        return await self._call("GET", path, params=params, headers=headers, asks=True)

    async def ask(self, path: str, text: str, headers: Mapping[str, str] | None = None) -> Response | Unanswered:
        """Ask for something by a post that changes nothing."""
        return await self._call("POST", path, text=text, headers=headers, asks=True)

    async def post(self, path: str, text: str, headers: Mapping[str, str] | None = None) -> Response | Unanswered:
        """Send something, once. `Unanswered` of kind `TIMED_OUT` says that it may have been done."""
        return await self._call("POST", path, text=text, headers=headers)

    async def put(self, path: str, text: str, headers: Mapping[str, str] | None = None) -> Response | Unanswered:
        """Put something in the place of what is there. Unclear ends are those of a posting."""
        return await self._call("PUT", path, text=text, headers=headers)

    async def delete(self, path: str) -> Response | Unanswered:
        """Take something away. Unclear ends are those of a posting."""
        return await self._call("DELETE", path)

    async def close(self) -> None:
        """Let go of connections."""
        await self._client.aclose()

    async def _call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        text: str | None = None,
        headers: Mapping[str, str] | None = None,
        asks: bool = False,
    ) -> Response | Unanswered:
        """Make a call; `asks`: it changes nothing, so that nothing is in doubt after it."""
        sent = {"Content-Type": self._media_type} if text is not None else {}
        sent |= headers or {}
        try:
            async with (
                asyncio.timeout(self._whole_s),
                self._client.stream(method, path, params=params or {}, content=text, headers=sent) as response,
            ):
                raw = await self._read(response)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            return Unanswered(Silence.DOWN, f"{self.name} could not be reached ({_plain_kind(error)})")
        except httpx.TimeoutException:
            return Unanswered(Silence.TIMED_OUT, f"{self.name} did not answer within {READ_S:.0f} s")
        except TimeoutError:
            return Unanswered(Silence.TIMED_OUT, f"{self.name} did not finish its answer within {self._whole_s:.0f} s")
        except httpx.HTTPError as error:
            return Unanswered(Silence.TIMED_OUT, f"the connection to {self.name} broke ({_plain_kind(error)})")
        if isinstance(raw, Unanswered):
            return raw
        return self._understand(response.status_code, response.headers, self._tidy(raw), asks=asks)

    async def _read(self, response: httpx.Response) -> bytes | Unanswered:
        raw = bytearray()
        async for part in response.aiter_bytes():
            raw += part
            if len(raw) > LARGEST:
                return Unanswered(Silence.UNREADABLE, f"{self.name} {TOO_MUCH}")
        return bytes(raw)

    def _understand(self, status: int, headers: httpx.Headers, raw: bytes, *, asks: bool) -> Response | Unanswered:
        """Tell an answer from the lack of one.

        For a posting, a server's fault after the request was sent leaves in doubt whether it was done. A page for
        maintenance (503) is the web server's own: nothing behind it saw the request, yet that is its word only, so a
        posting is looked up all the same.
        """
        if 300 <= status < 400 or status in {405, 408, 429} or status >= 500:
            return self._not_served(status, cleaned(headers.get("Retry-After", ""), 20), asks=asks)
        try:
            return Response(status, exact_json(raw) if raw.strip() else None, hashlib.sha256(raw).hexdigest())
        except ValueError:
            if status == 404 and asks:  # a page of a web server is not the registry's word that it has none
                return Unanswered(Silence.UNREADABLE, f"{self.name} sent something that is no answer (HTTP 404)")
            if status >= 400:
                return Response(status, None)
            kind = Silence.UNREADABLE if asks else Silence.TIMED_OUT
            return Unanswered(kind, f"{self.name} sent something that is no answer")

    def _not_served(self, status: int, retry_after: str, *, asks: bool) -> Unanswered:
        if status == 429:
            seconds = _seconds(retry_after)
            again = f"; again in {seconds} s" if seconds else ""
            return Unanswered(Silence.BUSY, f"{self.name} is asked too often{again}", seconds)
        if status == 405:
            return Unanswered(Silence.ABSENT, f"{self.name} does not offer this call here")
        if status == 408 or status >= 500:
            kind = Silence.DOWN if asks else Silence.TIMED_OUT
            why = f"{self.name} answered with a fault of its own (HTTP {status})"
            return Unanswered(kind, why, _seconds(retry_after))
        if self._elsewhere:
            kind = Silence.DENIED if asks else Silence.TIMED_OUT
            return Unanswered(kind, f"{self.name} sent us elsewhere (HTTP {status}): {self._elsewhere}")
        return Unanswered(Silence.UNREADABLE, f"{self.name} sent us elsewhere (HTTP {status}), which is refused")


def _seconds(retry_after: str) -> int:
    """Return after how many seconds to come again, at most `LONGEST_AGAIN_S`; 0 when that is not said in seconds."""
    said = retry_after.isascii() and retry_after.isdigit()
    return min(int(retry_after), LONGEST_AGAIN_S) if said else 0


def exact_json(raw: bytes) -> Any:
    """Return what JSON text says, numbers with a fraction as `Decimal`. Raises `ValueError` for anything else."""
    try:
        parsed = json.loads(raw.decode("utf-8-sig"), parse_float=_decimal, parse_constant=_refuse)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if _depth(parsed) > DEEPEST:
        raise ValueError("nested too deeply")
    return parsed


def _decimal(text: str) -> Decimal:
    value = Decimal(text)
    if not value.is_finite() or value.adjusted() > 30 or value.adjusted() < -30:
        raise ValueError("a number that nobody means")
    return value


def _refuse(text: str) -> None:
    raise ValueError(f"{text} is no number")


def _depth(value: object) -> int:
    deepest, level = 0, [value]
    while level:
        deepest += 1
        if deepest > DEEPEST:
            return deepest
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
    return deepest


def _plain_kind(error: httpx.HTTPError) -> str:
    """Return what kind of failure it was, in two words; its own text may hold anything."""
    words: dict[type[httpx.HTTPError], str] = {
        httpx.ConnectTimeout: "no answer",
        httpx.ConnectError: "refused or unknown",
        httpx.PoolTimeout: "too busy here",
        httpx.ReadError: "reset",
        httpx.WriteError: "reset",
        httpx.RemoteProtocolError: "ended early",
    }
    return words.get(type(error), "failed")
