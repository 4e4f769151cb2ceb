"""The sandbox in which the programs of the code interpreter run: its sessions, and the way to get one."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from .base import (
    CodeResult,
    InputFile,
    Limits,
    MadeFile,
    Problem,
    Sandbox,
    SandboxError,
    SandboxUnavailableError,
    cut_note,
    files_note,
    input_note,
    lost_note,
    paths_of,
    problem_note,
    safe_name,
)
from .bubblewrap import PACKAGES, Launch, SandboxProcess, launch_for

__all__ = [
    "BubblewrapSandbox",
    "CodeResult",
    "InputFile",
    "Limits",
    "MadeFile",
    "Problem",
    "Sandbox",
    "SandboxError",
    "SandboxUnavailableError",
    "open_sandbox",
    "paths_of",
    "safe_name",
]

_REMEMBERED = 10_000
_UNREAD_SECONDS = 30.0
_LOOK_SECONDS = 1.0
_IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")


def open_sandbox(limits: Limits | None = None, *, packages: Path | None = None) -> BubblewrapSandbox:
    """The sandbox of this machine, after a trial: a small program has run in it. Takes a tenth of a second.

    Programs see the Python that the server runs on, with what is installed there but without the server's virtual
    environment; `packages` is a directory of more packages for them (`pip install --target`).

    Raises `SandboxUnavailableError` where no sandbox works; its message says what is missing and what to do.
    """
    limits = limits or Limits()
    launch = launch_for(limits, packages)
    outcome: list[BaseException | None] = []
    # In a thread of its own, since the caller's may have a running event loop.
    trial = threading.Thread(target=lambda: outcome.append(asyncio.run(_trial(launch, limits))))
    trial.start()
    trial.join()
    if (error := outcome[0] if outcome else None) is not None:
        raise SandboxUnavailableError(
            f"Programs cannot be run in a sandbox here. {str(error).rstrip('.')}. The sandbox needs bubblewrap 0.8 or "
            "newer and user namespaces. Some systems forbid these to ordinary users (look at `sysctl "
            "user.max_user_namespaces kernel.unprivileged_userns_clone kernel.apparmor_restrict_unprivileged_userns`), "
            "most containers forbid them to everybody."
        ) from error
    return BubblewrapSandbox(launch, limits)


async def _trial(launch: Launch, limits: Limits) -> BaseException | None:
    sandbox = BubblewrapSandbox(launch, limits)
    try:
        # Unreadable packages would come to light much later.
        result = await sandbox.run(f"import os\nos.listdir({PACKAGES!r})\nprint(6 * 7)", session="trial")
        if result.logs != "42\n":
            return SandboxError(f"A trial ended with {result.logs!r}.")
    except Exception as error:
        return error
    finally:
        await sandbox.stop()
    return None


class _Session:
    """What is known of a session; its process is there from the first call on."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.process: SandboxProcess | None = None
        self.inputs: dict[str, str] = {}
        """Ids of the input files, by path."""
        self.calls = 0
        self.users = 0
        """How many calls run or wait for their turn."""
        self.idle: asyncio.TimerHandle | None = None
        self.unread: set[str] = set()
        """Made files of the last call that nobody has read to their end."""
        self.unread_until = 0.0
        """How long the session waits for that, by the loop's clock."""

    @property
    def can_go(self) -> bool:
        """Whether the session may give way to another one."""
        waits = self.unread and asyncio.get_running_loop().time() < self.unread_until
        return self.users == 0 and not waits


class BubblewrapSandbox:
    """A `Sandbox` made of bubblewrap; got from `open_sandbox`."""

    def __init__(self, launch: Launch, limits: Limits) -> None:
        self.limits = limits
        self._launch = launch
        self._sessions: dict[str, _Session] = {}
        """The session that was used last stands last."""
        self._lost: dict[str, None] = {}
        """Sessions that went without having been closed, for a note in their next call."""
        self._freed = asyncio.Event()
        self._ending: set[SandboxProcess] = set()

    async def run(self, code: str, *, session: str, files: Sequence[InputFile] = ()) -> CodeResult:
        """See `Sandbox.run`."""
        while True:
            entry = await self._enter(session)
            try:
                async with entry.lock:
                    if entry.process is not None and not entry.process.is_alive:
                        self._drop(session, entry)
                    if self._sessions.get(session) is entry:  # else it was lost, now or in an earlier call
                        return await self._run(session, entry, code, files)
            finally:
                self._leave(session, entry)

    async def close(self, session: str) -> None:
        """See `Sandbox.close`."""
        if (entry := self._sessions.get(session)) is not None:
            self._drop(session, entry)
            if entry.process is not None:
                await entry.process.ended()
        self._lost.pop(session, None)

    async def stop(self) -> None:
        """See `Sandbox.stop`."""
        for session, entry in list(self._sessions.items()):
            self._drop(session, entry)
        self._lost.clear()
        while self._ending:
            process = self._ending.pop()
            await process.ended()

    async def _enter(self, session: str) -> _Session:
        while session not in self._sessions and len(self._sessions) >= self.limits.sessions:
            idle = next(((name, entry) for name, entry in self._sessions.items() if entry.can_go), None)
            if idle is not None:
                self._drop(*idle)
            else:
                self._freed.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._freed.wait(), _LOOK_SECONDS)
        entry = self._sessions.pop(session) if session in self._sessions else _Session()
        self._sessions[session] = entry
        entry.users += 1
        self._rest(session, entry)
        return entry

    def _leave(self, session: str, entry: _Session) -> None:
        entry.users -= 1
        self._rest(session, entry)
        self._freed.set()

    def _rest(self, session: str, entry: _Session) -> None:
        """Count the idle time of a session from now on."""
        if entry.idle is not None:
            entry.idle.cancel()
            entry.idle = None
        if entry.users == 0 and self._sessions.get(session) is entry:
            loop = asyncio.get_running_loop()
            entry.idle = loop.call_later(self.limits.idle_seconds, self._drop, session, entry)

    def _drop(self, session: str, entry: _Session) -> None:
        """End a session; calls that run in it fail, those that wait for their turn begin a new one."""
        if self._sessions.get(session) is not entry:
            return
        del self._sessions[session]
        self._freed.set()
        if entry.idle is not None:
            entry.idle.cancel()
        if (process := entry.process) is not None:
            self._lost[session] = None
            while len(self._lost) > _REMEMBERED:
                del self._lost[next(iter(self._lost))]
            self._end(process)

    def _end(self, process: SandboxProcess) -> None:
        process.kill()
        self._ending = {each for each in self._ending if not each.has_ended} | {process}

    async def _run(self, session: str, entry: _Session, code: str, files: Sequence[InputFile]) -> CodeResult:
        notes: list[str] = []
        try:
            if (process := entry.process) is None:
                process = entry.process = await SandboxProcess.start(self._launch)
                if self._sessions.get(session) is not entry:
                    self._end(process)
                    raise SandboxError("The session was closed.")
                await process.ready()
                if session in self._lost:
                    del self._lost[session]
                    notes.append(lost_note())
            notes += await self._deliver(entry, process, files)
            report, output = await process.run(code, self.limits.seconds)
            entry.calls += 1
            result = self._result(session, entry, notes, report, output)
        except BaseException:
            self._drop(session, entry)
            raise
        if result.problem == "files":
            self._drop(session, entry)
            self._lost.pop(session, None)  # the note says so already
        return result

    async def _deliver(self, entry: _Session, process: SandboxProcess, files: Sequence[InputFile]) -> list[str]:
        paths = paths_of(files)
        notes: list[str] = []
        for file in files:
            path = paths[file.file_id]
            if entry.inputs.get(path) == file.file_id:
                continue
            if (error := await process.put(path, file.read())) is None:
                entry.inputs[path] = file.file_id
            else:
                notes.append(input_note(path, error))
        return notes

    def _result(
        self, session: str, entry: _Session, notes: list[str], report: dict[str, Any], output: bytes
    ) -> CodeResult:
        logs = output.decode(errors="replace").replace("\x00", "\ufffd")  # which PostgreSQL does not store
        problem: Problem | None = report["problem"]
        if report["dropped"]:
            notes.append(cut_note(report["dropped"], self.limits))
        if problem is not None:
            notes.append(problem_note(problem, self.limits))
        made: list[MadeFile] = []
        left_out, room = report["left_out"], self.limits.disk_bytes
        for described in report["files"]:
            if described["size"] > room:
                left_out += 1
                continue
            room -= described["size"]
            made.append(self._made(session, entry, described))
        entry.unread = {file.path for file in made}
        entry.unread_until = asyncio.get_running_loop().time() + _UNREAD_SECONDS
        if left_out:
            notes.append(files_note(left_out))
        if notes and logs and not logs.endswith("\n"):
            logs += "\n"
        logs += "".join(f"{note}\n" for note in notes)
        return CodeResult(logs, tuple(made), problem, output_cut=report["dropped"] > 0)

    def _made(self, session: str, entry: _Session, described: dict[str, Any]) -> MadeFile:
        path, size, head = described["path"], described["size"], bytes.fromhex(described["head"])
        shown = _shown(path)
        return MadeFile(
            name=safe_name(shown),
            path=shown,
            size=size,
            is_image=head.startswith(_IMAGES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"),
            read=partial(self._read, session, entry, entry.calls, path, size),
        )

    async def _read(self, session: str, entry: _Session, call: int, path: str, size: int) -> AsyncIterator[bytes]:
        offset = 0
        while offset < size:
            async with entry.lock:
                process = entry.process
                if process is None or not process.is_alive or entry.calls != call:
                    raise SandboxError(f"The file {path!a} is gone: its session went on or has ended.")
                self._rest(session, entry)
                try:
                    chunk = await process.read(path, offset)
                except BaseException:
                    self._drop(session, entry)
                    raise
            if not chunk:
                raise SandboxError(f"The file {path!a} could not be read.")
            offset += len(chunk)
            entry.unread_until = asyncio.get_running_loop().time() + _UNREAD_SECONDS
            yield chunk
        entry.unread.discard(_shown(path))
        self._freed.set()


def _shown(path: str) -> str:
    return path.encode(errors="surrogateescape").decode(errors="replace")
