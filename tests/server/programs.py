"""Server processes that tests may kill; this module is also the program that they run."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx

from openai_assistants.server import Model, Settings, create_app
from openai_assistants.server.local import Server
from openai_assistants.server.models import Part, TextDelta, Turn

from .support import BETA, Api, wait_for

ROOT = Path(__file__).parents[2]
LEASE = 3.0


class Process:
    """A server over a database. Options: `lease`; `lazy`, which takes runs and cancels but never begins with them;
    `fluent`, whose models come to an end; `hold`, which never gets done with files and batches."""

    def __init__(self, database: str, **options: Any) -> None:
        command = [sys.executable, "-m", "tests.server.programs", json.dumps({"database": database, **options})]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        assert self._process.stdout is not None
        port = self._process.stdout.readline().strip()
        assert port, "the server did not start"
        self.base_url = f"http://127.0.0.1:{port}/v1"
        self._http = httpx.Client(base_url=self.base_url, headers=BETA, timeout=30)
        self.api = Api(self._http)
        wait_for(self._answers, bool, 30)

    def signal(self, number: int) -> None:
        """Send a signal."""
        self._process.send_signal(number)

    def kill(self) -> None:
        """End it as nothing can prevent."""
        self.end(signal.SIGKILL)

    def end(self, number: int) -> None:
        """Send a signal and wait for the end."""
        self.signal(number)
        self._process.wait(30)

    def close(self) -> None:
        """End it if it still runs."""
        if self._process.poll() is None:
            self.kill()
        self._http.close()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _answers(self) -> bool:
        try:
            return httpx.get(self.base_url.replace("/v1", "/health")).status_code == 200
        except httpx.TransportError:
            return False


@contextlib.contextmanager
def process(database: str, **options: Any) -> Iterator[Process]:
    running = Process(database, **options)
    try:
        yield running
    finally:
        running.close()


class Speaking(Model):
    """Says something, and the rest only if it is fluent."""

    name = "speaking"

    def __init__(self, first: str, fluent: bool) -> None:
        self._first = first
        self._fluent = fluent

    async def respond(self, turn: Turn) -> AsyncIterator[Part]:
        if self._first:
            yield TextDelta(self._first)
        if not self._fluent:
            await asyncio.Event().wait()
        yield TextDelta(f"the end, by {os.getpid()}")


def main(options: dict[str, Any]) -> None:
    fluent = options.get("fluent", False)
    settings = Settings(
        database=options["database"],
        lease_seconds=options.get("lease", LEASE),
        drain_seconds=0.0,
        models={"silent": Speaking("", fluent), "speaking": Speaking("So far, ", fluent)},
    )
    if options.get("hold"):
        settings.processing.hold()
    app = create_app(settings)
    if options.get("lazy"):
        app.state.service.engine.launch = app.state.service.engine.settle_cancel = lambda run_id: None
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    Server(app, host="127.0.0.1", port=0).run(sockets=[listener])


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
