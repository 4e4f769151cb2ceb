"""The bodies of requests: how much of them lies in memory, JSON and what of it is refused, and multipart forms.

What lies in memory is counted for all requests together: many clients that each send a large body slowly must not fill
it, and must not keep others out either. Forms are read as they come: files go to the store chunk by chunk, fields are
kept.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Final

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header
from typing_extensions import Self

from .spec import ApiError, JsonObject, ReceivedFile, is_array, is_object, too_large
from .store import Database, dumps
from .store.records import CHUNK, BlobWriter

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

_FREE: Final = 64 << 10
"""So much every request may hold, so that small ones always pass."""
_GRACE: Final = 1.0
"""Seconds in which nobody counts as slow: the first bytes of a request say little of how fast the rest will come."""

_MAX_DEPTH: Final = 200
_MAX_VALUES: Final = 200_000
_LONGEST_NUMBER: Final = 4300
"""As Python has it for integers: what is longer takes a second to read."""
# One without an end as well: it would be looked through from each of its quotes again.
_STRING: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"?')

_MAX_SETTING: Final = 1 << 20
_MATTER: Final = frozenset({"messages", "additional_messages", "content", "tool_outputs", "files"})
"""What conversations consist of, and the many files of a batch, each with attributes of its own. Everything else that a
body says is a setting."""

_MAX_FIELD = 64 * 1024
_MAX_PARTS = 100
_MAX_HEADERS = 16 * 1024
_MAX_AROUND = 8 << 20
"""All of a form but its file."""
_PARSE_ERROR = "We could not parse the multipart form of your request."


# Memory.


class Pending:
    """The bytes that are held, and how many there may be."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.held = 0
        self._coming: dict[Share, Callable[[str], None]] = {}

    def share(self, end: Callable[[str], None] | None) -> Share:
        """What one request holds, for a `with` block. `end` ends its connection; None: that cannot be done."""
        share = Share(self)
        if end is not None:
            self._coming[share] = end
        return share

    def take(self, share: Share, size: int) -> None:
        """Let a request hold so many bytes more. If there is no room, the request that comes in slowest is cut."""
        while self.held + size > self._most and self.held > share.held:
            slowest = min(filter(Share.may_be_slow, self._coming), key=Share.rate, default=share)
            if slowest is share:
                raise ApiError(
                    "The server is busy with other large requests. Please try again.",
                    status=503,
                    type="server_error",
                    headers={"retry-after": "1"},
                )
            end = self._coming[slowest]
            slowest.give_back()
            end("close")
        self.held += size

    def has_come(self, share: Share) -> None:
        """A request is there as a whole."""
        self._coming.pop(share, None)


class Share:
    """Part of what is held; given back at the end of the block."""

    def __init__(self, pending: Pending) -> None:
        self._pending = pending
        self._since = time.monotonic()
        self._received = 0
        self.held = 0

    def grow(self, size: int, received: int = 0) -> None:
        """Hold so many bytes, of so many that were received if those are more.

        Raises:
            ApiError: All requests together would hold too many.
        """
        self._received = max(size, received)
        size = max(size - _FREE, 0)
        if size > self.held:
            self._pending.take(self, size - self.held)
            self.held = size

    def complete(self) -> None:
        """The request is there as a whole, so nobody has to be slow any more."""
        self._pending.has_come(self)

    def may_be_slow(self) -> bool:
        """Whether it holds something, and comes in for long enough to tell how fast."""
        return self.held > 0 and time.monotonic() - self._since > _GRACE

    def rate(self) -> float:
        """How fast the request comes in, in bytes a second."""
        return self._received / (time.monotonic() - self._since)

    def give_back(self) -> None:
        """Hold nothing any more."""
        self._pending.has_come(self)
        self._pending.held -= self.held
        self.held = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.give_back()


# JSON.


def parse_json(raw: bytes) -> object:
    """The JSON of a body; none at all counts as an empty object. Refuses what could not be answered again: numbers
    beyond a float's range, half surrogate pairs, nesting and numbers of values beyond all reason."""
    if not raw.strip():
        return {}
    if (signs := _signs(raw)) > _MAX_VALUES:
        _check_count(raw, signs)
    try:
        value: object = json.loads(raw.decode(), parse_constant=_refuse, parse_float=_finite)
        if b"\\u" in raw:
            dumps(value).encode()
        if raw.count(b"[") + raw.count(b"{") > _MAX_DEPTH:
            _check_depth(value)
    except (ValueError, RecursionError):
        raise ApiError(
            "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP "
            "library correctly. The API expects a JSON payload, but what was sent was not valid JSON.)"
        ) from None
    return value


def check_settings(body: JsonObject, raw: bytes) -> None:
    """Refuse settings beyond all reason: what stands in an assistant is copied to each of its runs, and from there to
    each of their events."""
    if len(raw) <= _MAX_SETTING:
        return
    thread = body.get("thread")
    settings = {**body, "thread": {**thread, "messages": None}} if is_object(thread) else body
    for name, value in settings.items():
        if name not in _MATTER and (size := len(dumps(value))) > _MAX_SETTING:
            raise ApiError(
                f"Invalid '{name}': too large. Expected at most {_MAX_SETTING} characters of JSON, but got {size} "
                "instead.",
                param=name,
                code="invalid_value",
            )


def _check_count(raw: bytes, signs: int) -> None:
    """Refuse JSON of which little is text: it would become many times as large in memory."""
    for number, text in enumerate(_STRING.finditer(raw)):
        if number > 2 * _MAX_VALUES:
            break
        signs -= _signs(text[0])
    if signs > _MAX_VALUES:
        raise ApiError(f"The request body holds more than {_MAX_VALUES} values.")


def _signs(raw: bytes) -> int:
    """What there is at most one of for each value."""
    return raw.count(b",") + raw.count(b"[") + raw.count(b"{")


def _check_depth(value: object) -> None:
    level: list[object] = [value]
    for _ in range(_MAX_DEPTH):
        level = [
            inner for each in level for inner in (each.values() if is_object(each) else each if is_array(each) else ())
        ]
        if not level:
            return
    raise ValueError("nested too deeply")


def _refuse(constant: str) -> object:
    raise ValueError(constant)


def _finite(text: str) -> float:
    value = math.inf if len(text) > _LONGEST_NUMBER else float(text)
    if math.isinf(value):
        raise ValueError(text)
    return value


# Forms.


@dataclass
class _Part:
    headers: dict[str, str] = field(default_factory=dict[str, str])
    name: str = ""
    filename: str | None = None
    value: bytearray = field(default_factory=bytearray)
    header_size: int = 0

    def grow(self, size: int) -> None:
        """There are so many more bytes of headers."""
        self.header_size += size
        if self.header_size > _MAX_HEADERS:
            raise ApiError(_PARSE_ERROR)


class _Upload:
    def __init__(self, writer: BlobWriter) -> None:
        self.writer = writer
        self.digest = hashlib.sha256()


class Form:
    """A form that is being read."""

    def __init__(self, database: Database, content_type: str, *, file_id: str, max_file: int, share: Share) -> None:
        kind, options = parse_options_header(content_type)
        boundary = options.get(b"boundary")
        if kind != b"multipart/form-data" or not boundary:
            raise ApiError("This operation takes a multipart/form-data body.", param="file")
        self.fields: dict[str, str | ReceivedFile] = {}
        self._upload: _Upload | None = None
        self._database = database
        self._file_id = file_id
        self._max_file = max_file
        self._share = share
        self._happened: list[tuple[str, bytes]] = []
        try:
            self._parser = MultipartParser(boundary, self._callbacks())
        except FormParserError:
            raise ApiError(_PARSE_ERROR) from None

    async def read(self, chunks: AsyncIterator[bytes]) -> None:
        """Read the whole body."""
        part = _Part()
        header = ""
        parts = 0
        complete = False
        size = fields = 0
        async for chunk in chunks:
            size += len(chunk)
            if size > self._max_file + _MAX_AROUND:
                raise too_large("The form", self._max_file + _MAX_AROUND)
            self._share.grow(fields + min(size, CHUNK + len(chunk)), size)
            self._parse(chunk)
            happened, self._happened = self._happened, []
            for what, data in happened:
                match what:
                    case "begin":
                        part, header, parts = _Part(), "", parts + 1
                        if parts > _MAX_PARTS:
                            raise ApiError("The form has too many parts.")
                    case "field":
                        header += data.decode("latin-1")
                        part.grow(len(data))
                    case "value":
                        part.grow(len(data))
                        part.headers[header.lower()] = part.headers.get(header.lower(), "") + data.decode("latin-1")
                    case "header_end":
                        header = ""
                    case "headers_end":
                        self._open(part)
                    case "data":
                        fields += len(data) * (part.filename is None)
                        await self._take(part, data)
                    case "part_end":
                        await self._close(part)
                    case _:
                        complete = True
        self._share.complete()
        if not complete:  # cut off on the way: what came is not the file that was meant
            raise ApiError(_PARSE_ERROR)

    async def discard(self) -> None:
        """Take back what was stored."""
        if self._upload is not None:
            await self._upload.writer.discard()

    def fingerprint(self) -> str:
        """What makes this form the same as another, whatever its boundary."""
        content = {
            name: [value.filename, value.sha256] if isinstance(value, ReceivedFile) else value
            for name, value in self.fields.items()
        }
        return json.dumps(content, sort_keys=True)

    def _callbacks(self) -> MultipartCallbacks:
        def event(what: str) -> Callable[[], None]:
            return lambda: self._happened.append((what, b""))

        def piece(what: str) -> Callable[[bytes, int, int], None]:
            return lambda data, start, end: self._happened.append((what, data[start:end]))

        return {
            "on_part_begin": event("begin"),
            "on_header_field": piece("field"),
            "on_header_value": piece("value"),
            "on_header_end": event("header_end"),
            "on_headers_finished": event("headers_end"),
            "on_part_data": piece("data"),
            "on_part_end": event("part_end"),
            "on_end": event("end"),
        }

    def _parse(self, chunk: bytes) -> None:
        try:
            self._parser.write(chunk)
        except FormParserError:
            raise ApiError(_PARSE_ERROR) from None

    def _open(self, part: _Part) -> None:
        _, options = parse_options_header(part.headers.get("content-disposition", ""))
        part.name = options.get(b"name", b"").decode("utf-8", "replace")
        if not part.name:
            raise ApiError(_PARSE_ERROR)
        if b"filename" in options:
            part.filename = options[b"filename"].decode("utf-8", "replace")
            if self._upload is not None:
                raise ApiError("The form holds more than one file.", param=part.name)
            self._upload = _Upload(BlobWriter(self._database, self._file_id))

    async def _take(self, part: _Part, data: bytes) -> None:
        if part.filename is None or self._upload is None:
            part.value += data
            if len(part.value) > _MAX_FIELD:
                raise too_large(f"The form field '{part.name}'", _MAX_FIELD)
            return
        if self._upload.writer.size + len(data) > self._max_file:
            raise too_large("The file", self._max_file)
        self._upload.digest.update(data)
        await self._upload.writer.write(data)

    async def _close(self, part: _Part) -> None:
        if part.filename is None or self._upload is None:
            try:
                self.fields[part.name] = part.value.decode()
            except UnicodeDecodeError:
                raise ApiError(_PARSE_ERROR, param=part.name) from None
            return
        writer = self._upload.writer
        await writer.finish()
        self.fields[part.name] = ReceivedFile(
            writer.file_id, part.filename, writer.size, self._upload.digest.hexdigest()
        )
