"""The API as it is served: its operations, read from the OpenAPI document (where they are and what they take), and its
errors: a status and `{"error": {"message", "type", "param", "code"}}`.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import Any, Final, TypeAlias, TypeGuard
from urllib.parse import unquote

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
        self.document = document
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
        parameters = [self._component(each) for each in (*shared, *item.get("parameters", []))]
        content = self._component(item.get("requestBody", {})).get("content", {})
        answer = self._component(item["responses"].get("200", {})).get("content", {})
        operation_id: str = item["operationId"]
        operation = Operation(
            id=operation_id,
            name=operation_id if self.version == NEWEST else f"{self.version}.{operation_id}",
            method=method,
            segments=tuple(path.strip("/").split("/")),
            query=tuple(
                Parameter(each["name"], each.get("required", False), each["schema"])
                for each in parameters
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

    def _component(self, item: JsonObject) -> JsonObject:
        while (reference := item.get("$ref")) is not None:
            item = functools.reduce(lambda place, key: place[key], reference.split("/")[1:], self.document)
        return item


@functools.cache
def _packaged(version: str) -> Spec:
    return Spec(json.loads((resources.files("openai_assistants.server") / "specs" / f"{version}.json").read_bytes()))


# Errors.


class ApiError(Exception):
    """A request that ends with an error body; raised anywhere below the app, answered in one place."""

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
        super().__init__(message)
        self.message = message
        self.status = status
        self.type = type
        self.param = param
        self.code = code
        self.headers = headers or {}

    def body(self) -> dict[str, Any]:
        """The body of the answer."""
        return {"error": error_object(self.message, type=self.type, param=self.param, code=self.code)}


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
