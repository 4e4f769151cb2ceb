"""A running sandbox, as the server sees it: requests go to its first process, answers come back."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import struct
from collections.abc import AsyncIterator
from typing import Any

from .base import SandboxError
from .bubblewrap import Launch

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
        if self._ending is not None:
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
