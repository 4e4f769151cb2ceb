"""The command as a program at work, for tests."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx

COMMAND = [sys.executable, "-W", "error", "-m", "openai_assistants.cli"]


def script(folder: Path, pause: float) -> str:
    """A route to a script: every run says "one", makes a pause, and says "two"."""
    file = folder / "script.yaml"
    file.write_text(f"scripts:\n- turns:\n  - deltas: [one, {pause}, two]\n", encoding="utf-8")
    return f"*=scripted:{file}"


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    settings = {**os.environ, "COLUMNS": "120", "NO_COLOR": "1", **environment}
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=60, env=settings)


class Serving:
    """The command `serve` at work."""

    def __init__(self, *arguments: str, **environment: str) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, "serve", "--port", "0", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment},
            process_group=0,  # as a terminal does it
        )
        assert self.process.stdout is not None and self.process.stderr is not None
        self.said: list[str] = []
        self.logged: list[str] = []
        self._readers = [
            threading.Thread(target=lambda: self.said.extend(iter(self.process.stdout.readline, ""))),  # type: ignore[union-attr]
            threading.Thread(target=lambda: self.logged.extend(iter(self.process.stderr.readline, ""))),  # type: ignore[union-attr]
        ]
        for reader in self._readers:
            reader.start()
        wait_for(lambda: any("stop " in line for line in self.said) or self.process.poll() is not None)
        base_url = re.search(r"base_url +(\S+)", "".join(self.said))
        assert base_url is not None, self.said + self.logged
        self.base_url = base_url[1]
        wait_for(self._answers)

    def _answers(self) -> bool:
        try:
            return httpx.get(self.base_url.replace("/v1", "/health")).status_code == 200
        except httpx.TransportError:
            return False

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal; the exit code."""
        self.process.send_signal(number)
        return self.ended()

    def ended(self) -> int:
        """Wait for the end; the exit code."""
        code = self.process.wait(30)
        for reader in self._readers:
            reader.join(10)
        for pipe in (self.process.stdout, self.process.stderr):
            assert pipe is not None
            pipe.close()
        return code

    @property
    def children(self) -> set[int]:
        """The processes that it has started and that still run."""
        process = Path(f"/proc/{self.process.pid}")
        return {int(pid) for task in process.glob("task/*/children") for pid in task.read_text().split()}

    @property
    def log(self) -> list[dict[str, Any]]:
        """The JSON lines of the log."""
        return [json.loads(line) for line in self.logged]


def wait_for(condition: Callable[[], object]) -> None:
    """Wait until it holds; fails after half a minute."""
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@contextlib.contextmanager
def serving(*arguments: str, **environment: str) -> Iterator[Serving]:
    running = Serving(*arguments, **environment)
    try:
        yield running
    finally:
        if running.process.poll() is None:
            running.stop(signal.SIGKILL)
