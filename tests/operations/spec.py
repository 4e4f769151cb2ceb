"""The specs as the tests read them: YAML files and overlay, without the generator and its loader."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from .table import NEWEST, ROWS, Row

Schema = dict[str, Any]
Path_ = tuple[str | int, ...]
"""Where a value is in an answer."""

CODEGEN = Path(__file__).parents[2] / "codegen"
URI = "urn:specs"
SCHEMAS = "/components/schemas/"
EVENTS = "AssistantStreamEvent"


VERSIONS = sorted({row.version for row in ROWS})


@cache
def document() -> dict[str, Any]:
    """Paths by version, and schemas of all versions: `Name`, those of older versions `version.Name`."""
    whole: dict[str, Any] = {"paths": {}, "components": {"schemas": {}}}
    for version in VERSIONS:
        content = json.loads(json.dumps(_document_of(version)).replace(f"#{SCHEMAS}", f"#{SCHEMAS}{prefix(version)}"))
        whole["paths"][version] = content["paths"]
        schemas = content["components"]["schemas"]
        whole["components"]["schemas"].update({prefix(version) + name: schema for name, schema in schemas.items()})
    return whole


def prefix(version: str) -> str:
    """What the names of a version's schemas begin with."""
    return "" if version == NEWEST else f"{version}."


def _document_of(version: str) -> dict[str, Any]:
    """Paths and schemas of all files of a version, corrected by the overlay."""
    merged: dict[str, Any] = {"paths": {}, "components": {"schemas": {}}}
    for file in sorted((CODEGEN / "specs" / version).glob("*.yaml")):
        text = re.sub(r"(\$ref: ')[\w.-]+\.yaml#", r"\1#", file.read_text(encoding="utf-8"))
        content = yaml.safe_load(text)
        for target, source in (
            (merged["paths"], content.get("paths", {})),
            (merged["components"]["schemas"], content.get("components", {}).get("schemas", {})),
        ):
            assert not target.keys() & source.keys()
            target.update(source)
    for entry in yaml.safe_load((CODEGEN / "overlay.yaml").read_text(encoding="utf-8")):
        corrected, *pointers = entry["at"]
        if corrected == version and pointers != ["everywhere"]:
            for pointer in pointers:
                _correct(merged, pointer, entry)
    return merged


def _correct(root: dict[str, Any], pointer: str, entry: dict[str, Any]) -> None:
    *parents, last = [_unescaped(part) for part in pointer.split("/")[1:]]
    holder: Any = root
    for part in parents:
        holder = holder[int(part) if isinstance(holder, list) else part]
    key: Any = int(last) if isinstance(holder, list) else last
    if "merge" in entry:
        holder[key] = _merged(holder[key], entry["merge"])
    for name in entry.get("drop", ()):
        value = holder[key]
        if isinstance(value, list):
            value.remove(name)
        else:
            del value[name]


def _unescaped(part: str) -> str:
    return part.replace("~1", "/").replace("~0", "~")


def _merged(value: Any, patch: Any) -> Any:
    """RFC 7386."""
    if not isinstance(patch, dict):
        return copy.deepcopy(patch)
    result = dict(value) if isinstance(value, dict) else {}
    for key, item in patch.items():
        if item is None:
            result.pop(key, None)
        else:
            result[key] = _merged(result.get(key), item)
    return result


def schema_named(name: str) -> Schema:
    """A schema by its name."""
    return document()["components"]["schemas"][name]


def resolved(schema: Schema) -> Schema:
    """The schema that a reference means."""
    while "$ref" in schema:
        schema = schema_named(schema["$ref"].rpartition("/")[2])
    return schema


def operation(row: Row) -> dict[str, Any]:
    """What the specs say about an operation."""
    found = document()["paths"][row.version][row.path][row.method.lower()]
    assert found["operationId"] == row.operation
    return found


def request_schema(row: Row) -> Schema:
    """The schema of the request's body."""
    ((kind, content),) = operation(row)["requestBody"]["content"].items()
    assert kind == {"json": "application/json", "multipart": "multipart/form-data"}[row.request]
    return content["schema"]


def answer_schema(row: Row) -> Schema:
    """The schema of the JSON answer."""
    return operation(row)["responses"]["200"]["content"]["application/json"]["schema"]


def item_schema(row: Row) -> Schema:
    """The schema of the object, or of an item of the list."""
    schema = answer_schema(row)
    return resolved(schema)["properties"]["data"]["items"] if row.answer == "list" else schema


def query_schema(row: Row, wire: str) -> Schema:
    """The schema of a query parameter."""
    (found,) = [p for p in operation(row).get("parameters", ()) if p["in"] == "query" and p["name"] == wire]
    return found["schema"]


def argument_schema(row: Row, argument: str) -> Schema:
    """The schema of an argument."""
    if argument in row.path_arguments:
        (found,) = [p for p in operation(row)["parameters"] if p["in"] == "path" and p["name"] == argument]
        return found["schema"]
    if argument in row.query:
        return query_schema(row, row.query[argument])
    return resolved(request_schema(row))["properties"][row.body[argument]]


def event_schemas(version: str = NEWEST) -> dict[str, Schema]:
    """The schema of each event by its name."""
    branches = map(resolved, schema_named(prefix(version) + EVENTS)["oneOf"])
    return {branch["properties"]["event"]["const"]: branch for branch in branches}


@cache
def _registry() -> Registry[Any]:
    return Registry().with_resource(URI, Resource.from_contents(document(), default_specification=DRAFT202012))


def errors_of(schema: Schema, value: object) -> list[str]:
    """Why jsonschema refuses a value; empty if it does not."""
    absolute = _absolute(schema)
    found = Draft202012Validator(absolute, registry=_registry()).iter_errors(value)
    return [f"{error.json_path}: {error.message}" for error in found]


def _absolute(node: Any) -> Any:
    if isinstance(node, dict):
        return {
            key: URI + value if key == "$ref" and value.startswith("#") else _absolute(value)
            for key, value in node.items()
        }
    return [_absolute(item) for item in node] if isinstance(node, list) else node


# ---- how a schema is put together -----------------------------------------------------------------------------------


def branches(schema: Schema) -> list[Schema]:
    """The schemas of which a value fits one, references followed, nested choices and lists of types taken apart."""
    schema = resolved(schema)
    for key in ("oneOf", "anyOf"):
        if key in schema:
            return [branch for choice in schema[key] for branch in branches(choice)]
    if isinstance(schema.get("type"), list):
        return [{**schema, "type": kind} for kind in schema["type"]]
    return [schema]


def is_null(schema: Schema) -> bool:
    """Whether a branch is `null`."""
    return schema.get("type") == "null"


def allows_null(schema: Schema) -> bool:
    """Whether `null` is a value."""
    return any(map(is_null, branches(schema)))


def is_union(schema: Schema) -> bool:
    """Whether objects of several kinds are values."""
    return sum("properties" in branch for branch in branches(schema)) > 1


def tags(schema: Schema) -> dict[str, str]:
    """Properties of an object that have one value only."""
    return {name: item["const"] for name, item in schema.get("properties", {}).items() if "const" in item}


def listed_tags(schema: Schema) -> dict[str, list[str]]:
    """Properties that an object must have and whose few values are listed with it: tags of one or more values."""
    listed = {
        name: item.get("enum", [])
        for name, item in schema.get("properties", {}).items()
        if name in schema.get("required", ())
    }
    single = {name: [tag] for name, tag in tags(schema).items()}
    return {name: values for name, values in listed.items() if values} | single


def branch_of(schema: Schema, value: object) -> Schema:
    """The branch that a value fits. A listed string is taken for a member of its list, rather than for any string."""
    fitting = [branch for branch in branches(schema) if _fits(branch, value)]
    assert fitting, f"{value!r} fits no branch"
    return next((branch for branch in fitting if "enum" in branch), fitting[0])


JSON_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
    "array": (list,),
    "object": (dict,),
}


def _fits(branch: Schema, value: object) -> bool:
    kind = branch["type"]
    if not isinstance(value, JSON_TYPES[kind]) or (isinstance(value, bool) and kind != "boolean"):
        return False
    if isinstance(value, dict):
        optional = branch.get("properties", {}).keys() - set(branch.get("required", ()))
        return all(
            value[name] in values if name in value else name in optional for name, values in listed_tags(branch).items()
        )
    return value in branch.get("enum", [value]) and value == branch.get("const", value)


def walk(schema: Schema, value: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Schema, Any]]:
    """Every value inside a value that fits a schema: its path, its schema (not taken apart), itself."""
    yield path, schema, value
    branch = branch_of(schema, value)
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from walk(branch["items"], item, (*path, index))
    elif isinstance(value, dict):
        for name, item in value.items():
            inner = branch.get("properties", {}).get(name, branch.get("additionalProperties", True))
            if isinstance(inner, dict):
                yield from walk(inner, item, (*path, name))
