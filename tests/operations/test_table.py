"""The table and the specs speak of the same operations, and the samples leave nothing of the specs out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from .sampler import full, minimal
from .spec import (
    VERSIONS,
    Schema,
    allows_null,
    branch_of,
    branches,
    document,
    errors_of,
    event_schemas,
    item_schema,
    operation,
    request_schema,
    resolved,
    walk,
)
from .table import ROWS, Row


def sampled_schemas() -> Iterator[tuple[str, Schema]]:
    """Every body, object and event that samples are made of."""
    for row in ROWS:
        if row.request == "json":
            yield f"{row.id} request", request_schema(row)
        if row.answer != "binary":
            yield f"{row.id} answer", item_schema(row)
    for version in VERSIONS:
        for name, schema in event_schemas(version).items():
            yield f"{version} {name}", schema


SCHEMAS = dict(sampled_schemas())


def test_the_table_has_every_operation_of_the_specs_once() -> None:
    in_specs = [
        (version, found["operationId"], verb.upper(), path)
        for version, paths in document()["paths"].items()
        for path, item in paths.items()
        for verb, found in item.items()
    ]
    assert sorted((row.version, row.operation, row.method, row.path) for row in ROWS) == sorted(in_specs)
    assert Counter(row.version for row in ROWS) == {"v1": 28, "v2": 55}
    assert len({row.client for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_the_specs_have_the_parameters_of_the_table(row: Row) -> None:
    parameters = operation(row).get("parameters", [])
    assert {p["name"] for p in parameters if p["in"] == "path"} == set(row.path_arguments)
    assert {p["name"] for p in parameters if p["in"] == "query"} == set(row.query.values())
    body = resolved(request_schema(row)) if row.request != "none" else {}
    assert set(body.get("properties", {})) == set(row.body.values())
    required = {*row.path_arguments, *body.get("required", ())}
    assert required == set(row.required)
    assert ("requestBody" in operation(row)) == (row.request != "none")


def choices(schema: Schema, seen: set[int]) -> Iterator[tuple[int, object]]:
    """Everything that a value inside a value may be: kinds of each choice, listed values of each list."""
    if id(schema) in seen:
        return
    seen.add(id(schema))
    for branch in branches(schema):
        yield id(resolved(schema)), kind_of(branch)
        for value in branch.get("enum", ()):
            yield id(resolved(schema)), value
        inner = [*branch.get("properties", {}).values(), branch.get("items"), branch.get("additionalProperties")]
        for node in inner:
            if isinstance(node, dict):
                yield from choices(node, seen)


def kind_of(branch: Schema) -> str:
    return f"{branch['type']} {sorted(branch.get('properties', ()))} {branch.get('const')} {branch.get('enum')}"


@pytest.mark.parametrize("name", SCHEMAS)
def test_samples_fit_and_reach_every_branch_and_every_listed_value(name: str) -> None:
    schema = SCHEMAS[name]
    reached: set[tuple[int, object]] = set()
    for value in full(schema):
        assert errors_of(schema, value) == []
        for _, node, inner in walk(schema, value):
            branch = branch_of(node, inner)
            reached.add((id(resolved(node)), kind_of(branch)))
            if "enum" in branch:
                reached.add((id(resolved(node)), inner))
    assert set(choices(schema, set())) <= reached


@pytest.mark.parametrize("name", SCHEMAS)
def test_minimal_samples_fit_and_have_nothing_that_could_be_left_out(name: str) -> None:
    schema = SCHEMAS[name]
    for value in minimal(schema):
        assert errors_of(schema, value) == []
        for _, node, inner in walk(schema, value):
            branch = branch_of(node, inner)
            if "properties" in branch:
                assert set(inner) == set(branch.get("required", ()))


def test_the_first_sample_has_all_fields_and_no_null() -> None:
    for schema in SCHEMAS.values():
        sample = full(schema)[0]
        assert set(sample) == set(resolved(schema)["properties"])
        assert None not in sample.values()
    run = full(SCHEMAS["getRun answer"])
    assert any(value["last_error"] is None for value in run)
    assert allows_null(resolved(SCHEMAS["getRun answer"])["properties"]["last_error"])
