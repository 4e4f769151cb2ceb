"""JSON schemas for the model: what pydantic says about a type, without noise, and the part that strict mode knows;
types as `response_format`, and messages read as them."""

from __future__ import annotations

import json
import re
import textwrap
from typing import TYPE_CHECKING, Any, Callable, Iterator, Mapping, Sequence, TypeVar

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import ValidationError

from ._basics import is_dict, is_list, one_line
from ._citations import text_blocks
from ._deviations import complaints
from ._errors import StructuredOutputError
from ._models import Deviation

if TYPE_CHECKING:
    from .types.assistants_params import JSONSchemaParam
    from .types.beta.threads import Message
    from .types.shared_params import ResponseFormatJSONSchema
    from .types.v1.threads import Message as V1Message

# JSON schemas for the model: what pydantic says about a type, without noise, and the part that strict mode knows.

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


# Structured output: a type as `response_format`, and a message read as that type.

T = TypeVar("T")

_MAX_NAME = 64
_OBJECT = re.compile(r'\{\s*["}]')
_MAX_BROKEN = 1000
"""How many broken objects are looked behind; each costs a look at the whole text before it."""
_SHOWN_ERRORS = 5
_SHOWN_CHARACTERS = 200


def response_format_for(
    into: type[Any], *, name: str | None = None, description: str | None = None, strict: bool | None = None
) -> ResponseFormatJSONSchema:
    """Make the model answer with JSON of a type, for `response_format=`; `parse_message` reads the answer.

    Args:
        into: A pydantic model, dataclass or `TypedDict`.
        name: Name of the format; the name of the type unless given. Letters, digits, underscores and dashes, at most
            64 characters.
        description: What the format is for; the docstring of the type is part of the schema anyway.
        strict: True: the answer always matches the schema, which is written in the part of JSON Schema that strict
            mode knows. False: the schema is only a guide. Unless given, strict where the type can be expressed so.

    Raises:
        TypeError: The type has no JSON form, or is no object in JSON.
        ValueError: `strict=True` and strict mode cannot express the type.
    """
    label = _name_of(into)
    try:
        schema = schema_of(TypeAdapter(into))
    except Exception as error:  # the user's types have code of their own
        raise TypeError(f"{label} cannot be described as JSON ({reason_of(error)})") from error
    if schema.get("type") != "object":
        raise TypeError(f"{label} is no JSON object; put it into a field of a model")
    if strict is not False:
        try:
            schema = strict_schema(schema)
        except StrictSchemaError as error:
            if strict:
                raise ValueError(f"{label}: {error}; leave strict out or change the type") from None
            strict = False
    described_as: JSONSchemaParam = {"name": checked_name(_api_name(label) if name is None else name, label)}
    if description is not None:
        described_as["description"] = description
    described_as["schema"] = schema
    described_as["strict"] = strict is not False
    return {"type": "json_schema", "json_schema": described_as}


def parse_message(message: Message | V1Message, into: type[T]) -> T:
    """Read the answer of an assistant as a type. Text around the JSON object is ignored: weak models write some.

    Args:
        message: The message.
        into: The type that `response_format_for` was called with.

    Raises:
        StructuredOutputError: The message holds no such object: it has a refusal, no JSON, or JSON of another form.
    """
    text = "".join(value for value, _ in text_blocks(message))
    blocks: object = message.content  # of a deviating server it may be anything
    for block in blocks if is_list(blocks) else ():
        refusal = getattr(block, "refusal", None) if getattr(block, "type", None) == "refusal" else None
        if isinstance(refusal, str):
            reason = f"The model refused to answer: {refusal}"
            raise StructuredOutputError(reason, text=text, refusal=refusal)
    adapter: TypeAdapter[T] = TypeAdapter(into)
    problem: tuple[Deviation, ...] = ()
    for found, document in reversed(list(_objects(text))):  # a model that thinks aloud gives its answer last
        try:
            return adapter.validate_json(found)
        except ValidationError as error:
            problem = problem or complaints(error, document)
    raise _error(message, text, problem, _name_of(into))


def _api_name(label: str) -> str:
    return re.sub(r"[^a-zA-Z0-9_-]+", "_", label).strip("_")[:_MAX_NAME]


def read_output(messages: Sequence[Any], into: type[T] | None) -> T:
    """Read the last of a run's messages as a type.

    Raises:
        StructuredOutputError: It cannot be read so, or there is none.
        TypeError: There is no type.
    """
    if into is None:
        raise TypeError("response_format named no type to read the output as; pass a model class as response_format=")
    if not messages:
        raise StructuredOutputError("The run wrote no message to read an output from.", text="")
    return parse_message(messages[-1], into)


def _objects(text: str) -> Iterator[tuple[str, Any]]:
    """The JSON objects in a text, as text and parsed; not those inside of others, nor inside of broken ones."""
    text = _unwrapped(text)
    decoder = json.JSONDecoder()
    position, broken = 0, 0
    while broken < _MAX_BROKEN and (start := _OBJECT.search(text, position)):
        try:
            document, position = decoder.raw_decode(text, start.start())
        except json.JSONDecodeError as error:
            if error.msg.startswith("Unterminated"):
                return
            position = max(start.end() - 1, error.pos)
            broken += 1
        except (ValueError, RecursionError):  # a number of thousands of digits, values nested thousands deep
            return
        else:
            yield text[start.start() : position], document


def _unwrapped(text: str) -> str:
    """What is inside, where the model put its JSON into a JSON string."""
    try:
        value: object = json.loads(text) if text.lstrip().startswith('"') else None
    except ValueError:
        return text
    return value if isinstance(value, str) else text


def _error(message: Message | V1Message, text: str, errors: tuple[Deviation, ...], name: str) -> StructuredOutputError:
    if errors:
        places = "; ".join(str(each) for each in errors[:_SHOWN_ERRORS])
        more = f"; and {len(errors) - _SHOWN_ERRORS} more" if len(errors) > _SHOWN_ERRORS else ""
        reason = f"its JSON object is no {name}: {places}{more}"
    elif text.strip():
        reason = f"it has no JSON object that is whole: {_shortened(text.strip())!r}"
        errors = (Deviation("", f"Input should be a JSON object for {name}", text),)
    else:
        reason = "it has no text"
        errors = (Deviation("", f"Input should be a JSON object for {name}", None),)
    if message.status == "incomplete":
        cause: object = getattr(message.incomplete_details, "reason", None)
        reason += f" (the message ended early: {cause or 'no reason is given'})"
    return StructuredOutputError(
        f"Message {one_line(str(message.id), _SHOWN_CHARACTERS)} cannot be read: {reason}", text=text, errors=errors
    )


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}..."


def _name_of(into: Any) -> str:
    return str(getattr(into, "__name__", None) or into)
