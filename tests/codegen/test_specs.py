"""Our specs as they are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate

from codegen.diff import OVERLAY, SPECS
from codegen.load import SCHEMAS, Document, as_openapi, escape, load, walk

EVENTS = {
    "thread.created",
    *(
        f"thread.run.{state}"
        for state in (
            *("created", "queued", "in_progress", "requires_action", "completed"),
            *("incomplete", "failed", "cancelling", "cancelled", "expired"),
        )
    ),
    *(
        f"thread.run.step.{state}"
        for state in ("created", "in_progress", "delta", "completed", "failed", "cancelled", "expired")
    ),
    *(f"thread.message.{state}" for state in ("created", "in_progress", "delta", "completed", "incomplete")),
    "error",
    "done",
}

OPERATIONS = {
    "v1": {
        "assistants": 5,
        "assistant_files": 4,
        "threads": 4,
        "messages": 4,
        "message_files": 2,
        "runs": 7,
        "run_steps": 2,
    },
    "v2": {
        "assistants": 5,
        "threads": 4,
        "messages": 5,
        "runs": 7,
        "run_steps": 2,
        "files": 5,
        "models": 3,
        "vector_stores": 6,
        "vector_store_files": 6,
        "file_batches": 4,
        "uploads": 4,
        "batches": 4,
    },
}


@pytest.fixture(scope="module", params=OPERATIONS)
def document(request: pytest.FixtureRequest) -> Document:
    return load(SPECS, OVERLAY, request.param)


def test_there_are_specs_of_these_versions_only() -> None:
    assert {folder.name for folder in SPECS.iterdir()} == set(OPERATIONS)


def operations(document: Document) -> Iterator[tuple[str, dict[str, Any]]]:
    """Pointer and operation."""
    for path, item in document.paths.items():
        for method, operation in item.items():
            yield f"/paths/{escape(path)}/{method}", operation


def described(document: Document) -> Iterator[tuple[str, dict[str, Any]]]:
    """Everything that must have a description: parameters, bodies, answers, schemas and their properties."""
    for pointer, operation in operations(document):
        for index, parameter in enumerate(operation.get("parameters", [])):
            yield f"{pointer}/parameters/{index}", parameter
        if "requestBody" in operation:
            yield f"{pointer}/requestBody", operation["requestBody"]
        for status, response in operation["responses"].items():
            yield f"{pointer}/responses/{status}", response
    for name, schema in document.schemas.items():
        yield f"{SCHEMAS}/{name}", schema
        for pointer, inner in walk(schema, f"{SCHEMAS}/{name}"):
            for key, value in inner.get("properties", {}).items() if inner.get("type") == "object" else ():
                yield f"{pointer}/properties/{key}", value


def test_the_corrected_document_is_valid_openapi(document: Document) -> None:
    validate(as_openapi(document))


def test_all_operations_are_there(document: Document) -> None:
    found: dict[str, int] = {}
    for pointer, _ in operations(document):
        area = Path(document.file(pointer)).stem
        found[area] = found.get(area, 0) + 1

    assert found == OPERATIONS[document.version]
    assert sum(found.values()) == {"v1": 28, "v2": 55}[document.version]


def test_all_events_are_there(document: Document) -> None:
    union = document.schemas["AssistantStreamEvent"]
    branches = [document.schemas[branch["$ref"].rpartition("/")[2]] for branch in union["oneOf"]]
    names = [branch["properties"]["event"]["const"] for branch in branches]

    assert len(names) == 25
    assert set(names) == EVENTS


def test_streaming_operations_answer_with_events_too(document: Document) -> None:
    streaming = {
        operation["operationId"]
        for _, operation in operations(document)
        if "text/event-stream" in operation["responses"]["200"]["content"]
    }

    assert streaming == {"createRun", "createThreadAndRun", "submitToolOuputsToRun"}


def test_a_streaming_operation_has_a_switch_for_it(document: Document) -> None:
    for _, operation in operations(document):
        streams = "text/event-stream" in operation["responses"]["200"]["content"]
        body = operation.get("requestBody", {"content": {}})
        schemas = [document.schemas[part["schema"]["$ref"].rpartition("/")[2]] for part in body["content"].values()]
        assert any("stream" in schema["properties"] for schema in schemas) == streams, operation["operationId"]


def test_every_operation_says_in_one_line_what_it_does(document: Document) -> None:
    for pointer, operation in operations(document):
        summary = operation.get("summary", "")
        assert summary.endswith("."), document.origin(pointer)
        assert "\n" not in summary, document.origin(pointer)
        assert len(summary) <= 100, document.origin(pointer)


def test_everything_has_a_description(document: Document) -> None:
    missing = [document.origin(pointer) for pointer, item in described(document) if not item.get("description")]

    assert missing == []


def test_descriptions_are_short_sentences(document: Document) -> None:
    for pointer, value in walk({"paths": document.paths, "components": {"schemas": document.schemas}}):
        text = value.get("description")
        if isinstance(text, str):
            assert len(text) <= 300, document.origin(pointer)
            assert text.endswith("."), document.origin(pointer)


def test_objects_with_properties_have_a_name(document: Document) -> None:
    for name, schema in document.schemas.items():
        for pointer, inner in walk(schema, f"{SCHEMAS}/{name}"):
            if pointer != f"{SCHEMAS}/{name}" and inner.get("type") == "object":
                assert "properties" not in inner, document.origin(pointer)


def test_required_fields_exist(document: Document) -> None:
    for name, schema in document.schemas.items():
        assert set(schema.get("required", [])) <= schema.get("properties", {}).keys(), name


def test_only_the_forms_of_openapi_3_1_are_used(document: Document) -> None:
    for pointer, value in walk({"paths": document.paths, "components": {"schemas": document.schemas}}):
        assert not value.keys() & {"nullable", "allOf", "example", "deprecated"}, document.origin(pointer)


def test_unions_of_objects_tell_their_branches_apart(document: Document) -> None:
    for name, schema in document.schemas.items():
        if "discriminator" not in schema:
            continue
        tag = schema["discriminator"]["propertyName"]
        values: list[str] = []
        for branch in schema["oneOf"]:
            target = document.schemas[branch["$ref"].rpartition("/")[2]]
            assert tag in target["required"], name
            property_ = target["properties"][tag]
            values += property_["enum"] if "enum" in property_ else [property_["const"]]
        assert len(values) == len(set(values)), name
