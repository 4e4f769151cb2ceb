"""The methods themselves: their parameters and annotations, their docstrings, and the same in both clients."""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Iterator
from functools import cached_property
from operator import attrgetter
from types import FunctionType
from typing import Any

import pytest

import openai_assistants
from openai_assistants import AsyncOpenAI, Omit, OpenAI, omit
from openai_assistants.types import v1
from openai_assistants.types.beta.assistant_stream_event import AssistantStreamEvent

from .annotations import differences, members, method_hints
from .spec import EVENTS, VERSIONS, argument_schema, item_schema, prefix, resolved, schema_named
from .table import BY_ID, ROWS, Row
from .test_requests import each_row

WAITING = {"poll_interval_ms": omit, "max_wait_seconds": omit, "on_deadline": "raise", "on_interrupt": "leave"}
HANDLING = {"event_handler": None}
WAITING_FOR_FILE = {"poll_interval_ms": omit, "max_wait_seconds": omit, "on_deadline": "raise"}
WAITING_FOR_BATCH = {**WAITING_FOR_FILE, "on_interrupt": "leave"}
ANSWERING = {
    "tools": inspect.Parameter.empty,
    "response_format": omit,
    "max_rounds": 10,
    "max_concurrency": 5,
    "on_unknown_tool": "report",
    "on_tool_error": "report",
    "on_failure": "cancel",
}
V1_ANSWERING = {name: default for name, default in ANSWERING.items() if name != "response_format"}
FILE = {"file": inspect.Parameter.empty}
FILES = {"files": inspect.Parameter.empty, "max_concurrency": 5}
HELPERS: dict[str, tuple[str, dict[str, Any]]] = {
    "beta.threads.create_and_run_poll": ("createThreadAndRun", WAITING),
    "beta.threads.create_and_run_stream": ("createThreadAndRun", HANDLING),
    "beta.threads.runs.create_and_poll": ("createRun", WAITING),
    "beta.threads.runs.poll": ("getRun", WAITING),
    "beta.threads.runs.stream": ("createRun", HANDLING),
    "beta.threads.runs.create_and_stream": ("createRun", HANDLING),
    "beta.threads.runs.submit_tool_outputs_and_poll": ("submitToolOuputsToRun", WAITING),
    "beta.threads.runs.submit_tool_outputs_stream": ("submitToolOuputsToRun", HANDLING),
    "beta.v1.threads.create_and_run_poll": ("v1.createThreadAndRun", WAITING),
    "beta.v1.threads.create_and_run_stream": ("v1.createThreadAndRun", HANDLING),
    "beta.v1.threads.runs.create_and_poll": ("v1.createRun", WAITING),
    "beta.v1.threads.runs.poll": ("v1.getRun", WAITING),
    "beta.v1.threads.runs.stream": ("v1.createRun", HANDLING),
    "beta.v1.threads.runs.create_and_stream": ("v1.createRun", HANDLING),
    "beta.v1.threads.runs.submit_tool_outputs_and_poll": ("v1.submitToolOuputsToRun", WAITING),
    "beta.v1.threads.runs.submit_tool_outputs_stream": ("v1.submitToolOuputsToRun", HANDLING),
    "beta.v1.threads.runs.run_tools": ("v1.createRun", {**V1_ANSWERING, **HANDLING}),
    "beta.v1.threads.runs.run_tools_and_poll": (
        "v1.createRun",
        {**V1_ANSWERING, "poll_interval_ms": omit, "max_wait_seconds": omit},
    ),
    "beta.threads.runs.run_tools": ("createRun", {**ANSWERING, **HANDLING}),
    "beta.threads.runs.run_tools_and_poll": (
        "createRun",
        {**ANSWERING, "poll_interval_ms": omit, "max_wait_seconds": omit},
    ),
    "files.retrieve_content": ("downloadFile", {}),
    "files.wait_for_processing": ("retrieveFile", {"poll_interval": 5.0, "max_wait_seconds": 1800}),
    "vector_stores.files.create_and_poll": ("createVectorStoreFile", WAITING_FOR_FILE),
    "vector_stores.files.poll": ("getVectorStoreFile", WAITING_FOR_FILE),
    "vector_stores.files.upload": ("createVectorStoreFile", FILE),
    "vector_stores.files.upload_and_poll": ("createVectorStoreFile", {**FILE, **WAITING_FOR_FILE}),
    "vector_stores.file_batches.create_and_poll": ("createVectorStoreFileBatch", WAITING_FOR_BATCH),
    "vector_stores.file_batches.poll": ("getVectorStoreFileBatch", WAITING_FOR_BATCH),
    "vector_stores.file_batches.upload_and_poll": ("createVectorStoreFileBatch", {**FILES, **WAITING_FOR_BATCH}),
    "uploads.upload_file_chunked": (
        "createUpload",
        {
            **FILE,
            "filename": None,
            "bytes": None,
            "part_size": None,
            "md5": omit,
            "max_concurrency": 5,
        },
    ),
    "vector_stores.upload_files": (
        "createVectorStoreFileBatch",
        {**FILES, **WAITING_FOR_BATCH, "on_progress": None, "manifest": None},
    ),
}
"""Methods beside the operations: what they wrap, and keywords of their own with defaults."""

BY_POSITION = {
    "beta.threads.runs.poll": ("run_id", "thread_id"),
    "beta.v1.threads.runs.poll": ("run_id", "thread_id"),
    "files.wait_for_processing": ("id",),
    "vector_stores.files.create_and_poll": ("file_id", "vector_store_id"),
    "vector_stores.files.poll": ("file_id", "vector_store_id"),
    "vector_stores.files.upload": ("vector_store_id", "file"),
    "vector_stores.files.upload_and_poll": ("vector_store_id", "file"),
    "vector_stores.file_batches.poll": ("batch_id", "vector_store_id"),
    "vector_stores.file_batches.upload_and_poll": ("vector_store_id", "files"),
    "vector_stores.upload_files": ("vector_store_id", "files"),
    "uploads.upload_file_chunked": ("file",),
}
"""Helpers that have other positional arguments than their operation."""

FOUND_BY_THEMSELVES = {
    "vector_stores.files.upload": {"file_id"},
    "vector_stores.files.upload_and_poll": {"file_id"},
    "vector_stores.file_batches.upload_and_poll": {"files"},
    "vector_stores.upload_files": {"file_ids", "files"},
    "uploads.upload_file_chunked": {"filename", "bytes"},
}
"""Arguments of operations that helpers do not take."""

GUARDING = {"on_active_run": "error"}
RESUMING = {"resume": False}
OWN_OF_OPERATIONS: dict[str, dict[str, Any]] = {
    "createMessage": GUARDING,
    "createRun": {**GUARDING, **RESUMING},
    "createThreadAndRun": RESUMING,
    "submitToolOuputsToRun": RESUMING,
}
"""Keywords of ours that operations take, with defaults."""

OLDER_PLACES = {"beta.vector_stores": "vector_stores"}
"""Where programs find a resource that has moved, and where it is now."""

EVENT_CLASSES: dict[str, Any] = {"v1": v1.AssistantStreamEvent, "v2": AssistantStreamEvent}

CLIENTS = [OpenAI, AsyncOpenAI]


@pytest.fixture(scope="module")
def clients() -> dict[str, Any]:
    """Clients that are never used to send anything."""
    return {cls.__name__: cls(api_key="none", base_url="http://localhost:1/v1") for cls in CLIENTS}


each_client = pytest.mark.parametrize("client", [cls.__name__ for cls in CLIENTS])


def function_of(client: Any, path: str) -> Any:
    """The plain function of a method."""
    return attrgetter(path)(client).__func__


def present_place(path: str) -> str:
    """Where a resource or method is now."""
    for older, present in OLDER_PLACES.items():
        if path == older or path.startswith(f"{older}."):
            return present + path.removeprefix(older)
    return path


def parameters_of(function: Any) -> dict[str, inspect.Parameter]:
    """Parameters apart from `self` and the request options."""
    self, *rest, options = inspect.signature(function).parameters.values()
    assert self.name == "self"
    assert options.name == "options"
    assert options.kind is inspect.Parameter.VAR_KEYWORD
    assert options.annotation == "Unpack[RequestOptions]"
    return {parameter.name: parameter for parameter in rest}


def resources(client: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """All resources below a client, with their places."""
    names = {name for cls in type(client).__mro__ for name, item in vars(cls).items() if type(item) is cached_property}
    for name in sorted(names):
        resource = getattr(client, name)
        yield path + name, resource
        yield from resources(resource, f"{path}{name}.")


def methods(client: Any) -> dict[str, Any]:
    """All public methods of all resources."""
    return {
        f"{path}.{name}": item
        for path, resource in resources(client)
        for cls in type(resource).__mro__
        for name, item in vars(cls).items()
        if isinstance(item, FunctionType) and not name.startswith("_")
    }


@each_client
def test_there_are_the_operations_and_the_helpers_and_nothing_else(clients: dict[str, Any], client: str) -> None:
    found = set(methods(clients[client]))
    moved = {path for path in found if present_place(path) != path}
    assert found - moved == {row.client for row in ROWS} | set(HELPERS)
    places = tuple(f"{present}." for present in OLDER_PLACES.values())
    assert {present_place(path) for path in moved} == {path for path in found - moved if path.startswith(places)}


@each_client
def test_older_places_have_the_same_methods(clients: dict[str, Any], client: str) -> None:
    for older, present in OLDER_PLACES.items():
        one, other = (attrgetter(place)(clients[client]) for place in (older, present))
        assert type(one) is type(other)


@each_client
@each_row(*ROWS)
def test_parameters(clients: dict[str, Any], client: str, row: Row) -> None:
    function = function_of(clients[client], row.client)
    positional = set(row.path_arguments[:1])
    for variant in [function, *typing.get_overloads(function)]:
        parameters = parameters_of(variant)
        own = OWN_OF_OPERATIONS.get(row.operation, {})
        assert {name: parameters.pop(name).default for name in own} == own
        assert set(parameters) == set(row.arguments)
        for name, parameter in parameters.items():
            by_position = parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
            assert by_position == (name in positional)
            assert by_position or parameter.kind is inspect.Parameter.KEYWORD_ONLY
            stream_given = row.streams and name == "stream" and variant is not function
            if not stream_given:
                assert parameter.default is (inspect.Parameter.empty if name in row.required else omit)
    assert len(typing.get_overloads(function)) == (3 if row.streams else 0)


@each_client
@each_row(*ROWS)
def test_parameters_have_the_types_of_the_specs(clients: dict[str, Any], client: str, row: Row) -> None:
    hints = method_hints(function_of(clients[client], row.client))
    found = [
        difference
        for name in row.arguments
        for difference in differences(hints[name], argument_schema(row, name), result=False, place=name)
    ]
    assert found == []
    assert {name for name in row.arguments if Omit not in members(hints[name])} == set(row.required)


@each_client
@each_row(*ROWS)
def test_return_types(clients: dict[str, Any], client: str, row: Row) -> None:
    is_async = client == "AsyncOpenAI"
    function = function_of(clients[client], row.client)
    result = row.result_class()
    package: Any = openai_assistants
    wanted: Any
    stream = (package.AsyncStream if is_async else package.Stream)[EVENT_CLASSES[row.version]]
    if row.answer == "list" and is_async:
        page = package.AsyncCursorPage if row.has_cursor else package.AsyncPage
        wanted = package.AsyncPaginator[result, page[result]]
    elif row.answer == "list":
        wanted = (package.SyncCursorPage if row.has_cursor else package.SyncPage)[result]
    else:
        wanted = result | stream if row.streams else result
    assert method_hints(function)["return"] == wanted
    assert inspect.iscoroutinefunction(function) == (is_async and row.answer != "list")
    if row.streams:
        overloads = [method_hints(variant) for variant in typing.get_overloads(function)]
        assert [hints["return"] for hints in overloads] == [result, stream, result | stream]
        switches = [hints["stream"] for hints in overloads]
        assert switches == [
            typing.Literal[False] | Omit | None,
            typing.Literal[True],
            bool,
        ]
        needs = [inspect.signature(v).parameters["stream"].default for v in typing.get_overloads(function)]
        assert needs == [omit, inspect.Parameter.empty, inspect.Parameter.empty]


@each_client
@pytest.mark.parametrize("path", HELPERS)
def test_helpers_take_what_their_operation_takes(clients: dict[str, Any], client: str, path: str) -> None:
    operation, keywords = HELPERS[path]
    row = BY_ID[operation]
    own = parameters_of(function_of(clients[client], path))
    wrapped = parameters_of(function_of(clients[client], row.client))
    positional = BY_POSITION.get(path, row.path_arguments[:1])
    assert tuple(n for n, p in own.items() if p.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD) == positional
    assert {name: own.pop(name).default for name in keywords} == keywords
    renamed = {"file_id": "id"} if path == "files.wait_for_processing" else {}
    dropped = {"stream"} | FOUND_BY_THEMSELVES.get(path, set()) | (keywords.keys() & wrapped.keys())
    if path.endswith("_poll"):
        dropped.add("resume")
    expected = {renamed.get(name, name): p for name, p in wrapped.items() if name not in dropped}
    assert {name: (p.default, p.annotation) for name, p in own.items()} == {
        name: (p.default, p.annotation) for name, p in expected.items()
    }


def plain(annotation: str) -> str:
    """An annotation of the async client as the other one has it."""
    annotation = re.sub(r"AsyncPaginator\[\w+, Async(\w+\[\w+\])\]", r"Sync\1", annotation)
    return re.sub(r"\bAsync(Stream|Assistant\w+|HandlerT)\b", r"\1", annotation)


def plain_parameters(function: Any) -> list[inspect.Parameter]:
    """Parameters of the async client as the other one has them."""
    parameters = inspect.signature(function).parameters.values()
    return [p.replace(annotation=plain(p.annotation)) if p.name == "event_handler" else p for p in parameters]


def plain_doc(function: Any) -> str:
    """A docstring of the async client as the other one has it: there a list cannot be awaited."""
    doc = inspect.getdoc(function) or ""
    return doc.replace("Await it for the first page, or iterate over it", "Iterate over it")


def test_both_clients_are_the_same(clients: dict[str, Any]) -> None:
    blocking, awaiting = clients["OpenAI"], clients["AsyncOpenAI"]
    assert [path for path, _ in resources(blocking)] == [path for path, _ in resources(awaiting)]
    for (path, one), (_, other) in zip(resources(blocking), resources(awaiting), strict=True):
        assert "Async" + type(one).__name__ == type(other).__name__
        assert inspect.getdoc(type(one)) == inspect.getdoc(type(other)), path
        names = [name for name, item in vars(type(one)).items() if type(item) is cached_property]
        for name in names:
            assert inspect.getdoc(vars(type(one))[name]) == inspect.getdoc(vars(type(other))[name]), (path, name)
    ones, others = methods(blocking), methods(awaiting)
    assert list(ones) == list(others)
    for path, one in ones.items():
        other = others[path]
        assert inspect.getdoc(one) == plain_doc(other), path
        for first, second in zip([one, *typing.get_overloads(one)], [other, *typing.get_overloads(other)], strict=True):
            signatures = inspect.signature(first), inspect.signature(second)
            assert list(signatures[0].parameters.values()) == plain_parameters(second), path
            assert signatures[0].return_annotation == plain(signatures[1].return_annotation), path


@each_client
def test_docstrings(clients: dict[str, Any], client: str) -> None:
    """What it does in a sentence, how it is sent, every argument in a line."""
    operations = {row.client: row for row in ROWS}
    for path, function in methods(clients[client]).items():
        row = operations.get(present_place(path)) or BY_ID[HELPERS[present_place(path)][0]]
        doc = inspect.getdoc(function) or ""
        assert re.match(r"[A-Z][^\n]*\.\n", doc), path
        assert f"\n\n{row.method} {row.path}\n" in doc, path
        described = re.findall(r"^    (\w+): \S", doc.partition("Args:")[2].partition("Returns:")[0], re.MULTILINE)
        assert described == list(parameters_of(function)), path
        assert re.search(r"\nReturns:\n    \S", doc), path
        assert re.search(r"\nRaises:\n(    .+\n)*    APIStatusError: ", doc), path
    for path, resource in resources(clients[client]):
        assert re.fullmatch(r"[A-Z].*\.", inspect.getdoc(type(resource)) or "", re.DOTALL), path


# ---- types ----------------------------------------------------------------------------------------------------------


@each_row(*(row for row in ROWS if row.answer != "binary"))
def test_results_have_the_types_of_the_specs(row: Row) -> None:
    found = differences(row.result_class(), item_schema(row), result=True, place=row.operation)
    assert list(found) == []


@pytest.mark.parametrize("version", VERSIONS)
def test_events_have_the_types_of_the_specs(version: str) -> None:
    done = schema_named(f"{prefix(version)}DoneEvent")
    delivered = [ref for ref in schema_named(prefix(version) + EVENTS)["oneOf"] if resolved(ref) is not done]
    found = differences(EVENT_CLASSES[version], {"oneOf": delivered}, result=True, place="event")
    assert list(found) == []


PARAMS: dict[str, str] = {
    "types.beta.AssistantCreateParams": "createAssistant",
    "types.beta.AssistantUpdateParams": "modifyAssistant",
    "types.beta.AssistantListParams": "listAssistants",
    "types.beta.ThreadCreateParams": "createThread",
    "types.beta.ThreadUpdateParams": "modifyThread",
    "types.beta.ThreadCreateAndRunParams": "createThreadAndRun",
    "types.beta.threads.MessageCreateParams": "createMessage",
    "types.beta.threads.MessageUpdateParams": "modifyMessage",
    "types.beta.threads.MessageListParams": "listMessages",
    "types.beta.threads.RunCreateParams": "createRun",
    "types.beta.threads.RunUpdateParams": "modifyRun",
    "types.beta.threads.RunListParams": "listRuns",
    "types.beta.threads.RunSubmitToolOutputsParams": "submitToolOuputsToRun",
    "types.beta.threads.runs.StepListParams": "listRunSteps",
    "types.beta.threads.runs.StepRetrieveParams": "getRunStep",
    "types.v1.AssistantCreateParams": "v1.createAssistant",
    "types.v1.AssistantUpdateParams": "v1.modifyAssistant",
    "types.v1.AssistantListParams": "v1.listAssistants",
    "types.v1.AssistantFileCreateParams": "v1.createAssistantFile",
    "types.v1.AssistantFileListParams": "v1.listAssistantFiles",
    "types.v1.ThreadCreateParams": "v1.createThread",
    "types.v1.ThreadUpdateParams": "v1.modifyThread",
    "types.v1.ThreadCreateAndRunParams": "v1.createThreadAndRun",
    "types.v1.MessageCreateParams": "v1.createMessage",
    "types.v1.MessageUpdateParams": "v1.modifyMessage",
    "types.v1.MessageListParams": "v1.listMessages",
    "types.v1.MessageFileListParams": "v1.listMessageFiles",
    "types.v1.RunCreateParams": "v1.createRun",
    "types.v1.RunUpdateParams": "v1.modifyRun",
    "types.v1.RunListParams": "v1.listRuns",
    "types.v1.RunSubmitToolOutputsParams": "v1.submitToolOuputsToRun",
    "types.v1.StepListParams": "v1.listRunSteps",
    "types.FileCreateParams": "createFile",
    "types.FileListParams": "listFiles",
}
"""TypedDicts of arguments by where programs import them from."""


@pytest.mark.parametrize("path", PARAMS)
def test_argument_classes_have_the_arguments_and_types_of_the_specs(path: str) -> None:
    row = BY_ID[PARAMS[path]]
    cls = attrgetter(path)(openai_assistants)
    variants = typing.get_args(cls) if row.streams else (cls,)
    assert len(variants) == (2 if row.streams else 1)
    for variant in variants:
        hints = typing.get_type_hints(variant, include_extras=True)
        arguments = set(row.arguments) - set(row.path_arguments[:1])
        assert set(hints) == arguments
        needed = set(variant.__required_keys__) - ({"stream"} if row.streams else set())
        assert needed == set(row.required) - set(row.path_arguments[:1])
        found = [
            difference
            for name in arguments - {"stream"}
            for difference in differences(hints[name], argument_schema(row, name), result=False, place=name)
        ]
        assert found == []
