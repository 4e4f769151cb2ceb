"""The process that reads a document, seen from the server."""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import json
import os
import sys
from collections.abc import AsyncGenerator
from tempfile import TemporaryFile
from typing import BinaryIO, Final, Literal, TypeAlias

from ..extracting import REFUSED
from .errors import Unreadable, invalid, unsupported

Kind: TypeAlias = Literal["pdf", "docx", "html"]

SILENCE_SECONDS: Final = 120.0
"""A process from which nothing comes for so long is given up."""
MOST_BYTES: Final = 512 << 20

_PDF = b"%PDF-"
_BEFORE_PDF = b"\xef\xbb\xbf\0\t\n\f\r "
_PIECE = 1 << 18
_PASSED_ON = ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "LD_LIBRARY_PATH")


def kind_of(filename: str, head: bytes) -> Kind | None:
    """What a file is, if it is none of the kinds of text. Any archive counts as docx until it is opened."""
    # Programs take a PDF that has something else before it; a text that tells of PDF is none.
    if head.lstrip(_BEFORE_PDF).startswith(_PDF) or (filename.lower().endswith(".pdf") and _PDF in head[:1024]):
        return "pdf"
    return "docx" if head.startswith((b"PK\x03\x04", b"PK\x05\x06")) else None


async def read(filename: str, kind: Kind, file: BinaryIO) -> AsyncGenerator[str]:
    """The text of a document as it is found.

    Raises:
        Unreadable: It is broken, locked or too large, or has no text.
    """
    if file.seek(0, os.SEEK_END) > MOST_BYTES:
        raise invalid(filename, f"is a document of more than {MOST_BYTES >> 20} MiB")
    descriptor = file.fileno()
    file.flush()
    with TemporaryFile() as errors:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            "openai_assistants.server.vector_stores.extracting",
            kind,
            stdin=descriptor,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
            env=_environment(),
        )
        try:
            async for piece in _output(process):
                yield piece
            code = await process.wait()
        except TimeoutError:
            raise invalid(filename, "takes too long to read") from None
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        if code != 0:
            errors.seek(0)
            raise _problem(filename, code, errors.read())


async def _output(process: asyncio.subprocess.Process) -> AsyncGenerator[str]:
    assert process.stdout is not None
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    while data := await asyncio.wait_for(process.stdout.read(_PIECE), SILENCE_SECONDS):
        if piece := decoder.decode(data):
            yield piece


def _problem(filename: str, code: int, errors: bytes) -> Unreadable:
    if code != REFUSED:
        # Killed at a limit, or a library crashed.
        return invalid(filename, "cannot be read: it is broken, or takes too much time or memory")
    told = json.loads(errors.splitlines()[-1])
    if told["code"] == "unsupported_file":
        return unsupported(filename, told["reason"].rstrip("."))
    return Unreadable(told["code"], f"The file '{filename}' {told['reason']}")


def _environment() -> dict[str, str]:
    """No keys, and the same packages as here."""
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return kept | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1"}
