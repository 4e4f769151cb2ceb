"""A record of the requests that a server received, for tests to look at."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, overload

from .._secrets import is_secret

MAX_BODY: Final = 1 << 20


@dataclass
class ReceivedRequest:
    """One request as it came in. Headers and parameters that carry secrets hold `***`; of the body the first MiB is
    kept."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    operation: str | None
    """The spec's operationId, one of version 1 as `v1.createRun`; None if no operation has this URL."""
    body: bytes = b""
    status: int | None = field(default=None)
    """The status of the answer, once there is one."""

    def json(self) -> Any:
        """The body, parsed."""
        return json.loads(self.body)


class RequestLog(Sequence[ReceivedRequest]):
    """The newest requests, oldest first; usable from any thread."""

    def __init__(self, size: int) -> None:
        self._requests: deque[ReceivedRequest] = deque(maxlen=size)
        self._lock = threading.Lock()

    def add(self, request: ReceivedRequest) -> None:
        """Note a request."""
        with self._lock:
            self._requests.append(request)

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._requests.clear()

    def of(self, operation: str) -> list[ReceivedRequest]:
        """Those of one operation."""
        return [each for each in self if each.operation == operation]

    def __len__(self) -> int:
        return len(self._requests)

    @overload
    def __getitem__(self, index: int) -> ReceivedRequest: ...
    @overload
    def __getitem__(self, index: slice) -> list[ReceivedRequest]: ...
    def __getitem__(self, index: int | slice) -> ReceivedRequest | list[ReceivedRequest]:
        with self._lock:
            return list(self._requests)[index]

    def __iter__(self) -> Iterator[ReceivedRequest]:
        with self._lock:
            return iter(list(self._requests))


def visible_headers(headers: Sequence[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by lower-case name, without secrets."""
    decoded = ((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in headers)
    return {name: "***" if is_secret(name) else value for name, value in decoded}
