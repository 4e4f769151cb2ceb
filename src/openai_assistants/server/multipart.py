"""Multipart forms, read as they come: files go to the store chunk by chunk, fields are kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header

from .errors import ApiError, too_large
from .pending import Share
from .store import Database
from .store.blobs import CHUNK, BlobWriter
from .validation import ReceivedFile

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

_MAX_FIELD = 64 * 1024
_MAX_PARTS = 100
_MAX_HEADERS = 16 * 1024
_MAX_AROUND = 8 << 20
"""All of a form but its file."""
_PARSE_ERROR = "We could not parse the multipart form of your request."


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
