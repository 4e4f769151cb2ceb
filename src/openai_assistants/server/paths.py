"""Paths of requests as they came over the wire."""

from __future__ import annotations

from urllib.parse import quote

from .faults import Scope


def raw_path(scope: Scope) -> str:
    """The path of a request, still percent-encoded."""
    raw: bytes | None = scope.get("raw_path")
    if raw is None:  # not every ASGI server tells
        return quote(scope["path"])
    return raw.partition(b"?")[0].decode("latin-1")
