"""Starting the server: database and socket are opened, it says what it is, and runs in one process or several."""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import TYPE_CHECKING

from openai_assistants import __version__

from . import INSTALL, Failure

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from openai_assistants.server import Settings

FD = "--number-of-inherited-socket"
"""The hidden option by which a process gets the number of the socket; so long that no misspelt option is like it."""
logger = logging.getLogger("openai_assistants.server")

_HINTS = {
    errno.EADDRINUSE: "; something else listens there, choose another --port",
    errno.EACCES: "; ports below 1024 are for the system, choose another --port",
    errno.EADDRNOTAVAIL: "; this machine has no such address, choose another --host",
}
_USER = re.compile(r"(:/{1,2}[^/@:\s]*):[^/@\s]*@")
_PARAMETER = re.compile(r"([?&]\w*pass\w*=)[^&\s'\"]*", re.IGNORECASE)

_TICK = 0.1
_YOUNG = 5.0
"""A process that ends sooner than this (in seconds) could not work properly."""
_MAX_FALSE_STARTS = 3
_LONGEST_PAUSE = 10.0
_GRACE = 10.0
"""Seconds beyond the patience with runs that a process may take to end."""


# ---- one process ----


def open_application(settings: Settings) -> Starlette:
    """The application with its database open: what is wrong with either is said now."""
    from sqlalchemy.exc import SQLAlchemyError

    from openai_assistants.server import create_app
    from openai_assistants.server.store import SchemaError
    from openai_assistants.server.store.backends import FileInUseError

    try:
        app = create_app(settings)
        app.state.service.database.open()
    except ValueError as error:
        raise Failure(str(error), code=2) from None
    except ModuleNotFoundError as error:
        raise Failure(f"this needs {error.name}, which is not installed: {INSTALL}", code=2) from None
    except ImportError as error:
        raise Failure(str(error), code=2) from None
    except FileInUseError as error:
        raise Failure(f"{error}; stop it, or choose another --database") from None
    except SchemaError as error:
        raise Failure(f"{error}; use the version that made it, or choose another --database") from None
    except (OSError, SQLAlchemyError) as error:
        said = without_password(str(error.__cause__ or error).strip().partition("\n")[0])
        raise Failure(f"cannot open the database {without_password(settings.database)}: {said}") from None
    return app


def listen(host: str, port: int) -> socket.socket:
    """The socket on which the server listens."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        reason = (error.strerror or str(error)).partition(" (while")[0]
        raise Failure(f"cannot listen on {host} port {port}: {reason}{_HINTS.get(error.errno or 0, '')}") from None


def run(app: Starlette, listener: socket.socket, host: str, say: Callable[[], None] | None = None) -> int:
    """Run the server in this process; returns the exit code."""
    from openai_assistants.server.local import Server

    server = Server(app, host=host, port=listener.getsockname()[1])
    # uvicorn looks out for signals only once it runs; they count before, too.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, server.handle_exit)
    if say is not None:
        say()
    server.run(sockets=[listener])
    return 0 if server.started else 1


# ---- what it says ----


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
    said = [f"openai-assistants {__version__}: the Assistants API, versions 1 and 2, on your own machine"]
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


# ---- several processes ----
#
# Over one listening socket: started, replaced when they die, stopped together. Each is this same command with the
# number of the socket. It ends when the pipe on its standard input does, so none outlives the process that watches over
# it, however that ended.


@dataclass
class _Worker:
    """A place for a process, and the process that has it now."""

    process: subprocess.Popen[bytes]
    started: float = field(default_factory=time.monotonic)
    restart_at: float | None = None


class Supervisor:
    """Keeps processes running until SIGTERM or SIGINT says stop; a second signal lets them end faster. Those signals
    are heeded from the moment that it is made."""

    def __init__(self, command: Sequence[str], listener: socket.socket, count: int, *, patience: float) -> None:
        self._command = command
        self._listener = listener
        self._count = count
        self._patience = patience
        self._signals = 0
        self._false_starts = 0
        self._was_well = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._note)

    def run(self) -> int:
        """Keep them running; returns the exit code. A process that dies is replaced, at once if it had worked for a
        while; when none ever did, all are stopped."""
        workers = [_Worker(self._start()) for _ in range(self._count)]
        try:
            while not self._signals:
                if not self._watch(workers):
                    logger.error("workers end as soon as they are started; the log says why")
                    return 1
                time.sleep(_TICK)
            return 0
        finally:
            self._stop([worker.process for worker in workers])
            self._listener.close()

    def _watch(self, workers: list[_Worker]) -> bool:
        """Look after all processes once; False if there is no use in going on."""
        for worker in workers:
            now = time.monotonic()
            if worker.restart_at is not None:
                if now >= worker.restart_at:
                    worker.process, worker.started, worker.restart_at = self._start(), now, None
                continue
            code = worker.process.poll()
            if code is None:
                if now - worker.started >= _YOUNG:
                    self._was_well, self._false_starts = True, 0
                continue
            pause = 0.0
            if now - worker.started < _YOUNG:
                self._false_starts += 1
                if not self._was_well and self._false_starts >= _MAX_FALSE_STARTS:
                    return False
                pause = min(0.25 * 2**self._false_starts, _LONGEST_PAUSE)
            logger.warning("worker %d ended with code %d; starting another", worker.process.pid, code)
            _close(worker.process)
            worker.restart_at = now + pause
        return True

    def _start(self) -> subprocess.Popen[bytes]:
        fd = self._listener.fileno()
        arguments = [sys.executable, "-m", "openai_assistants.cli", *self._command, FD, str(fd)]
        # In a group of its own: Ctrl-C goes to all processes of the terminal's group, and each would count it twice.
        return subprocess.Popen(arguments, stdin=subprocess.PIPE, pass_fds=[fd], process_group=0)  # noqa: S603 - this command

    def _stop(self, processes: list[subprocess.Popen[bytes]]) -> None:
        passed_on = 0
        deadline = time.monotonic() + self._patience + _GRACE
        while running := [process for process in processes if process.poll() is None]:
            if time.monotonic() > deadline:
                for process in running:
                    process.kill()
                    process.wait()
                break
            for process in running if passed_on < min(max(self._signals, 1), 2) else ():
                process.send_signal(signal.SIGTERM)
            passed_on = min(max(self._signals, 1), 2)
            time.sleep(_TICK / 2)
        for process in processes:
            _close(process)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self._signals += 1


def end_with_parent() -> None:
    """In a process of a supervisor: ask this process to stop when the one that started it is gone."""

    stdin = sys.stdin.fileno()

    def wait() -> None:
        # Nothing is ever written. Not through a buffer: its lock, held here, would break the end of the interpreter.
        os.read(stdin, 1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="parent", daemon=True).start()


def _close(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    process.stdin.close()
