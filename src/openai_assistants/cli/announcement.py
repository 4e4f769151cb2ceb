"""What the server says of itself when it starts."""

from __future__ import annotations

import ipaddress
import re
import socket
import sys
from typing import TYPE_CHECKING

from openai_assistants._version import __version__

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from openai_assistants.server import Settings

_PASSWORD = re.compile(r"(?<=://)([^/@:]*):[^/@]*@")


def announce(app: Starlette, settings: Settings, listener: socket.socket, *, host: str, workers: int) -> None:
    """Print where the server listens, what it keeps and who answers. No key is shown."""
    port = listener.getsockname()[1]
    shown = f"[{host}]" if ":" in host else host
    lines = [("base_url", f"http://{shown}:{port}{settings.prefix}")]
    lines.append(("database", _database(settings.database)))
    for pattern, model in app.state.service.routes.described():
        lines.append(("model", f"{pattern} -> {model}{' (no language model)' if model == 'offline' else ''}"))
    if settings.dialect is not None:
        lines.append(("dialect", getattr(settings.dialect, "name", "")))
    lines.append(("code", "runs in a sandbox" if settings.code is not None else "is not run (--allow-code)"))
    lines.append(("api keys", str(len(settings.api_keys) or "any")))
    if workers > 1:
        lines.append(("workers", str(workers)))
    lines.append(("stop", "Ctrl-C or SIGTERM"))
    if not _is_loopback(host):
        if not settings.api_keys:
            lines.append(("WARNING", "everyone who reaches this address can use the server; consider --api-key-file"))
        lines.append(("WARNING", "keys and answers travel unencrypted; others should come through a proxy with TLS"))
    print(f"openai-assistants {__version__}: the Assistants API v2 on your own machine")
    for name, value in lines:
        print(f"  {name:<9} {value}")
    sys.stdout.flush()


def without_password(database: str) -> str:
    """A database URL that may be shown."""
    return _PASSWORD.sub(r"\1:***@", database)


def _database(database: str) -> str:
    return "in memory, gone when the server stops" if database == ":memory:" else without_password(database)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
