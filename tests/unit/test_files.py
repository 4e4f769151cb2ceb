"""File arguments."""

from __future__ import annotations

import asyncio
import io
import os
import tempfile
import threading
import zipfile
from array import array
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import Any, Iterator

import anyio
import pytest

from openai_assistants import OpenAIError, file_from_path
from openai_assistants._files import Content, file_part, in_worker


def part(file: Any, purpose: str | None = None) -> tuple[Any, ...]:
    """A file argument as name, content, media type and headers if there are any, with the content read."""
    with ExitStack() as stack:
        part = file_part("file", file, stack, purpose)
        content = b"".join(pieces(part.content))
        return (part.name, content, part.media_type, *([part.headers] if part.headers else []))


def pieces(content: Content, limit: int = 1000) -> Iterator[bytes]:
    """What a content gives when it is read."""
    content.begin()
    while piece := content.read(limit):
        yield piece


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """A text file."""
    path = tmp_path / "notes.txt"
    path.write_bytes(b"content")
    return path


def named(name: object, content: bytes = b"content") -> io.BytesIO:
    buffer = io.BytesIO(content)
    buffer.name = name  # type: ignore[attr-defined]
    return buffer


OCTETS = "application/octet-stream"
TEXT = "text/plain"


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (b"content", ("upload.txt", b"content", TEXT)),
        (bytearray(b"content"), ("upload.txt", b"content", TEXT)),
        (memoryview(b"content"), ("upload.txt", b"content", TEXT)),
        (memoryview(array("H", [0x6161, 0x6262])), ("upload.txt", b"aabb", TEXT)),
        (io.BytesIO(b"content"), ("upload.txt", b"content", TEXT)),
        (b"", ("upload.txt", b"", TEXT)),
        (named("/tmp/data.json"), ("data.json", b"content", "application/json")),
        (named(7), ("upload.txt", b"content", TEXT)),
        (named(""), ("upload.txt", b"content", TEXT)),
        (named("/tmp/ungl\udcfccklich.txt"), ("ungl?cklich.txt", b"content", TEXT)),
        (("a.pdf", b"content"), ("a.pdf", b"content", "application/pdf")),
        (("a.unheardof", b"content"), ("a.unheardof", b"content", OCTETS)),
        ((None, b"content"), ("upload.txt", b"content", TEXT)),
        ((None, b"content", "application/pdf"), ("upload.pdf", b"content", "application/pdf")),
        ((None, b"content", "application/x-unheard-of"), ("upload.txt", b"content", "application/x-unheard-of")),
        ((None, named("b.txt")), ("b.txt", b"content", "text/plain")),
        (("a.bin", b"content", "text/x-mine"), ("a.bin", b"content", "text/x-mine")),
        (("a.txt", b"content", None), ("a.txt", b"content", "text/plain")),
        (("a.txt", b"content", None, {"X-Part": "1"}), ("a.txt", b"content", "text/plain", {"X-Part": "1"})),
        (("größe 語.txt", io.BytesIO(b"content")), ("größe 語.txt", b"content", "text/plain")),
    ],
)
def test_forms(file: Any, expected: tuple[Any, ...]) -> None:
    assert part(file) == expected


def test_path(notes: Path) -> None:
    assert part(notes) == ("notes.txt", b"content", "text/plain")
    assert part(("other.json", notes)) == ("other.json", b"content", "application/json")


def test_path_like_objects_that_are_no_pathlib_paths(notes: Path) -> None:
    with os.scandir(notes.parent) as entries:
        (entry,) = entries
    assert part(entry) == ("notes.txt", b"content", "text/plain")


def test_open_file(notes: Path) -> None:
    with notes.open("rb") as file:
        assert part(file) == ("notes.txt", b"content", "text/plain")
        assert not file.closed


def test_a_file_that_we_opened_is_closed_with_the_call(notes: Path) -> None:
    with ExitStack() as stack:
        content = file_part("file", notes, stack).content
        content.begin()
        assert content.read(3) == b"con"
    with pytest.raises(ValueError, match="closed"):
        content.read(3)


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        part(tmp_path / "missing.txt")


def test_text_mode_is_refused(notes: Path) -> None:
    with notes.open(encoding="utf-8") as file, pytest.raises(TypeError, match=r"document is .* text mode.*'rb'"):
        file_part("document", file, ExitStack())
    with pytest.raises(TypeError, match="text mode"):
        part(("notes.txt", io.StringIO("content")))


def test_text_mode_is_refused_for_temporary_files_too() -> None:
    with tempfile.NamedTemporaryFile("w+") as file, pytest.raises(TypeError, match="text mode"):
        part(file)


@pytest.mark.parametrize("file", ["notes.txt", ("a.txt", "content"), ("a.txt", None), 5, None, ["x"], ("a.txt", 5)])
def test_what_cannot_be_uploaded_is_refused_by_argument(file: Any) -> None:
    with pytest.raises(TypeError, match="document must be bytes, a path object"):
        file_part("document", file, ExitStack())


@pytest.mark.parametrize("file", [(), (b"content",), ("a.txt", b"content", None, {}, "more")], ids=repr)
def test_tuples_of_another_length_are_refused_by_argument(file: Any) -> None:
    with pytest.raises(TypeError, match="document"):
        file_part("document", file, ExitStack())


def test_file_from_path(notes: Path) -> None:
    assert file_from_path(notes) == ("notes.txt", b"content")
    assert file_from_path(str(notes)) == ("notes.txt", b"content")
    assert part(file_from_path(PurePosixPath(notes))) == ("notes.txt", b"content", "text/plain")


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "content")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("purpose", "content", "name"),
    [
        ("batch", b'{"custom_id": "1"}', "upload.jsonl"),
        ("fine-tune", b'{"messages": []}', "upload.jsonl"),
        ("assistants", b'{"a": 1}', "upload.txt"),
        ("assistants", b"%PDF-1.7 ...", "upload.pdf"),
        ("vision", b"\x89PNG\r\n\x1a\n\0\0", "upload.png"),
        ("vision", b"\xff\xd8\xff\xe0\0", "upload.jpg"),
        ("vision", b"GIF89a\1\0", "upload.gif"),
        ("vision", b"RIFF\0\0\0\0WEBPVP8 ", "upload.webp"),
        ("user_data", zipped(), "upload.zip"),
        ("user_data", "Größe".encode() * 1000, "upload.txt"),
        ("user_data", ("a" + "ö" * 1000).encode(), "upload.txt"),  # the head ends inside a character
        ("user_data", "Größe".encode("utf-16"), "upload.txt"),
        ("user_data", b"\x7fELF\0\0", "upload"),
        ("user_data", "Größe".encode("latin-1"), "upload"),
        (None, b"content", "upload.txt"),
        (["assistants"], b"content", "upload.txt"),
    ],
    ids=lambda value: str(value)[:20],
)
@pytest.mark.parametrize("form", ["bytes", "file", "stream"])
def test_a_name_that_fits_where_none_is_given(purpose: Any, content: bytes, name: str, form: str) -> None:
    file: Any = {"bytes": content, "file": io.BytesIO(content), "stream": Stream(content)}[form]
    found = part(file, purpose)
    assert found[:2] == (name, content)


class Stream:
    """Bytes that can be read once, a few at a time, such as a socket's."""

    def __init__(self, content: bytes) -> None:
        self.content = io.BytesIO(content)

    def read(self, size: int = -1) -> bytes:
        return self.content.read(min(size, 100))


def test_a_stream_is_read_once() -> None:
    content = file_part("file", Stream(b"content" * 100), ExitStack()).content
    assert (content.size, content.repeatable) == (None, False)
    assert b"".join(pieces(content, limit=30)) == b"content" * 100
    with pytest.raises(OpenAIError, match="only once"):
        content.begin()


def test_a_file_is_read_whole_wherever_it_stands(notes: Path) -> None:
    with notes.open("rb") as file:
        file.seek(3)
        content = file_part("file", file, ExitStack()).content
        assert (content.size, content.repeatable) == (7, True)
        for _ in range(2):
            assert b"".join(pieces(content, limit=2)) == b"content"


def test_what_is_appended_meanwhile_is_not_sent(notes: Path) -> None:
    """The length has been announced by then."""
    with ExitStack() as stack:
        content = file_part("file", notes, stack).content
        with notes.open("ab") as file:
            file.write(b" and more")
        assert b"".join(pieces(content)) == b"content"


def test_a_file_that_becomes_shorter_meanwhile_is_an_error(notes: Path) -> None:
    with ExitStack() as stack:
        content = file_part("file", notes, stack).content
        os.truncate(notes, 3)
        with pytest.raises(OpenAIError, match="4 bytes are missing"):
            list(pieces(content))


@pytest.mark.parametrize("wrong", [("a.txt", b"", "text/plain\r\nX: 1"), ("a.txt", b"", None, {"X": "1\n2"})], ids=repr)
def test_nothing_smuggles_lines_into_a_form(wrong: Any) -> None:
    with pytest.raises(ValueError, match="cannot be sent"):
        part(wrong)


class Slow:
    """A function that a worker thread is busy with until it is told to end."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.end = threading.Event()
        self.over = False

    def __call__(self) -> None:
        self.begun.set()
        assert self.end.wait(30)
        self.over = True


@pytest.mark.parametrize("how", ["task", "scope", "trio"])
def test_a_cancelled_task_ends_after_its_worker_thread(how: str) -> None:
    slow = Slow()
    seen: list[bool] = []

    async def work() -> None:
        try:
            await in_worker(slow)
        finally:
            seen.append(slow.over)

    async def in_scope() -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(work)
            while not slow.begun.is_set():
                await anyio.sleep(0.001)
            group.cancel_scope.cancel()
            threading.Timer(0.05, slow.end.set).start()

    async def in_task() -> None:
        task = asyncio.create_task(work())
        while not slow.begun.is_set():
            await asyncio.sleep(0.001)
        task.cancel()
        threading.Timer(0.05, slow.end.set).start()
        with pytest.raises(asyncio.CancelledError):
            await task

    anyio.run(in_task if how == "task" else in_scope, backend="trio" if how == "trio" else "asyncio")
    assert seen == [True]


def test_what_is_cancelled_before_its_turn_is_not_done() -> None:
    done: list[int] = []

    async def main() -> None:
        limiter = anyio.to_thread.current_default_thread_limiter()
        limiter.total_tokens = 1
        slow = Slow()
        busy = asyncio.create_task(in_worker(slow))  # type: ignore[arg-type]
        while not slow.begun.is_set():
            await asyncio.sleep(0.001)
        waiting = asyncio.create_task(in_worker(lambda: done.append(1)))  # type: ignore[arg-type]
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        slow.end.set()
        await busy

    asyncio.run(main())
    assert done == []
