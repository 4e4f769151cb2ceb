"""The files of a bulk upload: what they are called, and what is in them. No network."""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO, Any, Iterable, Iterator, cast

from ._disk import digest, in_thread
from ._files import FileTypes, name_of, open_content
from ._flow import Flow
from ._guards import is_tuple

IN_MEMORY = 1 << 20
"""Bytes of a stream that are kept in memory until it has been read; longer ones are kept on disk."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file of a bulk upload."""

    name: str
    """What to call it."""
    file: FileTypes
    """The argument, as it was given."""


def sources(files: Iterable[FileTypes]) -> Iterator[Source]:
    """The files, named.

    Raises:
        TypeError: Something is nothing that can be uploaded.
    """
    single = isinstance(files, (str, bytes, bytearray, memoryview, os.PathLike)) or hasattr(files, "read")
    if single or (is_tuple(files) and _is_one_file(files)):
        raise TypeError(f"files must be an iterable of files, not a single one ({type(files).__name__})")
    for place, file in enumerate(files):
        parts: Any = file
        given = parts[1] if is_tuple(parts) and len(parts) > 1 else parts
        if not isinstance(given, (bytes, bytearray, memoryview, os.PathLike)) and not hasattr(given, "read"):
            with ExitStack() as stack:
                open_content(f"file {place + 1}", given, stack)  # says what is wrong
        yield Source(_name(place, parts, given), file)


def _is_one_file(files: tuple[Any, ...]) -> bool:
    return bool(files) and (files[0] is None or isinstance(files[0], str))


def _name(place: int, file: object, given: Any) -> str:
    if is_tuple(file) and file[0]:
        return str(file[0])
    if isinstance(given, os.PathLike):
        return os.fsdecode(cast("os.PathLike[str]", given))
    return name_of(given) or f"file {place + 1}"


def hashed(file: FileTypes, stack: ExitStack) -> Flow[tuple[str, FileTypes]]:
    """The SHA-256 of a file, and the file as an argument that can be read after that. `stack` closes what is opened."""
    given: Any = file[1] if is_tuple(file) else file
    content = yield from in_thread(lambda: open_content("file", given, stack))
    copy: IO[bytes] | None = None
    if not content.repeatable:
        copy = cast("IO[bytes]", stack.enter_context(tempfile.SpooledTemporaryFile(IN_MEMORY)))  # noqa: SIM115
    sha256 = yield from digest(content, hashlib.sha256(), None if copy is None else copy.write)
    if copy is None:
        return sha256, file
    return sha256, cast("FileTypes", (file[0], copy, *file[2:]) if is_tuple(file) else (name_of(given) or None, copy))
