"""Structured output: a type as `response_format`, and a message read as that type."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Iterator, Sequence, TypeVar

from pydantic import TypeAdapter
from pydantic_core import ValidationError

from ._citations import text_blocks
from ._deviations import complaints
from ._errors import StructuredOutputError
from ._guards import is_list
from ._json_schemas import StrictSchemaError, checked_name, reason_of, schema_of, strict_schema
from ._models import Deviation
from ._text import one_line

if TYPE_CHECKING:
    from .types.assistants_params import JSONSchemaParam
    from .types.beta.threads import Message
    from .types.shared_params import ResponseFormatJSONSchema
    from .types.v1.threads import Message as V1Message

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
