"""The lines of a batch's input file: what is wrong with them, and what they are answered."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from secrets import token_hex
from typing import Any, Final

from ..errors import unknown_url
from ..spec import JsonObject, is_object
from ..store import dumps

MAX_LINES: Final = 50_000
MAX_LINE: Final = 32 << 20
MAX_ERRORS: Final = 100


async def lines(content: AsyncIterator[bytes]) -> AsyncIterator[tuple[int, bytes]]:
    """Lines that hold something, with their numbers from 1. One that is longer than any request may be is cut."""
    rest = b""
    number = 1
    async for data in content:
        *whole, rest = (rest + data).split(b"\n")
        rest = rest[: MAX_LINE + 1]
        for line in whole:
            if line.strip():
                yield number, line
            number += 1
    if rest.strip():
        yield number, rest


class Check:
    """Collects what is wrong with an input file; an empty list of errors says nothing is."""

    def __init__(self, endpoint: str) -> None:
        self.errors: list[JsonObject] = []
        self.total = 0
        self._endpoint = endpoint
        self._seen: set[str] = set()

    def line(self, number: int, line: bytes) -> None:
        """Check a line."""
        self.total += 1
        if self.total == MAX_LINES + 1:
            self._wrong("too_many_requests", f"A batch has at most {MAX_LINES} requests.")
        request = parsed(line)
        if request is None:
            self._wrong("invalid_json_line", "This line is not a JSON object.", number)
            return
        custom_id = request.get("custom_id")
        if not isinstance(custom_id, str):
            self._missing("custom_id", number)
        elif custom_id in self._seen:
            self._wrong("duplicate_custom_id", f"The custom_id '{custom_id}' was used before.", number, "custom_id")
        else:
            self._seen.add(custom_id)
        if request.get("method") != "POST":
            self._wrong("invalid_method", "The method must be 'POST'.", number, "method")
        if request.get("url") != self._endpoint:
            self._wrong("mismatched_url", f"The url must be the batch's endpoint, '{self._endpoint}'.", number, "url")
        if not is_object(request.get("body")):
            self._missing("body", number)

    def end(self) -> None:
        """Check what only the whole file tells."""
        if self.total == 0:
            self._wrong("empty_file", "The input file has no requests.")

    def _missing(self, name: str, number: int) -> None:
        self._wrong("missing_required_parameter", f"Missing required parameter: '{name}'.", number, name)

    def _wrong(self, code: str, message: str, line: int | None = None, param: str | None = None) -> None:
        if len(self.errors) < MAX_ERRORS:
            self.errors.append({"code": code, "message": message, "param": param, "line": line})


def parsed(line: bytes) -> JsonObject | None:
    """The request on a line; None if there is none."""
    if len(line) > MAX_LINE:
        return None
    try:
        value: Any = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if is_object(value) else None


def answer(line: bytes) -> bytes:
    """The line of the error file for a request: what this server answers to it, which has none of the endpoints that a
    batch can name."""
    request = parsed(line) or {}
    error = unknown_url(str(request.get("method")), str(request.get("url")))
    result = {
        "id": f"batch_req_{token_hex(12)}",
        "custom_id": request.get("custom_id"),
        "response": {"status_code": error.status, "request_id": f"req_{token_hex(16)}", "body": error.body()},
        "error": None,
    }
    return dumps(result).encode("utf-8", "replace") + b"\n"
