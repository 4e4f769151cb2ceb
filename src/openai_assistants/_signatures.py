"""What a Python function says of itself to the model: its parameters as the fields of a pydantic model, which
describes and validates arguments, and its docstring."""

from __future__ import annotations

import functools
import inspect
import re
import types
import typing
from dataclasses import dataclass, field
from typing import Any, Callable, Collection, Iterable, Iterator, Mapping

import pydantic
import typing_extensions
from pydantic import ConfigDict, TypeAdapter
from pydantic.fields import FieldInfo
from pydantic_core import to_json

from ._json_schemas import JsonSchema, reason_of, schema_of

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
    lines = inspect.cleandoc(text or "").splitlines()
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
