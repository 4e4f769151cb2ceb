"""What the server says of itself when it starts."""

from __future__ import annotations

import contextlib
import ipaddress
import re
import socket
from typing import TYPE_CHECKING

from openai_assistants._version import __version__

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from openai_assistants.server import Settings

_USER = re.compile(r"(:/{1,2}[^/@:\s]*):[^/@\s]*@")
_PARAMETER = re.compile(r"([?&]\w*pass\w*=)[^&\s'\"]*", re.IGNORECASE)


def announce(app: Starlette, settings: Settings, listener: socket.socket, *, host: str, workers: int) -> None:
    """Print where the server listens, what it keeps and who answers. No key is shown."""
    from openai_assistants.server.models import Routes

    routes: Routes = app.state.service.routes
    lines = [("base_url", _base_url(host, listener.getsockname()[1], settings.prefix))]
    if _is_everywhere(host):
        lines.append(("", "from other machines: the same with this machine's name"))
    lines.append(("database", _database(settings.database)))
    for pattern, model in routes.described():
        lines.append(("model", f"{pattern} -> {model}{' (no language model)' if model == 'offline' else ''}"))
    if settings.dialect is not None:
        lines.append(("dialect", str(getattr(settings.dialect, "name", settings.dialect))))
    lines.append(("code", "runs in a sandbox" if settings.code is not None else "is not run (--allow-code)"))
    lines.append(("api keys", f"{len(settings.api_keys)}, one of them is needed" if settings.api_keys else "any"))
    if workers > 1:
        lines.append(("workers", str(workers)))
    lines.append(("stop", "Ctrl-C or SIGTERM; runs get some time to end, a second time they do not"))
    if not _is_loopback(host):
        if not settings.api_keys:
            lines.append(("WARNING", "everyone who reaches this address can use the server; consider --api-key-file"))
        lines.append(("WARNING", "keys and answers travel unencrypted; others should come through a proxy with TLS"))
    said = [f"openai-assistants {__version__}: the Assistants API v2 on your own machine"]
    said += [f"  {name:<9} {value}" for name, value in lines]
    with contextlib.suppress(OSError):  # nobody reads it
        print("\n".join(said), flush=True)


def without_password(text: str) -> str:
    """A text that may be shown: passwords in the URLs in it are left out."""
    return _PARAMETER.sub(r"\1***", _USER.sub(r"\1:***@", text))


def _base_url(host: str, port: int, prefix: str) -> str:
    if _is_everywhere(host):
        host = "::1" if ":" in host else "127.0.0.1"
    return f"http://{f'[{host}]' if ':' in host else host}:{port}{prefix}"


def _database(database: str) -> str:
    return "in memory, gone when the server stops" if database == ":memory:" else without_password(database)


def _is_everywhere(host: str) -> bool:
    try:
        return not host or ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
