"""The settings of a client, shared by everything that builds requests; no I/O."""

from __future__ import annotations

import platform
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Callable, Mapping, cast

from ._known_ids import KnownIds
from ._omit import Omit
from ._secrets import Secret
from ._version import __version__

if TYPE_CHECKING:
    import httpx

    from ._http_types import TimeoutLike

DEFAULT_MAX_RETRIES = 2
HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""What HTTP allows as the name of a header."""
USER_AGENT = f"openai-assistants/{__version__} python/{platform.python_version()}"


@dataclass(slots=True)
class Core:
    """Settings of a client."""

    base_url: httpx.URL = field(repr=False)
    """With a trailing slash."""
    api_key: str | Callable[[], Any] = field(repr=False)
    organization: str | None
    project: str | None
    timeout: httpx.Timeout | TimeoutLike | float | None
    max_retries: int
    default_headers: Mapping[str, str | Omit] = field(repr=False)
    default_query: Mapping[str, object] = field(repr=False)
    strict: bool
    http: Callable[[], httpx.Client | httpx.AsyncClient] = field(repr=False)
    """Gives the HTTP client, made on first use."""
    known: KnownIds = field(default_factory=KnownIds, repr=False)
    """Ids of what this client has created; shared by its copies."""
    file_names: dict[tuple[str, str], str | None] = field(
        default_factory=dict[tuple[str, str], "str | None"], repr=False
    )
    """Names of files by base URL and id, as far as they have been looked up."""

    def headers(self, api_key: str) -> dict[str, str | Omit]:
        """Headers of every request, lower-case."""
        headers: dict[str, str | Omit] = {
            "accept": "application/json",
            "user-agent": USER_AGENT,
            "authorization": Secret(f"Bearer {api_key}"),
        }
        if self.organization is not None:
            headers["openai-organization"] = self.organization
        if self.project is not None:
            headers["openai-project"] = self.project
        headers.update(lower(self.default_headers))
        return headers


def lower(headers: Mapping[str, str | Omit]) -> dict[str, str | Omit]:
    """Headers under lower-case names, so that one replaces the other whatever its spelling.

    Raises:
        TypeError: A name is no text.
    """
    for name in headers:
        if not isinstance(cast("object", name), str):
            raise TypeError(f"header names must be strings, not {type(name).__name__}")
    return {name.lower(): Secret(value) if isinstance(value, str) else value for name, value in headers.items()}
