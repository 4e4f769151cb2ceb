"""The versions of the API, as data: the operations of each, the check of their requests, what carries them out, and how
the events of a run look there. A request chooses by its header, where its URL has versions at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from . import errors, v1
from .faults import Scope
from .handlers import HANDLERS, Handler
from .paths import raw_path
from .spec import NEWEST, Match, Operation, Spec
from .store import Database
from .streams import View
from .validation import Validator

_VERSIONED: Final = frozenset({"assistants", "threads"})
"""Where URLs of these begin, a version must be chosen."""


@dataclass(frozen=True)
class Version:
    """One version of the API."""

    spec: Spec
    validator: Validator
    handlers: Mapping[str, Handler]
    """By the spec's operationIds."""
    view: Callable[[Database, str], View] | None = None
    """Makes what shows the events of a run in this version; None: they are shown as they are stored."""

    @property
    def name(self) -> str:
        """As headers have it: `v2`."""
        return self.spec.version


@dataclass(frozen=True)
class Route:
    """Where a request leads to."""

    method: str
    path: str
    version: Version
    is_chosen: bool
    """Whether the request says so, or need not."""
    match: Match | None
    known_to: str | None
    """Another version that has what this one lacks."""

    @property
    def operation(self) -> Operation | None:
        """The operation, if there is one."""
        return self.match.operations.get(self.method) if self.match is not None else None

    @property
    def values(self) -> Mapping[str, str]:
        """The parameters in the path."""
        return self.match.path if self.match is not None else {}

    def demand(self) -> Operation:
        """The operation.

        Raises:
            ApiError: There is none, or no version was chosen where one must be.
        """
        if self.match is None:
            raise errors.unknown_url(self.method, self.path, known_to=self.known_to)
        if self.operation is None:
            raise errors.wrong_method(self.method, self.path, list(self.match.operations), known_to=self.known_to)
        if not self.is_chosen:
            raise errors.missing_beta()
        return self.operation


class Versions:
    """All versions that this server speaks."""

    def __init__(self) -> None:
        newest, first = Spec.load(NEWEST), Spec.load("v1")
        self.newest = Version(newest, Validator(newest), HANDLERS)
        self.first = Version(first, Validator(first), v1.HANDLERS, v1.Events)
        self._all = (self.newest, self.first)

    def route(self, scope: Scope, prefix: str) -> Route:
        """Where a request leads to, whose operations lie under a prefix."""
        method, path = scope["method"], raw_path(scope)
        if not path.startswith(prefix + "/"):
            return Route(method, path, self.newest, True, None, None)
        inner = path[len(prefix) :]
        if inner.split("/")[1] not in _VERSIONED:
            return Route(method, path, self.newest, True, self.newest.spec.match(inner), None)
        asked = _asked(scope["headers"])
        chosen = next((each for each in self._all if f"assistants={each.name}" in asked), None)
        version = chosen or self.newest
        match = version.spec.match(inner)
        lacks = chosen is not None and not _has(match, method)
        others = (each for each in self._all if lacks and each is not chosen)
        known_to = next((each.name for each in others if _has(each.spec.match(inner), method)), None)
        return Route(method, path, version, chosen is not None, match, known_to)


def _has(match: Match | None, method: str) -> bool:
    return match is not None and method in match.operations


def _asked(headers: Sequence[tuple[bytes, bytes]]) -> set[str]:
    values = (value.decode("latin-1") for name, value in headers if name.lower() == b"openai-beta")
    return {each.strip() for value in values for each in value.split(",")}
