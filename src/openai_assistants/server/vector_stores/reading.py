"""Reads the text of files that were put into vector stores, in the background and independent of any connection.

The database has the last word: each transaction first looks whether the member is still in progress and still this
worker's, so taking a file out or cancelling its batch ends the work at its next write. Work that a process did not
finish is done again by another one, from the beginning.

What a file is shows its content and only then its name: text in whatever encoding, a web page, or a document, which a
process of its own reads (`extracting`).
"""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import json
import logging
import os
import re
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from functools import partial
from pathlib import PurePath
from tempfile import SpooledTemporaryFile, TemporaryFile
from typing import Any, BinaryIO, Final, Literal, TypeAlias, cast
from weakref import WeakValueDictionary

from sqlalchemy import Row

from ..background import Background
from ..extracting import REFUSED, text_of_page
from ..faults import FileErrorCode, Processing
from ..store import Clock, Database, Tx, records
from . import Cutter, Passage, stores

logger = logging.getLogger("openai_assistants.server")

_AT_ONCE = 4
_WRITTEN_TOGETHER = 256
_BROKEN = ("server_error", "Sorry, something went wrong.")

_IN_MEMORY = 4 << 20
_HEAD = 4096

READ = "text in any usual encoding (txt, md, csv, json, source code ...), HTML, PDF and docx"

Kind: TypeAlias = Literal["pdf", "docx", "html"]

SILENCE_SECONDS: Final = 120.0
"""A process from which nothing comes for so long is given up."""
MOST_DOCUMENT_BYTES: Final = 512 << 20

_PDF = b"%PDF-"
_BEFORE_PDF = b"\xef\xbb\xbf\0\t\n\f\r "
_DOCUMENT_PIECE = 1 << 18
_PASSED_ON = ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "LD_LIBRARY_PATH")

MOST_PAGE_BYTES: Final = 32 << 20

_SMALL = 1 << 16
"""Signs of a page that cannot take long. The parser takes its time for pages that are nested absurdly deeply, and it
stops all else meanwhile, so that larger pages are read elsewhere."""
_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
# Several comments are one that has the others in it: to take each by itself would try all ways to part them.
_BEGINNING = re.compile(rb"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?<(!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_CHARSET = re.compile(rb"<meta[^>]+charset\s*+=\s*+[\"']?\s*+([\w.:-]+)", re.IGNORECASE)

_PLAIN_PIECE: Final = 1 << 20
_SAMPLE: Final = 1 << 16
_BEFORE: Final = 64
# Those of four bytes first: the mark of UTF-16 is the beginning of theirs.
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = re.compile(rb"[\x00-\x06\x0e-\x1a\x1c-\x1f]")
_OLDER: list[str] = [
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257"),
    *("cp932", "gb18030", "big5", "cp949", "koi8_r", "iso8859_2"),
]
"""Encodings from before Unicode that are still met, the more frequent ones first."""


class FilesWorker(Background):
    """The tasks of the files that are in progress."""

    def __init__(self, database: Database, clock: Clock, processing: Processing) -> None:
        super().__init__(database, clock, processing)
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._of_owners: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    async def look(self) -> None:
        """Settle the batches that are being cancelled, sweep up, then begin with the files that are new."""
        await self.database.write(stores.settle_cancels)
        if await self.database.write(stores.sweep):
            self.wake()
        for seq in await self.database.read(stores.waiting_members):
            if not self.is_at_work(seq):
                self.launch(seq, self._process(seq))

    async def _process(self, seq: int) -> None:
        try:
            member = await self.database.read(partial(stores.begin_member, seq=seq))
            if member is None:
                return
            asked = await self.treat(member.filename, stores.IN_PROGRESS)
            if asked is not None and asked.fail is not None:
                raise Unreadable(asked.fail, asked.message)
            # Few of each owner wait in the line of all, so that nobody waits behind all the files of another.
            mine = self._of_owners.setdefault(member.owner, asyncio.Semaphore(_AT_ONCE))
            async with mine, self._slots:
                await self._take_in(member)
        except Unreadable as problem:
            await self._fail(seq, problem.code, problem.message)
        except ModuleNotFoundError as missing:
            reason = f"the package '{missing.name}' is not installed: pip install 'openai-assistants[server]'"
            await self._fail(seq, "server_error", f"The file cannot be processed: {reason}")
        except Exception:
            logger.exception("file %s could not be processed", seq)
            await self._fail(seq, *_BROKEN)

    async def _take_in(self, member: Row[Any]) -> None:
        cutter = Cutter(member.data["chunking_strategy"])
        sink = _Sink(self.database, member.seq)
        async with (
            aclosing(records.read_content(self.database, member.id)) as content,
            aclosing(read_text(member.filename, content)) as texts,
        ):
            async for text in texts:
                if not await sink.write(await asyncio.to_thread(list[Passage], cutter.feed(text))):
                    return
        await sink.close(await asyncio.to_thread(list[Passage], cutter.close()))

    async def _fail(self, seq: int, code: str, message: str) -> None:
        await self.database.write(partial(stores.fail_member, seq=seq, code=code, message=message))


class _Sink:
    """Writes the passages of one member, some at once."""

    def __init__(self, database: Database, seq: int) -> None:
        self._database = database
        self._seq = seq
        self._number = 0
        self._bytes = 0
        self._pending: list[Passage] = []

    async def write(self, passages: list[Passage]) -> bool:
        """Store passages, if there are enough; False if the member is not wanted any more."""
        self._pending += passages
        while len(self._pending) >= _WRITTEN_TOGETHER:
            some, self._pending = self._pending[:_WRITTEN_TOGETHER], self._pending[_WRITTEN_TOGETHER:]
            if not await self._database.write(partial(self._write, some, done=False), once=True):
                return False
        return True

    async def close(self, passages: list[Passage]) -> None:
        """Store the last passages; the member is completed with them."""
        if await self.write(passages):
            await self._database.write(partial(self._write, self._pending, done=True), once=True)

    def _write(self, passages: list[Passage], tx: Tx, *, done: bool) -> bool:
        if self._number == 0:
            stores.forget_passages(tx, self._seq)
        row = stores.write_passages(tx, self._seq, self._number, passages)
        if row is None:
            return False
        self._number += len(passages)
        self._bytes += sum(len(each.text.encode()) for each in passages)
        if done:
            stores.change_member(tx, row, status=stores.COMPLETED, usage_bytes=self._bytes)
        return True


# The text of a file.


async def read_text(filename: str, content: AsyncIterator[bytes]) -> AsyncGenerator[str]:
    """The text of a file, piece by piece.

    The file lies on disk meanwhile if it is large; of plain text and documents only pieces are in memory.

    Raises:
        Unreadable: The file is empty, broken, or of a kind that has no text.
    """
    with SpooledTemporaryFile(_IN_MEMORY) as spool:
        file = cast("BinaryIO", spool)
        async for data in content:
            await asyncio.to_thread(file.write, data)
        file.seek(0)
        head = file.read(_HEAD)
        file.seek(0)
        if not head:
            raise invalid(filename, "is empty")
        kind = kind_of(filename, head)
        if kind is not None:
            pieces = read_document(filename, kind, file)
        elif is_html(filename, head):
            pieces = read_page(filename, file)
        else:
            pieces = read_plain(filename, file)
        seen = False
        async with aclosing(pieces):
            async for piece in pieces:
                seen = seen or not piece.isspace()
                yield piece
        if not seen:
            raise invalid(filename, "has no text")


class Unreadable(Exception):
    """A file that has no text for us; the code and message are those of its `last_error`."""

    def __init__(self, code: FileErrorCode, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def unsupported(filename: str, what: str = "is not text") -> Unreadable:
    """A file of a kind that is not read."""
    return Unreadable("unsupported_file", f"The file '{filename}' {what}. This server reads {READ}.")


def invalid(filename: str, what: str) -> Unreadable:
    """A file of a kind that is read, with something wrong."""
    return Unreadable("invalid_file", f"The file '{filename}' {what}.")


# Documents, as far as the process that reads them is seen from here.


def kind_of(filename: str, head: bytes) -> Kind | None:
    """What a file is, if it is none of the kinds of text. Any archive counts as docx until it is opened."""
    # Programs take a PDF that has something else before it; a text that tells of PDF is none.
    if head.lstrip(_BEFORE_PDF).startswith(_PDF) or (filename.lower().endswith(".pdf") and _PDF in head[:1024]):
        return "pdf"
    return "docx" if head.startswith((b"PK\x03\x04", b"PK\x05\x06")) else None


async def read_document(filename: str, kind: Kind, file: BinaryIO) -> AsyncGenerator[str]:
    """The text of a document as it is found.

    Raises:
        Unreadable: It is broken, locked or too large, or has no text.
    """
    if file.seek(0, os.SEEK_END) > MOST_DOCUMENT_BYTES:
        raise invalid(filename, f"is a document of more than {MOST_DOCUMENT_BYTES >> 20} MiB")
    descriptor = file.fileno()
    file.flush()
    with TemporaryFile() as errors:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            "openai_assistants.server.extracting",
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
    while data := await asyncio.wait_for(process.stdout.read(_DOCUMENT_PIECE), SILENCE_SECONDS):
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


# Web pages.


def is_html(filename: str, head: bytes) -> bool:
    """Whether a file is a web page."""
    return _BEGINNING.match(head) is not None or PurePath(filename).suffix.lower() in _SUFFIXES


async def read_page(filename: str, file: BinaryIO) -> AsyncGenerator[str]:
    """The text of a page.

    Raises:
        Unreadable: It is too large, or not text.
    """
    page = await asyncio.to_thread(_decoded, filename, file)
    if len(page) <= _SMALL:
        yield await asyncio.to_thread(text_of_page, page)
        return
    with TemporaryFile() as utf8:
        await asyncio.to_thread(utf8.write, page.encode())
        del page
        async with aclosing(read_document(filename, "html", utf8)) as pieces:
            async for piece in pieces:
                yield piece


def _decoded(filename: str, file: BinaryIO) -> str:
    data = file.read(MOST_PAGE_BYTES + 1)
    if len(data) > MOST_PAGE_BYTES:
        raise invalid(filename, f"is a web page of more than {MOST_PAGE_BYTES >> 20} MiB")
    file.seek(0)
    return data.decode(_said(data) or encoding_of(filename, file)[0], errors="replace").replace("\0", "")


def _said(data: bytes) -> str | None:
    """The encoding that a page says it has, where it has no mark and is not UTF-8."""
    if data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return None
    try:
        data.decode()
    except UnicodeDecodeError:
        if said := _CHARSET.search(data[:4096]):
            try:
                return codecs.lookup(said[1].decode("ascii")).name
            except LookupError:
                return None
    return None


# Text that is text, in whatever encoding.


async def read_plain(filename: str, file: BinaryIO) -> AsyncGenerator[str]:
    """The text, piece by piece.

    Raises:
        Unreadable: It is not text.
    """
    encoding, errors = await asyncio.to_thread(encoding_of, filename, file)
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    while True:
        data = await asyncio.to_thread(file.read, _PLAIN_PIECE)
        try:
            piece = decoder.decode(data, final=not data)
        except UnicodeDecodeError:
            raise unsupported(filename) from None
        if "\0" in piece:
            raise unsupported(filename)
        if piece:
            yield piece
        if not data:
            return


def encoding_of(filename: str, file: BinaryIO) -> tuple[str, str]:
    """The encoding of a text, and how to decode it: what is guessed may be wrong about single signs.

    Raises:
        Unreadable: It is not text.
    """
    head = file.read(4)
    file.seek(0)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name, "strict"
    wrong = _first_wrong(file)
    if wrong is None:
        file.seek(0)
        return "utf-8", "strict"
    file.seek(max(wrong - _BEFORE, 0))
    sample = file.read(_SAMPLE)
    file.seek(0)
    if _BINARY.search(sample):
        raise unsupported(filename)
    found = "utf-8" if _is_damaged_utf8(sample) else guess_encoding(sample)
    if found is None:
        raise unsupported(filename)
    return found, "replace"


def _first_wrong(file: BinaryIO) -> int | None:
    """Where a file stops being UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    read = 0
    while True:
        data = file.read(_PLAIN_PIECE)
        kept = len(decoder.getstate()[0])
        try:
            decoder.decode(data, final=not data)
        except UnicodeDecodeError as error:
            return read - kept + error.start
        read += len(data)
        if not data:
            return None


def _is_damaged_utf8(sample: bytes) -> bool:
    """Whether most of what is not ASCII is UTF-8."""
    text = sample.decode(errors="replace")
    wrong = text.count("\ufffd")
    return sum(not sign.isascii() for sign in text) > 4 * wrong


def guess_encoding(sample: bytes) -> str | None:
    """The older encoding that a text has most probably; None if it looks like none."""
    from charset_normalizer import from_bytes

    matches = from_bytes(sample, cp_isolation=_OLDER, preemptive_behaviour=False)
    best = matches.best()
    if best is None:
        return None
    alike = [each.encoding for each in matches if (each.chaos, each.coherence) == (best.chaos, best.coherence)]
    return min(alike, key=_OLDER.index)
