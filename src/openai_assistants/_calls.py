"""A request as a value: what an API method asks for, before anything is known about servers, keys or retries."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Generic, Literal, Mapping, TypeVar

T = TypeVar("T")

Method = str
"""An HTTP method in capitals."""

OnActiveRun = Literal["error", "wait", "cancel"]


@dataclass(frozen=True, slots=True)
class Operation:
    """The constant part of an API operation."""

    id: str
    """The `operationId` of the spec; for low-level calls a short description."""

    method: Method
    path: str
    """Path template below the base URL, with `{names}`; or, for low-level calls, an absolute URL."""

    beta: str | None = None
    """Value of the `OpenAI-Beta` header, where the API wants one."""

    files: tuple[str, ...] | None = None
    """Names of the files in a body that is sent as `multipart/form-data`; None for a JSON body."""


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """One call of an operation. Values that are `omit` are left out when it is sent."""

    operation: Operation
    path: Mapping[str, str] = field(default_factory=dict[str, str])
    query: Mapping[str, object] = field(default_factory=dict[str, object])
    body: Mapping[str, object] | None = None
    into: Any = None
    """What the answer is read as: a model class, an annotated union, or (for lists) the type of an item."""

    accept: str = "application/json"

    on_active_run: OnActiveRun = "error"
    """What to do when the API refuses the call because a run is active on the thread."""

    resume: bool = False
    """Whether a streamed answer goes on after a broken connection or an early end."""

    unstreamed: Any = None
    """For a streamed answer: what the same call would be read as without events."""
    content: Any = None
    """A body that is sent as it is, instead of `body`: bytes, text or an iterable of bytes."""
    content_type: str = "application/octet-stream"
    """What `content` is."""

    def streaming(self, into: Any) -> Call[Any]:
        """The same call, answered as server-sent events of type `into`."""
        return replace(self, into=into, unstreamed=self.into, accept="text/event-stream")

    def with_query(self, **changes: object) -> Call[T]:
        """The same call with query parameters changed; `omit` removes one."""
        return replace(self, query={**self.query, **changes})
