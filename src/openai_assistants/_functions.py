"""Python functions as tools: how they are described to the model, what becomes of the arguments that it writes, and
what it reads of the result or the error."""

from __future__ import annotations

import inspect
import json
import re
from typing import TYPE_CHECKING, Any, Callable, Iterator, Sequence, cast

from pydantic_core import ValidationError, from_json, to_json

from ._basics import is_dict
from ._deviations import complaints
from ._errors import ToolCallError
from ._json_schemas import JsonSchema, StrictSchemaError, checked_name, strict_schema
from ._models import Deviation
from ._signatures import described, read_signature

if TYPE_CHECKING:
    from .types.assistants_params import FunctionDefinitionParam
    from .types.beta import FunctionToolParam

# What the model reads of a tool call: the result or the error as text, within the limits of the API.

MAX_ERROR_CHARACTERS = 2_000
MAX_OUTPUT_BYTES = 500_000
"""The API takes less than 512 kB for all outputs of one request together; the rest is for ids."""

_CREDENTIALS: Sequence[tuple[re.Pattern[str], str]] = (
    (re.compile(r"\b(?:sk|pk|rk|ghp|gho|ghs|xox[abeps])[-_][\w-]{8,}"), "***"),
    (re.compile(r"\b(bearer|basic)\s+[\w.~+/=-]{8,}", re.IGNORECASE), r"\1 ***"),
    (re.compile(r"://[^/\s:@]*:[^/\s@]+@"), "://***@"),
    (
        re.compile(
            r"\b((?:[\w-]{0,40}[-_])?(?:api[-_]?key|(?:access|auth|refresh)[-_]token|secret|password|passwd))"
            r"(['\"]?\s*[=:]\s*['\"]?)[^\s'\",;&]+",
            re.IGNORECASE,
        ),
        r"\1\2***",
    ),
)


def result_text(result: object) -> str:
    """What a function returned, for the model: text as it is, anything else as JSON.

    None is `null`: empty text would look like a failure to some models, and some servers refuse it.

    Raises:
        Exception: It has no JSON form, or its own serializer fails.
    """
    if isinstance(result, str):
        return encodable(str.__str__(result))
    return to_json(result, inf_nan_mode="strings").decode()


def error_text(error: Exception) -> str:
    """What the model reads of an exception: type and message, no traceback, without what looks like credentials."""
    lines = (f"{type(each).__name__}: {_message(each)}".removesuffix(": ") for each in _single_errors(error))
    text = "\n".join(lines)[: 2 * MAX_ERROR_CHARACTERS]
    for pattern, replacement in _CREDENTIALS:
        text = pattern.sub(replacement, text)
    return bounded(f"Error: {text}")


def bounded(text: str) -> str:
    """The text, cut where it is longer than an error may be."""
    text = encodable(text)
    return text if len(text) <= MAX_ERROR_CHARACTERS else text[: MAX_ERROR_CHARACTERS - 3] + "..."


def encodable(text: str) -> str:
    """The text with U+FFFD for each lone surrogate, which cannot be sent."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def fitted(outputs: Sequence[str], limit: int = MAX_OUTPUT_BYTES) -> list[str]:
    """The outputs of one request, the longest ones cut so that all together keep the limit in bytes of UTF-8."""
    sizes = [len(output.encode()) for output in outputs]
    share = _share(sizes, limit)
    return [output if size <= share else _cut(output, share, size) for output, size in zip(outputs, sizes, strict=True)]


def _share(sizes: list[int], limit: int) -> int:
    """The size to which outputs are cut: what the short ones leave is shared by the long ones."""
    left = limit
    for position, size in enumerate(sorted(sizes)):
        share = left // (len(sizes) - position)
        if size > share:
            return share
        left -= size
    return limit


def _cut(output: str, size: int, whole: int) -> str:
    notice = f"\n[Cut: the output has {whole} bytes and only its beginning is shown.]"
    kept = output.encode()[: max(0, size - len(notice))]
    return kept.decode(errors="ignore") + notice


def _single_errors(error: Exception) -> Iterator[Exception]:
    """The errors inside of a group, which says nothing itself."""
    if isinstance(error, ExceptionGroup):
        group = cast("ExceptionGroup[Exception]", error)
        for each in group.exceptions:
            yield from _single_errors(each)
    else:
        yield error


def _message(error: Exception) -> str:
    try:
        return str(error)
    except Exception:  # a message is code of the user
        return ""


# Python functions as tools: how they are described to the model, and what becomes of the arguments that it writes.

_SHOWN_ERRORS = 10
_SHOWN_CHARACTERS = 100


def function_tool(
    function: Callable[..., Any], *, name: str | None = None, description: str | None = None, strict: bool | None = None
) -> FunctionToolParam:
    """Describe a Python function to the model, for `tools=` of an assistant or a run.

    Parameters are described by their type hints, as pydantic reads them: plain types, `Literal`, enums, dataclasses,
    `TypedDict`, models, `Annotated[int, Field(ge=1, description="...")]`. Descriptions come from the docstring: its
    first paragraph, and its section of arguments in the style of Google, NumPy or reST.

    Args:
        function: A plain or async function, a method of an object, a `functools.partial` (what it binds stays hidden
            from the model) or any other object that can be called.
        name: Name that the model calls it by; its own unless given. Letters, digits, underscores and dashes, at
            most 64 characters.
        description: What the model reads to decide when to call it; the first paragraph of the docstring unless given.
        strict: True: the model's arguments always match the schema, for which the schema is written in the part of
            JSON Schema that strict mode knows. Every parameter is then filled by the model, also those with defaults.

    Raises:
        TypeError: A parameter has no type hint, or one that has no JSON form; `*args`; a class in place of a function.
        ValueError: The name is no name for a tool; strict mode cannot express a parameter.
    """
    return ToolFunction(function, name=name, description=description, strict=strict).definition


class ToolFunction:
    """A Python function that the model may call, under a name of its own. See `function_tool` for the arguments."""

    name: str
    """Name that the model calls it by."""
    function: Callable[..., Any]
    """The function."""
    definition: FunctionToolParam
    """How it is described to the model."""
    is_async: bool
    """Whether it is an async function."""

    def __init__(
        self,
        function: Callable[..., Any],
        *,
        name: str | None = None,
        description: str | None = None,
        strict: bool | None = None,
    ) -> None:
        function = function.__func__ if isinstance(function, staticmethod) else function
        if isinstance(function, type) or not callable(function):
            raise TypeError(f"a tool is a function, not {function!r}; write a function that takes or returns it")
        own_name = _own_name(function)
        label = f"function {own_name!r}"
        self.function = function
        self.name = checked_name(own_name if name is None else name, label)
        self.is_async = _is_async(function)
        self._signature = read_signature(function, label)
        summary = self._signature.summary if description is None else description
        described_as: FunctionDefinitionParam = {"name": self.name}
        if summary:
            described_as["description"] = summary
        described_as["parameters"] = self._parameters(label) if strict else self._signature.schema
        if strict is not None:
            described_as["strict"] = strict
        self.definition = {"type": "function", "function": described_as}

    def __repr__(self) -> str:
        return f"ToolFunction({self.function!r}, name={self.name!r})"

    def bind(self, arguments: object) -> Callable[[], Any]:
        """The function with arguments of the model, ready to be called; of an async one the result is to be awaited.

        Args:
            arguments: JSON text as the model wrote it. Accepted as well: nothing, a JSON object inside a JSON string,
                parsed JSON.

        Raises:
            ToolCallError: They are not what the function takes.
            Exception: Whatever a validator in the function's type hints raises.
        """
        text, document = self._parsed(arguments)
        forbidden = self._signature.reserved & document.keys() - self._signature.arguments.keys()
        if forbidden and self._signature.takes_more:
            raise self._error(
                [Deviation(key, "Extra inputs are not permitted", document[key]) for key in sorted(forbidden)]
            )
        validate = self._signature.model.model_validate_json
        try:
            values = validate(text)
        except ValidationError as error:
            repaired = self._repaired(document, error)
            try:
                if repaired == document:
                    raise
                values = validate(to_json(repaired))
            except ValidationError:
                raise self._error(complaints(error, document)) from None
        return self._signature.call(self.function, values)

    def _parameters(self, label: str) -> JsonSchema:
        if self._signature.takes_more:
            raise ValueError(f"{label}: strict mode cannot express **kwargs")
        try:
            return strict_schema(self._signature.schema)
        except StrictSchemaError as error:
            raise ValueError(f"{label}: {error}; leave strict out or change the type") from None

    def _parsed(self, arguments: object) -> tuple[bytes, dict[str, Any]]:
        """The arguments as the text and the content of a JSON object."""
        text, value = b"{}", arguments
        try:
            for _ in range(3):  # weak models put JSON into a JSON string
                if isinstance(value, str):
                    text = value.encode()
                    value = from_json(text) if text.strip() else None
            if value is None:
                return b"{}", {}
            if value is arguments:  # a server that parses it itself
                text = to_json(value)
                value = from_json(text)
        except ValueError as error:
            raise self._error([Deviation("", f"Input should be valid JSON ({error})", arguments)]) from None
        if not is_dict(value):
            raise self._error([Deviation("", "Input should be a JSON object", value)])
        return text, value

    def _repaired(self, document: dict[str, Any], error: ValidationError) -> dict[str, Any]:
        """What weak models mean: null for an argument that they leave out, JSON text for a value that is no text."""
        repaired = dict(document)
        for key in {str(detail["loc"][0]) for detail in error.errors(include_url=False) if detail["loc"]}:
            value = document.get(key)
            if value is None:
                repaired.pop(key, None)
            elif isinstance(value, str):
                try:
                    repaired[key] = from_json(value)
                except ValueError:
                    continue
        return repaired

    def _error(self, errors: list[Deviation] | tuple[Deviation, ...]) -> ToolCallError:
        lines = [f"{self.name} was not called, because its arguments are not valid:"]
        lines += [f"- {each.path or 'arguments'}: {each.expected}{_shown(each)}" for each in errors[:_SHOWN_ERRORS]]
        if len(errors) > _SHOWN_ERRORS:
            lines.append(f"- and {len(errors) - _SHOWN_ERRORS} more")
        names = ", ".join(self._signature.arguments)
        lines.append(f"It takes a JSON object with: {names}." if names else "It takes an empty JSON object.")
        text = encodable("\n".join(lines))
        return ToolCallError(text, tool_name=self.name, reason="invalid_arguments", errors=errors)


def _shown(error: Deviation) -> str:
    if error.got is None:
        return ""
    try:
        text = json.dumps(error.got, ensure_ascii=False, default=str)
    except (ValueError, RecursionError):
        return f", not this {type(error.got).__name__}"
    return f", not {text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + '...'}"


def _own_name(function: Callable[..., Any]) -> str:
    inner = described(function)
    return str(getattr(inner, "__name__", None) or type(inner).__name__)


def _is_async(function: Callable[..., Any]) -> bool:
    inner = described(function)
    return inspect.iscoroutinefunction(inner) or inspect.iscoroutinefunction(type(inner).__call__)
