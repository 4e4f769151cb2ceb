"""From server-sent events to typed ones; no I/O.

The name of an event stands in the `event:` line, its object in `data:`. Both are put together as the JSON object that
the specs describe, so that one pass of pydantic-core reads an event. Servers that put both into `data:` are read
as they are; where no name is sent, the object tells it.
"""

from __future__ import annotations

import codecs
import json
from contextlib import suppress
from itertools import groupby
from typing import TYPE_CHECKING, Any, Callable, Generic, Iterable, Iterator, Mapping, TypeVar, cast

import pydantic_core
from pydantic_core import ValidationError

from ._answers import is_error, no_stream, without_quotes
from ._basics import is_mapping, one_line, read_json
from ._errors import APIResponseValidationError, RunStreamError, of_this_library
from ._http import is_id
from ._logs import Quotes, log_deviations
from ._models import BaseModel, Unparsable, annotate, parser_for
from ._sse import EventTooLarge, SSEDecoder

if TYPE_CHECKING:
    import httpx

    from ._assemble import Assembly
    from ._requests import KnownIds

__tracebackhide__ = of_this_library

# What a stream has delivered so far: which run it is about, how that stands, which events have been seen. No I/O.

RUN_EVENTS = "thread.run."
STEP_EVENTS = "thread.run.step."
FINAL_STATUSES = frozenset({"completed", "incomplete", "failed", "cancelled", "expired"})
BEGINNINGS = frozenset({"queued", "in_progress"})
"""Statuses of an object that may have been created just now."""
STREAM_ENDS_WITH = FINAL_STATUSES | {"requires_action"}
"""Run statuses after which a stream has nothing more to say."""

TAIL = 4096
"""How many events are kept as they came, before they are folded into snapshots."""


class Progress:
    """What a stream has delivered."""

    def __init__(self, into: Any = None, known: KnownIds | None = None) -> None:
        self._into = into
        """Type of the events."""
        self._known = known
        self.run_id: str | None = None
        self.thread_id: str | None = None
        self.run_status: str | None = None
        self.done = False
        """The server has said that the stream is over."""
        self.started = False
        """Whether any byte of an answer has come."""
        self.seen: set[tuple[str, str]] = set()
        """Names of the events and ids of their objects, apart from deltas."""
        self.tail: list[Any] = []
        """Events since the snapshots: deltas as the bytes that came, which cost the garbage collector nothing."""
        self._folded = 0
        """Events that are not kept any more."""
        self._assembly: Assembly | None = None

    @property
    def knows_run(self) -> bool:
        """Whether the run can be asked for."""
        return self.run_id is not None and self.thread_id is not None

    @property
    def at_its_end(self) -> bool:
        """Whether the run's last event has come."""
        return self.run_status in STREAM_ENDS_WITH

    @property
    def count(self) -> int:
        """How many events there were."""
        return self._folded + len(self.tail)

    def pass_on(self) -> None:
        """Note that there was an event, of which nothing is kept."""
        self._folded += 1

    def keep(self, event: Any) -> Any:
        """Note an event that says nothing about how the run stands; returns it."""
        self.tail.append(event)
        return event

    def trim(self) -> None:
        """See to it that not too much is kept."""
        if len(self.tail) > TAIL:
            self.assembly()

    def add(self, event: Any) -> Any:
        """Note an event, and how the run stands; returns it."""
        name = _text(getattr(event, "event", None)) or ""
        data = getattr(event, "data", None)
        object_id = _text(getattr(data, "id", None))
        self.run_id = _id(getattr(data, "run_id", None)) or self.run_id
        self.thread_id = _id(getattr(data, "thread_id", None)) or self.thread_id
        if name == "thread.created":
            self.thread_id = _id(object_id) or self.thread_id
        elif name.startswith(RUN_EVENTS) and not name.startswith(STEP_EVENTS):
            self.run_id = _id(object_id) or self.run_id
            if self._known is not None and (name, object_id) not in self.seen:
                self._known.claim(object_id)  # it is not what a later request has created
            end = name.removeprefix(RUN_EVENTS)
            self.run_status = _text(getattr(data, "status", None)) or end
            if end in FINAL_STATUSES and not self.at_its_end:
                return self.keep(event)  # it shows the run as it was: its end has not been seen
        if not name.endswith(".delta"):
            self.seen.add((name, object_id or ""))
        return self.keep(event)

    def assembly(self) -> Assembly:
        """The snapshots that the events have led to. They are put together when somebody asks, and before the events
        kept for it become many: most streams end without anybody asking."""

        if self._assembly is None:
            from ._assemble import Assembly

            self._assembly = Assembly(self._into)
        for event in folded(self.tail, self._into):
            self._assembly.feed(event)
        self._folded += len(self.tail)
        self.tail.clear()
        return self._assembly


def _id(value: object) -> str | None:
    return value if is_id(value) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


# Deltas that were kept as bytes, read again: successive pieces of one text come as a single delta.

Place = tuple[str, int]
"""The id of a message and the index of a text in it."""


def folded(kept: Iterable[Any], into: Any) -> Iterator[Any]:
    """The events that the kept ones, JSON or read already, amount to; `into` is their type."""
    parse = parser_for(into).parse
    for place, group in groupby(map(_Kept, kept), key=lambda each: each.place):
        if place is None:
            for each in group:
                yield parse(each.event)[0] if isinstance(each.event, bytes) else each.event
        else:
            yield parse(_text_delta(place, "".join(each.text for each in group)))[0]


class _Kept:
    """A kept event; `place` and `text` of a delta that does nothing but add to a text."""

    def __init__(self, event: Any) -> None:
        self.event = event
        self.place: Place | None = None
        self.text = ""
        if isinstance(event, bytes):
            self._look(pydantic_core.from_json(event))

    def _look(self, document: Any) -> None:
        match document:
            case {
                "event": "thread.message.delta",
                "data": {"id": str(id), "delta": {"content": [{"index": int(index), "type": "text"} as part]} as delta},
            } if len(delta) == 1 and len(part) == 3:
                match part.get("text"):
                    case {"value": str(text), **others} if not others.pop("annotations", None) and not others:
                        self.place, self.text = (id, index), text
                    case _:
                        pass
            case _:
                pass


def _text_delta(place: Place, text: str) -> bytes:
    content = [{"index": place[1], "type": "text", "text": {"value": text}}]
    data = {"id": place[0], "object": "thread.message.delta", "delta": {"content": content}}
    return json.dumps({"event": "thread.message.delta", "data": data}).encode()


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
        self._has_begun = False

    def feed(self, piece: bytes) -> Iterator[T]:
        """The typed events that a piece of the body completes, one by one: those before an error are not lost.

        Raises:
            RunStreamError: The server sent an error.
            APIResponseValidationError: An event cannot be read, or it is a page; in strict mode: an event deviates.
        """
        self._progress.started = True
        if not self._has_begun:
            self._has_begun = has_begun(piece, self._response, self._progress)
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
        name = name.strip()
        if name == "done" or data == DONE:
            self._progress.done = True
        elif name == "error":
            raise self._error(data)
        elif name and name != "message":
            prefix, names_itself = _prefix(name), _names_itself(name, data)
            is_delta = name.endswith(".delta") and not names_itself
            if is_delta and len(name) <= MAX_NAME and len(self._prefixes) < MAX_PREFIXES:
                self._prefixes[name.encode()] = prefix
            if data.strip():
                yield self._progress.add(self._parse(name, data if names_itself else prefix + data + b"}", data))
        elif data.strip():
            name, document = self._inside(data)
            if name == "done":
                self._progress.done = True
            elif name:
                yield self._progress.add(self._parse(name, document, data))

    def _parse(self, name: str, document: bytes, data: bytes) -> T:
        try:
            value, deviations = self._parser.parse(document, strict=self._strict)
        except Unparsable as error:
            with suppress(Unparsable):
                return self._as_text(name, data)
            hidden, shown = Quotes(self._response).hidden, without_quotes(error, self._response)
            message = f"An event ({one_line(hidden(name), SHOWN_OF_A_NAME)}) of the stream cannot be read: {shown}"
            body = hidden(data).decode("utf-8", "replace")
            raise APIResponseValidationError(self._response, body, message=message, errors=shown.errors) from None
        if deviations:
            log_deviations(f"The event {name}", deviations)
            if isinstance(value, BaseModel):
                annotate(value, None, deviations)
        return cast("T", value)

    def _as_text(self, name: str, data: bytes) -> T:
        """An event that the API does not have may hold plain text, as the pings of some servers do.

        Raises:
            Unparsable: The API has it, or its data are not plain text.
        """
        if name.startswith("thread.") or _is_json(data):
            raise Unparsable(())
        text = json.dumps(data.decode("utf-8", "replace")).encode()
        return cast("T", self._parser.parse(_prefix(name) + text + b"}", strict=True)[0])

    def _inside(self, data: bytes) -> tuple[str, bytes]:
        """Name and JSON of an event without an `event:` line: the name stands in the data, or the object tells it. No
        name: the data say nothing.

        Raises:
            RunStreamError: They are an error.
        """
        try:
            document: object = read_json(data)
        except ValueError:
            raise self._error(data) from None
        if not document:
            return "", data
        name = self._name_in(document) if is_mapping(document) else None
        if name is None or name == "error" or not is_mapping(document):
            raise self._error(data)
        if document.get("event") is None:
            inner = data if "data" not in document else json.dumps(document["data"]).encode()
        elif "data" in document or len(document) == 1:
            return name, data
        else:
            inner = json.dumps({key: value for key, value in document.items() if key != "event"}).encode()
        return name, _prefix(name) + inner + b"}"

    def _name_in(self, document: Mapping[str, object]) -> str | None:
        """The name of an event by its data: what they call it, else what their object is and how it stands."""
        if document.get("event") is not None:
            return str(document["event"])
        named, kind, status = (_text(document.get(field)) for field in ("type", "object", "status"))
        if named is not None and "data" in document and named.startswith("thread."):
            return named
        if kind is None or not kind.startswith("thread"):
            return None
        if kind == "thread" or (
            status in BEGINNINGS and (f"{kind}.created", str(document.get("id"))) not in self._progress.seen
        ):
            return f"{kind}.created"
        return kind if status is None else f"{kind}.{status}"  # a delta has none

    def _error(self, data: bytes) -> RunStreamError:
        data = Quotes(self._response).hidden(data)
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


def _prefix(name: str) -> bytes:
    """What stands before the data of an event, to make one object of its name and them."""
    return b'{"event":' + json.dumps(name).encode() + b',"data":'


def _names_itself(name: str, data: bytes) -> bool:
    """Whether the data of an event repeat its name and have the object below it."""
    if b'"event"' not in data:
        return False
    document = _document(data)
    return is_mapping(document) and document.get("event") == name and "data" in document


def has_begun(piece: bytes, response: httpx.Response, progress: Progress) -> bool:
    """Whether a piece at the beginning of a body has more than blanks.

    Raises:
        APIResponseValidationError: It is the beginning of a page, or an error, and no event came before it.
    """
    text = piece.removeprefix(codecs.BOM_UTF8).lstrip()
    # No line of a stream begins so, whatever content type the server gives its streams.
    if not progress.count and (text.startswith(b"<") or (text.startswith(b"{") and is_error(_document(text)))):
        raise no_stream(response, text)
    return bool(text)


def decoded(decode: Callable[[bytes], list[Decoded]], piece: bytes, response: httpx.Response) -> list[Decoded]:
    """The events that a piece of a response completes.

    Raises:
        APIResponseValidationError: There is no end to one.
    """
    try:
        return decode(piece)
    except EventTooLarge as error:
        raise APIResponseValidationError(response, None, message=str(error)) from None


def _document(data: bytes) -> object:
    """What JSON says; None if it is none."""
    try:
        return read_json(data)
    except ValueError:
        return None


def _is_json(data: bytes) -> bool:
    try:
        read_json(data)
    except ValueError:
        return False
    return True
