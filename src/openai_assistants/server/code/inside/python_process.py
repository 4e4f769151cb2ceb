"""The Python process that runs programs, and what comes out of it."""

from __future__ import annotations

import contextlib
import os
import resource
import struct
import sys
from typing import Any

from .frames import CHUNK

_PIPE_CHUNKS = 32
_OPEN_FILES = 256
_NOTEBOOK = os.path.join(os.path.dirname(__file__), "notebook.py")


class Notebook:
    """The Python process that runs programs, stopped between them."""

    def __init__(self, limits: dict[str, Any]) -> None:
        commands, self.commands = os.pipe()
        self.done, done = os.pipe()
        self.output, output = os.pipe()
        self.alive = True
        self.programs = 0
        self.pid = os.fork()
        if self.pid == 0:
            try:
                os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
                os.dup2(output, 1)
                os.dup2(output, 2)
                for each in (commands, done):
                    os.set_inheritable(each, True)
                os.chdir(limits["data"])
                _restrict(limits)
                script = [_NOTEBOOK, str(commands), str(done), limits["packages"]]
                # Unbuffered, so that what Python and other processes print is in the order of printing.
                os.execv(sys.executable, [sys.executable, "-I", "-B", "-u", "-X", "utf8", *script])  # noqa: S606
            finally:
                os._exit(127)
        for each in (commands, done, output):
            os.close(each)
        for each in (self.commands, self.output):
            os.set_blocking(each, False)

    def has_ended(self) -> bool:
        """Whether what the process says is the end of its last program; anything else, and it is not to be trusted."""
        return os.read(self.done, CHUNK) == struct.pack(">I", self.programs)

    def close(self) -> None:
        """Forget the process, which has ended."""
        self.alive = False
        for each in (self.commands, self.done, self.output):
            os.close(each)


def _restrict(limits: dict[str, Any]) -> None:
    for kind, amount in (
        (resource.RLIMIT_AS, limits["memory_bytes"]),
        (resource.RLIMIT_FSIZE, limits["file_bytes"]),
        (resource.RLIMIT_NPROC, limits["processes"]),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        allowed = resource.getrlimit(kind)[1]
        limit = amount if allowed == resource.RLIM_INFINITY else min(amount, allowed)
        resource.setrlimit(kind, (limit, limit))
    os.nice(10)
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:
        score.write("1000")  # when the machine runs out of memory, programs go first


class Output:
    """What a program prints, up to a limit."""

    def __init__(self, limit: int) -> None:
        self.content = bytearray()
        self.dropped = 0
        self._limit = limit

    def drain(self, pipe: int) -> bool:
        """Take what is there, at most what a pipe can hold; False at the end of the pipe."""
        for _ in range(_PIPE_CHUNKS):
            try:
                chunk = os.read(pipe, CHUNK)
            except BlockingIOError:
                return True
            room = self._limit - len(self.content)
            self.content += chunk[:room]
            self.dropped += max(0, len(chunk) - room)
            if not chunk:
                return False
        return True
