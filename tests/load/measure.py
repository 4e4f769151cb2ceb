"""What is measured: streams at once with the server's memory, and the time from process start to `/health`."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]
STREAMS = Path(__file__).with_name("streams.py")


@contextmanager
def server_process(*command: str) -> Iterator[subprocess.Popen[str]]:
    """A server that ends with the block."""
    process = subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    with process:
        try:
            yield process
            process.terminate()
            assert process.wait(30) == 0
        finally:
            process.kill()


def line_of(process: subprocess.Popen[str], words: str = "") -> str:
    """The first line that a process prints that has these words in it."""
    assert process.stdout is not None
    return next(line for line in process.stdout if words in line).strip()


def peak_memory(process: subprocess.Popen[str]) -> float:
    """The most memory that a process has held at once, in MB."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def many_streams(streams: int, *, python: str, module: str, database: str = ":memory:") -> dict[str, Any]:
    """So many streams at once through a client, in a process of its own."""
    with server_process("-m", "tests.load.server", database) as server:
        base_url = line_of(server)
        before = peak_memory(server)
        done = subprocess.run(
            [python, str(STREAMS), module, base_url, str(streams)],
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-5000:]
        found: dict[str, Any] = json.loads(done.stdout)
        return {**found, "memory_mb": peak_memory(server), "memory_before_mb": before}


def start_up() -> float:
    """Seconds from the start of the process to the first answer of `/health`."""
    started = time.perf_counter()
    with server_process("-m", "openai_assistants.server", "--port", "0", "--no-access-log") as server:
        root = line_of(server, "base_url").split()[-1].removesuffix("/v1")
        while True:
            try:
                assert httpx.get(f"{root}/health").json()["status"] == "ok"
                return time.perf_counter() - started
            except httpx.TransportError:
                time.sleep(0.005)
