"""`python -m openai_assistants.server`: the server as a program."""

from __future__ import annotations

import argparse
import contextlib
import ipaddress
import logging
import signal
import socket
import sys
from types import FrameType

from sqlalchemy.exc import SQLAlchemyError

from .app import create_app
from .local import Server
from .models import KINDS, Routes
from .settings import Settings
from .store import SchemaError
from .store.sqlite import MEMORY, FileInUseError


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line and serve until told to stop."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    try:
        routes = dict(_route(each) for each in options.model)
        app = create_app(
            Settings(
                database=options.database,
                models=dict(routes),
                api_keys=tuple(options.api_key),
                drain_seconds=options.drain,
            )
        )
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    try:
        app.state.service.database.open()
    except (FileInUseError, SchemaError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except (OSError, SQLAlchemyError) as error:
        print(f"error: cannot open the database {options.database}: {error.__cause__ or error}", file=sys.stderr)
        return 1
    try:
        listener = socket.create_server(
            (options.host, options.port), family=socket.AF_INET6 if ":" in options.host else socket.AF_INET
        )
    except OSError as error:
        print(f"error: cannot listen on {options.host} port {options.port}: {error.strerror}", file=sys.stderr)
        return 1
    server = Server(app, host=options.host, port=options.port)
    _announce(options, app.state.service.routes, listener.getsockname()[1])
    # uvicorn raises the signal that stopped it once more; by then all is closed, and this is a good end.
    signal.signal(signal.SIGTERM, _stay)
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[listener])
    return 0 if server.started else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m openai_assistants.server",
        description="A server that speaks the Assistants API v2. Point a client's base_url at it.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on; 0 takes a free one (%(default)s)")
    parser.add_argument(
        "--database", default=MEMORY, metavar="FILE", help="SQLite file to keep everything in (default: in memory)"
    )
    parser.add_argument(
        "--model",
        action="append",
        default=[],
        metavar="PATTERN=MODEL",
        help=f"which model answers for which names, e.g. 'gpt-*=offline'; may be repeated, the first that matches "
        f"wins, the rest is offline. Models: {', '.join(kind.form for kind in KINDS.values())}",
    )
    parser.add_argument(
        "--api-key", action="append", default=[], metavar="KEY", help="accept only this key; may be repeated"
    )
    parser.add_argument(
        "--drain",
        type=float,
        default=5.0,
        metavar="SECONDS",
        help="time for active runs to end at a stop (%(default)s)",
    )
    return parser


def _route(text: str) -> tuple[str, str]:
    pattern, separator, model = text.partition("=")
    if not separator or not pattern or not model:
        # Not all of it is quoted: a URL may hold a password.
        raise ValueError(f"--model takes PATTERN=MODEL, not {text.partition(':')[0]!r}")
    return pattern, model


def _announce(options: argparse.Namespace, routes: Routes, port: int) -> None:
    host = f"[{options.host}]" if ":" in options.host else options.host
    print("openai-assistants server: the Assistants API v2 on your own machine")
    print(f"  base_url  http://{host}:{port}/v1")
    print(f"  database  {'in memory, gone when the server stops' if options.database == MEMORY else options.database}")
    for pattern, model in routes.described():
        print(f"  model     {pattern} -> {model}{' (no language model)' if model == 'offline' else ''}")
    print(f"  api keys  {len(options.api_key) or 'any'}")
    if not options.api_key and not _is_loopback(options.host):
        print("  WARNING   everyone who reaches this address can use the server; consider --api-key")
    sys.stdout.flush()


def _stay(number: int, frame: FrameType | None) -> None:
    """Take a signal for what it was."""


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


if __name__ == "__main__":
    raise SystemExit(main())
