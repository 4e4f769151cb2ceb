"""The spec of the API at run time: its operations, how requests are checked against it, and errors as the API says
them; and how names and values that programs give are checked."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from importlib import resources
from numbers import Integral, Real
from reprlib import repr as short_repr
from types import NoneType, UnionType
from typing import Any, Final, Literal, TypeAlias, TypeGuard, Union, cast, get_args, get_origin, get_type_hints
from urllib.parse import unquote

from typing_extensions import get_protocol_members, is_protocol

from .._basics import is_collection, is_mapping

# The API as it is served: its operations, read from the OpenAPI document (where they are and what they take), and its
# errors: a status and `{"error": {"message", "type", "param", "code"}}`.

JsonObject: TypeAlias = dict[str, Any]
Schema: TypeAlias = Mapping[str, Any]

NEWEST: Final = "v2"
"""The version of the API that has everything; what others lack is named after them."""

_METHODS = ("get", "post", "put", "patch", "delete")
_MULTIPART = "multipart/form-data"

INVALID_REQUEST = "invalid_request_error"


def child(value: JsonObject, name: str) -> JsonObject:
    """An object within an object; empty if it is missing or null."""
    found: JsonObject | None = value.get(name)
    return found or {}


def is_object(value: object) -> TypeGuard[JsonObject]:
    """Whether a JSON value is an object."""
    return isinstance(value, dict)


def is_array(value: object) -> TypeGuard[list[Any]]:
    """Whether a JSON value is an array."""
    return isinstance(value, list)


class SpecError(Exception):
    """The document says something that this server does not understand."""


@dataclass(frozen=True)
class Parameter:
    """A query parameter; an array's name carries its brackets (`include[]`)."""

    name: str
    required: bool
    schema: Schema


@dataclass(frozen=True)
class Operation:
    """One operation, as far as the server needs it."""

    id: str
    """The spec's operationId; another version may have the same."""
    name: str
    """The id, with the version in front unless it is the newest: `createRun`, `v1.createRun`."""
    method: str
    segments: tuple[str, ...]
    query: tuple[Parameter, ...]
    body: Schema | None
    multipart: bool
    responses: Mapping[str, Schema] = field(repr=False)
    """Schemas of the 200 answer by content type."""


@dataclass(frozen=True)
class Match:
    """What a URL leads to: operations by method, and the values in the path."""

    operations: Mapping[str, Operation]
    path: Mapping[str, str]


class _Node:
    """A place in the tree of paths. Literal segments win over parameters: `/threads/runs` is not a thread."""

    def __init__(self) -> None:
        self.literals: dict[str, _Node] = {}
        self.parameter: tuple[str, _Node] | None = None
        self.operations: dict[str, Operation] = {}

    def child(self, segment: str) -> _Node:
        if not segment.startswith("{"):
            return self.literals.setdefault(segment, _Node())
        name = segment[1:-1]
        if self.parameter is None:
            self.parameter = (name, _Node())
        elif self.parameter[0] != name:
            raise SpecError(f"two names for one path parameter: {self.parameter[0]}, {name}")
        return self.parameter[1]

    def find(self, segments: Sequence[str], values: tuple[tuple[str, str], ...]) -> Match | None:
        if not segments:
            return Match(self.operations, dict(values)) if self.operations else None
        head, rest = segments[0], segments[1:]
        if (literal := self.literals.get(head)) is not None and (found := literal.find(rest, values)) is not None:
            return found
        if self.parameter is None or not head:
            return None
        name, node = self.parameter
        return node.find(rest, (*values, (name, unquote(head))))


class Spec:
    """The operations of one OpenAPI 3.1 document."""

    def __init__(self, document: JsonObject) -> None:
        self.version: str = document["info"]["version"]
        self.schemas: Mapping[str, Schema] = document["components"]["schemas"]
        self.operations: dict[str, Operation] = {}
        self._root = _Node()
        for path, item in document["paths"].items():
            for method in _METHODS:
                if method in item:
                    self._add(path, method.upper(), item[method], item.get("parameters", []))

    @classmethod
    def load(cls, version: str = NEWEST) -> Spec:
        """The document of a version of the API, out of the package; the generator writes it."""
        return _packaged(version)

    def match(self, raw_path: str) -> Match | None:
        """The operations behind a path as it came over the wire; values are decoded after the path was taken apart,
        so an id may hold a percent-encoded slash."""
        return self._root.find(raw_path.removeprefix("/").split("/"), ())

    def resolve(self, schema: Schema) -> Schema:
        """Follow references to the schema that they mean."""
        while (reference := schema.get("$ref")) is not None:
            schema = self.schemas[reference.removeprefix("#/components/schemas/")]
        return schema

    def _add(self, path: str, method: str, item: JsonObject, shared: list[JsonObject]) -> None:
        content = item.get("requestBody", {}).get("content", {})
        answer = item["responses"].get("200", {}).get("content", {})
        operation_id: str = item["operationId"]
        operation = Operation(
            id=operation_id,
            name=operation_id if self.version == NEWEST else f"{self.version}.{operation_id}",
            method=method,
            segments=tuple(path.strip("/").split("/")),
            query=tuple(
                Parameter(each["name"], each.get("required", False), each["schema"])
                for each in (*shared, *item.get("parameters", []))
                if each["in"] == "query"
            ),
            body=next((media["schema"] for media in content.values()), None),
            multipart=_MULTIPART in content,
            responses={kind: media.get("schema", {}) for kind, media in answer.items()},
        )
        self.operations[operation.id] = operation
        node = self._root
        for segment in operation.segments:
            node = node.child(segment)
        node.operations[method] = operation


@functools.cache
def _packaged(version: str) -> Spec:
    return Spec(json.loads((resources.files("openai_assistants.server") / "specs" / f"{version}.json").read_bytes()))


# What programs give: names of operations, and the fields of dataclasses.


def check_operation(name: str) -> None:
    """Refuse what is not the name of an operation: its operationId, one of version 1 with `v1.` in front.

    Raises:
        ValueError: There is no such operation; the message tells the nearest ones.
    """
    known = [operation.name for version in (NEWEST, "v1") for operation in Spec.load(version).operations.values()]
    if name not in known:
        hint = did_you_mean(name, known) or f"; there are {', '.join(known)}"
        raise ValueError(f"the API has no operation {name!r}{hint}")


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The end of a message about a name that is not known: those that it may have been meant for, if any."""
    names = list(known)
    near = [each for each in names if name and each.startswith(name)] or get_close_matches(name, names, 1)
    return f"; did you mean {_list_of([repr(each) for each in near], 'or')}?" if near else ""


def check_fields(given: Any) -> None:
    """Refuse values of a dataclass's fields that are none of what the fields are declared as. Whole numbers are
    numbers, too, and any collection does for a tuple or a set. What `repr` leaves out is not quoted.

    Raises:
        TypeError: A value is of another type; the message names the field, what it takes, and what was given.
        ValueError: The field takes certain values only, and this is none of them.
    """
    kind = given.__class__
    hints = _hints(kind)
    for each in fields(given):
        value, hint = getattr(given, each.name), hints[each.name]
        if not _fits(value, hint):
            raise _misfit(kind.__name__, each.name, value, hint, quoted=each.repr)


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _fits(value: Any, hint: Any) -> bool:
    kind, parts = get_origin(hint) or hint, get_args(hint)
    if kind is Literal:
        return value in parts
    if kind in (Union, UnionType):
        return any(_fits(value, each) for each in parts)
    if kind in (int, float):
        return not isinstance(value, bool) and isinstance(value, Integral if kind is int else Real)
    if kind is Any or not isinstance(kind, type):
        return True
    if is_protocol(kind):
        return not isinstance(value, type) and all(hasattr(value, name) for name in get_protocol_members(kind))
    if not parts:
        return isinstance(value, kind)
    if issubclass(kind, Mapping):
        return is_mapping(value) and all(_fits(key, parts[0]) and _fits(item, parts[1]) for key, item in value.items())
    if (
        not is_collection(value) or not isinstance(value, Collection) or is_mapping(value)
    ):  # what can be iterated over once only is no value
        return False
    if kind is tuple and parts[-1] is not Ellipsis:
        return len(value) == len(parts) and all(map(_fits, value, parts))
    return all(_fits(each, parts[0]) for each in value)


def _misfit(owner: str, name: str, value: Any, hint: Any, *, quoted: bool) -> Exception:
    place = f"{owner}({name}=...)"
    parts = get_args(hint)
    if is_mapping(value) and issubclass(get_origin(hint) or object, Mapping):
        found = (pair for pair in value.items() if not _fits(pair[1], parts[1]))
        if (wrong := next(found, None)) is not None:
            place, value, hint = f"{owner}({name}={{{wrong[0]!r}: ...}})", wrong[1], parts[1]
    got = short_repr(value) if quoted else f"a value of type {type(value).__name__}"
    known = _literals(hint)
    near = did_you_mean(value, (each for each in known if isinstance(each, str))) if isinstance(value, str) else ""
    kind = ValueError if any(type(value) is type(each) for each in known) else TypeError
    return kind(f"{place} takes {_told(hint)}, not {got}{near}")


def _literals(hint: Any) -> list[Any]:
    if get_origin(hint) is Literal:
        return list(get_args(hint))
    return [each for part in get_args(hint) for each in _literals(part)]


_TOLD: Final[Mapping[Any, str]] = {
    Any: "anything",
    NoneType: "None",
    bool: "True or False",
    float: "a number",
    int: "a whole number",
    object: "anything",
    str: "text",
}


def _told(hint: Any) -> str:
    """An annotation in words."""
    kind, parts = get_origin(hint), get_args(hint)
    if kind is Literal:
        return _list_of([repr(each) for each in parts], "or")
    if kind in (Union, UnionType):
        return _list_of([_told(each) for each in parts], "or")
    if kind is None:
        return _TOLD.get(hint) or str(hint.__name__)
    if issubclass(kind, Mapping):
        return f"a mapping from {_told(parts[0])} to {_told(parts[1])}"
    if kind is tuple and parts[-1] is not Ellipsis:
        return f"({', '.join(map(_told, parts))})"
    return f"a sequence of {_told(parts[0])}"


# Errors.


_LONGEST_MESSAGE: Final = 4000
_LONGEST_PARAM: Final = 1000


class ApiError(Exception):
    """A request that ends with an error body; raised anywhere below the app, answered in one place. Names and values
    that it quotes may be as large as a body: those lose their middle."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        type: str = INVALID_REQUEST,
        param: str | None = None,
        code: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        message = _cut(message, _LONGEST_MESSAGE)
        super().__init__(message)
        self.message = message
        self.status = status
        self.type = type
        self.param = param and _cut(param, _LONGEST_PARAM)
        self.code = code
        self.headers = headers or {}

    def body(self) -> dict[str, Any]:
        """The body of the answer."""
        return {"error": error_object(self.message, type=self.type, param=self.param, code=self.code)}


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most // 2]}...{text[-most // 2 :]}"


def error_object(message: str, *, type: str, param: str | None = None, code: str | None = None) -> dict[str, Any]:
    """The object under `error`, also the data of an `error` event."""
    return {"message": message, "type": type, "param": param, "code": code}


def not_found(noun: str, object_id: str) -> ApiError:
    """An object that does not exist, or is not this caller's to see."""
    return ApiError(f"No {noun} found with id '{object_id}'.", status=404)


def unknown_url(method: str, path: str, *, known_to: str | None = None) -> ApiError:
    """A URL that no operation has, at most one of another version of the API."""
    return ApiError(f"Invalid URL ({method} {path}){_other_version(known_to)}", status=404, code="unknown_url")


def wrong_method(method: str, path: str, allowed: list[str], *, known_to: str | None = None) -> ApiError:
    """A URL that exists, with another method; at most another version of the API has it with this one."""
    hint = _other_version(known_to) or " (HINT: Perhaps you meant to use a different HTTP method?)"
    return ApiError(
        f"Not allowed to {method} on {path}.{hint}",
        status=405,
        headers={"allow": ", ".join(allowed)},
    )


def _other_version(name: str | None) -> str:
    if name is None:
        return ""
    return f" (HINT: Another version of the API has this; set the header 'OpenAI-Beta: assistants={name}' for it.)"


def missing_beta() -> ApiError:
    """`/assistants` and `/threads` want to be asked for by version."""
    return ApiError(
        "You must provide the 'OpenAI-Beta' header to access the Assistants API. "
        "Please try again by setting the header 'OpenAI-Beta: assistants=v2'.",
        code="invalid_beta",
    )


def missing_key() -> ApiError:
    """No credentials on a server that wants some."""
    return ApiError(
        "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth "
        "(i.e. Authorization: Bearer YOUR_KEY).",
        status=401,
    )


def wrong_key(key: str) -> ApiError:
    """Credentials that this server does not know; of a key of some length the ends are shown, to recognise it by."""
    shown = f"{key[:3]}***{key[-4:]}" if len(key) >= 16 else "***"
    return ApiError(f"Incorrect API key provided: {shown}.", status=401, code="invalid_api_key")


def too_large(what: str, limit: int) -> ApiError:
    """A body beyond the server's limits."""
    return ApiError(f"{what} is too large: the limit is {limit} bytes.", status=413)


def server_error() -> ApiError:
    """A fault of this server; what it was stands in the log only."""
    return ApiError(
        "The server had an error while processing your request. Sorry about that!", status=500, type="server_error"
    )


# Checks requests against the schemas of the spec and says what is wrong in the API's words.
#
# The walk follows the schema keyword by keyword and raises at the first problem: an unknown key, then a missing one,
# then the values in the order in which they were sent. In a union it goes down the branch that the value's tag names,
# so the message is about the field that is wrong and not about all the branches that were not meant. A keyword that
# this module does not know is refused when the spec is loaded: nothing is left unchecked in silence.

_ANNOTATIONS = {"default", "deprecated", "description", "discriminator", "example", "examples", "format", "title"}
_CHECKED = {
    "$ref", "additionalProperties", "anyOf", "const", "enum", "items", "maxItems", "maxLength",
    "maxProperties", "maximum", "minItems", "minLength", "minProperties", "minimum", "oneOf", "pattern",
    "properties", "propertyNames", "required", "type",
}  # fmt: skip
_NAMES = {
    "string": "a string", "integer": "an integer", "number": "a decimal", "boolean": "a boolean",
    "object": "an object", "array": "an array", "null": "null",
}  # fmt: skip
_PLURALS = {"string": "strings", "integer": "integers", "number": "decimals", "object": "objects", "array": "arrays"}


@dataclass(frozen=True)
class ReceivedFile:
    """The value of a file field: its bytes are in the store already, under this id."""

    id: str
    filename: str
    size: int
    sha256: str


_MAX_FORM_DEPTH = 8


class Problem(Exception):
    """What is wrong with a value, and where."""

    def __init__(self, path: str, code: str, message: str) -> None:
        super().__init__(message)
        self.path = path
        self.code = code
        self.message = message


class Validator:
    """Checks bodies and query strings of one spec."""

    def __init__(self, spec: Spec) -> None:
        self._spec = spec
        for operation in spec.operations.values():
            for schema in (operation.body or {}, *(each.schema for each in operation.query)):
                refuse_unknown_keywords(spec, schema)

    def body(self, operation: Operation, value: object) -> JsonObject:
        """The body of a request, checked."""
        with_api_errors(lambda: self.check(operation.body or {}, value, ""))
        return cast(JsonObject, value)

    def form(self, operation: Operation, fields: Mapping[str, str | ReceivedFile]) -> JsonObject:
        """The fields of a multipart form, brackets unfolded (`expires_after[seconds]`), converted and checked."""
        nested: JsonObject = {}
        for name, value in fields.items():
            place = nested
            *parents, last = [each.rstrip("]") for each in name.split("[")]
            if len(parents) > _MAX_FORM_DEPTH:
                raise ApiError(f"Invalid form field: '{name[:100]}...'.")
            for parent in parents:
                inner = place.setdefault(parent, {})
                if not is_object(inner):
                    raise ApiError(f"Invalid form field: '{name}'.", param=name)
                place = inner
            place[last] = value
        return self.body(operation, self._from_text(operation.body or {}, nested))

    def query(self, operation: Operation, pairs: Sequence[tuple[str, str]]) -> JsonObject:
        """The parameters of a query string. Unknown ones are let through unread: hosts and proxies add their own
        (`api-version`), and the API ignores them too."""
        values: JsonObject = {}
        for parameter in operation.query:
            found = [value for name, value in pairs if name == parameter.name]
            if not found:
                if parameter.required:
                    raise problem_to_error(_missing(parameter.name))
                continue
            values[parameter.name.removesuffix("[]")] = self._query_value(parameter, found)
        return values

    def _query_value(self, parameter: Parameter, found: list[str]) -> object:
        schema = self._spec.resolve(parameter.schema)
        several = "array" in _types(schema)
        value = self._from_text(schema, found if several else found[-1])
        with_api_errors(lambda: self.check(schema, value, parameter.name.removesuffix("[]")))
        return value

    def _from_text(self, schema: Schema, value: object) -> object:
        """Forms and query strings carry text only: turn it into what the schema wants, or leave it to be refused."""
        schema = self._spec.resolve(schema)
        if is_object(value):
            properties: Mapping[str, Schema] = schema.get("properties", {})
            return {name: self._from_text(properties.get(name, {}), item) for name, item in value.items()}
        if is_array(value):
            return [self._from_text(schema.get("items", {}), item) for item in value]
        if isinstance(value, str):
            branches = [schema, *(self._spec.resolve(each) for each in _branches(schema))]
            types = {kind for branch in branches for kind in _types(branch)}
            if "integer" in types and re.fullmatch(r"[+-]?[0-9]{1,18}", value):
                return int(value)
            if "number" in types and re.fullmatch(r"[+-]?[0-9]{1,18}(\.[0-9]{1,18})?", value):
                return float(value)
            if "boolean" in types and value in ("true", "false"):
                return value == "true"
        return value

    def check(self, schema: Schema, value: object, path: str) -> None:
        """Raise a `Problem` unless the value fits the schema."""
        schema = self._spec.resolve(schema)
        self._check_type(schema, value, path)
        if is_object(value):
            self._check_object(schema, value, path)
        elif is_array(value):
            self._check_array(schema, value, path)
        elif isinstance(value, str):
            _check_string(schema, value, path)
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            _check_number(schema, value, path)
        if "const" in schema and value != schema["const"]:
            raise _unsupported(value, [schema["const"]], path)
        if "enum" in schema and value not in schema["enum"]:
            raise _unsupported(value, schema["enum"], path)
        if branches := _branches(schema):
            self._check_union(schema, branches, value, path)

    def _check_type(self, schema: Schema, value: object, path: str) -> None:
        types = _types(schema)
        wants_file = schema.get("format") == "binary"
        if wants_file and not _is_file(value):
            text = f"Invalid type for '{path}': expected a file, but got a form field without a filename."
            raise Problem(path, "invalid_type", text)
        if types and _is_file(value) and not wants_file:
            raise _wrong_type(value, [schema], self._spec, path)
        if types and not any(_is(value, kind) for kind in types):
            raise _wrong_type(value, [schema], self._spec, path)

    def _check_object(self, schema: Schema, value: JsonObject, path: str) -> None:
        properties: Mapping[str, Schema] = schema.get("properties", {})
        # An object whose properties the spec lists has no others, as far as requests go.
        extra: Schema | bool = schema.get("additionalProperties", "properties" not in schema)
        if extra is False:
            for name in value:
                if name not in properties:
                    where = _join(path, name)
                    raise Problem(where, "unknown_parameter", f"Unknown parameter: '{where}'.")
        for name in schema.get("required", ()):
            if name not in value:
                raise _missing(_join(path, name))
        if len(value) > (limit := schema.get("maxProperties", len(value))):
            raise Problem(
                path,
                "object_above_max_properties",
                f"Invalid '{path}': too many properties. Expected an object with at most {limit} properties, "
                f"but got an object with {len(value)} properties instead.",
            )
        if len(value) < (limit := schema.get("minProperties", 0)):
            raise Problem(
                path,
                "object_below_min_properties",
                f"Invalid '{path}': not enough properties. Expected an object with at least {limit} properties, "
                f"but got an object with {len(value)} properties instead.",
            )
        for name, item in value.items():
            if "propertyNames" in schema:
                self.check(schema["propertyNames"], name, _join(path, name))
            if name in properties:
                self.check(properties[name], item, _join(path, name))
            elif isinstance(extra, Mapping):
                self.check(extra, item, _join(path, name))

    def _check_array(self, schema: Schema, value: list[object], path: str) -> None:
        if len(value) > (limit := schema.get("maxItems", len(value))):
            raise Problem(
                path,
                "array_above_max_length",
                f"Invalid '{path}': array too long. Expected an array with maximum length {limit}, "
                f"but got an array with length {len(value)} instead.",
            )
        if len(value) < (limit := schema.get("minItems", 0)):
            got = f"an array with length {len(value)}" if value else "an empty array"
            raise Problem(
                path,
                "array_below_min_length" if value else "empty_array",
                f"Invalid '{path}': array too short. Expected an array with minimum length {limit}, "
                f"but got {got} instead.",
            )
        if "items" in schema:
            for index, item in enumerate(value):
                self.check(schema["items"], item, f"{path}[{index}]")

    def _check_union(self, schema: Schema, branches: Sequence[Schema], value: object, path: str) -> None:
        candidates = list(self._flatten(branches))
        fitting = [each for each in candidates if not _types(each) or any(_is(value, kind) for kind in _types(each))]
        if not fitting:
            raise _wrong_type(value, candidates, self._spec, path)
        if is_object(value) and len(fitting) > 1 and (tag := self._tag(fitting)) is not None:
            self.check(self._branch(fitting, tag, value, path), value, path)
            return
        problems: list[Problem] = []
        for each in fitting:
            try:
                self.check(each, value, path)
                return
            except Problem as problem:
                problems.append(problem)
        choices = [choice for each in fitting for choice in _choices(each)]
        if len(problems) > 1 and choices and isinstance(value, str):
            raise _unsupported(value, choices, path)
        raise problems[0]

    def _flatten(self, branches: Iterable[Schema]) -> Iterator[Schema]:
        for branch in branches:
            schema = self._spec.resolve(branch)
            inner = _branches(schema)
            if inner and not _types(schema):
                yield from self._flatten(inner)
            else:
                yield schema

    def _tag(self, branches: Sequence[Schema]) -> str | None:
        """The property by which the branches of a union tell themselves apart."""
        first: Mapping[str, Schema] = branches[0].get("properties", {})
        for name in first:
            if all(_choices(self._spec.resolve(each.get("properties", {}).get(name, {}))) for each in branches):
                return name
        return None

    def _branch(self, branches: Sequence[Schema], tag: str, value: JsonObject, path: str) -> Schema:
        where = _join(path, tag)
        if tag not in value:
            raise _missing(where)
        choices: list[object] = []
        for branch in branches:
            own = _choices(self._spec.resolve(branch["properties"][tag]))
            if value[tag] in own:
                return branch
            choices.extend(own)
        if not isinstance(value[tag], str):
            raise _wrong_type(value[tag], [{"type": "string"}], self._spec, where)
        raise _unsupported(value[tag], choices, where)


def with_api_errors(check: Callable[[], None]) -> None:
    """Run a check; what it finds becomes the error that is answered."""
    try:
        check()
    except Problem as problem:
        raise problem_to_error(problem) from None


def problem_to_error(problem: Problem) -> ApiError:
    """The answer that tells a problem."""
    return ApiError(problem.message, param=problem.path or None, code=problem.code)


def refuse_unknown_keywords(spec: Spec, schema: Schema, seen: set[int] | None = None) -> None:
    """Raise `SpecError` if a schema, or one that it leads to, uses a keyword that this module does not check."""
    seen = set() if seen is None else seen
    schema = spec.resolve(schema)
    if id(schema) in seen:
        return
    seen.add(id(schema))
    for keyword in schema:
        if keyword not in _CHECKED and keyword not in _ANNOTATIONS and not keyword.startswith("x-"):
            raise SpecError(f"the request check does not know the keyword {keyword!r} of {dict(schema)}")
    inner: list[object] = [
        *schema.get("properties", {}).values(),
        *_branches(schema),
        schema.get("items"),
        schema.get("additionalProperties"),
        schema.get("propertyNames"),
    ]
    for each in inner:
        if isinstance(each, Mapping):
            refuse_unknown_keywords(spec, cast(Schema, each), seen)


def _check_string(schema: Schema, value: str, path: str) -> None:
    if len(value) > (limit := schema.get("maxLength", len(value))):
        raise Problem(
            path,
            "string_above_max_length",
            f"Invalid '{path}': string too long. Expected a string with maximum length {limit}, "
            f"but got a string with length {len(value)} instead.",
        )
    if len(value) < (limit := schema.get("minLength", 0)):
        got = f"a string with length {len(value)}" if value else "an empty string"
        raise Problem(
            path,
            "string_below_min_length" if value else "empty_string",
            f"Invalid '{path}': string too short. Expected a string with minimum length {limit}, "
            f"but got {got} instead.",
        )
    if "pattern" in schema and re.search(schema["pattern"], value) is None:
        raise Problem(
            path,
            "invalid_value",
            f"Invalid '{path}': string does not match pattern. Expected a string that matches the pattern "
            f"'{schema['pattern']}'.",
        )


def _check_number(schema: Schema, value: float, path: str) -> None:
    kind = "integer" if isinstance(value, int) and "integer" in _types(schema) else "decimal"
    if value > (limit := schema.get("maximum", value)):
        raise Problem(
            path,
            f"{kind}_above_max_value",
            f"Invalid '{path}': {kind} above maximum value. Expected a value <= {limit}, but got {value} instead.",
        )
    if value < (limit := schema.get("minimum", value)):
        raise Problem(
            path,
            f"{kind}_below_min_value",
            f"Invalid '{path}': {kind} below minimum value. Expected a value >= {limit}, but got {value} instead.",
        )


def _missing(path: str) -> Problem:
    return Problem(path, "missing_required_parameter", f"Missing required parameter: '{path}'.")


def _unsupported(value: object, choices: Sequence[object], path: str) -> Problem:
    supported = [f"'{each}'" for each in dict.fromkeys(choices) if each is not None]
    hint = f"Value must be {supported[0]}." if len(supported) == 1 else f"Supported values are: {_list_of(supported)}."
    return Problem(path, "invalid_value", f"Invalid value: '{value}'. {hint}")


def _wrong_type(value: object, schemas: Sequence[Schema], spec: Spec, path: str) -> Problem:
    expected: dict[str, None] = {}
    for schema in schemas:
        for kind in _types(schema):
            name = _NAMES[kind]
            if kind == "array":
                item = _types(spec.resolve(schema.get("items", {}))) or (
                    ["object"] if _branches(spec.resolve(schema.get("items", {}))) else []
                )
                name += f" of {_PLURALS[item[0]]}" if item and item[0] in _PLURALS else ""
            if kind != "null":
                expected[name] = None
    names = list(expected) or ["null"]
    bare = [names[0], *(each.split(" ", 1)[1] for each in names[1:])]  # "one of a string or array of objects"
    wanted = names[0] if len(names) == 1 else f"one of {_list_of(bare, 'or')}"
    got = next(name for kind, name in _NAMES.items() if _is(value, kind)) if not _is_file(value) else "a file"
    where = f" for '{path}'" if path else ""
    return Problem(path, "invalid_type", f"Invalid type{where}: expected {wanted}, but got {got} instead.")


def _list_of(names: Sequence[str], word: str = "and") -> str:
    if len(names) < 3:
        return f" {word} ".join(names)
    return f"{', '.join(names[:-1])}, {word} {names[-1]}"


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _types(schema: Schema) -> list[str]:
    kind = schema.get("type", [])
    return [kind] if isinstance(kind, str) else list(kind)


def _branches(schema: Schema) -> Sequence[Schema]:
    return [*schema.get("anyOf", ()), *schema.get("oneOf", ())]


def _choices(schema: Schema) -> list[object]:
    return [schema["const"]] if "const" in schema else list(schema.get("enum", ()))


def _is_file(value: object) -> bool:
    return isinstance(value, ReceivedFile)


def _is(value: object, kind: str) -> bool:
    match kind:
        case "string":
            return isinstance(value, (str, ReceivedFile))
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return isinstance(value, (int, float)) and not isinstance(value, bool)
        case "boolean":
            return isinstance(value, bool)
        case "object":
            return isinstance(value, dict)
        case "array":
            return isinstance(value, list)
        case _:  # "null"
            return value is None
