"""Several processes over one listening socket: started, replaced when they die, stopped together.

Each is this same command with the number of the socket. It ends when the pipe on its standard input does, so none
outlives the process that watches over it, however that ended.
"""

from __future__ import annotations

import logging
import os
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
logger = logging.getLogger("openai_assistants.server")

_TICK = 0.1
_YOUNG = 5.0
"""A process that ends sooner than this (in seconds) could not work properly."""
_MAX_FALSE_STARTS = 3
_LONGEST_PAUSE = 10.0
_GRACE = 10.0
"""Seconds beyond the patience with runs that a process may take to end."""


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
        while os.read(stdin, 1):  # not through a buffer: its lock, held here, would break the end of the interpreter
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="parent", daemon=True).start()


def _close(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        process.stdin.close()
