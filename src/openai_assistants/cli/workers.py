"""Several processes over one listening socket: started, replaced when they die, stopped together.

Each is this same command with the number of the socket. It ends when the pipe on its standard input does, so none
outlives the process that watches over it, however that ended.
"""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import FrameType

FD = "--fd"
_YOUNG = 5.0
"""A process that ends sooner than this (in seconds) could not start properly."""
_MAX_FALSE_STARTS = 3
_GRACE = 10.0
"""Seconds beyond the patience with runs that a process may take to end."""


@dataclass
class _Worker:
    process: subprocess.Popen[bytes]
    started: float = field(default_factory=time.monotonic)


class _Stop(Exception):
    """A signal asked for the end."""


def supervise(command: Sequence[str], listener: socket.socket, count: int, *, patience: float) -> int:
    """Keep this many processes running until a signal says stop; returns the exit code.

    A process that dies is replaced; when several in a row die as soon as they start, all are stopped.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _raise_stop)
    workers: list[_Worker] = []
    code = 0
    try:
        workers += [_start(command, listener) for _ in range(count)]
        _watch(workers, command, listener)
        code = 1
    except _Stop:
        pass
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    _stop(workers, patience + _GRACE)
    listener.close()
    return code


def end_with_parent() -> None:
    """In a process of `supervise`: ask this process to stop when the one that started it is gone."""

    def wait() -> None:
        sys.stdin.buffer.read()
        signal.raise_signal(signal.SIGTERM)

    threading.Thread(target=wait, name="parent", daemon=True).start()


def _start(command: Sequence[str], listener: socket.socket) -> _Worker:
    arguments = [sys.executable, "-m", "openai_assistants.cli", *command, FD, str(listener.fileno())]
    return _Worker(subprocess.Popen(arguments, stdin=subprocess.PIPE, pass_fds=[listener.fileno()]))  # noqa: S603 - our own command


def _watch(workers: list[_Worker], command: Sequence[str], listener: socket.socket) -> None:
    """Replace those that end; returns when there is no use in that."""
    false_starts = 0
    while false_starts < _MAX_FALSE_STARTS:
        time.sleep(0.1)
        for index, worker in enumerate(workers):
            code = worker.process.poll()
            if code is None:
                continue
            young = time.monotonic() - worker.started < _YOUNG
            false_starts = false_starts + 1 if young else 0
            print(f"a worker ended with code {code}; starting another", file=sys.stderr, flush=True)
            workers[index] = _start(command, listener)
    print("error: workers end as soon as they are started", file=sys.stderr, flush=True)


def _stop(workers: list[_Worker], seconds: float) -> None:
    running = [worker.process for worker in workers if worker.process.poll() is None]
    for process in running:
        process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + seconds
    for process in running:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    for worker in workers:
        if worker.process.stdin is not None:
            worker.process.stdin.close()


def _raise_stop(number: int, frame: FrameType | None) -> None:
    raise _Stop
