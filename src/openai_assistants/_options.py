"""Request options: what every method takes besides the API's own parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Mapping, TypedDict

if TYPE_CHECKING:
    import httpx

    from ._http_types import TimeoutLike
    from ._omit import Omit


class RequestOptions(TypedDict, total=False):
    """Keyword arguments that every API method accepts."""

    timeout: float | httpx.Timeout | TimeoutLike | None
    """Limit for each network step (connect, write, each read), in seconds; `None` for no limit."""

    deadline: float | None
    """Limit for the whole call in seconds: all attempts, the sleeps between them and reading the body."""

    max_retries: int
    """How often a failed attempt is repeated; the client's setting unless given."""

    idempotency_key: str
    """Value of `Idempotency-Key` for a POST; a random one unless given, the same for all attempts of a call."""

    extra_headers: Mapping[str, str | Omit]
    """Headers to add or replace; `omit` removes one."""

    extra_query: Mapping[str, object]
    """Query parameters to add or replace."""

    extra_body: Mapping[str, object]
    """Body fields to add or replace."""


OPTION_NAMES = frozenset(RequestOptions.__annotations__)
"""The names of all request options."""
