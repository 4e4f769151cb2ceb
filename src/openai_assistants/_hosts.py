"""What we know of hosts: where this API was switched off, and where a key may be sent in the clear."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import ip_address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx

SWITCHED_OFF_ON = "2026-08-26"
SWITCHED_OFF_HOSTS = ("api.openai.com", ".openai.azure.com")
SWITCHED_OFF_PATHS = ("/assistants", "/threads")
NO_HINT = ". The server at this base_url does not offer this operation"


def hint_for_missing_endpoint(request: httpx.Request) -> str:
    """What a person can do when a server lacks an endpoint."""
    host, path = request.url.host, request.url.path
    if host.endswith(SWITCHED_OFF_HOSTS) and any(part in path for part in SWITCHED_OFF_PATHS):
        return (
            f". This host switched the Assistants API off on {SWITCHED_OFF_ON}. Ways on: run the server that comes with"
            " this package (python -m openai_assistants.server) and point base_url at it, or use another server that"
            ' speaks the API; see "Where to run it" in the README'
        )
    if "/v1" not in path:
        return ". Most servers of this API have it below /v1: does base_url end with /v1?"
    return NO_HINT


@lru_cache
def is_loopback(host: str) -> bool:
    """Whether requests to a host stay on this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
