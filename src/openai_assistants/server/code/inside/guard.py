"""The first process of a sandbox: starts the Python process that runs programs, watches over it, and speaks with the
server over its standard input and output.

As process 1 of its own process namespace it cannot be killed by what it watches over, and when it ends everything else
in the namespace is killed. There is nothing of this package to import inside.

What goes to the server and comes from it are frames of a letter (`J` for JSON, `D` for data), four bytes of length, and
content.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import json
import os
import resource
import select
import signal
import stat
import struct
import sys
import time
from collections.abc import Iterator
from typing import Any

_HOLD = 0.02
_START_SECONDS = 20.0
_HALT_SECONDS = 5.0
_PR_SET_DUMPABLE = 4

_PIPE_CHUNKS = 32
_OPEN_FILES = 256
_NOTEBOOK = os.path.join(os.path.dirname(__file__), "notebook.py")

_PAGE = resource.getpagesize()

_DEPTH = 8
_MOUNT = "/mnt"

CHUNK = 1 << 16


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
                    send_json({"error": put_file(request["path"])})
                case "read":
                    send(b"D", read_chunk(os.fsencode(request["path"]), request["offset"]))
                case _:
                    self._answer_run(request["code"])

    def _answer_run(self, code: str) -> None:
        with contextlib.suppress(OSError):
            os.makedirs(self._limits["data"], exist_ok=True)  # unless a program removed it
        before = dict(plain_files(self._limits["data"]))
        output = Output(self._limits["output_bytes"])
        problem = self._run(code, output)
        overfull = file_count() > self._limits["files"]
        after = () if overfull else plain_files(self._limits["data"])
        made = {path: key for path, key in after if before.get(path) != key}
        listed = sorted(made, key=lambda path: (made[path][2], path))
        result = {
            "problem": "files" if overfull else problem,
            "dropped": output.dropped,
            "output": len(output.content),
            "files": [described(path) for path in listed[: self._limits["made_files"]]],
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
        if file_count() > self._limits["files"]:
            return "files"
        alive = other_processes()
        limit = self._limits["memory_bytes"]
        # Shared pages count once for each process at first; exactly only when that is too much, since it takes longer.
        if sum(map(resident, alive)) > limit and sum(map(proportional, alive)) > limit:
            return "memory"
        return None

    def _halt(self, notebook: Notebook) -> bool:
        """Stop the notebook and kill what else there is, so that nothing goes on between two programs; False when the
        notebook has ended, or the others grow again faster than they can be killed."""
        deadline = time.monotonic() + _HALT_SECONDS
        while notebook.alive and time.monotonic() < deadline:
            os.kill(-1, signal.SIGSTOP)  # all at once, so that hardly one can begin another
            others = [pid for pid in other_processes() if pid != notebook.pid]
            if not others and process_state(notebook.pid) == "T":
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


# The Python process that runs programs, and what comes out of it.


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


# The processes of the sandbox, as the kernel shows them.


def other_processes() -> list[int]:
    """All processes but this one and those that have ended."""
    pids = (int(name) for name in os.listdir("/proc") if name.isdigit())
    return [pid for pid in pids if pid != 1 and process_state(pid) not in ("Z", "X", "")]


def process_state(pid: int) -> str:
    """The letter for what a process does: `T` when it is stopped, nothing when it is gone."""
    return _proc(pid, "stat").rpartition(") ")[2][:1]


def resident(pid: int) -> int:
    """Bytes of memory in use, those shared with others included."""
    fields = _proc(pid, "statm").split()
    return int(fields[1]) * _PAGE if fields else 0


def proportional(pid: int) -> int:
    """Bytes of memory in use, of those shared with others its share."""
    for line in _proc(pid, "smaps_rollup").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return resident(pid)


def _proc(pid: int, name: str) -> str:
    try:
        with open(f"/proc/{pid}/{name}", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


# The files of the sandbox.


def file_count() -> int:
    """The number of files and directories in all that can be written."""
    usage = os.statvfs(_MOUNT)
    return usage.f_files - usage.f_ffree


def plain_files(top: str) -> Iterator[tuple[bytes, tuple[int, int, int]]]:
    """The files that programs may hand out, with what changes when they are written."""
    with contextlib.suppress(OSError):
        if not stat.S_ISDIR(os.lstat(top).st_mode):
            return
    directories = [(os.fsencode(top), 0)]
    while directories:
        directory, depth = directories.pop()
        with contextlib.suppress(OSError), os.scandir(directory) as entries:
            for entry in entries:
                if entry.name.startswith(b".") or entry.name == b"__pycache__":
                    continue
                status = entry.stat(follow_symlinks=False)
                if stat.S_ISDIR(status.st_mode) and depth < _DEPTH:
                    directories.append((entry.path, depth + 1))
                elif stat.S_ISREG(status.st_mode) and os.access(entry.path, os.R_OK):
                    yield entry.path, (status.st_ino, status.st_size, status.st_mtime_ns)


def described(path: bytes) -> dict[str, Any]:
    """What the server is told of a file."""
    return {"path": os.fsdecode(path), "size": os.lstat(path).st_size, "head": read_chunk(path, 0)[:16].hex()}


def _open(path: bytes, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK, 0o644)


def read_chunk(path: bytes, offset: int) -> bytes:
    """A chunk of a file; empty at its end, and when it cannot be read."""
    with contextlib.suppress(OSError):
        file = _open(path, os.O_RDONLY)
        try:
            return os.pread(file, CHUNK, offset)
        finally:
            os.close(file)
    return b""


def put_file(path: str) -> str | None:
    """Write the data that follows, up to an empty frame, to this file; what went wrong."""
    error, file = None, None
    try:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)
        file = _open(os.fsencode(path), os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    except OSError as problem:
        error = _reason(problem)
    while chunk := receive():
        try:
            while chunk and file is not None and error is None:
                chunk = chunk[os.write(file, chunk) :]
        except OSError as problem:
            error = _reason(problem)
    if file is not None:
        os.close(file)
        if error is not None:
            os.unlink(path)
    return error


def _reason(error: OSError) -> str:
    return os.strerror(error.errno or errno.EIO)


# Frames.


def send_json(value: dict[str, Any]) -> None:
    """Send a frame of JSON."""
    send(b"J", json.dumps(value).encode())


def send(kind: bytes, content: bytes) -> None:
    """Send a frame."""
    pending = memoryview(kind + struct.pack(">I", len(content)) + content)
    while pending:
        pending = pending[os.write(1, pending) :]


def receive() -> bytes:
    """The content of the next frame. Ends this process when there is none: the server is done with it."""
    header = _exactly(5)
    if len(header) < 5:
        os._exit(0)
    return _exactly(struct.unpack(">I", header[1:])[0])


def _exactly(size: int) -> bytes:
    content = bytearray()
    while len(content) < size and (chunk := os.read(0, min(size - len(content), CHUNK))):
        content += chunk
    return bytes(content)


def main() -> None:
    """Begin to watch; the limits come as JSON."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # handlers are the only way for others to interrupt process 1
    if ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        sys.exit("could not protect the first process")
    os.closerange(3, 1024)
    Guard(json.loads(sys.argv[1])).serve()
