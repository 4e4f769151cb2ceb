"""Help for tests of the sandbox: real sandboxes on an event loop of their own, and a look at what is left of them."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import itertools
import os
import random
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from openai_assistants.server.code import BubblewrapSandbox, CodeResult, InputFile, Limits, MadeFile, open_sandbox

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox exists on Linux only")

_numbers = itertools.count()


def marker() -> str:
    """A word that stands in the command line of no other process."""
    return f"marker-{os.getpid()}-{next(_numbers)}-{time.monotonic_ns()}"


def state_of(name: str) -> list[str]:
    """The states of the processes that call themselves so."""
    states: list[str] = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            line = path.read_text(errors="replace")
            if f"({name})" in line:
                states.append(line.rpartition(") ")[2][0])
    return states


def processes_with(word: str) -> list[int]:
    """The processes of this machine in whose command line a word stands."""
    found: list[int] = []
    for directory in Path("/proc").iterdir():
        if directory.name.isdigit():
            with contextlib.suppress(OSError):
                if word.encode() in (directory / "cmdline").read_bytes():
                    found.append(int(directory.name))
    return found


def wait_until_gone(word: str) -> None:
    """Wait until no process has this word; the kernel kills a namespace's processes shortly after its first one."""
    deadline = time.monotonic() + 30
    while left := processes_with(word):
        assert time.monotonic() < deadline, f"processes are left: {left}"
        time.sleep(0.01)


def input_file(name: str, content: bytes, file_id: str = "") -> InputFile:
    """An input file, in two parts."""

    async def read() -> AsyncIterator[bytes]:
        yield content[: len(content) // 2]
        yield content[len(content) // 2 :]

    return InputFile(name, file_id or f"file-{name}", read)


class Box:
    """A sandbox that is used from ordinary functions."""

    def __init__(self, sandbox: BubblewrapSandbox, runner: asyncio.Runner) -> None:
        self.sandbox = sandbox
        self.runner = runner

    def run(self, code: str, *, session: str = "one", files: Sequence[InputFile] = ()) -> CodeResult:
        """Run a program."""
        return self.runner.run(self.sandbox.run(code, session=session, files=files))

    def logs(self, code: str, *, session: str = "one", files: Sequence[InputFile] = ()) -> str:
        """What a program printed that was not ended early."""
        result = self.run(code, session=session, files=files)
        assert result.problem is None, result.logs
        return result.logs

    def content(self, file: MadeFile) -> bytes:
        """The content of a file that a program made."""
        return self.runner.run(collect(file))


async def collect(file: MadeFile) -> bytes:
    """The content of a file that a program made."""
    return b"".join([chunk async for chunk in file.read()])


@contextmanager
def opened(limits: Limits | None = None, packages: Path | None = None) -> Iterator[Box]:
    """A sandbox, of which nothing is left in the end: no process has its limits in its command line."""
    limits = limits or Limits(seconds=30)
    limits = dataclasses.replace(limits, seconds=limits.seconds + random.randrange(1, 10**6) * 1e-13)
    sandbox = open_sandbox(limits, packages=packages)
    with asyncio.Runner() as runner:
        try:
            yield Box(sandbox, runner)
        finally:
            runner.run(sandbox.stop())
            wait_until_gone(repr(limits.seconds))
