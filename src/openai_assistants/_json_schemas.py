"""JSON schemas for the model: what pydantic says about a type, without noise, and the part that strict mode knows."""

from __future__ import annotations

import json
import re
import textwrap
from typing import Any, Callable, Mapping

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from ._guards import is_dict

JsonSchema = dict[str, Any]
Path = tuple[str, ...]
Change = Callable[[JsonSchema, Path], JsonSchema]

_MAPS_OF_SCHEMAS = frozenset({"properties", "$defs"})
_LISTS_OF_SCHEMAS = frozenset({"anyOf", "oneOf", "prefixItems"})
_SCHEMAS = frozenset({"items", "additionalProperties"})

_KNOWN_TO_STRICT = frozenset(
    {"type", "properties", "required", "additionalProperties", "items", "enum", "const", "anyOf", "$ref", "$defs"}
    | {"description", "pattern", "format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}
    | {"multipleOf", "minItems", "maxItems"}
)
_UNKNOWN_TO_STRICT: Mapping[str, str] = {
    "allOf": "a value that must fit further schemas",
    "not": "a value that must not fit a schema",
    "if": "a condition",
    "prefixItems": "a tuple whose items differ (a class with named fields can stand for it)",
    "patternProperties": "keys that are not known beforehand (a list of objects can stand for it)",
    "propertyNames": "keys that are not known beforehand (a list of objects can stand for it)",
    "dependentRequired": "fields that depend on each other",
    "dependentSchemas": "fields that depend on each other",
    "contains": "a list that must contain something",
}
_STRICT_FORMATS = frozenset({"date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"})
_SAID_IN_WORDS: Mapping[str, str] = {
    "minLength": "length at least {}",
    "maxLength": "length at most {}",
    "uniqueItems": "no item twice",
    "format": "format: {}",
    "pattern": "pattern: {}",
    "minProperties": "at least {} entries",
    "maxProperties": "at most {} entries",
    "contentEncoding": "encoded as {}",
    "default": "default: {}",
}
_LOOKAROUND = re.compile(r"\(\?<?[=!]")


_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")


class StrictSchemaError(ValueError):
    """Strict mode cannot express a type; the message says where and what."""


class _Generator(GenerateJsonSchema):
    ignored_warning_kinds = {"skipped-choice", "non-serializable-default"}  # noqa: RUF012


def schema_of(adapter: TypeAdapter[Any]) -> JsonSchema:
    """The schema of what is accepted, with the object itself at the top, without noise.

    Raises:
        PydanticInvalidForJsonSchema: The type has no JSON form.
    """
    schema = _rebuilt(adapter.json_schema(schema_generator=_Generator), _without_noise)
    definitions = schema.get("$defs", {})
    name = str(schema.get("$ref", "")).removeprefix("#/$defs/")
    return {**definitions[name], "$defs": definitions} if name in definitions else schema


def checked_name(name: str, label: str) -> str:
    """The name of a tool or a format.

    Raises:
        ValueError: The API does not take it.
    """
    if _NAME.fullmatch(name) is None:
        raise ValueError(
            f"{label}: {name!r} is no name that the API takes; give name= with letters, digits, underscores and "
            "dashes, at most 64 characters"
        )
    return name


def reason_of(error: Exception) -> str:
    """What pydantic says of a type, on one line and without its advice and links."""
    paragraph = str(error).partition("\n\n")[0]
    return textwrap.shorten(paragraph, 300)


def strict_schema(schema: JsonSchema) -> JsonSchema:
    """The schema as strict mode wants it: closed objects, every field required, known keywords only.

    Limits that strict mode has no keyword for, and defaults, are said in the descriptions.

    Raises:
        StrictSchemaError: It cannot be expressed.
    """
    return _rebuilt(schema, _strict)


def _rebuilt(schema: JsonSchema, change: Change, path: Path = ()) -> JsonSchema:
    """A copy in which every schema has been changed, the inner ones first. Keys such as `title` may be names of
    fields as well, so only what stands where a schema stands is one."""
    copy: JsonSchema = {}
    for key, value in schema.items():
        if key in _MAPS_OF_SCHEMAS:
            inside = ((name, each, (*path, f".{name}" if path else name)) for name, each in value.items())
            copy[key] = {name: _rebuilt(each, change, place) for name, each, place in inside}
        elif key in _LISTS_OF_SCHEMAS:
            copy[key] = [_rebuilt(each, change, path) for each in value]
        elif key in _SCHEMAS and is_dict(value):
            copy[key] = _rebuilt(value, change, (*path, "[]"))
        else:
            copy[key] = value
    return change(copy, path)


def _without_noise(schema: JsonSchema, path: Path) -> JsonSchema:
    """Without titles, which repeat names, and without saying that an object is open, which all are unless closed."""
    return {
        key: value
        for key, value in schema.items()
        if key != "title" and not (key == "additionalProperties" and value is True)
    }


def _strict(schema: JsonSchema, path: Path) -> JsonSchema:
    if "oneOf" in schema:
        schema["anyOf"] = schema.pop("oneOf")
    _join_equal_items(schema)
    for keyword, meaning in _UNKNOWN_TO_STRICT.items():
        if keyword in schema:
            raise _refusal(path, meaning)
    if schema.get("type") == "object":
        _close(schema, path)
    if schema.get("type") == "array" and "items" not in schema:
        raise _refusal(path, "a list of anything")
    words = _words(schema)
    known = {key: value for key, value in schema.items() if key in _KNOWN_TO_STRICT}
    if not known.keys() & {"type", "anyOf", "$ref", "enum", "const"}:
        raise _refusal(path, "a value of any type")
    if words:
        said = known.pop("description", "")
        known["description"] = f"{said} ({words})" if said else f"{words[0].upper()}{words[1:]}."
    if "$ref" in known and len(known) > 1:  # a reference stands alone
        known["anyOf"] = [{"$ref": known.pop("$ref")}]
    return known


def _join_equal_items(schema: JsonSchema) -> None:
    """A tuple of a fixed number of equal items is a list."""
    items = schema.get("prefixItems")
    if items and len(items) == schema.get("minItems") == schema.get("maxItems"):
        first, *others = items
        if all(item == first for item in others):
            del schema["prefixItems"]
            schema["items"] = first


def _close(schema: JsonSchema, path: Path) -> None:
    if schema.get("additionalProperties", "properties" not in schema) is not False:
        raise _refusal(path, "an object with any keys (a list of objects can stand for it)")
    schema.setdefault("properties", {})
    schema["additionalProperties"] = False
    schema["required"] = list(schema["properties"])


def _words(schema: JsonSchema) -> str:
    """Removes what strict mode has no keyword for, and says it."""
    words: list[str] = []
    for keyword, phrase in _SAID_IN_WORDS.items():
        if keyword not in schema or _is_known_value(keyword, schema[keyword]):
            continue
        value = schema.pop(keyword)
        words.append(phrase.format(json.dumps(value, ensure_ascii=False) if keyword == "default" else value))
    return "; ".join(words)


def _is_known_value(keyword: str, value: Any) -> bool:
    return (keyword == "format" and value in _STRICT_FORMATS) or (
        keyword == "pattern" and _LOOKAROUND.search(str(value)) is None
    )


def _refusal(path: Path, meaning: str) -> StrictSchemaError:
    return StrictSchemaError(f"strict mode cannot express {meaning} at {''.join(path) or 'the top'}")
