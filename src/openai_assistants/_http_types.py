"""What type checkers know of clients and timeouts of httpx2: they need not have it installed."""

from __future__ import annotations

from typing import Any, Protocol


class ClientLike(Protocol):
    """An HTTP client that blocks, of httpx or httpx2."""

    @property
    def is_closed(self) -> bool: ...
    def build_request(self, method: str, url: Any, /) -> Any: ...
    def close(self) -> None: ...


class AsyncClientLike(Protocol):
    """An HTTP client that is awaited, of httpx or httpx2."""

    @property
    def is_closed(self) -> bool: ...
    def build_request(self, method: str, url: Any, /) -> Any: ...
    async def aclose(self) -> None: ...


class TimeoutLike(Protocol):
    """A timeout of httpx or httpx2."""

    def as_dict(self) -> dict[str, float | None]: ...
