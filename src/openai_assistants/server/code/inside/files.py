"""The files of the sandbox."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from typing import Any

from .frames import CHUNK, receive

_DEPTH = 8
_MOUNT = "/mnt"


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
    return {"path": os.fsdecode(path), "size": os.lstat(path).st_size, "head": read(path, 0)[:16].hex()}


def _open(path: bytes, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK, 0o644)


def read(path: bytes, offset: int) -> bytes:
    """A chunk of a file; empty at its end, and when it cannot be read."""
    with contextlib.suppress(OSError):
        file = _open(path, os.O_RDONLY)
        try:
            return os.pread(file, CHUNK, offset)
        finally:
            os.close(file)
    return b""


def put(path: str) -> str | None:
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
