"""Python functions as tools: what their parameters and docstrings tell the model, what becomes of the arguments that
it writes, and what it reads of the result or the error."""

from __future__ import annotations

import functools
import inspect
import json
import re
import types
import typing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Callable, Collection, Iterable, Iterator, Mapping, Sequence, cast

import pydantic
import typing_extensions
from pydantic import ConfigDict, TypeAdapter
from pydantic.fields import FieldInfo
from pydantic_core import ValidationError, from_json, to_json

from ._basics import is_dict
from ._deviations import complaints
from ._errors import ToolCallError
from ._json_schemas import JsonSchema, StrictSchemaError, checked_name, reason_of, schema_of, strict_schema
from ._models import Deviation

if TYPE_CHECKING:
    from .types.assistants_params import FunctionDefinitionParam
    from .types.beta import FunctionToolParam

# What a Python function says of itself to the model: its parameters as the fields of a pydantic model, which
# describes and validates arguments, and its docstring.

# What a docstring says about a function and its arguments, in the styles of Google, NumPy and reST.

_ARGUMENT_TITLES = {
    "args",
    "arguments",
    "parameters",
    "params",
    "keyword args",
    "keyword arguments",
    "other parameters",
}
_OTHER_TITLES = {"return", "returns", "yield", "yields", "raise", "raises", "example", "examples", "note", "notes"}
_UNDERLINE = re.compile(r"[-=~]{3,}\s*")
_FIELD = re.compile(r":(?:param|parameter|arg|argument|key|keyword)\s+(?:[^:]*\s)?\\?\*{0,2}(\w+)\s*:(?P<text>.*)")
_ANY_FIELD = re.compile(r":(?:param|parameter|arg|argument|key|keyword|type|returns?|rtype|raises?|yields?)\b[^:]*:")
_NAMES = r"(?P<names>\\?\*{0,2}\w+(?:\s*,\s*\\?\*{0,2}\w+)*)"
_GOOGLE_ENTRY = re.compile(_NAMES + r"\s*(?:\(.*?\))?\s*:(?!:)(?P<text>.*)")
_NUMPY_ENTRY = re.compile(_NAMES + r"\s*(?::.*)?(?P<text>)")


@dataclass(frozen=True, slots=True)
class Docstring:
    """What a docstring says, each on one line."""

    summary: str = ""
    """Its first paragraph."""
    arguments: dict[str, str] = field(default_factory=dict[str, str])
    """Descriptions of arguments by name."""


def parse_docstring(text: str | None, names: Collection[str]) -> Docstring:
    """Read a docstring.

    Args:
        text: The docstring, None if there is none.
        names: The arguments of the function; words that look like others are no arguments.
    """
    lines = inspect.cleandoc("\n".join((text or "").splitlines())).splitlines()
    return Docstring(_summary(lines), _Arguments(lines, names).found)


def _summary(lines: list[str]) -> str:
    paragraph: list[str] = []
    for number, line in enumerate(lines):
        if not line.strip() or _ends_text(lines, number):
            break
        paragraph.append(line)
    return _joined(paragraph)


class _Arguments:
    """Collects the descriptions of arguments; the first one of a name counts."""

    def __init__(self, lines: list[str], names: Collection[str]) -> None:
        self.found: dict[str, str] = {}
        self._names = names
        for number, line in enumerate(lines):
            if match := _FIELD.match(line.strip()):
                self._add([match[1]], [match["text"], *_deeper(lines, number)])
            elif _is_underlined(lines, number) and _title(line) in _ARGUMENT_TITLES:
                self._read(_up_to_next_section(lines, number + 2), _NUMPY_ENTRY)
            elif line.rstrip().endswith(":") and _title(line) in _ARGUMENT_TITLES:
                self._read(_deeper(lines, number), _GOOGLE_ENTRY)

    def _read(self, lines: list[str], entry: re.Pattern[str]) -> None:
        """Entries stand at one indentation, their further lines deeper."""
        indent = next((_indent(line) for line in lines if line.strip()), 0)
        names: list[str] = []
        text: list[str] = []
        for line in lines:
            match = entry.fullmatch(line.strip()) if _indent(line) <= indent else None
            if match:
                self._add(names, text)
                names, text = re.findall(r"\w+", match["names"]), [match["text"]]
            else:
                text.append(line)
        self._add(names, text)

    def _add(self, names: list[str], text: Iterable[str]) -> None:
        description = _joined(text)
        for name in names:
            if description and name in self._names:
                self.found.setdefault(name, description)


def _ends_text(lines: list[str], number: int) -> bool:
    """Whether a section or a field begins here."""
    title = _title(lines[number])
    is_title = title in _ARGUMENT_TITLES or title in _OTHER_TITLES
    is_section = is_title and (lines[number].rstrip().endswith(":") or _is_underlined(lines, number))
    return is_section or _ANY_FIELD.match(lines[number].strip()) is not None


def _title(line: str) -> str:
    return line.strip().removesuffix(":").rstrip().lower()


def _is_underlined(lines: list[str], number: int) -> bool:
    return number + 1 < len(lines) and _UNDERLINE.fullmatch(lines[number + 1].strip()) is not None


def _up_to_next_section(lines: list[str], start: int) -> list[str]:
    end = next((i for i in range(start, len(lines)) if _is_underlined(lines, i)), len(lines))
    return lines[start:end]


def _deeper(lines: list[str], number: int) -> list[str]:
    """The lines after this one that are indented deeper, and blank ones among them."""
    indent = _indent(lines[number])
    following: list[str] = []
    for line in lines[number + 1 :]:
        if line.strip() and _indent(line) <= indent:
            break
        following.append(line)
    return following


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _joined(lines: Iterable[str]) -> str:
    return " ".join(" ".join(lines).split())


# The parameters of a Python function as the fields of a pydantic model, which describes and validates arguments.

_NOTHING = inspect.Parameter.empty
_FIRST_OF_METHODS = ("self", "cls")


@dataclass(frozen=True, slots=True)
class Argument:
    """One parameter that the model fills."""

    field: str
    """Its field in the model; not its own name, which may be one that pydantic keeps for itself."""
    parameter: inspect.Parameter

    @property
    def has_default(self) -> bool:
        """Whether Python itself fills it when the model does not."""
        return not (self.parameter.default is _NOTHING or isinstance(self.parameter.default, FieldInfo))


@dataclass(frozen=True, slots=True)
class Signature:
    """What a function takes."""

    model: type[pydantic.BaseModel]
    arguments: Mapping[str, Argument]
    """By their names in JSON."""
    reserved: frozenset[str]
    """Names that the program has filled or that belong to parameters; never keys of `**kwargs`."""
    takes_more: bool
    """Whether there is a `**kwargs`."""
    schema: JsonSchema
    summary: str
    """The first paragraph of the docstring."""

    def call(self, function: Callable[..., Any], values: pydantic.BaseModel) -> Callable[[], Any]:
        """The function with validated arguments, ready to be called."""
        positional: list[Any] = []
        keywords: dict[str, Any] = dict(values.model_extra or {})
        for argument in self.arguments.values():
            parameter = argument.parameter
            given = argument.field in values.model_fields_set or not argument.has_default
            if parameter.kind is parameter.POSITIONAL_ONLY:
                positional.append(getattr(values, argument.field) if given else parameter.default)
            elif given:
                keywords[parameter.name] = getattr(values, argument.field)
        return functools.partial(function, *positional, **keywords)


def read_signature(function: Callable[..., Any], label: str) -> Signature:
    """Read what a function takes.

    Args:
        function: Any callable but a class.
        label: How messages name the function.

    Raises:
        TypeError: It takes what a model cannot give; the message names the parameter.
    """
    inner = described(function)
    globals_ = _globals_of(inner)
    bound = _bound_by_partials(function)
    parameters = [each for each in _parameters(function, label) if each.name not in bound]
    doc = parse_docstring(documentation(inner), [each.name for each in parameters])
    arguments: list[Argument] = []
    fields: dict[str, Any] = {}
    more: Any = _NOTHING
    for parameter in parameters:
        where = f"{label}, parameter {parameter.name!r}"
        hint = _hint(parameter, globals_, where)
        if parameter.kind is parameter.VAR_POSITIONAL:
            raise TypeError(f"{where}: a model can only give named arguments; take a list instead of *{parameter.name}")
        if parameter.kind is parameter.VAR_KEYWORD:
            if typing_extensions.get_origin(hint) in (typing.Unpack, typing_extensions.Unpack):
                raise TypeError(f"{where}: Unpack is not understood; name the parameters")
            more = hint
        else:
            argument = Argument(f"argument_{len(arguments)}", parameter)
            arguments.append(argument)
            fields[argument.field] = _field(parameter, hint, doc)
    model, schema = _model(arguments, fields, more, label)
    keys = {_key(model.model_fields[each.field]): each for each in arguments}
    if len(keys) < len(arguments) or "" in keys:
        raise TypeError(f"{label}: two parameters have the same alias, or one has an alias that is no plain name")
    reserved = bound | {each.name for each in _parameters(inner, label)}
    return Signature(model, keys, frozenset(reserved), more is not _NOTHING, schema, doc.summary)


def described(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function whose name and docstring speak for another one: what a partial was made of."""
    while isinstance(function, functools.partial):
        function = function.func
    return function


def documentation(function: Callable[..., Any]) -> str | None:
    """The docstring of a function, or of `__call__` or the class of an object that can be called."""
    if hasattr(function, "__name__"):
        return inspect.getdoc(function)
    return type(function).__call__.__doc__ or inspect.getdoc(type(function))


def _parameters(function: Callable[..., Any], label: str) -> list[inspect.Parameter]:
    try:
        return list(inspect.signature(function).parameters.values())
    except (ValueError, TypeError, NameError) as error:
        raise TypeError(f"{label}: its signature cannot be read ({error})") from error


def _bound_by_partials(function: Callable[..., Any]) -> frozenset[str]:
    """Keywords that the program has filled: the model neither sees nor changes them."""
    bound: set[str] = set()
    while isinstance(function, functools.partial):
        bound |= function.keywords.keys()
        function = function.func
    return frozenset(bound)


def _globals_of(function: Callable[..., Any]) -> dict[str, Any]:
    """Where the names in the function's type hints are looked up."""
    callee: Any = function if hasattr(function, "__name__") else type(function).__call__
    return getattr(inspect.unwrap(callee), "__globals__", {})


def _hint(parameter: inspect.Parameter, globals_: dict[str, Any], where: str) -> Any:
    if parameter.annotation is _NOTHING:
        advice = "pass the method of an object" if parameter.name in _FIRST_OF_METHODS else "Any stands for any value"
        raise TypeError(f"{where}: it has no type hint, so the model cannot know what to give; {advice}")
    holder = types.SimpleNamespace(__annotations__={"hint": parameter.annotation})
    try:
        return typing_extensions.get_type_hints(holder, globalns=globals_, include_extras=True)["hint"]
    except Exception as error:  # a hint is code of the user
        raise TypeError(
            f"{where}: its type hint {parameter.annotation!r} cannot be resolved ({error}); the names in it must be "
            "known at module level and at run time"
        ) from error


def _field(parameter: inspect.Parameter, hint: Any, doc: Docstring) -> tuple[Any, Any]:
    default = parameter.default
    if isinstance(default, FieldInfo):
        hint = typing.Annotated[hint, default]
    settings: dict[str, Any] = {}
    notes = list(_metadata(hint))
    infos = [note for note in notes if isinstance(note, FieldInfo)]
    if not any(info.description for info in infos):
        settings["description"] = next(_written(notes), None) or doc.arguments.get(parameter.name)
    if not any(info.validation_alias for info in infos):
        settings["alias"] = parameter.name
    if not (default is _NOTHING or isinstance(default, FieldInfo)):
        # Python fills the default itself; pydantic's copy is only shown in the schema.
        settings |= {"default": default} if _has_json_form(default) else {"default_factory": lambda: None}
    return hint, pydantic.Field(**settings)


def _metadata(hint: Any) -> Iterator[Any]:
    yield from getattr(hint, "__metadata__", ())


def _written(notes: list[Any]) -> Iterator[str]:
    """Descriptions in other forms than `Field`: `Annotated[int, "Days"]` and `Annotated[int, Doc("Days")]`."""
    for note in notes:
        if isinstance(note, str):
            yield note
        elif isinstance(note, typing_extensions.Doc):
            yield note.documentation


def _has_json_form(value: object) -> bool:
    try:
        to_json(value)
    except Exception:  # it may have a serializer of its own
        return False
    return True


def _key(field: FieldInfo) -> str:
    alias = field.validation_alias
    return alias if isinstance(alias, str) else ""


def _model(
    arguments: list[Argument], fields: dict[str, Any], more: Any, label: str
) -> tuple[type[pydantic.BaseModel], JsonSchema]:
    """The model and its schema; where there is none, the message names the parameter that pydantic cannot describe."""
    try:
        model = _create(fields, more)
        return model, {"additionalProperties": more is not _NOTHING, **schema_of(TypeAdapter(model))}
    except Exception as error:
        for each in arguments:
            try:
                schema_of(TypeAdapter(_create({each.field: fields[each.field]}, _NOTHING)))
            except Exception as reason:  # the user's types have code of their own
                raise TypeError(
                    f"{label}, parameter {each.parameter.name!r}: its type cannot be described ({reason_of(reason)})"
                ) from reason
        raise TypeError(f"{label}: its arguments cannot be described ({reason_of(error)})") from error


def _create(fields: dict[str, Any], more: Any) -> type[pydantic.BaseModel]:
    config = ConfigDict(
        # A function without parameters is called even if a weak model fills something in.
        extra="allow" if more is not _NOTHING else "forbid" if fields else "ignore",
        coerce_numbers_to_str=True,
        allow_inf_nan=False,
    )
    namespace: dict[str, Any] = {"__module__": __name__, "model_config": config}
    if more is not _NOTHING:
        namespace["__annotations__"] = {"__pydantic_extra__": dict[str, more]}
    base = type("Arguments", (pydantic.BaseModel,), namespace)
    return pydantic.create_model("Arguments", __base__=base, **fields)


# Python functions as tools: how they are described to the model, what becomes of the arguments that it writes, and
# what it reads of the result or the error.

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
