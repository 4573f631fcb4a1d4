"""JSON as a server writes it, with decimals digit by digit: no float on the way."""

import json
from decimal import Decimal
from json.encoder import encode_basestring_ascii
from typing import Any

from starlette.responses import Response


def exact_json(value: Any) -> str:
    """Return a value as JSON text."""
    if isinstance(value, str):
        return encode_basestring_ascii(value)
    if isinstance(value, dict):
        return "{" + ",".join([f"{json.dumps(key)}:{exact_json(each)}" for key, each in value.items()]) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join([exact_json(each) for each in value]) + "]"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return json.dumps(value)


class ExactResponse(Response):
    """A JSON response with exact numbers."""

    media_type = "application/json"

    def __init__(self, content: Any, status_code: int = 200, headers: dict[str, str] | None = None) -> None:
        self.content = content
        super().__init__(exact_json(content), status_code, headers)


def read_exactly(raw: bytes) -> Any:
    """Return what JSON text says, numbers with a fraction as `Decimal`. Raises `ValueError`."""
    return json.loads(raw, parse_float=Decimal)
