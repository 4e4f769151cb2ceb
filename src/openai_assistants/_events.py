"""From server-sent events to typed ones; no I/O.

The name of an event stands in the `event:` line, its object in `data:`. Both are put together as the JSON object that
the specs describe, so that one pass of pydantic-core reads an event. Servers that put both into `data:` are read
as they are.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Callable, Generic, Iterator, TypeVar, cast

from pydantic_core import ValidationError

from ._documents import read_json
from ._errors import APIResponseValidationError, RunStreamError
from ._guards import is_mapping
from ._logs import log_deviations
from ._models import BaseModel, annotate
from ._parsing import Unparsable, parser_for
from ._progress import Progress
from ._sse import EventTooLarge, SSEDecoder
from ._text import one_line

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")
Decoded = TypeVar("Decoded")

DONE = b"[DONE]"
QUOTED_CHARACTERS = 2000
"""How much of an error a message quotes."""
SHOWN_OF_A_NAME = 100
MAX_PREFIXES = 100
"""How many names of deltas are remembered; the API has two."""
MAX_NAME = 200
"""Characters of a name that is remembered."""


class EventReader(Generic[T]):
    """Reads typed events from the bytes of one response."""

    def __init__(self, response: httpx.Response, into: Any, *, strict: bool, progress: Progress | None = None) -> None:
        self._response = response
        self._progress = progress or Progress(into)
        self._decoder = SSEDecoder()
        self._parser = parser_for(into)
        self._strict = strict
        self._prefixes: dict[bytes, bytes] = {}
        self._validate: Callable[[bytes], T] = self._parser.validate
        self._last_event_id: str | None = None

    def feed(self, piece: bytes) -> Iterator[T]:
        """The typed events that a piece of the body completes, one by one: those before an error are not lost.

        Raises:
            RunStreamError: The server sent an error.
            APIResponseValidationError: An event cannot be read; in strict mode: it deviates.
        """
        self._progress.started = True
        self._progress.trim()
        prefixes, validate, keep = self._prefixes, self._validate, self._progress.tail.append
        for _, name, data in decoded(self._decoder.triples, piece, self._response):
            # Most events are deltas as they should be: they take the short way, without a generator of their own.
            prefix = prefixes.get(name)
            if prefix is not None:
                document = prefix + data + b"}"
                try:
                    value = validate(document)
                except ValidationError:
                    pass
                else:
                    keep(document)
                    yield value
                    continue
            yield from self._read(name.decode("utf-8", "replace"), data)
            if self.done:
                return

    def finish(self) -> Iterator[T]:
        """The last event, if the body ended without its blank line but with all its data."""
        before = self._decoder.last_event_id
        pending = self._decoder.finish()
        if pending is not None and not self.done and (pending.data == DONE or _is_json(pending.data)):
            yield from self._read(pending.event, pending.data)
        else:
            self._last_event_id = before

    @property
    def done(self) -> bool:
        """Whether the server has said that the stream is over."""
        return self._progress.done

    @property
    def last_event_id(self) -> str:
        """The id of the last event; empty if the stream gives none."""
        return self._decoder.last_event_id if self._last_event_id is None else self._last_event_id

    def _read(self, name: str, data: bytes) -> Iterator[T]:
        if name == "done" or data == DONE:
            self._progress.done = True
        elif name == "error":
            raise self._error(data)
        elif name and name != "message":
            prefix = b'{"event":' + json.dumps(name).encode() + b',"data":'
            if name.endswith(".delta") and len(name) <= MAX_NAME and len(self._prefixes) < MAX_PREFIXES:
                self._prefixes[name.encode()] = prefix
            if data.strip():
                yield self._progress.add(self._parse(name, prefix + data + b"}", data))
        elif data.strip():
            name = self._name_inside(data)
            if name == "done":
                self._progress.done = True
            else:
                yield self._progress.add(self._parse(name, data, data))

    def _parse(self, name: str, document: bytes, data: bytes) -> T:
        try:
            value, deviations = self._parser.parse(document, strict=self._strict)
        except Unparsable as error:
            message = f"An event ({one_line(name, SHOWN_OF_A_NAME)}) of the stream cannot be read: {error}"
            raise APIResponseValidationError(
                self._response, data.decode("utf-8", "replace"), message=message, errors=error.errors
            ) from None
        if deviations:
            log_deviations(f"The event {name}", deviations)
            if isinstance(value, BaseModel):
                annotate(value, None, deviations)
        return cast("T", value)

    def _name_inside(self, data: bytes) -> str:
        """The name of an event without an `event:` line: it stands in the data; if not, the data is an error."""
        try:
            document: object = read_json(data)
        except ValueError:
            raise self._error(data) from None
        name = document.get("event", "error") if is_mapping(document) else "error"
        if name == "error":
            raise self._error(data)
        return str(name)

    def _error(self, data: bytes) -> RunStreamError:
        text = data.decode("utf-8", "replace")
        try:
            body: object = read_json(data)
        except ValueError:
            body = text
        for key in ("data", "error"):
            if is_mapping(body) and (is_mapping(body.get(key)) or isinstance(body.get(key), str)):
                body = body[key]
        said = body.get("message") if is_mapping(body) else body
        shown = str(said or text)
        shown = shown if len(shown) <= QUOTED_CHARACTERS else f"{shown[:QUOTED_CHARACTERS]}…"
        message = f"The server reported an error inside the stream: {shown}"
        return RunStreamError(message, self._response.request, body=body)


def decoded(decode: Callable[[bytes], list[Decoded]], piece: bytes, response: httpx.Response) -> list[Decoded]:
    """The events that a piece of a response completes.

    Raises:
        APIResponseValidationError: There is no end to one.
    """
    try:
        return decode(piece)
    except EventTooLarge as error:
        raise APIResponseValidationError(response, None, message=str(error)) from None


def _is_json(data: bytes) -> bool:
    try:
        read_json(data)
    except ValueError:
        return False
    return True
