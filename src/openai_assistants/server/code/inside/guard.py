"""The first process of a sandbox: starts the Python process that runs programs, watches over it, and speaks with the
server over its standard input and output.

As process 1 of its own process namespace it cannot be killed by what it watches over, and when it ends everything else
in the namespace is killed.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import select
import signal
import struct
import sys
import time
from typing import Any

from . import files, processes
from .frames import CHUNK, receive, send, send_json
from .python_process import Notebook, Output

_HOLD = 0.02
_START_SECONDS = 20.0
_HALT_SECONDS = 5.0
_PR_SET_DUMPABLE = 4


class Guard:
    """Answers the server's requests."""

    def __init__(self, limits: dict[str, Any]) -> None:
        self._limits = limits
        self._notebook: Notebook | None = None

    def serve(self) -> None:
        """Answer until the server closes the pipe."""
        send_json({"ready": True})
        while True:
            request = json.loads(receive())
            match request["do"]:
                case "put":
                    send_json({"error": files.put(request["path"])})
                case "read":
                    send(b"D", files.read(os.fsencode(request["path"]), request["offset"]))
                case _:
                    self._answer_run(request["code"])

    def _answer_run(self, code: str) -> None:
        with contextlib.suppress(OSError):
            os.makedirs(self._limits["data"], exist_ok=True)  # unless a program removed it
        before = dict(files.plain_files(self._limits["data"]))
        output = Output(self._limits["output_bytes"])
        problem = self._run(code, output)
        overfull = files.file_count() > self._limits["files"]
        after = () if overfull else files.plain_files(self._limits["data"])
        made = {path: key for path, key in after if before.get(path) != key}
        listed = sorted(made, key=lambda path: (made[path][2], path))
        result = {
            "problem": "files" if overfull else problem,
            "dropped": output.dropped,
            "output": len(output.content),
            "files": [files.described(path) for path in listed[: self._limits["made_files"]]],
            "left_out": max(0, len(listed) - self._limits["made_files"]),
        }
        send_json(result)
        for start in range(0, len(output.content), CHUNK):
            send(b"D", bytes(output.content[start : start + CHUNK]))

    def _run(self, code: str, output: Output) -> str | None:
        """Run a program to its end; why it had to be ended early."""
        notebook = self._notebook
        if notebook is None:
            notebook = self._notebook = Notebook(self._limits)
        os.kill(notebook.pid, signal.SIGCONT)
        has_begun = notebook.programs > 0 or self._begins(notebook)
        problem = self._watch(notebook, code, output) if has_begun else "ended"
        if problem is None and not self._halt(notebook):
            problem = "ended"
        if problem is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(-1, signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                while True:
                    os.waitpid(-1, 0)  # the orphans too, or they would count as processes of the next program
            self._notebook = None
        output.drain(notebook.output)
        if problem is not None:
            notebook.close()
        return problem

    def _begins(self, notebook: Notebook) -> bool:
        """Wait until a new process is ready; this does not count as time of the program."""
        ready, _, _ = select.select([0, notebook.done], [], [], _START_SECONDS)
        if 0 in ready:
            os._exit(0)
        return notebook.done in ready and notebook.has_ended()

    def _watch(self, notebook: Notebook, code: str, output: Output) -> str | None:
        notebook.programs += 1
        encoded = code.encode(errors="replace")
        pending = memoryview(struct.pack(">I", len(encoded)) + encoded)
        deadline = time.monotonic() + self._limits["seconds"]
        watched, checked = [0, notebook.done, notebook.output], 0.0
        while True:
            ready, writable, _ = select.select(watched, [notebook.commands] if pending else [], [], _HOLD)
            if 0 in ready:
                os._exit(0)  # the server is gone, or wants no more of this
            if notebook.output in ready and not output.drain(notebook.output):
                watched.remove(notebook.output)
            if notebook.done in ready:
                return None if notebook.has_ended() else "ended"
            if writable:
                try:
                    pending = pending[os.write(notebook.commands, pending) :]
                except BrokenPipeError:
                    return "ended"
            self._reap()
            if not notebook.alive:
                return "ended"
            now = time.monotonic()
            if now >= deadline:
                return "time"
            if now - checked >= _HOLD:
                checked = now
                if (problem := self._exceeded()) is not None:
                    return problem

    def _exceeded(self) -> str | None:
        if files.file_count() > self._limits["files"]:
            return "files"
        alive = processes.others()
        limit = self._limits["memory_bytes"]
        # Shared pages count once for each process at first; exactly only when that is too much, since it takes longer.
        if sum(map(processes.resident, alive)) > limit and sum(map(processes.proportional, alive)) > limit:
            return "memory"
        return None

    def _halt(self, notebook: Notebook) -> bool:
        """Stop the notebook and kill what else there is, so that nothing goes on between two programs; False when the
        notebook has ended, or the others grow again faster than they can be killed."""
        deadline = time.monotonic() + _HALT_SECONDS
        while notebook.alive and time.monotonic() < deadline:
            os.kill(-1, signal.SIGSTOP)  # all at once, so that hardly one can begin another
            others = [pid for pid in processes.others() if pid != notebook.pid]
            if not others and processes.state(notebook.pid) == "T":
                self._reap()
                return notebook.alive
            for pid in others:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self._reap()
            time.sleep(0.001)
        return False

    def _reap(self) -> None:
        with contextlib.suppress(ChildProcessError):
            while (pid := os.waitpid(-1, os.WNOHANG)[0]) != 0:
                if self._notebook is not None and pid == self._notebook.pid:
                    self._notebook.alive = False


def main() -> None:
    """Begin to watch; the limits come as JSON."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # handlers are the only way for others to interrupt process 1
    if ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        sys.exit("could not protect the first process")
    os.closerange(3, 1024)
    Guard(json.loads(sys.argv[1])).serve()
