"""What each method sends: method, path, query, headers and body, as the table and the specs have it."""

from __future__ import annotations

import io
import json
import re
import uuid
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest

from openai_assistants import omit
from openai_assistants.types.beta import Assistant, Thread
from openai_assistants.types.beta.threads import Message as ThreadMessage, Run

from .flavours import BASE_PATH, FLAVOURS, KEY, Answer, Flavour, Outcome, answered, answered_by_events
from .sampler import full, minimal
from .spec import allows_null, answer_schema, argument_schema, errors_of, operation, request_schema, schema_named
from .table import BY_ID, ROWS, Row

AWKWARD = "a/b c?d#e%41+&=ä:;@,$~..😀"
AWKWARD_IN_PATHS = "a%2Fb%20c%3Fd%23e%2541%2B%26%3D%C3%A4%3A%3B%40%2C%24~..%F0%9F%98%80"
"""The same, percent-encoded by hand."""

CONTENT = b"\x00\r\n--boundary\r\n\xff"

FORMS: dict[str, dict[str, Any]] = {
    "createFile": {"file": CONTENT, "purpose": "vision"},
    "addUploadPart": {"data": CONTENT},
}
"""Arguments that operations with forms need."""

each_flavour = pytest.mark.parametrize("flavour", FLAVOURS, ids=str)


def each_row(*rows: Row) -> pytest.MarkDecorator:
    """Parametrize by rows."""
    return pytest.mark.parametrize("row", rows, ids=lambda row: row.id)


def answer_to(row: Row) -> Answer:
    """A good answer, in events where they are asked for."""
    if row.answer == "binary":
        return answered(b"", binary=True)
    body = minimal(answer_schema(row))[0]

    def answer(request: httpx.Request) -> httpx.Response:
        if row.streams and json.loads(request.content).get("stream"):
            return answered_by_events(("thread.run.completed", {**body, "status": "completed"}))(request)
        return answered(body)(request)

    return answer


def ids_of(row: Row) -> dict[str, str]:
    """An id for each path argument, with characters that must be encoded."""
    return {name: f"{name} {AWKWARD}" for name in row.path_arguments}


def queries_of(row: Row) -> Iterator[dict[str, Any]]:
    """Query arguments, all of them, as often as it takes to have every listed value."""
    columns = {name: [v for v in full(argument_schema(row, name), name) if v != []] for name in row.query}
    for index in range(max(map(len, columns.values()), default=1)):
        yield {name: column[index % len(column)] for name, column in columns.items()}


def bodies_of(row: Row) -> list[dict[str, Any]]:
    """Bodies with all fields under their wire names."""
    return full(request_schema(row)) if row.request == "json" else [{}]


def arguments_of(row: Row, body: dict[str, Any]) -> dict[str, Any]:
    """A body as arguments."""
    return {argument: body[wire] for argument, wire in row.body.items() if wire in body}


def send(flavour: Flavour, row: Row, arguments: dict[str, Any]) -> Outcome:
    """Call the method; the first path argument by position."""
    positional = [arguments[name] for name in row.path_arguments[:1]]
    named = {name: value for name, value in arguments.items() if name not in row.path_arguments[:1]}
    return flavour.call(answer_to(row), lambda client: row.bound(client)(*positional, **named))


def calling(row: Row, arguments: dict[str, Any]) -> Callable[[Any], Any]:
    """A function that calls the method of a client."""
    return lambda client: row.bound(client)(**arguments)


def query_pairs(request: httpx.Request) -> list[tuple[str, str]]:
    """The query as the server reads it."""
    query = request.url.query.decode("ascii")
    return parse_qsl(query, keep_blank_values=True, strict_parsing=True) if query else []


def expected_pairs(row: Row, query: dict[str, Any]) -> list[tuple[str, str]]:
    """Pairs for query arguments; lists once for each item."""
    return [
        (row.query[name], str(item))
        for name, value in query.items()
        for item in (value if isinstance(value, list) else [value])
    ]


def expected_path(row: Row) -> bytes:
    """The path with the encoded ids of `ids_of`."""
    path = row.path
    for name in row.path_arguments:
        path = path.replace(f"{{{name}}}", f"{name}%20{AWKWARD_IN_PATHS}")
    return BASE_PATH + path.encode()


def check_head(row: Row, request: httpx.Request) -> None:
    """Method, path and headers."""
    assert request.method == row.method
    assert request.url.raw_path.partition(b"?")[0] == expected_path(row)
    assert request.url.host == "api.example"
    headers = request.headers
    assert headers.get_list("authorization") == [f"Bearer {KEY}"]
    assert headers.get_list("openai-beta") == ([row.beta] if row.beta else [])
    if row.method == "POST":
        (key,) = headers.get_list("idempotency-key")
        assert uuid.UUID(key).version == 4
    else:
        assert "idempotency-key" not in headers
    kinds = {"json": "application/json", "multipart": "multipart/form-data", "none": ""}
    assert headers.get("content-type", "").partition(";")[0] == kinds[row.request]
    if row.request == "none":
        assert request.content == b""


def check_body(row: Row, request: httpx.Request, body: dict[str, Any]) -> None:
    """The JSON body is exactly this one, and the specs allow it."""
    assert json.loads(request.content) == body
    assert errors_of(request_schema(row), json.loads(request.content)) == []


@each_flavour
@each_row(*(row for row in ROWS if row.request != "multipart"))
def test_every_argument(row: Row, flavour: Flavour) -> None:
    """In as many calls as it takes to send every kind of every argument."""
    queries, bodies = list(queries_of(row)), bodies_of(row)
    for index in range(max(len(queries), len(bodies))):
        query, body = queries[index % len(queries)], bodies[index % len(bodies)]
        request = send(flavour, row, {**ids_of(row), **query, **arguments_of(row, body)}).request
        check_head(row, request)
        assert query_pairs(request) == expected_pairs(row, query)
        if row.request == "json":
            check_body(row, request, body)
        wanted, *events = operation(row)["responses"]["200"]["content"]
        assert request.headers["accept"] == (events[0] if body.get("stream") else wanted)


@each_flavour
@each_row(*(row for row in ROWS if row.request != "multipart"))
def test_required_arguments_only(row: Row, flavour: Flavour) -> None:
    bodies = minimal(request_schema(row)) if row.request == "json" else [{}]
    for body in bodies:
        request = send(flavour, row, {**ids_of(row), **arguments_of(row, body)}).request
        check_head(row, request)
        assert query_pairs(request) == []
        if row.request == "json":
            assert set(row.required) == {*row.path_arguments, *body}
            check_body(row, request, body)


@each_flavour
@each_row(*(row for row in ROWS if row.request == "json"))
def test_none_is_sent_as_null_and_omit_is_not_sent(row: Row, flavour: Flavour) -> None:
    optional = [name for name in row.body if name not in row.required]
    nullable = [name for name in optional if allows_null(argument_schema(row, name))]
    body = minimal(request_schema(row))[0]
    given = {**ids_of(row), **arguments_of(row, body)}
    request = send(flavour, row, {**given, **dict.fromkeys(nullable)}).request
    check_body(row, request, {**body, **{row.body[name]: None for name in nullable}})
    request = send(flavour, row, {**given, **dict.fromkeys([*optional, *row.query], omit)}).request
    check_body(row, request, body)
    assert query_pairs(request) == []


@each_flavour
@each_row(*(row for row in ROWS if row.path_arguments))
def test_an_empty_or_missing_path_argument(row: Row, flavour: Flavour) -> None:
    body = minimal(request_schema(row))[0] if row.request == "json" else {}
    good = {**ids_of(row), **arguments_of(row, body), **FORMS.get(row.operation, {})}
    for name in row.path_arguments:
        for bad in ("", ".", ".."):
            arguments = {**good, name: bad}
            outcome = flavour.call(answer_to(row), calling(row, arguments), raises=ValueError)
            assert re.match(rf"{name}\b", str(outcome.error))
            assert outcome.requests == []
        missing = {key: value for key, value in good.items() if key != name}
        outcome = flavour.call(answer_to(row), calling(row, missing), raises=TypeError)
        assert f"'{name}'" in str(outcome.error)
        assert outcome.requests == []


@each_flavour
@each_row(*(row for row in ROWS if row.request == "json"))
def test_a_missing_body_argument_is_refused(row: Row, flavour: Flavour) -> None:
    good = {**ids_of(row), **arguments_of(row, minimal(request_schema(row))[0])}
    for name in set(row.required) - set(row.path_arguments):
        missing = {key: value for key, value in good.items() if key != name}
        outcome = flavour.call(answer_to(row), calling(row, missing), raises=TypeError)
        assert f"'{name}'" in str(outcome.error)
        assert outcome.requests == []


@each_flavour
@each_row(*ROWS)
def test_no_other_arguments_are_taken(row: Row, flavour: Flavour) -> None:
    body = minimal(request_schema(row))[0] if row.request == "json" else {}
    given = {**ids_of(row), **arguments_of(row, body), **FORMS.get(row.operation, {})}
    assert set(given) == set(row.required)
    for name in ("no_such_argument", "Limit", "include[]"):
        outcome = flavour.call(answer_to(row), calling(row, {**given, name: 1}), raises=TypeError)
        assert name in str(outcome.error)
        assert outcome.requests == []


# ---- multipart ------------------------------------------------------------------------------------------------------


def parts_of(request: httpx.Request) -> dict[str, Message]:
    """The parts of a multipart body by name, read by Python's own library."""
    head = f"content-type: {request.headers['content-type']}\r\n\r\n".encode()
    whole = message_from_bytes(head + request.content)
    assert whole.is_multipart()
    parts = [part for part in whole.get_payload() if isinstance(part, Message)]
    named = {str(part.get_param("name", header="content-disposition")): part for part in parts}
    assert len(named) == len(parts)
    return named


def content_of(part: Message) -> bytes:
    """The bytes of a part."""
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


PURPOSES = schema_named("FilePurpose")["enum"]


@each_flavour
@pytest.mark.parametrize("purpose", PURPOSES)
def test_upload_with_every_argument(flavour: Flavour, purpose: str) -> None:
    row = BY_ID["createFile"]
    arguments = {
        "file": ("näme.bin", CONTENT, "application/x-test"),
        "purpose": purpose,
        "expires_after": {"anchor": "created_at", "seconds": 3601},
    }
    assert set(arguments) == set(row.arguments)
    request = send(flavour, row, arguments).request
    check_head(row, request)
    parts = parts_of(request)
    fields = {name: content_of(part).decode() for name, part in parts.items() if name != "file"}
    assert fields == {"purpose": purpose, "expires_after[anchor]": "created_at", "expires_after[seconds]": "3601"}
    assert all(part.get_filename() is None for name, part in parts.items() if name != "file")
    assert parts["file"].get_content_type() == "application/x-test"
    assert content_of(parts["file"]) == CONTENT
    as_object = {
        "file": "",
        "purpose": fields["purpose"],
        "expires_after": {"anchor": fields["expires_after[anchor]"], "seconds": int(fields["expires_after[seconds]"])},
    }
    assert errors_of(request_schema(row), as_object) == []


@each_flavour
def test_upload_with_the_required_arguments_only(flavour: Flavour, tmp_path: Path) -> None:
    row = BY_ID["createFile"]
    path = tmp_path / "notes.txt"
    path.write_bytes(CONTENT)
    for file, name, kind in (
        (path, "notes.txt", "text/plain"),
        (CONTENT, "upload", "application/octet-stream"),
        (io.BytesIO(CONTENT), "upload", "application/octet-stream"),
        (("page.html", CONTENT), "page.html", "text/html"),
    ):
        request = send(flavour, row, {"file": file, "purpose": "assistants"}).request
        check_head(row, request)
        parts = parts_of(request)
        assert set(parts) == {"file", "purpose"}
        assert content_of(parts["purpose"]) == b"assistants"
        assert (parts["file"].get_filename(), parts["file"].get_content_type()) == (name, kind)
        assert content_of(parts["file"]) == CONTENT


@each_flavour
@pytest.mark.parametrize(
    ("operation_id", "name"), [("createFile", "file"), ("createFile", "purpose"), ("addUploadPart", "data")]
)
def test_upload_without_a_required_argument(flavour: Flavour, operation_id: str, name: str) -> None:
    row = BY_ID[operation_id]
    arguments = {**ids_of(row), **FORMS[operation_id]}
    del arguments[name]
    outcome = flavour.call(answer_to(row), calling(row, arguments), raises=TypeError)
    assert f"'{name}'" in str(outcome.error)
    assert outcome.requests == []


@each_flavour
def test_a_part_of_an_upload(flavour: Flavour, tmp_path: Path) -> None:
    row = BY_ID["addUploadPart"]
    path = tmp_path / "part.bin"
    path.write_bytes(CONTENT)
    for data, name, kind in (
        (CONTENT, "upload", "application/octet-stream"),
        (path, "part.bin", "application/octet-stream"),
        (io.BytesIO(CONTENT), "upload", "application/octet-stream"),
        (("näme.txt", CONTENT, "application/x-test"), "näme.txt", "application/x-test"),
    ):
        request = send(flavour, row, {**ids_of(row), "data": data}).request
        check_head(row, request)
        parts = parts_of(request)
        assert set(parts) == {"data"} == set(row.body.values())
        assert content_of(parts["data"]) == CONTENT
        assert parts["data"].get_content_type() == kind
        assert f'; filename="{name}"\r\n'.encode() in request.content


# ---- results as arguments -------------------------------------------------------------------------------------------


@each_flavour
def test_results_may_stand_where_parameters_may(flavour: Flavour) -> None:
    """What came with one object goes into the next as it is: no field is added, none is lost."""
    for sample in full(schema_named("AssistantObject")):
        assistant = Assistant.model_validate(sample)
        request = send(
            flavour,
            BY_ID["createAssistant"],
            {
                "model": assistant.model,
                "tools": assistant.tools,
                "tool_resources": assistant.tool_resources,
                "metadata": assistant.metadata,
                "response_format": assistant.response_format,
            },
        ).request
        sent = ("model", "tools", "tool_resources", "metadata", "response_format")
        check_body(BY_ID["createAssistant"], request, {name: sample[name] for name in sent})
    for sample in full(schema_named("RunObject")):
        run = Run.model_validate(sample)
        request = send(
            flavour,
            BY_ID["createRun"],
            {
                "thread_id": "thread_id " + AWKWARD,
                "assistant_id": run.assistant_id,
                "tools": run.tools,
                "tool_choice": run.tool_choice,
                "truncation_strategy": run.truncation_strategy,
                "response_format": run.response_format,
            },
        ).request
        sent = ("assistant_id", "tools", "tool_choice", "truncation_strategy", "response_format")
        check_body(BY_ID["createRun"], request, {name: sample[name] for name in sent})
    for sample in full(schema_named("MessageObject")):
        # Attachments of a new message need both fields.
        message = ThreadMessage.model_validate(sample)
        attachments = message.attachments
        request = send(
            flavour,
            BY_ID["createMessage"],
            {"thread_id": "thread_id " + AWKWARD, "role": "user", "content": "x", "attachments": attachments},
        ).request
        check_body(
            BY_ID["createMessage"], request, {"role": "user", "content": "x", "attachments": sample["attachments"]}
        )
    for sample in full(schema_named("ThreadObject")):
        thread = Thread.model_validate(sample)
        request = send(flavour, BY_ID["createThread"], {"tool_resources": thread.tool_resources}).request
        check_body(BY_ID["createThread"], request, {"tool_resources": sample["tool_resources"]})
