"""File arguments: a path, bytes, a file object, or a tuple of name, content and type."""

from __future__ import annotations

import mimetypes
import os
from contextlib import ExitStack
from pathlib import PurePath
from types import NoneType
from typing import IO, Any, Mapping, NamedTuple, cast

from ._contents import BytesContent, Content, OpenFile
from ._core import HEADER_NAME
from ._file_names import HEAD, name_for
from ._guards import is_tuple, require_mapping
from ._text import one_line

SHOWN = 200
"""Characters of what cannot be sent."""

FileContent = IO[bytes] | bytes | bytearray | memoryview | os.PathLike[str]
"""What is uploaded: an open binary file, bytes, or the path of a file (a plain `str` is refused: it may be content)."""

FileTypes = (
    FileContent
    | tuple[str | None, FileContent]
    | tuple[str | None, FileContent, str | None]
    | tuple[str | None, FileContent, str | None, Mapping[str, str]]
)
"""A file argument: content, or a tuple `(name, content)`, `(name, content, media_type)`, `(..., headers)`."""


class FilePart(NamedTuple):
    """A file argument as a part of a multipart body."""

    name: str
    content: Content
    media_type: str
    headers: Mapping[str, str] = {}


def file_part(argument: str, file: Any, stack: ExitStack, purpose: object = None) -> FilePart:
    """A file argument as a part of a multipart body. Files opened here are closed with `stack`.

    Args:
        argument: What the argument is called, for messages.
        file: The argument.
        stack: What closes files that are opened.
        purpose: What the API is told that the file is for; a file without a name gets one that fits.

    Raises:
        TypeError: It is nothing that can be uploaded.
        OSError: The path cannot be opened.
        ValueError: Its name, type or headers cannot be sent.
    """
    name: str | None = None
    media_type: str | None = None
    headers: Mapping[str, str] | None = None
    given: Any = file
    if is_tuple(file):
        if not 2 <= len(file) <= 4:
            raise TypeError(f"{argument} must be a tuple (name, content), (name, content, media type) or with headers")
        name, given, media_type, headers = (*file, None, None)[:4]
    content = open_content(argument, given, stack)
    for what, text in (("name", cast("object", name)), ("media type", cast("object", media_type))):
        if not isinstance(text, (str, NoneType)):
            raise TypeError(f"the {what} in {argument} must be a string, not {type(text).__name__}")
    name = name or name_of(given) or name_for(purpose, media_type, content.head(HEAD))
    media_type = media_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
    name = name.encode(errors="replace").decode()  # names of files can hold bytes that are no text
    part = FilePart(name, content, media_type, headers or {})
    require_mapping(f"the headers in {argument}", part.headers)
    for header, value in (("content-type", media_type), *part.headers.items()):
        if not isinstance(cast("object", header), str) or not isinstance(cast("object", value), str):
            raise TypeError(f"names and values of the headers in {argument} must be strings")
        if not HEADER_NAME.fullmatch(header) or not value.isprintable():
            line = one_line(repr(f"{header}: {value}"), SHOWN)
            raise ValueError(f"{argument} has a media type or header that cannot be sent: {line}")
    return part


def open_content(argument: str, given: Any, stack: ExitStack) -> Content:
    """The content of a file argument. A file that is opened here is closed with `stack`.

    Raises:
        TypeError: It is nothing that can be uploaded.
        OSError: The path cannot be opened.
    """
    if isinstance(given, (bytes, bytearray, memoryview)):
        return BytesContent(cast("bytes", given))
    if isinstance(given, os.PathLike):
        return OpenFile(stack.enter_context(open(cast("os.PathLike[str]", given), "rb")))
    if hasattr(given, "read"):
        nothing = given.read(0)
        if isinstance(nothing, str):
            raise TypeError(f"{argument} is a file opened in text mode; open it with mode 'rb'")
        return OpenFile(cast("IO[bytes]", given), nothing)
    raise TypeError(
        f"{argument} must be bytes, a path object, an open binary file or a tuple (name, content, media type), "
        f"not {type(given).__name__}; for a path given as text use pathlib.Path"
    )


def name_of(given: Any) -> str:
    """The name of a path or an open file; empty if it has none."""
    source = cast(
        "object",
        os.fspath(cast("os.PathLike[str]", given)) if isinstance(given, os.PathLike) else getattr(given, "name", None),
    )
    return PurePath(source).name if isinstance(source, str) else ""


def file_from_path(path: str | os.PathLike[str]) -> tuple[str, bytes]:
    """Read a file as an argument for an upload: its name and its content."""
    with open(path, "rb") as file:
        return os.path.basename(os.fspath(path)), file.read()
