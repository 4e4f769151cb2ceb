"""Bodies of answers: whatever a server sends, a call gives a typed result or an exception of ours."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import httpx
import pytest
from hypothesis import given, note, strategies as st

from openai_assistants import APIError, BaseModel, OpenAIError
from tests.operations.sampler import full, minimal
from tests.operations.spec import answer_schema, request_schema
from tests.operations.table import BY_ID, ROWS, Row
from tests.operations.test_requests import FORMS, arguments_of
from tests.unit.support import Flavour

from .damage import changed, changes, damaged, encoded, encodings, on_bytes, types, written
from .support import Rig, Said, awaited, examine, flavours, fuzzed, mostly_sync, outcome

# On trio the HTTP library leaves its own async generators to the garbage collector when it cannot decode a body.
pytestmark = pytest.mark.filterwarnings(r"ignore:Async generator 'httpx\.:ResourceWarning")

JSON_ROWS = [row for row in ROWS if row.answer != "binary"]


@cache
def samples(name: str) -> list[Any]:
    """Good answers of an operation."""
    schema = answer_schema(BY_ID[name])
    return [*full(schema), *minimal(schema)]


@cache
def arguments(name: str) -> dict[str, Any]:
    """What the method must be given."""
    row = BY_ID[name]
    body = FORMS.get(row.operation, {})
    if row.request == "json":
        body = arguments_of(row, minimal(request_schema(row))[0])
    return {**dict.fromkeys(row.path_arguments, "an id"), **body}


def answering(body: bytes, kind: str | None, encoding: str | None, status: int = 200) -> Any:
    """Always the same answer."""
    content, headers = encoded(body, encoding)
    if kind is not None:
        headers["content-type"] = kind

    def answer(request: httpx.Request) -> httpx.Response:
        # As a stream, so that httpx decodes it where it decodes answers from the network.
        raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        return httpx.Response(status, headers=raw, stream=httpx.ByteStream(content))

    return answer


@pytest.fixture(scope="module")
def rig() -> Rig:
    """Clients for all cases."""
    return Rig()


bodies = st.tuples(st.integers(0, 9999), changes, on_bytes)
rows = st.sampled_from(JSON_ROWS)


def body_of(row: Row, how: Any) -> bytes:
    """The body of an answer, made bad."""
    which, wanted, bytewise = how
    good = samples(row.id)
    return damaged(written(changed(good[which % len(good)], wanted)).encode(), bytewise)


@fuzzed(600, 60_000)
@given(rows, bodies, types, encodings, mostly_sync, st.booleans())
def test_any_body(
    rig: Rig, row: Row, how: Any, kind: str | None, encoding: str | None, flavour: Flavour, strict: bool
) -> None:
    body = body_of(row, how)
    note(Said(row.id, body, kind, encoding, flavour.name, strict))
    answer = answering(body, kind, encoding)

    def call(strict: bool) -> Any:
        client = rig.client(flavour, strict=True) if strict else rig.client(flavour)
        return examine(outcome(rig, answer, flavour, lambda: row.bound(client)(**arguments(row.id))))

    value = call(strict)
    if isinstance(value, OpenAIError):
        assert isinstance(value, APIError)
        return
    if strict:
        assert not value.deviations
    if not value.deviations and body:
        assert same(value.to_dict(), json.loads(body)), "what came is not what was sent, and nothing was said"


def same(given: Any, sent: Any) -> bool:
    """Whether data is as it was sent. Numbers that JSON does not have may have become nothing."""
    one, other = (json.loads(json.dumps(value), parse_constant=lambda _: None) for value in (given, sent))
    return bool(one == other)


THREAD = BY_ID["getThread"]
READERS = ("content", "text", "json", "parse", "to dict", "to str", "bytes", "pieces", "characters", "lines", "file")


@fuzzed(300, 20_000)
@given(bodies, types, encodings, flavours, st.sampled_from(["raw", "streamed", "file"]), st.sampled_from(READERS))
def test_any_body_with_raw_access(
    rig: Rig, how: Any, kind: str | None, encoding: str | None, flavour: Flavour, way: str, reader: str
) -> None:
    body = body_of(THREAD, how)
    note(Said(body, kind, encoding, flavour.name, way, reader))
    client = rig.client(flavour)
    threads = client.beta.threads

    def read(response: Any) -> Any:
        """What a reader gives; to be awaited or iterated over, perhaps."""
        match reader:
            case "text":
                return response.text() if way == "streamed" else response.text
            case "json":
                return response.json()
            case "parse" if way != "file":
                return response.parse()
            case "to dict" if way != "file":
                return response.parse(to=dict[str, Any])
            case "to str" if way != "file":
                return response.parse(to=str)
            case "bytes" if way != "raw":
                return response.iter_bytes()
            case "pieces" if way != "raw":
                return response.iter_bytes(7)
            case "characters" if way == "streamed":
                return response.iter_text(5)
            case "lines" if way == "streamed":
                return response.iter_lines()
            case "file":
                return repr(response)
        return response.read()

    def blocking() -> Any:
        if way == "file":
            return collected(read(client.files.content("file_1")))
        if way == "raw":
            return collected(read(threads.with_raw_response.retrieve("thread_1")))
        with threads.with_streaming_response.retrieve("thread_1") as response:
            return collected(read(response))

    async def awaiting() -> Any:
        if way == "file":
            return collected(read(await client.files.content("file_1")))
        if way == "raw":
            return collected(read(await threads.with_raw_response.retrieve("thread_1")))
        async with threads.with_streaming_response.retrieve("thread_1") as response:
            value = await awaited(read(response))
            return [each async for each in value] if hasattr(value, "__anext__") else value

    try:
        value = outcome(rig, answering(body, kind, encoding), flavour, awaiting if flavour.is_async else blocking)
    except ValueError as error:
        assert reader == "json" and not isinstance(error, UnicodeError), error
        return
    if isinstance(value, (OpenAIError, BaseModel)):
        examine(value)
    elif isinstance(value, list) and reader != "json":
        assert all(isinstance(each, (str, bytes)) for each in value)
    elif encoding in (None, "true gzip", "identity") and isinstance(value, bytes):
        assert value == body


def collected(value: Any) -> Any:
    """All pieces, where there are pieces."""
    return list(value) if hasattr(value, "__next__") else value
