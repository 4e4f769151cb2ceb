"""What answers say about a server, and what that means for a program. No I/O."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from openai_assistants import (
    APIStatusError,
    APITimeoutError,
    BaseModel,
    NotFoundError,
    NotSupportedByServerError,
    OpenAIError,
    UnknownValue,
    UnknownVariant,
)
from openai_assistants._basics import is_dict, is_list, is_mapping
from openai_assistants._deviations import as_timestamp, kind_of_value
from openai_assistants._events import DONE, FINAL_STATUSES
from openai_assistants._pagination import NO_IDS
from openai_assistants._sse import ServerSentEvent, SSEDecoder

from .checks import UNKNOWN, Finding, Verdict

if TYPE_CHECKING:
    from openai_assistants import Deviation

_SHOWN = 60
_INDEX = re.compile(r"\[\d+\]")
_TIME = "Input should be a time"
_MISSING = "Field required"

NOT_FOUND, SERVER_ERROR, UNAUTHORIZED = 404, 500, (401, 403)
MAY_REFUSE = (400, 403, 409, 422)
"""Statuses with which an operation refuses a request, so that there is one."""

TIMES = "Times come in another form (fractions, milliseconds or text); the client gives whole seconds all the same."

_PREFIXES = MappingProxyType(
    {"assistant": "asst_", "thread": "thread_", "message": "msg_", "run": "run_", "file": "file-", "store": "vs_"}
)
API_ERROR = '{"error": {"message": ..}}'

MAX_BYTES = 8 << 20
"""How much of a stream is looked at."""

_RUN_ENDS = {f"thread.run.{status}" for status in FINAL_STATUSES}
_ENDS = {
    "thread.message": ("completed", "incomplete"),
    "thread.run.step": ("completed", "failed", "cancelled", "expired"),
}


def short(value: object) -> str:
    """A value on one line, cut where it gets long."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


# ---- errors ----


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a failed call says of its operation."""

    verdict: Verdict
    said: str
    findings: list[Finding] = field(default_factory=list[Finding])


def of_error(
    operation: str, error: OpenAIError, *, unknown_id: bool, may_be_late: bool = False, absent: bytes | None = None
) -> Judgement:
    """What an error says.

    Args:
        operation: What was called.
        error: What was raised.
        unknown_id: Whether the call named something that does not exist, so that it had to fail.
        may_be_late: Whether the call would stop what may have ended.
        absent: What the server says of a path that cannot exist, if it was asked.
    """
    if isinstance(error, APITimeoutError):
        return Judgement("fails", "no answer in time")
    if not isinstance(error, APIStatusError):
        return Judgement("fails", one_line(str(error)))
    said = one_line(error.message)
    content, status = error.response.content, error.status_code
    if isinstance(error, NotSupportedByServerError):
        if not (unknown_id and isinstance(error, NotFoundError) and _says_something_else(content, absent)):
            return Judgement("missing", without_advice(said))
        means = (
            "Its 404s have no JSON object, so the client takes a missing object for a missing endpoint and raises "
            "NotSupportedByServerError, which is a NotFoundError, too."
        )
        looks_alike = Finding("errors", "", API_ERROR, "text", means)
        return Judgement("answers", "404 for an unknown id, as text", [looks_alike])
    if status in UNAUTHORIZED:
        return Judgement("fails", said)
    findings = [found] if (found := error_form(content)) is not None else []
    if unknown_id and status == NOT_FOUND:
        return Judgement("answers", "404 for an unknown id, as it should", findings)
    if unknown_id and status >= SERVER_ERROR:
        means = (
            f"What does not exist is answered with status {status}: programs get InternalServerError, after some "
            "repeated attempts, instead of NotFoundError."
        )
        findings.append(Finding(operation, "", "404 for an unknown id", short(said), means))
        return Judgement("fails", f"{status} for an unknown id", findings)
    if unknown_id and status in MAY_REFUSE:
        return Judgement("answers", f"{status} for an unknown id", findings)
    if may_be_late and status in MAY_REFUSE:
        return Judgement("answers", f"{status}: what it would stop has ended", findings)
    if status >= SERVER_ERROR:
        means = f"{operation} fails with status {status}, which the client repeats twice before it raises."
        findings.append(Finding(operation, "", "a good answer", short(said), means))
    return Judgement("fails", said, findings)


def of_too_much(operation: str) -> Finding:
    """What it means that something is answered although it does not exist."""
    means = "What does not exist is answered as if it did: programs never get NotFoundError."
    return Finding(operation, "", "404 for an unknown id", "a good answer", means)


def error_form(content: bytes) -> Finding | None:
    """What is odd about the body of an error."""
    body: object
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        body = None
    if is_mapping(body) and is_mapping(body.get("error")) and body["error"].get("message"):
        return None
    if is_mapping(body):
        means = "error.code, error.param and error.type are None or odd; error.message has what the server says."
    elif content:
        means = "Errors are no JSON: error.code, error.param and error.type are None."
    else:
        means = "Errors have no body: nothing says why a call failed."
    got = short(_keys_only(body)) if is_mapping(body) else "text" if content else "nothing"
    return Finding("errors", "", API_ERROR, got, means)


def _keys_only(body: Mapping[str, object]) -> str:
    """The form of an error, without its words, so that the same form is found once."""
    return "{" + ", ".join(f'"{key}": {_kind(value)}' for key, value in body.items()) + "}"


def _kind(value: object) -> str:
    if is_dict(value):
        return "{..}"
    return "[..]" if is_list(value) else '".."' if isinstance(value, str) else json.dumps(value)


def one_line(text: str) -> str:
    """A message without line breaks and without the request's id."""
    return re.sub(r" \(request \S+\)$", "", " ".join(text.split()))


def without_advice(said: str) -> str:
    """The server's words of a message about a missing endpoint: the table says the rest."""
    return re.sub(r" \[\w+: [A-Z]+ .*", "", said)


def _says_something_else(content: bytes, absent: bytes | None) -> bool:
    """Whether a 404 is about the object, not about the path. Text alone does not tell, but it can be compared with what
    the server says of a path that cannot exist."""
    try:
        if is_mapping(json.loads(content)):
            return False
    except (ValueError, RecursionError):
        pass
    return absent is not None and _without_names(content) != _without_names(absent)


def _without_names(content: bytes) -> str:
    text = content.decode("utf-8", "replace")
    return re.sub(r"/[\w\-./%]*|\b(?:GET|POST|DELETE)\b|" + "|".join(UNKNOWN.values()), "#", text)


# ---- deviations ----


def of_deviations(where: str, deviations: Iterable[Deviation]) -> list[Finding]:
    """What the deviations of an answer or event mean."""
    return [_of_deviation(where, each) for each in deviations if each.path]


def _of_deviation(where: str, deviation: Deviation) -> Finding:
    path, got = _INDEX.sub("[*]", deviation.path), deviation.got
    name = path.rpartition("].")[2].removeprefix("data.")
    if deviation.expected.startswith(_TIME):
        mended = isinstance(as_timestamp(got), int)
        means = TIMES if mended else f"{name} is no time, although its type says so."
        return Finding(where, path, "whole seconds since 1970", _form_of_time(got), means, noticed=not mended)
    if deviation.expected == _MISSING:
        return Finding(where, path, "a value", "left out", f"{name} is None, although its type may say otherwise.")
    means = f"{name} is as the server sent it, not what its type says."
    return Finding(where, path, deviation.expected, _form(got), means)


def _form_of_time(got: object) -> str:
    if isinstance(got, str):
        return "ISO text" if isinstance(as_timestamp(got), int) else "text"
    if isinstance(got, float):
        return "a fraction"
    return "milliseconds" if isinstance(got, int) else _form(got)


def _form(got: object) -> str:
    """What kind of value it is. Not the value itself: it may be anybody's data."""
    kinds: dict[type, str] = {bool: "a boolean", int: "an integer", float: "a number", str: "text", type(None): "null"}
    return (
        "a list" if is_list(got) else "an object" if is_dict(got) else kinds.get(kind_of_value(got), "something else")
    )


# ---- what is new ----


def of_id(operation: str, name: str, id: str) -> Iterator[Finding]:
    """Whether an id has the form of the API's own."""
    prefix = _PREFIXES.get(name, "")
    if not id.startswith(prefix):
        means = "Ids have another form: programs that look at the beginning of an id do not understand them."
        yield Finding(operation, "id", f"{prefix}..", "another form", means, noticed=False)


def of_unknown(where: str, value: object, path: str = "") -> Iterator[Finding]:
    """The values and types in an answer that the API does not have."""
    if isinstance(value, UnknownVariant):
        means = "Objects of types that the API does not have are read as Unknown... objects, with all their fields."
        yield Finding(
            where, path, "a type that the API has", short(getattr(value, "type", "another")), means, noticed=False
        )
    elif isinstance(value, UnknownValue):
        means = "Values that the API does not have are read as UnknownValue, which is a plain string."
        yield Finding(where, path, "a value that the API has", short(str(value)), means, noticed=False)
    elif isinstance(value, BaseModel):
        for name, inner in vars(value).items():
            yield from of_unknown(where, inner, f"{path}.{name}" if path else name)
    elif is_list(value):
        for inner in value:
            yield from of_unknown(where, inner, f"{path}[*]")


# ---- lists ----


@dataclass(frozen=True, slots=True)
class Listed:
    """A list as it came, and how it went on."""

    document: Mapping[str, Any]
    ids: list[str]
    whole: bool
    """Whether lists of this kind always come whole, so that nothing is said of more."""
    bare: bool
    following: list[str] | None = None
    """The ids of the next page, if there was to be one."""
    failure: str | None = None
    """Why it could not be got."""


def of_list(operation: str, listed: Listed, limit: int | None) -> list[Finding]:
    """What is odd about a list."""
    found: list[Finding] = []

    def add(path: str, expected: str, got: str, means: str, *, noticed: bool = True) -> None:
        found.append(Finding(operation, path, expected, got, means, noticed))

    document, ids = listed.document, listed.ids
    if listed.bare:
        means = (
            "Lists come as bare arrays: page.has_more, page.first_id and page.last_id are None, and lists are read to "
            "their end by asking for one page more."
        )
        add("", "an object with data", "a bare array", means)
    elif not listed.whole:
        if document.get("has_more") is None:
            means = "Lists do not say whether there is more: page.has_more is None; iterating asks for one page more."
            add("has_more", "true or false", "left out", means)
        if document.get("object") != "list":
            means = "page.object has another name, which few programs look at."
            add("object", '"list"', short(document.get("object")), means, noticed=False)
        for name, of_item in (("first_id", ids[:1]), ("last_id", ids[-1:])):
            expected = of_item[0] if of_item else None
            if document.get(name) != expected and (expected or document.get(name) not in (None, "")):
                got = "left out" if document.get(name) in (None, "") else short(document[name])
                means = "page.first_id and page.last_id are no ids of items; the client goes on by the items' own ids."
                add(name, "an item's id", got if got in ("left out", *NO_IDS) else "another", means)
    if limit is not None and len(ids) > limit:
        add("data", "as many items as limit says", "more", "limit is ignored: pages are larger.", noticed=False)
    if listed.failure is not None:
        means = "A second page cannot be got: only the first page of a list can be read."
        add("data", "a second page", short(listed.failure), means)
    elif listed.following is not None and listed.following == ids:
        means = "after is ignored: the same page comes again, and iteration ends there with a warning, perhaps early."
        add("data", "a second page", "the first one again", means)
    elif listed.following == [] and document.get("has_more"):
        means = "has_more is true of the last page: iterating asks for one page more."
        add("has_more", "false on the last page", "true", means, noticed=False)
    return found


# ---- streams ----


@dataclass(slots=True)
class Frames:
    """The events of a stream as they were sent."""

    events: list[tuple[str, Any]] = field(default_factory=list[tuple[str, Any]])
    """Names and objects; of what is no JSON the text."""
    unnamed: int = 0
    """How many had their name in the data."""
    done: bool = False
    numbered: bool = False

    def names(self) -> list[str]:
        """The names in order."""
        return [name for name, _ in self.events]


def frames_of(body: bytes) -> Frames:
    """Decode a body."""
    decoder, frames = SSEDecoder(), Frames()
    found = decoder.feed(body)
    pending = decoder.finish()
    for event in [*found, *([pending] if pending is not None else [])]:
        _add(frames, event)
    frames.numbered = bool(decoder.last_event_id)
    return frames


def _add(frames: Frames, event: ServerSentEvent) -> None:
    if event.data == DONE or event.event == "done":
        frames.done = True
        return
    try:
        data: object = json.loads(event.data)
    except (ValueError, RecursionError):
        data = event.data.decode("utf-8", "replace")
    name = event.event
    if name in ("", "message"):
        frames.unnamed += 1
        name = "error"
        if is_mapping(data) and isinstance(data.get("event"), str):
            name, data = data["event"], data.get("data")
    if data != "":
        frames.events.append((name, data))


def of_stream(content_type: str, body: bytes) -> Iterator[Finding]:
    """What is odd about the answer to a run that was to be streamed."""
    if content_type.startswith("application/json"):
        means = "Runs are polled, because the server does not stream: the text comes in one piece, at the end."
        yield Finding("stream", "", "text/event-stream", content_type, means)
        return
    frames = frames_of(body)
    names = frames.names()
    if not frames.events:
        yield Finding("stream", "", "events", "none", "Streams are empty: the client fetches the run instead.")
        return
    if frames.unnamed:
        means = "The names of events stand in their data; the client reads both forms, other programs may not."
        yield Finding("stream", "", "event: lines", "names in the data", means, noticed=False)
    if not frames.done:
        means = "Streams just end; the client looks at the run where that leaves a doubt."
        yield Finding("stream", "", "event: done", "left out", means, noticed=False)
    yield from _errors(frames)
    yield from _order(frames.events, names)
    yield from _ends(frames.events, names)


def _errors(frames: Frames) -> Iterator[Finding]:
    if "error" in frames.names():
        yield Finding("stream", "", "no error", "an error", "Streams report errors: iterating raises RunStreamError.")


def _order(events: list[tuple[str, Any]], names: list[str]) -> Iterator[Finding]:
    seen: set[tuple[str, str]] = set()
    early: set[str] = set()
    twice: set[str] = set()
    strange: set[str] = set()
    for name, data in events:
        kind, _, what = name.rpartition(".")
        key = kind, str(data.get("id")) if is_mapping(data) else ""
        if what == "created":
            twice |= {name} if key in seen else set()
            seen.add(key)
        elif what == "delta" and key not in seen:
            early.add(name)
        elif name == "thread.message.in_progress" and key not in seen:
            strange.add(name)
    for name in sorted(twice):
        yield Finding(name, "", "once", "twice for the same object", "Events come twice, and programs get both.")
    for name in sorted(early):
        means = "Deltas come before their object was created; handlers get a snapshot made from them."
        yield Finding(name, "", "after the object was created", "before", means, noticed=False)
    for name in sorted(strange):
        means = "An event is about a message that does not exist; some servers tell of tokens this way."
        yield Finding(name, "", "a message that was created", "another", means)
    if "thread.run.requires_action" in names and _RUN_ENDS & set(names):
        means = "A run that waits for tool outputs is also said to have ended: trust run.status, not the event."
        yield Finding("thread.run.requires_action", "", "the last event of the run", "another end after it", means)


def _ends(events: list[tuple[str, Any]], names: list[str]) -> Iterator[Finding]:
    if not _RUN_ENDS & set(names) and "thread.run.requires_action" not in names:
        means = "The end of a run is left out of its stream: the client fetches the run and makes the missing events."
        yield Finding("stream", "", "thread.run.completed", "left out", means, noticed=False)
    for kind, ends in _ENDS.items():
        if kind == "thread.run.step" and "thread.run.requires_action" in names:
            continue  # it ends in the stream of the outputs
        created = {str(data.get("id")) for name, data in events if name == f"{kind}.created" and is_mapping(data)}
        ended = {
            str(data.get("id"))
            for name, data in events
            if name in {f"{kind}.{end}" for end in ends} and is_mapping(data)
        }
        if created - ended:
            means = "Events that end messages or steps are left out: the client makes them at the end of the run."
            yield Finding("stream", "", f"{kind}.{ends[0]}", "left out", means, noticed=False)
    if not any(name.endswith(".delta") for name in names):
        yield Finding("stream", "", "thread.message.delta", "left out", "The text comes in one piece, at the end.")
