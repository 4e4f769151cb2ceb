"""File arguments."""

from __future__ import annotations

import io
import os
import tempfile
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from openai_assistants import file_from_path
from openai_assistants._files import file_part


def part(file: Any) -> tuple[Any, ...]:
    """A file argument as name, content and so on, with the content read."""
    with ExitStack() as stack:
        name, content, *rest = file_part("file", file, stack)
        return (name, content if isinstance(content, bytes) else content.read(), *rest)


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


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (b"content", ("upload", b"content", OCTETS)),
        (bytearray(b"content"), ("upload", b"content", OCTETS)),
        (memoryview(b"content"), ("upload", b"content", OCTETS)),
        (io.BytesIO(b"content"), ("upload", b"content", OCTETS)),
        (named("/tmp/data.json"), ("data.json", b"content", "application/json")),
        (named(7), ("upload", b"content", OCTETS)),
        (named(""), ("upload", b"content", OCTETS)),
        (("a.pdf", b"content"), ("a.pdf", b"content", "application/pdf")),
        (("a.unheardof", b"content"), ("a.unheardof", b"content", OCTETS)),
        ((None, b"content"), ("upload", b"content", OCTETS)),
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
        file = file_part("file", notes, stack)[1]
        assert not file.closed
    assert file.closed


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
