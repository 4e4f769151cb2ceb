"""File arguments: a path, bytes, a file object, or a tuple of name, content and type."""

from __future__ import annotations

import mimetypes
import os
from contextlib import ExitStack
from pathlib import PurePath
from typing import IO, Any, Mapping, cast

from ._guards import is_tuple

FileContent = IO[bytes] | bytes | os.PathLike[str]
"""What is uploaded: an open binary file, bytes, or the path of a file (a plain `str` is refused: it may be content)."""

FileTypes = (
    FileContent
    | tuple[str | None, FileContent]
    | tuple[str | None, FileContent, str | None]
    | tuple[str | None, FileContent, str | None, Mapping[str, str]]
)
"""A file argument: content, or a tuple `(name, content)`, `(name, content, media_type)`, `(..., headers)`."""

DEFAULT_NAME = "upload"

FilePart = tuple[str, IO[bytes] | bytes, str] | tuple[str, IO[bytes] | bytes, str, Mapping[str, str]]


def file_part(argument: str, file: Any, stack: ExitStack) -> FilePart:
    """A file argument as a part of a multipart body. Files opened here are closed with `stack`.

    Raises:
        TypeError: It is nothing that can be uploaded.
        OSError: The path cannot be opened.
    """
    name: str | None = None
    media_type: str | None = None
    headers: Mapping[str, str] | None = None
    content: Any = file
    if is_tuple(file):
        if not 2 <= len(file) <= 4:
            raise TypeError(f"{argument} must be a tuple (name, content), (name, content, media type) or with headers")
        name, content, media_type, headers = (*file, None, None)[:4]
    name = name or _name_of(content)
    media_type = media_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
    readable = _readable(argument, content, stack)
    return (name, readable, media_type, headers) if headers else (name, readable, media_type)


def _readable(argument: str, content: Any, stack: ExitStack) -> IO[bytes] | bytes:
    if isinstance(content, bytes):
        return content
    if isinstance(content, (bytearray, memoryview)):
        return bytes(cast("bytearray", content))
    if isinstance(content, os.PathLike):
        return stack.enter_context(open(cast("os.PathLike[str]", content), "rb"))
    if hasattr(content, "read"):
        if isinstance(content.read(0), str):
            raise TypeError(f"{argument} is a file opened in text mode; open it with mode 'rb'")
        return cast("IO[bytes]", content)
    raise TypeError(
        f"{argument} must be bytes, a path object, an open binary file or a tuple (name, content, media type), "
        f"not {type(content).__name__}; for a path given as text use pathlib.Path"
    )


def _name_of(content: Any) -> str:
    source = cast(
        "object",
        os.fspath(cast("os.PathLike[str]", content))
        if isinstance(content, os.PathLike)
        else getattr(content, "name", None),
    )
    return (PurePath(source).name if isinstance(source, str) else "") or DEFAULT_NAME


def file_from_path(path: str | os.PathLike[str]) -> tuple[str, bytes]:
    """Read a file as an argument for an upload: its name and its content."""
    with open(path, "rb") as file:
        return os.path.basename(os.fspath(path)), file.read()
